import json

import numpy as np
import pytest
import torch

from ssl_core.analysis import head_dependencies
from ssl_core.analysis.laid_out import lay_out
from ssl_core.attention.recording import record
from ssl_core.corpora.tinyworld.dependencies import arcs
from ssl_core.corpora.tinyworld.held_out import held_out_stories
from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID
from tests.analysis.asked import opening
from tests.analysis.told import reader

NUM = 80


def asked(subject, **payload):
    values = head_dependencies.answer({"model": {}, "num_stories": NUM, **payload}, opening(subject)).values
    json.dumps(values, allow_nan=False)
    return values


def by_key(values):
    return {each["key"]: each for each in values["dependencies"]}


def plain_share(subject, kind):
    """Count, story by story and arc by arc, how often each head's strongest look goes from the dependent to its governor."""
    hits, total = np.zeros((2, 2)), 0
    for number, story in enumerate(held_out_stories("en", NUM)):
        found = lay_out(subject, story.text)
        begin = int(found.is_mark_T[0])
        with torch.no_grad():
            weights_LHTT = record(subject.model, torch.tensor([found.ids_T])).weights_LBHTS()[:, 0]
        for arc in arcs(story):
            if arc.dependency != kind or number % 2 == 0:
                continue
            row = weights_LHTT[:, :, begin + arc.dependent_position, begin:].copy()
            row[:, :, arc.dependent_position] = 0
            hits += row.argmax(axis=-1) == arc.governor_position
            total += 1
    return hits / total, total


def plain_hidden_share(subject, kind):
    """The same with all dependent words hidden, but for those that others depend on."""
    hits, total = np.zeros((2, 2)), 0
    for number, story in enumerate(held_out_stories("en", NUM)):
        asked_for = {arc.dependent_position for arc in arcs(story)} - {arc.governor_position for arc in arcs(story)}
        ids = [MASK_ID if place in asked_for else each for place, each in enumerate(lay_out(subject, story.text).ids_T)]
        with torch.no_grad():
            weights_LHTT = record(subject.model, torch.tensor([ids])).weights_LBHTS()[:, 0]
        for arc in arcs(story):
            if arc.dependency == kind and number % 2 == 1 and arc.dependent_position in asked_for:
                row = weights_LHTT[:, :, arc.dependent_position].copy()
                row[:, :, arc.dependent_position] = 0
                hits += row.argmax(axis=-1) == arc.governor_position
                total += 1
    return hits / total, total


@pytest.mark.parametrize("kind", ["pronoun_name", "own"])
def test_a_network_that_fills_blanks_is_also_asked_while_words_are_hidden(kind):
    subject = reader("bert")
    share_LH, total = plain_hidden_share(subject, kind)
    found = by_key(asked(subject))[kind]["directions"]["hidden"]
    assert found["num_arcs"] == total
    np.testing.assert_allclose(found["share_LH"], share_LH)


@pytest.mark.parametrize("family", ["bert", "llama"])
def test_shares_are_those_of_a_plain_loop(family):
    subject = reader(family)
    share_LH, total = plain_share(subject, "pronoun_name")
    found = by_key(asked(subject))["pronoun_name"]["directions"]["to_governor"]
    assert found["num_arcs"] == total
    np.testing.assert_allclose(found["share_LH"], share_LH)


def test_a_network_that_looks_back_only_is_asked_only_what_it_sees():
    values = asked(reader("llama", "zh"))
    assert values["looks_back"]
    assert values["language"] == "zh"
    found = by_key(values)
    assert set(found["classifier"]["directions"]) == {"to_dependent", "foreseeing"}, "the noun comes after its classifier"
    assert set(found["pronoun"]["directions"]) == {"to_governor", "foreseeing"}, "the name comes before its pronoun"


def test_words_of_several_pieces_have_the_same_arcs():
    words, pieces = (by_key(asked(reader(tokenizer=each, context_tokens=256))) for each in ("en", "en pieces"))
    for key, found in words.items():
        assert found["num_arcs"] == pieces[key]["num_arcs"] > 0 == found["num_joined"] == pieces[key]["num_joined"]
        assert {name: each["guesses"] for name, each in found["directions"].items()} == {
            name: each["guesses"] for name, each in pieces[key]["directions"].items()
        }, "places are counted in words"
    chinese = by_key(asked(reader(tokenizer="zh characters")))
    assert all(each["num_joined"] == 0 for each in chinese.values())


def test_the_same_question_has_the_same_answer():
    assert asked(reader()) == asked(reader())


def test_what_is_told_of_the_best_head_fits_the_table():
    for found in asked(reader())["dependencies"]:
        if (best := found["best"]) is None:
            continue
        direction = found["directions"][best["direction"]]
        assert best["share"] == pytest.approx(direction["share_LH"][best["layer"]][best["head"]])
        for key, above in best["above"].items():
            assert above["gain"] == pytest.approx(best["share"] - direction["guesses"][key]["share"])
            assert above["interval"][0] <= above["gain"] <= above["interval"][1]


def test_without_training_no_head_finds_anything():
    for family in ("bert", "llama", "modernbert"):
        for found in asked(reader(family))["dependencies"]:
            assert found["best"] is None or not found["best"]["is_above"], (family, found["key"])


def test_long_stories_are_left_out_and_counted():
    values = asked(reader(context_tokens=32))
    assert values["num_stories"] + values["num_left_out"] == NUM
    assert 0 < values["num_left_out"] < NUM


def test_a_network_that_sees_too_little_is_told_so():
    with pytest.raises(UserError, match="sees 8 tokens"):
        asked(reader(context_tokens=8))
