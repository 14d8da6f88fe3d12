"""What cards are made of, how text gets into a page, and what a notebook stores of a widget."""

import re
from collections import deque
from html import escape

import anywidget
import traitlets
from IPython import get_ipython

from leverage_lab.panelkit.stage import FRONT, script


class Card(anywidget.AnyWidget):
    """A card in the page: words, text boxes, radio buttons and buttons, one below the other.

    name: the same each time the card's cell is run. parts: made by the functions below. says: {part: its words as
    HTML, or those of each line of a list}. held: {part: its content or choice}; further keys come back unchanged with
    each question. hidden: names of parts. pressed(part, held) is called when something is pressed; its changes go to
    the page in one message.
    """

    _esm = script("card.js")
    _css = FRONT / "style.css"

    name = traitlets.Unicode().tag(sync=True)
    look = traitlets.List().tag(sync=True)  # classes of style.css
    parts = traitlets.List().tag(sync=True)
    says = traitlets.Dict().tag(sync=True)
    held = traitlets.Dict().tag(sync=True)
    hidden = traitlets.List().tag(sync=True)
    ticket = traitlets.Unicode().tag(sync=True)  # of the question answered last

    def __init__(self, name, parts, pressed, look=("leverage-lab", "ll-card"), says=None, held=None, hidden=()):
        super().__init__(name=name, parts=parts, look=list(look), says=says or {}, held=held or {}, hidden=list(hidden))
        self._pressed, self._tickets = pressed, deque(maxlen=20)
        self.on_msg(self._hear)

    def say(self, **words):
        """New words for some of the parts."""
        self.says = self.says | words

    def _hear(self, _, question, __):
        """A question from the page. Where no answer came it is sent again: it counts once, and is answered again."""
        if question["ticket"] in self._tickets:
            self.send_state()
            return
        self._tickets.append(question["ticket"])
        with self.hold_sync():
            self.held = {name: value for name, value in question["held"].items() if name in self.held}
            try:
                self._pressed(question["press"], question["held"])
            finally:  # always answer: a page without an answer would ask for ever
                self.ticket = question["ticket"]


def words(name, status=False, look=""):
    """Words that change; screen readers announce those of a status."""
    return {"kind": "words", "name": name, "status": status, "look": look}


def row(name, *parts):
    """Parts side by side."""
    return {"kind": "row", "name": name, "parts": list(parts)}


def button(name, text):
    return {"kind": "button", "name": name, "words": text}


def entry(name, label, enter, example=""):
    """A text box; Enter presses `enter`."""
    return {"kind": "box", "name": name, "label": label, "enter": enter, "example": example}


def radios(name, label, options, pressing=False):
    """Radio buttons. label: HTML; options: words, or (value, words); pressing: to choose is to press."""
    options = [option if isinstance(option, tuple) else (option, option) for option in options]
    return {"kind": "radios", "name": name, "label": label, "options": options, "pressing": pressing}


def menu(name, label, values):
    """A drop-down list; to choose is to press. What it shows for each value is in the card's `says`."""
    return {"kind": "list", "name": name, "label": label, "options": list(values)}


def upload(name, text):
    """A button that takes a file: its content comes under `name` with the question."""
    return {"kind": "file", "name": name, "words": text}


# Two bare $ make a formula, and JupyterLab, GitHub and others disagree on how to escape one.
# Their Markdown does not read an entity as $, and MathJax finds no second one in the same element.
DOLLAR = "<span>&#36;</span>"


def markdown(text):
    """Text with money in it as Markdown."""
    return text.replace("$", DOLLAR)


def html(text):
    """Plain text with `code`, **bold** and line breaks, safe to show."""
    text = escape(text).replace(" %", "\u00a0%")
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    paragraphs = filter(None, map(str.strip, text.split("\n\n")))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


MARKS = {"right": "✓", "close": "≈", "wrong": "✗"}


def marked(look, text):
    """Words with a mark, so that colour is not the only sign: ✓ Right … No mark if `look` has none."""
    return f"{MARKS[look]} {text}" if look in MARKS else text


def judged(look, text):
    """The same as HTML, on a background of its colour."""
    return f'<div class="ll-verdict ll-{look}">{html(marked(look, text))}</div>' if look in MARKS else html(text)


VIEW = "application/vnd.jupyter.widget-view+json"
_shown = {}  # {id of a cell: (its newest run, the widgets shown by that)}


def bundle(widget, text, saved):
    """What a notebook stores of a panel or card: the live widget, its text, and a form for readers without a kernel."""
    _close_former(widget)
    # ipywidgets 7 has no _repr_mimebundle_; only anywidget's gives the metadata that Colab needs, for a VBox too.
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    _, metadata = getattr(widget, "children", [widget])[0]._repr_mimebundle_()
    return {VIEW: view, "text/plain": text} | saved, metadata


def _close_former(widget):
    """Close what earlier runs of this cell have shown: left open, every run would add to the saved notebook."""
    request = getattr(get_ipython(), "get_parent", dict)()
    cell, run = request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
    if not cell:  # this front end does not say which cell is running
        return
    last, former = _shown.get(cell, (run, []))
    _shown[cell] = run, [*former, widget] if last == run else [widget]
    if last != run:
        in_use = {part for _, roots in _shown.values() for root in roots for part in _parts(root)}
        for part in [part for root in former for part in _parts(root)]:
            if part not in in_use:
                part.close()


def _parts(widget):
    """The widget and all that belongs to it."""
    return [widget, widget.layout, *(part for child in getattr(widget, "children", ()) for part in _parts(child))]


def is_closed(widget):
    return widget.comm is None
