"""Contrastive learning: two views of one text lie near each other, those of other texts far away."""

# B windows of text, T tokens, R texts (windows that hold any), K views of each, V = R * K views, W tokens of the longest view

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext import Measure, views
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary
from ssl_core.pretext.sentence_spans import Sentences, sentences

TITLE = N_("Contrastive learning")
ABBREVIATION = "CL"
QUESTION = N_("Which two pieces come from the same text?")
SOURCE = N_(
    "Gao et al. 2021, SimCSE, arXiv:2104.08821; Chen et al. 2020, SimCLR, arXiv:2002.05709; Fang et al. 2020, CERT, "
    "arXiv:2005.12766; deleted, reordered and replaced words: Wu et al. 2020, CLEAR, arXiv:2012.15466"
)
FORMULA = (
    r"\mathcal{L} = -\frac{1}{B}\sum_{i=1}^{B} \log "
    r"\frac{e^{\cos(z_i, z_i^{+})/\tau}}{\sum_{j=1}^{B} e^{\cos(z_i, z_j^{+})/\tau}}"
)
FAMILIES = ("modernbert", "bert")
LOSSES = ("info_nce", "alignment", "uniformity")
OBJECTIVE = "contrastive"
PROBE = "compare"
READER = None
LINES = {"unigram_nats": N_("all texts look alike")}
RECIPE = {
    "model": {"family": "modernbert", "size": "tiny", "context_tokens": 64, "local_attention": 4},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 64},
}
SAME_DOCUMENT = {"hard_negatives": True}
VIEWS = {
    "same_document": N_("two sentences of the same document"),
    "neighbour": N_("the next sentence of the same document"),
    "dropout": N_("the same sentence twice, read with another dropout (SimCSE)"),
    "deletion": N_("the sentence without some of its words"),
    "reordering": N_("the sentence with some words in each other's place"),
    "replacement": N_("the sentence with other words of the text in place of some"),
}
POOLINGS = {"mean": N_("the mean of all tokens"), "first": N_("the vector of [CLS], put in front")}
KNN_HELP = N_(
    "Share of held-out documents whose nearest other one, by cosine, carries the same label. The network never sees a label; "
    "before the first step it is what shared words alone tell."
)
MEASURES = {
    "knn_character": Measure(title=N_("Neighbours: same character"), help=KNN_HELP, chance=1 / 12, needs_labels=True),
    "knn_place": Measure(title=N_("Neighbours: same place"), help=KNN_HELP, chance=1 / 8, needs_labels=True),
    "knn_mood": Measure(title=N_("Neighbours: same mood"), help=KNN_HELP, chance=1 / 2, needs_labels=True),
    "knn_topic": Measure(title=N_("Neighbours: same topic"), help=KNN_HELP, chance=1 / 5, needs_labels=True),
    "knn_sentiment": Measure(title=N_("Neighbours: same sentiment"), help=KNN_HELP, chance=1 / 2, needs_labels=True),
    "knn_label": Measure(title=N_("Neighbours: same label"), help=KNN_HELP, needs_labels=True),
    "accuracy": Measure(
        title=N_("Partner found"), help=N_("Share of views whose own partner is nearest among all texts of the batch.")
    ),
    "alignment": Measure(
        title=N_("Alignment"),
        help=N_("Squared distance between partners: 0 when they coincide, 2 at right angles."),
        best=0.0,
    ),
    "uniformity": Measure(
        title=N_("Uniformity"),
        help=N_("How evenly all vectors are spread: 0 when all coincide, about -4 when spread over the whole sphere."),
        best=-4.0,
    ),
    "off_diagonal": Measure(
        title=N_("Similarity to strangers"),
        help=N_("Mean cosine between texts that are no partners: 1 when all vectors point the same way."),
        best=0.0,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """What counts as the same meaning, and how similarity is measured."""

    views: str = knob(
        "same_document", N_("Two views of a text are"),
        N_(
            "What counts as the same meaning. Without a thesaurus there are no synonyms: replaced words are drawn from the "
            "text, as frequent words as often, so the meaning may change. Two readings need dropout above 0."
        ),
        choices=VIEWS,
    )  # fmt: skip
    change_rate: float = knob(
        0.2, N_("Words changed"), N_("Share of the words of each view that are deleted, reordered or replaced."),
        minimum=0.0, maximum=0.9, step=0.05,
    )  # fmt: skip
    temperature: float = knob(
        0.1, N_("Temperature"),
        N_("Similarities are divided by this. The lower it is, the more the nearest strangers alone count."),
        minimum=0.01, maximum=2.0, logarithmic=True,
    )  # fmt: skip
    hard_negatives: bool = knob(
        False, N_("Hard negatives"),
        N_("Give each text one more stranger: another sentence of the same document."),
    )  # fmt: skip
    pooling: str = knob(
        "mean", N_("Vector of a text"), N_("How the vectors of the tokens become one."), choices=POOLINGS, advanced=True,
    )  # fmt: skip
    projection: bool = knob(
        False, N_("Projection head"),
        N_("Compare the vectors after two more layers, which are thrown away when the training is over (SimCLR)."),
        advanced=True,
    )  # fmt: skip


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Take two views of each text; each must find its partner among those of the other texts.

    One sentence of each window, or two of one document, are taken out; windows without text fall away. With hard negatives a
    third sentence follows, which is nobody's partner. Nothing is predicted token by token.

    Source: see ``SOURCE``; CERT writes its views by translating there and back, for which a translator would be needed.
    """
    found = sentences(ids_BT, vocabulary)
    pieces = _pieces(found, rng, config)
    if config.hard_negatives and len(found):
        pieces = (*pieces, views.others(found, pieces, rng))
    if not len(pieces[0].row_R):
        return _nothing(ids_BT)
    num_marks = int(config.pooling == "first")
    made = views.laid_out(ids_BT, pieces, vocabulary.pad_id, max(1, ids_BT.shape[1] - num_marks))
    steps = [*_taken_out(ids_BT, pieces, made, vocabulary), *_changed(made, ids_BT, rng, config, vocabulary, starts_word_BT)]
    if num_marks:
        steps.append(_with_mark(steps[-1], vocabulary))
    last = steps[-1]
    return Examples(
        seen_ids_BT=last.ids_BT,
        target_ids_BT=np.full_like(last.ids_BT, IGNORED),
        roles_BT=last.roles_BT,
        attention="bidirectional",
        steps=tuple(steps),
        num_views=len(pieces),
    )


def _pieces(found: Sentences, rng: np.random.Generator, config: Config) -> tuple[views.Pieces, ...]:
    """Choose a sentence, or two of them, from each window."""
    if config.views == "neighbour":
        return views.neighbours(found, rng)
    if config.views == "same_document":
        return views.two_of_a_document(found, rng)
    return (views.one_sentence(found, rng),) * 2


def _nothing(ids_BT: IntArray) -> Examples:
    """Return the example of a text without words, which asks nothing."""
    clean = Step(title=N_("The clean text"), ids_BT=ids_BT, roles_BT=np.full(ids_BT.shape, Role.SPECIAL, dtype=np.uint8))
    return Examples(
        seen_ids_BT=ids_BT,
        target_ids_BT=np.full_like(ids_BT, IGNORED),
        roles_BT=clean.roles_BT,
        attention="bidirectional",
        steps=(clean,),
    )


def _taken_out(ids_BT: IntArray, pieces: tuple[views.Pieces, ...], made: views.Views, vocabulary: Vocabulary) -> list[Step]:
    """Return the stages from the clean text, once for each view, to the pieces by themselves."""
    T, row_V = ids_BT.shape[1], np.repeat(pieces[0].row_R, len(pieces))
    ids_VT = ids_BT[row_V]
    clean = Step(title=N_("The clean text, once for each view"), ids_BT=ids_VT, roles_BT=_roles(ids_VT, vocabulary))
    begin_V1 = np.stack([each.begin_R for each in pieces], axis=1).reshape(-1, 1)
    end_V1 = np.stack([each.end_R for each in pieces], axis=1).reshape(-1, 1)
    place_VT = row_V[:, None] * T + np.arange(T)
    is_outside_VT = (place_VT < begin_V1) | (place_VT >= end_V1)
    chosen = clean.then(N_("Choose a sentence for each view"), is_outside_VT, Role.PADDING)
    return [clean, chosen, _step(N_("Take the sentences out"), made, vocabulary)]


def _changed(
    made: views.Views,
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None,
) -> list[Step]:
    """Return the stages by which the views come to differ, each view by its own draws."""
    before = _step("", made, vocabulary)
    if config.views == "dropout":
        return [_step(N_("Read both alike: only the dropout inside the network differs"), made, vocabulary)]
    if config.views in ("same_document", "neighbour"):
        return []
    fewest = 2 if config.views == "reordering" else 0
    is_chosen_VW = views.chosen_words(made, config.change_rate, rng, vocabulary, starts_word_BT, fewest=fewest)
    if config.views == "deletion":
        marked = before.then(N_("Choose words to leave out"), is_chosen_VW, Role.HIDDEN)
        shorter = views.without(made, is_chosen_VW, vocabulary.pad_id)
        return [marked, _step(N_("Leave them out and close the gaps"), shorter, vocabulary)]
    if config.views == "reordering":
        moved = views.reordered(made, is_chosen_VW, rng, vocabulary, starts_word_BT)
        has_moved_VW = moved.is_there_VW & (moved.place_VW != made.place_VW)
        return [_step("", moved, vocabulary).then(N_("Let some words change places"), has_moved_VW, Role.MOVED)]
    words_P = ids_BT[~np.isin(ids_BT, vocabulary.special_ids)]
    drawn_VW = rng.choice(words_P, made.ids_VW.shape) if len(words_P) else made.ids_VW
    return [before.then(N_("Put other words of the text in place of some"), is_chosen_VW, Role.RANDOMISED, drawn_VW)]


def _with_mark(last: Step, vocabulary: Vocabulary) -> Step:
    """Put [CLS] in front of each view: its vector will stand for the text."""
    ids_VW = np.pad(last.ids_BT, ((0, 0), (1, 0)), constant_values=vocabulary.cls_id)
    roles_VW = np.pad(last.roles_BT, ((0, 0), (1, 0)), constant_values=Role.SPECIAL)
    return Step(title=N_("Put [CLS] in front: its vector stands for the text"), ids_BT=ids_VW, roles_BT=roles_VW)


def _step(title: str, made: views.Views, vocabulary: Vocabulary) -> Step:
    roles_VW = np.where(made.is_there_VW, _roles(made.ids_VW, vocabulary), np.uint8(Role.PADDING))
    return Step(title=title, ids_BT=made.ids_VW, roles_BT=roles_VW)


def _roles(ids: IntArray, vocabulary: Vocabulary) -> np.typing.NDArray[np.uint8]:
    return np.where(np.isin(ids, vocabulary.special_ids), Role.SPECIAL, Role.KEPT).astype(np.uint8)
