import numpy as np
import pytest

from ssl_core.corpora.tinyworld.machine import from_transitions
from tests.corpora.tinyworld import by_hand


@pytest.mark.parametrize("machine", [by_hand.machine(), by_hand.random_machine(0), by_hand.random_machine(1)])
def test_the_long_run_share_of_each_state_solves_its_equations(machine):
    np.testing.assert_allclose(machine.stationary_S, by_hand.stationary(machine), atol=1e-13)
    assert machine.visits_S[machine.separator] == pytest.approx(1, abs=1e-12)


def test_the_length_of_a_story_is_what_its_sentences_add_up_to():
    # 3 words in the opening, 4 in each middle, 4 in the ending, 1 separator; 0.7 · (1 + 0.5 + 0.25 …) = 1.4 middles
    assert by_hand.machine().visits_S.sum() == pytest.approx(3 + 4 * 1.4 + 4 + 1, abs=1e-12)


def test_the_source_of_each_transition_is_the_state_it_is_listed_under():
    machine = by_hand.machine()
    for state in range(machine.num_states):
        assert set(machine.source_N[machine.first_S[state] : machine.first_S[state + 1]]) == {state}


def test_transitions_may_come_in_any_order_and_in_parts():
    machine = by_hand.random_machine(3)
    source, to, p = (np.repeat(each, 2) for each in (machine.source_N, machine.next_N, machine.probability_N / 2))
    order = np.random.default_rng(0).permutation(len(p))
    again = from_transitions(
        source[order], to[order], p[order], words=machine.words, token_S=machine.token_S, latent_S=machine.latent_S
    )
    assert by_hand.texts(again, 4) == pytest.approx(by_hand.texts(machine, 4), abs=1e-15)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"probability_N": lambda p: p * 0.9}, "add up to 0.9"),
        ({"probability_N": lambda p: np.append(-p[:1], p[1:])}, "impossible"),
        ({"next_N": lambda to: to + 1}, "leads nowhere"),
        ({"token_S": lambda token: token + 1}, "emits no word"),
        ({"latent_S": lambda latent: np.abs(latent)}, "one separator"),
        ({"first_S": lambda first: first[:-1]}, "do not fit together"),
        ({"first_S": lambda first: np.append(first[:-2], first[-1:].repeat(2))}, "at least one transition"),
        ({"latent_values": lambda values: (*values[:-1], ("ben",))}, "a value of each"),
        ({"latent_values": lambda values: values[:2]}, "no combination"),
    ],
)
def test_what_is_no_machine_is_refused(change, said):
    machine = by_hand.machine()
    fields = {name: getattr(machine, name) for name in machine.__dataclass_fields__}
    fields |= {name: alter(fields[name]) for name, alter in change.items()}
    with pytest.raises(ValueError, match=said):
        type(machine)(**fields)


def test_stories_that_never_end_are_refused():
    rows = [[(1, 1.0)], [(2, 1.0)], [(1, 1.0)]]
    machine = by_hand.of_rows(rows, [0, 1, 1], [-1, 0, 0], words=("|", "on"))
    with pytest.raises(ValueError, match="never end"):
        _ = machine.stationary_S
