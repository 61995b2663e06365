"""What every head does with held-out texts, in numbers: the metrics of ``ssl_core.attention.heads``.

Payload:  "model"; one of "texts" (a list), "corpus" (a key: its held-out part) or "language" ("en", "zh": stories of TinyWorld;
          that of the vocabulary unless told); "num_texts" (64 unless told).
Values:   "step", "reads", "looks_back" (no token sees those after it), "num_layers", "num_heads", "num_texts", "num_cut" (texts
          cut to the context), "num_tokens", and
          "metrics": for each of ``heads.MENU``, in its order, "key", "num_tokens" that have a value, "values_LH" (rows are
          layers) and "uniform_L", what a head has that looks at all its layer sees alike, on the very same tokens; both None
          where the metric applies to none of the texts.
          "labels": "layer", "head" (from 0), "label" (a key of ``heads.labels.RULES``), "metric", "value", "uniform".

The induction score is of tokens drawn at random and said twice, and only of networks that look back only.
"""

# L layers, H heads, T tokens

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ssl_core.analysis import held_out_texts
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.laid_out import LaidOut
from ssl_core.attention import heads, reading
from ssl_core.attention.heads import induction
from ssl_core.attention.heads.labels import Label, labels
from ssl_core.attention.heads.pooled import Pooled, Read, pooled
from ssl_core.attention.heads.sentence import TokenKinds

NUM_SAID_TWICE, MOST_SAID_TWICE = 16, 24
SEED = 20_220_924
"""The same random tokens for every network of a vocabulary."""


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Measure each head on texts.

    Raises: UserError if the model is none, or there is nothing to read.
    """
    subject = open_subject(payload["model"])
    texts = held_out_texts.read(payload, subject)
    kinds = TokenKinds.of(subject.tokenizer)
    reads = _read(subject, kinds, [each.ids_T for each in texts.laid_out])
    twice = _said_twice(subject, kinds, texts.laid_out[0]) if any(each.sentence.looks_back_only for each in reads) else []
    tables = {key: pooled(key, [*reads, *twice] if key == "induction" else reads) for key in heads.MENU}
    num_layers, num_heads = reads[0].weights_LHTT.shape[:2]
    values = {
        "step": subject.step,
        "reads": subject.reads,
        "looks_back": bool(twice),
        "num_layers": num_layers,
        "num_heads": num_heads,
        "num_texts": len(reads),
        "num_cut": texts.num_cut,
        "num_tokens": sum(each.sentence.num_tokens for each in reads),
        "metrics": [{"key": key, **_told(table)} for key, table in tables.items()],
        "labels": [_label(each) for each in labels(tables)],
    }
    return Reply(values=values)


def _read(subject: Subject, kinds: TokenKinds, all_ids: Sequence[Sequence[int]], num_repeated: int = 0) -> list[Read]:
    found = []
    for ids, (weights_LHTT, may_look_LTT) in zip(all_ids, reading.read(subject.model, all_ids), strict=True):
        looks_back = reading.looks_back_only(may_look_LTT)
        sentence = kinds.sentence(ids, looks_back_only=looks_back, num_repeated=num_repeated)
        found.append(Read(sentence=sentence, weights_LHTT=weights_LHTT, may_look_LTT=may_look_LTT))
    return found


def _said_twice(subject: Subject, kinds: TokenKinds, example: LaidOut) -> list[Read]:
    """Let the network read random tokens twice, after whatever mark its texts begin with."""
    rng, begins = np.random.default_rng(SEED), example.ids_T[: int(example.is_mark_T[0])]
    words = np.flatnonzero(~kinds.is_special_V & ~kinds.is_placeholder_V)
    num_tokens = min(MOST_SAID_TWICE, (subject.context_tokens - len(begins)) // 2, len(words))
    drawn = [induction.said_twice(words, num_tokens, rng).tolist() for _ in range(NUM_SAID_TWICE)]
    return _read(subject, kinds, [[*begins, *each] for each in drawn], num_repeated=num_tokens)


def _told(table: Pooled) -> dict[str, Any]:
    has_values = table.num_tokens > 0
    return {
        "num_tokens": table.num_tokens,
        "values_LH": table.values_LH.tolist() if has_values else None,
        "uniform_L": table.uniform_L.tolist() if has_values else None,
    }


def _label(label: Label) -> dict[str, Any]:
    return {
        "layer": label.layer,
        "head": label.head,
        "label": label.rule.key,
        "metric": label.rule.metric,
        "value": label.value,
        "uniform": label.uniform,
    }
