"""Views of a text: which pieces are taken from it, and how a piece can be changed so that it still says much the same."""

# B windows, T tokens, R windows that hold text, K views a text, V = R * K views, W tokens of the longest view, P places

from dataclasses import dataclass

import numpy as np

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray, IntArray, Vocabulary, words_BT
from ssl_core.pretext.sentence_spans import Sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """One stretch of tokens for each of some windows; places count through all windows row by row."""

    row_R: IntArray
    begin_R: IntArray
    end_R: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Pieces as rows of tokens, filled up at the right; ``place_VW`` says where in the text each token stood, else -1."""

    ids_VW: IntArray
    place_VW: IntArray

    @property
    def is_there_VW(self) -> BoolArray:
        """True where a token stands."""
        return np.asarray(self.place_VW >= 0)


def one_sentence(found: Sentences, rng: np.random.Generator) -> Pieces:
    """Draw a sentence from each window that has one: a whole one, where no end of the window must cut it."""
    chosen_R = _drawn_by_row(found, rng.random(len(found)) + found.is_whole_N)
    return Pieces(row_R=found.row_N[chosen_R], begin_R=found.begin_N[chosen_R], end_R=found.end_N[chosen_R])


def neighbours(found: Sentences, rng: np.random.Generator) -> tuple[Pieces, Pieces]:
    """Draw from each window two sentences of one document, one after the other: whole ones if there are any.

    A window without such two gives the halves of one sentence.
    """
    if not len(found):
        return one_sentence(found, rng), one_sentence(found, rng)
    has_next_N, next_N = found.has_next_N, np.minimum(np.arange(len(found)) + 1, len(found) - 1)
    are_whole_N = found.is_whole_N & found.is_whole_N[next_N]
    chosen_R = _drawn_by_row(found, rng.random(len(found)) + 2 * has_next_N + (has_next_N & are_whole_N))
    is_pair_R, (one, two) = has_next_N[chosen_R], _halves(found, chosen_R)
    return (
        Pieces(row_R=one.row_R, begin_R=one.begin_R, end_R=np.where(is_pair_R, found.end_N[chosen_R], one.end_R)),
        Pieces(
            row_R=one.row_R,
            begin_R=np.where(is_pair_R, found.begin_N[next_N[chosen_R]], two.begin_R),
            end_R=np.where(is_pair_R, found.end_N[next_N[chosen_R]], two.end_R),
        ),
    )


def two_of_a_document(found: Sentences, rng: np.random.Generator) -> tuple[Pieces, Pieces]:
    """Draw from each window two different sentences of one document, in any order: whole ones if there are any.

    A window without such two gives halves, as ``neighbours`` does.
    """
    if not len(found):
        return one_sentence(found, rng), one_sentence(found, rng)
    is_whole_N, (number_N, count_N, whole_N) = found.is_whole_N, _counts(found)
    preference_N = rng.random(len(found)) + 4 * (is_whole_N & (whole_N > 1)) + 2 * (count_N > 1) + is_whole_N
    first_R = _drawn_by_row(found, preference_N)
    is_other_N = np.isin(number_N, number_N[first_R])
    is_other_N[first_R] = False
    second_R = _drawn_by_row(found, rng.random(len(found)) + 2 * is_other_N + is_whole_N)
    is_pair_R, (one, two) = is_other_N[second_R], _halves(found, first_R)
    return (
        Pieces(row_R=one.row_R, begin_R=one.begin_R, end_R=np.where(is_pair_R, found.end_N[first_R], one.end_R)),
        Pieces(
            row_R=one.row_R,
            begin_R=np.where(is_pair_R, found.begin_N[second_R], two.begin_R),
            end_R=np.where(is_pair_R, found.end_N[second_R], two.end_R),
        ),
    )


def others(found: Sentences, taken: tuple[Pieces, ...], rng: np.random.Generator) -> Pieces:
    """Draw for each window a further sentence, of the same document if it has one that is not among those ``taken``.

    A window without any takes over what was first taken from the window after it.
    Raises: UserError if there is only this one sentence.
    """
    first, number_R = taken[0], np.arange(len(taken[0].row_R))
    taken_KR = [np.searchsorted(found.begin_N, pieces.begin_R, side="right") - 1 for pieces in taken]
    is_free_N = np.ones(len(found), dtype=np.bool_)
    is_free_N[np.concatenate(taken_KR)] = False
    document_N = np.repeat(found.document_N[taken_KR[0]], np.bincount(found.row_N)[first.row_R])
    is_same_N = found.document_N == document_N
    chosen_R = _drawn_by_row(found, rng.random(len(found)) + 4 * is_free_N + 2 * is_same_N + found.is_whole_N)
    is_free_R = is_free_N[chosen_R]
    if len(number_R) == 1 and not is_free_R.all():
        raise UserError(N_("A hard negative needs another sentence to come from. Give more of them."))
    begin_R = np.where(is_free_R, found.begin_N[chosen_R], np.roll(first.begin_R, -1))
    end_R = np.where(is_free_R, found.end_N[chosen_R], np.roll(first.end_R, -1))
    return Pieces(row_R=first.row_R, begin_R=begin_R, end_R=end_R)


def laid_out(ids_BT: IntArray, pieces: tuple[Pieces, ...], pad_id: int, max_tokens: int) -> Views:
    """Lay pieces out as rows, the views of one text after each other; of a longer piece only the beginning is taken."""
    begin_V1 = np.stack([each.begin_R for each in pieces], axis=1).reshape(-1, 1)
    end_V1 = np.stack([each.end_R for each in pieces], axis=1).reshape(-1, 1)
    length_V1 = np.minimum(end_V1 - begin_V1, max_tokens)
    column_W = np.arange(int(length_V1.max(initial=1)))
    place_VW = np.where(column_W < length_V1, begin_V1 + column_W, -1)
    return Views(ids_VW=np.where(place_VW >= 0, ids_BT.reshape(-1)[place_VW], pad_id), place_VW=place_VW)


def chosen_words(
    views: Views,
    rate: float,
    rng: np.random.Generator,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None,
    *,
    fewest: int = 0,
) -> BoolArray:
    """Choose each word with probability ``rate``, all its pieces together, but in each view ``fewest`` words at least."""
    head_VW = word_heads(views, vocabulary, starts_word_BT)
    is_word_VW = views.is_there_VW & ~np.isin(views.ids_VW, vocabulary.special_ids)
    is_head_VW = is_word_VW & (head_VW == np.arange(head_VW.shape[1]))
    draw_VW = np.where(is_head_VW, rng.random(head_VW.shape), np.inf)
    limit_V1 = np.full((len(draw_VW), 1), rate)
    if fewest and rate > 0:
        padded_VW = np.pad(draw_VW, ((0, 0), (0, fewest + 1)), constant_values=np.inf)
        limit_V1 = np.maximum(limit_V1, np.sort(padded_VW, axis=1)[:, fewest : fewest + 1])
    return np.asarray(is_word_VW & (np.take_along_axis(draw_VW, head_VW, axis=1) < limit_V1))


def word_heads(views: Views, vocabulary: Vocabulary, starts_word_BT: BoolArray | None) -> IntArray:
    """Return for each token of a view the column at which its word begins."""
    starts_VW = None if starts_word_BT is None else starts_word_BT.reshape(-1)[views.place_VW] | ~views.is_there_VW
    return words_BT(views.ids_VW, vocabulary, starts_VW)


def without(views: Views, is_left_out_VW: BoolArray, pad_id: int) -> Views:
    """Leave tokens out and close the gaps; a view that would be empty keeps all."""
    is_kept_VW = views.is_there_VW & ~is_left_out_VW
    is_kept_VW = np.where(is_kept_VW.any(axis=1, keepdims=True), is_kept_VW, views.is_there_VW)
    order_VW = np.argsort(~is_kept_VW, axis=1, kind="stable")[:, : int(is_kept_VW.sum(axis=1).max(initial=1))]
    is_kept_VW = np.take_along_axis(is_kept_VW, order_VW, axis=1)
    place_VW = np.where(is_kept_VW, np.take_along_axis(views.place_VW, order_VW, axis=1), -1)
    ids_VW = np.where(is_kept_VW, np.take_along_axis(views.ids_VW, order_VW, axis=1), pad_id)
    return Views(ids_VW=ids_VW, place_VW=place_VW)


def reordered(
    views: Views, is_chosen_VW: BoolArray, rng: np.random.Generator, vocabulary: Vocabulary, starts_word_BT: BoolArray | None
) -> Views:
    """Let the chosen words of each view change places with each other, in an order drawn at random."""
    head_VW, column_W = word_heads(views, vocabulary, starts_word_BT), np.arange(views.ids_VW.shape[1])
    is_head_VW = is_chosen_VW & (head_VW == column_W)
    old_VW = np.argsort(~is_head_VW, axis=1, kind="stable")  # the chosen words' beginnings, from left to right …
    new_VW = np.argsort(np.where(is_head_VW, rng.random(head_VW.shape), 2.0), axis=1)  # … and in the drawn order
    target_VW = np.broadcast_to(column_W, head_VW.shape).copy()
    num_V1 = is_head_VW.sum(axis=1, keepdims=True)
    np.put_along_axis(target_VW, old_VW, np.where(column_W < num_V1, new_VW, old_VW), axis=1)
    key_VW = np.where(views.is_there_VW, np.take_along_axis(target_VW, head_VW, axis=1), len(column_W))
    order_VW = np.argsort(key_VW, axis=1, kind="stable")
    return Views(
        ids_VW=np.take_along_axis(views.ids_VW, order_VW, axis=1), place_VW=np.take_along_axis(views.place_VW, order_VW, axis=1)
    )


def _halves(found: Sentences, chosen_R: IntArray) -> tuple[Pieces, Pieces]:
    """Cut sentences in the middle; the second half of a single token is that token again."""
    row_R, begin_R, end_R = found.row_N[chosen_R], found.begin_N[chosen_R], found.end_N[chosen_R]
    middle_R = begin_R + (end_R - begin_R + 1) // 2
    second_begin_R = np.minimum(middle_R, end_R - 1)
    return (
        Pieces(row_R=row_R, begin_R=begin_R, end_R=middle_R),
        Pieces(row_R=row_R, begin_R=second_begin_R, end_R=end_R),
    )


def _counts(found: Sentences) -> tuple[IntArray, IntArray, IntArray]:
    """Return for each sentence its document, from 0 on, and how many sentences, and how many whole ones, that has here."""
    number_N = np.unique(found.document_N, return_inverse=True)[1]
    count_N, whole_N = np.bincount(number_N), np.bincount(number_N, weights=found.is_whole_N).astype(np.int64)
    return number_N, count_N[number_N], whole_N[number_N]


def _drawn_by_row(found: Sentences, preference_N: np.typing.NDArray[np.float64]) -> IntArray:
    """Return for each window that has sentences the number of the one it likes best."""
    order_N = np.lexsort((preference_N, found.row_N))
    is_last_N = np.append(found.row_N[order_N][:-1] != found.row_N[order_N][1:], np.ones(min(1, len(order_N)), dtype=np.bool_))
    return np.asarray(order_N[is_last_N])
