"""What the trainings of ``speed`` read: a preset's text, or characters of a file; the same held-out text for all of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ssl_core import corpora, pretext, tokenization
from ssl_core.pretext.base import Vocabulary
from ssl_core.runs import presets
from ssl_core.training import baselines, evaluation
from ssl_core.training.evaluation import HeldOut
from ssl_core.training.windows import MakeExamples, Text, maker

CONTEXT_TOKENS = 64
HELD_OUT_SEQUENCES = 128
OF_SHAKESPEARE = 256
TRAIN_SHARE = 0.9  # nanoGPT's split


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A text to train on, examples made of it, and held-out windows."""

    train: Text
    make_examples: MakeExamples
    vocabulary: Vocabulary
    held_out: HeldOut
    unigram_nats: float
    is_causal: bool
    context_tokens: int = CONTEXT_TOKENS


def of_preset(key: str) -> Data:
    """Return a preset's text and task."""
    spec = presets.spec(key)
    tokenized = tokenization.tokenized(corpora.load(spec.corpus), spec.tokenizer)
    vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, tokenized.vocabulary)
    make_examples = maker(spec.task, spec.task_settings, vocabulary)
    texts = Text.of(tokenized, "train"), Text.of(tokenized, "validation")
    return _data(*texts, make_examples, vocabulary, is_causal=spec.task == "causal_lm", num_held_out=HELD_OUT_SEQUENCES)


def of_shakespeare(path: Path) -> Data:
    """Return the characters of a file, the last tenth held out."""
    written = path.read_text(encoding="utf-8")
    known = {character: number for number, character in enumerate(sorted(set(written)))}
    ids = np.array([known[character] for character in written], dtype=np.uint16)
    whole = Text(ids=ids, starts_word=np.ones(len(ids), dtype=bool))
    cut = int(TRAIN_SHARE * len(ids))
    held_out = Text(ids=ids[cut:], starts_word=whole.starts_word[cut:])
    task, vocabulary = pretext.task("causal_lm"), Vocabulary(size=len(known), special_ids=(), mask_id=0)
    make_examples = maker("causal_lm", task.Config(), vocabulary)
    return _data(whole.first(cut), held_out, make_examples, vocabulary, is_causal=True, num_held_out=OF_SHAKESPEARE)


def _data(
    train: Text, held_out: Text, make_examples: MakeExamples, vocabulary: Vocabulary, *, is_causal: bool, num_held_out: int
) -> Data:
    judged = evaluation.hold_out(
        held_out, make_examples, num_sequences=num_held_out, context_tokens=CONTEXT_TOKENS, device=torch.device("cpu")
    )
    lines = baselines.measure(train.ids, judged.ids_BT, judged.examples, vocabulary)
    assert lines.unigram_nats is not None, "tokens are asked for"
    return Data(
        train=train, make_examples=make_examples, vocabulary=vocabulary, held_out=judged, unigram_nats=lines.unigram_nats,
        is_causal=is_causal,
    )  # fmt: skip
