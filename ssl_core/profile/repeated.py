"""What a text says more than once: sentences, word for word."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ssl_core.corpora.base import Document

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_LETTERS = re.compile(r"[^\W\d_]")  # without marks: one a letter
_MIN_LETTERS, _MIN_CHINESE_LETTERS = 20, 8  # shorter ones are said twice by chance
NUM_SHOWN = 8
_SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """How many sentences there are, how many of them were said before, and the ones said most often."""

    num_sentences: int
    num_repeats: int
    most: tuple[tuple[str, int], ...]

    @property
    def rate(self) -> float:
        """Return which share of the sentences says again what was said before."""
        return self.num_repeats / max(1, self.num_sentences)


def repeated(documents: Iterable[Document]) -> Repeated:
    """Count sentences that are long enough to mean something, whatever their case and spacing."""
    counts: Counter[str] = Counter()
    for document in documents:
        for sentence in _SENTENCE_END.split(document.text):
            num_letters = len(_LETTERS.findall(sentence))
            if num_letters >= _MIN_LETTERS or (num_letters >= _MIN_CHINESE_LETTERS and not sentence.isascii()):
                counts[" ".join(sentence.lower().split())] += 1
    most = sorted(((sentence, count) for sentence, count in counts.items() if count > 1), key=lambda each: (-each[1], each[0]))
    shown = tuple((sentence[:_SHOWN_CHARACTERS], count) for sentence, count in most[:NUM_SHOWN])
    return Repeated(num_sentences=counts.total(), num_repeats=counts.total() - len(counts), most=shown)
