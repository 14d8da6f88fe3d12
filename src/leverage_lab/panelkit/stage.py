"""What a panel looks like in the page: one widget for controls, picture and sentence.

Its front end is front/panel.js. One message asks (which controls were moved, where to), one message
answers (places, sentence and picture together), so no picture ever stands above another's sentence.
Another kind of question asks ahead: for states that may come next, without going there.

A page whose question or answer was lost on a broken link asks again, with the same ticket: what was
answered already is not done twice, only told again. An answer is always whole, for the page may
have missed the one before.
"""

import os
import time
from pathlib import Path

import anywidget
import traitlets

FRONT = Path(__file__).parent / "front"
ANSWER = ("shown", "refused", "sentence", "dates", "picture", "scale", "ticket")
APART = 1  # seconds; repeated questions that come closer together have waited in one queue, and one answer will do


class Stage(anywidget.AnyWidget):
    """The state of a panel's front end; `asked(question)` is called with what was moved, `asked_ahead` with what may be."""

    _esm = FRONT / "panel.js"
    _css = FRONT / "style.css"

    controls = traitlets.List().tag(sync=True)  # what each control is, as `describe` gives it
    size = traitlets.List().tag(sync=True)  # of the picture, in CSS pixels
    shown = traitlets.Dict().tag(sync=True)  # {control: its text and stop}
    refused = traitlets.Dict().tag(sync=True)  # {control: why what was typed is not shown}
    sentence = traitlets.Unicode().tag(sync=True)
    dates = traitlets.List().tag(
        sync=True
    )  # when its figures are from: a line, and a sentence if they are old; either may be ""
    picture = traitlets.Bytes().tag(sync=True)  # a PNG
    scale = traitlets.Int(1).tag(sync=True)  # its pixels to one of the page
    ticket = traitlets.List().tag(sync=True)  # [view, number] of the question that was answered last
    ahead = traitlets.Bool().tag(sync=True)  # may the page fetch pictures ahead?

    @traitlets.default("ahead")
    def _ahead(self):
        return os.environ.get("LEVERAGE_LAB_AHEAD") != "0"  # a crowded hub may say 0

    def __init__(self, asked, asked_ahead, **state):
        super().__init__(**state)
        self._asked, self._asked_ahead = asked, asked_ahead
        self._done = {}  # {view: (number of its question that was answered last, when)}
        self.on_msg(self._hear)

    def _hear(self, _, question, __):
        if "ahead" in question:
            return self._asked_ahead(question)
        view, number = question["ticket"]
        last, when = self._done.get(view, (0, 0))
        if number < last or (number == last and time.monotonic() - when < APART):
            return
        try:
            if number > last:
                self._asked(question)
            else:
                self.show(ticket=question["ticket"])
        finally:
            self._done[view] = number, time.monotonic()

    def show(self, **state):
        """All of it in one message."""
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)
            self._states_to_send.update(ANSWER)
