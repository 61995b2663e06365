"""``python -m ssl_core``: train, look at runs, tend the engine, all from a terminal."""

import sys

from ssl_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
