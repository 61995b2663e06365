"""Which texts the live page opens: those of the list and no other file of the machine, wherever a name comes from."""

from dataclasses import replace

import pytest

from pages._ui import live_state
from ssl_core import corpora
from ssl_core.runs import presets
from tests.pages.opening import open_page, texts


@pytest.fixture
def opened(monkeypatch):
    """Every path that is opened as a text."""
    paths = []

    def refuse(path):
        paths.append(path)
        raise AssertionError(f"{path} was opened")

    monkeypatch.setattr(corpora.local_files, "open_path", refuse)
    return paths


def run_on(store, small_text):
    """A finished run of the command line on a file of this machine."""
    run_id = store.submit(replace(presets.spec("mlm-en"), corpus=str(small_text)), worker="a command")
    store.finish(run_id, "done", result={"val_loss_nats": 4.0})
    return run_id


@pytest.mark.parametrize("preset", [each.key for each in presets.PRESETS])
def test_presets_read_texts_of_the_list(preset):
    assert corpora.listed(presets.spec(preset).corpus)


def test_a_file_of_the_command_line_is_not_trained_on_again_from_the_page(store, small_text, opened):
    app = open_page("live", run=run_on(store, small_text))
    assert not app.exception, app.exception
    opened.clear()  # the line that repeats the run on the command line may look at the file
    app.button(key="live.again").click().run()
    assert not app.exception, app.exception
    assert len(store.rows()) == 1, "no run was started"
    assert "not on the list of texts" in texts(app)
    assert opened == []


def test_a_path_in_place_of_a_text_is_neither_opened_nor_trained_on(store, small_text, opened):
    app = open_page("live")
    app.session_state[live_state.CORPUS] = str(small_text)  # as a browser that says anything could
    app.run()
    assert app.session_state[live_state.CORPUS] in [card.key for card in corpora.cards()]
    app.button(key="live.start").click().run()
    assert [path for path in opened if path == small_text] == []
    assert all(str(small_text) not in row["spec"] for row in store.rows())


def test_a_path_beside_a_run_in_view_is_refused(store, small_text, opened):
    run_id = store.submit(presets.spec("mlm-en"))
    app = open_page("live", run=run_id)
    app.session_state[live_state.CORPUS] = str(small_text)
    app.run()
    assert not app.exception, app.exception
    assert "not on the list of texts" in texts(app)
    assert opened == []


@pytest.mark.parametrize("parameter", ["corpus", "against", "run"])
def test_an_address_names_no_file(parameter, small_text, opened):
    stem = "live" if parameter == "run" else "data"
    app = open_page(stem, **{parameter: str(small_text)})
    assert not app.exception, app.exception
    assert opened == []
