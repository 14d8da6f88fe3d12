"""What a learner moves: sliders with a number box, and choices. They know no formula.

A control says what the page shows of it (`describe`, `place`) and what a move means (`read`). The slider moves over
`stops`, so every key press shows; the box takes any number between the ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from leverage_lab.checks import choice
from leverage_lab.words import money, percent, plain, read_number, times

SHOWN = {"$": money, "x": times, "%": lambda value: percent(value, signed=True), "": plain}


def steps(low, high, step):
    """Evenly spaced stops from low to high, both included."""
    count = round((high - low) / step)
    return tuple(round(low + i * step, 12) for i in range(count + 1))


def ladder(low, high):
    """Stops that grow with their size (1, 2, 3 … 10, 12, 15, 20 …), for leverage and money."""
    stops = {low, high, *range(1, 10)}
    power = 10
    while power <= high:
        stops |= {rung * power for rung in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)}
        power *= 10
    return tuple(sorted({float(stop) for stop in stops if low <= stop <= high}))


@dataclass(frozen=True)
class Slider:
    """A number. unit: "$", "x", "%" (the value is a fraction, the reader sees percent) or ""."""

    name: str
    label: str
    stops: tuple
    start: float
    unit: str = ""
    whole: bool = False

    def show(self, value):
        return SHOWN[self.unit](value)

    def accept(self, value):
        """The value a model gets, from a number or from what was typed; ValueError with one sentence."""
        number, got = value, repr(value)
        if isinstance(value, str):
            number, got = self._typed(value), repr(value.strip())
        elif isinstance(value, (int, float)) and math.isfinite(value) and not isinstance(value, bool):
            got = self.show(value)
        low, high = self.stops[0], self.stops[-1]
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not low <= number <= high:
            raise ValueError(f"{self.label} must be a number from {self.show(low)} to {self.show(high)}, got {got}")
        if self.whole and number != round(number):
            raise ValueError(f"{self.label} must be a whole number, got {value}")
        return int(number) if self.whole else float(number)

    def _typed(self, text):
        """The number that was typed, or None; a bare one is in the slider's unit."""
        try:
            number, unit = read_number(text)
        except ValueError:
            return None
        if unit not in ("", self.unit):
            return None
        return number / 100 if self.unit == "%" and not unit else number

    def nearest(self, value):
        """Index of the stop nearest to value."""
        return min(range(len(self.stops)), key=lambda i: abs(self.stops[i] - value))

    def corners(self):
        """Values that a test sweeps over: both ends, the start, the middle, and numbers between stops."""
        low, high = self.stops[0], self.stops[-1]
        odd = [self.stops[i] + (self.stops[i + 1] - self.stops[i]) / 3 for i in (0, len(self.stops) - 2)]
        values = [low, high, self.start, self.stops[len(self.stops) // 2], *([] if self.whole else odd)]
        return sorted(set(values))

    def describe(self):
        return {"name": self.name, "label": self.label, "stops": [self.show(stop) for stop in self.stops]}

    def place(self, value):
        """What box and slider show of a value; exact: it is the slider's stop itself."""
        stop = self.nearest(value)
        return {"text": self.show(value), "stop": stop, "exact": self.stops[stop] == value}

    def read(self, move):
        """The value of a move in the page: a stop of the slider, or the typed text."""
        return self.accept(self.stops[move["stop"]] if "stop" in move else move["text"])


class Rate(Slider):
    """A fee, a maintenance rate, a share: a fraction shown as percent without a sign, to the thousandth."""

    def show(self, value):
        return percent(value, decimals=3)


class SignedRate(Slider):
    """A funding rate: the same with its sign."""

    def show(self, value):
        return percent(value, signed=True, decimals=3)


@dataclass(frozen=True)
class Choice:
    """One of a few words; more than four become a drop-down list."""

    name: str
    label: str
    options: tuple
    start: str

    def show(self, value):
        return value

    def accept(self, value):
        return choice(self.label, value, self.options)

    def corners(self):
        return list(self.options)

    def describe(self):
        return {"name": self.name, "label": self.label, "options": list(self.options)}

    def place(self, value):
        return {"text": value, "exact": True}

    def read(self, move):
        return self.accept(move["text"])


# Controls that most panels share, everywhere in this order: side or asset, account, margin, leverage, price move.


def side(start="long"):
    return Choice("side", "side", ("long", "short"), start)


def margin(high, start):
    return Slider("margin", "margin", ladder(1, high), start, "$")


def leverage(low, high, start):
    return Slider("leverage", "leverage", ladder(low, high), start, "x")


def move(low, high, step, start):
    return Slider("move", "price move", steps(low, high, step), start, "%")
