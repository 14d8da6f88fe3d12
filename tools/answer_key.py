"""The answer key and the poll questions of the instructor's kit, from the exercises themselves.

    python tools/answer_key.py [--out instructor]

Writes answers.md (right and wrong answers, what is said of each, worked steps) and polls.md
(options A to D; below each what a letter reveals). Run by `make key`.
tests/test_answer_key.py gives every printed answer to the judge of the notebooks.
"""

import argparse
import math
from pathlib import Path

from chapters import ROOT, asked, chapters

from leverage_lab.classroom.exercises import desk
from leverage_lab.classroom.exercises.inventory import ITEMS
from leverage_lab.classroom.page import markdown
from leverage_lab.classroom.practice import Repair, judge

LETTERS = "ABCD"
APART = 0.05  # options of a poll differ by 5 % if that can be had, else by
BARELY = 0.0004  # this much: prices a step away
FAR = 100  # times as large or as small as the answer: seen to be wrong without reckoning, so taken last

ANSWERS = """# Answer key

Every exercise, prediction and question of the inventory, in the notebooks' order and with the numbers a learner
meets first (*New numbers* draws others). What stands beside a wrong answer is what the course says of it.
Made by `make key` from the exercises; a test gives every answer printed here to the judge that learners meet.
"""
POLLS = """# Poll questions

For a show of hands, cards or a polling tool: read the question and the options out, let everybody choose, then give the
key that stands below them. Wrong options come from the exercises; each stands for one way of thinking, and the key says which.
Numbers are in order of size, so that the place of an option says nothing. Made by `make key`.
"""


def start(id):
    """The exercise with the numbers a learner meets first."""
    exercise = desk.exercises[id]
    return exercise if isinstance(exercise, Repair) else exercise.make(**exercise.start())


def printed(task, value):
    """A wrong value as the course shows it; with more digits where rounding would make another answer of it."""
    said = next(wrong.why for wrong in task.wrong if wrong.gives == value)
    shown = task.show(value)
    return shown if said in judge(task, shown).text else f"{100 * value:.4g}\u00a0%" if task.unit == "%" else f"{value:.6g}"


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table(head, rows):
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def quote(text):
    return "\n".join("> " + line + "  " for line in text.splitlines())


def exercise_key(id):
    task = start(id)
    rows = [(printed(task, wrong.gives), wrong.why) for wrong in task.wrong]
    return "\n\n".join([
        task.ask,
        f"Right: **{task.show(task.answer)}**" + (" (with or without a minus)" if task.either_sign else ""),
        table(("answered", "what is said of it"), rows),
        f"{len(task.hints)} hints. Worked solution:",
        quote(task.steps),
    ])


def repair_key(id, function):
    repair = start(id)
    ways = [repair.right, *(wrong.gives for wrong in repair.wrong)]
    head = ("call", "right", *(f"wrong {number}" for number in range(1, len(ways))))
    rows = [(f"`{function}({', '.join(map(repr, case))})`", *(repair.show(way(*case)) for way in ways)) for case in repair.cases]
    said = [f"- wrong {number}: {wrong.why}" for number, wrong in enumerate(repair.wrong, start=1)]
    return "\n\n".join([repair.ask, table(head, rows), "\n".join(said), f"{len(repair.hints)} hints. Worked solution:", quote(repair.steps)])


def prediction_key(id):
    prediction = desk.predictions[id]
    options = [f"Options: {' · '.join(prediction.options)}"] if prediction.options else []
    return "\n\n".join([prediction.ask, *options, f"Right: **{prediction.show(prediction.answer)}**. {prediction.why}"])


def item_key(item):
    rows = [(option.text, option.misconception or "**right**") for option in item.options]
    return f"#### {item.id}\n\n{item.ask} *(chapter {item.chapter})*\n\n{table(('option', 'the idea behind it'), rows)}"


def name(kind, id):
    """A prediction and an exercise may have the same id."""
    return id if kind == "check" else f"{id} (prediction)"


def poll(kind, id):
    """(question, options in their order, the right one, why it is, {wrong one: what it reveals}), or None if this is none for a poll."""
    if kind == "predict":
        asks = desk.predictions[id]
        return (asks.ask, asks.options, asks.answer, asks.why, {}) if asks.options else None
    task = start(id)
    if isinstance(task, Repair):
        return None
    right = task.show(task.answer)
    values, reveals = {right: task.answer}, {}
    for gap, far in ((APART, FAR), (APART, math.inf), (BARELY, math.inf)):
        for wrong in task.wrong:
            size = abs(wrong.gives / task.answer)
            near = any(abs(wrong.gives - value) < gap * max(abs(wrong.gives), abs(value)) for value in values.values())
            if len(values) < len(LETTERS) and not near and (not size or 1 / far <= size <= far):
                text = printed(task, wrong.gives)
                values[text], reveals[text] = wrong.gives, wrong.why
    return task.ask, sorted(values, key=values.get), right, "", reveals


def poll_page(kind, id):
    """A poll as Markdown, or "" if there is none for this id."""
    if not (made := poll(kind, id)):
        return ""
    question, options, right, why, reveals = made
    letters = dict(zip(options, LETTERS))
    choices = "\n".join(f"- {letter}. {text}" for text, letter in letters.items())
    key = [f"Key: **{letters[right]}**. {why}".strip(), *(f"{letter}: {reveals[text]}" for text, letter in letters.items() if text in reveals)]
    return "\n\n".join([f"#### {name(kind, id)}", question, choices, "  \n".join(key)])


def block(kind, id, argument):
    body = prediction_key(id) if kind == "predict" else repair_key(id, argument) if isinstance(desk.exercises[id], Repair) else exercise_key(id)
    return f"#### {name(kind, id)}\n\n{body}"


def pages():
    """(answers.md, polls.md)."""
    answers, polls = [ANSWERS.strip()], [POLLS.strip()]
    for chapter in chapters():
        head = f"## Chapter {chapter.number} · {chapter.title}"
        answers.append(head)
        polls.append(head)
        for section in chapter.sections:
            questions = [found for found in map(asked, section.cells) if found]
            parts = [block(*question) for question in questions]
            if any(c.cell_type == "code" and c.source.startswith('inventory("before")') for c in section.cells):
                parts += map(item_key, ITEMS)
            asks = [text for kind, id, _ in questions if (text := poll_page(kind, id))]
            for page, found in ((answers, parts), (polls, asks)):
                page += [f"### {section.heading}", *found] if found else []
    return ["\n\n".join(page).replace("**Find the bug.** ", "") + "\n" for page in (answers, polls)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "instructor")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, text in zip(("answers.md", "polls.md"), pages()):
        (out / name).write_text(markdown(text), encoding="utf-8")
        print(f"{out / name}: {text.count('#### ')} entries")


if __name__ == "__main__":
    main()
