"""How near a network puts sentences to each other: each is compared with all others that the run is watched on."""

# N sentences, D width

from collections.abc import Callable, Sequence
from typing import Any

import torch
from tokenizers import Tokenizer

from ssl_core.errors import UserError
from ssl_core.tokenization.typed import encode_typed
from ssl_core.training import sentences

Represent = Callable[[Sequence[Sequence[int]]], torch.Tensor]
"""From texts as token numbers to one vector each, vectors_ND."""


def compare(
    represent: Represent, tokenizer: Tokenizer, texts: Sequence[str], watched: Sequence[str], context_tokens: int
) -> list[dict[str, Any] | UserError]:
    """Compare each of ``texts`` with all that are ``watched``, and with each other, by the cosine of their vectors.

    Returns: for each text the others, the nearest first, or why it can't be used: it is empty or does not fit.
    """
    read = {text: _read(tokenizer, text, context_tokens) for text in dict.fromkeys([*watched, *texts])}
    usable = [text for text, ids in read.items() if not isinstance(ids, UserError)]
    rows = [ids for ids in read.values() if not isinstance(ids, UserError)]
    cosines: dict[str, list[float]] = {}
    if rows:
        unit_ND = torch.nn.functional.normalize(represent(rows), dim=1)
        cosines = dict(zip(usable, (unit_ND @ unit_ND.T).tolist(), strict=True))
    return [ids if isinstance(ids := read[text], UserError) else _answer(text, usable, cosines[text]) for text in texts]


def _read(tokenizer: Tokenizer, text: str, context_tokens: int) -> list[int] | UserError:
    try:
        sentences.require_words(text)
        ids = encode_typed(tokenizer, text).ids
        sentences.require_room(len(ids) + 1, context_tokens)  # [CLS] may stand before it
    except UserError as problem:
        return problem
    return ids


def _answer(text: str, usable: Sequence[str], cosines: Sequence[float]) -> dict[str, Any]:
    others = [(other, cosine) for other, cosine in zip(usable, cosines, strict=True) if other != text]
    nearest_first = sorted(others, key=lambda each: -each[1])
    near = [{"text": other, "similarity": round(cosine, 5)} for other, cosine in nearest_first]
    return {"kind": "compare", "text": text, "near": near}
