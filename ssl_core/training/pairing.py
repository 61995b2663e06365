"""Two sentences of which a network says how the second stands to the first."""

# T tokens of one row

from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.objectives import pairs
from ssl_core.pretext.base import IntArray, Vocabulary
from ssl_core.pretext.sentence_spans import NUM_MARKS, pair_rows, sentences
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.typed import encode_typed
from ssl_core.training.sentences import require_room, require_words

BAR = "|"


def pair(model: PreTrainedModel, tokenizer: Tokenizer, vocabulary: Vocabulary, spec: RunSpec, text: str) -> dict[str, Any]:
    """Say of two sentences how likely each answer of the run's task is: B follows A, the two were swapped …

    A bar stands between the sentences; without one, the first ends where the first mark does, else in the middle.
    Raises: UserError if there are no two sentences or they do not fit the model's context.
    """
    require_words(text.replace(BAR, " ", 1))
    first, second = (np.array(each, dtype=np.int64) for each in _sides(tokenizer, vocabulary, text))
    require_room(len(first) + len(second) + NUM_MARKS, spec.model.context_tokens)
    ends = np.array([0]), np.array([len(first)]), np.array([len(first) + len(second)])
    rows = pair_rows(np.concatenate([first, second]), (ends[0], ends[1]), (ends[1], ends[2]), vocabulary)
    device = next(model.parameters()).device
    seen_ids_1T, segments_1T = (torch.from_numpy(each).to(device) for each in (rows.ids_PW, rows.segments_PW))
    shares_C = pairs.scores_BC(model, seen_ids_1T, segments_1T)[0].float().softmax(dim=0)
    return {
        "kind": "pair",
        "text": text,
        "task": spec.task,
        "task_settings": spec.task_settings.to_json(),
        "shares": [round(share, 5) for share in shares_C.tolist()],
    }


def _sides(tokenizer: Tokenizer, vocabulary: Vocabulary, text: str) -> tuple[list[int] | IntArray, list[int] | IntArray]:
    if BAR in text:
        first, second = (encode_typed(tokenizer, side.strip()).ids for side in text.split(BAR, 1))
        if not first or not second:
            raise _one_sentence_only()
        return first, second
    ids = np.array(encode_typed(tokenizer, text).ids, dtype=np.int64)
    if len(ids) < 2:
        raise _one_sentence_only()
    found = sentences(ids[None, :], vocabulary)
    middle = int(found.end_N[0]) if len(found) > 1 else len(ids) // 2
    return ids[:middle], ids[middle:]


def _one_sentence_only() -> UserError:
    return UserError(N_("Two sentences are compared here: type both, with | between them."))
