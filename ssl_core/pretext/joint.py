"""Joint training: one network learns two tasks at once, each with a weight; the second may be supervised."""

# B rows, T tokens, W tokens of a row as the second task makes it

from dataclasses import dataclass, replace

import numpy as np

from ssl_core import pretext
from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext import Measure, document_label, masked_lm
from ssl_core.pretext.base import BoolArray, Corruption, Examples, IntArray, Labels, Role, Step, Vocabulary

TITLE = N_("Joint training: two tasks on one network")
ABBREVIATION = "MLM+"
QUESTION = N_("Can one network learn two things at once?")
SOURCE = N_(
    "MLM + NSP: Devlin et al. 2018, BERT, arXiv:1810.04805; MLM + SOP: Lan et al. 2020, ALBERT, arXiv:1909.11942; "
    "MLM + contrastive: Giorgi et al. 2021, DeCLUTR, arXiv:2006.03659; a supervised second part: Rei 2017, arXiv:1704.07156"
)
FORMULA = r"\mathcal{L} = \lambda_1 \mathcal{L}_{\text{MLM}} + \lambda_2 \mathcal{L}_{\text{second}}"
FAMILIES = ("modernbert", "bert")
LOSSES = ("masked_cross_entropy", "class_cross_entropy", "info_nce")
OBJECTIVE = "joint"
PROBE = "fill"
READER = None
RECIPE = {
    "model": {"family": "modernbert", "size": "small", "context_tokens": 128, "local_attention": 4},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}
MEASURES = {
    "second": Measure(
        title=N_("The second task's loss"), help=N_("Nats per row that the second task asks about."), best=None
    ),
    "accuracy": Measure(
        title=N_("Second task, told right"), help=N_("Share of rows that the second task asks about and the model tells right.")
    ),
    "majority": Measure(
        title=N_("The most frequent answer alone"),
        help=N_("Share that would be right if every held-out document were given the label that most of them carry."),
        needs_labels=True,
    ),
}  # fmt: skip
SECONDS = {
    "next_sentence": N_("next-sentence prediction, as in BERT"),
    "sentence_order": N_("sentence order, as in ALBERT"),
    "relative_position": N_("relative position"),
    "contrastive": N_("contrastive learning, as in CERT and DeCLUTR"),
    "document_label": N_("tell the document's label: supervised"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """Which task stands beside the blanks, and what each of the two counts."""

    second: str = knob(
        "next_sentence", N_("Second task"),
        N_("What the network learns beside filling blanks, with that task's usual settings."),
        choices=SECONDS,
    )  # fmt: skip
    label: str = knob(
        document_label.USUAL, N_("Label"),
        N_(
            "Where labels are learnt: which one. TinyWorld has mood, place, character and gender, BBC news topics, the Chinese "
            "reviews sentiments; usual are mood, topic and sentiment."
        ),
        choices=document_label.LABELS,
    )  # fmt: skip
    token_weight: float = knob(
        1.0, N_("Weight of the blanks"), N_("λ₁: what the loss of the hidden tokens counts. 0 switches it off."),
        minimum=0.0, maximum=100.0, step=0.1,
    )  # fmt: skip
    second_weight: float = knob(
        1.0, N_("Weight of the second task"), N_("λ₂: what the second loss counts. 0 switches it off."),
        minimum=0.0, maximum=100.0, step=0.1,
    )  # fmt: skip
    mask_rate: float = knob(
        0.15, N_("Mask rate"), N_("Share of tokens to hide, in the very rows that the second task asks about."),
        minimum=0.0, maximum=1.0, step=0.01,
    )  # fmt: skip


def second_settings(config: Config) -> BaseConfig:
    """Return the settings of the second task: its usual ones."""
    usual: BaseConfig = pretext.part(config.second).Config()
    return usual


def needs_label(config: Config) -> str | None:
    """Say which label of the documents is learnt; None where the second task learns from the text alone."""
    return config.label if hasattr(pretext.part(config.second), "needs_label") else None


def corruption(config: Config) -> Corruption:
    """Say how hidden tokens come to look as they do: as in masked language modelling by itself."""
    return masked_lm.corruption(_blanks(config))


def _blanks(config: Config) -> masked_lm.Config:
    return masked_lm.Config(mask_rate=config.mask_rate)


def class_names(config: Config) -> tuple[str, ...]:
    """Name the answers of the second task in the current language, where it asks for classes."""
    second = pretext.part(config.second)
    names: tuple[str, ...] = second.class_names(second_settings(config)) if hasattr(second, "class_names") else ()
    return names


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
    labels: Labels | None = None,
) -> Examples:
    """Lay the text out as the second task wants it, then hide tokens of that, as BERT does.

    Both tasks are asked of the same rows in one pass, so that the network has to serve both with the same vectors.
    """
    second = pretext.part(config.second)
    beside = {} if needs_label(config) is None else {"labels": labels}
    asked: Examples = second.make_examples(ids_BT, rng, second_settings(config), vocabulary, starts_word_BT, **beside)
    hidden = masked_lm.make_examples(asked.seen_ids_BT, rng, _blanks(config), vocabulary)
    return replace(
        asked,
        seen_ids_BT=hidden.seen_ids_BT,
        target_ids_BT=hidden.target_ids_BT,
        roles_BT=_roles(hidden.roles_BT, asked.roles_BT),
        steps=(*asked.steps, *(_over(asked, step) for step in hidden.steps[1:])),
    )


def _over(asked: Examples, step: Step) -> Step:
    return replace(step, roles_BT=_roles(step.roles_BT, asked.roles_BT))


def _roles(masked_BW: np.typing.NDArray[np.uint8], asked_BW: np.typing.NDArray[np.uint8]) -> np.typing.NDArray[np.uint8]:
    """Let what is hidden stand out over what the second task did to a token."""
    return np.where(np.isin(masked_BW, (Role.KEPT, Role.SPECIAL)), asked_BW, masked_BW)
