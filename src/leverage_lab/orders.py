"""Chapters 5 and 7: orders. What becomes of each kind along candles; what a market order pays a book's depth.

`side` is that of the position which the order closes: a long is closed by selling, a short by buying. `bars` are four
rows, open, high, low and close, a value for each bar (`Prices` of candles.py are); the order is placed as the first one
opens. `watched`: bars of the price that triggers (last, mark or index), the traded ones if left out.

What happened within a bar is not known, and counts against the order. A stop that may have been triggered was. A market
order then gets the bar's worst price; a limit order is filled in that bar only if even this is its limit or better. A
limit order that waits in the book is filled, at its own price, only by a trade beyond it: at that price itself others
may be before it. Fees, the spread and the order's own size are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from leverage_lab import checks
from leverage_lab.checks import Finite, NotNegative, Positive, Rate, Side, checked

OPEN, HIGH, LOW = 0, 1, 2
BEST, WORST = {1: HIGH, -1: LOW}, {1: LOW, -1: HIGH}  # by side
WITHIN = 0.01  # how far from the best price depth is counted, on one side; a fraction of the mid price


@dataclass(frozen=True)
class Filled:
    """What became of an order. triggered: the bar (from 0) in which it went to the market; filled: that of its fill.

    Both −1 for never. price: of the fill, nan without one.
    """

    triggered: int
    filled: int
    price: float


def _bars(name, value):
    """Four rows of prices, checked."""
    rows = checks.number(name, value, checks.POSITIVE)
    if np.ndim(rows) != 2 or len(rows) != 4 or not np.size(rows):
        raise ValueError(f"{name} must be four rows, open, high, low and close, got an array of shape {np.shape(rows)}")
    if np.any(rows.max(axis=0) > rows[HIGH]) or np.any(rows.min(axis=0) < rows[LOW]):
        raise ValueError(f"{name} must have the high as highest and the low as lowest price of each bar")
    return rows


Bars = Annotated[Any, _bars]
OneSide = Annotated[Any, lambda name, side: checks.sign(checks.choice(name, side, checks.SIDES))]


@checked
def takes(side: Side, limit: Positive, last: Positive) -> Any:
    """Would a limit order take from the book at once? A post-only order is refused then, a plain one filled as a taker.

    True where the market already offers better than `limit`: a sell below the last price, a buy above it. The last
    price stands for both best bid and best ask.
    """
    return side * limit < side * last


@checked
def reduced(position: NotNegative, quantity: Positive) -> tuple[Any, Any]:
    """(coins closed, coins left over) of an order of `quantity` coins against a position of `position` coins.

    What is left over is cancelled if the order is reduce-only. If not, it opens a position on the other side.
    """
    closed = np.minimum(position, quantity)
    return closed, quantity - closed


@checked
def market_order(side: OneSide, bars: Bars) -> Filled:
    """Closed at once, at the first price."""
    return Filled(0, 0, bars[OPEN, 0])


@checked
def limit_order(side: OneSide, limit: Positive[float], bars: Bars) -> Filled:
    """At `limit` or better: at once if it `takes` (where post-only is refused), else when a trade goes beyond it."""
    if takes(side, limit, bars[OPEN, 0]):
        return Filled(0, 0, bars[OPEN, 0])
    at = _first(side * bars[BEST[side]] > side * limit)
    return Filled(0, at, limit if at >= 0 else np.nan)


@checked
def stop_order(
    side: OneSide,
    trigger: Positive[float],
    bars: Bars,
    watched: Bars | None = None,
    limit: Positive[float] | None = None,
) -> Filled:
    """A stop at the price `trigger`: it sends a market order (stop-market) or, with `limit`, a limit order at it."""
    seen = _beside(bars, watched)
    return _sent(side, _first(side * seen[WORST[side]] <= side * trigger), bars, limit)


@checked
def trailing_stop(side: OneSide, callback: Rate[float], bars: Bars, watched: Bars | None = None) -> Filled:
    """A stop-market whose trigger price follows the best price so far at a distance of `callback`, a fraction of it.

    In each bar the best price is taken to come before the worst.
    """
    seen = _beside(bars, watched)
    best = side * np.maximum.accumulate(side * seen[BEST[side]])
    return _sent(side, _first(side * seen[WORST[side]] <= side * best * (1 - side * callback)), bars, None)


def _first(reached):
    """The first bar in which it was; −1 never."""
    return int(reached.argmax()) if reached.any() else -1


def _beside(bars: Any, watched: Any) -> Any:
    if watched is not None and watched.shape != bars.shape:
        raise ValueError(f"watched must have as many bars as bars, {bars.shape[1]}, got {watched.shape[1]}")
    return bars if watched is None else watched


def _sent(side, at, bars, limit):
    """What becomes of the order that a stop sends in bar `at`."""
    worst = bars[WORST[side], at]
    if at < 0 or limit is None or side * worst >= side * limit:
        return Filled(at, at, worst if at >= 0 else np.nan)
    later = _first(side * bars[BEST[side], at + 1 :] > side * limit)
    return Filled(at, at + 1 + later, limit) if later >= 0 else Filled(at, -1, np.nan)


# --- a market order and the depth of a book


@checked
def slippage(value: NotNegative, spread: Rate, depth: Positive) -> Finite:
    """How far from the mid price a market order is filled on average: spread / 2 + 1 % × value / (2 × depth).

    A model, no exchange's book: half the spread from the mid price offers begin, the same number of coins at every
    price from there on (the block-shaped book of Obizhaeva and Wang, "Optimal trading strategy and supply/demand
    dynamics", Journal of Financial Markets 16(1), 2013). value: of the order, depth: of the offers up to 1 % of the mid
    price beyond the best one, both in dollars at the mid price; spread and result: fractions of the mid price.
    ValueError for an order whose last coin would be 100 % away.
    """
    checks.number("distance of the order's last coin", spread / 2 + WITHIN * value / depth, checks.RATE)
    return spread / 2 + WITHIN * value / (2 * depth)


@checked
def size_at_slippage(rate: Rate, spread: Rate, depth: Positive) -> Finite:
    """The order, in dollars at the mid price, whose `slippage` is `rate`; 0 where half the spread alone is as much."""
    return np.maximum(rate - spread / 2, 0.0) * 2 * depth / WITHIN
