import pytest

from ssl_core.training import phases
from ssl_core.training.baselines import Baselines

LINES = Baselines(uniform_nats=7.0, unigram_nats=6.0, bigram_nats=4.0, num_targets=10)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (7.0, "start"),
        (6.2, "start"),
        (6.05, "frequencies"),
        (5.95, "frequencies"),
        (5.85, "some_context"),
        (4.1, "some_context"),
        (3.9, "context"),
    ],
)
def test_a_loss_belongs_to_the_phase_between_its_lines(loss, expected):
    assert phases.phase(loss, LINES) == expected
    assert phases.phase(loss, LINES.to_json()) == expected


def test_every_phase_has_a_title_and_an_explanation():
    assert set(phases.TITLES) == set(phases.EXPLANATIONS) == set(phases.PHASES)


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([6.9, 6.5], {"start": 0}),
        ([6.9, 6.05, 5.95, 4.9], {"start": 0, "frequencies": 1, "some_context": 3}),
        ([6.9, 3.9, 6.9], {"start": 0, "frequencies": 1, "some_context": 1, "context": 1}),
        ([], {}),
    ],
)
def test_a_phase_counts_from_the_first_loss_in_it_or_beyond(losses, expected):
    assert phases.first_reached(losses, LINES) == expected


def test_a_phase_begins_where_its_losses_begin():
    for key, loss in phases.begins_at(LINES).items():
        assert phases.phase(min(loss, 9.0), LINES) == key


def test_no_phase_claims_more_than_its_losses_show():
    """What each says of tables of counts holds from its first loss to its last."""
    lines = Baselines(uniform_nats=7.0, unigram_nats=6.0, bigram_nats=5.95, num_targets=10)
    for bounds in (LINES, lines):
        begins = phases.begins_at(bounds)
        assert begins["some_context"] < bounds.unigram_nats, "frequencies alone can't do as well"
        assert begins["context"] <= bounds.bigram_nats, "the bigram model can't do as well"
        assert list(begins.values()) == sorted(begins.values(), reverse=True)
