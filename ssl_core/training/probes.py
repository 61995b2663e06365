"""Sentences that a run is watched on: blanks that are filled, beginnings that are continued."""

# B rows, N positions, K likeliest tokens, V vocabulary

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ssl_core import models, objectives
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.past import Past
from ssl_core.pretext.base import Vocabulary
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.base import PAD_ID, SEP_ID, SPECIAL_TOKENS
from ssl_core.tokenization.display import decode, token_text
from ssl_core.tokenization.typed import encode_typed
from ssl_core.training import evaluation, sentences
from ssl_core.training.comparing import compare
from ssl_core.training.pairing import pair
from ssl_core.training.restoring import restore
from ssl_core.training.spotting import spot

NUM_GUESSES = 5
NUM_NEW_TOKENS = 24
TEMPERATURE = 0.8
TOP_K = 40

Answer = dict[str, Any] | UserError
"""What the network made of a sentence, as JSON values, or why the sentence can't be used."""
Done = TypeVar("Done")


def fill(model: PreTrainedModel, tokenizer: Tokenizer, text: str, context_tokens: int) -> dict[str, Any]:
    """Fill the blanks of a sentence: the five likeliest tokens for each, with probabilities.

    The network sees the sentence as it sees its training text: bare, with no [CLS] before it.
    Raises: UserError if the sentence is empty, has nothing but blanks or does not fit the model's context.
    """
    seen = sentences.with_blanks(tokenizer, text, context_tokens)
    with _at_rest(model):
        top = _logits_NV(model, seen.ids, seen.positions).softmax(dim=-1).topk(NUM_GUESSES, dim=-1)
    return {
        "kind": "fill",
        "text": text,
        "tokens": [token_text(tokenizer, token_id) for token_id in seen.ids],
        "blanks": [
            {
                "position": position,
                "top": [
                    {"token": token_text(tokenizer, token_id), "probability": round(probability, 5)}
                    for token_id, probability in zip(token_ids, probabilities, strict=True)
                ],
            }
            for position, token_ids, probabilities in zip(
                seen.positions, top.indices.tolist(), top.values.tolist(), strict=True
            )
        ],
    }


def fill_all(model: PreTrainedModel, tokenizer: Tokenizer, texts: Sequence[str], context_tokens: int) -> list[Answer]:
    """Fill the blanks of sentences; see ``fill``. Where a sentence can't be filled, the answer is why."""
    return [_tried(fill, model, tokenizer, text, context_tokens) for text in texts]


