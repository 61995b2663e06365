"""Whatever a run watches its sentences for, its finished network answers the same about another one."""

import pytest

from ssl_core import pretext
from ssl_core.analysis import probe
from ssl_core.analysis.subjects import Subjects
from ssl_core.errors import UserError
from ssl_core.training.session import TrainingSession
from tests.analysis.asked import opening, subject, trained
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")
TEXTS = {"fill": "the small ___ sees", "restore": "the small ___ sees", "pair": "a cat sees | a dog"}
CLOSE = 2e-5  # what is shown is rounded to five digits


def numbers(made):
    """All numbers of an answer, in their order."""
    if isinstance(made, dict):
        return [number for each in made.values() for number in numbers(each)]
    if isinstance(made, (list, tuple)):
        return [number for each in made for number in numbers(each)]
    return [float(made)] if isinstance(made, (int, float)) else []


@pytest.mark.parametrize("task", pretext.MENU)
def test_a_finished_network_answers_as_it_did_at_its_last_step(store, small_text, task):
    spec = tiny.spec(small_text, task=task)
    text = TEXTS.get(pretext.task(task).PROBE, "the small cat sees")
    session = TrainingSession(spec)
    list(session.steps())
    expected = session.probe({"own": text})["own"]
    assert not isinstance(expected, UserError), expected.message()
    values = probe.answer({"model": {"run": trained(store, spec)}, "text": text}, Subjects(store)).values
    assert values["step"] == 6
    assert values["probe"].keys() == expected.keys() - {"probe_id"}
    if pretext.task(task).PROBE == "continue":  # drawn by chance, another time at each look of a run
        assert (values["probe"]["prompt"], values["probe"]["text"][: len(text)]) == (text, text)
    else:
        del expected["probe_id"]
        assert numbers(values["probe"]) == pytest.approx(numbers(expected), abs=CLOSE)


def test_the_same_beginning_goes_on_the_same_way(store, small_text):
    payload = {"model": {"run": trained(store, tiny.spec(small_text))}, "text": "the small"}
    first, second = (probe.answer(payload, Subjects(store)).values for _ in range(2))
    assert first == second


def test_a_sentence_that_can_not_be_used_is_refused_with_the_reason(store, small_text):
    payload = {"model": {"run": trained(store, tiny.spec(small_text, task="masked_lm"))}, "text": " "}
    with pytest.raises(UserError, match="empty"):
        probe.answer(payload, Subjects(store))


def test_a_network_from_elsewhere_has_no_task_of_ours():
    with pytest.raises(UserError, match="trained elsewhere"):
        probe.answer({"model": {}, "text": "a ___"}, opening(subject()))
