"""What a person wrote is never run nor rendered by a real browser, whatever it looks like."""

from urllib.parse import urlencode

import pytest

from tests.browser.conftest import still, store_of
from tests.pages import hostile_texts
from tools import app_server

PAGES = ("data", "tokenizers", "masking_lab", "loss_lab", "live", "runs", "attention", "heads")
ONLY_NUMBERS = {"loss_lab": {"logits": hostile_texts.ALL, "truth": hostile_texts.ALL}}  # pages that take nothing else
# reading `zqx`, as handlers and scripts among the texts do, is told
TRAP = f"Object.defineProperty(window, '{hostile_texts.SIGN}', {{get: () => {{ window.hit = true; }}}})"
LOOK = """(sign) => {
  const roots = [];
  const enter = (root) => {
    if (!root) return;
    roots.push(root);
    for (const each of root.querySelectorAll("*")) {
      if (each.shadowRoot) enter(each.shadowRoot);
      if (each.tagName === "IFRAME") enter(each.contentDocument);
    }
  };
  enter(document);
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const harms = all(`img[src="x"], a[href^="javascript"], [onerror]`);
  harms.push(...all("script").filter((each) => each.textContent.trim() === sign));
  const dressed = all("strong, em, del, code, a, h1, h2, h3, h4, .katex, span[style], [class*=olored]");
  harms.push(...dressed.filter((each) => each.closest("[data-testid=stMarkdownContainer]")
    && (each.textContent.trim() === sign || (each.matches(".katex") && each.textContent.includes(sign)))));
  return {
    ran: Boolean(window.hit),
    harms: [...new Set(harms)].map((each) => each.outerHTML.slice(0, 200)),
    shown: roots.some((root) => (root.body ?? root).innerText?.includes(sign) || root.textContent?.includes(sign))
      || all("input, textarea").some((each) => each.value.includes(sign)),
  };
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory, chromium):
    """A server whose text, run, labels and guessed words are all hostile; and what an address may say of them."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PLAYGROUND_HOME", str(folder / "home"))
        (folder / "home").mkdir()
        address = hostile_texts.fill(store_of(folder / "home"))
    started = app_server.start(folder, environment={"PLAYGROUND_HUB": "off"})
    yield started, address
    app_server.stop(started)


def test_no_page_runs_or_renders_what_a_person_wrote(server, visit):
    started, address = server
    page = visit(f"{started.url}/?lang=en", locale="en-GB")  # a window apart: the trap stays in it
    page.add_init_script(TRAP)
    for number, stem in enumerate(PAGES):
        asked = {**address, **ONLY_NUMBERS.get(stem, {}), "lang": ("en", "zh")[number % 2]}
        page.goto(f"{started.url}/{stem}?{urlencode(asked)}")
        still(page)
        page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((each) => each.click())")
        still(page)
        found = page.evaluate(LOOK, hostile_texts.SIGN)
        assert not found["ran"], stem
        assert not found["harms"], (stem, found["harms"])
        assert found["shown"] == (stem not in ONLY_NUMBERS), f"else this says nothing about {stem}"


def test_the_look_sees_what_is_rendered(visit, server):
    page = visit(f"{server[0].url}/?lang=en", locale="en-GB")
    page.evaluate("""() => {
      const made = document.createElement("div");
      made.dataset.testid = "stMarkdownContainer";
      made.innerHTML = '<strong>zqx</strong><span class="katex">zqx2</span><a href="javascript:alert(1)">zqx</a>';
      document.querySelector("[data-testid=stMain]").append(made);
    }""")
    assert len(page.evaluate(LOOK, hostile_texts.SIGN)["harms"]) == 3
