"""Ready-made runs: press one button, watch one minute."""

from dataclasses import dataclass

from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.config import ModelConfig
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One ready-made run: what it is called, in which language its text is, which task it trains."""

    key: str
    title: str
    language: str
    task: str


PRESETS = (
    Preset(key="mlm-en", title=N_("BERT fills blanks, 60 s"), language="en", task="masked_lm"),
    Preset(key="lm-en", title=N_("GPT writes, 60 s"), language="en", task="causal_lm"),
    Preset(key="mlm-zh", title=N_("BERT fills blanks in Chinese, 60 s"), language="zh", task="masked_lm"),
    Preset(key="lm-zh", title=N_("GPT writes Chinese, 60 s"), language="zh", task="causal_lm"),
)

CORPORA = {"en": "bbc-news", "zh": "peoples-daily"}

TOKENIZERS = {
    "en": TokenizerConfig(kind="wordpiece", vocabulary_size=1024),
    "zh": TokenizerConfig(kind="character", vocabulary_size=2048),
}

PROBES = {
    ("fill", "en"): (
        '"It is a great film," he ___.',
        "Last ___, the company made more money.",
        "The government said ___ would not change the law.",
    ),
    ("continue", "en"): ("the prime minister said", "the company said its", "in the second half of the"),
    ("fill", "zh"): (
        "国务院总___李鹏在北京会见了外宾。",
        "改革开___以来，我国经济建设取得很大成就。",
        "他们的生___水平有了很大提高。",
    ),
    ("continue", "zh"): ("新华社北京", "在党的领导下", "国民经济"),
}
"""What a run is watched on, by how its task is shown and by its text: a corpus key, else the language of the text."""

_RECIPES = {
    "fill": (
        ModelConfig(family="modernbert", size="small", context_tokens=64, local_attention=4),
        TrainingConfig(budget=60, optimizer="muon", learning_rate=0.02, batch_size=16),
    ),
    "continue": (
        ModelConfig(family="llama", size="small", context_tokens=64),
        TrainingConfig(budget=60, optimizer="muon", learning_rate=0.02, batch_size=16),
    ),
}


def preset(key: str) -> Preset:
    """Return the preset ``key``.

    Raises: UserError if there is no such preset.
    """
    found = next((each for each in PRESETS if each.key == key), None)
    if found is None:
        known = ", ".join(each.key for each in PRESETS)
        raise UserError(N_("Unknown preset {key!r}; choose one of {known}."), key=str(key)[:80], known=known)
    return found


def spec(key: str) -> RunSpec:
    """Return the run that the preset ``key`` starts.

    Raises: UserError if there is no such preset.
    """
    chosen = preset(key)
    return recipe(chosen.task, CORPORA[chosen.language])


def recipe(task: str, corpus: str, language: str | None = None) -> RunSpec:
    """Return the run that learns well within a minute: what is trained where nothing else is asked for.

    ``corpus`` is a corpus key; for one that is not ours, ``language`` ("en" or "zh") says how to cut it into tokens.
    Raises: UserError if there is no such task.
    """
    shown_by = pretext.task(task).PROBE
    language = language or next((each for each, key in CORPORA.items() if key == corpus), "en")
    model, training = _RECIPES[shown_by]
    return RunSpec(
        task=task,
        corpus=corpus,
        task_settings=pretext.task(task).Config(),
        tokenizer=TOKENIZERS[language],
        model=model,
        training=training,
        probes=PROBES.get((shown_by, corpus), PROBES[shown_by, language]),
    )
