"""Exercises and predictions of all chapters, by id."""

import random
from dataclasses import dataclass, field

from leverage_lab.chapters.exchanges import exercises as exchanges
from leverage_lab.chapters.fees import exercises as fees
from leverage_lab.chapters.leverage import exercises as leverage
from leverage_lab.chapters.liquidation import exercises as liquidation
from leverage_lab.chapters.margin import exercises as margin
from leverage_lab.chapters.moved import upgrade
from leverage_lab.chapters.start import exercises as start
from leverage_lab.chapters.strategies import exercises as strategies
from leverage_lab.chapters.survival import exercises as survival
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.practice import Repair

CHAPTERS = (start, leverage, liquidation, margin, fees, exchanges, survival, strategies)

LAST = ("2-bug-short-sign", "3-bug-ratio", "7-one-trade")  # asked in the notebook of chapter 8


def asked(chapter):
    """The exercises that a chapter's notebook asks; the others are drawn by `practice` alone."""
    return [one for one in chapter.EXERCISES if one.id not in chapter.FOR_PRACTICE]


@dataclass
class ExerciseBook:
    """The exercises and predictions by id, the numbers drawn for each exercise, and how many hints were shown.

    kept: before the names of the sections of a progress file that hold what is done with it.
    """

    exercises: dict
    predictions: dict
    kept: str = ""
    numbers: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    rng: random.Random = field(default_factory=random.Random)

    def section(self, name):
        """The name of a section of the progress file (exercises, numbers, hints), or of a card."""
        return self.kept + name

    def task(self, id):
        """The task with its present numbers."""
        exercise = self.exercises[id]
        if isinstance(exercise, Repair):
            return exercise
        return exercise.make(**(self.numbers.get(id) or exercise.start()))

    def redraw(self, id):
        """Draw new numbers; hints start again."""
        exercise = self.exercises[id]
        self.numbers[id] = exercise.draw(self.rng, unlike=self.numbers.get(id) or exercise.start())
        self.seen.pop(id, None)

    def hint(self, id):
        """The next hint; after the last one, that again."""
        hints = self.task(id).hints
        number = min(self.seen.get(id, 0), len(hints) - 1)
        self.seen[id] = number + 1
        return f"Hint {number + 1} of {len(hints)}: {hints[number]}"


exercise_book = ExerciseBook(
    exercises={exercise.id: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES},
    predictions={prediction.id: prediction for chapter in CHAPTERS for prediction in chapter.PREDICTIONS},
)

storage.upgrades[:] = [upgrade({"exercises": exercise_book.exercises, "predictions": exercise_book.predictions})]
