"""What check and predict show: cards with text boxes and buttons, and their text for readers without a kernel."""

from __future__ import annotations

from hashlib import sha256

from ipywidgets import VBox

from leverage_lab.panelkit import storage
from leverage_lab.panelkit.page import Card, bundle, button, entry, html, judged, markdown, marked, radios, row, words
from leverage_lab.panelkit.practice import Choice, Repair, Verdict, judge
from leverage_lab.words import sentence


class Message:
    """A few sentences: Markdown where it is rendered, plain text elsewhere."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return markdown(self.text)


LOOKS = {"right": "right", "before": "right", "close": "close", "known": "wrong", "wrong": "wrong"}  # {verdict: look}


class ExerciseCard:
    """Question, answer box or options, hints, worked solution, new numbers; `answer` comes from the notebook's cell."""

    def __init__(self, book, id, answer=...):
        self.book, self.id = book, id
        self._numbers = book.numbers.get(id)
        self._judged = ""
        self._judge(answer)

    def __repr__(self):
        return f"{self._asked()}\n\n{self._said()}".replace("**", "")

    @property
    def _task(self):
        return self.book.task(self.id)

    def _ask(self):
        return f"**Exercise {self.id}.** {self._task.ask}"

    def _asked(self):
        """The question with its options, for readers without a kernel."""
        return "\n\n".join([self._ask(), "\n".join(f"- {line}" for line in self._lines())]).rstrip()

    def _lines(self):
        return self._task.lines() if isinstance(self._task, Choice) else []

    def _judge(self, answer):
        """Judge and count the attempt. Returns a sentence if storing failed."""
        self.verdict = judge(self._task, answer)
        stored = tried(storage.get(self.book.section("exercises"), self.id))
        if self.verdict.kind == "missing" and stored["solved"]:
            again = "Answer again if you like, or draw new numbers." if self._drawn else "You can try it again here."
            self.verdict = Verdict("before", f"Solved before. {again}")
        if self.verdict.kind in ("missing", "before", "unreadable"):
            return ""
        if isinstance(self._task, Repair) and (
            self._task.wrong[0].why in self.verdict.text or fingerprint(answer) in stored.get("functions", [])
        ):
            return ""  # the function as printed is no attempt, and any other counts once, however often its cell is run
        return storage.change(self.book.section("exercises"), self.id, lambda old: self._counted(tried(old), answer))

    def _counted(self, before, answer):
        """A stored entry with one more attempt; the first right answer is remembered."""
        entry = before | {"tries": before["tries"] + 1, "solved": before["solved"] or self.verdict.kind == "right"}
        if isinstance(self._task, Repair):
            entry["functions"] = [*before.get("functions", []), fingerprint(answer)][-50:]
        return entry

    def _said(self):
        return marked(LOOKS.get(self.verdict.kind, ""), self.verdict.text)

    def _shown(self):
        return judged(LOOKS.get(self.verdict.kind, ""), self.verdict.text)

    @property
    def _drawn(self):
        return bool(self.book.exercises[self.id].numbers)

    def _pressed(self, name, held):
        # What is meant is the question shown here, even if another card has drawn new numbers since.
        self.book.numbers[self.id] = self._numbers
        if name == "check":
            self._check(held)
        elif name == "new":
            self._redraw()
        else:
            self._card.say(more=html(hint(self.book, self.id) if name == "hint" else self._task.steps))

    def _check(self, held):
        typed, problem = held["answer"].strip(), ""
        if typed != self._judged or not typed:  # the same answer once more is no new attempt
            problem = self._judge(typed or ...)
        self._judged = typed
        self._card.say(verdict=self._shown() + html(problem))

    def _redraw(self):
        problem = redraw(self.book, self.id)
        self._numbers, self._judged = self.book.numbers[self.id], ""
        self._card.held = {"answer": ""}
        said = html(f"New numbers, same question.\n\n{problem}")
        self._card.say(question=html(self._ask()), answer=self._lines(), verdict=said, more="")

    @property
    def widget(self):
        buttons = [button("hint", "Hint"), button("solution", "Worked solution")]
        options = [radios("answer", "my answer", list(self._task.options))] if self._lines() else []
        if not isinstance(self._task, Repair):
            box = [] if options else [entry("answer", "answer", "check", "a number")]
            buttons = [*box, button("check", "Check"), *buttons]
        buttons += [button("new", "New numbers")] if self._drawn else []
        said = [words("verdict", status=True), words("more", status=True)]
        self._card = Card(
            self.book.section(f"check {self.id}"),
            [words("question"), *options, row("hands", *buttons), *said],
            self._pressed,
            says={"question": html(self._ask()), "answer": self._lines(), "verdict": self._shown()},
            held={} if isinstance(self._task, Repair) else {"answer": ""},
        )
        return self._card

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(f"{self._asked()}\n\n*{self._said()}*")})


