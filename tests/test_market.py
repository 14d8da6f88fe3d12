"""Candles: what they must be, a learner's own file, and panels on other prices, against plain loops over the rows."""

import csv
import itertools
import json
import math
import random
import statistics
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from pictures import assert_readable, plain
from soak import few
from test_panels import sweep

from leverage_lab import market
from leverage_lab.candle_files import from_csv
from leverage_lab.candles import Candles, Prices, bundled, effective_spread
from leverage_lab.classroom import panels
from leverage_lab.panelkit.charts import SPANS
from leverage_lab.words import lasting

DATA = Path(__file__).parents[1] / "data"
TAKES = ("mark_or_last", "crash", "stopped_minutes")
MIDNIGHT = 1_795_219_200  # 21 November 2026, 00:00 UTC


def walk(
    bars=181, step=60, start=81_245.0, seed=3, swing=0.001, mark=True, skip=(), name="BTC/USDT at OKX", begin=MIDNIGHT
):
    """A seeded random walk as Candles, its mark a little beside it."""
    luck, rows, marks, price = random.Random(seed), [], [], start
    for n in range(bars):
        opened, price = price, price * math.exp(luck.gauss(0, swing))
        high, low = (
            max(opened, price) * (1 + abs(luck.gauss(0, swing / 2))),
            min(opened, price) * (1 - abs(luck.gauss(0, swing / 2))),
        )
        beside = 1 + luck.gauss(0, swing / 3)
        if n not in skip:
            rows.append((begin + n * step, opened, high, low, price))
            marks.append(
                tuple(
                    value * beside
                    for value in (opened, (high + max(opened, price)) / 2, (low + min(opened, price)) / 2, price)
                )
            )
    times, *prices = zip(*rows)
    return Candles(name, times, step, *prices, mark=Prices(*zip(*marks)) if mark else None, source="OKX API v5")


# What candles must be

BARS = {
    "open": (100.0, 101.0, 102.0),
    "high": (102.0, 103.0, 104.0),
    "low": (99.0, 100.0, 101.0),
    "close": (101.0, 102.0, 103.0),
}
WRONG = [
    ({"high": (102.0, 101.5, 104.0)}, "bar 2: high must be the highest of the four prices, got 101.5 beside 102.0"),
    ({"low": (99.0, 100.0, 102.5)}, "bar 3: low must be the lowest of the four prices, got 102.5 beside 102.0"),
    ({"open": (0.0, 101.0, 102.0)}, "bar 1: open must be above 0 and finite, got 0.0"),
    ({"close": (101.0, math.nan, 103.0)}, "bar 2: close must be above 0 and finite, got nan"),
    ({"high": (102.0, math.inf, 104.0)}, "bar 2: high must be above 0 and finite, got inf"),
    ({"times": (0, 60, 60)}, "bar 3: its time, 1970-01-01 00:01:00, appears twice"),
    ({"times": (0, 120, 60)}, "bar 3: times must increase, got 1970-01-01 00:01:00 after 1970-01-01 00:02:00"),
    (
        {"times": (0, 60, 150)},
        "bar 3: its time, 1970-01-01 00:02:30, is not a whole number of steps of 1 minute after the one before",
    ),
    ({"times": (0, 60)}, "open must have 2 values, one for each bar, got 3"),
    ({"step": 0}, "the step of candles must be a whole number of seconds, at least 1, got 0"),
    ({"name": ""}, "the name of candles must have 1 to 60 letters, got ''"),
    (
        {"mark": Prices((1.0,) * 3, (1.0,) * 3, (1.0,) * 3, (1.0, 1.0, 2.0))},
        "bar 3: mark_high must be the highest of the four prices, got 1.0 beside 2.0",
    ),
    ({"mark": Prices(*[(1.0,) * 2] * 4)}, "mark_open must have 3 values, one for each bar, got 2"),
]


@pytest.mark.parametrize("change, sentence", WRONG, ids=lambda value: str(value)[:40])
def test_what_cannot_be_a_market_is_refused_in_a_sentence(change, sentence):
    right = {"name": "A", "times": (0, 60, 120), "step": 60, **BARS}
    assert len(Candles(**right)) == 3
    with pytest.raises(ValueError) as error:
        Candles(**right | change)
    assert str(error.value) == sentence


