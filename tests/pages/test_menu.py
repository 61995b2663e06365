"""The frame: language and run stay with the reader, and names show letter by letter."""

from pages._ui import menu
from tests.pages.opening import fill, open_page


def queries(app) -> list[str]:
    return [link.proto.query_string for link in app.page_link]


def test_every_link_keeps_the_language() -> None:
    assert all("lang=zh" in query for query in queries(open_page("welcome", "zh")))


def test_menu_links_keep_the_run(store) -> None:
    run_id = fill(store)["done"]
    in_menu = queries(open_page("live", "en", run=run_id))[: len(menu.MENU)]
    assert all(f"run={run_id}" in query for query in in_menu), in_menu


def test_the_switch_puts_the_language_into_the_url() -> None:
    app = open_page("welcome", "en")
    app.button_group(key="shell.language").select("zh").run()
    assert app.query_params["lang"] == "zh"
    assert app.title[0].value == "预训练游乐场"


def test_an_unknown_language_in_the_url_is_no_error() -> None:
    app = open_page("welcome", "tlh")
    assert not app.exception
    assert app.title[0].value == "Pretraining Playground"


def test_a_name_is_escaped_for_labels() -> None:
    assert menu.as_it_is("**a** _b_ [c](d) $e$ <f>") == r"\*\*a\*\* \_b\_ \[c\]\(d\) \$e\$ \<f\>"
    assert ":\u200b" in menu.as_it_is(":smile:"), "no emoji short code may be left"
    assert menu.as_it_is("第一次，试验") == "第一次，试验"
