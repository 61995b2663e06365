"""How a run shows on a terminal: a bar that moves, plain lines in a pipe, or JSON for programs."""

import json
import math
import shutil
import sys
from typing import Any

from ssl_core.i18n import _
from ssl_core.runs.spec import RunSpec

JSON_NAMES = ("step", "elapsed_s", "tokens", "tokens_per_s", "train_loss_nats", "val_loss_nats")
BAR_WIDTH = 20
LINE_EVERY_S = 1.0


class Shown:
    """Base of all three. ``is_cut_off`` becomes True when nobody reads any more."""

    def __init__(self) -> None:
        self.is_cut_off = False

    def report(self, report: Any) -> None:
        """Show a step."""
        if not self.is_cut_off:
            try:
                self._show(report)
            except BrokenPipeError:
                self.is_cut_off = True

    def close(self) -> None:
        """Leave the terminal as it was."""

    def _show(self, report: Any) -> None:
        raise NotImplementedError


class JsonLines(Shown):
    """One JSON object a line, for each step."""

    def _show(self, report: Any) -> None:
        values = {name: getattr(report, name) for name in JSON_NAMES}
        print(json.dumps(plain({**values, **({"measures": dict(report.measures)} if report.measures else {})})), flush=True)


class Lines(Shown):
    """Plain lines for a pipe or a file: one a second, and one for each validation."""

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        self._spec = spec
        self._next_s = 0.0

    def _show(self, report: Any) -> None:
        if report.elapsed_s >= self._next_s or report.val_loss_nats is not None or report.is_last:
            self._next_s = report.elapsed_s + LINE_EVERY_S
            print(_numbers(report), flush=True)


class ProgressBar(Shown):
    """One line that is written over, on standard error, as wide as the terminal allows."""

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        self._training = spec.training
        self._val_loss: float | None = None
        self._next_s = 0.0

    def _show(self, report: Any) -> None:
        if report.val_loss_nats is not None:
            self._val_loss = report.val_loss_nats
        if report.elapsed_s < self._next_s and not report.is_last:
            return
        self._next_s = report.elapsed_s + 0.1
        spent = {"steps": report.step, "tokens": report.tokens, "seconds": report.elapsed_s}[self._training.budget_unit]
        share = 1.0 if report.is_last else min(spent / self._training.budget, 1.0)
        filled = round(BAR_WIDTH * share)
        bar = "█" * filled + "·" * (BAR_WIDTH - filled)
        text = f"{bar} {share:4.0%}  {_numbers(report, self._val_loss)}"
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{text[:width]:<{width}}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Go on below the bar."""
        print(file=sys.stderr)


def plain(value: Any) -> Any:
    """Return JSON values with null for what is no number: NaN is none in JSON."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _numbers(report: Any, latest_val_loss: float | None = None) -> str:
    val_loss = report.val_loss_nats if report.val_loss_nats is not None else latest_val_loss
    return _("step {step}  {seconds:.1f} s  {speed:,.0f} tokens/s  train {train}  validation {validation}").format(
        step=report.step,
        seconds=report.elapsed_s,
        speed=report.tokens_per_s,
        train=_loss(report.train_loss_nats),
        validation=_loss(val_loss),
    )


def _loss(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.3f}"
