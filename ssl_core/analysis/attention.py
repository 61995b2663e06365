"""What every head looks at while a network reads a text.

Payload:  "model"; "text"; "pair", a second sentence, and "written", what a decoder with an encoder is given as written so far
          (the text itself unless told). Blanks are marked ``___`` or ``[MASK]``.
Values:   "step", "looks_back" (each token sees only those before it), "tokens" (as shown), "ids", "is_mark", "words" (the word
          of each token, None for marks), "segments"; the same of what is written under "written", None without a decoder;
          and "kinds": for each kind of attention ("self", "decoder", "cross") "num_layers", "num_heads" and "has_queries".
Arrays:   "weights_<kind>_LHTS", rows add up to 1; where queries are known "query_<kind>_LHTK", "key_<kind>_LHSK",
          "bias_<kind>_LHTS" (sides of 1 stand for all; minus infinity where a token may not look) and "scale_<kind>_L":
          the weights are the softmax of query · key * scale + bias.
"""

# L layers, H heads, T asking tokens, S tokens asked, K width of a head

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.laid_out import LaidOut, lay_out
from ssl_core.attention.kinds import SELF
from ssl_core.attention.reading import looks_back_only
from ssl_core.attention.recording import Recorded, record
from ssl_core.tokenization.display import token_text


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Let the network read the text, and say what each head looked at.

    Raises: UserError if the model is none, or the text is empty or does not fit.
    """
    subject = open_subject(payload["model"])
    read = lay_out(subject, payload["text"], payload.get("pair", ""))
    written = None
    if subject.model.config.is_encoder_decoder:
        written = _begun(subject, lay_out(subject, payload.get("written") or payload["text"]))
    found = look(subject, read, written)
    values = {
        "step": subject.step,
        "looks_back": looks_back_only(found.may_look_LBTS(SELF)[:, 0]),
        **_told(subject, read),
        "written": _told(subject, written) if written else None,
        "kinds": {
            kind: {
                "num_layers": len(layers),
                "num_heads": layers[0].weights_BHTS.shape[1],
                "has_queries": layers[0].query_BHTK is not None,
            }
            for kind, layers in found.layers.items()
        },
    }
    return Reply(values=values, arrays={name: each for kind in found.layers for name, each in _arrays(found, kind).items()})


def look(subject: Subject, read: LaidOut, written: LaidOut | None = None) -> Recorded:
    """Note down one pass over a text that is laid out."""
    with torch.no_grad():
        return record(
            subject.model,
            torch.tensor([read.ids_T]),
            pad_id=None,
            segments_BT=torch.tensor([read.segment_T]) if max(read.segment_T) else None,
            decoder_ids_BU=torch.tensor([written.ids_T]) if written else None,
        )


def _begun(subject: Subject, written: LaidOut) -> LaidOut:
    """Put the token in front with which this decoder begins to write."""
    start = int(subject.model.config.decoder_start_token_id)
    return LaidOut(
        ids_T=[start, *written.ids_T],
        is_mark_T=[True, *written.is_mark_T],
        word_T=[None, *written.word_T],
        segment_T=[0, *written.segment_T],
    )


def _told(subject: Subject, laid_out: LaidOut) -> dict[str, Any]:
    return {
        "tokens": [token_text(subject.tokenizer, token_id) for token_id in laid_out.ids_T],
        "ids": laid_out.ids_T,
        "is_mark": laid_out.is_mark_T,
        "words": laid_out.word_T,
        "segments": laid_out.segment_T,
    }


def _arrays(found: Recorded, kind: str) -> dict[str, npt.NDArray[np.generic]]:
    layers = found.layers[kind]
    arrays: dict[str, npt.NDArray[np.generic]] = {f"weights_{kind}_LHTS": found.weights_LBHTS(kind)[:, 0]}
    if layers[0].query_BHTK is None:
        return arrays
    arrays[f"query_{kind}_LHTK"] = _first(each.query_BHTK for each in layers)
    arrays[f"key_{kind}_LHSK"] = _first(each.key_BHSK for each in layers)
    arrays[f"bias_{kind}_LHTS"] = np.stack(np.broadcast_arrays(*(each.limits_BHTS[0].numpy() for each in layers)))
    arrays[f"scale_{kind}_L"] = np.array([each.scale for each in layers], dtype=np.float32)
    return arrays


def _first(tensors: Iterable[Any]) -> npt.NDArray[np.float32]:
    """Return the only row of each layer, layers stacked."""
    return np.stack([each[0].float().numpy() for each in tensors])
