"""Tokenizers without their tokenised corpora: trained once, then kept by content.

``python -m ssl_core.tokenization.shelf CORPUS KIND SIZE`` trains one; the page process leaves that to a process of its own.
"""

import hashlib
import json
import logging
import sys
from pathlib import Path
from subprocess import Popen

from tokenizers import Tokenizer

from ssl_core import child, corpora, paths
from ssl_core.corpora import Corpus, streaming
from ssl_core.corpora.splits import split
from ssl_core.corpora.uploads import not_written
from ssl_core.errors import UserError
from ssl_core.tokenization import cache, kinds, making
from ssl_core.tokenization.config import TokenizerConfig

LOG = logging.getLogger(__name__)


def trained(corpus: Corpus, config: TokenizerConfig) -> Tokenizer:
    """Return the tokenizer that a run on this text would learn: from a run's cache, from the shelf, or trained now.

    Of a text too large for memory it is learnt from the beginning, where a run samples all of it.
    Raises: UserError if the text can't be read, or the tokenizer can't be kept.
    """
    if (found := kept(corpus, config)) is not None:
        return found
    sample = streaming.sampled(split(corpus.documents()).train, making.SAMPLE_CHARACTERS)
    tokenizer = kinds.train(config, sample)
    try:
        with paths.written_whole(_path(corpus, config)) as partial:
            partial.write_text(tokenizer.to_str(), encoding="utf-8")
    except OSError as error:
        raise not_written(error) from error
    return tokenizer


def kept(corpus: Corpus, config: TokenizerConfig) -> Tokenizer | None:
    """Return the tokenizer if it was trained before, else None."""
    return opened(cache.folder_of(corpus, config) / "tokenizer.json") or opened(_path(corpus, config))


def opened(path: Path) -> Tokenizer | None:
    """Read a tokenizer's file; None where there is none, or a damaged one."""
    try:
        return Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    except Exception as error:  # noqa: BLE001  the library raises nothing more exact than this
        LOG.warning("%s is no tokenizer: %s", path, error)
        return None


def start(key: str, config: TokenizerConfig) -> "Popen[bytes]":
    """Train in a process of its own, so that no page waits."""
    return child.start("ssl_core.tokenization.shelf", key, config.kind, str(config.vocabulary_size))


def failure(key: str, config: TokenizerConfig) -> UserError | None:
    """Return why a tokenizer could not be trained the last time; None where nobody tried or it could."""
    try:
        return UserError.from_json(json.loads(_note(key, config).read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError):
        return None


def main(key: str, config: TokenizerConfig) -> None:
    """Train a tokenizer, and leave a note where that fails, for whoever asked."""
    note = _note(key, config)
    note.unlink(missing_ok=True)
    try:
        trained(corpora.load(key), config)
    except UserError as error:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(error.to_json(), ensure_ascii=False), encoding="utf-8")
        raise SystemExit(str(error)) from error


def _path(corpus: Corpus, config: TokenizerConfig) -> Path:
    return paths.cache_folder() / "tokenizers" / f"{cache.folder_of(corpus, config).name}.json"


def _note(key: str, config: TokenizerConfig) -> Path:
    name = hashlib.sha256(json.dumps([key, config.to_json()]).encode()).hexdigest()[:24]
    return paths.cache_folder() / "tokenizers" / f"{name}.failure.json"


if __name__ == "__main__":
    child.end_with_parent()
    main(sys.argv[1], TokenizerConfig(kind=sys.argv[2], vocabulary_size=int(sys.argv[3])))
