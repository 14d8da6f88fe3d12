"""Bad input gets one sentence that names the value and the allowed range."""

import numpy as np
import pytest

from leverage_lab.checks import FINITE, LEVERAGE, POSITIVE, Range, choice, number, numbers

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
]


@pytest.mark.parametrize("value, allowed, sentence", BAD)
def test_one_sentence(value, allowed, sentence):
    with pytest.raises(ValueError) as error:
        number("leverage", value, allowed)
    assert str(error.value) == sentence


def test_good_numbers_come_back_as_floats_or_arrays():
    assert number("x", 3) == 3.0 and type(number("x", 3)) is float
    assert type(number("x", np.float64(3))) is float
    assert number("x", np.array(3)) == 3.0
    assert number("x", [1, 2]).tolist() == [1.0, 2.0]


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"shapes that fit together, got entry price \(3,\), price \(2,\)"):
        numbers(entry_price=([1, 2, 3], POSITIVE), price=([1, 2], POSITIVE))
    a, b = numbers(a=([[1], [2]], POSITIVE), b=([1, 2, 3], POSITIVE))
    assert (a * b).shape == (2, 3)


def test_a_word_must_be_one_of_the_list():
    assert choice("side", "long", ("long", "short")) == "long"
    for wrong in ("Long", "", None, 3, ["long"]):
        with pytest.raises(ValueError, match="side must be 'long' or 'short', got "):
            choice("side", wrong, ("long", "short"))
