"""Ready-made runs: press one button, watch one minute."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.config import ModelConfig
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One ready-made run: what it is called, in which language its text is, which task it trains on which text.

    It follows the task's recipe but for what ``model``, ``training`` and ``settings`` (of the task) change.
    """

    key: str
    title: str
    language: str
    task: str
    corpus: str
    model: Mapping[str, Any] = field(default_factory=dict, hash=False)
    training: Mapping[str, Any] = field(default_factory=dict, hash=False)
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)


_MAIN = (  # of each language and task the one on TinyWorld comes first: there the best possible loss is known
    Preset(key="mlm-en", title=N_("BERT fills blanks, 60 s"), language="en", task="masked_lm", corpus="tinyworld-en"),
    Preset(key="lm-en", title=N_("GPT writes, 60 s"), language="en", task="causal_lm", corpus="tinyworld-en"),
    Preset(key="mlm-news-en", title=N_("BERT reads news, 60 s"), language="en", task="masked_lm", corpus="bbc-news"),
    Preset(key="lm-news-en", title=N_("GPT writes news, 60 s"), language="en", task="causal_lm", corpus="bbc-news"),
    Preset(key="mlm-zh", title=N_("BERT fills blanks, 60 s"), language="zh", task="masked_lm", corpus="tinyworld-zh"),
    Preset(key="lm-zh", title=N_("GPT writes, 60 s"), language="zh", task="causal_lm", corpus="tinyworld-zh"),
    Preset(key="mlm-news-zh", title=N_("BERT reads news, 60 s"), language="zh", task="masked_lm", corpus="peoples-daily"),
    Preset(key="lm-news-zh", title=N_("GPT writes news, 60 s"), language="zh", task="causal_lm", corpus="peoples-daily"),
)

_LANGUAGES = {each.corpus: each.language for each in _MAIN}


def _others() -> tuple[Preset, ...]:
    """Return a preset on TinyWorld, in each language, for each task that has none of its own."""
    tasks = [key for key in pretext.MENU if key not in {each.task for each in _MAIN}]
    return tuple(
        Preset(
            key=f"{task.replace('_', '-')}-{language}",
            title=pretext.task(task).TITLE,
            language=language,
            task=task,
            corpus=corpus,
        )
        for language, corpus in (("en", "tinyworld-en"), ("zh", "tinyworld-zh"))
        for task in tasks
    )


def _families() -> tuple[Preset, ...]:
    """Return presets that fill blanks with BERT's relatives: one differs in how it is trained, one in how it is built."""
    told: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
        ("roberta", N_("RoBERTa fills blanks: larger batches, new masks each time"), {"batch_size": 32}),
        ("albert", N_("ALBERT fills blanks: one layer, used four times"), {}),
    )
    return tuple(
        Preset(
            key=f"{family}-{language}",
            title=title,
            language=language,
            task="masked_lm",
            corpus=corpus,
            model={"family": family},
            training=training,
            settings={"static_masks": False},
        )
        for language, corpus in (("en", "tinyworld-en"), ("zh", "tinyworld-zh"))
        for family, title, training in told
    )


PRESETS = (*_MAIN, *_others(), *_families())
"""The ready-made runs: first those that everybody should see, then one for each other task, then other networks."""


def is_main(key: str) -> bool:
    """Return whether the preset ``key`` is one that everybody should see."""
    return any(each.key == key for each in _MAIN)


