"""The warm-up is left out: the first steps are as long as any."""

from dataclasses import replace
from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import HONEST, Hooks, Seen
from ssl_core.training.config import TrainingConfig

TITLE = N_("No warm-up")
STORY = N_("The learning rate starts at its peak, while the network still knows nothing.")
WRONG = """rate = peak * (1 - share)"""
RIGHT = """rate = peak * min(share / 0.08, (1 - share) / 0.92)"""
WATCHED = HONEST
CHOICES = ("same", "worse", "flat", "wild")
TRUTH = "same"
SEEN_IN = (
    Seen(
        what=N_("Transformers with the norm after each layer need a warm-up; with the norm before it they hardly do."),
        where="Xiong et al. 2020, arXiv:2002.04745",
    ),
    Seen(
        what=N_("A BERT that diverged; the advice: a smaller rate, a longer warm-up."),
        where="https://github.com/NVIDIA/DeepLearningExamples/issues/184",
    ),
)
WHY_HERE = {
    "before": N_("The network shown here ({family}) has its norms before each layer: it hardly needs a warm-up."),
    "after": N_(
        "The network shown here ({family}) has its norms after each layer, where a warm-up matters most. Look at the curves: "
        "they tell whether equally long steps are enough."
    ),
}
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes: every run can begin too fast."""
    return True


def at_once(training: TrainingConfig) -> TrainingConfig:
    """Begin with the peak."""
    return replace(training, warmup_rate=0.0)


HOOKS = Hooks(training=at_once)
