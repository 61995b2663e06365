"""Each metric on cases worked by hand."""

import math
from pathlib import Path

import numpy as np
import pytest

from ssl_core import i18n
from ssl_core.attention import heads
from ssl_core.attention.heads import induction
from ssl_core.attention.heads.sentence import Sentence

CLS, SEP, STOP, CAT = 2, 3, 6, 7
# [CLS] cat . cat [SEP]
WEIGHTS_TT = np.array(
    [
        [0.4, 0.2, 0.2, 0.1, 0.1],
        [0.1, 0.2, 0.3, 0.4, 0.0],
        [0.0, 0.5, 0.5, 0.0, 0.0],
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]
)


def sentence(ids, **named):
    ids_T = np.array(ids)
    return Sentence(
        ids_T=ids_T, is_special_T=np.isin(ids_T, (CLS, SEP)), is_cls_T=ids_T == CLS, is_sep_T=ids_T == SEP,
        is_punctuation_T=ids_T == STOP, **named,
    )  # fmt: skip


def measured(key, weights_TT, read):
    return float(heads.measure(key, weights_TT[None, None], read)[0, 0])


def nats(*shares):
    return -sum(share * math.log(share) for share in shares)


BY_HAND = {
    "entropy": (nats(0.4, 0.2, 0.2, 0.1, 0.1) + nats(0.1, 0.2, 0.3, 0.4) + math.log(2) + math.log(5) + 0) / 5,
    "mean_distance": (1.3 + 1.2 + 0.5 + 1.4 + 0) / 5,
    "to_self": (0.4 + 0.2 + 0.5 + 0.2 + 1) / 5,
    "to_previous": (0.1 + 0.5 + 0.2 + 0) / 4,
    "to_next": (0.2 + 0.3 + 0 + 0.2) / 4,
    "to_first": (0.1 + 0 + 0.2) / 3,
    "to_cls": (0.1 + 0 + 0.2) / 3,
    "to_sep": (0 + 0 + 0.2) / 3,
    "to_punctuation": (0.3 + 0.2) / 2,
    "to_same_token": (0.4 + 0.2) / 2,
    "sink_share": (0.1 + 0 + 0.4) / 3,
    "induction": math.nan,
}


@pytest.mark.parametrize("key", heads.MENU)
def test_a_case_by_hand(key):
    assert measured(key, WEIGHTS_TT, sentence([CLS, CAT, STOP, CAT, SEP])) == pytest.approx(BY_HAND[key], nan_ok=True)


# [SEP] cat . cat, where nobody looks ahead
BACK_TT = np.array([[1.0, 0.0, 0.0, 0.0], [0.7, 0.3, 0.0, 0.0], [0.2, 0.4, 0.4, 0.0], [0.1, 0.6, 0.1, 0.2]])
BACK_BY_HAND = {
    "entropy": (nats(0.7, 0.3) + nats(0.2, 0.4, 0.4) + nats(0.1, 0.6, 0.1, 0.2)) / 3,
    "mean_distance": (0.7 + 0.8 + 1.6) / 3,
    "to_self": (0.3 + 0.4 + 0.2) / 3,
    "to_previous": (0.7 + 0.4 + 0.1) / 3,
    "to_next": math.nan,
    "to_first": (0.7 + 0.2 + 0.1) / 3,
    "to_cls": math.nan,
    "to_sep": (0.7 + 0.2 + 0.1) / 3,
    "to_punctuation": (0 + 0.1) / 2,
    "to_same_token": 0.6,
    "sink_share": (0.7 + 0.2 + 0.1) / 3,
    "induction": math.nan,
}


@pytest.mark.parametrize("key", heads.MENU)
def test_the_first_token_of_a_network_that_looks_back_only_never_counts(key):
    read = sentence([SEP, CAT, STOP, CAT], looks_back_only=True)
    assert measured(key, BACK_TT, read) == pytest.approx(BACK_BY_HAND[key], nan_ok=True)


def test_induction_is_looking_at_what_followed_last_time():
    read = sentence([SEP, 8, 9, 8, 9], looks_back_only=True, num_repeated=2)
    weights_TT = np.tril(np.full((5, 5), 0.05))
    weights_TT[3, 2] = 0.8  # the second 8 looks at the 9 that came after the first one
    weights_TT[4, 3] = 0.4  # the second 9 looks at the 8 that came after the first one
    assert measured("induction", weights_TT, read) == pytest.approx((0.8 + 0.4) / 2)
    sees_ahead = sentence([SEP, 8, 9, 8, 9], num_repeated=2)
    assert math.isnan(measured("induction", weights_TT, sees_ahead))


def test_random_tokens_are_said_twice_and_are_all_different():
    ids = induction.said_twice(np.arange(10, 40), 24, np.random.default_rng(0))
    assert len(set(ids.tolist())) == 24
    assert ids[:24].tolist() == ids[24:].tolist()


@pytest.mark.parametrize("key", heads.MENU)
@pytest.mark.parametrize("looks_back_only", [False, True])
def test_one_token_alone_has_nothing_to_choose_from(key, looks_back_only):
    assert math.isnan(measured(key, np.ones((1, 1)), sentence([CAT], looks_back_only=looks_back_only)))


@pytest.mark.parametrize("key", heads.MENU)
def test_a_metric_is_complete(key):
    metric = heads.metric(key)
    for text in (metric.TITLE, metric.HELP):
        assert any("一" <= character <= "鿿" for character in i18n.translate(text, "zh")), text
    assert metric.FORMULA
    assert "arXiv" in metric.SOURCE
    assert metric.UNIT in ("nats", "tokens", "share")
    lowest, highest = metric.RANGE
    assert (lowest, highest) == (0.0, 1.0 if metric.UNIT == "share" else None)


def test_no_metric_lacks_in_the_menu():
    declared = {
        path.stem for path in Path(heads.__file__).parent.glob("*.py") if "applies_to" in path.read_text(encoding="utf-8")
    }
    assert declared - {"__init__"} == set(heads.MENU)
