"""A text whose every sentence says which document it is of, and which place it has there: so pairs can be checked."""

import numpy as np

from ssl_core.pretext.base import Vocabulary

PAD, CLS, SEP, MARK, FIRST = 0, 2, 3, 5, 6
MOST_SENTENCES = 8
NUM_DOCUMENTS = 400
SIZE = FIRST + NUM_DOCUMENTS * MOST_SENTENCES
VOCABULARY = Vocabulary(size=SIZE, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(SIZE) == MARK)


def sentence(document, place, length=3):
    """Tokens that all tell where the sentence is from, and the mark."""
    return [FIRST + document * MOST_SENTENCES + place] * (length - 1) + [MARK]


def stream(num_documents=NUM_DOCUMENTS, seed=0):
    """Documents of three to six sentences of two to five tokens, one after the other."""
    rng, ids, lengths = np.random.default_rng(seed), [], []
    for document in range(num_documents):
        lengths.append(int(rng.integers(3, 7)))
        for place in range(lengths[-1]):
            ids += sentence(document, place, int(rng.integers(2, 6)))
        ids.append(SEP)
    return np.array(ids), lengths


def windows(width=48, seed=0):
    """The stream cut into rows."""
    ids, lengths = stream(seed=seed)
    return ids[: len(ids) // width * width].reshape(-1, width), lengths


def sides(examples):
    """Return for each row (document, place) of A and of B, as their tokens tell; checks how the row is laid out."""
    found = []
    for ids_W, segments_W in zip(examples.seen_ids_BT.tolist(), examples.segments_BT.tolist(), strict=True):
        assert ids_W[0] == CLS
        first_end = ids_W.index(SEP)
        second_end = ids_W.index(SEP, first_end + 1)
        assert set(ids_W[second_end + 1 :]) <= {PAD}
        assert segments_W == [0] * (first_end + 1) + [1] * (len(ids_W) - first_end - 1)
        both = []
        for side in (ids_W[1:first_end], ids_W[first_end + 1 : second_end]):
            assert side[-1] == MARK, "a whole sentence"
            assert len(set(side[:-1])) == 1, "one sentence a side"
            both.append(divmod(side[0] - FIRST, MOST_SENTENCES))
        found.append(tuple(both))
    return found