def test_one_bar_is_no_market():
    with pytest.raises(ValueError, match="at least 2 bars, got 1"):
        Candles("A", (0,), 60, (1.0,), (1.0,), (1.0,), (1.0,))


def test_gaps_are_counted_and_said():
    some = walk(20, skip=(3, 4, 11))
    assert some.gaps == 3 and len(some) == 17 and "17 bars of 1 minute, with mark prices (3 bars missing)" in repr(some)
    assert walk(20).gaps == 0 and "missing" not in repr(walk(20))
    assert list(some.arrays["at"]) == [n for n in range(20) if n not in (3, 4, 11)]


@pytest.mark.parametrize(
    "bars, step, begin, period",
    [
        (180, 60, MIDNIGHT, "21 November 2026, 00:00 to 03:00 UTC"),
        (1440, 60, MIDNIGHT, "21 November 2026, 00:00 to 24:00 UTC"),
        (2, 3600, MIDNIGHT + 23 * 3600, "21 November 2026, 23:00 to 22 November 2026, 01:00 UTC"),
    ],
)
def test_the_period_in_words(bars, step, begin, period):
    assert walk(bars, step, begin=begin).period == period


# The course's own


def rows_of(table):
    with open(DATA / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "name, table, column, days, step",
    [
        ("minutes", "btc_1min_2025-02-03", "timestamp", "", 60),
        ("March 2020", "btc_1h_crash_windows", "unix", "2020-03", 3600),
        ("May 2021", "btc_1h_crash_windows", "unix", "2021-05", 3600),
    ],
)
def test_bundled_candles_are_the_tables(name, table, column, days, step):
    rows = [row for row in rows_of(table) if row.get("time_utc", "").startswith(days)]
    found = bundled(name)
    assert found.times == tuple(int(row[column]) for row in rows) and found.step == step and found.gaps == 0
    for price in ("open", "high", "low", "close"):
        assert getattr(found, price) == tuple(float(row[price]) for row in rows)
    assert (
        found.mark is None
        and found.name == "BTC/USD at Bitstamp"
        and ("ff137, CC BY 4.0" if name == "minutes" else "CryptoDataDownload") in found.source
    )


@pytest.mark.parametrize(
    "name, table, prefix, bars",
    [
        ("BTC mark", "btc_mark", "mark_", 120),
        ("BTC spot", "btc_mark", "spot_", 101),
        ("ATOM perpetual", "atom", "perp_", 120),
        ("ATOM spot", "atom", "spot_", 120),
    ],
)
def test_the_evening_of_10_october_is_the_tables_without_empty_minutes(name, table, prefix, bars):
    rows = [row for row in rows_of(f"{table}_1min_2025-10-10") if row[f"{prefix}open"]]
    found = bundled(name)
    assert len(found) == len(rows) == bars and found.gaps == 120 - bars
    assert found.times == tuple(int(row["timestamp"]) for row in rows) and found.step == 60
    for price in ("open", "high", "low", "close"):
        assert getattr(found, price) == tuple(float(row[prefix + price]) for row in rows)


def test_an_unknown_name_lists_the_bundled():
    with pytest.raises(
        ValueError,
        match=(
            "must be 'minutes', 'March 2020', 'May 2021', 'BTC mark', 'BTC spot', 'ATOM perpetual' or 'ATOM spot', got"
            " 'June'"
        ),
    ):
        bundled("June")


# A learner's own file


def written(folder, text):
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


ROWS = "open,high,low,close\n2026-11-21 00:00,1,3,1,2\n2026-11-21 00:05,2,3,1,2\n2026-11-21 00:10,2,4,2,3\n"


