"""Start: the way from raw text to a useful model, and one run replayed."""

from pages._ui import menu, page
from ssl_core.i18n import _

page.header(_("Pretraining Playground"), _("How does a language model learn from text that nobody labelled?"))
menu.link("live", _("Watch a model learn now"))
