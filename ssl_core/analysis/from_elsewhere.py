"""Opening networks that others trained: weights as safetensors only, no code of theirs is run."""

import logging
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoModel

from ssl_core.analysis.base import Subject, num_bytes
from ssl_core.corpora import installed, online
from ssl_core.models import elsewhere
from ssl_core.models.elsewhere import Network

MAX_CONTEXT = 128
LOG = logging.getLogger(__name__)


def opened(network: Network) -> Subject:
    """Return a network at rest and its tokenizer; what is not here yet is fetched once, then kept by the hub's own cache.

    Raises: UserError if it is neither installed nor within reach.
    """
    folder = installed.path_in(network.package, network.inner) if network.package else _fetched(network)
    model = AutoModel.from_pretrained(folder, use_safetensors=True, trust_remote_code=False, local_files_only=True)
    model.eval()
    tokenizer = Tokenizer.from_file(str(folder / elsewhere.TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    places = getattr(model.config, "max_position_embeddings", MAX_CONTEXT)
    return Subject(
        model=model,
        tokenizer=tokenizer,
        context_tokens=min(places, MAX_CONTEXT),
        reads=None,
        step=None,
        num_bytes=num_bytes(model),
    )


def _fetched(network: Network) -> Path:
    from huggingface_hub import snapshot_download

    is_here = elsewhere.is_here(network)
    if not is_here and not online.is_online_now():  # the hub's own client would try for half a minute
        raise elsewhere.out_of_reach(network)
    try:
        return Path(
            snapshot_download(
                network.repository,
                revision=network.revision,
                allow_patterns=[elsewhere.WEIGHTS, elsewhere.TOKENIZER, "config.json"],
                local_files_only=is_here,
            )
        )
    except Exception as error:
        LOG.warning("%s could not be fetched: %s", network.repository, error)
        raise elsewhere.out_of_reach(network) from error
