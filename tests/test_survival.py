"""How long a position lives: closed form, simulation and measured table, each against something outside of it.

The closed form against the density integrated by Gauss's rule, against a random walk counted step by step and against
printed normal quantiles; simulations against mixtures and moments worked out by hand; the table against its own file.
"""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab import data, survival
from leverage_lab.survival import (
    Extremes,
    adverse_move,
    chance_reached,
    gaussian_beside_measured,
    implied_volatility,
    measured,
    measured_hours,
    measured_moves,
    measured_volatility,
    median_between,
    median_hours,
    share_reached,
    simulate,
    standard_error,
)

YEAR = 8760
sides = st.sampled_from(["long", "short"])
distances = st.floats(1e-4, 3)  # in logarithms
volatilities = st.floats(0.01, 10)
drifts = st.floats(-20, 20)
times = st.floats(0.01, 1e5)


def move_at(side, distance):
    """The move whose barrier lies `distance` away in logarithms."""
    return -math.expm1(-distance) if side == "long" else math.expm1(distance)


def normal(x):
    return math.erfc(-x / math.sqrt(2)) / 2


# Closed form ----------------------------------------------------------------------------------------------------------

# Two-sided normal quantiles as tables print them: outside ±1.959964 lies 5 %, and so on. Over one year at a volatility
# of 1 the deviation is 1, and the reflection principle doubles the tail.
QUANTILES = [(0.6744898, 0.5), (1.0364334, 0.3), (1.6448536, 0.1), (1.959964, 0.05), (2.5758293, 0.01), (3.2905267, 0.001)]


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("distance, share", QUANTILES)
def test_without_drift_it_is_twice_a_normal_tail(side, distance, share):
    assert chance_reached(side, move_at(side, distance), YEAR, 1) == pytest.approx(share, rel=3e-7)
    # A quarter of the volatility over sixteen years is the same.
    assert chance_reached(side, move_at(side, distance), 16 * YEAR, 0.25) == pytest.approx(share, rel=3e-7)
    assert implied_volatility(side, move_at(side, distance), YEAR / 4, share) == pytest.approx(2, rel=1e-7)


def integrated(distance, drift, deviation):
    """The density of the first passage, b / √(2πt³) exp(−(b − μt)² / 2t), integrated over time (t = 1: deviation 1)."""
    b, mu = distance / deviation, drift / deviation
    nodes, weights = np.polynomial.legendre.leggauss(60)
    total = 0.0
    edges = np.linspace(-12, 0, 25)  # of the logarithm of time
    for low, high in zip(edges, edges[1:]):
        t = np.exp((low + high) / 2 + (high - low) / 2 * nodes)
        density = b / np.sqrt(2 * np.pi * t**3) * np.exp(-((b - mu * t) ** 2) / (2 * t))
        total += float(np.sum(weights * density * t)) * (high - low) / 2
    return total


@pytest.mark.parametrize("side, towards", [("long", -1), ("short", 1)])
@pytest.mark.parametrize(
    "distance, drift, deviation",
    [
        (0.1, 0.0, 0.1),
        (0.1, 0.3, 0.2),  # towards the barrier
        (0.1, -0.3, 0.2),  # away from it
        (1.0, -2.0, 0.5),
        (1.0, 0.9, 0.2),
        (2.0, -0.5, 1.0),
        (0.5, 3.0, 2.0),
        (1.0, 1.0, 0.0667),  # (drift + distance) / deviation = 29.99: the last of the plain formula
        (1.0, 1.0, 0.0666),  # 30.03: the first where the product is written as density × tail ratio
        (1.0, 0.99, 0.05),
        (1.0, 0.95, 0.03),  # exp(2 × 0.95 / 0.0009) would overflow
        (1.0, 1.01, 0.04),
    ],
)
def test_closed_form_against_the_integrated_density(side, towards, distance, drift, deviation):
    # Over one year, volatility and drift are those totals.
    got = chance_reached(side, move_at(side, distance), YEAR, deviation, towards * drift)
    assert got == pytest.approx(integrated(distance, drift, deviation), rel=2e-11)
    # The same in a quarter of the time, with twice the volatility and four times the drift.
    got = chance_reached(side, move_at(side, distance), YEAR / 4, 2 * deviation, towards * 4 * drift)
    assert got == pytest.approx(integrated(distance, drift, deviation), rel=2e-11)


def test_the_product_of_a_huge_and_a_tiny_number():
    # drift = distance = d and deviation s: P = 1/2 + φ(0) M(2d/s), M(x) = (1 − Φ(x)) / φ(x) the Mills ratio, which
    # lies between high = 1/x − 1/x³ + 3/x⁵ − 15/x⁷ + 105/x⁹ and high − 945/x¹¹.
    for x in (30.0, 31.0, 40.0, 100.0):
        high = 1 / x - 1 / x**3 + 3 / x**5 - 15 / x**7 + 105 / x**9
        got = (chance_reached("short", math.e - 1, YEAR, 2 / x, 1) - 0.5) * math.sqrt(2 * math.pi)
        assert (high - 945 / x**11) * (1 - 1e-12) <= got <= high * (1 + 1e-12)


def walked(levels, steps, up):
    """Share of random walks (a level up with chance `up`, else down) that reach `levels` within `steps`, counted."""
    alive = np.zeros(levels + steps + 1)  # place i: level i − steps, the barrier at the end
    alive[steps] = 1.0
    reached = 0.0
    for _ in range(steps):
        nxt = np.zeros_like(alive)
        nxt[1:] += alive[:-1] * up
        nxt[:-1] += alive[1:] * (1 - up)
        reached += nxt[-1]
        nxt[-1] = 0
        alive = nxt
    return reached


