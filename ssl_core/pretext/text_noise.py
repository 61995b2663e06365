"""Five ways of spoiling a text, each as stages that a reader can follow: hide spans, hide or drop tokens, move what is left.

Source: Lewis et al. 2019, arXiv:1910.13461, section 2.2.
"""

# B batch, T tokens, S = 2 T + 1 slots: before each token a gap, then the token, after the last token one more gap; K spans

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray, IntArray, Role, Step, Vocabulary
from ssl_core.pretext.rows import packed
from ssl_core.pretext.sentence_spans import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A text on its way to being spoilt. Until something moves, token t stands in slot 2 t + 1."""

    title: str
    ids_BS: IntArray
    roles_BS: npt.NDArray[np.uint8]
    is_there_BS: BoolArray

    @property
    def is_visible_BS(self) -> BoolArray:
        """True for ordinary tokens that are still what they were."""
        return np.asarray(self.is_there_BS & (self.roles_BS == Role.KEPT))

    def then(self, title: str, is_changed_BS: BoolArray, role: Role, new_id: int | None = None) -> "Stage":
        """Return the next stage, in which some slots have another role and, if given, another token."""
        return Stage(
            title=title,
            ids_BS=self.ids_BS if new_id is None else np.where(is_changed_BS, new_id, self.ids_BS),
            roles_BS=np.where(is_changed_BS, np.uint8(role), self.roles_BS),
            is_there_BS=self.is_there_BS,
        )

    def in_order(self, title: str, order_BS: IntArray, has_moved_BS: BoolArray) -> "Stage":
        """Return the next stage, in which the slots stand in another order."""
        moved = self.then(title, has_moved_BS & self.is_visible_BS, Role.MOVED)
        return Stage(
            title=title,
            ids_BS=np.take_along_axis(moved.ids_BS, order_BS, axis=1),
            roles_BS=np.take_along_axis(moved.roles_BS, order_BS, axis=1),
            is_there_BS=np.take_along_axis(moved.is_there_BS, order_BS, axis=1),
        )

    def step(self, pad_id: int) -> Step:
        """Return what can be seen of it, row by row without gaps."""
        return Step(
            title=self.title,
            ids_BT=packed(self.ids_BS, self.is_there_BS, pad_id),
            roles_BT=packed(self.roles_BS, self.is_there_BS, Role.PADDING),
        )


def clean(ids_BT: IntArray, vocabulary: Vocabulary) -> Stage:
    """Return a text that nothing has happened to yet."""
    B, T = ids_BT.shape
    ids_BS = np.full((B, 2 * T + 1), vocabulary.mask_id)
    ids_BS[:, 1::2] = ids_BT
    is_there_BS = np.zeros(ids_BS.shape, dtype=np.bool_)
    is_there_BS[:, 1::2] = True
    roles_BS = np.full(ids_BS.shape, np.uint8(Role.HIDDEN))
    roles_BS[:, 1::2] = np.where(np.isin(ids_BT, vocabulary.special_ids), Role.SPECIAL, Role.KEPT)
    return Stage(title=N_("The clean text"), ids_BS=ids_BS, roles_BS=roles_BS, is_there_BS=is_there_BS)


def infilled(
    stage: Stage, rng: np.random.Generator, rate: float, mean_span_tokens: float, vocabulary: Vocabulary
) -> list[Stage]:
    """Replace spans, ``rate`` of the tokens in all, by one [MASK] each; spans of no token put a [MASK] in between.

    A span that meets a special token goes on after it as another, with a [MASK] of its own: no text ends unseen.
    """
    is_out_BS, is_mask_BS = np.zeros((2, *stage.ids_BS.shape), dtype=np.bool_)
    for is_out_S, is_mask_S, is_visible_S in zip(is_out_BS, is_mask_BS, stage.is_visible_BS, strict=True):
        slots_N = np.flatnonzero(is_visible_S)
        begin_K, length_K = drawn_spans(rng, len(slots_N), rate, mean_span_tokens)
        for begin, length in zip(begin_K.tolist(), length_K.tolist(), strict=True):
            out_L = slots_N[begin : begin + length]
            is_out_S[out_L] = True
            is_mask_S[out_L[np.diff(out_L, prepend=-2) > 2]] = True  # where tokens stand side by side, slots are 2 apart
            if not length:
                is_mask_S[slots_N[begin] - 1 if begin < len(slots_N) else slots_N[-1] + 1] = True
    chosen = stage.then(N_("Choose spans"), is_out_BS, Role.HIDDEN)
    shown = chosen.then(N_("Put one [MASK] in place of each span"), is_mask_BS, Role.HIDDEN, vocabulary.mask_id)
    return [chosen, replace(shown, is_there_BS=stage.is_there_BS & ~is_out_BS | is_mask_BS)]


def drawn_spans(rng: np.random.Generator, num_tokens: int, rate: float, mean_span_tokens: float) -> tuple[IntArray, IntArray]:
    """Draw where spans begin and how long they are, (K,): Poisson lengths until ``rate`` of the tokens are in one.

    The last one is cut to fit. They never overlap, and every way of placing them is equally likely.
    """
    num_out = round(num_tokens * rate)
    lengths: list[int] = []
    while sum(lengths) < num_out:
        num_left = num_out - sum(lengths)
        is_last = len(lengths) + 1 == num_tokens  # not more marks than tokens, whatever is drawn
        lengths.append(num_left if is_last else min(int(rng.poisson(mean_span_tokens)), num_left))
    length_K = rng.permutation(np.array(lengths, dtype=np.int64))
    num_kept, num_spans = num_tokens - num_out, len(lengths)
    places_K = np.sort(rng.choice(num_kept + num_spans, num_spans, replace=False)) if num_spans else length_K
    kept_before_K = places_K - np.arange(num_spans)
    return kept_before_K + np.cumsum(length_K) - length_K, length_K


def masked(stage: Stage, rng: np.random.Generator, rate: float, vocabulary: Vocabulary) -> list[Stage]:
    """Show ``rate`` of the tokens as [MASK], one for each."""
    is_hidden_BS = stage.is_visible_BS & (rng.random(stage.ids_BS.shape) < rate)
    return [stage.then(N_("Hide single tokens behind [MASK]"), is_hidden_BS, Role.HIDDEN, vocabulary.mask_id)]


def thinned(stage: Stage, rng: np.random.Generator, rate: float) -> list[Stage]:
    """Leave ``rate`` of the tokens out."""
    is_out_BS = stage.is_visible_BS & (rng.random(stage.ids_BS.shape) < rate)
    chosen = stage.then(N_("Choose tokens to leave out"), is_out_BS, Role.HIDDEN)
    return [chosen, replace(chosen, title=N_("Leave them out"), is_there_BS=stage.is_there_BS & ~is_out_BS)]


def permuted(stage: Stage, ids_BT: IntArray, rng: np.random.Generator, rate: float, vocabulary: Vocabulary) -> list[Stage]:
    """Let ``rate`` of the sentences change places, each within its document."""
    order_BS = np.tile(np.arange(stage.ids_BS.shape[1]), (len(ids_BT), 1))
    has_moved_BS = np.zeros(order_BS.shape, dtype=np.bool_)
    found = sentences(ids_BT, vocabulary)
    is_chosen_N = rng.random(len(found)) < rate
    begin_N, end_N = (2 * (each - found.row_N * ids_BT.shape[1]) for each in (found.begin_N, found.end_N))
    for document in np.unique(found.document_N[is_chosen_N]):
        members = np.flatnonzero(found.document_N == document)
        chosen = members[is_chosen_N[members]]
        comes = members.copy()
        comes[is_chosen_N[members]] = rng.permutation(chosen)
        row, stretch = found.row_N[members[0]], slice(begin_N[members[0]], end_N[members[-1]])
        order_BS[row, stretch] = np.concatenate([np.arange(begin_N[each], end_N[each]) for each in comes])
        for place, each in zip(members, comes, strict=True):
            has_moved_BS[row, begin_N[each] : end_N[each]] = place != each
    return [stage.in_order(N_("Let sentences change places"), order_BS, has_moved_BS)]


def rotated(stage: Stage, rng: np.random.Generator, rate: float) -> list[Stage]:
    """Let ``rate`` of the texts begin at one of their tokens, drawn at random; what stood before it comes after the end."""
    B, S = stage.ids_BS.shape
    rank_BS = np.cumsum(stage.is_there_BS, axis=1)
    start_B1 = rng.integers(1, np.maximum(rank_BS[:, -1:], 1) + 1)
    start_B1[rng.random((B, 1)) >= rate] = 1
    first_B1 = np.argmax(rank_BS >= start_B1, axis=1)[:, None]
    place_S = np.arange(S)
    return [stage.in_order(N_("Turn the text round"), (place_S + first_B1) % S, place_S < first_B1)]