@pytest.mark.parametrize(
    "text",
    [
        f"time,{ROWS}",
        f"Date,{ROWS}".replace("close", " Close "),
        "timestamp,open,high,low,close\n1795219800,2,4,2,3\n1795219500,2,3,1,2\n1795219200,1,3,1,2\n",  # newest first
        "unix,volume,open,high,low,close\n1795219200000,9,1,3,1,2\n1795219500000,,2,3,1,2\n1795219800000,9,2,4,2,3\n",
        "open_time;open;high;low;close\n1795219200000000;1;3;1;2\n1795219500000000;2;3;1;2\n1795219800000000;2;4;2;3\n",
        (
            "\ufeffTime,open,high,low,close\n2026-11-21T00:00:00Z,1,3,1,2\n2026-11-21T01:05+01:00,2,3,1,2\n\n2026-11-21"
            " 00:10:00 UTC,2,4,2,3\n"
        ),
        (
            "as published by "
            "somebody\nunix,date,open,high,low,close\n1795219200,x,1,3,1,2\n1795219500,x,2,3,1,2\n"
            "1795219800,x,2,4,2,3\n"
        ),
    ],
    ids=["text", "capitals", "newest first", "milliseconds", "semicolons", "zones", "a line above"],
)
def test_a_file_of_ones_own(tmp_path, text):
    found = from_csv(written(tmp_path, text))
    assert (found.times, found.step) == ((MIDNIGHT, MIDNIGHT + 300, MIDNIGHT + 600), 300)
    assert (found.open, found.high, found.low, found.close) == ((1, 2, 2), (3, 3, 4), (1, 1, 2), (2, 2, 3))
    assert found.name == "mine" and found.source == "mine.csv" and found.mark is None
    assert from_csv(tmp_path / "mine.csv", name="my coin").name == "my coin"


def test_a_files_mark_price(tmp_path):
    head, *rest = f"time,{ROWS}".splitlines()
    text = "\n".join(
        [
            f"{head},mark_open,mark_high,mark_low,mark_close",
            *(f"{row},2,2.5,1.5,{2 + n / 10}" for n, row in enumerate(rest)),
        ]
    )
    assert from_csv(written(tmp_path, text)).mark == Prices((2, 2, 2), (2.5,) * 3, (1.5,) * 3, (2, 2.1, 2.2))
    with pytest.raises(
        ValueError,
        match=(
            "mine.csv: a mark price needs the columns mark_open, mark_high, mark_low, mark_close; found mark_open, "
            "mark_low$"
        ),
    ):
        from_csv(written(tmp_path, text.replace("mark_high", "x").replace("mark_close", "y")))
    with pytest.raises(ValueError, match="found mark$"):
        from_csv(written(tmp_path, f"time,{ROWS}".replace("close\n", "close,mark\n")))


FILES = [
    ("", "mine.csv: the file is empty"),
    ("when,open,high,last\n1,2,3,4\n", "mine.csv: columns missing: time, low, close; found: when, open, high, last"),
    (f"time,{ROWS}".replace("00:05,2", "00:05,two"), "mine.csv, row 3, column open: must be a number, got 'two'"),
    (
        f"time,{ROWS}".replace("00:05,2,3", "00:05,2,0.5"),
        "mine.csv, row 3: high must be the highest of the four prices, got 0.5 beside 2.0",
    ),
    (f"time,{ROWS}".replace("00:05,2,3,1,2", "00:05,2,3,1"), "mine.csv, row 3, column close: must be a number, got ''"),
    (f"time,{ROWS}".replace("00:05,2", "00:05,-2"), "mine.csv, row 3: open must be above 0 and finite, got -2.0"),
    (
        f"time,{ROWS}".replace("21 00:05", "31 00:05"),
        (
            "mine.csv, row 3, column time: must be a time such as '2026-11-21 14:00' or seconds since 1970, got "
            "'2026-11-31 00:05'"
        ),
    ),
    (
        f"time,{ROWS}".replace("2026-11-21 00:05", "12"),
        "mine.csv, row 3, column time: must be between 2009 and 2100, got '12'",
    ),
    (f"time,{ROWS}".replace("00:05", "00:10"), "mine.csv, row 4: its time, 2026-11-21 00:10:00, appears twice"),
    (
        f"time,{ROWS}2026-11-21 00:13,3,3,3,3\n",
        (
            "mine.csv, row 5: its time, 2026-11-21 00:13:00, is not a whole number of steps of 5 minutes after the "
            "one before"
        ),
    ),
    ("time,open,high,low,close\n2026-11-21,1,1,1,1\n", "mine.csv: must have at least 2 rows below the header, got 1"),
]


