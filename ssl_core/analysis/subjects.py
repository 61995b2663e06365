"""Opening the networks that are asked, and keeping a few of them open."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ssl_core import pretext
from ssl_core.analysis import from_elsewhere
from ssl_core.analysis.base import Subject, num_bytes
from ssl_core.models import elsewhere
from ssl_core.runs import weights
from ssl_core.runs.store import RunStore
from ssl_core.runs.weights import Weights
from ssl_core.training import starts

MAX_KEPT_BYTES = 160_000_000  # a MiniLM (91 MB) and some twenty of our own
MAX_TOKENIZERS = 16


class KeptSubjects:
    """Networks that were asked lately; the one that was asked longest ago goes when they take too many bytes."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, Subject] = OrderedDict()

    def get(self, name: str, open_it: Callable[[], Subject]) -> Subject:
        """Return the network called ``name``, opened now if it is not open yet."""
        subject = self._kept.pop(name, None) or open_it()
        self._kept[name] = subject
        while len(self._kept) > 1 and sum(each.num_bytes for each in self._kept.values()) > self._max_bytes:
            self._kept.popitem(last=False)
        return subject


class Subjects:
    """Opens what a payload calls its model: ``{"run": id}``, with ``"step"`` as it was then; step 0 is what it began with.

    The key of a model of the shelf, or of a network that others trained, may stand for a run's id.
    """

    def __init__(self, store: RunStore, kept: KeptSubjects | None = None) -> None:
        self._store, self._kept = store, kept or KeptSubjects()
        self._tokenizer = lru_cache(MAX_TOKENIZERS)(starts.tokenizer_of)  # a run keeps its own while its weights change

    def __call__(self, named: Mapping[str, Any]) -> Subject:
        """Return the network, its newest weights unless a step is named.

        Raises: UserError if the run is unknown, has no weights, or what it needs can't be read.
        """
        found, network = weights.find(self._store, named["run"], named.get("step")), elsewhere.named(named["run"])
        return self._kept.get(found.version, lambda: from_elsewhere.opened(network) if network else self._opened(found))

    def _opened(self, found: Weights) -> Subject:
        spec = weights.spec_of(self._store, found.run_id)
        tokenizer = self._tokenizer(found.run_id, spec.corpus, spec.tokenizer)
        model, step = starts.network(spec, found, tokenizer)
        model.eval()  # type: ignore[no-untyped-call]
        return Subject(
            model=model,
            tokenizer=tokenizer,
            context_tokens=spec.model.context_tokens,
            reads=pretext.task(spec.task).PROBE,
            step=step,
            num_bytes=num_bytes(model),
            spec=spec,
        )
