"""A slider of months, counted from a first one: chapters 4 and 5 have it."""

from dataclasses import dataclass

from leverage_lab.dates import as_known
from leverage_lab.panelkit.controls import Slider


def since(first, text):
    """Months from `first` to `text`: 8 from 2024-12 to 2025-08 or 2025-08-14. ValueError for a year alone."""
    (begin, start), (year, month) = (map(int, known.split("-")[:2]) for known in (first, text))
    return 12 * (year - begin) + month - start


def after(first, count):
    """The month that is `count` months after `first`: 2025-08, 8 months after 2024-12."""
    year, month = map(int, first.split("-"))
    months = 12 * year + month - 1 + count
    return f"{months // 12}-{months % 12 + 1:02}"


@dataclass(frozen=True)
class Month(Slider):
    """The number of months since `first`; the box shows and takes 2025-08."""

    first: str = "2019-01"

    def show(self, value):
        return after(self.first, round(value))

    def accept(self, value):
        number, got = value, repr(value.strip() if isinstance(value, str) else value)
        if isinstance(value, str):
            try:
                number = since(self.first, as_known(self.label, value.strip()))
            except ValueError:  # no date, or a year alone
                number = None
        low, high = self.stops[0], self.stops[-1]
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not low <= number <= high:
            raise ValueError(f"{self.label} must be a month from {self.show(low)} to {self.show(high)}, got {got}")
        return int(number)
