import csv
import io
import json
import zipfile

import pytest

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs import downloads
from ssl_core.runs.record import METRIC_NAMES
from ssl_core.runs.spec import RunSpec


@pytest.fixture
def record(store):
    run_id = store.submit(RunSpec.from_json({"training": {"budget": 5}}))
    store.claim("w")
    store.add_metric(run_id, {"step": 0, "elapsed_s": 0.0, "tokens": 0, "val_loss_nats": 6.5})
    store.add_metric(run_id, {"step": 1, "elapsed_s": 0.25, "tokens": 1024, "train_loss_nats": 6.25})
    store.finish(run_id, "done", result={"pace": [1, 2, 3]})
    return store.record(run_id)


def test_the_table_has_a_line_a_report_and_is_empty_where_nothing_was_measured(record):
    lines = list(csv.DictReader(io.StringIO(downloads.metrics_csv(record))))
    assert tuple(lines[0]) == METRIC_NAMES
    assert [line["step"] for line in lines] == ["0", "1"]
    assert [line["val_loss_nats"] for line in lines] == ["6.5", ""]
    assert [line["train_loss_nats"] for line in lines] == ["", "6.25"]


def test_the_settings_hold_the_pace_and_are_a_runs_settings(record):
    saved = json.loads(downloads.config_json(record))
    spec = RunSpec.from_json(saved)
    assert spec.training.pace == (1, 2, 3)
    assert spec.training.budget == 5


def test_the_line_holds_the_pace_of_a_run_in_seconds(record):
    assert "--pace" in downloads.reproduce_command(record)


def test_there_is_no_model_before_there_is_one(record, store):
    assert downloads.model_zip(record.id, store) is None


def test_the_model_comes_as_a_zip_made_once(record, store):
    folder = paths.run_folder(record.id) / "model"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    packed = downloads.model_zip(record.id, store)
    assert zipfile.ZipFile(packed).namelist() == [f"{record.id}/config.json"]
    made_at = packed.stat().st_mtime_ns
    assert downloads.model_zip(record.id, store).stat().st_mtime_ns == made_at


@pytest.mark.parametrize("run_id", ["../x", "<script>", "", "f" * 12])
def test_an_unknown_id_gets_no_file(store, run_id):
    with pytest.raises(UserError, match="There is no run"):
        downloads.model_zip(run_id, store)
