"""The text of the masking lab: typed, or picked from a corpus; and what it looks like as tokens."""

# B rows, T tokens

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from tokenizers import Tokenizer

from pages._ui import address, lab_state, language, page, tokenizer_source
from pages._ui.by_hand import by_hand
from ssl_core import corpora
from ssl_core.corpora import Card, Document
from ssl_core.corpora.base import language_of
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.pretext.base import BoolArray, IntArray, Vocabulary
from ssl_core.runs import presets
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import SEP_ID, UNK_ID, vocabulary_of
from ssl_core.tokenization.chinese_words import cut
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.typed import encode_typed
from ssl_core.tokenization.words import known_word_starts

MAX_TOKENS = 120
MAX_CHARACTERS = 2_000  # more than the tokens shown ever need; a longer address is too long for servers
NUM_DOCUMENTS, NUM_OTHERS = 60, 5
TICK_S = 0.5
MOST_UNKNOWN = 6
IN_PIECES = {"en": "bbc-news", "zh": "peoples-daily"}  # texts whose usual tokenizers cut words into pieces
KINDS = {"sentence": N_("a sentence"), "pair": N_("a pair"), "paragraph": N_("a paragraph")}
SENTENCES_IN = {"sentence": 1, "pair": 2, "paragraph": 5}
_SENTENCE = re.compile(r"""[^\n]+?(?:[。！？…]+|[.!?]+(?=[\s”’"')]|$))[”’"')）]*""", re.MULTILINE)
_KIND, _TEXT, _CORPUS, _ANOTHER = "lab.kind", "lab.text", "lab.corpus", "lab.another"
_DOCUMENT = "lab.document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as tokens, ended by [SEP] as every document of a training text is, and rows of other texts as long."""

    text: str
    corpus: str
    tokenizer: Tokenizer
    vocabulary: Vocabulary
    ids_T: IntArray
    starts_word_T: BoolArray
    places: tuple[tuple[int, int], ...]  # characters [start, end) of each token but the last
    others_BT: IntArray
    other_starts_BT: BoolArray
    num_left_out: int  # tokens beyond what the lab shows

    @property
    def name(self) -> str:
        """What changes when another text or another tokenizer is read."""
        return f"{self.corpus} {self.text}"


def config_of(card: Card) -> TokenizerConfig:
    """Return the tokenizer that runs on a text usually learn."""
    return presets.TOKENIZERS.get(card.key, presets.TOKENIZERS[card.language])


@st.cache_resource(show_spinner=False, max_entries=16)
def documents(key: str) -> tuple[Document, ...]:
    """Return the first documents of a text."""
    return tuple(itertools.islice(iter(corpora.load(key).read()), NUM_DOCUMENTS))


def picked(key: str, kind: str, number: int) -> str:
    """Return a sentence, a pair of sentences or a paragraph of a document of the text, from its middle on."""
    found = documents(key)
    for turn in range(len(found)):
        sentences = [each.strip() for each in _SENTENCE.findall(found[(number + turn) % len(found)].text)]
        sentences = [each for each in sentences if len(each) > 8 and each[-1:] in ".!?。！？…"]
        if len(sentences) >= SENTENCES_IN[kind]:
            glue = "" if language_of(sentences[0]) == "zh" else " "
            return glue.join(sentences[: SENTENCES_IN[kind]])[:600]
    return found[number % len(found)].text[:200] if found else ""


def show(cards: dict[str, Card], kind: str) -> str:
    """Show the text and the ways to another one, and return it; who has chosen none sees the first of this ``kind``."""
    key = lab_state.corpus_key(cards)
    text = lab_state.text()
    text = picked(key, kind, 0) if text is None else text[:MAX_CHARACTERS]
    st.session_state[_TEXT] = text
    st.session_state[_KIND] = None
    with st.container(key="lab-pick", horizontal=True, vertical_alignment="center"):
        st.pills(
            _("Pick from the text"), list(KINDS), format_func=lambda each: _(KINDS[each]), key=_KIND, on_change=_picked,
            args=(key,), label_visibility="collapsed",
        )  # fmt: skip
        st.session_state[_CORPUS] = key
        st.selectbox(
            _("Words and neighbours from"), list(cards), format_func=lambda each: _(cards[each].title), key=_CORPUS,
            on_change=_chosen, label_visibility="collapsed", width=236,
        )  # fmt: skip
    st.text_area(_("Your text"), key=_TEXT, height=104, on_change=_typed, label_visibility="collapsed")
    return text


def read(text: str, key: str, card: Card) -> Reading:
    """Return a text as tokens; while the tokenizer is still learned, as those of one that knows the first documents only.

    Raises: UserError if there is nothing in it, or the tokenizer can't be learned.
    """
    if not text.strip():
        raise UserError(N_("There is no text. Type a few words, or pick a sentence above."))
    tokenizer = tokenizer_source.learned(key, config_of(card))
    return reading(text, key, tokenizer or _for_now(key, config_of(card)), documents(key))


