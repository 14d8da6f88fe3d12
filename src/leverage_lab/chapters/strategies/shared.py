"""What several panels of this chapter use."""

from functools import cache
from typing import Annotated, Any, Literal

import numpy as np

from leverage_lab import data, dates
from leverage_lab.candles import Candles, bundled
from leverage_lab.chapters.liquidation.shared import mark_of
from leverage_lab.checks import Positive, Range, Share, Side, checked, number
from leverage_lab.exchanges import exchange, fact
from leverage_lab.leverage import pnl
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Rate, Slider
from leverage_lab.strategies import fixed_stop
from leverage_lab.words import MINUS, plain

HOLDING = 10_000  # dollars of coins that are hedged


TAKER = 0.0005  # a common fee for taking an order from the book, each way


RATE = 0.004  # a common maintenance rate of a first tier


def share_in_words(value):
    """A share that was counted: one decimal, and no more digits than a count of some thousands carries."""
    return "less than 0.1\u00a0%" if 0 < value < 0.0005 else f"{plain(100 * value, 1, significant=0)}\u00a0%"


# --- the stop against the liquidation
@cache
def _mexc():
    return exchange("MEXC")


@cache
def _mexc_dates(*names, what, price=False):
    """When these fields are from, and the price of the snapshot."""
    found = [fact("MEXC", name).as_of for name in names] + [*data.TABLES[data.SNAPSHOT].as_of] * price
    return dates.of(found, what=what)


@checked
def stopped(side: Side, stop: Share[float], held: Positive[int], candles: object) -> Any:
    """Was a position opened with the first price of a bar stopped while it was held? Two arrays: bars, and whether.

    candles: Candles; bars: the places in them where one was opened, all those with no bar missing while it was held.
    stop: its distance, a fraction; held: for how many bars, the first one counts; ValueError if there are fewer.
    """
    if not isinstance(candles, Candles):
        raise ValueError(f"candles must be Candles, as bundled(…) gives them, got {type(candles).__name__}")
    number("bars held", held, Range(low=1, high=len(candles)))
    bars = candles.arrays
    windows = np.lib.stride_tricks.sliding_window_view(bars["low" if side > 0 else "high"], held)
    opened = np.flatnonzero(bars["at"][held - 1 :] - bars["at"][: len(windows)] == held - 1)
    if not len(opened):
        return opened, np.zeros(0, bool)
    return opened, fixed_stop(side, windows[opened], bars["open"][opened] * (1 - side * stop)).index >= 0


class Figures:
    """Large words in a row at the top left, a small one under each; the numbers need not be percentages."""

    def __init__(self, picture, labels, places=(0.02, 0.35, 0.68)):
        self.texts = []
        for label, x in zip(labels, places):
            picture.figure.text(x, 0.88, label, va="top", **palette.QUIET)
            self.texts.append(picture.add_text(picture.figure, x, 0.985, **palette.FIGURE))

    def show(self, *values):
        """values: (words, colour), one for each label."""
        for text, (words, colour) in zip(self.texts, values, strict=True):
            text.set(text=words, color=colour)


def summed(show, first, *others):
    """A sum as one writes it: $100 − $20 + $3, each part by `show`."""
    return " ".join([show(first), *(f"{MINUS if part < 0 else '+'} {show(abs(part))}" for part in others)])


def joined(lines):
    """Several lines (x, y) as one with gaps: one artist is drawn much faster than many."""
    points = [part for x, y in lines for part in (np.array([x, y], dtype=float), [[np.nan], [np.nan]])]
    return np.concatenate(points, axis=1) if points else ([], [])


FAR = tuple(
    round(stop / 1e4, 6) for stop in (2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200)
)


def _stop(low, high, start):
    return Rate("stop", "stop distance", tuple(stop for stop in FAR if low <= stop <= high), start, "%")


def _target():
    return Slider("target", "target ÷ stop", (0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4), 2, "")


# --- the evening of 10 October 2025
EVENINGS = {"ATOM": ("atom_1min_2025-10-10", "perp"), "BTC": ("btc_mark_1min_2025-10-10", "mark")}


@cache
def evening(coin):
    """Starts of the minutes; last and highest price of the perpetual, last spot price (nan: no trade in that one)."""
    name, future = EVENINGS[coin]
    table = data.load(name)
    columns = ("timestamp", f"{future}_close", f"{future}_high", "spot_close")
    return tuple(table[column].to_numpy() for column in columns)


@checked
def gained(coin: Literal["ATOM", "BTC"], opened: Annotated[int, Range(low=0, high=119)]) -> Any:
    """What $10,000 of coins and a short of that size have gained since minute `opened`: two arrays, dollars by minute.

    coin: "ATOM" or "BTC"; opened: minutes after 20:30 on 10 October 2025, from 0 to 119. Before fees and funding; nan
    where spot had no trade. Last prices of the minutes in `data/atom_1min_2025-10-10.csv`, `btc_mark_1min_...`.
    """
    _, future, _, spot = evening(coin)
    coins = HOLDING / spot[opened]
    known = np.isfinite(spot) & np.isfinite(coins)
    held = coins if np.isfinite(coins) else 1.0
    short = np.where(known, pnl("short", held, future[opened], future), np.nan)
    return coins * (spot - spot[opened]), short


# --- orders through real minutes
DAYS = {  # day: (candles whose trades fill orders, candles of the mark price, what that is)
    "BTC, 3 Feb 2025": ("minutes", "", "the mean of the last 3 closes (the mark price is not known)"),
    "BTC, 10 Oct 2025": ("BTC spot", "BTC mark", "the mark price of Binance's BTCUSD_PERP"),
    "ATOM, 10 Oct 2025": ("ATOM perpetual", "ATOM spot", "spot trades at Coinbase (the mark price is not known)"),
}
Day = Literal["BTC, 3 Feb 2025", "BTC, 10 Oct 2025", "ATOM, 10 Oct 2025"]


@cache
def traded(day):
    """The candles whose trades fill orders."""
    return bundled(DAYS[day][0])


@cache
def _bars(day, by):
    """Four rows; those of the mark have one bar for each of the trades, with the minutes without a trade before it."""
    trades, mark = traded(day), DAYS[day][1]
    if by == "last" or not mark:
        prices = trades if by == "last" else mark_of(trades, 3)
        return np.array([prices.open, prices.high, prices.low, prices.close])
    prices = bundled(mark)
    bar = np.searchsorted(trades.times, prices.times)
    begins = np.searchsorted(bar, np.arange(len(trades)))
    ends = np.append(begins[1:], np.searchsorted(bar, len(trades))) - 1
    high, low = np.maximum.reduceat(prices.high, begins), np.minimum.reduceat(prices.low, begins)
    return np.array([np.take(prices.open, begins), high, low, np.take(prices.close, ends)])


@checked
def minutes_of(
    day: Day, by: Literal["last", "mark"] = "last", start: Annotated[int, Range(low=0, high=100)] = 0
) -> Any:
    """(bars that fill orders, bars that trigger them) of a day from a bar on: four rows each, as for `stop_order`.

    by: the price that triggers, the last one or the mark price, or what stands for it (DAYS).
    """
    return _bars(day, "last")[:, start:], _bars(day, by)[:, start:]