@pytest.mark.parametrize("text, sentence", FILES, ids=lambda value: value[-40:])
def test_a_file_that_cannot_be_used_says_where(tmp_path, text, sentence):
    with pytest.raises(ValueError) as error:
        from_csv(written(tmp_path, text))
    assert str(error.value) == sentence


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(ValueError, match="there is no file '.*none.csv'"):
        from_csv(tmp_path / "none.csv")
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(ValueError, match="photo.csv: not a readable CSV table"):
        from_csv(tmp_path / "photo.csv")


# From when to when (what an exchange is asked is in test_history.py)

DAY = 86_400
NOW = MIDNIGHT + DAY + 12 * 3600 + 30  # 22 November 2026, 12:00:30


@pytest.mark.parametrize(
    "since, until, span",
    [
        ("yesterday", "today", (MIDNIGHT, MIDNIGHT + DAY)),
        ("Yesterday", None, (MIDNIGHT, NOW - 30)),
        ("2026-11-21", "2026-11-21 03:00", (MIDNIGHT, MIDNIGHT + 3 * 3600)),
        ("2026-11-21T01:00+01:00", "2026-11-21 00:30 UTC", (MIDNIGHT, MIDNIGHT + 1800)),
        (date(2026, 11, 21), datetime(2026, 11, 21, 1), (MIDNIGHT, MIDNIGHT + 3600)),
        (datetime(2026, 11, 21, 2, tzinfo=timezone(timedelta(hours=2))), "2027-01-01", (MIDNIGHT, NOW - 30)),
        ("2026-11-21 00:00:10", "2026-11-21 00:05:50", (MIDNIGHT + 60, MIDNIGHT + 300)),  # whole minutes within
    ],
)
def test_from_when_to_when(since, until, span):
    assert market._span(since, until, "1m", NOW) == span


@pytest.mark.parametrize(
    "since, until, step, sentence",
    [
        ("2026-11-23", None, "1m", "since must be before now, 2026-11-22 12:00 UTC, got '2026-11-23'"),
        ("2026-11-21", "2026-11-20", "1m", "until must be later than since, '2026-11-21', got '2026-11-20'"),
        (
            "last week",
            None,
            "1m",
            (
                "since must be 'yesterday', 'today', a date such as '2026-11-21' or a time such as '2026-11-21 14:00' "
                "(UTC), got 'last week'"
            ),
        ),
        (
            24,
            None,
            "1m",
            (
                "since must be 'yesterday', 'today', a date such as '2026-11-21' or a time such as '2026-11-21 14:00' "
                "(UTC), got 24"
            ),
        ),
        (
            "2026-11-21",
            "tomorrow",
            "1m",
            (
                "until must be 'yesterday', 'today', a date such as '2026-11-21' or a time such as '2026-11-21 14:00' "
                "(UTC), got 'tomorrow'"
            ),
        ),
        ("1999-01-01", None, "1h", "since must be after 2009, got '1999-01-01'"),
        (
            "2026-11-22 11:30",
            None,
            "1h",
            "at least 2 bars of 1h must have ended between since and until, got since '2026-11-22 11:30'",
        ),
        (
            "2026-11-01",
            None,
            "1m",
            (
                "at most 20,160 bars are fetched at once (14 days of minutes, 840 days of hours), got 30,960: choose a "
                "later since or a longer step"
            ),
        ),
    ],
)
def test_a_time_that_cannot_be_asked_for(since, until, step, sentence):
    with pytest.raises(ValueError) as error:
        market._span(since, until, step, NOW)
    assert str(error.value) == sentence


# Panels on other prices: each number again, with plain loops

MARKETS = {
    "minutes": walk(),
    "a day": walk(1440, seed=5),
    "hours": walk(72, 3600, 2_709.0, seed=7, swing=0.008, name="ETH/USDT at Bitget"),
    "sixty": walk(60, 300, 0.0612, seed=8, mark=False, name="BIO/USDT at KuCoin"),
    "small": walk(300, 60, 0.0000123, seed=11, swing=0.002, name="1000SATS/USDT at Bitget"),
    "flat": Candles(
        "USDC/USDT at Binance",
        tuple(range(MIDNIGHT, MIDNIGHT + 7200, 60)),
        60,
        *[(1.0,) * 120] * 4,
        source="Binance USDⓈ-M futures API",
    ),
    "gaps": walk(
        400,
        900,
        45.5,
        seed=13,
        swing=0.004,
        skip={*range(100, 160), 200, 201},
        name="a market with a very long name that somebody gave to it",
    ),
    "two": walk(2, seed=2, start=100_000.0),
    "years": walk(1500, 86_400, 20_000.0, seed=17, swing=0.03, mark=False, begin=1_600_041_600, name="BTC/USD, days"),
    "most": walk(3000, seed=21),
    "a morning": walk(220, seed=4, begin=MIDNIGHT + 7 * 3600 + 13 * 60),
    "days": walk(700, 900, 45.5, seed=6, begin=MIDNIGHT + 7 * 3600 + 900),
    "bundled": bundled(),
    "a crash": bundled("March 2020"),
}
on_markets = pytest.mark.parametrize("candles", MARKETS.values(), ids=MARKETS)


