"""BertViz's views of a network: which one, of which layers and heads, and the view itself in a frame of its own."""

from collections.abc import Iterable

import streamlit as st

from pages._ui import address, attention_state, bertviz_data, bertviz_document, page
from pages._ui.asking import Question, together
from pages._ui.bertviz_data import HEAD, MODEL, NEURON, VIEWS, Chosen, Seen
from pages._ui.by_hand import by_hand
from pages._ui.components import component
from ssl_core.engine.questions import Answer
from ssl_core.i18n import N_, _

EASY_MARKS = 50_000  # drawn within a second where nothing else runs
MOST_MARKS = 200_000
VIEW, LAYERS, HEADS = "bertviz", "bertviz_layers", "bertviz_heads"  # in the address
_NONE = "none"
_KEYS = "attention.bertviz"
_FIRST_LAYERS = 2
_HEIGHTS = {HEAD: (23, 110), MODEL: (0, 560), NEURON: (26, 160)}  # pixels a token, and the rest
_LOWEST, _HIGHEST = 260, 620
_HOW = {
    HEAD: N_(
        "Colours are heads: click one to switch it, double-click to see it alone. Point at a token to see where it looks."
    ),
    MODEL: N_("All heads at once, from left to right. Click one to enlarge it, then point at a token on its left."),
    NEURON: N_(
        "Point at a token: its query times each key. Both are as multiplied, after any turn by position; "
        "what is added for distance isn't drawn."
    ),
}


def show(asked: Question) -> None:
    """Ask for the attention and show it."""
    together([asked], lambda answers: views(answers[0]), place="attention-bertviz")


def views(answer: Answer) -> None:
    """Show one of the views of an answer, or say why it isn't drawn and what to do."""
    now, kinds = attention_state.shown(), answer.values["kinds"]
    kind = now["kind"] if now["kind"] in kinds else next(iter(kinds))
    shown = bertviz_data.seen(kind, answer.values, answer.arrays(), words=now["words"], marks=now["marks"])
    chosen = _choices(shown)
    page.note(_(_HOW[chosen.view]))
    trouble = _trouble(shown, chosen)
    if trouble:
        page.note(trouble)
        return
    marks = bertviz_data.num_marks(shown, chosen.view, len(chosen.layers), len(chosen.heads))
    if marks > EASY_MARKS:
        page.note(_("{marks} lines and boxes: drawing them takes some seconds.").format(marks=f"{marks:,}"))
    rows = max(len(shown.asking), len(shown.asked))
    a_row, rest = _HEIGHTS[chosen.view]
    data = {
        "document": bertviz_document.document(shown, chosen),
        "title": " – ".join(("BertViz", _(VIEWS[chosen.view]))),
        "height": min(max(rows * a_row + rest, _LOWEST), _HIGHEST),
    }
    component("sandbox")(key=f"{_KEYS}.frame", data=data)


def _choices(shown: Seen) -> Chosen:
    """Let the learner choose a view, layers and heads; at first as many of them as are drawn at once."""
    now, widget = attention_state.shown(), f"{_KEYS}.view"
    st.session_state[widget] = asked if (asked := st.query_params.get(VIEW)) in VIEWS else HEAD
    with st.container(key="attention-bertviz-choice", horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            _("View"), list(VIEWS), format_func=lambda each: _(VIEWS[each]), key=widget, required=True,
            on_change=address.take, args=(VIEW, widget, (LAYERS, HEADS)),
        )  # fmt: skip
        num_layers, num_heads = shown.weights_LHTS.shape[:2]
        usual_layers, usual_heads = usual(shown, view)
        layers = _numbers(_("Layers"), LAYERS, num_layers, usual_layers)
        heads = _numbers(_("Heads"), HEADS, num_heads, usual_heads)
    return Chosen(view=view, layers=layers, heads=heads, layer=now["layer"], head=now["head"])


def usual(shown: Seen, view: str) -> tuple[int, int]:
    """Return how many layers and heads are chosen at first: all if they are drawn at once, else two layers, and fewer heads."""
    num_layers, num_heads = shown.weights_LHTS.shape[:2]
    if bertviz_data.num_marks(shown, MODEL, num_layers, num_heads) <= EASY_MARKS:
        return num_layers, num_heads
    num_layers = min(num_layers, _FIRST_LAYERS)
    while num_heads > 1 and bertviz_data.num_marks(shown, view, num_layers, num_heads) > EASY_MARKS and view != NEURON:
        num_heads -= 1
    return num_layers, num_heads


def _numbers(label: str, parameter: str, number: int, num_first: int) -> tuple[int, ...]:
    """Let some of the first ``number`` be chosen, kept in the address; as long as it names none, the first ``num_first``."""
    widget = f"{_KEYS}.{parameter}"
    st.session_state[widget] = _asked(parameter, number, num_first)
    picked = st.pills(
        label, range(number), format_func=lambda each: str(each + 1), selection_mode="multi", key=widget,
        on_change=_take, args=(parameter, widget, _written(range(num_first))),
    )  # fmt: skip
    return tuple(sorted(picked))


def _asked(parameter: str, number: int, num_first: int) -> list[int]:
    written = st.query_params.get(parameter, "")
    if written == _NONE:
        return []
    named = {address.whole(part) for part in written.split("-")}
    return [each for each in range(number) if each + 1 in named] or list(range(num_first))


def _written(picked: Iterable[int]) -> str:
    return "-".join(str(each + 1) for each in sorted(picked)) or _NONE


@by_hand
def _take(parameter: str, widget: str, usual_choice: str) -> None:
    address.put(parameter, _written(st.session_state[widget]), usual_choice)


def _trouble(shown: Seen, chosen: Chosen) -> str:
    """Say why a view isn't drawn, and what to do; "" if it is."""
    if not chosen.layers or not chosen.heads:
        return _("Choose at least one layer and one head.")
    if chosen.view == NEURON and shown.is_joined:
        return _("A word of several tokens has several queries. Switch “Whole words” off above, or choose another view.")
    if chosen.view == NEURON and not shown.has_neurons:
        if shown.query_LHTK is not None:
            return _(
                "BertViz shows neurons only where a text looks at itself. Choose another attention above, or another view."
            )
        return _("This family of networks works attention out in its own way, and gives away the result alone.")
    marks = bertviz_data.num_marks(shown, chosen.view, len(chosen.layers), len(chosen.heads))
    if marks <= MOST_MARKS:
        return ""
    told = {"marks": f"{marks:,}", "most": f"{MOST_MARKS:,}"}
    if chosen.view == NEURON:
        return _("This would draw {marks} lines and boxes; the tab could freeze beyond {most}. Shorten the text.").format(
            **told
        )
    return _(
        "This would draw {marks} lines; the tab could freeze beyond {most}. Choose fewer layers or heads, or shorten the text."
    ).format(**told)
