"""Vocabulary size against sequence length and bits per byte: recorded for the house's own texts, or measured once and kept.

``python -m ssl_core.tokenization.size_curves CORPUS`` measures, kind after kind, and writes down what it has each time.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from subprocess import Popen

from ssl_core import child, corpora, paths
from ssl_core.corpora import Corpus, Document, streaming
from ssl_core.corpora.splits import split
from ssl_core.corpora.uploads import not_written
from ssl_core.errors import UserError
from ssl_core.tokenization import cache
from ssl_core.tokenization.config import KINDS, TokenizerConfig
from ssl_core.tokenization.statistics import Statistics, size_curve

RECORDED = Path(__file__).parents[2] / "assets" / "tokenizers"
LEARNT_CHARACTERS, MEASURED_CHARACTERS = 400_000, 60_000
"""Of the train part, to learn from and count on; and of the validation part, to measure on."""

Curves = Mapping[str, tuple[Statistics, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeCurves:
    """What each kind makes of a text's validation part, with larger and larger vocabularies."""

    by_kind: Curves
    is_complete: bool


def found(key: str) -> SizeCurves | None:
    """Return the curves of a text as far as they are there; None where nothing is: ask ``start`` for them.

    Raises: UserError if there is no such text.
    """
    recorded = RECORDED / f"sizes-{key}.json"
    if recorded.parent == RECORDED and recorded.is_file():
        return _loaded(recorded, recorded.stat().st_mtime_ns)
    path = _path(corpora.load(key))
    return _loaded(path, path.stat().st_mtime_ns) if path.is_file() else None


def start(key: str) -> "Popen[bytes]":
    """Measure in a process of its own, so that no page waits."""
    return child.start("ssl_core.tokenization.size_curves", key)


def parts_of(corpus: Corpus) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """Return what is learnt from and what is measured on."""
    parts = split(corpus.documents())
    return streaming.sampled(parts.train, LEARNT_CHARACTERS), streaming.sampled(parts.validation, MEASURED_CHARACTERS)


def measure(corpus: Corpus, path: Path) -> None:
    """Measure all kinds, and keep what there is after each.

    Raises: UserError if the text can't be read, or the result can't be kept.
    """
    learnt, measured = parts_of(corpus)
    done: dict[str, tuple[Statistics, ...]] = {}
    for kind in KINDS:
        done[kind] = tuple(size_curve(kind, learnt, measured))
        packed = {name: [asdict(each) for each in curve] for name, curve in done.items()}
        try:
            with paths.written_whole(path) as partial:
                partial.write_text(json.dumps(packed, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        except OSError as error:
            raise not_written(error) from error


def record(key: str) -> Path:
    """Measure one of the house's own texts and keep its curves in the repository."""
    path = RECORDED / f"sizes-{key}.json"
    measure(corpora.load(key), path)
    return path


@lru_cache(maxsize=24)
def _loaded(path: Path, _changed_at_ns: int) -> SizeCurves | None:
    try:
        packed = json.loads(path.read_text(encoding="utf-8"))
        curves = {
            kind: tuple(Statistics(**{**each, "longest": tuple(each["longest"])}) for each in curve)
            for kind, curve in packed.items()
        }
    except (OSError, ValueError, TypeError, LookupError, AttributeError):  # damaged by hand: measured anew
        return None
    return SizeCurves(by_kind=curves, is_complete=set(curves) >= set(KINDS))


def _path(corpus: Corpus) -> Path:
    content = f"{cache.folder_of(corpus, TokenizerConfig(kind='word')).name} {LEARNT_CHARACTERS} {MEASURED_CHARACTERS}"
    return paths.cache_folder() / "tokenizers" / f"sizes-{hashlib.sha256(content.encode()).hexdigest()[:24]}.json"


if __name__ == "__main__":
    import os

    child.end_with_parent()
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        asked = corpora.load(sys.argv[1])
        measure(asked, _path(asked))
    except UserError as error:
        raise SystemExit(str(error)) from error
