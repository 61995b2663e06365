"""The compiler, against stories listed by hand and against the choices by which stories are told."""

import math
from itertools import islice

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, lexicon, parser, reader
from ssl_core.corpora.tinyworld.grammar import SEPARATOR
from ssl_core.corpora.tinyworld.story import stories
from ssl_core.errors import UserError
from tests.corpora.tinyworld import small

EXACT = 1e-12  # a story is a product of some twenty factors
ROUNDING = 1e-9  # the logs of a hundred factors, added in another order
LANGUAGES = ("en", "zh")


def all_stories(machine):
    """Every way from the separator back to it: the words of a story -> its probability and its latents."""
    found, waiting = {}, [(machine.separator, (), 1.0, -1)]
    while waiting:
        state, words, share, latent = waiting.pop()
        for place in range(machine.first_S[state], machine.first_S[state + 1]):
            after, chance = int(machine.next_N[place]), share * machine.probability_N[place]
            if after == machine.separator:
                before = found.get(" ".join(words), (0.0, latent))
                found[" ".join(words)] = (before[0] + chance, latent)
            else:
                word = machine.words[machine.token_S[after]]
                waiting.append((after, (*words, word), chance, int(machine.latent_S[after])))
    return found


def test_a_small_grammar_tells_the_stories_listed_by_hand():
    found = all_stories(compiler.compile(lexicon.read(small.TEXT)))
    by_hand = small.stories_by_hand()
    assert found.keys() == by_hand.keys()
    assert all(abs(found[text][0] - share) < EXACT for text, share in by_hand.items())
    assert abs(sum(by_hand.values()) - 1) < EXACT, "the oracle itself adds up"


def test_a_small_grammar_needs_the_states_counted_by_hand():
    machine = compiler.compile(lexicon.read(small.TEXT))
    opening, resting, there, ending = 5, 3, {"garden": 2 + 4 + 2 + 2, "beach": 2 + 2 + 2 + 2}, 4
    # there: "the big", the nouns, "is" and "are", "here ."; the full stop of the second middle is one for both its sentences
    expected = 1 + sum(2 * (opening + resting + (resting - 1) + there[place] + ending) for place in there)
    assert machine.num_states == expected


def test_each_state_knows_who_and_where():
    machine = compiler.compile(lexicon.read(small.TEXT))
    assert machine.latent_names == ("character", "place")
    for text, (_share, latent) in all_stories(machine).items():
        character, place = machine.latent_values[latent]
        assert text.split()[0] == character
        assert text.split()[3] == place


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_states_of_a_chain_say_the_same_and_have_the_same_future(language):
    machine = compiler.machine(language)
    seen = set()
    for state in range(machine.num_states):
        row = slice(machine.first_S[state], machine.first_S[state + 1])
        ways = tuple(zip(machine.next_N[row].tolist(), machine.probability_N[row].round(12).tolist(), strict=True))
        key = (int(machine.latent_S[state]), int(machine.token_S[state]), ways)
        assert key not in seen
        seen.add(key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_machine_gives_a_story_the_probability_with_which_it_is_told(language):
    grammar, machine = lexicon.grammar(language), compiler.machine(language)
    for story in islice(stories(grammar, np.random.default_rng(1)), 60):
        tellings = [small.log_chance(each) for each in parser.readings(grammar, story.tokens)]
        expected = np.logaddexp.reduce(tellings)
        assert abs(reader.log_probability(machine, story.tokens) - expected) < ROUNDING, story.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_of_middle_sentences_is_equally_likely(language):
    grammar, machine = lexicon.grammar(language), compiler.machine(language)
    marks = [machine.words.index(mark) for mark in (".", "!", "?", "。", "！", "？") if mark in machine.words]
    per_story = machine.visits_S[np.isin(machine.token_S, marks)].sum()
    assert per_story == pytest.approx(2 + sum(grammar.middles) / 2, abs=1e-9)


def test_the_latents_are_equally_likely_in_every_story():
    machine = compiler.machine("en")
    begins = slice(machine.first_S[machine.separator], machine.first_S[machine.separator + 1])
    latents = machine.latent_S[machine.next_N[begins]]
    shares = np.bincount(latents, weights=machine.probability_N[begins])
    assert np.allclose(shares, 1 / len(machine.latent_values), atol=EXACT)
    assert machine.words[0] == SEPARATOR


def test_a_latent_may_be_drawn_from_a_list_of_another():
    text = small.TEXT.replace('place = "place"\n', 'place = "place"\nseen = "place.things"\n').replace(
        "goes home !", "likes the {seen.one} !"
    )
    machine = compiler.compile(lexicon.read(text))
    found = all_stories(machine)
    assert len(machine.latent_values) == 2 * 3
    assert sum(share for share, _latent in found.values()) == pytest.approx(1, abs=EXACT)
    at_beach = sum(share for words, (share, _latent) in found.items() if "beach" in words)
    assert at_beach == pytest.approx(1 / 2, abs=EXACT), "three lists of things, but two places equally likely"
    assert not any("beach" in words and "likes the rose" in words for words in found)


def test_what_is_drawn_before_the_text_depends_as_it_says():
    text = small.TEXT.replace(
        "[[middle]]\npositions = [2, 2]\n", '[[middle]]\npositions = [2, 2]\ndraw = { o = "place.things" }\n'
    ).replace("{place.things.#number} {be.#number} here", "{o.#number} {be.#number} near the {o.one}")
    found = all_stories(compiler.compile(lexicon.read(text)))
    there = [words for words in found if "near" in words]
    assert len(there) == 2 * 3 * 2 * 2
    assert all(words.split("near the ")[1].split()[0] in words.split("near")[0] for words in there)


def test_a_noun_added_to_the_text_is_told_and_moves_the_floor():
    before = compiler.compile(lexicon.read(small.TEXT))
    text = small.TEXT.replace('things = ["shell"]', 'things = ["shell", "boat"]').replace(
        "[classes.be]", 'boat = { one = "boat", many = "boats" }\n[classes.be]'
    )
    after = compiler.compile(lexicon.read(text))
    assert set(after.words) - set(before.words) == {"boat", "boats"}
    entropy = [-sum(share * math.log(share) for share, _latent in all_stories(each).values()) for each in (before, after)]
    # half of the stories with a second sentence about things (1/2 · 1/4) are told at the beach, where ln 2 is added
    assert entropy[1] - entropy[0] == pytest.approx(1 / 2 * 1 / 2 * 1 / 4 * math.log(2), abs=EXACT)


def test_a_grammar_with_too_many_possibilities_is_refused_in_words():
    nouns = "".join(f'n{number} = {{ one = "{"".join(chr(97 + int(d)) for d in str(number))}z" }}\n' for number in range(200))
    text = small.TEXT.replace("[classes.be]", f"[classes.many]\n{nouns}[classes.be]").replace(
        'text = "{character.subject} rests ."',
        'draw = { a = "many", b = "many", c = "many" }\ntext = "{a.one} {b.one} {c.one} {a.one} {b.one} {c.one} ."',
    )
    with pytest.raises(UserError, match="too many possibilities"):
        compiler.compile(lexicon.read(text))
