"""Orders, against hand examples and every path that a bar allows; the depth of a book, against a walk."""

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage_lab import orders as lab

DATA = Path(__file__).resolve().parents[1] / "data"
sides = st.sampled_from(["long", "short"])
# Five bars of a fall and a rise by hand: open, high, low, close of each.
FALL = [[100, 101, 99, 100], [99, 100, 97, 98], [97, 98, 93, 94], [94, 96, 94, 95], [95, 99, 95, 98]]
ROWS = np.array(FALL, dtype=float).T
NEVER = lab.Filled(-1, -1, math.nan)


def sign(side):
    return 1 if side == "long" else -1


def same(got, want):
    assert (got.triggered, got.filled) == (want.triggered, want.filled)
    assert got.price == want.price or math.isnan(got.price) and math.isnan(want.price)


# --- by hand


def test_a_market_order_is_filled_at_once():
    same(lab.market_order("long", ROWS), lab.Filled(0, 0, 100.0))


def test_a_limit_order_waits_for_a_trade_beyond_it():
    same(
        lab.limit_order("long", 101, ROWS), lab.Filled(0, -1, math.nan)
    )  # 101 was touched, not more: others are before
    same(lab.limit_order("long", 100.9, ROWS), lab.Filled(0, 0, 100.9))
    same(lab.limit_order("short", 96, ROWS), lab.Filled(0, 2, 96.0))  # a buy: first below 96 in the third bar
    same(lab.limit_order("long", 98, ROWS), lab.Filled(0, 0, 100.0))  # the market gives more: at once, for 100
    same(lab.limit_order("long", 99.5, ROWS), lab.Filled(0, 0, 100.0))  # it is the first price that counts, not 99


def test_a_limit_order_takes_where_the_market_gives_more():
    assert lab.takes("long", 99, 100) is True and lab.takes("long", 100, 100) is False
    assert lab.takes("short", 101, 100) is True and lab.takes("short", 99, 100) is False


def test_reduce_only_closes_what_is_left():
    # A long of 2 coins, of which a stop has sold 1.5; the other order still says 2: 1.5 too many.
    assert lab.reduced(0.5, 2) == (0.5, 1.5) and lab.reduced(0, 2) == (0, 2) and lab.reduced(3, 2) == (2, 0)
    closed, left = lab.reduced(np.array([0.0, 1, 4]), 2)
    assert closed.tolist() == [0, 1, 2] and left.tolist() == [2, 1, 0]


def test_a_stop_market_gets_the_worst_of_its_minute():
    same(lab.stop_order("long", 97, ROWS), lab.Filled(1, 1, 97.0))  # touched is triggered
    same(lab.stop_order("long", 96.9, ROWS), lab.Filled(2, 2, 93.0))
    same(lab.stop_order("long", 92.9, ROWS), NEVER)
    same(lab.stop_order("short", 101, ROWS), lab.Filled(0, 0, 101.0))


def test_a_stop_limit_may_be_triggered_and_not_filled():
    same(lab.stop_order("long", 96, ROWS, limit=93), lab.Filled(2, 2, 93.0))  # at worst 93, which is the limit
    same(lab.stop_order("long", 96, ROWS, limit=95), lab.Filled(2, 3, 95.0))  # 93 is less; beyond 95 in the fourth
    same(lab.stop_order("long", 100, ROWS, limit=99.5), lab.Filled(0, 1, 99.5))
    same(lab.stop_order("long", 96, ROWS, limit=99), lab.Filled(2, -1, math.nan))  # 99 is only touched again
    same(lab.stop_order("long", 92, ROWS, limit=91), NEVER)
    same(lab.stop_order("short", 101, ROWS[:, :1], limit=100.5), lab.Filled(0, -1, math.nan))  # no bar after it


def test_another_price_may_trigger():
    mark = np.array([[100, 100, 99, 99], [99, 99, 98, 98], [98, 98, 97, 97], [97, 97, 96, 96], [96, 97, 96, 97.0]]).T
    same(lab.stop_order("long", 96.5, ROWS), lab.Filled(2, 2, 93.0))
    same(lab.stop_order("long", 96.5, ROWS, mark), lab.Filled(3, 3, 94.0))  # the mark comes later, and lower than 96.5
    same(lab.stop_order("long", 95, ROWS, mark), NEVER)  # the last price was at 93, the mark never below 96
    same(lab.trailing_stop("long", 0.045, ROWS, mark), NEVER)  # 100 × 0.955 = 95.5
    same(lab.trailing_stop("long", 0.04, ROWS, mark), lab.Filled(3, 3, 94.0))


