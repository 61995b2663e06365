"""How far each explanation agrees with leaving tokens out, on average over many predictions of held-out text.

Payload:  "model";  "num_texts" of the model's own validation text (24 unless told).
Values:   "reads", "step", "num_texts", "num_tokens" of the longest, "stand_in", and "methods": "key", "title", "source",
          "is_signed", and "size" and "signed" as in ``explanations``: the mean of "kendall" with its 95 % interval "low" and
          "high", and over how many texts ("num_compared"); None where there was nothing to compare.

In each text one token is guessed: a token drawn at random, hidden, or in a decoder the last one.
"""

# T tokens, N predictions

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ssl_core.analysis import validation_text
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.explanations import stand_in_id
from ssl_core.attention import explaining
from ssl_core.attention.asking import Asked
from ssl_core.attention.bootstrap import interval
from ssl_core.attention.leave_one_out import Agreement
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.display import token_text

NUM_TEXTS = 24
MOST_TOKENS = 24
"""Long texts are cut: of a token far away leaving out shows nothing."""
SEED = 20_19_02


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Explain many predictions, and average how well each method ranks the tokens.

    Raises: UserError if the model is none or computes attention in its own way, or its text is gone.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    all_asked = _all_asked(subject, int(payload.get("num_texts") or NUM_TEXTS))
    agreements = [explaining.agreements(explaining.explain(subject.model, asked), asked) for asked in all_asked]
    values = {
        "reads": subject.reads,
        "step": subject.step,
        "num_texts": len(all_asked),
        "num_tokens": max(len(asked.ids_T) for asked in all_asked),
        "stand_in": token_text(subject.tokenizer, stand_in_id(subject)),
        "methods": [
            {
                **asdict(method),
                **{name: _mean([each[method.key][name] for each in agreements]) for name in ("size", "signed")},
            }
            for method in explaining.METHODS
        ],
    }
    return Reply(values=values)


def _all_asked(subject: Subject, num_texts: int) -> list[Asked]:
    """Cut held-out windows short, and ask one of them for one ordinary token each."""
    windows_BT = validation_text.held_out(subject, num_texts).ids_BT
    rng, fills, found = np.random.default_rng(SEED), subject.reads == "fill", []
    for ids_T in windows_BT[:, :MOST_TOKENS]:
        words = np.flatnonzero(ids_T >= len(SPECIAL_TOKENS))
        if len(words) < 2:  # nothing to tell, or nothing to ask for
            continue
        position = int(rng.choice(words)) if fills else int(words[-1])
        seen_T = ids_T.copy() if fills else ids_T[:position]
        if fills:
            seen_T[position] = stand_in_id(subject)
        found.append(
            Asked(
                ids_T=tuple(map(int, seen_T)),
                place=position - subject.lag,
                target_id=int(ids_T[position]),
                stand_in_id=stand_in_id(subject),
            )
        )
    if not found:
        raise UserError(N_("The text of this model is too short to judge it by: it does not fill its context once."))
    return found


def _mean(agreements: Sequence[Agreement | None]) -> dict[str, Any] | None:
    known_N = [each.kendall for each in agreements if each is not None and each.kendall is not None]
    if not known_N:
        return None
    low, high = interval(known_N, np.ones(len(known_N)), np.random.default_rng(SEED))
    return {"kendall": float(np.mean(known_N)), "low": low, "high": high, "num_compared": len(known_N)}
