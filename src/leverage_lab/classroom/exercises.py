"""Exercises and predictions of all chapters, by id."""

from leverage_lab.chapters.exchanges import exercises as exchanges
from leverage_lab.chapters.fees import exercises as fees
from leverage_lab.chapters.leverage import exercises as leverage
from leverage_lab.chapters.liquidation import exercises as liquidation
from leverage_lab.chapters.margin import exercises as margin
from leverage_lab.chapters.start import exercises as start
from leverage_lab.chapters.strategies import exercises as strategies
from leverage_lab.panelkit.practice import ExerciseBook

CHAPTERS = (start, leverage, liquidation, margin, fees, exchanges, strategies)

exercise_book = ExerciseBook(
    exercises={exercise.id: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES},
    predictions={prediction.id: prediction for chapter in CHAPTERS for prediction in chapter.PREDICTIONS},
)
