"""Where does your own position stand: what closes it, what does it cost, what do stop and target leave?

A form of some twenty inputs and a table of as many numbers is no panel: sliders for them would fill two screens, and
a learner's numbers are typed, not approached. So it is a card: what stands in the boxes goes to the kernel in one
message, words and picture come back in one.
"""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape

from leverage_lab.chapters.position import form
from leverage_lab.chapters.position.axis import Axis
from leverage_lab.chapters.position.reading import read
from leverage_lab.chapters.position.shared import Case
from leverage_lab.exchanges import of_facts
from leverage_lab.panelkit.page import Card, bundle, button, entry, html, judged, markdown, menu, row, words
from leverage_lab.panelkit.raster import pack
from leverage_lab.panelkit.result import Result
from leverage_lab.words import MINUS, sentence


def result(held):
    """What the workbench shows for what stands in its form, {name: text}. ValueError with one sentence."""
    case = Case(read(held))
    title, bad = case.finding()
    return Result(
        rows=case.rows(), levels=case.levels(), title=title, bad=bad, under=case.whose(), sentence=case.sentence(),
        missing=case.missing(), remarks=case.remarks(), dates=of_facts(case.facts(), "Rules"),
    )  # fmt: skip


class Workbench:
    """The form, and below it all numbers of the position that stands in it. `held`: what stands there at first."""

    def __init__(self, held):
        self.held, self.open = held, False
        self.picture = Axis(scale=2)
        self.shown = result(held)

    @property
    def sentence(self):
        return self.shown.sentence

    def __repr__(self):
        lines = [f"{row.name}: {row.value}" for row in self.shown.rows]
        return "\n".join([self.sentence, *lines, self.shown.dates.line()])

    # --- as HTML

    def _picture(self, money=str):
        png = b64encode(pack(self.picture.pixels(self.shown), compress_level=6)).decode()
        image = f'<img alt="{escape(self.sentence)}" width="{100 * Axis.width:.0f}" src="data:image/png;base64,{png}">'
        return f'<div class="ll-picture">{image}</div>\n<p>{_whole(money(escape(self.sentence)))}</p>'

    def _table(self):
        """Each number opens on how it comes about."""
        rows = (
            f'<tr><th scope="row">{escape(row.name)}</th><td><details><summary>{escape(row.value)}</summary>'
            f"{''.join(map(html, row.steps))}</details></td></tr>"
            for row in self.shown.rows
        )
        return _whole(f"<table>{''.join(rows)}</table>").replace(" %", "\u00a0%")

    def _dates(self, age=True):
        """When the rules are from; their age changes from day to day and is not stored."""
        line, told = escape(self.shown.dates.line()), escape(self.shown.dates.age()) if age else ""
        return f"\n<p><small>{line}</small>" + (f"<small><br>{told}</small>" if told else "") + "</p>"

    # --- the card

    def _says(self, verdict=""):
        return {
            "picture": self._picture(), "verdict": verdict or html(" ".join(self.shown.remarks)),
            "numbers": self._table() + self._dates(),
        }  # fmt: skip

    def _hidden(self):
        held, venue = self.held, self.held["exchange"]
        hidden = [f"contract {name}" for name in form.VENUES if name != venue]
        hidden += [box.name for box in form.ACCOUNT] if held["mode"] == "isolated" else ["added"]
        rules = ["heading", *(field.name for field in form.RULES)]
        if not (self.open or venue == form.OWN or self.shown.missing or any(held[name] for name in rules[1:])):
            hidden += rules
        return hidden

    def _pressed(self, name, held):
        self.held = {key: held[key] for key in self.held}
        if name == "rules":
            self.open = not self.open
        elif name == "reset":
            self.held, self.open = form.start(), False
            self._card.held = self.held
        verdict = ""
        try:
            self.shown = result(self.held)
        except ValueError as problem:
            verdict = judged("wrong", f"{sentence(problem)} The numbers below are still the earlier ones.")
        self._card.say(**self._says(verdict))
        self._card.hidden = self._hidden()

    @property
    def widget(self):
        said = {f"contract {venue}": list(map(_contract, form.listed(venue))) for venue in form.VENUES}
        said |= {"exchange": list(form.VENUES)}
        said |= {
            field.name: [option or form.TABLES for option in field.options]
            for field in form.FIELDS
            if isinstance(field, form.Menu)
        }
        said |= {"heading": html("**Other rules** replace those in the tables; an empty box changes nothing.")}
        contracts = [menu(f"contract {venue}", "contract", form.listed(venue)) for venue in form.VENUES]
        fields = [menu("exchange", "exchange", form.VENUES), *contracts, *map(_part, form.FIELDS)]
        fields.insert(-len(form.RULES), words("heading"))
        buttons = [button("compute", "Compute"), button("rules", "Other rules"), button("reset", "Reset")]
        inputs = row("form", *fields, row("hands", *buttons))
        parts = [words("verdict", status=True), row("bench", inputs, words("picture")), words("numbers")]
        look = ("leverage-lab", "ll-card", "ll-bench")
        self._card = Card("workbench", parts, self._pressed, look, self._says() | said, self.held, self._hidden())
        return self._card

    def _repr_mimebundle_(self, include=None, exclude=None):
        stored = self._picture(markdown) + markdown(self._table()) + self._dates(age=False)
        return bundle(self.widget, repr(self), {"text/html": stored})


def _whole(text):
    """No line ends between a sign and its dollars."""
    return re.sub(rf"[+{MINUS}]\$[\d,.]*\d", r'<span class="ll-whole">\g<0></span>', text)


def _part(field):
    if isinstance(field, form.Menu):
        return menu(field.name, field.label, field.options)
    return entry(field.name, field.label, "compute", field.example)


def _contract(name):
    return {"linear": "other, in dollars", "inverse": "other, in coins"}.get(name, name)


def workbench(**values):
    """Your own position: a form, and all its numbers with their derivations. workbench(exchange="Bybit", side="short").

    values: what stands in the form at first, by its names (leverage_lab.chapters.position.form), as one types it there.
    """
    return Workbench(form.start(**values))
