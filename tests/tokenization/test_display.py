"""Tokens shown to a person."""

import pytest

from ssl_core.tokenization.characters import train_characters
from ssl_core.tokenization.display import decode, token_text
from ssl_core.tokenization.wordpiece import train_wordpiece

SENTENCES = [
    "he said: \"it's well-known, isn't it?\"",
    "prices rose 5% to £1.13bn ($2m), or 20,000 a day; at 10:30 they fell!",
    "the play 'hamlet' [by shakespeare] was long...",
    "in 2004, 24% were seen",
    "我们学习语言模型，今天是1998年。",
]


@pytest.fixture(scope="module")
def pieces():
    return train_wordpiece(SENTENCES * 20, 160)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_english_is_written_as_people_write(pieces, sentence):
    assert decode(pieces, pieces.encode(sentence).ids).replace(". . .", "...") == sentence


def test_end_of_a_document_is_an_empty_line_and_padding_nothing(pieces):
    ids = [*pieces.encode("[CLS] prices rose [SEP] he said [SEP] [PAD] [PAD]").ids]
    assert decode(pieces, ids) == "prices rose\n\nhe said"


def test_mask_and_unknown_stay_as_they_are(pieces):
    assert decode(pieces, pieces.encode("he [MASK] Ω.").ids) == "he [MASK] [UNK]."


def test_pieces_inside_words_are_marked(pieces):
    ids = train_wordpiece(["walk walking"] * 9, 64)
    assert token_text(ids, ids.token_to_id("##i")) == "-i"
    assert token_text(pieces, pieces.token_to_id("-")) == "-"
    assert token_text(pieces, 4) == "[MASK]"


def test_chinese_characters_are_joined_without_spaces():
    text = "我们学习 BERT：\n“语言模型”。"
    tokenizer = train_characters([text], 64)
    assert decode(tokenizer, tokenizer.encode(text).ids) == text


def test_blanks_are_made_visible():
    tokenizer = train_characters(["a \n\t"], 64)
    assert [token_text(tokenizer, tokenizer.token_to_id(char)) for char in ("a", " ", "\n", "\t")] == ["a", "␣", "⏎", "⇥"]


def test_markup_in_tokens_stays_text(pieces):
    tokenizer = train_characters(["<script>&"], 64)
    assert decode(tokenizer, tokenizer.encode("<script>&").ids) == "<script>&"
