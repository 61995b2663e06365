"""What the page without heads shows, kept in the URL: a sentence, and the heads that are switched off."""

import streamlit as st

from pages._ui import address, inspected
from pages._ui.inspected import Model
from ssl_core.runs import presets

TEXT, OFF = "text", "off"
MAX_CHARACTERS = 600
MOST_OFF = 400
_MOST = 512


def text(model: Model) -> str:
    """Return the sentence with its blank, or its beginning: the one in the address, else a usual one."""
    return st.query_params.get(TEXT, "")[:MAX_CHARACTERS].strip() or example(model)


def example(model: Model) -> str:
    """Return a sentence that the network can go on with, or fill."""
    kind = inspected.reads(model)
    known = (
        presets.PROBES.get((kind, model.corpus)) or presets.PROBES.get((kind, model.language)) or presets.PROBES["fill", "en"]
    )
    return known[-1]


def off() -> list[list[int]]:
    """Return the heads that are switched off: layer and head, counted from 0."""
    found = []
    for each in st.query_params.get(OFF, "").split(",")[:MOST_OFF]:
        numbers = [address.whole(part) or 0 for part in each.split(".")]
        if len(numbers) == 2 and all(0 < number <= _MOST for number in numbers):
            found.append([number - 1 for number in numbers])
    return sorted(map(list, {tuple(each) for each in found}))


def put_off(heads: list[list[int]]) -> None:
    """Put the heads into the address."""
    address.put(OFF, ",".join(f"{layer + 1}.{head + 1}" for layer, head in sorted(heads)))
