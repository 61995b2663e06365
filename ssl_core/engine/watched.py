"""The sentences a run is watched on: those of its settings and those a learner adds while it runs."""

from collections.abc import Callable, Mapping
from typing import Any

from ssl_core.engine.reporting import Reporter
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs.spec import MAX_PROBE_CHARACTERS, MAX_PROBES

Ask = Callable[[Mapping[str, str]], Mapping[str, Mapping[str, Any] | UserError]]
"""A session's ``probe``: sentences by probe id to what the network makes of each, or why it can't be used."""


class Watched:
    """Probe sentences by id; an id stays with its sentence for the whole run."""

    def __init__(self, reporter: Reporter, ask: Ask, texts: tuple[str, ...] = ()) -> None:
        """Watch ``texts``; ``ask`` is given all of them at once, because that costs little more than one."""
        self._reporter, self._ask = reporter, ask
        self._texts = {str(number): text for number, text in enumerate(texts)}
        self._next_id = len(texts)

    def add(self, control_id: int, text: object, *, answer: bool = True) -> None:
        """Watch one more sentence, and look at it at once."""
        try:
            clean = self._checked(text)
        except UserError as problem:
            if answer:
                self._refuse(f"refused-{control_id}", str(text)[:MAX_PROBE_CHARACTERS], problem)
            return
        known = next((probe_id for probe_id, other in self._texts.items() if other == clean), None)
        if known is None:
            known, self._next_id = str(self._next_id), self._next_id + 1
            self._texts[known] = clean
        if answer:
            self._look({known: clean})

    def look(self) -> None:
        """Show what the network makes of the sentences now."""
        self._look(self._texts)

    def _look(self, texts: Mapping[str, str]) -> None:
        for probe_id, answer in self._ask(dict(texts)).items():
            if isinstance(answer, UserError):
                self._refuse(probe_id, self._texts.pop(probe_id), answer)
            else:
                self._reporter.event("probe", answer)

    def _refuse(self, probe_id: str, text: str, problem: UserError) -> None:
        self._reporter.event("probe_refused", {"probe_id": probe_id, "text": text, "failure": problem.to_json()})

    def _checked(self, text: object) -> str:
        if not isinstance(text, str) or not text.strip():
            raise UserError(N_("This sentence is empty. Type a few words."))
        if len(text) > MAX_PROBE_CHARACTERS:
            raise UserError(N_("A probe sentence is too long; keep it under {limit} characters."), limit=MAX_PROBE_CHARACTERS)
        if len(self._texts) >= MAX_PROBES and text.strip() not in self._texts.values():
            raise UserError(N_("This run already watches {limit} sentences, which is as many as fit."), limit=MAX_PROBES)
        return text.strip()
