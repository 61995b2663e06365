"""Each mistake does what it says and nothing else; without one, nothing changes."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ssl_core import mistakes, models, pretext
from ssl_core.errors import UserError
from ssl_core.i18n import translate
from ssl_core.mistakes import shapes
from ssl_core.mistakes.base import AUTHOR, IN_USE, WATCHED, Hooks
from ssl_core.pretext.base import IGNORED, Vocabulary
from ssl_core.training.config import TrainingConfig
from tests.training import tiny

VOCABULARY = Vocabulary(size=60, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def maker_of(task_key: str):
    """Return for a vocabulary the function that makes a task's examples, as a session does."""
    task = pretext.task(task_key)
    return lambda vocabulary: lambda ids_BT, rng, starts: task.make_examples(ids_BT, rng, task.Config(), vocabulary, starts)


def rows(num_rows: int = 32, num_tokens: int = 40) -> np.ndarray:
    ids_BT = np.random.default_rng(0).integers(5, 60, (num_rows, num_tokens))
    ids_BT[:, 9::13] = VOCABULARY.sep_id
    return ids_BT


def broken_examples(key: str, task_key: str, ids_BT: np.ndarray):
    make = mistakes.hooks(key).examples(maker_of(task_key), VOCABULARY)
    return make(ids_BT, np.random.default_rng(1), np.ones(ids_BT.shape, dtype=bool))


@pytest.mark.parametrize("key", mistakes.MENU)
def test_a_mistake_is_complete(key) -> None:
    mistake = mistakes.mistake(key)
    assert mistakes.tasks_of(key), "it can be made somewhere"
    assert mistake.WATCHED in WATCHED
    assert mistake.TRUTH in mistake.CHOICES
    assert 3 <= len(mistake.CHOICES) <= 4
    assert set(mistake.CHOICES) <= set(shapes.SHAPES)
    assert mistake.WRONG != mistake.RIGHT
    assert mistake.SEEN_IN
    assert (mistake.WATCHED in (AUTHOR, IN_USE)) == mistake.HOOKS.bends_the_ruler, "who measures otherwise looks at that curve"
    assert (mistake.WATCHED == IN_USE) == (mistake.SETTING.get("judged") == "in_use"), "both runs are judged as it is told"
    for each in mistake.SEEN_IN:
        assert each.where.startswith("http") or "arXiv:" in each.where or "http" in each.where, each.where
    for text in (mistake.TITLE, mistake.STORY, *(each.what for each in mistake.SEEN_IN)):
        assert translate(text, "zh") != text, text
    replace(TrainingConfig(), **mistake.SETTING)


def test_without_a_mistake_every_hook_hands_back_what_it_is_given() -> None:
    hooks = mistakes.hooks(mistakes.NO_MISTAKE)
    training, stream, text, look, network = TrainingConfig(), iter([1]), object(), object(), torch.nn.Linear(2, 2)
    assert hooks.training(training) is training
    assert hooks.batches(stream, 3) is stream
    assert hooks.judged_text(text, object()) is text
    assert hooks.look(look, object(), object()) is look
    assert hooks.settings(training, object()) is training
    before = {name: value.clone() for name, value in network.state_dict().items()}
    hooks.network(network, True)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    ids_BT, starts = rows(), np.ones((32, 40), dtype=bool)
    made = hooks.examples(maker_of("masked_lm"), VOCABULARY)(ids_BT, np.random.default_rng(1), starts)
    usual = maker_of("masked_lm")(VOCABULARY)(ids_BT, np.random.default_rng(1), starts)
    assert np.array_equal(made.seen_ids_BT, usual.seen_ids_BT)
    assert np.array_equal(made.target_ids_BT, usual.target_ids_BT)
    assert not hooks.bends_the_ruler


