"""Bad input gets one sentence that names the value and the allowed range."""

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab.checks import (
    FINITE,
    LEVERAGE,
    NOT_NEGATIVE,
    POSITIVE,
    Contract,
    Finite,
    Positive,
    Range,
    Share,
    Side,
    Word,
    ceil,
    check_fields,
    checked,
    choice,
    floor,
    number,
    price_or_nan,
    short,
    sign,
)  # fmt: skip

BAD = [
    (0, LEVERAGE, "leverage must be at least 1, got 0"),
    (-5, LEVERAGE, "leverage must be at least 1, got -5"),
    (float("nan"), LEVERAGE, "leverage must be at least 1, got nan"),
    (float("inf"), LEVERAGE, "leverage must be at least 1, got inf"),
    (float("-inf"), FINITE, "leverage must be a finite number, got -inf"),
    (501, Range(1, 500), "leverage must be from 1 to 500, got 501"),
    ("ten", LEVERAGE, "leverage must be a number, at least 1, got 'ten'"),
    (None, LEVERAGE, "leverage must be a number, at least 1, got None"),
    (True, LEVERAGE, "leverage must be a number, at least 1, got True"),
    (0.0, POSITIVE, "leverage must be above 0, got 0"),
    (1, Range(0, 1, open_high=True), "leverage must be at least 0 and below 1, got 1"),
    ([5, 0.5], LEVERAGE, "leverage must be at least 1, got 0.5 (at position 1)"),
    ([[5, 5], [5, float("nan")]], LEVERAGE, "leverage must be at least 1, got nan (at position 1, 1)"),
    (["5", "x"], LEVERAGE, "leverage must be a number or an array of numbers, at least 1, got ['5', 'x']"),
    ([True, False], POSITIVE, "leverage must be a number or an array of numbers, above 0, got [True, False]"),
    ({"a": 1}, FINITE, "leverage must be a number or an array of numbers, got {'a': 1}"),
    (np.array(-2.5), POSITIVE, "leverage must be above 0, got -2.5"),  # one number: no position to name
    (-0.25, NOT_NEGATIVE, "leverage must be at least 0, got -0.25"),
    (2, Range(high=2, open_high=True), "leverage must be below 2, got 2"),
    (2.5, Range(high=2), "leverage must be at most 2, got 2.5"),
    (0, Range(0, 1, open_low=True), "leverage must be above 0 and at most 1, got 0"),
    (1, Range(0, 1, True, True), "leverage must be above 0 and below 1, got 1"),
    (1e6, Range(1, 123_456), "leverage must be from 1 to 123,456, got 1000000"),
]


@pytest.mark.parametrize("value, allowed, sentence", BAD)
def test_one_sentence(value, allowed, sentence):
    with pytest.raises(ValueError) as error:
        number("leverage", value, allowed)
    assert str(error.value) == sentence


@pytest.mark.parametrize("open_low", [False, True])
@pytest.mark.parametrize("open_high", [False, True])
def test_a_range_ends_where_it_says(open_low, open_high):
    values = [-np.inf, 1.999, 2, 2.001, 2.999, 3, 3.001, np.inf, np.nan]
    inside = [False, False, not open_low, True, True, not open_high, False, False, False]
    allowed = Range(2, 3, open_low, open_high)
    assert [bool(allowed.holds(value)) for value in values] == inside
    assert allowed.holds(np.array(values)).tolist() == inside


def test_infinity_is_only_in_an_endless_range():
    values = [-np.inf, 0, 1e-308, 1e308, np.inf, np.nan]
    inside = [False, False, True, True, True, False]
    endless = Range(low=0, open_low=True, endless=True)
    assert [bool(endless.holds(value)) for value in values] == inside == endless.holds(np.array(values)).tolist()
    assert str(endless) == str(POSITIVE) == "above 0" and not POSITIVE.holds(np.inf)


def test_a_range_without_ends_holds_all_that_is_finite():
    assert Range() == FINITE == Range(-np.inf, np.inf, False, False)
    assert Range().open_low is False and Range().open_high is False
    assert [bool(FINITE.holds(value)) for value in (-1e308, 0, 1e308, np.inf, -np.inf, np.nan)] == [True] * 3 + [
        False
    ] * 3


