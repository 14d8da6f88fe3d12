"""Exercises and predictions, without any widget: tasks, and the judging of answers.

A task is made from its numbers by one function that holds question, solution and the wrong ways
to get there. So the same text serves the first draw and every new one, and an answer that comes
from a known misconception is met with its name.
"""

from __future__ import annotations

import difflib
import math
import random
from dataclasses import dataclass, field
from numbers import Real

from leverage_lab.words import amount, money, percent, plain, read_number, times

TOLERANCE = 0.005  # a rounded answer counts: within half a percent of the right one
CLOSE = 0.05

SHOWN = {"$": money, "%": percent, "x": times}
ASKED = {"$": "dollars", "%": "a percentage", "x": "leverage"}


def _shown(value, unit):
    if unit in SHOWN:
        return SHOWN[unit](value)
    return amount(value, unit.removesuffix("s") if unit.islower() and value == 1 else unit)  # 1 hour


@dataclass(frozen=True)
class Wrong:
    """A way to a wrong answer: what it gives (a number, or a function for a repair), and what to say."""

    gives: object
    why: str


@dataclass(frozen=True)
class Task:
    """One question with its numbers. unit: "$", "%" (a fraction inside), "x", a coin's symbol or another word such as "hours"."""

    ask: str
    answer: float
    unit: str
    wrong: tuple
    hints: tuple
    steps: str
    tolerance: float = TOLERANCE
    either_sign: bool = False  # asked is how much is lost: "−$3" says the same as "$3"

    def show(self, value):
        return _shown(value, self.unit)

    def apart(self):
        """True if the right answer and every wrong one can be told from each other."""
        values = [self.answer, *(wrong.gives for wrong in self.wrong)]
        return all(
            math.isfinite(a) and not _near(a, b, 4 * self.tolerance) for i, a in enumerate(values) for b in values[:i]
        )


@dataclass(frozen=True)
class Exercise:
    """A task that can be drawn again: `make(**numbers)` gives a Task; the first of each numbers is the start."""

    id: str
    make: object
    numbers: dict

    def start(self):
        return {name: values[0] for name, values in self.numbers.items()}

    def draw(self, rng, unlike=None):
        """New numbers whose right and wrong answers are all apart, other than `unlike`."""
        for _ in range(1000):
            numbers = {name: rng.choice(values) for name, values in self.numbers.items()}
            if numbers != unlike and self.make(**numbers).apart():
                return numbers
        raise RuntimeError(f"exercise {self.id}: no draw with answers that can be told apart")


@dataclass(frozen=True)
class Repair:
    """Find the bug: the learner hands in a function, tried against `right` on `cases` (tuples of arguments)."""

    id: str
    ask: str
    right: object
    cases: tuple
    unit: str
    wrong: tuple
    hints: tuple
    steps: str

    show = Task.show


@dataclass(frozen=True)
class Prediction:
    """A guess before the picture opens: a number in `unit` ("$", "%", "x" or a word such as "hours"), or one of `options`."""

    id: str
    ask: str
    answer: object
    why: str
    unit: str = ""
    options: tuple = ()
    either_sign: bool = False

    def show(self, value):
        return value if self.options else _shown(value, self.unit)

    def read(self, typed):
        """The guess as stored; ValueError with one sentence if it is none."""
        if self.options:
            if typed not in self.options:
                raise ValueError("choose one of the answers first")
            return typed
        value, unit, problem = _number(typed, self.unit)
        if problem:
            raise ValueError(problem)
        if self.either_sign:
            value = abs(value)
        return value / 100 if self.unit == "%" and not unit else value  # asked in percent

    def knows(self, guess):
        """True if this is a guess as `read` gives it: what was stored may be damaged, or from another version."""
        if self.options:
            return guess in self.options
        return isinstance(guess, Real) and not isinstance(guess, bool) and math.isfinite(guess)

    def compare(self, guess):
        """One or two sentences: the guess beside the answer."""
        right = guess == self.answer if self.options else _near(self.answer, guess, 10 * TOLERANCE)
        if right:
            return f"You guessed {self.show(guess)}, and so it is. {self.why}"
        return f"You guessed {self.show(guess)}; it is {self.show(self.answer)}. {self.why}"


@dataclass(frozen=True)
class Verdict:
    """kind: missing, unreadable, right, known (a misconception), close or wrong."""

    kind: str
    text: str


def judge(task, answer):
    """What to say of `answer`; never raises, whatever it is given."""
    try:
        if answer is ...:
            return Verdict("missing", "Not answered yet: type your answer in the box, or put it in place of the dots and run the cell.")
        return _judge_function(task, answer) if isinstance(task, Repair) else _judge_number(task, answer)
    except Exception as error:  # a learner's object may do anything when looked at
        return Verdict("unreadable", f"This answer could not be read ({type(error).__name__}). A plain number is enough.")


