"""Arrays that grow on disk are numpy's own files in the end."""

import numpy as np
import pytest

from ssl_core.tokenization.growing import GrowingArray


@pytest.mark.parametrize("dtype", [np.uint16, np.bool_])
@pytest.mark.parametrize("lengths", [[], [0], [3], [5, 0, 100_000, 1]])
def test_pieces_are_read_back_as_one_array(dtype, lengths, tmp_path):
    pieces = [np.arange(length).astype(dtype) for length in lengths]
    with GrowingArray(tmp_path / "a.npy", dtype) as growing:
        for piece in pieces:
            growing.append(piece)
    whole = np.concatenate([np.zeros(0, dtype=dtype), *pieces])
    assert growing.length == len(whole)
    found = np.load(tmp_path / "a.npy", allow_pickle=False)
    assert found.dtype == whole.dtype
    np.testing.assert_array_equal(found, whole)
    np.save(tmp_path / "b.npy", whole)
    assert (tmp_path / "a.npy").read_bytes()[-len(whole) * whole.itemsize :] == (tmp_path / "b.npy").read_bytes()[
        -len(whole) * whole.itemsize :
    ]


def test_a_memory_map_sees_it(tmp_path):
    with GrowingArray(tmp_path / "a.npy", np.uint16) as growing:
        growing.append(np.array([7, 8, 9], dtype=np.uint16)[::-1])
    assert np.load(tmp_path / "a.npy", mmap_mode="r").tolist() == [9, 8, 7]
