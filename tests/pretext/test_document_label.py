"""Which documents are asked about, and that the answer is the label that was told, checked one by one."""

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext import document_label
from ssl_core.pretext.base import IGNORED, Labels, Role, Vocabulary

SEP = 3
VOCABULARY = Vocabulary(size=60, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def made(ids_BT, classes_BT=None, names=("a", "b", "c")):
    labels = None if classes_BT is None else Labels(classes=np.asarray(classes_BT, dtype=np.int8), names=names)
    config = document_label.Config()
    return document_label.make_examples(np.asarray(ids_BT), np.random.default_rng(0), config, VOCABULARY, None, labels)


def by_hand(ids_BT, classes_BT):
    """Walk through each row: its whole documents, else the last of its longest pieces."""
    found = []
    for ids, classes in zip(ids_BT, classes_BT, strict=True):
        pieces, start = [], 0
        for place in range(len(ids) + 1):
            if place == len(ids) or ids[place] == SEP:
                if place > start:
                    is_whole = start > 0 and place < len(ids)
                    pieces.append((is_whole, list(ids[start : place + 1]), classes[start]))
                start = place + 1
        whole = [each for each in pieces if each[0]]
        longest = [each for each in pieces if len(each[1]) == max(len(other[1]) for other in pieces)][-1:]
        found += [(row, label) for _is_whole, row, label in (whole or longest)]
    return found


@pytest.mark.parametrize("seed", range(20))
def test_whole_documents_are_taken_or_the_longest_piece_each_with_its_own_label(seed):
    rng = np.random.default_rng(seed)
    ids_BT = np.where(rng.random((9, 17)) < rng.choice([0.02, 0.15, 0.4]), SEP, rng.integers(5, 60, (9, 17)))
    document_N = np.append(0, np.cumsum(ids_BT.reshape(-1) == SEP)[:-1])
    classes_BT = rng.integers(0, 3, document_N.max() + 1)[document_N].reshape(ids_BT.shape)
    expected, examples = by_hand(ids_BT, classes_BT), made(ids_BT, classes_BT)
    rows = [row[row != VOCABULARY.pad_id].tolist() for row in examples.seen_ids_BT]
    assert rows == [[int(each) for each in row] for row, _label in expected]
    assert examples.labels_B.tolist() == [label for _row, label in expected]
    assert examples.num_classes == 3
    assert ((examples.seen_ids_BT == VOCABULARY.pad_id) == (examples.roles_BT == Role.PADDING)).all()


def test_documents_that_nobody_labelled_ask_nothing():
    ids_BT, classes_BT = [[7, SEP, 8, 9, SEP, 10]], [[0, 0, IGNORED, IGNORED, IGNORED, 1]]
    examples = made(ids_BT, classes_BT)
    assert examples.labels_B.tolist() == [IGNORED]
    assert not examples.asks_anything


@pytest.mark.parametrize("row", [[7], [SEP], [7, 8, 9], [SEP, SEP], [7, 8, SEP]])
def test_without_labels_the_text_is_an_example_that_asks_nothing(row):
    examples = made([row])
    assert examples.labels_B is None
    assert examples.seen_ids_BT.tolist() == [row], "one document is left as it is"
    assert not examples.asks_anything
    assert (examples.steps[-1].ids_BT == examples.seen_ids_BT).all()


def test_it_is_no_pretext_task():
    assert not set(pretext.BESIDE) & set(pretext.MENU)
    assert pretext.part("document_label") is document_label
    assert pretext.part("masked_lm") is pretext.task("masked_lm")
