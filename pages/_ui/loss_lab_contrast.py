"""Pairs of points on a circle: InfoNCE, alignment, uniformity, collapse."""

from collections.abc import Mapping, Sequence
from typing import Any

from pages._ui import loss_lab_part as parts
from pages._ui.loss_lab_part import Change, Figure, Part, Rows, State
from ssl_core.formulas import alignment, info_nce, uniformity
from ssl_core.formulas.circle import on_circle, slopes
from ssl_core.formulas.softmax import softmax
from ssl_core.i18n import N_, _

COLDEST, HOTTEST = 0.05, 2.0
FEWEST, MOST = 2, 6


def usual() -> State:
    """Return where the instrument starts."""
    return {"anchors": [20.0, 80.0, 170.0, 260.0], "partners": [55.0, 120.0, 140.0, 320.0], "temperature": 0.2}


def clean(raw: Mapping[str, Any]) -> State | None:
    """Return a state, or None."""
    sides = [parts.held(raw.get(side), None, -720.0, 720.0, digits=1) for side in ("anchors", "partners")]
    heat = parts.held([raw.get("temperature")], 1, COLDEST, HOTTEST, digits=3)
    if sides[0] is None or sides[1] is None or heat is None or len(sides[0]) != len(sides[1]):
        return None
    if not FEWEST <= len(sides[0]) <= MOST:
        return None
    anchors, partners = ([round(each % 360.0, 1) % 360.0 for each in side or ()] for side in sides)
    return {"anchors": anchors, "partners": partners, "temperature": heat[0]}


def read(parameters: Mapping[str, str]) -> Mapping[str, Any]:
    """Read a state from the address."""
    sides = {side: parts.listed(parameters.get(side)) for side in ("anchors", "partners")}
    return {**sides, "temperature": parameters.get("temperature", usual()["temperature"])}


def write(state: State) -> dict[str, str]:
    """Write a state for the address."""
    return {
        "anchors": parts.commas(state["anchors"]),
        "partners": parts.commas(state["partners"]),
        "temperature": f"{state['temperature']:g}",
    }


def numbers(state: State) -> dict[str, float]:
    """Return the numbers beside the circle."""
    z1_B2, z2_B2 = on_circle(state["anchors"]), on_circle(state["partners"])
    return {
        "loss": info_nce.info_nce(z1_B2, z2_B2, state["temperature"]),
        "chance": info_nce.chance_nats(len(z1_B2)),
        "accuracy": info_nce.accuracy(z1_B2, z2_B2),
        "alignment": alignment.alignment(z1_B2, z2_B2),
        "uniformity": (uniformity.uniformity(z1_B2) + uniformity.uniformity(z2_B2)) / 2,
    }


def figures() -> list[Figure]:
    """Return what the numbers are called."""
    return [
        Figure(key="loss", name=_("loss"), unit=_("nats")),
        Figure(key="chance", name=_("if all coincide: ln B"), unit=_("nats")),
        Figure(key="accuracy", name=_("partners found")),
        Figure(key="alignment", name=_("alignment (0 is best)")),
        Figure(key="uniformity", name=_("uniformity (less is better)")),
    ]


def data(state: State) -> dict[str, Any]:
    """Return the scene."""
    return {
        "moves": parts.moves(
            ("learn", _("Follow the arrows")), ("collapse", _("Collapse")), ("spread", _("Spread out")),
            ("together", _("Pull partners together")), ("shuffle", _("Shuffle")),
        ),
        "labels": {
            "disc": _("Texts as points on a circle: drag them. Disc: a text; ring: its other view; arrow: learning’s push."),
            "matrix": _("cosines of texts (rows) and views (columns); the fuller the colour, the more softmax gives"),
            "cell": _("softmax gives it {share}"),
            "anchor": _("text {number}"),
            "partner": _("other view of text {number}"),
            "degrees": _("{value} degrees"),
            "temperature": _("temperature"),
            "pairs": _("pairs"),
        },
    }  # fmt: skip


