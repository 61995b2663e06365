import pytest

from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID
from ssl_core.tokenization.byte_pair import train_byte_pairs
from ssl_core.tokenization.characters import train_characters
from ssl_core.tokenization.typed import encode_typed
from ssl_core.tokenization.unigram import train_unigram
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training import sentences

ENGLISH = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)
CHINESE = train_characters(["中国人民在北京举行大会，今天天气很好。"], 64)


def test_every_blank_becomes_one_mask_however_it_is_written():
    found = sentences.with_blanks(ENGLISH, "the ___ cat _____ the[MASK]", 16)
    assert [position for position, token_id in enumerate(found.ids) if token_id == MASK_ID] == found.positions == [1, 3, 5]
    assert found.hidden_ids == []


@pytest.mark.parametrize(
    ("text", "hidden", "tokenizer"), [("the small cat .", "cat", ENGLISH), ("今天天气很好。", "好", CHINESE)]
)
def test_without_a_blank_the_last_word_becomes_one_and_is_remembered(text, hidden, tokenizer):
    found = sentences.with_blanks(tokenizer, text, 16)
    assert len(found.positions) == 1
    assert found.hidden_ids == [tokenizer.token_to_id(hidden)]


@pytest.mark.parametrize("train", [train_byte_pairs, train_unigram])
def test_the_space_before_a_blank_belongs_to_what_is_hidden(train):
    tokenizer = train(["the small cat sees the old dog every day."] * 20, 320)
    whole = encode_typed(tokenizer, "the small cat sees").ids
    found = sentences.with_blanks(tokenizer, "the small ___ sees", 32)
    cat = encode_typed(tokenizer, " cat", begins=False).ids
    assert len(cat) == 1, "frequent enough to be one token, space included"
    assert [*found.ids[: found.positions[0]], *cat, *found.ids[found.positions[0] + 1 :]] == whole
    assert sentences.before_blank(tokenizer, "the small ___ sees") == whole[: found.positions[0]]
    assert sentences.with_blanks(tokenizer, "the small cat", 32).hidden_ids == cat


def test_two_underscores_are_no_blank():
    with pytest.raises(UserError, match="no word"):
        sentences.with_blanks(ENGLISH, "__", 16)


def test_from_left_to_right_a_sentence_ends_at_its_first_blank():
    assert sentences.before_blank(ENGLISH, "the cat ___ the ___") == [ENGLISH.token_to_id("the"), ENGLISH.token_to_id("cat")]
    assert sentences.before_blank(ENGLISH, "___ cat") == []


def test_a_special_token_written_by_hand_counts_as_letters():
    assert not set(sentences.before_blank(ENGLISH, "the [SEP] [CLS]")) & {2, 3}


def test_what_fits_exactly_is_no_complaint():
    sentences.require_room(16, 16)
    with pytest.raises(UserError, match="17 tokens; this model sees 16"):
        sentences.require_room(17, 16)
