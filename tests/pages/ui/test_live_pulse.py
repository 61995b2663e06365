"""What a tick of a run in view sends: made once for all, no larger than what is drawn, and nothing but that."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import live_parts, live_pulse, live_state, pace
from pages._ui.sharing import ManyShared
from ssl_core.i18n import set_language
from ssl_core.runs.record import no_metrics
from tests.pages.live_runs import LINES, NAN, event, made
from tests.pages.opening import add_run, open_page


def run_of(num_points: int):
    seconds = np.linspace(0.1, 59.0, num_points)
    losses = 7.0 - 3.0 * seconds / 59.0
    metrics = {name: np.full(num_points, NAN) for name in no_metrics()} | {
        "step": np.arange(1.0, num_points + 1), "elapsed_s": seconds, "tokens": 1000.0 * np.arange(num_points),
        "train_loss_nats": losses, "val_loss_nats": losses,
    }  # fmt: skip
    looks = [event("probe", step, text="a ___", blanks=[], tokens=[]) for step in range(1, num_points, 10)]
    return made(id="abc", metrics=metrics, events=[event("baselines", 0, **LINES), *looks])


@pytest.fixture
def times_made(monkeypatch):
    """How often a tick's JSON was made."""
    made_of, told = [], live_parts.told
    monkeypatch.setattr(live_pulse, "_told", ManyShared(0.0))
    monkeypatch.setattr(live_parts, "told", lambda record, badge: made_of.append(record) or told(record, badge))
    return made_of


def test_all_who_look_on_get_the_same_bytes_made_once_a_language(times_made):
    record = run_of(50)
    english = [live_pulse.data(record) for _ in range(100)]
    set_language("zh")
    chinese = [live_pulse.data(record) for _ in range(100)]
    assert len({id(each) for each in english}) == len({id(each) for each in chinese}) == 1
    assert english[0] != chinese[0]
    assert len(times_made) == 2
    live_pulse.data(replace(record, status="paused"))
    assert len(times_made) == 3


def test_a_tick_grows_with_what_is_drawn_not_with_the_history():
    sizes = [len(live_parts.told(run_of(num_points), "")) for num_points in (500, 5_000, 50_000)]
    assert max(sizes) < 1.1 * min(sizes)
    assert max(sizes) < 20_000


def test_a_tick_tells_what_the_page_has_laid_out():
    told = json.loads(live_parts.told(run_of(50), '<p class="pp-engine"></p>'))
    assert set(told["parts"]) == {"chart abc", "probes abc"}
    for selector, html in told["html"].items():
        assert not html or f'class="{selector.removeprefix(".")}"' in html, selector
    assert 'data-run="abc"' in told["html"][live_parts.WORDS]


def test_the_words_of_people_reach_a_tick_escaped():
    broken = run_of(50)
    broken = replace(broken, events=(*broken.events, event("started", 0, device="<b>cpu</b>")))
    html = json.loads(live_parts.told(broken, ""))["html"]
    assert not any("<b>CPU" in each for each in html.values())
    assert "&lt;B&gt;CPU" in html[".live-numbers"]


def test_a_page_is_laid_out_with_its_parts_and_no_tick(store):
    run_id = add_run(store, "running")
    app = open_page("live", run=run_id)
    assert not app.exception
    html = "".join(str(each.proto.body) for each in app.get("html"))
    for selector in json.loads(live_parts.told(store.record(run_id), ""))["html"]:
        assert selector == ".live-measures" or f'class="{selector.removeprefix(".")}"' in html, selector
    assert re.search(rf'class="live-words"[^>]*data-run="{run_id}"', html)
    assert "playground_live_pulse" not in {each.proto.component_name for each in app.get("bidi_component")}


def test_a_run_that_is_over_takes_no_more_ticks(store):
    app = open_page("live", run=add_run(store, "done"))
    html = "".join(str(each.proto.body) for each in app.get("html"))
    assert 'data-run="over"' in html


def tick(run_id):
    def script(run_id):
        from pages._ui import live_pulse, run_reading

        record = run_reading.record(run_id)
        live_pulse.show(run_id, live_pulse.shape(record))

    return AppTest.from_function(script, args=(run_id,)).run()


def test_a_tick_sends_one_element(store, monkeypatch):
    run_id = add_run(store, "running")
    monkeypatch.setattr(pace, "is_tick", lambda: True)
    monkeypatch.setattr(live_state, "run_id", lambda: run_id)
    app = tick(run_id)
    assert not app.exception
    (element,) = app.get("bidi_component")
    assert json.loads(element.proto.bytes)["id"] == run_id
    assert not app.get("html")
    assert not app.button


def test_whose_page_has_to_wait_for_its_turn_sees_the_end_meanwhile(store, monkeypatch):
    run_id = add_run(store, "done")
    monkeypatch.setattr(pace, "is_tick", lambda: True)
    monkeypatch.setattr(pace, "takes_turn", lambda: False)
    monkeypatch.setattr(live_state, "run_id", lambda: run_id)
    told = json.loads(tick(run_id).get("bidi_component")[0].proto.bytes)
    assert 'data-state="done"' in told["html"][live_parts.WORDS]
    assert not told["parts"][f"chart {run_id}"]["isLive"]


@pytest.mark.parametrize("status", ["paused", "running"])
def test_other_buttons_need_the_page_to_be_laid_out_again(status, store):
    run_id = add_run(store, "running")
    shape = live_pulse.shape(store.record(run_id))
    store.mark(run_id, status)
    assert (live_pulse.shape(store.record(run_id)) == shape) == (status == "running")
