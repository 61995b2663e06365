"""What a perfect reader believes the story is about, after the words that it has seen."""

from html import escape

import streamlit as st

from pages._ui import probe_bars
from pages._ui.tinyworld_view import View
from ssl_core.corpora.tinyworld import reader
from ssl_core.i18n import N_, _

TITLES = {"character": N_("Who?"), "place": N_("Where?"), "mood": N_("In which mood?")}
NUM_ROWS = 3


def show(view: View, *, asks: bool) -> None:
    """Show for each choice behind the story the likeliest values, given what may be looked at."""
    seen: list[str | None] = list(view.words[: view.at]) if view.mode == "next" else list(view.words)
    if view.mode == "blank":
        seen[view.at] = None
    shares = reader.by_choice(view.machine, reader.latent_posterior(view.machine, seen)[-1])
    note = escape(_("What it believes the story is about, from the words it has seen"))
    groups = "".join(_group(view, name, share_of, asks=asks) for name, share_of in shares.items())
    st.html(f'<p class="pp-note">{note}</p><div class="tinyworld-beliefs">{groups}</div>')


def _group(view: View, name: str, share_of: dict[str, float], *, asks: bool) -> str:
    best = sorted(share_of, key=lambda value: -share_of[value])[:NUM_ROWS]
    true = view.story.latents.get(name) if view.story is not None and not asks else None
    title = _(TITLES[name]) if name in TITLES else name
    rows = "".join(
        f"<li><span>{escape(value)}{' ✓' if value == true else ''}</span>"
        f'<meter min="0" max="1" value="{share_of[value]:.4f}" aria-label="{escape(value)}"></meter>'
        f"<span>{probe_bars.percent(share_of[value])}</span></li>"
        for value in best
    )
    return f"<section><b>{escape(title)}</b><ul>{rows}</ul></section>"
