"""Cards as data: what the page needs so that predictions, exercises, the inventory and progress work without a kernel.

How a card looks and behaves is front/card.js; its first state is that of the Python card itself. What Python does when
something is pressed, web/cards.js does, with the numbers and sentences given here.
"""

import json
import random
from dataclasses import replace
from pathlib import Path
from textwrap import shorten

from book.live import nothing_stored
from book.states import panel_data
from leverage_lab import data
from leverage_lab.chapters.inventory import ITEMS, STAGES
from leverage_lab.classroom.capstone import AuditCard, BeforeAndAfter
from leverage_lab.classroom.exercises import CHAPTERS, LAST, asked, exercise_book
from leverage_lab.classroom.inventory_card import DONT_KNOW, InventoryCard
from leverage_lab.classroom.practice_card import PracticeCard
from leverage_lab.classroom.progress_card import ProgressCard
from leverage_lab.panelkit.cards import ExerciseCard, PredictionCard
from leverage_lab.panelkit.practice import PLACES, Choice, Repair
from leverage_lab.words import read_number

DRAWS = 12  # of each exercise; the notebook has no end of them
STATE = ("name", "look", "parts", "says", "held", "hidden")


def card_data(card):
    """What cards.js needs to make this card live; None if it takes Python."""
    make = MAKERS.get(type(card))
    return make(card) if make else None


def first_state(card):
    """The card's first state, as its widget has it where nothing is stored."""
    with nothing_stored():
        widget = card.widget
    card = getattr(widget, "children", [widget])[0]
    return {name: getattr(card, name) for name in STATE}


def _prediction(card):
    return {
        "kind": "prediction",
        "state": first_state(PredictionCard(card.prediction, card.panel)),
        **prediction_data(card.prediction),
        "panel": panel_data(card.panel),
    }


def prediction_data(prediction):
    """A prediction as judge.js reads it."""
    return {
        "id": prediction.id,
        "answer": prediction.answer,
        "why": prediction.why,
        "unit": prediction.unit,
        "options": list(prediction.options) or None,
        "eitherSign": prediction.either_sign,
    }


def _exercise(card):
    if isinstance(card.book.exercises[card.id], Repair):
        return None
    first, state = _drawn(card.book, card.id, None)
    return {
        "kind": "exercise",
        "id": card.id,
        "kept": card.book.kept,
        "drawn": bool(card.book.exercises[card.id].numbers),
        "first": first,
        "state": state | {"says": {}},
    }


def _drawn(book, id, numbers):
    """An exercise with these numbers (None: the start numbers), and the state of its card."""
    book = replace(book, numbers={id: numbers} if numbers else {}, seen={})
    state = first_state(ExerciseCard(book, id))
    says = {name: state["says"][name] for name in ("question", "answer")}
    return {"numbers": numbers or book.exercises[id].start(), "task": task_data(book.task(id)), "says": says}, state


def task_data(task):
    """A task or choice as judge.js reads it."""
    told = {"hints": task.hints, "steps": task.steps, "answer": task.answer}
    if isinstance(task, Choice):
        why = {wrong.gives: wrong.why for wrong in task.wrong}
        options = task.options
        return told | {"options": options, "whys": {letter: why.get(words, "") for letter, words in options.items()}}
    percent = task.unit == "%"
    return told | {
        "unit": task.unit,
        "shown": task.show(task.answer),
        "asShown": _as_shown(task, task.answer),
        "wrong": [
            {"gives": wrong.gives, "asShown": _as_shown(task, wrong.gives), "why": wrong.why} for wrong in task.wrong
        ],
        "tolerance": task.tolerance,
        "to": task.to,
        "step": 0.5 * 10.0 ** -PLACES[task.to] / (100 if percent else 1) if task.to in PLACES else 0,
        "eitherSign": task.either_sign,
        "percentAsked": "%" in task.ask,
    }


def _as_shown(task, value):
    """The number that a reader of the worked solution would type."""
    return read_number(task.show(value))[0]


