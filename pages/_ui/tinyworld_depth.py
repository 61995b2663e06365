"""Below the story: its figures, how it was made, twins that break a rule, and the grammar to change."""

from html import escape

import numpy as np
import streamlit as st

from pages._ui import page, plain_table, section, source, tinyworld_editor, tinyworld_guess
from pages._ui.tinyworld_view import View
from ssl_core.corpora.tinyworld import minimal_pairs, reader, story_readers
from ssl_core.corpora.tinyworld.story import Sentence
from ssl_core.corpora.tinyworld.writing import written
from ssl_core.i18n import _, current_language

SOURCES = (
    "Rabiner 1989, A tutorial on hidden Markov models, https://doi.org/10.1109/5.18626",
    "Shannon 1951, Prediction and entropy of printed English, https://doi.org/10.1002/j.1538-7305.1951.tb01366.x",
    "Warstadt et al. 2020, BLiMP, arXiv:1912.00582",
)


def numbers(view: View, other_nats: list[float] | None) -> None:
    """Show how surprised both readers are by the whole story, and the learner's score."""
    exact = float(story_readers.surprise_nats_T(view.exact_TV, view.numbers_T).mean())
    right, tried = tinyworld_guess.score()
    best = sum(1 for place, number in enumerate(view.numbers_T) if view.exact_TV[place].argmax() == number)
    facts = [
        (_("perfect reader"), f"{exact:.2f}", _("nats a word")),
        (_("the other reader"), f"{sum(other_nats) / len(other_nats):.2f}" if other_nats else "–", _("nats a word")),
        (_("the perfect reader's first guess is right"), f"{best}", _("of {count} words").format(count=len(view.words))),
        (_("your guesses"), f"{right}", _("right of {count}").format(count=tried)),
    ]
    items = "".join(
        f"<div><dt>{escape(title)}</dt><dd>{value} <small>{escape(unit)}</small></dd></div>" for title, value, unit in facts
    )
    st.html(f'<dl class="tinyworld-numbers">{items}</dl>')


def sections(view: View) -> None:
    """Show the sections that open."""
    with st.container(key="tinyworld-depth", gap="small"):
        section.show(_("How this story was made"), _made, view, icon=":material/account_tree:", key="tinyworld.made")
        section.show(_("Twins that break a rule"), _twins, view, icon=":material/compare:", key="tinyworld.twins")
        title = _("Change the language, and see the floor move")
        section.show(title, tinyworld_editor.show, view.language, icon=":material/edit:", key="tinyworld.editor")
        section.show(_("What to notice, and limits"), _notice, icon=":material/lightbulb:", key="tinyworld.notice")


def _notice() -> None:
    st.markdown(page.prose("tinyworld-notice"))
    for each in SOURCES:
        st.markdown(f"- {source.linked(each)}")


def _made(view: View) -> None:
    if view.story is None:
        st.markdown(_("This is the beginning of a story; how it was made shows when it is whole."))
        return
    labels = ", ".join(f"{name}: {value}" for name, value in view.story.labels.items())
    st.text(_("Drawn first, for the whole story: {labels}").format(labels=labels))
    rows = [
        {
            _("Sentence"): written(sentence.tokens, view.language, view.grammar.capitals),
            _("Template"): sentence.template.text,
            _("Drawn for it"): ", ".join(
                f"{_name(sentence, name)} = {value}"
                for name, value in sentence.values.items()
                if name not in view.story.latents
            ),
        }
        for sentence in view.story.sentences
    ]
    plain_table.show(rows)


def _name(sentence: Sentence, name: str) -> str:
    """Return what was drawn: a variable's own name, or its class where the grammar's writer gave it none."""
    return sentence.template.classes[name] if name.startswith("~") else name


def _twins(view: View) -> None:
    if view.story is None:
        st.markdown(_("This is the beginning of a story; twins show when it is whole."))
        return
    st.markdown(
        _("Each twin changes one word so that a rule is broken. The perfect reader finds it less likely, or impossible.")
    )
    good_nats = -reader.log_probability(view.machine, view.words)
    rows = []
    for pair in minimal_pairs.pairs(view.story, np.random.default_rng(view.number)):
        bad_nats = -reader.log_probability(view.machine, pair.bad_tokens)
        rows.append(
            {
                _("Rule"): view.grammar.dependencies[pair.dependency].titles.get(current_language(), pair.dependency),
                _("As it is"): " ".join(pair.good_tokens[pair.position : pair.position + 2]),
                _("In the twin"): " ".join(pair.bad_tokens[pair.position : pair.position + 2]),
                _("How much less likely"): _("impossible")
                if bad_nats == float("inf")
                else _("{nats} nats").format(nats=f"{bad_nats - good_nats:.1f}"),
            }
        )
    plain_table.show(rows)
