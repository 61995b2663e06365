"""The label of the reader's text, for examples that are made with labels: known where the text was picked from a document."""

# B rows, T tokens

from itertools import islice

import numpy as np
import streamlit as st

from pages._ui import lab_text
from pages._ui.lab_state import Asked
from pages._ui.lab_text import Reading
from ssl_core import corpora, pretext
from ssl_core.corpora import Document
from ssl_core.pretext.base import IGNORED, IntArray, Labels
from ssl_core.tokenization.base import SENTENCE_ENDS
from ssl_core.training import label_rows
from ssl_core.training.labelled import known_labels

MOST_READ = 20_000  # documents looked through for the values of a label


def beside(asked: Asked, reading: Reading, ids_BT: IntArray, own: range) -> tuple[Labels, ...]:
    """Return the label at the places of row 0 that are the reader's, none elsewhere; () where none is asked for or known.

    Raises: UserError if the chosen text has no such labels.
    """
    wanted = pretext.needed_label(asked.task, asked.config)
    if wanted is None:
        return ()
    name, values = _values(reading.corpus, wanted)
    found = _picked_from(reading)
    value = "" if found is None else known_labels(found, reading.corpus).get(name, "")
    if value not in values:
        return ()  # typed, so nobody has labelled it
    classes_BT = np.full(ids_BT.shape, IGNORED)
    classes_BT[0, own.start : own.stop] = values.index(value)
    return (Labels(classes=classes_BT, names=values),)


def _picked_from(reading: Reading) -> Document | None:
    """Return the document that whole sentences were taken from; a word alone stands in many."""
    text = reading.text.strip()
    if not text.endswith(SENTENCE_ENDS):
        return None
    return next((each for each in lab_text.documents(reading.corpus) if text in each.text), None)


@st.cache_data(show_spinner=False, max_entries=16)
def _values(key: str, wanted: str) -> tuple[str, tuple[str, ...]]:
    """Return which label of a text is meant, and what it may say."""
    corpus = corpora.load(key)
    label_rows.require_small(corpus)
    known = [known_labels(each, key) for each in islice(iter(corpus.read()), MOST_READ)]
    name = label_rows.chosen(list(dict.fromkeys(name for labels in known for name in labels)), wanted)
    return name, label_rows.values_of(known, name)
