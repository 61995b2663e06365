"""``python -m ssl_core.engine``: what the app starts in the background."""

import sys

from ssl_core.engine.service import serve
from ssl_core.errors import UserError
from ssl_core.runs import unusable

if __name__ == "__main__":
    try:
        serve()
    except (UserError, *unusable.TROUBLES) as problem:
        print(unusable.of_store(problem) or repr(problem), file=sys.stderr)
        sys.exit(2)
