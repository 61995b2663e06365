"""Characters as tokens: the most frequent ones, counted in the text to learn from."""

from collections import Counter

import numpy as np

from ssl_core import corpora
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID, vocabulary_of
from ssl_core.tokenization.characters import encode_characters, train_characters


def test_most_frequent_characters_come_first_and_equals_by_their_code():
    tokenizer = train_characters(["bbb aa", "cd\n"], 64)
    tokens = [tokenizer.id_to_token(token_id) for token_id in range(tokenizer.get_vocab_size())]
    assert tokens == [*SPECIAL_TOKENS, "b", "a", "\n", " ", "c", "d"]


def test_rarest_characters_are_unknown():
    texts = [document.text for document in corpora.load("peoples-daily").documents()[:300]]
    tokenizer = train_characters(texts, 256)
    assert tokenizer.get_vocab_size() == 256
    kept = {char for char, _count in Counter("".join(texts)).most_common(251)}
    ids = encode_characters(tokenizer, texts)
    share = np.mean(np.concatenate(ids) == UNK_ID)
    assert 0 < share < 0.5
    known = sum(char in kept for char in "".join(texts)) / len("".join(texts))
    assert abs((1 - share) - known) < 1e-3, "ties at the edge may be cut otherwise"


def test_fast_lookup_equals_the_tokenizer():
    texts = ["你好，世界！\n1998 年 abc𠮷", "", " \t ", "[MASK", "é\u3000"]
    tokenizer = train_characters(["你好世界，\nabc 19[MASK"], 64)
    for text, ids_N in zip(texts, encode_characters(tokenizer, texts), strict=True):
        assert tokenizer.encode(text).ids == ids_N.tolist(), text


def test_mask_in_a_text_to_learn_from_is_no_mask():
    tokenizer = train_characters(["[MASK]"], 64)
    (ids_N,) = encode_characters(tokenizer, ["[MASK]"])
    assert len(ids_N) == 6
    assert tokenizer.encode("[MASK]").tokens == ["[MASK]"], "in a learner's sentence it is one"


def test_no_character_continues_a_word():
    assert vocabulary_of(train_characters(["# ## ###"], 64)).continues_word_V is None


def test_case_is_kept_for_english():
    tokenizer = train_characters(["First Citizen:\nBefore we proceed"], 64)
    text = "First Citizen:\nB"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text
