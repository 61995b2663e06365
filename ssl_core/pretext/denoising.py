"""Denoising: spoil a text in several ways, and have it written down whole."""

# B batch, T tokens, U = T tokens to write, S slots: see ``text_noise``

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext import Measure, text_noise
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Vocabulary
from ssl_core.pretext.rows import shifted

TITLE = N_("Denoising (BART)")
ABBREVIATION = "BART"
QUESTION = N_("What did the text say before it was spoilt?")
SOURCE = N_("Lewis et al. 2019, BART: Denoising Sequence-to-Sequence Pre-training, arXiv:1910.13461, section 2.2")
FORMULA = r"\mathcal{L} = -\frac{1}{T}\sum_{t=1}^{T} \log p_\theta\left(x_t \mid \tilde{x}, x_1, \dots, x_{t-1}\right)"
FAMILIES = ("bart", "t5")
LOSSES = ("masked_cross_entropy",)
OBJECTIVE = "seq2seq"
PROBE = "restore"
READER = "restored"
LINES = {"bigram_nats": N_("bigram model, token to the left")}
RECIPE = {
    "model": {"family": "bart", "size": "small", "context_tokens": 64},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}
MEASURES = {
    "everything": Measure(
        title=N_("Loss on all tokens"),
        help=N_("What the network learns from: most tokens need only be copied, which flatters the loss."),
        best=None,
    ),
    "counted_accuracy": Measure(
        title=N_("Hidden tokens restored"),
        help=N_("Share of the hidden tokens that are the network's first choice."),
        best=None,
    ),
    "others_accuracy": Measure(
        title=N_("Visible tokens copied"), help=N_("Share of the tokens in plain sight that the network writes down again.")
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How much of each kind of noise."""

    infilling_rate: float = knob(
        0.3, N_("Text infilling"),
        N_("Share of the tokens that go in spans, each span replaced by one [MASK], however long it is."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip
    mean_span_tokens: float = knob(
        3.0, N_("Mean span of infilling"),
        N_("How long spans are on average (Poisson). A span of no token is a [MASK] where nothing is missing."),
        minimum=1.0, maximum=20.0, step=0.5, unit=N_("tokens"), advanced=True,
    )  # fmt: skip
    mask_rate: float = knob(
        0.0, N_("Token masking"), N_("Share of the tokens that are seen as [MASK], one for each."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip
    deletion_rate: float = knob(
        0.0, N_("Token deletion"), N_("Share of the tokens that are left out; nothing shows where."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip
    permutation_rate: float = knob(
        0.0, N_("Sentence permutation"), N_("Share of the sentences that change places within their document."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip
    rotation_rate: float = knob(
        0.0, N_("Document rotation"),
        N_("Share of the texts that begin at a random token; what stood before it comes after the end."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip

    @property
    def hides(self) -> bool:
        """True if any token is hidden, and not only moved."""
        return self.infilling_rate > 0 or self.mask_rate > 0 or self.deletion_rate > 0


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Spoil each text; the decoder must write the clean one. The tokens that can't be seen count in the charted loss.

    Where nothing is hidden, only moved, every token counts. Special tokens are never hidden; they move with the text when it
    is turned round.

    Source: Lewis et al. 2019, section 2.2. Differs: by default only text infilling, which does well by itself there, too
    (table 1); their large model also permutes all sentences.
    """
    stages = [text_noise.clean(ids_BT, vocabulary)]
    if config.infilling_rate > 0:
        stages += text_noise.infilled(stages[-1], rng, config.infilling_rate, config.mean_span_tokens, vocabulary)
    if config.mask_rate > 0:
        stages += text_noise.masked(stages[-1], rng, config.mask_rate, vocabulary)
    if config.deletion_rate > 0:
        stages += text_noise.thinned(stages[-1], rng, config.deletion_rate)
    is_hidden_BT = (stages[-1].roles_BS == Role.HIDDEN)[:, 1::2]
    if config.permutation_rate > 0:
        stages += text_noise.permuted(stages[-1], ids_BT, rng, config.permutation_rate, vocabulary)
    if config.rotation_rate > 0:
        stages += text_noise.rotated(stages[-1], rng, config.rotation_rate)
    steps = tuple(stage.step(vocabulary.pad_id) for stage in stages)
    return Examples(
        seen_ids_BT=steps[-1].ids_BT,
        target_ids_BT=np.full_like(steps[-1].ids_BT, IGNORED),
        roles_BT=steps[-1].roles_BT,
        attention="encoder_decoder",
        steps=steps,
        decoder_ids_BU=shifted(ids_BT, vocabulary.sep_id),
        decoder_target_ids_BU=ids_BT,
        decoder_counts_BU=is_hidden_BT if config.hides else np.ones_like(is_hidden_BT),
    )


def hidden(examples: Examples, vocabulary: Vocabulary) -> BoolArray | None:
    """Return which tokens of the clean texts were hidden, (B, T); None where nothing was, only moved."""
    return None if examples.decoder_counts_BU is None or examples.decoder_counts_BU.all() else examples.decoder_counts_BU
