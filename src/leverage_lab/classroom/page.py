"""The few widgets every card is made of, and how text gets into a page."""

import re
from html import escape

import anywidget
import ipywidgets as widgets
import traitlets

from leverage_lab.classroom.stage import FRONT


def box(children, card=False):
    """The outer box of a card."""
    outer = widgets.VBox(children)
    outer.add_class("leverage-lab")
    if card:
        outer.add_class("ll-card")
    return outer


class Line(anywidget.AnyWidget):
    """A paragraph that changes. role: "status" is read out politely, "note" not by itself."""

    _esm = FRONT / "line.js"
    _css = FRONT / "style.css"

    role = traitlets.Unicode("note").tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)

    def __init__(self, role="note"):
        super().__init__(role=role)

    def say(self, markup=""):
        self.value = markup

    def focus(self):
        """Put the keyboard here, where the element it was on has gone."""
        self.send("focus")


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
    return "".join(f"<p>{paragraph.strip().replace(chr(10), '<br>')}</p>" for paragraph in text.split("\n\n") if paragraph.strip())


def table(head, blocks, widths=()):
    """A table: one row of headings, then for each block a row over the whole width and one of cells under the headings."""
    widths = "".join(f'<col style="width: {width}">' for width in widths)
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join(
        f'<tr><td colspan="{len(head)}">{escape(over)}</td></tr><tr>' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for over, *cells in blocks
    )
    return f"<table><colgroup>{widths}</colgroup><tr>{columns}</tr>{rows}</table>".replace(" %", "\u00a0%")
