"""Exercises and predictions, without any widget: tasks, and the judging of answers.

One function makes a task from its numbers: question, solution and the usual wrong answers. So the same text serves the
first draw and every new one, and an answer that comes from a known misconception gets the sentence written for it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from hashlib import sha256
from numbers import Real

from leverage_lab import kernel
from leverage_lab.checks import short
from leverage_lab.words import amount, money, percent, plain, read_number, readings, rounded, sentence, times

TOLERANCE = 0.005  # three digits are enough: rounding to them changes no number by more than half a percent
CLOSE = 0.05
THREE_DIGITS = "to three digits"
PLACES = {"to the dollar": 0, "to the cent": 2, "to two decimals": 2}  # decimals that a question may ask for

SHOWN = {"$": money, "%": percent, "x": times}
ASKED = {
    "$": "an amount in dollars, such as 12.50",
    "%": "a percentage, such as 5\u00a0%",
    "x": "a leverage, such as 20x",
}


def _shown(value, unit):
    if unit in SHOWN:
        return SHOWN[unit](value)
    return amount(value, unit.removesuffix("s") if unit.islower() and value == 1 else unit)  # 1 hour


@dataclass(frozen=True)
class Wrong:
    """A usual wrong answer: what it gives (a number; a function of a repair, words of a choice), what to say to it."""

    gives: object
    why: str


@dataclass(frozen=True)
class Task:
    """One question with its numbers. unit: "$", "%" (a fraction inside), "x", a coin or a word such as "hours".

    to: the precision asked for, in the question's own words (a key of PLACES). tolerance: below TOLERANCE only with
    such words.
    """

    ask: str
    answer: float
    unit: str
    wrong: tuple
    hints: tuple
    steps: str
    tolerance: float = TOLERANCE
    to: str = THREE_DIGITS
    either_sign: bool = False  # the question asks how much is lost: "−$3" says the same as "$3"

    def show(self, value):
        return _shown(value, self.unit)

    def as_asked(self, value):
        """The value rounded as the question asks."""
        scale = 100 if self.unit == "%" else 1
        if self.to in PLACES:
            return float(rounded(scale * value, PLACES[self.to])) / scale
        return float(rounded(scale * value, 2 - math.floor(math.log10(abs(scale * value))))) / scale if value else 0.0

    def match(self, value):
        """What `value` is: self if it is right, the Wrong that gives it, or None. Of several the nearest.

        A wrong answer must be met as closely as a rounding of it, or of a step before, explains.
        """
        nearest = min((self, *self.wrong), key=lambda one: abs(_goal(one) - value))
        goal = _goal(nearest)
        if _near(read_number(self.show(goal))[0], value, 1e-9):  # as the worked solution shows it
            return nearest
        if nearest is self:
            step = 0.5 * 10.0 ** -PLACES[self.to] / (100 if self.unit == "%" else 1) if self.to in PLACES else 0
            return self if abs(value - goal) <= max(self.tolerance * abs(goal), step) * (1 + 1e-9) else None
        cents = self.unit == "$" and value == float(rounded(goal, 2)) != 0
        rounded_off = _near(goal, value, 2 * self.tolerance) and _rounds(goal, value, self.unit)
        return nearest if cents or rounded_off or _near(goal, value, self.tolerance / 5) else None

    def apart(self):
        """True if right and wrong answers can all be told apart: as shown, as asked, and a percentage without its %."""
        values = [self.answer, *(wrong.gives for wrong in self.wrong)]
        if not all(map(math.isfinite, values)) or abs(self.answer) < 1e-9:
            return False
        if len(set(map(self.show, values))) < len(values):
            return False
        if any(_near(a, b, 4 * min(self.tolerance, 0.0005)) for i, a in enumerate(values) for b in values[:i]):
            return False
        bare = [wrong for wrong in values[1:] if self.unit == "%" and abs(wrong) >= 1]
        return self.match(self.as_asked(self.answer)) is self and not any(self.match(wrong / 100) for wrong in bare)


@dataclass(frozen=True)
class Choice:
    """A question with two to six options. Their order follows from its words: new numbers shuffle them."""

    ask: str
    answer: str
    wrong: tuple
    hints: tuple
    steps: str

    show = staticmethod(str)

    @property
    def options(self):
        """{letter: words} in the order shown."""
        words = (self.answer, *(wrong.gives for wrong in self.wrong))
        return dict(zip("abcdef", sorted(words, key=lambda one: sha256((self.ask + one).encode()).digest())))

    def lines(self):
        return [f"{letter}. {words}" for letter, words in self.options.items()]

    def apart(self):
        """True if no two options say the same."""
        return len(set(map(_tidy, self.options.values()))) == 1 + len(self.wrong) > 1


@dataclass(frozen=True)
class Exercise:
    """A task that can be drawn again: `make(**numbers)` gives a Task or Choice; the first of each numbers is the start.

    Without numbers it stays the same. also: the earlier chapters it goes back to.
    """

    id: str
    make: object
    numbers: dict = field(default_factory=dict)
    also: tuple = ()

    def start(self):
        return {name: values[0] for name, values in self.numbers.items()}

    def draw(self, rng, unlike=None):
        """New numbers, other than `unlike`, whose right and wrong answers can be told apart."""
        for _ in range(1000):
            numbers = {name: rng.choice(values) for name, values in self.numbers.items()}
            if numbers != unlike and self.make(**numbers).apart():
                return numbers
        raise RuntimeError(f"exercise {self.id}: no draw whose answers can be told apart")


@dataclass(frozen=True)
class Repair:
    """Find the bug: the learner hands in a function, compared with `right` on `cases` (tuples of arguments)."""

    id: str
    ask: str
    right: object
    cases: tuple
    unit: str
    wrong: tuple
    hints: tuple
    steps: str
    also: tuple = ()

    numbers = {}  # there is nothing to draw
    show = Task.show


@dataclass(frozen=True)
class Prediction:
    """A guess before the picture opens: a number in `unit` ("$", "%", "x" or a word such as "hours"), or an option."""

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
        """The guess as it is stored; ValueError with one sentence if there is none."""
        if self.options:
            if typed not in self.options:
                raise ValueError("choose one of the answers first")
            return typed
        meant, problem = _meant(typed, self.unit)
        if problem:
            raise ValueError(problem)
        values = [abs(value) if self.either_sign else value for value in meant]
        return next((value for value in values if _near(self.answer, value, 10 * TOLERANCE)), values[0])

    def knows(self, guess):
        """True if `read` could have returned this guess: the stored one may be damaged or from another version."""
        if self.options:
            return guess in self.options
        return isinstance(guess, Real) and not isinstance(guess, bool) and math.isfinite(guess)

    def met_by(self, guess):
        """True if the guess is the answer, or near enough to it."""
        return guess == self.answer if self.options else _near(self.answer, guess, 10 * TOLERANCE)

    def compare(self, guess):
        """One or two sentences: the guess beside the answer."""
        if self.met_by(guess):
            return f"You guessed {self._said(guess)}, and that is right. {self.why}"
        if self.options:
            return f"You guessed {self._said(guess)}. {self.tell()}"
        return f"You guessed {self._said(guess)}; it is {self._said(self.answer)}. {self.why}"

    def tell(self):
        """The answer and why, for those who have not guessed."""
        return f"The answer: {self._said(self.answer)}. {self.why}"

    def _said(self, value):
        return f"“{value}”" if self.options else self.show(value)


@dataclass(frozen=True)
class Verdict:
    """kind: missing, unreadable, right, known (a misconception), close or wrong."""

    kind: str
    text: str


def judge(task, answer):
    """A Verdict on any answer; never raises."""
    if answer is ...:
        do = "choose one, or put its letter" if isinstance(task, Choice) else "type your answer in the box, or put it"
        return Verdict("missing", f"Not answered yet: {do} in place of the dots and run the cell.")
    try:
        return JUDGES[type(task)](task, answer)
    except Exception as error:  # a learner's object may raise anything when it is touched
        said = f"This answer could not be read ({type(error).__name__}). A plain number is enough."
        return Verdict("unreadable", said)


def _judge_number(task, answer):
    meant, problem = _meant(answer, task.unit)
    if problem:
        return Verdict("unreadable", sentence(problem))
    values = [abs(value) if task.either_sign else value for value in meant]
    for value in values:
        if task.match(value) is task:
            return Verdict("right", f"Right: {task.show(task.answer)}.{_bare(task, answer, value)}")
    if _whole(answer) or _rounds(task.answer, values[0], task.unit):  # 1 is 1 %, not 100 %; 80,000 is not 80
        values = values[:1]
    value, wrong = next(((value, wrong) for value in values if (wrong := task.match(value))), (values[0], None))
    given = f"You answered {task.show(value)}."
    rounds, close = _rounds(task.answer, value, task.unit), Verdict("close", f"Close. {given} Give it {task.to}.")
    if rounds and task.to != THREE_DIGITS and not (wrong and _near(wrong.gives, value, 1e-6)):
        return close
    if wrong:
        return Verdict("known", f"Not yet. {given} {wrong.why}")
    if _near(-task.answer, value, task.tolerance):
        return Verdict("known", f"Not yet. {given} The size is right, the sign is not.")
    if factor := _off_by(task, value):
        look = "the percent sign and the zeros" if "%" in task.ask else "the zeros"
        return Verdict("known", f"Not yet. {given} That is off by a factor of {factor}: look at {look}.")
    if rounds:
        return close
    if _near(task.answer, value, CLOSE):
        return Verdict("close", f"Close. {given} That is more than a rounding difference: go through the steps again.")
    if task.answer * value < 0:
        return Verdict("wrong", f"Not yet. {given} The sign is not right either. A hint may help.")
    size = "small" if abs(value) < abs(task.answer) else "large"
    return Verdict("wrong", f"Not yet. {given} That is too {size}. A hint may help.")


def _off_by(task, value):
    """The power of ten by which the value is off, or None."""
    times = ((factor, value * scale) for factor in (100, 1000, 10) for scale in (1 / factor, factor))
    return next((factor for factor, scaled in times if _near(task.answer, scaled, task.tolerance)), None)


def _goal(one):
    return one.answer if isinstance(one, Task) else one.gives


def _bare(task, answer, value):
    """For a number from a cell that was read as percent: the fraction it is in code."""
    if task.unit != "%" or not isinstance(answer, (int, float)) or _near(abs(value), abs(answer), 1e-9):
        return ""
    return f" (Your {plain(answer, 4)} was read as percent; in code it is {plain(answer / 100, 6)}.)"


def _whole(answer):
    """True for an answer written without a decimal point."""
    return isinstance(answer, int) or (isinstance(answer, str) and not any(sign in answer for sign in ".,/"))


def _rounds(answer, value, unit):
    """True if `value` is `answer` truncated or rounded to the digits it has, but at least two."""
    scale = 100 if unit == "%" else 1
    value, answer = scale * value, scale * answer
    digits = f"{abs(value):.12e}".partition("e")
    kept = max(2, len(digits[0].replace(".", "").rstrip("0")))
    step = 10.0 ** (int(digits[2]) - kept + 1)
    truncated = 0 <= abs(answer) - abs(value) < step * (1 - 1e-9)
    return answer * value > 0 and (truncated or abs(answer - value) <= step / 2 * (1 + 1e-9))


def _judge_function(repair, answer):
    if not callable(answer):
        return Verdict("unreadable", "This exercise needs a function: give its name, without brackets.")
    if stopped := kernel.stopped(answer):
        said = f"The cell above stopped with {stopped}, so this is still your earlier function"
        return Verdict("unreadable", f"{said}: fix that cell and run it, then this one.")
    results = []
    for case in repair.cases:
        try:
            value = answer(*case)
        except Exception as error:
            said = f"Your function stopped at {_call(answer, case)}: {type(error).__name__}, {error}."
            return Verdict("unreadable", said)
        if value is None:
            return Verdict("unreadable", f"{_call(answer, case)} returned nothing: is there a `return`?")
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


def _judge_choice(task, answer):
    said, options = _tidy(answer), task.options
    meant = dict(zip("123456", options.values())) | options | {_tidy(words): words for words in options.values()}
    chosen = meant.get(said) or meant.get(re.sub(r"^[a-f][.):] *", "", said))
    if not chosen:
        asked = f"Please choose one of {', '.join(options)}: its letter or its words"
        return Verdict("unreadable", f"{asked}, got {short(answer)}.")
    why = {wrong.gives: wrong.why for wrong in task.wrong}.get(chosen)
    return (
        Verdict("known", f"Not yet. You answered “{chosen}”. {why}") if why else Verdict("right", f"Right: {chosen}.")
    )


def _tidy(said):
    """Words as they are compared: small letters, single spaces, nothing around them."""
    return " ".join(str(said).lower().replace("\u2212", "-").split()).strip("()“”\"'. ")


JUDGES = {Task: _judge_number, Choice: _judge_choice, Repair: _judge_function}


def _call(function, case):
    name = getattr(function, "__name__", "your function")
    return f"{name}({', '.join(repr(value) for value in case)})"


def _meant(answer, unit):
    """([possible readings, the likeliest first], "") or ([], one sentence about what is wrong with the answer).

    Where percent is asked for, a bare 4 means 4 %, or else the fraction; below 1, a number from a cell is first of all
    a fraction, as chapter 0 says.
    """
    asked = "please type " + _asked(unit)
    if isinstance(answer, str):
        shown = answer.strip() if len(answer.strip()) <= 40 else answer.strip()[:39] + "…"
        try:
            found = readings(answer)
        except ValueError:
            return [], f"{asked} (you typed “{shown}”)" if shown else asked
        typed, asked_for = found[0][1].upper(), unit.upper()
        short = {"times": "X", "hours": "H"}.get(unit, asked_for)
        if typed not in ("", asked_for, asked_for.removesuffix("S"), short):
            return [], f"{asked} (you typed “{shown}”, which has another unit)"
        values = [value for value, _ in found]
        return [value / 100 for value in values] + values if unit == "%" and not typed else values, ""
    if callable(answer):
        return [], f"{asked} (your cell gave a function: call it with its values)"
    if hasattr(answer, "item") and getattr(answer, "size", 0) == 1:
        answer = answer.item()  # a numpy number, or an array of one
    if isinstance(answer, bool) or answer is None:
        return [], f"{asked} (your cell gave {answer}, which is not a number)"
    if not isinstance(answer, Real):
        return [], f"{asked} (your cell gave something other than one number)"
    try:
        value = float(answer)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        gave = "nan, which is not a number" if math.isnan(value) else "an infinite number"
        return [], f"{asked} (your calculation gave {gave})"
    if unit == "%":
        return [value, value / 100] if abs(value) < 1 else [value / 100, value], ""
    return [value], ""


def _asked(unit):
    word = "a number of" if unit.islower() else "an amount of"
    return ASKED.get(unit, f"{word} {unit}, such as {'3' if unit.islower() else '0.25'}")


def _near(right, value, tolerance):
    return abs(value - right) <= tolerance * abs(right) + 1e-12 * (right == 0)
