from pages._ui import probe_pairs
from ssl_core import pretext
from ssl_core.i18n import set_language

TEXT = "First she finds a letter. | Anna <b>reads</b> it."


def payload(task, shares, **settings):
    saved = pretext.task(task).Config(**settings).to_json()
    return {"kind": "pair", "text": TEXT, "task": task, "task_settings": saved, "shares": shares}


def test_the_answers_stand_from_the_likeliest_down():
    (group,) = probe_pairs.judged(TEXT, payload("next_sentence", [0.2, 0.8]))
    assert [(row["word"], row["percent"]) for row in group["rows"]] == [("B follows A", "80 %"), ("elsewhere", "20 %")]
    assert "B follows A 80 %" in group["summary"]
    assert group["sentence"] == [{"text": TEXT}], "a learner's HTML stays text"


def test_of_many_answers_the_likeliest_are_shown_in_the_readers_language():
    set_language("zh")
    shares = [0.05, 0.1, 0.15, 0.2, 0.24, 0.26]
    (group,) = probe_pairs.judged(TEXT, payload("relative_position", shares, num_distances=3))
    assert [row["key"] for row in group["rows"]] == ["5", "4", "3", "2", "1"]
    assert group["rows"][0]["word"] == "B 在 A 前 ≥3 句"
