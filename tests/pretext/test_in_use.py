"""Examples as text is met in use: the same questions, with nothing hidden."""

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext.base import IGNORED, Vocabulary

VOCABULARY = Vocabulary(size=60, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(60) == 5)
IDS_BT = np.random.default_rng(0).integers(5, 60, (40, 30))


def made(key, **settings):
    task = pretext.task(key)
    config = task.Config(**settings)
    vocabulary = pretext.vocabulary_for(key, config, VOCABULARY)
    return task.make_examples(IDS_BT, np.random.default_rng(1), config, vocabulary)


@pytest.mark.parametrize("key", ["masked_lm", "span_masking"])
def test_the_clean_text_is_seen_and_the_same_is_asked(key):
    usual = made(key)
    visible = usual.in_use()
    assert (usual.seen_ids_BT != IDS_BT).any()
    assert (visible.seen_ids_BT == IDS_BT).all(), "no [MASK] and no random token is left"
    assert (visible.target_ids_BT == usual.target_ids_BT).all()
    assert (usual.target_ids_BT != IGNORED).any()


@pytest.mark.parametrize("key", ["causal_lm", "permutation_lm", "span_corruption", "denoising", "contrastive", "next_sentence"])
def test_where_nothing_is_hidden_in_its_place_nothing_changes(key):
    usual = made(key)
    assert usual.in_use() is usual
