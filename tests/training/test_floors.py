import math
from dataclasses import replace

import numpy as np
import pytest

from ssl_core import pretext, tokenization
from ssl_core.pretext.base import IGNORED
from ssl_core.tokenization.base import MASK_ID, SEP_ID
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import floors
from ssl_core.training.bigram_model import BigramModel
from ssl_core.training.windows import Text, held_out_windows
from tests.training import told_by_hand

pytestmark = pytest.mark.usefixtures("shared_cache")
KINDS = ("word", "wordpiece", "bpe", "unigram", "character")
IN_PLACE = ("next_token", "masked", "spans", "in_order")  # readers that are asked for tokens of the text where they stand
CONTEXT = 6


def read(kind, task, *, corpus=None, num_sequences=24, context=CONTEXT, **settings):
    """Tokenise the corpus and make examples of its validation part: (corpus, tokenized, task, settings, windows)."""
    corpus = corpus or told_by_hand.corpus()
    tokenized = tokenization.tokenized(corpus, TokenizerConfig(kind=kind, vocabulary_size=64))
    task, text = pretext.task(task), Text(ids=tokenized.validation_ids, starts_word=tokenized.validation_word_starts)
    chosen = replace(task.Config(), **settings)

    def make_examples(ids_BT, rng, starts_word_BT):
        return task.make_examples(ids_BT, rng, chosen, tokenized.vocabulary, starts_word_BT)

    context = context or len(text.ids)
    windows = held_out_windows(text, make_examples, num_sequences=num_sequences, context_tokens=context)
    return corpus, tokenized, task, chosen, windows


def as_characters(tokenized, ids):
    return "".join("|" if token == SEP_ID else tokenized.tokenizer.id_to_token(int(token)) for token in ids)


def test_the_floor_of_characters_is_that_of_every_stretch_of_text():
    corpus, tokenized, task, settings, windows = read("character", "causal_lm")
    longer, first = told_by_hand.windows_of_text(CONTEXT), told_by_hand.windows_of_text(1)
    texts = [as_characters(tokenized, ids_T) for ids_T in windows.ids_BT]
    expected = np.mean([-math.log(longer[text] / first[text[0]]) for text in texts]) / (CONTEXT - 1)
    found = floors.floor_nats(corpus, tokenized, task, settings, windows)
    assert found == pytest.approx(expected, abs=1e-12)  # rounding


def test_the_floor_of_masked_characters_weighs_every_text_and_every_corruption():
    corpus, tokenized, task, settings, windows = read(
        "character", "masked_lm", num_sequences=8, mask_rate=0.4, mask_token_rate=0.6, random_token_rate=0.3
    )
    seen_BT, target_BT = windows.examples.seen_ids_BT, windows.examples.target_ids_BT
    id_of = {token: token_id for token, token_id in tokenized.tokenizer.get_vocab().items() if len(token) == 1} | {"|": SEP_ID}
    texts = {tuple(map(id_of.get, text)): p for text, p in told_by_hand.windows_of_text(CONTEXT).items()}

    def likelihood(seen, token, is_asked):
        """By hand: 0.4 are chosen, 0.6 of them [MASK], 0.3 random, 0.1 themselves; a separator never is."""
        chosen = 0.6 * (seen == MASK_ID) + 0.3 / tokenized.vocabulary.size + 0.1 * (seen == token)
        if token == SEP_ID:
            return float(seen == token and not is_asked)
        return chosen if is_asked else 0.6 * (seen == token) + 0.4 * chosen

    losses = []
    for b, t in np.argwhere(target_BT != IGNORED):
        shares = {}
        for text, p in texts.items():
            weight = p * math.prod(
                likelihood(*both, place == t) for place, both in enumerate(zip(seen_BT[b], text, strict=True))
            )
            shares[text[t]] = shares.get(text[t], 0.0) + weight
        losses.append(-math.log(shares[target_BT[b, t]] / sum(shares.values())))
    found = floors.floor_nats(corpus, tokenized, task, settings, windows)
    assert found == pytest.approx(np.mean(losses), abs=1e-12)  # rounding


def cost_of_unseen(seen, hidden, texts, special):
    """-ln p(the tokens at ``hidden`` | those at ``seen``), by going through every text; no hidden token is special."""

    def share(known):
        return sum(p for text, p in texts.items() if all(text[t] == token for t, token in known.items()) and is_possible(text))

    def is_possible(text):
        return not any(text[t] in special for t in hidden)

    return -math.log(share({**seen, **hidden}) / share(seen))


def texts_as_tokens(tokenized):
    id_of = {token: token_id for token, token_id in tokenized.tokenizer.get_vocab().items() if len(token) == 1} | {"|": SEP_ID}
    return {tuple(map(id_of.get, text)): p for text, p in told_by_hand.windows_of_text(CONTEXT).items()}


