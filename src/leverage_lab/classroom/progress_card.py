"""What a learner has done so far: two tables, with buttons to download the progress file and to restore one."""

from __future__ import annotations

from html import escape

from leverage_lab.panelkit import storage
from leverage_lab.panelkit.page import Card, bundle, button, html, markdown, row, upload, words


class ProgressCard:
    """Two tables of progress; the newest card of a kernel counts again whenever something is stored.

    count() returns rows of (what, how many so far, of how many); rows of (chapter, predictions guessed, exercises
    solved, which are still open or ""); and a sentence that stands below, or "".
    """

    HEADS = (("", "so far", "of"), ("chapter", "guessed", "solved", "exercises still open"))

    def __init__(self, count):
        self.count = count

    @property
    def text(self):
        """The tables in Markdown, and what there is to say."""
        *tables, below = self.count()
        lines = []
        for head, rows in zip(self.HEADS, tables):
            top, *below_it = (f"| {' | '.join(map(str, cells))} |" for cells in (head, *rows))
            lines += [top, "|" + "---|" * len(head), *below_it, ""]
        return "\n".join([*lines, below]).rstrip().replace("|  |", "| |")

    def __repr__(self):
        return self.text

    @property
    def widget(self):
        self._card = Card(
            "progress",
            [
                words("tables", look="ll-record"),
                row("hands", button("download", "Download my progress"), upload("restore", "Restore from a file …")),
                words("said", status=True),
            ],
            self._pressed,
        )
        self._show()
        storage.on_change(self._show)
        return self._card

    def _show(self):
        *tables, below = self.count()
        shown = []
        for head, rows in zip(self.HEADS, tables):
            top = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in head[:3])
            body = ""
            for name, *cells, last in [(*cells, "")[:4] for cells in rows]:
                numbers = "".join(f"<td>{cell}</td>" for cell in cells)
                body += f'<tr><th scope="row">{escape(str(name))}</th>{numbers}</tr>'
                body += f'<tr><td></td><td colspan="2">{html(f"still open: {last}")}</td></tr>' if last else ""
            shown.append(f"<table><tr>{top}</tr>{body}</table>")
        self._card.say(tables="".join(shown) + html(below))

    def _pressed(self, name, held):
        if name == "restore":
            said = storage.restore(held["restore"])
            self._show()
            self._card.say(said=html(said))
        else:
            self._card.send({"name": storage.NAME, "text": storage.text()})
            self._card.say(said=html(f"{storage.NAME} is in your browser's download folder."))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, self.text, {"text/markdown": markdown(self.text)})
