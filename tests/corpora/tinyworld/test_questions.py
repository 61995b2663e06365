"""Questions about stories, answered by hand."""

from itertools import islice

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import lexicon, parser
from ssl_core.corpora.tinyworld.questions import answered
from ssl_core.corpora.tinyworld.story import stories


def test_english_questions_and_their_answers():
    text = (
        "Anna and her brother go to the farm. First she plants two pumpkins. Next she carries the brown eggs. "
        "In the end she is glad."
    )
    story = parser.parse(lexicon.grammar("en"), text)
    found = {each.question: " ".join(story.tokens[each.start : each.stop]) for each in answered(story)}
    assert found == {
        "Who is on the farm?": "anna",
        "Where is Anna?": "farm",
        "How is Anna?": "glad",
        "What does she plant?": "two pumpkins",
        "What does she carry?": "eggs",
    }


def test_what_is_not_said_is_not_asked():
    text = "Tom and his sister go to the market. The small dog near the stalls plays. What a mild day!"
    story = parser.parse(lexicon.grammar("en"), text)
    assert {each.question for each in answered(story)} == {"Who is at the market?", "Where is Tom?"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_answers_stand_in_the_story(language):
    for story in islice(stories(lexicon.grammar(language), np.random.default_rng(0)), 100):
        for each in answered(story):
            assert 0 <= each.start < each.stop <= len(story.tokens)
            assert each.question_tokens
