"""The same text drawn a thousand times: how often each thing happens, and the band in which chance alone would keep it."""

from html import escape

import numpy as np
import streamlit as st

from pages._ui import page
from pages._ui.lab_example import Made, class_title, shown
from pages._ui.lab_strip import ROLES
from ssl_core.i18n import N_, _
from ssl_core.pretext import sampling
from ssl_core.pretext.base import Role
from ssl_core.pretext.sampling import Drawn, Rate

HOW_TO_READ = N_(
    "Bar: measured. Bracket: where 95 of 100 such samples lie by chance alone, so about one in twenty falls outside "
    "without any fault. Tick: expected; without a tick the task declares none."
)


def show(sides: list[Made], seed: int) -> None:
    """Draw each side's task a thousand times on the reader's text, and show what came out."""
    has_bars = False
    for made in sides:
        drawn, title = draw(made, seed), escape(_(made.task.TITLE))
        rates = _rates(made, drawn)
        has_bars = has_bars or bool(rates)
        st.html(
            f'<div class="lab-statistics" tabindex="0" role="group" aria-label="{title}">'
            f'<p class="lead"><b>{title}</b> {escape(_lead(made, drawn))}</p>{rates}{_places(made, drawn)}</div>'
        )
    if has_bars:
        page.note(_(HOW_TO_READ))


def draw(made: Made, seed: int) -> Drawn:
    """Return what a thousand draws of the reader's text give."""
    text = (made.text[0][0], made.text[1][0])
    rng = np.random.default_rng([seed, sampling.NUM_DRAWS])
    return sampling.draw(made.task, made.asked.config, made.vocabulary, text, made.others, rng)


def _lead(made: Made, drawn: Drawn) -> str:
    if not drawn.num_draws:
        return _("This text gives no example, however often it is drawn.")
    said = _("{draws} draws of this text, {count} examples.").format(
        draws=f"{sampling.NUM_DRAWS:,}", count=f"{drawn.num_draws:,}"
    )
    if drawn.asked_N.any():
        said += " " + _("Targets in the charted loss: {mean} on average, {low} to {high}.").format(
            mean=f"{drawn.asked_N.mean():.2f}", low=int(drawn.asked_N.min()), high=int(drawn.asked_N.max())
        )
        if idle := int((drawn.asked_N == 0).sum()):
            said += " " + _("Draws that ask for none: {idle}.").format(idle=f"{idle:,}")
    elif made.examples.num_views > 1 and not drawn.roles:
        said += " " + _("No token is changed: only which pieces become views is drawn.")
    elif made.examples.num_views == 1 and not any(each.measured for each in drawn.classes.values()):
        said += " " + _("None of them asks anything.")
    return said


def _rates(made: Made, drawn: Drawn) -> str:
    named = [(f"r{role.value}", *_sign(role), each) for role, each in drawn.roles.items()]
    named += [("class", "", class_title(made, number), each) for number, each in drawn.classes.items() if each.measured]
    if not named:
        return ""
    most = max(max(each.measured, each.high, each.expected or 0) for _kind, _mark, _title, each in named) or 1.0
    rows = "".join(_row(kind, mark, title, each, most) for kind, mark, title, each in named)
    heads = "".join(
        f'<th scope="col">{escape(each)}</th>'
        for each in (_("share of the tokens"), "", _("measured"), _("expected"), _("95 % band"))
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _sign(role: Role) -> tuple[str, str]:
    mark, title = ROLES[role]
    return mark, _(title)


def _row(kind: str, mark: str, title: str, each: Rate, most: float) -> str:
    left, width = 100 * each.low / most, 100 * (each.high - each.low) / most
    tick = "" if each.expected is None else f'<u style="left:{100 * each.expected / most:.2f}%"></u>'
    picture = (
        f'<div class="track"><i class="{kind}" style="width:{100 * each.measured / most:.2f}%"></i>'
        f'<em style="left:{left:.2f}%;width:{width:.2f}%"></em>{tick}</div>'
    )
    state = "" if each.is_inside else ' class="outside"'
    expected = "–" if each.expected is None else _percent(each.expected)
    band = f"{_percent(each.low)} – {_percent(each.high)}"
    return (
        f'<tr{state}><th scope="row"><span class="sign {kind}">{escape(mark)}</span> {escape(title)}</th>'
        f"<td>{picture}</td><td>{_percent(each.measured)}</td><td>{expected}</td><td>{band}</td></tr>"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _places(made: Made, drawn: Drawn) -> str:
    """Return one column for each token: how often it had which role."""
    if not drawn.share_RT.size:
        return ""
    roles = list(drawn.roles)
    tokens = [shown(each, made) for each in made.ids_T.tolist()]
    items, top = [], _top(float(drawn.share_RT.sum(axis=0).max()))
    for place, token in enumerate(tokens):
        shares = drawn.share_RT[:, place]
        parts = "".join(
            f'<i class="r{role.value}" style="height:{100 * share / top:.1f}%"></i>'
            for role, share in zip(roles, shares, strict=True)
            if share > 0
        )
        said = ", ".join(
            f"{_(ROLES[role][1])} {_percent(float(share))}" for role, share in zip(roles, shares, strict=True) if share > 0
        )
        title = escape(f"{token}: {said or _('never touched')}")
        items.append(f'<li title="{title}"><div>{parts}{_band(drawn, top)}</div><bdi>{escape(token)}</bdi></li>')
    label = escape(_("How often each token had which role (the whole height is {share})").format(share=f"{top:.0%}"))
    return f'<p class="lead">{label}</p><ol class="lab-places" tabindex="0" aria-label="{label}">{"".join(items)}</ol>'


def _top(most: float) -> float:
    """Return a round share that the highest column stays below."""
    return next((each for each in (0.1, 0.2, 0.4, 0.6) if most < 0.9 * each), 1.0)


def _band(drawn: Drawn, top: float) -> str:
    """Return the band in which a single token's share should lie, where one is known."""
    expected = [each.expected for each in drawn.roles.values()]
    if not expected or any(each is None for each in expected):
        return ""
    low, high = sampling.binomial_band(min(1.0, sum(each or 0.0 for each in expected)), max(1, drawn.num_draws))
    return f'<em style="bottom:{100 * low / top:.2f}%;height:{100 * (high - low) / top:.2f}%"></em>'
