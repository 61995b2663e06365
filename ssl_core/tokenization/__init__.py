"""How text becomes tokens: tokenizers trained on the text itself, and tokenised corpora."""

from typing import TYPE_CHECKING

from ssl_core.tokenization.config import TokenizerConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokenizers import Tokenizer

    from ssl_core.corpora import Corpus
    from ssl_core.tokenization.base import TokenizedCorpus
    from ssl_core.tokenization.pair_joining import Merge

__all__ = ["default_config", "is_cached", "merges", "tokenized"]

_DEFAULTS = {"en": TokenizerConfig(), "zh": TokenizerConfig(kind="character", vocabulary_size=2048)}


def default_config(language: str) -> TokenizerConfig:
    """Return the usual tokenizer of a language: pieces of words for English, characters for Chinese."""
    return _DEFAULTS[language]


def tokenized(
    corpus: "Corpus",
    config: TokenizerConfig,
    on_share: "Callable[[float], None] | None" = None,
    *,
    tokenizer: "Tokenizer | None" = None,
) -> "TokenizedCorpus":
    """Return a corpus as token numbers, made now or, the second time, read from the cache; see ``cache``.

    While it is made, ``on_share`` hears from time to time which share is done, from 0 to 1. With a ``tokenizer`` given, which
    was trained as ``config`` says on whatever text, none is trained on this one.
    """
    from ssl_core.tokenization import cache  # here, so that settings can be read without any tokenizer

    return cache.tokenized(corpus, config, on_share or cache.hear_nothing, tokenizer)


def is_cached(corpus: "Corpus", config: TokenizerConfig) -> bool:
    """Say whether ``tokenized`` would answer at once."""
    from ssl_core.tokenization import cache

    return cache.is_cached(corpus, config)


def merges(tokenizer: "Tokenizer") -> tuple["Merge", ...]:
    """Return what a tokenizer learned to join, in the order in which it learned it; () where it joins nothing."""
    from ssl_core.tokenization import learned_merges

    return learned_merges.merges(tokenizer)
