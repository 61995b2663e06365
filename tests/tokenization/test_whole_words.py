"""One token a word: English words and marks, known Chinese words, and the fewest words for what a person types."""

import hashlib
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from ssl_core import corpora
from ssl_core.corpora.base import Document, from_documents
from ssl_core.tokenization import kinds, tokenized
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID, vocabulary_of
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.display import decode, token_text
from ssl_core.tokenization.typed import encode_typed
from ssl_core.tokenization.whole_words import train_words, words_of

ENGLISH = "Anna is in the garden. She's got two well-known dogs, and the dogs run!"
CHINESE = ("小明", "在", "公园", "里", "看", "了", "一", "本", "书", "。")
WORDS = ["研究", "研究生", "生命", "命", "起源", "的", "生", "中国人民", "中国", "人民", "国人", "民", "x1", "葡萄"]


def english(*texts):
    return [Document(str(n), text) for n, text in enumerate(texts)]


def chinese(*documents):
    return [Document(str(n), "".join(words), words=tuple(words)) for n, words in enumerate(documents)]


def tokens_of(tokenizer, ids):
    return [tokenizer.id_to_token(token_id) for token_id in ids]


def fewest(text, words):
    """Return the fewest pieces that spell a text, by trying all ways; an unknown character counts as eleven and more."""
    best = {0: 0}
    for end in range(1, len(text) + 1):
        ways = [best[start] + 1 for start in range(end) if text[start:end] in words]
        best[end] = min([*ways, best[end - 1] + 1000])
    return best[len(text)]


def test_english_words_and_marks_are_tokens_in_lower_case():
    tokenizer = train_words(english(ENGLISH), 64)
    ((ids_N, starts_N),) = kinds.encode(tokenizer, english(ENGLISH))
    assert " ".join(tokens_of(tokenizer, ids_N)) == "anna is in the garden . she's got two well-known dogs , and the dogs run !"
    assert starts_N.all()


def test_most_frequent_words_come_first_and_equals_by_their_letters():
    tokenizer = train_words(english("b b c a c d"), 64)
    assert tokens_of(tokenizer, range(tokenizer.get_vocab_size())) == [*SPECIAL_TOKENS, "b", "c", "a", "d"]


def test_rare_words_are_unknown_as_a_whole():
    tokenizer = train_words(english("the cat " * 9 + "antidisestablishmentarianism"), 7)
    assert tokens_of(tokenizer, tokenizer.encode("The antidisestablishmentarianism cat").ids) == ["the", "[UNK]", "cat"]


def test_english_is_shown_as_people_write():
    tokenizer = train_words(english(ENGLISH), 64)
    assert decode(tokenizer, tokenizer.encode(ENGLISH).ids) == ENGLISH.lower()
    assert token_text(tokenizer, tokenizer.token_to_id("dogs")) == "dogs"


def test_chinese_characters_in_an_english_text_stand_alone():
    tokenizer = train_words(english("the word 你好 " + "is english " * 20), 64)
    assert tokens_of(tokenizer, tokenizer.encode("word你好").ids) == ["word", "你", "好"]


def test_known_chinese_words_are_tokens():
    tokenizer = train_words(chinese(CHINESE), 64)
    ((ids_N, starts_N),) = kinds.encode(tokenizer, chinese(CHINESE))
    assert tokens_of(tokenizer, ids_N) == list(CHINESE)
    assert starts_N.all()
    assert tokenizer.get_vocab_size() == len(SPECIAL_TOKENS) + len(CHINESE), "words only, not their characters"
    assert decode(tokenizer, ids_N) == "".join(CHINESE)


def test_known_words_decide_even_where_fewer_would_do():
    documents = chinese(["研究", "生命"], ["研究生", "命"], ["研究生命"])
    tokenizer = train_words(documents, 64)
    assert [tokens_of(tokenizer, ids) for ids, _starts in kinds.encode(tokenizer, documents)] == [
        ["研究", "生命"], ["研究生", "命"], ["研究生命"],
    ]  # fmt: skip


def test_a_typed_text_is_spelled_with_the_fewest_words():
    tokenizer = train_words(chinese(WORDS), 64)
    rng = np.random.default_rng(0)
    for _ in range(300):
        text = "".join(rng.choice(list("研究生命起源的中国人民葡x1？"), rng.integers(1, 14)))
        typed = encode_typed(tokenizer, text)
        cost = sum(1000 if token_id == UNK_ID else 1 for token_id in typed.ids)
        assert cost == fewest(text, WORDS), (text, tokens_of(tokenizer, typed.ids))
        assert "".join(text[start:end] for start, end in typed.places) == text
        for token_id, (start, end) in zip(typed.ids, typed.places, strict=True):
            assert token_id == UNK_ID or tokenizer.id_to_token(token_id) == text[start:end]