@pytest.mark.parametrize("drift", [0.0, 0.05, -0.05])
def test_closed_form_against_a_walk_counted_step_by_step(drift):
    # A level is deviation / √steps = 0.1 / √1600 = 0.0025, so 40 levels are 0.1; the walk's error falls as 1 / steps.
    distance, deviation, levels, steps = 0.1, 0.1, 40, 1600
    up = 0.5 + 0.5 * drift / deviation / math.sqrt(steps)
    got = chance_reached("short", move_at("short", distance), YEAR, deviation, drift)
    assert got == pytest.approx(walked(levels, steps, up), abs=4e-4)
    if drift == 0:  # the reflection principle by counting: P(S ≥ 40) + P(S > 40)
        ways = [math.comb(steps, k) / 2**steps for k in range((steps + levels) // 2, steps + 1)]
        assert walked(levels, steps, up) == pytest.approx(2 * sum(ways) - ways[0], rel=1e-9)


def test_an_hour_is_one_of_8760_in_a_year():
    # Deviation of an hour at 100 %: 1 / √8760 = 0.0106843; a rise of 1 % is 0.00995033: 2 Φ(−0.931305) = 0.351696.
    assert survival.HOURS_A_YEAR == 8760
    assert chance_reached("short", 0.01, 1, 1) == pytest.approx(2 * normal(-math.log(1.01) * math.sqrt(8760)), rel=1e-12)
    assert chance_reached("short", 0.01, 1, 1) == pytest.approx(0.3517, abs=5e-5)


@pytest.mark.parametrize("side", ["long", "short"])
def test_limits(side):
    assert chance_reached(side, 0, 0, 0.8) == 1 and chance_reached(side, 0, 5, 0.8, -3) == 1
    assert chance_reached(side, 0.1, 0, 0.8, 5) == 0
    assert chance_reached(side, 1e-12, 1, 0.8) == pytest.approx(1, abs=1e-9)
    assert chance_reached(side, 0.1, 1e-9, 0.8) == 0
    assert chance_reached(side, 0.1, 1e15, 0.8) == pytest.approx(1, abs=1e-6)
    towards = -1 if side == "long" else 1
    assert chance_reached(side, 0.1, 1e12, 0.8, towards * 0.01) == pytest.approx(1, abs=1e-12)
    # A drift away leaves exp(−2 |μ| b / σ²) for ever: b = 0.2, μ = 0.5, σ² = 0.25: exp(−0.8).
    assert chance_reached(side, move_at(side, 0.2), 1e12, 0.5, -towards * 0.5) == pytest.approx(math.exp(-0.8), rel=1e-12)
    # Almost no volatility: the drift alone decides.
    assert chance_reached(side, move_at(side, 0.1), YEAR, 1e-4, towards * 0.11) == 1
    assert chance_reached(side, move_at(side, 0.1), YEAR, 1e-4, towards * 0.09) == 0
    assert chance_reached(side, 0.5, 5e-324, 1e-4, towards * 1000) == 0


def test_a_price_never_falls_to_nothing():
    assert chance_reached("long", 1, 1e12, 100, -1000) == 0
    assert math.isnan(median_hours("long", 1, 0.8, -5)) and math.isnan(median_hours("long", 1, 0.8, 5))
    assert math.isnan(median_hours("long", 1, 0.8)) and math.isnan(implied_volatility("long", 1, 1, 0.5))
    assert 0 < chance_reached("short", 1, 1e5, 1) < 1  # a doubling is nothing special
    assert 0 < chance_reached("short", 30, 1e5, 1) < 1


def test_long_and_short_are_no_mirror_images():
    # −50 % is as far in logarithms as +100 %.
    assert chance_reached("long", 0.5, 1000, 0.9) == pytest.approx(chance_reached("short", 1.0, 1000, 0.9), rel=1e-12)
    assert chance_reached("long", 0.5, 1000, 0.9) < chance_reached("short", 0.5, 1000, 0.9)
    # A rising market: short in danger, long relieved; and the other way round.
    for drift in (0.5, -0.5):
        long, short = (chance_reached(side, move_at(side, 0.1), 500, 0.6, drift) for side in ("long", "short"))
        assert (short > long) == (drift > 0)


@given(sides, distances, distances, volatilities, drifts, times, times)
def test_nearer_or_longer_is_never_safer(side, one, two, volatility, drift, early, late):
    near, far = (move_at(side, d) for d in sorted((one, two)))
    early, late = sorted((early, late))
    least, most = chance_reached(side, far, early, volatility, drift), chance_reached(side, near, late, volatility, drift)
    for move, hours in ((near, early), (far, late)):
        between = chance_reached(side, move, hours, volatility, drift)
        assert 0 <= least <= between + 1e-12 and between <= most + 1e-12 and most <= 1


@given(st.floats(1e-300, 1e300), st.floats(0, 1e300), st.floats(1e-4, 100), st.floats(-1000, 1000))
def test_any_size_gives_a_share(move, hours, volatility, drift):
    assert 0 <= chance_reached("short", move, hours, volatility, drift) <= 1
    median = median_hours("short", move, volatility, drift)
    assert math.isnan(median) or median >= 0


# Half-life ------------------------------------------------------------------------------------------------------------


def test_half_life_by_hand():
    # b = 0.6744898 and σ = 1 a year: exactly a year. Twice as far: four years. Twice as wild: a quarter.
    assert median_hours("short", move_at("short", 0.6744897501960817), 1) == pytest.approx(YEAR, rel=1e-12)
    assert median_hours("long", move_at("long", 2 * 0.6744897501960817), 1) == pytest.approx(4 * YEAR, rel=1e-12)
    assert median_hours("long", move_at("long", 0.6744897501960817), 2) == pytest.approx(YEAR / 4, rel=1e-12)
    assert median_hours("long", 0, 1) == 0 and median_hours("short", 0, 1, -5) == 0
    # With next to no volatility the drift alone: 0.1 at 0.5 a year takes a fifth of a year.
    assert median_hours("short", move_at("short", 0.1), 1e-3, 0.5) == pytest.approx(YEAR / 5, rel=1e-4)


@given(sides, distances, volatilities, drifts)
def test_half_are_reached_by_the_half_life(side, distance, volatility, drift):
    move = move_at(side, distance)
    towards = -drift if side == "long" else drift
    for_ever = 1 if towards >= 0 else math.exp(2 * towards * distance / volatility**2)
    half = median_hours(side, move, volatility, drift)
    if math.isnan(half):
        assert for_ever <= 0.5 + 1e-9
    else:
        assert for_ever >= 0.5 - 1e-9
        assert chance_reached(side, move, half * 0.999, volatility, drift) <= 0.5 + 1e-12
        assert chance_reached(side, move, half * 1.001, volatility, drift) >= 0.5 - 1e-12
        assert chance_reached(side, move, half, volatility, drift) == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("for_ever, there", [(0.49, False), (0.499999, False), (0.500001, True), (0.9, True)])
def test_half_life_is_nan_where_half_are_never_reached(for_ever, there):
    # exp(−2 μ b / σ²) = for_ever with b = 0.1, σ = 0.5.
    away = -math.log(for_ever) * 0.25 / 0.2
    half = median_hours("long", move_at("long", 0.1), 0.5, away)
    assert math.isnan(half) != there
    assert not there or half > median_hours("long", move_at("long", 0.1), 0.5)


def test_half_life_at_the_very_border_ends():
    away = math.log(2) * 0.25 / 0.2
    for drift in (away, math.nextafter(away, 0), away * (1 - 1e-15)):
        half = median_hours("short", move_at("short", 0.1), 0.5, -drift)
        assert math.isnan(half) or 1e4 < half < 1e6
    assert median_hours("short", 1e-300, 0.5, 1) == 0 == median_hours("short", 1e-300, 0.5, -1)


def test_implied_volatility_undoes_the_closed_form():
    for volatility in (0.05, 0.8, 6):
        share = chance_reached("long", 0.02, 5, volatility)
        assert implied_volatility("long", 0.02, 5, share) == pytest.approx(volatility, rel=1e-9)


# Arrays ---------------------------------------------------------------------------------------------------------------


def test_arrays_agree_with_single_numbers():
    side, move, hours = np.array(["long", "short"]), np.array([[0.01], [0.1], [0.0]]), np.array([4.0, 24.0])
    got = chance_reached(side, move, hours, 0.8, 0.5)
    half = median_hours(side, move, [0.5, 0.8], -0.2)
    implied = implied_volatility(side, move[:2], hours, 0.3)
    assert got.shape == half.shape == (3, 2) and implied.shape == (2, 2)
    for i in range(3):
        for j in range(2):
            at = str(side[j]), float(move[i, 0])
            assert got[i, j] == chance_reached(*at, float(hours[j]), 0.8, 0.5)
            assert half[i, j] == median_hours(*at, (0.5, 0.8)[j], -0.2)
            assert i == 2 or implied[i, j] == implied_volatility(*at, float(hours[j]), 0.3)
    assert isinstance(chance_reached("long", 0.1, 1, 1), float) and isinstance(median_hours("long", 0.1, 1), float)
    assert chance_reached("long", [], 1, 1).shape == (0,)
    assert median_hours("long", [0.1, 1.0], 0.8)[1] != median_hours("long", [0.1, 1.0], 0.8)[1]  # nan in its place


def test_adverse_move_by_hand():
    # 500x: 1/500 = 0.2 %, less 0.1 % of maintenance: 0.1 %.
    assert adverse_move(500, 0.001) == pytest.approx(0.001, rel=1e-12)
    assert adverse_move(1) == 1 and adverse_move(4) == 0.25
    assert adverse_move([10, 100], 0.005).tolist() == pytest.approx([0.095, 0.005])
    with pytest.raises(ValueError) as error:
        adverse_move(500, 0.002)
    assert str(error.value) == "liquidated at entry: 1 / leverage − maintenance rate must be above 0, got 0"
    with pytest.raises(ValueError, match=r"^liquidated at entry: .* got -0.04 \(at position 1\)$"):
        adverse_move([10, 100], 0.05)


# Simulation -----------------------------------------------------------------------------------------------------------

PATHS = 20_000


def errors(share, expected, paths=PATHS):
    """How many standard errors a share counted on `paths` lies off."""
    return abs(share - expected) / np.sqrt(expected * (1 - expected) / paths)


@pytest.mark.parametrize("drift", [0.0, 4.0, -4.0])
@pytest.mark.parametrize("step_hours", [1, 0.5, 6])
def test_simulation_within_its_own_error_of_the_closed_form(drift, step_hours):
    moves, hours = np.array([0.002, 0.01, 0.03, 0.06, 0.1]), [6, 24]
    walked = simulate(PATHS, hours, 0.8, drift, step_hours=step_hours, seed=3)
    assert walked.hours == (6, 24) and walked.falls.shape == walked.rises.shape == (2, PATHS)
    for side in ("long", "short"):
        for horizon in hours:
            expected = chance_reached(side, moves, horizon, 0.8, drift)
            assert np.max(errors(share_reached(walked, side, moves, horizon), expected)) < 4


def test_looking_only_at_the_ends_of_steps_misses_some():
    only_ends = simulate(PATHS, [1, 24], 0.8, between_steps=False)
    # One step of deviation 0.8 / √8760, seen at its end: a single normal tail, without the reflection's factor 2.
    for side in ("long", "short"):
        for distance in (0.002, 0.01, 0.02):
            expected = normal(-distance / (0.8 / math.sqrt(8760)))
            assert errors(share_reached(only_ends, side, move_at(side, distance), 1), expected) < 4
    truth = chance_reached("long", 0.02, 24, 0.8)
    assert truth - share_reached(only_ends, "long", 0.02, 24) > 10 * standard_error(truth, PATHS)


def test_two_steps_seen_at_their_ends():
    # In deviations of a step, with a drift of m a step: P(max(x, x + y) ≥ b) = P(x ≥ b) + ∫ φ(x − m) Φ(x + m − b) dx
    # over x < b, by the midpoint rule. The drift of 0.3 deviations lifts: shorts are reached more often, longs less.
    deviation, b = 1 / math.sqrt(8760), 2
    two = simulate(PATHS, 2, 1, 0.3 * deviation * 8760, between_steps=False, seed=5)
    x = np.arange(-9, b, 0.001) + 0.0005
    for side, m in (("long", -0.3), ("short", 0.3)):
        density = np.exp(-((x - m) ** 2) / 2) / math.sqrt(2 * math.pi)
        expected = normal(m - b) + sum(density * [normal(v + m - b) for v in x]) * 0.001
        assert errors(share_reached(two, side, move_at(side, b * deviation), 2), expected) < 4


def student_tail(x, degrees):
    """P(T > x) of Student's t, in the closed form for 3 and 4 degrees."""
    if degrees == 3:
        return 0.5 - (x / math.sqrt(3) / (1 + x * x / 3) + math.atan(x / math.sqrt(3))) / math.pi
    half = x / math.sqrt(4 + x * x)
    return 0.5 - 0.75 * (half - half**3 / 3)


@pytest.mark.parametrize("degrees", [3, 4])
def test_fat_tails_are_student_t_of_the_same_variance(degrees):
    walked = simulate(PATHS, 1, 0.8, model="fat tails", tail_degrees=degrees, between_steps=False)
    deviation = 0.8 / math.sqrt(8760)
    for side in ("long", "short"):
        for steps in (0.1, 0.5, 1, 2, 4):  # in deviations; t itself has the variance n / (n − 2)
            expected = student_tail(steps * math.sqrt(degrees / (degrees - 2)), degrees)
            assert errors(share_reached(walked, side, move_at(side, steps * deviation), 1), expected) < 4


def test_fat_tails_also_between_steps():
    # Brownian inside the step at the step's own volatility: twice the tail of the end.
    walked = simulate(PATHS, 1, 0.8, model="fat tails")
    deviation = 0.8 / math.sqrt(8760)
    for steps in (0.1, 0.5, 1, 2, 4):
        expected = 2 * student_tail(steps * math.sqrt(3), 3)
        assert errors(share_reached(walked, "long", move_at("long", steps * deviation), 1), expected) < 4


def mixed_tail(distance, deviation, spread):
    """2 Φ(−b / vσ) with v = exp(spread z − spread²), mean over a normal z: a volatility drawn once and kept."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    return sum(
        w * 2 * normal(-distance / (deviation * math.exp(spread * z - spread**2))) for z, w in zip(nodes, weights)
    ) / math.sqrt(2 * math.pi)


@pytest.mark.parametrize("spread", [0.0, 0.4, 0.7])
def test_clusters_start_at_a_random_moment(spread):
    deviation = 0.8 / math.sqrt(8760)
    walked = simulate(PATHS, [1, 24], 0.8, model="clusters", cluster_spread=spread, cluster_memory_hours=1e9)
    for side in ("long", "short"):
        for steps in (0.1, 0.5, 1, 2, 3):
            for hours in (1, 24):  # a memory without end: the volatility drawn at the start stays
                expected = mixed_tail(steps, 1, spread)
                move = move_at(side, steps * deviation * math.sqrt(hours))
                assert errors(share_reached(walked, side, move, hours), expected) < 4


@pytest.mark.parametrize("step_hours", [1, 2])
def test_clusters_remember_as_long_as_asked(step_hours):
    # How far a path falls is distributed as |N| √V, V the sum of its steps' variances: mean square V̄ = n σ²,
    # mean fourth power 3 σ⁴ Σ exp(4 spread² exp(−|i − j| step / memory)).
    n, spread, memory = 24 // step_hours, 0.3, 6
    walked = simulate(
        100_000, 24, 0.8, model="clusters", cluster_spread=spread, cluster_memory_hours=memory, step_hours=step_hours
    )
    variance = 0.64 / 8760 * step_hours
    i = np.arange(n)
    together = np.exp(4 * spread**2 * np.exp(-abs(i[:, None] - i) * step_hours / memory)).sum()
    for reach in (walked.falls[0], walked.rises[0]):
        for power, expected in ((2, n * variance), (4, 3 * variance**2 * together)):
            sample = reach**power
            assert abs(sample.mean() - expected) < 4 * sample.std() / math.sqrt(sample.size)
    # Enough to tell: without memory the fourth power would be over 10 % lower.
    assert 3 * (n * n + n * (math.exp(4 * spread**2) - 1)) / (3 * together) < 0.9


@pytest.mark.parametrize("model", survival.MODELS)
def test_all_models_have_the_same_variance(model):
    walked = simulate(PATHS, 12, 0.8, model=model, tail_degrees=10, cluster_spread=0.4, seed=2)
    for reach in (walked.falls[0], walked.rises[0]):
        sample = reach**2
        assert abs(sample.mean() - 12 * 0.64 / 8760) < 4 * sample.std() / math.sqrt(PATHS)


def test_the_same_seed_gives_the_same_paths():
    one, two, other = (simulate(50, [1, 2], 0.8, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(one.falls, two.falls) and np.array_equal(one.rises, two.rises)
    assert not np.array_equal(one.falls, other.falls)
    assert one != two and one == one  # an object is itself; its arrays are compared by hand
    assert np.all(np.diff(one.falls) >= 0) and np.all(np.diff(one.rises) >= 0) and np.all(one.falls >= 0)


def test_defaults_of_a_simulation():
    for model in survival.MODELS:
        short = simulate(50, 3, 0.8, model=model)
        long = simulate(
            50, (3,), 0.8, 0, model, 1, True, tail_degrees=3, cluster_spread=0.7, cluster_memory_hours=72, seed=1
        )
        assert np.array_equal(short.falls, long.falls) and np.array_equal(short.rises, long.rises)
    assert np.array_equal(simulate(50, 3, 0.8).falls, simulate(50, 3, 0.8, model="gaussian").falls)


@pytest.mark.parametrize("paths", [1, survival.BLOCK - 1, survival.BLOCK, survival.BLOCK + 1, 3 * survival.BLOCK])
def test_every_path_is_walked_whatever_the_blocks(paths):
    walked = simulate(paths, [1, 3], 0.8)
    assert walked.falls.shape == (2, paths)
    assert np.all(walked.falls > 0) and np.all(walked.rises > 0) and np.all(walked.falls < 0.5)
    assert len(np.unique(walked.falls[1])) == paths  # no block twice, none forgotten
    assert np.all(walked.falls[0] <= walked.falls[1])


def test_shares_are_counted_and_a_touch_counts():
    falls, rises = (sorted(abs(math.log1p(s * m)) for m in (0.01, 0.02, 0.05, 0.3)) for s in (-1, 1))
    zero = [0.0] * 4
    walked = Extremes((1.0, 2.5), np.array([zero, falls]), np.array([zero, rises]))
    assert share_reached(walked, "long", 0.02, 2.5) == 0.75 == share_reached(walked, "short", 0.02, 2.5)
    assert share_reached(walked, "long", math.nextafter(0.02, 1), 2.5) == 0.5
    assert share_reached(walked, "short", 0.3, 2.5) == 0.25 and share_reached(walked, "short", 5, 2.5) == 0
    assert share_reached(walked, "long", 1, 2.5) == 0 and share_reached(walked, "long", 0, 1) == 1
    assert share_reached(walked, "long", 0.02, 1) == 0
    got = share_reached(walked, ["long", "short"], [[0.01], [0.04]], [1, 2.5])
    assert got.tolist() == [[0, 1], [0, 0.5]]
    assert isinstance(share_reached(walked, "long", 0.02, 1), float)


def test_memory_does_not_grow_with_the_steps():
    import tracemalloc

    peaks = []
    for steps in (10, 200):
        tracemalloc.start()
        simulate(20_000, 1, 0.8, step_hours=1 / steps)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.05 * peaks[0] and peaks[1] < 3_000_000  # 200 steps of all paths would be 32 MB


def test_standard_error_by_hand():
    assert standard_error(0.5, 100) == pytest.approx(0.05)
    assert standard_error([0.1, 0, 1], 900).tolist() == pytest.approx([0.01, 0, 0])
    assert standard_error(0.5, 1) == 0.5


def test_median_between_by_hand():
    assert median_between([1, 4, 8], [0.1, 0.4, 0.9]) == (4, 8)
    assert median_between([1, 4, 8], [0.1, 0.5, 0.9]) == (1, 4)  # exactly half by 4
    assert median_between([1, 4, 8], [0.6, 0.7, 0.7]) == (0, 1)
    assert median_between((1, 4, 8), np.array([0.1, 0.2, 0.49])) == (8, math.inf)
    assert median_between(3, 0.5) == (0, 3) and median_between(3, 0.4) == (3, math.inf)


def test_the_half_life_of_simulated_paths():
    half = median_hours("long", 0.02, 0.8)
    hours = [6, 12, 18]
    walked = simulate(PATHS, hours, 0.8)
    after, by = median_between(hours, share_reached(walked, "long", 0.02, hours))
    assert after < half < by and by - after == 6


# The measured table ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed():
    """{(side, move, hours): share}, read without the package's reader."""
    with open(data.folder() / "btc_first_passage_2018_2023.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 480
    return {(row["side"], float(row["adverse_move"]), float(row["hours"])): float(row["share_reached"]) for row in rows}


def test_measured_as_printed(printed):
    assert measured("long", 0.001, 1) == 0.8228 and measured("short", 0.001, 1) == 0.81825
    assert measured("long", 0.1, 24) == 0.03234 and measured("short", 0.75, 2160) == 0.16604
    assert measured("long", 0.0005, 1) == 0.90006 and measured("long", 0.75, 2160) == 0
    for (side, move, hours), share in printed.items():
        assert measured(side, move, hours) == pytest.approx(share, rel=1e-12)
    assert measured_hours() == (1, 4, 8, 24, 72, 168, 720, 2160)
    assert measured_moves() == tuple(sorted({move for _, move, _ in printed}))
    assert len(measured_moves()) == 30 and measured_moves()[0] == 0.0005 and measured_moves()[-1] == 0.75


def test_measured_table_is_monotone_and_counts_whole_hours(printed):
    for (side, move, hours), share in printed.items():
        assert abs(round(share * 39_955) / 39_955 - share) <= 5.1e-6  # a number of the 39,955 hours, to five digits
        for (other_side, nearer, later), more in printed.items():
            assert side != other_side or nearer > move or later < hours or more >= share


def test_measured_between_two_moves():
    # Halfway in the logarithm between 0.1 % and 0.15 % for 4 hours: (0.91533 + 0.87418) / 2.
    assert measured("long", math.sqrt(0.001 * 0.0015), 4) == pytest.approx((0.91533 + 0.87418) / 2, rel=1e-9)
    got = measured(["long", "short"], [[0.001], [0.1]], [1, 24])
    assert got == pytest.approx(np.array([[0.8228, 0.96876], [0.0004, 0.02923]]), rel=1e-12)
    assert isinstance(measured("long", 0.001, 1), float)


def test_measured_half_life():
    # 1 %: 49.643 % of longs were reached by 8 hours, 69.731 % by 24. At 0.1 % most were within the first.
    assert median_between(measured_hours(), measured("long", 0.01, measured_hours())) == (8, 24)
    assert median_between(measured_hours(), measured("long", 0.001, measured_hours())) == (0, 1)
    assert median_between(measured_hours(), measured("long", 0.5, measured_hours())) == (2160, math.inf)


@pytest.mark.parametrize("hours", [1, 24, 720])
def test_measured_volatility_by_slices(hours, printed):
    # The starts that got as far as b1 but not b2 count with the mean of b1² and b2².
    total = 0.0
    for side, s in (("long", -1), ("short", 1)):
        points = [(0.0, 1.0)] + [(math.log(1 + s * m), printed[side, m, hours]) for m in measured_moves()] + [(None, 0.0)]
        for (b1, p1), (b2, p2) in zip(points, points[1:]):
            total += (p1 - p2) * ((b1**2 + b2**2) / 2 if b2 is not None else b1**2)
    assert measured_volatility(hours) == pytest.approx(math.sqrt(total / 2 * 8760 / hours), rel=1e-9)


def test_measured_volatility_is_one_number_for_all_but_the_longest_times():
    assert measured_volatility() == measured_volatility(24) == pytest.approx(0.811, abs=0.0005)
    assert all(measured_volatility(hours) == pytest.approx(0.814, abs=0.013) for hours in measured_hours()[:-1])


def test_measured_volatility_finds_a_known_one(monkeypatch):
    moves = tuple(np.geomspace(1e-4, 0.9, 2000).tolist())
    shares = {s: np.array([chance_reached(side, moves, 24, 0.6)]) for s, side in ((1, "long"), (-1, "short"))}
    monkeypatch.setattr(survival, "_table", lambda: (moves, (24.0,), shares))
    assert measured_volatility() == pytest.approx(0.6, rel=1e-4)


# The lesson -----------------------------------------------------------------------------------------------------------


def test_the_bell_curve_beside_the_measured_first_hour():
    rows = {row.move: row for row in gaussian_beside_measured("long")}
    assert tuple(rows) == measured_moves() and {(row.side, row.hours) for row in rows.values()} == {("long", 1)}
    first = rows[0.001]
    # By hand: 0.81140 / √8760 = 0.0086693; 0.0010005 / 0.0086693 = 0.115408; 2 Φ(−0.115408) = 0.90812.
    assert first.measured == 0.8228 and first.gaussian == pytest.approx(0.90812, abs=5e-6)
    assert first.gap == first.gaussian - first.measured == pytest.approx(0.08532, abs=5e-6)
    # Calm hours: near barriers are reached less often than the bell curve says. Wild hours: far ones far more often.
    assert all(row.gap > 0 for row in rows.values() if row.move <= 0.015)
    assert all(row.gap < 0 for row in rows.values() if 0.02 <= row.move <= 0.15)
    assert rows[0.05].measured > 100_000 * rows[0.05].gaussian
    assert max(row.gap for row in rows.values()) == pytest.approx(0.225, abs=0.005)


def test_the_bell_curve_beside_the_measured_elsewhere():
    rows = gaussian_beside_measured("short", 24, 0.5)
    row = rows[measured_moves().index(0.05)]
    assert (row.side, row.move, row.hours, row.measured) == ("short", 0.05, 24, 0.14151)
    assert row.gaussian == pytest.approx(2 * normal(-math.log(1.05) / 0.5 * math.sqrt(365)), rel=1e-12)
    assert len(rows) == 30


def test_clusters_come_closest_to_the_measured_table():
    hours, moves = [1, 4, 24, 168], np.array(measured_moves()[:-3])
    truth = np.array([(measured("long", moves, h) + measured("short", moves, h)) / 2 for h in hours])
    worst = {}
    for model in survival.MODELS:
        walked = simulate(PATHS, hours, measured_volatility(), model=model)
        got = np.array([share_reached(walked, "long", moves, h) for h in hours])
        worst[model] = abs(got - truth).max(axis=1)
    assert worst["clusters"].max() < 0.04  # 0.03 and four standard errors
    assert worst["gaussian"][0] > 0.2 and worst["gaussian"][2] > 0.15
    # Fat tails alone help in the first hour and fade: a day of independent hours is nearly a bell curve again.
    assert worst["fat tails"][0] < 0.08 and worst["fat tails"][2] > 0.12


def test_the_table_implies_no_single_volatility():
    # 2 Φ(−z) = 0.8228 at z = 0.22394: 0.0010005 / 0.22394 × √8760 = 0.41816; at 5 % z = 2.9247: 1.6415.
    assert implied_volatility("long", 0.001, 1, measured("long", 0.001, 1)) == pytest.approx(0.418, abs=0.001)
    assert implied_volatility("long", 0.05, 1, measured("long", 0.05, 1)) == pytest.approx(1.642, abs=0.001)


# Bad input ------------------------------------------------------------------------------------------------------------

WALKED = Extremes((1.0, 24.0), np.array([[0.1], [0.2]]), np.array([[0.1], [0.2]]))
SENTENCES = [
    (chance_reached, ("buy", 0.1, 1, 1), "side must be 'long' or 'short', got 'buy'"),
    (chance_reached, ("long", -0.1, 1, 1), "move must be at least 0, got -0.1"),
    (chance_reached, ("long", 1.5, 1, 1), "move must be at most 1 for a long (a price cannot fall below 0), got 1.5"),
    (
        chance_reached,
        (["short", "long"], [1.5, 1.25], 1, 1),
        "move must be at most 1 for a long (a price cannot fall below 0), got 1.25",
    ),
    (chance_reached, ("long", 0.1, -1, 1), "hours must be at least 0, got -1"),
    (chance_reached, ("long", 0.1, 1, 0), "annual volatility must be from 0.0001 to 100, got 0"),
    (chance_reached, ("long", 0.1, 1, 101), "annual volatility must be from 0.0001 to 100, got 101"),
    (chance_reached, ("long", 0.1, 1, 1, 1001), "annual drift must be from -1,000 to 1,000, got 1001"),
    (chance_reached, ("long", 0.1, 1, 1, -1001), "annual drift must be from -1,000 to 1,000, got -1001"),
    (
        chance_reached,
        (["long"] * 3, [0.1, 0.2], 1, 1),
        "the arrays must have shapes that fit together, "
        "got side (3,), move (2,), hours (), annual volatility (), annual drift ()",
    ),
    (median_hours, ("long", -1, 1), "move must be at least 0, got -1"),
    (median_hours, ("long", 2, 1), "move must be at most 1 for a long (a price cannot fall below 0), got 2"),
    (median_hours, ("long", 0.1, -1), "annual volatility must be from 0.0001 to 100, got -1"),
    (implied_volatility, ("long", 0, 1, 0.5), "move must be above 0, got 0"),
    (implied_volatility, ("long", 0.1, 0, 0.5), "hours must be above 0, got 0"),
    (implied_volatility, ("long", 0.1, 1, 0), "share must be above 0 and below 1, got 0"),
    (implied_volatility, ("long", 0.1, 1, 1), "share must be above 0 and below 1, got 1"),
    (adverse_move, (0.5,), "leverage must be at least 1, got 0.5"),
    (adverse_move, (10, 1), "maintenance rate must be at least 0 and below 1, got 1"),
    (adverse_move, (10, -0.1), "maintenance rate must be at least 0 and below 1, got -0.1"),
    (simulate, (0, 1, 1), "paths must be from 1 to 10,000,000, got 0"),
    (simulate, (10_000_001, 1, 1), "paths must be from 1 to 10,000,000, got 10000001"),
    (simulate, (2.5, 1, 1), "paths must be a whole number, got 2.5"),
    (simulate, ([5, 6], 1, 1), "paths must be one number, got an array of shape (2,)"),
    (simulate, (10, 0, 1), "hours must be above 0, got 0"),
    (simulate, (10, [], 1), "hours must be one or more, increasing, got []"),
    (simulate, (10, [2, 1], 1), "hours must be one or more, increasing, got [2.0, 1.0]"),
    (simulate, (10, [1, 1], 1), "hours must be one or more, increasing, got [1.0, 1.0]"),
    (simulate, (10, [1, 1.5], 1), "hours must be whole multiples of step hours (1), got 1.5"),
    (simulate, (10, 0.25, 1), "hours must be whole multiples of step hours (1), got 0.25"),
    (simulate, (10_000_000, 501, 1), "paths × steps must be at most 5,000,000,000, got 5010000000"),
    (simulate, (10, 1, 0), "annual volatility must be from 0.0001 to 100, got 0"),
    (simulate, (10, 1, 101), "annual volatility must be from 0.0001 to 100, got 101"),
    (simulate, (10, 1, [1, 2]), "annual volatility must be one number, got an array of shape (2,)"),
    (simulate, (10, 1, 1, 2000), "annual drift must be from -1,000 to 1,000, got 2000"),
    (simulate, (10, 1, 1, 0, "bell"), "model must be 'gaussian', 'fat tails' or 'clusters', got 'bell'"),
    (simulate, (10, 1, 1, 0, "gaussian", 0), "step hours must be above 0, got 0"),
    (simulate, (10, 1, 1, 0, "gaussian", 1, "yes"), "between steps must be True or False, got 'yes'"),
    (simulate, (10, 1, 1, 0, "fat tails", 1, True, 2), "tail degrees must be above 2, got 2"),
    (simulate, (10, 1, 1, 0, "clusters", 1, True, 3, -1), "cluster spread must be at least 0, got -1"),
    (simulate, (10, 1, 1, 0, "clusters", 1, True, 3, 1, 0), "cluster memory hours must be above 0, got 0"),
    (simulate, (10, 1, 1, 0, "clusters", 1, True, 3, 1, 1, -1), "seed must be at least 0, got -1"),
    (simulate, (10, 1, 1, 0, "clusters", 1, True, 3, 1, 1, 0.5), "seed must be a whole number, got 0.5"),
    (share_reached, ([0.1], "long", 0.1, 1), "extremes must be what simulate gave, got list"),
    (share_reached, (WALKED, "sell", 0.1, 1), "side must be 'long' or 'short', got 'sell'"),
    (share_reached, (WALKED, "long", -0.1, 1), "move must be at least 0, got -0.1"),
    (share_reached, (WALKED, "long", 1.5, 1), "move must be at most 1 for a long (a price cannot fall below 0), got 1.5"),
    (share_reached, (WALKED, "long", 0.1, 2), "hours must be one of 1, 24; got 2"),
    (share_reached, (WALKED, "long", 0.1, [1, 3]), "hours must be one of 1, 24; got 3"),
    (share_reached, (WALKED, "long", 0.1, 0), "hours must be above 0, got 0"),
    (
        share_reached,
        (WALKED, "long", [0.1, 0.2, 0.3], [1, 24]),
        "the arrays must have shapes that fit together, got side (), move (3,), hours (2,)",
    ),
    (standard_error, (1.1, 10), "share must be from 0 to 1, got 1.1"),
    (standard_error, (-0.1, 10), "share must be from 0 to 1, got -0.1"),
    (standard_error, (0.5, 0), "paths must be at least 1, got 0"),
    (median_between, ([1, 2], [0.1]), "there must be one share for each of the 2 hours, got 1"),
    (median_between, ([1, 2], [0.2, 0.1]), "shares must never fall, got [0.2, 0.1]"),
    (median_between, ([1, 2], [0.2, 1.1]), "shares must be from 0 to 1, got 1.1 (at position 1)"),
    (median_between, ([0, 2], [0.2, 1]), "hours must be above 0, got 0 (at position 0)"),
    (measured, ("long", 0.0004, 1), "move must be from 0.0005 to 0.75, got 0.0004"),
    (measured, ("long", 0.76, 1), "move must be from 0.0005 to 0.75, got 0.76"),
    (measured, ("long", 0.1, 2), "hours must be one of 1, 4, 8, 24, 72, 168, 720, 2160; got 2"),
    (measured, ("long", 0.1, 0), "hours must be above 0, got 0"),
    (measured_volatility, (2,), "hours must be one of 1, 4, 8, 24, 72, 168, 720, 2160; got 2"),
    (measured_volatility, (0,), "hours must be above 0, got 0"),
    (measured_volatility, ([1, 4],), "hours must be one number, got an array of shape (2,)"),
    (gaussian_beside_measured, ("both",), "side must be 'long' or 'short', got 'both'"),
    (gaussian_beside_measured, (["long"],), "side must be 'long' or 'short', got ['long']"),
    (gaussian_beside_measured, ("long", 2), "hours must be one of 1, 4, 8, 24, 72, 168, 720, 2160; got 2"),
    (gaussian_beside_measured, ("long", 0), "hours must be above 0, got 0"),
    (gaussian_beside_measured, ("long", [1, 4]), "hours must be one number, got an array of shape (2,)"),
    (gaussian_beside_measured, ("long", 1, 0), "annual volatility must be from 0.0001 to 100, got 0"),
    (gaussian_beside_measured, ("long", 1, [1, 2]), "annual volatility must be one number, got an array of shape (2,)"),
]


@pytest.mark.parametrize("function, arguments, sentence", SENTENCES)
def test_bad_input_in_one_sentence(function, arguments, sentence):
    with pytest.raises(ValueError) as error:
        function(*arguments)
    assert str(error.value) == sentence


GOOD = {
    adverse_move: (10.0, 0.01),
    chance_reached: ("long", 0.1, 24.0, 0.8, 0.1),
    median_hours: ("long", 0.1, 0.8, 0.1),
    implied_volatility: ("long", 0.1, 24.0, 0.5),
    simulate: (5, 2.0, 0.8, 0.1, "gaussian", 1.0, True, 3.0, 0.5, 24.0, 1),
    share_reached: (WALKED, "long", 0.1, 24.0),
    standard_error: (0.5, 100),
    median_between: ([1.0, 2.0], [0.1, 0.6]),
    measured: ("long", 0.1, 24.0),
    measured_volatility: (24.0,),
    gaussian_beside_measured: ("long", 24.0, 0.8),
}


@pytest.mark.parametrize("function", GOOD)
def test_every_function_refuses_every_bad_number(function):
    arguments = GOOD[function]
    function(*arguments)
    for place in range(len(arguments)):
        for bad in (math.nan, math.inf, -math.inf, "1", None, [1.0, math.nan]):
            if function is gaussian_beside_measured and place == 2 and bad is None:
                continue  # None is its default
            with pytest.raises(ValueError, match="must be|there must"):
                function(*arguments[:place], bad, *arguments[place + 1 :])


def test_what_is_on_the_edge_is_allowed():
    assert chance_reached("short", 0.1, 1, 0.0001, 1000) > 0.99 and chance_reached("short", 0.1, 1, 100, -1000) > 0
    assert simulate(1, 1, 100, 1000, seed=0).falls.shape == simulate(1, 1, 0.0001, -1000).falls.shape == (1, 1)
    assert simulate(5, 0.3, 0.8, step_hours=0.1).hours == (0.3,)  # 0.3 / 0.1 is 2.9999999999999996
    assert simulate(5, 2, 0.8, model="fat tails", tail_degrees=2.01).falls.shape == (1, 5)
    slow, quick = median_hours("short", 0.1, [0.0001, 100])
    assert slow == pytest.approx(1e12 * quick)
