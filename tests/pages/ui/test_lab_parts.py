"""The parts of the masking lab without a page: every task on every text, what is asked of which model, and the data drawn."""

import itertools
import json
import re

import numpy as np
import pytest

from pages._ui import (
    lab_attention,
    lab_example,
    lab_models,
    lab_source,
    lab_stages,
    lab_state,
    lab_statistics,
    lab_strip,
    lab_text,
)
from ssl_core import corpora, paths, pretext, shelf
from ssl_core.errors import UserError
from ssl_core.pretext import attention_patterns, sampling, tracing
from ssl_core.pretext.base import IGNORED, Role
from ssl_core.tokenization import kinds
from tests.pages.lab_texts import BAD
from tests.pages.opening import add_run
from tests.tokenization import tricky_texts

SENTENCE = "The government said that unbelievable things would happen."
PAIR = "The film won three awards. It was shown in London."


@pytest.fixture(scope="module")
def documents():
    return tricky_texts.some("bbc-news", 60)


@pytest.fixture(scope="module")
def tokenizer(documents):
    return kinds.train(lab_text.config_of(corpora.card("bbc-news")), documents)


@pytest.fixture(scope="module")
def read(tokenizer, documents):
    return lambda text: lab_text.reading(text, "bbc-news", tokenizer, documents)


def made(reading, key, seed=0, **knobs):
    asked = lab_state.Asked(side="task", task=key, config=pretext.task(key).Config(**knobs))
    return lab_example.make(asked, reading, seed)


@pytest.mark.parametrize("key", pretext.MENU)
@pytest.mark.parametrize("name", BAD)
def test_every_task_on_every_text_gives_a_picture_or_a_message(key, name, read):
    try:
        each = made(read(BAD[name]), key)
    except UserError:  # a message is a good answer
        return
    drawn = lab_strip.data_of([each], -1)
    json.dumps(drawn)
    assert drawn["sides"][0]["stages"]
    for pattern in attention_patterns.patterns(each.examples):
        lab_attention.data_of(each, pattern)
    assert lab_source.numbers(each)
    lab_statistics.draw(each, 0)


@pytest.mark.parametrize("key", pretext.MENU)
def test_a_pair_is_enough_for_every_task(key, read):
    each = made(read(PAIR), key, seed=1)
    assert (each.ids_T == each.examples.steps[0].ids_BT[0]).all(), "row 0 is the reader's text"
    draws = [lab_example.asks_nothing(made(read(PAIR), key, seed=seed)) for seed in range(4)]
    assert not all(draws), "some draw asks for something"


@pytest.mark.parametrize("key", pretext.MENU)
def test_stages_name_tokens_once_and_answers_stand_at_the_last(key, read):
    each = made(read(PAIR), key)
    stages = lab_stages.side(each)["stages"]
    for stage in stages:
        for strip in stage["strips"]:
            keys = [cell["key"] for cell in strip["cells"]]
            assert len(keys) == len(set(keys))
    assert stages[-1]["isAsked"]
    asked = sum(
        "answer" in cell for stage in stages if stage.get("isAsked") for strip in stage["strips"] for cell in strip["cells"]
    )
    assert asked >= lab_example.num_asked(each)


def test_answers_are_the_targets(read):
    each = made(read(SENTENCE), "masked_lm", mask_rate=0.5)
    cells = lab_stages.side(each)["stages"][-1]["strips"][0]["cells"]
    targets = each.examples.target_ids_BT[0]
    assert [("answer" in cell) for cell in cells] == (targets != IGNORED).tolist()
    for cell, target in zip(cells, targets.tolist(), strict=True):
        if target != IGNORED:
            assert cell["answer"] == lab_example.shown(target, each)


def test_pieces_are_glued_and_the_readers_tokens_can_be_clicked(read):
    reading = read("unbelievable governments")
    cells = lab_stages.side(made(reading, "masked_lm", mask_rate=0.0))["stages"][0]["strips"][0]["cells"]
    assert [not cell["on"] for cell in cells] == reading.starts_word_T.tolist()
    assert [cell["at"] for cell in cells] == [*range(len(cells) - 1), -1]
    assert cells[-1]["role"] == Role.SPECIAL


def test_chinese_words_are_known(documents):
    tokenizer = kinds.train(lab_text.config_of(corpora.card("peoples-daily")), tricky_texts.some("peoples-daily", 60))
    reading = lab_text.reading("经济建设取得很大成就。", "peoples-daily", tokenizer, ())
    assert reading.starts_word_T.tolist()[:4] == [True, False, True, False]


def test_a_draw_that_hides_nothing_stays_as_it_is(read):
    for seed in range(20):
        each = made(read(SENTENCE), "masked_lm", seed, mask_rate=0.05)
        assert len(each.ids_T) == len(each.reading.ids_T), "no other text comes in to make up for it"