def test_a_trailing_stop_follows_the_best_price():
    # Best so far 101: 2 % below is 98.98, not reached in the first bar (99); in the second (97).
    same(lab.trailing_stop("long", 0.02, ROWS), lab.Filled(1, 1, 97.0))
    # In one bar the best comes first: 101 × 0.985 = 99.485, and the low is 99.
    same(lab.trailing_stop("long", 0.015, ROWS), lab.Filled(0, 0, 99.0))
    # A short's best is the lowest, 93: 5 % above is 97.65, reached in the same bar (98).
    same(lab.trailing_stop("short", 0.05, ROWS), lab.Filled(2, 2, 98.0))
    same(lab.trailing_stop("short", 0.07, ROWS), NEVER)  # 93 × 1.07 = 99.51


def test_real_minutes_by_the_table():
    """10 October 2025, Gemini: a long from 20:30, stop 0.75 % below, its limit another 0.1 %: read from the CSV."""
    with (DATA / "btc_mark_1min_2025-10-10.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["spot_open"]]
    bars = [[float(row[f"spot_{name}"]) for row in rows] for name in ("open", "high", "low", "close")]
    trigger = 117061.83 * 0.9925  # 116,183.87
    at = next(n for n, row in enumerate(rows) if float(row["spot_low"]) <= trigger)
    assert int(rows[at]["timestamp"]) == 1760128200 + 22 * 60 and rows[at]["spot_low"] == "115833.00"
    same(lab.stop_order("long", trigger, bars), lab.Filled(at, at, 115833.0))
    # Its limit, 116,067.68: no later trade of the two hours was above it.
    assert max(float(row["spot_high"]) for row in rows[at + 1 :]) < trigger * 0.999
    same(lab.stop_order("long", trigger, bars, limit=trigger * 0.999), lab.Filled(at, -1, math.nan))


# --- every path that bars allow

trades = st.lists(st.lists(st.integers(90, 110), min_size=4, max_size=4), min_size=1, max_size=5)


def rows_of(trades):
    return np.array([[bar[0], max(bar), min(bar), bar[-1]] for bar in trades], dtype=float).T


def paths_of(bar):
    """Paths that a bar allows, with first and last trade in their places: any two of its prices between them."""
    return [(bar[0], *middle, bar[-1]) for middle in itertools.product(bar, repeat=2)]


def worst_fills(side, bar, triggered):
    """What a market order may get in this bar: each price from the trigger on. triggered: asks a path so far."""
    s = sign(side)
    found = [path[k:] for path in paths_of(bar) for k in range(len(path)) if triggered(path[: k + 1])]
    return s * min(s * price for rest in found for price in rest) if found else None


@settings(max_examples=200)
@given(sides, trades, st.integers(88, 112), st.one_of(st.none(), st.integers(88, 112)))
def test_a_stop_is_the_worst_of_all_paths(side, trades, trigger, limit):
    s, want = sign(side), NEVER
    for n, bar in enumerate(trades):
        worst = worst_fills(side, bar, lambda path: any(s * price <= s * trigger for price in path))
        if worst is not None:
            if limit is None or s * worst >= s * limit:
                want = lab.Filled(n, n, worst)
            else:
                later = [m for m in range(n + 1, len(trades)) if any(s * price > s * limit for price in trades[m])]
                want = lab.Filled(n, later[0], limit) if later else lab.Filled(n, -1, math.nan)
            break
    same(lab.stop_order(side, trigger, rows_of(trades), limit=limit), want)


@settings(max_examples=200)
@given(sides, trades, st.sampled_from([0.01, 0.03, 0.05, 0.08]))
def test_a_trailing_stop_is_the_worst_of_all_paths(side, trades, callback):
    s, want, before = sign(side), NEVER, []

    def fell(path):
        """Was there a time at which the price was `callback` from the best of all so far?"""
        seen = before + list(path)
        bests = [s * max(s * price for price in seen[: k + 1]) for k in range(len(seen))]
        return any(s * price <= s * best * (1 - s * callback) for price, best in zip(seen, bests))

    for n, bar in enumerate(trades):
        worst = worst_fills(side, bar, fell)
        if worst is not None:
            want = lab.Filled(n, n, worst)
            break
        before += bar
    same(lab.trailing_stop(side, callback, rows_of(trades)), want)


@given(sides, trades, trades, st.integers(88, 112))
def test_the_price_that_triggers_need_not_be_the_one_that_fills(side, trades, mark, trigger):
    s, many = sign(side), min(len(trades), len(mark))
    at = next((n for n in range(many) if any(s * price <= s * trigger for price in mark[n])), None)
    want = NEVER if at is None else lab.Filled(at, at, s * min(s * price for price in trades[at]))
    same(lab.stop_order(side, trigger, rows_of(trades[:many]), rows_of(mark[:many])), want)


# --- depth


def walked(value, spread, depth, levels=20_000):
    """Average distance from the mid price, level by level: `levels` offers within the first 1 %, each as large."""
    left, paid, coins, level = value, 0.0, 0.0, 0
    while left > 1e-9 * value:
        here = min(left, depth / levels)
        price = 1 + spread / 2 + 0.01 * (level + 0.5) / levels
        paid, coins, left, level = paid + here * price, coins + here, left - here, level + 1
    return paid / coins - 1


@pytest.mark.parametrize("value", [1_000, 250_000, 2_000_000, 3_456_789])
def test_slippage_is_what_a_walk_through_the_levels_pays(value):
    assert lab.slippage(value, 0.0002, 2_000_000) == pytest.approx(walked(value, 0.0002, 2_000_000), rel=1e-3)


def test_slippage_by_hand():
    # A quarter of a million of two million within 1 %: up to 0.125 % beyond the best offer, half of it on average.
    assert lab.slippage(250_000, 0.0002, 2_000_000) == pytest.approx(0.0001 + 0.000625, rel=1e-12)
    assert lab.slippage(0, 0.0002, 2_000_000) == pytest.approx(0.0001)
    assert lab.slippage(np.array([1e5, 2e5]), 0, 1e6) == pytest.approx([0.0005, 0.001])


def test_the_size_at_which_slippage_is_as_much_as_a_fee():
    # 0.05 % less half a spread of 0.02 % leaves 0.04 %: the last coin is 0.08 % away, 8 hundredths of two million.
    assert lab.size_at_slippage(0.0005, 0.0002, 2_000_000) == pytest.approx(160_000, rel=1e-12)
    assert lab.size_at_slippage(0.0005, 0.0012, 2_000_000) == 0  # half the spread alone is more
    low, high = 1.0, 1e7
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if walked(middle, 0.0003, 7e5, 2_000) < 0.0006 else (low, middle)
    assert lab.size_at_slippage(0.0006, 0.0003, 7e5) == pytest.approx(low, rel=2e-3)


# --- bad input


HIGH_IS_LOW = [[1, 1], [1, 1], [1, 2], [1, 1]]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            lambda: lab.stop_order("long", 97, ROWS[:3]),
            r"bars must be four rows, open, high, low and close, got an array of shape \(3, 5\)",
        ),
        (
            lambda: lab.stop_order("long", 97, HIGH_IS_LOW),
            "bars must have the high as highest and the low as lowest price of each bar",
        ),
        (
            lambda: lab.market_order("long", [[1], [3], [2], [2]]),
            "bars must have the high as highest and the low as lowest price of each bar",
        ),
        (lambda: lab.stop_order("long", 97, ROWS, ROWS[:, :1]), "watched must have as many bars as bars, 5, got 1"),
        (lambda: lab.stop_order("both", 97, ROWS), "side must be 'long' or 'short', got 'both'"),
        (lambda: lab.trailing_stop("long", 1, ROWS), "callback must be at least 0 and below 1, got 1"),
        (lambda: lab.limit_order("long", 0, ROWS), "limit must be above 0, got 0"),
        (lambda: lab.reduced(-1, 1), "position must be at least 0, got -1"),
        (
            lambda: lab.slippage(1e9, 0.01, 1e6),
            "distance of the order's last coin must be at least 0 and below 1, got 10.005",
        ),
        (lambda: lab.slippage(1e5, 0.01, 0), "depth must be above 0, got 0"),
    ],
)
def test_bad_input(asked, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        asked()
