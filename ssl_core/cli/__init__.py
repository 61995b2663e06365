"""The command line: the same settings, the same runs and the same training as in the app."""

import os
import sys
from collections.abc import Sequence

from ssl_core.cli.parser import parse
from ssl_core.errors import UserError
from ssl_core.i18n import set_language
from ssl_core.runs import unusable

__all__ = ["main"]

OK, FAILED, USAGE = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 128 + 2, 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code: 0 well, 1 the run failed, 2 something to put right."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language(words))
    try:
        chosen = parse(words)
        code = chosen.run(chosen)
        sys.stdout.flush()
    except UserError as problem:
        print(problem, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:  # a second Ctrl-C, or one while there is nothing to keep
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except unusable.TROUBLES as reason:
        if (trouble := unusable.of_store(reason)) is None:
            raise
        print(trouble, file=sys.stderr)
        return USAGE
    return int(code)


def _language(words: list[str]) -> str:
    """Return the language asked for, else that of the terminal."""
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
    spoken = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if spoken.lower().startswith("zh") else "en"
