"""One arithmetic for plain numbers and arrays: against decimals, against plain Python place by place."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab.numeric import ceil, floor, is_array, largest, pick, ratio, smallest

# Tick and lot sizes as exchanges have them.
TICKS = ["1e-8", "0.0001", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "5", "25"]
numbers = st.floats(-1e9, 1e9)


@pytest.mark.parametrize("plain", [True, False, 0, 1, -2.5, math.nan, math.inf, np.float64(3)])
def test_plain_numbers_and_truths_are_no_arrays(plain):
    assert is_array(plain) is False


@pytest.mark.parametrize("array", [np.array([1.0]), np.array(1.0), np.array([]), np.array([True]), np.bool_(True)])
def test_what_numpy_computes_with_is_an_array(array):
    assert is_array(array) is True


def test_pick_plain_gives_the_value_itself():
    assert pick(True, 1, 2) == 1 and pick(False, 1, 2) == 2
    assert type(pick(3 > 2, 1.5, 2)) is float
    yes = [1, 2]
    assert pick(True, yes, None) is yes


def test_pick_array_goes_place_by_place_and_broadcasts():
    condition = np.array([True, False, True])
    assert pick(condition, 1.0, np.array([7.0, 8.0, 9.0])).tolist() == [1.0, 8.0, 1.0]
    assert pick(condition[:, None], np.array([1.0, 2.0]), 0.0).tolist() == [[1, 2], [0, 0], [1, 2]]


def test_largest_and_smallest_of_plain_numbers_stay_plain():
    assert largest(3.0, 1, 2) == 3.0 and type(largest(3.0, 1, 2)) is float
    assert smallest(3.0, 1, 2) == 1 and type(smallest(3.0, 1, 2)) is int
    assert largest(-7) == -7 and smallest(-7) == -7
    assert [largest(1, 2, 3), largest(3, 2, 1), largest(1, 3, 2)] == [3, 3, 3]  # wherever it stands
    assert [smallest(1, 2, 3), smallest(3, 2, 1), smallest(3, 1, 2)] == [1, 1, 1]


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5), numbers)
def test_largest_and_smallest_place_by_place(pairs, single):
    """One plain number among two arrays, in every place of the call."""
    a, b = (np.array(column) for column in zip(*pairs))
    high, low = [max(x, y, single) for x, y in pairs], [min(x, y, single) for x, y in pairs]
    for values in ((a, b, single), (single, a, b), (a, single, b)):
        assert largest(*values).tolist() == high
        assert smallest(*values).tolist() == low


def test_an_array_after_plain_numbers_counts_too():
    assert largest(1, 2, np.array([0, 5])).tolist() == [2, 5]
    assert smallest(2, 1, np.array([0, 5])).tolist() == [0, 1]
    assert largest(np.array([[1], [4]]), np.array([2, 3])).tolist() == [[2, 3], [4, 4]]


def test_a_ratio_by_zero_does_not_exist():
    assert ratio(3, 4) == 0.75 and type(ratio(3, 4)) is float
    assert ratio(-1, 1) == -1 and ratio(0, 5) == 0  # 1 is divided by as any other number
    assert math.isnan(ratio(1, 0)) and math.isnan(ratio(0.0, -0.0))
    got = ratio(np.array([6.0, 1.0, 0.0, -6.0]), np.array([3.0, 0.0, 0.0, 1.0]))
    assert got[0] == 2 and np.isnan(got[1:3]).all() and got[3] == -6
    assert ratio(12.0, np.array([[3], [4]])).tolist() == [[4.0], [3.0]]
    assert ratio(np.array([1.0, 2.0]), 4).tolist() == [0.25, 0.5]


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
    assert type(floor(2.0)) is float and type(ceil(2.7)) is float


def test_many_small_steps_are_still_counted_one_by_one():
    # 799,999,999.6 steps of a hundred-millionth: the last is not full.
    assert round(floor(7.999999996, 1e-8) * 1e8) == 799_999_999 and round(ceil(7.999999991, 1e-8) * 1e8) == 800_000_000


def test_what_is_no_number_stays_none_and_zero_has_no_sign():
    for value in (math.nan, np.array([math.nan])):
        assert np.isnan(floor(value)).all() and np.isnan(ceil(value, 0.5)).all()
    assert floor(math.inf) == math.inf and ceil(-math.inf) == -math.inf
    assert math.copysign(1, ceil(0.0)) == 1 and np.copysign(1, ceil(np.zeros(1)))[0] == 1
