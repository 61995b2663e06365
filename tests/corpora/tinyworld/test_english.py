"""The English grammar, word by word and pair by pair: nothing that a native reader would stumble over."""

from itertools import islice, product

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, lexicon
from ssl_core.corpora.tinyworld.figures import measure
from ssl_core.corpora.tinyworld.story import stories

GRAMMAR = lexicon.grammar("en")
IRREGULAR_PLURALS = {"mouse": "mice", "shelf": "shelves"}
IRREGULAR_PASTS = {"cut": "cut", "draw": "drew", "eat": "ate", "read": "read"}
BOYS = {"tom", "ben", "leo", "oscar", "david", "paul"}
MEN = {"brother", "father", "uncle", "grandfather"}

FORBIDDEN = {
    ("begins", "thing"): ["bake egg", "buy shell", "water egg", "plant egg", "build shell", "write book", "borrow letter",
                          "pack book", "find cake"],
    ("continues", "thing"): ["eat book", "fill bun", "wash sandcastle", "carry sandcastle", "wash letter", "peel egg",
                             "peel melon", "crack egg", "read map", "fold book", "pick mushroom", "cut bucket", "smell bucket",
                             "taste flower", "eat rose", "paint newspaper"],
    ("look", "thing"): ["sour cake", "ripe egg", "old bun", "old berry", "empty book", "hot newspaper", "sweet shell",
                        "thin melon", "hard letter"],
    ("moves", "animal"): ["bark cat", "graze dog", "moo horse", "neigh cow", "squeak cow", "coo gull", "screech mouse",
                          "sing pigeon", "dig robin", "hop cow", "graze spider"],
    ("acts", "animal"): ["fly cat", "fly mouse", "fly spider", "run_away crab", "drink spider"],
    ("look", "animal"): ["red cow", "red gull", "white spider", "brown robin"],
    ("fed", "place"): ["spider library", "crab beach", "fox forest"],
    ("things", "place"): ["cake beach", "egg library", "shell forest", "letter farm"],
    ("animals", "place"): ["cow bakery", "horse library", "crab garden", "spider beach"],
    ("reasons", "move"): ["hungry sleep", "thirsty eat", "tired hide", "shy fly", "sleepy eat", "scared rest"],
}  # fmt: skip
"""What each list must not offer: pairs that somebody once tried, or might."""


def offered(word_class: str, name: str) -> set[tuple[str, str]]:
    """All pairs of an entry and what one of its lists or properties offers."""
    found = set()
    for entry in GRAMMAR.classes[word_class].entries.values():
        words = entry.lists.get(name, ()) or [" ".join(phrase) for phrase in entry.phrases.get(name, ())]
        found |= {(word, entry.key) for word in words}
    return found


def third_person(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + "s"


def forms(word_class: str, name: str) -> dict[str, str]:
    return {
        key: " ".join(entry.phrases[name][0])
        for key, entry in GRAMMAR.classes[word_class].entries.items()
        if name in entry.phrases
    }


@pytest.mark.parametrize(("name", "word_class"), FORBIDDEN)
def test_no_list_offers_a_pair_that_sounds_wrong(name, word_class):
    pairs = offered(word_class, name)
    assert pairs, "the list is there at all"
    assert not pairs & {tuple(pair.split()) for pair in FORBIDDEN[name, word_class]}


@pytest.mark.parametrize("word_class", ["thing", "animal", "landmark"])
def test_plurals_are_right(word_class):
    many = forms(word_class, "many")
    for key, one in forms(word_class, "one").items():
        assert many[key] == IRREGULAR_PLURALS.get(one, third_person(one))


def test_verbs_are_right_in_every_tense():
    base, past, future = forms("action", "base"), forms("action", "past"), forms("action", "future")
    for key, present in forms("action", "present").items():
        assert present == third_person(base[key])
    for key, told in past.items():
        regular = base[key][:-1] + "ied" if third_person(base[key]).endswith("ies") else base[key].removesuffix("e") + "ed"
        assert told == IRREGULAR_PASTS.get(base[key], regular)
        assert future[key] == f"will {base[key]}"


@pytest.mark.parametrize("word_class", ["move", "leaving"])
def test_one_animal_does_and_several_do(word_class):
    many = forms(word_class, "many")
    for key, one in forms(word_class, "one").items():
        assert one.split()[0] == third_person(many[key].split()[0])
        assert one.split()[1:] == many[key].split()[1:]


def neighbours() -> set[tuple[str, str]]:
    """Every pair of words that can stand side by side in any story."""
    machine = compiler.machine("en")
    before, after = machine.token_S[machine.source_N], machine.token_S[machine.next_N]
    pairs = np.unique(before * len(machine.words) + after)
    return {(machine.words[pair // len(machine.words)], machine.words[pair % len(machine.words)]) for pair in pairs}


def test_a_and_an_stand_before_the_right_sounds():
    found = neighbours()
    assert {after for before, after in found if before == "an"} == {"apple", "egg", "old"}
    assert not [after for before, after in found if before == "a" and after[0] in "aeiou"]


def test_two_and_three_are_never_followed_by_one():
    singular = {*forms("thing", "one").values(), *forms("animal", "one").values()}
    plural = {*forms("thing", "many").values(), *forms("animal", "many").values()}
    found = neighbours()
    assert not found & set(product(("two", "three", "some", "are", "were"), singular))
    assert not found & set(product(("a", "an"), plural))


def test_no_word_stands_twice_in_a_row():
    assert not [pair for pair in neighbours() if pair[0] == pair[1]]


def test_he_and_she_can_mean_one_person_only():
    for person in GRAMMAR.classes["person"].entries.values():
        is_boy = person.key in BOYS
        assert person.phrases["subject"] == ((("he",),) if is_boy else (("she",),))
        assert person.phrases["possessive"] == ((("his",),) if is_boy else (("her",),))
        assert all((relative in MEN) != is_boy for relative in person.lists["relatives"])


def test_each_person_is_known_by_what_is_theirs():
    owned = [person.phrases["item"] for person in GRAMMAR.classes["person"].entries.values()]
    assert len(set(owned)) == len(owned) == 12


def test_no_story_says_a_sentence_twice():
    for story in islice(stories(GRAMMAR, np.random.default_rng(0)), 3_000):
        sentences = [sentence.tokens for sentence in story.sentences]
        assert len(set(sentences)) == len(sentences), story.text
        assert 3 <= len(sentences) <= 6


def test_the_world_is_as_large_as_promised():
    machine = compiler.machine("en")
    assert [len(GRAMMAR.classes[name].entries) for name in ("person", "place", "mood")] == [12, 8, 2]
    assert 300 < len(machine.words) < 450


def test_context_pays():
    """A reader of pairs is far above the floor, so there is much to learn beyond them; and blanks are easier than the end."""
    found = measure(GRAMMAR, compiler.machine("en"))
    assert found.frequencies_nats > 4
    assert found.pairs_nats - found.next_word_nats > 1
    assert found.blank_nats < found.next_word_nats < 1.1
