"""Beginning a run with trained weights: fetched once, copied into the run's own folder, and laid over the fresh network.

The copy is what a run is taken up again with, and what its step 0 is looked at with: the start may be deleted meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import corpora, objectives, paths, pretext, tokenization
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.runs import starts, weights
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.runs.weights import Weights
from ssl_core.tokenization.base import vocabulary_of
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.sentinels import without_sentinels
from ssl_core.training import checkpoints, export, kept_weights

WEIGHTS_FILE = "start.safetensors"
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Trained weights by name, and the tokenizer whose tokens they know."""

    tokenizer: Tokenizer
    weights: Mapping[str, torch.Tensor]
    step: int  # how long they had been trained


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """How many numbers of a network come from its start, and how many begin anew."""

    parameters: int
    fresh: int
    step: int


def of_run(store: RunStore, run_id: str, spec: RunSpec) -> Start | None:
    """Return what a run begins with: its own copy, made now if this is its first beginning; None for random weights.

    Raises: UserError if the start is gone, can't be read, or is not what the run's settings say.
    """
    if not spec.start:
        return None
    folder = paths.run_folder(run_id) / weights.START
    if not folder.is_dir():
        _copy(store, spec, folder)
    return kept(folder)


def kept(folder: Path) -> Start:
    """Read the copy that a run keeps of its start.

    Raises: UserError if it can't be read.
    """
    try:
        with safe_open(folder / WEIGHTS_FILE, framework="pt") as file:
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
            step = int(file.metadata()["step"])
        tokenizer = Tokenizer.from_str((folder / weights.TOKENIZER_FILE).read_text(encoding="utf-8"))
    except (OSError, SafetensorError) as error:
        raise UserError(N_("What this run started from can't be read: {reason}"), reason=str(error)[:300]) from error
    return Start(tokenizer=tokenizer, weights=found, step=step)


@torch.no_grad()
def take_over(start: Start, model: PreTrainedModel) -> TakenOver:
    """Lay trained weights over a fresh network: all of the network itself, and each head that fits whole.

    Heads that the task adds keep their random start; heads of the start that the task has no use for are left out.
    Raises: UserError naming what differs, if the network itself is another.
    """
    own = dict(model.named_parameters())
    misfits = [
        _("{name} ({theirs} there, {ours} here)").format(
            name=name, theirs=_shape(start.weights.get(name)), ours=_shape(own.get(name))
        )
        for name in sorted(own.keys() | start.weights.keys())
        if not name.startswith(export.HEADS) and _shape(own.get(name)) != _shape(start.weights.get(name))
    ]
    if misfits:
        raise UserError(
            N_("The weights to start from are of another network. {count} of them differ: {names}. Choose another start."),
            count=len(misfits), names=", ".join(misfits[:MOST_NAMED]),
        )  # fmt: skip
    taken = [name for name in own if not name.startswith(export.HEADS) or _fits_whole(_head(name), own, start.weights)]
    for name in taken:
        own[name].copy_(start.weights[name])
    num_taken, num_all = (sum(own[name].numel() for name in names) for names in (taken, own))
    return TakenOver(parameters=num_taken, fresh=num_all - num_taken, step=start.step)


def tokenizer_of(run_id: str, corpus: str, config: TokenizerConfig) -> Tokenizer:
    """Return a run's own tokenizer; one that goes on may have none in its folder yet, but its text is tokenised."""
    path = weights.kept_tokenizer(run_id)
    if path is not None:
        return without_sentinels(Tokenizer.from_str(path.read_text(encoding="utf-8")))
    return tokenization.tokenized(corpora.load(corpus), config).tokenizer


def network(spec: RunSpec, found: Weights, tokenizer: Tokenizer) -> tuple[PreTrainedModel, int]:
    """Return the network of a run with the weights that were found, and the step they are of.

    Raises: UserError if they can't be read.
    """
    model = objectives.build(spec, pretext.vocabulary_for(spec.task, spec.task_settings, vocabulary_of(tokenizer)))
    if found.form == "checkpoint":  # it may be newer by now than what the store said
        return model, checkpoints.load_weights(found.folder, model)
    if found.form == "model":
        export.load_weights(found.folder, model)
    if found.form == weights.STEPS:
        kept_weights.load(found.folder, model, found.step)
    if found.form == weights.START:
        take_over(kept(found.folder), model)
    return model, found.step


def _copy(store: RunStore, spec: RunSpec, folder: Path) -> None:
    """Copy the weights to start from, and their tokenizer, into a folder of the run that starts from them."""
    theirs, found = starts.found(store, spec)
    tokenizer = tokenizer_of(spec.start, theirs.corpus, theirs.tokenizer)
    model, step = network(theirs, found, tokenizer)
    with paths.written_whole(folder) as partial:
        partial.mkdir()
        whole = {name: value.detach().contiguous() for name, value in model.named_parameters()}
        save_file(whole, partial / WEIGHTS_FILE, metadata={"step": str(step)})
        (partial / weights.TOKENIZER_FILE).write_text(tokenizer.to_str(), encoding="utf-8")


def _head(name: str) -> str:
    """Return how the names of all parts of a head begin, given one of them."""
    return ".".join(name.split(".")[:2]) + "."


def _fits_whole(head: str, own: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor]) -> bool:
    ours, others = ({name: value.shape for name, value in each.items() if name.startswith(head)} for each in (own, theirs))
    return ours == others


def _shape(value: torch.Tensor | None) -> str:
    return "×".join(map(str, value.shape)) if value is not None else "–"
