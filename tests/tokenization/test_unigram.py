"""A unigram model of pieces: likelihoods as by trying all ways, pieces as good as the library's, texts that come back."""

import itertools
import json
import math
from collections import Counter

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from ssl_core.tokenization import lattice, unigram, unigram_seeds, unigram_training
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.display import decode, token_text
from ssl_core.tokenization.typed import encode_typed
from tests.tokenization import tricky_texts as texts

WORDS = {"abab": 5, "abc": 3, "cab": 2, "bcab": 4, "aaa": 1}


def all_ways(word):
    """Every way to cut a word."""
    for cuts in itertools.product([False, True], repeat=len(word) - 1):
        bounds = [0, *(place + 1 for place, is_cut in enumerate(cuts) if is_cut), len(word)]
        yield [word[start:end] for start, end in itertools.pairwise(bounds)]


def made(words=WORDS, num_seeds=40):
    seeds = unigram_seeds.seeds_of(words, num_seeds)
    rng = np.random.default_rng(3)
    score_P = np.log(rng.dirichlet(np.ones(len(seeds.pieces))))
    return seeds, score_P, dict(zip(seeds.pieces, score_P, strict=True))


def test_expected_counts_and_likelihood_equal_trying_all_ways():
    seeds, score_P, score = made()
    counts, log_likelihood = lattice.expected_counts(seeds.ways, score_P, seeds.count_W)
    expected, total = Counter(), 0.0
    for word, count in WORDS.items():
        ways = [(way, math.exp(sum(score[piece] for piece in way))) for way in all_ways(word) if set(way) <= set(score)]
        mass = sum(weight for _way, weight in ways)
        total += count * math.log(mass)
        for way, weight in ways:
            for piece in way:
                expected[piece] += count * weight / mass
    assert log_likelihood == pytest.approx(total, rel=1e-12)
    np.testing.assert_allclose(counts, [expected[piece] for piece in seeds.pieces], rtol=1e-10, atol=1e-12)


def test_best_scores_equal_trying_all_ways():
    seeds, score_P, score = made()
    best = lattice.best_scores(seeds.ways, score_P)
    for word, found in zip(WORDS, best, strict=True):
        ways = [sum(score[piece] for piece in way) for way in all_ways(word) if set(way) <= set(score)]
        assert found == pytest.approx(max(ways), rel=1e-12)
    without = lattice.best_scores(seeds.within, score_P)
    for piece, found in zip(seeds.pieces, without, strict=True):
        ways = [sum(score[part] for part in way) for way in all_ways(piece) if way != [piece] and set(way) <= set(score)]
        assert found == pytest.approx(max(ways, default=lattice.IMPOSSIBLE), rel=1e-12), piece


def test_seeds_are_all_frequent_stretches_with_their_counts():
    seeds = unigram_seeds.seeds_of(WORDS, 10_000)
    expected = Counter()
    for word, count in WORDS.items():
        for start, end in itertools.combinations(range(len(word) + 1), 2):
            expected[word[start:end]] += count
    kept = {piece: count for piece, count in expected.items() if count >= unigram_seeds.MIN_COUNT or len(piece) == 1}
    assert dict(zip(seeds.pieces, seeds.count_P, strict=True)) == kept
    few = unigram_seeds.seeds_of(WORDS, 5)
    multiple = sorted((piece for piece in kept if len(piece) > 1), key=lambda piece: -kept[piece] * len(piece))
    assert set(few.pieces) == {"a", "b", "c", *multiple[:2]}


def test_each_round_of_expectation_maximisation_is_likelier():
    words = unigram._count_words([document.text for document in texts.some("bbc-news", 30)])
    seeds = unigram_seeds.seeds_of(dict(sorted(words.items())), 3000)
    score_P = np.log(seeds.count_P / seeds.count_P.sum())
    found = []
    for _ in range(5):
        counts, log_likelihood = lattice.expected_counts(seeds.ways, score_P, seeds.count_W)
        assert counts @ np.array([len(each) for each in seeds.pieces]) == pytest.approx(
            sum(len(word) * count for word, count in words.items())
        ), "each character is spelled once"
        score_P = np.log(np.maximum(counts, 1e-300) / counts.sum())
        found.append(log_likelihood)
    assert found == sorted(found)


def test_pruning_ends_at_the_asked_size_and_keeps_single_characters():
    words = unigram._count_words([document.text for document in texts.some("bbc-news", 30)])
    alphabet = {character for word in words for character in word}
    learned = unigram_training.learn(words, 400, alphabet)
    assert len(learned.scores) == 400
    assert alphabet <= set(learned.scores)
    assert list(learned.scores.values()) == sorted(learned.scores.values(), reverse=True)
    assert sum(map(math.exp, learned.scores.values())) == pytest.approx(1, abs=1e-3), "scores are rounded to 1e-6 each"
    sizes = [each.num_pieces for each in learned.rounds]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 400
    assert all(each.dropped for each in learned.rounds[:-1])


