"""Chapter 4's money, against printed examples, integer clocks, minute-by-minute walks and bisection."""

import inspect
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab import fees
from leverage_lab.checks import CONTRACTS, SIDES, ceil
from leverage_lab.fees import CLOCKS
from leverage_lab.leverage import notional


def printed(value, digits):
    """What is printed with so many digits lies no further off than half of the last one."""
    return pytest.approx(value, rel=1e-12, abs=0.5 * 10**-digits)


# --- printed by exchanges, test suites, API documents: publisher, numbers, result as printed, its digits

PUBLISHED_FEES = [
    ("AAX support", (0.001, 9483.9), "linear", 0.0002, 0.00189678, 8),
    ("KuCoin captured fill", (0.1, 72.5), "linear", 0.0006, 0.00435, 5),
    ("nautilus_trader tests", (10, 10_500), "linear", 0.001, 105, 2),
    ("Interdax help", (10_000, 10_000), "inverse", 0.0005, 0.0005, 4),
    ("copy of Bybit's order cost", (10_000, 6154), "inverse", 0.00075, 0.00121872, 8),
]
PUBLISHED_REALISED = [
    ("freqtrade tests", ("long", 30, 2, 2.1, 0.0025, 0.0025), {}, 2.6925, 4),
    ("freqtrade tests", ("long", 30, 2, 1.9, 0.0025, 0.0025), {"funding_paid": -1}, -2.2925, 4),
    ("freqtrade tests", ("long", 30, 2, 2.1, 0.0025, 0.0025), {"funding_paid": 1}, 1.6925, 4),
    ("freqtrade tests", ("short", 30, 2, 2.1, 0.0025, 0.0025), {"funding_paid": -1}, -2.3075, 4),
    ("Bitget support", ("long", 0.9, 25_000, 27_000), {"fees_paid": 35.58}, 1764.42, 2),
    ("Aboard docs", ("long", 4, 1100, 975.15, 0, 0.003), {}, -511.1018, 4),
    ("MEXC support", ("long", 0.5, 28_000, 30_000), {}, 1000, 0),
    ("KuCoin support", ("long", 10_000, 30_000, 40_000), {"contract": "inverse"}, 0.0833, 4),
    ("romanornr", ("short", 16_000, 8000, 5000), {"contract": "inverse"}, 1.2, 1),
]
PUBLISHED_BREAK_EVENS = [
    ("tradingcalc.io", ("long", 65_000, 0.0002, 0.0002), {}, 65_026, 0),
    (
        "Bitget captured position",
        ("long", 2.2366, 0, 0.0006),
        {"quantity": 3, "fees_paid": 0.002818116},
        2.238882701621,
        12,
    ),
]
PUBLISHED_FUNDING = [
    ("MEXC support", ("long", 1, 30_000, -0.0001), "linear", -3, 0),
    ("Bityix support", ("long", 0.1, 8000, 0.0001), "linear", 0.08, 2),
    ("Wisebitcoin guide", ("long", 10_000, 10_024, 0.00025), "inverse", 0.00025, 5),
    ("Binance Square, 30 settlements of 2.5 %", ("long", 10_000, 1, 0.75), "linear", 7500, 0),
]
# borrowed, rate, its hours, hours held; settings; interest as printed; digits; units charged
HOUR, FULL, BLOCK = CLOCKS["started hour"], CLOCKS["completed hour"], {"accrual": "started", "unit_hours": 4}


def at(hour, minute, clock, **more):
    return {**clock, "clock_offset_hours": hour + minute / 60, **more}


