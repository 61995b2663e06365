"""Shared parts of the pages.

language.use() / .switch()       the language of this script run; the switch in the sidebar
language.fragment(run_every)     st.fragment that keeps the language in its own reruns: use it, never st.fragment
menu.MENU, menu.pages()          sections and pages, one tuple
menu.link(stem, label, **params) a link to a page ("live", "runs", "welcome") that keeps language and run
menu.go(stem, **params)          leave for another page from code (st.switch_page), keeping language
menu.run_id() / .set_run_id(id)  the run in the URL (?run=…)
page.header(title, question)     what stands at the top of every page
page.prose(name)                 assets/prose/<language>/<name>.md as text
page.message(error)               a UserError, shown as a message with a way on
style.is_dark()                  whether this viewer's theme is dark
style.task_colour(task)          the fixed colour of a pretext task
"""