def stamp(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


def spoken(candles, n):
    """Bar n as the sentence says it."""
    at, days = (
        stamp(candles.times[n]),
        {stamp(time).date() for time in (candles.times[0], candles.times[-1] + candles.step - 1)},
    )
    return f"{at:%H:%M}" if len(days) == 1 else f"{at:%H:%M} on {at.day} {at:%B %Y}"


@on_markets
@pytest.mark.parametrize("leverage, averaged", [(5, 3), (30, 1), (50, 3), (100, 15)])
def test_the_mark_closes_where_a_plain_loop_says(candles, leverage, averaged):
    panel = (
        panels.mark_or_last().use(candles).set(leverage=leverage, **({} if candles.mark else {"averaged": averaged}))
    )
    start = candles.open[0]
    line = start * (1 - 1 / leverage) / 0.995
    if candles.mark:
        marks = candles.mark.low
    else:
        marks = [
            sum(part) / len(part)
            for n in range(len(candles))
            for part in [candles.close[max(0, n - averaged + 1) : n + 1]]
        ]
    closed = next((n for n, value in enumerate(marks) if value <= line), None)
    touched = next((n for n, value in enumerate(candles.low) if value <= line), None)
    assert (panel.result.closed, panel.result.touched) == (closed, touched)
    words = plain(panel.sentence)
    assert words.startswith(f"{candles.name}, {candles.period}") and f"{leverage}x long from " in words
    assert ("The mark is the exchange's own mark price (" in words) == bool(candles.mark)
    assert ("The mark is not in these candles: the mean of the last" in words) == (not candles.mark)
    assert (f"Closed at {spoken(candles, closed)}" in words) if closed is not None else ("stays open" in words)
    lowest = float(words.partition("the lowest mark $")[2].split(". ")[0].replace(",", ""))
    assert lowest == pytest.approx(min(marks), rel=5e-4)  # four digits


@on_markets
@pytest.mark.parametrize("side, leverage, share", [("long", 50, 0), ("short", 25, 0.4), ("long", 10, 0.9)])
def test_who_lives_through_a_market_of_ones_own(candles, side, leverage, share):
    bar = int(share * (len(candles) - 1))
    panel = panels.crash().use(candles).set(side=side, leverage=leverage, hour=bar)
    entry = candles.open[bar]
    line = entry * (1 - 1 / leverage) / 0.995 if side == "long" else entry * (1 + 1 / leverage) / 1.005
    gone = next(
        (
            n
            for n in range(bar, len(candles))
            if (candles.low[n] <= line if side == "long" else candles.high[n] >= line)
        ),
        None,
    )
    assert panel.result.gone == gone
    words = plain(panel.sentence)
    assert (
        words.startswith(f"{leverage}x {side} on {candles.name}, {candles.period}")
        and f"opened at {spoken(candles, bar)} at $" in words
    )
    if gone is None:
        assert "The position stays open: its return on margin at the end is" in words
    else:
        assert (
            f"It is closed in the { {60: 'minute', 3600: 'hour'}.get(candles.step, 'bar') } from"
            f" {spoken(candles, gone)}, after {lasting(candles.times[gone] + candles.step - candles.times[bar])}."
            in words
        )


@on_markets
@pytest.mark.parametrize("side, stop, bars", [("long", 0.001, 1), ("short", 0.002, 10), ("long", 0.0005, 30)])
def test_stops_in_a_market_of_ones_own(candles, side, stop, bars):
    bars = min(bars, len(candles))
    panel = panels.stopped_minutes().use(candles).set(side=side, stop=stop, minutes=bars)
    starts = hit = 0
    for n in range(len(candles) - bars + 1):
        if candles.times[n + bars - 1] - candles.times[n] != (bars - 1) * candles.step:
            continue  # a bar is missing: nobody knows
        starts += 1
        level = candles.open[n] * (1 - stop if side == "long" else 1 + stop)
        hit += any(candles.low[k] <= level if side == "long" else candles.high[k] >= level for k in range(n, n + bars))
    assert (panel.result.count, panel.result.starts) == (hit, starts)
    assert f"{lasting(bars * candles.step)} {hit:,} of {starts:,} were stopped" in plain(panel.sentence)
    assert plain(panel.sentence).startswith(f"{candles.name}, {candles.period}")


def test_a_market_with_no_whole_stretch_says_so():
    holes = walk(40, skip=set(range(1, 40, 2)))
    words = plain(panels.stopped_minutes().use(holes).set(minutes=5).sentence)
    assert "Within 5 minutes none can be followed: too many bars are missing." in words


@on_markets
@pytest.mark.parametrize("name", TAKES)
def test_the_picture_of_any_market_can_be_read(name, candles, recwarn):
    """At every end of every control: no word cut or on another, some ink, and no letter missing (a warning)."""
    panel = panels.ALL[name]().use(candles)
    drawing = panel.picture()
    for state in few(sweep(panel), 12):
        panel.reset().set(**state)
        assert_readable(drawing, panel.result, state)
    assert not recwarn.list


@on_markets
@pytest.mark.parametrize("name", TAKES)
def test_the_axes_say_when_it_was(name, candles):
    """Each label under the picture is the time of its place, reckoned from the first bar."""
    drawing = panels.ALL[name]().use(candles).picture()
    drawing.pixels(panels.ALL[name]().use(candles).result)
    axis = drawing.axes.xaxis
    labels = [(place, label.get_text()) for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels())]
    assert 1 <= len(labels) <= 6
    for place, words in labels:
        at = stamp(candles.times[0] + place * candles.step)
        assert words in (f"{at:%H:%M}", f"{at.day} {at:%b}", f"{at:%b %Y}")
        assert at.second == 0 and (":" in words or at.hour == at.minute == 0)
        if len(labels) > 1:  # as round as they are far apart
            apart = (labels[1][0] - labels[0][0]) * candles.step
            assert int(at.timestamp()) % apart == 0 and apart in SPANS
        assert drawing.axes.get_xlim()[0] <= place <= drawing.axes.get_xlim()[1]


