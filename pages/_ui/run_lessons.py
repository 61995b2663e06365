"""What to notice: the lessons of the phases, told with the numbers of the run that is over."""

import re

import numpy as np

from pages._ui import chart_data, live_words, page, phase_words, run_words
from pages._ui.number_strip import minutes, three_digits
from ssl_core import pretext
from ssl_core.i18n import _
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord
from ssl_core.training import phases

AFTER_CHINESE = re.compile("(?<=[。：？]) ")
TAUGHT = phases.PHASES[1:]
OTHER = "live-notice-other"
OF_ANSWERS = (OTHER, "live-notice-compare")  # where answers about a text are asked for, and not its tokens
TOLD_ALIKE = {"restore": "fill"}  # gaps are filled, whether an encoder or a decoder does it
APART_NATS = 0.2  # below this, the two losses differ by chance: one is of a few batches, the other of held-out text
LAST_SHARE = 0.1  # of the reports of the training loss before it, whose mean is held against a validation


def ahead(task: str) -> str:
    """Return as Markdown what to look for in a run that is not over."""
    parts = page.prose_parts(prose_of(task))
    titles = phase_words.named(task, phases.OF_ANSWERS if prose_of(task) in OF_ANSWERS else phases.TITLES)
    told = [_("**{phase}**: {lesson}").format(phase=title, lesson=parts[key]) for key, title in titles.items() if key in TAUGHT]
    return _listed([*_of_task(task), *told, parts["together"], parts.get("more", ""), parts["guess"]])


def afterwards(record: RunRecord) -> str:
    """Return as Markdown what was to be seen in this run, and the lesson of it."""
    task = str(record.spec["task"])
    losses = chart_data.measured(record, "val_loss_nats")
    if not len(losses) or not chart_data.baselines(record):
        return ahead(task)
    parts = page.prose_parts(prose_of(task))
    now = moment(record)
    head = _("{steps} steps in {time}: the loss on held-out text went from {first} to {last} nats.").format(
        steps=f"{now.step:,}", time=minutes(now.elapsed_s), first=three_digits(losses[0]), last=three_digits(_last(record))
    )
    told = [_brought_along(record, float(losses[0])), *(f"{each} {parts[key]}" for key, each in _phases(record).items())]
    guess = live_words.closeness(record)
    return f"{head}\n\n" + _listed(
        [*_of_task(task), *told, _curves(record, parts), parts.get("more", ""), f"{parts['guess']} {guess}" if guess else ""]
    )


def _brought_along(record: RunRecord, first_nats: float) -> str:
    """Say what a run owes to the trained weights it began with; "" where they were random."""
    if not run_words.begins_trained(record.spec):
        return ""
    told = _(
        "**A trained start**: before its first step on this text it lost {first} nats; who guesses blindly loses {uniform}. "
        "To see what the start is worth, train the same from random weights."
    )
    return told.format(
        first=three_digits(first_nats), uniform=three_digits(float(chart_data.baselines(record)["uniform_nats"]))
    )


def _phases(record: RunRecord) -> dict[str, str]:
    """Return for each phase when this run came there, or by how much it did not; none that its start had behind it."""
    is_measured = ~np.isnan(record.metrics["val_loss_nats"])
    steps, seconds, losses = (record.metrics[name][is_measured] for name in ("step", "elapsed_s", "val_loss_nats"))
    lines = chart_data.baselines(record)
    reached, begins = phases.first_reached(losses, lines), phases.begins_at(lines)
    told = {}
    for key, title in phase_words.names(str(record.spec["task"]), lines).items():
        if key not in TAUGHT:
            continue
        if reached.get(key) == 0 and run_words.begins_trained(record.spec):
            continue
        if key in reached:
            place = reached[key]
            told[key] = _("**{phase}**: from step {step} on, after {seconds} s, at {loss} nats.").format(
                phase=title, step=f"{steps[place]:,.0f}", seconds=three_digits(seconds[place]), loss=three_digits(losses[place])
            )
        else:
            told[key] = _(
                "**{phase}**: this run ended before, at {loss} nats; it begins at {line}. What is seen there:"
            ).format(phase=title, loss=three_digits(_last(record)), line=three_digits(begins[key]))
    return told


def _curves(record: RunRecord, parts: dict[str, str]) -> str:
    """Compare the two losses where both are known: at the last validation, for a fast fall may have gone on after it."""
    steps, trained, held_out = (record.metrics[name] for name in ("step", "train_loss_nats", "val_loss_nats"))
    at = np.flatnonzero(~np.isnan(held_out))[-1]
    before = trained[: at + 1][~np.isnan(trained[: at + 1])]
    if not len(before):
        return ""
    training = float(before[-max(1, round(LAST_SHARE * len(before))) :].mean())
    validation = float(held_out[at])
    numbers = _(
        "At step {step}: {training} nats in training, averaged over the tenth before, and {validation} on held-out text."
    )
    told = numbers.format(step=f"{steps[at]:,.0f}", training=three_digits(training), validation=three_digits(validation))
    return f"{parts['apart' if validation - training > APART_NATS else 'together']} {told}"


def _last(record: RunRecord) -> float:
    found = live_words.final_loss(record)
    assert found is not None, "asked for a run with a measured loss"
    return found


def _of_task(task: str) -> list[str]:
    """Return what is to be noticed of this task alone, a sentence or two each."""
    named = f"task-{task}"
    told = page.prose_parts(named).get("notice", "") if page.has_prose(named) else ""
    return [each for each in told.split("\n\n") if each]


def prose_of(task: str) -> str:
    """Return the prose that tells of the phases: as the task is watched, else as any task goes."""
    shown_by = pretext.task(task).PROBE
    named = f"live-notice-{TOLD_ALIKE.get(shown_by, shown_by)}"
    return named if page.has_prose(named) else OTHER


def _listed(told: list[str]) -> str:
    """Return the texts as a list; between Chinese sentences there is no space."""
    return "\n".join(f"- {AFTER_CHINESE.sub('', ' '.join(each.split()))}" for each in told if each)
