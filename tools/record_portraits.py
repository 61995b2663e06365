"""Count the words of the house's own texts once, for the data page to open on (assets/portraits/)."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ssl_core.profile import kept  # noqa: E402

TEXTS = ("bbc-news", "peoples-daily", "chinese-reviews", "king-james")  # the same everywhere: their packages are pinned


def main() -> None:
    """Record the portraits named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="*", default=TEXTS)
    for key in parser.parse_args().texts:
        path = kept.record(key)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
