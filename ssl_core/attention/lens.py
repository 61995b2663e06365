"""The logit lens: what the network would say if it stopped after each layer.

The vectors after a layer are put in the place of what the last layer gives; whatever follows (a last norm, the head) is the
network's own. So at the last layer the lens shows the network's own prediction.

Source: nostalgebraist 2020, "interpreting GPT: the logit lens". Its limit: a layer need not speak the last one's language, so
that what looks like nonsense may be knowledge in other words, and a network that fills blanks has no reason to guess the next
layer's words at all. The tuned lens (Belrose et al. 2023, arXiv:2303.08112) learns a translation for each layer; here is none.
"""

# L layers, S = L + 1 stops (before the first layer, and after each), T tokens, D width, V vocabulary

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel

from ssl_core.attention.anatomy import anatomy


@torch.no_grad()
def log_probability_STV(model: PreTrainedModel, ids_T: Sequence[int]) -> torch.Tensor:
    """Return ln p of every token of the vocabulary at each token of the text, before the first layer and after each.

    Raises: UserError if this family computes attention in its own way.
    """
    blocks = anatomy(model, ids_T).blocks
    stops_STD = _stops_STD(model, blocks, ids_T)
    num_passed = 0

    def replace(_block: nn.Module, _arguments: Any, given: Any) -> Any:
        nonlocal num_passed
        num_passed += 1
        if num_passed < len(blocks):
            return given
        return (stops_STD, *given[1:]) if isinstance(given, tuple) else stops_STD

    with ExitStack() as hooks:
        for block in set(blocks):
            hooks.callback(block.register_forward_hook(replace).remove)
        logits_STV = model(input_ids=torch.tensor([list(ids_T)] * len(stops_STD))).logits
    found_STV: torch.Tensor = logits_STV.float().log_softmax(dim=-1)
    return found_STV


def _stops_STD(model: PreTrainedModel, blocks: Sequence[nn.Module], ids_T: Sequence[int]) -> torch.Tensor:
    """Return the vectors of each token before the first layer and after each, as they go from layer to layer."""
    found: list[torch.Tensor] = []

    def note_before(_block: nn.Module, arguments: Any, named: Any) -> None:
        if not found:
            found.append(arguments[0] if arguments else named["hidden_states"])

    def note_after(_block: nn.Module, _arguments: Any, given: Any) -> None:
        found.append(given[0] if isinstance(given, tuple) else given)

    with ExitStack() as hooks:
        hooks.callback(blocks[0].register_forward_pre_hook(note_before, with_kwargs=True).remove)
        for block in set(blocks):
            hooks.callback(block.register_forward_hook(note_after).remove)
        model(input_ids=torch.tensor([list(ids_T)]))
    assert len(found) == len(blocks) + 1, "each layer was passed once"
    return torch.cat(found)
