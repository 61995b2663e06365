"""Every kind of tokenizer: both languages, where words begin, and the same numbers in every process."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from ssl_core.corpora.base import Document
from ssl_core.pretext.base import words_BT
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import MASK_ID, SEP_ID, SPECIAL_TOKENS, UNK_ID, vocabulary_of
from ssl_core.tokenization.config import KINDS, TokenizerConfig
from ssl_core.tokenization.display import decode, token_text
from ssl_core.tokenization.typed import encode_around_blanks, encode_typed
from tests.tokenization import tricky_texts as texts

CORPORA = {"en": "bbc-news", "zh": "peoples-daily"}
KEEPS_ALL = ("bpe", "unigram", "character")  # letter case and spaces
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trained():
    found = {}
    for kind in KINDS:
        for language, key in CORPORA.items():
            documents = texts.some(key)
            found[kind, language] = kinds.train(TokenizerConfig(kind=kind, vocabulary_size=1024), documents), documents
    return found


def words_by_starts(document, ids_N, starts_N, tokenizer):
    """Put the tokens of each word together, as text without spaces."""
    words = []
    for token_id, is_start in zip(ids_N.tolist(), starts_N.tolist(), strict=True):
        words += [[]] if is_start or not words else []
        words[-1].append(token_id)
    return ["".join(decode(tokenizer, word).lower().split()) for word in words]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", CORPORA)
def test_special_tokens_come_first_and_the_size_is_kept(trained, kind, language):
    tokenizer, _documents = trained[kind, language]
    assert tuple(texts.tokens_of(tokenizer)[:5]) == SPECIAL_TOKENS
    assert tokenizer.get_vocab_size() <= 1024
    least = {("character", "en"): 64, ("wordpiece", "zh"): 700}  # few characters; Chinese ones stand alone, so none are joined
    assert tokenizer.get_vocab_size() > least.get((kind, language), 1000)
    assert kinds.kind_of(Tokenizer.from_str(tokenizer.to_str())) == kind


@pytest.mark.parametrize("size", [64, 8192])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", CORPORA)
def test_the_smallest_and_the_largest_vocabulary_work(kind, language, size):
    documents = texts.some(CORPORA[language], 30)
    tokenizer = kinds.train(TokenizerConfig(kind=kind, vocabulary_size=size), documents)
    assert len(SPECIAL_TOKENS) < tokenizer.get_vocab_size() <= size
    for ids_N, starts_N in kinds.encode(tokenizer, documents):
        assert ids_N.max() < tokenizer.get_vocab_size()
        assert len(starts_N) == len(ids_N)
        assert starts_N[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", CORPORA)
@pytest.mark.parametrize("name", texts.TRICKY)
def test_every_tricky_text_is_read_and_shown(trained, kind, language, name):
    tokenizer, _documents = trained[kind, language]
    text = texts.TRICKY[name]
    typed = encode_typed(tokenizer, text)
    assert MASK_ID not in typed.ids
    assert len(typed.ids) == len(typed.places) == len(typed.starts_word_N)
    covered = np.zeros(len(text), dtype=bool)
    for start, end in typed.places:
        assert 0 <= start <= end <= len(text)
        covered[start:end] = True
    left_out = "".join(character for character, is_covered in zip(text, covered, strict=True) if not is_covered)
    assert not left_out.strip(" \t\n\N{VARIATION SELECTOR-16}\N{ZERO WIDTH JOINER}\N{COMBINING ACUTE ACCENT}"), left_out
    assert all(token_text(tokenizer, token_id) for token_id in typed.ids)
    if kind in KEEPS_ALL and UNK_ID not in typed.ids and name != "marks":
        assert decode(tokenizer, typed.ids) == (text.removeprefix(" ") if kind == "unigram" else text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", CORPORA)
def test_a_typed_text_has_the_same_tokens_as_a_document(trained, kind, language):
    tokenizer, documents = trained[kind, language]
    for document in texts.bare(documents[:12]):
        if (kind, language) == ("word", "zh"):
            continue  # the dictionary cuts a document, the fewest words a typed text
        ((ids_N, starts_N),) = kinds.encode(tokenizer, [document])
        typed = encode_typed(tokenizer, document.text)
        assert typed.ids == ids_N.tolist()
        if kind != "character":
            assert typed.starts_word_N.tolist() == starts_N.tolist()


@pytest.mark.parametrize("kind", ["wordpiece", "bpe", "unigram", "word"])
def test_english_words_begin_where_a_letter_follows_none(trained, kind):
    tokenizer, _documents = trained[kind, "en"]
    text = "the government said\nunbelievably rare films, and 2004 (mostly) ended"
    ((ids_N, starts_N),) = kinds.encode(tokenizer, [Document("1", text)])
    words = words_by_starts(text, ids_N, starts_N, tokenizer)
    pieces = ["the", "government", "said", "unbelievably", "rare", "films", ",", "and", "2004", "(", "mostly", ")", "ended"]
    found = [word for word in words if word]  # a line break may be a word of its own
    assert [word for word in found if "[unk]" not in word] == [
        word for word, seen in zip(pieces, found, strict=True) if "[unk]" not in seen
    ]


@pytest.mark.parametrize("kind", ["wordpiece", "bpe", "unigram", "character"])
def test_known_chinese_words_decide_where_words_begin(trained, kind):
    tokenizer, documents = trained[kind, "zh"]
    for document, (ids_N, starts_N) in zip(documents[:20], kinds.encode(tokenizer, documents[:20]), strict=True):
        typed = encode_typed(tokenizer, document.text)
        assert typed.ids == ids_N.tolist()
        begins = set(np.cumsum([0, *map(len, document.words)]).tolist())
        firsts = [start for start, _end in typed.places]
        expected = [start in begins and (place == 0 or firsts[place - 1] != start) for place, start in enumerate(firsts)]
        assert starts_N.tolist() == expected


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
def test_unmarked_chinese_begins_a_word_at_each_piece_but_not_inside_a_character(trained, kind):
    tokenizer, _documents = trained[kind, "zh"]
    text = "中国人民的生活饕餮水平。"
    ((ids_N, starts_N),) = kinds.encode(tokenizer, [Document("1", text)])
    firsts = [start for start, _end in encode_typed(tokenizer, text).places]
    assert starts_N.tolist() == [place == 0 or firsts[place - 1] != first for place, first in enumerate(firsts)]
    assert len(ids_N) > 4


@pytest.mark.parametrize(("kind", "inside"), [("wordpiece", "##ing"), ("bpe", "ing"), ("unigram", "ing")])
def test_the_vocabulary_says_which_pieces_go_on_with_a_word(trained, kind, inside):
    tokenizer, _documents = trained[kind, "en"]
    continues_V = vocabulary_of(tokenizer).continues_word_V
    assert continues_V[tokenizer.token_to_id(inside)]
    whole = {"wordpiece": "the", "bpe": "Ġthe", "unigram": "▁the"}[kind]
    assert not continues_V[tokenizer.token_to_id(whole)]
    assert not continues_V[tokenizer.token_to_id(",")]
    assert not continues_V[: len(SPECIAL_TOKENS)].any()
    typed = encode_typed(tokenizer, "the film said something, interesting")
    guessed_BT = words_BT(np.array([typed.ids]), vocabulary_of(tokenizer))
    known_BT = words_BT(np.array([typed.ids]), vocabulary_of(tokenizer), typed.starts_word_N[None])
    assert guessed_BT.tolist() == known_BT.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_takes_the_space_before_it_along(trained, kind):
    tokenizer, _documents = trained[kind, "en"]
    whole = encode_typed(tokenizer, "the government said it").ids
    before, after = encode_around_blanks(tokenizer, ["the ", " said it"])
    between = encode_around_blanks(tokenizer, ["the ", " government ", " it"])[1]
    assert whole[: len(before)] == before
    assert whole[-len(after) :] == after
    assert len(between) >= 1
    if kind != "character":  # there the space is a token of its own
        assert between == encode_typed(tokenizer, " government", begins=False).ids


def digest():
    content = hashlib.sha256()
    for kind in KINDS:
        for key in CORPORA.values():
            documents = texts.some(key, 40)
            tokenizer = kinds.train(TokenizerConfig(kind=kind, vocabulary_size=640), documents)
            content.update(tokenizer.to_str().encode())
            content.update(b"".join(ids.tobytes() + starts.tobytes() for ids, starts in kinds.encode(tokenizer, documents[:9])))
    return content.hexdigest()


@pytest.mark.parametrize(("seed", "threads"), [("0", "1"), ("7", "4")])
def test_another_process_gives_the_same_numbers(seed, threads):
    program = "from tests.tokenization import test_kinds; print(test_kinds.digest())"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    environment["PYTHONPATH"] = str(ROOT)
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert ended.stdout.strip() == digest()


@pytest.mark.parametrize(("kind", "language"), [(kind, language) for kind in KINDS for language in CORPORA])
def test_who_reads_a_part_of_the_documents_leaves_the_tokenizer_as_it_was(trained, kind, language):
    tokenizer, documents = trained[kind, language]
    reading = kinds.encode(tokenizer, documents)
    next(reading)
    assert not tokenizer.encode_special_tokens
    assert MASK_ID in tokenizer.encode("[MASK]", add_special_tokens=False).ids, "a blank is a blank, all the while"
    reading.close()


def test_a_document_in_a_row_ends_with_a_mark_that_counts_as_a_word(trained):
    tokenizer, documents = trained["wordpiece", "en"]
    for bare, ended in zip(kinds.encode(tokenizer, documents), kinds.encode_ended(tokenizer, documents), strict=True):
        assert ended[0].tolist() == [*bare[0].tolist(), SEP_ID]
        assert ended[1].tolist() == [*bare[1].tolist(), True]
        assert (ended[0].dtype, ended[1].dtype) == (np.uint16, np.bool_)
