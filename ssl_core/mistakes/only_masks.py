"""All chosen tokens become [MASK]: in fine-tuning there is none, and the network never said anything at a token it saw."""

from dataclasses import replace
from typing import Any

import numpy as np

from ssl_core.i18n import N_
from ssl_core.mistakes.base import IN_USE, Hooks, MakeExamples, MakerFor, Seen, predicts_in_place
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Role, Vocabulary

TITLE = N_("[MASK] in training, none at inference")
STORY = N_("Whatever is asked for stands there as [MASK], always; but texts that a network is used on hold no [MASK].")
WRONG = """seen = ids.masked_fill(is_chosen, MASK)
loss = model(seen, labels=labels).loss"""
RIGHT = """fate = torch.rand(ids.shape)
seen = ids.masked_fill(is_chosen & (fate < 0.8), MASK)
seen = where(is_chosen & (fate >= 0.9), random_ids, seen)
loss = model(seen, labels=labels).loss"""
WATCHED = IN_USE
CHOICES = ("same", "worse", "flat", "lower")
TRUTH = "worse"
SEEN_IN = (
    Seen(
        what=N_(
            "BERT's first author: always [MASK] harms where the vectors of single tokens are used as they are, and does not "
            "where a whole sentence is judged."
        ),
        where="https://github.com/google-research/bert/issues/169",
    ),
    Seen(
        what=N_(
            "BERT's own comparison: with fine-tuning hardly any difference; with its vectors left as they are, names in a text "
            "are found a little worse."
        ),
        where="Devlin et al. 2018, arXiv:1810.04805, appendix C.2",
    ),
    Seen(
        what=N_("Others find no use in it: fine-tuned models were mostly as good or better with nothing but [MASK]."),
        where="Wettig et al. 2022, arXiv:2202.08005",
    ),
    Seen(
        what=N_("And others find a harm: part of the network is kept for [MASK] alone and is lost to real words."),
        where="Meng et al. 2023, arXiv:2302.02060",
    ),
)
SETTING: dict[str, Any] = {"judged": "in_use"}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where some of the tokens that are asked for stay visible, or become others."""
    has_others = bool(np.isin(examples.roles_BT, (Role.RANDOMISED, Role.KEPT_BUT_PREDICTED)).any())
    return predicts_in_place(task, examples) and has_others


def all_masked(make_with: MakerFor, vocabulary: Vocabulary) -> MakeExamples:
    """Choose as ever, and put [MASK] in place of every chosen token."""
    make = make_with(vocabulary)

    def made(ids_BT: IntArray, rng: np.random.Generator, starts_word_BT: BoolArray) -> Examples:
        examples = make(ids_BT, rng, starts_word_BT)
        is_chosen_BT = examples.is_predicted_BT
        return replace(
            examples,
            seen_ids_BT=np.where(is_chosen_BT, vocabulary.mask_id, examples.seen_ids_BT),
            roles_BT=np.where(is_chosen_BT, np.uint8(Role.HIDDEN), examples.roles_BT),
            steps=(),
        )

    return made


HOOKS = Hooks(examples=all_masked)
