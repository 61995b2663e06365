"""Callbacks that listen to the reader alone, not to what other parts of the page send along."""

import functools
from collections.abc import Callable
from typing import ParamSpec

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

P = ParamSpec("P")


def by_hand(act: Callable[P, None]) -> Callable[P, None]:
    """Let a callback act only where its widget may have been touched: when the whole page runs, or the widget's own fragment.

    Each run of a fragment brings along what all widgets of the page show. If the script has just given one of them another
    value (a card is no longer chosen, since another task is) and that value is still on its way to the browser, the run of
    another fragment brings the old one, and to Streamlit it looks as if the reader had gone back to it: the new choice would
    be lost. A touch of a widget inside a fragment runs that fragment alone, so there the callback acts.
    """

    @functools.wraps(act)
    def listening(*arguments: P.args, **named: P.kwargs) -> None:
        if _is_of_this_run():
            act(*arguments, **named)

    return listening


def _is_of_this_run() -> bool:
    """Return whether the widget whose callback this is belongs to what runs; Streamlit names its fragment to the callback."""
    context = get_script_run_ctx()
    running = context.fragment_ids_this_run if context is not None else None
    return not running or ThreadState.get().fragment_id in running
