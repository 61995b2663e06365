"""From a text to rows of token numbers on disk: looked through once, then cut and written piece by piece.

However large the text is, no more of it is in memory than a sample to learn the vocabulary from and one batch.
"""

# N tokens of a batch

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
from tokenizers import Tokenizer

from ssl_core.corpora import Corpus, Document, sizes, streaming
from ssl_core.corpora.splits import split
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import UNK_ID
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.growing import GrowingArray

SPLITS = ("train", "validation", "test")
MIN_TOKENS = 16
SAMPLE_CHARACTERS = 6_000_000
"""A vocabulary is learnt from so many characters of the train part at most, taken from all over it."""

_BATCH_CHARACTERS = 2**19
_LOOKED_SHARE, _LEARNT_SHARE = 0.2, 0.4  # of the whole time, as measured on 20 MB

OnShare = Callable[[float], None]
Labelled = Iterable[tuple[str, Document]]


def make(corpus: Corpus, config: TokenizerConfig, folder: Path, on_share: OnShare, tokenizer: Tokenizer | None = None) -> None:
    """Write a corpus as token numbers, its tokenizer and what is known of both into an empty folder.

    ``on_share`` hears from time to time which share of the work is done. A ``tokenizer`` that is given learns nothing here.
    Raises: UserError if the text is too short; OSError if the result can't be written.
    """
    sample, num_characters, labelled = (_look_through if corpus.is_large else _read)(corpus, on_share)
    on_share(_LOOKED_SHARE)
    num_learnt_from = 0 if tokenizer is not None else sum(len(document.text) for document in sample)
    tokenizer = tokenizer or kinds.train(config, sample)
    on_share(_LEARNT_SHARE)
    num_done = 0
    with ExitStack() as files:
        rows = {name: files.enter_context(_Rows(folder, name)) for name in SPLITS}
        for name, batch in _batches(labelled):
            rows[name].append(tokenizer, batch)
            num_done += sum(len(document.text) for document in batch)
            on_share(_LEARNT_SHARE + (1 - _LEARNT_SHARE) * min(1.0, num_done / max(1, num_characters)))
    for name in SPLITS:
        rows[name].require_tokens()
    facts = {
        "bytes_per_token": rows["validation"].num_bytes / rows["validation"].length,
        "unknown_rate": rows["validation"].num_unknown / rows["validation"].length,
        "learnt_from_characters": num_learnt_from,
    }
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _read(corpus: Corpus, _on_share: OnShare) -> tuple[tuple[Document, ...], int, Labelled]:
    """Read a text that fits into memory."""
    parts = split(corpus.documents())
    labelled = [(name, document) for name in SPLITS for document in getattr(parts, name)]
    num_characters = sum(len(document.text) for _name, document in labelled)
    return streaming.sampled(parts.train, SAMPLE_CHARACTERS), num_characters, labelled


def _look_through(corpus: Corpus, on_share: OnShare) -> tuple[tuple[Document, ...], int, Labelled]:
    """Look through a text that doesn't, and give it once more, each document with its part."""
    num_characters = 0

    def count(document: Document) -> None:
        nonlocal num_characters
        num_characters += len(document.text)
        on_share(_LOOKED_SHARE * min(1.0, num_characters / max(1, corpus.num_bytes)))

    found = streaming.survey(corpus.stream(), SAMPLE_CHARACTERS, count)
    sizes.keep(corpus.fingerprint, int(np.count_nonzero(found.part_D != streaming.LEFT_OUT)), found.num_words)
    return found.sample, num_characters, _labelled(corpus, found)


def _labelled(corpus: Corpus, found: streaming.Survey) -> Labelled:
    place = -1
    for place, document in enumerate(corpus.stream()):
        part = found.part_D[place] if place < len(found.part_D) else streaming.LEFT_OUT
        if part != streaming.LEFT_OUT:
            yield SPLITS[part], document
    if place + 1 != len(found.part_D):
        raise UserError(N_("{title} changed while it was read. Try again when nobody writes to it."), title=corpus.card.title)


def _batches(labelled: Labelled) -> Iterator[tuple[str, list[Document]]]:
    """Gather documents of one part until they are worth the while of all cores."""
    waiting: dict[str, list[Document]] = {name: [] for name in SPLITS}
    num_characters = dict.fromkeys(SPLITS, 0)
    for name, document in labelled:
        waiting[name].append(document)
        num_characters[name] += len(document.text)
        if num_characters[name] >= _BATCH_CHARACTERS:
            yield name, waiting[name]
            waiting[name], num_characters[name] = [], 0
    yield from ((name, documents) for name, documents in waiting.items() if documents)


class _Rows:
    """The tokens of one part and where its words begin, on disk."""

    def __init__(self, folder: Path, name: str) -> None:
        self._ids = GrowingArray(folder / f"{name}_ids.npy", np.uint16)
        self._word_starts = GrowingArray(folder / f"{name}_word_starts.npy", np.bool_)
        self.num_bytes, self.num_unknown = 0, 0

    @property
    def length(self) -> int:
        return self._ids.length

    def append(self, tokenizer: Tokenizer, documents: list[Document]) -> None:
        """Add the documents' tokens, each document ended by [SEP], which counts as a word."""
        ids, starts = zip(*kinds.encode_ended(tokenizer, documents), strict=True)
        joined = np.concatenate(ids)
        self._ids.append(joined)
        self._word_starts.append(np.concatenate(starts))
        self.num_unknown += int(np.count_nonzero(joined == UNK_ID))
        self.num_bytes += sum(len(document.text.encode("utf-8", "replace")) for document in documents)

    def require_tokens(self) -> None:
        if self.length < MIN_TOKENS:
            raise UserError(
                N_("This text makes only {found} tokens in one of its parts (train, validation, test). Use more text."),
                found=self.length,
            )

    def __enter__(self) -> "_Rows":
        self._ids.__enter__()
        self._word_starts.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ids.__exit__(kind, error, trace)
        self._word_starts.__exit__(kind, error, trace)
