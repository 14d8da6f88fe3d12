"""What a panel looks like in the page: one widget for controls, picture and sentence.

Its front end is front/panel.js. One message asks (which controls were moved, where to), one message
answers (places, sentence and picture together), so no picture ever stands above another's sentence.
Another kind of question asks ahead: for states that may come next, without going there.
"""

import os
from pathlib import Path

import anywidget
import traitlets

FRONT = Path(__file__).parent / "front"


class Stage(anywidget.AnyWidget):
    """The state of a panel's front end; `asked(question)` is called with what was moved, `asked_ahead` with what may be."""

    _esm = FRONT / "panel.js"
    _css = FRONT / "style.css"

    controls = traitlets.List().tag(sync=True)  # what each control is, as `describe` gives it
    size = traitlets.List().tag(sync=True)  # of the picture, in CSS pixels
    shown = traitlets.Dict().tag(sync=True)  # {control: its text and stop}
    refused = traitlets.Dict().tag(sync=True)  # {control: why what was typed is not shown}
    sentence = traitlets.Unicode().tag(sync=True)
    dates = traitlets.List().tag(sync=True)  # when its figures are from: a line, and a sentence if they are old; either may be ""
    picture = traitlets.Bytes().tag(sync=True)  # a PNG
    scale = traitlets.Int(1).tag(sync=True)  # its pixels to one of the page
    ticket = traitlets.Unicode().tag(sync=True)  # of the question that was answered last
    ahead = traitlets.Bool().tag(sync=True)  # may the page fetch pictures ahead?

    @traitlets.default("ahead")
    def _ahead(self):
        return os.environ.get("LEVERAGE_LAB_AHEAD") != "0"  # a crowded hub may say 0

    def __init__(self, asked, asked_ahead, **state):
        super().__init__(**state)
        self.on_msg(lambda _, question, __: (asked_ahead if "ahead" in question else asked)(question))

    def show(self, **state):
        """All of it in one message."""
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)