def tried(entry):
    """A stored entry of an exercise: {"tries": …, "solved": …}, of a bug hunt also the "functions" judged.

    Damaged values count as nothing.
    """
    entry = entry if isinstance(entry, dict) else {}
    tries, functions = entry.get("tries"), entry.get("functions")
    counted = {"tries": tries if type(tries) is int and 0 < tries < 10**6 else 0, "solved": entry.get("solved") is True}
    return counted | ({"functions": functions} if isinstance(functions, list) else {})


def fingerprint(function):
    """A short hash that stays the same when a function's cell is run again, and changes with its code."""

    def parts(code):
        consts = [parts(const) if hasattr(const, "co_code") else const for const in code.co_consts]
        return [code.co_code, code.co_names, consts]

    known = parts(function.__code__) if hasattr(function, "__code__") else type(function).__name__
    return sha256(repr(known).encode(errors="replace")).hexdigest()[:8]


def hint(book, id):
    """The next hint; the progress keeps how many were shown at most."""
    text = book.hint(id)
    storage.change(book.section("hints"), id, lambda old: max(old if type(old) is int else 0, book.seen[id]))
    return text


def redraw(book, id):
    """New numbers, stored with the progress so that a later kernel asks the same. Returns a sentence if that failed."""
    if not book.exercises[id].numbers:
        return ""
    book.redraw(id)
    return storage.put(book.section("numbers"), id, book.numbers[id])


def recall(book, id):
    """Give an exercise the numbers drawn for it last; numbers of another version of the exercise are ignored."""
    stored, known = storage.get(book.section("numbers"), id), book.exercises[id].numbers
    book.numbers.pop(id, None)
    if known and isinstance(stored, dict) and set(stored) == set(known):
        # JSON has no tuples.
        numbers = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
        if all(numbers[name] in values for name, values in known.items()):
            book.numbers[id] = numbers


class PredictionCard:
    """A question first; the panel opens when a guess is made or skipped, with the guess beside the answer."""

    VEIL = "The picture opens when you have guessed."

    def __init__(self, prediction, panel):
        self.prediction, self.panel = prediction, panel
        stored = storage.get("predictions", prediction.id)
        self.guess = stored if prediction.knows(stored) else None

    def __repr__(self):
        return f"Predict: {self.prediction.ask}\n\n{self.panel.sentence}"

    @property
    def widget(self):
        lock = [button("lock", "Lock in my guess"), button("skip", "Skip")]
        if self.prediction.options:
            inputs = [radios("guess", "my guess", self.prediction.options), row("hands", *lock)]
        else:
            inputs = [row("hands", entry("guess", "my guess", "lock"), *lock)]
        veil = [words("veil", look="ll-veil"), row("open", button("again", "Ask again"))]
        self._card = Card(
            f"predict {self.prediction.id}",
            [words("question"), words("verdict", status=True), *inputs, *veil],
            self._pressed,
            look=["ll-prediction"],
            says={"question": html(f"**Predict first.** {self.prediction.ask}"), "veil": self.VEIL},
            held={"guess": ""},
        )
        self._outer = VBox([self._card]).add_class("leverage-lab")
        self._show(self.guess is not None, self._compared() if self.guess is not None else "")
        return self._outer

    def _compared(self):
        return judged("right" if self.prediction.met_by(self.guess) else "wrong", self.prediction.compare(self.guess))

    def _pressed(self, name, held):
        if name == "skip":
            self._show(True, html(self.prediction.tell()))
        elif name == "again":  # the guess stays stored until there is a new one
            self._card.held = {"guess": ""}
            self._show(False)
        elif not held["guess"].strip():
            self._card.say(verdict=html("Make a guess first, or skip."))
        else:
            self._lock(held["guess"])

    def _lock(self, typed):
        try:
            self.guess = self.prediction.read(typed)
        except ValueError as error:
            return self._card.say(verdict=html(sentence(error)))
        problem = storage.put("predictions", self.prediction.id, self.guess)
        self._show(True, self._compared() + html(problem))

    def _show(self, opened, verdict=""):
        self._card.say(verdict=verdict)
        self._card.hidden = ["guess", "hands", "veil"] if opened else ["open"]
        self._outer.children = [self._card, self.panel.widget] if opened else [self._card]

    def _repr_mimebundle_(self, include=None, exclude=None):
        question = markdown(html(f"**Predict:** {self.prediction.ask}"))
        return bundle(self.widget, repr(self), {"text/html": f"{question}\n{self.panel.still()}"})
