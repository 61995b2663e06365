import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch.nn import functional

from ssl_core import models, objectives, pretext
from ssl_core.corpora.base import Document
from ssl_core.objectives import replaced, tokens
from ssl_core.objectives.base import Look
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization import kinds
from ssl_core.training import export, optimizers
from ssl_core.training.batches import to_batch
from ssl_core.training.session import TrainingSession
from tests.training import tiny

TASK = pretext.task("replaced_token_detection")
RECORDED = Path(__file__).parents[2] / "assets" / "recorded"
FIRST = 5  # the first token that is not special


def batch_of(mask_rate=0.3, num_rows=6):
    ids_BT = np.random.default_rng(0).integers(FIRST, tiny.VOCABULARY.size, (num_rows, 16))
    ids_BT[:, 7] = tiny.VOCABULARY.sep_id
    settings = TASK.Config(mask_rate=mask_rate)
    return ids_BT, to_batch(TASK.make_examples(ids_BT, np.random.default_rng(1), settings, tiny.VOCABULARY), tiny.CPU)


def spec_of(tmp_path, family="modernbert"):
    spec = tiny.spec(tmp_path / "none.txt", "replaced_token_detection")
    return replace(spec, model=replace(spec.model, family=family))


@pytest.fixture
def network(tmp_path):
    return objectives.build(spec_of(tmp_path), tiny.VOCABULARY).eval()


def certain_of(target_ids_N):
    """Scores that leave nothing to chance: the generator writes exactly these tokens."""
    return functional.one_hot(target_ids_N, tiny.VOCABULARY.size).float() * 1000


def test_nothing_counts_as_replaced_where_the_generator_guessed_right(network, monkeypatch):
    ids_BT, batch = batch_of()
    right_N = batch.target_ids_N
    wrong_N = torch.where(right_N == FIRST, FIRST + 1, FIRST)
    halves_N = torch.where(torch.arange(len(right_N)) % 2 == 0, right_N, wrong_N)
    for guesses_N, is_wrong_N in ((right_N, 0), (wrong_N, 1), (halves_N, torch.arange(len(right_N)) % 2)):
        with monkeypatch.context() as patch:
            patch.setattr(models, "predict", lambda *_, guesses_N=guesses_N: certain_of(guesses_N))
            seen = replaced.look(network, batch, TASK.Config()).seen
        expected = torch.zeros(ids_BT.size, dtype=torch.long)
        expected[batch.positions_N] = torch.as_tensor(is_wrong_N).expand(len(right_N))
        is_ordinary = torch.from_numpy(ids_BT >= FIRST).flatten()
        assert torch.equal(seen["is_replaced_M"].long(), expected[is_ordinary])


@torch.no_grad()
def test_the_losses_are_those_of_torch_at_the_same_places(network):
    ids_BT, batch = batch_of()
    torch.manual_seed(3)
    look = replaced.look(network, batch, TASK.Config(temperature=1.0))
    generator = network.heads["generator"]
    theirs_NV = generator(batch.seen_ids_BT).logits.flatten(0, 1)[batch.positions_N]
    generator_loss = functional.cross_entropy(theirs_NV, batch.target_ids_N)
    assert float(look.parts["generator"].mean_nats) == pytest.approx(float(generator_loss), abs=1e-5)  # float32

    torch.manual_seed(3)
    filled_BT = torch.from_numpy(ids_BT.copy())
    filled_BT.view(-1)[batch.positions_N] = torch.multinomial(theirs_NV.softmax(-1), 1).squeeze(1)
    is_ordinary_BT = torch.from_numpy(ids_BT >= FIRST)
    logits_BT = network.heads["detector"](network.model(filled_BT).last_hidden_state).squeeze(-1)
    labels = (filled_BT != torch.from_numpy(ids_BT))[is_ordinary_BT].float()
    loss = functional.binary_cross_entropy_with_logits(logits_BT[is_ordinary_BT], labels)
    assert float(look.charted.mean_nats) == pytest.approx(float(loss), abs=1e-5)  # float32
    assert look.charted.count == int(is_ordinary_BT.sum()), "every token but the special ones is asked about"
    assert float(look.total) == pytest.approx(float(generator_loss + 50 * loss), abs=1e-3)  # float32, times 50


def test_a_weight_of_nothing_leaves_the_masked_model_alone(network):
    _, batch = batch_of()
    replaced.look(network.train(), batch, TASK.Config(detection_weight=0.0)).total.backward()
    generator = network.heads["generator"]
    ours = {name: each.grad.clone() for name, each in generator.named_parameters()}
    for name, each in network.named_parameters():
        is_generators = name.startswith("heads.generator") or each is network.get_input_embeddings().weight
        assert is_generators or each.grad is None or not each.grad.any(), name
    generator.zero_grad()
    tokens.look(generator, batch, None).total.backward()
    for name, each in generator.named_parameters():
        assert torch.equal(ours[name], each.grad), name


