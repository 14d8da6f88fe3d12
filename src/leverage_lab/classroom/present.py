"""For the projector: the panels of a page one at a time, as large as the window, and live."""

import anywidget

from leverage_lab.panelkit.page import bundle
from leverage_lab.panelkit.stage import FRONT, script

KEYS = (
    "Left and Right, or Page Up and Page Down, move from panel to panel (not while a slider is selected);"
    " Esc ends the presentation."
)


class PresentButton(anywidget.AnyWidget):
    """The button that starts it; the rest happens in the page (front/present.js)."""

    _esm = script("present.js")
    _css = FRONT / "style.css"


class Presentation:
    """What `present()` gives a notebook."""

    def __init__(self):
        self.widget = PresentButton()

    def __repr__(self):
        return f"Shows the panels of this page one at a time, for a projector, once the notebook has been run. {KEYS}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": repr(self)})


def present():
    """A button that shows the panels of this page one at a time, as large as the window; they stay live."""
    return Presentation()
