"""Byte-pair learning in the open: the same merges, with the same counts, as plain loops and as the library's trainers."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from ssl_core.tokenization import learned_merges as learned
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.kinds import train
from ssl_core.tokenization.pair_joining import Merge, counted, joined_by, learn_merges, ranks
from tests.tokenization import tricky_texts as texts


def by_plain_loops(words, alphabet, num_merges):
    """Count all pairs anew for each merge; join the most frequent, of equals the one with the smaller numbers."""
    parts = {word: list(word) for word in words}
    tokens, found = list(alphabet), []
    while len(found) < num_merges:
        pairs = Counter()
        for word, count in words.items():
            for pair in pairwise(parts[word]):
                pairs[pair] += count
        if not pairs:
            break
        left, right = min(pairs, key=lambda pair: (-pairs[pair], tokens.index(pair[0]), tokens.index(pair[1])))
        found.append((left, right, pairs[left, right]))
        tokens += [] if left + right in tokens else [left + right]
        for pieces in parts.values():
            place = 0
            while place < len(pieces) - 1:
                if pieces[place : place + 2] == [left, right]:
                    pieces[place : place + 2] = [left + right]
                place += 1
    return found


@pytest.mark.parametrize("seed", range(8))
def test_merges_and_counts_equal_plain_loops(seed):
    rng = np.random.default_rng(seed)
    words = Counter(tuple(rng.choice(list("aab"), rng.integers(1, 12)).tolist()) for _ in range(40))
    learned_here = list(learn_merges(words, "ba", 25))
    assert [(each.left, each.right, each.count) for each in learned_here] == by_plain_loops(words, "ba", 25)
    rank_of = ranks(learned_here)
    for number, merge in enumerate(learned_here):
        left = sum(len(joined_by(rank_of, word, number + 1)) * count for word, count in words.items())
        assert merge.num_tokens == left


@pytest.mark.parametrize("kind", ["bpe", "wordpiece"])
@pytest.mark.parametrize("key", ["bbc-news", "peoples-daily"])
@pytest.mark.parametrize("size", [128, 700])
def test_merges_equal_the_librarys_trainer(kind, key, size):
    documents = texts.some(key, 60 if key == "bbc-news" else 20)
    tokenizer = train(TokenizerConfig(kind=kind, vocabulary_size=size), documents)
    found = learned.merges(tokenizer)
    words = learned.counted_words(tokenizer, [document.text for document in documents])
    ours = tuple(learn_merges(words, learned.alphabet_of(tokenizer), len(found), learned.mark_of(tokenizer)))
    assert len(found) == size - 5 - len(learned.alphabet_of(tokenizer)) or kind == "wordpiece"
    assert [(each.pair, each.joined) for each in ours] == [(each.pair, each.joined) for each in found]
    assert all(earlier.count >= later.count for earlier, later in pairwise(ours)), "frequent pairs come first"
    assert tuple(counted(found, words)) == ours, "counting known merges again gives the same"


def test_a_word_is_joined_as_the_tokenizer_joins_it():
    documents = texts.some("bbc-news", 60)
    tokenizer = train(TokenizerConfig(kind="bpe", vocabulary_size=700), documents)
    found = ranks(learned.merges(tokenizer))
    for word in ("Ġgovernment", "Ġaaaaa", "ĠMississippi", "12345", "Ġ"):
        encoded = tokenizer.model.tokenize(word)
        assert joined_by(found, word, len(found)) == [token.value for token in encoded]
        assert joined_by(found, word, 0) == list(word)


def test_a_wordpiece_is_taken_apart_into_known_pieces():
    tokenizer = train(TokenizerConfig(vocabulary_size=512), texts.some("bbc-news", 60))
    found = learned.merges(tokenizer)
    known = set(learned.alphabet_of(tokenizer))
    for merge in found:
        assert {merge.left, merge.right} <= known
        known.add(merge.joined)
    assert known == set(texts.tokens_of(tokenizer)[5:])


def test_counting_known_merges_on_other_words_counts_those():
    merges = [Merge(left=left, right=right, joined=left + right) for left, right in (("a", "b"), ("ab", "c"), ("x", "y"))]
    assert [each.count for each in counted(merges, {tuple("abab"): 2, tuple("abc"): 3})] == [7, 3, 0]


@pytest.mark.parametrize("kind", ["unigram", "character", "word"])
def test_kinds_that_join_nothing_have_no_merges(kind):
    tokenizer = train(TokenizerConfig(kind=kind, vocabulary_size=512), texts.some("bbc-news", 20))
    assert learned.merges(tokenizer) == ()
