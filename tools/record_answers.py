"""Open the pages about networks on each model of the shelf, and keep the answers that they show first (assets/answers/)."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pages._ui import menu  # noqa: E402
from ssl_core import shelf  # noqa: E402
from ssl_core.engine import questions, recorded_answers  # noqa: E402

PAGES = ("attention", "heads", "switch_off")
WAIT_S = 900.0


def main() -> None:
    """Record the answers of the models named on the command line, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=shelf.names())
    names = parser.parse_args().names
    with tempfile.TemporaryDirectory() as home:
        os.environ["PLAYGROUND_HOME"] = home
        questions.ask = _waiting_for_each(questions.ask)
        for name in names:
            for page in PAGES:
                _open(page, name)


def _waiting_for_each(ask: Any) -> Any:
    """Let every question wait for its answer, and keep it."""

    def asked(store: Any, kind: str, payload: Any, **how: Any) -> questions.Answer:
        answer: questions.Answer = ask(store, kind, payload, **{**how, "wait_s": WAIT_S})
        if answer.status != "answered":
            raise SystemExit(f"{kind}: {answer.reason.message() if answer.reason else answer.status}")
        path = recorded_answers.keep(kind, payload, answer)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB", flush=True)
        return answer

    return asked


def _open(stem: str, name: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_S)
    app.query_params["lang"], app.query_params["model"] = shelf.card(name).language, shelf.key(name)
    app.switch_page(next(each.path for each in menu.MENU if each.stem == stem))
    app.run()
    if app.exception:
        raise SystemExit(f"{stem}: {app.exception[0].message}")


if __name__ == "__main__":
    main()