def library_pieces(documents, size):
    """What the library's own trainer learns from the same words."""
    shape = Tokenizer(models.Unigram())
    shape.pre_tokenizer = pre_tokenizers.Sequence(unigram._cutters())
    trainer = trainers.UnigramTrainer(
        vocab_size=size, special_tokens=list(SPECIAL_TOKENS), unk_token="[UNK]", show_progress=False
    )
    shape.train_from_iterator(documents, trainer)
    return shape


def nats_per_character(words, scores):
    """The negative log-likelihood of words, each cut in its likeliest way."""
    best, total = {}, 0.0
    for word, count in words.items():
        ways = [0.0]
        for end in range(1, len(word) + 1):
            found = [
                ways[start] + scores[word[start:end]] for start in range(max(0, end - 16), end) if word[start:end] in scores
            ]
            ways.append(max(found, default=-1e9))
        best[word] = ways[-1]
        total -= count * ways[-1]
    return total / sum(len(word) * count for word, count in words.items())


@pytest.mark.parametrize(("key", "size"), [("bbc-news", 600), ("peoples-daily", 2500)])
def test_pieces_are_as_good_as_the_librarys(key, size):
    some = [document.text for document in texts.some(key, 60)]
    words = unigram._count_words(some)
    ours = unigram.learn_pieces(some, size).scores
    theirs_made = library_pieces(some, size)
    theirs = {
        theirs_made.id_to_token(number): score
        for number, (_piece, score) in enumerate(json.loads(theirs_made.to_str())["model"]["vocab"])
        if number >= len(SPECIAL_TOKENS)
    }
    spelled = {word: count for word, count in words.items() if set(word) <= set(ours) & set(theirs)}
    assert sum(spelled.values()) > 0.95 * sum(words.values()), "the rest has rare characters"
    assert nats_per_character(spelled, ours) < 1.02 * nats_per_character(spelled, theirs), (
        "within 2 %: other seeds, same method"
    )


def test_the_tokenizer_takes_the_likeliest_way():
    some = [document.text for document in texts.some("bbc-news", 30)]
    scores = unigram.learn_pieces(some, 300).scores
    tokenizer = unigram.train_unigram(some, 300)
    for word in ("wonderful", "newspapers", "in", "government"):
        ways = [way for way in all_ways("▁" + word) if set(way) <= set(scores)]
        best = max(ways, key=lambda way: sum(scores[piece] for piece in way))
        assert texts.tokens_of(tokenizer, tokenizer.encode(word).ids) == best


@pytest.mark.parametrize("name", sorted(set(texts.TRICKY) - {"marks"}))
def test_any_text_comes_back_where_bytes_are_pieces(name):
    some = [document.text for document in texts.some("bbc-news", 60)]
    tokenizer = unigram.train_unigram(some, unigram.MIN_SIZE_FOR_BYTES)
    text = texts.TRICKY[name]
    ids = encode_typed(tokenizer, text).ids
    assert UNK_ID not in ids
    assert decode(tokenizer, ids) == text.removeprefix(" "), "one space before the text can't be told from the one put there"
    assert tokenizer.decode(ids) == text.removeprefix(" ")


def test_unknown_characters_are_unknown_one_by_one():
    tokenizer = unigram.train_unigram(["the cat sat"] * 9, 64)
    typed = encode_typed(tokenizer, "the 猫狗 cat")
    assert typed.ids.count(UNK_ID) == 2
    assert [typed.places[place] for place, token in enumerate(typed.ids) if token == UNK_ID] == [(4, 5), (5, 6)]


def test_a_text_that_goes_on_has_no_space_put_before_it():
    tokenizer = unigram.train_unigram(["the cat sat"] * 9, 64)
    for text in (" cat", "cat", "  cat", "\ncat", ", cat", ""):
        ids = encode_typed(tokenizer, text, begins=False).ids
        assert "".join(texts.tokens_of(tokenizer, ids)) == text.replace(" ", "▁").replace("\n", "[UNK]").replace(
            ",", "[UNK]"
        ), text


def test_spaces_and_bytes_are_visible():
    some = [document.text for document in texts.some("bbc-news", 60)]
    tokenizer = unigram.train_unigram(some, unigram.MIN_SIZE_FOR_BYTES)
    assert token_text(tokenizer, tokenizer.token_to_id("▁the")) == "␣the"
    assert [token_text(tokenizer, each) for each in encode_typed(tokenizer, "猫", begins=False).ids] == ["⟨E7⟩", "⟨8C⟩", "⟨AB⟩"]
