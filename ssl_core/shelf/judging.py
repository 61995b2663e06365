"""What a model of the shelf makes of documents that it never read: how often the right token is among its first five."""

# N asked tokens, K first guesses, V vocabulary

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ssl_core import corpora, models
from ssl_core.corpora.splits import split
from ssl_core.shelf.opening import Opened
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import SPECIAL_TOKENS, vocabulary_of
from ssl_core.tokenization.display import token_text
from ssl_core.training import evaluation
from ssl_core.training.windows import Text, maker

NUM_FIRST = 5
NUM_SEQUENCES = 128


def figures(subject: Opened, judged: Mapping[str, Any], *, num_sequences: int = NUM_SEQUENCES) -> dict[str, Any]:
    """Ask for tokens of the test documents, and compare with who answers the most frequent tokens to everything.

    ``judged`` changes the settings of the task: how much is hidden. A token that the vocabulary lacks is never asked for.
    Returns: ``num_asked``, ``top5``, ``top1`` and ``nats`` of the network, and of the most frequent tokens ``unigram``
             (as shown), ``unigram_top5`` and ``unigram_top1``.
    """
    parts = split(corpora.load(subject.spec.corpus).documents())
    counts_V = np.bincount(_read(subject, parts.train).ids, minlength=subject.tokenizer.get_vocab_size())
    counts_V[: len(SPECIAL_TOKENS)] = 0
    frequent_K = torch.from_numpy(np.argsort(-counts_V, kind="stable")[:NUM_FIRST])
    first_NK, target_N, nats_N = _asked(subject, judged, _read(subject, parts.test), num_sequences)
    return {
        **judged,
        "num_sequences": num_sequences,
        "num_asked": len(target_N),
        "nats": float(nats_N.mean()),
        "top5": _share(first_NK, target_N),
        "top1": _share(first_NK[:, :1], target_N),
        "unigram": [token_text(subject.tokenizer, token_id) for token_id in frequent_K.tolist()],
        "unigram_top5": _share(frequent_K[None], target_N),
        "unigram_top1": _share(frequent_K[None, :1], target_N),
    }


def _asked(
    subject: Opened, judged: Mapping[str, Any], text: Text, num_sequences: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the first guesses, the right tokens and the loss at every place that is asked for."""
    spec = subject.spec
    held_out = evaluation.hold_out(
        text,
        maker(spec.task, replace(spec.task_settings, **judged), vocabulary_of(subject.tokenizer)),
        num_sequences=num_sequences,
        context_tokens=spec.model.context_tokens,
        device=torch.device("cpu"),
    )
    found = []
    with evaluation.at_rest(subject.model, "fp32"):
        for batch in held_out.batches:
            is_word_N = batch.target_ids_N >= len(SPECIAL_TOKENS)
            target_N = batch.target_ids_N[is_word_N]
            logits_NV = models.predict(subject.model, batch.seen_ids_BT, batch.positions_N[is_word_N]).float()
            nats_N = functional.cross_entropy(logits_NV, target_N, reduction="none")
            found.append((logits_NV.topk(NUM_FIRST, dim=-1).indices, target_N, nats_N))
    first, target, nats = (torch.cat(parts) for parts in zip(*found, strict=True))
    return first, target, nats


def _read(subject: Opened, documents: tuple[corpora.Document, ...]) -> Text:
    """Return documents as one row of tokens, each ended by [SEP], as a run reads them."""
    ids, starts = zip(*kinds.encode_ended(subject.tokenizer, documents), strict=True)
    return Text(ids=np.concatenate(ids), starts_word=np.concatenate(starts))


def _share(guess_NK: torch.Tensor, target_N: torch.Tensor) -> float:
    return float((guess_NK == target_N[:, None]).any(dim=1).float().mean())
