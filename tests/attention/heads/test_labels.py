import numpy as np
import pytest

from ssl_core import i18n
from ssl_core.attention import heads
from ssl_core.attention.heads.labels import RULES, labels
from ssl_core.attention.heads.pooled import Pooled

BY_KEY = {rule.key: rule for rule in RULES}


def table(value, uniform, num_tokens=9):
    return Pooled(values_LH=np.array([[value]]), uniform_L=np.array([uniform]), num_tokens=num_tokens)


@pytest.mark.parametrize(
    ("key", "value", "uniform", "holds"),
    [
        ("previous_token", 0.5, 0.1, True),
        ("previous_token", 0.49, 0.1, False),
        ("previous_token", 0.55, 0.4, False),  # in a narrow window that is not much
        ("broad", 2.7, 3.0, True),
        ("broad", 2.6, 3.0, False),
        ("focused", 0.75, 3.0, True),
        ("focused", 0.8, 3.0, False),
        ("induction", float("nan"), 0.1, False),
    ],
)
def test_a_label_is_given_by_its_rule_alone(key, value, uniform, holds):
    assert BY_KEY[key].holds(value, uniform) is holds


def test_a_label_carries_the_figures_that_gave_it():
    (found,) = labels({"to_previous": table(0.8, 0.1), "entropy": table(1.5, 3.0)})
    assert (found.rule.key, found.layer, found.head, found.value, found.uniform) == ("previous_token", 0, 0, 0.8, 0.1)


def test_what_applies_nowhere_gives_no_label():
    assert labels({"to_previous": table(0.8, 0.1, num_tokens=0)}) == []


def test_what_says_most_comes_first():
    found = labels({"induction": table(0.9, 0.05), "entropy": table(0.3, 3.0), "to_previous": table(0.0, 0.1)})
    assert [each.rule.key for each in found] == ["induction", "focused"]


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.key)
def test_a_rule_can_be_read_in_both_languages(rule):
    assert rule.metric in heads.MENU
    with i18n.in_language("zh"):
        told = rule.told()
    assert any("一" <= character <= "鿿" for character in told)
    assert any("一" <= character <= "鿿" for character in i18n.translate(rule.title, "zh"))
    assert "{" not in rule.told()


def test_a_rule_names_its_limits():
    assert BY_KEY["previous_token"].told() == (
        "To the previous token: at least 50 %, and 20 percentage points more than a head has that looks at all alike"
    )
    assert BY_KEY["focused"].told() == "Entropy: at most 25 % of what a head has that looks at all alike"
