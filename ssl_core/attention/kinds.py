"""Whose tokens look at whose. Needs no torch, so that pages can ask."""

from ssl_core.i18n import N_

SELF, DECODER, CROSS = "self", "decoder", "cross"
KINDS = {
    SELF: N_("Tokens at tokens of the same text"),
    DECODER: N_("The writer at what it wrote"),
    CROSS: N_("The writer at what was read"),
}
"""A network of one part has only the first."""
