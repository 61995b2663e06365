"""Hide a token and ask a trained model for it: first the reader says what the model will say, then it answers."""

import hashlib
from html import escape

import numpy as np
import streamlit as st

from pages._ui import asking, lab_models, menu, page
from pages._ui.lab_example import Made, shown
from pages._ui.lab_text import Reading
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _, sentences

NUM_TOP, NUM_CHOICES = 8, 4
HEIGHT = 330
_MODEL, _KNOWS, _GUESSES, _CHOICE = "lab.model", "lab.knows", "lab.guesses", "lab.guess"
SHOWN = ""  # the guess of who only looked


def show(made: Made, at: int) -> None:
    """Show where the hidden token stood, let the reader guess, and show what the model thinks."""
    if at < 0:
        page.note(_("Click a token above, or reach it with Tab and the arrow keys and press Enter: a model will guess it."))
        return
    models = lab_models.available(made.reading)
    if not models:
        lab_models.how_to_get_one()
        return
    titles = {each.key: each.title for each in models}  # a list of choices shows Markdown as it is
    if st.session_state.get(_MODEL) not in titles or st.session_state.get(_KNOWS) != made.reading.corpus:
        st.session_state[_MODEL] = models[0].key  # who knows one text best may never have read another
    st.session_state[_KNOWS] = made.reading.corpus
    st.selectbox(_("Model"), list(titles), format_func=titles.get, key=_MODEL)
    model = next(each for each in models if each.key == st.session_state[_MODEL])
    st.html(_sentence(made.reading, at))
    payload = {**lab_models.question(model, made.reading, at), "num_top": NUM_TOP}
    truth = shown(int(made.reading.ids_T[at]), made)
    name = f"{made.reading.name} {at} {model.key}"
    asking.show("predictions", payload, lambda answer: _answer(answer, truth, name), place="lab.ask", height=HEIGHT)


def _sentence(reading: Reading, at: int) -> str:
    start, end = reading.places[at]
    last = reading.places[-1][1]
    before, after = escape(reading.text[:start]), escape(reading.text[end:last])
    return f'<p class="lab-blank" dir="auto">{before}<b>▢</b>{after}</p>'


def _answer(answer: Answer, truth: str, name: str) -> None:
    if not answer.values["places"]:
        return
    place = answer.values["places"][0]
    top = [(str(each["token"]), float(each["probability"])) for each in place["top"]]
    if name not in _guesses():
        _guess(top, truth, name)
        return
    st.html(_said(top, truth, name, place["probability"]) + _bars(top, truth))


def _guess(top: list[tuple[str, float]], truth: str, name: str) -> None:
    question = _("Guess first: which of these will the model put first?")
    st.markdown(f"**{question}**")
    offered = list(dict.fromkeys([*(token for token, _p in top[: NUM_CHOICES - 1]), truth, *(token for token, _p in top)]))
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8]))
    mixed = [str(each) for each in rng.permutation(offered[:NUM_CHOICES])]
    st.pills(
        question, mixed, format_func=menu.as_it_is, label_visibility="collapsed", key=f"{_CHOICE} {name}",
        on_change=_chosen, args=(name, top[0][0]),
    )  # fmt: skip
    st.button(_("Just show me"), type="tertiary", key="lab.reveal", on_click=_keep, args=(name, SHOWN, False))


def _said(top: list[tuple[str, float]], truth: str, name: str, probability: float | None) -> str:
    guess, is_right = _guesses()[name]
    best = top[0][0]
    said = []
    if guess and is_right:
        said.append(_("You foresaw it: “{best}”.").format(best=best))
    elif guess:
        said.append(_("You said “{guess}”; the model puts “{best}” first.").format(guess=guess, best=best))
    else:
        said.append(_("The model puts “{best}” first.").format(best=best))
    chance = probability if probability is not None else dict(top).get(truth)
    if chance is not None:
        said.append(_("To “{truth}”, which stood there, it gives {share}.").format(truth=truth, share=_percent(chance)))
    tried = [each for each in _guesses().values() if each[0] != SHOWN]
    if tried:
        right = sum(is_right for _guess, is_right in tried)
        said.append(_("Your score: {right} of {count}.").format(right=right, count=len(tried)))
    return f'<p class="lab-said" role="status">{escape(sentences(*said))}</p>'


def _bars(top: list[tuple[str, float]], truth: str) -> str:
    most = max(top[0][1], 1e-9)
    rows = "".join(
        f'<li class="{"truth" if token == truth else ""}"><bdi>{escape(token)}{" ✓" if token == truth else ""}</bdi>'
        f'<div><i style="width:{100 * p / most:.1f}%"></i></div><b>{_percent(p)}</b></li>'
        for token, p in top
    )
    return f'<ol class="lab-bars" aria-label="{escape(_("What the model expects"))}">{rows}</ol>'


def _percent(share: float) -> str:
    return "<0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"


def _guesses() -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = st.session_state.setdefault(_GUESSES, {})
    return found


def _chosen(name: str, best: str) -> None:
    guess = st.session_state.get(f"{_CHOICE} {name}")
    if guess:
        _keep(name, str(guess), guess == best)


def _keep(name: str, guess: str, is_right: bool) -> None:
    _guesses()[name] = (guess, is_right)
