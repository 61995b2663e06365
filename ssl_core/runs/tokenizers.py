"""The tokenizer that a run learned."""

from tokenizers import Tokenizer

from ssl_core import corpora, paths
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.tokenization import shelf
from ssl_core.tokenization.sentinels import without_sentinels


def of_run(run_id: str, store: RunStore | None = None) -> Tokenizer:
    """Return a run's tokenizer: as it was kept with its network, or trained again, which gives the same.

    Raises: UserError if there is no such run, or its text is gone.
    """
    record = (store or RunStore()).record(run_id)
    kept = shelf.opened(paths.run_folder(run_id) / "model" / "tokenizer.json")
    if kept is not None:
        return without_sentinels(kept)
    spec = RunSpec.from_json(record.spec)
    return shelf.trained(corpora.load(spec.corpus), spec.tokenizer)
