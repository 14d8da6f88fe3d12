"""The record: what a learner has done, in the notebook and as a page to print or to hand on."""

from __future__ import annotations

from html import escape
from importlib.metadata import version

from leverage_lab import claims, data, dates
from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.checks import short
from leverage_lab.classroom import capstone, printed
from leverage_lab.classroom.done import done
from leverage_lab.classroom.reminder import NAME as REMINDER
from leverage_lab.classroom.reminder import reminder
from leverage_lab.files import write_atomically
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.page import Card, bundle, button, html, markdown, row, words

NAME = "my-record.html"
LONGEST = 80  # characters of a name
TITLE = "Leverage Lab: a record"
NOT_EXAMINED = (
    "Made by the learner on their own machine. Nobody has examined it, and the file it is counted from can be changed."
)
ONE_TRY = "In one try: solved with the first answer, and not answered again since."
HEAD = ("chapter", "predictions made", "met", "exercises solved", "in one try")
STYLE = """h1 {margin-bottom: 0} h2 {font-size: 1.1em; margin: 24px 0 8px}
table:has(td[colspan]) {table-layout: fixed; width: 100%} td[colspan] {font-weight: 600}
tr:has(td[colspan]) + tr td {border-top: 0}
.ll-plain {border: 2px solid #57606a; padding: 8px 12px}
@media screen and (max-width: 600px) {body {font-size: 14px; overflow-wrap: break-word} th, td {padding-right: 8px}}
@page {size: A4; margin: 12mm}
@media print {
  body {font-size: 10pt; line-height: 1.3; margin: 0; padding: 0; max-width: none}
  th, td {padding: 2px 10px 2px 0} table {margin-bottom: 8px} h2 {margin: 10px 0 4px} p {margin: 4px 0}
  tr {break-inside: avoid} h2, tr:has(td[colspan]) {break-after: avoid}
}"""


class RecordCard:
    """The record and its buttons. The page is written when the card is made, and again at each press of the first."""

    def __init__(self, name=None):
        self.name = _name(name)
        self._make()

    def __repr__(self):
        return self._markdown().replace("**", "")

    def _markdown(self):
        return "\n\n".join(filter(None, (self.text, self._stored)))

    def _make(self):
        """The record in sentences and as HTML ("" if there is none), and what became of its file."""
        self.text, self._parts, self._stored = *_contents(), ""
        if self._parts:
            try:
                write_atomically(storage.path().with_name(NAME), self.page())
                self._stored = f"Stored as `{NAME}` beside `{storage.NAME}`, for you to print or to hand on."
            except OSError as error:
                self._stored = f"`{NAME}` could not be written ({error.strerror}); you can still download it."

    def page(self):
        """The record as one self-contained HTML page."""
        today = dates.shown(dates.now().isoformat())
        made = " · ".join(filter(None, (self.name, today, f"version {version('leverage-lab')} of the course")))
        return printed.page(TITLE, [printed.paragraph(made), self._parts], STYLE)

    @property
    def widget(self):
        hands = ("make", "Make the record"), ("download", "Download the record"), ("remind", "Remind me in a week")
        self._card = Card(
            "record",
            [
                words("record"),
                row("hands", *(button(*hand) for hand in hands)),
                words("said", status=True),
            ],
            self._pressed,
        )
        self._show()
        return self._card

    def _show(self):
        self._card.say(record=self._parts, said=html(self._stored or self.text))

    def _pressed(self, pressed, held):
        if pressed == "remind":
            self._send(REMINDER, reminder(), "text/calendar", "open it, and your calendar takes the date")
            return
        self._make()
        self._show()
        if pressed == "download" and self._parts:
            self._send(NAME, self.page(), "text/html", "open it to read or to print it")

    def _send(self, name, text, kind, then):
        self._card.send({"name": name, "text": text, "type": kind})
        self._card.say(said=html(f"`{name}` is in your browser's download folder: {then}."))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})


def _name(name):
    """A name as it stands on the page, "" for none; ValueError if it is not one."""
    clean = " ".join(name.split()) if isinstance(name, str) else ""
    if name is not None and (not clean or len(clean) > LONGEST or not clean.isprintable()):
        raise ValueError(f"the name must be text of 1 to {LONGEST} characters, or left out; got {short(name)}")
    return clean


def _contents():
    """The record in sentences, and as HTML; a sentence that says what is missing, and "", where there is none."""
    sections, problem = storage.load()
    if problem:
        return f"There is no record: {problem[0].lower()}{problem[1:]}", ""
    chapters = done(sections)
    asked = list(data.load("article_claims").itertuples())
    decided, same, nearly = capstone.AuditCard(asked, claims.verdicts).counted()
    compared, stages, questions = capstone.BeforeAndAfter(ITEMS).compared()
    if not (decided or questions or any(chapter.guessed or chapter.begun for chapter in chapters)):
        nothing = "no guess, no answer to an exercise or to the twelve questions, and no verdict on a claim"
        return f"There is no record yet: {storage.NAME} holds {nothing}.", ""
    audit = f"{decided} of {len(asked)} claims of the two articles decided"
    audit += f", {same} of them as the course's audit has it" if decided else ""
    audit += f" and {nearly} nearly so (with or without a condition)" if nearly else ""
    *rows, whole = _by_chapter(chapters)
    made = f"{whole[1]} predictions made, {whole[2]} of them met. {whole[3]} exercises solved, {whole[4]} in one try."
    text = "\n\n".join([f"**{NOT_EXAMINED}**", made, f"{audit}.", f"The twelve questions: {compared}"])
    parts = [
        f'<p class="ll-plain"><b>{escape(NOT_EXAMINED)}</b></p>',
        "<h2>Predictions and exercises</h2>",
        printed.table(HEAD, [*rows, whole]),
        printed.paragraph(ONE_TRY),
        f"<h2>Claims</h2>{printed.paragraph(f'{audit}.')}",
        f"<h2>The twelve questions</h2>{printed.paragraph(compared)}",
        capstone.table(stages, [question[:-1] for question in questions]) if questions else "",
    ]
    return text, "".join(parts)


def _by_chapter(chapters):
    """A row for each chapter, and one for all."""

    def counted(name, some):
        predictions, guessed, met, exercises, solved, at_once = (
            sum(len(getattr(chapter, what)) for chapter in some)
            for what in ("predictions", "guessed", "met", "exercises", "solved", "at_once")
        )
        return name, f"{guessed} of {predictions}", str(met), f"{solved} of {exercises}", str(at_once)

    return [*(counted(chapter.number, [chapter]) for chapter in chapters), counted("all", chapters)]
