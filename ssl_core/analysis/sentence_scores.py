"""How likely sentences are to a model, to see which of two it prefers.

Payload:  "model";  "sentences": texts, or lists of words.
Values:   "reads", "step", "method" ("log_probability" or "pseudo_log_likelihood"), and "scores": for each sentence
          "score_nats", "num_tokens", "tokens" (as shown) and "token_nats", the ln p of each, which add up to the score.

A decoder multiplies the probabilities of each token given those before it, the first one given that a document begins. A
network that fills blanks can't; there each token is hidden in turn, alone, and guessed from all the others.

Source: Salazar et al. 2020, Masked Language Model Scoring, arXiv:1910.14659, eq. 1 and 2. As there, no token that closes the
sentence is scored, and the pieces of a word are hidden one at a time, which flatters words of many pieces (Kauf & Ivanova
2023, arXiv:2305.10588): compare sentences of equally many tokens.
"""

# B sequences, T tokens, V vocabulary

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ssl_core import models
from ssl_core.analysis import inputs
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import MASK_ID, PAD_ID, SEP_ID
from ssl_core.tokenization.display import token_text
from ssl_core.tokenization.typed import encode_typed
from ssl_core.training import sentences

MAX_SENTENCES = 256
SEQUENCES_AT_ONCE = 32


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Score each sentence.

    Raises: UserError if the model is none, or a sentence is empty or does not fit the context.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    given = payload["sentences"]
    if not 0 < len(given) <= MAX_SENTENCES:
        raise UserError(N_("{count} sentences were given; give between 1 and {limit}."), count=len(given), limit=MAX_SENTENCES)
    fills = subject.reads == "fill"
    all_ids = [_ids(sentence, subject) for sentence in given]
    all_nats = [_one_hidden_at_a_time(subject, ids) for ids in all_ids] if fills else _left_to_right(subject, all_ids)
    scores = [
        {
            "score_nats": sum(nats),
            "num_tokens": len(ids),
            "tokens": [token_text(subject.tokenizer, token_id) for token_id in ids],
            "token_nats": nats,
        }
        for ids, nats in zip(all_ids, all_nats, strict=True)
    ]
    method = "pseudo_log_likelihood" if fills else "log_probability"
    return Reply(values={"reads": subject.reads, "step": subject.step, "method": method, "scores": scores})


def _ids(sentence: str | Sequence[str], subject: Subject) -> list[int]:
    if isinstance(sentence, str):
        sentences.require_words(sentence)
        ids = encode_typed(subject.tokenizer, sentence).ids
    else:
        ids = [token_id for word in inputs.words_ids(subject.tokenizer, sentence) for token_id in word]
    if not ids:
        raise UserError(N_("This sentence is empty. Type a few words."))
    sentences.require_room(len(ids) + (subject.reads != "fill"), subject.context_tokens)
    return ids


@torch.no_grad()
def _left_to_right(subject: Subject, all_ids: Sequence[list[int]]) -> list[list[float]]:
    """Return ln p of each token given those before it; sentences go side by side, what fills up the short ones comes last."""
    found: list[list[float]] = []
    for start in range(0, len(all_ids), SEQUENCES_AT_ONCE):
        some = all_ids[start : start + SEQUENCES_AT_ONCE]
        width = max(map(len, some))
        seen_BT = torch.tensor([[SEP_ID, *ids[:-1], *([PAD_ID] * (width - len(ids)))] for ids in some])
        target_BT = torch.tensor([ids + [PAD_ID] * (width - len(ids)) for ids in some])
        nats_BT = _target_nats(subject, seen_BT, torch.arange(seen_BT.numel()), target_BT.flatten()).view(seen_BT.shape)
        found += [row[: len(ids)] for row, ids in zip(nats_BT.tolist(), some, strict=True)]
    return found


@torch.no_grad()
def _one_hidden_at_a_time(subject: Subject, ids: list[int]) -> list[float]:
    """Return ln p of each token given all the others: as many copies as there are tokens, a different one hidden in each."""
    T = len(ids)
    seen_TT = torch.tensor([ids] * T).fill_diagonal_(MASK_ID)
    found: list[float] = []
    for start in range(0, T, SEQUENCES_AT_ONCE):
        some_BT = seen_TT[start : start + SEQUENCES_AT_ONCE]
        B = len(some_BT)
        positions_B = torch.arange(B) * T + start + torch.arange(B)  # row b hides its token start + b
        found += _target_nats(subject, some_BT, positions_B, torch.tensor(ids[start : start + B])).tolist()
    return found


def _target_nats(
    subject: Subject, seen_BT: torch.Tensor, positions_N: torch.Tensor, target_ids_N: torch.Tensor
) -> torch.Tensor:
    log_probability_NV = models.predict(subject.model, seen_BT, positions_N).float().log_softmax(dim=-1)
    return log_probability_NV.gather(1, target_ids_N[:, None])[:, 0]