def test_a_long_text_is_cut_and_the_rest_counted(read):
    reading = read("the " * 5000)
    assert len(reading.ids_T) == lab_text.MAX_TOKENS
    assert len(reading.places) + reading.num_left_out == lab_text.MAX_CHARACTERS // len("the ")


def test_other_rows_are_as_long_and_of_other_texts(read, documents):
    reading = read(documents[0].text[:200])
    assert reading.others_BT.shape == (lab_text.NUM_OTHERS, len(reading.ids_T))
    assert not (reading.others_BT[0] == reading.ids_T).all()


def test_nothing_to_read_is_said(read):
    for text in ("", "  \n "):
        with pytest.raises(UserError, match="Type a few words"):
            lab_text.read(text, "bbc-news", corpora.card("bbc-news"))


def test_models_are_finished_runs_that_fill_blanks(store, read, tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "FOLDER", tmp_path / "empty")
    reading = read(SENTENCE)
    fills, goes_on = add_run(store, "done", preset="mlm-news-en"), add_run(store, "running", preset="mlm-news-en", seed=1)
    writes = add_run(store, "done", preset="lm-en", seed=2)
    assert not lab_models.available(reading), "none has kept its model"
    for run_id in (fills, goes_on, writes):
        (paths.run_folder(run_id) / "model").mkdir(parents=True)
    (model,) = lab_models.available(reading)
    assert model.named == {"run": fills}
    asked = lab_models.question(model, reading, 1)
    assert (asked["ids"], asked["hidden"]) == (reading.ids_T[:-1].tolist(), [1])


def test_a_model_with_other_tokens_is_asked_by_letters(read):
    reading = read(SENTENCE)
    other = lab_models.Model(key="x", title="x", named={"run": "x"}, same_tokens=False)
    assert lab_models.question(other, reading, 0)["text"] == "___" + SENTENCE[3:]


def test_a_click_on_another_text_counts_no_more(read):
    each = made(read(SENTENCE), "masked_lm")
    assert lab_strip.picked(each, {"picked": {"name": each.reading.name, "at": 2}}) == 2
    for odd in (None, {}, {"picked": None}, {"picked": {"name": "other", "at": 2}}):
        assert lab_strip.picked(each, odd) == -1
    assert lab_strip.picked(each, {"picked": {"name": each.reading.name, "at": 99}}) == -1


def test_a_matrix_has_a_row_and_a_column_for_each_token(read):
    each = made(read(SENTENCE), "causal_lm")
    (pattern,) = attention_patterns.patterns(each.examples)
    drawn = lab_attention.data_of(each, pattern)
    assert len(drawn["may"]) == len(drawn["rows"]) == len(drawn["columns"])
    assert drawn["may"][0] == "1" + "0" * (len(drawn["columns"]) - 1)


def test_the_formula_counts_what_is_asked(read):
    each = made(read(SENTENCE), "masked_lm", mask_rate=1.0)
    said = " ".join(lab_source.numbers(each))
    assert f"−1/{len(each.ids_T) - 1}" in said
    V = each.vocabulary.size
    assert f"ln {V} = {np.log(V):.2f}" in said


@pytest.mark.parametrize("key", pretext.MENU)
def test_a_task_that_compares_is_known_by_its_examples(key, read):
    asked = lab_state.Asked(side="task", task=key, config=pretext.task(key).Config())
    examples = made(read(PAIR), key).examples
    sets_side_by_side = examples.segments_BT is not None or examples.num_views > 1
    assert lab_example.compares(asked) == sets_side_by_side


def test_a_question_about_two_sentences_says_what_one_sentence_lacks(read):
    problem = lab_example.asks_nothing(made(read(SENTENCE), "next_sentence"))
    assert problem is not None
    assert "needs two sentences" in str(problem)


@pytest.mark.parametrize("hard_negatives", [False, True])
def test_a_view_is_looked_for_among_all_rows_but_the_first_views(hard_negatives, read):
    each = made(read(PAIR), "contrastive", hard_negatives=hard_negatives)
    num_texts = len(each.examples.seen_ids_BT) // each.examples.num_views
    candidates = num_texts * (2 if hard_negatives else 1)
    assert f"ln {candidates} = {np.log(candidates):.2f}" in " ".join(lab_source.numbers(each))
    side = lab_stages.side(each)
    assert f" {candidates} rows" in side["verdicts"][-1]["said"]
    labels = [strip["label"] for strip in side["stages"][0]["strips"]]
    assert ["stranger" in label for label in labels] == [False, False, True][: len(labels)]


