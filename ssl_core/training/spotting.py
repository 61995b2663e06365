"""Sentences in which a network says of each token whether it was replaced."""

# T tokens of one sentence

from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core.objectives import replaced
from ssl_core.tokenization.display import token_text
from ssl_core.tokenization.typed import encode_typed
from ssl_core.training import sentences


def spot(model: PreTrainedModel, tokenizer: Tokenizer, text: str, context_tokens: int) -> dict[str, Any]:
    """Say of each token of a sentence how likely it was put there by a generator.

    The network sees the sentence as it sees its training text: bare, with no [CLS] before it.
    Raises: UserError if the sentence is empty or does not fit the model's context.
    """
    sentences.require_words(text)
    typed = encode_typed(tokenizer, text)
    sentences.require_room(len(typed.ids), context_tokens)
    device = next(model.parameters()).device
    chances_T = replaced.logits_of_replaced(model, torch.tensor([typed.ids], device=device))[0].float().sigmoid()
    return {
        "kind": "spot",
        "text": text,
        "tokens": [token_text(tokenizer, token_id) for token_id in typed.ids],
        "places": [list(place) for place in typed.places],
        "chances": [round(chance, 5) for chance in chances_T.tolist()],
    }
