"""What a learner moves: sliders with a number box, and choices. They know no formula.

A control says what the page shows of it (`describe`, `place`) and what a move means (`read`). The
slider walks over `stops`, so every key press is a step that shows; the box takes any number between
the ends.
"""

from __future__ import annotations

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
    rungs = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)
    fine = (1, 2, 3, 4, 5, 6, 7, 8, 9)
    stops = {float(low), float(high)}
    power = 1
    while power <= high:
        stops |= {rung * power for rung in (fine if power == 1 else rungs)}
        power *= 10
    return tuple(sorted(float(stop) for stop in stops if low <= stop <= high))


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
        number = value
        if isinstance(value, str):
            try:
                number, unit = read_number(value)
            except ValueError:
                raise ValueError(self._sentence(repr(value.strip()))) from None
            if self.unit == "%" and not unit:
                number /= 100
            if unit not in ("", self.unit):
                raise ValueError(self._sentence(repr(value.strip())))
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ValueError(self._sentence(repr(value)))
        if not self.stops[0] <= number <= self.stops[-1]:
            raise ValueError(self._sentence(repr(value.strip()) if isinstance(value, str) else self.show_any(number)))
        if self.whole and number != round(number):
            raise ValueError(f"{self.label} must be a whole number, got {value}")
        return int(number) if self.whole else float(number)

    def show_any(self, number):
        return self.show(number) if number - number == 0 else str(number)

    def _sentence(self, got):
        return (
            f"{self.label} must be a number from {self.show(self.stops[0])} to {self.show(self.stops[-1])}, got {got}"
        )

    def nearest(self, value):
        """Index of the stop nearest to value."""
        return min(range(len(self.stops)), key=lambda i: abs(self.stops[i] - value))

    def corners(self):
        """Values a test sweeps: both ends, the start, the middle, and numbers between the stops."""
        low, high = self.stops[0], self.stops[-1]
        odd = [self.stops[i] + (self.stops[i + 1] - self.stops[i]) / 3 for i in (0, len(self.stops) - 2)]
        values = [low, high, self.start, self.stops[len(self.stops) // 2], *([] if self.whole else odd)]
        return sorted(set(values))

    def describe(self):
        return {"name": self.name, "label": self.label, "stops": [self.show(stop) for stop in self.stops]}

    def place(self, value):
        """What box and slider show of a value; exact: the slider stands right on it."""
        stop = self.nearest(value)
        return {"text": self.show(value), "stop": stop, "exact": self.stops[stop] == value}

    def read(self, move):
        """The value of a move in the page: a stop of the slider, or what was typed."""
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
    """One of a few words; more than four are shown as a list to open."""

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


# The controls most panels share. They stand in one order everywhere: side or asset, account, margin, leverage, price move.


def side(start="long"):
    return Choice("side", "side", ("long", "short"), start)


def margin(high, start):
    return Slider("margin", "margin", ladder(1, high), start, "$")


def leverage(low, high, start):
    return Slider("leverage", "leverage", ladder(low, high), start, "x")


def move(low, high, step, start):
    return Slider("move", "price move", steps(low, high, step), start, "%")