@on_markets
def test_prices_on_the_axis_are_where_they_say(candles):
    drawing = panels.crash().use(candles).picture()
    drawing.pixels(panels.crash().use(candles).result)
    axis = drawing.axes.yaxis
    found = [
        (place, float(label.get_text().replace("$", "").replace(",", "")))
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels())
    ]
    assert len(found) >= 2 and all(place == pytest.approx(shown, rel=1e-9) for place, shown in found)
    low, high = drawing.axes.get_ylim()
    assert low < min(candles.low) and high > max(candles.high)


@pytest.mark.parametrize("name", ["mark_or_last", "crash"])
def test_candles_are_drawn_whole(name):
    """Several bars to a candle: its wick reaches from their lowest to their highest price, and no bar is left out."""
    candles = MARKETS["a day"]
    panel = panels.ALL[name]().use(candles)
    drawing = panel.picture()
    drawing.pixels(panel.result)
    wicks = [np.array(part)[:, 1] for part in drawing.wicks.get_segments()]
    assert len(wicks) == 72  # of 20 minutes
    for n, (low, high) in enumerate(wicks):
        assert (low, high) == (
            pytest.approx(min(candles.low[20 * n : 20 * n + 20])),
            pytest.approx(max(candles.high[20 * n : 20 * n + 20])),
        )


