"""Measure the baselines of recorded runs and of the shelf's cards again, without training: for when a line changes its meaning.

The same settings give the same held-out examples; losses, probes and weights stay as they were recorded. Where the examples
have changed as well, the recorded losses belong to other questions: such a file is left alone and named, to be recorded again.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from ssl_core import corpora, mistakes, objectives, pretext, tokenization  # noqa: E402
from ssl_core.runs.spec import RunSpec  # noqa: E402
from ssl_core.training import evaluation, run_lines  # noqa: E402
from ssl_core.training.baselines import Baselines  # noqa: E402
from ssl_core.training.config import IN_USE  # noqa: E402
from ssl_core.training.label_rows import label_rows  # noqa: E402
from ssl_core.training.windows import Text, in_use, maker  # noqa: E402

CARD = "card.json"
OF_EXAMPLES = ("uniform_nats", "unigram_nats", "num_targets")  # alike where the held-out examples are
ALIKE = 1e-6  # sums of some thousand logarithms, in another order

Saved = dict[str, Any]


class OtherExamplesError(Exception):
    """The recorded losses were measured on other examples than these settings give now."""


def main() -> int:
    """Measure again what the files named on the command line say, or all; return 1 where one has to be recorded again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    asked, stale = parser.parse_args(), 0
    for path in asked.files or all_files():
        saved = json.loads(path.read_text(encoding="utf-8"))
        try:
            lines = measured(RunSpec.from_json(saved["spec"]))
            changed = with_lines(saved, lines)
        except OtherExamplesError as error:
            stale += 1
            print(f"{path}: {error}", flush=True)
            continue
        old, new = (next(lines_in(each))["bigram_nats"] for each in (saved, changed))
        print(f"{path}: bigram {old} -> {new}", flush=True)
        if not asked.dry_run and changed != saved:
            write(path, changed)
    return int(stale > 0)


def all_files() -> list[Path]:
    """Return every recorded run and every card."""
    recorded = ROOT / "assets" / "recorded"
    return [
        *sorted(recorded.glob("*.json")),
        *sorted(recorded.glob("pairs/*.json")),
        *sorted(ROOT.glob(f"assets/shelf/*/{CARD}")),
    ]


def measured(spec: RunSpec) -> Baselines | None:
    """Return a run's baselines as it measures them before its first step; None where they depend on what it learns."""
    objective = objectives.objective(spec.task)
    if hasattr(objective, "lines"):
        return None
    corpus = corpora.load(spec.corpus)
    tokenized = tokenization.tokenized(corpus, spec.tokenizer)
    vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, tokenized.vocabulary)
    labels = label_rows(corpus, tokenized, pretext.needed_label(spec.task, spec.task_settings))
    train, validation = (Text.of(tokenized, part, labels.get(part)) for part in ("train", "validation"))
    made = maker(spec.task, spec.task_settings, vocabulary)
    held_out = evaluation.hold_out(
        validation,
        in_use(made) if spec.training.judged == IN_USE else made,
        num_sequences=spec.training.validation_sequences,
        context_tokens=spec.model.context_tokens,
        device=torch.device("cpu"),
        windows_at_once=spec.training.batch_size if objective.COMPARES_ROWS else evaluation.SEQUENCES_AT_ONCE,
    )
    num_tokens = mistakes.hooks(spec.mistake).training(spec.training).training_tokens
    training_ids = train.first(max(num_tokens, spec.model.context_tokens) if num_tokens else None).ids
    return run_lines.measured(spec, training_ids, held_out, vocabulary)


def with_lines(saved: Saved, lines: Baselines | None) -> Saved:
    """Return what was saved with these baselines in all its places, and bits per byte only where they mean something.

    Raises: OtherExamplesError if the lines that did not change their meaning have moved.
    """
    changed: Saved = json.loads(json.dumps(saved))
    for each in lines_in(changed) if lines is not None else ():
        for name in OF_EXAMPLES:
            if abs(each[name] - getattr(lines, name)) > ALIKE:
                raise OtherExamplesError(f"{name} was {each[name]} and is {getattr(lines, name)}: record it again")
        each["bigram_nats"] = lines.bigram_nats
    for each in (changed, changed.get("result") or {}):
        if "bits_per_byte" in each and saved["spec"]["task"] != "causal_lm":
            each["bits_per_byte"] = None
    return changed


def lines_in(saved: Saved) -> Iterator[Saved]:
    """Yield the baselines wherever they stand in a recorded run or a card."""
    if "lines" in saved:
        yield saved["lines"]
    for each in saved.get("events", ()):
        if each["kind"] == "baselines":
            yield each["payload"]
    if saved.get("result"):
        yield saved["result"]["baselines"]


def write(path: Path, saved: Saved) -> None:
    """Write as recordings and cards are written."""
    style: Saved = {"indent": 1} if path.name == CARD else {"separators": (",", ":")}
    path.write_text(json.dumps(saved, ensure_ascii=False, **style) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
