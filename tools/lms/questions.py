"""The exercises, each with several draws of numbers, and the polls: as questions that any format can hold."""

import random
import re
from dataclasses import dataclass, replace

from answer_key import name, offered, poll, poll_of
from chapters import ROOT

from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import PLACES, THREE_DIGITS, Choice, Repair

from .words import leans, refused, without_place

DRAWS = 5
TRIES = 300
APART = 0.05  # what no exercise knows, but a keyboard makes (a minus, a fraction), must be this far from what it knows
TYPE = {
    "$": "Type the number of dollars alone, without $ and without commas.",
    "%": "Type the percentage as a number alone: 5 for 5\u00a0%.",
    "x": "Type the number alone: 20 for 20x.",
}


class Refused(Exception):
    """Questions that cannot be exported: one line each."""


@dataclass(frozen=True)
class Answer:
    """Words to choose, or a number to type with how far off it may be. why: what is said to it."""

    text: str
    right: bool
    why: str
    value: float | None = None
    tolerance: float = 0


@dataclass(frozen=True)
class Question:
    """solution: what is shown after any answer."""

    name: str
    ask: str
    answers: tuple
    solution: str
    hints: tuple = ()

    @property
    def typed(self):
        return self.answers[0].value is not None

    def texts(self):
        """{where: words} of all that a student may see."""
        found = {"question": self.ask, "solution": self.solution}
        found |= {f"hint {number}": hint for number, hint in enumerate(self.hints, start=1)}
        for answer in self.answers:
            found[f"answer {answer.text}"] = answer.text
            found[f"sentence on {answer.text}"] = answer.why
        return found


@dataclass(frozen=True)
class Entry:
    """An exercise or a prediction. asked: as the notebook asks it. polled: with options."""

    id: str
    chapter: int
    asked: tuple
    polled: tuple

    @property
    def drawn(self):
        """True if there are several draws of numbers, not one poll alone."""
        return len(self.asked) > 1


def entries():
    """([Entry, …], {id: why it is left out}), in the chapters' order."""
    found, left_out = [], {}
    everything = exercise_book.predictions | {f"check {id}": one for id, one in exercise_book.exercises.items()}
    for key, one in sorted(everything.items(), key=lambda item: item[1].id[:1]):
        exercise = key.startswith("check ")
        id = name("check" if exercise else "predict", one.id)
        if isinstance(one, Repair):
            left_out[id] = "needs Python: a function is to be repaired"
        elif not exercise and not one.options:
            left_out[id] = "a guess at a number makes no poll"
        else:
            made = of_exercise(one) if exercise else of_prediction(one)
            words = next(
                (word for question in made.asked for text in question.texts().values() if (word := leans(text))), 0
            )
            if words:
                left_out[id] = f"speaks of its place in the course (“{words}”)"
            else:
                found.append(made)
    return found, left_out


def of_prediction(one):
    ask, options, right, why, _ = poll("predict", one.id)
    answers = tuple(
        Answer(option, option == right, "Right." if option == right else "Not this one.") for option in options
    )
    question = Question(name("predict", one.id), without_place(ask), answers, without_place(why))
    return Entry(question.name, int(one.id[0]), (question,), (question,))


def of_exercise(exercise):
    tasks = drawn(exercise)
    polled = tuple(chosen(exercise.id, number, task) for number, task in enumerate(tasks, start=1))
    asked = polled
    if not isinstance(tasks[0], Choice):
        asked = tuple(typed(exercise.id, number, task) for number, task in enumerate(tasks, start=1))
    return Entry(exercise.id, int(exercise.id[0]), asked, polled)


def drawn(exercise):
    """The task with its first numbers and with up to four others, always the same ones. Each makes a poll."""
    rng = random.Random(f"school {exercise.id}")
    tasks = [exercise.make(**exercise.start())]
    for _ in range(TRIES if exercise.numbers else 0):
        task = exercise.make(**exercise.draw(rng))
        if task.ask not in [other.ask for other in tasks] and len(poll_of(exercise.id, task)[1]) >= 3:
            tasks.append(task)
        if len(tasks) == DRAWS:
            break
    return tasks


