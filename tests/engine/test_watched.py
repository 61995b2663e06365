"""Which sentences are looked at when."""

import pytest

from ssl_core.engine.watched import Watched
from ssl_core.errors import UserError


class Silent:
    """A reporter that keeps what it is told."""

    def __init__(self):
        self.events = []

    def event(self, kind, payload):
        self.events.append((kind, payload))


@pytest.fixture
def asked():
    return []


@pytest.fixture
def watched(asked):
    """Three sentences; the answer to one that says "bad" is a refusal."""

    def ask(sentences):
        asked.append(list(sentences.values()))
        return {
            probe_id: UserError("I refuse.") if "bad" in text else {"probe_id": probe_id, "text": text}
            for probe_id, text in sentences.items()
        }

    return Watched(Silent(), ask, ("one", "two", "three"))


def test_each_look_is_at_all_sentences_at_once(watched, asked):
    watched.look()
    watched.look()
    assert asked == [["one", "two", "three"]] * 2


def test_a_sentence_that_is_added_is_looked_at_at_once_and_then_with_the_others(watched, asked):
    watched.add(1, "four")
    watched.look()
    assert asked == [["four"], ["one", "two", "three", "four"]]


def test_a_sentence_that_is_watched_already_keeps_its_id(watched, asked):
    watched.add(1, " two ")
    watched.look()
    assert asked == [["two"], ["one", "two", "three"]]


def test_a_sentence_that_is_refused_is_told_once_and_spoils_no_other(watched, asked):
    watched.add(1, "bad")
    watched.look()
    kinds = [(kind, payload["probe_id"]) for kind, payload in watched._reporter.events]
    assert kinds == [("probe_refused", "3"), ("probe", "0"), ("probe", "1"), ("probe", "2")]
    assert asked == [["bad"], ["one", "two", "three"]]
