"""Bad input gets one sentence that names the value and the allowed range."""

import numpy as np
import pytest

from leverage_lab.checks import FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, Range, choice, number, numbers

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


def test_a_range_without_ends_holds_all_that_is_finite():
    assert Range() == FINITE == Range(-np.inf, np.inf, False, False)
    assert Range().open_low is False and Range().open_high is False
    assert [bool(FINITE.holds(value)) for value in (-1e308, 0, 1e308, np.inf, -np.inf, np.nan)] == [True] * 3 + [False] * 3


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


def test_several_numbers_in_their_order_and_by_their_names():
    assert numbers(entry_price=(100, POSITIVE), price=(90, POSITIVE), loss=(-1, FINITE)) == [100.0, 90.0, -1.0]
    for bad, sentence in ((0, "got 0"), ([1, 0], "got 0 (at position 1)")):
        with pytest.raises(ValueError) as error:
            numbers(price=(1, POSITIVE), the_entry_price=(bad, POSITIVE))
        assert str(error.value) == f"the entry price must be above 0, {sentence}"


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError) as error:
        numbers(entry_price=([1, 2, 3], POSITIVE), price=([1, 2], POSITIVE), quantity=(1, POSITIVE))
    assert str(error.value) == "the arrays must have shapes that fit together, got entry price (3,), price (2,), quantity ()"
    a, b = numbers(a=([[1], [2]], POSITIVE), b=([1, 2, 3], POSITIVE))
    assert (a * b).shape == (2, 3)


def test_a_word_must_be_one_of_the_list():
    assert choice("side", "long", ("long", "short")) == "long"
    for wrong in ("Long", "", None, 3, ["long"]):
        with pytest.raises(ValueError) as error:
            choice("side", wrong, ("long", "short"))
        assert str(error.value) == f"side must be 'long' or 'short', got {wrong!r}"


@pytest.mark.parametrize("words, listed", [(["a"], "'a'"), (["a", "b", "c"], "'a', 'b' or 'c'"), (list("abcd"), "'a', 'b', 'c' or 'd'")])
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
