"""Panels of chapter 5."""

from dataclasses import dataclass
from functools import partial

from leverage_lab.classroom.controls import Choice, Slider, ladder, leverage, margin, side, steps
from leverage_lab.classroom.models import exchanges as models
from leverage_lab.classroom.panel import Panel
from leverage_lab.classroom.pictures import exchanges as pictures
from leverage_lab.dates import as_known
from leverage_lab.exchanges import exchanges


@dataclass(frozen=True)
class Month(Slider):
    """A month, counted from January 2019; the box shows and takes 2025-08."""

    def show(self, value):
        return models.month_as_of(round(value))

    def accept(self, value):
        typed = repr(value.strip() if isinstance(value, str) else value)
        if isinstance(value, str):
            try:
                value = models.month_of(as_known(self.label, value.strip()))
            except ValueError:
                raise ValueError(self._sentence(typed)) from None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or not self.stops[0] <= value <= self.stops[-1]:
            raise ValueError(self._sentence(typed))
        return int(value)

    def _sentence(self, got):
        return f"{self.label} must be a month from {self.show(self.stops[0])} to {self.show(self.stops[-1])}, got {got}"


def month(start):
    return Month("month", "month", tuple(range(models.LAST_MONTH + 1)), start, whole=True)


maxima = partial(Panel, models.maxima, pictures.Maxima, [Choice("group", "exchanges", tuple(models.GROUPS), "eight"), month(79)])
stairs = partial(
    Panel,
    models.how_far,
    pictures.Stairs,
    [Choice("name", "exchange", exchanges(), "Binance"), Slider("position", "position", ladder(10_000, 1_000_000_000), 20_000, "$"), leverage(1, 500, 125)],
)
one_trade = partial(
    Panel,
    models.through_all,
    pictures.Costs,
    [margin(100_000, 100), leverage(2, 500, 50), Slider("days", "days held", steps(0, 30, 1), 1, whole=True), Choice("by", "sorted by", models.SORTS, "name")],
)
ends = partial(Panel, models.where_it_ends, pictures.Ends, [side(), margin(100_000, 100), leverage(2, 500, 50)])
known = partial(Panel, models.what_is_known, pictures.Known, [month(models.LAST_MONTH), Slider("age", "years old", steps(1, 8, 1), 1, whole=True)])
shorter = partial(
    Panel,
    models.what_it_buys,
    pictures.Shorter,
    [Slider("position", "position", ladder(1000, 1_000_000), 50_000, "$"), leverage(5, 500, 100), Choice("time", "within", tuple(models.HOURS), "1 hour")],
)
