"""``engine``: be the engine, in the foreground, and show what it does."""

import argparse

from ssl_core.engine.service import serve
from ssl_core.errors import UserError
from ssl_core.i18n import N_


def run(chosen: argparse.Namespace) -> int:
    """Serve until Ctrl-C or until idle for long.

    Raises: UserError if an engine is at work already.
    """
    if not serve(also_terminal=True):
        raise UserError(N_("An engine is already at work here. It ends by itself when nobody needs it."))
    return 0
