"""Texts of a person that would do something if a page rendered them, put wherever a person's text may stand."""

import json
import re
from dataclasses import replace

from ssl_core.corpora import uploads
from ssl_core.errors import UserError
from ssl_core.profile import kept
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore
from tests.pages.opening import LINES

SIGN = "zqx"
"""Stands within each hostile text, so that it is found wherever it goes."""

HOSTILE = (
    f"*{SIGN}*", f"**{SIGN}**", f"~~{SIGN}~~", f"`{SIGN}`", f"${SIGN}$", f"<script>{SIGN}</script>",
    f"<img src=x onerror={SIGN}>",
    f"[{SIGN}](javascript:alert(1))", f":red[{SIGN}]", f"{SIGN}:smile:", f"\u202e{SIGN}", SIGN * 60, f"_{SIGN}_", f"# {SIGN}",
    rf"$\frac{{{SIGN}}}{{2}}$",
)  # fmt: skip
ALL = " ".join(HOSTILE)
SENTENCES = [f"{HOSTILE[n % len(HOSTILE)]} word{n} went home, and {ALL} stayed in house {n * 7 % 31}." for n in range(400)]
NAME = " ".join(HOSTILE[:10])
RENDERED = re.compile(
    rf"(?<!\\)(?:\*{SIGN}\*|~~{SIGN}|`{SIGN}`|\${SIGN}\$|<script>{SIGN}|onerror={SIGN}>|\[{SIGN}\]\(|:red\[{SIGN}|{SIGN}:smile:|_{SIGN}_"
    rf"|\$\\frac\{{{{{SIGN})"
)


def fill(store: RunStore) -> dict[str, str]:
    """Keep a text with its portrait, and put a run into the store, all hostile; return what an address may say of them.

    The text is kept where PLAYGROUND_HOME is.
    """
    lines = "\n".join(
        ["text*zqx*,label", *(json.dumps(each, ensure_ascii=False).replace('\\"', '""') + ",a" for each in SENTENCES)]
    )
    key = uploads.keep(f"{NAME.replace('/', '')}.csv", lines.encode())
    kept.made(key)
    spec = presets.recipe("masked_lm", key, "en")
    run_id = store.submit(replace(spec, probes=(f"{NAME} ___",)), name=NAME)
    worker = "elsewhere:1:1"
    assert store.claim(worker) == run_id
    store.hand_over(run_id, worker)
    store.mark(run_id, "running")
    store.add_event(run_id, "baselines", step=0, elapsed_s=0.0, payload=LINES)
    for step in (1, 2, 3):
        figures = {"tokens": 99, "tokens_per_s": 7.0, "learning_rate": 1e-3, "train_loss_nats": 5.0, "val_loss_nats": 5.0}
        store.add_metric(run_id, {"step": step, "elapsed_s": 1.0 * step, **figures})
        store.add_event(run_id, "probe", step=step, elapsed_s=1.0 * step, payload=_filled(f"{NAME} ___"))
    refused = {"probe_id": "1", "text": ALL, "failure": UserError("The word {word} is unknown.", word=HOSTILE[1]).to_json()}
    store.add_event(run_id, "probe_refused", step=3, elapsed_s=3.0, payload=refused)
    store.finish(run_id, "done", result={"val_loss_nats": 4.4, "steps": 3, "elapsed_s": 3.0, "baselines": LINES})
    texts = dict.fromkeys(("text", "pair", "against_text", "guess"), ALL)
    return {"run": run_id, "corpus": key, "model": run_id, "other": "span_masking", **texts}


def _filled(text: str) -> dict[str, object]:
    """What a run tells of a probe sentence: a blank, the words guessed for it, and the label of the whole."""
    top = [{"token": word, "probability": 0.2} for word in HOSTILE[:5]]
    label = [{"name": word, "probability": 0.3} for word in HOSTILE[5:8]]
    blanks = [{"position": len(HOSTILE), "top": top}]
    return {"probe_id": "0", "kind": "fill", "text": text, "tokens": [*HOSTILE, "[MASK]"], "blanks": blanks, "label": label}
