"""Sentences that a run is watched on: blanks that are filled, beginnings that are continued."""

# B batch, T tokens, V vocabulary

import re
from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import Vocabulary

NUM_GUESSES = 5
NUM_NEW_TOKENS = 24
TEMPERATURE = 0.8
TOP_K = 40
SEPARATOR_ID = 3  # stands before every document of the training text, so it is how a text begins

_BLANK = re.compile(r"_{3,}|\[MASK\]")
_LAST_WORD = re.compile(r"(?:[㐀-䶿一-鿿]|[^\W\d_]+|\d+)(?=[\W_]*$)")


@torch.inference_mode()
def fill(
    model: PreTrainedModel, tokenizer: Tokenizer, vocabulary: Vocabulary, text: str, *, context_tokens: int
) -> dict[str, Any]:
    """Fill the blanks of a sentence: the five likeliest tokens for each, with probabilities.

    Raises: UserError if the sentence is empty, has nothing but blanks or does not fit the model's context.
    """
    parts = _around_blanks(text)
    ids: list[int] = []
    shown: list[str] = []
    blanks: list[int] = []
    for number, part in enumerate(parts):
        if number:
            blanks.append(len(ids))
            ids.append(vocabulary.mask_id)
            shown.append("[MASK]")
        encoded = tokenizer.encode(part, add_special_tokens=False)
        ids.extend(encoded.ids)
        shown.extend(encoded.tokens)
    if len(blanks) == len(ids):
        raise UserError(N_("This sentence has nothing but blanks. Leave some words around them to guess from."))
    _check_length(len(ids), context_tokens)
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    logits_NV = models.predict(model, torch.tensor([ids], device=device), torch.tensor(blanks, device=device))
    model.train(was_training)
    top = logits_NV.float().softmax(dim=-1).topk(min(NUM_GUESSES, logits_NV.shape[1]), dim=-1)
    return {
        "kind": "fill",
        "text": text,
        "tokens": shown,
        "blanks": [
            {
                "position": position,
                "top": [
                    {"token": tokenizer.id_to_token(token_id), "probability": round(probability, 5)}
                    for token_id, probability in zip(token_ids, probabilities, strict=True)
                ],
            }
            for position, token_ids, probabilities in zip(blanks, top.indices.tolist(), top.values.tolist(), strict=True)
        ],
    }


@torch.inference_mode()
def continue_text(
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    vocabulary: Vocabulary,
    text: str,
    *,
    context_tokens: int,
    generator: torch.Generator,
) -> dict[str, Any]:
    """Continue a beginning: each next token is drawn from the forty likeliest, at temperature 0.8.

    Raises: UserError if the beginning is empty or leaves no room in the model's context.
    """
    prompt_ids = tokenizer.encode(text, add_special_tokens=False).ids
    if not prompt_ids:
        raise UserError(N_("This sentence is empty. Type a few words."))
    _check_length(len(prompt_ids) + 2, context_tokens)
    device = next(model.parameters()).device
    never = torch.tensor(vocabulary.special_ids, device=device)
    ids = [SEPARATOR_ID, *prompt_ids]
    was_training = model.training
    model.eval()
    for _ in range(NUM_NEW_TOKENS):
        seen = ids[-context_tokens:]
        logits_1V = models.predict(model, torch.tensor([seen], device=device), torch.tensor([len(seen) - 1], device=device))
        logits_V = logits_1V[0].float().index_fill(0, never, -torch.inf).cpu()
        top = (logits_V / TEMPERATURE).topk(min(TOP_K, len(logits_V) - len(never)))
        drawn = torch.multinomial(top.values.softmax(dim=0), 1, generator=generator)
        ids.append(int(top.indices[drawn]))
    model.train(was_training)
    written = tokenizer.decode(ids[1:], skip_special_tokens=True)
    prompt = tokenizer.decode(prompt_ids, skip_special_tokens=True)
    return {"kind": "continue", "prompt": text, "text": text + written.removeprefix(prompt)}


def _around_blanks(text: str) -> Sequence[str]:
    """Split a sentence at its blanks; without one, its last word becomes one."""
    if not text.strip():
        raise UserError(N_("This sentence is empty. Type a few words."))
    parts = _BLANK.split(text)
    if len(parts) > 1:
        return parts
    last = _LAST_WORD.search(text)
    if last is None:
        raise UserError(N_("There is no word to guess here. Mark a blank with three underscores: ___"))
    return [text[: last.start()], text[last.end() :]]


def _check_length(num_tokens: int, context_tokens: int) -> None:
    if num_tokens > context_tokens:
        raise UserError(
            N_("This sentence has {num_tokens} tokens; this model sees {context_tokens} at once. Shorten it."),
            num_tokens=num_tokens,
            context_tokens=context_tokens,
        )
