"""How long does a position live at this leverage?"""

from functools import cache

import numpy as np

from leverage_lab import data, survival
from leverage_lab.chapters.liquidation.shared import BACKED
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import percent, plain, times

# --- how long a position lives --------------------------------------------------------------------
LIFE_MAINTENANCE = 0.001


PATHS = 1500


TIMES = np.geomspace(0.5, 2160, 45)


SIMULATED = {"bell": "gaussian", "fat tails": "fat tails", "clusters": "clusters"}


@cache
def volatility():
    """The measured table's own volatility, so that only the shape differs."""
    return survival.measured_volatility()


@cache
def paths(model):
    """1,500 simulated price paths of 90 days (seeded), once for each kind."""
    return survival.simulate(PATHS, survival.measured_hours(), volatility(), model=SIMULATED[model])


def span(hours):
    """Hours in words."""
    if hours < 1:
        return f"{plain(60 * hours, 1)} minutes"
    if hours == 1:
        return "1 hour"
    return f"{plain(hours, 1)} hours" if hours < 48 else f"{plain(hours / 24, 1)} days"


def model(side, leverage, simulated):
    """How many of many such positions are still open, over time: measured, by the bell curve, simulated."""
    move = survival.adverse_move(leverage, LIFE_MAINTENANCE)
    at = survival.measured_hours()
    measured = (1 - survival.measured(side, move, np.array(at))).tolist()
    walked = [1 - survival.share_reached(paths(simulated), side, move, hour) for hour in at]
    curve = 1 - survival.chance_reached(side, move, TIMES, volatility())
    half = survival.median_hours(side, move, volatility())
    after, by = survival.median_between(at, [1 - share for share in measured])
    if by < np.inf:
        half_gone = f"half are gone {f'within {span(by)}' if after == 0 else f'between {span(after)} and {span(by)}'}"
    else:
        half_gone = f"fewer than half are gone after {span(after)}"
    day = at.index(24)
    return Result(
        side=side, leverage=leverage, distance=move, at=at, measured=measured, walked=walked, curve=curve, half=half, simulated=simulated,
        dates=data.whole(survival.MEASURED, "Measured hours"),
        sentence=(
            f"{times(leverage)} {side}, closed at {percent(move)}. Measured from 39,955 starting hours, {percent(measured[0], decimals=1)} are still open after 1 hour, "
            f"{percent(measured[day], decimals=1)} after a day; {half_gone}. The bell curve says {span(half)}; "
            f"of {PATHS:,} simulated paths ({simulated}) {percent(walked[day], decimals=1)} are open after a day."
        ),
    )  # fmt: skip


class Lifetime(Picture):
    """How many positions are still open, over time on a logarithmic scale: measured, bell curve, simulated."""

    height = 4.7

    def draw(self):
        self.title = self.add_text(
            self.figure, 0.02, 0.978, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"
        )
        self.figure.text(
            0.02, 0.9, "positions still open, of 100", fontsize=palette.SMALL, color=palette.MUTED, va="top"
        )
        axes = self.axes = self.add_chart(0.085, 0.155, 0.9, 0.68, grid="both")
        axes.set(xscale="log", xlim=(0.5, 3300), ylim=(-4, 106))
        axes.minorticks_off()
        axes.set_xticks(
            [1, 4, 8, 24, 72, 168, 720, 2160], ["1 h", "4 h", "8 h", "1 day", "3 d", "1 week", "30 d", "90 d"]
        )
        axes.set_yticks([0, 25, 50, 75, 100])
        axes.axhline(50, color=palette.MUTED, linewidth=1.5, linestyle=":")
        axes.text(
            0.56, 46.5, "half are gone", color=palette.MUTED, ha="left", va="top", fontsize=palette.SMALL, bbox=BACKED
        )
        self.figure.text(
            0.98,
            0.012,
            "BTC/USD at Bitstamp, 39,955 starting hours, May 2018 to March 2023",
            fontsize=palette.SMALL,
            color=palette.MUTED,
            ha="right",
            va="bottom",
        )
        self.curve = self.add_line(axes, color=palette.MUTED, linewidth=2.5, linestyle="--")
        self.walked = self.add_line(
            axes,
            color=palette.SECOND_TEXT,
            linewidth=0,
            marker="D",
            markersize=9,
            markerfacecolor=palette.PAPER,
            markeredgewidth=2,
        )
        self.measured = self.add_line(axes, color=palette.FIRST, linewidth=3, marker="o", markersize=8)
        self.names = [
            self.add_text(self.figure, x, 0.9, text, fontsize=palette.SMALL, color=colour, va="top", fontweight=weight)
            for x, text, colour, weight in (
                (0.4, "● measured", palette.FIRST, "bold"),
                (0.57, "- - bell curve", palette.MUTED, "normal"),
                (0.74, "", palette.SECOND_TEXT, "bold"),
            )
        ]

    def move(self, r):
        self.title.set_text(f"{times(r.leverage)} {r.side}, closed by a move of {percent(r.distance)}")
        self.curve.set_data(TIMES, 100 * r.curve)
        self.measured.set_data(r.at, [100 * share for share in r.measured])
        self.walked.set_data(r.at, [100 * share for share in r.walked])
        self.names[2].set_text("◇ simulated")


lifetime = Recipe(
    model,
    Lifetime,
    [side(), leverage(2, 500, 100), Choice("simulated", "simulated", tuple(SIMULATED), "clusters")],
)
