"""Knobs that describe themselves: one dataclass drives the form, the command line, the file on disk and the docs."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from ssl_core.errors import UserError
from ssl_core.i18n import N_, _


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """What a person needs to know to turn one setting."""

    title: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    paper: str = ""  # what the model of the paper took, such as "BERT: 0.15"
    choices: Mapping[str, str] | None = None  # value -> title
    logarithmic: bool = False
    advanced: bool = False


def knob(default: Any, title: str, help: str, **limits: Any) -> Any:
    """Declare a dataclass field with its default, range, unit and help; texts are marked with ``N_()``."""
    return field(default=default, metadata={"knob": Knob(title=title, help=help, **limits)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Base of all settings: frozen, checked as a whole, saved as JSON."""

    BEFORE: ClassVar[Mapping[str, Any]] = {}
    """What settings stood for that are newer than some saved files, where that is not their default today."""

    def __post_init__(self) -> None:
        problems = self.problems()
        if problems:
            raise UserError(N_("Settings need attention: {problems}"), problems=" ".join(problems))

    def problems(self) -> list[str]:
        """Return every reason why these settings can't be used, as sentences in the current language."""
        types = {each.name: each.type for each in dataclasses.fields(self)}
        return [
            text
            for name, declared in knobs(type(self)).items()
            if (text := _problem(declared, getattr(self, name), kind=types[name]))
        ]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, nested settings included."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Self:
        """Rebuild settings from ``to_json``'s values; a file that names all the others is from before those in ``BEFORE``.

        Raises: UserError if a name is unknown or a value is outside its range.
        """
        known = {each.name for each in dataclasses.fields(cls)}
        unknown = sorted(set(saved) - known)
        if unknown:
            raise UserError(
                N_("Unknown setting: {names}. Known here: {known}."),
                names=", ".join(unknown),
                known=", ".join(sorted(known)),
            )
        is_of_before = set(saved) == known - set(cls.BEFORE)
        return cls(**saved, **(cls.BEFORE if is_of_before else {}))


def knobs(config: type[Config]) -> dict[str, Knob]:
    """Return the knobs of a settings class in the order they are declared."""
    return {each.name: each.metadata["knob"] for each in dataclasses.fields(config) if "knob" in each.metadata}


def _problem(declared: Knob, value: Any, *, kind: Any) -> str:
    title = _(declared.title)
    if declared.choices is not None:
        if not isinstance(value, str) or value not in declared.choices:
            allowed = ", ".join(filter(None, declared.choices))
            return _("{title} is {value!r}; choose one of {allowed}.").format(title=title, value=value, allowed=allowed)
        return ""
    if kind is bool and not isinstance(value, bool):
        return _("{title} is {value!r}; choose true or false.").format(title=title, value=value)
    if declared.minimum is None and declared.maximum is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return _("{title} is {value!r}; give a number.").format(title=title, value=value)
    if kind is int and not isinstance(value, int):
        return _("{title} is {value!r}; give a whole number.").format(title=title, value=value)
    low = -float("inf") if declared.minimum is None else declared.minimum
    high = float("inf") if declared.maximum is None else declared.maximum
    if not low <= value <= high:
        bounds = {"low": f"{low:.10g}", "high": f"{high:.10g}"}
        return _("{title} is {value}; choose {low} to {high}.").format(title=title, value=f"{value:.10g}", **bounds)
    return ""
