"""Every number in prose is computed by a cell near it, and the stated minutes are what a chapter takes."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from prose import clean, equations, numbers, same, values

from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import Repair

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
each_chapter = pytest.mark.parametrize("path", BOOKS[:-1], ids=lambda path: path.stem)

EVERYWHERE = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    12,
    24,
}  # counted things, without a unit; hours of a day, months of a year
WITH_UNIT = {("%", 1.0), ("%", 0.0)}  # all of it, none of it


def chapter(path):
    """The chapter's test file: STATES (panel, control values) its prose speaks of, ALLOWED numbers with the reason."""
    name = f"test_chapter_{path.stem[:2]}"
    return import_module(name) if (ROOT / "tests" / "chapters" / f"{name}.py").exists() else SimpleNamespace()


def sections(notebook):
    """Cells from one `## ` heading to the next."""
    parts = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search(r"^## ", cell.source, flags=re.M):
            parts.append([])
        parts[-1].append(cell)
    return parts


def shown(cell):
    """What a code cell starts from and what it shows."""
    texts = [cell.source]
    for output in cell.get("outputs", []):
        texts += [
            output.get("text", ""),
            *(str(text) for kind, text in output.get("data", {}).items() if kind.startswith("text/")),
        ]
    for id in re.findall(r'(?<!\.)check\("([\w-]+)"', cell.source):
        task = (
            exercise_book.exercises[id]
            if isinstance(exercise_book.exercises[id], Repair)
            else exercise_book.exercises[id].make(**exercise_book.exercises[id].start())
        )
        texts += [task.ask, task.steps]
    for id in re.findall(r'predict\("([\w-]+)"', cell.source):
        prediction = exercise_book.predictions[id]
        texts += [prediction.ask, prediction.why, str(prediction.answer)]
    return "\n".join(texts)


def seen(states):
    """All numbers of panels in the states the prose names: controls, results, sentence."""
    found = set()
    for name, state in states:
        panel = panels.ALL[name](**state)
        found |= values(panel.sentence)
        for value in [*panel.values.values(), *vars(panel.result).values()]:
            if isinstance(value, (int, float)) and value == value:
                found.add(abs(float(value)))
    return found


def unexplained(path):
    """[(text before it, number)] of the prose that no cell, panel or equation accounts for."""
    parts = sections(nbformat.read(path, as_version=4))
    about = chapter(path)
    code = [values("\n".join(shown(cell) for cell in part if cell.cell_type == "code")) for part in parts]
    states, allowed = seen(getattr(about, "STATES", ())), getattr(about, "ALLOWED", {})
    left = []
    for place, part in enumerate(parts):
        whole = place in (0, len(parts) - 1)
        near = states.union(*code) if whole else states | code[place]
        for cell in part:
            if cell.cell_type != "markdown":
                continue
            text = clean(cell.source)
            true = [
                written for written, _, value, rights in equations(text) if all(same(right, value) for right in rights)
            ]
            sources = near.union(*map(values, true))
            for number in numbers(text):
                fine = (
                    number.text in allowed
                    or (number.unit, number.value) in WITH_UNIT
                    or (not number.unit and number.value in EVERYWHERE)
                )
                if not fine and not any(same(number, value) for value in sources):
                    left.append((text[max(0, number.start - 60) : number.start + 20].replace("\n", " "), number.text))
    return left


@each
def test_every_number_in_prose_is_computed(path):
    left = unexplained(path)
    assert not left, f"{path.stem}: no cell computes\n" + "\n".join(
        f"  {number:>12}   … {text} …" for text, number in left
    )


@each
def test_every_equation_in_prose_is_true(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for text, _, value, rights in equations(clean(cell.source)):
                assert all(same(right, value) for right in rights), f"{path.stem}: {text} (is {value})"


def test_a_wrong_number_is_noticed():
    """The check itself: a number nobody computed, a false equation; rounded as a person would, or about right,
    passes."""
    near = values("0.0437063 and 5,000 and 61.75 %")
    for text in ("$5,000", "0.044 BTC", "61.8 %", "about $4,900"):
        assert all(any(same(number, value) for value in near) for number in numbers(clean(text))), text
    for text in ("$5,001", "0.045 BTC", "61.9 %", "$4,900", "about $400"):
        assert not any(same(number, value) for number in numbers(clean(text)) for value in near), text
    ((_, _, value, (right,)),) = equations("so 25 × 40 = $1,001 is")
    assert value == 1000 and not same(right, value)
    assert [
        number.text
        for number in numbers(
            clean("## 3 · Ten\n\n`7` on 4 August 2025, L03, chapter 2, 20x and −0.2 %, [a](b.md#c-9), in 2021")
        )
    ] == ["20x", "−0.2 %"]


WORDS_A_MINUTE = 200
MINUTES = {
    r"check\(\"\d-bug-": 5,
    r"check\(": 2.5,
    r"predict\(|.*\bpanels\.\w+\(": 2,
    r"inventory\(": 6,
    r"audit_card\(": 30,
}
MARK = re.compile(r"\*\((\d+) of about (\d+) minutes\)\*")


def takes(cell):
    """The honest minutes of one cell: a prediction with its panel, an exercise, a bug hunt, the twelve questions,
    ten claims."""
    if cell.cell_type == "markdown":
        return len(clean(cell.source).split()) / WORDS_A_MINUTE
    return next(
        (minutes for call, minutes in MINUTES.items() if re.search(rf"^(?:{call})", cell.source, flags=re.M)), 0
    )


@each_chapter
def test_the_clock_is_honest(path):
    """What the title states, and each mark on the way, is the sum of the minutes above it; none above an hour."""
    notebook = nbformat.read(path, as_version=4)
    stated = int(re.search(r"\*\*Time\*\* about (\d+) minutes", notebook.cells[0].source)[1])
    spent = optional = 0
    for cell in notebook.cells:
        if heading := re.search(r"^## (.+)$", cell.source, flags=re.M):
            optional = cell.cell_type == "markdown" and heading[1].endswith("(optional)")
        for mark in MARK.findall(cell.source)[:-1] or MARK.findall(cell.source):
            assert abs(int(mark[0]) - spent) <= 3, f"{path.stem}: {mark[0]} minutes said, {spent:.0f} counted"
        spent += 0 if optional else takes(cell)
    assert spent <= 60, f"{path.stem}: {spent:.0f} minutes"
    assert spent - 1 <= stated < spent + 5 and stated % 5 == 0, f"{path.stem}: {stated} stated, {spent:.0f} counted"
