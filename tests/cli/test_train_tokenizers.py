"""Every kind of tokenizer trains both tasks, from a settings file, and its sentences are watched."""

import json

import numpy as np
import pytest

from ssl_core.cli import main
from ssl_core.config import knobs
from ssl_core.runs import presets
from ssl_core.tokenization.config import KINDS, TokenizerConfig

SENTENCES = {
    "causal_lm": {"en": "the king said", "zh": "中国人民"},
    "masked_lm": {"en": "the king ___ to the people .", "zh": "中国___民在北京。"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("task", "language"), [("masked_lm", "en"), ("causal_lm", "en"), ("masked_lm", "zh"), ("causal_lm", "zh")]
)
def test_each_kind_trains_each_task(kind, task, language, tmp_path, store, capsys, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    corpus = tmp_path / "text.txt"
    lines = {
        "en": "In the year {n} the king said to the people, that each of them had to read {n} books.",
        "zh": "在第{n}年，国王对中国人民说：每个人都要在北京看{n}本书。",
    }[language]
    corpus.write_text("\n\n".join(lines.format(n=n) for n in range(300)), encoding="utf-8")
    settings = presets.spec(f"{'lm' if task == 'causal_lm' else 'mlm'}-{language}").to_json()
    settings |= {
        "corpus": str(corpus),
        "tokenizer": {"kind": kind, "vocabulary_size": 320},
        "probes": [SENTENCES[task][language]],
    }
    settings["model"] |= {"size": "tiny", "context_tokens": 32}
    settings["training"] |= {"budget": 3, "budget_unit": "steps", "validation_sequences": 8, "batch_size": 4}
    file = tmp_path / "run.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    assert main(["train", "--config", str(file), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    assert result["steps"] == 3
    assert np.isfinite(result["val_loss_nats"])
    assert (result["bits_per_byte"] is None) == (task == "masked_lm")
    record = store.record(result["run_id"])
    (probe, *_rest) = [event for event in record.events if event.kind == "probe"]
    if task == "causal_lm":
        assert probe.payload["text"].startswith(SENTENCES[task][language])
    else:
        assert len(probe.payload["blanks"]) == 1
        assert "[UNK]" not in probe.payload["tokens"] or kind in ("word", "unigram"), probe.payload["tokens"]


def test_the_form_offers_every_kind_from_64_tokens_on():
    declared = knobs(TokenizerConfig)
    assert set(declared["kind"].choices) == set(KINDS) >= {"character", "word", "wordpiece", "bpe", "unigram"}
    assert declared["vocabulary_size"].minimum == 64
    assert declared["vocabulary_size"].maximum >= 8192
