"""The tokenizer that a run learned."""

from tokenizers import Tokenizer

from ssl_core import corpora
from ssl_core.runs import weights
from ssl_core.runs.store import RunStore
from ssl_core.tokenization import shelf
from ssl_core.tokenization.sentinels import without_sentinels


def of_run(run_id: str, store: RunStore | None = None) -> Tokenizer:
    """Return a run's tokenizer: as it was kept with its network, that of its start, or trained again, which gives the same.

    The key of a model that comes along (``shelf:encoder-en``) may stand for a run's id.
    Raises: UserError if there is no such run, or its text is gone.
    """
    spec = weights.spec_of(store or RunStore(), run_id)
    path = weights.kept_tokenizer(run_id)
    if path is not None and (kept := shelf.opened(path)) is not None:
        return without_sentinels(kept)
    if spec.start:  # whose tokenizer the run takes over when it begins
        return of_run(spec.start, store)
    return shelf.trained(corpora.load(spec.corpus), spec.tokenizer)