def _judge_number(task, answer):
    value, unit, problem = _number(answer, task.unit)
    if problem:
        return Verdict("unreadable", problem[0].upper() + problem[1:] + ".")
    if task.either_sign:
        value = abs(value)
    near = task.tolerance
    bare = ""
    if task.unit == "%" and not unit and not _known(task, value):
        # Asked in percent, a bare 4 means 4 %; a bare 0.04 is the fraction.
        if _known(task, value / 100) or abs(value) >= 1:
            bare, value = f" (Your {plain(value, 4)} was read as percent; in code it is {value / 100:.4g}.)", value / 100
    if _near(task.answer, value, near):
        return Verdict("right", f"Right: {task.show(task.answer)}.{bare}")
    given = f"You answered {task.show(value)}."
    for wrong in task.wrong:
        if _near(wrong.gives, value, 2 * near):
            return Verdict("known", f"Not yet. {given} {wrong.why}")
    if _near(-task.answer, value, near):
        return Verdict("known", f"Not yet. {given} The size is right, the sign is not.")
    for factor in (100, 1000, 10):
        if _near(task.answer, value / factor, near) or _near(task.answer, value * factor, near):
            return Verdict("known", f"Not yet. {given} That is off by a factor of {factor}: look at {'the percent sign and ' if '%' in task.ask else ''}the zeros.")
    if _near(task.answer, value, CLOSE):
        digits = "to three digits" if near >= TOLERANCE else "more exactly, without rounding on the way"
        return Verdict("close", f"Close. {given} Give it {digits}.")
    if task.answer * value < 0:
        return Verdict("wrong", f"Not yet. {given} The sign is not right either. A hint may help.")
    size = "small" if abs(value) < abs(task.answer) else "large"
    return Verdict("wrong", f"Not yet. {given} That is too {size}. A hint may help.")


def _known(task, value):
    """True if value is the right answer, with either sign, or one of the listed wrong ones."""
    right = _near(task.answer, value, task.tolerance) or _near(-task.answer, value, task.tolerance)
    return right or any(_near(wrong.gives, value, 2 * task.tolerance) for wrong in task.wrong)


def _judge_function(repair, answer):
    if not callable(answer):
        return Verdict("unreadable", "This exercise wants a function: hand in its name, without brackets.")
    results = []
    for case in repair.cases:
        try:
            value = answer(*case)
        except Exception as error:
            return Verdict("unreadable", f"Your function stopped at {_call(answer, case)}: {type(error).__name__}, {error}.")
        if value is None:
            return Verdict("unreadable", f"{_call(answer, case)} gave nothing back: is there a `return`?")
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            return Verdict("unreadable", f"Your function must return a number; {_call(answer, case)} gave {value!r}.")
        results.append(float(value))
    right = [repair.right(*case) for case in repair.cases]
    if all(_near(a, b, 1e-9) for a, b in zip(right, results)):
        return Verdict("right", f"Right in all {len(right)} cases we tried.")
    case, want, got = next((c, a, b) for c, a, b in zip(repair.cases, right, results) if not _near(a, b, 1e-9))
    shown = f"{_call(answer, case)} gives {repair.show(got)}; it should be {repair.show(want)}."
    for wrong in repair.wrong:
        if all(_near(wrong.gives(*case), b, 1e-9) for case, b in zip(repair.cases, results)):
            return Verdict("known", f"Not yet. {shown} {wrong.why}")
    return Verdict("wrong", f"Not yet. {shown}")


def _call(function, case):
    name = getattr(function, "__name__", "your function")
    return f"{name}({', '.join(repr(value) for value in case)})"


def _number(answer, unit):
    """(value, the unit that was typed, "") or (None, "", one sentence about what is wrong with it)."""
    asked = ASKED.get(unit, f"a number of {unit}" if unit.islower() else f"an amount of {unit}")
    if isinstance(answer, str):
        try:
            value, typed = read_number(answer)
        except ValueError:
            return None, "", f"the answer must be {asked}, as a number, got {answer.strip()!r}"
        if typed.upper() not in ("", unit.upper(), unit.upper().removesuffix("S")):  # 1 hour
            return None, "", f"the answer must be {asked}, got another unit, {answer.strip()!r}"
        return value, typed, ""
    if callable(answer):
        return None, "", "the answer must be a number, got a function: call it with its values"
    if hasattr(answer, "item") and getattr(answer, "size", 0) == 1:
        answer = answer.item()  # a numpy number, or an array of one
    if isinstance(answer, bool) or not isinstance(answer, Real):
        return None, "", f"the answer must be one number, got a {type(answer).__name__}"
    value = float(answer)
    if not math.isfinite(value):
        return None, "", f"the answer must be a finite number, got {value}"
    return value, "", ""


def _near(right, value, tolerance):
    return abs(value - right) <= tolerance * abs(right) + 1e-12 * (right == 0)


@dataclass
class Desk:
    """The exercises and predictions by id, the numbers drawn for each, and how many hints were seen."""

    exercises: dict
    predictions: dict
    numbers: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    rng: random.Random = field(default_factory=random.Random)

    def task(self, id):
        """The task as it stands now."""
        exercise = self.exercises[id]
        if isinstance(exercise, Repair):
            return exercise
        return exercise.make(**self.numbers.get(id, exercise.start()))

    def redraw(self, id):
        """New numbers; hints start again."""
        exercise = self.exercises[id]
        self.numbers[id] = exercise.draw(self.rng, unlike=self.numbers.get(id, exercise.start()))
        self.seen.pop(id, None)

    def hint(self, id):
        """The next hint, the last one again when there are no more."""
        hints = self.task(id).hints
        number = min(self.seen.get(id, 0), len(hints) - 1)
        self.seen[id] = number + 1
        return f"Hint {number + 1} of {len(hints)}: {hints[number]}"


def missing(id, known, word):
    """One sentence for an id that does not exist."""
    close = difflib.get_close_matches(str(id), known, n=1)
    nearest = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no {word} {id!r}.{nearest} There are: {', '.join(known)}."