def test_no_gradient_goes_from_the_detector_to_the_generator(network):
    _, batch = batch_of()
    look = replaced.look(network.train(), batch, TASK.Config())
    look.charted.sum_nats.backward()
    table = network.get_input_embeddings().weight
    assert all(each.grad is None for each in network.heads["generator"].parameters() if each is not table)
    assert table.grad.any(), "the network learns the embeddings that both read with"


def test_a_hot_generator_writes_at_random_and_a_cold_one_what_is_likeliest():
    logits_NV = torch.tensor([2.0, 1.0, 0.0, 0.0]).expand(40_000, 4)
    assert (replaced.drawn_N(logits_NV, 0.01) == 0).all()
    for temperature in (1.0, 3.0):
        shares = replaced.drawn_N(logits_NV, temperature).bincount(minlength=4) / 40_000
        expected = (torch.tensor([2.0, 1.0, 0.0, 0.0]) / temperature).softmax(0)
        torch.testing.assert_close(shares, expected, atol=0.01, rtol=0)  # four standard errors of 40,000 draws


def test_measures_of_a_case_worked_by_hand():
    looks = [
        Look({}, {"logits_M": torch.tensor(logits), "is_replaced_M": torch.tensor(answers)})
        for logits, answers in (([2.0, -1.0, 1.0], [True, True, False]), ([-3.0, -2.0], [False, False]))
    ]
    found = replaced.measures(looks)
    # one alarm of two is right, one replaced token of two is found; of the six pairs 2 > 1, -3, -2 and -1 > -3, -2 are in order
    assert found == pytest.approx({"recall": 0.5, "precision": 0.5, "auc": 5 / 6, "base_rate": 0.4})
    lines = replaced.lines(looks)
    assert lines["unigram_nats"] == pytest.approx(0.6730117)  # -0.4 ln 0.4 - 0.6 ln 0.6
    assert lines["uniform_nats"] == pytest.approx(0.6931472)


def test_the_area_under_the_curve_counts_every_pair_ties_as_half():
    generator = torch.Generator().manual_seed(0)
    scores_M = torch.randint(0, 12, (120,), generator=generator).float()
    is_true_M = torch.rand(120, generator=generator) < 0.2 + scores_M / 40
    pairs = [(float(a), float(b)) for a in scores_M[is_true_M] for b in scores_M[~is_true_M]]
    in_order = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)
    assert replaced.area_under_curve(scores_M, is_true_M) == pytest.approx(in_order)
    assert replaced.area_under_curve(scores_M, torch.zeros(120, dtype=torch.bool)) == 0.5, "no pair, no order"


@pytest.mark.parametrize("size", ["tiny", "small"])
@pytest.mark.parametrize("is_shared", [True, False])
@pytest.mark.parametrize("family", TASK.FAMILIES)
def test_the_numbers_that_are_learnt_are_counted_and_the_generators_output_is_no_hidden_matrix(
    tmp_path, family, is_shared, size
):
    spec = sharing(spec_of(tmp_path, family), is_shared=is_shared, size=size)
    model = objectives.build(spec, tiny.VOCABULARY)
    assert sum(each.numel() for each in model.parameters()) == objectives.parameter_count(spec, tiny.VOCABULARY)
    tall = [each.tensor.shape for each in optimizers.hidden_matrices(model) if tiny.VOCABULARY.size in each.tensor.shape]
    assert not tall, "what scores the vocabulary is the embedding again, and left to AdamW"


def sharing(spec, *, is_shared, size="small"):
    settings = replace(spec.task_settings, shared_embeddings=is_shared)
    return replace(spec, model=replace(spec.model, size=size), task_settings=settings)


@torch.no_grad()
@pytest.mark.parametrize("family", TASK.FAMILIES)
def test_a_generator_as_wide_as_the_network_reads_and_scores_with_its_very_vectors(tmp_path, family):
    model = objectives.build(sharing(spec_of(tmp_path, family), is_shared=True, size="tiny"), tiny.VOCABULARY).eval()
    generator, table = model.heads["generator"], model.get_input_embeddings().weight
    assert generator.get_input_embeddings().weight is table
    ids_BT = torch.arange(16)[None] + FIRST
    before = models.predict(generator, ids_BT, torch.arange(16))
    table[FIRST + 3] += 1.0
    after = models.predict(generator, ids_BT, torch.arange(16))
    assert not torch.equal(before[:, FIRST + 4 :], after[:, FIRST + 4 :]), "another input"
    assert not torch.equal(before[:, FIRST + 3], after[:, FIRST + 3]), "another score"


@torch.no_grad()
@pytest.mark.parametrize("family", TASK.FAMILIES)
def test_a_narrow_generator_does_as_one_with_the_projected_table_of_its_own(tmp_path, family):
    spec = sharing(spec_of(tmp_path, family), is_shared=True)
    model = objectives.build(spec, tiny.VOCABULARY).eval()
    own = objectives.build(sharing(spec, is_shared=False), tiny.VOCABULARY).eval().heads["generator"]
    table_VG = model.get_input_embeddings().weight @ model.heads["narrow"].weight.T
    assert own.get_input_embeddings().weight.shape == table_VG.shape
    own.get_input_embeddings().weight.copy_(table_VG)  # its output is tied to it
    ids_BT, places_N = torch.arange(16)[None] + FIRST, torch.arange(16)
    ours, theirs = (models.predict(each, ids_BT, places_N) for each in (model.heads["generator"], own))
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)  # float32


