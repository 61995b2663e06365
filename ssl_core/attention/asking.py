"""One prediction of a network as a number that can be explained: the log-probability of a token at a place."""

# B rows, T tokens, D width of a token's vector, V vocabulary

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import PreTrainedModel

Scores = npt.NDArray[np.float64]
"""One number for each token of the text."""
TOKENS_AT_ONCE = 4_096
"""Scores for a large vocabulary at so many tokens still fit into memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is explained: ln p of ``target_id``, read off at ``place``, of a text as the network sees it.

    ``stand_in_id`` is the token that tells nothing: in the place of another it takes its news away.
    """

    ids_T: tuple[int, ...]
    place: int
    target_id: int
    stand_in_id: int

    @property
    def is_told_T(self) -> list[bool]:
        """True where a token stands that could be taken away; a blank tells nothing as it is."""
        return [token_id != self.stand_in_id for token_id in self.ids_T]


def rows_at_once(num_tokens: int) -> int:
    """Return how many texts of this length are read together."""
    return max(1, TOKENS_AT_ONCE // num_tokens)


def vectors_BTD(model: PreTrainedModel, ids_BT: torch.Tensor) -> torch.Tensor:
    """Return what stands for each token before anything is added for its place."""
    found_BTD: torch.Tensor = model.get_input_embeddings()(ids_BT)
    return found_BTD


def log_probability_B(model: PreTrainedModel, asked: Asked, **read: Any) -> torch.Tensor:
    """Return ln p of the asked token in each row that is ``read``: as ``input_ids`` or as ``inputs_embeds``."""
    logits_BV = model(**read).logits[:, asked.place]
    found_B: torch.Tensor = logits_BV.float().log_softmax(dim=-1)[:, asked.target_id]
    return found_B
