"""What becomes of a sentence's predictions, and of the loss on held-out text, when heads are switched off.

Payload:  "model";  the sentence as in ``predictions`` ("text", "words" or "ids", with "hidden");  "silent": [layer, head] each,
          counted from 0, with head None for a whole layer;  "instead": "zero" (unless told) or "mean", what stands in place of
          a silent head: nothing, or what it says on average of the held-out text;  "num_top" (5 unless told);
          "with_loss" (True unless told): whether the loss is measured, too;  "num_sequences" of the model's own validation text
          (about 2,000 tokens unless told, fewer if it has many heads).
Values:   "reads", "step", "tokens", "ids", "num_layers", "num_heads", "silent" (each head of it), "instead", and "places": for
          each as ``predictions`` tells it, with "after", the same with the heads silent.
          "loss_nats": "before", "after", "num_sequences" and "num_asked" tokens; where that text is gone "refused", an error as
          it is kept; None where it was not asked for.
"""

# T tokens, H heads, V vocabulary

from collections.abc import Mapping
from typing import Any

import torch

from ssl_core.analysis import inputs, validation_text
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.predictions import asked_positions, place
from ssl_core.attention import switching
from ssl_core.attention.switching import Head, Silent
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.display import token_text

NUM_TOP, MOST_TOP = 5, 50
INSTEAD = ("zero", "mean")


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Say what the network expects with all its heads, and without some.

    Raises: UserError if the model is none or its heads can't be silenced, the sentence can't be used, or a head is unknown.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    every_head, num_sequences = switching.every_head(subject.model), payload.get("num_sequences")
    heads, instead = _chosen(payload.get("silent", ()), every_head), instead_of(payload)
    read = inputs.read(payload, subject)
    means_LHK = None
    if instead == "mean":
        means_LHK = switching.mean_outputs_LHK(subject.model, validation_text.held_out(subject, num_sequences).batches)
    silent = switching.silenced(heads, means_LHK)
    num_top = min(int(payload.get("num_top", NUM_TOP)), MOST_TOP, subject.tokenizer.get_vocab_size())
    before_TV, after_TV = (_log_probability_TV(subject, read.seen_ids_T, each) for each in ({}, silent))
    values = {
        "reads": subject.reads,
        "step": subject.step,
        "tokens": [token_text(subject.tokenizer, token_id) for token_id in read.seen_ids_T],
        "ids": read.seen_ids_T,
        "num_layers": every_head[-1][0] + 1,
        "num_heads": every_head[-1][1] + 1,
        "silent": [list(head) for head in heads],
        "instead": instead,
        "places": [
            place(read, position, before_TV[position - subject.lag], subject.tokenizer, num_top)
            | {"after": place(read, position, after_TV[position - subject.lag], subject.tokenizer, num_top)}
            for position in asked_positions(read, subject)
        ],
        "loss_nats": _losses(subject, num_sequences, silent) if payload.get("with_loss", True) else None,
    }
    return Reply(values=values)


def instead_of(payload: Mapping[str, Any]) -> str:
    """Return what stands in the place of a silent head: "zero" or "mean"."""
    found = str(payload.get("instead", INSTEAD[0]))
    assert found in INSTEAD, f"a silent head says {' or '.join(INSTEAD)}, not {found!r}"
    return found


def _chosen(silent: Any, every_head: list[Head]) -> list[Head]:
    """Return the heads that are meant, each once, in order."""
    chosen = {each for layer, head in silent for each in every_head if each[0] == layer and head in (None, each[1])}
    layers, heads = every_head[-1][0] + 1, every_head[-1][1] + 1
    for layer, head in silent:
        if not 0 <= layer < layers:
            raise UserError(
                N_("There is no layer {layer}: this model has {layers} layers of {heads} heads."),
                layer=layer + 1, layers=layers, heads=heads,
            )  # fmt: skip
        if head is not None and not 0 <= head < heads:
            raise UserError(
                N_("There is no head {head} in layer {layer}: this model has {layers} layers of {heads} heads."),
                head=head + 1, layer=layer + 1, layers=layers, heads=heads,
            )  # fmt: skip
    return sorted(chosen)


def _log_probability_TV(subject: Subject, ids_T: list[int], silent: Silent) -> torch.Tensor:
    return switching.logits_BTV(subject.model, torch.tensor([ids_T]), silent)[0].log_softmax(dim=-1)


def _losses(subject: Subject, num_sequences: int | None, silent: Silent) -> dict[str, Any]:
    try:
        batches = validation_text.held_out(subject, num_sequences).batches
    except UserError as reason:  # the predictions need no such text
        return {"refused": reason.to_json()}
    before = switching.loss_nats(subject.model, batches, {})
    return {
        "before": before,
        "after": switching.loss_nats(subject.model, batches, silent) if silent else before,
        "num_sequences": sum(len(each.seen_ids_BT) for each in batches),
        "num_asked": sum(len(each.target_ids_N) for each in batches),
    }
