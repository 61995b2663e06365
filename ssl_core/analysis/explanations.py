"""Which tokens made the network say this: six explanations of one prediction beside the measured effect of each token.

Payload:  "model";  the sentence as in ``predictions``;  "position" of the guessed token (the first blank unless told; in a
          decoder the one to come);  "target", the token whose probability is explained, as it is written, or "target_id" (the
          true token unless told, and where nobody knows it the likeliest).
Values:   "reads", "step", "tokens", "ids", "position", "place" (the token at which the prediction is read off),
          "target": "token", "id", "probability", "log_probability" and "is_true" (None: nobody knows),
          "top" [{"token", "id", "probability"}], "stand_in", the token that stands for a missing one,
          "leave_one_out": by token, how far ln p of the target falls without it,
          "is_compared": by token, False where the stand-in stands anyway or attention can't bring the token there, and
          "methods": "key", "title", "source", "is_signed", "scores" by token, and "size" and "signed", its rank correlation
          with leave-one-out: "kendall" and "spearman". "size" leaves the signs aside, so that all can be compared; "signed" is
          None for methods without signs. Correlations are None where there is too little to compare.
          "completeness" of integrated gradients: "sum" of its scores, "difference" of ln p to the baseline, at which "baseline"
          is the ln p, and "num_points".

In a decoder only what stands before the guessed token is read. ``ssl_core.attention`` says of each method what it leaves out.
"""

# T tokens

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch

from ssl_core.analysis import inputs
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.predictions import asked_positions, likeliest
from ssl_core.attention import explaining
from ssl_core.attention.asking import Asked
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import MASK_ID, UNK_ID
from ssl_core.tokenization.display import token_text
from ssl_core.tokenization.typed import encode_typed, takes_space_along

NUM_TOP, MOST_TOKENS = 5, 128


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Explain one prediction in six ways, and measure how far each is right about what the network needs.

    Raises: UserError if the model is none or computes attention in its own way, the sentence can't be used, or the target is
            not one token.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    read = inputs.read(payload, subject)
    position = _position(payload, read, subject)
    ids_T = read.seen_ids_T if subject.reads == "fill" else read.seen_ids_T[:position]
    place = position - subject.lag
    if len(ids_T) > MOST_TOKENS:
        raise UserError(
            N_("This sentence has {num_tokens} tokens; up to {limit} can be explained. Shorten it."),
            num_tokens=len(ids_T), limit=MOST_TOKENS,
        )  # fmt: skip
    log_probability_V = _log_probability_V(subject, ids_T, place)
    true_id = read.true_ids_T[position] if position < len(read.true_ids_T) else None
    target_id = _target_id(payload, subject, true_id, int(log_probability_V.argmax()))
    asked = Asked(ids_T=tuple(ids_T), place=place, target_id=target_id, stand_in_id=stand_in_id(subject))
    explained = explaining.explain(subject.model, asked)
    values = {
        "reads": subject.reads,
        "step": subject.step,
        "tokens": [token_text(subject.tokenizer, token_id) for token_id in ids_T],
        "ids": ids_T,
        "position": position,
        "place": place,
        "target": {
            "token": token_text(subject.tokenizer, target_id),
            "id": target_id,
            "probability": float(log_probability_V[target_id].exp()),
            "log_probability": float(log_probability_V[target_id]),
            "is_true": None if true_id is None else target_id == true_id,
        },
        "top": likeliest(log_probability_V, subject.tokenizer, min(NUM_TOP, subject.tokenizer.get_vocab_size())),
        "stand_in": token_text(subject.tokenizer, asked.stand_in_id),
        "leave_one_out": explained.change_T.tolist(),
        "is_compared": explaining.is_compared_T(explained, asked).tolist(),
        "methods": _methods(explained, asked),
        "completeness": {
            "sum": float(explained.integrated.scores_T.sum()),
            "difference": explained.integrated.difference,
            "baseline": explained.integrated.baseline,
            "num_points": explained.integrated.num_points,
        },
    }
    return Reply(values=values)


def stand_in_id(subject: Subject) -> int:
    """Return the token that tells nothing: [MASK] where blanks are filled; a decoder never met it and gets [UNK]."""
    return MASK_ID if subject.reads == "fill" else UNK_ID


def _position(payload: Mapping[str, Any], read: inputs.Input, subject: Subject) -> int:
    can_be = asked_positions(read, subject)
    usual = can_be[0] if subject.reads == "fill" else can_be[-1]
    position = int(payload["position"]) if payload.get("position") is not None else usual
    if position not in can_be:
        raise UserError(
            N_("Nothing is guessed at position {position}; it is at {positions}."),
            position=position, positions=", ".join(map(str, can_be)),
        )  # fmt: skip
    return position


def _target_id(payload: Mapping[str, Any], subject: Subject, true_id: int | None, likeliest_id: int) -> int:
    size = subject.tokenizer.get_vocab_size()
    if payload.get("target_id") is not None:
        token_id = int(payload["target_id"])
        if not 0 <= token_id < size:
            raise UserError(
                N_("Token number {token_id} is none of this model's; its vocabulary ends at {last}."),
                token_id=token_id, last=size - 1,
            )  # fmt: skip
        return token_id
    written = str(payload.get("target") or "").strip()
    if not written:
        return likeliest_id if true_id is None else true_id
    own = subject.tokenizer.token_to_id(written)
    before = " " if takes_space_along(subject.tokenizer) else ""
    ids = [own] if own is not None else encode_typed(subject.tokenizer, before + written, begins=False).ids
    if len(ids) != 1 or ids == [UNK_ID]:
        raise UserError(
            N_("“{word}” is not one token of this model's vocabulary. Choose a word from its guesses."), word=written[:80]
        )
    return ids[0]


def _log_probability_V(subject: Subject, ids_T: list[int], place: int) -> torch.Tensor:
    with torch.no_grad():
        logits_TV = subject.model(input_ids=torch.tensor([ids_T])).logits[0]
    found_V: torch.Tensor = logits_TV[place].float().log_softmax(dim=-1)
    return found_V


def _methods(explained: explaining.Explained, asked: Asked) -> list[dict[str, Any]]:
    agreements = explaining.agreements(explained, asked)
    return [
        {
            **asdict(method),
            "scores": explained.scores[method.key].tolist(),
            **{name: each and asdict(each) for name, each in agreements[method.key].items()},
        }
        for method in explaining.METHODS
    ]
