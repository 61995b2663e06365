"""Floors, worked out once: kept by what they depend on, and worked out beside the training when they are not there yet."""

import hashlib
import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import numpy as np
from filelock import FileLock

from ssl_core import child, corpora, paths, pretext, tokenization
from ssl_core.code_version import code_version
from ssl_core.corpora import Corpus
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization import cache
from ssl_core.tokenization.base import TokenizedCorpus
from ssl_core.training.config import TRAINED
from ssl_core.training.windows import HeldOutWindows, Text, held_out_windows, maker

POLL_S = 0.02
HANGS_ON = ("corpora.tinyworld", "pretext", "training.floors", "training.pair_floors", "training.spelled_text")
"""The code that works floors out, and the grammars."""


class KeptFloor:
    """The floor of a run: there at once if it was ever asked for, else worked out by another process at low priority."""

    def __init__(self, spec: RunSpec, corpus: Corpus, tokenized: TokenizedCorpus, windows: HeldOutWindows) -> None:
        """Look it up, or begin to work it out; ``windows`` are the run's validation set."""
        self._process: Popen[bytes] | None = None
        self._nats: float | None = None
        if not _has_floor(spec, corpus):
            return
        self._path = _path(spec, corpus, tokenized, windows)
        if not self._look():
            self._process = _started(spec, tokenized.folder)

    def nats(self) -> float | None:
        """Return the floor in nats per predicted token; None while it is not known, or if it can't be."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
            self._look()
        return self._nats

    def wait(self, at_most_s: float) -> float | None:
        """Return the floor, giving the other process some time to finish."""
        ends_at = time.monotonic() + at_most_s
        while self.nats() is None and self._process is not None and time.monotonic() < ends_at:
            time.sleep(POLL_S)
        return self._nats

    def _look(self) -> bool:
        found = _kept(self._path)
        self._nats = found.nats if found is not None else None
        return found is not None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a file says; a floor that can't be known is None."""

    nats: float | None


def _kept(path: Path) -> _Kept | None:
    """Read a floor; None where it is not worked out yet, or its file is damaged, so that it is worked out anew."""
    try:
        nats = json.loads(path.read_bytes())["floor_nats"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return _Kept(nats) if nats is None or (isinstance(nats, float) and math.isfinite(nats)) else None


def _has_floor(spec: RunSpec, corpus: Corpus) -> bool:
    """Return whether a reader is known for these examples; of text with nothing hidden the answer can be read off."""
    return corpus.machine is not None and pretext.task(spec.task).READER is not None and spec.training.judged == TRAINED


def work_out(spec: RunSpec, folder: Path | None = None) -> None:
    """Work out the floor of a run and keep it; nothing happens if it is there.

    ``folder`` holds its text as token numbers; without it they are made as for a run that starts from random weights.
    """
    from ssl_core.training import floors  # here, so that no training waits for scipy

    corpus = corpora.load(spec.corpus)
    if not _has_floor(spec, corpus):
        return
    tokenized = cache.opened(folder) if folder is not None else tokenization.tokenized(corpus, spec.tokenizer)
    windows = validation_windows(spec, tokenized)
    path = _path(spec, corpus, tokenized, windows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):  # another process may be at it: then we find what it found
        if _kept(path) is None:
            nats = floors.floor_nats(corpus, tokenized, pretext.task(spec.task), spec.task_settings, windows)
            with paths.written_whole(path) as partial:
                partial.write_text(json.dumps({"floor_nats": nats}), encoding="utf-8")


def validation_windows(spec: RunSpec, tokenized: TokenizedCorpus) -> HeldOutWindows:
    """Return the windows on which a run's validation loss is measured."""
    vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, tokenized.vocabulary)
    return held_out_windows(
        Text.of(tokenized, "validation"),
        maker(spec.task, spec.task_settings, vocabulary),
        num_sequences=spec.training.validation_sequences,
        context_tokens=spec.model.context_tokens,
    )


def _path(spec: RunSpec, corpus: Corpus, tokenized: TokenizedCorpus, windows: HeldOutWindows) -> Path:
    examples = windows.examples
    content = hashlib.sha256(
        json.dumps(
            [corpus.fingerprint, tokenized.folder.name, spec.task, spec.task_settings.to_json(), code_version(*HANGS_ON)]
        ).encode()
    )
    asked = (examples.decoder_target_ids_BU, examples.labels_B, examples.ranks_BT)
    for array in (windows.ids_BT, examples.seen_ids_BT, examples.target_ids_BT, *(each for each in asked if each is not None)):
        content.update(np.ascontiguousarray(array, dtype=np.int64).tobytes())
    return paths.cache_folder() / "floors" / f"{content.hexdigest()[:24]}.json"


def _started(spec: RunSpec, folder: Path) -> "Popen[bytes]":
    asked = json.dumps({"spec": spec.to_json(), "folder": str(folder)})
    return child.start(__spec__.name, told=asked, environment={"OMP_NUM_THREADS": "1"}, is_silent=False)


if __name__ == "__main__":
    asked = json.loads(child.end_with_parent())
    if hasattr(os, "nice"):
        os.nice(5)  # at 10 it gets so little beside two busy training threads that the floor comes when the run is over
    work_out(RunSpec.from_json(asked["spec"]), Path(asked["folder"]))
