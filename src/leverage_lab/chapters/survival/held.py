"""How many positions like this were liquidated within a given time?"""

from functools import cache, partial

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from leverage_lab import data, survival
from leverage_lab.chapters.strategies.shared import RATE, share_in_words
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, percent, plain, times

# --- holding times
HOURS = {"1 hour": 1, "4 hours": 4, "8 hours": 8, "1 day": 24, "3 days": 72, "1 week": 168, "30 days": 720}
LEVERAGES = tuple(np.geomspace(2, 200, 60))


def reached(side, leverage, hours, years):
    """Share of the starting hours of these years in which such a position was liquidated (numbers or arrays)."""
    return survival.measured(side, survival.adverse_move(leverage, RATE), hours, years)


@cache
def reached_grid(side, leverages, years):
    """The same as an array: a row for each leverage, a column for each time."""
    return np.stack([reached(side, np.array(leverages), hours, years) for hours in HOURS.values()], axis=-1)


def model(side, leverage, time, years):
    """How many of such positions were liquidated within a time, measured: in the years chosen, and in the others."""
    known = {each: reached(side, leverage, np.array(list(HOURS.values())), each).tolist() for each in survival.TABLES}
    at = list(HOURS).index(time)
    other = next(each for each in known if each != years)
    after, by = survival.median_between(tuple(HOURS.values()), known[years])
    names = {hours: name for name, hours in HOURS.items()}
    half = "fewer than half within 30 days" if by == np.inf else f"half within {names[by]}"
    return Result(
        other=other, share=known[years][at],
        beside=known[other][at], half=by, day=known[years][3],
        dates=data.span(survival.TABLES.values(), "Measured hours"),
        sentence=(
            f"A {side} on BTC at {times(leverage)} is liquidated after a move of "
            f"{percent(survival.adverse_move(leverage, RATE))} (maintenance {percent(RATE)}). Of those opened in "
            f"{survival.STARTS[years]:,} hours of {years}, {share_in_words(known[years][at])} were liquidated within "
            f"{time}, {half}; of those of {survival.STARTS[other]:,} hours of {other}, "
            f"{share_in_words(known[other][at])} within {time}."
        ),
    )  # fmt: skip


def computed(r):
    """The share, read from the table of measured shares: between two of its moves on a straight line."""
    move, moves = survival.adverse_move(r.leverage, RATE), survival.measured_moves()
    above = max(1, int(np.searchsorted(moves, move)))
    low, high = moves[above - 1 : above + 1]
    few, many = (survival.measured(r.side, at, HOURS[r.time], r.years) for at in (high, low))
    part, way = np.log(move / low) / np.log(high / low), "fall" if r.side == "long" else "rise"
    near, far, at = (percent(x, decimals=4) for x in (low, high, move))
    leverage, starts, part = plain(r.leverage, 4), f"{survival.STARTS[r.years]:,}", plain(part, 4)
    return Computed(
        steps=(
            f"distance to liquidation = 1 / leverage − maintenance rate = 1 / {leverage} − {percent(RATE)} = {at}",
            f"counted: after how many of {starts} starting hours did BTC {way} that far within {r.time}?",
            f"in the table: a {way} of {near} came after {percent(many)} of them, one of {far} after {percent(few)}",
            f"between the two, by the logarithm: ln({at} / {near}) / ln({far} / {near}) = {part} of the step",
            f"share = {percent(many)} − {part} × ({percent(many)} − {percent(few)}) = {percent(r.share)}",
        ),
        python=call(survival.measured, r.side, call(survival.adverse_move, r.leverage, RATE), HOURS[r.time], r.years),
        uses=(survival.measured, survival.adverse_move),
        number=float(r.share),
    )


