"""The functions a notebook calls: each returns a card or a message, none raises in front of a learner."""

from __future__ import annotations

import difflib
import sys

from leverage_lab import claims, data
from leverage_lab.chapters.inventory import ITEMS, STAGES
from leverage_lab.checks import short
from leverage_lab.classroom.capstone import AuditCard, BeforeAndAfter, decided
from leverage_lab.classroom.done import done
from leverage_lab.classroom.exercises import LAST, exercise_book
from leverage_lab.classroom.inventory_card import InventoryCard, answered
from leverage_lab.classroom.practice_card import PracticeCard, chapter_of
from leverage_lab.classroom.progress_card import ProgressCard
from leverage_lab.classroom.record import RecordCard
from leverage_lab.classroom.shown_card import ShownCard
from leverage_lab.panelkit import cards, storage
from leverage_lab.panelkit.cards import ExerciseCard, Message, PredictionCard
from leverage_lab.words import sentence


def check(id, answer=..., *more):
    """The exercise `id` as a card; `answer` (a number, "5 %", a function …) is judged, `...` means not yet."""
    if more:
        typed = ",".join(map(str, (answer, *more)))
        return Message(
            f"Python reads {typed} as {1 + len(more)} answers: "
            f'put it in quotation marks, "{typed}", or leave out the comma.'
        )
    return _exercise(id, lambda: ExerciseCard(exercise_book, id, answer))


def hint(id):
    """The next hint for exercise `id`."""
    return _exercise(id, lambda: Message(cards.hint(exercise_book, id)))


def solution(id):
    """The worked solution of exercise `id`, with the numbers it has now."""
    return _exercise(id, lambda: Message(exercise_book.task(id).steps))


def redraw(id):
    """Exercise `id` with new numbers. A bug hunt, or a question without numbers, stays the same."""

    def drawn():
        cards.redraw(exercise_book, id)
        return ExerciseCard(exercise_book, id)

    return _exercise(id, drawn)


def _exercise(id, make):
    if not isinstance(id, str) or id not in exercise_book.exercises:
        return Message(_missing(id, list(exercise_book.exercises), "exercise"))
    cards.recall(exercise_book, id)
    return make()


def practice(chapter=None):
    """A round of up to ten exercises with new numbers, chosen from what was hard; practice(4): of chapter 4."""
    numbers = list(dict.fromkeys(map(chapter_of, exercise_book.exercises)))
    if chapter is not None and str(chapter) not in numbers:
        return Message(f"The chapter must be one of {', '.join(numbers)}, or left out for all; got {short(chapter)}.")
    return PracticeCard(exercise_book, chapter if chapter is None else str(chapter))


def predict(id, panel):
    """Ask for a guess before `panel` opens, then show the guess beside the answer."""
    if not isinstance(id, str) or id not in exercise_book.predictions:
        return Message(_missing(id, list(exercise_book.predictions), "prediction"))
    return PredictionCard(exercise_book.predictions[id], panel)


def inventory(stage="before"):
    """The concept inventory: twelve questions; "before" or "after" the course, or "later", a week after it."""
    if stage not in STAGES:
        return Message(f"The stage must be 'before', 'after' or 'later', got {short(stage)}.")
    return InventoryCard(ITEMS, stage)


def before_and_after():
    """The inventory's answers from before and after the course, side by side; those given later are a third column."""
    return BeforeAndAfter(ITEMS)


def verdict(*ids):
    """What the course's audit says of claims of the two articles: verdict("L03", "L16")."""
    known = [claim.id for claim in _claims()]
    found = []
    for id in ids:
        if not isinstance(id, str) or id not in known:
            return Message(_missing(id, known, "claim"))
        claim = claims.check(id)
        found.append(f"**{id}** {claim.claim}\n\n**{claim.verdict}**: {claim.sentence}")
    return Message("\n\n".join(found))


def audit_card():
    """The capstone: all claims of the two articles, to be decided one by one and then compared with the audit."""
    return AuditCard(_claims(), claims.verdicts)


