"""What appears on the live page before, during and after a run, and beside broken runs: whole and readable for everyone."""

import pytest
from playwright.sync_api import expect

from pages._ui import own_sentence
from ssl_core import paths, pretext
from ssl_core.i18n import current_language, set_language, translate
from ssl_core.models import arithmetic, speed
from ssl_core.models.arithmetic import Arithmetic
from ssl_core.runs import pairs, presets
from tests.browser.conftest import PHONE, WIDE, assert_fits_a_phone, assert_readable_in_both_themes, still, store_of
from tests.pages.opening import LINES, add_run

SLOW_S = 6.0  # a step, so that a minute is too short for every baseline
MISTAKE, TASK, TEXT = "targets_not_shifted", "causal_lm", "tinyworld-en"
MEASURED = Arithmetic(
    precision="fp32", optimizer_precision="fp32", threads=1, bf16_slowdown=15.0, optimizer_bf16_slowdown=15.0, flops_per_s=1e11
)
BETWEEN = {"width": 900, "height": 800}
TASKS = {}  # a preset of each way of being shown
for _each in presets.PRESETS:
    TASKS.setdefault(pretext.task(_each.task).PROBE, _each.key)
IS_CUT = """selector => [...document.querySelectorAll(selector)].map(each => ({
  text: each.innerText, isCut: each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1,
  isOutside: each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().height === 0}))"""


def told(store, run_id):
    """Let a run say what it computes with."""
    payload = {"device": "cpu", "parameters": 1000, "vocabulary": 1024, "arithmetic": MEASURED.to_json()}
    store.add_event(run_id, "started", step=0, elapsed_s=0.0, payload=payload)
    return run_id


def keep_network(run_id):
    """Leave a network's files, which nobody opens: there is no engine."""
    folder = paths.run_folder(run_id) / "model"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"")


def short_pair(store):
    """Two runs of the page of mistakes that made three steps only."""
    ids = []
    for spec in pairs.pair(MISTAKE, TASK, TEXT, seconds=20.0):
        ids.append(store.submit(spec, worker="elsewhere:1:1"))
        store.mark(ids[-1], "running")
        store.add_event(ids[-1], "baselines", step=0, elapsed_s=0.0, payload=LINES)
        for step in (1, 2, 3):
            point = {
                "step": step,
                "elapsed_s": SLOW_S * step,
                "tokens": 1024 * step,
                "train_loss_nats": 6.0,
                "val_loss_nats": 6.0,
            }
            store.add_metric(ids[-1], point)
        store.finish(ids[-1], "done", result={"val_loss_nats": 6.0, "steps": 3, "elapsed_s": 18.0, "baselines": LINES})
    return f"break_it?mistake={MISTAKE}&guess=nothing&right={ids[0]}&broken={ids[1]}"


@pytest.fixture(scope="module")
def addresses(serve):
    """A server on a slow machine, and an address on it for each box."""
    server = serve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_HOME", str(server.home))
        for each in presets.PRESETS:
            speed.keep_measured(speed.key(presets.spec(each.key), "cpu"), SLOW_S)
        store, found = store_of(server.home), {"offers before the start": "live?"}
        for name, keeps in (("finished", True), ("no model", False)):
            run_id = told(store, add_run(store, "done", steps=5, seed=int(keeps)))
            if keeps:
                keep_network(run_id)
            found[name] = f"live?run={run_id}"
        found["while it runs"] = f"live?run={told(store, add_run(store, 'running', steps=5, seed=5))}"
        for probe, preset in TASKS.items():
            run_id = add_run(store, "done", preset=preset, steps=5)
            keep_network(run_id)
            found[f"box of {probe}"] = f"live?run={run_id}"
        found["not shown yet"] = short_pair(store)
    return {name: f"{server.url}/{address}" for name, address in found.items()}


def open_box(visit, addresses, name, language, **options):
    page = visit(f"{addresses[name]}&lang={language}", **options)
    still(page)
    return page


