"""After a run its network can be asked about another sentence; the answer joins those of the run."""

import pytest

from pages._ui import own_answer, probe_bars, probe_panel, probe_samples
from ssl_core import paths, pretext
from ssl_core.engine.questions import Answer
from ssl_core.errors import UserError
from ssl_core.runs import presets
from tests.pages.live_runs import curve, event, made
from tests.pages.opening import add_run, open_page, texts

TOP = [{"token": "her", "probability": 0.6}, {"token": "his", "probability": 0.3}]
ONE_EACH = {presets.PRESETS[place].task: each.key for place, each in reversed(list(enumerate(presets.PRESETS)))}
"""A preset of each task."""


def answered(**probe):
    return Answer(id="a", status="answered", values={"step": 9, "probe": probe})


def own_first(record):
    return probe_panel.data_of(record, height=362)["groups"][0]


def finished(preset="mlm-en"):
    text = presets.spec(preset).probes[0]
    seen = event("probe", 9, probe_id="0", kind="fill", text=text, tokens=[], blanks=[{"position": 1, "top": TOP[:1]}])
    return made(preset, "done", events=[seen], metrics=curve([5.0] * 9))


def test_an_answer_stands_first_with_its_bars():
    blanks = [{"position": 1, "top": TOP}]
    answer = answered(kind="fill", text="Tom ___.", tokens=["tom", "[MASK]", "."], blanks=blanks)
    group = own_first(own_answer.joined(finished(), "Tom ___.", answer))
    assert [row["word"] for row in group["rows"]] == ["her", "his"]
    assert [part["text"] for part in group["sentence"]] == ["Tom ", "her", "."]


def test_while_it_waits_its_sentence_stands_first_with_empty_bars():
    group = own_first(own_answer.joined(finished(), "Tom ___.", Answer(id="a", status="waiting")))
    assert group["key"] == "0 Tom ___."
    assert all(not row["word"] for row in group["rows"])


def test_a_refusal_stands_first_with_its_reason():
    refused = Answer(id="a", status="failed", reason=UserError("This sentence has {n} tokens.", n=99))
    group = own_first(own_answer.joined(finished(), "long", refused))
    assert group["refused"] == "This sentence has 99 tokens."


def test_a_sentence_of_the_run_is_not_there_twice():
    text = presets.spec("mlm-en").probes[0]
    for answer in (answered(kind="fill", text=text, tokens=[], blanks=[{"position": 1, "top": TOP}]),
                   Answer(id="a", status="waiting")):  # fmt: skip
        groups = probe_bars.groups(own_answer.joined(finished(), text, answer), float("inf"))
        assert len({group["key"] for group in groups}) == len(groups)


def test_a_beginning_is_continued_on_top_of_the_others():
    seen = event("probe", 9, probe_id="0", kind="continue", prompt="he said", text="he said no")
    record = made("lm-en", "done", events=[seen], metrics=curve([5.0] * 9))
    joined = own_answer.joined(record, "Tom", answered(kind="continue", prompt="Tom", text="Tom runs"))
    first, second = probe_samples.samples(joined, float("inf"))[:2]
    assert [(each["prompt"], each["text"]) for each in (first, second)] == [("Tom", " runs"), ("he said", " no")]


def test_earlier_steps_are_shown_without_what_only_the_last_was_asked():
    answer = answered(kind="fill", text="Tom ___.", tokens=[], blanks=[{"position": 1, "top": TOP}])
    record = own_answer.joined(finished(), "Tom ___.", answer)
    assert "0 Tom ___." not in [group["key"] for group in probe_bars.groups(record, 5)]


@pytest.mark.parametrize("preset", ONE_EACH.values())
@pytest.mark.parametrize("keeps", [True, False])
def test_the_box_stays_whatever_the_task_and_is_closed_with_a_reason_where_no_network_was_kept(preset, keeps, store):
    run_id = add_run(store, "done", preset=preset)
    if keeps:
        (paths.run_folder(run_id) / "model").mkdir(parents=True)
    app = open_page("live", run=run_id)
    assert not app.exception, app.exception
    box = app.text_input(key="live.sentence")
    assert box.disabled != keeps
    assert (box.label == "There is no saved model of this run.") != keeps
    if keeps:
        box.set_value("Tom <b>___</b> **runs**.").run()
        assert not app.exception, app.exception
        assert app.text_input(key="live.sentence").value == "", "it is sent, and the box is free again"
        assert "<b>___</b>" not in texts(app), "it stays text"


def test_a_preset_of_each_task_is_looked_at():
    assert ONE_EACH.keys() == set(pretext.MENU)