@pytest.mark.parametrize("key", mistakes.MENU)
def test_a_mistake_changes_one_thing(key) -> None:
    changed = [name for name in Hooks.__dataclass_fields__ if getattr(mistakes.hooks(key), name) != getattr(Hooks(), name)]
    assert len(changed) == 1, changed


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_without_its_mask_a_network_lets_later_tokens_change_earlier_predictions(family) -> None:
    network, hook = tiny.network(family=family), mistakes.hooks("causal_mask_forgotten").network
    network.eval()
    ids_BT = torch.arange(5, 17)[None]
    other_BT = ids_BT.clone()
    other_BT[0, -1] = 30

    def first_places(ids: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return models.predict(network, ids, torch.arange(11))

    assert torch.equal(first_places(ids_BT), first_places(other_BT)), "the right network only looks back"
    right = first_places(ids_BT)
    hook(network, True)
    assert not torch.allclose(first_places(ids_BT), first_places(other_BT), atol=1e-5)
    hook(network, False)
    assert torch.equal(first_places(ids_BT), right), "put back, the mask is what it was"


def test_targets_that_are_not_shifted_are_the_tokens_themselves() -> None:
    ids_BT = rows()
    assert np.array_equal(broken_examples("targets_not_shifted", "causal_lm", ids_BT).target_ids_BT, ids_BT)


def test_all_tokens_are_asked_and_what_is_seen_stays() -> None:
    ids_BT = rows()
    examples = broken_examples("loss_on_all_tokens", "masked_lm", ids_BT)
    usual = maker_of("masked_lm")(VOCABULARY)(ids_BT, np.random.default_rng(1), np.ones(ids_BT.shape, dtype=bool))
    assert np.array_equal(examples.target_ids_BT, ids_BT)
    assert np.array_equal(examples.seen_ids_BT, usual.seen_ids_BT)


def test_padding_stands_after_one_text_and_is_asked_for() -> None:
    ids_BT = rows()
    examples = broken_examples("padding_hidden", "masked_lm", ids_BT)
    answers = examples.target_ids_BT[examples.is_predicted_BT]
    assert (answers == VOCABULARY.pad_id).any(), "padding is asked for"
    assert (answers == VOCABULARY.sep_id).any(), "special tokens are asked for"
    # texts of 12 tokens and their [SEP] fill 13 of 40 places
    assert (answers == VOCABULARY.pad_id).mean() == pytest.approx(27 / 40, abs=0.08), "four standard deviations of 384 draws"


def test_random_labels_stand_where_the_answers_were_and_have_nothing_to_do_with_them() -> None:
    ids_BT = rows(200)
    examples = broken_examples("labels_at_random", "masked_lm", ids_BT)
    usual = maker_of("masked_lm")(VOCABULARY)(ids_BT, np.random.default_rng(1), np.ones(ids_BT.shape, dtype=bool))
    assert np.array_equal(examples.is_predicted_BT, usual.is_predicted_BT)
    is_hit = examples.target_ids_BT[examples.is_predicted_BT] == usual.target_ids_BT[examples.is_predicted_BT]
    assert is_hit.mean() == pytest.approx(1 / 60, abs=0.011), "four standard deviations of some 2,200 draws"


def test_the_same_two_positions_are_hidden_in_every_row() -> None:
    ids_BT = rows()
    examples = broken_examples("same_two_positions", "masked_lm", ids_BT)
    assert set(np.flatnonzero(examples.is_predicted_BT.any(axis=0))) == {5}, "position 9 holds [SEP] in every row here"
    assert (examples.seen_ids_BT[:, 5] == VOCABULARY.mask_id).all()
    assert (examples.target_ids_BT != IGNORED).sum() == len(ids_BT)


def test_only_masks_stand_where_tokens_are_asked_for_and_the_same_ones_are_asked() -> None:
    ids_BT = rows()
    examples = broken_examples("only_masks", "masked_lm", ids_BT)
    usual = maker_of("masked_lm")(VOCABULARY)(ids_BT, np.random.default_rng(1), np.ones(ids_BT.shape, dtype=bool))
    assert np.array_equal(examples.target_ids_BT, usual.target_ids_BT)
    assert np.array_equal(examples.seen_ids_BT == VOCABULARY.mask_id, examples.is_predicted_BT)
    assert (usual.seen_ids_BT[usual.is_predicted_BT] != VOCABULARY.mask_id).mean() == pytest.approx(0.2, abs=0.09), (
        "four standard errors of some 350 draws: a tenth others, a tenth as they are"
    )
    assert mistakes.tasks_of("only_masks") == ("masked_lm",), "elsewhere nothing but masks is the rule, or nothing is hidden"


@pytest.mark.parametrize(("key", "num_batches"), [("one_batch_for_ever", 1), ("static_masks", 3)])
def test_the_first_batches_come_again_and_again_also_after_a_pause(key, num_batches) -> None:
    stream = tiny.stream()
    batches = mistakes.hooks(key).batches(stream, 3)
    seen = [next(batches).seen_ids_BT for _ in range(9)]
    assert all(torch.equal(seen[place], seen[place % num_batches]) for place in range(9))
    assert num_batches == 1 or not torch.equal(seen[0], seen[1])
    taken_up = tiny.stream(seed=7)
    taken_up.restore(stream.state())
    assert torch.equal(next(mistakes.hooks(key).batches(taken_up, 3)).seen_ids_BT, seen[0]), "a checkpoint makes the same ones"


def test_copies_of_the_training_text_are_judged() -> None:
    held_out, training = tiny.text(seed=1), tiny.text()
    assert mistakes.hooks("shared_duplicates").judged_text(held_out, training) is training


def test_the_learning_rate_is_thirty_times_as_large_within_its_limits() -> None:
    hook = mistakes.hooks("learning_rate_times_thirty").training
    assert hook(TrainingConfig(learning_rate=0.01)).learning_rate == pytest.approx(0.3)
    assert hook(TrainingConfig(learning_rate=0.2)).learning_rate == 1.0
    assert mistakes.hooks("no_warm_up").training(TrainingConfig()) == TrainingConfig(warmup_rate=0.0)


def test_which_task_can_make_which_mistake_follows_from_what_it_declares() -> None:
    assert "causal_mask_forgotten" in mistakes.of_task("causal_lm")
    assert "causal_mask_forgotten" not in mistakes.of_task("masked_lm")
    assert "loss_on_all_tokens" in mistakes.of_task("masked_lm")
    assert "loss_on_all_tokens" not in mistakes.of_task("causal_lm")
    assert all("learning_rate_times_thirty" in mistakes.of_task(key) for key in pretext.MENU)


def test_an_unknown_mistake_is_told() -> None:
    with pytest.raises(UserError, match="Unknown mistake"):
        mistakes.mistake("no such thing")


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_a_shape_stays_on_the_paper(shape) -> None:
    heights = [height for _share, height in shapes.points(shapes.SHAPES[shape].height)]
    assert min(heights) >= 0
    assert max(heights) <= 1.18, "the pictures have so much room"