PUBLISHED_INTEREST = [
    ("Binance 2019, 13:20-14:15", (1000, 0.0002, 24, 55 / 60), at(13, 20, HOUR), 0.01666667, 8, 2),
    ("Binance 2024, 13:55-14:30", (1000, 0.00001, 1, 35 / 60), at(0, 55, HOUR), 0.02, 2, 2),
    ("Bybit 2025, 8:05-10:00", (10_000, 0.0002, 24, 115 / 60), HOUR, 0.167, 3, 2),
    ("MEXC blog, within 1 hour", (0.1, 0.000033, 1, 0.9), HOUR, 0.1000033 - 0.1, 7, 1),
    ("MEXC blog, in the 20th hour", (0.1, 0.000033, 1, 19.5), HOUR, 0.100066 - 0.1, 6, 20),
    ("crypto.com once, 12:05-14:15", (1000, 0.00052, 24, 130 / 60), at(12, 5, HOUR), 0.0650, 4, 3),
    ("crypto.com now, 12:05-14:15", (1000, 0.00052, 24, 130 / 60), at(12, 5, FULL), 0.0433, 4, 2),
    ("crypto.com now, 12:05-12:58", (1000, 0.00052, 24, 53 / 60), at(12, 5, FULL), 0, 4, 0),
    ("OKX 2024, 14:55-14:57", (1000, 0.00001, 1, 2 / 60), at(14, 55, FULL), 0, 8, 0),
    ("OKX 2024, 14:55-15:00, one hour", (1000, 0.00001, 1, 5 / 60), at(14, 55, FULL), 0.01, 8, 1),
    (
        "AAX support, from one second past the hour",
        (100, 0.0003, 24, 2 + 3598 / 3600),
        at(0, 1 / 60, FULL),
        0.0025,
        4,
        2,
    ),
    ("freqtrade tests, Kraken", (60, 0.0005, 4, 0.166667), {**BLOCK, "opening_fee_rate": 0.0005}, 0.06, 2, 1),
    ("freqtrade tests, Kraken", (60, 0.00025, 4, 5), {**BLOCK, "opening_fee_rate": 0.00025}, 0.045, 3, 2),
    (
        "freqtrade tests, Kraken short",
        (30, 0.00025, 4, 4 + 55 / 60),
        {**BLOCK, "opening_fee_rate": 0.00025},
        0.0225,
        4,
        2,
    ),
    ("a page on Kraken's margin fees", (10_000, 0.0001, 24, 24), CLOCKS["exact"], 1, 2, 24),
]


@pytest.mark.parametrize("publisher, trade, contract, rate, result, digits", PUBLISHED_FEES)
def test_published_trading_fees(publisher, trade, contract, rate, result, digits):
    assert fees.trading_fee(notional(*trade, contract), rate) == printed(result, digits)


def test_published_fee_of_two_fills():
    # Bitget support: 1.4 at 25,000 and 0.9 at 27,000, 0.06 %.
    assert fees.trading_fee(notional([1.4, 0.9], [25_000, 27_000]), 0.0006).sum() == printed(35.58, 2)


@pytest.mark.parametrize("publisher, trade, more, result, digits", PUBLISHED_REALISED)
def test_published_realised_profits(publisher, trade, more, result, digits):
    assert fees.realised_pnl(*trade, **more) == printed(result, digits)


def test_published_returns_after_fees():
    # freqtrade tests: 30 coins, 2 → 2.1 or 2.2, fees 0.25 %; printed with eight digits.
    assert fees.realised_pnl("short", 30, 2, 2.1, 0.0025, 0.0025) / 59.85 == printed(-0.05526316, 8)
    assert fees.realised_pnl("long", 30, 2, 2.1, 0.0025, 0.0025) / 20.05 == printed(0.13428928, 8)
    assert fees.realised_pnl("short", 30, 2, 2.2, 0.0025, 0.0025, funding_paid=1) / 59.85 == printed(-0.12222222, 8)


@pytest.mark.parametrize("publisher, trade, more, result, digits", PUBLISHED_BREAK_EVENS)
def test_published_break_even_prices(publisher, trade, more, result, digits):
    assert fees.break_even_price(*trade, **more) == printed(result, digits)


