"""Two languages from the first string on.

English texts are the keys. Chinese comes from the gettext catalogues ``locale/zh/*.po``, one a part of the house, read
as they are: there is no compiled copy that could fall behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "zh": "中文"}
LOCALE_DIR = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("language", default="en")


def N_(text: str) -> str:
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return text


def _(text: str) -> str:
    """Return ``text`` in the current language."""
    return translate(text)


def translate(text: str, language: str | None = None) -> str:
    """Return ``text`` in ``language`` (default: the current one), or unchanged where no translation is known."""
    return _catalogue(language or _current.get()).get(text, text)


def sentences(*told: str) -> str:
    """Return sentences of the current language as one text: Chinese ones stand without a space; an empty one is left out."""
    return ("" if current_language() == "zh" else " ").join(each for each in told if each)


def current_language() -> str:
    """Return the key of the language in use here, one of ``LANGUAGES``."""
    return _current.get()


def set_language(language: str) -> None:
    """Use ``language`` from here on in this context (one script run, one command)."""
    _current.set(language if language in LANGUAGES else "en")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use ``language`` inside a ``with`` block."""
    token = _current.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((LOCALE_DIR / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id and message.string:
                    texts[str(message.id)] = str(message.string)
    return texts
