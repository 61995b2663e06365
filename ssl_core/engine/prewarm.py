"""Prepares the presets' texts while nothing runs, so that the first click finds them tokenised."""

import os
import subprocess
import sys

from ssl_core import corpora, paths, tokenization
from ssl_core.engine.output import redirect_output
from ssl_core.runs import presets


def main() -> None:
    """Tokenise every preset's text at low priority; what is there already costs nothing."""
    if hasattr(os, "nice"):
        os.nice(10)
    redirect_output(paths.home() / "logs" / "prewarm.log")
    for preset in presets.PRESETS:
        spec = presets.spec(preset.key)
        tokenization.tokenized(corpora.load(spec.corpus), spec.tokenizer)


def start() -> "subprocess.Popen[bytes]":
    """Do it in a process of its own, while the engine loads what workers need."""
    return subprocess.Popen([sys.executable, "-m", __spec__.name])


if __name__ == "__main__":
    main()
