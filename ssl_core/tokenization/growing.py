"""Arrays written to disk piece by piece, whose length nobody knows until the last piece."""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy


class GrowingArray:
    """A file in numpy's own format that pieces are appended to: the same bytes as ``np.save`` of all of them together."""

    def __init__(self, path: Path, dtype: type[np.generic]) -> None:
        """Begin an empty array."""
        self._dtype = np.dtype(dtype)
        self._file = path.open("wb")
        self.length = 0
        self._write_header()

    def append(self, values: npt.NDArray[Any]) -> None:
        """Write a piece at the end."""
        self._file.write(np.ascontiguousarray(values, dtype=self._dtype).data)
        self.length += len(values)

    def __enter__(self) -> "GrowingArray":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._file:
            if kind is None:
                self._file.seek(0)
                self._write_header()

    def _write_header(self) -> None:
        # numpy leaves room in the header for any length, so that it can be written again when the length is known
        facts = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (self.length,)}
        npy.write_array_header_1_0(self._file, facts)
