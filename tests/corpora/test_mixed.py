import pytest

from ssl_core import corpora
from ssl_core.errors import UserError

MIX = "king-james+bbc-news"


def test_a_mix_holds_the_documents_of_all_its_texts_in_their_order():
    first, second = (corpora.load(key) for key in MIX.split("+"))
    mix = corpora.load(MIX)
    assert mix.documents() == (*first.documents(), *second.documents())
    assert mix.fingerprint not in (first.fingerprint, second.fingerprint)
    assert mix.fingerprint != corpora.load("bbc-news+king-james").fingerprint


def test_a_mix_has_the_card_of_all_its_texts():
    first, second = (corpora.card(key) for key in MIX.split("+"))
    for card in (corpora.card(MIX), corpora.listed(MIX), corpora.load(MIX).card):
        assert card.key == MIX
        assert card.title == f"{first.title} + {second.title}"
        assert card.language == "en"
        assert card.num_words == first.num_words + second.num_words
        assert first.flaws in card.flaws


@pytest.mark.parametrize("key", ["bbc-news+", "bbc-news+bbc-news", "bbc-news+nowhere", "+", "bbc-news+upload-1"])
def test_what_is_no_mix_of_known_texts_is_unknown(key):
    with pytest.raises(UserError):
        corpora.load(key)
