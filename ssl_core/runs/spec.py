"""Everything needed to repeat a run, as one JSON value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ssl_core import pretext
from ssl_core.config import Config, knob
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.models.config import ModelConfig
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig

MAX_PROBES = 8
MAX_PROBE_CHARACTERS = 300


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
    probes: tuple[str, ...] = ()
    """Sentences the run is watched on; ``___`` marks a blank, for tasks that fill blanks."""

    def problems(self) -> list[str]:
        """Return every reason why this run can't start."""
        found = Config.problems(self)
        families = pretext.task(self.task).FAMILIES
        if self.model.family not in families:
            found.append(
                _("{task} can't train the family {family!r}; choose one of {families}.").format(
                    task=_(pretext.task(self.task).TITLE), family=self.model.family, families=", ".join(families)
                )
            )
        if len(self.probes) > MAX_PROBES:
            found.append(
                _("{count} probe sentences are too many; keep {limit}.").format(count=len(self.probes), limit=MAX_PROBES)
            )
        if any(len(probe) > MAX_PROBE_CHARACTERS for probe in self.probes):
            found.append(
                _("A probe sentence is too long; keep it under {limit} characters.").format(limit=MAX_PROBE_CHARACTERS)
            )
        return found

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "RunSpec":
        """Rebuild a spec from ``to_json``'s values; what is missing takes its default.

        Raises: UserError if the task or a setting is unknown, or a value is outside its range.
        """
        if not isinstance(saved, Mapping):
            raise UserError(N_("A run's settings must be a JSON object; this is {kind}."), kind=type(saved).__name__)
        values = dict(saved)
        task = pretext.task(values.get("task", "masked_lm"))
        parts = {"task_settings": task.Config, "tokenizer": TokenizerConfig, "model": ModelConfig, "training": TrainingConfig}
        for name, part in parts.items():
            inner = dict(values.get(name) or {})
            if "pace" in inner:
                inner["pace"] = tuple(inner["pace"])
            values[name] = part.from_json(inner)
        values["probes"] = tuple(values.get("probes", ()))
        return super(RunSpec, cls).from_json(values)
