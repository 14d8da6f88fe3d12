"""What a learner has done so far: a table, and the file to take along and to bring back."""

from __future__ import annotations

import anywidget
import traitlets

from leverage_lab.classroom import storage
from leverage_lab.classroom.page import box, html, markdown
from leverage_lab.classroom.panel import bundle
from leverage_lab.classroom.stage import FRONT


class Keep(anywidget.AnyWidget):
    """The buttons: Download asks for the file's text, Restore brings the text of one."""

    _esm = FRONT / "record.js"
    _css = FRONT / "style.css"

    table = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, asked, **state):
        super().__init__(**state)
        self.on_msg(lambda _, question, __: asked(question))


class ProgressCard:
    """Rows of (what, how many so far, of how many); `count()` counts them, with a sentence for what stands below."""

    def __init__(self, count):
        self.count = count

    def _said(self):
        rows, below = self.count()
        table = "\n".join(["| | so far | of |", "|---|---|---|", *(f"| {name} | {done} | {whole} |" for name, done, whole in rows)])
        return rows, table, below

    @property
    def text(self):
        """The table in Markdown, and what there is to say."""
        _, table, below = self._said()
        return f"{table}\n\n{below}"

    def __repr__(self):
        return self.text

    @property
    def widget(self):
        self._keep = Keep(self._asked)
        self._show()
        return box([self._keep], card=True)

    def _show(self, said=""):
        rows, _, below = self._said()
        cells = "".join(f"<tr><th scope='row'>{name}</th><td>{done}</td><td>{whole}</td></tr>" for name, done, whole in rows)
        self._keep.table = f"<table><tr><td></td><th scope='col'>so far</th><th scope='col'>of</th></tr>{cells}</table>{html(below)}"
        self._keep.said = html(said)

    def _asked(self, question):
        if "restore" in question:
            self._keep.said = ""  # else the same words a second time would be no change
            self._show(storage.restore(question["restore"]))
        else:
            self._keep.send({"name": storage.NAME, "text": storage.text()})

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, self.text, {"text/markdown": markdown(self.text)})
