"""One run from text to trained network, put together from its parts; nothing here knows a store or a screen."""

# B batch, T tokens

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from ssl_core import corpora, mistakes, objectives, pretext, tokenization
from ssl_core.corpora import Corpus
from ssl_core.errors import UserError
from ssl_core.mistakes.base import MakeExamples
from ssl_core.models import speed
from ssl_core.objectives.base import Look
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.making import SPLITS
from ssl_core.training import checkpoints, devices, evaluation, export, kept_weights, labelled, loop, probes, run_lines
from ssl_core.training.baselines import Baselines
from ssl_core.training.batches import Batch, BatchStream
from ssl_core.training.clock import Stopwatch
from ssl_core.training.config import IN_USE
from ssl_core.training.evaluation import HeldOut, Judged
from ssl_core.training.kept_floors import KeptFloor
from ssl_core.training.label_rows import label_rows
from ssl_core.training.loop import StepReport
from ssl_core.training.memory import keep_freed_memory
from ssl_core.training.settling import settle
from ssl_core.training.snapshots import SHARE_OF_WEIGHTS, SnapshotSchedule
from ssl_core.training.stages import OnStage, Shares, say_nothing
from ssl_core.training.starts import Start, take_over
from ssl_core.training.windows import Text, in_use, maker

MIN_STEPS_FOR_SPEED, MIN_SECONDS_FOR_SPEED = 20, 10.0
"""A run tells how long a step takes after so many steps, or so long: its first ones take longer."""

MAX_FLOOR_WAIT_S = 5.0
"""A run that ends before its floor is known waits so long for it, and then does without."""