class Held(Picture):
    """A map of leverage and holding time: the share that was liquidated, with lines of equal shares."""

    height = 4.9

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE)
        self.under = self.add_text(self.figure, 0.02, 0.91, va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.115, 0.17, 0.855, 0.64, grid="")
        self.columns = np.log(list(HOURS.values()))
        axes.set(xlim=(self.columns[0], self.columns[-1]), ylim=(np.log(2), np.log(200)))
        axes.set_xticks(self.columns, ["1 h", "4 h", "8 h", "1 day", "3 d", "1 week", "30 d"])
        rungs = (2, 5, 10, 25, 50, 100, 200)
        axes.set_yticks(np.log(rungs), [times(rung) for rung in rungs])
        axes.tick_params(pad=13)  # the ring at the edge covers no label
        for label, place in ((axes.get_xticklabels()[0], "left"), (axes.get_xticklabels()[-1], "right")):
            label.set_horizontalalignment(place)
        self.shades = LinearSegmentedColormap.from_list("loss", [palette.PAPER, palette.LOSS], N=20)
        self.drawn = []
        source = "hourly trades: at Bitstamp to March 2023, at Binance from then on"
        self.figure.text(0.98, 0.012, source, ha="right", **palette.QUIET)
        ring = {"markerfacecolor": "none", "clip_on": False}
        self.cell = self.add_line(
            axes, "o", markersize=17, markeredgecolor=palette.INK, markeredgewidth=3, zorder=6, **ring
        )
        self.rings = self.add_line(
            axes, "o", markersize=22, markeredgecolor=palette.PAPER, markeredgewidth=2, zorder=5, **ring
        )
        self.cross = self.add_line(axes, color=palette.INK, linewidth=1, linestyle=":", zorder=4)

    def frame(self, r):
        return r.side, r.years

    def reframe(self, r):
        for artist in self.drawn:
            artist.remove()
        grid, beside = (reached_grid(r.side, LEVERAGES, years) for years in (r.years, r.other))
        rows, lines = np.log(LEVERAGES), {0.01: (2, 1), 0.1: (4, 1), 0.5: (5, 2.5), 0.9: (6, 1)}
        draw = partial(self.axes.contour, self.columns, rows)
        self.drawn = [
            self.axes.contourf(self.columns, rows, grid, levels=np.linspace(0, 1, 21), cmap=self.shades),
            draw(grid, levels=list(lines), colors=palette.INK, linewidths=[width for _, width in lines.values()]),
            draw(beside, levels=[0.5], colors=palette.FIRST, linewidths=2.5, linestyles="--"),
        ]
        for level, (column, _) in lines.items():
            self.name(grid, level, column, f"{percent(level)}: half" if level == 0.5 else percent(level), palette.INK)
        self.name(beside, 0.5, 3, f"half, {r.other}", palette.FIRST)

    def name(self, grid, level, column, words, colour):
        """A line's name is where it crosses its own column."""
        x = (self.columns[column] + self.columns[column - 1]) / 2
        row = np.abs((grid[:, column] + grid[:, column - 1]) / 2 - level).argmin()
        centred = {"ha": "center", "va": "center", "fontsize": palette.SMALL, "bbox": palette.GROUND | {"pad": 2}}
        self.drawn.append(self.axes.text(x, np.log(LEVERAGES[row]), words, color=colour, **centred))

    def move(self, r):
        self.title.set_text(f"{times(r.leverage)} {r.side}, {r.time}: {share_in_words(r.share)} liquidated")
        self.under.set_text(
            f"share liquidated of {survival.STARTS[r.years]:,} hours of {r.years}; lines of equal share"
        )
        x, y = np.log(HOURS[r.time]), np.log(r.leverage)
        for mark in (self.cell, self.rings):
            mark.set_data([x], [y])
        self.cross.set_data([self.columns[0], x, x], [y, y, np.log(2)])


held = Recipe(
    model,
    Held,
    [
        side(),
        leverage(2, 200, 10),
        Choice("time", "time held", tuple(HOURS), "1 day"),
        Choice("years", "years", tuple(survival.TABLES), survival.EARLIER),
    ],
    computed,
)