def test_bitmex_counts_paid_fees_only_and_rounds_to_its_tick():
    # Captured position of 21 May 2022: 0.02 from 1,963, 0.0265 of fees paid, shown 1,964.35 in ticks of 0.05.
    exact = fees.break_even_price("long", 1963, quantity=0.02, fees_paid=0.0265)
    assert exact == pytest.approx(1964.325, rel=1e-12) and ceil(exact, 0.05) == pytest.approx(1964.35, rel=1e-12)


@pytest.mark.parametrize("publisher, payment, contract, result, digits", PUBLISHED_FUNDING)
def test_published_funding(publisher, payment, contract, result, digits):
    assert fees.funding_payment(*payment, contract) == printed(result, digits)


@pytest.mark.parametrize("publisher, loan, clock, result, digits, units", PUBLISHED_INTEREST)
def test_published_interest(publisher, loan, clock, result, digits, units):
    assert fees.interest(*loan, **clock) == printed(result, digits)
    counting = {k: v for k, v in clock.items() if k in ("accrual", "unit_hours", "clock_offset_hours")}
    assert fees.units_charged(loan[3], **counting) == pytest.approx(units, rel=1e-12)


# --- by hand


def test_trading_fee_by_hand():
    assert fees.trading_fee(10_000, 0.0006) == pytest.approx(6, rel=1e-14)
    assert fees.trading_fee(10_000, -0.00005) == pytest.approx(-0.5, rel=1e-14)  # the maker is paid


def test_realised_profit_by_hand():
    # 2 coins, 100 → 110: +20; opening 1 % of 200 = 2; closing 2 % of 220 = 4.4; 3 of fees and 0.5 of funding besides.
    everything = fees.realised_pnl("long", 2, 100, 110, 0.01, 0.02, fees_paid=3, funding_paid=0.5)
    assert everything == pytest.approx(20 - 2 - 4.4 - 3 - 0.5)
    # Inverse, in coins: $200 short 100 → 80: 2 × (−1) × (1 − 1.25) = 0.5; fees 1 % of 2 and 2 % of 2.5.
    assert fees.realised_pnl("short", 200, 100, 80, 0.01, 0.02, "inverse") == pytest.approx(0.5 - 0.02 - 0.05)


def test_break_even_by_hand():
    # Long 100, 1 % each way: 100 × 1.01 / 0.99. Short: 100 × 0.99 / 1.01.
    assert fees.break_even_price("long", 100, 0.01, 0.01) == pytest.approx(101 / 0.99, rel=1e-14)
    assert fees.break_even_price("short", 100, 0.01, 0.01) == pytest.approx(99 / 1.01, rel=1e-14)
    # Inverse: 100 × 1.01 / 0.99 as well (long).
    assert fees.break_even_price("long", 100, 0.01, 0.01, "inverse") == pytest.approx(101 / 0.99, rel=1e-14)
    assert fees.break_even_price("long", 100) == 100
    # Amounts are for the whole quantity: 4 coins that paid 6 and received 2 must bring 4, 1 a coin.
    assert fees.break_even_price("long", 100, quantity=4, fees_paid=6 - 2) == 101
    assert fees.break_even_price("short", 100, quantity=4, fees_paid=6 - 2) == 99


def test_break_even_prices_that_do_not_exist_are_nan():
    assert math.isnan(fees.break_even_price("short", 100, fees_paid=100))  # only a price of 0 would do
    assert math.isnan(fees.break_even_price("short", 100, fees_paid=150))
    assert fees.break_even_price("short", 100, fees_paid=99.5) == 0.5
    assert math.isnan(fees.break_even_price("short", 100, 0, -1))  # every price alike
    assert math.isnan(fees.break_even_price("long", 100, 0, -1, "inverse"))
    assert math.isnan(fees.break_even_price("long", 100, 0, 0, "inverse", 200, fees_paid=2))  # all 2 coins: no price
    assert math.isnan(fees.break_even_price("long", 100, 0, 0, "inverse", 200, fees_paid=3))
    assert fees.break_even_price("long", 100, 0, 0, "inverse", 200, fees_paid=1) == 200
    got = fees.break_even_price("short", 100, fees_paid=[50, 100, 150])
    assert got[0] == 50 and np.isnan(got[1:]).all()


