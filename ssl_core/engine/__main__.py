"""``python -m ssl_core.engine``: what the app starts in the background."""

import sys

from ssl_core.engine.service import serve
from ssl_core.errors import UserError

if __name__ == "__main__":
    try:
        serve()
    except UserError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
