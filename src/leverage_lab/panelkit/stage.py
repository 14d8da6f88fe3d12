"""A panel in the page: one widget for controls, picture and sentence. Its front end is front/panel.js.

One message asks (which controls were moved, where to), one message answers (places, sentence and picture together), so
no picture ever stands above another's sentence. Another kind of question prefetches states that may come next.

If a question or its answer is lost on a broken link, the page sends the question again with the same ticket: it is not
done twice, only answered again. An answer is always complete, for the page may have missed the one before.
"""

import os
import time
from pathlib import Path

import anywidget
import traitlets

FRONT = Path(__file__).parent / "front"
ANSWER = ("shown", "refused", "sentence", "dates", "computed", "picture", "scale", "ticket")
APART = 1  # seconds; repeated questions closer together than that have waited in one queue: one answer is enough


def script(name):
    """The text of a front end, after what all of them share (dom.js): a widget's script cannot import another file."""
    shared, own = ((FRONT / file).read_text(encoding="utf-8") for file in ("dom.js", name))
    return shared.replace("export ", "") + own.partition('from "./dom.js";\n')[2]


class Stage(anywidget.AnyWidget):
    """The state of a panel's front end. answer(question) is called with moves, answer_ahead(question) to prefetch."""

    _esm = script("panel.js")
    _css = FRONT / "style.css"

    controls = traitlets.List().tag(sync=True)  # what each control is, as `describe` gives it
    size = traitlets.List().tag(sync=True)  # of the picture, in CSS pixels
    shown = traitlets.Dict().tag(sync=True)  # {control: its text and stop}
    refused = traitlets.Dict().tag(sync=True)  # {control: why what was typed is not shown}
    sentence = traitlets.Unicode().tag(sync=True)
    dates = traitlets.List().tag(sync=True)  # of its figures: a line, and a sentence if they are old; either may be ""
    computed = traitlets.List().tag(sync=True)  # while the page shows it: the Python, then the steps
    picture = traitlets.Bytes().tag(sync=True)  # a PNG
    scale = traitlets.Int(1).tag(sync=True)  # its pixels to one of the page
    ticket = traitlets.List().tag(sync=True)  # [view, number] of the question answered last
    ahead = traitlets.Bool().tag(sync=True)  # may the page prefetch pictures?

    @traitlets.default("ahead")
    def _ahead(self):
        return os.environ.get("LEVERAGE_LAB_AHEAD") != "0"  # a crowded hub may say 0

    def __init__(self, answer, answer_ahead, **state):
        super().__init__(**state)
        self._answer, self._answer_ahead = answer, answer_ahead
        self._done = {}  # {view: (number of its question answered last, when)}
        self.on_msg(self._hear)

    def _hear(self, _, question, __):
        if "ahead" in question:
            return self._answer_ahead(question)
        view, number = question["ticket"]
        last, when = self._done.get(view, (0, 0))
        if number < last or (number == last and time.monotonic() - when < APART):
            return
        try:
            if number > last:
                self._answer(question)
            else:
                self.show(ticket=question["ticket"])
        finally:
            self._done[view] = number, time.monotonic()

    def show(self, **state):
        """Send the whole state in one message."""
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)
            self._states_to_send.update(ANSWER)
