"""What several panels of this chapter use."""

from functools import cache

import numpy as np

from leverage_lab import data, dates
from leverage_lab.exchanges import exchange, fact
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Rate, Slider
from leverage_lab.words import plain

ENTRY = 100.0  # where only the percentages count, the price starts at 100


HOLDING = 10_000  # dollars of coins that are hedged


TAKER = 0.0005  # a common fee for taking an order from the book, each way


RATE = 0.004  # a common maintenance rate of a first tier


def share_in_words(value):
    """A share that was counted: one decimal, and no more digits than a count of some thousands carries."""
    return "less than 0.1\u00a0%" if 0 < value < 0.0005 else f"{plain(100 * value, 1, significant=0)}\u00a0%"


# --- the stop against the liquidation
@cache
def _mexc():
    return exchange("MEXC")


@cache
def _mexc_dates(*names, what, price=False):
    """When these fields are from, and the price of the snapshot."""
    found = [fact("MEXC", name).as_of for name in names] + [*data.TABLES[data.SNAPSHOT].as_of] * price
    return dates.of(found, what=what)


class Figures:
    """Large words in a row at the top left, a small one under each; the numbers need not be percentages."""

    def __init__(self, picture, labels, places=(0.02, 0.35, 0.68)):
        self.texts = []
        for label, x in zip(labels, places):
            picture.figure.text(x, 0.88, label, va="top", **palette.QUIET)
            self.texts.append(picture.add_text(picture.figure, x, 0.985, **palette.FIGURE))

    def show(self, *values):
        """values: (words, colour), one for each label."""
        for text, (words, colour) in zip(self.texts, values, strict=True):
            text.set(text=words, color=colour)


def joined(lines):
    """Several lines (x, y) as one with gaps: one artist is drawn much faster than many."""
    points = [part for x, y in lines for part in (np.array([x, y], dtype=float), [[np.nan], [np.nan]])]
    return np.concatenate(points, axis=1) if points else ([], [])


FAR = tuple(
    round(stop / 1e4, 6) for stop in (2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200)
)


def _stop(low, high, start):
    return Rate("stop", "stop distance", tuple(stop for stop in FAR if low <= stop <= high), start, "%")


def _target():
    return Slider("target", "target ÷ stop", (0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4), 2, "")
