"""Which price liquidates a position: the one on your chart, or the one the exchange looks at?"""

from bisect import bisect_left
from dataclasses import replace

import numpy as np

from leverage_lab.chapters.liquidation.shared import (
    EVENING,
    LEVERAGE,
    OWN,
    CandleChart,
    evening,
    first_reached,
    follow,
    line_of,
    mark_of,
    market_named,
    own_pair,
    short_moment,
    start_bar,
)
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.charts import broken, drawn_as
from leverage_lab.panelkit.controls import Choice, Slider, side, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import call, lasting, percent, price, times


def model(side, leverage, minute=None, coin=None, looks_at="perpetual", start=None, averaged=None, market=None):
    """Opened at the start of a bar: does the price the exchange uses close it, and did the other reach that level?"""
    pair = own_pair(market, averaged) if market else evening(coin)
    bars, start = pair.prices[pair.opened_at], start if market else minute
    entry = bars.open[start]
    level = entry * (1 + line_of(side, leverage))
    # The other of the two may have no bar at that minute: then from its next one on.
    starts = [bisect_left(prices.times, bars.times[start]) for prices in pair.prices]
    hits, extremes = zip(*(follow(prices, side, level, begin) for prices, begin in zip(pair.prices, starts)))
    counts = int(looks_at == "perpetual")
    far = "lowest" if side == "long" else "highest"
    line = pair.prices[1].arrays
    return Result(
        market=pair.prices[0], pair=pair, beside=(line["low"], line["high"]), entry=entry, level=level, counts=counts,
        begin=start, starts=starts, closed=hits[counts], touched=hits[1 - counts], extreme=extremes[1],
        sentence=(
            f"{pair.name}: {times(leverage)} {side} from {price(entry)} at {bars.moment(start)}, "
            f"liquidation at {price(level)} ({percent(level / entry - 1, signed=True)}). {pair.rule} From then on "
            f"the {far} {pair.words[0]} was {price(extremes[0])}, the {far} {pair.words[1]} {price(extremes[1])}. "
            f"{_end(pair, counts, hits)}"
        ),
    )  # fmt: skip


def _end(pair, counts, hits):
    by, other = pair.words[counts], pair.words[1 - counts]
    bars, seen = pair.prices[counts], pair.prices[1 - counts]
    closed, touched = hits[counts], hits[1 - counts]
    if closed is None:
        went = touched is not None and (
            f"The {other} reached the liquidation price at {seen.moment(touched)}, the {by} did not"
        )
        return f"{went or 'Neither reached the liquidation price'}: the position stays open."
    text = f"Closed at {bars.moment(closed)} by the {by}"
    if touched is None:
        gap = "" if bars.times[closed] in seen.times else f", in a minute without a {other}"
        return f"{text}, at a price that the {other} never showed{gap}."
    apart = seen.times[touched] - bars.times[closed]
    if not apart:
        return f"{text}, when both reached the liquidation price."
    order = f"before the {other} showed that price" if apart > 0 else f"after the {other} first reached it"
    return f"{text}, {lasting(abs(apart))} {order}."


def computed(r):
    """The bar that liquidates, by the price that counts."""
    if hasattr(r, "coin"):
        code = call(market_named, EVENING[r.coin][1 - r.counts])
    else:
        code = call(mark_of, OWN, *([r.averaged] if hasattr(r, "averaged") else []))
    bars, begin = r.pair.prices[r.counts], r.starts[r.counts]
    return first_reached(r, code, bars, begin, r.entry, r.closed, r.pair.words[r.counts])


class MarkOrLast(CandleChart):
    """Candles of one price, another as a thick line, and the liquidation price that one of them reaches."""

    ink = palette.MUTED

    def draw(self):
        super().draw()
        self.level = self.add_line(self.axes, color=palette.LOSS, linewidth=3.5)
        self.line = self.add_line(self.axes, color=palette.INK, linewidth=2.5)
        word = palette.STRONG | {"color": palette.LOSS_TEXT}
        self.word = self.add_text(self.axes, 0, 0, va="center", bbox=palette.GROUND, **word)
        self.ring = self.add_line(self.axes, "o", markersize=17, mfc="none", mec=palette.MUTED, mew=2.5)
        self.cross = self.add_line(self.axes, "X", color=palette.LOSS, markersize=15, mec=palette.PAPER)

    def frame(self, r):
        return id(r.pair)

    def reframe(self, r):
        super().reframe(r)
        line = r.pair.words[1] if r.pair.opened_at or r.market.mark else "mean of closes"
        self.note.set_text(f"candles of {self.candles_of}: {r.pair.words[0]}; thick line: {line}")
        self.places = [prices.arrays["at"] for prices in r.pair.prices]

    def move(self, r):
        line, at, room = r.pair.prices[1].arrays, self.places[1], self.top - self.bottom
        begins, *_, last = drawn_as(line, at, self.every)
        far = line["low" if r.side == "long" else "high"]
        spoken = [np.flatnonzero(far == r.extreme)[-1], *([r.closed] if r.counts and r.closed is not None else [])]
        x, y = np.append(begins + self.every - 0.5, at[spoken]), np.append(last, far[spoken])
        self.line.set_data(*broken(x, y, self.every))
        begin = self.places[r.pair.opened_at][r.begin] - 0.5
        self.fade(begin + 0.5)
        inside = min(max(r.level, self.bottom), self.top)
        seen = inside == r.level
        self.level.set_data([begin, self.length] if seen else [], [inside] * 2 if seen else [])
        arrow = "" if seen else " ↓" if r.level < inside else " ↑"
        self.word.set_text(f"liquidation {percent(r.level / r.entry - 1, signed=True)}{arrow}")
        below = inside > self.top - 0.1 * room or r.side == "long" and inside > self.bottom + 0.1 * room
        self.word.set(x=self.axes.get_xlim()[1], y=inside - (0.04 if below else -0.04) * room, ha="right")
        for mark, hit, which in ((self.cross, r.closed, r.counts), (self.ring, r.touched, 1 - r.counts)):
            mark.set_data(*([], []) if hit is None else ([self.places[which][hit]], [inside]))
        by, other, bars = r.pair.words[r.counts], r.pair.words[1 - r.counts], r.pair.prices[r.counts]
        alone = r.touched is None
        if r.closed is None:
            title = f"Open: the {by} did not reach it" if alone else f"Open: only the {other} reached it"
        else:
            title = f"Closed {'at ' * bars.one_day}{short_moment(bars, r.closed)} by the {by}"
            title += f", not by the {other}" if alone else ""
        self.title.set_text(title)


TEN = replace(LEVERAGE, start=10)
AVERAGED = Slider("averaged", "closes averaged", steps(1, 15, 1), 3, whole=True)

mark_or_last = Recipe(
    model,
    MarkOrLast,
    [
        Choice("coin", "coin", tuple(EVENING), "BTC"),
        side(),
        TEN,
        Slider("minute", "start minute", steps(0, 119, 1), 40, whole=True),
        Choice("looks_at", "exchange looks at", ("perpetual", "spot"), "perpetual"),
    ],
    computed,
    market=lambda candles: [side(), TEN, start_bar(candles, "start"), *([] if candles.mark else [AVERAGED])],
)
