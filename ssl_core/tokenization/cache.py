"""Tokenised corpora, made once and kept: the second run on a text starts at once."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import tokenizers
from filelock import FileLock, Timeout
from tokenizers import Tokenizer

from ssl_core import paths
from ssl_core.code_version import code_version
from ssl_core.corpora import Corpus
from ssl_core.corpora.uploads import not_written
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization import chinese_words
from ssl_core.tokenization.base import TokenizedCorpus, vocabulary_of
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.making import SPLITS, OnShare, make

_OTHERS_SHORT_TIME_S = 60.0  # a process that holds the lock longer than this is not waited for; doing it twice is harmless
_OTHERS_TIME_S = 3600.0  # the same for a text so large that it may take many minutes


def hear_nothing(share: float) -> None:
    """Let progress pass unheard."""


def tokenized(
    corpus: Corpus, config: TokenizerConfig, on_share: OnShare = hear_nothing, tokenizer: Tokenizer | None = None
) -> TokenizedCorpus:
    """Return a corpus as token numbers, from the cache or made now; ``on_share`` then hears how far it is, from 0 to 1.

    The tokens are those of ``tokenizer``, or of one that is trained on this very text.

    Safe when two processes ask for the same at once: each sees a whole result or none.
    Raises: UserError if the text is too short, or the result can't be kept.
    """
    folder = folder_of(corpus, config, tokenizer)
    if (found := _opened(folder)) is not None:
        return found
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        patience_s = _OTHERS_TIME_S if corpus.is_large else _OTHERS_SHORT_TIME_S
        lock = FileLock(folder.with_name(f".{folder.name}.lock"), timeout=patience_s)
        try:
            with lock:
                return _opened(folder) or _made(corpus, config, folder, on_share, tokenizer)
        except Timeout:
            return _made(corpus, config, folder, on_share, tokenizer)
    except OSError as error:
        raise not_written(error) from error


def is_cached(corpus: Corpus, config: TokenizerConfig) -> bool:
    """Say whether ``tokenized`` would answer at once."""
    return (folder_of(corpus, config) / "facts.json").is_file()


def opened(folder: Path) -> TokenizedCorpus:
    """Return the tokenised corpus that was made in this very folder.

    Raises: UserError if it is not there any more.
    """
    found = _opened(folder)
    if found is None:
        raise UserError(N_("The tokens of this text are not kept any more. Start the run again."))
    return found


def folder_of(corpus: Corpus, config: TokenizerConfig, tokenizer: Tokenizer | None = None) -> Path:
    """Return where a tokenised corpus is kept: its name is made of all that its content hangs on."""
    content = [corpus.fingerprint, config.to_json(), tokenizers.__version__, code_version("corpora", "tokenization")]
    if tokenizer is not None:
        content.append(f"as by {hashlib.sha256(tokenizer.to_str().encode()).hexdigest()}")
    if config.kind == "word":
        content.append(chinese_words.version())
    name = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]
    return paths.cache_folder() / "tokenized" / name


def _made(
    corpus: Corpus,
    config: TokenizerConfig,
    folder: Path,
    on_share: OnShare = hear_nothing,
    tokenizer: Tokenizer | None = None,
) -> TokenizedCorpus:
    if folder.is_dir() and _opened(folder) is None:
        shutil.rmtree(folder)
    try:
        with paths.written_whole(folder) as partial:
            partial.mkdir()
            make(corpus, config, partial, on_share, tokenizer)
    except OSError:
        if _opened(folder) is None:  # else another process has just written the same
            raise
    made = _opened(folder)
    assert made is not None, "what was just written can be read"
    return made


def _opened(folder: Path) -> TokenizedCorpus | None:
    try:
        arrays = {
            f"{name}_{what}": np.load(folder / f"{name}_{what}.npy", mmap_mode="r", allow_pickle=False)
            for name in SPLITS
            for what in ("ids", "word_starts")
        }
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        return TokenizedCorpus(tokenizer=tokenizer, vocabulary=vocabulary_of(tokenizer), folder=folder, **arrays, **facts)
    except (OSError, ValueError, EOFError, TypeError):  # not there yet, or damaged: made anew
        return None
    except Exception as error:
        if type(error) is not Exception:  # a damaged tokenizer raises nothing more exact than this
            raise
        return None
