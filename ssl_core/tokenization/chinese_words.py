"""Chinese cut into words by a dictionary, for texts whose words nobody marked."""

import logging
from importlib import metadata
from typing import Any

from ssl_core import paths


def cut(text: str) -> list[str]:
    """Cut a text into words; joined they give the text again.

    Source: jieba 0.42.1, https://github.com/fxsjy/jieba: the likeliest path through a dictionary's words; what the dictionary
    lacks is cut by a hidden Markov model of characters.
    """
    return list(_dictionary().cut(text))


def version() -> str:
    """Return what changes when the dictionary does."""
    return metadata.version("jieba")


_loaded: dict[str, Any] = {}


def _dictionary() -> Any:
    """Load the dictionary when it is first needed: it takes about a second."""
    if "jieba" not in _loaded:
        import jieba  # here, because most runs never need it

        jieba.setLogLevel(logging.WARNING)
        reader = jieba.Tokenizer()
        folder = paths.cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        reader.tmp_dir = str(folder)  # where it keeps its dictionary, compiled
        _loaded["jieba"] = reader
    return _loaded["jieba"]
