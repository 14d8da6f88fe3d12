"""What every card is made of, and how text gets into a page."""

import re
from collections import deque
from html import escape

import anywidget
import ipywidgets as widgets
import traitlets

from leverage_lab.panelkit.stage import FRONT


def stack(children):
    """Widgets one below the other, as one of our outputs."""
    outer = widgets.VBox(children)
    outer.add_class("leverage-lab")
    return outer


class Card(anywidget.AnyWidget):
    """A card in the page: words, boxes, circles and buttons, one below the other.

    name: of this card, the same each time its cell is run. parts: what stands in it, made by the functions
    below. says: {part: its words as HTML, or those of each line of a list}. held: {part: what stands in a box or
    is chosen}; what it holds beyond that comes back unchanged with each question. hidden: names of parts.
    pressed(part, held) is called when something is pressed, and its changes go to the page in one message.
    """

    _esm = FRONT / "card.js"
    _css = FRONT / "style.css"

    name = traitlets.Unicode().tag(sync=True)
    look = traitlets.List().tag(sync=True)  # classes of style.css
    parts = traitlets.List().tag(sync=True)
    says = traitlets.Dict().tag(sync=True)
    held = traitlets.Dict().tag(sync=True)
    hidden = traitlets.List().tag(sync=True)
    ticket = traitlets.Unicode().tag(sync=True)  # of the question that was answered last

    def __init__(self, name, parts, pressed, look=("leverage-lab", "ll-card"), says=None, held=None, hidden=()):
        super().__init__(name=name, parts=parts, look=list(look), says=says or {}, held=held or {}, hidden=list(hidden))
        self._pressed, self._tickets = pressed, deque(maxlen=20)
        self.on_msg(self._hear)

    def say(self, **words):
        """New words for some of the parts."""
        self.says = self.says | words

    def _hear(self, _, question, __):
        """A question from the page. It is asked again when no answer came: then it counts once, and is answered again."""
        if question["ticket"] in self._tickets:
            self.send_state()
            return
        self._tickets.append(question["ticket"])
        with self.hold_sync():
            self.held = {name: value for name, value in question["held"].items() if name in self.held}
            try:
                self._pressed(question["press"], question["held"])
            finally:  # whatever went wrong: a page without an answer would ask for ever
                self.ticket = question["ticket"]


def words(name, status=False, look=""):
    """Words that change; a status is read out when it does."""
    return {"kind": "words", "name": name, "status": status, "look": look}


def row(name, *parts):
    """Parts side by side."""
    return {"kind": "row", "name": name, "parts": list(parts)}


def button(name, text):
    return {"kind": "button", "name": name, "words": text}


def entry(name, label, enter, example=""):
    """A box to type in; Enter presses `enter`."""
    return {"kind": "box", "name": name, "label": label, "enter": enter, "example": example}


def circles(name, label, options, pressing=False):
    """One of a few. label: HTML; options: words, or (value, words); pressing: to choose is to press."""
    options = [option if isinstance(option, tuple) else (option, option) for option in options]
    return {"kind": "circles", "name": name, "label": label, "options": options, "pressing": pressing}


def menu(name, label, values):
    """One of many in a list; to choose is to press. Its lines are what the card says of it."""
    return {"kind": "list", "name": name, "label": label, "options": list(values)}


def upload(name, text):
    """A button that takes a file: its content is held under `name` in the question."""
    return {"kind": "file", "name": name, "words": text}


# JupyterLab, GitHub and others disagree on how to escape a $, and two bare ones make a formula.
# An entity is no $ to their Markdown, and alone in its element it has no partner for MathJax.
DOLLAR = "<span>&#36;</span>"


def markdown(text):
    """Text with money in it as Markdown."""
    return text.replace("$", DOLLAR)


def html(text):
    """Plain text with `code`, **bold** and line breaks, safe to show."""
    text = escape(text).replace(" %", "\u00a0%")
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return "".join(
        f"<p>{paragraph.strip().replace(chr(10), '<br>')}</p>" for paragraph in text.split("\n\n") if paragraph.strip()
    )


MARKS = {"right": "✓", "close": "≈", "wrong": "✗"}


def marked(look, text):
    """Words with their mark, for those who see no colour: ✓ Right … Without a mark if `look` has none."""
    return f"{MARKS[look]} {text}" if look in MARKS else text


def judged(look, text):
    """The same as HTML, on a ground of its own colour."""
    return f'<div class="ll-verdict ll-{look}">{html(marked(look, text))}</div>' if look in MARKS else html(text)


def table(head, blocks, widths=()):
    """A table: one row of headings, then for each block a row over the whole width and one of cells under the headings."""
    widths = "".join(f'<col style="width: {width}">' for width in widths)
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join(
        f'<tr><td colspan="{len(head)}">{escape(over)}</td></tr><tr>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for over, *cells in blocks
    )
    return f"<table><colgroup>{widths}</colgroup><tr>{columns}</tr>{rows}</table>".replace(" %", "\u00a0%")
