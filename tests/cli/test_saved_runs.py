from ssl_core.cli import saved_runs
from ssl_core.i18n import in_language


def test_what_was_measured_beside_the_loss_is_printed_under_its_title():
    result = {"measures": {"accuracy": 0.25, "knn_mood": 0.75, "something_else": 1.0}}
    assert saved_runs.measured(result, "contrastive") == [("Neighbours: same mood", 0.75), ("Partner found", 0.25)]
    with in_language("zh"):
        assert saved_runs.measured(result, "contrastive")[1][0] == "找到同伴"


def test_a_run_that_measured_nothing_prints_nothing():
    assert saved_runs.measured({}, "contrastive") == []
    assert saved_runs.measured({"measures": {}}, "masked_lm") == []