def test_each_token_of_a_typed_chinese_text_is_a_word():
    tokenizer = train_words(chinese(CHINESE), 64)
    assert encode_typed(tokenizer, "小明看书。BERT 1").starts_word_N.all()


def test_of_equally_few_words_the_more_frequent_ones_are_taken():
    documents = chinese(["研究", "生命"] * 3, ["研究生", "命"])
    tokenizer = train_words(documents, 64)
    assert tokens_of(tokenizer, encode_typed(tokenizer, "研究生命").ids) == ["研究", "生命"]
    rarer = train_words(chinese(["研究", "生命"], ["研究生", "命"] * 3), 64)
    assert tokens_of(rarer, encode_typed(rarer, "研究生命").ids) == ["研究生", "命"]


def test_unknown_characters_are_unknown_one_by_one():
    tokenizer = train_words(chinese(WORDS), 64)
    typed = encode_typed(tokenizer, "葡葡萄鑫淼的")
    assert tokens_of(tokenizer, typed.ids) == ["[UNK]", "葡萄", "[UNK]", "[UNK]", "的"]
    assert typed.places == [(0, 1), (1, 3), (3, 4), (4, 5), (5, 6)]


def test_a_known_word_without_a_number_is_spelled_with_others_as_one_word():
    documents = chinese(["中国", "人民"] * 5, ["中国人民"])
    tokenizer = train_words(documents, 7)
    *_, (ids_N, starts_N) = kinds.encode(tokenizer, documents)
    assert tokens_of(tokenizer, ids_N) == ["中国", "人民"]
    assert starts_N.tolist() == [True, False], "whole-word masking hides both"


def test_a_dictionary_cuts_texts_without_known_words():
    text = "小明在公园里看书。他学习语言模型。"
    documents = [Document("1", text)]
    words = words_of(documents[0])
    assert "".join(words) == text
    assert {"公园", "学习"} <= set(words)
    tokenizer = train_words(documents, 64)
    ((ids_N, _starts),) = kinds.encode(tokenizer, documents)
    assert tokens_of(tokenizer, ids_N) == list(words)


def test_special_tokens_in_a_text_to_learn_from_are_text():
    for documents in (english("see [MASK] here"), chinese(["看", "[MASK]", "书", "看"])):
        tokenizer = train_words(documents, 64)
        ((ids_N, _starts),) = kinds.encode(tokenizer, documents)
        assert 4 not in ids_N
        assert tokenizer.encode("[MASK]").ids == [4], "in a sentence to be filled it is one"


def test_a_saved_tokenizer_is_the_same():
    for documents in (english(ENGLISH), chinese(CHINESE, WORDS)):
        tokenizer = train_words(documents, 64)
        opened = Tokenizer.from_str(tokenizer.to_str())
        assert kinds.kind_of(opened) == "word"
        for text in ("the 研究生命 dogs", "Anna runs.", "小明在研究"):
            assert encode_typed(opened, text).ids == encode_typed(tokenizer, text).ids
        assert vocabulary_of(opened).continues_word_V is None, "every token is a word"


@pytest.mark.parametrize("key", ["bbc-news", "peoples-daily"])
def test_whole_words_of_a_corpus_are_tokens(key):
    corpus = from_documents(corpora.card(key), corpora.load(key).documents()[:120])
    made = tokenized(corpus, TokenizerConfig(kind="word", vocabulary_size=2048))
    assert made.vocabulary.size == 2048
    assert 0.01 < made.unknown_rate < 0.35, "rare words are many"
    words = [word for _, word in itertools.pairwise(made.tokenizer.get_vocab()) if len(word) > 1]
    assert len(words) > 1000


def digest():
    content = hashlib.sha256()
    for key in ("bbc-news", "peoples-daily"):
        documents = corpora.load(key).documents()[:60]
        tokenizer = train_words(documents, 700)
        content.update(tokenizer.to_str().encode())
        content.update(b"".join(ids.tobytes() for ids, _starts in kinds.encode(tokenizer, documents)))
    return content.hexdigest()


def test_another_process_gives_the_same_numbers():
    here = Path(__file__).parents[2]
    program = "import sys; sys.path.insert(0, 'tests/tokenization'); import test_whole_words; print(test_whole_words.digest())"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "RAYON_NUM_THREADS": "1", "PYTHONPATH": str(here)}
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=here, env=environment
    )
    assert ended.stdout.strip() == digest()
