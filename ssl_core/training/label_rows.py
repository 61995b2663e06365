"""Which label the document of each token carries: looked up only for tasks whose examples are made with labels."""

# N tokens of one part of the text, K documents in it

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ssl_core.corpora import Corpus
from ssl_core.corpora.splits import Splits, split
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, Labels
from ssl_core.pretext.document_label import MOST_CLASSES, USUAL
from ssl_core.tokenization.base import TokenizedCorpus
from ssl_core.tokenization.making import SPLITS
from ssl_core.training.labelled import document_ends_K, known_labels

PREFERRED = ("mood", "topic", "sentiment")
"""Usual labels, of which the first that a text has is taken; of other texts the first label that is found."""

Known = Sequence[Mapping[str, str]]
"""For each document its labels by name."""


def label_rows(corpus: Corpus, tokenized: TokenizedCorpus, wanted: str | None) -> dict[str, Labels]:
    """Return for each part of a text the class of each token's document; nothing where no label is wanted.

    Raises: UserError if the text has no such label, too many values of it, or is too large to be read through for it.
    """
    if wanted is None:
        return {}
    require_small(corpus)
    parts = split(corpus.documents())
    ends = {part: document_ends_K(getattr(tokenized, f"{part}_ids")) for part in SPLITS}
    known = _known(parts, corpus.card.key) if _are_these(parts, ends) else dict.fromkeys(SPLITS, ())
    everywhere = [labels for part in SPLITS for labels in known[part]]
    name = chosen(_names(everywhere), wanted)
    values = values_of(everywhere, name)
    return {part: Labels(classes=_classes_N(ends[part], known[part], name, values), names=values) for part in SPLITS}


def names(corpus: Corpus, wanted: str) -> tuple[str, ...]:
    """Return the names of the classes that a task tells apart which asks for the label ``wanted``, in their order.

    Raises: UserError where ``label_rows`` would, too.
    """
    require_small(corpus)
    everywhere = [labels for known in _known(split(corpus.documents()), corpus.card.key).values() for labels in known]
    return values_of(everywhere, chosen(_names(everywhere), wanted))


def require_small(corpus: Corpus) -> None:
    """Check that a text can be read through for its labels.

    Raises: UserError if it is too large to be kept in memory.
    """
    if corpus.is_large:
        raise UserError(
            N_("This text is too large to be read through for its labels. Choose a smaller one, or another second task.")
        )


def chosen(names: Sequence[str], wanted: str) -> str:
    """Return which of a text's labels is meant.

    Raises: UserError if it has none, or not this one.
    """
    if not names:
        raise UserError(
            N_(
                "The documents of this text carry no labels to learn from. Choose a text that has some, such as TinyWorld, BBC "
                "news or Chinese reviews, or another second task."
            )
        )
    if wanted == USUAL:
        return next((each for each in PREFERRED if each in names), names[0])
    if wanted not in names:
        raise UserError(
            N_("This text has no label “{wanted}”. Choose one of {known}, or the usual one."),
            wanted=wanted,
            known=", ".join(names),
        )
    return wanted


def values_of(known: Known, name: str) -> tuple[str, ...]:
    """Return what a label may say, in alphabetical order.

    Raises: UserError if there is nothing to tell apart, or too much.
    """
    values = tuple(sorted({labels[name] for labels in known if name in labels}))
    if not 2 <= len(values) <= MOST_CLASSES:
        raise UserError(
            N_("The label “{name}” has {count} different values in this text; from 2 to {most} can be told apart."),
            name=name, count=len(values), most=MOST_CLASSES,
        )  # fmt: skip
    return values


def _names(known: Known) -> list[str]:
    return list(dict.fromkeys(name for labels in known for name in labels))


def _known(parts: Splits, corpus_key: str) -> dict[str, Known]:
    return {part: [known_labels(document, corpus_key) for document in getattr(parts, part)] for part in SPLITS}


def _are_these(parts: Splits, ends: Mapping[str, npt.NDArray[np.int64]]) -> bool:
    """Return whether the tokens are those of these documents: each of them ends with [SEP]."""
    return all(len(getattr(parts, part)) == len(ends[part]) for part in SPLITS)


def _classes_N(ends_K: npt.NDArray[np.int64], known: Known, name: str, values: Sequence[str]) -> npt.NDArray[np.int8]:
    """Return the class of each token's document; one byte a token."""
    number_of = {value: number for number, value in enumerate(values)}
    class_K = np.array([number_of.get(labels.get(name, ""), IGNORED) for labels in known], dtype=np.int8)
    return np.repeat(class_K, np.diff(ends_K, prepend=-1))  # a part ends with the [SEP] of its last document
