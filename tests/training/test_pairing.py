import pytest
import torch

from ssl_core import objectives, pretext
from ssl_core.errors import UserError
from ssl_core.objectives import pairs
from ssl_core.tokenization.base import CLS_ID, SEP_ID, vocabulary_of
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training.pairing import pair
from tests.training import tiny

TOKENIZER = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)
VOCABULARY = vocabulary_of(TOKENIZER)


@pytest.fixture
def asked(tmp_path):
    spec = tiny.spec(tmp_path / "none.txt", "relative_position")
    network = objectives.build(spec, VOCABULARY).eval()
    return lambda text: pair(network, TOKENIZER, VOCABULARY, spec, text)


@pytest.fixture
def network(tmp_path):
    return objectives.build(tiny.spec(tmp_path / "none.txt", "relative_position"), VOCABULARY).eval()


def ids(text):
    return TOKENIZER.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("the cat . | the dog .", "the cat .", "the dog ."),
        ("the cat . the dog .", "the cat .", "the dog ."),
        ("the cat|sees a dog", "the cat", "sees a dog"),
        ("the cat sees the", "the cat", "sees the"),
    ],
)
def test_the_network_reads_both_sentences_as_in_training(asked, network, text, first, second):
    a, b = ids(first), ids(second)
    row = torch.tensor([[CLS_ID, *a, SEP_ID, *b, SEP_ID]])
    segments = torch.tensor([[0] * (len(a) + 2) + [1] * (len(b) + 1)])
    with torch.no_grad():
        shares = pairs.scores_BC(network, row, segments)[0].softmax(dim=0)
        found = asked(text)
    assert found["kind"] == "pair"
    assert found["text"] == text
    assert found["shares"] == pytest.approx(shares.tolist(), abs=1e-4)  # shown so exactly
    assert len(found["shares"]) == len(pretext.task(found["task"]).class_names(pretext.task(found["task"]).Config()))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", "empty"), (" | ", "empty"), ("the cat |", "Two sentences"), ("cat", "Two sentences"), ("the " * 30, "33 tokens")],
)
def test_what_is_no_pair_is_refused(asked, text, complaint):
    with pytest.raises(UserError, match=complaint):
        asked(text)
