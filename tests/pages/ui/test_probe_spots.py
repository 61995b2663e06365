from pages._ui import probe_spots

TEXT = "Tom and her sister, too."


def payload(*chances):
    places, start = [], 0
    for token in ("Tom", " and", " her", " sister", ",", " too", "."):
        places.append([start, start + len(token)])
        start += len(token)
    return {"tokens": ["tom", "and", "her", "sister", ",", "too", "."], "places": places, "chances": list(chances)}


def test_alarms_are_marked_in_the_sentence_as_it_was_typed():
    group = probe_spots.spotted(TEXT, payload(0.1, 0.02, 0.93, 0.5, 0.0, 0.1, 0.0))[0]
    assert "".join(part["text"] for part in group["sentence"]) == TEXT
    assert [part["text"] for part in group["sentence"] if "mark" in part] == ["her", "sister"]


def test_the_most_suspicious_tokens_come_first():
    group = probe_spots.spotted(TEXT, payload(0.1, 0.02, 0.93, 0.5, 0.0, 0.1, 0.0))[0]
    assert [(row["word"], row["percent"]) for row in group["rows"]][:3] == [
        ("her", "93 %"),
        ("sister", "50 %"),
        ("Tom", "10 %"),
    ]
    assert len({row["key"] for row in group["rows"]}) == 5
    assert "her 93 %" in group["summary"]


def test_tokens_that_share_a_character_are_marked_once():
    bytes_of_one = {"tokens": ["⟨E4⟩", "⟨B8⟩"], "places": [[0, 1], [0, 1]], "chances": [0.9, 0.8]}
    group = probe_spots.spotted("丁", bytes_of_one)[0]
    assert "".join(part["text"] for part in group["sentence"]) == "丁"
