"""What a head may be called, and by which rule: a metric, how much of it, and how far that must lie from an even look.

A head can have several labels or none. That most of a head's attention goes to one kind of token (at least half) is what
Clark et al. 2019, arXiv:1906.04341, call it by; the other limits are our own.
"""

# L layers, H heads

from collections.abc import Mapping
from dataclasses import dataclass

from ssl_core.attention import heads
from ssl_core.attention.heads.pooled import Pooled
from ssl_core.i18n import N_, _


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a head has a label: all limits that are set must hold."""

    key: str
    title: str
    metric: str
    at_least: float | None = None  # the metric's value
    above_uniform: float | None = None  # its value less what a head has that looks everywhere alike
    times_uniform_at_least: float | None = None  # its value in units of that
    times_uniform_at_most: float | None = None

    def holds(self, value: float, uniform: float) -> bool:
        """Say whether a head with this value has the label; never where the metric does not apply (nan)."""
        return (
            value == value
            and (self.at_least is None or value >= self.at_least)
            and (self.above_uniform is None or value - uniform >= self.above_uniform)
            and (self.times_uniform_at_least is None or value >= self.times_uniform_at_least * uniform)
            and (self.times_uniform_at_most is None or value <= self.times_uniform_at_most * uniform)
        )

    def told(self) -> str:
        """Return the rule as a sentence in the current language."""
        told = _(_SAYS[self._limits])
        return told.format(
            metric=_(heads.metric(self.metric).TITLE),
            least=_percent(self.at_least),
            above=_percent(self.above_uniform),
            low=_percent(self.times_uniform_at_least),
            high=_percent(self.times_uniform_at_most),
        )

    @property
    def _limits(self) -> str:
        names = ("at_least", "times_uniform_at_least", "times_uniform_at_most")
        return next(name for name in names if getattr(self, name) is not None)


_SAYS = {
    "at_least": N_("{metric}: at least {least} %, and {above} percentage points more than a head has that looks at all alike"),
    "times_uniform_at_least": N_("{metric}: at least {low} % of what a head has that looks at all alike"),
    "times_uniform_at_most": N_("{metric}: at most {high} % of what a head has that looks at all alike"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one head is called, and the figures by which the rule gave it."""

    layer: int  # from 0
    head: int
    rule: Rule
    value: float
    uniform: float


def _mostly(key: str, title: str, metric: str) -> Rule:
    return Rule(key=key, title=title, metric=metric, at_least=0.5, above_uniform=0.2)


RULES = (
    _mostly("induction", N_("induction"), "induction"),
    _mostly("previous_token", N_("previous token"), "to_previous"),
    _mostly("next_token", N_("next token"), "to_next"),
    _mostly("self", N_("itself"), "to_self"),
    _mostly("same_token", N_("same token"), "to_same_token"),
    _mostly("cls_sink", N_("[CLS] sink"), "to_cls"),
    _mostly("sep_sink", N_("[SEP] sink"), "to_sep"),
    _mostly("first_token_sink", N_("first-token sink"), "to_first"),
    _mostly("punctuation", N_("punctuation"), "to_punctuation"),
    Rule(key="broad", title=N_("broad"), metric="entropy", times_uniform_at_least=0.9),
    Rule(key="focused", title=N_("focused"), metric="entropy", times_uniform_at_most=0.25),
)
"""From what says most about a head to what says least."""


def labels(tables: Mapping[str, Pooled]) -> list[Label]:
    """Return the labels of all heads by their metrics, head by head, the one that says most first."""
    num_layers, num_heads = next(iter(tables.values())).values_LH.shape
    return [
        Label(layer=layer, head=head, rule=rule, value=value, uniform=uniform)
        for layer in range(num_layers)
        for head in range(num_heads)
        for rule in RULES
        if rule.metric in tables and tables[rule.metric].num_tokens
        for value in [float(tables[rule.metric].values_LH[layer, head])]
        for uniform in [float(tables[rule.metric].uniform_L[layer])]
        if rule.holds(value, uniform)
    ]


def _percent(share: float | None) -> int:
    return round(100 * (share or 0.0))
