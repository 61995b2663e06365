"""Opening the networks that are asked, and keeping a few of them open."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import corpora, objectives, pretext, tokenization
from ssl_core.analysis import from_elsewhere
from ssl_core.analysis.base import Subject
from ssl_core.models import elsewhere
from ssl_core.runs import weights
from ssl_core.runs.store import RunStore
from ssl_core.runs.weights import Weights
from ssl_core.tokenization.base import vocabulary_of
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.sentinels import without_sentinels
from ssl_core.training import checkpoints, export, kept_weights

MAX_KEPT_BYTES = 512_000_000
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
    """Opens what a payload calls its model: ``{"run": id}``, with ``"step"`` as it was then; step 0 is its untrained twin.

    The key of a model of the shelf, or of a network that others trained, may stand for a run's id.
    """

    def __init__(self, store: RunStore, kept: KeptSubjects | None = None) -> None:
        self._store, self._kept = store, kept or KeptSubjects()
        self._tokenizer = lru_cache(MAX_TOKENIZERS)(_tokenizer)  # a run keeps its own while its weights change

    def __call__(self, named: Mapping[str, Any]) -> Subject:
        """Return the network, its newest weights unless a step is named.

        Raises: UserError if the run is unknown, has no weights, or what it needs can't be read.
        """
        found, network = weights.find(self._store, named["run"], named.get("step")), elsewhere.named(named["run"])
        return self._kept.get(found.version, lambda: from_elsewhere.opened(network) if network else self._opened(found))

    def _opened(self, found: Weights) -> Subject:
        spec = weights.spec_of(self._store, found.run_id)
        tokenizer = self._tokenizer(found.run_id, spec.corpus, spec.tokenizer)
        vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, vocabulary_of(tokenizer))
        model = objectives.build(spec, vocabulary)
        step = _fill(model, found)
        model.eval()  # type: ignore[no-untyped-call]
        return Subject(
            model=model,
            tokenizer=tokenizer,
            context_tokens=spec.model.context_tokens,
            reads=pretext.task(spec.task).PROBE,
            step=step,
            num_bytes=sum(value.numel() * value.element_size() for value in model.parameters()),
            spec=spec,
        )


def _fill(model: PreTrainedModel, found: Weights) -> int:
    """Fill the network, fresh from its random start, with the weights that were found; return the step they are of."""
    if found.form == "checkpoint":  # it may be newer by now than what the store said
        return checkpoints.load_weights(found.folder, model)
    if found.form == "model":
        export.load_weights(found.folder, model)
    if found.form == weights.STEPS:
        kept_weights.load(found.folder, model, found.step)
    return found.step


def _tokenizer(run_id: str, corpus: str, config: TokenizerConfig) -> Tokenizer:
    """Return the run's own tokenizer; one that goes on has none in its folder yet, but its text is tokenised."""
    kept = weights.model_folder(run_id) / "tokenizer.json"
    if kept.exists():
        return without_sentinels(Tokenizer.from_str(kept.read_text(encoding="utf-8")))
    return tokenization.tokenized(corpora.load(corpus), config).tokenizer
