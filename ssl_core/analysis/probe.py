"""What the network of a run makes of a sentence, asked as the run itself watches its sentences: as its pretext task does.

Payload:  "model" (a run, or a model of the shelf), "text".
Values:   "step", and "probe": what an event ``probe`` of the run holds, see ``training.probes``.
"""

from collections.abc import Mapping
from typing import Any

from ssl_core import corpora, pretext
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.base import vocabulary_of
from ssl_core.training import label_rows, probes

SEED = 0
"""The same sentence is continued the same way each time it is asked about."""


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Show the sentence to the network.

    Raises: UserError if the sentence can't be used, or the network was not trained here.
    """
    subject = open_subject(payload["model"])
    if subject.spec is None:
        raise UserError(N_("This network was trained elsewhere, on a task that is not known here. Choose another run."))
    watched = _watched(subject, subject.spec)
    (made,) = probes.KINDS[subject.reads](watched, [str(payload["text"])])
    if isinstance(made, UserError):
        raise made
    return Reply(values={"step": subject.step, "probe": made})


def _watched(subject: Subject, spec: RunSpec) -> probes.Watched:
    vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, vocabulary_of(subject.tokenizer))
    return probes.Watched(
        model=subject.model, tokenizer=subject.tokenizer, vocabulary=vocabulary, spec=spec, seed=SEED, label_names=_labels(spec)
    )


def _labels(spec: RunSpec) -> tuple[str, ...]:
    """Return the names of the classes that the network learnt to tell; () where it learnt none, or its text is gone."""
    wanted = pretext.needed_label(spec.task, spec.task_settings)
    if wanted is None:
        return ()
    try:
        return label_rows.names(corpora.load(spec.corpus), wanted)
    except UserError:  # then the blanks alone are filled
        return ()
