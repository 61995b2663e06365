"""The one exception a person is meant to read."""

from collections.abc import Mapping
from typing import Any

from ssl_core.i18n import translate


class UserError(Exception):
    """Something a person can put right: says what it is, what is allowed and what to do.

    ``template`` is the English text, marked with ``N_()``, with ``{named}`` places; ``values`` fill them. The text is
    put together when it is read, so one error can be shown in any language, also after a trip through the store.
    """

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def message(self, language: str | None = None) -> str:
        """Return the text in ``language`` (default: the current one); values are inserted as they are."""
        return translate(self.template, language).format(**self.values)

    def __str__(self) -> str:
        return self.message()

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` needs to rebuild this error in another process."""
        return {"template": self.template, "values": {key: _plain(value) for key, value in self.values.items()}}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "UserError":
        """Rebuild an error saved by ``to_json``."""
        return cls(saved["template"], **saved["values"])


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
