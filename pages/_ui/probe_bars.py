"""Probe sentences with bars: for each blank, the five likeliest words."""

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs.record import AFTERWARDS, RunEvent, RunRecord

MAX_ROWS, MIN_ROWS = 5, 1  # a bar each at least, so that six sentences are seen at once
MAX_REFUSED_CHARACTERS = 60
BLANK = re.compile(r"_{3,}|\[MASK\]")
JOINS_LEFT = re.compile(r"[.,;:!?%)\]’”'…]|[^\x00-\u2e7f]")  # no space before these: punctuation, Chinese
LONELY = re.compile(r"\s+([.,;:!?])")
ENDS_IN_LETTER = re.compile(r"[A-Za-z0-9]$")
Group = dict[str, Any]
Row = dict[str, Any]


def filled(text: str, payload: Mapping[str, Any]) -> list[Group]:
    """Return a group for each blank of a sentence, and one for the label that the model gives the whole, if it tells one."""
    sentence = _sentence(text, payload)
    blanks = [
        group(
            text, [_row(guess) for guess in blank["top"][:MAX_ROWS]], _summary(text, blank["top"]),
            number=number, sentence=sentence,
        )
        for number, blank in enumerate(payload["blanks"])
    ]  # fmt: skip
    return [*blanks, *_label(text, payload.get("label", ()), len(blanks))]


def _label(text: str, told: Sequence[Mapping[str, Any]], number: int) -> list[Group]:
    rows = [row(str(each["name"]), str(each["name"]), float(each["probability"])) for each in told[:MAX_ROWS]]
    title = _("The label of the whole:")
    return [group(text, rows, f"{title} {read_aloud(rows)}", number=number, sentence=[{"text": title}])] if rows else []


def group(
    text: str, rows: list[Row], summary: str, *, number: int = 0, sentence: list[dict[str, Any]] | None = None, **more: str
) -> Group:
    """Return the bars of a sentence, shown in parts if given; ``summary`` says aloud what they show."""
    parts = [{"text": text}] if sentence is None else sentence
    return {
        "key": f"{number} {text}",
        "blank": number,
        "sentence": parts,
        "rows": rows,
        "refused": "",
        "summary": summary,
        **more,
    }


def row(key: str, word: str, share: float, told: str = "") -> Row:
    """Return one bar; ``told`` stands beside it in place of the share in percent."""
    return {"key": key, "word": word, "share": round(max(0.0, share), 3), "percent": told or percent(share)}


def read_aloud(rows: Sequence[Row], between: str = ", ") -> str:
    """Return what bars say, in words."""
    return between.join(f"{each['word']} {each['percent']}" for each in rows)


def groups(
    record: RunRecord, until_step: float, drawn: Callable[[str, Mapping[str, Any]], list[Group]] = filled
) -> list[Group]:
    """Return what ``drawn`` makes of each sentence; one that the model has not seen yet waits with empty bars."""
    latest = {str(each.payload["text"]): each.payload for each in record.events_of("probe") if each.step <= until_step}
    refusal = record.latest("probe_refused")
    asked = [str(text) for text in record.spec["probes"]]
    added = [text for text in latest if text not in asked]
    found: list[Group] = []
    for text in [*reversed(added), *asked]:  # what was typed last is seen first
        found += drawn(text, latest[text]) if text in latest else [_waiting(text)]
    if refusal is None:
        return found
    return [_refused(refusal), *found] if is_news(record, refusal) else [*found, _refused(refusal)]


def is_news(record: RunRecord, refusal: RunEvent) -> bool:
    """Return whether a sentence was refused since the model last looked at the others: then it is said first."""
    if refusal.payload.get("probe_id") == AFTERWARDS:
        return True
    looked_at = record.latest("probe")
    return not record.is_finished and (looked_at is None or looked_at.step <= refusal.step)


def percent(share: float) -> str:
    """Return a probability in whole percent."""
    return "<1 %" if share < 0.005 else f"{100 * share:.0f} %"


def shown(token: str) -> str:
    """Return a token as a reader knows it: a piece that ends a word has a hyphen before it."""
    return f"-{token.removeprefix('##')}" if token.startswith("##") else token


def _waiting(text: str) -> Group:
    parts = _with_blanks(BLANK.split(text), [""] * len(BLANK.findall(text)))
    rows = [{"key": f" {place}", "word": "", "share": 0, "percent": ""} for place in range(MAX_ROWS)]
    return group(text, rows, text, sentence=parts)


def _refused(event: RunEvent) -> Group:
    text, reason = shortened(event), UserError.from_json(event.payload["failure"]).message()
    sentence = [{"text": text}]
    return {"key": f"refused {event.id}", "blank": 0, "sentence": sentence, "rows": [], "refused": reason, "summary": text}


def shortened(event: RunEvent) -> str:
    """Return the beginning of the sentence that an event is about."""
    return textwrap.shorten(str(event.payload["text"]), MAX_REFUSED_CHARACTERS, placeholder=" …") or "…"


def _row(guess: Mapping[str, Any]) -> Row:
    token = str(guess["token"])
    return row(token, shown(token), float(guess["probability"]))


def _sentence(text: str, payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the sentence in parts; each blank carries the word that the model likes best there."""
    best = [shown(str(blank["top"][0]["token"])) if blank["top"] else "" for blank in payload["blanks"]]
    pieces = BLANK.split(text)
    if len(pieces) == len(best) + 1:
        return _with_blanks(pieces, best)
    number_at = {blank["position"]: number for number, blank in enumerate(payload["blanks"])}
    pieces = [""]
    for place, token in enumerate(payload["tokens"]):
        if place in number_at:
            pieces[-1] += " " if ENDS_IN_LETTER.search(pieces[-1]) else ""
            pieces.append("")
        else:
            pieces[-1] += _spaced(str(token))
    return _with_blanks(pieces, best)


def _with_blanks(pieces: Sequence[str], words: Sequence[str]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"text": _closed_up(pieces[0])}]
    for number, (word, piece) in enumerate(zip(words, pieces[1:], strict=False)):
        parts += [{"text": word, "blank": number}, {"text": _closed_up(piece)}]
    return parts


def _closed_up(text: str) -> str:
    """Return a text without the blank before its punctuation, which would wrap onto a line of its own."""
    return LONELY.sub(r"\1", text)


def _spaced(token: str) -> str:
    if token.startswith("##"):
        return token.removeprefix("##")
    return token if JOINS_LEFT.match(token) else f" {token}"


def _summary(text: str, top: Sequence[Mapping[str, Any]]) -> str:
    words = ", ".join(f"{shown(str(guess['token']))} {percent(float(guess['probability']))}" for guess in top)
    return _("{sentence} The model's guesses: {words}.").format(sentence=BLANK.sub("▢", text), words=words)
