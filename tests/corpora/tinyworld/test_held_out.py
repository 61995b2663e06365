from ssl_core import corpora
from ssl_core.corpora import splits
from ssl_core.corpora.tinyworld.held_out import LOWEST_RATE, held_out_stories


def test_no_run_can_have_learned_from_them():
    """One language will do: digests are as good as drawn, 3,600 ± 60 of 40,000 lie below the limit, and 4,000 are held out."""
    train = splits.split(corpora.load("tinyworld-zh").documents()).train
    lowest = min(splits.digest_of(document.text) for document in train)
    told = held_out_stories("zh", 300)
    assert max(splits.digest_of(story.text) for story in told) < lowest
    assert not {story.text for story in told} & {document.text for document in train}
    assert lowest[0] / 256 > LOWEST_RATE, "the limit is below what is learned from"


def test_they_are_always_the_same_and_each_comes_once():
    told = held_out_stories("en", 50)
    assert len({story.text for story in told}) == 50
    assert [story.text for story in held_out_stories("en", 20)] == [story.text for story in told[:20]]
    assert all(story.grammar.language == "zh" for story in held_out_stories("zh", 3))
