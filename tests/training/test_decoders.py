"""Runs whose decoder writes: their floor, what stays above it, and what is exported."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from ssl_core import corpora, pretext, tokenization
from ssl_core.models.config import ModelConfig
from ssl_core.pretext.base import IGNORED
from ssl_core.tokenization.base import SEP_ID
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import floors, kept_floors
from ssl_core.training.bigram_model import BigramModel
from ssl_core.training.session import TrainingSession
from ssl_core.training.windows import Text, held_out_windows
from tests.training import tiny, told_by_hand

pytestmark = pytest.mark.usefixtures("shared_cache")
TASKS = [key for key in pretext.MENU if pretext.task(key).READER == "restored"]
CONTEXT, SEQUENCES = 32, 64


def read_by_hand(task, context, **settings):
    corpus = told_by_hand.corpus()
    tokenized = tokenization.tokenized(corpus, TokenizerConfig(kind="character", vocabulary_size=64))
    module = pretext.task(task)
    chosen = replace(module.Config(), **settings)
    vocabulary = pretext.vocabulary_for(task, chosen, tokenized.vocabulary)

    def make_examples(ids_BT, rng, starts_word_BT):
        return module.make_examples(ids_BT, rng, chosen, vocabulary, starts_word_BT)

    text = Text(ids=tokenized.validation_ids, starts_word=tokenized.validation_word_starts)
    windows = held_out_windows(text, make_examples, num_sequences=8, context_tokens=context)
    return corpus, tokenized, module, chosen, windows


@pytest.mark.parametrize(
    ("task", "settings"),
    [("span_corruption", {"noise_density": 0.4, "mean_span_tokens": 2.0}), ("denoising", {"infilling_rate": 0.4})],
)
def test_the_floor_is_what_all_texts_that_fit_say_of_the_hidden_tokens_together(task, settings):
    context = 6
    corpus, tokenized, module, chosen, windows = read_by_hand(task, context, **settings)
    id_of = {token: token_id for token, token_id in tokenized.tokenizer.get_vocab().items() if len(token) == 1} | {"|": SEP_ID}
    texts = {tuple(map(id_of.get, text)): p for text, p in told_by_hand.windows_of_text(context).items()}
    is_hidden_BT = module.hidden(windows.examples, tokenized.vocabulary)
    assert is_hidden_BT.any(axis=1).all()
    nats = []
    for ids_T, is_hidden_T in zip(windows.ids_BT.tolist(), is_hidden_BT.tolist(), strict=True):
        pairs = list(zip(ids_T, is_hidden_T, strict=True))
        fitting = {
            text: p
            for text, p in texts.items()
            if all(token != SEP_ID if is_hidden else token == own for token, (own, is_hidden) in zip(text, pairs, strict=True))
        }
        nats.append(-math.log(texts[tuple(ids_T)] / sum(fitting.values())))
    found = floors.floor_nats(corpus, tokenized, module, chosen, windows)
    assert found == pytest.approx(sum(nats) / is_hidden_BT.sum(), abs=1e-12)  # rounding


def test_where_tokens_are_only_moved_no_floor_is_known():
    read = read_by_hand("denoising", 16, infilling_rate=0.0, permutation_rate=1.0)
    assert floors.floor_nats(*read) is None


def a_spec(task):
    spec = tiny.spec("tinyworld-en", task=task, budget=80, batch_size=16, validation_sequences=SEQUENCES, precision="fp32")
    model = ModelConfig(family=pretext.task(task).FAMILIES[0], size="tiny", context_tokens=CONTEXT)
    return replace(spec, tokenizer=TokenizerConfig(kind="word", vocabulary_size=1024), model=model)


@pytest.mark.parametrize("task", TASKS)
def test_a_trained_network_comes_nearer_but_never_below_and_unigrams_are_those_of_the_words_asked(task, monkeypatch):
    monkeypatch.setattr(kept_floors, "_started", lambda spec, tokens: None)  # the floor is worked out here
    spec, corpus = a_spec(task), corpora.load("tinyworld-en")
    session = TrainingSession(spec)
    reports = [report for report in session.steps() if report.val_loss_nats is not None]
    windows = kept_floors.validation_windows(spec, session.tokenized)
    floor = floors.floor_nats(corpus, session.tokenized, pretext.task(task), spec.task_settings, windows)
    assert floor < reports[-1].val_loss_nats < reports[0].val_loss_nats - 1, "it has learned something"
    examples = windows.examples
    asked_N = examples.decoder_target_ids_BU[examples.decoder_counts_BU]
    assert (asked_N != IGNORED).all()
    assert session.baselines.num_targets == len(asked_N)
    unigram_V = BigramModel(session.tokenized.train_ids, session.tokenized.vocabulary.size + 32).unigram_V
    assert session.baselines.unigram_nats == pytest.approx(-np.log(unigram_V[asked_N]).mean(), abs=0.01)  # smoothing of 32 more
    assert floor < session.baselines.unigram_nats


@pytest.mark.parametrize(("task", "family"), itertools.product(TASKS, ("t5", "bart")))
def test_an_exported_network_opens_with_auto_classes_its_sentinels_in_the_tokenizer(small_text, tmp_path, task, family):
    spec = tiny.spec(small_text, task=task, budget=1)
    session = TrainingSession(replace(spec, model=replace(spec.model, family=family)))
    list(session.steps())
    session.export(tmp_path / "model")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "model")
    model = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "model").eval()
    plain = session.tokenized.tokenizer
    assert len(tokenizer) == model.config.vocab_size, "a vector for each token"
    ids = tokenizer("the small cat sees", return_tensors="pt", add_special_tokens=False)["input_ids"]
    assert ids[0].tolist() == plain.encode("the small cat sees", add_special_tokens=False).ids
    if len(tokenizer) > plain.get_vocab_size():
        assert tokenizer.convert_tokens_to_ids("<extra_id_0>") == plain.get_vocab_size()
    with torch.no_grad():
        theirs, ours = (each(ids, decoder_input_ids=ids).logits for each in (model, session.model.eval()))
    torch.testing.assert_close(theirs, ours, atol=1e-6, rtol=0)  # the same weights
    written = model.generate(ids, max_new_tokens=3, do_sample=False)
    assert written[0, 0] == model.config.decoder_start_token_id


@pytest.mark.parametrize("task", TASKS)
def test_a_run_goes_on_from_a_checkpoint_as_if_nothing_had_happened(small_text, tmp_path, task):
    spec = tiny.spec(small_text, task=task)
    through, resumed = TrainingSession(spec), TrainingSession(spec)
    for report in through.steps():
        if report.step == 3:
            through.save_checkpoint(tmp_path)
        last = report
    resumed.load_checkpoint(tmp_path)
    assert list(resumed.steps())[-1].val_loss_nats == last.val_loss_nats
