"""Prepares the presets' texts and floors while nothing runs, so that the first click finds them."""

import os
import subprocess
import sys

from ssl_core import paths
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


def start() -> "subprocess.Popen[bytes]":
    """Do it in a process of its own, while the engine loads what workers need."""
    return subprocess.Popen([sys.executable, "-m", __spec__.name])


if __name__ == "__main__":
    main()
