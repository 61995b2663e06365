"""Log-odds with a prior, against a plain double loop."""

import math

import pytest

from ssl_core.profile.log_odds import log_odds

HERE = {"goal": 40, "match": 25, "the": 500, "bank": 1, "rare": 1}
THERE = {"bank": 60, "profit": 30, "the": 800, "goal": 2}
NUM_HERE, NUM_THERE = 2000, 3100  # more than the mappings list


def plain(here, there, num_here, num_there, prior_words):
    """The four equations of the paper, one word and one text at a time."""
    z = {}
    for word in set(here) | set(there):
        alpha = prior_words * (here.get(word, 0) + there.get(word, 0)) / (num_here + num_there)
        delta, variance = 0.0, 0.0
        for sign, counts, total in ((1, here, num_here), (-1, there, num_there)):
            y = counts.get(word, 0)
            omega = (y + alpha) / (total + prior_words - y - alpha)
            delta += sign * math.log(omega)
            variance += 1 / (y + alpha)
        z[word] = delta / math.sqrt(variance)
    return z


@pytest.mark.parametrize("prior_words", [51.0, 510.0, 10_200.0])
def test_it_is_the_papers_formula(prior_words):
    rate = prior_words / (NUM_HERE + NUM_THERE)
    found = log_odds(HERE, THERE, num_here=NUM_HERE, num_there=NUM_THERE, prior_rate=rate)
    expected = plain(HERE, THERE, NUM_HERE, NUM_THERE, prior_words)
    assert {each.word: each.z for each in found} == pytest.approx(expected, rel=1e-12)


def test_words_of_the_first_text_come_first():
    found = log_odds(HERE, THERE, num_here=NUM_HERE, num_there=NUM_THERE)
    assert found[0].word == "goal"
    assert found[-1].word == "bank"
    assert [each.z for each in found] == sorted((each.z for each in found), reverse=True)


def test_counts_of_both_texts_stand_beside_each_word():
    goal = log_odds(HERE, THERE, num_here=NUM_HERE, num_there=NUM_THERE)[0]
    assert (goal.here, goal.there) == (40, 2)


def test_a_text_against_itself_has_no_word_of_its_own():
    assert all(each.z == 0 for each in log_odds(HERE, HERE, num_here=NUM_HERE, num_there=NUM_HERE))


def test_turning_the_texts_round_turns_the_sign():
    one = {each.word: each.z for each in log_odds(HERE, THERE, num_here=NUM_HERE, num_there=NUM_THERE)}
    other = {each.word: each.z for each in log_odds(THERE, HERE, num_here=NUM_THERE, num_there=NUM_HERE)}
    assert other == pytest.approx({word: -z for word, z in one.items()})


def test_a_word_seen_once_does_not_stand_out_however_lopsided_it_is():
    found = {each.word: each.z for each in log_odds(HERE, THERE, num_here=NUM_HERE, num_there=NUM_THERE)}
    assert abs(found["rare"]) < 1.5, "one against none: the ratio is infinite, the evidence is not"
    assert found["match"] > 3, "25 against none"


def test_no_words_no_answer():
    assert log_odds({}, {}, num_here=0, num_there=0) == []
