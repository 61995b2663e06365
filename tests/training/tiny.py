"""A run so small that it takes a second, for tests of the loop and the session."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from ssl_core import models, pretext
from ssl_core.models.config import ModelConfig
from ssl_core.objectives import tokens
from ssl_core.pretext.base import Vocabulary
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import evaluation
from ssl_core.training.batches import BatchStream
from ssl_core.training.config import TrainingConfig
from ssl_core.training.windows import Text

CPU = torch.device("cpu")
VOCABULARY = Vocabulary(size=40, special_ids=(0, 1, 2, 3, 4), mask_id=4)
MODEL = ModelConfig(family="gpt2", size="tiny", context_tokens=16)
TRAINING = TrainingConfig(
    budget=6, budget_unit="steps", batch_size=4, validation_sequences=8, optimizer="muon", learning_rate=0.01,
    precision="fp32", optimizer_precision="fp32", threads=1,  # what a processor does best is no matter of these tests
)  # fmt: skip


def text(num_tokens: int = 2000, seed: int = 0) -> Text:
    """Tokens that go round in a circle with jumps: easy to learn."""
    ids = 5 + np.cumsum(np.random.default_rng(seed).choice([1, 1, 1, 2], num_tokens)) % 35
    return Text(ids=ids.astype(np.uint16), starts_word=np.ones(num_tokens, dtype=bool))


def make_examples(ids_BT, rng, starts_word_BT):
    task = pretext.task("causal_lm")
    return task.make_examples(ids_BT, rng, task.Config(), VOCABULARY, starts_word_BT)


def stream(seed: int = 0, batch_size: int = 4) -> BatchStream:
    return BatchStream(text(), make_examples, batch_size=batch_size, context_tokens=16, seed=seed, device=CPU)


def held_out() -> evaluation.HeldOut:
    return evaluation.hold_out(text(seed=1), make_examples, num_sequences=8, context_tokens=16, device=CPU)


def look(model, batch):
    return tokens.look(model, batch, None)


def asked(batch):
    return tokens.asked(batch, None)


def judged(model, held_out, precision="fp32"):
    return evaluation.judge(model, held_out, look, tokens.measures, precision=precision)


def network(seed: int = 0, **settings):
    return models.build(replace(MODEL, **settings), VOCABULARY.size, seed)


def spec(path: Path, task: str = "causal_lm", **training) -> RunSpec:
    """A run on a text file; ``training`` changes its training settings."""
    family = pretext.task(task).FAMILIES[0]
    return RunSpec(
        task=task,
        corpus=str(path),
        task_settings=pretext.task(task).Config(),
        tokenizer=TokenizerConfig(vocabulary_size=256),
        model=replace(MODEL, family=family),
        training=replace(TRAINING, **training),
    )
