"""Tokenizers side by side: whose, what each makes of the text, and the way to a run."""

from html import escape

import streamlit as st

from pages._ui import language, live_state, menu, page, token_chips, tokenizer_source, tokenizer_state
from pages._ui.by_hand import by_hand
from pages._ui.tokenizer_source import Shown, try_again
from ssl_core import corpora, pretext
from ssl_core.corpora.base import count_words
from ssl_core.i18n import _
from ssl_core.runs import presets
from ssl_core.tokenization.config import KINDS
from ssl_core.tokenization.pieces import UNKNOWN, Piece, pieces_of

TICK_S = 0.5
_UNDER = "tokenizers.under"
_LEAVES = "tokenizers.leaves"


def show(
    named: dict[str, str], titles: dict[str, str], places: dict[str, Shown], text: str, corpus_key: str, *, asks: bool
) -> None:
    """Show whose tokenizer stands in each column and what it makes of the text; with ``asks`` the text still in one piece."""
    for column, (place, name) in zip(st.columns(len(named)), named.items(), strict=True):
        with column, st.container(key=f"tokenizers-column-{place}"):
            _choice(place, name, titles)
            if place in places:
                _column(places[place], text, corpus_key, asks=asks)
            else:
                page.note(_("Choose a third one to compare."))
    with st.container(key="tokenizers-under", horizontal=True, vertical_alignment="center"):
        page.note(_("Under each piece:"))
        _under()
    if any(each.is_waiting for each in places.values()):
        _wait(list(places.values()), corpus_key)
    if st.session_state.pop(_LEAVES, False):
        menu.go("live", run="")


def _choice(place: str, name: str, titles: dict[str, str]) -> None:
    options = [*titles, *([] if name in titles or name == tokenizer_state.NONE else [name])]
    if place == tokenizer_state.PLACES[-1]:
        options.insert(0, tokenizer_state.NONE)
    key = f"tokenizers.{place}"
    st.session_state[key] = name
    st.selectbox(
        _("Tokenizer {number}").format(number=tokenizer_state.PLACES.index(place) + 1), options,
        format_func=lambda each: titles.get(each, _("none") if each == tokenizer_state.NONE else each),
        key=key, on_change=_chosen, args=(place,), label_visibility="collapsed",
    )  # fmt: skip


def _column(shown: Shown, text: str, corpus_key: str, *, asks: bool) -> None:
    if shown.problem is not None:
        with st.container(key=f"tokenizers-problem-{shown.place}", border=True):
            st.text(shown.problem.message())
        if shown.name in KINDS:
            st.button(
                _("Try again"), icon=":material/refresh:", key=f"tokenizers.again.{shown.place}",
                on_click=try_again, args=(corpus_key, tokenizer_state.config_of(shown.name)),
            )  # fmt: skip
        return
    if shown.tokenizer is None or asks:
        said = "" if shown.tokenizer is not None else _("Learning the vocabulary; this takes some seconds, once.")
        st.html(
            f'<p class="token-facts">{escape(said or _("How many tokens? Guess first."))}</p>'
            f'<p class="token-whole">{escape(text)}</p>'
        )
    else:
        pieces = pieces_of(shown.tokenizer, text)
        facts = escape(_facts(pieces, text, shown.tokenizer.get_vocab_size()))
        chips = token_chips.html(pieces, st.session_state.get(_UNDER) or "number")
        st.html(f'<p class="token-facts">{facts}</p>{chips}')
    if shown.name in KINDS:
        st.button(
            _("Train a model with it"), icon=":material/play_arrow:", key=f"tokenizers.use.{shown.place}",
            on_click=_use, args=(corpus_key, shown.name), type="tertiary",
        )  # fmt: skip


def _under() -> None:
    """Let the reader choose what stands under each piece."""
    st.session_state.setdefault(_UNDER, "number")
    st.segmented_control(
        _("Under each piece"), list(token_chips.UNDER), format_func=lambda each: _(token_chips.UNDER[each]), key=_UNDER,
        required=True, label_visibility="collapsed",
    )  # fmt: skip


@language.fragment(run_every=TICK_S)
def _wait(places: list[Shown], corpus_key: str) -> None:
    """Look from time to time whether another tokenizer is ready."""
    waiting = [each for each in places if each.is_waiting]
    titles = {each.name: each.title for each in waiting}
    if any(not tokenizer_source.shown(each.place, each.name, titles, corpus_key).is_waiting for each in waiting):
        st.rerun(scope="app")


def _facts(pieces: list[Piece], text: str, vocabulary_size: int) -> str:
    num_unknown = sum(each.kind == UNKNOWN for each in pieces)
    said = _("{tokens} tokens · {per_word:.2g} a word · {size} in the vocabulary").format(
        tokens=len(pieces), per_word=len(pieces) / max(1, count_words(text)), size=f"{vocabulary_size:,}"
    )
    return f"{said} · {num_unknown} [UNK]" if num_unknown else said


@by_hand
def _chosen(place: str) -> None:
    tokenizer_state.keep(place, str(st.session_state[f"tokenizers.{place}"]))


def _use(corpus_key: str, kind: str) -> None:
    task = st.session_state.get(live_state.TASK) or pretext.MENU[0]
    spec = presets.recipe(task, corpus_key, corpora.listed(corpus_key).language)
    live_state.set_up(spec, tokenizer_state.config_of(kind))
    st.session_state[_LEAVES] = True
