"""Probe sentences: blanks with their likeliest words, and texts that go on."""

from pages._ui import probe_bars, probe_panel, probe_samples
from ssl_core.errors import UserError
from ssl_core.runs import presets
from tests.pages.live_runs import curve, event, made

ALWAYS = float("inf")


def test_the_label_that_the_model_gives_the_whole_stands_behind_its_blanks():
    payload = {
        "text": "a ___",
        "tokens": ["a", "[MASK]"],
        "blanks": [{"position": 1, "top": [{"token": "b", "probability": 0.6}]}],
    }
    told = {"label": [{"name": "sad", "probability": 0.9}, {"name": "happy", "probability": 0.1}]}
    blank, label = probe_bars.filled("a ___", payload | told)
    assert probe_bars.filled("a ___", payload) == [blank], "who learns no labels tells none"
    assert [(row["word"], row["percent"]) for row in label["rows"]] == [("sad", "90 %"), ("happy", "10 %")]
    assert label["summary"] == "The label of the whole: sad 90 %, happy 10 %"
    assert label["key"] != blank["key"]


def filled(step, text, *words, tokens=()):
    place = tokens.index("[MASK]") if tokens else 2
    top = [{"token": word, "probability": share} for word, share in words]
    blanks = [{"position": place, "top": top}]
    return event("probe", step, probe_id="0", kind="fill", text=text, tokens=list(tokens), blanks=blanks)


def test_a_sentence_waits_with_its_blank_before_the_model_has_seen_it():
    first = probe_bars.groups(made(), ALWAYS)[0]
    assert [part.get("blank") for part in first["sentence"]] == [None, 0, None]
    assert all(row["share"] == 0 and not row["word"] for row in first["rows"])


def test_the_blank_shows_the_likeliest_word():
    text = presets.spec("mlm-en").probes[0]
    record = made(events=[filled(3, text, ("a", 0.1)), filled(9, text, ("vote", 0.61), ("##s", 0.004))])
    first = probe_bars.groups(record, ALWAYS)[0]
    assert [part["text"] for part in first["sentence"] if "blank" in part] == ["vote"]
    assert [(row["word"], row["percent"]) for row in first["rows"]] == [("vote", "61 %"), ("-s", "<1 %")]
    assert "vote 61 %" in first["summary"]


def test_a_gap_shows_fillings_of_several_words():
    text = presets.spec("span-corruption-en").probes[0]
    top = [{"token": "his sister", "probability": 0.9}, {"token": "her brother", "probability": 0.05}]
    written = event("probe", 3, probe_id="0", kind="restore", text=text, tokens=[], blanks=[{"position": 2, "top": top}])
    groups = probe_panel.data_of(made("span-corruption-en", events=[written]), height=400)["groups"]
    assert [part["text"] for part in groups[0]["sentence"] if "blank" in part] == ["his sister"]
    assert [row["word"] for row in groups[0]["rows"]] == ["his sister", "her brother"]


def test_looking_back_shows_the_words_of_that_step():
    text = presets.spec("mlm-en").probes[0]
    record = made(events=[filled(3, text, ("a", 0.1)), filled(9, text, ("vote", 0.6))])
    assert probe_bars.groups(record, 5)[0]["rows"][0]["word"] == "a"


def test_a_sentence_without_a_mark_gets_its_blank_from_the_tokens():
    record = made(events=[filled(3, "it rains today.", ("now", 0.5), tokens=("it", "rain", "##s", "[MASK]", "."))])
    sentence = probe_bars.groups(record, ALWAYS)[0]["sentence"]
    assert "".join(part["text"] for part in sentence) == " it rains now."


def test_a_refused_sentence_says_why_and_comes_first():
    why = UserError("This sentence has {n} tokens.", n=99).to_json()
    record = made(events=[event("probe_refused", 1, probe_id="9", text="<b>long</b>", failure=why)])
    first = probe_bars.groups(record, ALWAYS)[0]
    assert first["refused"] == "This sentence has 99 tokens."
    assert first["sentence"] == [{"text": "<b>long</b>"}], "a learner's HTML stays text"


def test_a_refused_sentence_steps_back_once_the_model_has_looked_again_and_is_cut_short():
    why = UserError("This sentence is too long.").to_json()
    refused = [event("probe_refused", 2, probe_id=str(n), text=f"{n} " + "word " * 60, failure=why) for n in range(3)]
    record = made(events=[*refused, filled(9, presets.spec("mlm-en").probes[0], ("vote", 0.6))])
    groups = probe_bars.groups(record, ALWAYS)
    assert [bool(each["refused"]) for each in groups] == [False, False, False, True], "only the last refusal, below the others"
    assert len(groups[-1]["sentence"][0]["text"]) <= 60


def test_no_full_stop_stands_alone_behind_a_blank():
    record = made(events=[filled(9, "good ___ for the team .", ("job", 0.6))])
    assert [part["text"] for part in probe_bars.groups(record, ALWAYS)[0]["sentence"]] == ["good ", "job", " for the team."]


def written(step, prompt, text):
    return event("probe", step, probe_id="0", kind="continue", prompt=prompt, text=text)


def test_the_newest_text_stands_on_top_with_its_step_and_loss():
    events = [written(2, "he said", "he said a b"), written(5, "he said", "he said that it")]
    record = made("lm-en", events=events, metrics=curve([7.0, 6.5, 6.0, 5.5, 5.0]))
    first, second = probe_samples.samples(record, ALWAYS)[:2]
    assert (first["text"], first["step"], first["loss"]) == (" that it", "step 5", "5.00 nats")
    assert second["loss"] == "6.50 nats"


def test_a_beginning_that_was_not_continued_yet_waits():
    waiting = [each["prompt"] for each in probe_samples.samples(made("lm-en"), ALWAYS) if each.get("isWaiting")]
    assert waiting == list(presets.spec("lm-en").probes)
