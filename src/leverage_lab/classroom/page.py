"""The few widgets every panel and card is made of, and the one style sheet they share."""

import re
from html import escape

import ipywidgets as widgets

STYLE = """<style>
.leverage-lab {max-width: 720px; padding: 4px 2px 10px; overflow: hidden}
.leverage-lab .widget-html-content, .leverage-lab .jupyter-widgets {font-size: 14px; line-height: 1.5}
.leverage-lab .widget-html-content p {margin: 4px 0; max-width: 700px}
.leverage-lab .widget-label {min-width: 7em; width: auto}
.leverage-lab .widget-toggle-buttons {display: flex; align-items: center}
.leverage-lab .widget-toggle-buttons > .widget-label {text-align: right; margin-right: 8px}
.leverage-lab .widget-radio-box label {height: auto; white-space: normal; line-height: 1.4; margin: 2px 0}
.leverage-lab .widget-radio {width: 100%}
.leverage-lab .ll-alert:not(:empty) {border-left: 4px solid #D55E00; padding-left: 8px}
.leverage-lab.ll-card {border-left: 4px solid #56B4E9; padding-left: 10px}
.leverage-lab .ll-veil {min-height: 11em; display: flex; align-items: center; justify-content: center; color: #667085;
  background: repeating-linear-gradient(45deg, #f7f8fa 0 10px, #eef0f3 10px 20px); border: 1px solid #e4e7ec; border-radius: 6px}
.leverage-lab img {height: auto}
.leverage-lab pre {white-space: pre-wrap}
.leverage-lab table {border-collapse: collapse; width: 100%; max-width: 700px; table-layout: fixed}
.leverage-lab th, .leverage-lab td {text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-top: 1px solid #e4e7ec; white-space: normal; overflow-wrap: break-word}
.leverage-lab td[colspan] {padding-top: 12px; font-weight: 600}
.leverage-lab :focus-visible {outline: 3px solid #0072B2; outline-offset: 1px}
</style>"""


def box(children, card=False):
    """The outer box of a panel or card."""
    outer = widgets.VBox([widgets.HTML(STYLE, layout={"display": "none"}), *children])
    outer.add_class("leverage-lab")
    if card:
        outer.add_class("ll-card")
    return outer


class Line(widgets.HTML):
    """A paragraph that changes. role: "status" is read out politely, "alert" at once, "note" not by itself."""

    def __init__(self, role="note"):
        super().__init__()
        self.role = role
        if role == "alert":
            self.add_class("ll-alert")

    def say(self, markup=""):
        self.value = f'<div role="{self.role}">{markup}</div>' if markup else ""


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
