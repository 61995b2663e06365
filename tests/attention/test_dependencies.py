"""Heads that are built by hand find just what they were built to find."""

import numpy as np
import pytest

from ssl_core import i18n
from ssl_core.attention.dependencies import DIRECTIONS, ReadStory, ask, strongest, track
from ssl_core.corpora.tinyworld.dependencies import Arc, arcs
from ssl_core.corpora.tinyworld.held_out import held_out_stories

STORIES = held_out_stories("en", 120)
KIND = "pronoun_name"


def looking(story, looks):
    """Return weights_WW of a head whose word ``place`` gives most of its attention to word ``looks(place)``."""
    W = len(story.tokens)
    weights_WW = np.full((W, W), 0.1 / W)
    for place in range(W):
        if 0 <= looks(place) < W:
            weights_WW[place, looks(place)] += 0.9
    return weights_WW


def finding(story, kind=KIND, *, backwards=False):
    """Return a head that finds all arcs of a kind, and looks at itself where there is none."""
    ends = {arc.dependent_position: arc.governor_position for arc in arcs(story) if arc.dependency == kind}
    if backwards:
        ends = {governor: dependent for dependent, governor in ends.items()}
    return looking(story, lambda place: ends.get(place, place))


def read(number, heads_HWW, looks_back_only=False):
    return ReadStory(
        number=number,
        arcs=arcs(STORIES[number]),
        strongest_LHW=strongest(np.stack(heads_HWW)[None]),
        looks_back_only=looks_back_only,
    )


def tracked(stories, kind=KIND):
    asked = ask(stories)
    return track({name: asked[kind, name] for name in DIRECTIONS if (kind, name) in asked}, np.random.default_rng(0))


def test_a_head_that_finds_every_arc_is_found():
    found = tracked(
        [read(number, [looking(story, lambda place: place - 1), finding(story)]) for number, story in enumerate(STORIES)]
    )
    assert (found.best.layer, found.best.head, found.best.direction) == (0, 1, "to_governor")
    assert found.best.share == 1.0
    assert found.best.interval == (1.0, 1.0)
    assert found.best.is_above
    assert found.share_LH()[0, 1] == 1.0


def test_a_head_that_looks_as_far_away_as_is_best_is_no_better_than_that():
    known = tracked([read(number, [finding(story)]) for number, story in enumerate(STORIES)])
    offset = known.directions["to_governor"].guesses["offset"].at
    found = tracked([read(number, [looking(story, lambda place: place + offset)]) for number, story in enumerate(STORIES)])
    assert found.directions["to_governor"].share_LH[0, 0] == found.directions["to_governor"].guess_share("offset")
    assert not found.best.is_above


def test_a_head_that_looks_at_one_place_is_no_better_than_that():
    found = tracked([read(number, [looking(story, lambda place: 0)]) for number, story in enumerate(STORIES)])
    direction = found.directions["to_governor"]
    assert direction.guesses["place"].at == 0, "stories begin with the name"
    asked_by_itself = (direction.reported.place_A == 0).any()
    assert not asked_by_itself
    assert direction.share_LH[0, 0] == direction.guess_share("place") > direction.guess_share("offset")
    assert found.best.above["place"] == (0.0, (0.0, 0.0))
    assert not found.best.is_above


def test_choosing_is_no_cheating():
    """One head knows the stories that are chosen by, the other those that are reported."""
    pairs = [(finding(story), looking(story, lambda place: place - 1)) for story in STORIES]
    found = tracked(
        [
            read(number, pair if number % 2 == 0 else pair[::-1])
            for number, (story, pair) in enumerate(zip(STORIES, pairs, strict=True))
        ]
    )
    assert found.best.head == 0
    assert found.best.share < 0.2
    assert found.directions["to_governor"].share_LH[0, 1] == 1.0


def test_the_better_direction_is_reported():
    kind = "verb_object"
    found = tracked(
        [read(number, [finding(story, kind, backwards=True), finding(story, kind)]) for number, story in enumerate(STORIES)],
        kind,
    )
    assert found.direction_LH().tolist() == [["to_dependent", "to_governor"]]
    assert (found.share_LH() > 0.99).all()


def test_where_nobody_looks_ahead_an_arc_is_asked_by_the_later_word_or_where_that_is_predicted():
    seen_LHW = strongest(np.ones((1, 1, 9, 9)))
    given = (Arc("back", 5, 2), Arc("ahead", 2, 5), Arc("beside", 3, 2))
    asked = ask([ReadStory(number=0, arcs=given, strongest_LHW=seen_LHW, looks_back_only=True)])
    assert {key: (int(each.place_A[0]), int(each.offset_A[0])) for key, each in asked.items()} == {
        ("back", "to_governor"): (5, -3),
        ("back", "foreseeing"): (4, -2),
        ("ahead", "to_dependent"): (5, -3),
        ("ahead", "foreseeing"): (4, -2),
        ("beside", "to_governor"): (3, -1),  # where 3 is predicted stands 2 itself: nothing to look at
    }
    assert set(ask([ReadStory(number=0, arcs=given, strongest_LHW=seen_LHW, looks_back_only=False)])) == {
        (kind, direction) for kind in ("back", "ahead", "beside") for direction in ("to_governor", "to_dependent")
    }


def test_the_word_itself_does_not_count_and_nothing_is_no_hit():
    weights_WW = np.array([[0.9, 0.06, 0.04, 0.0], [0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 1.0, 0.0], [0.2, 0.4, 0.4, 0.0]])
    assert strongest(weights_WW[None, None]).tolist() == [[[1, 3, -1, -1]]], "the last one can't make up its mind"


def test_shares_are_those_of_a_plain_loop():
    rng = np.random.default_rng(1)
    weights = [rng.random((3, len(story.tokens), len(story.tokens))) for story in STORIES]
    hits, total = np.zeros(3), 0
    for number, weights_HWW in enumerate(weights):
        for arc in arcs(STORIES[number]):
            if arc.dependency == KIND and number % 2 == 1:
                total += 1
                for head in range(3):
                    row = weights_HWW[head, arc.dependent_position].tolist()
                    others = [weight for place, weight in enumerate(row) if place != arc.dependent_position]
                    hits[head] += row[arc.governor_position] == max(others)
    direction = tracked([read(number, list(each)) for number, each in enumerate(weights)]).directions["to_governor"]
    assert len(direction.reported.place_A) == total
    np.testing.assert_allclose(direction.share_LH[0], hits / total)


def test_hidden_words_are_asked_about_their_governors_alone():
    seen_LHW = strongest(np.ones((1, 1, 9, 9)))
    story = ReadStory(number=4, arcs=(Arc("a", 5, 2),), strongest_LHW=seen_LHW, looks_back_only=False, is_hidden=True)
    (key, asked), *others = ask([story]).items()
    assert (key, others) == (("a", "hidden"), [])
    assert (asked.story_A.tolist(), asked.place_A.tolist(), asked.offset_A.tolist()) == ([4], [5], [-3])


def test_of_too_few_arcs_nothing_is_said():
    found = tracked([read(number, [finding(story)]) for number, story in enumerate(STORIES[:4])])
    assert found.directions == {}
    assert found.best is None


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_each_direction_has_a_name_in_both_languages(direction):
    assert any("一" <= character <= "鿿" for character in i18n.translate(DIRECTIONS[direction], "zh"))
