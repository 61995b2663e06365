"""Sources with their links."""

import re

_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
_ADDRESS = re.compile(r"(?<![(\[])https://\S+[^\s.,;)]")


def linked(citation: str) -> str:
    """Return a citation as Markdown in which papers on arXiv and addresses are links."""
    return _ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", _ADDRESS.sub(r"<\g<0>>", citation))
