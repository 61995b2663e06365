"""What goes into an answer and what comes out: a network with all that belongs to it, and a reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from transformers import PreTrainedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A network that is asked, at rest (no dropout) and on the CPU."""

    model: PreTrainedModel
    tokenizer: Tokenizer
    context_tokens: int
    reads: str  # "fill": it fills blanks; "continue": it reads from left to right; as its pretext task says
    step: int  # how long it was trained; 0: not at all
    num_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``values`` are JSON values; large ``arrays`` are kept in a file beside them."""

    values: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[np.generic]] = field(default_factory=dict)


OpenSubject = Callable[[Mapping[str, Any]], Subject]
"""From what a payload says under "model" to the network."""
