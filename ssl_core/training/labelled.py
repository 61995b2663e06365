"""What a network's vectors tell of labels that it never saw: do a text's nearest neighbours carry the same one?

Only where a corpus has labels. They are used for this figure alone: nothing here reaches the gradient, and all texts come
from documents that were kept away from the training.
"""

# N texts, D width, K neighbours, C values of a label

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.corpora import Corpus, Document
from ssl_core.corpora.splits import split
from ssl_core.tokenization.base import SEP_ID, TokenizedCorpus

NUM_TEXTS = 256
NUM_NEIGHBOURS = 1
PREFIX = "knn_"
NAMES = {"bbc-news": "topic", "chinese-reviews": "sentiment"}
"""What the one label of a corpus tells, where its documents don't say; else it is called "label"."""

FloatArray = npt.NDArray[np.float64]
Represent = Callable[[Sequence[npt.NDArray[np.int64]]], npt.NDArray[np.floating]]
"""From texts as token numbers to one vector each, (N, D)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTexts:
    """Held-out texts as token numbers, and what is known of each, as numbers from 0 on, by the label's name."""

    texts: tuple[npt.NDArray[np.int64], ...]
    labels: Mapping[str, npt.NDArray[np.int64]]

    def measure(self, represent: Represent) -> dict[str, float]:
        """Return for each label the share of texts that their neighbours tell right."""
        vectors_ND = represent(self.texts)
        return {f"{PREFIX}{name}": told_by_neighbours(vectors_ND, label_N) for name, label_N in self.labels.items()}


def held_out_texts(
    corpus: Corpus, tokenized: TokenizedCorpus, wanted: Collection[str], max_tokens: int
) -> LabelledTexts | None:
    """Return documents of the validation part, spread evenly over it, each from its beginning; None where none has a label.

    ``wanted`` are the measures that are asked for, such as "knn_mood".
    """
    if corpus.is_large:
        return None  # reading it through for a few hundred labels would take longer than the run
    documents = split(corpus.documents()).validation
    ids = np.asarray(tokenized.validation_ids).astype(np.int64)
    ends_N = document_ends_K(ids)
    if len(ends_N) != len(documents):
        return None  # not these documents
    begins_N = np.append(0, ends_N[:-1] + 1)
    chosen_N = np.linspace(0, len(documents) - 1, min(NUM_TEXTS, len(documents))).astype(np.int64)
    chosen_N = chosen_N[ends_N[chosen_N] > begins_N[chosen_N]]
    known = [known_labels(documents[number], corpus.card.key) for number in chosen_N]
    names = {name: None for each in known for name in each if f"{PREFIX}{name}" in wanted}
    labels = {name: np.unique([each.get(name, "") for each in known], return_inverse=True)[1] for name in names}
    labels = {name: label_N for name, label_N in labels.items() if label_N.max(initial=0) > 0}
    texts = tuple(ids[begins_N[number] : min(ends_N[number], begins_N[number] + max_tokens)] for number in chosen_N)
    return LabelledTexts(texts=texts, labels=labels) if labels else None


def told_by_neighbours(
    vectors_ND: npt.NDArray[np.floating], label_N: npt.NDArray[np.int64], num_neighbours: int = NUM_NEIGHBOURS
) -> float:
    """Return the share of texts whose label most of their nearest neighbours carry, by cosine, each text left out in turn.

    Where two labels have as many votes, the one whose neighbours are nearer together wins.
    Source: Cover & Hart 1967, https://doi.org/10.1109/TIT.1967.1053964
    """
    unit_ND = vectors_ND / np.maximum(np.linalg.norm(vectors_ND, axis=1, keepdims=True), 1e-12)
    cosine_NN = unit_ND @ unit_ND.T
    np.fill_diagonal(cosine_NN, -np.inf)
    nearest_NK = np.argsort(-cosine_NN, axis=1, kind="stable")[:, : min(num_neighbours, len(cosine_NN) - 1)]
    votes_NK = 1 + 1e-3 * np.take_along_axis(cosine_NN, nearest_NK, axis=1)
    votes_NC = np.stack([(votes_NK * (label_N[nearest_NK] == each)).sum(axis=1) for each in range(label_N.max() + 1)], axis=1)
    return float((votes_NC.argmax(axis=1) == label_N).mean())


def document_ends_K(ids_N: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return where each document of a row of tokens ends: at its [SEP]."""
    return np.flatnonzero(np.asarray(ids_N) == SEP_ID)


def known_labels(document: Document, corpus_key: str) -> Mapping[str, str]:
    """Return what is known of a document by name; some only know one label, which has no name of its own."""
    if document.labels or document.label is None:
        return document.labels
    return {NAMES.get(corpus_key, "label"): document.label}
