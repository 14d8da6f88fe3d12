"""Which leverages survived a crash, and when were the others liquidated?"""

from functools import cache

import numpy as np
from matplotlib.collections import LineCollection

from leverage_lab import data
from leverage_lab.candles import lasting
from leverage_lab.chapters.liquidation.shared import MAINTENANCE, SMALL_WORD, WORD, _uprights, apart
from leverage_lab.leverage import price_move
from leverage_lab.liquidation import Rules, liquidation_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import (
    bars_a_candle,
    drawn_as,
    left_of,
    price_labels,
    round_ticks,
    source_line,
    time_ticks,
    view,
)
from leverage_lab.panelkit.controls import Choice, Slider, ladder, side, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, price, times

# --- two crashes by the hour ----------------------------------------------------------------------
CRASHES = {"2020": ("March 2020", "2020-03-12", "2020-03-13"), "2021": ("May 2021", "2021-05-19")}


RUNGS = (2, 3, 5, 10, 25)


@cache
def hours(crash):
    """The hours of a crash: arrays open, high, low, close in dollars, and the times as printed."""
    table = data.load("btc_1h_crash_windows")
    table = table[table["time_utc"].str[:10].isin(CRASHES[crash][1:])]
    return {name: table[name].to_numpy(float) for name in ("open", "high", "low", "close")}, tuple(table["time_utc"])


def model(side, leverage, hour, crash=None, market=None):
    """Open at the start of an hour (a bar): which leverages are alive at the end, and when did the others go."""
    bars, names = (
        hours(crash)
        if market is None
        else ({name: market.arrays[name] for name in ("open", "high", "low", "close")}, None)
    )
    start = bars["open"][hour]
    moves = {name: row / start - 1 for name, row in bars.items()}

    def end(rung):
        line = price_move(1, liquidation_price(side, 1, 1, 1 / rung, Rules(MAINTENANCE)))
        hit = moves["low"] <= line if side == "long" else moves["high"] >= line
        hit[:hour] = False
        return line, (int(np.flatnonzero(hit)[0]) if hit.any() else None)

    line, gone = end(leverage)
    extreme, against = (
        ("lowest", moves["low"][hour:].min()) if side == "long" else ("highest", moves["high"][hour:].max())
    )
    last = moves["close"][-1]
    if market is None:
        at = lambda n, zone="": f"{names[n][11:]}{zone} on {int(names[n][8:10])} {CRASHES[crash][0]}"
        bar, held = "hour", f"{gone - hour + 1} hour{'' if gone == hour else 's'}" if gone is not None else ""
        opened = f"from {at(hour, ' UTC')}, at {price(start)}"
    else:
        at = market.moment
        bar, held = "bar", lasting(market.times[gone] + market.step - market.times[hour]) if gone is not None else ""
        opened = f"on {market.name}, {market.period}{market.missing}: opened at {at(hour)} at {price(start)}"
    if gone is None:
        word = f" and did not reach that. It lives: at the end it stands at {percent(leverage * last * (1 if side == 'long' else -1), signed=True)} of its margin."
    else:
        word = f". It is closed in the {bar} from {at(gone)}, after {held}."
    return Result(
        crash=crash, side=side, leverage=leverage, hour=hour, bars=bars, line=line, gone=gone, names=names, market=market, held=held,
        rungs={rung: end(rung) for rung in RUNGS},
        sentence=(
            f"{times(leverage)} {side} {opened}, liquidation at {percent(line, signed=True)}. "
            f"The {extreme} trade from then on was {percent(against, signed=True)}{word}{'' if market is None or market.mark is None else ' Reckoned by trades, not by the mark: mark_or_last goes by that.'}"
        ),
    )  # fmt: skip


