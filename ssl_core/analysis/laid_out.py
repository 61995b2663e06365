"""A typed text as a network reads it when all of its attention is looked at: with the marks it was trained to expect."""

# T tokens

from dataclasses import dataclass
from itertools import accumulate

from tokenizers import Tokenizer

from ssl_core.analysis.base import Subject
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import CLS_ID, MASK_ID, SEP_ID
from ssl_core.tokenization.typed import encode_typed, takes_space_along
from ssl_core.training import sentences

MAX_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """The tokens, which of them are marks and no text, the word and the sentence (0 or 1) of each; a mark has no word."""

    ids_T: list[int]
    is_mark_T: list[bool]
    word_T: list[int | None]
    segment_T: list[int]


def lay_out(subject: Subject, text: str, pair: str = "") -> LaidOut:
    """Lay a text out, or a pair of texts.

    Blanks (``___`` or ``[MASK]``) become [MASK]. A tokenizer that comes with marks of its own puts them where it always does.
    Else a pair is laid out as [CLS] A [SEP] B [SEP]; a text alone stands bare, as in the training, but for a network that
    reads from left to right, whose documents begin after [SEP].
    Raises: UserError if there is nothing to read, or it does not fit the network's context.
    """
    for each in filter(None, (text, pair)):
        if len(each) > MAX_CHARACTERS:
            raise UserError(
                N_("This text has {found} characters; {limit} can be looked at. Shorten it."),
                found=len(each), limit=MAX_CHARACTERS,
            )  # fmt: skip
    sentences.require_words(text)
    tokenizer = subject.tokenizer
    if tokenizer.num_special_tokens_to_add(False):  # an exported one has a post-processor that may add nothing
        found = _with_its_own_marks(tokenizer, text, pair)
    elif pair.strip():
        first, second = _words(tokenizer, text, 0), _words(tokenizer, pair, 1)
        found = _joined([_mark(CLS_ID, 0), first, _mark(SEP_ID, 0), second, _mark(SEP_ID, 1)])
    else:
        found = _joined([*([_mark(SEP_ID, 0)] if subject.reads == "continue" else []), _words(tokenizer, text, 0)])
    sentences.require_room(len(found.ids_T), subject.context_tokens)
    if all(found.is_mark_T):
        raise UserError(N_("This sentence is empty. Type a few words."))
    return found


def _mark(token_id: int, segment: int) -> LaidOut:
    return LaidOut(ids_T=[token_id], is_mark_T=[True], word_T=[None], segment_T=[segment])


def _words(tokenizer: Tokenizer, text: str, segment: int) -> LaidOut:
    ids: list[int] = []
    starts: list[bool] = []
    parts, takes_space = sentences.BLANK.split(text), takes_space_along(tokenizer)
    for number, part in enumerate(parts):
        if number:
            ids.append(MASK_ID)
            starts.append(True)
        is_last = number == len(parts) - 1
        typed = encode_typed(tokenizer, part if is_last or not takes_space else part.removesuffix(" "), begins=number == 0)
        ids.extend(typed.ids)
        starts.extend(map(bool, typed.starts_word_N))
    words = [number - 1 for number in accumulate(starts[1:], initial=1)] if starts else []
    return LaidOut(ids_T=ids, is_mark_T=[False] * len(ids), word_T=list(words), segment_T=[segment] * len(ids))


def _joined(parts: list[LaidOut]) -> LaidOut:
    """Put parts one after the other; the words of each are counted on from those before."""
    ids: list[int] = []
    marks: list[bool] = []
    words: list[int | None] = []
    segments: list[int] = []
    for part in parts:
        num_words = 1 + max((each for each in words if each is not None), default=-1)
        ids += part.ids_T
        marks += part.is_mark_T
        words += [None if each is None else num_words + each for each in part.word_T]
        segments += part.segment_T
    return LaidOut(ids_T=ids, is_mark_T=marks, word_T=words, segment_T=segments)


def _with_its_own_marks(tokenizer: Tokenizer, text: str, pair: str) -> LaidOut:
    mask = next((each for each in ("[MASK]", "<mask>") if tokenizer.token_to_id(each) is not None), "")
    first, second = (sentences.BLANK.sub(mask, each) for each in (text, pair))
    encoded = tokenizer.encode(first, second if second.strip() else None)
    places = list(zip(encoded.sequence_ids, encoded.word_ids, strict=True))
    number = {place: count for count, place in enumerate(dict.fromkeys(each for each in places if each[0] is not None))}
    return LaidOut(
        ids_T=list(encoded.ids),
        is_mark_T=[each is None for each in encoded.sequence_ids],
        word_T=[number.get(each) for each in places],
        segment_T=list(encoded.type_ids),
    )
