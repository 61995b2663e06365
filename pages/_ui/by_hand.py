"""Callbacks that listen to the reader alone, not to what a part of the page that refreshes by itself sends along."""

import functools
from collections.abc import Callable
from typing import ParamSpec

from streamlit.runtime.scriptrunner import get_script_run_ctx

P = ParamSpec("P")


def by_hand(act: Callable[P, None]) -> Callable[P, None]:
    """Let a callback act only where the whole page runs, as it does when a reader touches one of its widgets.

    Each tick of a fragment brings along what all widgets of the page show. If the script has just given one of them another
    value (a card is no longer chosen, since another task is) and that value is still on its way to the browser, the tick
    brings the old one, and to Streamlit it looks as if the reader had gone back to it: the new choice would be lost.
    Not for a widget inside a fragment, where the reader's own touch runs the fragment alone.
    """

    @functools.wraps(act)
    def listening(*arguments: P.args, **named: P.kwargs) -> None:
        context = get_script_run_ctx()
        if context is None or not context.fragment_ids_this_run:
            act(*arguments, **named)

    return listening
