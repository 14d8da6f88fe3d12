"""How many positions like this were liquidated within a given time?"""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from leverage_lab import data, survival
from leverage_lab.chapters.strategies.shared import RATE, SMALL, share_in_words
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import percent, times

# --- holding times
HOURS = {
    "1 hour": 1,
    "4 hours": 4,
    "8 hours": 8,
    "1 day": 24,
    "3 days": 72,
    "1 week": 168,
    "30 days": 720,
    "90 days": 2160,
}


def reached(side, leverage, hours):
    """Share of measured starting hours in which such a position was liquidated (numbers or arrays)."""
    moves = survival.measured_moves()
    return survival.measured(side, np.clip(survival.adverse_move(leverage, RATE), moves[0], moves[-1]), hours)


@cache
def reached_grid(side, leverages):
    """The same as an array: a row for each leverage, a column for each time."""
    return np.stack([reached(side, np.array(leverages), hours) for hours in HOURS.values()], axis=-1)


def model(side, leverage, time):
    """How many of such positions were liquidated within a time, measured."""
    known = reached(side, leverage, np.array(list(HOURS.values()))).tolist()
    share = known[list(HOURS).index(time)]
    after, by = survival.median_between(tuple(HOURS.values()), known)
    names = {hours: name for name, hours in HOURS.items()}
    half = "Not half of them were gone within 90 days" if by == np.inf else f"Half were gone within {names[by]}"
    day = known[3]
    other = "" if time == "1 day" else f", {share_in_words(day)} within 1 day"
    return Result(
        side=side,
        leverage=leverage,
        time=time,
        share=share,
        half=by,
        day=day,
        dates=data.whole(survival.MEASURED, "Measured hours"),
        sentence=(
            f"A {side} on BTC at {times(leverage)} is liquidated after a move of {percent(survival.adverse_move(leverage, RATE))} (maintenance {percent(RATE)}). "
            f"Opened at each of 39,955 measured hours, {share_in_words(share)} were gone within {time}{other}. {half}."
        ),
    )


GROUND = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1}


LEVERAGES = tuple(np.geomspace(2, 200, 60))


class Held(Picture):
    """A map of leverage and holding time: the share that was liquidated, with lines of equal shares."""

    height = 4.9

    def draw(self):
        title = {"fontsize": palette.NORMAL + 1, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.add_text(self.figure, 0.02, 0.975, "", **title)
        self.figure.text(
            0.02, 0.91, "share liquidated, of 39,955 measured hours; lines of equal share", va="top", **SMALL
        )
        axes = self.axes = self.add_chart(0.1, 0.19, 0.87, 0.62, grid="")
        self.columns = np.log(list(HOURS.values()))
        axes.set(xlim=(self.columns[0], self.columns[-1]), ylim=(np.log(2), np.log(200)))
        axes.set_xticks(self.columns, ["1 h", "4 h", "8 h", "1 day", "3 d", "1 week", "30 d", "90 d"])
        rungs = (2, 5, 10, 25, 50, 100, 200)
        axes.set_yticks(np.log(rungs), [times(rung) for rung in rungs])
        for label, place in ((axes.get_xticklabels()[0], "left"), (axes.get_xticklabels()[-1], "right")):
            label.set_horizontalalignment(place)
        self.shades = LinearSegmentedColormap.from_list("loss", [palette.PAPER, palette.LOSS], N=20)
        self.drawn = []
        source = "15 May 2018 to 5 March 2023, hourly trades of BTC/USD at Bitstamp"
        self.figure.text(0.98, 0.012, source, ha="right", **SMALL)
        self.cell = self.add_line(
            axes,
            "o",
            markersize=17,
            markerfacecolor="none",
            markeredgecolor=palette.INK,
            markeredgewidth=3,
            clip_on=False,
            zorder=6,
        )
        self.rings = self.add_line(
            axes,
            "o",
            markersize=22,
            markerfacecolor="none",
            markeredgecolor=palette.PAPER,
            markeredgewidth=2,
            clip_on=False,
            zorder=5,
        )
        self.cross = self.add_line(axes, color=palette.INK, linewidth=1, linestyle=":", zorder=4)

    def frame(self, r):
        return r.side

    def reframe(self, r):
        for artist in self.drawn:
            artist.remove()
        grid = reached_grid(r.side, LEVERAGES)
        rows, levels = np.log(LEVERAGES), (0.01, 0.1, 0.5, 0.9)
        fill = self.axes.contourf(self.columns, rows, grid, levels=np.linspace(0, 1, 21), cmap=self.shades)
        lines = self.axes.contour(
            self.columns, rows, grid, levels=levels, colors=palette.INK, linewidths=(1, 1, 2.5, 1)
        )
        names = []
        for level in levels:  # each line's name stands where it crosses its own column
            column = {0.01: 2, 0.1: 4, 0.5: 5, 0.9: 6}[level]
            x = (self.columns[column] + self.columns[column - 1]) / 2
            middle = (grid[:, column] + grid[:, column - 1]) / 2
            row = rows[np.abs(middle - level).argmin()]
            word = f"{percent(level)}: half" if level == 0.5 else percent(level)
            names.append(
                self.axes.text(
                    x,
                    row,
                    word,
                    ha="center",
                    va="center",
                    fontsize=palette.SMALL,
                    color=palette.INK,
                    bbox=GROUND | {"pad": 2},
                )
            )
        self.drawn = [fill, lines, *names]

    def move(self, r):
        self.title.set_text(f"{times(r.leverage)} {r.side}, {r.time}: {share_in_words(r.share)} liquidated")
        x, y = np.log(HOURS[r.time]), np.log(r.leverage)
        for mark in (self.cell, self.rings):
            mark.set_data([x], [y])
        self.cross.set_data([self.columns[0], x, x], [y, y, np.log(2)])


held = Recipe(model, Held, [side(), leverage(2, 200, 10), Choice("time", "time held", tuple(HOURS), "1 day")])
