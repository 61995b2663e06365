"""What goes into an answer and what comes out: a network with all that belongs to it, and a reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs.spec import RunSpec


def num_bytes(model: PreTrainedModel) -> int:
    """Return what a network's weights and tables take; what it shares between layers is counted once."""
    held = {each.data_ptr(): each for each in (*model.parameters(), *model.buffers())}
    return sum(each.numel() * each.element_size() for each in held.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A network that is asked, at rest (no dropout) and on the CPU."""

    model: PreTrainedModel
    tokenizer: Tokenizer
    context_tokens: int
    reads: str | None  # "fill": it fills blanks; "continue": it reads from left to right; as its pretext task says
    step: int | None  # how long it was trained; 0: not at all; None where others trained it
    num_bytes: int
    spec: RunSpec | None = None  # how it was trained, and on which text; None where it came from elsewhere

    @property
    def lag(self) -> int:
        """How many tokens before a position its prediction is read off: none where blanks are filled."""
        return 0 if self.reads == "fill" else 1

    def require_words(self) -> None:
        """Check that this network says which words it expects.

        Raises: UserError if it was trained to answer something else.
        """
        if self.reads not in ("fill", "continue"):
            raise UserError(
                N_("This model was trained neither to fill blanks nor to write on, so it expects no words. Choose another run.")
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``values`` are JSON values; large ``arrays`` are kept in a file beside them."""

    values: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[np.generic]] = field(default_factory=dict)


OpenSubject = Callable[[Mapping[str, Any]], Subject]
"""From what a payload says under "model" to the network."""