@pytest.mark.parametrize("name, line", [("mark_or_last", "line"), ("stopped_minutes", "price")])
def test_no_line_is_drawn_through_a_gap(name, line):
    """62 bars are missing in two places: two breaks in the line, none of the steps across one is longer than a
    candle."""
    panel = panels.ALL[name]().use(MARKETS["gaps"])
    drawing = panel.picture()
    drawing.pixels(panel.result)
    x, y = (np.array(values, dtype=float) for values in getattr(drawing, line).get_data())
    assert np.isnan(y).sum() == (2 if name == "stopped_minutes" else 1)  # a candle of 6 bars hides the shorter one
    steps = np.diff(x)[~np.isnan(y[:-1]) & ~np.isnan(y[1:])]
    assert steps.max() <= (1 if name == "stopped_minutes" else 6)


# Taking a market


@pytest.mark.parametrize("name", TAKES)
def test_a_panel_that_takes_a_market_stays_as_it_is(name):
    panel = panels.ALL[name]()
    before, bundle = panel.sentence, panel.still()
    other = panel.use(MARKETS["minutes"])
    assert other is not panel and other.sentence != before and (panel.sentence, panel.still()) == (before, bundle)
    again = other.use(MARKETS["hours"])
    assert MARKETS["hours"].name in again.sentence and MARKETS["minutes"].name in other.sentence


def test_what_was_chosen_is_kept_where_it_applies():
    start = {"side": "long", "leverage": 40, "start": 0}  # the minute of the evening is none of another market
    assert panels.mark_or_last(leverage=40, minute=50).use(MARKETS["minutes"]).values == start
    assert panels.mark_or_last(leverage=40).use(MARKETS["sixty"]).values == start | {"averaged": 3}
    used = panels.mark_or_last().use(MARKETS["sixty"]).set(averaged=7, side="short").use(MARKETS["hours"])
    assert used.values == {"side": "short", "leverage": 10, "start": 0}
    assert panels.crash(side="short", leverage=3, hour=20).use(MARKETS["hours"]).values == {
        "side": "short",
        "leverage": 3,
        "hour": 20,
    }
    assert panels.crash(hour=20).use(MARKETS["two"]).values["hour"] == 0
    assert panels.stopped_minutes(minutes=30).use(MARKETS["two"]).values["minutes"] == 1
    used = panels.crash(leverage=3).use(MARKETS["hours"])
    assert used.set(leverage=5).reset().values["leverage"] == 3


def test_the_labels_fit_the_market():
    assert [control.label for control in panels.stopped_minutes().use(MARKETS["hours"]).controls.values()] == [
        "side",
        "stop distance",
        "bars held",
    ]
    assert [control.label for control in panels.crash().use(MARKETS["most"]).controls.values()] == [
        "side",
        "leverage",
        "start bar",
    ]
    assert len(panels.crash().use(MARKETS["most"]).controls["hour"].stops) <= 201
    assert panels.crash().use(MARKETS["most"]).set(hour=2998).result.hour == 2998  # any bar, by hand


@pytest.mark.parametrize("wrong", ["yesterday", None, [1, 2, 3], {"open": 1}])
def test_what_is_no_market_gets_a_sentence(wrong):
    with pytest.raises(
        ValueError,
        match=r"^use takes Candles, as candles\(…\), from_csv\(…\) and bundled\(…\) of leverage_lab.market give "
        r"them, got ",
    ):
        panels.crash().use(wrong)


def test_too_many_bars_for_a_picture_get_a_sentence():
    for candles in (walk(3001), walk(3001, skip=range(5, 2995))):
        with pytest.raises(ValueError, match="at most 3,000 bars, five on a pixel of its width, got 3,001"):
            panels.mark_or_last().use(candles)


@pytest.mark.parametrize("name", sorted(set(panels.ALL) - set(TAKES)))
def test_other_panels_say_which_take_one(name):
    with pytest.raises(
        ValueError, match="^this panel shows no market; those that do are crash, mark_or_last, stopped_minutes$"
    ):
        panels.ALL[name]().use(bundled())


def test_the_sources_of_bundled_candles_are_named_in_the_pictures():
    for name in TAKES:
        for candles, words in ((bundled(), "ff137, CC BY 4.0"), (bundled("May 2021"), "CryptoDataDownload")):
            panel = panels.ALL[name]().use(candles)
            drawing = panel.picture()
            drawing.pixels(panel.result)
            assert words in drawing.source.get_text() and "Bitstamp" in drawing.source.get_text()
    drawing = panels.crash().use(MARKETS["flat"]).picture()
    drawing.pixels(panels.crash().use(MARKETS["flat"]).result)
    assert (
        drawing.source.get_text() == "USDC/USDT at Binance, 21 November 2026, UTC; Binance USDS-M futures API"
    )  # Ⓢ is in no font here


