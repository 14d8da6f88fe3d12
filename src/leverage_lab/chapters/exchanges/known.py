"""Which facts about the eight exchanges were known in a month, and how old were they?"""

from leverage_lab import dates
from leverage_lab.chapters.exchanges.shared import (
    LAST_MONTH,
    Titled,
    fact_on,
    month,
    month_as_of,
    month_in_words,
    years,
)
from leverage_lab.exchanges import COURSE
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import plural

# --- what is known, and how old it is
FACTS = {
    "max_leverage": "maximum leverage",
    "maintenance_rate": "maintenance rate",
    "maintenance_basis": "maintenance on what",
    "trigger_price": "price that liquidates",
    "taker_fee": "trading fees",
    "funding_interval_hours": "funding interval",
    "partial_liquidation": "closing in parts",
    "liquidation_fee_rate": "liquidation fee",
    "adl_rank": "deleveraging order",
}


KINDS = ("fresh", "older", "undated", "not known")


def model(month, age):
    """Nine facts of eight exchanges on a day: dated within `age` years, older, undated, or not known."""
    today = years(f"{month_as_of(month)}-28")
    grid, found = {}, []
    for name in COURSE:
        for field in FACTS:
            known = fact_on(name, field, None if month == LAST_MONTH else month_as_of(month))
            there, when = known.value is not None, known.as_of
            found += [when] * there
            grid[name, field] = (
                "not known"
                if not there
                else "undated"
                if not when
                else "fresh"
                if today - years(when) <= age
                else "older"
            )
    counts = {kind: list(grid.values()).count(kind) for kind in KINDS}
    return Result(
        month=month, age=age, grid=grid, counts=counts, dates=dates.of(found),
        sentence=(
            f"{month_in_words(month)}, {len(grid)} facts about eight exchanges: {counts['fresh']} are dated and at"
            f" most {plural(age, 'year')} old, {plural(counts['older'], 'is', 'are')} older, {counts['undated']} have"
            f" no date, {counts['not known']} are not known."
        ),
    )  # fmt: skip


MARKS = {
    "fresh": ("s", {"color": palette.FIRST, "markersize": 17}, "dated, young enough"),
    "older": ("s", {"color": palette.ROOM, "markeredgecolor": palette.FIRST, "markersize": 10}, "dated, older"),
    "undated": (
        "D",
        {"color": palette.FIRST, "markersize": 11, "markerfacecolor": palette.PAPER, "markeredgewidth": 2},
        "no date",
    ),
    "not known": ("x", {"color": palette.LOSS, "markersize": 12, "markeredgewidth": 3}, "not known"),
}


class Known(Titled):
    """Nine facts of eight exchanges: how old, undated, or not known."""

    height = 5.0

    def draw(self):
        self.head()
        axes = self.axes = self.add_chart(0.27, 0.02, 0.69, 0.735, grid="")
        axes.set(xlim=(-0.5, len(COURSE) - 0.5), ylim=(len(FACTS) - 0.5, -0.5))
        axes.set_xticks([])
        axes.set_yticks(range(len(FACTS)), list(FACTS.values()), color=palette.INK)
        for place, name in enumerate(COURSE):  # by turns a line higher, so that long names have room
            axes.text(
                place,
                -0.55 - 0.55 * (place % 2),
                name,
                ha="center",
                va="bottom",
                fontsize=palette.SMALL,
                color=palette.INK,
            )
        self.cells = {}
        for place, kind in enumerate(KINDS):
            marker, style, word = MARKS[kind]
            self.cells[kind] = self.add_line(axes, marker, linestyle="none", **style)
            x = 0.035 + (0, 0.3, 0.53, 0.69)[place]
            y = 1 - 0.53 / self.height
            key = axes.plot([x], [y], marker, transform=self.figure.transFigure, clip_on=False, **style)[0]
            key.set_markersize(min(style["markersize"], 11))
            self.figure.text(x + 0.022, y, word, va="center", **palette.QUIET)

    source = ""

    def move(self, r):
        for kind, cells in self.cells.items():
            places = [
                (COURSE.index(name), list(FACTS).index(field))
                for (name, field), found in r.grid.items()
                if found == kind
            ]
            cells.set_data([x for x, _ in places], [y for _, y in places])
        span = plural(r.age, "year")
        self.title.set_text(
            f"{month_in_words(r.month)}: {r.counts['fresh']} of {len(r.grid)} facts dated and at most {span} old"
        )


known = Recipe(model, Known, [month(LAST_MONTH), Slider("age", "years old", steps(1, 8, 1), 1, whole=True)])