class TrainingSession:
    """A run that is ready to go: corpus, tokenizer, network, baselines and loop.

    ``clock`` shows the seconds spent; whoever lets the run wait calls ``clock.pause()`` and ``clock.resume()``.
    """

    def __init__(
        self,
        spec: RunSpec,
        *,
        device: str | None = None,
        on_stage: OnStage = say_nothing,
        start: Start | None = None,
    ) -> None:
        """Get everything ready; ``on_stage`` hears "corpus", "tokenizer", "model" as each is begun, and how far it is.

        ``start`` holds the trained weights that the spec names. Number formats and threads that it leaves open become
        what is fastest here: ``spec`` and ``arithmetic`` then say what was settled.
        Raises: UserError if the text is too short, the device is missing or memory runs out.
        """
        assert (start is not None) == bool(spec.start), "whoever opens a session brings what the run starts from"
        keep_freed_memory()
        spec = self._settle(spec, device)
        on_stage("corpus")
        corpus = corpora.load(spec.corpus)
        on_stage("tokenizer")
        known_tokens = start.tokenizer if start is not None else None
        self.tokenized = tokenization.tokenized(corpus, spec.tokenizer, Shares("tokenizer", on_stage), tokenizer=known_tokens)
        self.tokenized.require_context(spec.model.context_tokens)
        on_stage("model")
        self._task, self._objective = pretext.task(spec.task), objectives.objective(spec.task)
        self._mistake = mistakes.hooks(spec.mistake)
        self._training = self._mistake.training(spec.training)
        tokenized, training = self.tokenized, self._training
        self._vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, tokenized.vocabulary)
        num_tokens = max(training.training_tokens, spec.model.context_tokens) if training.training_tokens else None
        texts = self._texts(corpus)
        self._text, held_out = texts["train"].first(num_tokens), texts["validation"]
        made = maker(spec.task, spec.task_settings, self._vocabulary)
        made_with = partial(maker, spec.task, self._mistake.settings(spec.task_settings, self._task))
        made_by_author = self._mistake.examples(made_with, self._vocabulary)
        self._batches = BatchStream(
            self._text,
            made_by_author,
            batch_size=training.batch_size,
            context_tokens=spec.model.context_tokens,
            seed=spec.seed,
            device=self.device,
            cuts_anew=pretext.cuts_anew(spec.task, spec.task_settings),
        )
        self._is_in_use = training.judged == IN_USE
        judged = in_use(made) if self._is_in_use else made
        self._validation = self._hold_out(held_out, judged)
        self._test = self._hold_out(texts["test"], judged)
        self._as_seen: HeldOut | None = None  # what the author of the run takes for the validation set, where that differs
        if self._mistake.bends_the_ruler or self._is_in_use:
            self._as_seen = self._hold_out(self._mistake.judged_text(held_out, self._text), made_by_author)
        self._floor = KeptFloor(spec, corpus, tokenized, self._validation)  # first, because it goes on in another process
        self._labelled = (
            labelled.held_out_texts(corpus, tokenized, pretext.measures(spec.task), spec.model.context_tokens - 1)
            if getattr(self._objective, "REPRESENTS", False)
            else None
        )
        self._lines = run_lines.measured(spec, self._text.ids, self._validation, self._vocabulary)
        self.num_parameters = objectives.parameter_count(spec, self._vocabulary)
        self.model = objectives.build(spec, self._vocabulary)
        self.taken_over = take_over(start, self.model) if start is not None else None
        self.model.to(self.device)  # type: ignore[arg-type]
        self._mistake.network(self.model, True)
        self._state = loop.fresh_state(self.model, training, device=self.device, seed=spec.seed, draws=self._objective.DRAWS)
        self._measure_lines = getattr(self._objective, "lines", evaluation.no_lines)
        self._own_lines: Mapping[str, Any] = {}
        if self._measure_lines is not evaluation.no_lines:
            self._judge(self._validation)  # so that they are there from the start
        self.clock = Stopwatch(is_running=False)
        budget_s = training.budget if training.budget_unit == "seconds" else None
        self._snapshots = SnapshotSchedule(self.clock, budget_s)
        self._kept = SnapshotSchedule(self.clock, budget_s, SHARE_OF_WEIGHTS)
        self._last: StepReport | None = None

    @property
    def baselines(self) -> Baselines:
        """The lines that stand on the chart; the floor joins them as soon as it is worked out."""
        return replace(self._lines, floor_nats=self._floor.nats(), **self._own_lines)

    def steps(self) -> Iterator[StepReport]:
        """Train; the clock starts with the first item. Between items the run may wait, be saved or probed."""
        self.clock.resume()
        look, num_tokens = self._as_its_author_looks(), self._training.batch_size * self.spec.model.context_tokens
        reports = loop.train(
            self.model,
            self._mistake.batches(self._batches, max(1, len(self._text.ids) // num_tokens)),
            lambda batch: look(self.model, batch),
            lambda: self._judge(self._validation, self._as_seen),
            self._training,
            asked=lambda batch: self._objective.asked(batch, self.spec.task_settings),
            device=self.device,
            clock=self.clock,
            state=self._state,
        )
        try:
            for self._last in reports:
                yield self._last
        finally:  # of a run that is stopped, too
            self._keep_speed()

    def waits_for_lines(self, at_most_s: float) -> bool:
        """Wait for a line that is still being worked out; True if it came."""
        return self._floor.nats() is None and self._floor.wait(at_most_s) is not None

    def is_snapshot_due(self) -> bool:
        """Return whether probes and a checkpoint should be taken now; what they cost is kept within 3 % of the time."""
        return self._last is not None and self._snapshots.is_due(self._last.is_last)

    def probe(self, sentences: Mapping[str, str]) -> dict[str, probes.Answer]:
        """Watch the network on sentences (by probe id), as its task does: blanks filled or beginnings continued.

        Returns: by probe id what the network made of it, or why the sentence can't be used.
        """
        seed, texts = self.spec.seed * 1_000_003 + self._state.step, list(sentences.values())
        watched = probes.Watched(
            model=self.model, tokenizer=self.tokenized.tokenizer, vocabulary=self._vocabulary, spec=self.spec, seed=seed,
            label_names=self._label_names,
        )  # fmt: skip
        with self._snapshots.timed():
            answers = probes.KINDS[self._task.PROBE](watched, texts)
        return {
            probe_id: answer if isinstance(answer, UserError) else {"probe_id": probe_id, **answer}
            for probe_id, answer in zip(sentences, answers, strict=True)
        }

    def save_checkpoint(self, folder: Path) -> None:
        """Write all that is needed to go on from here, over an older checkpoint in the same folder."""
        with self._snapshots.timed():
            rest = {"elapsed_s": self.clock(), "batches": self._batches.state()}
            checkpoints.save(folder, self.model, self._state, rest)

    def is_keeping_due(self) -> bool:
        """Return whether the weights of this step should be kept."""
        return self._last is not None and self._kept.is_due(self._last.is_last)

    def keep_weights(self, folder: Path) -> None:
        """Write the network as it is now, beside those of earlier steps."""
        with self._kept.timed():
            kept_weights.keep(folder, self.model, self._state.step)

    def load_checkpoint(self, folder: Path) -> None:
        """Go back to where ``save_checkpoint`` was; ``steps`` then goes on as if nothing had happened.

        Raises: UserError if there is no checkpoint of this run.
        """
        rest = checkpoints.load(folder, self.model, self._state)
        self._batches.restore(rest["batches"])
        self.clock.set(rest["elapsed_s"])

    def export(self, folder: Path) -> None:
        """Write the network and its tokenizer in ``save_pretrained`` form."""
        export.save(folder, self.model, self.tokenized.tokenizer, self.spec.model.context_tokens)

    def result(self) -> dict[str, Any]:
        """Return the final figures, measured on the network as it is now, as JSON values."""
        validation, test = self._judge(self._validation, self._as_seen), self._judge(self._test)
        val_loss_nats, training = validation.loss_nats, self.spec.training
        self._floor.wait(MAX_FLOOR_WAIT_S)
        return {
            "val_loss_nats": val_loss_nats,
            "test_loss_nats": test.loss_nats,
            "measures": dict(validation.others),
            "test_measures": dict(test.others),
            "baselines": self.baselines.to_json(),
            "bits_per_byte": self._bits_per_byte(val_loss_nats),
            "steps": self._state.step,
            "tokens": self._state.tokens,
            "elapsed_s": round(self._last.elapsed_s if self._last else 0.0, 3),
            "reason": self._last.reason if self._last else None,
            "best_step": self._state.patience.best_step if training.patience else self._state.step,
            "parameters": self.num_parameters,
            "vocabulary": self.tokenized.vocabulary.size,
            "device": devices.describe(self.device),
            "arithmetic": self.arithmetic.to_json(),
            "pace": list(self._state.pace) if training.budget_unit == "seconds" else [],
        }

    def _settle(self, spec: RunSpec, device: str | None) -> RunSpec:
        """Settle where and with what the run computes."""
        self.device = devices.choose(device or spec.training.device)
        self.spec, self.arithmetic = settle(spec, self.device)
        torch.set_num_threads(self.spec.training.threads)
        return self.spec

    def _bits_per_byte(self, val_loss_nats: float) -> float | None:
        """Return the loss in bits for each byte of text; None but where each token is predicted from those before it.

        Only then the losses of a text's tokens add up to what it costs to write the text down.
        """
        if self._validation.examples.attention != "causal":
            return None
        return val_loss_nats / math.log(2) / self.tokenized.bytes_per_token

    def _keep_speed(self) -> None:
        """Remember how long a step took, evaluations and snapshots included, for the estimate before the next run."""
        last = self._last
        if last is None or not last.step or self.spec.mistake:
            return
        if last.step >= MIN_STEPS_FOR_SPEED or last.elapsed_s >= MIN_SECONDS_FOR_SPEED:
            speed.keep_measured(speed.key(self.spec, self.device.type), last.elapsed_s / last.step)

    def _texts(self, corpus: Corpus) -> dict[str, Text]:
        """Return the parts of the text as rows of tokens, with labels where the task's examples are made with them."""
        wanted = pretext.needed_label(self.spec.task, self.spec.task_settings)
        labels = label_rows(corpus, self.tokenized, wanted)
        self._label_names = labels["train"].names if labels else ()
        return {part: Text.of(self.tokenized, part, labels.get(part)) for part in SPLITS}

    def _hold_out(self, text: Text, make_examples: MakeExamples) -> HeldOut:
        return evaluation.hold_out(
            text,
            make_examples,
            num_sequences=self.spec.training.validation_sequences,
            context_tokens=self.spec.model.context_tokens,
            device=self.device,
            windows_at_once=self.spec.training.batch_size if self._objective.COMPARES_ROWS else evaluation.SEQUENCES_AT_ONCE,
        )

    def _look(self, model: PreTrainedModel, batch: Batch) -> Look:
        seen: Look = self._objective.look(model, batch, self.spec.task_settings)
        return seen

    def _as_its_author_looks(self) -> evaluation.LookAt:
        look: evaluation.LookAt = self._mistake.look(self._look, self._objective, self.spec.task_settings)
        return look

    def _judge(self, held_out: HeldOut, as_seen: HeldOut | None = None) -> Judged:
        """Judge the network without the mistake, and beside that as the author of the mistake would."""
        precision, measures = self.spec.training.precision, self._objective.measures
        self._mistake.network(self.model, False)
        judged = evaluation.judge(self.model, held_out, self._look, measures, precision=precision, lines=self._measure_lines)
        self._mistake.network(self.model, True)
        if held_out is self._validation:
            self._own_lines = judged.lines
            judged = replace(judged, others={**self._told_by_neighbours(), **judged.others})
        if as_seen is None:
            return judged
        look = self._as_its_author_looks()
        seen = evaluation.judge(self.model, as_seen, look, lambda _looks: {}, precision=precision)
        return replace(judged, others={**judged.others, mistakes.AS_SEEN: seen.loss_nats})

    def _told_by_neighbours(self) -> Mapping[str, float]:
        """Say what labels, where the text has any, the network's vectors tell by now."""
        if self._labelled is None:
            return {}
        read = partial(self._objective.represent, self.model, settings=self.spec.task_settings)
        with evaluation.at_rest(self.model, self.spec.training.precision):
            return self._labelled.measure(lambda texts: read(texts).numpy())
