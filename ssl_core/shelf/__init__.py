"""The shelf: four small models that come with the house, trained by its own recipes (``python -m ssl_core shelf build``).

    shelf.names()                  the models that are there
    shelf.card("encoder-en")       what a person should know of one before believing it
    shelf.key("encoder-en")        "shelf:encoder-en": what a question calls it, where it would else name a run

Reading the shelf needs no torch and nothing of the learner's own folder. A model lies in ``assets/shelf/NAME/`` as
``save_pretrained`` writes it, in half precision, with ``card.json`` beside it: safetensors and JSON, nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ssl_core.errors import UserError
from ssl_core.i18n import N_

FOLDER = Path(__file__).parents[2] / "assets" / "shelf"
ORDER = ("encoder-en", "decoder-en", "encoder-zh", "decoder-zh")
PREFIX = "shelf:"
CARD_FILE = "card.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a model of the shelf is, how it came to be, what it is worth and where it ends.

    ``title`` and ``limits`` are English texts to translate where they are shown. Losses are nats per token. ``curve`` holds
    columns ``step``, ``tokens``, ``seconds``, ``train_nats`` and ``val_nats``; ``lines`` are those of every loss chart.
    ``seconds`` went by on the clock while other work ran beside it, ``processor_seconds`` were spent on this.
    ``held_out`` says what it makes of test documents: see ``judging.figures``.
    """

    name: str
    title: str
    language: str
    limits: tuple[str, ...]
    command: str
    spec: Mapping[str, Any] = field(hash=False)
    data: Mapping[str, Any] = field(hash=False)
    parameters: int
    vocabulary: int
    steps: int
    tokens: int
    seconds: float
    processor_seconds: float
    device: str
    val_nats: float
    test_nats: float
    bits_per_byte: float | None  # of a causal model: the losses of others do not add up to a text
    lines: Mapping[str, float | None] = field(hash=False)
    curve: Mapping[str, list[float | None]] = field(hash=False)
    held_out: Mapping[str, Any] = field(hash=False)
    samples: tuple[Mapping[str, Any], ...] = field(hash=False)
    weights: str  # what changes when the weights do

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "Card":
        """Rebuild a card from ``to_json``'s values."""
        values = {each.name: saved[each.name] for each in fields(cls)}
        return cls(**{**values, "limits": tuple(values["limits"]), "samples": tuple(values["samples"])})


def names() -> list[str]:
    """Return the models that are on the shelf and whole."""
    return [name for name in ORDER if (FOLDER / name / CARD_FILE).is_file()]


def cards() -> list[Card]:
    """Return the cards of all models that are there."""
    return [card(name) for name in names()]


def card(name: str) -> Card:
    """Return what a person should know of one model.

    Raises: UserError if there is no such model.
    """
    return Card.from_json(json.loads((folder(name) / CARD_FILE).read_text(encoding="utf-8")))


def folder(name: str) -> Path:
    """Return the folder of one model.

    Raises: UserError if there is no such model.
    """
    known = names()
    if name not in known:
        raise UserError(
            N_("On the shelf there is no model {name!r}; choose one of {known}."), name=str(name)[:80], known=", ".join(known)
        )
    return FOLDER / name


def key(name: str) -> str:
    """Return what a question calls a model of the shelf, where it would else name a run."""
    return f"{PREFIX}{name}"


def name_of(key: object) -> str | None:
    """Return the name of the model that a key means; None where it means a run."""
    return key.removeprefix(PREFIX) if isinstance(key, str) and key.startswith(PREFIX) else None
