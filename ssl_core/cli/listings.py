"""``tasks`` and ``corpora``: what there is to train, and on what."""

import argparse
import json
import textwrap
from typing import Any

from ssl_core import corpora, pretext
from ssl_core.corpora import languages
from ssl_core.i18n import _

WIDTH = 100


def tasks(chosen: argparse.Namespace) -> int:
    """Print the pretext tasks."""
    found = [pretext.task(key) for key in pretext.MENU]
    facts = [
        {
            "key": key,
            "title": _(task.TITLE),
            "question": _(task.QUESTION),
            "source": task.SOURCE,
            "families": list(task.FAMILIES),
        }
        for key, task in zip(pretext.MENU, found, strict=True)
    ]
    return _print(facts, chosen, [("question", ""), ("source", ""), ("families", _("Networks: "))])


def corpora_(chosen: argparse.Namespace) -> int:
    """Print the cards of all texts."""
    facts = [
        {
            "key": card.key,
            "title": _(card.title),
            "language": card.language,
            "is_other_language": card.is_other_language,
            "num_documents": card.num_documents,
            "num_words": card.num_words,
            "licence": card.licence,
            "source": _(card.source),
            "description": _(card.description),
            "flaws": _(card.flaws),
        }
        for card in corpora.cards()
    ]
    shown = [
        ("description", ""),
        ("flaws", _("To keep in mind: ")),
        ("source", _("Source: ")),
        ("licence", _("Licence: ")),
    ]
    return _print(facts, chosen, shown)


def _print(facts: list[dict[str, Any]], chosen: argparse.Namespace, shown: list[tuple[str, str]]) -> int:
    if chosen.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return 0
    for each in facts:
        print(f"{each['key']}  {each['title']}{_size(each)}")
        for name, title in shown:
            value = each[name]
            text = title + (", ".join(value) if isinstance(value, list) else value)
            print(textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")) if text else None
        print()
    return 0


def _size(facts: dict[str, Any]) -> str:
    if not facts.get("num_words"):
        return ""
    size = _("{language}, {num_documents:,} documents, {num_words:,} words").format(
        language=languages.name_of(facts["language"], facts["is_other_language"]),
        num_documents=facts["num_documents"],
        num_words=facts["num_words"],
    )
    return f" ({size})"