def test_zero_and_one_at_the_common_ranges():
    assert [bool(r.holds(0)) for r in (FINITE, POSITIVE, NOT_NEGATIVE, LEVERAGE)] == [True, False, True, False]
    assert [bool(r.holds(0.5)) for r in (FINITE, POSITIVE, NOT_NEGATIVE, LEVERAGE)] == [True, True, True, False]
    assert [bool(r.holds(1)) for r in (FINITE, POSITIVE, NOT_NEGATIVE, LEVERAGE)] == [True] * 4


def test_good_numbers_come_back_as_floats_or_arrays():
    assert number("x", 3) == 3.0 and type(number("x", 3)) is float
    assert type(number("x", np.float64(3))) is float
    assert number("x", np.array(3)) == 3.0 and type(number("x", np.array(3))) is float
    assert number("x", []).tolist() == []
    assert number("x", [1, 2]).tolist() == [1.0, 2.0]


def test_an_array_of_floats_is_not_copied():
    """A million prices are looked at, not doubled."""
    prices = np.array([1.0, 2.0])
    assert number("x", prices) is prices
    assert number("x", np.array([1, 2])).dtype == float


def test_odd_numbers_are_numbers_and_odd_things_are_not():
    for odd in (Decimal("2.5"), Fraction(5, 2), np.float16(2.5), np.float32(2.5), np.longdouble(2.5)):
        assert number("x", odd) == 2.5 and type(number("x", odd)) is float
    for odd in (
        1j,
        [1j],
        np.datetime64("2025-01-01"),
        np.array(["2025-01-01"], dtype="M8[D]"),
        [10**400],
        np.ma.array([1, 2], mask=[0, 1]),
    ):
        with pytest.raises(ValueError, match="^x must be a number or an array of numbers, got [^\n]+$"):
            number("x", odd)


# --- all arguments of a formula ------------------------------------------------------------------------


@checked
def formula(
    side: Side, entry_price: Positive, price: Positive, weight: Share[float] = 1, times: Positive[int] = 1,
    contract: Contract = "linear", off: Positive | None = None,
) -> Finite:  # fmt: skip
    assert type(times) is int and type(weight) is float
    return side * (price - entry_price) * weight * times


def refusal(*args, **named):
    with pytest.raises(ValueError) as error:
        formula(*args, **named)
    return str(error.value)


def test_plain_numbers_come_out_as_pythons_own_and_arrays_broadcast():
    assert type(formula("long", 100, 110)) is float and formula("long", 100, 110) == 10
    assert type(formula("long", np.float32(100), np.array(110))) is float
    assert formula(["long", "short"], 100, [[110], [120]]).tolist() == [[10, -10], [20, -20]]
    assert formula("short", 100, price=np.array([]), times=3).tolist() == []
    assert formula.__doc__ is None and formula.__name__ == "formula" and "weight" in formula.__annotations__


SENTENCES = [
    (("buy", 100, 110), {}, "side must be 'long' or 'short', got 'buy'"),
    (("long", 0, 110), {}, "entry price must be above 0, got 0"),
    (("long", 100, [110, -1]), {}, "price must be above 0, got -1 (at position 1)"),
    (("long", 100, 110), {"weight": 2}, "weight must be from 0 to 1, got 2"),
    (("long", 100, 110), {"weight": [0.5, 1]}, "weight must be one number, got an array of shape (2,)"),
    (("long", 100, 110), {"times": 2.5}, "times must be a whole number, got 2.5"),
    (("long", 100, 110), {"times": None}, "times must be a number, above 0, got None"),
    (("long", 100, 110), {"contract": "quanto"}, "contract must be 'linear' or 'inverse', got 'quanto'"),
    (("long", 100, 110), {"off": 0}, "off must be above 0, got 0"),
    (("long", [1, 2], [1, 2, 3]), {}, "the arrays must have shapes that fit together, got side (), entry price (2,), "
        "price (3,), weight ()"),
    (("long", 1e308, 1e308), {"times": 10**9}, None),
    (("long", 1, 1e308), {"times": 10**9}, "the result must be a finite number, below 1.8e308, but is too large or "
        "too small to calculate with price 1e+308"),
]  # fmt: skip


