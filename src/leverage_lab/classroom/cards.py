"""What check, predict and the inventory show: cards with boxes and buttons, and their text without a kernel."""

from __future__ import annotations

import ipywidgets as widgets

from leverage_lab.classroom import storage
from leverage_lab.classroom.page import Line, box, html, markdown
from leverage_lab.classroom.panel import bundle
from leverage_lab.classroom.practice import Repair, judge


class Note:
    """A few sentences: Markdown where it is rendered, plain text elsewhere."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return markdown(self.text)


class ExerciseCard:
    """Question, answer box, hints, worked solution, new numbers; `answer` comes from the notebook's cell."""

    def __init__(self, desk, id, answer=...):
        self.desk, self.id = desk, id
        self.verdict = judge(desk.task(id), answer)
        self._judged = ""
        self._keep()

    def __repr__(self):
        return f"{self._ask()}\n\n{self.verdict.text}".replace("**", "")

    def _ask(self):
        return f"**Exercise {self.id}.** {self.desk.task(self.id).ask}"

    def _keep(self):
        """Count the try; the first right answer is remembered. Returns a sentence if storing failed."""
        unmended = isinstance(self.desk.task(self.id), Repair) and self.verdict.kind != "right"
        if unmended or self.verdict.kind in ("missing", "unreadable"):
            return ""
        right = self.verdict.kind == "right"
        return storage.change("exercises", self.id, lambda before: {"tries": tried(before)["tries"] + 1, "solved": tried(before)["solved"] or right})

    def _say(self, text):
        self._words.say(html(text))

    def _answer(self, _=None):
        typed = self._box.value.strip()
        self.verdict = judge(self.desk.task(self.id), typed or ...)
        problem = self._keep() if typed != self._judged else ""
        self._judged = typed
        self._say(self.verdict.text + (f"\n\n{problem}" if problem else ""))

    def _redraw(self, _):
        self.desk.redraw(self.id)
        self._question.say(html(self._ask()))
        self._box.value = self._judged = ""
        self._say("New numbers, same question.")

    @property
    def widget(self):
        self._question, self._words = Line(), Line("status")
        self._question.say(html(self._ask()))
        self._say(self.verdict.text)
        buttons = [button("Hint", lambda _: self._say(self.desk.hint(self.id)))]
        buttons.append(button("Worked solution", lambda _: self._say(self.desk.task(self.id).steps)))
        rows = [self._question, widgets.HBox(buttons, layout={"flex_flow": "row wrap"}), self._words]
        if not isinstance(self.desk.task(self.id), Repair):
            self._box = widgets.Text(description="answer", placeholder="a number", continuous_update=False, layout={"width": "14em"})
            self._box.observe(self._answer, "value")
            buttons.insert(0, button("Check", self._answer))
            buttons.append(button("New numbers", self._redraw))
            rows[1].children = [self._box, *buttons]
        return box(rows, card=True)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(f"{self._ask()}\n\n*{self.verdict.text}*")})


def tried(entry):
    """A stored entry of an exercise as {"tries": …, "solved": …}; what is damaged counts as nothing."""
    entry = entry if isinstance(entry, dict) else {}
    tries = entry.get("tries")
    return {"tries": tries if type(tries) is int and 0 < tries < 10**6 else 0, "solved": entry.get("solved") is True}


