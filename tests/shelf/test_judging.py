from collections import Counter

import numpy as np
import pytest
import torch

from ssl_core import corpora
from ssl_core.corpora.splits import split
from ssl_core.shelf import judging
from ssl_core.shelf.opening import opened
from ssl_core.tokenization.base import SEP_ID
from ssl_core.training.windows import HELD_OUT_SEED
from tests.shelf import small_shelf

pytestmark = pytest.mark.usefixtures("shared_cache")
HIDDEN = {"mask_rate": 0.15, "mask_token_rate": 1.0, "random_token_rate": 0.0}


def test_the_first_five_are_counted_as_by_hand(small_text, shelf_folder, tmp_path):
    small_shelf.build(small_text, shelf_folder, tmp_path)
    subject = opened("encoder-en")
    found = judging.figures(subject, HIDDEN, num_sequences=8)
    parts = split(corpora.load(str(small_text)).documents())
    train, test = ([subject.tokenizer.encode(each.text).ids for each in documents] for documents in (parts.train, parts.test))
    flat = [token_id for ids in test for token_id in (*ids, SEP_ID)]
    counts = Counter(token_id for ids in train for token_id in ids if token_id > 4)
    frequent = sorted(counts, key=lambda token_id: (-counts[token_id], token_id))[:5]
    windows = [flat[16 * k : 16 * k + 16] for k in np.linspace(0, len(flat) // 16 - 1, 8).astype(int)]
    draws = np.random.default_rng(HELD_OUT_SEED).random((8, 16))
    hits, by_frequency, asked = 0, 0, 0
    for window, draw in zip(windows, draws, strict=True):
        hidden = [t for t in range(16) if draw[t] < 0.15 and window[t] > 4]
        seen = [4 if t in hidden else window[t] for t in range(16)]
        with torch.no_grad():
            logits_TV = subject.model(input_ids=torch.tensor([seen])).logits[0]
        for t in hidden:
            asked += 1
            hits += window[t] in logits_TV[t].argsort(descending=True)[:5].tolist()
            by_frequency += window[t] in frequent
    assert asked > 5
    assert found["num_asked"] == asked
    assert found["top5"] == pytest.approx(hits / asked)
    assert found["unigram_top5"] == pytest.approx(by_frequency / asked)
