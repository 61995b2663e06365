"""What becomes of the tokens that are chosen: most are hidden behind [MASK], some become random ones, the rest stay."""

# B batch, T tokens

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ssl_core.i18n import _
from ssl_core.pretext.base import BoolArray, Corruption


class Shares(Protocol):
    """The settings of a task that hides tokens."""

    @property
    def mask_rate(self) -> float: ...  # noqa: D102
    @property
    def mask_token_rate(self) -> float: ...  # noqa: D102
    @property
    def random_token_rate(self) -> float: ...  # noqa: D102
    @property
    def whole_words(self) -> bool: ...  # noqa: D102


def share_problems(config: Shares) -> list[str]:
    """Return why these shares can't be, if they can't."""
    if config.mask_token_rate + config.random_token_rate > 1 + 1e-9:
        return [_("The shares of [MASK] and of random tokens add up to more than 1; lower one of them.")]
    return []


def corruption(config: Shares) -> Corruption:
    """Say how examples come to look as they do, in chances."""
    return Corruption(
        chosen_rate=config.mask_rate,
        hidden_rate=config.mask_token_rate,
        random_rate=config.random_token_rate,
        whole_words=config.whole_words,
    )


def fates(is_chosen_BT: BoolArray, fate_BT: npt.NDArray[np.float64], config: Shares) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return which of the chosen tokens are masked, which become random, and which stay; ``fate_BT`` is drawn from 0 to 1.

    Source: Devlin et al. 2018, arXiv:1810.04805, section 3.1.
    """
    is_masked_BT = is_chosen_BT & (fate_BT < config.mask_token_rate)
    is_random_BT = is_chosen_BT & ~is_masked_BT & (fate_BT < config.mask_token_rate + config.random_token_rate)
    is_kept_BT = is_chosen_BT & ~is_masked_BT & ~is_random_BT  # stays visible: fine-tuning, with no [MASK], looks familiar
    return is_masked_BT, is_random_BT, is_kept_BT
