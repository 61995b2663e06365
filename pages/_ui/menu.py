"""The menu: sections and pages in one tuple, and links that keep the language and the run."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from pages._ui import address, language, style
from ssl_core.i18n import N_, _, current_language

RUN = "run"
UNKNOWN = "pages/start/unknown.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page: ``stem`` names its file and its URL."""

    section: str
    stem: str
    title: str
    icon: str
    is_first: bool = False

    @property
    def path(self) -> str:
        """Return the page's file, as app.py sees it."""
        return f"pages/{self.section}/{self.stem}.py"


SECTIONS = {
    "start": N_("Start"),
    "text": N_("Text"),
    "pretext": N_("Pretext"),
    "pretrain": N_("Pretrain"),
    "inspect": N_("Inspect"),
}
MENU = (
    Entry(section="start", stem="welcome", title=N_("Welcome"), icon=":material/home:", is_first=True),
    Entry(section="text", stem="tinyworld", title=N_("TinyWorld"), icon=":material/public:"),
    Entry(section="text", stem="data", title=N_("Data"), icon=":material/library_books:"),
    Entry(section="text", stem="tokenizers", title=N_("Tokenizers"), icon=":material/content_cut:"),
    Entry(section="pretext", stem="masking_lab", title=N_("Masking lab"), icon=":material/visibility_off:"),
    Entry(section="pretext", stem="loss_lab", title=N_("Loss lab"), icon=":material/tune:"),
    Entry(section="pretrain", stem="live", title=N_("Live run"), icon=":material/show_chart:"),
    Entry(section="pretrain", stem="break_it", title=N_("Break it"), icon=":material/bug_report:"),
    Entry(section="pretrain", stem="runs", title=N_("Runs"), icon=":material/list_alt:"),
    Entry(section="inspect", stem="attention", title=N_("Attention"), icon=":material/grid_on:"),
    Entry(section="inspect", stem="heads", title=N_("Heads"), icon=":material/hub:"),
    Entry(section="inspect", stem="switch_off", title=N_("Switch off"), icon=":material/toggle_off:"),
)


def pages() -> dict[str, list[Page]]:
    """Return what st.navigation takes, with titles in the current language.

    An address that names no page gets one that says so: Streamlit's own answer covers the page, in English only.
    """
    found: dict[str, list[Page]] = {}
    for entry in MENU:
        made = st.Page(
            entry.path,
            title=_(entry.title),
            icon=entry.icon,
            url_path="" if entry.is_first else entry.stem,
            default=entry.is_first,
        )
        found.setdefault(_(SECTIONS[entry.section]), []).append(made)
    asked = _asked_path()
    entry = next((each for each in MENU if each.stem == asked), None)
    if asked and (entry is None or entry.is_first):
        path, title = (entry.path, _(entry.title)) if entry else (UNKNOWN, _("There is no such page"))
        found[""] = [st.Page(path, title=title, url_path=asked, visibility="hidden")]
    return found


def show(current: Page) -> None:
    """Draw the menu in the sidebar."""
    with st.container(key="shell-menu", gap=None):
        st.html(f'<div class="pp-brand">{style.logo()}<span>{_("Pretraining Playground")}</span></div>')
        for section, title in SECTIONS.items():
            st.html(f'<p class="pp-section">{_(title)}</p>')
            for entry in MENU:
                if entry.section == section:
                    where = "here" if current.title == _(entry.title) else "there"
                    with st.container(key=f"shell-{where}-{entry.stem}"):
                        link(entry.stem)


def link(stem: str, label: str | None = None, *, icon: str | None = None, **parameters: str) -> None:
    """Show a link to a page; language and run go along, ``parameters`` are added to the URL."""
    entry = _entry(stem)
    st.page_link(
        entry.path, label=label or _(entry.title), icon=entry.icon if icon is None else icon, query_params=_kept(parameters)
    )


def go(stem: str, **parameters: str) -> None:
    """Leave for another page now; language and run go along."""
    st.switch_page(_entry(stem).path, query_params=_kept(parameters))


def as_it_is(name: str) -> str:
    """Return a learner's text so that a label shows it letter by letter: no Markdown, no emoji, no formula."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", name).replace(":", ":\u200b")


def run_id() -> str:
    """Return the id of the run in the URL, or "" where none is named. It may be anything: ask the store."""
    return st.query_params.get(RUN, "")


def set_run_id(chosen: str) -> None:
    """Put a run into the URL, so that a reload or another browser shows the same one; "" takes it out."""
    address.put(RUN, chosen)


def _asked_path() -> str:
    """Return the last step of the address in the browser, "" for the first page."""
    address = urlsplit(str(st.context.url or ""))
    return unquote(address.path).rsplit("/", 1)[-1].strip()


def _entry(stem: str) -> Entry:
    return next(entry for entry in MENU if entry.stem == stem)


def _kept(parameters: dict[str, Any]) -> dict[str, str]:
    kept = {language.PARAMETER: current_language(), RUN: run_id(), **parameters}
    return {name: value for name, value in kept.items() if value}