def test_funding_by_hand():
    # 3 coins at 200, 0.01 %: 0.06; longs pay it, shorts receive it; the other way round below 0.
    assert fees.funding_payment("long", 3, 200, 0.0001) == pytest.approx(0.06, rel=1e-14)
    assert fees.funding_payment("short", 3, 200, 0.0001) == pytest.approx(-0.06, rel=1e-14)
    assert fees.funding_payment("short", 3, 200, -0.0001) == pytest.approx(0.06, rel=1e-14)
    assert fees.funding_payment("short", 600, 200, -0.0001, "inverse") == pytest.approx(0.0003, rel=1e-14)


@pytest.mark.parametrize(
    "premium, rate",
    [
        # Interest 0.01 %, clamp ±0.05 %. In %: P + max(−0.05, min(0.05, 0.01 − P)).
        (0, 0.0001),  # 0 + 0.01
        (0.0002, 0.0001),  # 0.02 − 0.01
        (0.0006, 0.0001),  # 0.06 − 0.05: the edge
        (0.001, 0.0005),  # 0.1 − 0.05
        (0.003, 0.0025),  # 0.3 − 0.05
        (0.01, 0.0095),  # 1 − 0.05
        (-0.0004, 0.0001),  # −0.04 + 0.05: the other edge
        (-0.003, -0.0025),  # −0.3 + 0.05
    ],
)
def test_funding_rate_by_hand(premium, rate):
    assert fees.funding_rate(premium) == pytest.approx(rate, abs=1e-15)


def test_a_cap_holds_the_rate_both_ways_and_a_clamp_of_nothing_leaves_the_premium():
    got = fees.funding_rate([0.005, 0.003, -0.02], cap=0.003)
    assert got.tolist() == pytest.approx([0.003, 0.0025, -0.003], abs=1e-15)
    assert fees.funding_rate(0.02, cap=0.015) == 0.015  # OKX's listing of ASTER: ±1.5 %
    assert fees.funding_rate(0.004, interest=0, clamp=0) == 0.004
    assert fees.funding_rate(0.004, cap=0) == 0


def test_funding_over_a_path_is_on_the_value_at_each_moment():
    # 2 coins at 100, 150, 80: 200, 300, 160 of value, each with its own rate.
    got = fees.funding_over_path("long", 2, [100, 150, 80], [0.01, -0.02, 0.05])
    assert isinstance(got, np.ndarray) and got.tolist() == pytest.approx([2, -6, 8])
    assert fees.funding_over_path("short", 2, [100, 150, 80], 0.01).tolist() == pytest.approx([-2, -3, -1.6])
    assert fees.funding_over_path("long", 600, [100, 150], 0.01, "inverse").tolist() == pytest.approx([0.06, 0.04])
    assert fees.funding_over_path("long", [2, 4], [100, 150], 0.01).tolist() == pytest.approx(
        [2, 6]
    )  # the position grew
    two_paths = fees.funding_over_path("long", 1, [[100, 200], [100, 50]], [0.01, 0.02])
    assert two_paths.tolist() == [pytest.approx([1, 4]), pytest.approx([1, 1])]
    assert fees.funding_over_path("long", 1, [], 0.01).sum() == 0
    with pytest.raises(ValueError) as error:
        fees.funding_over_path("long", 1, 100, [0.01, 0.02])
    assert str(error.value) == "mark prices must be an array, one price for each settlement, got 100"


