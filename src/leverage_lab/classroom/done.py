"""What a progress file says was done, chapter by chapter."""

from dataclasses import dataclass

from leverage_lab.classroom.exercises import CHAPTERS, asked
from leverage_lab.panelkit.cards import tried


@dataclass(frozen=True)
class Done:
    """One chapter. Sets of ids: of its predictions guessed and met; of the exercises in its notebook begun, solved, and
    solved in one try."""

    number: str
    predictions: list
    exercises: list
    guessed: set
    met: set
    begun: set
    solved: set
    at_once: set


def done(sections):
    """A Done for each chapter; what is damaged or of another version of the course counts as nothing."""
    guesses, entries = sections.get("predictions", {}), sections.get("exercises", {})
    return [_chapter(chapter, guesses, entries) for chapter in CHAPTERS]


def _chapter(chapter, guesses, entries):
    guessed = [one for one in chapter.PREDICTIONS if one.id in guesses and one.knows(guesses[one.id])]
    entries = {one.id: tried(entries.get(one.id)) for one in asked(chapter)}
    solved = {id for id, entry in entries.items() if entry["solved"]}
    return Done(
        chapter.EXERCISES[0].id.split("-")[0],
        chapter.PREDICTIONS,
        asked(chapter),
        {one.id for one in guessed},
        {one.id for one in guessed if one.met_by(guesses[one.id])},
        {id for id, entry in entries.items() if entry["tries"]} | solved,
        solved,
        {id for id in solved if entries[id]["tries"] == 1},
    )
