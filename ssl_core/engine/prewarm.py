"""Prepares the presets' texts and floors while nothing runs, so that the first click finds them."""

import os
from subprocess import Popen

from ssl_core import child, paths
from ssl_core.engine.output import redirect_output


def main() -> None:
    """Tokenise every preset's text, then work out the floors, at low priority; what is there already costs nothing."""
    from ssl_core import corpora, tokenization  # here, so that the engine, which only starts this process, is back sooner
    from ssl_core.runs import presets
    from ssl_core.training import kept_floors

    if hasattr(os, "nice"):
        os.nice(10)
    redirect_output(paths.home() / "logs" / "prewarm.log")
    specs = [presets.spec(preset.key) for preset in presets.PRESETS]
    for spec in specs:
        tokenization.tokenized(corpora.load(spec.corpus), spec.tokenizer)
    for spec in specs:
        kept_floors.work_out(spec)


def start() -> "Popen[bytes]":
    """Do it in a process of its own, while the engine loads what workers need."""
    return child.start(__spec__.name, is_silent=False)


if __name__ == "__main__":
    child.end_with_parent()
    main()
