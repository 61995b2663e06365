"""Form widgets made from settings: a new knob needs no page code."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

from ssl_core.config import Config, Knob, knobs
from ssl_core.i18n import _

MAX_SLIDER_STOPS = 200
LADDER = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)  # stops within each power of ten
PRACTICALLY_UNLIMITED = 1e9  # what bounds a number for the machine's sake alone
Values = dict[str, Any]


def fields(
    config: Config,
    key: str,
    *,
    only: dict[str, Sequence[str]] | None = None,
    fixed: Collection[str] = (),
    num_columns: int = 3,
) -> Values:
    """Show a widget for each knob of ``config``, the usual ones first, and return what they say.

    ``only`` narrows the choices of a knob; ``fixed`` ones show what they are and can't be turned. Every widget's key is
    ``key.name``.
    """
    declared = knobs(type(config))
    values: Values = {}
    for is_advanced in (False, True):
        names = [name for name, each in declared.items() if each.advanced == is_advanced]
        if names and is_advanced:
            st.caption(_("Finer settings"))
        for start in range(0, len(names), num_columns):
            for column, name in zip(st.columns(num_columns), names[start : start + num_columns], strict=False):
                with column:
                    allowed = (only or {}).get(name)
                    values[name] = field(
                        declared[name], getattr(config, name), key=f"{key}.{name}", only=allowed, is_fixed=name in fixed
                    )
    return values


def field(declared: Knob, value: Any, *, key: str, only: Sequence[str] | None = None, is_fixed: bool = False) -> Any:
    """Show the widget that fits one knob and return its value, of the type that ``value`` has."""
    label = _(declared.title)
    if declared.unit:
        label = _("{name} ({unit})").format(name=label, unit=_(declared.unit))
    if declared.paper:
        label = f"{label} · {declared.paper}"
    named = {"label": label, "key": key, "help": explained(declared), "disabled": is_fixed}
    if isinstance(value, bool):
        return st.toggle(value=value, **named)
    if declared.choices is not None:
        return _choice(declared, value, only, named)
    if declared.logarithmic:
        stops = sorted({*ladder(float(declared.minimum or 1e-6), float(declared.maximum or 1.0)), float(value)})
        return st.select_slider(options=stops, value=float(value), format_func=lambda stop: f"{stop:g}", **named)
    return _number(declared, value, named)


def explained(declared: Knob) -> str:
    """Return a knob's help with its range."""
    text = _(declared.help)
    if declared.choices is None and declared.minimum is not None and declared.maximum is not None:
        if declared.maximum >= PRACTICALLY_UNLIMITED:
            span = _("At least {low}, no upper limit.").format(low=_short(declared.minimum))
        else:
            span = _("From {low} to {high}.").format(low=_short(declared.minimum), high=_short(declared.maximum))
        return f"{text} {span}"
    return text


def ladder(low: float, high: float) -> list[float]:
    """Return round numbers from ``low`` to ``high``, evenly spread over each power of ten."""
    powers = range(-12, 13)
    return [stop for power in powers for digit in LADDER if low <= (stop := float(f"{digit}e{power}")) <= high]


def _choice(declared: Knob, value: str, only: Sequence[str] | None, named: Values) -> str:
    assert declared.choices is not None, "asked for a knob with choices"
    titles = declared.choices
    options = [each for each in titles if only is None or each in only]
    index = options.index(value) if value in options else 0
    shown: Callable[[str], str] = lambda option: _(titles[option])  # noqa: E731
    return str(st.selectbox(options=options, index=index, format_func=shown, **named))


def _number(declared: Knob, value: float, named: Values) -> float:
    kind = int if isinstance(value, int) else float
    low, high, step = (None if each is None else kind(each) for each in (declared.minimum, declared.maximum, declared.step))
    if low is not None and high is not None and step and (high - low) / step <= MAX_SLIDER_STOPS:
        return kind(st.slider(min_value=low, max_value=high, value=kind(value), step=step, **named))
    step = step or (1 if kind is int else None)
    given = st.number_input(
        min_value=low, max_value=high, value=kind(value), step=step, format=None if kind is int else "%g", **named
    )
    return kind(value if given is None else given)


def _short(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"
