"""Play, pause, step, slow down and scrub a recorded run: the clock runs in the reader's browser and stops with the run."""

from collections.abc import Mapping, Sequence

from pages._ui.components import component
from ssl_core.i18n import _

SPEEDS = (1, 3, 10)
START_S = 2.0


def show(name: str, length_s: float, *, words: Mapping[str, str] | None = None, speeds: Sequence[int] = SPEEDS) -> float:
    """Show the transport of a replay, and return the second it is at.

    What is counted may be something else than seconds: ``words`` then says so ("step", "second", "of").
    """
    labels = {
        "play": _("Play"),
        "pause": _("Pause"),
        "again": _("Play again"),
        "step": _("One second on"),
        "second": _("Second"),
        "speed": _("Speed"),
        "of": _("{second} of {length} s"),
    }
    data = {
        "name": name,
        "length": length_s,
        "start": min(START_S, length_s),
        "speeds": tuple(speeds),
        "speed": speeds[min(1, len(speeds) - 1)],
        "labels": {**labels, **(words or {})},
    }
    result = component("transport")(
        key=f"transport.{name}", data=data, default={"second": data["start"]}, on_second_change=_moved
    )
    second = result.get("second")
    return min(max(float(second), 0.0), length_s) if isinstance(second, (int, float)) else data["start"]


def _moved() -> None:
    """Let Streamlit know that the second is kept as state."""
