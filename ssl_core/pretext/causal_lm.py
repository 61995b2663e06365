"""Causal language modelling: read from left to right, predict each next token."""

# B batch, T tokens

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary

TITLE = N_("Causal language modelling (LM)")
ABBREVIATION = "LM"
QUESTION = N_("Which word comes next?")
SOURCE = N_(
    "Radford et al. 2018, Improving Language Understanding by Generative Pre-Training, section 3.1, "
    "https://cdn.openai.com/research-covers/language-unsupervised/language_understanding_paper.pdf"
)
FORMULA = r"\mathcal{L} = -\frac{1}{T-1}\sum_{t=1}^{T-1} \log p_\theta\left(x_{t+1} \mid x_1, \dots, x_t\right)"
FAMILIES = ("gpt2", "llama")
LOSSES = ("masked_cross_entropy",)
OBJECTIVE = "tokens"
PROBE = "continue"
READER = "next_token"
LINES = {"bigram_nats": N_("bigram model, token to the left")}
RECIPE = {
    "model": {"family": "llama", "size": "small", "context_tokens": 64},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """Nothing to choose: every token is seen, and every next token is the answer."""


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Show the text as it is; the answer at each position is the token after it.

    The last position has no token after it and is not predicted. Nothing is drawn from ``rng``.
    """
    is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
    target_ids_BT = np.full_like(ids_BT, IGNORED)
    target_ids_BT[:, :-1] = ids_BT[:, 1:]
    clean = Step.clean(ids_BT, vocabulary)
    has_answer_BT = (target_ids_BT != IGNORED) & ~is_special_BT
    asked = clean.then(N_("Ask every token for the one after it"), has_answer_BT, Role.KEPT_BUT_PREDICTED)
    return Examples(
        seen_ids_BT=ids_BT, target_ids_BT=target_ids_BT, roles_BT=asked.roles_BT, attention="causal", steps=(clean, asked)
    )