class Crash(Picture):
    """Candles of a crash, or of another market, with the lines at which positions of six leverages are closed."""

    height = 4.9

    def draw(self):
        self.title = self.add_text(
            self.figure, 0.02, 0.978, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"
        )
        self.candles_are = self.figure.text(
            0.02,
            0.9,
            "one candle an hour, BTC/USD; grey lines end where that leverage was closed",
            fontsize=palette.SMALL,
            color=palette.MUTED,
            va="top",
        )
        axes = self.axes = self.add_chart(0.12, 0.155, 0.755, 0.675, grid="y")
        self.source = self.figure.text(
            0.98,
            0.012,
            "trades at Bitstamp, hours UTC, as published by CryptoDataDownload",
            fontsize=palette.SMALL,
            color=palette.MUTED,
            ha="right",
            va="bottom",
        )
        self.wicks = axes.add_collection(LineCollection([], colors=palette.INK, linewidths=1.2))
        self.falls = axes.add_collection(LineCollection([], colors=palette.INK, linewidths=7))
        self.rises = axes.add_collection(LineCollection([], colors=palette.INK, linewidths=7))
        self.hollow = axes.add_collection(LineCollection([], colors=palette.PAPER, linewidths=4.5))
        self.before = self.add_bar(axes, -1, 0, 1, 1, facecolor=palette.PAPER, alpha=0.75, edgecolor="none")
        self.entry = self.add_line(axes, color=palette.MUTED, linewidth=1.5)
        self.entry_word = self.add_text(axes, 0, 0, "entry", color=palette.MUTED, clip_on=False, **SMALL_WORD)
        self.rungs, self.marks, self.names = {}, {}, {}
        for rung in RUNGS:
            self.rungs[rung] = self.add_line(axes, color=palette.MUTED, linewidth=1.5, linestyle="--")
            self.marks[rung] = self.add_line(axes, color=palette.MUTED, marker="X", markersize=9, linestyle="")
            self.names[rung] = self.add_text(axes, 0, 0, "", color=palette.MUTED, clip_on=False, **SMALL_WORD)
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.word = self.add_text(axes, 0, 0, "", color=palette.LOSS_TEXT, fontweight="bold", **WORD)
        self.cross = self.add_line(
            axes, color=palette.LOSS, marker="X", markersize=16, markeredgecolor=palette.PAPER, linestyle=""
        )

    RANGES = {
        "2020": (3550, 8600, (4000, 5000, 6000, 7000, 8000)),
        "2021": (28_000, 46_500, (30_000, 34_000, 38_000, 42_000, 46_000)),
    }

    def frame(self, r):
        return r.crash, id(r.market)

    def reframe(self, r):
        if r.market is None:
            bottom, top, ticks = self.RANGES[r.crash]
            at, every = np.arange(len(r.names)), 1
        else:
            bottom, top = view(r.bars["open"][0], r.bars["low"], r.bars["high"])
            ticks, tick = round_ticks(bottom, top)
            at = r.market.arrays["at"]
            every = bars_a_candle(int(at[-1]) + 1)
        self.at, self.bottom, self.top, self.length = at, bottom, top, int(at[-1]) + 1
        starts, first, low, high, last = drawn_as(r.bars, at, every)
        x, up, thin = starts + (every - 1) / 2, last > first, 0.006 * (top - bottom)
        self.wicks.set_segments(_uprights(x, low, high))
        self.falls.set_segments(_uprights(x[~up], last[~up], first[~up]))
        self.rises.set_segments(_uprights(x[up], first[up], last[up]))
        self.hollow.set_segments(_uprights(x[up], first[up] + thin, np.maximum(last[up] - thin, first[up] + thin)))
        wide = 7 if len(x) < 30 else 5 if len(x) < 50 else 4  # points
        for group, width in ((self.falls, 2 * wide - 4), (self.rises, 2 * wide - 4), (self.hollow, 2 * wide - 6.5)):
            group.set_linewidths(width)
        self.axes.set_xlim(-0.7, max(self.length - 0.3, x[-1] + 0.7 * every if every > 1 else 0))
        if r.market is None:
            places = [k * len(x) // 4 for k in range(4)]  # as many ticks in every frame, so that none is left over
            self.axes.set_xticks(places, [f"{int(r.names[hour][8:10])} {r.names[hour][11:]}" for hour in places])
            labels = [money(tick) for tick in ticks]
        else:
            self.candles_are.set_text(
                f"candles of {lasting(every * r.market.step)}; grey lines end where that leverage was closed"
            )
            self.source.set_text(source_line(self, r.market))
            self.axes.set_xticks(*time_ticks(r.market, 5))
            labels = price_labels(ticks, tick)
            edge = left_of(self, labels, 0.12)
            self.axes.set_position((edge, 0.155, 0.85 - edge, 0.675))
        self.axes.set_yticks(ticks, labels)
        self.axes.set_ylim(bottom, top)

    def move(self, r):
        bottom, top = self.bottom, self.top
        start, end = self.at[r.hour] - 0.5, self.length - 0.5
        level, gap = r.bars["open"][r.hour], 0.062 * (top - bottom)
        self.before.set(x=-0.7, y=bottom, width=start + 0.7, height=top - bottom)
        self.entry.set_data([start, end], [level, level])
        edge = level * (1 + r.line)
        own = bottom < edge < top
        names = [
            (level, self.entry_word),
            (min(max(edge, bottom), top), self.word),
        ]  # to be spread, so that none stands on another
        for rung, (line, gone) in r.rungs.items():
            y = level * (1 + line)
            inside = bottom < y < top and rung != r.leverage
            self.rungs[rung].set_data(
                [start, end if gone is None else self.at[gone]] if inside else [], [y, y] if inside else []
            )
            self.marks[rung].set_data(
                [self.at[gone]] if inside and gone is not None else [], [y] if inside and gone is not None else []
            )
            self.names[rung].set_text(times(rung) if inside else "")
            names += [(y, self.names[rung])] if inside else []
        self.line.set_data(
            [start, end if r.gone is None else self.at[r.gone]] if own else [], [edge, edge] if own else []
        )
        self.cross.set_data(
            [self.at[r.gone]] if r.gone is not None else [], [min(max(edge, bottom), top)] if r.gone is not None else []
        )
        self.word.set_text(times(r.leverage) + ("" if own else " ↓" if edge < bottom else " ↑"))
        names.sort(key=lambda name: -name[0])
        for (_, text), y in zip(names, apart([y for y, _ in names], gap, bottom + gap / 2, top - gap / 2)):
            text.set(x=end + 0.012 * self.length, y=y)
        dead = (
            ""
            if r.gone is None
            else f", {r.gone - r.hour + 1} h after the entry"
            if r.market is None
            else f", {r.held} after the entry"
        )
        self.title.set_text(
            f"{times(r.leverage)} {r.side}: " + ("still open at the end" if r.gone is None else f"closed{dead}")
        )


CRASH_LEVERAGE = Slider("leverage", "leverage", (1.5, 1.6, 1.7, 1.8, 1.9, *ladder(2, 50)), 2, "x")


def _start_bar(candles):
    """At most 200 stops, however many bars there are; the box takes any."""
    last = len(candles) - 1
    every = -(-last // 200)
    return Slider("hour", "start bar", (*range(0, last, every), last), 0, whole=True)


crash = Recipe(
    model,
    Crash,
    [
        Choice("crash", "crash", tuple(CRASHES), "2020"),
        side(),
        CRASH_LEVERAGE,
        Slider("hour", "start hour", steps(0, 23, 1), 0, whole=True),
    ],
    market=lambda candles: [side(), CRASH_LEVERAGE, _start_bar(candles)],
)
