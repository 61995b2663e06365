"""The held-out text of a network's own run, validation or test, asked as its pretext task asks it."""

# N tokens of one document

import numpy as np
import torch

from ssl_core import corpora, pretext, tokenization
from ssl_core.analysis.base import Subject
from ssl_core.corpora.splits import split
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import vocabulary_of
from ssl_core.training import evaluation
from ssl_core.training.evaluation import HeldOut
from ssl_core.training.windows import Text, maker

USUAL_TOKENS, MOST_TOKENS = 2_048, 32_768
USUAL_HEADS = 16
"""A network of more heads, each of which is to be judged, is usually asked about less text."""
TOKENS_AT_ONCE = 1_024


def held_out(subject: Subject, num_sequences: int | None = None, part: str = "validation") -> HeldOut:
    """Set sequences of the validation or test text aside, always the same ones, hidden the same way; see ``usual_sequences``.

    Raises: UserError if the network was not trained here, or its text is gone.
    """
    spec = subject.spec
    if spec is None:
        raise UserError(N_("This model was not trained here, so there is no text of its own to judge it by."))
    num_sequences, most = num_sequences or usual_sequences(subject), MOST_TOKENS // subject.context_tokens
    if not 0 < num_sequences <= most:
        raise UserError(N_("{count} sequences were asked for; ask for 1 to {limit}."), count=num_sequences, limit=most)
    vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, vocabulary_of(subject.tokenizer))
    return evaluation.hold_out(
        text(subject, spec, num_sequences, part),
        maker(spec.task, spec.task_settings, vocabulary),
        num_sequences=num_sequences,
        context_tokens=subject.context_tokens,
        device=torch.device("cpu"),
        windows_at_once=max(1, TOKENS_AT_ONCE // subject.context_tokens),
    )


def usual_sequences(subject: Subject) -> int:
    """Return how many sequences a network is judged by, so that judging it without each head takes seconds: 4 at least."""
    config = subject.model.config
    num_heads: int = max(USUAL_HEADS, config.num_hidden_layers * config.num_attention_heads)
    return max(4, USUAL_TOKENS * USUAL_HEADS // num_heads // subject.context_tokens)


def text(subject: Subject, spec: RunSpec, num_sequences: int, part: str = "validation") -> Text:
    """Return a held-out part of the text as a row of tokens: as tokenised for the run, else as much of it as is needed."""
    corpus = corpora.load(spec.corpus)
    if tokenization.is_cached(corpus, spec.tokenizer):
        found = tokenization.tokenized(corpus, spec.tokenizer)
        if found.tokenizer.get_vocab() == subject.tokenizer.get_vocab():
            return Text.of(found, part)
    documents = getattr(split(corpus.documents()), part)
    ids, starts, num_tokens = [], [], 0
    for ids_N, starts_N in kinds.encode_ended(subject.tokenizer, documents):
        ids.append(ids_N)
        starts.append(starts_N)
        num_tokens += len(ids_N)
        if num_tokens >= num_sequences * subject.context_tokens:
            break
    if num_tokens < subject.context_tokens:
        raise UserError(N_("The text of this model is too short to judge it by: it does not fill its context once."))
    return Text(ids=np.concatenate(ids), starts_word=np.concatenate(starts))
