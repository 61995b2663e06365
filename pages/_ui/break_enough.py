"""Whether two runs had the time to show what a mistake does, and how much they need on this machine."""

from pages._ui import machine_pace
from pages._ui.number_strip import minutes
from ssl_core.i18n import _, sentences
from ssl_core.runs import pairs
from ssl_core.runs.spec import RunSpec
from ssl_core.training import estimates, shown
from ssl_core.training.shown import Pair


def missing(live: Pair, recorded: Pair | None) -> str:
    """Say that two finished runs do not show what the mistake does, for want of steps; "" where they do, or had enough."""
    needed, taken = steps_needed(recorded), shown.steps_taken(live)
    if shown.is_shown(live) or (needed is not None and taken >= needed):
        return ""
    told = _("Not shown yet: these runs made only {steps} steps.").format(steps=f"{taken:,}")
    if needed is None:
        return told
    return sentences(told, _("In the recording it takes about {needed}.").format(needed=f"{needed:,}"))


def longer_seconds(live: Pair, recorded: Pair | None) -> float:
    """Return how long two runs should go on here to show the mistake, by the speed of those that did not."""
    had_s = max(float(each.metrics["elapsed_s"][-1]) if len(each.metrics["step"]) else pairs.SECONDS for each in live)
    step_s, needed = shown.seconds_per_step(live), steps_needed(recorded)
    wanted_s = estimates.enough(needed) * step_s if step_s is not None and needed is not None else 0.0
    return estimates.round_seconds(max(wanted_s, 2 * had_s))


def usual_seconds(recorded: Pair | None) -> float:
    """Return how long both runs go on: 20 seconds, or as long as this machine was measured to need."""
    needed = steps_needed(recorded)
    if recorded is None or needed is None:
        return pairs.SECONDS
    pace = machine_pace.of(RunSpec.from_json(recorded[0].spec))
    if pace is None:
        return pairs.SECONDS
    return max(pairs.SECONDS, estimates.round_seconds(estimates.enough(needed) * pace.seconds_per_step))


def steps_needed(recorded: Pair | None) -> int | None:
    """Return from which step on a recorded pair shows its mistake; None where nothing is known of that."""
    return None if recorded is None else shown.steps_needed(recorded)


def duration(seconds: float) -> str:
    """Return a time as one sets a clock to it: 20 s, 2:00."""
    return _("{seconds} s").format(seconds=f"{seconds:.0f}") if seconds < 60 else minutes(seconds)
