"""How tokenizers write down that a token belongs to the word before it, or that a space stands before it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from tokenizers import Tokenizer

from ssl_core.corpora.letters import CJK, is_letter

CONTINUATION = "##"
"""How a piece of a word begins that belongs to the piece before it, in WordPiece."""

BLANK = "▁"
"""How SentencePiece writes a space."""

_VISIBLE = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
_OTHERS = [byte for byte in range(256) if byte not in _VISIBLE]
CHARACTER_OF_BYTE = {byte: chr(byte) for byte in _VISIBLE} | {byte: chr(0x100 + place) for place, byte in enumerate(_OTHERS)}
"""One visible character for each byte: itself where it has a shape in Latin-1, else the next free one (a space is "Ġ")."""

_BYTE_OF = {character: byte for byte, character in CHARACTER_OF_BYTE.items()}
_CHINESE = re.compile(f"[{CJK}]")
_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")


class Spelling(ABC):
    """The way from tokens to text in one family of tokenizers."""

    @abstractmethod
    def joined(self, tokens: Sequence[str]) -> str:
        """Return the text that the tokens stand for."""

    def shown(self, token: str) -> str:
        """Return what a token stands for, a space included; a byte that is no whole character is U+DC00 and its value."""
        return self.joined([token])

    def continues(self, token: str) -> bool:
        """Say whether a token, by its looks, belongs to the word before it."""
        return False

    @property
    def spaces_between(self) -> bool:
        """Say whether spaces are left out of the tokens and put back by guess."""
        return False


class Hashed(Spelling):
    """WordPiece: "play", "##ing"; spaces are not kept."""

    def joined(self, tokens: Sequence[str]) -> str:
        """Join pieces, with a space between words."""
        text = "".join(each.removeprefix(CONTINUATION) if self.continues(each) else f" {each}" for each in tokens)
        return text.removeprefix(" ")

    def shown(self, token: str) -> str:
        """Return the piece without its mark."""
        return token.removeprefix(CONTINUATION)

    def continues(self, token: str) -> bool:
        """Read the mark."""
        return token.startswith(CONTINUATION)

    @property
    def spaces_between(self) -> bool:
        """Spaces are put back by guess."""
        return True


class Spaced(Spelling):
    """One token a word: "play", "playing"; spaces are not kept."""

    def joined(self, tokens: Sequence[str]) -> str:
        """Join words with spaces."""
        return " ".join(tokens)

    @property
    def spaces_between(self) -> bool:
        """Spaces are put back by guess."""
        return True


class Bare(Spelling):
    """Tokens that are text as it stands: characters, Chinese words."""

    def joined(self, tokens: Sequence[str]) -> str:
        """Join tokens as they are."""
        return "".join(tokens)


class Bytes(Spelling):
    """Byte-level byte pairs: "Ġplay", "ing"; every byte, spaces included, is written as one visible character."""

    def joined(self, tokens: Sequence[str]) -> str:
        """Put the bytes together; what is no whole character becomes "\ufffd"."""
        return self.bytes_of("".join(tokens)).decode("utf-8", "replace")

    def shown(self, token: str) -> str:
        """Return a token with its space."""
        return self.bytes_of(token).decode("utf-8", "surrogateescape")

    def bytes_of(self, token: str) -> bytes:
        """Return the bytes of a token; what is no byte's character stands for itself."""
        return b"".join(bytes([_BYTE_OF[each]]) if each in _BYTE_OF else each.encode() for each in token)

    def continues(self, token: str) -> bool:
        """Say whether a token looks like the inside of a word: a letter or a part of a character first, and no space."""
        return _looks_inside(self.bytes_of(token))


class Blanks(Spelling):
    """SentencePiece: "▁play", "ing"; a space is written "▁", an unknown character perhaps as its bytes, "<0xE4>"."""

    def joined(self, tokens: Sequence[str]) -> str:
        """Put spaces and bytes back; the space that stands before the first word is no part of the text."""
        return self.bytes_of(tokens).decode("utf-8", "replace").removeprefix(" ")

    def shown(self, token: str) -> str:
        """Return a token with its space."""
        return self.bytes_of([token]).decode("utf-8", "surrogateescape")

    def bytes_of(self, tokens: Sequence[str]) -> bytes:
        """Return the bytes of tokens, a space for each "▁"."""
        found = ((_BYTE_TOKEN.fullmatch(token), token) for token in tokens)
        return b"".join(bytes([int(byte[1], 16)]) if byte else token.replace(BLANK, " ").encode() for byte, token in found)

    def continues(self, token: str) -> bool:
        """Say whether a token looks like the inside of a word: a letter or a part of a character first, and no space."""
        return _looks_inside(self.bytes_of([token]))


class Ended(Spelling):
    """Byte pairs with marked ends: "play", "ing</w>"; the space follows the end."""

    mark = "</w>"

    def joined(self, tokens: Sequence[str]) -> str:
        """Put a space behind each end."""
        return "".join(tokens).replace(self.mark, " ").removesuffix(" ")

    def shown(self, token: str) -> str:
        """Return a token with its space."""
        return token.replace(self.mark, " ")


def spelling_of(tokenizer: Tokenizer) -> Spelling:
    """Return how a tokenizer spells, by the decoder it carries."""
    decoder = str(tokenizer.decoder)
    if type(tokenizer.model).__name__ == "WordPiece":
        return Hashed()
    if "ByteLevel(" in decoder:
        return Bytes()
    if "Metaspace(" in decoder or BLANK in decoder:
        return Blanks()
    if "BPEDecoder(" in decoder:
        return Ended()
    return Bare() if "Fuse(" in decoder else Spaced()


def _looks_inside(content: bytes) -> bool:
    if content[:1] and 0x80 <= content[0] < 0xC0:  # goes on with a character that has begun
        return True
    first = content.decode("utf-8", "ignore")[:1]
    return bool(first) and is_letter(first) and not _CHINESE.match(first)
