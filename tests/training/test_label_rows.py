"""Each token carries the label of its document, and who knows none is told so."""

from dataclasses import replace

import pytest

from ssl_core import corpora, pretext
from ssl_core.corpora.base import Document
from ssl_core.corpora.splits import split
from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED
from ssl_core.tokenization import tokenized
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.making import SPLITS
from ssl_core.training import label_rows
from ssl_core.training.session import TrainingSession
from tests.training import tiny
from tests.training.test_labelled import corpus_of, told_documents

TOKENS = TokenizerConfig(vocabulary_size=256)
JOINT = pretext.task("joint")
pytestmark = pytest.mark.usefixtures("home")


def kind(number):
    return "odd" if number % 2 else "even"


def rows_of(corpus, wanted="usual"):
    cut = tokenized(corpus, TOKENS)
    return cut, label_rows.label_rows(corpus, cut, wanted)


def test_every_token_carries_the_label_of_the_text_it_stands_in():
    corpus = corpus_of([*told_documents(label=kind), *told_documents(7, label=lambda n: None)])
    cut, rows = rows_of(corpus)
    for part in SPLITS:
        ids, expected = getattr(cut, f"{part}_ids").tolist(), []
        for document in getattr(split(corpus.documents()), part):
            number = IGNORED if document.label is None else ("even", "odd").index(document.label)
            expected += [number] * (len(cut.tokenizer.encode(document.text, add_special_tokens=False).ids) + 1)
        assert len(expected) == len(ids)
        assert rows[part].classes.tolist() == expected
        assert rows[part].names == ("even", "odd")
        assert rows[part].classes.itemsize == 1, "a byte a token"


def test_no_label_is_looked_up_where_none_is_wanted():
    assert label_rows.label_rows(None, None, None) == {}


def test_the_usual_label_is_the_one_that_is_known_to_be_worth_telling():
    assert label_rows.chosen(["place", "mood", "gender"], "usual") == "mood"
    assert label_rows.chosen(["author", "year"], "usual") == "author"
    assert label_rows.chosen(["place", "mood"], "place") == "place"
    with pytest.raises(UserError, match="no label “topic”"):
        label_rows.chosen(["place", "mood"], "topic")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (lambda n: None, "carry no labels"),
        (lambda n: "always", "1 different values"),
        (lambda n: str(n), "400 different values"),
    ],
)
def test_a_text_whose_labels_cannot_be_learnt_says_so_and_what_to_do(labels, message):
    with pytest.raises(UserError, match=message):
        rows_of(corpus_of(told_documents(label=labels)))


def test_a_text_too_large_for_memory_is_not_read_through():
    corpus = replace(corpus_of(told_documents(label=kind)), is_large=True)
    with pytest.raises(UserError, match="too large"):
        label_rows.label_rows(corpus, None, "usual")


def test_one_long_text_has_no_labels():
    corpus = corpus_of([Document("one", "the cat sleeps . " * 600, "odd")])
    with pytest.raises(UserError, match="carry no labels"):
        rows_of(corpus)


def spec_of(tmp_path, **settings):
    spec = tiny.spec(tmp_path / "any.txt", "joint", budget=60, optimizer="muon", learning_rate=0.02)
    return replace(spec, task_settings=JOINT.Config(second="document_label", **settings))


def test_a_run_learns_the_label_that_a_word_tells_and_says_what_guessing_gives(monkeypatch, tmp_path):
    corpus = corpus_of(told_documents(label=lambda n: "pet" if n % 2 else "hound"))  # "cat" in the one, "dog" in the other
    monkeypatch.setattr(corpora, "load", lambda key: corpus)
    session = TrainingSession(spec_of(tmp_path))
    *_, last = session.steps()
    label_B = session._validation.examples.labels_B
    assert last.measures["accuracy"] > 0.95, "one word tells it"
    assert last.measures["majority"] == pytest.approx(max((label_B == 0).mean(), (label_B == 1).mean()))
    assert last.measures["second"] < 0.2
    answer = session.probe({"a": "the cat ___ sleeps ."})["a"]
    assert [each["name"] for each in answer["label"]] == ["pet", "hound"]
    assert sum(each["probability"] for each in answer["label"]) == pytest.approx(1, abs=1e-4)


def test_a_run_on_a_text_without_labels_is_refused(small_text, tmp_path):
    spec = replace(spec_of(tmp_path), corpus=str(small_text))
    with pytest.raises(UserError, match="carry no labels"):
        TrainingSession(spec)
