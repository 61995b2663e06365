"""The training loop: a generator that takes one step of the optimiser per item and tells what happened.

It does no input or output and reads no clock but the one it is given. What is exact: the number of steps and, but for less
than one sequence, of tokens (padding does not count); a budget in seconds ends within the length of one step.
"""

# B batch, T tokens, N predicted positions

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from transformers import PreTrainedModel

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.objectives.base import Look, Part, mean_nats
from ssl_core.training import optimizers, schedules
from ssl_core.training.batches import Batch
from ssl_core.training.budget import Budget
from ssl_core.training.config import TrainingConfig
from ssl_core.training.evaluation import Judged
from ssl_core.training.noise import Noise
from ssl_core.training.optimizers import Optimizer
from ssl_core.training.patience import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """How things stand after a step; step 0 is the network as it begins, which has a validation loss only."""

    step: int
    elapsed_s: float
    tokens: int  # that the network has read, padding left out
    tokens_per_s: float
    learning_rate: float
    train_loss_nats: float
    val_loss_nats: float | None
    measures: Mapping[str, float]  # what else was measured with ``val_loss_nats``
    is_last: bool
    reason: str | None  # why it is the last: "budget" or "patience"


@dataclass(slots=True, kw_only=True)
class LoopState:
    """All that the loop remembers between steps, so that a run can go on from a checkpoint."""

    optimizer: Optimizer
    noise: Noise
    patience: Patience
    step: int = 0
    tokens: int = 0
    pace: list[int] = field(default_factory=list)
    validations_s: float = 0.0
    longest_validation_s: float = 0.0
    has_started: bool = False


def fresh_state(
    model: PreTrainedModel, config: TrainingConfig, *, device: torch.device, seed: int = 0, draws: bool = False
) -> LoopState:
    """Return the state of a run that has not taken a step yet; ``draws`` if its looks draw at random."""
    return LoopState(
        optimizer=optimizers.build(model, config),
        noise=Noise(model, device, seed, draws=draws),
        patience=Patience(config.patience),
    )


def train(
    model: PreTrainedModel,
    batches: Iterator[Batch],
    look: Callable[[Batch], Look],
    validate: Callable[[], Judged],
    config: TrainingConfig,
    *,
    asked: Callable[[Batch], Mapping[str, int]],
    device: torch.device,
    clock: Callable[[], float],
    state: LoopState | None = None,
) -> Iterator[StepReport]:
    """Train ``model`` in place, one optimiser step per item, until the budget or the patience is spent.

    ``look`` asks the network about a batch, ``validate`` judges it on held-out text, ``asked`` tells how much of each part
    of the loss a batch asks for. ``clock`` tells the seconds spent, pauses left out. The consumer may wait between items.
    Raises: UserError if the loss is no longer a number or memory runs out.
    """
    state = state or fresh_state(model, config, device=device)
    budget = Budget(config, state, clock)
    model.train()
    if not state.has_started:
        state.has_started = True
        first = _validated(validate, state, clock)
        state.patience.is_out(model, first.loss_nats, state.step)  # what a run begins with may be its best
        yield _report(state, clock, rate=0.0, train_loss=math.nan, judged=first)
    while True:
        started_s, started_tokens, level_before = clock(), state.tokens, budget.level
        drawn = budget.next_step(batches)
        rate = schedules.learning_rate(budget.progress(drawn), config)
        train_loss = _step(model, drawn, look, asked, config, state, rate=rate, device=device)
        budget.note_step(clock() - started_s)
        tokens_per_s = (state.tokens - started_tokens) / max(clock() - started_s, 1e-9)

        reason = "budget" if budget.is_spent() else None
        judged = None
        if reason or (schedules.is_validation_due(level_before, budget.level) and budget.allows_validation()):
            judged = _validated(validate, state, clock)
            if state.patience.is_out(model, judged.loss_nats, state.step):
                reason = "patience"
        if reason:
            budget.close()
            state.patience.restore_best(model)
        yield _report(state, clock, rate=rate, train_loss=train_loss, judged=judged, speed=tokens_per_s, reason=reason)
        if reason:
            return


def _step(
    model: PreTrainedModel,
    batches: Sequence[Batch],
    look: Callable[[Batch], Look],
    asked: Callable[[Batch], Mapping[str, int]],
    config: TrainingConfig,
    state: LoopState,
    *,
    rate: float,
    device: torch.device,
) -> float:
    """Follow the gradient of all batches together: each counts as much as it asks for. Returns the charted loss of them all."""
    in_all = sum((Counter(asked(each)) for each in batches), Counter()) if len(batches) > 1 else None
    charted: list[Part] = []
    try:
        for batch in batches:
            with state.noise, torch.autocast(device.type, torch.bfloat16, enabled=config.precision == "bf16"):
                seen = look(batch)
            loss = seen.total if in_all is None else seen.share(in_all)
            loss.backward()  # type: ignore[no-untyped-call]
            charted.append(Part(seen.charted.sum_nats.detach(), seen.charted.count))
            state.tokens += batch.num_tokens
        total = mean_nats(charted)
        if not math.isfinite(total):
            raise UserError(
                N_("The loss is no longer a number after step {step}: the steps are too large. Lower the learning rate."),
                step=state.step,
            )
        if config.clip_norm:
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        state.optimizer.step(rate)
        model.zero_grad(set_to_none=True)
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not _is_out_of_memory(error):
            raise
        raise UserError(
            N_("Memory ran out on {device}. Choose a smaller model, batch size or context."), device=device.type
        ) from error
    state.step += 1
    return total


def _is_out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or ("alloc" in str(error) and "memory" in str(error))


def _validated(validate: Callable[[], Judged], state: LoopState, clock: Callable[[], float]) -> Judged:
    started_s = clock()
    judged = validate()
    took_s = clock() - started_s
    state.validations_s += took_s
    state.longest_validation_s = max(0.9 * state.longest_validation_s, took_s)
    return judged


def _report(
    state: LoopState,
    clock: Callable[[], float],
    *,
    rate: float,
    train_loss: float,
    judged: Judged | None,
    speed: float = 0.0,
    reason: str | None = None,
) -> StepReport:
    return StepReport(
        step=state.step,
        elapsed_s=clock(),
        tokens=state.tokens,
        tokens_per_s=speed,
        learning_rate=rate,
        train_loss_nats=train_loss,
        val_loss_nats=judged.loss_nats if judged is not None else None,
        measures=judged.others if judged is not None else {},
        is_last=reason is not None,
        reason=reason,
    )
