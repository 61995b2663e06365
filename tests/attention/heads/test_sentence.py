import pytest

from ssl_core.attention.heads.sentence import TokenKinds, is_punctuation
from ssl_core.tokenization.wordpiece import train_wordpiece

TOKENIZER = train_wordpiece(["the cat , it sleeps . \u201cyes\u201d it says !"] * 9, 80)


@pytest.mark.parametrize("shown", [",", ".", " .", "\u3002", "...", "\u201c", "-"])
def test_marks_are_punctuation(shown):
    assert is_punctuation(shown)


@pytest.mark.parametrize("shown", ["", " ", "a", "a.", "1", "[SEP]", "\u4e2d", "$"])
def test_all_else_is_not(shown):
    assert not is_punctuation(shown)


def test_a_vocabulary_tells_its_special_tokens_from_its_words():
    kinds = TokenKinds.of(TOKENIZER)
    ids = [TOKENIZER.token_to_id(token) for token in ("[CLS]", "cat", ",", "[MASK]", "[UNK]", "[SEP]", "[PAD]")]
    read = kinds.sentence(ids, looks_back_only=True)
    assert read.is_special_T.tolist() == [True, False, False, False, False, True, True], "[MASK] stands for a word"
    assert read.is_cls_T.tolist() == [True] + [False] * 6
    assert read.is_sep_T.tolist() == [False] * 5 + [True, False]
    assert read.is_punctuation_T.tolist() == [False, False, True] + [False] * 4
    assert kinds.is_placeholder_V[ids].tolist() == [False] * 3 + [True, True] + [False] * 2


def test_who_looks_back_only_sees_what_was():
    read = TokenKinds.of(TOKENIZER).sentence([5, 6, 7], looks_back_only=True)
    assert read.may_look_TT.tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    assert read.has_choice_T.tolist() == [False, True, True]
