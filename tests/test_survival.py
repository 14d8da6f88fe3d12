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
    EARLIER,
    LATER,
    Extremes,
    adverse_move,
    chance_reached,
    measured,
    measured_hours,
    measured_moves,
    measured_volatility,
    median_between,
    median_hours,
    share_reached,
    simulate,
)

YEAR = 8760
sides = st.sampled_from(["long", "short"])
distances = st.floats(1e-4, 3)  # in logarithms
volatilities = st.floats(0.01, 10)
times = st.floats(0.01, 1e5)


def move_at(side, distance):
    """The move whose barrier lies `distance` away in logarithms."""
    return -math.expm1(-distance) if side == "long" else math.expm1(distance)


def normal(x):
    return math.erfc(-x / math.sqrt(2)) / 2


# Closed form ----------------------------------------------------------------------------------------------------------

# Two-sided normal quantiles as tables print them: outside ±1.959964 lies 5 %, and so on. Over one year at a volatility
# of 1 the deviation is 1, and the reflection principle doubles the tail.
QUANTILES = [
    (0.6744898, 0.5),
    (1.0364334, 0.3),
    (1.6448536, 0.1),
    (1.959964, 0.05),
    (2.5758293, 0.01),
    (3.2905267, 0.001),
]


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("distance, share", QUANTILES)
def test_it_is_twice_a_normal_tail(side, distance, share):
    assert chance_reached(side, move_at(side, distance), YEAR, 1) == pytest.approx(share, rel=3e-7)
    # A quarter of the volatility over sixteen years is the same.
    assert chance_reached(side, move_at(side, distance), 16 * YEAR, 0.25) == pytest.approx(share, rel=3e-7)
    # Twice the volatility in a quarter of a year, too.
    assert chance_reached(side, move_at(side, distance), YEAR / 4, 2) == pytest.approx(share, rel=3e-7)


def integrated(distance, deviation):
    """The density of the first passage, b / √(2πt³) exp(−b² / 2t), integrated over time (t = 1: deviation 1)."""
    b = distance / deviation
    nodes, weights = np.polynomial.legendre.leggauss(60)
    total = 0.0
    edges = np.linspace(-12, 0, 25)  # of the logarithm of time
    for low, high in zip(edges, edges[1:]):
        t = np.exp((low + high) / 2 + (high - low) / 2 * nodes)
        density = b / np.sqrt(2 * np.pi * t**3) * np.exp(-(b**2) / (2 * t))
        total += float(np.sum(weights * density * t)) * (high - low) / 2
    return total


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize(
    "distance, deviation", [(0.1, 0.1), (0.1, 0.2), (1.0, 0.5), (1.0, 0.2), (2.0, 1.0), (0.5, 2.0), (1.0, 0.0667)]
)
def test_closed_form_against_the_integrated_density(side, distance, deviation):
    # Over one year the volatility is that total.
    got = chance_reached(side, move_at(side, distance), YEAR, deviation)
    assert got == pytest.approx(integrated(distance, deviation), rel=2e-11)


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


