"""Trainings that ``speed`` puts side by side: ours, Hugging Face's Trainer, one written like nanoGPT's. One a process.

``python -m benchmarks.speed_rivals WHO WHAT --seconds S`` prints one JSON object; WHO is ours, trainer or nano, WHAT is a
preset or "shakespeare" (characters, 90 % to train on, the file given by ``--text``).
"""

import argparse
import json
import math
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel, Trainer, TrainerCallback, TrainingArguments

from benchmarks import nano
from benchmarks.speed_data import Data, of_preset, of_shakespeare
from ssl_core import models
from ssl_core.objectives import tokens
from ssl_core.runs import presets
from ssl_core.training import evaluation, loop
from ssl_core.training.batches import BatchStream, to_batch
from ssl_core.training.clock import Stopwatch
from ssl_core.training.memory import keep_freed_memory
from ssl_core.training.settling import settle

CPU = torch.device("cpu")
Logits = Callable[[torch.Tensor], torch.Tensor]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("who", choices=("ours", "trainer", "nano"))
    parser.add_argument("what")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, help="the learning rate of the Trainer (default: its own)")
    parser.add_argument("--text", type=Path)
    chosen = parser.parse_args()
    data = of_shakespeare(chosen.text) if chosen.what == "shakespeare" else of_preset(chosen.what)
    train = {"ours": ours, "trainer": trainer, "nano": nano_like}[chosen.who]
    print(json.dumps({"unigram": data.unigram_nats, **train(data, chosen)}))


def ours(data: Data, chosen: argparse.Namespace) -> dict[str, Any]:
    """Train as a preset does, all settings its own."""
    keep_freed_memory()
    recipe = presets.spec("lm-news-en" if chosen.what == "shakespeare" else chosen.what)
    spec, _ = settle(recipe, CPU)
    training = spec.training
    torch.set_num_threads(training.threads)
    network = models.build(spec.model, data.vocabulary.size_with_sentinels, seed=0)
    batches = BatchStream(
        data.train, data.make_examples, batch_size=training.batch_size, context_tokens=data.context_tokens, seed=0, device=CPU
    )

    def look(network: Any, batch: Any) -> Any:
        return tokens.look(network, batch, spec.task_settings)

    def judge() -> evaluation.Judged:
        return evaluation.judge(network, data.held_out, look, tokens.measures, precision=training.precision)

    settings = type(training)(**{**training.to_json(), "budget": chosen.seconds, "budget_unit": "seconds", "pace": ()})
    began_cpu, curve, last = time.process_time(), [], None
    reports = loop.train(
        network, batches, lambda batch: look(network, batch), judge, settings,
        asked=lambda batch: tokens.asked(batch, spec.task_settings), device=CPU, clock=Stopwatch(),
    )  # fmt: skip
    for last in reports:
        if last.val_loss_nats is not None:
            curve.append((round(last.elapsed_s, 2), last.val_loss_nats))
    assert last is not None, "a run reports at least its start"
    return {
        "steps": last.step,
        "tokens": last.step * training.batch_size * data.context_tokens,
        "seconds": last.elapsed_s,
        "cpu_s": time.process_time() - began_cpu,
        "loss": last.val_loss_nats,
        "curve": curve,
    }


