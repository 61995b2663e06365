import pytest

from ssl_core import corpora
from ssl_core.analysis import held_out_texts
from ssl_core.corpora import splits
from ssl_core.corpora.tinyworld.held_out import held_out_stories
from ssl_core.errors import UserError
from tests.analysis.told import reader


@pytest.mark.parametrize(("tokenizer", "language"), [("en", "en"), ("en pieces", "en"), ("zh", "zh"), ("zh characters", "zh")])
def test_the_language_is_that_of_the_vocabulary_unless_told(tokenizer, language):
    words = reader(tokenizer=tokenizer).tokenizer
    assert held_out_texts.language_of({}, words) == language
    assert held_out_texts.language_of({"language": "zh"}, words) == "zh"


def test_unless_told_stories_are_read():
    subject = reader()
    found = held_out_texts.read({"num_texts": 5}, subject)
    stories = held_out_stories("en", 5)
    assert [len(each.ids_T) for each in found.laid_out] == [len(story.tokens) for story in stories], "one token a word"
    assert found.num_cut == 0
    assert found == held_out_texts.read({"num_texts": 5, "corpus": "tinyworld-en"}, subject)


def test_of_another_text_its_held_out_part_is_read(small_text, home):
    documents = splits.split(corpora.load(str(small_text)).documents()).validation
    found = held_out_texts.read({"corpus": str(small_text), "num_texts": 4}, reader())
    assert 0 < len(found.laid_out) <= 4 <= len(documents) or len(found.laid_out) == len(documents)


def test_a_long_text_is_cut_to_the_context():
    for family in ("bert", "llama"):
        found = held_out_texts.read({"texts": ["the cat rests . " * 40, "the cat ."]}, reader(family, context_tokens=16))
        assert found.num_cut == 1
        assert 14 <= len(found.laid_out[0].ids_T) <= 16


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        ({"texts": []}, "no text"),
        ({"texts": [" ", ""]}, "no text"),
        ({"num_texts": 100_000}, "ask for 1 to"),
        ({"num_texts": -1}, "ask"),
    ],
)
def test_what_can_not_be_read_says_why(payload, complaint):
    with pytest.raises(UserError, match=complaint):
        held_out_texts.read(payload, reader())
