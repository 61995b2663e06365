"""Prepares the presets' texts while nothing runs, so that the first click finds them tokenised."""

import os

from ssl_core.engine.output import redirect_output


def main() -> None:
    """Tokenise every preset's text at low priority; what is there already costs nothing."""
    from ssl_core import corpora, paths, tokenization
    from ssl_core.runs import presets

    if hasattr(os, "nice"):
        os.nice(15)
    redirect_output(paths.home() / "logs" / "prewarm.log")
    for preset in presets.PRESETS:
        spec = presets.spec(preset.key)
        tokenization.tokenized(corpora.load(spec.corpus), spec.tokenizer)
