"""The answer key and the poll questions of the instructor's kit, from the exercises themselves.

    python tools/answer_key.py [--out instructor]

Writes answers.md (right and wrong answers, what is said of each, worked steps), polls.md (questions with options
A to D, to be printed or shown) and polls-key.md (the right letter, and what each other one reveals). Run by `make key`.
tests/project/test_answer_key.py gives every printed answer to the judge of the notebooks.
"""

import argparse
import hashlib
import math
import re
from pathlib import Path

from chapters import ROOT, asked, chapters

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.page import markdown
from leverage_lab.panelkit.practice import PLACES, Choice, Repair, judge
from leverage_lab.words import plain, rounded

NAMES = ("answers.md", "polls.md", "polls-key.md")
LETTERS = "ABCDEF"
OPTIONS = 4  # of a poll made from a number
ONLY_DRAWN = "In no section: `practice()` draws them"
UNITS = ("$", "%", "x", "price")  # shown with few digits as it is
APART = 0.05  # options of a poll differ by 5 % if possible, else by
BARELY = 0.0004  # this much: prices a step away
FAR = 100  # times as large or small as the answer: obviously wrong without calculating, so used last

ANSWERS = """# Answer key

Every exercise, prediction and question of the inventory, in the notebooks' order and with the numbers a learner
meets first (*New numbers* draws others). What stands beside a wrong answer is what the course says of it.
Made by `make key` from the exercises; a test gives every answer printed here to the judge that learners meet.
"""
POLLS = """# Poll questions

For a show of hands, cards or a polling tool: read the question and the options out and let everybody choose. No answer
stands on these pages; the key is [a file of its own](polls-key.md). The options are in no order. Made by `make key`.
"""
KEYS = """# Key to the poll questions

The right letter of each [poll](polls.md). Wrong options come from the exercises; each stands for one way of thinking,
and the key says which. Made by `make key`.
"""


def start(id):
    """The exercise with the numbers a learner meets first."""
    exercise = exercise_book.exercises[id]
    return exercise if isinstance(exercise, Repair) else exercise.make(**exercise.start())


def printed(task, value):
    """A wrong value as the course shows it, with more digits where rounding would turn it into another answer."""
    said = next(wrong.why for wrong in task.wrong if wrong.gives == value)
    shown = task.show(value)
    return (
        shown
        if said in judge(task, shown).text
        else f"{100 * value:.4g}\u00a0%"
        if task.unit == "%"
        else f"{value:.6g}"
    )


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table(head, rows):
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def quote(text):
    return "\n".join("> " + line + "  " for line in text.splitlines())


def back(id):
    """[the earlier chapters that an exercise goes back to, as a sentence], or []."""
    also = exercise_book.exercises[id].also
    return [f"Goes back to chapter{'s' if len(also) > 1 else ''} {' and '.join(map(str, also))}."] if also else []


def exercise_key(id):
    task = start(id)
    rows = [(printed(task, wrong.gives), wrong.why) for wrong in task.wrong]
    either = " (with or without a minus)" if getattr(task, "either_sign", False) else ""
    return "\n\n".join(
        [
            task.ask,
            *back(id),
            f"Right: **{task.show(task.answer)}**{either}",
            table(("answered", "what is said of it"), rows),
            f"{len(task.hints)} hints. Worked solution:",
            quote(task.steps),
        ]
    )


def repair_key(id, function):
    repair = start(id)
    ways = [repair.right, *(wrong.gives for wrong in repair.wrong)]
    head = ("call", "right", *(f"wrong {number}" for number in range(1, len(ways))))
    rows = [
        (f"`{function}({', '.join(map(repr, case))})`", *(repair.show(way(*case)) for way in ways))
        for case in repair.cases
    ]
    said = [f"- wrong {number}: {wrong.why}" for number, wrong in enumerate(repair.wrong, start=1)]
    return "\n\n".join(
        [
            repair.ask,
            *back(id),
            table(head, rows),
            "\n".join(said),
            f"{len(repair.hints)} hints. Worked solution:",
            quote(repair.steps),
        ]
    )


def prediction_key(id):
    prediction = exercise_book.predictions[id]
    options = [f"Options: {' · '.join(prediction.options)}"] if prediction.options else []
    return "\n\n".join([prediction.ask, *options, f"Right: **{prediction.show(prediction.answer)}**. {prediction.why}"])


def item_key(item):
    rows = [(option.text, option.misconception or "**right**") for option in item.options]
    return f"#### {item.id}\n\n{item.ask} *(chapter {item.chapter})*\n\n{table(('option', 'the idea behind it'), rows)}"


def name(kind, id):
    """A prediction and an exercise may have the same id."""
    return id if kind == "check" else f"{id} (prediction)"