TOKENIZERS = {  # by corpus, else by language
    "en": TokenizerConfig(kind="wordpiece", vocabulary_size=1024),
    "zh": TokenizerConfig(kind="character", vocabulary_size=2048),
    "tinyworld-en": TokenizerConfig(kind="word", vocabulary_size=1024),
    "tinyworld-zh": TokenizerConfig(kind="word", vocabulary_size=1024),
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
    ("fill", "tinyworld-en"): (
        "Tom and ___ sister go to the library.",
        "The dogs ___ because they are tired.",
        "Anna spends a warm day in the garden. At sunset she is ___.",
    ),
    ("continue", "tinyworld-en"): ("On Monday Emma is at the beach", "It is a dark morning and", "The dogs near the trees"),
    ("fill", "tinyworld-zh"): (
        "早上她看了一___有趣的小说。",
        "小明在书店里。刚才___买了一本新书。",
        "星期天小丽高兴地来到公园。她特别___。",
    ),
    ("continue", "tinyworld-zh"): ("星期天小丽高兴地来到公园。", "志强在农场里。", "现在她正在"),
    ("spot", "en"): (
        "The prime minister said film would not change the law.",
        "He scored a goal in the second company of the match.",
        "Last year, the company made more six.",
    ),
    ("spot", "zh"): (
        "国务院总统李鹏在北京会见了外宾。",
        "改革开发以来，我国经济建设取得很大成就。",
        "他们的生火水平有了很大提高。",
    ),
    ("spot", "tinyworld-en"): (
        "Tom and his sister go to the bun.",
        "The dogs runs because they are tired.",
        "Nora comes to the library with his yellow umbrella.",
    ),
    ("spot", "tinyworld-zh"): (
        "星期天小丽高兴地小说公园。",
        "早上她看了一只有趣的小说。",
        "小明在书店里。刚才她买了一本新书。",
    ),
    ("restore", "en"): (
        '"It is a ___ film," he said.',
        "The prime minister ___ would not change the law.",
        "Last year, ___ more money.",
    ),
    ("restore", "zh"): (
        "国务院___在北京会见了外宾。",
        "改革开放以来，我国经济建设取得___成就。",
        "他们的生___有了很大提高。",
    ),
    ("restore", "tinyworld-en"): (
        "Tom and ___ go to the library.",
        "The dogs ___ because they are tired.",
        "Anna spends a warm day in the garden. At sunset ___ happy.",
    ),
    ("restore", "tinyworld-zh"): (
        "早上她看了___小说。",
        "小明在书店里。刚才___一本新书。",
        "星期天小丽高兴地来到公园。___特别高兴。",
    ),
    ("pair", "en"): (
        "The company made more money last year. | It said sales had risen in all its shops.",
        "The company made more money last year. | He scored two goals in the second half.",
        "He said the team had played well. | The match ended in a draw.",
    ),
    ("pair", "zh"): (
        "国务院总理李鹏今天会见了外宾。 | 会见后，李鹏设宴招待了客人。",
        "国务院总理李鹏今天会见了外宾。 | 今年粮食产量比去年增长。",
        "改革开放以来，我国经济取得很大成就。 | 人民生活水平有了很大提高。",
    ),
    ("pair", "tinyworld-en"): (
        "First she finds a letter. | Anna cheerfully reads the letter.",
        "Anna cheerfully reads the letter. | First she finds a letter.",
        "First she finds a letter. | Soon he tastes the soft bun.",
    ),
    ("pair", "tinyworld-zh"): (
        "上午她和同学一起画了一幅大地图。 | 这时她在看一本旧杂志。",
        "这时她在看一本旧杂志。 | 上午她和同学一起画了一幅大地图。",
        "上午她和同学一起画了一幅大地图。 | 此刻他在喝一杯热咖啡。",
    ),
    ("compare", "en"): (
        "The company said its profits rose last year.",
        "Shares fell after the bank warned of losses.",
        "He scored twice and the team won the match.",
        "The coach was pleased with his players.",
    ),
    ("compare", "zh"): (
        "国务院总理李鹏会见了外宾。",
        "两国总统举行了会谈。",
        "今年粮食产量比去年增长。",
        "农民的收入有了很大提高。",
    ),
    ("compare", "tinyworld-en"): (
        "Anna comes to the farm with her red ball.",
        "The strange cow near the barns rests.",
        "Oscar and his grandmother go to the station.",
        "First he packs a parcel.",
    ),
    ("compare", "tinyworld-zh"): (
        "今天小芳来到书店。",
        "刚才她买了两本便宜的字典。",
        "小丽在农场里。",
        "不久前她种了两棵果树。",
    ),
}
"""What a run is watched on, by how its task is shown and by its text: a corpus key, else the language of the text."""


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
    usual = recipe(chosen.task, chosen.corpus)
    return replace(
        usual,
        model=replace(usual.model, **chosen.model),
        training=replace(usual.training, **chosen.training),
        task_settings=replace(usual.task_settings, **chosen.settings),
    )


def recipe(task: str, corpus: str, language: str | None = None) -> RunSpec:
    """Return the run that learns well within a minute: what is trained where nothing else is asked for.

    ``corpus`` is a corpus key; for one that is not ours, ``language`` ("en" or "zh") says how to cut it into tokens.
    Raises: UserError if there is no such task.
    """
    shown_by = pretext.task(task).PROBE
    language = language or _LANGUAGES.get(corpus, "en")
    settings = pretext.task(task).RECIPE
    return RunSpec(
        task=task,
        corpus=corpus,
        task_settings=pretext.task(task).Config(),
        tokenizer=TOKENIZERS.get(corpus, TOKENIZERS[language]),
        model=ModelConfig(**settings["model"]),
        training=TrainingConfig(**settings["training"]),
        probes=PROBES.get((shown_by, corpus), PROBES.get((shown_by, language), ())),
    )