def decide(id, verdict=None):
    """Store your verdict on a claim, as the card does: decide("L01", "holds"). Without one: what you said so far."""
    known = {claim.id: claim for claim in _claims()}
    if not isinstance(id, str) or id not in known:
        return Message(_missing(id, list(known), "claim"))
    problem = ""
    if verdict is not None:
        if verdict not in claims.VERDICTS:
            return Message(f"The verdict must be one of {', '.join(map(repr, claims.VERDICTS))}; got {verdict!r}.")
        problem = storage.put("claims", id, verdict)
    mine = decided(list(known.values()))
    said = f"Your verdict: {mine[id]}." if id in mine else "Not decided yet."
    return Message(
        f"**{id}** {AuditCard.tell(known[id])}\n\n{said} {len(mine)} of {len(known)} decided. {problem}".rstrip()
    )


def _claims():
    return list(data.load("article_claims").itertuples())


def my_exchange_shows(number="", what="liquidation price", **position):
    """A card that searches for the rules behind a number of your exchange: my_exchange_shows("19,700", entry=20_000 …).

    position: exchange, coin, contract, mode, side, entry, quantity, leverage, margin, added, wallet, others, required,
    maintenance, mark, last, taker; all of it can be typed into the card, too.
    """
    try:
        return ShownCard({"shown": number, "what": what, **position})
    except ValueError as error:
        return Message(sentence(error))


def progress():
    """What you have guessed and solved so far, in all and by chapter, with buttons to download and to restore it."""
    return ProgressCard(_counted)


def _counted():
    """The rows of both tables, and a sentence or ""."""
    sections, problem = storage.load()
    chapters = done(sections)
    rows = [
        ("predictions made", *_sums(chapters, "guessed", "predictions")),
        ("exercises solved", *_sums(chapters, "solved", "exercises")),
        *(
            (f"inventory answered, {stage}", given, len(ITEMS))
            for stage, given in ((stage, len(answered(ITEMS, stage))) for stage in STAGES)
            if given or stage != "later"  # nobody has missed anything by not coming back yet
        ),
        ("claims decided", len(decided(_claims())), len(_claims())),
    ]
    return rows, list(map(_chapter, chapters)), problem


def _sums(chapters, *sets):
    return [sum(len(getattr(chapter, one)) for chapter in chapters) for one in sets]


def _chapter(chapter):
    """One row: chapter, predictions, exercises, open exercises (listed once the chapter is begun)."""
    is_begun = chapter.guessed or chapter.begun
    left = [one.id for one in chapter.exercises if is_begun and one.id not in chapter.solved]
    still_open = ", ".join(f"`{id}`{' (in chapter 8)' if id in LAST else ''}" for id in left)
    return (
        chapter.number,
        f"{len(chapter.guessed)} of {len(chapter.predictions)}",
        f"{len(chapter.solved)} of {len(chapter.exercises)}",
        still_open,
    )


def record(name=None):
    """What you have done, as a page to print or hand on: record(), or record(name="…") with your name on it."""
    try:
        return RecordCard(name)
    except ValueError as error:
        return Message(sentence(error))


def selfcheck():
    """Checks that all the course needs is here: one line each, with a reason where something is missing."""
    problems = {
        "Python 3.11 or newer": "" if sys.version_info >= (3, 11) else f"this is {sys.version.split()[0]}",
        "numpy, pandas, matplotlib, ipywidgets, anywidget": _imports(
            "numpy", "pandas", "matplotlib", "ipywidgets", "anywidget"
        ),
        "the tables of prices and claims": _tables(),
        "a place to keep your answers": storage.put("self-check", "written", True),
    }
    lines = [f"- **missing** {what}: {problem}" if problem else f"- ok: {what}" for what, problem in problems.items()]
    return Message("\n".join(lines))


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


def _missing(id, known, word):
    """One sentence for an id that does not exist, with the nearest that does, or those of the same chapter."""
    shown = repr(id) if len(repr(id)) <= 40 else repr(id)[:39] + "…"
    if close := difflib.get_close_matches(str(id), known, n=1):
        return f"There is no {word} {shown}. Did you mean {close[0]!r}?"
    alike = [other for other in known if other[:1] == str(id)[:1]]
    return f"There is no {word} {shown}. " + (
        f"These exist: {', '.join(alike)}." if alike else f"One that exists: {known[0]!r}."
    )