def test_the_floor_of_spans_is_that_of_every_text_where_no_random_tokens_are_shown():
    corpus, tokenized, task, settings, windows = read(
        "character", "span_masking", num_sequences=12, mask_rate=0.5, mask_token_rate=0.8, random_token_rate=0.0
    )
    texts, special = texts_as_tokens(tokenized), tokenized.vocabulary.special_ids
    losses = []
    for seen, target in zip(windows.examples.seen_ids_BT.tolist(), windows.examples.target_ids_BT.tolist(), strict=True):
        visible = {t: token for t, token in enumerate(seen) if token != MASK_ID}
        hidden = {t: token for t, token in enumerate(target) if seen[t] == MASK_ID}
        for t, token in enumerate(target):
            if token == IGNORED:
                continue
            total = {}
            for text, p in texts.items():
                if all(text[place] == each for place, each in visible.items()) and not any(text[h] in special for h in hidden):
                    total[text[t]] = total.get(text[t], 0.0) + p
            losses.append(-math.log(total[token] / sum(total.values())))
    found = floors.floor_nats(corpus, tokenized, task, settings, windows)
    assert found == pytest.approx(np.mean(losses), abs=1e-12)  # rounding


def test_random_tokens_lower_the_bound_by_what_is_shown_as_it_is():
    plain, noisy = (
        read("character", "span_masking", mask_token_rate=rate, random_token_rate=random)
        for rate, random in ((1.0, 0.0), (0.0, 1.0))
    )
    assert floors.floor_nats(*plain) == pytest.approx(floors.floor_nats(*noisy)), "told which are random, it reads past them"
    assert floors.floor_nats(*read("character", "span_masking", mask_token_rate=0.0, random_token_rate=0.0)) == 0.0


def test_the_floor_of_a_drawn_order_is_the_joint_probability_of_all_that_is_predicted():
    corpus, tokenized, task, settings, windows = read("character", "permutation_lm", num_sequences=12, predicted_rate=0.5)
    texts, special, losses = texts_as_tokens(tokenized), tokenized.vocabulary.special_ids, []
    for ids, ranks in zip(windows.ids_BT.tolist(), windows.examples.ranks_BT.tolist(), strict=True):
        seen = {t: token for t, token in enumerate(ids) if ranks[t] == 0}
        losses.append(cost_of_unseen(seen, {t: token for t, token in enumerate(ids) if ranks[t] > 0}, texts, special))
    nats = floors.floor_nats(corpus, tokenized, task, settings, windows)
    assert nats * windows.examples.is_predicted_BT.sum() == pytest.approx(sum(losses), abs=1e-10)  # rounding


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_tokenizer_that_reads_word_by_word_has_a_floor_below_what_pairs_reach(kind):
    for task in (key for key in pretext.MENU if pretext.task(key).READER in IN_PLACE):
        corpus, tokenized, module, settings, windows = read(kind, task, num_sequences=100, context=16)
        floor = floors.floor_nats(corpus, tokenized, module, settings, windows)
        targets = windows.examples.target_ids_BT[windows.examples.is_predicted_BT]
        unigram_V = BigramModel(tokenized.train_ids, tokenized.vocabulary.size).unigram_V
        assert 0 < floor < -np.log(unigram_V[targets]).mean()


def test_the_same_text_costs_the_same_in_words_in_pieces_and_in_characters():
    totals = []
    for kind in KINDS:
        corpus, tokenized, task, settings, windows = read(kind, "causal_lm", num_sequences=1, context=None)
        nats = floors.floor_nats(corpus, tokenized, task, settings, windows)
        totals.append(nats * (windows.ids_BT.size - 1))
    assert min(totals) > 50
    assert max(totals) - min(totals) < 1  # what the first token costs is not counted, and it differs


def test_whole_words_of_characters_have_a_floor_and_it_is_higher():
    by_character, by_word = (
        floors.floor_nats(*read("character", "masked_lm", corpus=told_by_hand.corpus(language="zh"), whole_words=whole_words))
        for whole_words in (False, True)
    )
    assert by_word > by_character, "no letter gives the others of its word away"


def test_words_that_grow_together_have_no_known_floor():
    told = told_by_hand.corpus(language="zh")  # no blanks: byte pairs are joined across words
    assert floors.floor_nats(*read("bpe", "causal_lm", corpus=told)) is None


def test_a_text_that_its_grammar_can_not_tell_has_no_known_floor():
    told = told_by_hand.corpus()
    other = replace(told, machine=lambda: told_by_hand.corpus(language="zh").machine())
    assert floors.floor_nats(*read("character", "causal_lm", corpus=told)) is not None
    assert floors.floor_nats(*read("character", "causal_lm", corpus=other)) is None


def test_without_a_grammar_or_a_reader_no_floor_is_known():
    corpus, tokenized, task, settings, windows = read("word", "causal_lm")
    assert floors.floor_nats(replace(corpus, machine=None), tokenized, task, settings, windows) is None
    unread = type("Task", (), {"READER": None})
    assert floors.floor_nats(corpus, tokenized, unread, settings, windows) is None
