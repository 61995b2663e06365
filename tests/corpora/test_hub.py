"""Texts of the hub: the list is fixed, the loading is real, and without the hub a person is told so."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from ssl_core import corpora
from ssl_core.corpora import hub, online
from ssl_core.corpora.hub_list import TEXTS, HubText
from ssl_core.corpora.online import AGAIN_S, Reach
from ssl_core.errors import UserError
from ssl_core.i18n import in_language, translate
from ssl_core.tokenization import tokenized
from ssl_core.tokenization.config import TokenizerConfig

ROWS = [
    {"text": f"Story {n} tells, again,<br />how cat {n * 7 % 101} came &amp; went <b>home</b>.", "label": n % 2}
    for n in range(400)
]


@pytest.fixture
def local_text(tmp_path) -> HubText:
    """A data set as the hub has them, but of this machine: four hundred stories, the first twice, and an empty row."""
    path = tmp_path / "stories.jsonl"
    rows = [*ROWS, ROWS[0], {"text": "", "label": 0}, {"text": "too short", "label": 1}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    card = replace(TEXTS[0].card, key="hub-local")
    return HubText(
        card=card, path="json", revision=None, data_files=(str(path),), label_column="label", labels=("sad", "happy"),
    )  # fmt: skip


@pytest.mark.parametrize("is_streamed", [False, True])
def test_rows_become_cleaned_documents_with_labels_once_each(is_streamed, local_text):
    text = replace(local_text, is_streamed=is_streamed)
    documents = list(hub.corpus_of(text).stream())
    assert len(documents) == 400
    assert documents[3].text == "Story 3 tells, again,\nhow cat 21 came & went home."
    assert [document.label for document in documents[:3]] == ["sad", "happy", "sad"]


@pytest.mark.parametrize("is_streamed", [False, True])
def test_no_more_documents_are_read_than_the_card_says(is_streamed, local_text):
    text = replace(local_text, is_streamed=is_streamed, max_documents=50)
    assert sum(1 for _ in hub.corpus_of(text).stream()) == 50


def test_what_was_fetched_is_there_without_the_hub_and_its_size_is_known(local_text, monkeypatch):
    first = hub.corpus_of(local_text)
    assert first.card.num_documents == 0, "nobody knows before"
    first.documents()
    monkeypatch.setattr("datasets.load_dataset", lambda *_arguments, **_options: pytest.fail("asked the hub again"))
    again = hub.corpus_of(local_text)
    assert len(again.documents()) == again.card.num_documents == 400
    assert again.fingerprint == first.fingerprint


def test_a_model_can_learn_from_it(local_text):
    made = tokenized(hub.corpus_of(replace(local_text, is_streamed=True)), TokenizerConfig(vocabulary_size=128))
    assert len(made.train_ids) > 5000


def test_another_revision_is_another_text():
    one = hub.load(TEXTS[0].card.key)
    assert hub.corpus_of(replace(TEXTS[0], revision="0" * 40)).fingerprint != one.fingerprint


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.card.key)
def test_the_list_names_revision_size_licence_and_is_translated(text):
    assert re.fullmatch(r"[0-9a-f]{40}", text.revision), "a branch could change under us"
    assert 0 < text.max_documents <= 50_000
    assert text.card.licence
    assert text.card.key.startswith(hub.PREFIX)
    for words in (text.card.title, text.card.source, text.card.description, text.card.flaws):
        assert translate(words, "zh") != words, words


@pytest.mark.parametrize("key", ["hub-", "hub-evil/repo", "hub-../../x", "hub-wikitext-2 "])
def test_nothing_else_is_fetched(key):
    for open_it in (corpora.load, corpora.card, hub.is_kept):
        with pytest.raises(UserError, match="not among the texts"):
            open_it(key)


def test_without_the_hub_a_person_is_told_so_and_nothing_is_kept(home):
    with pytest.raises(UserError, match=r"hub-wikitext-2 could not be loaded.*PLAYGROUND_HUB") as refusal:
        corpora.load("hub-wikitext-2").documents()
    with in_language("zh"):
        assert re.search(r"[\u4e00-\u9fff]{4}", str(refusal.value))
    assert not list(home.rglob("documents.jsonl"))


@pytest.mark.parametrize("trouble", [ConnectionError("no route\nto host"), ValueError("no such split"), KeyError("text")])
def test_whatever_goes_wrong_is_said_in_one_line(trouble, monkeypatch, home):
    def fails(*_arguments, **_options):
        raise trouble

    monkeypatch.setenv("PLAYGROUND_HUB", "on")
    monkeypatch.setattr("datasets.load_dataset", fails)
    with pytest.raises(UserError, match="could not be loaded") as refusal:
        corpora.load("hub-imdb").documents()
    assert "\n" not in str(refusal.value)
    assert not list(home.rglob("documents.jsonl"))


def test_the_hubs_texts_are_offered_while_it_is_within_reach_and_kept_ones_always(monkeypatch, tmp_path):
    assert hub.offered() == []
    monkeypatch.setattr(online, "is_online", lambda: True)
    assert [card.key for card in hub.offered()] == [text.card.key for text in TEXTS]
    assert {card.key for card in corpora.cards()} >= {"bbc-news", "hub-imdb"}
    monkeypatch.setattr(online, "is_online", lambda: False)
    path = hub._path(TEXTS[2])
    path.parent.mkdir(parents=True)
    path.write_text('["1", "a text", null]\n', encoding="utf-8")
    assert [card.key for card in hub.offered()] == [TEXTS[2].card.key]


def test_nobody_waits_for_the_hub_and_it_is_asked_once_a_minute():
    now, tries = [0.0], []
    reach = Reach(lambda: tries.append(now[0]), clock=lambda: now[0])
    assert reach() is False, "not known yet"
    reach.thread.join()
    assert reach() is True
    now[0] = AGAIN_S - 1
    reach()
    assert tries == [0.0]
    now[0] = AGAIN_S
    reach()
    reach.thread.join()
    assert tries == [0.0, AGAIN_S]


def test_a_hub_that_does_not_answer_is_out_of_reach():
    def refuse():
        raise OSError("unreachable")

    reach = Reach(refuse)
    reach()
    reach.thread.join()
    assert reach() is False


@pytest.mark.parametrize(("name", "value"), [("PLAYGROUND_HUB", "off"), ("HF_HUB_OFFLINE", "1")])
def test_a_machine_may_be_told_never_to_ask(name, value, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HUB", "on")
    assert online.is_allowed()
    monkeypatch.setenv(name, value)
    assert not online.is_allowed()
    assert not online.is_online()


def test_the_page_process_does_not_load_the_hubs_package():
    code = "import sys; from ssl_core import corpora; corpora.cards(); corpora.card('hub-imdb'); corpora.load('hub-imdb')\n"
    code += "print([name for name in ('datasets', 'pandas', 'torch') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
