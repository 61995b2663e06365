"""Sentences that a run is watched on: blanks that are filled, beginnings that are continued."""

# N positions, V vocabulary

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import MASK_ID, SEP_ID, SPECIAL_TOKENS
from ssl_core.tokenization.display import decode, token_text

NUM_GUESSES = 5
NUM_NEW_TOKENS = 24
TEMPERATURE = 0.8
TOP_K = 40

_BLANK = re.compile(r"_{3,}|\[MASK\]")
_LAST_WORD = re.compile(r"(?:[㐀-䶿一-鿿]|[^\W\d_㐀-䶿一-鿿]+|\d+)(?=[\W_]*$)")


def fill(model: PreTrainedModel, tokenizer: Tokenizer, text: str, context_tokens: int) -> dict[str, Any]:
    """Fill the blanks of a sentence: the five likeliest tokens for each, with probabilities.

    The network sees the sentence as it sees its training text: bare, with no [CLS] before it.
    Raises: UserError if the sentence is empty, has nothing but blanks or does not fit the model's context.
    """
    ids: list[int] = []
    blanks: list[int] = []
    for number, part in enumerate(_around_blanks(text)):
        if number:
            blanks.append(len(ids))
            ids.append(MASK_ID)
        ids.extend(_encoded(tokenizer, part))
    if len(blanks) == len(ids):
        raise UserError(N_("This sentence has nothing but blanks. Leave some words around them to guess from."))
    _check_length(len(ids), context_tokens)
    with _at_rest(model):
        top = _logits_NV(model, ids, blanks).softmax(dim=-1).topk(NUM_GUESSES, dim=-1)
    return {
        "kind": "fill",
        "text": text,
        "tokens": [token_text(tokenizer, token_id) for token_id in ids],
        "blanks": [
            {
                "position": position,
                "top": [
                    {"token": token_text(tokenizer, token_id), "probability": round(probability, 5)}
                    for token_id, probability in zip(token_ids, probabilities, strict=True)
                ],
            }
            for position, token_ids, probabilities in zip(blanks, top.indices.tolist(), top.values.tolist(), strict=True)
        ],
    }


def continue_text(
    model: PreTrainedModel, tokenizer: Tokenizer, text: str, context_tokens: int, generator: torch.Generator
) -> dict[str, Any]:
    """Continue a beginning: each next token is drawn from the forty likeliest, at temperature 0.8.

    The beginning stands, as every document of the training text does, after [SEP]. Special tokens are never drawn.
    Raises: UserError if the beginning is empty or leaves no room in the model's context.
    """
    prompt_ids = _encoded(tokenizer, text)
    if not prompt_ids:
        raise _empty()
    _check_length(len(prompt_ids) + 2, context_tokens)
    ids = [SEP_ID, *prompt_ids]
    with _at_rest(model):
        for _ in range(NUM_NEW_TOKENS):
            seen = ids[-context_tokens:]
            logits_V = _logits_NV(model, seen, [len(seen) - 1])[0]
            logits_V[: len(SPECIAL_TOKENS)] = -torch.inf
            top = (logits_V / TEMPERATURE).topk(min(TOP_K, len(logits_V) - len(SPECIAL_TOKENS)))
            drawn = torch.multinomial(top.values.softmax(dim=0), 1, generator=generator)
            ids.append(int(top.indices[drawn]))
    written, prompt = decode(tokenizer, ids[1:]), decode(tokenizer, prompt_ids)
    return {"kind": "continue", "prompt": text, "text": text + written.removeprefix(prompt)}


@contextmanager
def _at_rest(model: PreTrainedModel) -> Iterator[None]:
    """Look at a network without changing it: no gradients, no dropout."""
    was_training = model.training
    model.eval()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        yield
    model.train(was_training)


def _logits_NV(model: PreTrainedModel, ids: list[int], positions: list[int]) -> torch.Tensor:
    """Return the scores at some positions of one sentence, on the CPU."""
    device = next(model.parameters()).device
    logits_NV = models.predict(model, torch.tensor([ids], device=device), torch.tensor(positions, device=device))
    return logits_NV.float().cpu()


def _encoded(tokenizer: Tokenizer, text: str) -> list[int]:
    """Return token numbers; special tokens written by hand count as the letters they are made of."""
    tokenizer.encode_special_tokens = True
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    tokenizer.encode_special_tokens = False
    return ids


def _empty() -> UserError:
    return UserError(N_("This sentence is empty. Type a few words."))


def _around_blanks(text: str) -> Sequence[str]:
    """Split a sentence at its blanks; without one, its last word becomes one."""
    if not text.strip():
        raise _empty()
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