def _inventory(card):
    return {
        "kind": "inventory",
        "state": first_state(card),
        "stage": card.stage,
        "then": card.THEN[card.stage],
        "items": _items(card.items),
    }


def _items(items):
    return [{"id": item.id, "options": [*(option.text for option in item.options), DONT_KNOW]} for item in items]


def _comparison(card):
    more = [
        {
            "ask": item.ask,
            "right": item.right,
            "chapter": item.chapter,
            "ideas": [option.misconception for option in item.options],
        }
        for item in card.items
    ]
    items = [item | own for item, own in zip(_items(card.items), more)]
    return {"kind": "comparison", "state": first_state(card), "stages": STAGES, "items": items}


def _progress(card):
    chapters = [
        {
            "number": chapter.EXERCISES[0].id.split("-")[0],
            "predictions": {one.id: list(one.options) or None for one in chapter.PREDICTIONS},
            "exercises": [one.id for one in asked(chapter)],
            "hunts": [one.id for one in asked(chapter) if isinstance(one, Repair)],
        }
        for chapter in CHAPTERS
    ]
    items = [{"id": item["id"], "options": item["options"]} for item in _items(ITEMS)]
    claims = [claim.id for claim in data.load("article_claims").itertuples()]
    return {
        "kind": "progress",
        "state": first_state(card),
        "heads": card.HEADS,
        "chapters": chapters,
        "last": LAST,
        "items": items,
        "stages": STAGES,
        "claims": claims,
    }


def _audit(card):
    verdicts = {verdict.id: verdict for verdict in card.audit()}
    claims = [
        {
            "id": claim.id,
            "article": claim.article,
            "told": card.tell(claim),
            "short": shorten(card.tell(claim), 36, placeholder=" …"),
            "verdict": verdicts[claim.id].verdict,
            "sentence": verdicts[claim.id].sentence,
        }
        for claim in card.claims
    ]
    return {
        "kind": "audit",
        "state": first_state(card),
        "head": card.HEAD,
        "widths": ("20%", "20%", "60%"),
        "claims": claims,
    }


def _practice(card):
    state, ids = first_state(card), card._ids()
    return {
        "kind": "practice",
        "state": state,
        "key": card.key,
        "lead": card._lead(),
        "rows": card._rows,
        "ids": ids,
        "hunts": [id for id in ids if isinstance(card.book.exercises[id], Repair)],
    }


MAKERS = {
    PredictionCard: _prediction,
    ExerciseCard: _exercise,
    InventoryCard: _inventory,
    BeforeAndAfter: _comparison,
    ProgressCard: _progress,
    AuditCard: _audit,
    PracticeCard: _practice,
}


def write(folder):
    """What the cards load when new numbers are asked for: cards/<id>.js for each exercise that can be drawn again."""
    folder = Path(folder) / "cards"
    folder.mkdir(parents=True, exist_ok=True)
    for id, exercise in exercise_book.exercises.items():
        if exercise.numbers:
            (folder / f"{id}.js").write_text(script(id), encoding="utf-8")


def script(id):
    """An exercise with its draws, and the state of its card for a round of practice."""
    book = replace(exercise_book, kept="practice ")
    first, state = _drawn(book, id, None)
    known = {"state": state | {"says": {}}, "first": first, "draws": draws(id)}
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    return f"(globalThis.leverageLabExercises ??= {{}})[{json.dumps(id)}] = {text};\n"


def draws(id):
    """DRAWS draws of an exercise beside its start numbers, the same in each build; fewer where there are no more."""
    exercise, rng = exercise_book.exercises[id], random.Random(id)
    found = []
    for _ in range(20 * DRAWS):
        numbers = exercise.draw(rng, unlike=exercise.start())
        if numbers not in found:
            found.append(numbers)
        if len(found) == DRAWS:
            break
    return [_drawn(exercise_book, id, numbers)[0] for numbers in found]
