import dataclasses

import pytest

from ssl_core import tokenization
from ssl_core.analysis import validation_text
from ssl_core.analysis.base import Subject
from ssl_core.attention import switching
from ssl_core.errors import UserError
from ssl_core.training.session import TrainingSession
from tests.analysis.asked import subject
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")


def asked(session) -> Subject:
    return Subject(
        model=session.model.eval(), tokenizer=session.tokenized.tokenizer, context_tokens=16, reads="fill", step=6,
        num_bytes=0, spec=session.spec,
    )  # fmt: skip


@pytest.mark.parametrize("task", ["masked_lm", "causal_lm", "span_masking", "joint"])
def test_the_loss_with_all_heads_is_what_the_run_itself_measures(small_text, task):
    session = TrainingSession(tiny.spec(small_text, task=task, precision="fp32"))
    list(session.steps())
    found = asked(session)
    batches = validation_text.held_out(found, session.spec.training.validation_sequences).batches
    # Hugging Face's own attention and ours round differently
    assert switching.loss_nats(found.model, batches, {}) == pytest.approx(session.result()["val_loss_nats"], abs=1e-4)


def test_a_text_that_is_not_tokenised_here_is_read_with_the_models_own_tokens(small_text, monkeypatch):
    session = TrainingSession(tiny.spec(small_text, task="masked_lm"))
    found = asked(session)
    expected = validation_text.text(found, session.spec, 8)
    monkeypatch.setattr(tokenization, "is_cached", lambda corpus, config: False)
    read = validation_text.text(found, session.spec, 8)
    assert 8 * 16 <= len(read.ids) < len(expected.ids)
    assert read.ids.tolist() == expected.ids[: len(read.ids)].tolist()
    assert read.starts_word.tolist() == expected.starts_word[: len(read.ids)].tolist()


def test_a_network_of_many_heads_is_judged_by_less_text():
    few, many = subject(), dataclasses.replace(subject(), context_tokens=64)
    assert validation_text.usual_sequences(few) == 2_048 // 16
    assert validation_text.usual_sequences(many) == 2_048 // 64
    many.model.config.num_hidden_layers, many.model.config.num_attention_heads = 8, 8
    assert validation_text.usual_sequences(many) == 2_048 // 4 // 64


def test_what_can_not_be_judged_is_told(small_text):
    with pytest.raises(UserError, match="not trained here"):
        validation_text.held_out(subject())
    found = dataclasses.replace(subject(), spec=tiny.spec(small_text))
    for count in (-1, 1_000_000):
        with pytest.raises(UserError, match="ask for 1 to"):
            validation_text.held_out(found, count)
