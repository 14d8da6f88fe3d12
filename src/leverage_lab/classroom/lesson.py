"""The words of a notebook: each makes a card or a note, none raises in front of a learner."""

from __future__ import annotations

import sys

from leverage_lab import data
from leverage_lab.classroom import storage
from leverage_lab.classroom.cards import ExerciseCard, InventoryCard, Note, PredictionCard
from leverage_lab.classroom.exercises import desk
from leverage_lab.classroom.exercises.inventory import ITEMS
from leverage_lab.classroom.practice import missing


def check(id, answer=...):
    """The exercise `id` as a card; `answer` (a number, "5 %", a function …) is judged, `...` means not yet."""
    return _exercise(id, lambda: ExerciseCard(desk, id, answer))


def hint(id):
    """The next hint for exercise `id`."""
    return _exercise(id, lambda: Note(desk.hint(id)))


def solution(id):
    """The worked solution of exercise `id`, with the numbers it has now."""
    return _exercise(id, lambda: Note(desk.task(id).steps))


def redraw(id):
    """Exercise `id` with new numbers. A bug to find has none to draw: it stays as it is."""

    def drawn():
        if hasattr(desk.exercises[id], "draw"):
            desk.redraw(id)
        return ExerciseCard(desk, id)

    return _exercise(id, drawn)


def _exercise(id, make):
    if not isinstance(id, str) or id not in desk.exercises:
        return Note(missing(id, list(desk.exercises), "exercise"))
    return make()


def predict(id, panel):
    """Ask for a guess before `panel` opens, then show the guess beside the answer."""
    if not isinstance(id, str) or id not in desk.predictions:
        return Note(missing(id, list(desk.predictions), "prediction"))
    return PredictionCard(desk.predictions[id], panel)


def inventory(stage="before"):
    """The concept inventory: twelve questions, stored as "before" or "after" the course."""
    if stage not in ("before", "after"):
        return Note(f"The stage must be 'before' or 'after', got {stage!r}.")
    return InventoryCard(ITEMS, stage)


def progress():
    """What you have guessed, tried and solved so far."""
    sections, problem = storage.load()
    solved = sum(1 for entry in sections.get("exercises", {}).values() if entry.get("solved"))
    tries = sum(entry.get("tries", 0) for entry in sections.get("exercises", {}).values())
    rows = [
        ("predictions made", len(sections.get("predictions", {})), len(desk.predictions)),
        ("exercises solved", solved, len(desk.exercises)),
        ("inventory answered, before", len(sections.get("inventory", {}).get("before", {})), len(ITEMS)),
    ]
    lines = ["| | so far | of |", "|---|---|---|", *(f"| {name} | {done} | {all} |" for name, done, all in rows)]
    return Note("\n".join(lines) + f"\n\n{tries} tries in all. {problem}".rstrip())


def selfcheck():
    """Is everything here that the course needs? One line for each thing, with a reason where one is missing."""
    problems = {
        "Python 3.11 or newer": "" if sys.version_info >= (3, 11) else f"this is {sys.version.split()[0]}",
        "numpy, pandas, matplotlib, ipywidgets": _imports("numpy", "pandas", "matplotlib", "ipywidgets"),
        "the tables of prices and claims": _tables(),
        "a place to keep your answers": storage.put("self-check", "written", True),
    }
    lines = [f"- **missing** {what}: {problem}" if problem else f"- ok: {what}" for what, problem in problems.items()]
    return Note("\n".join(lines))


def _imports(*names):
    for name in names:
        try:
            __import__(name)
        except ImportError as error:
            return f"{name} ({error})"
    return ""


def _tables():
    try:
        for name in data.TABLES:
            data.load(name)
    except ValueError as error:
        return str(error)
    return ""
