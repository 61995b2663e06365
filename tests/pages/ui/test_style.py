"""Colours: the task's own wherever it can be."""

from pages._ui import style


def test_the_first_run_of_each_task_has_the_tasks_colour():
    first, second = style.run_colours(["causal_lm", "masked_lm"])
    assert first == style.task_colour("causal_lm")
    assert second == style.task_colour("masked_lm")


def test_more_runs_of_a_task_take_colours_that_no_task_in_view_has():
    tasks = ["masked_lm", "masked_lm", "causal_lm", "masked_lm"]
    colours = style.run_colours(tasks)
    assert len(set(colours)) == len(tasks)
    assert colours[2] == style.task_colour("causal_lm")
