"""A run's tokenizer: as it was kept, or trained again, which gives the same."""

from dataclasses import replace

import pytest

from ssl_core import corpora, paths, shelf
from ssl_core.errors import UserError
from ssl_core.runs.tokenizers import of_run
from ssl_core.tokenization import tokenized
from tests.training import tiny


def test_a_run_that_has_only_begun_has_the_tokenizer_it_will_learn(store, small_text):
    spec = tiny.spec(small_text)
    run_id = store.submit(spec)
    expected = tokenized(corpora.load(spec.corpus), spec.tokenizer).tokenizer.to_str()
    assert of_run(run_id, store).to_str() == expected


def test_the_kept_tokenizer_goes_before_another(store, small_text):
    spec = tiny.spec(small_text)
    run_id = store.submit(spec)
    kept = tokenized(corpora.load(str(small_text)), tiny.spec(small_text).tokenizer).tokenizer
    kept.add_tokens(["only-here"])
    folder = paths.run_folder(run_id) / "model"
    folder.mkdir(parents=True)
    (folder / "tokenizer.json").write_text(kept.to_str(), encoding="utf-8")
    assert of_run(run_id, store).token_to_id("only-here") is not None


def test_a_run_that_will_start_from_another_network_has_its_tokenizer(store, small_text):
    start = shelf.key(shelf.names()[0])
    first = store.submit(replace(tiny.spec(small_text), start=start))
    second = store.submit(replace(tiny.spec(small_text), start=first))
    assert of_run(second, store).to_str() == of_run(start, store).to_str()


def test_a_run_that_is_none_is_refused_in_words(store):
    with pytest.raises(UserError, match="no run"):
        of_run("../../etc/passwd", store)


def test_a_model_that_comes_along_has_its_own(store):
    name = shelf.names()[0]
    found = of_run(shelf.key(name), store)
    assert found.get_vocab_size() == shelf.card(name).vocabulary
    with pytest.raises(UserError, match="choose one of"):
        of_run("shelf:nobody", store)
