"""Masked language modelling: hide some tokens, predict them from both sides."""

# B batch, T tokens

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary, words_BT
from ssl_core.pretext.fates import corruption as corruption
from ssl_core.pretext.fates import fates, share_problems

TITLE = N_("Masked language modelling (MLM)")
ABBREVIATION = "MLM"
QUESTION = N_("Which words can be guessed from their neighbours?")
SOURCE = N_("Devlin et al. 2018, BERT, arXiv:1810.04805, section 3.1; mask rates: Wettig et al. 2022, arXiv:2202.08005")
FORMULA = r"\mathcal{L} = -\frac{1}{|M|}\sum_{t \in M} \log p_\theta\left(x_t \mid \tilde{x}\right)"
FAMILIES = ("modernbert", "bert", "roberta", "albert")
LOSSES = ("masked_cross_entropy",)
OBJECTIVE = "tokens"
PROBE = "fill"
READER = "masked"
RECIPE = {  # one layer in three sees everything: a name may stand farther from its pronoun than all windows reach together
    "model": {"family": "modernbert", "size": "small", "context_tokens": 64, "local_attention": 4, "global_every": 3},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How much is hidden, and what stands in its place."""

    mask_rate: float = knob(
        0.3, N_("Mask rate"),
        N_("Share of tokens to predict. BERT took 0.15; small models on little time learn faster with more."),
        minimum=0.0, maximum=1.0, step=0.01, paper="BERT: 0.15",
    )  # fmt: skip
    mask_token_rate: float = knob(
        0.8, N_("Of these, shown as [MASK]"), N_("Share of the predicted tokens that the model sees as [MASK]."),
        minimum=0.0, maximum=1.0, step=0.05, advanced=True,
    )  # fmt: skip
    random_token_rate: float = knob(
        0.1, N_("Of these, shown as a random token"),
        N_("Share of the predicted tokens that the model sees as some other token. The rest stay as they are."),
        minimum=0.0, maximum=1.0, step=0.05, advanced=True,
    )  # fmt: skip
    whole_words: bool = knob(
        False, N_("Hide whole words"), N_("Hide all pieces of a word together, so that none gives the others away."),
    )  # fmt: skip

    static_masks: bool = knob(
        False, N_("The same masks each time"),
        N_("Cut and mask the text once; BERT's was masked in ten ways beforehand. Off: mask anew each time, as RoBERTa."),
        advanced=True,
    )  # fmt: skip

    def problems(self) -> list[str]:
        """Return every reason why these settings can't be used."""
        found = BaseConfig.problems(self)
        return found or share_problems(self)


def cuts_anew(config: Config) -> bool:
    """Say whether each round over the text may cut it at other places; static masks belong to windows that come again."""
    return not config.static_masks


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Hide part of each text; the hidden tokens are the answers.

    Every token but the special ones is chosen with probability ``mask_rate``, alone or, with ``whole_words``, together
    with the other pieces of its word. ``starts_word_BT`` says where words begin, where the vocabulary does not tell. With
    ``static_masks`` nothing is drawn from ``rng``: the tokens of a row alone decide, so the same row is always hidden alike.

    Source: Devlin et al. 2018, section 3.1. As there, a random token is drawn from the whole vocabulary, so now and then
    it is a special token or the very token it stands for.
    """
    is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
    draws_BT, fate_BT, random_ids_BT = _drawn(ids_BT, rng, config, vocabulary)
    if config.whole_words:  # every piece of a word takes the draw of the first piece
        draws_BT = np.take_along_axis(draws_BT, words_BT(ids_BT, vocabulary, starts_word_BT), axis=1)
    is_chosen_BT = (draws_BT < config.mask_rate) & ~is_special_BT

    is_masked_BT, is_random_BT, is_kept_BT = fates(is_chosen_BT, fate_BT, config)

    clean = Step.clean(ids_BT, vocabulary)
    chosen = clean.then(N_("Choose what to predict"), is_chosen_BT, Role.KEPT_BUT_PREDICTED)
    masked = chosen.then(N_("Hide most of them behind [MASK]"), is_masked_BT, Role.HIDDEN, vocabulary.mask_id)
    randomised = masked.then(N_("Put a random token in place of some"), is_random_BT, Role.RANDOMISED, random_ids_BT)
    finished = randomised.then(N_("Leave the rest as they are, but predict them too"), is_kept_BT, Role.KEPT_BUT_PREDICTED)

    return Examples(
        seen_ids_BT=finished.ids_BT,
        target_ids_BT=np.where(is_chosen_BT, ids_BT, IGNORED),
        roles_BT=finished.roles_BT,
        attention="bidirectional",
        steps=(clean, chosen, masked, randomised, finished),
    )


def _drawn(
    ids_BT: IntArray, rng: np.random.Generator, config: Config, vocabulary: Vocabulary
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], IntArray]:
    """Return for each token what decides whether it is chosen, what becomes of it then, and a random token."""
    if not config.static_masks:
        return rng.random(ids_BT.shape), rng.random(ids_BT.shape), rng.integers(0, vocabulary.size, ids_BT.shape)
    draws_BT, fate_BT, random_ids_BT = np.empty(ids_BT.shape), np.empty(ids_BT.shape), np.empty_like(ids_BT)
    for row, ids_T in enumerate(ids_BT):
        digest = blake2b(ids_T.astype("<i8").tobytes(), digest_size=16).digest()
        own = np.random.default_rng(int.from_bytes(digest, "little"))
        draws_BT[row], fate_BT[row] = own.random((2, len(ids_T)))
        random_ids_BT[row] = own.integers(0, vocabulary.size, len(ids_T))
    return draws_BT, fate_BT, random_ids_BT
