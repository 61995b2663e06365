"""What a network would say if it stopped after each layer; see ``ssl_core.attention.lens`` for what that can't show.

Payload:  "model";  the sentence as in ``predictions``;  "num_top" (5 unless told).
Values:   "reads", "step", "tokens", "ids", "num_layers", "expects" (by token: which position its prediction is about, the next
          one in a decoder), "true_tokens" (by token: what stands there, None where nobody knows), and
          "stops": one for before the first layer and after each, a list by token of "top" [[token, probability]], and
          "probability" and "rank" of the true token, None where it is unknown.
Arrays:   "entropy_nats_ST": how open the prediction is at each stop and token.
"""

# S stops, T tokens, V vocabulary

from collections.abc import Mapping
from typing import Any

import torch
from tokenizers import Tokenizer

from ssl_core.analysis import inputs
from ssl_core.analysis.base import OpenSubject, Reply
from ssl_core.analysis.predictions import likeliest, truth
from ssl_core.attention import lens
from ssl_core.tokenization.display import token_text

NUM_TOP, MOST_TOP = 5, 20


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Read the sentence, and look through the lens at every token after every layer.

    Raises: UserError if the model is none or computes attention in its own way, or the sentence can't be used.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    read = inputs.read(payload, subject)
    log_probability_STV = lens.log_probability_STV(subject.model, read.seen_ids_T)
    true_T = [*read.true_ids_T, None][subject.lag : subject.lag + len(read.seen_ids_T)]
    num_top = min(int(payload.get("num_top", NUM_TOP)), MOST_TOP, subject.tokenizer.get_vocab_size())
    values = {
        "reads": subject.reads,
        "step": subject.step,
        "tokens": [token_text(subject.tokenizer, token_id) for token_id in read.seen_ids_T],
        "ids": read.seen_ids_T,
        "num_layers": len(log_probability_STV) - 1,
        "expects": [position + subject.lag for position in range(len(read.seen_ids_T))],
        "true_tokens": [None if each is None else token_text(subject.tokenizer, each) for each in true_T],
        "stops": [
            [
                _seen(log_probability_V, true_id, subject.tokenizer, num_top)
                for log_probability_V, true_id in zip(stop_TV, true_T, strict=True)
            ]
            for stop_TV in log_probability_STV
        ],
    }
    entropy_nats_ST = -(log_probability_STV.exp() * log_probability_STV.clamp(min=-1e4)).sum(dim=-1)
    return Reply(values=values, arrays={"entropy_nats_ST": entropy_nats_ST.numpy()})


def _seen(log_probability_V: torch.Tensor, true_id: int | None, tokenizer: Tokenizer, num_top: int) -> dict[str, Any]:
    known = truth(true_id, log_probability_V, tokenizer)
    return {
        "top": [[each["token"], round(each["probability"], 5)] for each in likeliest(log_probability_V, tokenizer, num_top)],
        "probability": known["probability"],
        "rank": known["rank"],
    }
