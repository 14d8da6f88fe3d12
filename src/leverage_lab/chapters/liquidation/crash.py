"""Which leverages survived a crash, and when were the others liquidated?"""

import numpy as np

from leverage_lab.chapters.liquidation.shared import (
    LEVERAGE,
    OWN,
    CandleChart,
    first_reached,
    follow,
    line_of,
    market_named,
    start_bar,
)
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.charts import apart
from leverage_lab.panelkit.controls import Choice, Slider, side, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import call, lasting, percent, price, times

CRASHES = {"2020": "March 2020", "2021": "May 2021"}
RUNGS = (2, 3, 5, 10, 25)
BARS = {60: "minute", 3600: "hour"}  # what a bar of so many seconds is called


def model(side, leverage, hour, crash=None, market=None):
    """Open at the start of a bar: which leverages are open at the end, and when were the others closed?"""
    market = market or market_named(CRASHES[crash])
    start = market.open[hour]
    line, gone, worst = _end(market, side, leverage, hour)
    held = "" if gone is None else lasting(market.times[gone] + market.step - market.times[hour])
    if gone is None:
        result = leverage * (market.close[-1] / start - 1) * (1 if side == "long" else -1)
        end = (
            f" and did not reach it. The position stays open: its return on margin at the end is"
            f" {percent(result, signed=True)}."
        )
    else:
        bar = BARS.get(market.step, "bar")
        end = f". It is closed in the {bar} from {market.moment(gone)}, after {held}."
    if market.mark:
        end += " Computed from trades, not from the mark price: mark_or_last uses that."
    return Result(
        market=market, line=line, gone=gone, held=held, beside=(),
        rungs={rung: _end(market, side, rung, hour)[:2] for rung in RUNGS},
        sentence=(
            f"{times(leverage)} {side} on {market.name}, {market.period}{market.missing}: opened at"
            f" {market.moment(hour)} at {price(start)}, liquidation at {percent(line, signed=True)}."
            f" The {'lowest' if side == 'long' else 'highest'} trade from then on was"
            f" {percent(worst / start - 1, signed=True)}{end}"
        ),
    )  # fmt: skip


def computed(r):
    """The bar that liquidates: the first from the start on whose price reaches the liquidation price."""
    code = call(market_named, CRASHES[r.crash]) if hasattr(r, "crash") else OWN
    return first_reached(r, code, r.market, r.hour, r.market.open[r.hour], r.gone, "trade")


def _end(market, side, leverage, start):
    """The move to the liquidation price, the bar that reached it or None, and the worst price from the start on."""
    line = line_of(side, leverage)
    return line, *follow(market, side, market.open[start] * (1 + line), start)


class Crash(CandleChart):
    """Candles of a crash, or of another market, with the lines at which positions of six leverages are closed."""

    right_edge = 0.85

    def draw(self):
        super().draw()
        axes, beside = self.axes, {"va": "center", "clip_on": False}
        self.entry = self.add_line(axes, color=palette.MUTED, linewidth=1.5)
        self.entry_word = self.add_text(axes, 0, 0, "entry", **beside | palette.QUIET)
        self.rungs, self.marks, self.names = {}, {}, {}
        for rung in RUNGS:
            self.rungs[rung] = self.add_line(axes, color=palette.MUTED, linewidth=1.5, linestyle="--")
            self.marks[rung] = self.add_line(axes, color=palette.MUTED, marker="X", markersize=9, linestyle="")
            self.names[rung] = self.add_text(axes, 0, 0, **beside | palette.QUIET)
        self.leads = self.add_line(axes, color=palette.MUTED, linewidth=1, linestyle=":")
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.word = self.add_text(axes, 0, 0, va="center", **palette.STRONG | {"color": palette.LOSS_TEXT})
        self.cross = self.add_line(axes, "X", color=palette.LOSS, markersize=16, mec=palette.PAPER)

    def reframe(self, r):
        super().reframe(r)
        self.note.set_text(f"candles of {self.candles_of}; grey lines end where that leverage was closed")

    def move(self, r):
        bottom, top = self.bottom, self.top
        start, end = self.at[r.hour] - 0.5, self.length - 0.5
        level, gap = r.market.open[r.hour], 0.062 * (top - bottom)
        until = lambda gone: end if gone is None else self.at[gone]
        self.fade(self.at[r.hour])
        self.entry.set_data([start, end], [level, level])
        edge = level * (1 + r.line)
        inside = min(max(edge, bottom), top)
        own = bottom < edge < top
        names = [(level, self.entry_word), (inside, self.word)]  # to be spread, so that none stands on another
        leads = [(self.at[r.gone], edge)] if own and r.gone is not None else []  # from a cross on to its name
        for rung, (line, gone) in r.rungs.items():
            y = level * (1 + line)
            seen = bottom < y < top and rung != r.leverage
            closed = seen and gone is not None
            self.rungs[rung].set_data([start, until(gone)] if seen else [], [y, y] if seen else [])
            self.marks[rung].set_data([self.at[gone]] if closed else [], [y] if closed else [])
            leads += [(self.at[gone], y)] if closed else []
            self.names[rung].set_text(times(rung) if seen else "")
            names += [(y, self.names[rung])] if seen else []
        self.leads.set_data(*np.array([((x, y), (end, y), (np.nan, y)) for x, y in leads]).reshape(-1, 2).T)
        self.line.set_data([start, until(r.gone)] if own else [], [edge, edge] if own else [])
        self.cross.set_data(*([], []) if r.gone is None else ([self.at[r.gone]], [inside]))
        self.word.set_text(times(r.leverage) + ("" if own else " ↓" if edge < bottom else " ↑"))
        for (_, text), y in zip(names, apart([y for y, _ in names], gap, bottom + gap / 2, top - gap / 2)):
            text.set(x=end + 0.012 * self.length, y=y)
        end_word = "still open at the end" if r.gone is None else f"closed, {r.held} after the entry"
        self.title.set_text(f"{times(r.leverage)} {r.side}: {end_word}")


crash = Recipe(
    model,
    Crash,
    [
        Choice("crash", "crash", tuple(CRASHES), "2020"),
        side(),
        LEVERAGE,
        Slider("hour", "start hour", steps(0, 23, 1), 0, whole=True),
    ],
    computed,
    market=lambda candles: [side(), LEVERAGE, start_bar(candles)],
)
