import dataclasses

import numpy as np
import pytest

from ssl_core.analysis import explanation_check
from ssl_core.analysis.subjects import Subjects
from ssl_core.attention import explaining
from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID, UNK_ID
from tests.analysis.asked import opening, subject, trained
from tests.training import tiny


@pytest.mark.parametrize("task", ["masked_lm", "causal_lm"])
def test_each_method_is_averaged_over_the_same_predictions(store, small_text, shared_cache, task, monkeypatch):
    run_id, heard = trained(store, tiny.spec(small_text, task=task)), []
    explain = explaining.explain

    def listen(model, asked):
        heard.append((asked, explain(model, asked)))
        return heard[-1][1]

    monkeypatch.setattr(explaining, "explain", listen)
    values = explanation_check.answer({"model": {"run": run_id}, "num_texts": 3}, Subjects(store)).values
    assert values["num_texts"] == len(heard) == 3
    for method in values["methods"]:
        each = [explaining.agreements(explained, asked)[method["key"]]["size"].kendall for asked, explained in heard]
        assert method["size"]["kendall"] == pytest.approx(np.mean(each))
        assert method["size"]["low"] <= method["size"]["kendall"] <= method["size"]["high"]
        assert method["size"]["num_compared"] == 3
        assert (method["signed"] is not None) == method["is_signed"]
    for asked, _explained in heard:
        assert asked.target_id > UNK_ID, "an ordinary token is asked for"
        if task == "masked_lm":
            assert asked.ids_T[asked.place] == MASK_ID
        else:
            assert asked.place == len(asked.ids_T) - 1


def test_models_that_can_not_be_asked_are_told():
    with pytest.raises(UserError, match="not trained here"):
        explanation_check.answer({"model": {}}, opening(subject()))
    with pytest.raises(UserError, match="neither to fill blanks nor to write on"):
        explanation_check.answer({"model": {}}, opening(dataclasses.replace(subject(), reads="pair")))