class PredictionCard:
    """A question first; the panel opens when a guess is made or skipped, with the guess beside the answer."""

    def __init__(self, prediction, panel):
        self.prediction, self.panel = prediction, panel
        stored = storage.get("predictions", prediction.id)
        self.guess = stored if prediction.knows(stored) else None

    def __repr__(self):
        return f"Predict: {self.prediction.ask}\n\n{self.panel.sentence}"

    @property
    def widget(self):
        question, self._words, veil = Line(), Line("status"), Line()
        question.say(html(f"**Predict first.** {self.prediction.ask}"))
        veil.say("<div class='ll-veil'>The picture opens when you have guessed.</div>")
        if self.prediction.options:
            self._input = widgets.RadioButtons(options=self.prediction.options, value=None, layout={"width": "auto"})
        else:
            self._input = widgets.Text(description="my guess", continuous_update=False, layout={"width": "17em"})
        lock, skip = button("Lock in my guess", lambda _: self._lock()), button("Skip", lambda _: self._skip())
        buttons = widgets.HBox([lock, skip], layout={"flex_flow": "row wrap"})
        self._body = widgets.VBox([self._input, buttons, veil])
        if self.guess is not None:
            self._open(self.prediction.compare(self.guess))
        return box([question, self._words, self._body])

    def _lock(self):
        if self._input.value in (None, ""):
            self._words.say(html("Make a guess first, or skip."))
            return
        try:
            self.guess = self.prediction.read(self._input.value)
        except ValueError as error:
            problem = str(error)
            self._words.say(html(problem[0].upper() + problem[1:] + "."))
            return
        problem = storage.put("predictions", self.prediction.id, self.guess)
        self._open(self.prediction.compare(self.guess) + (f"\n\n{problem}" if problem else ""))
        self._words.focus()

    def _skip(self):
        self._open()
        self._words.focus()

    def _open(self, text=""):
        self._words.say(html(text))
        self._body.children = [self.panel.widget]

    def _repr_mimebundle_(self, include=None, exclude=None):
        question = markdown(html(f"**Predict:** {self.prediction.ask}"))
        return bundle(self.widget, repr(self), {"text/html": f"{question}\n{self.panel.still()}"})


DONT_KNOW = "I don't know yet"


def answered(items, stage):
    """The stored answers {item id: words}; what is damaged or of another version of the questions is left out."""
    stored = storage.get("inventory", stage)
    stored = stored if isinstance(stored, dict) else {}
    known = {item.id: [*(option.text for option in item.options), DONT_KNOW] for item in items}
    return {id: words for id, words in stored.items() if words in known.get(id, ())}


class InventoryCard:
    """The concept inventory: all items, one answer each, stored under `stage` without being judged."""

    def __init__(self, items, stage):
        self.items, self.stage = items, stage

    def __repr__(self):
        return self._markdown().replace("**", "")

    def _markdown(self):
        blocks = []
        for number, item in enumerate(self.items, start=1):
            options = "\n".join(f"    - {option.text}" for option in item.options)
            blocks.append(f"{number}. **{item.ask}**\n{options}")
        return "\n".join(blocks)

    @property
    def widget(self):
        stored = answered(self.items, self.stage)
        self._words = Line("status")
        self._choices, rows = {}, []
        for number, item in enumerate(self.items, start=1):
            options = [*(option.text for option in item.options), DONT_KNOW]
            given = stored.get(item.id)
            choice = widgets.RadioButtons(options=options, value=given if given in options else None, layout={"width": "auto"})
            self._choices[item.id] = choice
            question = Line()
            question.say(html(f"**{number}. {item.ask}**"))
            rows.append(widgets.VBox([question, choice]))
        if stored:
            self._words.say(html(f"{len(stored)} answers are stored from before; you may change them."))
        return box([*rows, button("Store my answers", self._store), self._words], card=True)

    def _store(self, _=None):
        answers = {id: choice.value for id, choice in self._choices.items() if choice.value is not None}
        if not answers:
            self._words.say(html("Nothing is chosen yet: one answer is enough to begin with."))
            return
        problem = storage.put("inventory", self.stage, answers)
        open_items = len(self.items) - len(answers)
        rest = f" {open_items} still open." if open_items else ""
        then = "At the end of the course you will see them beside your new ones." if self.stage == "before" else "Now see them beside your first ones, below."
        self._words.say(html(problem or f"Stored: {len(answers)} of {len(self.items)} answers.{rest} {then}"))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})


def button(words, clicked):
    """A button as wide as its words."""
    made = widgets.Button(description=words, layout={"width": "auto", "align_self": "flex-start"})
    made.on_click(clicked)
    return made