BOXES = {
    "offers before the start": (".st-key-live-longer button", ".st-key-live-sentence label"),
    "while it runs": (".st-key-live-pause button", ".st-key-live-sentence label", ".live-arithmetic"),
    "finished": (".st-key-live-longer button", ".st-key-live-sentence label", ".live-arithmetic"),
    "no model": (".st-key-live-longer button", ".st-key-live-sentence label"),
    "not shown yet": (".st-key-break-longer button", ".st-key-break-guess"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", BOXES)
def test_axe_finds_nothing_serious_in_any_box_and_a_phone_scrolls_only_downwards(name, language, addresses, visit) -> None:
    page = open_box(visit, addresses, name, language, reduced_motion="reduce")
    for selector in BOXES[name]:
        expect(page.locator(selector).first).to_be_visible()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sentence_that_waits_for_its_answer_stands_first_and_is_readable(language, addresses, visit) -> None:
    page = open_box(visit, addresses, "finished", language, reduced_motion="reduce")
    box = page.locator(".st-key-live-sentence input")
    box.fill("Zed <b>sees</b> ___.")
    box.press("Enter")
    expect(page.locator(".probes .sentence").first).to_contain_text("Zed <b>sees</b>", timeout=20_000)
    expect(page.locator(".live-head span")).to_have_text(translate("The engine is starting …", language))
    assert_readable_in_both_themes(page)
    assert not cut(page, ".live-head span")


def cut(page, selector):
    """Return what of these is cut off, or not there."""
    found = page.evaluate(IS_CUT, selector)
    assert found, f"nothing is {selector}"
    return [each["text"] for each in found if each["isCut"] or each["isOutside"]]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [WIDE, BETWEEN, PHONE], ids=["wide", "between", "phone"])
def test_what_the_box_asks_for_is_never_cut(size, language, addresses, visit) -> None:
    for probe in TASKS:
        page = open_box(visit, addresses, f"box of {probe}", language, size=size)
        label = page.locator(".st-key-live-sentence label")
        expected = translate(own_sentence.INVITATIONS.get(probe, "Your own sentence"), language)
        expect(label).to_have_text(expected)
        assert not cut(page, ".st-key-live-sentence label"), probe
        page.locator(".st-key-live-sentence input").fill("x")
        expect(label).to_have_css("opacity", "0")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [WIDE, BETWEEN, PHONE], ids=["wide", "between", "phone"])
def test_the_words_about_number_formats_are_whole(size, language, addresses, visit) -> None:
    page = open_box(visit, addresses, "finished", language, size=size)
    expect(page.locator(".live-arithmetic")).to_have_text(arithmetic_words(language))
    assert not cut(page, ".live-arithmetic, .live-numbers dd, .live-numbers dt")


def arithmetic_words(language):
    before = current_language()
    set_language(language)
    try:
        return arithmetic.sentence(MEASURED.to_json())
    finally:
        set_language(before)


@pytest.mark.parametrize("size", [WIDE, BETWEEN, PHONE], ids=["wide", "between", "phone"])
def test_with_an_own_sentence_the_last_one_is_whole(size, addresses, visit) -> None:
    page = open_box(visit, addresses, "box of fill", "en", size=size)
    box = page.locator(".st-key-live-sentence input")
    box.fill("Zed sees ___.")
    box.press("Enter")
    expect(page.locator(".probes .sentence").first).to_contain_text("Zed", timeout=20_000)
    still(page)
    assert page.locator(".probes").evaluate("box => box.scrollHeight - box.clientHeight") <= 0


@pytest.mark.parametrize("name", ["offers before the start", "while it runs", "finished", "no model"])
def test_no_line_is_left_empty(name, addresses, visit) -> None:
    page = open_box(visit, addresses, name, "en")
    expect(page.locator(".st-key-live-enough .pp-note")).not_to_be_empty()
