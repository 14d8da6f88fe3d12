"""Exercises and predictions, one module a chapter; here they are gathered by id."""

from leverage_lab.classroom.exercises import exchanges, fees, leverage, liquidation, margin, start, strategies
from leverage_lab.classroom.practice import Desk

CHAPTERS = (start, leverage, liquidation, margin, fees, exchanges, strategies)

desk = Desk(
    exercises={exercise.id: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES},
    predictions={prediction.id: prediction for chapter in CHAPTERS for prediction in chapter.PREDICTIONS},
)
