"""How long and how the network is trained: settings that need no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ssl_core.config import Config, knob
from ssl_core.i18n import N_

OPTIMIZERS = {"adamw": "AdamW", "muon": N_("Muon on matrices, AdamW on the rest"), "sgd": N_("SGD with momentum")}
SCHEDULES = {"linear": N_("linear decay"), "cosine": N_("cosine decay"), "constant": N_("constant")}
BUDGETS = {"seconds": N_("seconds"), "steps": N_("steps"), "tokens": N_("tokens")}
TRAINED, IN_USE = "trained", "in_use"
JUDGED = {TRAINED: N_("as it is in training"), IN_USE: N_("as it is in use: nothing hidden")}
DEVICES = {"auto": N_("the fastest there is"), "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}
AUTO = "auto"
PRECISIONS = {AUTO: N_("the fastest here, by measurement"), "bf16": N_("bfloat16 where it helps"), "fp32": "float32"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig(Config):
    """Budget, optimiser, schedule, batch and device of one run."""

    budget: float = knob(
        60, N_("Budget"), N_("The run ends exactly here. Pauses do not count."), minimum=1, maximum=1e12,
    )  # fmt: skip
    budget_unit: str = knob(
        "seconds", N_("Budget in"), N_("What the budget counts. Tokens are those that the network reads, without padding."),
        choices=BUDGETS,
    )  # fmt: skip
    optimizer: str = knob("adamw", N_("Optimiser"), N_("The rule that turns gradients into steps."), choices=OPTIMIZERS)
    learning_rate: float = knob(
        3e-3, N_("Learning rate"), N_("Size of a step at its peak."), minimum=1e-6, maximum=1.0, logarithmic=True,
    )  # fmt: skip
    schedule: str = knob("linear", N_("Schedule"), N_("How the learning rate falls after the warm-up."), choices=SCHEDULES)
    warmup_rate: float = knob(
        0.08, N_("Warm-up"), N_("Share of the budget during which the learning rate rises from zero."),
        minimum=0.0, maximum=0.9, step=0.01,
    )  # fmt: skip
    final_rate: float = knob(
        0.02, N_("Final learning rate"), N_("Where the schedule ends, as a share of the peak."),
        minimum=0.0, maximum=1.0, step=0.01, advanced=True,
    )  # fmt: skip
    batch_size: int = knob(
        16, N_("Batch size"), N_("Sequences per forward pass."), minimum=1, maximum=1024, step=1, unit=N_("sequences"),
    )  # fmt: skip
    accumulation: int = knob(
        1, N_("Gradient accumulation"),
        N_(
            "Batches added up before each step of the optimiser, each weighed by how much it asks: 4 batches of 4 train as one "
            "of 16. Not so for contrastive learning, alone or beside another task: its negatives come from one batch."
        ),
        minimum=1, maximum=64, step=1, advanced=True,
    )  # fmt: skip
    weight_decay: float = knob(
        0.01, N_("Weight decay"), N_("Pulls weights towards zero; biases and norms are left alone."),
        minimum=0.0, maximum=1.0, advanced=True,
    )  # fmt: skip
    beta2: float = knob(
        0.98, N_("AdamW β₂"), N_("How slowly AdamW forgets the size of past gradients."),
        minimum=0.5, maximum=0.9999, advanced=True,
    )  # fmt: skip
    clip_norm: float = knob(
        1.0, N_("Gradient clipping"), N_("Longest gradient allowed; 0 switches clipping off."),
        minimum=0.0, maximum=100.0, advanced=True,
    )  # fmt: skip
    patience: int = knob(
        0, N_("Patience"), N_("Stop early after this many validations without a new best; 0 never stops early."),
        minimum=0, maximum=1000, step=1, unit=N_("validations"), advanced=True,
    )  # fmt: skip
    validation_sequences: int = knob(
        128, N_("Validation set"), N_("Held-out sequences on which every validation loss and baseline is measured."),
        minimum=8, maximum=4096, step=8, unit=N_("sequences"), advanced=True,
    )  # fmt: skip
    judged: str = knob(
        TRAINED, N_("Held-out text is read"),
        N_(
            "What stands where a token is asked for: what stands there in training, such as [MASK], or the token itself, as in "
            "fine-tuning and in use. Tasks that hide nothing know no difference."
        ),
        choices=JUDGED, advanced=True,
    )  # fmt: skip
    training_tokens: int = knob(
        0, N_("Training text at most"), N_("Read only so many tokens of the training text, again and again; 0 reads it all."),
        minimum=0, maximum=2**31 - 1, step=1024, unit=N_("tokens"), advanced=True,
    )  # fmt: skip
    precision: str = knob(AUTO, N_("Precision"), N_("Number format of the matrix products."), choices=PRECISIONS, advanced=True)
    optimizer_precision: str = knob(
        AUTO, N_("Precision of the optimiser"), N_("Number format of the products that Muon makes of each update."),
        choices=PRECISIONS, advanced=True,
    )  # fmt: skip
    threads: int = knob(
        0, N_("Threads"), N_("Threads that compute side by side on a CPU; 0 takes as many as are fastest here."),
        minimum=0, maximum=64, step=1, advanced=True,
    )  # fmt: skip
    device: str = knob("auto", N_("Device"), N_("Where the arithmetic happens."), choices=DEVICES, advanced=True)
    pace: tuple[int, ...] = ()
    """Steps at which a run with a budget in seconds reached each 1/200 of it; given back, the run repeats exactly."""

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Self:
        """Rebuild settings from ``to_json``'s values.

        Settings from before there was a choice name the precision of the network only; the optimiser's was bfloat16.
        Raises: UserError if a name is unknown or a value is outside its range.
        """
        values = dict(saved)
        if "precision" in values:
            values.setdefault("optimizer_precision", "bf16")
        return super(TrainingConfig, cls).from_json(values)
