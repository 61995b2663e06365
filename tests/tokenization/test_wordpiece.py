"""WordPiece: the same vocabulary everywhere, and pieces that put together give the text."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ssl_core import corpora
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID, vocabulary_of
from ssl_core.tokenization.wordpiece import encode_wordpiece, train_wordpiece

TEXTS = ["the cat sat on the mat", "the hat of the cat", "a bat and a rat chat", "that fat cat sat flat"] * 5


def some_news(num_documents=150):
    return [document.text for document in corpora.load("bbc-news").documents()[:num_documents]]


def digest():
    tokenizer = train_wordpiece(some_news(), 700)
    ids = b"".join(part.tobytes() for part in encode_wordpiece(tokenizer, some_news(40)))
    return hashlib.sha256(tokenizer.to_str().encode() + ids).hexdigest()


def tokens_of(tokenizer):
    return [tokenizer.id_to_token(token_id) for token_id in range(tokenizer.get_vocab_size())]


def merged_by_hand(texts, size):
    """Byte-pair merges by plain loops: join the most frequent pair; of equals, the one with the smaller numbers."""
    words = Counter(word for text in texts for word in text.split())
    tokens = [*sorted({char for word in words for char in word}), *sorted({f"##{char}" for word in words for char in word[1:]})]
    pieces = {word: [word[0], *(f"##{char}" for char in word[1:])] for word in words}
    while len(tokens) < size - len(SPECIAL_TOKENS):
        pairs = Counter()
        for word, count in words.items():
            for left, right in zip(pieces[word], pieces[word][1:], strict=False):
                pairs[left, right] += count
        if not pairs:
            break
        left, right = min(pairs, key=lambda pair: (-pairs[pair], tokens.index(pair[0]), tokens.index(pair[1])))
        merged = left + right.removeprefix("##")
        if merged not in tokens:
            tokens.append(merged)
        for parts in pieces.values():
            position = 0
            while position < len(parts) - 1:
                if (parts[position], parts[position + 1]) == (left, right):
                    parts[position : position + 2] = [merged]
                position += 1
    return [*SPECIAL_TOKENS, *tokens]


def greedy_pieces(word, vocabulary):
    """Longest match first, by a plain loop."""
    pieces, start = [], 0
    while start < len(word):
        ends = (end for end in range(len(word), start, -1) if ("##" if start else "") + word[start:end] in vocabulary)
        end = next(ends, None)
        if end is None:
            return ["[UNK]"]
        pieces.append(("##" if start else "") + word[start:end])
        start = end
    return pieces


@pytest.mark.parametrize("size", [45, 52, 60])
def test_vocabulary_equals_a_plain_loop(size):
    assert tokens_of(train_wordpiece(TEXTS, size)) == merged_by_hand(TEXTS, size)


def test_words_are_cut_by_longest_match():
    tokenizer = train_wordpiece(TEXTS, 45)
    for word in ("cat", "that", "chatter", "mathat", "flatbread", "dog"):
        assert tokenizer.encode(word).tokens == greedy_pieces(word, tokenizer.get_vocab()), word


def test_another_process_with_other_hashes_and_threads_learns_the_same():
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_wordpiece; print(test_wordpiece.digest())"
    )
    outputs = set()
    for seed, threads, parallel in (("1", "1", "false"), ("2", "4", "true")):
        settings = {"PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": parallel}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True, timeout=120)
        outputs.add(done.stdout.strip())
    assert outputs == {digest()}


def test_order_of_the_texts_does_not_matter():
    assert train_wordpiece(TEXTS, 60).to_str() == train_wordpiece(TEXTS[::-1], 60).to_str()


def test_special_tokens_come_first_in_order():
    tokenizer = train_wordpiece(TEXTS, 64)
    assert tuple(tokens_of(tokenizer)[:5]) == SPECIAL_TOKENS == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    vocabulary = vocabulary_of(tokenizer)
    assert (vocabulary.special_ids, vocabulary.mask_id) == ((0, 1, 2, 3, 4), 4)


def test_continuing_pieces_are_those_written_with_two_hashes():
    tokenizer = train_wordpiece(TEXTS, 64)
    continues_word_V = vocabulary_of(tokenizer).continues_word_V
    assert [token for token, continues in zip(tokens_of(tokenizer), continues_word_V, strict=True) if continues] == [
        token for token in tokens_of(tokenizer) if token.startswith("##")
    ]
    assert continues_word_V.any()


def test_text_is_read_in_lower_case_and_without_accents():
    tokenizer = train_wordpiece(["a cafe"], 64)
    assert tokenizer.encode("A CAFÉ").ids == tokenizer.encode("a cafe").ids


def test_mask_in_a_text_to_learn_from_is_no_mask():
    tokenizer = train_wordpiece([*TEXTS, "[mask] [sep] [pad]"], 64)
    (ids_N,) = encode_wordpiece(tokenizer, ["the [MASK] sat [SEP]"])
    assert min(ids_N) >= len(SPECIAL_TOKENS)
    assert tokenizer.encode("the [MASK]").tokens[-1] == "[MASK]", "in a learner's sentence it is one"


def test_rare_characters_get_no_token():
    texts = ["the cat sat on the mat " * 5000, "Ω"]
    tokenizer = train_wordpiece(texts, 64)
    assert tokenizer.token_to_id("ω") is None
    assert tokenizer.encode("Ω").ids == [UNK_ID]


@pytest.mark.parametrize("size", [64, 512, 1024])
def test_vocabulary_never_exceeds_its_size(size):
    assert train_wordpiece(some_news(30), size).get_vocab_size() <= size
    chinese = ["".join(map(chr, range(0x4E00, 0x4E00 + 3000)))] * 3
    assert train_wordpiece(chinese, size).get_vocab_size() <= size
