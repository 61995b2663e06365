"""A page with nothing but a loss chart, for tests: a run that goes on, with lines that stand close together."""

import math
import time

import numpy as np
import streamlit as st

from pages._ui import language, loss_chart, style
from ssl_core.runs import presets
from ssl_core.runs.record import RunEvent, RunRecord

SECONDS = np.linspace(0.1, 60, 400)
LOSSES = 4.4 + 2.4 * np.exp(-SECONDS / 9)
LINES = {"uniform_nats": math.log(1024), "unigram_nats": 5.02, "bigram_nats": 4.98, "floor_nats": 4.93}


def record() -> RunRecord:
    """Return the whole run."""
    nothing = np.full(len(SECONDS), np.nan)
    steps = np.arange(1.0, len(SECONDS) + 1)
    return RunRecord(
        id="alone", name="<i>alone</i>", status="running", spec=presets.spec("mlm-en").to_json(),
        created_at=0.0, started_at=0.0, ended_at=None, guess=((0.0, 6.9), (0.5, 5.5), (1.0, 4.5)), result=None, failure=None,
        events=(RunEvent(id=0, kind="baselines", step=0, elapsed_s=0.0, payload=LINES),),
        metrics={
            "step": steps, "elapsed_s": SECONDS, "tokens": steps * 1024, "tokens_per_s": nothing, "learning_rate": nothing,
            "train_loss_nats": LOSSES, "val_loss_nats": LOSSES,
        },
    )  # fmt: skip


@language.fragment(run_every=0.5)
def show() -> None:
    """Show the run as far as it has come, ten times as fast as it was."""
    began = st.session_state.setdefault("began", time.monotonic())
    now = record().until(20 + (time.monotonic() - began) * 10)
    loss_chart.show(now, key="chart", is_live=now.metrics["step"][-1] < len(SECONDS))
    st.html(f'<p id="points">{len(now.metrics["step"])}</p>')


def show_cut() -> None:
    """Show the whole run in a frame that its curve leaves at both ends, with a pause and a flag beside the lowest name."""
    figure = loss_chart.figure(record())
    flags = [{"kind": "phase", "x": 57.0, "y": 5.0}, {"kind": "pause", "x": 30.0, "y": None}]
    loss_chart.draw({**figure, "y": {**figure["y"], "low": 4.6, "high": 5.6}, "flags": flags}, key="cut")


if __name__ == "__main__":
    language.use()
    st.set_page_config(layout="wide")
    style.apply()
    st.title("Chart", anchor=False)
    show_cut() if "cut" in st.query_params else show()
