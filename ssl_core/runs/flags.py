"""Settings as words on a command line: one flag for each knob, made from the settings classes."""

import base64
import binascii
import dataclasses
import shlex
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from ssl_core import corpora, pretext
from ssl_core.config import Knob, knobs
from ssl_core.corpora import local_files, reading
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.models.config import ModelConfig
from ssl_core.runs import presets, starts
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig

SPELT_OTHERWISE = {("tokenizer", "kind"): "tokenizer"}
SET_APART = frozenset({"budget", "budget_unit"})  # --seconds, --steps or --tokens say both
MAX_PACE_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One setting on the command line."""

    name: str  # without the dashes before it
    part: str  # where it stands in a run's settings; "" for the run itself
    field: str
    kind: Any  # int, float, str or bool
    declared: Knob

    def parse(self, text: str) -> Any:
        """Return the value that ``text`` stands for.

        Raises: UserError if it is no value of this kind.
        """
        words = {"true": True, "yes": True, "false": False, "no": False}
        try:
            return words[text.lower()] if self.kind is bool else self.kind(text)
        except (ValueError, KeyError):
            kinds = {int: N_("a whole number"), float: N_("a number"), bool: "true, false"}
            raise UserError(
                N_("--{name} is {text!r}; give {wanted}."), name=self.name, text=text, wanted=_(kinds[self.kind])
            ) from None


@cache
def flags() -> tuple[Flag, ...]:
    """Return the flags of all settings: of the run, of every task, of tokenizer, network and training."""
    found: dict[str, Flag] = {}
    parts: list[tuple[str, Any]] = [("", RunSpec), ("training", TrainingConfig), ("model", ModelConfig)]
    parts += [("tokenizer", TokenizerConfig), *(("task_settings", pretext.task(key).Config) for key in pretext.MENU)]
    for part, config in parts:
        types = {each.name: each.type for each in dataclasses.fields(config)}
        for field, declared in knobs(config).items():
            name = SPELT_OTHERWISE.get((part, field), field).replace("_", "-")
            if name in found and found[name].part != part:
                name = f"{part.split('_')[0]}-{name}"
            if field not in SET_APART:
                found.setdefault(name, Flag(name=name, part=part, field=field, kind=types[field], declared=declared))
    return tuple(found.values())


def usual_run(task: str, corpus: str) -> RunSpec:
    """Return the run that ``train --task … --corpus …`` makes with no other option; ``corpus`` is a key or a path.

    Raises: UserError if there is no such task or text.
    """
    return presets.recipe(task, corpus, corpora.card(corpus).language)


def with_values(spec: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's settings (as JSON) with some flags, by name, given other values."""
    changed = {name: dict(value) if isinstance(value, Mapping) else value for name, value in spec.items()}
    for flag in flags():
        if flag.name in values:
            part = changed.setdefault(flag.part, {}) if flag.part else changed
            part[flag.field] = values[flag.name]
    return changed


def refuse_fixed(spec: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Check that no flag asks for another tokenizer or network than that of what a run (as JSON) starts from.

    Raises: UserError naming the flag.
    """
    for flag in flags():
        if flag.name in values and flag.part in ("tokenizer", "model") and flag.field not in starts.FREE:
            theirs = spec[flag.part][flag.field]
            if values[flag.name] != theirs:
                raise UserError(
                    N_("--{name} is {value} in what the run starts from, and can't be changed. Leave it out."),
                    name=flag.name, value=theirs,
                )  # fmt: skip


def command(spec: RunSpec, *, pace: Sequence[int] = ()) -> str:
    """Return the one line that trains ``spec`` again, ready to be pasted into a shell."""
    try:
        usual = usual_run(spec.task, spec.corpus)
    except UserError:  # the text is gone; where it is put back, this line holds
        usual = presets.recipe(spec.task, spec.corpus)
    given: list[tuple[str, Any]] = [("task", spec.task), ("corpus", spec.corpus)]
    if spec.start:
        usual = starts.taking_over(usual, spec)
        given.append(("start-from", starts.written(spec.start, spec.start_step)))
    given += [(spec.training.budget_unit, spec.training.budget), ("seed", spec.seed)]
    for flag in flags():
        value, usual_value = (_value(each, flag) for each in (spec, usual))
        is_unsure = bool(spec.start) and flag.field == "learning_rate"  # what is usual hangs on what the start has read
        if (value != usual_value or is_unsure) and flag.field != "seed":
            given.append((flag.name, value))
    if spec.probes != usual.probes:
        given += [("probe", probe) for probe in spec.probes]
    if spec.training.budget_unit == "seconds" and pace:
        given.append(("pace", pace_to_text(pace)))
    return shlex.join(["python", "-m", "ssl_core", "train", *(word for each in given for word in _words(*each))])


def pace_to_text(pace: Sequence[int]) -> str:
    """Write a pace as one short word."""
    growth = [later - earlier for earlier, later in zip([0, *pace], pace, strict=False)]
    packed = zlib.compress(",".join(map(str, growth)).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def pace_from_text(text: str) -> tuple[int, ...]:
    """Read what ``pace_to_text`` wrote.

    Raises: UserError if it is something else.
    """
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        growth = unpacker.decompress(packed, MAX_PACE_BYTES).decode("ascii")
        if not unpacker.eof:
            raise ValueError("cut off, or longer than any pace")
        return tuple(accumulate(map(int, growth.split(","))))
    except (ValueError, binascii.Error, zlib.error) as reason:
        raise UserError(N_("--pace is none that a run gave out. Copy the whole line.")) from reason


def absolute_corpus(corpus: str, text_column: str | None = None) -> str:
    """Return a corpus key as it is, and the path of a file so that it holds in any folder, with the column of a table.

    Raises: UserError if there is nothing to look for, or a column is asked for of what is no file.
    """
    if not corpus.strip():
        raise UserError(N_("No text is named. Give the key of a corpus or the path of a text file."))
    known = {card.key for card in corpora.cards()}
    name, named_column = local_files.parted(corpus)
    column = named_column if text_column is None else text_column
    path = Path(name).expanduser()
    try:
        if corpus not in known and path.is_file():
            return str(path.resolve()) + ("" if column is None else f"{local_files.COLUMN}{column}")
    except (OSError, ValueError):  # a name that no file can have
        return corpus
    if text_column is not None and corpus in known:
        raise reading.no_table()
    return corpus


def _value(spec: RunSpec, flag: Flag) -> Any:
    part = getattr(spec, flag.part) if flag.part else spec
    return getattr(part, flag.field, None)


def _words(name: str, value: Any) -> list[str]:
    text = _shortest(value)
    return [f"--{name}={text}"] if text.startswith("-") else [f"--{name}", text]


def _shortest(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
