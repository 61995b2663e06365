"""``python -m ssl_core``: train, look at runs, tend the engine, all from a terminal."""

import sys

if __name__ == "__main__":
    try:
        from ssl_core.cli import main  # takes seconds on a busy machine, and Ctrl-C is heard meanwhile

        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + 2)
