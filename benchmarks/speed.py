"""How fast a training is, and what it is worth beside others': ``python -m benchmarks.speed``; about twelve minutes.

``--only`` runs parts: "here" and "avx2" try every number format and number of threads beside "auto", as the machine is and
with AVX2 instructions alone; "rivals" trains beside Hugging Face's Trainer and nanoGPT; "shakespeare" is nanoGPT's README
set-up, and needs ``--shakespeare FILE`` (tiny Shakespeare, which does not come along). ``--write`` puts the tables of these
parts into the README. Each training is a process of its own, with as many threads as it takes by itself.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import table
from ssl_core.engine.settings import WAITING

PRESETS = ("mlm-news-en", "lm-news-en")
AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
RATES = (3e-4, 1e-3, 3e-3)
NANO_ENDS_AT = 1.874  # nats after 2,000 steps, as nanoGPT's README set-up ended on a Xeon after 100 s
TRIAL_SHARE = 12  # each learning rate is tried for a twelfth of the time

CHOICES_HEADER = (
    "preset",
    "auto",
    "step",
    "best fixed choice",
    "its step",
    "auto / best",
    "share of peak",
    "all fixed choices",
)
CHOICES_NOTE = (
    "A choice: format of the network's products / of Muon's / threads. Rates of auto over the best fixed choice and shares of "
    "the machine's peak are medians over rounds, all choices in turn; the peak is a product of 1,024 × 1,024 in that "
    "format with as many threads. In brackets: choices that first took three times the fastest, and were not tried again."
)
RIVALS_HEADER = ("training", "steps/s", "tokens per CPU second", "nats below unigram")
RIVALS_NOTE = (
    "The same text, tokens, task and held-out windows. Ours includes its validations. Trainer: BERT or GPT-2 of 4 layers, "
    "128 wide, all settings at their default, then at the best of three learning rates tried for a twelfth of the time."
)
SHAKESPEARE_HEADER = ("training", "steps", "seconds", "nats at the end", "passes 1.874 after")
SHAKESPEARE_NOTE = "Characters of tiny Shakespeare, 90 % to train on; held-out windows of 64 characters, the same for both."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=tuple(PARTS), default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=6, help="of the parts here and avx2")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each training")
    parser.add_argument("--shakespeare", type=Path, help="the file of tiny Shakespeare")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = {
            name: value for name, value in os.environ.items() if name not in ("OMP_NUM_THREADS", "PLAYGROUND_THREADS")
        }
        environment["PLAYGROUND_HOME"] = home
        for part in chosen.only:
            PARTS[part](chosen, environment)


def here(chosen: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Try all choices as the machine is."""
    _choices("speed here", chosen, environment)


def avx2(chosen: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Try all choices with AVX2 alone."""
    _choices("speed avx2", chosen, {**environment, **AVX2})


def _choices(name: str, chosen: argparse.Namespace, environment: Mapping[str, str]) -> None:
    rows = []
    for key in PRESETS:
        found = child(["benchmarks.speed_trials", key, str(chosen.rounds)], {**environment, **WAITING})
        tried = ", ".join(_choice_told(*each, slowest_s=3 * found["auto_s"]) for each in found["choices"])
        best_s = next(took_s for choice, took_s in found["choices"] if choice == found["best"])
        rows.append([
            key, _choice(found["auto"]), _ms(found["auto_s"]), _choice(found["best"]), _ms(best_s), f"**{found['ratio']:.2f}**",
            f"**{found['share_of_peak']:.0%}** of {found['peak'] / 1e9:.0f} GFLOP/s", tried,
        ])  # fmt: skip
    _show(name, CHOICES_HEADER, rows, CHOICES_NOTE, chosen)


def rivals(chosen: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Train beside Hugging Face's Trainer, and a decoder beside one like nanoGPT's."""
    rows = []
    for key, title in (("mlm-news-en", "masked LM"), ("lm-news-en", "LM")):
        rows.append([f"{title}, ours", *_figures(rival("ours", key, chosen, environment))])
        rows.append([f"{title}, Trainer", *_figures(rival("trainer", key, chosen, environment))])
        short = argparse.Namespace(**{**vars(chosen), "seconds": chosen.seconds / TRIAL_SHARE})
        losses = {rate: rival("trainer", key, short, environment, "--rate", str(rate))["loss"] for rate in RATES}
        best = min(losses, key=lambda rate: losses[rate])
        found = rival("trainer", key, chosen, environment, "--rate", str(best))
        rows.append([f"{title}, Trainer at {best:g}", *_figures(found)])
    rows.append(["LM, like nanoGPT", *_figures(rival("nano", "lm-news-en", chosen, environment))])
    _show("speed rivals", RIVALS_HEADER, rows, RIVALS_NOTE, chosen)


def shakespeare(chosen: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Train on tiny Shakespeare as nanoGPT's README does on a CPU, and as our decoder does."""
    if chosen.shakespeare is None:
        print("shakespeare: left out, give its file by --shakespeare", flush=True)
        return
    text = ("--text", str(chosen.shakespeare))
    rows = []
    for who, title, factor in (("ours", "ours", 1.0), ("nano", "nanoGPT's set-up, 2,000 steps or 1.5 times as long", 1.5)):
        timed = argparse.Namespace(**{**vars(chosen), "seconds": factor * chosen.seconds})
        found = rival(who, "shakespeare", timed, environment, *text)
        passed = next((seconds for seconds, nats in found.get("curve", ()) if nats < NANO_ENDS_AT), None)
        when = f"**{passed:.1f} s**" if passed is not None else "not measured on the way" if who == "nano" else "never"
        rows.append([title, f"{found['steps']:,}", f"{found['seconds']:.1f}", f"**{found['loss']:.3f}**", when])
    _show("speed shakespeare", SHAKESPEARE_HEADER, rows, SHAKESPEARE_NOTE, chosen)


PARTS = {"here": here, "avx2": avx2, "rivals": rivals, "shakespeare": shakespeare}


def rival(who: str, what: str, chosen: argparse.Namespace, environment: Mapping[str, str], *options: str) -> dict[str, Any]:
    """Return the figures of one training; ours has its threads wait for each other as a run does, the others as OpenMP does."""
    asked = ["benchmarks.speed_rivals", who, what, "--seconds", f"{chosen.seconds:g}", *options]
    return child(asked, {**environment, **WAITING} if who == "ours" else environment)


def child(words: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Run a module of this folder and read the JSON object it prints last."""
    done = subprocess.run([sys.executable, "-m", *words], env=dict(environment), check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(" ".join(words), json.dumps(found)[:160], flush=True)
    return found


def _show(name: str, header: tuple[str, ...], rows: list[list[str]], note: str, chosen: argparse.Namespace) -> None:
    if chosen.write:
        table.write(name, header, rows, note)
    else:
        print("\n".join(" | ".join(row) for row in [list(header), *rows]), flush=True)


def _figures(found: Mapping[str, Any]) -> list[str]:
    gain = found["unigram"] - found["loss"]
    return [f"{found['steps'] / found['seconds']:.1f}", f"**{found['tokens'] / found['cpu_s']:,.0f}**", f"**{gain:.2f}**"]


def _choice(choice: list[Any]) -> str:
    return "/".join(map(str, choice))


def _choice_told(choice: list[Any], took_s: float, slowest_s: float) -> str:
    told = f"{_choice(choice)} {_ms(took_s)}"
    return f"({told})" if took_s > slowest_s else told


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


if __name__ == "__main__":
    main()
