"""Probe sentences that are compared with each other."""

from pages._ui import probe_near, probe_panel
from ssl_core import pretext
from tests.pages.live_runs import event, made

LONG = "The company " * 20


def payload(*near):
    return {"kind": "compare", "text": "A cat rests.", "near": [{"text": text, "similarity": share} for text, share in near]}


def test_the_others_stand_as_bars_with_their_cosine_and_none_points_backwards():
    (group,) = probe_near.compared("A cat rests.", payload(("A dog rests.", 0.876), ("It rains.", -0.25)))
    assert [(row["word"], row["share"], row["percent"]) for row in group["rows"]] == [
        ("A dog rests.", 0.876, "0.88"),
        ("It rains.", 0.0, "-0.25"),
    ]
    assert "A dog rests. 0.88" in group["summary"]


def test_long_sentences_are_shortened_and_stay_apart():
    (group,) = probe_near.compared("A cat rests.", payload((f"{LONG} one", 0.5), (f"{LONG} two", 0.4)))
    assert all(len(row["word"]) <= probe_near.MAX_CHARACTERS for row in group["rows"])
    assert len({row["key"] for row in group["rows"]}) == 2


def test_the_panel_of_a_contrastive_run_draws_them():
    record = made("contrastive-en", events=[event("probe", 3, probe_id="0", **payload(("A dog rests.", 0.5)))])
    groups = probe_panel.data_of(record, 400)["groups"]
    assert groups[0]["rows"][0]["word"] == "A dog rests."
    assert len(groups) == 1 + len(record.spec["probes"])
    assert pretext.task("contrastive").PROBE in probe_panel.BARS
