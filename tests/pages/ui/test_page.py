"""What stands on every page: as many messages as there are problems, and none of them is markup."""

from streamlit.testing.v1 import AppTest

from tests.pages.opening import texts


def test_a_page_may_hold_any_number_of_messages_even_the_same_one_twice():
    def script() -> None:
        from pages._ui import page
        from ssl_core.errors import UserError

        for reason in ("one", "two", "two"):
            page.message(UserError("{reason} went wrong.", reason=reason))

    app = AppTest.from_function(script).run()
    assert not app.exception, app.exception
    assert [each.body.count("went wrong.") for each in app.html] == [1, 1, 1]


def test_a_message_says_letter_by_letter_what_it_was_given():
    def script() -> None:
        from pages._ui import page
        from ssl_core.errors import UserError

        page.message(UserError("There is no {what}.", what="<script>alert(1)</script> *x* :smile:"))

    app = AppTest.from_function(script).run()
    assert "There is no &lt;script&gt;alert(1)&lt;/script&gt; *x* :smile:." in texts(app)
    assert not app.markdown