def chosen(id, number, task):
    """A draw with options."""
    ask, options, right, _, reveals = poll_of(id if number == 1 else f"{id} {number}", task)
    answers = (
        Answer(option, option == right, "Right." if option == right else without_place(reveals[option]))
        for option in options
    )
    return Question(f"{id} ({number})", without_place(ask), tuple(answers), *after(task))


def typed(id, number, task):
    """A draw whose answer is a number to type."""
    return Question(f"{id} ({number})", without_place(f"{task.ask}\n{how(task)}"), tuple(numbers(task)), *after(task))


def after(task):
    steps = task.steps if isinstance(task, Choice) else ending_as_asked(task)
    return "Worked solution:\n" + without_place(steps), tuple(map(without_place, task.hints))


def ending_as_asked(task):
    """The worked solution, with its result rounded as the question asks."""
    exact, asked = task.show(task.answer), offered(task, task.answer)
    same = task.show(task.as_asked(task.answer)) == exact
    return task.steps.replace(f"**{exact}**", f"**{asked}**" if same else f"{exact}, {task.to} **{asked}**")


def how(task):
    """How the answer is to be typed."""
    counted = task.unit.islower() and task.answer == int(task.answer)
    digits = "" if counted or task.to != THREE_DIGITS else " Three digits are enough."
    return TYPE.get(task.unit, "Type the number alone.") + digits


def numbers(task):
    """The right number and all known wrong ones, as they are typed, none so wide that it reaches into another."""
    scale = 100 if task.unit == "%" else 1
    step = 0.5 * 10.0 ** -PLACES[task.to] if task.to in PLACES else 0
    right, width = scale * task.answer, max(task.tolerance * abs(scale * task.answer), step)
    found = [(right, width, True, "Right.")]
    for wrong in task.wrong:
        rounding = abs(task.as_asked(wrong.gives) - wrong.gives)
        width_of = scale * max(
            rounding * (1 + 1e-6), task.tolerance / 5 * abs(wrong.gives)
        )  # rounded as asked it is met
        found.append((scale * wrong.gives, width_of, False, without_place(wrong.why)))
    more = [] if task.either_sign else [(-right, width, False, "The size is right, the sign is not.")]
    if task.unit == "%":
        fraction = "That is the right fraction, but percent are asked for: 5 for 5\u00a0%."
        more.append((right / 100, width / 100, False, fraction))
    for one in more:
        if all(abs(one[0] - other[0]) > APART * max(abs(one[0]), abs(other[0])) for other in found):
            found.append(one)
    answers = []
    for value, width, right, why in found:
        gap = min(abs(value - other) for other, *_ in found if other != value)
        answers.append(Answer(task.show(value / scale), right, why, value, min(width, 0.49 * gap)))
    asked = scale * task.as_asked(task.answer)
    off, width = abs(asked - answers[0].value), answers[0].tolerance
    if step and off <= width / 2:  # Moodle shows it as the right answer; farther off the exact one would be wrong
        answers[0] = replace(answers[0], value=asked, tolerance=width - off)
    twin = replace(answers[0], text=task.show(-task.answer), value=-answers[0].value)
    return answers + [twin] * task.either_sign


def refuse(entries):
    """Raise Refused if a question has something that the formats cannot hold."""
    lines = []
    for question in [question for entry in entries for question in dict.fromkeys((*entry.asked, *entry.polled))]:
        said = {where: reason for where, text in question.texts().items() if (reason := refused(text))}
        lines += [f"{question.name}: its {where} {reason}" for where, reason in said.items()]
        options = [answer.text for answer in question.answers]
        if len(options) < 2 or not any(answer.right for answer in question.answers):
            lines.append(f"{question.name}: it has {len(options)} answers, or none that is right")
        if not question.typed and len(set(options)) < len(options):
            lines.append(f"{question.name}: two of its options say the same")
    if lines:
        raise Refused("\n".join(dict.fromkeys(lines)))


def folder(number):
    """The name of a chapter's questions, such as “1 Leverage basics”."""
    stem = next((ROOT / "notebooks").glob(f"{number:02}-*.ipynb")).stem
    words = re.sub(r"^\d+-", "", stem).replace("-", " ")
    return f"{number} {words.capitalize()}"
