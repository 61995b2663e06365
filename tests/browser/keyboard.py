"""Walking a page with the Tab key."""

import pytest
from playwright.sync_api import Page

MOST_PRESSES = 60
HAS_FOCUS = """selector => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return Boolean(here?.matches(selector));
}"""


def tab_to(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press Tab until what ``selector`` names has the focus."""
    for _press in range(MOST_PRESSES):
        if page.evaluate(HAS_FOCUS, selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} never reaches {selector}")