def test_funding_settlements_by_hand():
    # Timestamps at 0, 8, 16 o'clock. 7:55-8:05 meets one, 8:05-15:55 none, a day from 7:30 meets 8, 16 and midnight.
    count = fees.funding_settlements
    assert count(7 + 55 / 60, 10 / 60) == 1 and count(8 + 5 / 60, 7 + 50 / 60) == 0 and count(7.5, 24) == 3
    assert (
        count(8, 8) == 1 and count(8, 7.999) == 0 and count(8, 0) == 0
    )  # not the one at the opening, but at the closing
    assert count(7.5, 9, 1) == 9 and count(7.5, 2, 4) == 1
    assert type(count(7.5, 24)) is int
    got = count([7.5, 8.5], 24, [8, 24])
    assert got.tolist() == [3, 1] and got.dtype.kind == "i"


def test_units_by_hand():
    units = fees.units_charged
    assert units(1.5) == 2 and units(1.5, "completed") == 1 and units(1.5, "exact") == 1.5
    assert units(2) == 2 and units(2, "completed") == 2
    assert units(25, "started", 24) == 2 and units(25, "completed", 24) == 1 and units(6, "exact", 24) == 0.25
    # On the clock: 13:20-14:15 crosses one tick; from tick to tick the one at the end counts, not the one at the start.
    assert units(55 / 60, clock_offset_hours=20 / 60) == 2 and units(55 / 60, "completed", 1, 20 / 60) == 1
    assert units(1, "completed", 1, 0) == 1 and units(1, "started", 1, 0) == 2
    # A loan of no time: nothing, but for the hour of the borrowing itself on a clock that charges started hours.
    assert units(0) == 0 and math.copysign(1, units(0)) == 1
    assert units(0, "completed", 1, 0.5) == 0 and units(0, "started", 1, 0.5) == 1
    # Forgiving: three times a tenth of an hour and seven tenths are an hour; a real second more is not.
    assert units(0.1 + 0.2 + 0.7) == 1 and units(1 + 1 / 3600) == 2
    assert units(2 / 3, "completed", 1, 1 / 3) == 1 and units(0.7, "completed", 1, 0.1 + 0.2) == 1


def test_interest_by_hand():
    # 2,400 at 1 % a day is 1 an hour. 5.5 hours: 6 started, 5 completed, 5.5 exact, one day started, one 4-hour block.
    loan = (2400, 0.01, 24, 5.5)
    results = [fees.interest(*loan, **clock) for clock in CLOCKS.values()]
    assert list(CLOCKS) == ["started hour", "completed hour", "started day", "4-hour rollover", "exact"]
    assert results == pytest.approx([6, 5, 24, 4, 5.5])
    assert fees.interest(*loan) == results[0]
    # Kraken: 0.02 % at once and again every 4 hours, on 10,000: 2 + 1 × 2 after 5.5 hours, 2 after one.
    assert fees.interest(10_000, 0.0002, 4, 5.5, opening_fee_rate=0.0002, **CLOCKS["4-hour rollover"]) == pytest.approx(
        4
    )
    assert fees.interest(10_000, 0.0002, 4, 1, opening_fee_rate=0.0002, **CLOCKS["4-hour rollover"]) == pytest.approx(2)
    assert fees.interest(0, 0.01, 24, 5) == 0 and fees.interest(1000, 0, 24, 5, opening_fee_rate=0.01) == 10


def test_the_clocks_cannot_be_changed():
    with pytest.raises(TypeError):
        CLOCKS["started hour"]["unit_hours"] = 2
    with pytest.raises(TypeError):
        CLOCKS["mine"] = {}


def test_the_fee_article():
    # It prints $3 a day, 4.50 for three days with a split of 50 %, and 0.00018 BTC:
    # each a tenth of what its own rule gives.
    assert fees.leverage_fee(10_000, 10, 0.0003, 1) == pytest.approx(30, rel=1e-14)
    assert fees.leverage_fee(10_000, 10, 0.0003, 3) == pytest.approx(90, rel=1e-14)
    split = fees.leverage_fee(10_000, 10, 0.0003, 3, 0.5)
    assert split == pytest.approx(45, rel=1e-14)
    # Only 90,000 of the 100,000 are borrowed; at 1x nothing is.
    assert fees.leverage_fee(10_000, 10, 0.0003, 1, basis="borrowed") == pytest.approx(27, rel=1e-14)
    assert fees.leverage_fee(10_000, 1, 0.0003, 1, 1, "borrowed") == 0


