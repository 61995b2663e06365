"""A whole HTML document around one of BertViz's views, which needs nothing from anywhere else.

BertViz itself imports torch, so its scripts are read as files; they, jQuery and d3 stand in the document.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pages._ui import bertviz_data
from pages._ui.bertviz_data import HEAD, MODEL, NEURON, Chosen, Seen
from ssl_core.corpora import installed
from ssl_core.i18n import _, current_language

FOLDER = Path(__file__).parents[2] / "assets" / "bertviz"
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_LIBRARIES = (
    ("XStatic-jQuery", "xstatic/pkg/jquery/data/jquery.slim.min.js"),
    ("mpld3", "mpld3/js/d3.v5.min.js"),  # bertviz asks for 5.7.0, and this is 5.7.0
)


def document(shown: Seen, chosen: Chosen) -> str:
    """Return the document of a view. Tokens are data in it, never markup."""
    scripts = "".join(f"<script>{each}</script>" for each in (*_libraries(), _own("frame.js"), _view(chosen.view)))
    return (
        f'<!doctype html><html lang="{current_language()}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        f"<title>BertViz</title><style>{_own('frame.css')}</style></head>"
        f'<body class="{chosen.view}"><div id="bertviz"><div class="choices">{_choices(shown, chosen)}</div>'
        f'<div id="vis"></div></div>'
        f"{_data('params', bertviz_data.parameters(shown, chosen))}{_data('words', _words(chosen))}{scripts}</body></html>"
    )


def _choices(shown: Seen, chosen: Chosen) -> str:
    """Return the menus that bertviz's scripts fill and listen to, by their names."""
    menus = ""
    if chosen.view != MODEL:
        menus += _menu(_("Layer"), "layer")
    if chosen.view == NEURON:
        menus += _menu(_("Head"), "att_head")
    names = bertviz_data.filters(shown, chosen.view)
    if len(names) > 1:
        values = names if chosen.view == NEURON else range(len(names))
        options = [
            f'<option value="{value}">{escape(_(bertviz_data.SENTENCES[name]))}</option>'
            for value, name in zip(values, names, strict=True)
        ]
        menus += _menu(_("Which tokens"), "filter", "".join(options))
    return menus


def _menu(label: str, name: str, options: str = "") -> str:
    return f'<label>{escape(label)} <select id="{name}">{options}</select></label>'


def _words(chosen: Chosen) -> dict[str, Any]:
    """Return what bertviz writes in English, or counts from 0, and what is to stand there."""
    layers, heads = ([str(each + 1) for each in numbers] for numbers in (chosen.layers, chosen.heads))
    return {
        "fixed": {
            "Heads": _("Heads"), "Layers": _("Layers"), "Query ": _("Query") + " ", "Key ": _("Key") + " ",
            "q × k (elementwise)": _("Products q × k"), "Softmax": "Softmax",
            "No token selected": _("Point at a token"),
        },
        "place": _("Layer {layer}, head {head}"),
        "options": {"layer": layers, "att_head": heads} if chosen.view == NEURON else {},
        "squares": [_("Head {head}").format(head=each) for each in heads] if chosen.view == HEAD else None,
    }  # fmt: skip


def _data(name: str, values: Mapping[str, Any]) -> str:
    """Return JSON that a browser reads as text to its end, whatever a token is: no "<" stands in it."""
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{written}</script>'


@cache
def _libraries() -> tuple[str, ...]:
    return tuple(_file(package, path) for package, path in _LIBRARIES)


@cache
def _view(view: str) -> str:
    return _file("bertviz", f"bertviz/{view}_view.js").replace("PYTHON_PARAMS", "window.bertviz_params", 1)


@cache
def _own(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _file(package: str, path: str) -> str:
    """Return a script of an installed package, without running the package."""
    script = installed.path_in(package, path).read_text(encoding="utf-8")
    assert not re.search("</script|<!--", script, re.IGNORECASE), f"{path} would end its place in a document"
    return script
