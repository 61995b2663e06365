"""How a tokenizer came about, as a film: pairs joined one after the other, or pieces dropped round by round."""

from html import escape

import streamlit as st

from pages._ui import language, menu, page, token_chips, tokenizer_state, transport
from pages._ui.tokenizer_source import Shown
from ssl_core import corpora
from ssl_core.i18n import _
from ssl_core.tokenization import learned_merges
from ssl_core.tokenization.films import MergeFilm, PruneFilm
from ssl_core.tokenization.size_curves import parts_of

SAMPLE_CHARACTERS = {"en": 120_000, "zh": 25_000}  # as much as a second allows: a Chinese clause is one long word
SPEEDS = (1, 5, 25)
NUM_RECENT = 10
_WHICH = "tokenizers.film"


def show(places: list[Shown], text: str, corpus_key: str) -> None:
    """Let the reader choose a tokenizer that learned step by step, and play how."""
    able = {each.name: each for each in places if each.tokenizer is not None and _can_be_filmed(each)}
    if not able:
        page.note(_("Choose WordPiece, BPE or Unigram above: characters and words are only counted, not learned step by step."))
        return
    if st.session_state.get(_WHICH) not in able:
        st.session_state[_WHICH] = next(iter(able))
    titles = {name: menu.as_it_is(each.title) for name, each in able.items()}
    st.segmented_control(
        _("Whose film"), list(able), format_func=titles.get, key=_WHICH, required=True, label_visibility="collapsed"
    )
    shown = able[str(st.session_state[_WHICH])]
    language.fragment()(_play)(shown, text, corpus_key)


def _play(shown: Shown, text: str, corpus_key: str) -> None:
    size = tokenizer_state.size()
    with st.spinner(_("Learning once more, step by step")):
        film = _film(shown.name, corpus_key, size, shown)
    name = f"tokenizers {shown.name} {corpus_key} {size}"
    if isinstance(film, PruneFilm):
        words = {"step": _("One round on"), "second": _("Round"), "of": _("round {second} of {length}")}
        _prunes(film, text, int(transport.show(name, float(film.length), words=words, speeds=(1,))))
    else:
        words = {"step": _("One merge on"), "second": _("Merge"), "of": _("merge {second} of {length}")}
        _joins(film, text, int(transport.show(name, float(film.length), words=words, speeds=SPEEDS)))


def _joins(film: MergeFilm, text: str, frame: int) -> None:
    start, now = film.num_tokens[0], film.num_tokens[frame]
    if frame:
        merge = film.merges[frame - 1]
        pair = "".join(f"<b>{escape(film.shown(each))}</b>" for each in (merge.left, merge.right))
        said = escape(_("{count} times in the sample").format(count=f"{merge.count:,}"))
        head = f"{pair}<i>→</i><b class='new'>{escape(film.shown(merge.joined))}</b><span>{said}</span>"
    else:
        head = f"<span>{escape(_('Nothing is joined yet: each character or byte is a token.'))}</span>"
    facts = _("Vocabulary: {size}. The sample has {now} tokens, {share:.0%} of those at the start.").format(
        size=f"{film.num_at_start + frame:,}", now=f"{now:,}", share=now / max(1, start)
    )
    recent = film.merges[max(0, frame - NUM_RECENT) : frame][::-1]
    items = "".join(f"<li>{escape(film.shown(each.joined))} <small>{each.count:,}</small></li>" for each in recent)
    st.html(
        f'<div class="token-film"><p class="head">{head}</p>{token_chips.film_html(film.pieces(text, frame))}'
        f'<p>{escape(facts)}</p><meter min="0" max="1" value="{now / max(1, start):.4f}" aria-hidden="true"></meter>'
        f'<p class="recent">{escape(_("Joined last:"))}</p><ol class="recent">{items}</ol></div>'
    )


def _prunes(film: PruneFilm, text: str, frame: int) -> None:
    now = film.rounds[min(frame, film.length)]
    head = _("{count} pieces are left; a character costs {nats:.3g} nats.").format(
        count=f"{now.num_pieces:,}", nats=now.nats_per_character
    )
    items = "".join(f"<li>{escape(film.shown(each))}</li>" for each in now.dropped)
    gone = f'<p class="recent">{escape(_("Dropped next, because they are missed least:"))}</p><ol class="recent">{items}</ol>'
    st.html(
        f'<div class="token-film"><p class="head"><span>{escape(head)}</span></p>'
        f"{token_chips.film_html(film.pieces(text, min(frame, film.length)))}{gone if items else ''}</div>"
    )


def _can_be_filmed(shown: Shown) -> bool:
    return shown.name == "unigram" or bool(learned_merges.merges(shown.tokenizer))


@st.cache_resource(max_entries=12, show_spinner=False)
def _film(name: str, corpus_key: str, size: int, _shown: Shown) -> MergeFilm | PruneFilm:
    corpus = corpora.load(corpus_key)
    texts, room = [], SAMPLE_CHARACTERS[corpus.card.language]
    for document in parts_of(corpus)[0]:
        texts.append(document.text[:room])
        room -= len(document.text)
        if room <= 0:
            break
    if name == "unigram":
        return PruneFilm(texts, size)
    assert _shown.tokenizer is not None, "only what is there is filmed"
    return MergeFilm(_shown.tokenizer, texts)
