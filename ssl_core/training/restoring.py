"""Sentences with gaps that a decoder fills, each with as many tokens as it likes."""

# S fillings that are written at once, U tokens written before, V vocabulary

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import models
from ssl_core.pretext.base import Vocabulary
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.display import decode, token_text
from ssl_core.training import sentences

NUM_FILLINGS = 5
MOST_TOKENS = 6
"""A filling that has not ended after so many tokens is not shown."""

Write = Callable[[Sequence[list[int]]], torch.Tensor]
"""From some beginnings to how likely each token is to come next, log_SV."""


def restore(
    model: PreTrainedModel, tokenizer: Tokenizer, vocabulary: Vocabulary, text: str, context_tokens: int
) -> dict[str, Any]:
    """Fill the gaps of a sentence: the five likeliest fillings of each that a search finds, with probabilities.

    A gap is shown to the encoder as in training: as a sentinel if the task has any, and then the next sentinel ends what is
    written; else as [MASK], and then what stands behind the gap ends it. Each gap is filled after the best fillings of those
    before it.
    Raises: UserError if the sentence is empty, has nothing but blanks or does not fit the model's context.
    """
    seen = sentences.with_blanks(tokenizer, text, context_tokens)
    gaps = _gaps_by_sentinel(seen, vocabulary) if vocabulary.num_sentinels else _gaps_by_place(seen, vocabulary)
    blanks, written = [], [vocabulary.sep_id]  # with which every decoder begins
    for position, (before, end_id) in zip(seen.positions, gaps.around, strict=False):  # no more gaps than sentinels
        written += before
        found = likeliest_fillings(_writer(model, gaps.encoder_ids, written), end_id, vocabulary)
        top = [{"token": decode(tokenizer, ids), "probability": round(share, 5)} for ids, share in found]
        blanks.append({"position": position, "top": top})
        written += found[0][0] if found else []
    tokens = [token_text(tokenizer, token_id) for token_id in seen.ids]
    return {"kind": "restore", "text": text, "tokens": tokens, "blanks": blanks}


@dataclass(frozen=True, slots=True)
class _Gaps:
    encoder_ids: list[int]
    around: list[tuple[list[int], int | None]] = field(
        default_factory=list
    )  # of each gap: what is written before, what ends it


def _gaps_by_sentinel(seen: sentences.Blanks, vocabulary: Vocabulary) -> _Gaps:
    encoder_ids = list(seen.ids)
    gaps = _Gaps(encoder_ids)
    for number, position in enumerate(seen.positions[: vocabulary.num_sentinels - 1]):
        encoder_ids[position] = vocabulary.sentinel_id(number)
        gaps.around.append(([vocabulary.sentinel_id(number)], vocabulary.sentinel_id(number + 1)))
    return gaps


def _gaps_by_place(seen: sentences.Blanks, vocabulary: Vocabulary) -> _Gaps:
    gaps = _Gaps(list(seen.ids))
    begins = [0, *(position + 1 for position in seen.positions)]
    ends = [*seen.positions, len(seen.ids)]
    for number in range(len(seen.positions)):
        after = seen.ids[begins[number + 1] : ends[number + 1]]
        gaps.around.append((seen.ids[begins[number] : ends[number]], after[0] if after else None))
    return gaps


def _writer(model: PreTrainedModel, encoder_ids: list[int], written: list[int]) -> Write:
    """Return what says how the decoder goes on after ``written`` and the beginning of a filling."""
    device = next(model.parameters()).device

    def write(beginnings: Sequence[list[int]]) -> torch.Tensor:
        decoder_ids_SU = torch.tensor([written + each for each in beginnings], device=device)
        S, U = decoder_ids_SU.shape
        encoder_ids_ST = torch.tensor([encoder_ids] * S, device=device)
        last_S = torch.arange(S, device=device) * U + U - 1
        log_SV = models.write_after(model, encoder_ids_ST, decoder_ids_SU, last_S).float().log_softmax(dim=-1)
        return log_SV.cpu()

    return write


def likeliest_fillings(write: Write, end_id: int | None, vocabulary: Vocabulary) -> list[tuple[list[int], float]]:
    """Search for what fits a gap, its five best beginnings at a time; the likeliest first, each with its probability.

    A filling ends where ``end_id`` is written, which counts in its probability; with None it is one token long. There is at
    least one token in it, and no special one.
    """
    may_write_V = torch.ones(vocabulary.size_with_sentinels, dtype=torch.bool)
    may_write_V[: len(SPECIAL_TOKENS)] = may_write_V[vocabulary.size :] = False
    beginnings: list[tuple[list[int], float]] = [([], 0.0)]
    found: list[tuple[list[int], float]] = []
    for length in range(MOST_TOKENS + 1):
        log_SV = write([ids for ids, _ in beginnings])
        log_SV += torch.tensor([log for _, log in beginnings])[:, None]
        if length and end_id is not None:
            found += [(ids, float(log_V[end_id])) for (ids, _), log_V in zip(beginnings, log_SV, strict=True)]
            log_SV[:, end_id] = -torch.inf
        best = log_SV.masked_fill(~may_write_V, -torch.inf).flatten().sort(descending=True)
        V = log_SV.shape[1]
        beginnings = [
            ([*beginnings[place // V][0], place % V], log)
            for place, log in zip(best.indices[:NUM_FILLINGS].tolist(), best.values[:NUM_FILLINGS].tolist(), strict=True)
            if log > -torch.inf
        ]
        if end_id is None:
            found = beginnings
            break
    found.sort(key=lambda each: -each[1])
    return [(ids, float(torch.tensor(log).exp())) for ids, log in found[:NUM_FILLINGS]]