def test_both_losses_teach_the_shared_embeddings_so_that_the_weight_tells(tmp_path):
    model = objectives.build(sharing(spec_of(tmp_path), is_shared=True), tiny.VOCABULARY).train()
    table = model.get_input_embeddings().weight
    grads = []
    for name in ("generator", "detector"):
        torch.manual_seed(5)
        replaced.look(model, batch_of()[1], TASK.Config()).parts[name].mean_nats.backward()
        grads.append(table.grad.clone())
        model.zero_grad()
    torch.manual_seed(5)
    replaced.look(model, batch_of()[1], TASK.Config(detection_weight=10.0)).total.backward()
    torch.testing.assert_close(table.grad, grads[0] + 10 * grads[1], atol=1e-6, rtol=1e-4)  # float32


def test_settings_saved_before_embeddings_could_be_shared_stand_for_a_generator_of_its_own():
    today = TASK.Config().to_json()
    before = {name: value for name, value in today.items() if name != "shared_embeddings"}
    assert TASK.Config.from_json(before).shared_embeddings is False
    assert TASK.Config.from_json({}).shared_embeddings is True, "who writes settings by hand gets today's default"
    assert TASK.Config.from_json(today).shared_embeddings is True


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_recorded_run_is_rebuilt_with_as_many_numbers_as_it_had(language):
    """Whether or not it was recorded before embeddings could be shared."""
    file = RECORDED / f"replaced-token-detection-{language}.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    vocabulary = replace(tiny.VOCABULARY, size=record["result"]["vocabulary"])
    spec = RunSpec.from_json(record["spec"])
    assert objectives.parameter_count(spec, vocabulary) == record["result"]["parameters"]


@pytest.mark.parametrize("is_shared", [True, False])
@pytest.mark.parametrize("family", TASK.FAMILIES)
def test_a_file_of_weights_holds_what_is_shared_once_and_opens_again(tmp_path, family, is_shared):
    spec = sharing(spec_of(tmp_path, family), is_shared=is_shared)
    model = objectives.build(spec, tiny.VOCABULARY)
    tokenizer = kinds.train(replace(spec.tokenizer, kind="word"), [Document("1", "a b c")])
    export.save(tmp_path / "model", model, tokenizer, 16)
    with safe_open(tmp_path / "model" / export.HEADS_FILE, framework="pt") as file:
        table = model.get_input_embeddings().weight
        assert not any(tuple(file.get_slice(name).get_shape()) == tuple(table.shape) for name in file.keys())  # noqa: SIM118
    other = objectives.build(replace(spec, seed=7), tiny.VOCABULARY)
    export.load_weights(tmp_path / "model", other)
    for (name, ours), theirs in zip(model.named_parameters(), other.parameters(), strict=True):
        assert torch.equal(ours, theirs), name


@pytest.mark.usefixtures("shared_cache")
def test_a_run_goes_on_from_a_checkpoint_with_the_very_guesses_it_would_have_drawn(small_text, tmp_path):
    spec = tiny.spec(small_text, "replaced_token_detection")
    through = TrainingSession(spec)
    for report in through.steps():
        if report.step == 3:
            through.save_checkpoint(tmp_path / "checkpoint")
        last = report
    resumed = TrainingSession(spec)
    resumed.load_checkpoint(tmp_path / "checkpoint")
    assert [*resumed.steps()][-1].val_loss_nats == last.val_loss_nats
    through.export(tmp_path / "model")
    again = objectives.build(spec, through._vocabulary)
    export.load_weights(tmp_path / "model", again)
    for (name, ours), (_, theirs) in zip(through.model.named_parameters(), again.named_parameters(), strict=True):
        assert torch.equal(ours, theirs), name


@pytest.mark.usefixtures("shared_cache")
def test_the_base_rate_line_is_that_of_the_generator_as_it_is_now(small_text):
    session = TrainingSession(tiny.spec(small_text, "replaced_token_detection"))
    before = session.baselines
    assert before.bigram_nats is None
    assert before.uniform_nats == pytest.approx(0.6931472)  # ln 2
    # an untrained generator is all but always wrong: nearly the entropy of the share that was hidden
    share = session._validation.examples.is_predicted_BT.mean()
    assert before.unigram_nats == pytest.approx(-share * np.log(share) - (1 - share) * np.log(1 - share), rel=0.1)
    *_, last = session.steps()
    rate = last.measures["base_rate"]
    assert session.baselines.unigram_nats == pytest.approx(-rate * np.log(rate) - (1 - rate) * np.log(1 - rate))