@pytest.mark.parametrize("name", TAKES)
def test_every_step_shows_on_another_market_too(name):
    panel = panels.ALL[name]().use(MARKETS["minutes"])
    for control in panel.controls.values():
        stops = getattr(control, "stops", None) or control.options
        panel.reset()
        seen = [(panel.set(**{control.name: stop}).sentence, panel.widget.picture) for stop in stops[:40]]
        assert all(one != other for one, other in itertools.pairwise(seen)), control.name


def test_the_page_gets_a_panel_on_another_market():
    """The live widget, its answers and the stored form, as of any panel."""
    panel = panels.mark_or_last().use(MARKETS["sixty"])
    panel.widget._handle_custom_msg({"moves": {"leverage": {"text": "100"}}, "scale": 1, "ticket": ["a page", 1]}, [])
    assert (
        panel.values["leverage"] == 100
        and panel.widget.sentence == panel.sentence
        and "BIO/USDT at KuCoin" in panel.still()
    )


# Panels without a market are what they were


@pytest.mark.parametrize(
    "name, notebook",
    [
        ("mark_or_last", "02-liquidation-mechanics"),
        ("crash", "02-liquidation-mechanics"),
        ("stopped_minutes", "07-using-leverage"),
    ],
)
def test_default_panels_say_what_the_notebooks_have_stored(name, notebook):
    stored = json.loads((DATA.parent / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    outputs = [
        "".join(output.get("data", {}).get("text/plain", ""))
        for cell in stored["cells"]
        for output in cell.get("outputs", [])
    ]
    assert any(panels.ALL[name]().sentence in output for output in outputs)


# The spread of traded prices


def test_rolls_spread_by_hand():
    """Closes 100, 101, 100, 101, 100: returns a, −a, a, −a with a = ln 1.01.

    Neighbours: (−a, a), (a, −a), (−a, a) with means −a/3 and a/3, so the covariance is
    (−4/9 − 16/9 − 4/9) a² / 2 = −4/3 a², and twice its root 2.309 a.
    """
    assert effective_spread([100, 101, 100, 101, 100]) == pytest.approx(2 * (4 / 3) ** 0.5 * math.log(1.01), rel=1e-12)


def test_rolls_spread_finds_the_spread_it_was_made_with():
    """A price that wanders, each close at the bid or the ask as a coin falls, 0.2 % apart; and one that trends."""
    draw = np.random.default_rng(1)
    middle = np.cumsum(draw.normal(0, 0.0005, 20_000))
    closes = 100 * np.exp(middle + 0.001 * draw.choice([-1, 1], 20_000))
    assert effective_spread(closes) == pytest.approx(0.002, rel=0.03)
    assert math.isnan(effective_spread([100, 101, 103, 106, 112]))


def test_rolls_spread_of_the_bundled_minutes():
    """From the file itself, without numpy."""
    with open(DATA / "btc_1min_2025-02-03.csv", newline="") as file:
        closes = [float(row["close"]) for row in csv.DictReader(file)]
    returns = [math.log(b / a) for a, b in zip(closes, closes[1:])]
    swing = statistics.covariance(returns[1:], returns[:-1])
    assert (
        effective_spread(closes) == pytest.approx(2 * math.sqrt(-swing)) and round(2 * math.sqrt(-swing), 5) == 0.00136
    )


@pytest.mark.parametrize(
    "closes, sentence",
    [
        ([1, 2, 3], "closes must be a row of at least 4 prices, got an array of shape (3,)"),
        (5, "closes must be a row of at least 4 prices, got an array of shape ()"),
        ([[1, 2, 3, 4]], "closes must be a row of at least 4 prices, got an array of shape (1, 4)"),
        ([1, 2, 0, 4], "closes must be above 0, got 0 (at position 2)"),
        ([1, 2, "x", 4], "closes must be a number or an array of numbers, above 0, got [1, 2, 'x', 4]"),
    ],
)
def test_rolls_spread_refuses(closes, sentence):
    with pytest.raises(ValueError) as error:
        effective_spread(closes)
    assert str(error.value) == sentence
