"""Shared parts of the pages.

language.use() / .switch()        the language of this script run; the switch in the sidebar
language.fragment(run_every)      st.fragment that keeps language and address in its own reruns: use it, never st.fragment
menu.MENU, menu.pages()           sections and pages, one tuple
menu.link(stem, label, **params)  a link to a page ("live", "runs", "welcome") that keeps language and run
menu.go(stem, **params)           leave for another page from code (st.switch_page), keeping language and run
menu.run_id() / .set_run_id(id)   the run in the URL (?run=…)
page.header(title, question)      what stands at the top of every page
page.prose(name)                  assets/prose/<language>/<name>.md as text
page.shown(show, back)           run what makes up a page; trouble that a reader can mend is told, with a way back
section.show(title, make, key=…)  a section that opens; what is in it is made when it is first opened
address.put(name, value) / .take(…)  a choice in the address; take is for on_change of a widget that the page sets, too
address.put_all(names, values)    several at once; setup_address.put(spec) is the run being set up on the live page
address.settle()                  first, in a callback that reads the address to change it: the browser may know an older one
on_click, on_change               read widgets when they are called (st.session_state): args= hold what the page had laid out
page.message(error)               a UserError, shown as a message
style.task_colour(task)           the fixed colour of a pretext task, as CSS light-dark(…): it follows the reader's theme
style.colour(number)              another colour of the house, the same way
loss_chart.show(record, key)      one run: losses, guess, named lines, flags; is_live=True lets the newest point breathe
loss_chart.compare(records, key)  several runs on one chart, against "seconds", "steps" or "tokens"
loss_chart.several(name, curves, …)  a chart of other curves, for loss_chart.draw
loss_chart.numbers(record, key)   the same as a table that opens
loss_chart.summary(record)        the same in one sentence
rank_chart.show(portraits, key)   how often the words of one or two texts occur, by rank, with Zipf's line
text_upload.show(key, action, take)  a text of the learner's own: looked at, then kept; take(key) hears its key
run_reading.store() / .record(id)  the run store; one run, read once for all who watch it
asking.show(kind, payload, draw, place=, height=)  ask a model (ssl_core.analysis) and draw the answer when it is there
asking.together([(kind, payload), …], draw, place=)  several questions, drawn when all answers are there; meanwhile= draws some
lab_models.available(reading)     the models that can be asked to fill a blank; whatever else can be asked joins here
pace.seconds()                    seconds between two looks, more as more people look on: for fragment(run_every)
--pp-ground, --pp-ink, --pp-quiet, --pp-line, --pp-card, --pp-well, --pp-accent, --pp-good, --pp-warn, --pp-bad
                                  CSS colours of the frame, set on .stApp (assets/shell.css); they reach into components
"""
