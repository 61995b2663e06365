"""Span masking: hide whole stretches of words, predict what stood in each from both sides."""

# B batch, T tokens, W words of a row, K spans of a row

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext import Measure
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary, words_BT
from ssl_core.pretext.fates import corruption as corruption
from ssl_core.pretext.fates import fates, share_problems

TITLE = N_("Span masking (SpanBERT)")
ABBREVIATION = "Span"
QUESTION = N_("What stood in a gap of several words?")
SOURCE = N_("Joshi et al. 2019, SpanBERT, arXiv:1907.10529, sections 3.1 and 3.2")
FORMULA = (
    r"\mathcal{L} = -\frac{1}{|M|}\sum_{t \in M} \left[\log p_\theta\left(x_t \mid h_t\right)"
    r" + \log p_\theta\left(x_t \mid h_{s-1}, h_{e+1}, t - s + 1\right)\right]"
)
FAMILIES = ("modernbert", "bert", "roberta")
LOSSES = ("masked_cross_entropy",)
OBJECTIVE = "spans"
PROBE = "fill"
READER = "spans"
LINES = {"floor_nats": N_("no network gets below this")}
MEASURES = {
    "boundary_nats": Measure(
        title=N_("From the boundaries alone"),
        help=N_("Loss in nats where a hidden token is predicted from its place and the two tokens beside its span only."),
        best=None,
    )
}
RECIPE = {
    "model": {"family": "modernbert", "size": "small", "context_tokens": 64, "local_attention": 4},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How long the spans are, how much they hide, and what stands in their place."""

    mask_rate: float = knob(
        0.15, N_("Share of tokens to hide"),
        N_("The budget of a text: spans are drawn until so much is hidden. SpanBERT took 0.15."),
        minimum=0.0, maximum=1.0, step=0.01, paper="SpanBERT: 0.15",
    )  # fmt: skip
    geometric_p: float = knob(
        0.2, N_("Chance that a span ends"),
        N_("After each word a span ends with this chance: the smaller, the longer the spans."),
        minimum=0.01, maximum=1.0, step=0.01,
    )  # fmt: skip
    longest_span: int = knob(
        10, N_("Longest span"), N_("No span has more words than this."), minimum=1, maximum=30, step=1, unit=N_("words"),
    )  # fmt: skip
    boundary_objective: bool = knob(
        True, N_("Predict from the boundaries, too"),
        N_("A second loss: each hidden token from its place and the two visible tokens beside the span, and nothing else."),
    )  # fmt: skip
    mask_token_rate: float = knob(
        0.8, N_("Of the spans, shown as [MASK]"), N_("Share of the spans that the model sees as a row of [MASK]."),
        minimum=0.0, maximum=1.0, step=0.05, advanced=True,
    )  # fmt: skip
    random_token_rate: float = knob(
        0.1, N_("Of the spans, shown as random tokens"),
        N_("Share of the spans that the model sees as random tokens. The rest stay as they are."),
        minimum=0.0, maximum=1.0, step=0.05, advanced=True,
    )  # fmt: skip
    whole_words: bool = knob(
        True, N_("Count words, not pieces"), N_("Spans consist of whole words. Off, each piece of a word counts for itself."),
        advanced=True,
    )  # fmt: skip

    def problems(self) -> list[str]:
        """Return every reason why these settings can't be used."""
        found = BaseConfig.problems(self)
        return found or share_problems(self)


def length_shares(config: Config) -> npt.NDArray[np.float64]:
    """Return how often a span has 1, 2, 3 … words: p (1 - p)^(l - 1), cut at the longest and made to add up to 1."""
    shares = config.geometric_p * (1 - config.geometric_p) ** np.arange(config.longest_span)
    return np.asarray(shares / shares.sum())


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Hide spans of words until the budget is spent; the hidden tokens are the answers, and a span shares one fate.

    A span lies where all its words fit, with a visible token on both sides; special tokens are never hidden. A row too
    short for that hides a word at its edge; each row with an ordinary token hides at least one, unless the budget is 0.

    Source: Joshi et al. 2019, sections 3.1 and 3.2. Differs: spans never touch, so that the tokens beside a span can be
    seen; there a span may begin where another ends. Here as there the last span is cut where the budget ends.
    """
    is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
    begins_BT = words_BT(ids_BT, vocabulary, starts_word_BT) if config.whole_words else np.broadcast_to(
        np.arange(ids_BT.shape[1]), ids_BT.shape
    )  # fmt: skip
    span_BT = np.stack([_spans(*row, rng, config) for row in zip(begins_BT, is_special_BT, strict=True)])
    is_chosen_BT = span_BT >= 0

    fate_BT = np.take_along_axis(rng.random(ids_BT.shape), np.maximum(span_BT, 0), axis=1)  # one a span
    is_masked_BT, is_random_BT, is_kept_BT = fates(is_chosen_BT, fate_BT, config)

    clean = Step.clean(ids_BT, vocabulary)
    first = clean.then(N_("Draw a length and a place for a first span"), span_BT == 0, Role.KEPT_BUT_PREDICTED)
    chosen = first.then(N_("Draw more spans until the budget is spent"), is_chosen_BT, Role.KEPT_BUT_PREDICTED)
    masked = chosen.then(N_("Hide most spans, each as a whole, behind [MASK]"), is_masked_BT, Role.HIDDEN, vocabulary.mask_id)
    random_ids_BT = rng.integers(0, vocabulary.size, ids_BT.shape)
    randomised = masked.then(N_("Fill some spans with random tokens"), is_random_BT, Role.RANDOMISED, random_ids_BT)
    left_alone = N_("Leave the other spans as they are, but predict them too")
    finished = randomised.then(left_alone, is_kept_BT, Role.KEPT_BUT_PREDICTED)
    return Examples(
        seen_ids_BT=finished.ids_BT,
        target_ids_BT=np.where(is_chosen_BT, ids_BT, IGNORED),
        roles_BT=finished.roles_BT,
        attention="bidirectional",
        steps=(clean, first, chosen, masked, randomised, finished),
    )


def _spans(begins_T: IntArray, is_special_T: BoolArray, rng: np.random.Generator, config: Config) -> IntArray:
    """Return for each token of a row the number of its span, in the order drawn; -1 where it is in none."""
    first_W = np.flatnonzero(begins_T == np.arange(len(begins_T)))
    size_W = np.diff(first_W, append=len(begins_T))
    is_word_W = np.logical_and.reduceat(~is_special_T, first_W)
    num_left = round(config.mask_rate * int(size_W[is_word_W].sum()))
    num_left = max(num_left, int(config.mask_rate > 0 and is_word_W.any()))
    span_W, shares = np.full(len(first_W), -1), length_shares(config).cumsum()
    number = 0
    while num_left > 0:
        length = 1 + int(np.searchsorted(shares[:-1], rng.random(), side="right"))
        place = _place(span_W, is_word_W, length, rng)
        if place is None:
            break
        span = slice(place[0], place[0] + place[1])
        is_paid_for = np.cumsum(size_W[span]) - size_W[span] < num_left  # a word that begins within the budget
        span_W[span] = np.where(is_paid_for, number, -1)
        num_left -= int(size_W[span][is_paid_for].sum())
        number += 1
    return np.repeat(span_W, size_W)


def _place(span_W: IntArray, is_word_W: BoolArray, length: int, rng: np.random.Generator) -> tuple[int, int] | None:
    """Return where a span begins and how many words it has: the length asked for, or less where none of that fits."""
    W = len(span_W)
    is_free_W = is_word_W & (span_W < 0)
    is_free_W[1:] &= span_W[:-1] < 0
    is_free_W[:-1] &= span_W[1:] < 0
    edge = int(W > 2 and bool(is_free_W[1:-1].any()))  # the row's own edges stay visible where anything else is free
    is_free_W[:edge], is_free_W[W - edge :] = False, False
    taken = np.concatenate([[0], np.cumsum(~is_free_W)])
    for shorter in range(min(length, W), 0, -1):
        fits = np.flatnonzero(taken[shorter:] == taken[:-shorter])
        if len(fits):
            return int(rng.choice(fits)), shorter
    return None