# --- brute force


@given(st.integers(0, 3000), st.integers(0, 3000), st.sampled_from([60, 240, 1440]))
def test_units_against_a_walk_minute_by_minute(start, minutes, unit):
    ticks = sum(minute % unit == 0 for minute in range(start + 1, start + minutes + 1))
    started = sum(minute % unit == 0 for minute in range(minutes))
    completed = sum((minute + 1) % unit == 0 for minute in range(minutes))
    hours, unit_hours, offset = minutes / 60, unit / 60, start / 60
    assert fees.units_charged(hours, "started", unit_hours) == started
    assert fees.units_charged(hours, "completed", unit_hours) == completed
    assert fees.units_charged(hours, "completed", unit_hours, offset) == ticks
    assert fees.units_charged(hours, "started", unit_hours, offset) == ticks + 1
    assert fees.funding_settlements(offset, hours, unit_hours) == ticks


@given(st.integers(-3000, 3000), st.integers(0, 3000), st.integers(0, 3000), st.sampled_from([60, 240, 480]))
def test_a_position_held_in_two_parts_pays_the_same_settlements(start, first, second, interval):
    def count(opened, held):
        return fees.funding_settlements(opened / 60, held / 60, interval / 60)

    assert count(start, first) + count(start + first, second) == count(start, first + second)
    assert count(start, interval) == 1
    assert count(start, first) == sum(minute % interval == 0 for minute in range(start + 1, start + first + 1))


