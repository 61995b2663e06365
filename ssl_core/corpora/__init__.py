"""The texts that models learn from.

A corpus is one module of this package, named in ``MENU``; it declares a ``CARD`` and ``load() -> Corpus``. Its key is
its stem with "-" for "_"; ``bbc-news+king-james`` is a mix of two. Beside these there are the learner's own texts
(``upload-…``), some of the hub (``hub-…``), and files named by their path, of a table with the column: ``PATH::COLUMN``.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from ssl_core.corpora import hub, local_files, mixed, sizes, uploads
from ssl_core.corpora.base import Card, Corpus, Document
from ssl_core.errors import UserError
from ssl_core.i18n import N_

__all__ = ["MENU", "Card", "Corpus", "Document", "card", "cards", "listed", "load"]

MENU = ("tinyworld_en", "tinyworld_zh", "bbc_news", "peoples_daily", "chinese_reviews", "king_james", "python_docs")


def load(key_or_path: str) -> Corpus:
    """Open a corpus: by its key, by an upload's key, or by the path of a text file.

    Raises: UserError if there is none, or the file can't be used.
    """
    if key_or_path in _keys():
        return _installed(key_or_path)
    if several := mixed.parts(key_or_path, _keys()):
        return _mixed(tuple(several))
    if key_or_path.startswith("upload-"):
        return uploads.kept_corpus(key_or_path)
    if key_or_path.startswith(hub.PREFIX):
        return hub.load(key_or_path)
    path, text_column = local_files.parted(key_or_path)
    return local_files.open_path(_existing_path(path), text_column)


def cards() -> list[Card]:
    """Return the cards of all corpora: those of the menu, the learner's own, the newest first, and those of the hub."""
    return [_card(key) for key in _keys()] + uploads.kept_cards() + hub.offered()


def card(key: str) -> Card:
    """Return what a person should know of one corpus.

    Raises: UserError if there is no such corpus.
    """
    if key in _keys():
        return _card(key)
    if several := mixed.parts(key, _keys()):
        return mixed.card([_card(each) for each in several])
    if key.startswith(hub.PREFIX):
        return hub.card(key)
    return uploads.kept_card(key) if key.startswith("upload-") else load(key).card


def listed(key: str) -> Card:
    """Return the card of a text that a page may open: one of the list, never a file of this machine by its path.

    A page asks this of every key that comes to it from a browser, from an address, or from a run that the command line made.
    Raises: UserError if it is none of the list.
    """
    if key in _keys() or mixed.parts(key, _keys()) or key.startswith(("upload-", hub.PREFIX)):
        return card(key)
    raise UserError(
        N_("{key!r} is not on the list of texts. Choose one that is, or upload it; only the command line reads any file."),
        key=key[:80],
    )


@cache
def _installed(key: str) -> Corpus:
    corpus: Corpus = _module(key).load()
    return corpus if corpus.card.num_documents else sizes.counting(corpus)


@cache
def _mixed(keys: tuple[str, ...]) -> Corpus:
    return mixed.mixed([_installed(each) for each in keys])


def _card(key: str) -> Card:
    declared: Card = _module(key).CARD
    return declared if declared.num_documents else sizes.filled(declared, _installed(key).fingerprint)


def _keys() -> list[str]:
    return [stem.replace("_", "-") for stem in MENU]


def _module(key: str) -> Any:
    return import_module(f"ssl_core.corpora.{key.replace('-', '_')}")


def _existing_path(name: str) -> Path:
    path = Path(name).expanduser()
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        is_file = is_folder = False
    if is_file:
        return path
    if is_folder and name:
        raise UserError(
            N_("{path!r} is a folder. Name one file in it; to learn from several, join them into one text file."),
            path=name[:300],
        )
    if path.suffix or path.name != name:  # it looks like a file or a path, not like a key
        raise UserError(N_("There is no file {path!r}. Check its name and folder."), path=name[:300])
    raise UserError(
        N_("Unknown corpus {key!r}; choose one of {known}, or give a text file."), key=name[:80], known=", ".join(_keys())
    )
