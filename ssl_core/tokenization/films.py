"""How a tokenizer came about, frame by frame: pairs joined one after the other, or pieces dropped round by round."""

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from ssl_core.tokenization import unigram
from ssl_core.tokenization.display import visible
from ssl_core.tokenization.learned_merges import alphabet_of, characters_of, counted_words, merges, words_of
from ssl_core.tokenization.pair_joining import Merge, Ranks, counted, joined_by, ranks
from ssl_core.tokenization.spelling import spelling_of
from ssl_core.tokenization.unigram_seeds import MAX_PIECE
from ssl_core.tokenization.unigram_training import Round

MAX_MERGES = 2000
"""A film of more would last too long; well-known models have learned tens of thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmPiece:
    """A piece of the learner's text at one moment of the film."""

    shown: str
    continues: bool  # with the word that the piece before it belongs to
    is_new: bool = False  # made by the merge of this moment
    is_unknown: bool = False


class MergeFilm:
    """Pairs are joined one after the other, the most frequent first; frame n shows what n merges have done."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
        """Count each merge on some texts: those that were learned from, or a part of them."""
        self._tokenizer, self._spelling = tokenizer, spelling_of(tokenizer)
        words = counted_words(tokenizer, texts)
        self.merges: tuple[Merge, ...] = tuple(counted(merges(tokenizer)[:MAX_MERGES], words))
        self._ranks: Ranks = ranks(self.merges)
        start = sum(len(word) * count for word, count in words.items())
        self.num_tokens = (start, *(merge.num_tokens or 0 for merge in self.merges))
        self.num_at_start = len(alphabet_of(tokenizer))

    @property
    def length(self) -> int:
        """How many merges there are."""
        return len(self.merges)

    def shown(self, token: str) -> str:
        """Return a token as a person reads it."""
        mark = "-" if self._spelling.spaces_between and self._spelling.continues(token) else ""
        return mark + visible(self._spelling.shown(token))

    def pieces(self, text: str, frame: int) -> list[FilmPiece]:
        """Return a text after the first ``frame`` merges."""
        new = self.merges[frame - 1].joined if frame else ""
        known = self._tokenizer.get_vocab()
        return [
            FilmPiece(
                shown=visible(self._spelling.shown(part)), continues=place > 0, is_new=part == new, is_unknown=part not in known
            )
            for word in words_of(self._tokenizer, text)
            for place, part in enumerate(joined_by(self._ranks, characters_of(self._tokenizer, word), frame))
        ]


class PruneFilm:
    """A unigram model begins with far too many pieces and drops those missed least; frame n shows round n."""

    def __init__(self, texts: Sequence[str], vocabulary_size: int) -> None:
        """Learn anew from some texts, and keep every round."""
        self._scores: list[dict[str, float]] = []
        learned = unigram.learn_pieces(texts, vocabulary_size, on_round=self._scores.append)
        self.rounds: tuple[Round, ...] = learned.rounds
        self._tokenizer = unigram.unigram_tokenizer(learned, vocabulary_size)

    @property
    def length(self) -> int:
        """How many rounds follow the first."""
        return len(self.rounds) - 1

    def shown(self, piece: str) -> str:
        """Return a piece as a person reads it."""
        return visible(piece.replace("▁", " "))

    def pieces(self, text: str, frame: int) -> list[FilmPiece]:
        """Return a text, cut in its likeliest way with the pieces of a round."""
        scores = self._scores[frame]
        return [
            FilmPiece(shown=self.shown(part), continues=place > 0, is_unknown=part not in scores)
            for word in words_of(self._tokenizer, text)
            for place, part in enumerate(likeliest(word, scores))
        ]


def likeliest(word: str, scores: dict[str, float]) -> list[str]:
    """Cut a word in its likeliest way; a character without a piece stands alone, at a price that no known piece has."""
    price = min(scores.values(), default=0.0) - 10.0
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        ways = [(best[end - 1][0] + price, end - 1)]
        for start in range(max(0, end - MAX_PIECE), end):
            score = scores.get(word[start:end])
            if score is not None:
                ways.append((best[start][0] + score, start))
        best.append(max(ways))
    parts: list[str] = []
    end = len(word)
    while end:
        start = best[end][1]
        parts.append(word[start:end])
        end = start
    return parts[::-1]
