"""Which sentences are looked at when."""

import pytest

from ssl_core.engine.watched import Watched


class Silent:
    """A reporter that keeps what it is told."""

    def __init__(self):
        self.events = []

    def event(self, kind, payload):
        self.events.append((kind, payload))


@pytest.fixture
def asked():
    return []


def watched(asked, **options):
    def ask(text, probe_id):
        asked.append(text)
        return {"probe_id": probe_id, "text": text}

    return Watched(Silent(), ask, ("one", "two", "three"), **options)


def test_each_look_is_at_all_sentences(asked):
    watched(asked).look()
    assert asked == ["one", "two", "three"]


def test_sentences_that_take_turns_are_looked_at_one_by_one_and_evenly(asked):
    turns = watched(asked, takes_turns=True)
    for _ in range(4):
        turns.look()
    assert asked == ["one", "two", "three", "one"]


def test_a_sentence_that_is_added_is_looked_at_at_once_and_then_has_its_turn(asked):
    turns = watched(asked, takes_turns=True)
    turns.add(1, "four")
    assert asked == ["four"]
    for _ in range(4):
        turns.look()
    assert asked == ["four", "one", "two", "three", "four"]