@st.cache_resource(show_spinner=False, max_entries=8)
def _for_now(key: str, config: TokenizerConfig) -> Tokenizer:
    """Learn a vocabulary from the first documents only, which takes no time."""
    return kinds.train(config, documents(key))


def reading(text: str, key: str, tokenizer: Tokenizer, others: Sequence[Document]) -> Reading:
    """Return a text as tokens, with rows of ``others`` beside it.

    Raises: UserError if no token is left of it.
    """
    typed = encode_typed(tokenizer, text[:MAX_CHARACTERS])
    if not typed.ids:
        raise UserError(N_("Nothing in this text becomes a token: it has only blanks. Type a few words."))
    starts_T = typed.starts_word_N
    if kinds.kind_of(tokenizer) == "character" and language_of(text) == "zh":
        places_N = np.array([start for start, _end in typed.places])
        starts_T = known_word_starts(Document("typed", text, words=tuple(cut(text))), places_N)
    T = min(len(typed.ids), MAX_TOKENS - 1) + 1
    others_BT, other_starts_BT = _rows(tokenizer, others, text, T)
    return Reading(
        text=text, corpus=key, tokenizer=tokenizer, vocabulary=vocabulary_of(tokenizer),
        ids_T=np.array([*typed.ids[: T - 1], SEP_ID], dtype=np.int64),
        starts_word_T=np.array([*starts_T[: T - 1], True], dtype=bool), places=tuple(typed.places[: T - 1]),
        others_BT=others_BT, other_starts_BT=other_starts_BT, num_left_out=len(typed.ids) - (T - 1),
    )  # fmt: skip


def wait(key: str, card: Card) -> None:
    """Where the tokenizer is still learned, say so, and look from time to time whether it is ready."""
    if tokenizer_source.learned(key, config_of(card)) is None:
        language.fragment(run_every=TICK_S)(_wait)(key, card)


def unknown(reading: Reading) -> None:
    """Name the words that the vocabulary does not know, and offer a text whose vocabulary has pieces for them."""
    words = unknown_words(reading)
    if not words:
        return
    named = _(", ").join(f"“{each}”" for each in words[:MOST_UNKNOWN]) + (" …" if len(words) > MOST_UNKNOWN else "")
    page.note(_("Not in this vocabulary, so each becomes [UNK]: {words}").format(words=named))
    other = IN_PIECES[language_of(reading.text)]
    if reading.corpus != other:
        title = _(corpora.card(other).title)
        st.button(
            _("Take the vocabulary of {text}").format(text=title), icon=":material/dictionary:", key="lab.known",
            on_click=lab_state.keep, args=(lab_state.CORPUS, other),
        )  # fmt: skip


def unknown_words(reading: Reading) -> list[str]:
    """Return the stretches of a text that become [UNK], each once, in the order in which they stand there."""
    places = [reading.places[place] for place in np.flatnonzero(reading.ids_T[:-1] == UNK_ID)]
    return list(dict.fromkeys(reading.text[start:end].strip() for start, end in places))


def _wait(key: str, card: Card) -> None:
    said = _("The vocabulary of the whole text is being learned; for these seconds, that of its first documents stands in.")
    st.html(f'<p class="lab-waiting" role="status">{said}</p>')
    if tokenizer_source.learned(key, config_of(card)) is not None:
        st.rerun(scope="app")


def _rows(tokenizer: Tokenizer, documents: Sequence[Document], text: str, T: int) -> tuple[IntArray, BoolArray]:
    """Cut rows of T tokens from other documents, one after the other with [SEP] between, as training rows are cut."""
    ids: list[int] = []
    starts: list[bool] = []
    for document in documents:
        if text.strip() in document.text:
            continue
        ((document_ids, document_starts),) = kinds.encode(tokenizer, [document])
        ids += [*document_ids.tolist(), SEP_ID]
        starts += [*document_starts.tolist(), True]
        if len(ids) >= NUM_OTHERS * T:
            break
    if not ids:
        ids, starts = [SEP_ID], [True]
    return np.resize(np.array(ids, dtype=np.int64), (NUM_OTHERS, T)), np.resize(np.array(starts, dtype=bool), (NUM_OTHERS, T))


@by_hand
def _picked(key: str) -> None:
    kind = st.session_state.get(_KIND)
    number = st.session_state.get(_DOCUMENT, 0) + 1
    st.session_state[_DOCUMENT] = number
    if kind:
        lab_state.keep(lab_state.TEXT, picked(key, str(kind), number))


@by_hand
def _typed() -> None:
    lab_state.keep(lab_state.TEXT, str(st.session_state[_TEXT])[:MAX_CHARACTERS])


@by_hand
def _chosen() -> None:
    lab_state.keep(lab_state.CORPUS, str(st.session_state[_CORPUS]))
    address.forget(lab_state.TEXT)
