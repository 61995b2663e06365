"""The learning rate is thirty times too large."""

from dataclasses import replace
from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import HONEST, Hooks, Seen
from ssl_core.training.config import TrainingConfig

TITLE = N_("The learning rate, times 30")
STORY = N_("Each step is thirty times as long as it should be: a slip of the decimal point, or scaled twice for the batch.")
WRONG = """optimizer = AdamW(model.parameters(), lr=30 * rate)"""
RIGHT = """optimizer = AdamW(model.parameters(), lr=rate)"""
WATCHED = HONEST
CHOICES = ("wild", "stuck", "lower", "same")
TRUTH = "stuck"
SEEN_IN = (
    Seen(
        what=N_(
            "The rate was scaled by the number of graphics cards, though the program did so itself: the loss went up for good."
        ),
        where="https://github.com/NVIDIA/DeepLearningExamples/issues/172",
    ),
    Seen(
        what=N_("ALBERT's loss rose all at once around step 220,000 and did not come down; a smaller rate helped."),
        where="https://github.com/google-research/albert/issues/29",
    ),
)
SETTING: dict[str, Any] = {}
FACTOR, LARGEST = 30, 1.0


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes: every run has a learning rate."""
    return True


def thirty_times(training: TrainingConfig) -> TrainingConfig:
    """Take steps thirty times as long, up to the largest that can be set."""
    return replace(training, learning_rate=min(FACTOR * training.learning_rate, LARGEST))


HOOKS = Hooks(training=thirty_times)
