"""Against loops that read a row one token after the other."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssl_core.pretext import sentence_spans
from ssl_core.pretext.base import Role, Vocabulary

PAD, CLS, SEP, MARK = 0, 2, 3, 5
ENDS = np.arange(20) == MARK
VOCABULARY = Vocabulary(size=20, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=ENDS)
ROW = np.array([[7, 8, MARK, 9, MARK, MARK, SEP, 10, 11, SEP, 12, MARK, 13, 14]])


def read_by_hand(ids_T):
    """One token at a time: a list of [tokens, document] and the places between which each stands."""
    found, current, document = [], [], 0
    for place, token in enumerate([*ids_T, None]):
        is_gap = token is None or token in (PAD, CLS, SEP)
        if current and (is_gap or (ENDS[ids_T[current[-1]]] and not ENDS[token])):
            found.append((current[0], current[-1] + 1, document))
            current = []
        if is_gap:
            document += 1
        else:
            current.append(place)
    return found


rows = st.lists(st.sampled_from([PAD, 1, SEP, MARK, 7, 8, 9]), min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(st.lists(rows, min_size=1, max_size=3))
def test_sentences_are_those_found_one_token_at_a_time(texts):
    width = min(map(len, texts))
    ids_BT = np.array([text[:width] for text in texts])
    found = sentence_spans.sentences(ids_BT, VOCABULARY)
    expected = [(b, *each) for b, ids_T in enumerate(ids_BT.tolist()) for each in read_by_hand(np.array(ids_T))]
    assert found.row_N.tolist() == [b for b, *_ in expected]
    assert (found.begin_N - found.row_N * width).tolist() == [begin for _, begin, _, _ in expected]
    assert (found.end_N - found.row_N * width).tolist() == [end for _, _, end, _ in expected]
    is_same = [one[0] == two[0] and one[3] == two[3] for one, two in itertools.pairwise(expected)]
    assert found.has_next_N.tolist() == [*is_same, *([False] if expected else [])]


def test_cut_sentences_and_those_at_the_ends_of_documents_are_marked():
    found = sentence_spans.sentences(ROW, VOCABULARY)
    assert found.begin_N.tolist() == [0, 3, 7, 10, 12]
    assert found.end_N.tolist() == [3, 6, 9, 12, 14]
    assert found.has_begin_N.tolist() == [False, True, True, True, True]
    assert found.has_end_N.tolist() == [True, True, True, True, False]
    assert found.is_whole_N.tolist() == [False, True, True, True, False]
    assert found.opens_N.tolist() == [False, False, True, True, False]
    assert found.closes_N.tolist() == [False, True, True, False, False]
    assert found.length_N.tolist() == [3, 3, 2, 2, 2]


def test_documents_of_different_rows_have_different_numbers():
    found = sentence_spans.sentences(np.repeat(ROW, 3, axis=0), VOCABULARY)
    assert (
        len(set(zip(found.row_N.tolist(), found.document_N.tolist(), strict=True))) == len(set(found.document_N.tolist())) == 9
    )


@pytest.mark.parametrize("ids", [[[SEP]], [[PAD, PAD]], [[CLS, SEP, SEP]]])
def test_a_row_without_text_has_no_sentences(ids):
    assert len(sentence_spans.sentences(np.array(ids), VOCABULARY)) == 0


def test_a_text_without_marks_is_one_sentence():
    plain = Vocabulary(size=20, special_ids=(0, 1, 2, 3, 4), mask_id=4)
    found = sentence_spans.sentences(np.array([[7, MARK, 8]]), plain)
    assert (found.begin_N.tolist(), found.end_N.tolist()) == ([0], [3])
    assert not found.is_whole_N.any()


def test_two_pieces_lie_side_by_side_with_their_marks():
    flat, begins = ROW[0], (np.array([0, 7]), np.array([3, 9]))
    rows = sentence_spans.pair_rows(flat, begins, (np.array([3, 12]), np.array([6, 14])), VOCABULARY)
    assert rows.ids_PW.tolist() == [
        [CLS, 7, 8, MARK, SEP, 9, MARK, MARK, SEP],
        [CLS, 10, 11, SEP, 13, 14, SEP, PAD, PAD],
    ]
    assert rows.segments_PW.tolist() == [[0, 0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1, 1]]
    special, kept, padding = int(Role.SPECIAL), int(Role.KEPT), int(Role.PADDING)
    assert rows.roles_PW[1].tolist() == [special, kept, kept, special, kept, kept, special, padding, padding]


def test_no_pairs_give_no_rows():
    none = np.zeros(0, dtype=np.int64)
    assert sentence_spans.pair_rows(ROW[0], (none, none), (none, none), VOCABULARY).ids_PW.shape == (0, 3)