def poll(kind, id):
    """(question, options in order, the right one, why, {wrong one: what it reveals}), or None if it makes no poll."""
    if kind == "predict":
        asks = exercise_book.predictions[id]
        return (asks.ask, shuffled(id, asks.options), asks.answer, asks.why, {}) if asks.options else None
    task = start(id)
    return None if isinstance(task, Repair) else poll_of(id, task)


def poll_of(id, task):
    """The same of an exercise with any numbers."""
    if isinstance(task, Choice):
        reveals = {wrong.gives: wrong.why for wrong in task.wrong}
        return task.ask, shuffled(id, [task.answer, *reveals]), task.answer, "", reveals
    right = offered(task, task.answer)
    values, reveals = {right: task.answer}, {}
    wrongs = sorted(
        task.wrong, key=lambda wrong: "." not in right and not task.unit.startswith(UNITS) and wrong.gives % 1 != 0
    )  # of a count parts come last
    for gap, far in ((APART, FAR), (APART, math.inf), (BARELY, math.inf)):
        for wrong in wrongs:
            size = abs(wrong.gives / task.answer)
            near = any(abs(wrong.gives - value) < gap * max(abs(wrong.gives), abs(value)) for value in values.values())
            if len(values) < OPTIONS and not near and (not size or 1 / far <= size <= far):
                text = offered(task, wrong.gives, right)
                if text not in values:
                    values[text], reveals[text] = wrong.gives, wrong.why
    return task.ask, shuffled(id, sorted(values, key=values.get)), right, "", reveals


def offered(task, value, right=""):
    """A value as an option: rounded as the question asks.

    right: as it is offered. A wrong one gets its decimals, at least three digits: its length gives nothing away.
    """
    text = task.show(value)
    if task.to in PLACES:
        places = PLACES[task.to]
        digits = f"{rounded(abs(value) * (100 if task.unit == '%' else 1), places):,.{places}f}"
    elif not right or task.unit.startswith(UNITS):
        return text
    else:
        decimals = len(re.search(r"\d[\d,]*\.?(\d*)", right)[1])
        digits = plain(abs(value), min(decimals, 2) if abs(value) >= 1 else decimals, significant=3)
    return re.sub(r"\d[\d,.]*", digits, text, count=1)


def shuffled(id, options):
    """The options shuffled, in the same order every time."""
    return sorted(options, key=lambda option: hashlib.sha256(f"poll {id} {options.index(option)}".encode()).hexdigest())


def poll_page(kind, id):
    """(a poll, its key) as Markdown, or None if there is none for this id."""
    if not (made := poll(kind, id)):
        return None
    question, options, right, why, reveals = made
    letters = dict(zip(options, LETTERS))
    choices = "\n".join(f"- {letter}. {text}" for text, letter in letters.items())
    key = [
        f"**{letters[right]}**, {right}. {why}".strip(),
        *(f"{letter}, {text}: {reveals[text]}" for text, letter in letters.items() if text in reveals),
    ]
    head = f"#### {name(kind, id)}"
    return "\n\n".join([head, question, choices]), "\n\n".join([head, "  \n".join(key)])


def block(kind, id, argument):
    body = (
        prediction_key(id)
        if kind == "predict"
        else repair_key(id, argument)
        if isinstance(exercise_book.exercises[id], Repair)
        else exercise_key(id)
    )
    return f"#### {name(kind, id)}\n\n{body}"


def pages():
    """(answers.md, polls.md, polls-key.md)."""
    answers, polls, keys = made = [ANSWERS.strip()], [POLLS.strip()], [KEYS.strip()]
    everything = chapters()
    found = (one for chapter in everything for part in chapter.sections for one in map(asked, part.cells) if one)
    met = {id for kind, id, _ in found if kind == "check"}
    for chapter in everything:
        head = f"## Chapter {chapter.number} · {chapter.title}"
        for page in made:
            page.append(head)
        sections = [(part.heading, part.cells, list(filter(None, map(asked, part.cells)))) for part in chapter.sections]
        drawn = [id for id in exercise_book.exercises if id.startswith(f"{chapter.number}-") and id not in met]
        for heading, cells, questions in [*sections, (ONLY_DRAWN, (), [("check", id, "") for id in drawn])]:
            parts = [block(*question) for question in questions]
            if any(c.cell_type == "code" and c.source.startswith('inventory("before")') for c in cells):
                parts += map(item_key, ITEMS)
            asks = [found for kind, id, _ in questions if (found := poll_page(kind, id))]
            for page, found in (
                (answers, parts),
                (polls, [poll for poll, _ in asks]),
                (keys, [key for _, key in asks]),
            ):
                page += [f"### {heading}", *found] if found else []
    return ["\n\n".join(page).replace("**Find the bug.** ", "") + "\n" for page in made]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "instructor")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, text in zip(NAMES, pages(), strict=True):
        (out / name).write_text(markdown(text), encoding="utf-8")
        print(f"{out / name}: {text.count('#### ')} entries")


if __name__ == "__main__":
    main()