def changes(state: State) -> list[Change]:
    """Return what can be guessed about."""
    anchors, heat = state["anchors"], state["temperature"]
    even = [30.0 + 360.0 * place / len(anchors) for place in range(len(anchors))]
    kept = [each - own + to for each, own, to in zip(state["partners"], anchors, even, strict=True)]
    cooler = heat / 2 if heat >= 2 * COLDEST else heat * 2
    spread = clean(state | {"anchors": even, "partners": kept}) or state
    return [
        Change(
            text=_("all points collapse into one"),
            state=state | {"anchors": [60.0] * len(anchors), "partners": [60.0] * len(anchors)},
            lesson=_("ln B: nobody can be told from anybody. And no arrow is left to lead out again."),
        ),
        Change(
            text=_("the temperature goes from {before:g} to {after:g}").format(before=heat, after=round(cooler, 3)),
            state=state | {"temperature": round(cooler, 3)},
            lesson=_("Cold makes small differences of angle large: only the nearest strangers still count.")
            if cooler < heat
            else _("The warmer, the more alike all look to the softmax."),
        ),
        Change(
            text=_("each partner lies exactly on its text"),
            state=state | {"partners": list(anchors)},
            lesson=_("Alignment is perfect; what is left of the loss comes from texts that lie too near each other."),
        ),
        Change(
            text=_("the texts spread out evenly, each with its partner at its side"),
            state=spread,
            lesson=_("Room on the circle makes strangers unlike: uniformity falls."),
        ),
    ]


def worked(state: State) -> Sequence[str]:
    """Return the formulas with the numbers put in: the first text's choice, and the mean of all."""
    tex, now, heat = parts.tex, numbers(state), state["temperature"]
    cosines_BB = info_nce.similarities(on_circle(state["anchors"]), on_circle(state["partners"]))
    first, surprises = cosines_BB[0].tolist(), info_nce.surprises(cosines_BB, heat).tolist()
    terms = " + ".join(f"e^{{{tex(each)}/{tex(heat)}}}" for each in first)
    return [
        rf"\mathcal{{L}}_1 = -\ln \frac{{e^{{{tex(first[0])}/{tex(heat)}}}}}{{{terms}}} = {tex(surprises[0])}",
        rf"\mathcal{{L}} = \frac{{1}}{{{len(first)}}}\,({' + '.join(tex(each) for each in surprises)}) = {tex(now['loss'])}",
        rf"\ln {len(first)} = {tex(now['chance'])}\ \text{{{_('nats')}}}",
    ]


def rows(state: State) -> Rows:
    """Return the numbers as a table."""
    z1_B2, z2_B2, heat = on_circle(state["anchors"]), on_circle(state["partners"]), state["temperature"]
    cosines_BB = info_nce.similarities(z1_B2, z2_B2)
    shares_BB = softmax(cosines_BB, heat)
    first_B, second_B = (
        slopes(angles, each)
        for angles, each in zip((state["anchors"], state["partners"]), info_nce.gradient(z1_B2, z2_B2, heat), strict=True)
    )
    return [
        {
            _("pair"): str(place + 1),
            _("text (degrees)"): f"{state['anchors'][place]:.1f}",
            _("other view (degrees)"): f"{state['partners'][place]:.1f}",
            _("cosine"): f"{cosines_BB[place, place]:.4f}",
            _("probability"): f"{shares_BB[place, place]:.4f}",
            _("gradient of both (nats a radian)"): f"{first_B[place]:+.3f} / {second_B[place]:+.3f}",
        }
        for place in range(len(z1_B2))
    ]


PART = Part(
    key="contrast", kind="contrast", title=N_("InfoNCE"), question=N_("Which of these is my partner?"),
    formulas=("info_nce", "alignment", "uniformity"), prose="loss-lab-contrast",
    usual=usual, clean=clean, read=read, write=write, numbers=numbers, figures=figures, data=data, changes=changes,
    worked=worked, rows=rows,
)  # fmt: skip
