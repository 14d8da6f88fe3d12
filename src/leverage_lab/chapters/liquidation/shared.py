"""What several panels of this chapter use."""

from functools import cache

import numpy as np
from matplotlib.collections import LineCollection

from leverage_lab.candles import bundled
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
from leverage_lab.panelkit.controls import Slider, ladder
from leverage_lab.words import lasting

ENTRY = 100_000.0  # a round price of one coin


MAINTENANCE, FEE = 0.005, 0.0006  # rates of the first panel


# --- a position on a market's candles --------------------------------------------------------------

market_named = cache(bundled)

LEVERAGE = Slider("leverage", "leverage", (1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, *ladder(2, 100)), 2, "x")


def start_bar(candles, name="hour"):
    """At most 200 stops, however many bars there are; the box takes any."""
    last = len(candles) - 1
    every = -(-last // 200)
    return Slider(name, "start bar", (*range(0, last, every), last), 0, whole=True)


def line_of(side, leverage):
    """The move from the entry to the liquidation price, isolated, with the first panel's maintenance rate."""
    return price_move(1, liquidation_price(side, 1, 1, 1 / leverage, Rules(MAINTENANCE)))


def follow(market, side, level, start):
    """From bar `start` on: the first that reached `level` against a position, or None, and the worst price for it."""
    prices = market.arrays["low" if side == "long" else "high"][start:]
    hit = prices <= level if side == "long" else prices >= level
    return start + int(hit.argmax()) if hit.any() else None, float(prices.min() if side == "long" else prices.max())


class CandleChart(Picture):
    """A market's candles, what is before the entry faded: title, a line that says what is drawn, and the source."""

    height, ink, right_edge = 4.9, palette.INK, 0.96

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.978, **palette.TITLE)
        self.note = self.figure.text(0.02, 0.9, "", va="top", **palette.QUIET)
        self.source = self.figure.text(0.98, 0.012, "", ha="right", va="bottom", **palette.QUIET)
        axes = self.axes = self.add_chart(0.12, 0.155, self.right_edge - 0.12, 0.675, grid="y")
        self.wicks, self.falls, self.rises, self.hollow = (
            axes.add_collection(LineCollection([], colors=colour)) for colour in (*[self.ink] * 3, palette.PAPER)
        )
        self.wicks.set_linewidths(1.2)
        self.before = self.add_bar(axes, -1, 0, 1, 1, facecolor=palette.PAPER, alpha=0.75, edgecolor="none")

    def frame(self, r):
        return id(r.market)

    def reframe(self, r):
        """Candles of r.market, on axes that hold them, r.beside (arrays of other prices) and all its time."""
        market, bars = r.market, r.market.arrays
        self.at, self.length = bars["at"], int(bars["at"][-1]) + 1
        self.every = every = bars_a_candle(self.length)
        self.bottom, self.top = view(bars["open"][0], bars["low"], bars["high"], *r.beside)
        starts, first, low, high, last = drawn_as(bars, self.at, every)
        x, up, thin = starts + (every - 1) / 2, last > first, 0.006 * (self.top - self.bottom)
        self.wicks.set_segments(uprights(x, low, high))
        self.falls.set_segments(uprights(x[~up], last[~up], first[~up]))
        self.rises.set_segments(uprights(x[up], first[up], last[up]))
        self.hollow.set_segments(uprights(x[up], first[up] + thin, np.maximum(last[up] - thin, first[up] + thin)))
        wide = 7 if len(x) < 30 else 5 if len(x) < 50 else 4  # points
        for group, width in ((self.falls, 2 * wide - 4), (self.rises, 2 * wide - 4), (self.hollow, 2 * wide - 6.5)):
            group.set_linewidths(width)
        self.axes.set_xlim(-0.7, max(self.length - 0.3, x[-1] + 0.7 * every if every > 1 else 0))
        self.candles_of = lasting(every * market.step)
        self.source.set_text(source_line(self, market))
        self.axes.set_xticks(*time_ticks(market, 5))
        ticks, tick = round_ticks(self.bottom, self.top)
        labels = price_labels(ticks, tick)
        edge = left_of(self, labels, 0.12)
        self.axes.set_position((edge, 0.155, self.right_edge - edge, 0.675))
        self.axes.set_yticks(ticks, labels)
        self.axes.set_ylim(self.bottom, self.top)

    def fade(self, place):
        """Fade what was before the bar at `place`."""
        self.before.set(x=-0.7, y=self.bottom, width=place + 0.2, height=self.top - self.bottom)


def uprights(x, low, high):
    """Upright segments for a LineCollection: one at each x, from low to high."""
    return np.stack([np.stack([x, low], axis=1), np.stack([x, high], axis=1)], axis=1)
