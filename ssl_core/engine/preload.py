"""Everything a worker needs, imported once before the first run. Imports only: nothing here may start a thread."""

import importlib

import scipy.sparse  # noqa: F401  the bigram line needs it

import ssl_core.analysis.subjects
import ssl_core.engine.service
import ssl_core.training.session  # noqa: F401
from ssl_core import analysis
from ssl_core.models.arithmetic import Shape
from ssl_core.models.config import FAMILIES
from ssl_core.runs import presets
from ssl_core.training import devices, settling

for _kind in analysis.MENU:
    analysis.kind(_kind)
for _family in FAMILIES:
    importlib.import_module(f"ssl_core.models.{_family}")
    importlib.import_module(f"transformers.models.{_family}.modeling_{_family}")


def get_measured() -> None:
    """Find out what the presets compute fastest with on this processor, unless it is known: a third of a second."""
    if devices.choose("auto").type == "cpu":
        settling.of_processor(Shape.of(presets.spec(presets.PRESETS[0].key)))


def device_name() -> str:
    """Return where a run with device "auto" computes. Not for the fork server itself: CUDA does not survive a fork."""
    return devices.describe(devices.choose("auto"))
