import pytest

from ssl_core.training import phases
from ssl_core.training.baselines import Baselines

LINES = Baselines(uniform_nats=7.0, unigram_nats=6.0, bigram_nats=4.0, num_targets=10)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [(7.0, "start"), (6.2, "start"), (6.05, "frequencies"), (5.1, "frequencies"), (4.9, "one_word"), (3.9, "context")],
)
def test_a_loss_belongs_to_the_phase_between_its_lines(loss, expected):
    assert phases.phase(loss, LINES) == expected
    assert phases.phase(loss, LINES.to_json()) == expected


def test_every_phase_has_a_title_and_an_explanation():
    assert set(phases.TITLES) == set(phases.EXPLANATIONS) == set(phases.PHASES)