def test_two_hundred_thousand_loans_against_whole_seconds():
    random = np.random.default_rng(20)
    seconds, offset = random.integers(0, 10**7, 200_000), random.integers(0, 10**5, 200_000)
    unit = random.choice([3600, 14_400, 86_400], 200_000)
    borrowed, rate = random.uniform(0, 1e6, 200_000), random.uniform(0, 0.01, 200_000)
    ticks = (offset + seconds) // unit - offset // unit
    for accrual, clock, units in [
        ("started", None, -(-seconds // unit)),
        ("completed", None, seconds // unit),
        ("exact", None, seconds / unit),
        ("started", offset / 3600, ticks + 1),
        ("completed", offset / 3600, ticks),
    ]:
        for opening in (0, 0.001):
            got = fees.interest(borrowed, rate, 24, seconds / 3600, accrual, unit / 3600, clock, opening)
            assert np.allclose(got, borrowed * (opening + rate * (unit / 86_400) * units), rtol=1e-9, atol=1e-7)


sides, contracts = st.sampled_from(SIDES), st.sampled_from(CONTRACTS)
prices, sizes = st.floats(1e-3, 1e6), st.floats(1e-3, 1e6)
rates, shares = st.floats(-0.2, 0.2), st.floats(-0.3, 0.3)


def bisect(gap, low, high):
    """The root of a gap that changes sign between two prices, or None."""
    if gap(low) * gap(high) > 0:
        return None
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if gap(low) * gap(middle) <= 0 else (middle, high)
    return low


@given(sides, contracts, prices, sizes, rates, rates, shares)
def test_break_even_against_bisection(side, contract, entry, size, opening, closing, paid):
    s = 1 if side == "long" else -1

    def value(price):
        return size * price if contract == "linear" else size / price

    paid = paid * value(entry)

    def gap(price):
        gain = value(price) - value(entry) if contract == "linear" else value(entry) - value(price)
        return s * gain - opening * value(entry) - closing * value(price) - paid

    found = fees.break_even_price(side, entry, opening, closing, contract, size, paid)
    root = bisect(gap, entry * 1e-6, entry * 1e6)
    if root is None:
        assert math.isnan(found) or not entry * 1e-6 < found < entry * 1e6
    else:
        assert found == pytest.approx(root, rel=1e-8)


@given(sides, contracts, prices, sizes, rates, rates, shares)
def test_closing_at_the_break_even_price_brings_nothing(side, contract, entry, size, opening, closing, paid):
    value = notional(size, entry, contract)
    known = {"contract": contract, "fees_paid": paid * value}
    price = fees.break_even_price(side, entry, opening, closing, quantity=size, **known)
    if math.isfinite(price):
        left = fees.realised_pnl(side, size, entry, price, opening, closing, **known)
        assert left == pytest.approx(0, abs=1e-9 * (value + notional(size, price, contract)))


# --- numbers, arrays, bad input

P, N, F, E, S, X = "above 0", "at least 0", "at least -1 and below 1", "at least 1", "from 0 to 1", "a finite number"
INSIDE = {P: (1e-12,), N: (0,), F: (-1, 0.999999), E: (1,), S: (0, 1), X: (-1e9, 1e9)}
OUTSIDE = {P: (0, -1), N: (-1e-9,), F: (-1.000001, 1), E: (0.999999, 0, -5), S: (-1e-9, 1.000001), X: ()}
EVERY = {  # function: a good value and the allowed range of every number it takes
    fees.trading_fee: {"value": (1000, N), "rate": (0.001, F)},
    fees.realised_pnl: {
        "side": "short",
        "quantity": (2, P),
        "entry_price": (100, P),
        "exit_price": (90, P),
        "opening_fee_rate": (0.01, F),
        "closing_fee_rate": (0.02, F),
        "contract": "inverse",
        "fees_paid": (0.001, X),
        "funding_paid": (-0.002, X),
    },
    fees.break_even_price: {
        "side": "short",
        "entry_price": (100, P),
        "opening_fee_rate": (0.01, F),
        "closing_fee_rate": (0.02, F),
        "contract": "linear",
        "quantity": (2, P),
        "fees_paid": (0.1, X),
    },
    fees.funding_rate: {"premium": (0.003, X), "interest": (0.0001, X), "clamp": (0.0005, N), "cap": (0.002, N)},
    fees.funding_payment: {"side": "short", "quantity": (2, P), "mark_price": (100, P), "rate": (0.001, X)},
    fees.funding_over_path: {
        "side": "short",
        "quantity": (2, P),
        "mark_prices": ([100.0, 110.0], P),
        "rates": (0.001, X),
    },
    fees.funding_settlements: {
        "hours_opened_at": (3.5, X),
        "hours_held": (20, N),
        "interval_hours": (8, P),
    },
    fees.units_charged: {
        "hours_held": (3.5, N),
        "accrual": "started",
        "unit_hours": (2, P),
        "clock_offset_hours": (0.4, N),
    },
    fees.interest: {
        "borrowed": (1000, N),
        "rate": (0.01, N),
        "period_hours": (24, P),
        "hours_held": (5.5, N),
        "unit_hours": (2, P),
        "clock_offset_hours": (0.7, N),
        "opening_fee_rate": (0.001, F),
    },
    fees.leverage_fee: {
        "asset_value": (1000, P),
        "leverage": (5, E),
        "daily_rate": (0.001, N),
        "days": (3, N),
        "margin_split": (0.5, S),
    },
}
OPTIONAL = {"clock_offset_hours", "cap"}  # None means: not given


def arguments(function):
    return {name: given[0] if isinstance(given, tuple) else given for name, given in EVERY[function].items()}


def test_every_public_function_is_in_the_tables_below():
    public = {
        f
        for name, f in vars(fees).items()
        if inspect.isfunction(f) and f.__module__ == fees.__name__ and name[0] != "_"
    }
    assert public == set(EVERY) and all(f.__doc__ for f in public)


NUMBERS = [
    pytest.param(function, name, allowed, id=f"{function.__name__}-{name}")
    for function, given in EVERY.items()
    for name, (_, allowed) in ((name, value) for name, value in given.items() if isinstance(value, tuple))
]


def refusal(function, **changed):
    with pytest.raises(ValueError) as error:
        function(**arguments(function) | changed)
    return str(error.value)


@pytest.mark.parametrize("function, name, allowed", NUMBERS)
def test_every_number_is_checked(function, name, allowed):
    label = name.replace("_", " ")
    for bad in (math.nan, math.inf, -math.inf, *OUTSIDE[allowed]):
        assert refusal(function, **{name: bad}) == f"{label} must be {allowed}, got {bad:.15g}"
        assert refusal(function, **{name: [1, bad]}).startswith(f"{label} must be {allowed}, got ")
    also = "" if allowed == X else f", {allowed}"
    for bad in ("1", True) if name in OPTIONAL else ("1", True, None):
        assert refusal(function, **{name: bad}) == f"{label} must be a number{also}, got {bad!r}"
    for good in INSIDE[allowed] if name != "mark_prices" else ([1e-12],):
        result = function(**arguments(function) | {name: good})
        assert np.isfinite(result).all() or function is fees.break_even_price  # whose nan is tested above


@pytest.mark.parametrize("function", EVERY, ids=lambda function: function.__name__)
def test_arrays_agree_with_plain_numbers_and_must_fit_together(function):
    good = {name: value for name, value in arguments(function).items() if isinstance(value, (int, float))}
    plain = function(**arguments(function))
    for name, value in good.items():
        got = function(**arguments(function) | {name: [[value], [value], [value]]})
        assert np.shape(got) == (3, np.size(plain)), name
        assert got == pytest.approx(np.broadcast_to(plain, np.shape(got)), rel=1e-14)
    numeric = [*good, *(["mark_prices"] if function is fees.funding_over_path else [])]
    for one, two in itertools.permutations(numeric, 2):
        value = arguments(function)
        first, second = ([float(np.ravel(value[name])[0])] * size for name, size in ((one, 2), (two, 3)))
        message = refusal(function, **{one: first, two: second})
        assert message.startswith("the arrays must have shapes that fit together, got ")
        assert f"{one.replace('_', ' ')} (2,)" in message and f"{two.replace('_', ' ')} (3,)" in message
    if "side" in arguments(function):
        message = refusal(function, side=["long", "short"], quantity=[1.0, 2.0, 3.0])
        assert "side (2,)" in message and "quantity (3,)" in message


@pytest.mark.parametrize("function", EVERY, ids=lambda function: function.__name__)
def test_every_word_is_checked(function):
    words = {
        "side": "side must be 'long' or 'short', got 'x'",
        "contract": "contract must be 'linear' or 'inverse', got 'x'",
        "basis": "basis must be 'whole' or 'borrowed', got 'x'",
        "accrual": "accrual must be 'started', 'completed' or 'exact', got 'x'",
    }
    for name in set(words) & set(inspect.signature(function).parameters):
        assert refusal(function, **{name: "x"}) == words[name]


def test_sides_may_be_an_array():
    both = ["long", "short"]
    assert fees.realised_pnl(both, 2, 100, 110, 0.01).tolist() == pytest.approx([18, -22])
    assert fees.break_even_price(both, 100, 0.01, 0.01).tolist() == pytest.approx([101 / 0.99, 99 / 1.01])
    assert fees.break_even_price(both, 100, 0.01, 0.01, "inverse").tolist() == pytest.approx([101 / 0.99, 99 / 1.01])
    assert fees.funding_payment(both, 3, 200, 0.0001).tolist() == pytest.approx([0.06, -0.06])
    assert fees.funding_over_path(both, 2, [100, 150], 0.01).tolist() == pytest.approx([2, -3])


def test_what_is_missing_or_makes_no_sense_together_is_said():
    sentence = "clock offset hours must be left out with accrual 'exact', which follows no clock"
    for call in (lambda: fees.units_charged(1, "exact", 1, 0), lambda: fees.interest(1, 0.1, 24, 1, "exact", 1, 0)):
        with pytest.raises(ValueError) as error:
            call()
        assert str(error.value) == sentence
