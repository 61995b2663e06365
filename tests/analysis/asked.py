"""Small networks to be asked: built on the spot, or from a run that was trained for a second."""

import json

from ssl_core import models, paths
from ssl_core.analysis.base import Subject
from ssl_core.models.config import ModelConfig
from ssl_core.tokenization.characters import train_characters
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training.session import TrainingSession

ENGLISH = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)
CHINESE = train_characters(["中国人民在北京举行大会，今天天气很好。"], 64)
CONTEXT = 16


def subject(reads: str = "fill", tokenizer=ENGLISH, seed: int = 0, family: str | None = None) -> Subject:
    """Return an untrained network and its tokenizer; random weights tell a wrong position as well as trained ones."""
    family = family or {"fill": "bert", "continue": "gpt2"}[reads]
    config = ModelConfig(family=family, size="tiny", context_tokens=CONTEXT)
    model = models.build(config, tokenizer.get_vocab_size(), seed).eval()
    num_bytes = 4 * sum(value.numel() for value in model.parameters())
    return Subject(model=model, tokenizer=tokenizer, context_tokens=CONTEXT, reads=reads, step=7, num_bytes=num_bytes)


def opening(found: Subject):
    """Return an ``open_subject`` that opens just this one."""
    return lambda named: found


def trained(store, spec, *, finish: str | None = "done") -> str:
    """Train a run as a worker would, and return its id: finished with a model, or with ``finish=None`` still going on."""
    run_id = store.submit(spec, worker="here:1:1.00:worker")
    session = TrainingSession(spec)
    for report in session.steps():
        last = report
    folder = paths.run_folder(run_id)
    store.add_metric(run_id, {"step": last.step, "elapsed_s": last.elapsed_s, "tokens": last.tokens})
    if finish is None:
        session.save_checkpoint(folder / "checkpoint")
        store.add_event(run_id, "checkpoint", step=last.step, elapsed_s=1.0, payload={"folder": "checkpoint"})
    else:
        session.export(folder / "model")
        result = json.loads(json.dumps(session.result()))
        store.finish(run_id, finish, result=result)
    return run_id
