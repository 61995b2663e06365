"""Curves over vocabulary sizes: recorded ones are what the code measures, others are measured once and kept as they grow."""

import pytest

from ssl_core import corpora
from ssl_core.corpora.base import from_documents
from ssl_core.errors import UserError
from ssl_core.tokenization import size_curves
from ssl_core.tokenization.config import KINDS
from ssl_core.tokenization.statistics import SIZES, size_curve
from tests.tokenization import tricky_texts as texts

RECORDED = ("bbc-news", "peoples-daily")


@pytest.mark.parametrize("key", RECORDED)
def test_recorded_curves_have_every_kind_and_grow(key):
    found = size_curves.found(key)
    assert found.is_complete
    for kind, curve in found.by_kind.items():
        sizes = [each.vocabulary_size for each in curve]
        assert sizes == sorted(set(sizes)), kind
        assert sizes[-1] <= SIZES[-1]
        assert all(0 < each.bits_per_byte < 8 for each in curve)


@pytest.mark.parametrize(("kind", "place"), [("bpe", 2), ("word", 3), ("character", 0)])
def test_recorded_figures_are_those_that_the_code_measures(kind, place):
    learnt, measured = size_curves.parts_of(corpora.load("bbc-news"))
    assert sum(len(each.text) for each in learnt) <= size_curves.LEARNT_CHARACTERS
    (again,) = size_curve(kind, learnt, measured, SIZES[place : place + 1])
    recorded = size_curves.found("bbc-news").by_kind[kind][place]
    assert (again.vocabulary_size, again.num_tokens, again.longest) == (
        recorded.vocabulary_size, recorded.num_tokens, recorded.longest,
    ), "measure anew: size_curves.record(key)"  # fmt: skip
    assert again.bits_per_byte == pytest.approx(recorded.bits_per_byte, abs=1e-9)


def test_a_kind_is_kept_as_soon_as_it_is_measured(tmp_path, monkeypatch):
    corpus = from_documents(corpora.card("bbc-news"), texts.some("bbc-news", 60))
    path, seen = tmp_path / "sizes.json", []

    def short(kind, learnt, measured):
        seen.append(size_curves._loaded(path, len(seen)))
        return size_curve(kind, learnt, measured, (64, 128))

    monkeypatch.setattr(size_curves, "size_curve", short)
    size_curves.measure(corpus, path)
    assert [0 if each is None else len(each.by_kind) for each in seen] == list(range(len(KINDS)))
    assert not any(each.is_complete for each in seen[1:])
    assert size_curves._loaded(path, -1).is_complete


def test_damaged_curves_are_measured_anew_and_a_text_that_is_none_is_refused(tmp_path):
    (tmp_path / "sizes.json").write_text('{"bpe": 3}')
    assert size_curves._loaded(tmp_path / "sizes.json", 0) is None
    with pytest.raises(UserError):
        size_curves.found("../recorded/nothing")
