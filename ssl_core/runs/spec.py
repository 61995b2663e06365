"""Everything needed to repeat a run, as one JSON value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ssl_core import mistakes, pretext, shelf
from ssl_core.config import Config, knob
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.models.config import ModelConfig
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig

MAX_PROBES = 8
MAX_PROBE_CHARACTERS = 300
START = re.compile(rf"[0-9a-f]{{1,32}}|{shelf.PREFIX}[a-z0-9-]{{1,40}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec(Config):
    """One run: which task on which text by which network, trained how, watched on which sentences."""

    task: str = "masked_lm"
    corpus: str = "bbc-news"
    task_settings: Config
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = knob(0, N_("Seed"), N_("Same seed, same machine: same numbers."), minimum=0, maximum=2**31 - 1, step=1)
    mistake: str = knob(
        mistakes.NO_MISTAKE, N_("Mistake, on purpose"), N_("Break the run in one way, to see what its curves then do."),
        choices={mistakes.NO_MISTAKE: N_("none"), **{key: mistakes.mistake(key).TITLE for key in mistakes.MENU}},
        advanced=True,
    )  # fmt: skip
    probes: tuple[str, ...] = ()
    """Sentences the run is watched on; ``___`` marks a blank, for tasks that fill blanks."""
    start: str = ""
    """What it begins with: "" for random weights; a run's id or ``shelf:NAME`` for trained ones, whose tokenizer and network
    ``tokenizer`` and ``model`` then repeat, see ``runs.starts``."""
    start_step: int | None = None
    """Which of the steps that are kept of its start; None for the newest."""

    def problems(self) -> list[str]:
        """Return every reason why this run can't start."""
        found = Config.problems(self)
        if not isinstance(self.corpus, str) or not self.corpus:
            found.append(_("The corpus is {value!r}; give its key or the path of a text file.").format(value=self.corpus))
        families = pretext.task(self.task).FAMILIES
        if self.model.family not in families:
            found.append(
                _("{task} can't train the family {family!r}; choose one of {families}.").format(
                    task=_(pretext.task(self.task).TITLE), family=self.model.family, families=", ".join(families)
                )
            )
        if self.mistake in mistakes.MENU and not mistakes.applies(self.mistake, self.task):
            found.append(
                _("The mistake “{mistake}” can't be made in this task; it can in {tasks}.").format(
                    mistake=_(mistakes.mistake(self.mistake).TITLE), tasks=", ".join(mistakes.tasks_of(self.mistake))
                )
            )
        found += self._problems_of_start()
        if len(self.probes) > MAX_PROBES:
            found.append(
                _("{count} probe sentences are too many; keep {limit}.").format(count=len(self.probes), limit=MAX_PROBES)
            )
        if not all(isinstance(probe, str) and probe.strip() for probe in self.probes):
            found.append(_("Each probe sentence must be a text of at least one character."))
        elif any(len(probe) > MAX_PROBE_CHARACTERS for probe in self.probes):
            found.append(
                _("A probe sentence is too long; keep it under {limit} characters.").format(limit=MAX_PROBE_CHARACTERS)
            )
        return found

    def _problems_of_start(self) -> list[str]:
        step = self.start_step
        if not isinstance(self.start, str) or (self.start and not START.fullmatch(self.start)):
            told = _(
                "A run can't start from {value!r}; give the id of a run, or the name of a model that comes along: {names}."
            )
            return [told.format(value=str(self.start)[:80], names=", ".join(map(shelf.key, shelf.names())))]
        if step is not None and (isinstance(step, bool) or not isinstance(step, int) or step < 0):
            return [_("The step to start from is {value!r}; give a whole number, or none for the newest.").format(value=step)]
        if step is not None and not self.start:
            return [_("Step {step} of what? Say which run to start from, or leave the step out.").format(step=step)]
        return []

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "RunSpec":
        """Rebuild a spec from ``to_json``'s values; what is missing takes its default.

        Raises: UserError if the task or a setting is unknown, or a value is outside its range.
        """
        values = dict(_object(saved))
        task = pretext.task(values.get("task", "masked_lm"))
        parts = {"task_settings": task.Config, "tokenizer": TokenizerConfig, "model": ModelConfig, "training": TrainingConfig}
        for name, part in parts.items():
            inner = dict(_object(values.get(name) or {}))
            if "pace" in inner:
                inner["pace"] = _steps(inner["pace"])
            values[name] = part.from_json(inner)
        probes = values.get("probes", ())
        values["probes"] = tuple(probes) if isinstance(probes, (list, tuple)) else (probes,)
        return super(RunSpec, cls).from_json(values)


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UserError(N_("A run's settings must be a JSON object; this is {kind}."), kind=type(value).__name__)
    return value


def _steps(pace: Any) -> tuple[int, ...]:
    """Return the pace as a tuple, if it is one: whole numbers that never fall."""
    is_list = isinstance(pace, (list, tuple)) and all(isinstance(step, int) and step >= 0 for step in pace)
    if not is_list or any(later < earlier for earlier, later in pairwise(pace)):
        raise UserError(N_("A pace is a list of step numbers that never fall, as a finished run's settings hold it."))
    return tuple(pace)
