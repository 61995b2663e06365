"""How long a step will take: a rough guess before the first run, what was measured here after it. Needs no torch."""

import json
from typing import TYPE_CHECKING

from ssl_core import paths
from ssl_core.models import arithmetic, processor
from ssl_core.models.sizes import SIZES
from ssl_core.training.config import AUTO

if TYPE_CHECKING:
    from ssl_core.runs.spec import RunSpec

OVERHEAD_S = {"cpu": 0.004, "cuda": 0.012, "mps": 0.02}
"""What a step costs however small it is: a call for each product."""

FLOPS = {"cpu": 1.6e11, "cuda": 2e13, "mps": 2e12}
"""Products and sums a second that small matrices reach (two CPU cores with bfloat16; a graphics card is never full)."""

SHARE_BESIDE = 0.1  # of a run's time, for validations (7 %) and snapshots (3 %): as much as they may take
FLOPS_PER_WEIGHT_AND_TOKEN = 6  # one product and sum forward, two backward


def guessed_seconds_per_step(spec: "RunSpec", vocabulary_size: int, device: str) -> float:
    """Guess: overhead, plus arithmetic over what the device can do; on a CPU over what a layer reached when it was measured.

    There Muon's products are counted, too, and the share of the time that validations and snapshots may take.
    """
    found = arithmetic.nearest(arithmetic.Shape.of(spec)) if device == "cpu" else None
    flops = flops_per_step(spec, vocabulary_size)
    overhead_s = spec.training.accumulation * OVERHEAD_S[device]
    if found is None:
        return overhead_s + flops / FLOPS[device]
    muon_s = muon_flops_per_step(spec, vocabulary_size) / found.optimizer_flops_per_s if found.optimizer_flops_per_s else 0.0
    return (overhead_s + flops / found.flops_per_s + muon_s) / (1 - SHARE_BESIDE)


def is_known(spec: "RunSpec", device: str) -> bool:
    """Return whether anything was measured on this machine that tells how fast a run is."""
    return key(spec, device) in measured() or (device == "cpu" and arithmetic.nearest(arithmetic.Shape.of(spec)) is not None)


def muon_flops_per_step(spec: "RunSpec", vocabulary_size: int) -> float:
    """Return about how many products and sums Muon makes of one step's update: per weight of a layer, 10 times its width.

    4 s² l + 18 s³ for a matrix of sides s < l in three iterations; most have s = width and l = 3 widths.
    """
    from ssl_core.models import parameter_count

    if spec.training.optimizer != "muon":
        return 0.0
    width = SIZES[spec.model.size].width
    return 10.0 * width * max(0, parameter_count(spec.model, vocabulary_size) - vocabulary_size * width)


def flops_per_step(spec: "RunSpec", vocabulary_size: int) -> float:
    """Return the products and sums of one step: six per weight and token, plus attention.

    Source: Kaplan et al. 2020, arXiv:2001.08361, section 2.1. Counts the output matrix for every token.
    """
    from ssl_core.models import parameter_count

    size, model, training = SIZES[spec.model.size], spec.model, spec.training
    num_tokens = training.batch_size * training.accumulation * model.context_tokens
    attention = 2 * 6 * size.layers * size.width * model.context_tokens
    return num_tokens * (FLOPS_PER_WEIGHT_AND_TOKEN * parameter_count(model, vocabulary_size) + attention)


def key(spec: "RunSpec", device: str) -> str:
    """Return the name under which a measured speed is kept; what is left to the machine is as it was measured here.

    It holds how many tokens the tokenizer may know, not how many the text has: before a run nobody has counted them.
    """
    model, training = spec.model, spec.training
    found = arithmetic.nearest(arithmetic.Shape.of(spec)) if device == "cpu" else None
    computed_with = {name: getattr(training, name) for name in ("precision", "optimizer_precision", "threads")}
    if found is not None:
        computed_with = {name: getattr(found, name) if value in (AUTO, 0) else value for name, value in computed_with.items()}
    network = (device, model.family, model.size, model.context_tokens, spec.tokenizer.vocabulary_size)
    step = (training.batch_size, training.accumulation, training.optimizer, *computed_with.values())
    where = (processor.fingerprint(),) if device == "cpu" else ()
    return "/".join(map(str, (*where, *network, *step)))


def measured() -> dict[str, float]:
    """Return the seconds per step that runs on this machine reached, by ``key``."""
    try:
        found = json.loads((paths.cache_folder() / "speeds.json").read_text(encoding="utf-8"))
        return {str(name): float(seconds) for name, seconds in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):  # nothing measured yet, or a file that is no good: guess instead
        return {}


def keep_measured(name: str, seconds_per_step: float) -> None:
    """Remember how fast a run was; the latest counts."""
    path = paths.cache_folder() / "speeds.json"
    with paths.written_whole(path) as partial:
        partial.write_text(json.dumps({**measured(), name: round(seconds_per_step, 6)}, indent=1), encoding="utf-8")
