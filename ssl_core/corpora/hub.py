"""Texts of the Hugging Face hub: a short list, each at one fixed revision, fetched once and then kept on this machine.

Only fetching needs the package ``datasets``, and a connection.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ssl_core import paths
from ssl_core.corpora import online, sizes
from ssl_core.corpora.base import Card, Corpus, Document, count_words, tidy
from ssl_core.corpora.hub_list import TEXTS, HubText
from ssl_core.corpora.repeats import said
from ssl_core.corpora.uploads import not_written
from ssl_core.errors import UserError
from ssl_core.i18n import N_

PREFIX = "hub-"
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
_MIN_WORDS = 5


def offered() -> list[Card]:
    """Return the cards of the texts that can be had now: those kept here, and the others while the hub is within reach."""
    is_online = online.is_online()
    return [card(text.card.key) for text in TEXTS if is_online or is_kept(text.card.key)]


def card(key: str) -> Card:
    """Return what a person should know of a text before it is fetched.

    Raises: UserError if it is not on the list.
    """
    text = _listed(key)
    return sizes.filled(text.card, _fingerprint(text))


def is_kept(key: str) -> bool:
    """Say whether a text has been fetched."""
    return _path(_listed(key)).is_file()


def load(key: str) -> Corpus:
    """Open a text of the list; it is fetched when its documents are first asked for.

    Raises: UserError if it is not on the list.
    """
    return corpus_of(_listed(key))


def corpus_of(text: HubText) -> Corpus:
    """Open a text of any description."""

    def read() -> Iterator[Document]:
        if not _path(text).is_file():
            fetch(text)
        with _path(text).open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                name, content, label = json.loads(line)
                yield Document(id=name, text=content, label=label)

    fingerprint = _fingerprint(text)
    return Corpus(sizes.filled(text.card, fingerprint), fingerprint, read, is_large=text.is_streamed)


def fetch(text: HubText) -> None:
    """Load a text from the hub and keep its cleaned documents; of a streamed one only as many as its card says.

    Raises: UserError if the hub is out of reach, answers otherwise than expected, or the text can't be kept.
    """
    seen: set[bytes] = set()
    num_words = 0
    try:
        with paths.written_whole(_path(text)) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
            for document in islice(_documents(text), text.max_documents):
                digest = hashlib.blake2b(said(document.text).encode("utf-8", "replace"), digest_size=8).digest()
                if digest not in seen:
                    seen.add(digest)
                    num_words += count_words(document.text)
                    file.write(json.dumps([document.id, document.text, document.label], ensure_ascii=False) + "\n")
            if not seen:
                raise UserError(N_("{key} holds no text that could be read."), key=text.card.key)
    except OSError as error:
        raise not_written(error) from error
    sizes.keep(_fingerprint(text), len(seen), num_words)


def _documents(text: HubText) -> Iterator[Document]:
    for number, row in enumerate(_rows(text), start=1):
        content = clean(str(row.get(text.text_column) or ""))
        if count_words(content) >= _MIN_WORDS:
            yield Document(id=str(number), text=content, label=_label(row, text))


def _rows(text: HubText) -> Iterator[Mapping[str, Any]]:
    """Give the rows as the package ``datasets`` gives them; its many kinds of trouble become one that a person can read."""
    import datasets  # here, because it takes a second and only this needs it

    datasets.disable_progress_bars()
    if text.revision and not online.is_allowed():
        raise UserError(
            N_("{key} could not be loaded: this machine may not ask the hub (PLAYGROUND_HUB or HF_HUB_OFFLINE is set)."),
            key=text.card.key,
        )
    try:
        yield from datasets.load_dataset(
            text.path,
            text.config,
            data_files=list(text.data_files) or None,
            split=text.split,
            revision=text.revision,
            streaming=text.is_streamed,
            cache_dir=str(paths.cache_folder() / "datasets"),
        )
    except (OSError, ValueError, LookupError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        raise _not_loaded(text, str(error).splitlines()[0][:200] if str(error) else type(error).__name__) from error


def clean(content: str) -> str:
    """Return a text without HTML."""
    without_tags = _TAG.sub("", _BREAK.sub("\n", content))
    return tidy("\n".join(" ".join(line.split()) for line in html.unescape(without_tags).split("\n")))


def _label(row: Mapping[str, Any], text: HubText) -> str | None:
    value = row.get(text.label_column) if text.label_column else None
    if isinstance(value, int) and 0 <= value < len(text.labels):
        return text.labels[value]
    return value if isinstance(value, str) else None


def _not_loaded(text: HubText, reason: str) -> UserError:
    return UserError(
        N_(
            "{key} could not be loaded from the hub: {reason}. Check the connection and try again; what was fetched before "
            "works offline, too."
        ),
        key=text.card.key,
        reason=reason,
    )


def _listed(key: str) -> HubText:
    found = next((text for text in TEXTS if text.card.key == key), None)
    if found is None:
        raise UserError(
            N_("{key!r} is not among the texts that may be fetched from the hub: {known}."),
            key=key[:80],
            known=", ".join(text.card.key for text in TEXTS),
        )
    return found


def _fingerprint(text: HubText) -> str:
    facts = [text.path, text.config, text.revision, text.split, text.text_column, text.label_column, text.max_documents]
    return hashlib.sha256(repr([facts, text.data_files]).encode()).hexdigest()


def _path(text: HubText) -> Path:
    return paths.cache_folder() / "hub" / f"{text.card.key}-{_fingerprint(text)[:12]}" / "documents.jsonl"
