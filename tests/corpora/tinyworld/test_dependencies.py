"""Gold arcs, worked out by hand on fixed stories."""

import pytest

from ssl_core.corpora.tinyworld import lexicon, parser
from ssl_core.corpora.tinyworld.dependencies import arcs
from tests.corpora.tinyworld import small

PARK = (
    "on monday anna is in the garden with her brother . the big cats near the tree play . then she peels the red apple . "
    "yesterday the small cats near the bushes were tired . in the evening she is glad ."
)
FOOD = (
    "it is a cold morning and ben is at the market . first he buys two lemons . the dog sleeps because it is tired . "
    "his mother gives the big pigeons some food because they are hungry . what a rainy day !"
)


def named(grammar, text):
    """The arcs of a story as {dependency: [dependent@position -> governor@position]}."""
    story = parser.parse(grammar, text.split())
    found = {}
    for arc in arcs(story):
        ends = (arc.dependent_position, arc.governor_position)
        found.setdefault(arc.dependency, []).append(" -> ".join(f"{story.tokens[each]}@{each}" for each in ends))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PARK,
            {
                "subject_verb": ["play@17 -> cats@13", "were@33 -> cats@29"],  # not tree, not bushes
                "pronoun_name": ["her@8 -> anna@2", "she@20 -> anna@2", "she@39 -> anna@2"],
                "own": ["brother@9 -> anna@2"],
                "verb_object": ["apple@24 -> peels@21"],
                "place_thing": [
                    "cats@13 -> garden@6", "tree@16 -> garden@6", "apple@24 -> garden@6", "cats@29 -> garden@6",
                    "bushes@32 -> garden@6",
                ],
            },
        ),
        (
            FOOD,
            {
                "subject_verb": ["sleeps@20 -> dog@19", "is@23 -> dog@19", "are@36 -> pigeons@31"],
                "pronoun_animal": ["it@22 -> dog@19", "they@35 -> pigeons@31"],
                "pronoun_name": ["he@13 -> ben@6", "his@26 -> ben@6"],
                "own": ["mother@27 -> ben@6"],
                "verb_object": ["lemons@16 -> buys@14"],
                "place_thing": ["lemons@16 -> market@10", "dog@19 -> market@10", "pigeons@31 -> market@10"],
                "mood": ["rainy@41 -> cold@3"],
            },
        ),
    ],
)  # fmt: skip
def test_english_arcs_are_those_worked_out_by_hand(text, expected):
    assert named(lexicon.grammar("en"), text) == expected


def test_a_pronoun_goes_to_the_nearest_name_before_it():
    text = small.TEXT.replace("{character.name} goes home !", "{character.name} rests and {character.subject} rests !")
    found = named(lexicon.read(text), "anna sees the garden . she rests . anna rests and she rests !")
    assert found["name"] == ["she@5 -> anna@0", "she@11 -> anna@8"]


def test_two_features_of_one_sentence_are_not_mixed_up():
    text = small.TEXT.replace(
        "{place.things.#number} {be.#number} here .", "{place.things.#number} near {place.things.#number2} {be.#number} here ."
    )
    found = named(lexicon.read(text), "anna sees the beach . she rests . the shells near shell are here . anna goes home !")
    assert found["subject_verb"] == ["are@12 -> shells@9"]


def test_where_nobody_governs_before_the_next_one_in_the_sentence_does():
    text = small.TEXT.replace("{place.things.#number} {be.#number} here .", "{be.#number} {place.things.#number} here .")
    found = named(lexicon.read(text), "anna sees the beach . she rests . the are shells here . anna goes home !")
    assert found["subject_verb"] == ["are@9 -> shells@10"]


def test_without_a_governor_named_the_first_that_is_linked_governs():
    text = small.TEXT.replace('dependent = ["be"]\ngovernor = ["thing"]\n', "")
    found = named(lexicon.read(text), "anna sees the beach . she rests . the shells are here . anna goes home !")
    assert found["subject_verb"] == ["are@10 -> shells@9"]


def test_an_arc_points_at_the_head_of_a_phrase():
    text = small.TEXT.replace("[classes.be]\nbe = {", '[classes.be]\nhead = "first"\nbe = {').replace(
        'one = "is", many = "are"', 'one = "is quite", many = "are quite"'
    )
    found = named(lexicon.read(text), "anna sees the beach . she rests . the shells are quite here . anna goes home !")
    assert found["subject_verb"] == ["are@10 -> shells@9"]
    last = named(
        lexicon.read(text.replace('head = "first"\n', "")),
        "anna sees the beach . she rests . the shells are quite here . anna goes home !",
    )
    assert last["subject_verb"] == ["quite@11 -> shells@9"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_dependency_has_a_title_in_both_languages(language):
    for dependency in lexicon.grammar(language).dependencies.values():
        assert all(dependency.titles[each] for each in ("en", "zh"))