def test_a_drawn_order_shows_at_the_answers(read):
    each = made(read(PAIR), "permutation_lm", seed=3, predicted_rate=0.4)
    ranks_T, tokens = each.examples.ranks_BT[0], each.examples.target_ids_BT[0]
    stages = lab_stages.side(each)["stages"]
    answers = [cell["answer"] for cell in stages[-1]["strips"][0]["cells"] if "answer" in cell]
    asked = np.flatnonzero(ranks_T)
    assert answers == [f"{ranks_T[place]}. {lab_example.shown(int(tokens[place]), each)}" for place in asked]
    assert len(asked) > 2
    pictures = [[(cell["text"], cell["role"]) for cell in stage["strips"][0]["cells"]] for stage in stages[:-1]]
    assert all(before != after for before, after in itertools.pairwise(pictures)), "each stage shows something new"


@pytest.mark.parametrize("key", ["span_corruption", "denoising"])
def test_the_labels_of_a_decoder_are_shown(key, read):
    each = made(read(SENTENCE), key)
    rows = lab_attention.decoder_rows(each)
    targets = [target for target in each.examples.decoder_target_ids_BU[0].tolist() if target != IGNORED]
    assert rows["label"][: len(rows["token"])] == [str(target) for target in targets]


def test_a_filled_text_is_asked_token_by_token(read):
    each = made(read(SENTENCE), "replaced_token_detection", mask_rate=0.5)
    checked = tracing.checked(each.examples)
    assert len(checked) == len(each.ids_T)
    for (token_id, role), clean_id in zip(checked, each.ids_T.tolist(), strict=True):
        assert (role == Role.REPLACED) == (token_id != clean_id), "a lucky guess is no replacement"
    assert f"Then {len(checked) - 1} tokens" in " ".join(lab_source.numbers(each))
    assert tracing.checked(made(read(SENTENCE), "masked_lm").examples) is None


def unmarked(text):
    return int(re.search(r"\d+", text).group())


@pytest.mark.parametrize("key", pretext.MENU)
@pytest.mark.parametrize("seed", range(4))
def test_the_strip_the_formula_and_a_thousand_draws_count_the_same_targets(key, seed, read):
    each = made(read(PAIR), key, seed)
    count = lab_example.num_asked(each)
    if not count:
        return
    (formula,) = [line for line in lab_source.numbers(each) if line.startswith("Targets in the charted loss")]
    assert unmarked(formula) == count
    title = next(stage["title"] for stage in lab_stages.side(each)["stages"] if "below" in stage["title"])
    assert int(re.findall(r"\d+", title)[-1]) == count
    answers = [
        cell for stage in lab_stages.side(each)["stages"] if "below" in stage["title"]
        for strip in stage["strips"] for cell in strip["cells"] if "answer" in cell
    ]  # fmt: skip
    assert sum(not cell.get("isAside") for cell in answers) == count
    if each.examples.decoder_ids_BU is not None:
        assert unmarked(title) == len(answers) == lab_example.num_written(each)
    drawn = sampling.counted(each.examples, each.ids_T, 1, None)
    assert drawn.asked_N[0] * each.examples.num_views == count


@pytest.mark.parametrize("key", pretext.MENU)
def test_the_first_draw_has_as_many_targets_as_the_task_needs_to_be_understood(key, read):
    asked = lab_state.Asked(side="task", task=key, config=pretext.task(key).Config())
    fewest = getattr(pretext.task(key), "FEWEST_TARGETS_SHOWN", 0)
    seed = lab_example.first_seed([asked], read(PAIR))
    assert seed == 0 if not fewest else lab_example.num_asked(made(read(PAIR), key, seed)) >= fewest


def test_an_order_shows_from_the_first_draw_on(read):
    assert pretext.task("permutation_lm").FEWEST_TARGETS_SHOWN >= 3


def test_what_is_predicted_in_an_order_is_not_called_visible(read):
    asked = lab_state.Asked(side="task", task="permutation_lm", config=pretext.task("permutation_lm").Config())
    each = made(read(PAIR), "permutation_lm", lab_example.first_seed([asked], read(PAIR)))
    roles = each.examples.roles_BT[each.examples.is_predicted_BT]
    assert set(roles.tolist()) == {Role.PREDICTED_IN_ORDER}
    assert "without being seen" in lab_strip.ROLES[Role.PREDICTED_IN_ORDER][1]
    assert set(lab_strip.ROLES) == set(Role)


def test_words_that_the_vocabulary_does_not_know_are_named(documents):
    known = kinds.train(lab_text.config_of(corpora.card("tinyworld-en")), tricky_texts.some("tinyworld-en", 60))
    reading = lab_text.reading("Tom reads Kubernetes, and Kubernetes <b>sings</b>.", "tinyworld-en", known, ())
    words = lab_text.unknown_words(reading)
    assert "Kubernetes" in " ".join(words)
    assert "Tom" not in words
    assert len(words) == len(set(words))
    assert lab_text.unknown_words(lab_text.reading("Tom is happy.", "tinyworld-en", known, ())) == []
