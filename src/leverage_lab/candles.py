"""Candles of a market, bundled or from a CSV: what panels are drawn on.

    bundled("minutes")        3 February 2025, always there
    from_csv("mine.csv")      a file of your own

`leverage_lab.market` has these two and `candles`, which asks an exchange. All times are UTC.
"""

from __future__ import annotations

import csv
import math
from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from numbers import Real
from os import PathLike
from pathlib import Path
from statistics import mode
from typing import Any

import numpy as np

from leverage_lab.checks import Positive, checked, choice
from leverage_lab.words import clock, lasting

STEPS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600}
MOST = 14 * 1440  # bars at once: two weeks of minutes, which at 100 marks a page are some 300 questions to an exchange
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
        """The same for computing: open, high, low, close, mark (four, or None), and `at`, the place of each bar counted in steps."""
        rows = {name: np.array(row) for name, row in self._rows(self, "").items()}
        mark = self.mark and Prices(*(np.array(row) for row in self.mark))
        return rows | {"mark": mark, "at": (np.array(self.times) - self.times[0]) // self.step}


@checked
def effective_spread(closes: Positive[Any]) -> Any:
    """The spread that prices swing across as buyers and sellers take turns, estimated from the closes of even steps.

    Twice the root of minus the covariance of neighbouring log returns: Roll, "A Simple Implicit Measure of the Effective
    Bid-Ask Spread in an Efficient Market", Journal of Finance 39(4), 1984. A fraction of the price; nan where the
    covariance is above 0 (prices that trend hide the spread). closes: a row of at least 4 prices. Real reversals of the
    price within a step count as spread, too.
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


# What a bar must be


def check_bar(where, bar, prefix=""):
    """ValueError, beginning with `where`, unless the prices (open, high, low, close) can be those of one bar."""
    for name, value in zip(Prices._fields, bar):
        if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value < math.inf:
            raise ValueError(f"{where}: {prefix}{name} must be above 0 and finite, got {value!r}")
    opened, high, low, close = bar
    if high < max(opened, low, close):
        raise ValueError(
            f"{where}: {prefix}high must be the highest of the four prices, got {high!r} beside {max(opened, low, close)!r}"
        )
    if low > min(opened, close):
        raise ValueError(
            f"{where}: {prefix}low must be the lowest of the four prices, got {low!r} beside {min(opened, close)!r}"
        )


def check_order(where, before, now, step):
    """ValueError, beginning with `where`, unless bars that start at these times (seconds) may follow one another."""
    if now == before:
        raise ValueError(f"{where}: its time, {utc_time(now):%Y-%m-%d %H:%M:%S}, stands there twice")
    if now < before:
        raise ValueError(
            f"{where}: times must rise, got {utc_time(now):%Y-%m-%d %H:%M:%S} after {utc_time(before):%Y-%m-%d %H:%M:%S}"
        )
    if (now - before) % step:
        raise ValueError(
            f"{where}: its time, {utc_time(now):%Y-%m-%d %H:%M:%S}, is not a whole number of steps of {lasting(step)} after the one before"
        )


# The course's own

BUNDLED = {
    "minutes": ("btc_1min_2025-02-03", "timestamp", "", 60, "minutes by ff137, CC BY 4.0"),
    "March 2020": ("btc_1h_crash_windows", "unix", "2020", 3600, "CryptoDataDownload"),
    "May 2021": ("btc_1h_crash_windows", "unix", "2021", 3600, "CryptoDataDownload"),
}


def bundled(name="minutes"):
    """Candles that are part of the course: "minutes" (3 February 2025), "March 2020" or "May 2021" (hours)."""
    from leverage_lab import data

    table, column, year, step, source = BUNDLED[choice("bundled candles", name, tuple(BUNDLED))]
    rows = [row for row in data.load(table).to_dict("records") if utc_time(row[column]).strftime("%Y").startswith(year)]
    return Candles(
        "BTC/USD at Bitstamp", tuple(int(row[column]) for row in rows), step, *_columns(rows, ""), source=source
    )


def _columns(rows, prefix):
    return (tuple(row[prefix + name] for row in rows) for name in Prices._fields)


# A learner's own file

TIMES = ("time", "timestamp", "time_utc", "open_time", "opentime", "datetime", "unix", "date")
MARKS = tuple(f"mark_{name}" for name in Prices._fields)


def from_csv(path, name=None):
    """Candles from a CSV: columns time, open, high, low, close, and mark_open … mark_close if you have them; others are ignored.

    time: ISO text (UTC unless it says otherwise) or seconds, milliseconds or microseconds since 1970. Rows in either order.
    name: what sentences call the market; without it the file's name.
    """
    if not isinstance(path, (str, PathLike)) or not str(path).strip():
        raise ValueError(f"from_csv takes the path of a file such as 'my-candles.csv', got {path!r:.60}")
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"there is no file {str(path)!r} (looked for in {Path.cwd()})") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a readable CSV table ({error})") from None
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    found, used, body = _header(path.name, lines)
    marked = [mark for mark in MARKS if mark in found]
    if 0 < len(marked) < 4 or (not marked and "mark" in found):
        raise ValueError(
            f"{path.name}: a mark price needs the columns {', '.join(MARKS)}; found {', '.join(marked or ['mark'])}"
        )
    rows = []
    for n, line in body:
        cells = dict(zip(found, _cells(path.name, line, used)))
        where = f"{path.name}, row {n}"
        row = {"row": n, "time": _time(where, cells.get(_time_column(found)) or "")}
        row |= {column: _number(where, column, cells.get(column) or "") for column in (*Prices._fields, *marked)}
        for prefix in ("", "mark_")[: 2 if marked else 1]:
            check_bar(where, tuple(row[prefix + field] for field in Prices._fields), prefix)
        rows.append(row)
    if len(rows) < 2:
        raise ValueError(f"{path.name}: must have at least 2 rows below the header, got {len(rows)}")
    rows.sort(key=lambda row: row["time"])
    steps = [now["time"] - before["time"] for before, now in zip(rows, rows[1:])]
    step = mode(steps) or 1
    for before, now in zip(rows, rows[1:]):
        check_order(f"{path.name}, row {now['row']}", before["time"], now["time"], step)
    mark = Prices(*_columns(rows, "mark_")) if marked else None
    return Candles(
        name or path.stem[:60] or "your own",
        tuple(row["time"] for row in rows),
        step,
        *_columns(rows, ""),
        mark=mark,
        source=path.name[:60],
    )


def _header(file, lines):
    """(columns in small letters, what separates them, the lines below them); a first line above it, as some publishers have, is skipped."""
    seen = []
    for place, (_, line) in enumerate(lines[:2]):
        used = max(",;\t", key=line.count)
        found = [cell.strip().lower().replace(" ", "_") for cell in _cells(file, line, used)]
        seen.append(found)
        if set(Prices._fields) <= set(found) and _time_column(found):
            return found, used, lines[place + 1 :]
    if not seen:
        raise ValueError(f"{file}: the file is empty")
    found = seen[0]
    missing = [column for column in Prices._fields if column not in found]
    missing = ["time"] * (not _time_column(found)) + missing
    raise ValueError(f"{file}: columns missing: {', '.join(missing)}; found: {', '.join(found)}")


def _cells(file, line, used):
    try:
        return next(csv.reader([line], delimiter=used))
    except csv.Error as error:  # such as a line of a million letters
        raise ValueError(f"{file}: not a readable CSV table ({error})") from None


def _time_column(found):
    return next((column for column in TIMES if column in found), None)


def _number(where, column, cell):
    try:
        return float(cell)
    except ValueError:
        hint = " (write a decimal point)" if "," in cell else ""
        raise ValueError(f"{where}, column {column}: must be a number, got {cell!r}{hint}") from None


def _time(where, cell):
    """Seconds since 1970 of what stands in a cell."""
    cell = cell.strip()
    try:
        number = float(cell)
    except ValueError:
        try:
            seconds = as_utc(datetime.fromisoformat(cell.removesuffix(" UTC"))).timestamp()
        except ValueError:
            raise ValueError(
                f"{where}, column time: must be a time such as '2026-11-21 14:00' or seconds since 1970, got {cell!r}"
            ) from None
    else:
        seconds = number / (1 if number < 1e11 else 1e3 if number < 1e14 else 1e6)
    if not OLDEST <= seconds < NEWEST:
        raise ValueError(f"{where}, column time: must lie between 2009 and 2100, got {cell!r}")
    return math.floor(seconds)


def as_utc(moment):
    """A datetime as UTC: one without a zone is taken as UTC."""
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment


def sentence(words):
    """The same with a capital letter and a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