@pytest.mark.parametrize("args, named, sentence", SENTENCES)
def test_each_argument_by_its_annotation(args, named, sentence):
    if sentence is None:
        assert formula(*args, **named) == 0
    else:
        assert refusal(*args, **named) == sentence


def test_what_python_says_about_missing_arguments_stays():
    for args, named in (
        (("long", 1), {}),
        (("long", 1, 2), {"price": 3}),
        ((1,) * 9, {}),
        (("long", 1, 2), {"other": 3}),
    ):
        with pytest.raises(TypeError, match="formula"):
            formula(*args, **named)


def test_the_fields_of_a_dataclass_are_checked_the_same_way():
    @dataclass(frozen=True)
    class Record:
        side: Word
        price: Positive[float]
        rates: Finite = 0.0

        def __post_init__(self):
            check_fields(self)

    Record.__post_init__.__globals__.update(Word=Word, Positive=Positive, Finite=Finite)
    assert type(Record("long", np.float32(2)).price) is float and Record("long", 1, [1, 2]).rates.tolist() == [1, 2]
    with pytest.raises(ValueError, match="^price must be one number, got an array of shape"):
        Record("long", [1, 2])


def test_sides_as_words_arrays_of_words_and_signs():
    assert (
        sign(np.array("short")) == -1 and sign([]).tolist() == [] and sign(sign(["long", "short"])).tolist() == [1, -1]
    )
    for bad in (
        None,
        {"long"},
        [["long"], ["long", "short"]],
        b"long",
        [b"long"],
        [1, -1],
        1,
        True,
        np.int8(3),
        {"long": 1},
    ):
        with pytest.raises(ValueError, match="^side must be 'long' or 'short', got "):
            sign(bad)


def test_a_price_may_be_missing():
    assert math.isnan(price_or_nan("price", math.nan)) and price_or_nan("price", 0) == 0
    assert price_or_nan("price", [1, math.nan]).tolist() == [1, pytest.approx(math.nan, nan_ok=True)]
    for bad, said in (
        (-1, "at least 0, got -1"),
        ([math.nan, -1], "at least 0, got -1 (at position 1)"),
        ("1", "a number, at least 0, got '1'"),
        (True, "a number, at least 0, got True"),
        (math.inf, "at least 0, got inf"),
    ):
        with pytest.raises(ValueError) as error:
            price_or_nan("price", bad)
        assert str(error.value) == f"price must be {said}"


def test_a_word_must_be_one_of_the_list():
    assert choice("side", "long", ("long", "short")) == "long"
    for wrong in ("Long", "", None, 3, ["long"]):
        with pytest.raises(ValueError) as error:
            choice("side", wrong, ("long", "short"))
        assert str(error.value) == f"side must be 'long' or 'short', got {wrong!r}"


@pytest.mark.parametrize(
    "words, listed", [(["a"], "'a'"), (["a", "b", "c"], "'a', 'b' or 'c'"), (list("abcd"), "'a', 'b', 'c' or 'd'")]
)
def test_any_number_of_words_reads_well(words, listed):
    with pytest.raises(ValueError) as error:
        choice("word", "x", words)
    assert str(error.value) == f"word must be {listed}, got 'x'"


@pytest.mark.parametrize("length, shown", [(38, "'" + 38 * "x" + "'"), (39, "'" + 36 * "x" + "…")])
def test_a_long_value_is_cut_short(length, shown):
    """40 characters with the quotes are shown whole; of more, 37 and three dots in one character."""
    with pytest.raises(ValueError) as error:
        choice("side", length * "x", ("long", "short"))
    assert str(error.value) == f"side must be 'long' or 'short', got {shown}"


def test_a_number_too_large_for_a_float():
    with pytest.raises(ValueError, match="price must be above 0, got a number of more than 308 digits"):
        number("price", 10**400, POSITIVE)


@pytest.mark.parametrize("words", [["5"], np.array(["5"]), np.array([b"5"]), [5, "6"]])
def test_numbers_in_quotes_are_no_numbers(words):
    with pytest.raises(ValueError, match="^price must be a number or an array of numbers, above 0, got"):
        number("price", words, POSITIVE)


def test_what_has_several_lines_is_said_in_one():
    assert short(np.eye(3)) == "array([[1., 0., 0.], [0., 1., 0.], [0…" and short("a\nb") == "'a\\nb'"