def test_closed_form_against_a_walk_counted_step_by_step():
    # A level is deviation / √steps = 0.1 / √1600 = 0.0025, so 40 levels are 0.1; the walk's error falls as 1 / steps.
    distance, deviation, levels, steps = 0.1, 0.1, 40, 1600
    got = chance_reached("short", move_at("short", distance), YEAR, deviation)
    assert got == pytest.approx(walked(levels, steps, 0.5), abs=4e-4)
    # The reflection principle by counting: P(S ≥ 40) + P(S > 40)
    ways = [math.comb(steps, k) / 2**steps for k in range((steps + levels) // 2, steps + 1)]
    assert walked(levels, steps, 0.5) == pytest.approx(2 * sum(ways) - ways[0], rel=1e-9)


def test_an_hour_is_one_of_8760_in_a_year():
    # Deviation of an hour at 100 %: 1 / √8760 = 0.0106843; a rise of 1 % is 0.00995033: 2 Φ(−0.931305) = 0.351696.
    assert survival.HOURS_A_YEAR == 8760
    assert chance_reached("short", 0.01, 1, 1) == pytest.approx(
        2 * normal(-math.log(1.01) * math.sqrt(8760)), rel=1e-12
    )
    assert chance_reached("short", 0.01, 1, 1) == pytest.approx(0.3517, abs=5e-5)


@pytest.mark.parametrize("side", ["long", "short"])
def test_limits(side):
    assert chance_reached(side, 0, 0, 0.8) == 1 and chance_reached(side, 0, 5, 0.8) == 1
    assert chance_reached(side, 0.1, 0, 0.8) == 0
    assert chance_reached(side, 1e-12, 1, 0.8) == pytest.approx(1, abs=1e-9)
    assert chance_reached(side, 0.1, 1e-9, 0.8) == 0
    assert chance_reached(side, 0.1, 1e15, 0.8) == pytest.approx(1, abs=1e-6)
    assert chance_reached(side, 0.5, 5e-324, 1e-4) == 0


def test_a_price_never_falls_to_nothing():
    assert chance_reached("long", 1, 1e12, 100) == 0
    assert math.isnan(median_hours("long", 1, 0.8))
    assert 0 < chance_reached("short", 1, 1e5, 1) < 1  # a doubling is nothing special
    assert 0 < chance_reached("short", 30, 1e5, 1) < 1


def test_long_and_short_are_no_mirror_images():
    # −50 % is as far in logarithms as +100 %.
    assert chance_reached("long", 0.5, 1000, 0.9) == pytest.approx(chance_reached("short", 1.0, 1000, 0.9), rel=1e-12)
    assert chance_reached("long", 0.5, 1000, 0.9) < chance_reached("short", 0.5, 1000, 0.9)


@given(sides, distances, distances, volatilities, times, times)
def test_nearer_or_longer_is_never_safer(side, one, two, volatility, early, late):
    near, far = (move_at(side, d) for d in sorted((one, two)))
    early, late = sorted((early, late))
    least, most = chance_reached(side, far, early, volatility), chance_reached(side, near, late, volatility)
    for move, hours in ((near, early), (far, late)):
        between = chance_reached(side, move, hours, volatility)
        assert 0 <= least <= between + 1e-12 and between <= most + 1e-12 and most <= 1


@given(st.floats(1e-300, 1e300), st.floats(0, 1e300), st.floats(1e-4, 100))
def test_any_size_gives_a_share(move, hours, volatility):
    assert 0 <= chance_reached("short", move, hours, volatility) <= 1
    assert median_hours("short", move, volatility) >= 0


# Half-life ------------------------------------------------------------------------------------------------------------


def test_half_life_by_hand():
    # b = 0.6744898 and σ = 1 a year: exactly a year. Twice as far: four years. Twice as wild: a quarter.
    assert median_hours("short", move_at("short", 0.6744897501960817), 1) == pytest.approx(YEAR, rel=1e-12)
    assert median_hours("long", move_at("long", 2 * 0.6744897501960817), 1) == pytest.approx(4 * YEAR, rel=1e-12)
    assert median_hours("long", move_at("long", 0.6744897501960817), 2) == pytest.approx(YEAR / 4, rel=1e-12)
    assert median_hours("long", 0, 1) == 0 and median_hours("short", 0, 1) == 0 == median_hours("short", 1e-300, 0.5)


@given(sides, distances, volatilities)
def test_half_are_reached_by_the_half_life(side, distance, volatility):
    move = move_at(side, distance)
    half = median_hours(side, move, volatility)
    assert chance_reached(side, move, half * 0.999, volatility) <= 0.5 + 1e-12
    assert chance_reached(side, move, half * 1.001, volatility) >= 0.5 - 1e-12
    assert chance_reached(side, move, half, volatility) == pytest.approx(0.5, abs=1e-9)


# Arrays ---------------------------------------------------------------------------------------------------------------


def test_arrays_agree_with_single_numbers():
    side, move, hours = np.array(["long", "short"]), np.array([[0.01], [0.1], [0.0]]), np.array([4.0, 24.0])
    got = chance_reached(side, move, hours, 0.8)
    half = median_hours(side, move, [0.5, 0.8])
    assert got.shape == half.shape == (3, 2)
    for i in range(3):
        for j in range(2):
            at = str(side[j]), float(move[i, 0])
            assert got[i, j] == chance_reached(*at, float(hours[j]), 0.8)
            assert half[i, j] == median_hours(*at, (0.5, 0.8)[j])
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


def test_simulation_within_its_own_error_of_the_closed_form(monkeypatch):
    """Without clusters a path is Brownian motion."""
    monkeypatch.setattr(survival, "CLUSTER_SPREAD", 0.0)
    moves, hours = np.array([0.002, 0.01, 0.03, 0.06, 0.1]), [6, 24]
    walked = simulate(PATHS, hours, 0.8, seed=3)
    assert walked.hours == (6, 24) and walked.falls.shape == walked.rises.shape == (2, PATHS)
    for side in ("long", "short"):
        for horizon in hours:
            expected = chance_reached(side, moves, horizon, 0.8)
            assert np.max(errors(share_reached(walked, side, moves, horizon), expected)) < 4


def mixed_tail(distance, deviation, spread):
    """2 Φ(−b / vσ) with v = exp(spread z − spread²), mean over a normal z: a volatility drawn once and kept."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    return sum(
        w * 2 * normal(-distance / (deviation * math.exp(spread * z - spread**2))) for z, w in zip(nodes, weights)
    ) / math.sqrt(2 * math.pi)


@pytest.mark.parametrize("spread", [0.0, 0.4, 0.7])
def test_clusters_start_at_a_random_moment(spread, monkeypatch):
    deviation = 0.8 / math.sqrt(8760)
    monkeypatch.setattr(survival, "CLUSTER_SPREAD", spread)
    monkeypatch.setattr(survival, "CLUSTER_MEMORY_HOURS", 1e9)
    walked = simulate(PATHS, [1, 24], 0.8)
    for side in ("long", "short"):
        for steps in (0.1, 0.5, 1, 2, 3):
            for hours in (1, 24):  # a memory without end: the volatility drawn at the start stays
                expected = mixed_tail(steps, 1, spread)
                move = move_at(side, steps * deviation * math.sqrt(hours))
                assert errors(share_reached(walked, side, move, hours), expected) < 4


def test_clusters_remember_as_long_as_said(monkeypatch):
    # How far a path falls is distributed as |N| √V, V the sum of its steps' variances: mean square V̄ = n σ²,
    # mean fourth power 3 σ⁴ Σ exp(4 spread² exp(−|i − j| / memory)).
    n, spread, memory = 24, 0.3, 6
    monkeypatch.setattr(survival, "CLUSTER_SPREAD", spread)
    monkeypatch.setattr(survival, "CLUSTER_MEMORY_HOURS", memory)
    walked = simulate(100_000, n, 0.8)
    variance = 0.64 / 8760
    i = np.arange(n)
    together = np.exp(4 * spread**2 * np.exp(-abs(i[:, None] - i) / memory)).sum()
    for reach in (walked.falls[0], walked.rises[0]):
        for power, expected in ((2, n * variance), (4, 3 * variance**2 * together)):
            sample = reach**power
            assert abs(sample.mean() - expected) < 4 * sample.std() / math.sqrt(sample.size)
    # Enough to tell: without memory the fourth power would be over 10 % lower.
    assert 3 * (n * n + n * (math.exp(4 * spread**2) - 1)) / (3 * together) < 0.9


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_the_variance_is_that_of_the_volatility(spread, monkeypatch):
    monkeypatch.setattr(survival, "CLUSTER_SPREAD", spread)
    walked = simulate(PATHS, 12, 0.8, seed=2)
    for reach in (walked.falls[0], walked.rises[0]):
        sample = reach**2
        assert abs(sample.mean() - 12 * 0.64 / 8760) < 4 * sample.std() / math.sqrt(PATHS)


def test_distances_are_proportional_to_the_volatility():
    wild, calm = simulate(500, [1, 24], 0.8), simulate(500, [1, 24], 0.2)
    assert wild.falls == pytest.approx(4 * calm.falls) and wild.rises == pytest.approx(4 * calm.rises)


def test_the_same_seed_gives_the_same_paths():
    one, two, other = (simulate(50, [1, 2], 0.8, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(one.falls, two.falls) and np.array_equal(one.rises, two.rises)
    assert not np.array_equal(one.falls, other.falls)
    assert one != two and one == one  # an object is itself; its arrays are compared by hand
    assert np.all(np.diff(one.falls) >= 0) and np.all(np.diff(one.rises) >= 0) and np.all(one.falls >= 0)


def test_defaults_of_a_simulation():
    short, long = simulate(50, 3, 0.8), simulate(50, (3,), 0.8, 1)
    assert np.array_equal(short.falls, long.falls) and np.array_equal(short.rises, long.rises)
    assert (survival.CLUSTER_SPREAD, survival.CLUSTER_MEMORY_HOURS) == (0.7, 72)


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
        simulate(20_000, steps, 0.8)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.05 * peaks[0] and peaks[1] < 3_000_000  # 200 steps of all paths would be 32 MB


def test_median_between_by_hand():
    assert median_between([1, 4, 8], [0.1, 0.4, 0.9]) == (4, 8)
    assert median_between([1, 4, 8], [0.1, 0.5, 0.9]) == (1, 4)  # exactly half by 4
    assert median_between([1, 4, 8], [0.6, 0.7, 0.7]) == (0, 1)
    assert median_between((1, 4, 8), np.array([0.1, 0.2, 0.49])) == (8, math.inf)
    assert median_between(3, 0.5) == (0, 3) and median_between(3, 0.4) == (3, math.inf)


def test_the_half_life_of_simulated_paths(monkeypatch):
    monkeypatch.setattr(survival, "CLUSTER_SPREAD", 0.0)
    half = median_hours("long", 0.02, 0.8)
    hours = [6, 12, 18]
    walked = simulate(PATHS, hours, 0.8)
    after, by = median_between(hours, share_reached(walked, "long", 0.02, hours))
    assert after < half < by and by - after == 6


# The measured table ---------------------------------------------------------------------------------------------------


ROWS = {EARLIER: 480, LATER: 420}  # 30 moves, both sides, 8 and 7 horizons


@pytest.fixture(scope="module")
def printed():
    """{years: {(side, move, hours): share}}, read without the package's reader."""
    found = {}
    for years, name in ((EARLIER, "btc_first_passage_2018_2023"), (LATER, "btc_first_passage_2023_2026")):
        with open(data.folder() / f"{name}.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        found[years] = {
            (r["side"], float(r["adverse_move"]), float(r["hours"])): float(r["share_reached"]) for r in rows
        }
        assert len(rows) == len(found[years]) == ROWS[years]
    return found


def test_measured_as_printed(printed):
    assert measured("long", 0.001, 1) == 0.8228 and measured("short", 0.001, 1) == 0.81825
    assert measured("long", 0.1, 24) == 0.03234 and measured("short", 0.75, 2160) == 0.16604
    assert measured("long", 0.0005, 1) == 0.90006 and measured("long", 0.75, 2160) == 0
    # 10 % against a long within a week: 23.2 % in the earlier years, half of it in the later.
    assert measured("long", 0.1, 168) == measured("long", 0.1, 168, EARLIER) == 0.23161
    assert measured("long", 0.1, 168, LATER) == 0.11726 and measured("short", 0.1, 168, years=LATER) == 0.15689
    for years, table in printed.items():
        for (side, move, hours), share in table.items():
            assert measured(side, move, hours, years) == pytest.approx(share, rel=1e-12)
        assert measured_moves() == tuple(sorted({move for _, move, _ in table}))
    assert measured_hours() == measured_hours(EARLIER) == (1, 4, 8, 24, 72, 168, 720, 2160)
    assert measured_hours(LATER) == (1, 4, 8, 24, 72, 168, 720)
    assert len(measured_moves()) == 30 and measured_moves()[0] == 0.0005 and measured_moves()[-1] == 0.75


@pytest.mark.parametrize("years, starts", [(EARLIER, 39_955), (LATER, 17_158)])
def test_measured_tables_are_monotone_and_count_whole_hours(years, starts, printed):
    assert survival.STARTS[years] == starts
    for (side, move, hours), share in printed[years].items():
        assert abs(round(share * starts) / starts - share) <= 5.1e-6  # a number of the starting hours, to five digits
        for (other_side, nearer, later), more in printed[years].items():
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


@pytest.mark.parametrize("years", [EARLIER, LATER])
def test_measured_volatility_by_slices(years, printed):
    # The starts that got as far as b1 but not b2 count with the mean of b1² and b2².
    total = 0.0
    for side, s in (("long", -1), ("short", 1)):
        points = [(math.log(1 + s * m), printed[years][side, m, 24]) for m in measured_moves()]
        points = [(0.0, 1.0), *points, (None, 0.0)]
        for (b1, p1), (b2, p2) in zip(points, points[1:]):
            total += (p1 - p2) * ((b1**2 + b2**2) / 2 if b2 is not None else b1**2)
    assert measured_volatility(years) == pytest.approx(math.sqrt(total / 2 * 365), rel=1e-9)


def test_measured_volatility_is_about_the_same_by_most_other_times(monkeypatch):
    assert measured_volatility() == measured_volatility(EARLIER) == pytest.approx(0.811, abs=0.0005)
    assert measured_volatility(LATER) == pytest.approx(0.548, abs=0.0005)
    for hours in measured_hours()[:-1]:
        monkeypatch.setattr(survival, "MEASURED_OVER", hours)
        assert measured_volatility() == pytest.approx(0.814, abs=0.013)
    for hours in measured_hours(LATER)[:-1]:  # within a month the calmer years came back from farther
        monkeypatch.setattr(survival, "MEASURED_OVER", hours)
        assert measured_volatility(LATER) == pytest.approx(0.54, abs=0.016)


def test_measured_volatility_finds_a_known_one(monkeypatch):
    moves = tuple(np.geomspace(1e-4, 0.9, 2000).tolist())
    shares = {s: np.array([chance_reached(side, moves, 24, 0.6)]) for s, side in ((1, "long"), (-1, "short"))}
    monkeypatch.setattr(survival, "_table", lambda years: (moves, (24.0,), shares))
    assert measured_volatility() == pytest.approx(0.6, rel=1e-4)


# The lesson -----------------------------------------------------------------------------------------------------------


# 0.03 and 0.05, and four standard errors: the constants were chosen by the earlier table, and fit the later by its
# volatility alone.
@pytest.mark.parametrize("years, most, day", [(EARLIER, 0.04, 0.15), (LATER, 0.06, 0.14)])
def test_clusters_come_closer_to_the_measured_tables_than_the_bell_curve(years, most, day):
    hours, moves = [1, 4, 24, 168], np.array(measured_moves()[:-3])
    volatility = measured_volatility(years)
    walked = simulate(PATHS, hours, volatility)
    for at, bell_misses in zip(hours, (0.2, 0.15, day, 0.1), strict=True):
        truth = (measured("long", moves, at, years) + measured("short", moves, at, years)) / 2
        assert abs(share_reached(walked, "long", moves, at) - truth).max() < most
        assert abs(chance_reached("long", moves, at, volatility) - truth).max() > bell_misses


def test_volatility_sets_the_clock():
    """By hand: half-lives are as 1 / volatility², (0.811 / 0.428)² = 3.6; both counts know it, roughly."""
    long_ago, of_2025 = (median_hours("long", 0.009, volatility) for volatility in (0.811, 0.428))
    assert of_2025 / long_ago == pytest.approx((0.811 / 0.428) ** 2) == pytest.approx(3.6, abs=0.01)
    # 0.5 % to 5 %: read off the tables on a line over the logarithm of time.
    # By the volatilities (0.811 / 0.548)² = 2.2.
    for side in ("long", "short"):
        for move in (0.005, 0.01, 0.02, 0.05):
            early, late = (
                math.exp(np.interp(0.5, measured(side, move, measured_hours(y), y), np.log(measured_hours(y))))
                for y in (EARLIER, LATER)
            )
            assert 1.5 < late / early < 2.3


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
    (
        chance_reached,
        (["long"] * 3, [0.1, 0.2], 1, 1),
        "the arrays must have shapes that fit together, got side (3,), move (2,), hours (), annual volatility ()",
    ),
    (median_hours, ("long", -1, 1), "move must be at least 0, got -1"),
    (median_hours, ("long", 2, 1), "move must be at most 1 for a long (a price cannot fall below 0), got 2"),
    (median_hours, ("long", 0.1, -1), "annual volatility must be from 0.0001 to 100, got -1"),
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
    (simulate, (10, [1, 1.5], 1), "hours must be whole numbers, got 1.5"),
    (simulate, (10, 0.25, 1), "hours must be whole numbers, got 0.25"),
    (simulate, (10_000_000, 501, 1), "paths × steps must be at most 5,000,000,000, got 5010000000"),
    (simulate, (10, 1, 0), "annual volatility must be from 0.0001 to 100, got 0"),
    (simulate, (10, 1, 101), "annual volatility must be from 0.0001 to 100, got 101"),
    (simulate, (10, 1, [1, 2]), "annual volatility must be one number, got an array of shape (2,)"),
    (simulate, (10, 1, 1, -1), "seed must be at least 0, got -1"),
    (simulate, (10, 1, 1, 0.5), "seed must be a whole number, got 0.5"),
    (share_reached, ([0.1], "long", 0.1, 1), "extremes must be what simulate gave, got list"),
    (share_reached, (WALKED, "sell", 0.1, 1), "side must be 'long' or 'short', got 'sell'"),
    (share_reached, (WALKED, "long", -0.1, 1), "move must be at least 0, got -0.1"),
    (
        share_reached,
        (WALKED, "long", 1.5, 1),
        "move must be at most 1 for a long (a price cannot fall below 0), got 1.5",
    ),
    (share_reached, (WALKED, "long", 0.1, 2), "hours must be one of 1, 24; got 2"),
    (share_reached, (WALKED, "long", 0.1, [1, 3]), "hours must be one of 1, 24; got 3"),
    (share_reached, (WALKED, "long", 0.1, 0), "hours must be above 0, got 0"),
    (
        share_reached,
        (WALKED, "long", [0.1, 0.2, 0.3], [1, 24]),
        "the arrays must have shapes that fit together, got side (), move (3,), hours (2,)",
    ),
    (median_between, ([1, 2], [0.1]), "there must be one share for each of the 2 hours, got 1"),
    (median_between, ([1, 2], [0.2, 0.1]), "shares must never fall, got [0.2, 0.1]"),
    (median_between, ([1, 2], [0.2, 1.1]), "shares must be from 0 to 1, got 1.1 (at position 1)"),
    (median_between, ([0, 2], [0.2, 1]), "hours must be above 0, got 0 (at position 0)"),
    (measured, ("long", 0.0004, 1), "move must be from 0.0005 to 0.75, got 0.0004"),
    (measured, ("long", 0.76, 1), "move must be from 0.0005 to 0.75, got 0.76"),
    (measured, ("long", 0.1, 2), "hours must be one of 1, 4, 8, 24, 72, 168, 720, 2160; got 2"),
    (measured, ("long", 0.1, 0), "hours must be above 0, got 0"),
    (measured, ("long", 0.1, 2160, LATER), "hours must be one of 1, 4, 8, 24, 72, 168, 720; got 2160"),
    (measured, ("long", 0.1, 1, "2025"), "years must be '2018 to 2023' or '2023 to 2026', got '2025'"),
    (measured_hours, (2023,), "years must be '2018 to 2023' or '2023 to 2026', got 2023"),
    (measured_volatility, (None,), "years must be '2018 to 2023' or '2023 to 2026', got None"),
]


@pytest.mark.parametrize("function, arguments, sentence", SENTENCES)
def test_bad_input_in_one_sentence(function, arguments, sentence):
    with pytest.raises(ValueError) as error:
        function(*arguments)
    assert str(error.value) == sentence


GOOD = {
    adverse_move: (10.0, 0.01),
    chance_reached: ("long", 0.1, 24.0, 0.8),
    median_hours: ("long", 0.1, 0.8),
    simulate: (5, 2.0, 0.8, 1),
    share_reached: (WALKED, "long", 0.1, 24.0),
    median_between: ([1.0, 2.0], [0.1, 0.6]),
    measured: ("long", 0.1, 24.0),
}


@pytest.mark.parametrize("function", GOOD)
def test_every_function_refuses_every_bad_number(function):
    arguments = GOOD[function]
    function(*arguments)
    for place in range(len(arguments)):
        for bad in (math.nan, math.inf, -math.inf, "1", None, [1.0, math.nan]):
            with pytest.raises(ValueError, match="must be|there must"):
                function(*arguments[:place], bad, *arguments[place + 1 :])


def test_what_is_on_the_edge_is_allowed():
    assert chance_reached("short", 0.1, 1, 0.0001) == 0 and chance_reached("short", 0.1, 1, 100) > 0.9
    assert simulate(1, 1, 100, seed=0).falls.shape == simulate(1, 1, 0.0001).falls.shape == (1, 1)
    assert simulate(5, 10 * 0.3, 0.8).hours == (3,) and simulate(5, 0.1 * 30, 0.8).falls.shape == (1, 5)
    slow, quick = median_hours("short", 0.1, [0.0001, 100])
    assert slow == pytest.approx(1e12 * quick)
