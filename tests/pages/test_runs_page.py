"""The list of runs: what it shows, and what can be done there."""

import pytest

from pages._ui import run_list
from tests.pages.opening import HOSTILE, add_run, fill, open_page, texts


def row(app, run_id: str):
    return next(each for each in app.menu_button if each.key == f"runs.more.{run_id}")


def test_an_empty_store_leads_to_the_first_run() -> None:
    app = open_page("runs")
    assert "Start the first run" in texts(app)


def test_each_run_is_a_link_to_its_page(store) -> None:
    runs = fill(store)
    links = " ".join(link.proto.query_string for link in open_page("runs").page_link)
    assert all(f"run={run_id}" in links for run_id in runs.values())


def test_html_in_a_name_stays_text(store) -> None:
    fill(store)
    app = open_page("runs")
    assert "alert(1)" not in "".join(each.body for each in app.html)
    labels = [link.label for link in app.page_link]
    assert run_list.menu.as_it_is(HOSTILE) in labels


def test_a_run_that_goes_on_can_be_stopped_but_not_deleted(store) -> None:
    runs = fill(store)
    app = open_page("runs")
    assert row(app, runs["running"]).options == ["Rename", "Stop"]
    assert row(app, runs["done"]).options == ["Rename", "Delete"]


def test_renaming_changes_the_store(store) -> None:
    run_id = add_run(store, "done")
    app = open_page("runs")
    row(app, run_id).click("rename").run()
    app.text_input(key="runs.rename.name").set_value("  my   best run ")
    app.button(key="FormSubmitter:runs.rename-Rename").click().run()
    assert store.row(run_id)["name"] == "my best run"


def test_deleting_asks_first_and_then_removes(store) -> None:
    run_id = add_run(store, "done")
    app = open_page("runs")
    row(app, run_id).click("delete").run()
    assert store.row(run_id), "nothing is deleted before it is confirmed"
    app.button(key="runs.delete").click().run()
    assert store.rows() == []


def test_stopping_asks_the_worker(store) -> None:
    run_id = add_run(store, "running")
    app = open_page("runs")
    row(app, run_id).click("stop").run()
    app.button(key="runs.stop").click().run()
    assert [each["action"] for each in store.controls_after(run_id, 0)] == ["stop"]


def test_the_curves_to_lay_over_each_other_are_in_the_url(store) -> None:
    runs = [add_run(store, "done", seed=i) for i in range(5)]
    app = open_page("runs", overlay=f"{runs[0]},../x,{runs[3]}")
    ticked = {each.key.rsplit(".", 1)[1] for each in app.checkbox if each.value}
    assert ticked == {runs[0], runs[3]}
    app.checkbox(key=f"runs.overlay.{runs[1]}").check().run()
    assert app.query_params["overlay"] == f"{runs[0]},{runs[3]},{runs[1]}"


def test_three_hundred_runs_show_one_page_of_them(store) -> None:
    for number in range(300):
        store.submit(run_list_spec(), name=f"run {number}")
    app = open_page("runs")
    assert not app.exception
    assert len(app.checkbox) == run_list.PAGE_LENGTH
    assert app.pagination[0].num_pages == 300 // run_list.PAGE_LENGTH


def run_list_spec():
    from ssl_core.runs import presets

    return presets.spec("mlm-en")


@pytest.mark.parametrize(("words", "expected"), [("second", 1), ("masked TinyWorld", 2), ("nothing has this", 0)])
def test_finding_looks_at_name_task_and_text(words, expected, store) -> None:
    add_run(store, "done", name="first")
    add_run(store, "done", name="second")
    app = open_page("runs")
    app.text_input(key="runs.find").set_value(words).run()
    assert len(app.checkbox) == expected