# --- rounding: against decimals ---------------------------------------------------------------------------

# Tick and lot sizes as exchanges have them.
TICKS = ["1e-8", "0.0001", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "5", "25"]


@given(st.sampled_from(TICKS), st.integers(-(10**6), 10**6), st.sampled_from(["0", "0.01", "0.5", "0.99"]))
def test_rounding_to_ticks_as_decimals_do(tick, count, part):
    """k ticks and a part of one, written with decimals: floats may lose their last bits, not a tick."""
    exact = Decimal(tick) * (count + Decimal(part))
    down = int((exact / Decimal(tick)).to_integral_value(ROUND_FLOOR))
    up = int((exact / Decimal(tick)).to_integral_value(ROUND_CEILING))
    value, step = float(exact), float(tick)
    assert floor(value, step) == pytest.approx(float(Decimal(tick) * down), rel=1e-12, abs=1e-12)
    assert ceil(value, step) == pytest.approx(float(Decimal(tick) * up), rel=1e-12, abs=1e-12)
    assert floor(np.array([value, value]), step).tolist() == [floor(value, step)] * 2
    assert ceil(np.array([value]), np.array([[step], [step]])).tolist() == [[ceil(value, step)]] * 2


def test_the_last_bits_of_a_float_are_forgiven():
    # 0.1 + 0.2 is 0.30000000000000004 and 3 × 1.1 is 3.3000000000000003, and 0.7 / 0.1 is 6.999999999999999.
    assert ceil(0.1 + 0.2, 0.1) == pytest.approx(0.3) and ceil(3 * 1.1, 0.1) == pytest.approx(3.3)
    assert floor(0.7, 0.1) == pytest.approx(0.7)
    assert ceil(np.array([0.1 + 0.2, 3 * 1.1]), 0.1).tolist() == pytest.approx([0.3, 3.3])
    assert floor(np.array([0.7]), 0.1).tolist() == pytest.approx([0.7])


# Forgiven: a billionth of a step, or of the value where that is more than one step.
EDGES = [
    (1 - 0.9e-9, 1.0, 1),
    (1 - 1.1e-9, 1.0, 0),
    (-0.9e-9, 1.0, 0),
    (-1e-9, 1.0, 0),  # the edge itself is forgiven
    (-1.1e-9, 1.0, -1),
    (0.5, 1.0, 0),
    (1.5, 1.0, 1),
    (-0.5, 1.0, -1),
    (1e6 - 0.9e-6, 1.0, 1e6),
    (1e6 - 1.1e-6, 1.0, 1e6 - 1),
    (-1e6 - 0.9e-6, 1.0, -1e6),
    (-1e6 - 1.1e-6, 1.0, -1e6 - 1),
    (100 - 0.9e-8, 10.0, 100),
    (100 - 1.1e-8, 10.0, 90),
]


@pytest.mark.parametrize("value, step, down", EDGES)
def test_how_much_is_forgiven(value, step, down):
    assert floor(value, step) == down and ceil(-value, step) == -down
    assert floor(np.array([value]), step).tolist() == [down] and ceil(np.array([-value]), step).tolist() == [-down]


def test_without_a_step_to_whole_numbers():
    assert (floor(2.7), ceil(2.2), floor(-2.2), ceil(-2.7)) == (2, 3, -3, -2)
    assert floor(np.array([2.7, -2.2])).tolist() == [2, -3] and ceil(np.array([2.2, -2.7])).tolist() == [3, -2]
    assert isinstance(floor(2.0), float) and isinstance(ceil(2.7), float)


def test_many_small_steps_are_still_counted_one_by_one():
    # 799,999,999.6 steps of a hundred-millionth: the last is not full.
    assert round(floor(7.999999996, 1e-8) * 1e8) == 799_999_999 and round(ceil(7.999999991, 1e-8) * 1e8) == 800_000_000


def test_what_is_no_number_stays_none_and_zero_has_no_sign():
    for value in (math.nan, np.array([math.nan])):
        assert np.isnan(floor(value)).all() and np.isnan(ceil(value, 0.5)).all()
    assert floor(math.inf) == math.inf and ceil(-math.inf) == -math.inf
    assert math.copysign(1, ceil(0.0)) == 1 and np.copysign(1, ceil(np.zeros(1)))[0] == 1
