"""How the models on the shelf are trained: four runs, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig

CONTEXT_TOKENS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One model of the shelf: what it is called, what it learns from and how, and what it is shown on.

    It follows the task's usual run but for what ``model`` and ``training`` change.
    ``judged`` holds the settings under which held-out text is asked for its tokens.
    """

    name: str
    title: str
    language: str
    task: str
    corpus: str
    tokenizer: TokenizerConfig
    model: Mapping[str, Any] = field(hash=False)
    training: Mapping[str, Any] = field(hash=False)
    judged: Mapping[str, Any] = field(default_factory=dict, hash=False)
    shown_on: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def command(self) -> str:
        """What makes this very model."""
        return f"python -m ssl_core shelf build {self.name}"


_TRAINING = {
    "budget_unit": "steps", "optimizer": "muon", "learning_rate": 0.02, "batch_size": 8, "schedule": "linear",
    "warmup_rate": 0.02, "final_rate": 0.0,
}  # fmt: skip
_ENCODER = {"family": "modernbert", "size": "shelf", "context_tokens": CONTEXT_TOKENS, "local_attention": 8, "global_every": 2}
_DECODER = {"family": "llama", "size": "shelf", "context_tokens": CONTEXT_TOKENS}
_ALL_HIDDEN = {"mask_rate": 0.15, "mask_token_rate": 1.0, "random_token_rate": 0.0}
_ENGLISH = TokenizerConfig(kind="wordpiece", vocabulary_size=4096)
_CHINESE = TokenizerConfig(kind="character", vocabulary_size=4096)
_NEWS_EN, _NEWS_ZH = TEXTS = ("bbc-news", "peoples-daily+chinese-reviews")

_SMALL = N_("It is thirty times smaller than BERT and has read a few million characters: it knows how sentences go, few facts.")
_OF_NEWS = N_(
    "It knows the news of 2004 and 2005 alone: politics, business, sport, technology, entertainment. All in lower case."
)
_OF_CHINA = N_(
    "It knows one month of one newspaper of 1998 and shop reviews: names of that time, praise and complaint of hotels."
)
_BIASED = N_("What its texts say of people, it repeats: its guesses are habits of those writers, not truths.")
_WANDERS = N_("It writes phrases, not thoughts: after a line or two it has lost what it was about.")

RECIPES = (
    Recipe(
        name="encoder-en", title=N_("BERT-like, English news"), language="en", task="masked_lm", corpus=_NEWS_EN,
        tokenizer=_ENGLISH, model=_ENCODER, training={**_TRAINING, "budget": 6_000}, judged=_ALL_HIDDEN,
        shown_on=(
            "The government said ___ would not change the law.",
            "The company said its profits ___ last year.",
            "He scored a ___ in the second half of the match.",
            '"It is a great ___," he said.',
            "She won the award for best ___.",
            "Prime minister Tony ___ told the BBC.",
        ),
        limits=(_SMALL, _OF_NEWS, _BIASED),
    ),
    Recipe(
        name="decoder-en", title=N_("GPT, English news"), language="en", task="causal_lm", corpus=_NEWS_EN,
        tokenizer=_ENGLISH, model=_DECODER, training={**_TRAINING, "budget": 6_000},
        shown_on=("The prime minister said", "The company said its", "In the second half of the", "The film"),
        limits=(_SMALL, _OF_NEWS, _WANDERS, _BIASED),
    ),
    Recipe(
        name="encoder-zh", title=N_("BERT-like, Chinese news and reviews"), language="zh", task="masked_lm", corpus=_NEWS_ZH,
        tokenizer=_CHINESE, model=_ENCODER, training={**_TRAINING, "budget": 6_000}, judged=_ALL_HIDDEN,
        shown_on=(
            "国务院总___李鹏在北京会见了外宾。",
            "改革开___以来，我国经济建设取得很大成就。",
            "他们的生___水平有了很大提高。",
            "这家酒___的服务很好。",
            "房间很___净，早餐也不错。",
            "这本书写得很___。",
        ),
        limits=(_SMALL, _OF_CHINA, _BIASED),
    ),
    Recipe(
        name="decoder-zh", title=N_("GPT, Chinese news and reviews"), language="zh", task="causal_lm", corpus=_NEWS_ZH,
        tokenizer=_CHINESE, model=_DECODER, training={**_TRAINING, "budget": 6_000},
        shown_on=("新华社北京", "在党的领导下", "国民经济", "这家酒店的"),
        limits=(_SMALL, _OF_CHINA, _WANDERS, _BIASED),
    ),
)  # fmt: skip
"""The models of the shelf, in the order in which they are listed."""


def recipe(name: str) -> Recipe:
    """Return how the model ``name`` is trained.

    Raises: UserError if there is no such recipe.
    """
    found = next((each for each in RECIPES if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in RECIPES)
        raise UserError(
            N_("No model of the shelf is called {name!r}; choose one of {known}."), name=str(name)[:80], known=known
        )
    return found


def spec(recipe: Recipe) -> RunSpec:
    """Return the run that trains a model of the shelf."""
    usual = presets.recipe(recipe.task, recipe.corpus, recipe.language)
    return replace(
        usual,
        tokenizer=recipe.tokenizer,
        model=replace(usual.model, **recipe.model),
        training=replace(usual.training, **recipe.training),
        probes=recipe.shown_on,
    )
