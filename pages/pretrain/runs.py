"""Pretrain: every run there is."""

from pages._ui import page
from ssl_core.i18n import _

page.header(_("Runs"), _("Which runs are there, and which of them learned most?"))
