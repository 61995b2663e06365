import numpy as np
import pytest

from ssl_core import corpora, objectives
from ssl_core.corpora.base import Card, Document, from_documents
from ssl_core.corpora.splits import split
from ssl_core.tokenization import tokenized
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import labelled
from ssl_core.training.session import TrainingSession
from tests.training import tiny

WANTED = ("knn_label", "knn_mood", "knn_place")


def by_hand(vectors, labels, num_neighbours):
    """One text and one vote after the other."""
    right = 0
    for number, vector in enumerate(vectors):
        cosines = [float(vector @ other) / np.linalg.norm(vector) / np.linalg.norm(other) for other in vectors]
        nearest = sorted((place for place in range(len(vectors)) if place != number), key=lambda place: -cosines[place])
        votes = {}
        for place in nearest[:num_neighbours]:
            votes[labels[place]] = votes.get(labels[place], 0) + 1 + 1e-3 * cosines[place]
        right += max(votes, key=votes.get) == labels[number]
    return right / len(vectors)


@pytest.mark.parametrize("num_neighbours", [1, 4])
def test_votes_are_those_counted_one_by_one(num_neighbours):
    rng = np.random.default_rng(0)
    label_N = rng.integers(0, 3, 60)
    vectors_ND = rng.normal(size=(60, 5)) + label_N[:, None]
    told = labelled.told_by_neighbours(vectors_ND, label_N, num_neighbours)
    assert told == pytest.approx(by_hand(vectors_ND, label_N, num_neighbours))
    assert 0.4 < told < 1, "a case that is neither trivial nor chance"


def test_no_text_votes_for_itself():
    assert labelled.told_by_neighbours(np.eye(4), np.arange(4)) == 0


def test_two_clusters_tell_all_and_random_vectors_tell_the_share_of_the_label():
    label_N = np.arange(200) % 2
    apart_ND = np.where(label_N[:, None] == 0, [[1.0, 0.1]], [[-0.1, 1.0]])
    assert labelled.told_by_neighbours(apart_ND, label_N) == 1
    noise_ND = np.random.default_rng(0).normal(size=(200, 6))
    # 200 texts that share neighbours: 0.15 is four standard errors of a share of one half
    assert labelled.told_by_neighbours(noise_ND, label_N) == pytest.approx(0.5, abs=0.15)


def corpus_of(documents):
    card = Card(key="own", title="own", language="en", licence="", source="", description="", flaws="")
    return from_documents(card, documents)


def told_documents(num=400, **known):
    return [
        Document(id=str(n), text=f"the {'cat' if n % 2 else 'dog'} number {n} sleeps .", **{k: v(n) for k, v in known.items()})
        for n in range(num)
    ]


@pytest.mark.usefixtures("home")
def test_the_texts_are_held_out_documents_with_their_own_labels():
    corpus = corpus_of(told_documents(label=lambda n: "odd" if n % 2 else "even"))
    cut = tokenized(corpus, TokenizerConfig(vocabulary_size=256))
    found = labelled.held_out_texts(corpus, cut, WANTED, 63)
    held_out = split(corpus.documents()).validation
    assert len(found.texts) == len(held_out)
    for ids, code, document in zip(found.texts, found.labels["label"], held_out, strict=True):
        assert cut.tokenizer.decode(ids.tolist()).rstrip(".") == document.text.rstrip(" .")
        assert code == (document.label == "odd"), "labels are numbered in the order of their names"
    assert set(found.measure(lambda texts: np.eye(len(texts)))) == {"knn_label"}


@pytest.mark.usefixtures("home")
def test_labels_that_are_not_asked_for_or_always_the_same_are_left_out():
    labels = lambda n: {"mood": ("sad", "happy")[n % 2], "place": "farm", "weight": str(n)}  # noqa: E731
    corpus = corpus_of(told_documents(labels=labels))
    cut = tokenized(corpus, TokenizerConfig(vocabulary_size=256))
    assert set(labelled.held_out_texts(corpus, cut, WANTED, 63).labels) == {"mood"}


@pytest.mark.usefixtures("home")
def test_long_texts_are_cut_and_texts_without_labels_give_nothing():
    plain = corpus_of(told_documents())
    assert labelled.held_out_texts(plain, tokenized(plain, TokenizerConfig(vocabulary_size=256)), WANTED, 63) is None
    corpus = corpus_of(told_documents(label=lambda n: str(n % 2)))
    cut = tokenized(corpus, TokenizerConfig(vocabulary_size=256))
    assert max(map(len, labelled.held_out_texts(corpus, cut, WANTED, 3).texts)) == 3


@pytest.mark.parametrize("key", labelled.NAMES)
def test_corpora_with_one_label_have_a_name_for_it(key):
    document = corpora.load(key).documents()[0]
    assert document.label
    assert set(labelled.known_labels(document, key)) == {labelled.NAMES[key]}


@pytest.mark.usefixtures("home")
def test_a_run_measures_them_from_before_its_first_step_on_documents_that_it_never_reads(monkeypatch, tmp_path):
    corpus = corpus_of(told_documents(label=lambda n: "odd" if n % 2 else "even"))
    monkeypatch.setattr(corpora, "load", lambda key: corpus)
    spec = tiny.spec(tmp_path / "any.txt", "contrastive", budget=3)
    session = TrainingSession(spec)
    reports = list(session.steps())
    assert reports[0].step == 0
    assert 0 <= reports[0].measures["knn_label"] <= 1
    assert session.result()["measures"].keys() >= {"knn_label", "accuracy", "uniformity"}
    assert "knn_label" not in session.result()["test_measures"], "the texts are those of the validation part"
    trained = set(session.tokenized.tokenizer.decode(session.tokenized.train_ids.tolist()).split(" the "))
    held_out = {session.tokenized.tokenizer.decode(ids.tolist()).removeprefix("the ") for ids in session._labelled.texts}
    assert len(trained) > 100
    assert not held_out & {each.strip() for each in trained}


def test_one_objective_at_least_represents_texts_and_others_measure_nothing():
    assert objectives.objective("contrastive").REPRESENTS
    assert not getattr(objectives.objective("masked_lm"), "REPRESENTS", False)
