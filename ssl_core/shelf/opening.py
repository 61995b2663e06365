"""A model of the shelf as a network that can be asked: the same kind of network and tokenizer as a finished run gives."""

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import objectives, pretext, shelf
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.base import vocabulary_of
from ssl_core.tokenization.sentinels import without_sentinels
from ssl_core.training import export


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A network at rest, on the CPU and in full precision, and what belongs to it."""

    model: PreTrainedModel
    tokenizer: Tokenizer
    spec: RunSpec


def opened(name: str) -> Opened:
    """Open a model of the shelf.

    Raises: UserError if there is no such model or its weights can't be read.
    """
    return opened_from(shelf.folder(name), RunSpec.from_json(shelf.card(name).spec))


def opened_from(folder: Path, spec: RunSpec) -> Opened:
    """Open the network of ``spec`` whose weights and tokenizer lie in a folder."""
    tokenizer = without_sentinels(Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8")))
    model = objectives.build(spec, pretext.vocabulary_for(spec.task, spec.task_settings, vocabulary_of(tokenizer)))
    export.load_weights(folder, model)
    model.eval()  # type: ignore[no-untyped-call]
    return Opened(model=model, tokenizer=tokenizer, spec=spec)
