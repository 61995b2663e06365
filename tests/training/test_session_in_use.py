"""A run that is judged with nothing hidden: what is learnt stays, only the ruler is another."""

from dataclasses import replace

import pytest

from ssl_core import mistakes
from ssl_core.training.session import TrainingSession
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")


def reports(spec):
    session = TrainingSession(spec)
    return session, list(session.steps())


def test_only_the_held_out_text_is_read_otherwise(small_text):
    usual = tiny.spec(small_text, "masked_lm", budget=3)
    _, trained = reports(usual)
    session, in_use = reports(replace(usual, training=replace(usual.training, judged="in_use")))
    assert [each.train_loss_nats for each in in_use[1:]] == [each.train_loss_nats for each in trained[1:]]
    assert in_use[-1].val_loss_nats != trained[-1].val_loss_nats
    assert in_use[-1].measures[mistakes.AS_SEEN] == trained[-1].val_loss_nats, "the usual loss stands beside it"
    assert (session._validation.examples.seen_ids_BT == session._validation.ids_BT).all()
    assert session.result()["bits_per_byte"] is None, "to copy is not to compress"
    assert session.baselines.floor_nats is None


def test_a_task_that_hides_nothing_is_judged_as_ever(small_text):
    usual = tiny.spec(small_text, "causal_lm", budget=2)
    _, trained = reports(usual)
    _, in_use = reports(replace(usual, training=replace(usual.training, judged="in_use")))
    assert in_use[-1].val_loss_nats == trained[-1].val_loss_nats
