"""Tokenizers without their tokenised corpora: trained in a moment or a minute, then kept by content."""

import logging
from pathlib import Path

from tokenizers import Tokenizer

from ssl_core import paths
from ssl_core.corpora import Corpus, streaming
from ssl_core.corpora.splits import split
from ssl_core.tokenization import cache, kinds, making
from ssl_core.tokenization.config import TokenizerConfig

LOG = logging.getLogger(__name__)


def trained(corpus: Corpus, config: TokenizerConfig) -> Tokenizer:
    """Return the tokenizer that a run on this text would learn: from a run's cache, from the shelf, or trained now.

    Of a text too large for memory it is learnt from the beginning, where a run samples all of it.
    Raises: UserError if the text can't be read.
    """
    if (found := kept(corpus, config)) is not None:
        return found
    sample = streaming.sampled(split(corpus.documents()).train, making.SAMPLE_CHARACTERS)
    tokenizer = kinds.train(config, sample)
    try:
        with paths.written_whole(_path(corpus, config)) as partial:
            partial.write_text(tokenizer.to_str(), encoding="utf-8")
    except OSError as error:  # a full disk is no reason not to show it
        LOG.warning("A tokenizer could not be kept: %s", error)
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


def _path(corpus: Corpus, config: TokenizerConfig) -> Path:
    return paths.cache_folder() / "tokenizers" / f"{cache.folder_of(corpus, config).name}.json"
