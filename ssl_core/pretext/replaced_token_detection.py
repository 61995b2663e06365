"""Replaced token detection: a small generator swaps some words; find out, for every token, whether it is one of them."""

# B batch, T tokens

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext import Measure
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary

TITLE = N_("Replaced token detection (RTD)")
ABBREVIATION = "RTD"
QUESTION = N_("Which words were swapped for others?")
SOURCE = N_("Clark et al. 2020, ELECTRA, arXiv:2003.10555, section 2; generator sizes: section 3.2")
FORMULA = (
    r"\mathcal{L} = -\frac{1}{|M|}\sum_{t \in M} \log p_G\left(x_t \mid x_{\setminus M}\right)"
    r"-\frac{\lambda}{T}\sum_{t=1}^{T} \log p_D\left([\hat{x}_t \neq x_t] \mid \hat{x}\right),"
    r"\quad \hat{x}_t \sim p_G \text{ for } t \in M"
)
FAMILIES = ("modernbert", "bert", "electra")
LOSSES = ("binary_cross_entropy", "masked_cross_entropy")
OBJECTIVE = "replaced"
PROBE = "spot"
READER = None  # what could be known at best depends on what this very generator would write
RECIPE = {
    "model": {"family": "modernbert", "size": "small", "context_tokens": 64, "local_attention": 4},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}
LINES = {
    "uniform_nats": N_("tossing a coin for each token"),
    "unigram_nats": N_("always saying the base rate"),
}
MEASURES = {
    "recall": Measure(
        title=N_("Replaced words found"), help=N_("Of the replaced tokens, the share that is called replaced."), chance=0.0
    ),
    "precision": Measure(
        title=N_("Alarms that are right"), help=N_("Of the tokens called replaced, the share that is."),
    ),
    "auc": Measure(
        title=N_("Order (AUC)"),
        help=N_("How often a replaced token gets a higher score than an original one. 0.5 is chance."),
        chance=0.5,
    ),
    "base_rate": Measure(
        title=N_("Replaced at all"),
        help=N_("The share of all tokens that is replaced. It falls as the generator guesses right more often."),
        best=None,
    ),
    "generator": Measure(
        title=N_("The generator's loss"), help=N_("Nats per hidden token: how well the generator fills the gaps."), best=None
    ),
}  # fmt: skip

GENERATOR_SIZES = {"tiny": N_("tiny"), "small": N_("small"), "shelf": N_("as on the shelf"), "medium": N_("medium")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How much is swapped, by how strong a generator, and how much finding it counts."""

    mask_rate: float = knob(
        0.15, N_("Mask rate"), N_("Share of tokens that the generator fills in. Those that it gets right are not replaced."),
        minimum=0.0, maximum=1.0, step=0.01,
    )  # fmt: skip
    generator_size: str = knob(
        "tiny", N_("Generator size"),
        N_("The generator should be smaller than the network that it challenges: one that is too good leaves little to find."),
        choices=GENERATOR_SIZES,
    )  # fmt: skip
    temperature: float = knob(
        3.5, N_("Temperature of the generator"),
        N_("Above 1 it writes more daringly, so that more of its words are wrong and can be found. ELECTRA took 1."),
        minimum=0.1, maximum=10.0, step=0.1,
    )  # fmt: skip
    detection_weight: float = knob(
        50.0, N_("Weight of detection"),
        N_("What finding counts, against 1 for the generator's own loss. ELECTRA took 50; 0 trains the generator only."),
        minimum=0.0, maximum=1000.0, step=1.0, advanced=True,
    )  # fmt: skip
    shared_embeddings: bool = knob(
        True, N_("Shared token embeddings"),
        N_("The generator reads and writes with the token embeddings of the network that it challenges, as in the paper."),
        advanced=True,
    )  # fmt: skip
    BEFORE: ClassVar[Mapping[str, Any]] = {"shared_embeddings": False}


def expected_roles(config: Config, num_ordinary: int) -> dict[Role, float]:
    """Return which share of a text's ordinary tokens the generator is to fill in."""
    return {Role.HIDDEN: config.mask_rate}


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Hide part of each text behind [MASK]; what the generator writes there is drawn while the network trains.

    Every token but the special ones is chosen with probability ``mask_rate``, by itself. The example is what the generator
    sees. The last two ``steps`` show what becomes of it, with a stand-in for the generator that knows word frequencies only:
    it writes tokens drawn from these very texts. ``starts_word_BT`` has no part in it.

    Source: Clark et al. 2020, section 2. As there, every chosen token becomes [MASK].
    """
    is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
    is_chosen_BT = (rng.random(ids_BT.shape) < config.mask_rate) & ~is_special_BT
    clean = Step.clean(ids_BT, vocabulary)
    chosen = clean.then(N_("Choose tokens at random"), is_chosen_BT, Role.KEPT_BUT_PREDICTED)
    hidden = chosen.then(N_("Hide them behind [MASK]"), is_chosen_BT, Role.HIDDEN, vocabulary.mask_id)
    return Examples(
        seen_ids_BT=hidden.ids_BT,
        target_ids_BT=np.where(is_chosen_BT, ids_BT, IGNORED),
        roles_BT=hidden.roles_BT,
        attention="bidirectional",
        steps=(clean, chosen, hidden, *_with_stand_in(hidden, ids_BT, is_chosen_BT, is_special_BT, rng)),
    )


def _with_stand_in(
    hidden: Step, ids_BT: IntArray, is_chosen_BT: BoolArray, is_special_BT: BoolArray, rng: np.random.Generator
) -> tuple[Step, Step]:
    """Fill the gaps as a generator would that knows frequencies only, then say which tokens are replaced."""
    ordinary_N = ids_BT[~is_special_BT]
    guess_BT = rng.choice(ordinary_N, ids_BT.shape) if len(ordinary_N) else ids_BT
    is_replaced_BT = is_chosen_BT & (guess_BT != ids_BT)
    filled = hidden.then(
        N_("A generator fills the gaps (here with words of this text)"), is_chosen_BT, Role.RANDOMISED, guess_BT
    )
    title = N_("Ask of each token whether it was replaced; a lucky guess counts as the original")
    right = filled.then(title, is_chosen_BT, Role.KEPT)
    return filled, right.then(title, is_replaced_BT, Role.REPLACED)
