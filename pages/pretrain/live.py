"""Pretrain: watch one model learn."""

from pages._ui import page
from ssl_core.i18n import _

page.header(_("Live run"), _("What does a model learn in one minute of reading?"))
