"""Pieces of a text as chips: coloured by word, glued where they go on with a word, marked where they are unknown or bytes."""

from collections.abc import Sequence
from html import escape

from ssl_core.i18n import N_, _
from ssl_core.tokenization.films import FilmPiece
from ssl_core.tokenization.pieces import BYTES, UNKNOWN, Piece

NUM_COLOURS = 6
UNDER = {"number": N_("its number"), "place": N_("its place in the text")}


def html(pieces: Sequence[Piece], under: str) -> str:
    """Return the pieces of a text, each with its number or its place below it."""
    items = "".join(_chip(each, under) for each in pieces)
    return f'<ol class="token-chips" aria-label="{escape(_("Pieces"))}">{items}</ol>'


def film_html(pieces: Sequence[FilmPiece]) -> str:
    """Return the pieces of a text at one moment of a film; what has just been made stands out."""
    items, word = [], -1
    for each in pieces:
        word += not each.continues
        kinds = [f"w{word % NUM_COLOURS}", "on" * each.continues, "new" * each.is_new, "unknown" * each.is_unknown]
        items.append(f'<li class="{" ".join(filter(None, kinds))}"><b>{escape(each.shown)}</b></li>')
    return f'<ol class="token-chips bare" aria-label="{escape(_("Pieces"))}">{"".join(items)}</ol>'


def _chip(piece: Piece, under: str) -> str:
    kinds = [f"w{piece.word % NUM_COLOURS}", "on" * piece.continues]
    kinds.append({UNKNOWN: "unknown", BYTES: "bytes"}.get(piece.kind, ""))
    place = f"{piece.start}–{piece.end}"
    small = place if under == "place" else str(piece.token_id)
    if piece.kind == UNKNOWN:
        small = f"{piece.token} {small}"
    title = _("{token}: number {id}, characters {place}").format(token=piece.token, id=piece.token_id, place=place)
    shown = f"<b>{escape(piece.shown)}</b><small>{escape(small)}</small>"
    return f'<li class="{" ".join(filter(None, kinds))}" title="{escape(title)}">{shown}</li>'
