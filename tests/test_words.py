"""Numbers as a reader sees them, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab.words import (
    after_sign,
    amount,
    clock,
    lasting,
    money,
    percent,
    plain,
    plural,
    price,
    read_number,
    readings,
    times,
    with_article,
)

NB = "\u00a0"


@pytest.mark.parametrize(
    "shown, expected",
    [
        (money(5000), "$5,000"),
        (money(4.5), "$4.50"),
        (money(-10), "−$10"),
        (money(10, signed=True), "+$10"),
        (money(0, signed=True), "$0"),
        (money(0.0012), "$0.0012"),
        (money(-0.001), "−$0.001"),
        (money(1234567.8), "$1,234,568"),
        (money(285.999), "$286"),
        (percent(0.002), f"0.2{NB}%"),
        (percent(-0.617), f"−61.7{NB}%"),
        (percent(0.1, signed=True), f"+10{NB}%"),
        (percent(1 / 3), f"33.33{NB}%"),
        (percent(0.00003), f"0.003{NB}%"),
        (percent(10), f"1,000{NB}%"),
        # A half goes up, whatever the float makes of it: 1.125 is exact, 1.135 is stored a little lower.
        (money(1.125), "$1.13"),
        (money(1.135), "$1.14"),
        (money(-3.3749999999999996), "−$3.38"),
        (percent(0.00125), f"0.13{NB}%"),
        (percent(0.39975), f"39.98{NB}%"),
        (plain(2.675), "2.68"),
        (plain(1e15), "1,000,000,000,000,000"),
        (price(114_285.6), "$114,285.60"),
        (price(99.5), "$99.50"),
        (price(0.4), "$0.40"),
        (price(114_400), "$114,400"),
        (price(0.00001232), "$0.00001232"),
        (price(0.7379), "$0.7379"),
        (times(500), "500x"),
        (times(12.5), "12.5x"),
        (amount(0.0437062937, "BTC"), f"0.0437063{NB}BTC"),
        (amount(405844155.8, "PEPE"), f"405,844,156{NB}PEPE"),
        (amount(0, "BTC"), f"0{NB}BTC"),
        (percent(0.00125), f"0.13{NB}%"),  # halfway: away from zero, as by hand
        (percent(-0.00125), f"−0.13{NB}%"),
        (percent(0.00105), f"0.11{NB}%"),
        (percent(0.39974999999999994), f"39.98{NB}%"),  # a float's 0.39975
        (money(2.675), "$2.68"),
        (plain(1e20), "100,000,000,000,000,000,000"),
        (with_article(times(20)), "a 20x"),
        (with_article(times(8)), "an 8x"),
        (with_article(times(8.5)), "an 8.5x"),
        (with_article(times(11)), "an 11x"),
        (with_article(times(18)), "an 18x"),
        (with_article(times(80)), "an 80x"),
        (with_article(times(110)), "a 110x"),
        (with_article(times(1.8)), "a 1.8x"),
        (with_article(money(18_000)), "an $18,000"),
        (with_article(money(1800)), "a $1,800"),
        (after_sign(percent(-0.01)), f"(−1{NB}%)"),
        (after_sign(money(-560)), "(−$560)"),
        (after_sign(percent(0.01)), f"1{NB}%"),
    ],
)
def test_shown(shown, expected):
    assert shown == expected


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_printed(bad):
    with pytest.raises(ValueError, match="finite"):
        money(bad)


@pytest.mark.parametrize(
    "typed, value, unit",
    [
        ("5,000", 5000, ""),
        ("5 000", 5000, ""),
        (f"5{NB}000", 5000, ""),
        ("$5,000.50", 5000.5, "$"),
        ("50,000 USDT", 50_000, "$"),
        ("20x", 20, "x"),
        ("20 ×", 20, "x"),
        ("0,05", 0.05, ""),
        ("0,125", 0.125, ""),
        ("-3", -3, ""),
        ("−3", -3, ""),
        ("-$10", -10, "$"),
        ("$-10", -10, "$"),
        ("+20 %", 0.2, "%"),
        ("5%", 0.05, "%"),
        ("5 percent", 0.05, "%"),
        ("1e-5", 1e-5, ""),
        (" .5 ", 0.5, ""),
        ("0.0437 BTC", 0.0437, "BTC"),
        ("30 cents", 30, "CENTS"),
        ("1k", 1000, ""),
        ("$1k", 1000, "$"),
        ("1.5k USDT", 1500, "$"),
        ("20 million", 20e6, ""),
        ("20m", 20e6, ""),
        ("10M", 10e6, ""),
        ("USD 1000", 1000, "$"),
        ("US$1,234.56", 1234.56, "$"),
        ("x19", 19, "x"),
        ("19 times", 19, "x"),
        ("minus 2", -2, ""),
        ("–12.5 %", -0.125, "%"),
        ("12.5 per cent", 0.125, "%"),
        ("= 12", 12, ""),
        ("1.234,56", 1234.56, ""),
        ("1'234.56", 1234.56, ""),
        ("5 minutes", 5, "MINUTES"),
        ("120*40*0.0005", 2.4, ""),
        ("120 x 40 × 0.0005", 2.4, ""),
        ("$10 * 30", 300, "$"),
        ("1,000 / 4 USDT", 250, "$"),
        ("1 - 0.9^2", 0.19, ""),
        ("2*(3+4)x", 14, "x"),
        ("$5 USDT", 5, "$"),
        ("$1,234.56 USD", 1234.56, "$"),
        ("1,234.56 US$.", 1234.56, "$"),
        ("1,234.56.", 1234.56, ""),
        ("ca. 12,5 %", 0.125, "%"),
        ("approx. 12.5％", 0.125, "%"),
        ("roughly $3!", 3, "$"),
        ("12.5 pct.", 0.125, "%"),
        ("12.5 p.c.", 0.125, "%"),
        ("1250 bps", 0.125, "%"),
        ("1 basis point", 0.0001, "%"),
        ("— 12.5%", -0.125, "%"),
        ("１２３４.５６", 1234.56, ""),
        ("12,34,567", 1_234_567, ""),
        ("1.5 mio", 1_500_000, ""),
        ("2 mn USDT", 2_000_000, "$"),
        ("12.5:1", 12.5, "x"),
        ("20 : 1", 20, "x"),
        ("12.5-fold", 12.5, "x"),
        ("BTC 0.04", 0.04, "BTC"),
        ("₿0.04", 0.04, "BTC"),
        ("3 €", 3, "€"),
    ],
)
def test_read(typed, value, unit):
    got, got_unit = read_number(typed)
    assert got == pytest.approx(value, rel=1e-15) and got_unit == unit


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1.2.3",
        "5..",
        "--3",
        "nan",
        "inf",
        "e",
        "5 6",
        "10 % 3",
        "$5 %",
        "12:15",
        "about",
        "±3",
        "1m 2",
        "12,3,456",
        "import os",
        "1,23,4.5",
        None,
        "1e999",
        "9**9**9**9",
        "1/0",
        "(-8)^0.5",
        "3(4)",
        "5 %*2",
        "10 and 3",
        "(" * 70,
        "1" * 5000,
        "__import__(1)*2",
    ],
)
def test_not_a_number(typed):
    with pytest.raises(ValueError, match="not a number"):
        read_number(typed)


def test_an_ambiguous_comma_or_point_has_two_readings():
    assert readings("4,725") == [(4725, ""), (4.725, "")] and readings("5.720 USDT") == [(5.72, "$"), (5720, "$")]
    assert (
        readings("0,125") == [(0.125, "")]
        and readings("4,72") == [(4.72, "")]
        and readings("1,234.5") == [(1234.5, "")]
    )


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
def test_what_is_shown_can_be_typed_back(value):
    assert read_number(money(value))[0] == pytest.approx(value, rel=5e-3, abs=1e-12)
    assert read_number(plain(value))[0] == pytest.approx(value, rel=5e-3, abs=1e-12)


@pytest.mark.parametrize(
    "seconds, words",
    [
        (60, "1 minute"),
        (3600, "1 hour"),
        (7500, "2 hours 5 minutes"),
        (90, "1 minute 30 seconds"),
        (0, "no time"),
        (172_800, "2 days"),
        (90_000, "25 hours"),
    ],
)
def test_a_span_in_words(seconds, words):
    assert lasting(seconds) == words


def test_counts_and_times_of_day_in_words():
    assert [plural(count, "day") for count in (0, 1, 2, 1440)] == ["0 days", "1 day", "2 days", "1,440 days"]
    assert [plural(count, "is", "are") for count in (1, 3)] == ["1 is", "3 are"]
    assert plural(1.5, "hour") == "1.5 hours"
    # 50,700 s = 14 × 3600 + 5 × 60; a day later the clock says the same; seconds are left out.
    assert [clock(seconds) for seconds in (0, 50_700, 50_700 + 86_400, 86_399)] == ["00:00", "14:05", "14:05", "23:59"]
