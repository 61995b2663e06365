"""What a model expects, token by token.

Payload:  "model";  one of "text" (blanks as ``___`` or ``[MASK]``; without one the last word is hidden),
          "words" or "ids", both with "hidden" (which of them; a decoder ignores it);  "num_top" (10 unless told).
Values:   "reads" ("fill" or "continue"), "step", "tokens" (as shown), "ids", "vocabulary_size", and "places": one for each
          hidden token, or in a decoder one for each next token, the one after the last included. A place has "position" (in
          tokens), "word" (in "words"), "top" [{"token", "id", "probability"}], and where the true token is known "token",
          "id", "probability", "loss_nats" and "rank" (1: the likeliest), else None.
          "vocabulary": all tokens as they are spelled in the vocabulary, where there are no more than 1,024.
Arrays:   "probability_NV", a row a place, where the vocabulary has no more than 1,024 tokens; else
          "top_ids_NK" and "top_probability_NK", the 50 likeliest.
"""

# N places, T tokens, K likeliest tokens, V vocabulary

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ssl_core import models
from ssl_core.analysis import inputs
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.inputs import Input
from ssl_core.tokenization.display import token_text

NUM_TOP, MAX_TOP = 10, 50
MAX_WHOLE = 1024
"""Up to this vocabulary size whole distributions are kept."""


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Say what the network expects at each hidden place, or after each token.

    Raises: UserError if the model is none or the sentence can't be used.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    read = inputs.read(payload, subject)
    positions = asked_positions(read, subject)
    log_probability_NV = _log_probability_NV(subject, read.seen_ids_T, positions)
    tokenizer, size = subject.tokenizer, subject.tokenizer.get_vocab_size()
    num_top = min(int(payload.get("num_top", NUM_TOP)), MAX_TOP, size)
    values = {
        "reads": subject.reads,
        "step": subject.step,
        "tokens": [token_text(tokenizer, token_id) for token_id in read.seen_ids_T],
        "ids": read.seen_ids_T,
        "vocabulary_size": size,
        "vocabulary": [tokenizer.id_to_token(token_id) for token_id in range(size)] if size <= MAX_WHOLE else None,
        "places": [
            place(read, position, log_probability_V, tokenizer, num_top)
            for position, log_probability_V in zip(positions, log_probability_NV, strict=True)
        ],
    }
    return Reply(values=values, arrays=_arrays(log_probability_NV.exp()))


def asked_positions(read: Input, subject: Subject) -> list[int]:
    """Return the positions of the tokens that are guessed; a decoder guesses each but the first, and one that is to come."""
    return read.hidden if subject.reads == "fill" else list(range(1, len(read.seen_ids_T) + 1))


def _log_probability_NV(subject: Subject, seen_ids_T: list[int], positions: list[int]) -> torch.Tensor:
    """Return ln p of every token at each guessed position; what a decoder says of a position it says one token before."""
    with torch.no_grad():
        logits_NV = models.predict(subject.model, torch.tensor([seen_ids_T]), torch.tensor(positions) - subject.lag)
    return logits_NV.float().log_softmax(dim=-1)


def place(read: Input, position: int, log_probability_V: torch.Tensor, tokenizer: Tokenizer, num_top: int) -> dict[str, Any]:
    """Return what is told of one guessed place, see "places" above."""
    is_inside = position < len(read.true_ids_T)
    return {
        "position": position,
        "word": read.word_T[position] if is_inside else None,
        "top": likeliest(log_probability_V, tokenizer, num_top),
        **truth(read.true_ids_T[position] if is_inside else None, log_probability_V, tokenizer),
    }


def likeliest(log_probability_V: torch.Tensor, tokenizer: Tokenizer, num_top: int) -> list[dict[str, Any]]:
    """Return the likeliest tokens, see "top" above."""
    top = log_probability_V.topk(num_top)
    return [
        {"token": token_text(tokenizer, token_id), "id": token_id, "probability": probability}
        for token_id, probability in zip(top.indices.tolist(), top.values.exp().tolist(), strict=True)
    ]


def truth(token_id: int | None, log_probability_V: torch.Tensor, tokenizer: Tokenizer) -> dict[str, Any]:
    """Return what is told of the true token, None of each where nobody knows it."""
    if token_id is None:
        return dict.fromkeys(("token", "id", "probability", "loss_nats", "rank"))
    own = log_probability_V[token_id]
    return {
        "token": token_text(tokenizer, token_id),
        "id": token_id,
        "probability": float(own.exp()),
        "loss_nats": -float(own),
        "rank": 1 + int((log_probability_V > own).sum()),
    }


def _arrays(probability_NV: torch.Tensor) -> dict[str, np.ndarray[Any, Any]]:
    if probability_NV.shape[1] <= MAX_WHOLE:
        return {"probability_NV": probability_NV.numpy()}
    top = probability_NV.topk(MAX_TOP)
    return {"top_ids_NK": top.indices.numpy().astype(np.int32), "top_probability_NK": top.values.numpy()}
