"""Candles of a market: what panels are drawn on.

    bundled("minutes")        3 February 2025, always there, as are two crashes and the evening of 10 October 2025

`leverage_lab.market` has this, `from_csv` for your own file, and `candles`, which asks an exchange. All times are UTC.
"""

from __future__ import annotations

import math
from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from leverage_lab.checks import Positive, checked, choice
from leverage_lab.words import clock, lasting

STEPS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600}
MOST = 14 * 1440  # bars at once: two weeks of minutes, some 300 requests at 100 mark prices each
OLDEST, NEWEST = 1_230_768_000, 4_102_444_800  # 2009 (no coin is older) to 2100, in seconds
DAY = 86_400

Prices = namedtuple("Prices", "open high low close")


@dataclass(frozen=True)
class Candles:
    """Bars of one market, checked. Prices in the quote currency; `times` are the starts of the bars, in seconds (UTC).

    name: as a sentence would say it, such as "BTC/USDT at OKX". mark: the mark price's own Prices, or None.
    source: who published them. A bar may be missing (`gaps` counts them), none may stand there twice.
    """

    name: str
    times: tuple
    step: int
    open: tuple
    high: tuple
    low: tuple
    close: tuple
    mark: Prices | None = None
    source: str = ""

    def __post_init__(self):
        if not isinstance(self.name, str) or not 1 <= len(self.name) <= 60:
            raise ValueError(f"the name of candles must have 1 to 60 letters, got {self.name!r}")
        if isinstance(self.step, bool) or not isinstance(self.step, int) or self.step < 1:
            raise ValueError(f"the step of candles must be a whole number of seconds, at least 1, got {self.step!r}")
        columns = {"times": self.times, **self._rows(self, ""), **(self._rows(self.mark, "mark_") if self.mark else {})}
        if len(self.times) < 2:
            raise ValueError(f"candles must have at least 2 bars, got {len(self.times)}")
        for name, column in columns.items():
            if len(column) != len(self.times):
                raise ValueError(f"{name} must have {len(self.times)} values, one for each bar, got {len(column)}")
        for n, (before, now) in enumerate(zip(self.times, self.times[1:]), start=2):
            check_order(f"bar {n}", before, now, self.step)
        for prefix, prices in (("", self), ("mark_", self.mark)):
            if prices:
                for n, bar in enumerate(zip(prices.open, prices.high, prices.low, prices.close), start=1):
                    check_bar(f"bar {n}", bar, prefix)

    @staticmethod
    def _rows(prices, prefix):
        return {prefix + name: getattr(prices, name) for name in Prices._fields}

    def __len__(self):
        return len(self.times)

    def __repr__(self):
        mark = "with mark prices" if self.mark else "without mark prices"
        return f"{self.name}, {self.period}: {len(self):,} bars of {lasting(self.step)}, {mark}{self.missing}"

    @property
    def gaps(self):
        """How many bars are missing between the first and the last."""
        return (self.times[-1] - self.times[0]) // self.step + 1 - len(self)

    @property
    def missing(self):
        """The same as words to end a sentence with; "" where none is missing."""
        return f" ({self.gaps:,} bar{'s' * (self.gaps > 1)} missing)" if self.gaps else ""

    @property
    def one_day(self):
        """Do all bars lie in one day (UTC)?"""
        return self.times[0] // DAY == (self.times[-1] + self.step - 1) // DAY

    @property
    def period(self):
        """From the start of the first bar to the end of the last: 21 November 2026, 00:00 to 03:00 UTC."""
        first, last = self.times[0], self.times[-1] + self.step
        end = ("24:00" if last % DAY == 0 else clock(last)) if self.one_day else f"{day(last)}, {clock(last)}"
        return f"{day(first)}, {clock(first)} to {end} UTC"

    def moment(self, n):
        """The start of bar n (from 0): 14:05, with its day where there are several."""
        return clock(self.times[n]) if self.one_day else f"{clock(self.times[n])} on {day(self.times[n])}"

    @cached_property
    def arrays(self):
        """The same as arrays: open, high, low, close, mark (four, or None), and `at`, each bar's place in steps."""
        rows = {name: np.array(row) for name, row in self._rows(self, "").items()}
        mark = self.mark and Prices(*(np.array(row) for row in self.mark))
        return rows | {"mark": mark, "at": (np.array(self.times) - self.times[0]) // self.step}


@checked
def effective_spread(closes: Positive[Any]) -> Any:
    """The spread that prices swing across as buyers and sellers take turns, estimated from the closes of even steps.

    Twice the root of minus the covariance of neighbouring log returns: Roll, "A Simple Implicit Measure of the
    Effective Bid-Ask Spread in an Efficient Market", Journal of Finance 39(4), 1984. A fraction of the price; nan where
    the covariance is above 0 (prices that trend hide the spread). closes: a row of at least 4 prices. Real reversals of
    the price within a step count as spread, too.
    """
    if not isinstance(closes, np.ndarray) or closes.ndim != 1 or len(closes) < 4:
        raise ValueError(f"closes must be a row of at least 4 prices, got an array of shape {np.shape(closes)}")
    returns = np.diff(np.log(closes))
    swing = np.cov(returns[1:], returns[:-1])[0, 1]
    return 2 * math.sqrt(-swing) if swing <= 0 else math.nan


def day(seconds):
    """21 November 2026, the day (UTC)."""
    moment = utc_time(seconds)
    return f"{moment.day} {moment:%B %Y}"


def utc_time(seconds):
    """A datetime, UTC, from seconds since 1970."""
    return datetime.fromtimestamp(seconds, timezone.utc)


# Checks of bars


def check_bar(where, bar, prefix=""):
    """ValueError, beginning with `where`, unless the prices (open, high, low, close) can be those of one bar."""
    for name, value in zip(Prices._fields, bar):
        if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value < math.inf:
            raise ValueError(f"{where}: {prefix}{name} must be above 0 and finite, got {value!r}")
    opened, high, low, close = bar
    if high < max(opened, low, close):
        raise ValueError(
            f"{where}: {prefix}high must be the highest of the four prices, "
            f"got {high!r} beside {max(opened, low, close)!r}"
        )
    if low > min(opened, close):
        raise ValueError(
            f"{where}: {prefix}low must be the lowest of the four prices, got {low!r} beside {min(opened, close)!r}"
        )


def check_order(where, before, now, step):
    """ValueError, beginning with `where`, unless bars that start at these times (seconds) may follow one another."""
    if now == before:
        raise ValueError(f"{where}: its time, {utc_time(now):%Y-%m-%d %H:%M:%S}, appears twice")
    if now < before:
        raise ValueError(
            f"{where}: times must increase, "
            f"got {utc_time(now):%Y-%m-%d %H:%M:%S} after {utc_time(before):%Y-%m-%d %H:%M:%S}"
        )
    if (now - before) % step:
        raise ValueError(
            f"{where}: its time, {utc_time(now):%Y-%m-%d %H:%M:%S}, is not a whole number of steps of "
            f"{lasting(step)} after the one before"
        )


# Bundled

BITSTAMP, THE_GLORY = "BTC/USD at Bitstamp", "aaronwu2017/TheGlory"
BTC_OCTOBER, ATOM_OCTOBER = "btc_mark_1min_2025-10-10", "atom_1min_2025-10-10"
# name: (what sentences call it, table, its column of times, year to take, seconds a bar, prefix of its prices, source)
BUNDLED = {
    "minutes": (BITSTAMP, "btc_1min_2025-02-03", "timestamp", "", 60, "", "minutes by ff137, CC BY 4.0"),
    "March 2020": (BITSTAMP, "btc_1h_crash_windows", "unix", "2020", 3600, "", "CryptoDataDownload"),
    "May 2021": (BITSTAMP, "btc_1h_crash_windows", "unix", "2021", 3600, "", "CryptoDataDownload"),
    "BTC mark": ("mark price of BTCUSD_PERP at Binance", BTC_OCTOBER, "timestamp", "", 60, "mark_", THE_GLORY),
    "BTC spot": ("BTC/USD at Gemini", BTC_OCTOBER, "timestamp", "", 60, "spot_", THE_GLORY),
    "ATOM perpetual": ("ATOMUSD_PERP at Binance", ATOM_OCTOBER, "timestamp", "", 60, "perp_", THE_GLORY),
    "ATOM spot": ("ATOM/USD at Coinbase", ATOM_OCTOBER, "timestamp", "", 60, "spot_", THE_GLORY),
}


def bundled(name="minutes"):
    """Candles that are part of the course: "minutes" (3 February 2025), "March 2020" or "May 2021" (hours), and the
    minutes of 10 October 2025: "BTC mark", "BTC spot", "ATOM perpetual", "ATOM spot". One without a trade is missing.
    """
    from leverage_lab import data

    called, table, column, year, step, prefix, source = BUNDLED[choice("bundled candles", name, tuple(BUNDLED))]
    rows = [row for row in data.load(table).to_dict("records") if utc_time(row[column]).strftime("%Y").startswith(year)]
    rows = [row for row in rows if row[f"{prefix}open"] == row[f"{prefix}open"]]  # an empty cell is nan
    return Candles(called, tuple(int(row[column]) for row in rows), step, *_columns(rows, prefix), source=source)


def _columns(rows, prefix):
    return (tuple(row[prefix + name] for row in rows) for name in Prices._fields)


def as_utc(moment):
    """A datetime as UTC: one without a zone is taken as UTC."""
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment


def sentence(words):
    """The same with a capital letter and a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
