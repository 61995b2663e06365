"""What a tokenizer learned, in the order in which it learned it."""

import json
from collections import Counter
from collections.abc import Sequence

from tokenizers import Tokenizer

from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.pair_joining import Merge, Ranks, joined_by
from ssl_core.tokenization.spelling import CONTINUATION


def merges(tokenizer: Tokenizer) -> tuple[Merge, ...]:
    """Return the merges of a tokenizer in the order in which they were learned; () where none were.

    BPE keeps them. WordPiece keeps its tokens only, numbered in this order: each is taken apart by the merges before it.
    """
    model = type(tokenizer.model).__name__
    if model == "BPE":
        pairs = json.loads(tokenizer.to_str())["model"]["merges"]
        return tuple(Merge(left=left, right=right, joined=left + right) for left, right in pairs)
    return _of_wordpiece(tokenizer) if model == "WordPiece" else ()


def mark_of(tokenizer: Tokenizer) -> str:
    """Return what stands before a piece inside a word: "##" in WordPiece, else nothing."""
    return CONTINUATION if type(tokenizer.model).__name__ == "WordPiece" else ""


def characters_of(tokenizer: Tokenizer, word: str) -> list[str]:
    """Return the parts that learning begins with: single characters, in WordPiece marked where they go on with a word."""
    mark = mark_of(tokenizer)
    return [mark + character if place else character for place, character in enumerate(word)]


def words_of(tokenizer: Tokenizer, text: str) -> list[str]:
    """Return what pieces never cross in a text, as the tokenizer writes it: "Ġthe" where a space belongs to the word."""
    normalised = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer is not None else text
    if tokenizer.pre_tokenizer is None:
        return [normalised] if normalised else []
    return [word for word, _place in tokenizer.pre_tokenizer.pre_tokenize_str(normalised)]


def counted_words(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Count the words of texts, each as the characters that learning begins with, in the order of their letters.

    Characters without a token are left out, as the library's trainers do.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words_of(tokenizer, text))
    known = tokenizer.get_vocab()
    found: Counter[tuple[str, ...]] = Counter()
    for word in sorted(counts):
        found[tuple(each for each in characters_of(tokenizer, word) if each in known)] += counts[word]
    return dict(found)


def alphabet_of(tokenizer: Tokenizer) -> list[str]:
    """Return the tokens that were there before the first merge, in the order of their numbers."""
    merged = {merge.joined for merge in merges(tokenizer)}
    tokens = (tokenizer.id_to_token(token_id) or "" for token_id in range(tokenizer.get_vocab_size()))
    return [token for token in tokens if token not in merged and token not in SPECIAL_TOKENS]


def _of_wordpiece(tokenizer: Tokenizer) -> tuple[Merge, ...]:
    found: list[Merge] = []
    rank_of: Ranks = {}
    known: set[str] = set()
    for token_id in range(tokenizer.get_vocab_size()):
        token = tokenizer.id_to_token(token_id) or ""
        bare = token.removeprefix(CONTINUATION)
        known.add(token)
        if len(bare) < 2 or token in SPECIAL_TOKENS:
            continue
        first = CONTINUATION + bare[0] if token.startswith(CONTINUATION) else bare[0]
        parts = joined_by(rank_of, [first, *(CONTINUATION + character for character in bare[1:])], len(found))
        if len(parts) != 2:  # other merges have met first here: any cut into known tokens, the longest beginning first
            cuts = ((token[: len(token) - size], CONTINUATION + bare[len(bare) - size :]) for size in range(1, len(bare)))
            parts = next((list(cut) for cut in cuts if known.issuperset(cut)), [])
        if parts:
            merge = Merge(left=parts[0], right=parts[1], joined=token)
            rank_of.setdefault(merge.pair, (len(found), merge))
            found.append(merge)
    return tuple(found)
