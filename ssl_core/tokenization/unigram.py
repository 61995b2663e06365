"""A unigram language model of pieces: a text is cut in its likeliest way, spaces and letter case kept."""

from collections import Counter
from collections.abc import Sequence

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

from ssl_core.tokenization.base import GPT2_WORD, SPECIAL_TOKENS, UNK_ID, apart_from_special_tokens
from ssl_core.tokenization.spelling import BLANK
from ssl_core.tokenization.unigram_training import Learned, OnRound, ignore_round, learn

MIN_SIZE_FOR_BYTES = 2048
"""From this vocabulary on an unknown character is spelled with its bytes; below, the 256 bytes would take too many places."""

WORD = GPT2_WORD
"""What pieces never cross, as in byte-level byte pairs: words, numbers and marks, each with the space before it."""

_ALPHABET_RATE = 0.75
"""Largest share of the vocabulary that single characters may take."""

_RARE_RATE = 1e-5
"""A character that makes up less of the text than this gets no piece of its own."""

_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_SPECIAL_SCORE = -100.0


def train_unigram(texts: Sequence[str], vocabulary_size: int) -> Tokenizer:
    """Learn pieces and their probabilities from texts: the same texts give the same numbers, always.

    A space is written "▁", and one stands before the text. The library's own trainer visits words in an order that differs
    from process to process, hence ours.

    Source: Kudo 2018, arXiv:1804.10959; Kudo & Richardson 2018, arXiv:1808.06226 (SentencePiece).
    """
    return unigram_tokenizer(learn_pieces(texts, vocabulary_size), vocabulary_size)


def learn_pieces(texts: Sequence[str], vocabulary_size: int, on_round: OnRound = ignore_round) -> Learned:
    """Learn the pieces of a vocabulary of this size; ``on_round`` hears the pieces and log-probabilities of each round."""
    words = _count_words(texts)
    num_places = vocabulary_size - len(SPECIAL_TOKENS) - (256 if vocabulary_size >= MIN_SIZE_FOR_BYTES else 0)
    return learn(words, num_places, _alphabet(words, int(_ALPHABET_RATE * num_places)), on_round)


def unigram_tokenizer(learned: Learned, vocabulary_size: int) -> Tokenizer:
    """Make a tokenizer of learned pieces."""
    has_bytes = vocabulary_size >= MIN_SIZE_FOR_BYTES
    special = [(token, _SPECIAL_SCORE) for token in (*SPECIAL_TOKENS, *(_BYTES if has_bytes else ()))]
    tokenizer = Tokenizer(models.Unigram([*special, *learned.scores.items()], unk_id=UNK_ID, byte_fallback=has_bytes))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([apart_from_special_tokens(), *_cutters()])
    blank = decoders.Replace(BLANK, " ")
    tokenizer.decoder = decoders.Sequence([blank, decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _cutters() -> list[pre_tokenizers.PreTokenizer]:
    words = pre_tokenizers.Split(Regex(WORD), behavior="isolated")
    return [words, pre_tokenizers.Metaspace(prepend_scheme="first", split=False)]


def _count_words(texts: Sequence[str]) -> Counter[str]:
    cutter = pre_tokenizers.Sequence(_cutters())
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word, _place in cutter.pre_tokenize_str(text))
    return counts


def _alphabet(words: Counter[str], num_places: int) -> set[str]:
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            counts[character] += count
    total = counts.total()
    frequent = [each for each in counts if counts[each] > _RARE_RATE * total]
    return set(sorted(frequent, key=lambda each: (-counts[each], each))[:num_places])
