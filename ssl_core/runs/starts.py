"""Starting from trained weights: which run or model of the shelf a run begins with, and what it then takes over from it.

    spec = starts.starting_from(store, spec, "shelf:encoder-en")     its tokenizer and network
    starts.check(store, spec)                                        is it still there, and does it still fit?

Continued pretraining on another text, or on another pretext task, is a run like any other, with a start. Needs no torch.
"""

from dataclasses import replace

from ssl_core import pretext, shelf
from ssl_core.config import knobs
from ssl_core.corpora import mixed
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.models.config import ModelConfig
from ssl_core.runs import weights
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.runs.weights import Weights
from ssl_core.tokenization.config import TokenizerConfig

GENTLER = 0.3
"""The learning rate of a run that reads on in the text of its start, as a share of the usual one, with which it first forgets
more than it learns. On another text, and for another task, the usual one is best. Measured, see docs/LOG.md."""

FREE = frozenset({"dropout"})
"""What a network may be given anew with weights that were trained otherwise."""

AT = "@"


def starting_from(store: RunStore, spec: RunSpec, key: str, step: int | None = None) -> RunSpec:
    """Return the run ``spec``, but begun with trained weights: with their tokenizer and network, gently on their own text.

    ``key`` is a run's id or a key of the shelf, ``step`` one of the steps that are kept of it, None its newest.
    Raises: UserError if there are no such weights, or the task can't train their network.
    """
    theirs = _spec_of(store, replace(spec, start=key, start_step=step))
    weights.find(store, key, step)
    return begun_like(spec, theirs, key, step)


def begun_like(spec: RunSpec, theirs: RunSpec, key: str, step: int | None = None) -> RunSpec:
    """Return ``spec`` as it is when it starts from the network that ``theirs`` trained.

    Raises: UserError if the task can't train it.
    """
    _require_family(spec.task, theirs.model.family)
    training = spec.training
    if reads_on(spec, theirs) and step != 0 and not spec.start:
        training = replace(training, learning_rate=float(f"{GENTLER * training.learning_rate:.2g}"))
    return replace(taking_over(spec, theirs), start=key, start_step=step, training=training)


def reads_on(spec: RunSpec, theirs: RunSpec) -> bool:
    """Return whether a run does what its start did, on text that its start has read."""
    texts, known = (set(each.corpus.split(mixed.JOINT)) for each in (spec, theirs))
    return spec.task == theirs.task and texts <= known


def taking_over(spec: RunSpec, theirs: RunSpec) -> RunSpec:
    """Return ``spec`` with the tokenizer and the network of ``theirs``, but for what is free."""
    network = replace(theirs.model, **{name: getattr(spec.model, name) for name in FREE})
    return replace(spec, tokenizer=theirs.tokenizer, model=network)


def check(store: RunStore, spec: RunSpec) -> None:
    """Check that what a run starts from, if anything, is there and is what its settings say.

    Raises: UserError if it isn't.
    """
    if spec.start:
        found(store, spec)


def found(store: RunStore, spec: RunSpec) -> tuple[RunSpec, Weights]:
    """Return how the network was trained that a run starts from, and where its weights are.

    Raises: UserError if it is gone, keeps no such step, or is not what the run's settings say.
    """
    theirs = _spec_of(store, spec)
    require_same(spec, theirs)
    return theirs, weights.find(store, spec.start, spec.start_step)


def require_same(spec: RunSpec, theirs: RunSpec) -> None:
    """Check that a run has the tokenizer and the network of what it starts from.

    Raises: UserError naming what differs.
    """
    pairs = ((TokenizerConfig, spec.tokenizer, theirs.tokenizer), (ModelConfig, spec.model, theirs.model))
    differing = [
        _("{setting} is {value}, and was {theirs} there").format(
            setting=_(declared.title), value=getattr(ours, name), theirs=getattr(others, name)
        )
        for kind, ours, others in pairs
        for name, declared in knobs(kind).items()
        if name not in FREE and getattr(ours, name) != getattr(others, name)
    ]
    if differing:
        raise UserError(
            N_("These settings don't fit what the run starts from ({start}): {differing}. Take over those of the start."),
            start=written(spec.start, spec.start_step), differing="; ".join(differing),
        )  # fmt: skip


def tasks_for(family: str) -> list[str]:
    """Return the pretext tasks that can train a network of this family."""
    return [key for key in pretext.MENU if family in pretext.task(key).FAMILIES]


def written(key: str, step: int | None = None) -> str:
    """Write a start in one word: ``shelf:encoder-en``, or ``0a1b2c@40`` for the weights of a step."""
    return key if step is None else f"{key}{AT}{step}"


def read(text: str) -> tuple[str, int | None]:
    """Read what ``written`` wrote.

    Raises: UserError if what follows the @ is no step.
    """
    key, at, step = text.strip().partition(AT)
    if not at:
        return key, None
    if not (step.isascii() and step.isdecimal() and len(step) < 12):
        raise UserError(N_("{step!r} is no step. Write KEY@STEP, or KEY alone for the newest weights."), step=step[:40])
    return key, int(step)


def _require_family(task: str, family: str) -> None:
    if family not in pretext.task(task).FAMILIES:
        raise UserError(
            N_("{task} can't go on with a network of the family {family!r}. Tasks that can: {tasks}."),
            task=_(pretext.task(task).TITLE), family=family, tasks=", ".join(tasks_for(family)),
        )  # fmt: skip


def _spec_of(store: RunStore, spec: RunSpec) -> RunSpec:
    """Return how the network was trained that a run starts from.

    Raises: UserError if it is gone.
    """
    try:
        return weights.spec_of(store, spec.start)
    except UserError as reason:
        raise gone(spec) from reason


def gone(spec: RunSpec) -> UserError:
    """Return the message for a start that is not there, or not there any more."""
    return UserError(
        N_(
            "What this run starts from, {start}, is not here: never was, or was deleted. Choose another start, or random "
            "weights. There are the runs of the list, and {names}."
        ),
        start=written(spec.start, spec.start_step), names=", ".join(map(shelf.key, shelf.names())),
    )  # fmt: skip
