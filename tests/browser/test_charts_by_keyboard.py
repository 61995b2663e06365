"""Pictures that arrow keys read are a stop of the Tab key only while there is something to read."""

from pathlib import Path

from playwright.sync_api import expect

PARTS = ("loss", "ranks", "matrix")
HERE = """() => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  const host = here?.getRootNode().host;
  const place = host?.closest("[class*='st-key-full-'], [class*='st-key-empty-']");
  return place?.className.match(/(full|empty)-(loss|ranks|matrix)/)?.[0];
}"""


def test_tab_stops_at_what_can_be_read_and_passes_what_is_empty(serve, visit):
    page = visit(f"{serve(script=Path(__file__).parent / 'charts_alone.py').url}/?lang=en")
    for part in PARTS:
        expect(page.locator(f".st-key-full-{part} [role=application]")).to_have_attribute("tabindex", "0")
        expect(page.locator(f".st-key-empty-{part} [role=img]").first).to_be_attached()
        expect(page.locator(f".st-key-empty-{part} [tabindex]")).to_have_count(0)
    page.locator("h1").click()
    stops = []
    for _press in range(12):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(HERE))
    assert [each for each in dict.fromkeys(stops) if each] == [f"full-{part}" for part in PARTS]
