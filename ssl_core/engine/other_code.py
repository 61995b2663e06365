"""An engine of other code than this process: after an upgrade of the checkout it is sent away, and all it did goes on.

An app sends an engine away only if its code differs and it began before this app had its own code loaded. So it is the start of
an app that decides: an engine that comes after it is left alone, by it and by every older app. Two apps of two checkouts on
one store thus exchange the engine once for each start of an app, never in turns; and should a clock jump, each app still sends
at most one away. An engine that says nothing of its code is from before engines did so, and counts as other code.

Nothing is lost with it: training workers go on and are adopted, and what is queued or asked waits in the store for the next
engine. That one has a fork server and an analyst of its own; those of the one before serve it no more.
"""

import logging
import os
import time
from dataclasses import dataclass

from ssl_core.code_version import code_version
from ssl_core.engine.processes import ProcessMark
from ssl_core.runs.held import Row

LAST_WORDS_S = 10.0  # an engine that was asked to end and lives on after this long is killed
PRELOADED_PACKAGES = ("torch", "transformers")
LOADED_AT = time.time()  # the app's own code; where files change under a running app, Streamlit loads all of it again
log = logging.getLogger(__name__)


def own_code() -> str:
    """Return what changes when this checkout, torch or transformers does; it stays as when this process first asked."""
    return code_version(libraries=PRELOADED_PACKAGES)


@dataclass(slots=True)
class SentAway:
    """The one engine that this process sent away, if there was one."""

    process: str = ""
    asked_at: float = 0.0

    def look(self, row: Row) -> bool:
        """Look at a living engine and send it away if it is of other code; True while it is on its way out."""
        mark = ProcessMark.parse(row["process"])
        if mark is None:
            return False
        if row["process"] == self.process:
            if time.monotonic() - self.asked_at > LAST_WORDS_S:
                log.warning("the engine %s was asked to end and did not; it is killed", mark)
                mark.kill()
            return True
        if self.process or not _is_ours_to_replace(row, mark) or not mark.terminate():
            return False
        log.warning("the engine %s is of other code than this app and is replaced; its runs go on", mark)
        self.process, self.asked_at = row["process"], time.monotonic()
        return True


def _is_ours_to_replace(row: Row, mark: ProcessMark) -> bool:
    is_older = mark.is_here and mark.pid != os.getpid() and mark.started_at < LOADED_AT
    return is_older and row["code"] != own_code()
