"""Numbers as a reader sees them, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab.words import amount, money, percent, plain, price, read_number, times

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
        (price(114_400), "$114,400"),
        (price(0.00001232), "$0.00001232"),
        (price(0.7379), "$0.7379"),
        (times(500), "500x"),
        (times(12.5), "12.5x"),
        (amount(0.0437062937, "BTC"), f"0.0437063{NB}BTC"),
        (amount(405844155.8, "PEPE"), f"405,844,156{NB}PEPE"),
        (amount(0, "BTC"), f"0{NB}BTC"),
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
    ],
)
def test_read(typed, value, unit):
    got, got_unit = read_number(typed)
    assert got == pytest.approx(value, rel=1e-15) and got_unit == unit


@pytest.mark.parametrize("typed", ["", "abc", "1.2.3", "5..", "--3", "nan", "inf", "e", "5 6", "10 % 3", "$5 USDT", "import os", "1,23,4.5", None])
def test_not_a_number(typed):
    with pytest.raises(ValueError, match="not a number"):
        read_number(typed)


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
def test_what_is_shown_can_be_typed_back(value):
    assert read_number(money(value))[0] == pytest.approx(value, rel=5e-3, abs=1e-12)
    assert read_number(plain(value))[0] == pytest.approx(value, rel=5e-3, abs=1e-12)
