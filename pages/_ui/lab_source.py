"""Where the example comes from: the function that made it, the formula with this text's numbers, and the paper."""

import inspect
import math
from html import escape
from types import CodeType, ModuleType

import numpy as np
import streamlit as st

from pages._ui import page, source
from pages._ui.lab_example import Made, num_asked, num_candidates, shown
from ssl_core.i18n import _
from ssl_core.pretext import tracing
from ssl_core.pretext.base import IGNORED, Examples, Role

MOST_TERMS = 6
MAKES = "make_examples"  # the function of a task that makes its examples


def formula(sides: list[Made]) -> None:
    """Show each task's loss, and what it amounts to on this very example before anything is learnt."""
    for made in sides:
        st.markdown(f"**{_(made.task.TITLE)}**")
        st.latex(made.task.FORMULA)
        if page.has_prose(f"task-{made.asked.task}"):
            st.markdown(page.prose_parts(f"task-{made.asked.task}").get("formula", ""))
        for line in numbers(made):
            st.html(f'<p class="lab-terms">{escape(line)}</p>')
        st.markdown(source.linked(_(made.task.SOURCE)))


def numbers(made: Made) -> list[str]:
    """Return the formula with the numbers of this example, a line for each thing that is asked."""
    examples, said = made.examples, []
    rows = slice(0, examples.num_views)
    for targets, counts in _targets(examples, rows):
        asked = [shown(each, made) for each in targets[targets != IGNORED].tolist()]
        if not asked:
            continue
        terms = " + ".join(f"ln p({each})" for each in asked[:MOST_TERMS]) + (" + …" if len(asked) > MOST_TERMS else "")
        said.append(
            _("Targets in the charted loss: {count}, so L = −1/{count} · ( {terms} ).").format(count=len(asked), terms=terms)
            if counts
            else _("Targets beside them, learnt alike but not charted: {count}, {terms}").format(count=len(asked), terms=terms)
        )
    if num_asked(made):
        V = made.vocabulary.size_with_sentinels
        said.append(
            _("Who knows nothing gives each of the {size} tokens the same chance: ln {size} = {nats} nats each.").format(
                size=V, nats=f"{math.log(V):.2f}"
            )
        )
    if (checked := tracing.checked(examples)) is not None:
        T = sum(role not in (Role.SPECIAL, Role.PADDING) for _id, role in checked)
        said.append(
            _(
                "Then {count} tokens are asked whether they were replaced: who knows nothing pays ln 2 = {nats} nats each."
            ).format(count=T, nats=f"{math.log(2):.2f}")
        )
    if examples.labels_B is not None and int(examples.labels_B[0]) != IGNORED:
        C = max(2, examples.num_classes)
        said.append(
            _("One of {count} answers for the whole: who knows nothing pays ln {count} = {nats} nats.").format(
                count=C, nats=f"{math.log(C):.2f}"
            )
        )
    if examples.num_views > 1:
        C = num_candidates(made)
        said.append(
            _("With {count} candidates in the batch: if all looked alike, the loss would be ln {count} = {nats} nats.").format(
                count=C, nats=f"{math.log(C):.2f}"
            )
        )
    return said or [_("This example asks for nothing, so it adds nothing to the loss.")]


def _targets(examples: Examples, rows: slice) -> list[tuple[np.ndarray, bool]]:  # type: ignore[type-arg]
    found = [(examples.target_ids_BT[rows].reshape(-1), True)]
    if examples.decoder_target_ids_BU is not None:
        targets = examples.decoder_target_ids_BU[rows]
        counts = np.ones(targets.shape, bool) if examples.decoder_counts_BU is None else examples.decoder_counts_BU[rows]
        found.append((np.where(counts, targets, IGNORED).reshape(-1), True))
        found.append((np.where(counts, IGNORED, targets).reshape(-1), False))
    return found


def code(sides: list[Made]) -> None:
    """Show the real function that made the example, with those of its file that it calls."""
    for made in sides:
        name = f"{made.task.__name__}.{MAKES}"
        st.markdown(f"**`{name}`**")
        st.code(source_of(made.task), language="python", wrap_lines=True)


def source_of(task: ModuleType) -> str:
    """Return the source of a task's ``make_examples`` and of the functions beside it that it calls, in that order."""
    found, waiting = {}, [MAKES]
    while waiting:
        name = waiting.pop(0)
        function = getattr(task, name, None)
        if name in found or not inspect.isfunction(function) or function.__module__ != task.__name__:
            continue
        found[name] = inspect.getsource(function)
        waiting += _names(function.__code__)
    return "\n\n".join(found.values())


def _names(code: CodeType) -> list[str]:
    """Return the names that a function calls, in the order in which they first occur."""
    inner = [name for each in code.co_consts if isinstance(each, CodeType) for name in _names(each)]
    return [*code.co_names, *inner]
