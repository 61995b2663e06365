"""The best constant answer: what a reader gets who looks at nothing and always says the same."""

import math

from ssl_core.i18n import N_

TITLE = N_("The best constant answer")
FORMULA = r"p^* = \frac{w r}{w r + 1 - r}, \qquad \mathcal{L}^* = -w r \ln p^* - (1-r) \ln (1-p^*)"
UNIT = N_("nats for each question")
SOURCE = "Shannon 1948, A mathematical theory of communication, § 6"


def constant_answer(base_rate: float, weight: float = 1.0) -> float:
    """Return the probability of yes that costs least if it is the answer to every question.

    ``base_rate`` is the share of questions whose answer is yes; ``weight`` multiplies what a missed yes costs.
    """
    yes, no = weight * base_rate, 1.0 - base_rate
    return yes / (yes + no) if yes + no > 0 else 0.5  # nothing costs anything: no answer is better than another


def loss_of(answer: float, base_rate: float, weight: float = 1.0) -> float:
    """Return what an answer given to every question costs on average; infinite where it rules out what happens."""
    return _cost(weight * base_rate, answer) + _cost(1.0 - base_rate, 1.0 - answer)


def best_loss(base_rate: float, weight: float = 1.0) -> float:
    """Return what the best constant answer costs: with weight 1 the entropy of the labels. Below it, something was learned."""
    return loss_of(constant_answer(base_rate, weight), base_rate, weight)


def _cost(how_often: float, chance: float) -> float:
    if how_often == 0:
        return 0.0
    return -how_often * math.log(chance) if chance > 0 else math.inf
