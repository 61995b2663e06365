"""Gold dependencies: for each kind of arc the head that finds it best, against the best guess that reads nothing."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from pages._ui import page
from pages._ui.inspected import Model
from ssl_core.attention.blind_guesses import GUESSES
from ssl_core.attention.dependencies import DIRECTIONS
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _, current_language, sentences


def show(answer: Answer, model: Model) -> None:
    """Show a row for each kind of arc, and say how many are found above every blind guess."""
    found = [each for each in answer.values["dependencies"] if each["best"] is not None]
    if not found:
        page.note(_("Too few arcs can be seen by this network on these stories to say anything."))
        return
    num_above = sum(each["best"]["is_above"] for each in found)
    words = _("{count} of {all} kinds of dependency have a head that beats the baselines, on {stories} TinyWorld stories.")
    told = words.format(count=num_above, all=len(found), stories=answer.values["num_stories"])
    if not model.corpus.startswith("tinyworld"):
        told = sentences(told, _("This network never read TinyWorld: a low count says nothing against it."))
    st.html(f'<p class="heads-told" role="status">{escape(told)}</p><ul class="heads-gold">{"".join(map(_row, found))}</ul>')
    page.note(_("Whiskers: 95 % interval over stories. A head is chosen on one half of them and judged on the other."))


def rows(answer: Answer) -> list[dict[str, Any]]:
    """Return the same as a table, with the way each head looks and what the best blind guess does."""
    return [
        {
            _("Dependency"): _name(each),
            _("Layer"): each["best"]["layer"] + 1,
            _("Head"): each["best"]["head"] + 1,
            _("Where it looks"): _(DIRECTIONS[each["best"]["direction"]]),
            _("Found"): _percent(each["best"]["share"]),
            _("Interval"): " – ".join(map(_percent, each["best"]["interval"])),
            _("Best baseline"): f"{_percent(_blind(each)[0])}, {_(GUESSES[_blind(each)[1]][0])}",
        }
        for each in answer.values["dependencies"]
        if each["best"] is not None
    ]


def _row(each: Mapping[str, Any]) -> str:
    best, blind = each["best"], _blind(each)[0]
    told = _("layer {layer}, head {head}: {share}; baseline {blind}").format(
        layer=best["layer"] + 1, head=best["head"] + 1, share=_percent(best["share"]), blind=_percent(blind)
    )
    is_above, (low, high) = best["is_above"], best["interval"]
    sizes = {"share": best["share"], "low": low, "high": high, "blind": blind}
    style = "; ".join(f"--{key}: {100 * value:.1f}%" for key, value in sizes.items())
    return (
        f'<li class="{"above" if is_above else "not"}"><span class="sign" aria-hidden="true">{"✓" if is_above else "–"}</span>'
        f'<b>{escape(_name(each))}</b><span class="track" style="{style}"><i></i><u></u><em></em></span>'
        f"<small>{escape(told)}</small></li>"
    )


def _blind(each: Mapping[str, Any]) -> tuple[float, str]:
    """Return the share and the key of the best guess that reads nothing, in the direction of the best head."""
    guesses = each["directions"][each["best"]["direction"]]["guesses"]
    return max((guess["share"], key) for key, guess in guesses.items())


def _name(each: Mapping[str, Any]) -> str:
    return str(each["titles"].get(current_language()) or each["titles"]["en"])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
