"""Tokenised corpora, made once and kept: the second run on a text starts at once."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
from filelock import FileLock, Timeout
from tokenizers import Tokenizer

import ssl_core.corpora
from ssl_core import paths
from ssl_core.corpora import Corpus, Document
from ssl_core.corpora.splits import split
from ssl_core.corpora.uploads import not_written
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import SEP_ID, UNK_ID, TokenIds, TokenizedCorpus, vocabulary_of
from ssl_core.tokenization.config import TokenizerConfig

SPLITS = ("train", "validation", "test")
MIN_TOKENS = 16
_OTHERS_TIME_S = 60.0  # a process that holds the lock longer than this is not waited for; doing it twice is harmless


def tokenized(corpus: Corpus, config: TokenizerConfig) -> TokenizedCorpus:
    """Return a corpus as token numbers, from the cache or made now.

    Safe when two processes ask for the same at once: each sees a whole result or none.
    Raises: UserError if the text is too short, or the result can't be kept.
    """
    folder = _folder(corpus, config)
    if (found := _opened(folder)) is not None:
        return found
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_name(f".{folder.name}.lock"), timeout=_OTHERS_TIME_S)
        try:
            with lock:
                return _opened(folder) or _made(corpus, config, folder)
        except Timeout:
            return _made(corpus, config, folder)
    except OSError as error:
        raise not_written(error) from error


def is_cached(corpus: Corpus, config: TokenizerConfig) -> bool:
    """Say whether ``tokenized`` would answer at once."""
    return (_folder(corpus, config) / "facts.json").is_file()


def _folder(corpus: Corpus, config: TokenizerConfig) -> Path:
    content = [corpus.fingerprint, config.to_json(), tokenizers.__version__, _own_code()]
    name = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]
    return paths.cache_folder() / "tokenized" / name


def _own_code() -> str:
    """Return what changes when the code that makes tokens of text changes."""
    folders = (Path(ssl_core.corpora.__file__).parent, Path(__file__).parent)
    sources = sorted(path for folder in folders for path in folder.glob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def _made(corpus: Corpus, config: TokenizerConfig, folder: Path) -> TokenizedCorpus:
    parts = split(corpus.documents())
    tokenizer = kinds.train(config, parts.train)
    arrays: dict[str, Any] = {}
    for name, documents in zip(SPLITS, (parts.train, parts.validation, parts.test), strict=True):
        arrays[f"{name}_ids"], arrays[f"{name}_word_starts"] = _encode(documents, tokenizer)
        _require_tokens(len(arrays[f"{name}_ids"]))
    num_bytes = sum(len(document.text.encode("utf-8", "replace")) for document in parts.validation)
    facts = {
        "bytes_per_token": num_bytes / len(arrays["validation_ids"]),
        "unknown_rate": float(np.mean(arrays["validation_ids"] == UNK_ID)),
    }
    _write(folder, arrays, tokenizer, facts)
    made = _opened(folder)
    assert made is not None, "what was just written can be read"
    return made


def _encode(documents: Sequence[Document], tokenizer: Tokenizer) -> tuple[TokenIds, BoolArray]:
    """Join the documents' tokens, each document ended by [SEP], which counts as a word."""
    ids: list[TokenIds] = [np.zeros(0, dtype=np.uint16)]
    starts: list[BoolArray] = [np.zeros(0, dtype=bool)]
    for ids_N, starts_N in kinds.encode(tokenizer, documents):
        ids += [ids_N, np.array([SEP_ID], dtype=np.uint16)]
        starts += [starts_N, np.array([True])]
    return np.concatenate(ids), np.concatenate(starts)


def _require_tokens(num_tokens: int) -> None:
    if num_tokens < MIN_TOKENS:
        raise UserError(
            N_("This text makes only {found} tokens in one of its parts (train, validation, test). Use more text."),
            found=num_tokens,
        )


def _write(folder: Path, arrays: dict[str, Any], tokenizer: Tokenizer, facts: dict[str, float]) -> None:
    if folder.is_dir() and _opened(folder) is None:
        shutil.rmtree(folder)
    try:
        with paths.written_whole(folder) as partial:
            partial.mkdir()
            for name, values in arrays.items():
                np.save(partial / f"{name}.npy", values, allow_pickle=False)
            (partial / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
            (partial / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    except OSError:
        if _opened(folder) is None:  # else another process has just written the same
            raise


def _opened(folder: Path) -> TokenizedCorpus | None:
    try:
        arrays = {
            f"{name}_{what}": np.load(folder / f"{name}_{what}.npy", mmap_mode="r", allow_pickle=False)
            for name in SPLITS
            for what in ("ids", "word_starts")
        }
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there yet, or damaged: made anew
        return None
    return TokenizedCorpus(tokenizer=tokenizer, vocabulary=vocabulary_of(tokenizer), folder=folder, **arrays, **facts)
