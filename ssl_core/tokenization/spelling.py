"""How tokenizers write down that a token belongs to the word before it, or that a space stands before it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from tokenizers import Tokenizer

CONTINUATION = "##"
"""How a piece of a word begins that belongs to the piece before it, in WordPiece."""


class Spelling(ABC):
    """The way from tokens to text in one family of tokenizers."""

    @abstractmethod
    def joined(self, tokens: Sequence[str]) -> str:
        """Return the text that the tokens stand for."""

    def shown(self, token: str) -> str:
        """Return what a token stands for; a piece inside a word says nothing of that here."""
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


def spelling_of(tokenizer: Tokenizer) -> Spelling:
    """Return how a tokenizer spells, by the decoder it carries."""
    decoder = type(tokenizer.decoder).__name__
    if type(tokenizer.model).__name__ == "WordPiece":
        return Hashed()
    return Spaced() if decoder in ("WordPiece", "NoneType") else Bare()
