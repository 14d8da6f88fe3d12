"""What does the same loan cost when five lenders count time in five ways?"""

from functools import cache

import numpy as np

from leverage_lab.chapters.fees.shared import CHARGED, DAILY, SMALL, STRONG, hours_word, lent, title
from leverage_lab.fees import CLOCKS, interest, units_charged
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, plain

LONGEST = 6  # hours on the axis


def clock_lines(minute, basis):
    """Cost over the hours held, for each clock: {name: (hours, dollars)}. Staircases for three, a line for the exact time."""
    hours = np.linspace(1 / 3600, LONGEST, 2161)
    found = {}
    for name, (settings, wall) in LOAN_CLOCKS.items():
        offset = {"clock_offset_hours": minute / 60} if wall else {}
        found[name] = (hours, interest(lent(basis), DAILY, 24, hours, **CLOCKS[settings], **offset))
    return found


# Shown: name → (its setting, on the wall clock?). The pages and their dates stand in data/margin_interest.csv.
LOAN_CLOCKS = {
    "exact": ("exact", False),
    "own started": ("started hour", False),
    "wall started": ("started hour", True),
    "wall completed": ("completed hour", True),
}


def interest_in_words(value):
    """To the tenth of a cent: an hour costs $1.125, and two of them cost twice as much."""
    text = plain(value, decimals=3)
    return money(value) if len(text.partition(".")[2]) < 3 else f"${text}"


def model(minute, held, basis):
    """The same loan under five clocks."""
    hours = held / 60
    sums = {}
    for name, (settings, wall) in {**LOAN_CLOCKS, "day": ("started day", False)}.items():
        offset = {"clock_offset_hours": minute / 60} if wall else {}
        units = units_charged(hours, **CLOCKS[settings], **offset) * CLOCKS[settings]["unit_hours"]
        sums[name] = (units, interest(lent(basis), DAILY, 24, hours, **CLOCKS[settings], **offset))
    told = "; ".join(
        f"{words} {interest_in_words(sums[name][1])} ({hours_word(sums[name][0])})"
        for name, words in (
            ("own started", "every started hour"),
            ("wall started", "every started hour of the wall clock"),
            ("wall completed", "only full hours passed on the wall clock"),
            ("day", "every started day"),
        )
    )
    return Result(
        minute=minute,
        hours=hours,
        basis=basis,
        sums=sums,
        sentence=(
            f"{money(lent(basis))} at {percent(DAILY)} a day, lent at 13:{int(minute):02} for {int(held) // 60} h {int(held) % 60:02} min. "
            f"By the second {interest_in_words(sums['exact'][1])}. Charged: {told}."
        ),
    )


@cache
def _lines(minute, basis):
    return clock_lines(minute, basis)


class Clocks(Picture):
    """What the same loan costs under different clocks, over the time it is held."""

    height = 4.6
    STYLES = {
        "exact": {"color": palette.MUTED, "linewidth": 1.5},
        "own started": {"color": palette.FIRST, "linewidth": 4.5},
        "wall started": {"color": palette.SECOND_TEXT, "linewidth": 2.8, "linestyle": "--"},
        "wall completed": {"color": palette.INK, "linewidth": 2.5, "linestyle": "-."},
    }
    WORDS = {
        "exact": "by the second",
        "own started": "each started hour",
        "wall started": "the same, wall clock",
        "wall completed": "full hours, wall clock",
        "day": "each started day",
    }

    def draw(self):
        self.title = title(self, "what the loan has cost, over the time it is held")
        axes = self.axes = self.add_chart(0.065, 0.14, 0.555, 0.65, grid="both")
        axes.set(xlim=(0, LONGEST), ylim=(-0.15, 9.2), xticks=range(LONGEST + 1))
        axes.set_yticks([0, 2, 4, 6, 8], ["$0", "$2", "$4", "$6", "$8"])
        axes.set_xlabel("hours held", fontsize=palette.SMALL, color=palette.MUTED)
        self.now = self.add_line(axes, color=palette.INK, linewidth=1)
        self.lines = {name: self.add_line(axes, clip_on=True, **style) for name, style in self.STYLES.items()}
        self.dots = self.add_line(axes, "o", color=palette.INK, markersize=8, zorder=6)
        self.values = {}
        for row, (name, word) in enumerate(self.WORDS.items()):
            y = 0.76 - 0.148 * row
            self.figure.text(0.705, y, word, va="center", **SMALL)
            self.values[name] = self.add_text(self.figure, 0.705, y - 0.058, "", va="center", **STRONG)
            if name in self.STYLES:
                key = axes.plot(
                    [0.65, 0.693],
                    [y - 0.028] * 2,
                    transform=self.figure.transFigure,
                    clip_on=False,
                    **self.STYLES[name],
                )[0]
                key.set_zorder(1)

    def move(self, r):
        for name, (hours, dollars) in _lines(r.minute, r.basis).items():
            self.lines[name].set_data(hours, dollars)
        self.now.set_data([r.hours, r.hours], [0, 9.2])
        self.dots.set_data([r.hours] * 4, [r.sums[name][1] for name in self.STYLES])
        for name, text in self.values.items():
            units, sum_ = r.sums[name]
            text.set_text(f"{interest_in_words(sum_)} · {plain(units)} h")
        minutes = round(60 * r.hours)
        cheapest = min(sum_ for _, sum_ in r.sums.values())
        self.title.set_text(
            f"{minutes // 60} h {minutes % 60:02} min, borrowed at 13:{int(r.minute):02}: {interest_in_words(cheapest)} to {money(r.sums['day'][1])}"
        )


loan_clocks = Recipe(
    model,
    Clocks,
    [
        Slider("minute", "lent at 13:…", steps(0, 55, 5), 50, whole=True),
        Slider("held", "minutes held", steps(5, 360, 5), 65, whole=True),
        Choice("basis", "charged on", tuple(CHARGED), "loan"),
    ],
)
