"""Span corruption: take spans out of a text, leave a numbered sentinel for each, and write down what was taken."""

# B batch, T tokens, W tokens that are left, U tokens to write

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext import Measure
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary
from ssl_core.pretext.rows import packed, segment_lengths, shifted

TITLE = N_("Span corruption (T5)")
ABBREVIATION = "T5"
QUESTION = N_("Which words were taken out of the gaps, and how many?")
SOURCE = N_(
    "Raffel et al. 2019, Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, "
    "arXiv:1910.10683, section 3.1.4 and 3.3.4"
)
FORMULA = (
    r"\mathcal{L} = -\frac{1}{U}\sum_{u=1}^{U} \log p_\theta\left(y_u \mid \tilde{x}, y_1, \dots, y_{u-1}\right),\qquad "
    r"y = \langle s_0\rangle\, \text{span}_0\, \langle s_1\rangle\, \text{span}_1 \dots"
)
FAMILIES = ("t5", "bart")
LOSSES = ("masked_cross_entropy",)
OBJECTIVE = "seq2seq"
PROBE = "restore"
READER = "restored"
LINES = {"bigram_nats": N_("bigram model, token to the left")}
RECIPE = {
    "model": {"family": "t5", "size": "small", "context_tokens": 64},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}
MEASURES = {
    "everything": Measure(
        title=N_("Loss with the sentinels"),
        help=N_("What T5's paper reports: the sentinels count, too. They are soon known by heart, and flatter the loss."),
        best=None,
    ),
    "counted_accuracy": Measure(
        title=N_("Words written rightly"),
        help=N_("Share of the words taken out that are the network's first choice."),
        best=None,
    ),
    "others_accuracy": Measure(
        title=N_("Sentinels written rightly"),
        help=N_("Share of the sentinels that come where they should: the network knows where a gap is filled."),
        best=None,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How much is taken out, in how long pieces."""

    noise_density: float = knob(
        0.15, N_("Noise density"), N_("Share of the tokens that are taken out."), minimum=0.0, maximum=1.0, step=0.01
    )
    mean_span_tokens: float = knob(
        3.0, N_("Mean span"), N_("How many tokens lie, on average, in one gap."),
        minimum=1.0, maximum=20.0, step=0.5, unit=N_("tokens"),
    )  # fmt: skip
    num_sentinels: int = knob(
        32, N_("Sentinels"),
        N_("How many tokens stand ready to mark gaps and the end. Where a text needs more, its gaps become longer."),
        minimum=3, maximum=100, step=1, advanced=True,
    )  # fmt: skip


def num_sentinels(config: Config) -> int:
    """Return how many tokens are needed beside those of the tokenizer."""
    return config.num_sentinels


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Replace each span by a sentinel; what must be written is each sentinel with its span, and a last one at the end.

    Special tokens are never taken out; a span that meets one goes on after it as another.

    Source: Raffel et al. 2019, section 3.1.4. Differs: spans may lie anywhere; in the authors' code a text always begins with
    tokens that are kept and ends with a span. They took 100 sentinels, and let the decoder begin with padding.
    """
    is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
    is_out_BT = _choose(~is_special_BT, rng, config, vocabulary.num_sentinels - 1)
    is_first_BT = is_out_BT & ~np.pad(is_out_BT, ((0, 0), (1, 0)))[:, :-1]
    sentinels_BT = vocabulary.size + np.cumsum(is_first_BT, axis=1) - 1
    clean = Step.clean(ids_BT, vocabulary)
    chosen = clean.then(N_("Choose spans"), is_out_BT, Role.HIDDEN)
    marked = chosen.then(N_("Put a sentinel in place of the first token of each"), is_first_BT, Role.SENTINEL, sentinels_BT)
    stays_BT = ~is_out_BT | is_first_BT
    short = Step(
        title=N_("Take the other tokens of each span out"),
        ids_BT=packed(marked.ids_BT, stays_BT, vocabulary.pad_id),
        roles_BT=packed(marked.roles_BT, stays_BT, Role.PADDING),
    )
    target_BU, counts_BU = _to_write(ids_BT, is_out_BT, is_first_BT, sentinels_BT)
    read_BU = shifted(np.where(target_BU == IGNORED, vocabulary.pad_id, target_BU), vocabulary.sep_id)
    return Examples(
        seen_ids_BT=short.ids_BT,
        target_ids_BT=np.full_like(short.ids_BT, IGNORED),
        roles_BT=short.roles_BT,
        attention="encoder_decoder",
        steps=(clean, chosen, marked, short),
        decoder_ids_BU=read_BU,
        decoder_target_ids_BU=target_BU,
        decoder_counts_BU=counts_BU,
    )


def restored(examples: Examples, vocabulary: Vocabulary) -> tuple[list[IntArray], list[BoolArray]]:
    """Put what was taken out back in its place: each row's clean text, and which of its tokens were taken out."""
    texts, were_out = [], []
    assert examples.decoder_target_ids_BU is not None, "examples of this task have a decoder's part"
    for seen_T, target_U, roles_T in zip(
        examples.seen_ids_BT.tolist(), examples.decoder_target_ids_BU.tolist(), examples.roles_BT.tolist(), strict=True
    ):
        spans: dict[int, list[int]] = {}
        written: list[int] = []
        for token in target_U:
            if token >= vocabulary.size:
                written = spans.setdefault(token, [])
            elif token != IGNORED:
                written.append(token)
        pieces = [(spans[token], True) if token >= vocabulary.size else ([token], False) for token in seen_T]
        kept = [piece for piece, role in zip(pieces, roles_T, strict=True) if role != Role.PADDING]
        texts.append(np.array([token for tokens, _ in kept for token in tokens], dtype=np.int64))
        were_out.append(np.array([is_out for tokens, is_out in kept for _ in tokens], dtype=np.bool_))
    return texts, were_out


def hidden(examples: Examples, vocabulary: Vocabulary) -> BoolArray:
    """Return which tokens of the clean texts were taken out, (B, T)."""
    return np.stack(restored(examples, vocabulary)[1])


def expected_roles(config: Config, num_ordinary: int) -> dict[Role, float]:
    """Return which share of a text's ordinary tokens is taken out: the density, rounded to whole tokens."""
    return {Role.HIDDEN: max(0, _num_out(num_ordinary, config)) / max(1, num_ordinary)}


def _num_out(num_tokens: int, config: Config) -> int:
    num_out = round(num_tokens * config.noise_density)
    return min(max(num_out, 1), num_tokens - 1) if 0 < config.noise_density < 1 else num_out


def _choose(may_go_BT: BoolArray, rng: np.random.Generator, config: Config, most_spans: int) -> BoolArray:
    is_out_BT = np.zeros_like(may_go_BT)
    for is_out_T, may_go_T in zip(is_out_BT, may_go_BT, strict=True):
        is_out_T[np.flatnonzero(may_go_T)] = _choose_in_one(int(may_go_T.sum()), rng, config, most_spans)
    is_first_BT = is_out_BT & ~np.pad(is_out_BT, ((0, 0), (1, 0)))[:, :-1]
    return is_out_BT & (np.cumsum(is_first_BT, axis=1) <= most_spans)  # a sentinel for each


def _choose_in_one(num_tokens: int, rng: np.random.Generator, config: Config, most_spans: int) -> BoolArray:
    """Choose spans among tokens that may all go, (num_tokens,)."""
    num_out = _num_out(num_tokens, config)
    if num_out in (0, num_tokens) or num_out < 0:
        return np.full(num_tokens, num_out > 0)
    num_spans = max(1, min(round(num_out / config.mean_span_tokens), num_out, num_tokens - num_out, most_spans - 1))
    kept, out = (segment_lengths(rng, number, num_spans) for number in (num_tokens - num_out, num_out))
    is_out_T = np.repeat(np.tile([False, True], num_spans), np.stack([kept, out], axis=1).ravel())
    return np.roll(is_out_T, rng.integers(num_tokens))


def _to_write(
    ids_BT: IntArray, is_out_BT: BoolArray, is_first_BT: BoolArray, sentinels_BT: IntArray
) -> tuple[IntArray, BoolArray]:
    """Return what the decoder must write, and True where that is a word: before each token a place for its sentinel."""
    B, T = ids_BT.shape
    places_B2T = np.stack([sentinels_BT, ids_BT], axis=2).reshape(B, 2 * T)
    is_there_B2T = np.stack([is_first_BT, is_out_BT], axis=2).reshape(B, 2 * T)
    end_B1 = sentinels_BT[:, -1:] + 1
    any_B1 = is_out_BT.any(axis=1, keepdims=True)  # where nothing was taken out, nothing is to be written
    target_BU = packed(np.hstack([places_B2T, end_B1]), np.hstack([is_there_B2T, any_B1]), IGNORED)
    is_word_B2T = np.tile([False, True], (B, T))
    counts_BU = packed(np.hstack([is_word_B2T, np.zeros((B, 1), dtype=np.bool_)]), np.hstack([is_there_B2T, any_B1]), False)
    return target_BU, counts_BU
