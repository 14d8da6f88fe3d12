"""Which price liquidates a position: the last trade or the mark price?"""

from functools import cache

import numpy as np
from matplotlib.collections import LineCollection

from leverage_lab import data
from leverage_lab.candles import lasting
from leverage_lab.chapters.liquidation.shared import MAINTENANCE, _uprights
from leverage_lab.dates import Dates
from leverage_lab.leverage import price_move
from leverage_lab.liquidation import Rules, liquidation_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import (
    bars_a_candle,
    broken,
    drawn_as,
    left_of,
    percent_ticks,
    round_ticks,
    short_moment,
    source_line,
    time_ticks,
    view,
)
from leverage_lab.panelkit.controls import Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, price, times


# --- mark against last ----------------------------------------------------------------------------
@cache
def minutes():
    """The minutes of 3 February 2025 as moves since the first open: arrays open, high, low, close; and that open."""
    table = data.load("btc_1min_2025-02-03")
    start = float(table["open"].iloc[0])
    return {name: table[name].to_numpy(float) / start - 1 for name in ("open", "high", "low", "close")}, start


def mean_of_last(values, count):
    """Each value's mean with those before it, `count` in all (fewer at the beginning)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(ends - count, 0)
    return (sums[ends] - sums[begins]) / (ends - begins)


def _clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def model(leverage, own=0.0, averaged=3, market=None):
    """A long from the first price on. By default from 00:00 on 3 February 2025: the mark is a mean of closes, your chart moves a
    little more or less. On a market of your own: its mark, if it has one, and your chart is that market.
    """
    moves, start = minutes() if market is None else _moves(market)
    marks = market and market.mark
    mark = (
        {name: row / start - 1 for name, row in zip(("open", "high", "low", "close"), market.arrays["mark"])}
        if marks
        else None
    )
    level = mark["close"] if marks else mean_of_last(moves["close"], averaged)
    lowest = mark["low"] if marks else level
    chart = {name: row * (1 + own) for name, row in moves.items()}
    line = price_move(1, liquidation_price("long", 1, 1, 1 / leverage, Rules(MAINTENANCE)))
    by_mark, by_chart = np.flatnonzero(lowest <= line), np.flatnonzero(chart["low"] <= line)
    closed = int(by_mark[0]) if len(by_mark) else None
    touched = int(by_chart[0]) if len(by_chart) else None
    at = _clock if market is None else market.moment
    between = lambda n, m: _minutes(m - n) if market is None else lasting(market.times[m] - market.times[n])
    where = f"{price(start * (1 + line))} ({percent(line, signed=True)})"
    shown = (lambda value: money(round(value))) if market is None else price
    low, low_mark = shown(start * (1 + chart["low"].min())), shown(start * (1 + lowest.min()))
    if closed is not None and touched is None:
        end = f"Closed at {at(closed)} by the mark, at a price your chart never showed."
    elif closed is None and touched is not None:
        end = f"Your chart went through the line at {at(touched)}, the mark did not: the position stays open."
    elif closed is None:
        end = "Neither reached the line: the position stays open."
    elif touched < closed:
        end = f"Closed at {at(closed)} by the mark, {between(touched, closed)} after your chart first crossed the line."
    elif touched > closed:
        end = f"Closed at {at(closed)} by the mark, {between(closed, touched)} before your chart showed that price."
    else:
        end = f"Closed at {at(closed)}, when both crossed the line."
    if market is None:
        same = "as far as" if own == 0 else f"{percent(abs(own))} {'further than' if own > 0 else 'less than'}"
        sentence = (
            f"{times(leverage)} long from {money(start)}, liquidation at {where}. The mark is the mean of the last {_minutes(averaged, 'close')}; "
            f"your exchange's trades move {same} the others. Your chart's lowest trade was {low}, the lowest mark {low_mark}. {end}"
        )
    else:
        rule = (
            f"the exchange's own mark price ({market.source})"
            if marks
            else f"not in these candles: the mean of the last {_minutes(averaged, 'close')} ({lasting(averaged * market.step)}) stands for it"
        )
        sentence = (
            f"{market.name}, {market.period}{market.missing}: {times(leverage)} long from {price(start)}, liquidation at {where}. The mark is {rule}. "
            f"The lowest trade was {low}, the lowest mark {low_mark}. {end}"
        )
    return Result(
        leverage=leverage, start=start, line=line, mark=level, own_mark=mark, chart=chart, closed=closed, touched=touched, by_chart=touched is not None,
        market=market, sentence=sentence, dates=data.whole("btc_1min_2025-02-03", "Minutes") if market is None else Dates(),
    )  # fmt: skip


def _moves(market):
    """The bars of a market as moves since its first price, and that price."""
    start = market.open[0]
    return {name: market.arrays[name] / start - 1 for name in ("open", "high", "low", "close")}, start


def _minutes(count, word="minute"):
    return f"{count} {word}{'' if count == 1 else 's'}"


class MarkOrLast(Picture):
    """Three hours of 3 February 2025, or another market: trades as candles, the mark as a line, and one line that ends it."""

    height = 4.9
    EVERY = 3  # minutes in a candle
    LOW, HIGH, LAST = -0.083, 0.006, 183  # moves at bottom and top, the place at the right edge

    def draw(self):
        self.title = self.add_text(
            self.figure, 0.02, 0.978, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"
        )
        self.candles_are = self.figure.text(
            0.02,
            0.9,
            "candles: your exchange's trades (last price)",
            fontsize=palette.SMALL,
            color=palette.MUTED,
            va="top",
        )
        self.line_is = self.figure.text(
            0.58,
            0.9,
            "thick line: the mark price",
            fontsize=palette.SMALL,
            color=palette.INK,
            va="top",
            fontweight="bold",
        )
        axes = self.axes = self.add_chart(0.105, 0.175, 0.855, 0.655, grid="y")
        axes.set(xlim=(-2, self.LAST), ylim=(self.LOW, self.HIGH))
        axes.set_xticks([0, 30, 60, 90, 120, 150, 180], ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00"])
        percent_ticks(axes.yaxis, [-0.08, -0.06, -0.04, -0.02, 0])
        self.source = self.figure.text(
            0.98,
            0.012,
            "3 February 2025, UTC, after BTC/USD minutes of Bitstamp by ff137, CC BY 4.0",
            fontsize=palette.SMALL,
            color=palette.MUTED,
            ha="right",
            va="bottom",
        )
        self.bottom, self.top, self.left, self.right, self.every, self.unit = (
            self.LOW,
            self.HIGH,
            -2,
            self.LAST,
            self.EVERY,
            1.0,
        )
        self.ground = self.moving(axes.axhspan(self.LOW, -0.05, facecolor=palette.LOST_GROUND, edgecolor="none"))
        self.wicks = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=1)))
        self.falls = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=5)))
        self.rises = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=5)))
        self.hollow = self.moving(axes.add_collection(LineCollection([], colors=palette.PAPER, linewidths=3)))
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.mark = self.add_line(axes, color=palette.INK, linewidth=2.5)
        self.word = self.add_text(
            axes, 1, 0, "", color=palette.LOSS_TEXT, fontweight="bold", va="top", fontsize=palette.NORMAL
        )
        self.cross = self.add_line(
            axes, color=palette.LOSS, marker="X", markersize=15, markeredgecolor=palette.PAPER, linestyle=""
        )
        self.touch = self.add_line(
            axes,
            marker="o",
            markersize=17,
            markerfacecolor="none",
            markeredgecolor=palette.MUTED,
            markeredgewidth=2.5,
            linestyle="",
        )

    def frame(self, r):
        return id(r.market)

    def reframe(self, r):
        if (market := r.market) is None:
            return
        last = int(market.arrays["at"][-1]) + 1
        self.bottom, self.top = view(
            1, r.chart["low"], r.chart["high"], *((r.own_mark["low"], r.own_mark["high"]) if r.own_mark else ())
        )
        self.left, self.right, self.every = -0.011 * last, 1.011 * last, bars_a_candle(last)
        self.unit = (self.top - self.bottom) / (self.HIGH - self.LOW)
        self.candles_are.set_text(f"candles of {lasting(self.every * market.step)}: trades")
        self.line_is.set(text="thick line: the mark price" if r.own_mark else "thick line: mean of closes", x=0.52)
        self.source.set_text(source_line(self, market))
        self.axes.set(xlim=(self.left, self.right), ylim=(self.bottom, self.top))
        self.axes.set_xticks(*time_ticks(market))
        ticks, _ = round_ticks(self.bottom, self.top)
        percent_ticks(self.axes.yaxis, [tick + 0.0 for tick in ticks])
        edge = left_of(self, [percent(tick, signed=True) for tick in ticks], 0.105)
        self.axes.set_position((edge, 0.175, 0.96 - edge, 0.655))

    def move(self, r):
        at = np.arange(len(r.mark)) if r.market is None else r.market.arrays["at"]
        whole = len(at) - len(at) % self.every if r.market is None else len(at)
        starts, first, low, high, last = drawn_as(
            {name: row[:whole] for name, row in r.chart.items()}, at[:whole], self.every
        )
        middle = starts + self.every / 2
        up = last > first
        self.wicks.set_segments(_uprights(middle, low, high))
        self.falls.set_segments(_uprights(middle[~up], last[~up], first[~up]))
        self.rises.set_segments(_uprights(middle[up], first[up], last[up]))
        thin = 0.0004 * self.unit
        self.hollow.set_segments(_uprights(middle[up], first[up] + thin, last[up] - thin)[: up.sum()])
        if r.own_mark:  # from candle to candle, and to the two lows that are spoken of
            begins, *_, ended = drawn_as(r.own_mark, at, self.every)
            lows = [n for n in (r.closed, int(r.own_mark["low"].argmin())) if n is not None]
            self.mark.set_data(
                *broken(
                    np.append(begins + self.every, at[lows] + 0.5),
                    np.append(ended, r.own_mark["low"][lows]),
                    self.every,
                )
            )
        elif r.market:
            self.mark.set_data(*broken(at + 1, r.mark))
        else:
            self.mark.set_data(at + 1, r.mark)
        shown = max(r.line, self.bottom + 0.002 * self.unit)
        self.ground.set(y=self.bottom, height=max(0.0, r.line - self.bottom))
        self.line.set_data([self.left, self.right], [r.line, r.line])
        off = r.line < self.bottom + 0.0015 * self.unit
        margin = 1 if r.market is None else 0.005 * self.right
        below = shown > self.bottom + 0.011 * self.unit
        if r.market is None:
            right = r.line > -0.03  # the candles are at the left there
        else:  # where fewer candles are in the way, and no cross
            foot = shown - 0.009 * self.unit if below else shown
            hidden = (r.chart["low"] < foot + 0.009 * self.unit) & (r.chart["high"] > foot)
            ends = at > 0.65 * self.right, at < 0.35 * self.right
            one, other = (
                hidden[end].sum() + 0.2 * len(at) * bool(r.closed is not None and end[r.closed]) for end in ends
            )
            right = one < other
        self.word.set(
            text=f"liquidation {percent(r.line, signed=True)}" + (" ↓" if off else ""), x=self.right - margin if right else margin, ha="right" if right else "left",
            y=shown + (-0.0025 if below else 0.006) * self.unit,
        )  # fmt: skip
        end = (
            ()
            if r.closed is None
            else (at[r.closed] + 1, r.mark[r.closed])
            if not r.own_mark
            else (at[r.closed] + 0.5, min(r.line, r.own_mark["high"][r.closed]))
        )
        self.cross.set_data(end[:1], end[1:])
        self.touch.set_data(
            [] if r.touched is None else [at[r.touched] + 0.5], [] if r.touched is None else [max(r.line, self.bottom)]
        )
        if r.closed is None:
            self.title.set_text("Open: the mark did not reach the line" + (", your chart did" if r.by_chart else ""))
        else:
            when = (
                f"at {r.closed // 60:02}:{r.closed % 60:02}"
                if r.market is None
                else f"{'at ' * r.market.one_day}{short_moment(r.market, r.closed)}"
            )
            self.title.set_text(f"Closed {when} by the mark" + ("" if r.by_chart else ", not by your chart"))


MARK_LEVERAGE = Slider("leverage", "leverage", (5, 8, 10, *range(12, 21), 25, 30, 40, 50, 75, 100), 17, "x")


AVERAGED = Slider("averaged", "mark: closes", steps(1, 15, 1), 3, whole=True)


mark_or_last = Recipe(
    model,
    MarkOrLast,
    [MARK_LEVERAGE, Slider("own", "your chart", steps(-0.2, 0.2, 0.01), -0.15, "%"), AVERAGED],
    market=lambda candles: [MARK_LEVERAGE] if candles.mark else [MARK_LEVERAGE, AVERAGED],  # your chart is this market
)