def continue_all(
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    context_tokens: int,
    generators: Sequence[torch.Generator],
) -> list[Answer]:
    """Continue beginnings, all at once: each next token is drawn from the forty likeliest, at temperature 0.8.

    Each beginning stands, as every document of the training text does, after [SEP]. Special tokens are never drawn. Every
    text is drawn by a generator of its own, so that it goes on the same way whatever else is continued beside it.
    Returns: for each text what was written, or why it can't be used: it is empty or leaves no room in the model's context.
    """
    prompts = [_tried(_prompt_ids, tokenizer, text, context_tokens) for text in texts]
    rows = [[SEP_ID, *prompt] for prompt in prompts if not isinstance(prompt, UserError)]
    own_generators = [each for each, prompt in zip(generators, prompts, strict=True) if not isinstance(prompt, UserError)]
    if rows:
        with _at_rest(model):
            _write_on(model, rows, context_tokens, own_generators)
    written = iter(rows)
    return [
        prompt if isinstance(prompt, UserError) else _continued(tokenizer, text, prompt, next(written)[1:])
        for text, prompt in zip(texts, prompts, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A network that is watched on sentences, with all that belongs to it."""

    model: PreTrainedModel
    tokenizer: Tokenizer
    vocabulary: Vocabulary  # with the sentinels of the run's task
    spec: RunSpec
    seed: int  # another one at each look
    label_names: tuple[str, ...] = ()  # of the classes that it learns to tell, where it learns from labels


def _fill_all(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    answers = fill_all(watched.model, watched.tokenizer, texts, watched.spec.model.context_tokens)
    if watched.label_names:
        with _at_rest(watched.model):
            return [each if isinstance(each, UserError) else each | _told(watched, each["text"]) for each in answers]
    return answers


def _told(watched: Watched, text: str) -> dict[str, Any]:
    """Say which label the network gives the same text, as it sees it: with its blanks."""
    ids = sentences.with_blanks(watched.tokenizer, text, watched.spec.model.context_tokens).ids
    tell, device = objectives.objective(watched.spec.task).class_shares_C, next(watched.model.parameters()).device
    shares_C = tell(watched.model, torch.tensor([ids], device=device), len(watched.label_names))
    told = sorted(zip(watched.label_names, shares_C.tolist(), strict=True), key=lambda each: -each[1])
    return {"label": [{"name": name, "probability": round(share, 5)} for name, share in told[:NUM_GUESSES]]}


def _continue_all(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    generators = [torch.Generator().manual_seed(watched.seed) for _ in texts]
    return continue_all(watched.model, watched.tokenizer, texts, watched.spec.model.context_tokens, generators)


def _spot_all(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    return _each(watched, texts, lambda text: spot(watched.model, watched.tokenizer, text, watched.spec.model.context_tokens))


def _restore_all(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    seen = (watched.model, watched.tokenizer, watched.vocabulary)
    return _each(watched, texts, lambda text: restore(*seen, text, watched.spec.model.context_tokens))


def _pair_all(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    return _each(watched, texts, partial(pair, watched.model, watched.tokenizer, watched.vocabulary, watched.spec))


def _each(watched: Watched, texts: Sequence[str], look: Callable[[str], dict[str, Any]]) -> list[Answer]:
    with _at_rest(watched.model):
        return [_tried(look, text) for text in texts]


def _compare_all(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    spec = watched.spec
    represent = partial(objectives.objective(spec.task).represent, watched.model, settings=spec.task_settings)
    with _at_rest(watched.model):
        return compare(represent, watched.tokenizer, texts, spec.probes, spec.model.context_tokens)


def _look_at_nothing(watched: Watched, texts: Sequence[str]) -> list[Answer]:
    return [UserError(N_("This task is not watched on sentences.")) for _ in texts]


KINDS: dict[str | None, Callable[[Watched, Sequence[str]], list[Answer]]] = {
    "fill": _fill_all,
    "continue": _continue_all,
    "spot": _spot_all,
    "restore": _restore_all,
    "pair": _pair_all,
    "compare": _compare_all,
    None: _look_at_nothing,
}
"""By what tasks declare as PROBE: what the network makes of each sentence, or why it can't be used."""


def _prompt_ids(tokenizer: Tokenizer, text: str, context_tokens: int) -> list[int]:
    sentences.require_words(text)
    prompt_ids = encode_typed(tokenizer, text).ids
    sentences.require_room(len(prompt_ids) + 2, context_tokens)
    return prompt_ids


def _continued(tokenizer: Tokenizer, text: str, prompt_ids: list[int], ids: list[int]) -> dict[str, Any]:
    written, prompt = decode(tokenizer, ids), decode(tokenizer, prompt_ids)
    return {"kind": "continue", "prompt": text, "text": text + written.removeprefix(prompt)}


def _write_on(
    model: PreTrainedModel, rows: list[list[int]], context_tokens: int, generators: Sequence[torch.Generator]
) -> None:
    """Add ``NUM_NEW_TOKENS`` tokens to each row. Of a row longer than the context the network sees the last part."""
    past: Past | None = None
    for _ in range(NUM_NEW_TOKENS):
        is_full = max(map(len, rows)) > context_tokens  # the view slides, and with it every token's place
        if past is None or is_full:
            seen = [row[-context_tokens:] for row in rows]
            width = max(map(len, seen))
            past = Past([width - len(row) for row in seen], model.device)
            new = [[PAD_ID] * (width - len(row)) + row for row in seen]
        else:
            new = [row[-1:] for row in rows]
        logits_BV = models.read_on(model, torch.tensor(new, device=model.device), past).float().cpu()
        logits_BV[:, : len(SPECIAL_TOKENS)] = -torch.inf
        top = (logits_BV / TEMPERATURE).topk(min(TOP_K, logits_BV.shape[1] - len(SPECIAL_TOKENS)))
        shares_BK = top.values.softmax(dim=1)
        for row, shares_K, ids_K, generator in zip(rows, shares_BK, top.indices, generators, strict=True):
            row.append(int(ids_K[torch.multinomial(shares_K, 1, generator=generator)]))


def _tried(do: Callable[..., Done], *arguments: Any) -> Done | UserError:
    """Return what ``do`` returns, or what is wrong with a sentence, so that the others are still looked at."""
    try:
        return do(*arguments)
    except UserError as problem:
        return problem


@contextmanager
def _at_rest(model: PreTrainedModel) -> Iterator[None]:
    """Look at a network without changing it, in full precision and with one thread.

    A few tokens are too little work to share: on a busy machine, waiting for a second thread takes longer than the work.
    """
    num_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with evaluation.at_rest(model, "fp32"):
            yield
    finally:
        torch.set_num_threads(num_threads)


def _logits_NV(model: PreTrainedModel, ids: list[int], positions: list[int]) -> torch.Tensor:
    """Return the scores at some positions of one sentence, on the CPU."""
    device = next(model.parameters()).device
    logits_NV = models.predict(model, torch.tensor([ids], device=device), torch.tensor(positions, device=device))
    return logits_NV.float().cpu()