class Until(TrainerCallback):  # type: ignore[misc]
    """Ends a training when its time is over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def on_train_begin(self, *_arguments: Any, **_more: Any) -> None:
        self.began, self.began_cpu = time.perf_counter(), time.process_time()

    def on_step_end(self, _arguments: Any, _state: Any, control: Any, **_more: Any) -> None:
        control.should_training_stop = time.perf_counter() - self.began > self._seconds


class Windows(torch.utils.data.Dataset[int]):
    """Numbers of windows: what the network sees is made anew each time one is read, as our own training does."""

    def __init__(self, data: Data) -> None:
        self._length = len(data.train.ids) // data.context_tokens

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, number: int) -> int:
        return number


def trainer(data: Data, chosen: argparse.Namespace) -> dict[str, Any]:
    """Train BERT or GPT-2 of the same size with Hugging Face's Trainer; all that is not named is its default."""
    torch.manual_seed(0)
    sides = {"vocab_size": data.vocabulary.size_with_sentinels, "bos_token_id": None, "eos_token_id": None}
    if data.is_causal:
        gpt2 = GPT2Config(n_embd=128, n_layer=4, n_head=4, n_positions=data.context_tokens, **sides)
        network: Any = GPT2LMHeadModel(gpt2)
    else:
        bert = {"num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 512, "hidden_size": 128}
        network = BertForMaskedLM(BertConfig(**bert, max_position_embeddings=data.context_tokens, **sides))
    rng, until = np.random.default_rng(0), Until(chosen.seconds)

    def collate(numbers: list[int]) -> dict[str, torch.Tensor]:
        ids_BT, beside = data.train.windows(np.array(numbers) * data.context_tokens, data.context_tokens)
        batch = to_batch(data.make_examples(ids_BT, rng, *beside), CPU)
        if data.is_causal:
            return {"input_ids": batch.seen_ids_BT, "labels": batch.seen_ids_BT}
        labels_BT = torch.full_like(batch.seen_ids_BT, -100)
        labels_BT.view(-1)[batch.positions_N] = batch.target_ids_N
        return {"input_ids": batch.seen_ids_BT, "labels": labels_BT}

    with tempfile.TemporaryDirectory() as folder:
        rate = {"learning_rate": chosen.rate} if chosen.rate else {}
        arguments = TrainingArguments(
            output_dir=folder, save_strategy="no", report_to=[], disable_tqdm=True, remove_unused_columns=False, **rate
        )
        training = Trainer(model=network, args=arguments, train_dataset=Windows(data), data_collator=collate, callbacks=[until])
        training.train()
    seconds, cpu_s = time.perf_counter() - until.began, time.process_time() - until.began_cpu
    steps = training.state.global_step
    return {
        "steps": steps,
        "tokens": steps * arguments.train_batch_size * data.context_tokens,
        "seconds": seconds,
        "cpu_s": cpu_s,
        "loss": loss_of(data, network, lambda ids_BT: network(input_ids=ids_BT).logits),
    }


def nano_like(data: Data, chosen: argparse.Namespace) -> dict[str, Any]:
    """Train as nanoGPT's README does on a CPU: 2,000 steps, or as many as fit."""
    torch.manual_seed(0)
    network = nano.Network(data.vocabulary.size_with_sentinels, data.context_tokens)
    rng = np.random.default_rng(0)

    def batches() -> Iterator[Any]:
        while True:
            starts_B = rng.integers(0, len(data.train.ids) - data.context_tokens, nano.BATCH)
            ids_BT, beside = data.train.windows(starts_B, data.context_tokens)
            yield to_batch(data.make_examples(ids_BT, rng, *beside), CPU)

    began, began_cpu = time.perf_counter(), time.process_time()
    steps = nano.train(network, batches(), until=lambda: time.perf_counter() - began > chosen.seconds)
    return {
        "steps": steps,
        "tokens": steps * nano.BATCH * data.context_tokens,
        "seconds": time.perf_counter() - began,
        "cpu_s": time.process_time() - began_cpu,
        "loss": loss_of(data, network, network),
    }


@torch.no_grad()
def loss_of(data: Data, network: torch.nn.Module, logits_of: Logits) -> float:
    """Return nats per token on the same held-out text, hidden the same way, as ours is judged on."""
    network.eval()
    total = count = 0.0
    for batch in data.held_out.batches:
        logits_NV = logits_of(batch.seen_ids_BT).flatten(0, 1)[batch.positions_N].float()
        total += float(functional.cross_entropy(logits_NV, batch.target_ids_N, reduction="sum"))
        count += len(batch.target_ids_N)
    assert math.isfinite(total), "a training that breaks off is no rival"
    return total / count


if __name__ == "__main__":
    main()
