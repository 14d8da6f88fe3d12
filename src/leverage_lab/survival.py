"""Chapters 2 and 6: how long a position lives: the chance that an adverse move comes within a time.

Three answers to one question, with one order of arguments (side, move, hours):

- `chance_reached`: closed form, if the logarithm of the price were a Brownian motion with drift;
- `share_reached`: counted on simulated paths (`simulate`): Gaussian, with fat tails, with volatility clusters;
- `measured`: counted on 39,955 starting hours of BTC/USD (data/btc_first_passage_2018_2023.csv).

`side` is "long" or "short", or an array of these words. `move` is the adverse move as a fraction of the
opening price e: the price falls to e (1 − move) for a long (a long's move is at most 1), rises to
e (1 + move) for a short. In logarithms a long's distance is the longer one, so long and short are no
mirror images. Volatility and drift are those of the logarithm of the price, a year of 365 × 24 hours:
without drift the price is above or below the opening price equally often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from leverage_lab.checks import FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, Range, choice, number, numbers
from leverage_lab.leverage import SIDES, sign
from leverage_lab.numeric import is_array

HOURS_A_YEAR = 365 * 24
MODELS = ("gaussian", "fat tails", "clusters")
MEASURED = "btc_first_passage_2018_2023"
QUARTILE = 0.6744897501960817  # a standard normal number is above it a quarter of the time
SHARE = Range(low=0, high=1)
VOLATILITY = Range(low=0.0001, high=100)  # a year, 0.01 % to 10,000 %: beyond is a slip, and breaks floats
DRIFT = Range(low=-1000, high=1000)
BLOCK = 8192  # paths walked together: their arrays stay in a processor's cache


def adverse_move(leverage, maintenance_rate=0):
    """The adverse move that liquidates, a fraction: 1 / L − maintenance rate (scalar or arrays).

    For a linear, isolated position with maintenance on the entry value, fees and funding left out.
    ValueError where nothing is left: such a position would be liquidated at entry.
    """
    leverage, maintenance_rate = numbers(
        leverage=(leverage, LEVERAGE), maintenance_rate=(maintenance_rate, Range(low=0, high=1, open_high=True))
    )
    move = 1 / leverage - maintenance_rate
    try:
        return number("1 / leverage − maintenance rate", move, POSITIVE)
    except ValueError as error:
        raise ValueError(f"liquidated at entry: {error}") from None


def chance_reached(side, move, hours, annual_volatility, annual_drift=0):
    """Chance that the adverse move comes within `hours`, for Brownian motion with drift (scalar or arrays).

    With b the distance in logarithms, μ the drift towards it and σ the volatility, each per hour:
    P = Φ((μt − b) / σ√t) + exp(2μb / σ²) Φ((−μt − b) / σ√t). Karatzas and Shreve, "Brownian Motion and
    Stochastic Calculus", second edition, 1991, section 3.5.C; also Borodin and Salminen, "Handbook of
    Brownian Motion", second edition, 2002, part II, chapter 2. 1 for a move of 0; 0 within 0 hours, and
    for a long's move of 1 (the price never falls to 0).
    """
    distance, towards, hours, volatility, drift = _brownian(side, move, hours, annual_volatility, annual_drift)
    return _each(
        lambda b, s, t, v, d: _passage(b, s * d * t, v * math.sqrt(t)), distance, towards, hours, volatility, drift
    )


def median_hours(side, move, annual_volatility, annual_drift=0):
    """Half-life of a position: hours within which half of all such positions are reached (scalar or arrays).

    Without drift t = (b / 0.67449 σ)², from 2 Φ(−b / σ√t) = 1/2: twice the distance, four times as long.
    With drift by bisection on `chance_reached`. nan where half are never reached: a drift away from the
    barrier with exp(−2 |μ| b / σ²) ≤ 1/2, or a long's move of 1.
    """
    distance, towards, _, volatility, drift = _brownian(side, move, 0, annual_volatility, annual_drift)
    return _each(lambda b, s, v, d: _median(b, s * d, v), distance, towards, volatility, drift)


def implied_volatility(side, move, hours, share):
    """The annual volatility at which driftless Brownian motion is reached by `share` (scalar or arrays).

    Solves share = 2 Φ(−b / σ√t). If prices were Brownian, every cell of the measured table would give the
    same number; it gives far less for small and far more for large moves. nan for a long's move of 1.
    """
    from statistics import NormalDist

    towards, move, hours, share = numbers(
        side=(sign(side), FINITE),
        move=(move, POSITIVE),
        hours=(hours, POSITIVE),
        share=(share, Range(low=0, high=1, open_low=True, open_high=True)),
    )
    standard = NormalDist()

    def solve(b, t, p):
        return math.nan if b == math.inf else b / -standard.inv_cdf(p / 2) / math.sqrt(t / HOURS_A_YEAR)

    return _each(solve, _each(_distance, towards, move), hours, share)


@dataclass(frozen=True, eq=False)
class Extremes:
    """How far simulated paths went against a position by each of `hours`, in logarithms of the price.

    falls, rises: arrays (hours, paths), each row sorted upwards, so that any number of distances is a
    quick search; column i is not the same path in both.
    """

    hours: tuple
    falls: object
    rises: object


def simulate(
    paths,
    hours,
    annual_volatility,
    annual_drift=0,
    model="gaussian",
    step_hours=1,
    between_steps=True,
    tail_degrees=3,
    cluster_spread=0.7,
    cluster_memory_hours=72,
    seed=1,
):
    """Walk `paths` random price paths and keep how far each fell and rose by each of `hours` (Extremes).

    paths: how many, to 10 million; hours: one horizon or several, increasing, whole multiples of `step_hours`. Each step
    is Gaussian with a volatility of its own, and all models have the same variance in the long run:

    - "gaussian": always σ;
    - "fat tails": σ √((n − 2) / χ²) with n = `tail_degrees` (above 2), new in each step: the steps are
      Student t (Blattberg and Gonedes, The Journal of Business, 1974);
    - "clusters": σ exp(x − spread²), x normal with standard deviation `cluster_spread` and a memory that
      fades as exp(−hours / `cluster_memory_hours`) (Taylor, "Modelling Financial Time Series", 1986).
      Paths start at a random moment: x is drawn from its long-run distribution. The defaults are our choice:
      with the volatility of the measured table they come within 0.03 of its shares, up to a week.

    between_steps: also what happens inside a step, from the exact extreme of a Brownian bridge between its
    ends (Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, section 6.4); False looks only
    at the ends of steps and misses some. Memory: 16 bytes a path and horizon, however many the steps.
    """
    import numpy as np

    choice("model", model, MODELS)
    paths, seed = _whole("paths", paths, Range(low=1, high=10_000_000)), _whole("seed", seed, NOT_NEGATIVE)
    step_hours = _one("step hours", step_hours, POSITIVE)
    horizons = _horizons(hours)
    ends = [_whole_steps(horizon, step_hours) for horizon in horizons]
    number("paths × steps", paths * ends[-1], Range(high=5_000_000_000))
    volatility = _one("annual volatility", annual_volatility, VOLATILITY) * math.sqrt(step_hours / HOURS_A_YEAR)
    drift = _one("annual drift", annual_drift, DRIFT) * step_hours / HOURS_A_YEAR
    n = _one("tail degrees", tail_degrees, Range(low=2, open_low=True))
    spread = _one("cluster spread", cluster_spread, NOT_NEGATIVE)
    memory = math.exp(-step_hours / _one("cluster memory hours", cluster_memory_hours, POSITIVE))
    if not isinstance(between_steps, bool):
        raise ValueError(f"between steps must be True or False, got {between_steps!r}")

    random = np.random.default_rng(seed)
    falls, rises = np.empty((len(ends), paths)), np.empty((len(ends), paths))
    for start in range(0, paths, BLOCK):
        block = slice(start, min(start + BLOCK, paths))
        size = block.stop - start
        price, fall, rise = np.zeros(size), np.zeros(size), np.zeros(size)
        mood = random.standard_normal(size) * spread if model == "clusters" else None
        width, row = volatility, 0
        for step in range(1, ends[-1] + 1):
            if model == "fat tails":
                width = volatility * np.sqrt((n / 2 - 1) / random.standard_gamma(n / 2, size))
            elif model == "clusters":
                width = volatility * np.exp(mood - spread**2)
                mood = memory * mood + random.standard_normal(size) * (spread * math.sqrt(1 - memory**2))
            move = random.standard_normal(size) * width + drift
            if between_steps:
                square, noise = move * move, 2 * width * width
                below = np.sqrt(square + noise * random.standard_exponential(size))
                above = np.sqrt(square + noise * random.standard_exponential(size))
                np.maximum(fall, (below - move) / 2 - price, out=fall)
                np.maximum(rise, (above + move) / 2 + price, out=rise)
                price += move
            else:
                price += move
                np.maximum(fall, -price, out=fall)
                np.maximum(rise, price, out=rise)
            if step == ends[row]:
                falls[row, block], rises[row, block] = fall, rise
                row += 1
    falls.sort(axis=1)
    rises.sort(axis=1)
    return Extremes(horizons, falls, rises)


def share_reached(extremes, side, move, hours):
    """Share of the simulated paths that the adverse move reached within `hours` (scalar or arrays).

    extremes: what `simulate` gave; hours: one of its horizons, or an array of them.
    """
    if not isinstance(extremes, Extremes):
        raise ValueError(f"extremes must be what simulate gave, got {type(extremes).__name__}")

    def count(s, row, moves):
        reach = (extremes.falls if s > 0 else extremes.rises)[row]
        return (reach.size - reach.searchsorted(_each(_distance, s, moves))) / reach.size

    return _counted(side, move, hours, extremes.hours, NOT_NEGATIVE, count)


def standard_error(share, paths):
    """Standard error of a share counted on `paths` independent paths: √(p (1 − p) / n) (scalar or arrays).

    0 where none or all were reached: the true chance may then still be some 3 / n away.
    """
    share, paths = numbers(share=(share, SHARE), paths=(paths, Range(low=1)))
    return (share * (1 - share) / paths) ** 0.5


def median_between(hours, shares):
    """Between which two of `hours` half are reached: (after, by), for measured or simulated shares.

    hours: increasing; shares: one each, never falling. (0.0, first) if half are reached by the first,
    (last, inf) if not even by the last.
    """
    hours = _horizons(hours)
    (shares,) = numbers(shares=(shares, SHARE))
    shares = [shares] if isinstance(shares, float) else shares.tolist()
    if len(shares) != len(hours):
        raise ValueError(f"there must be one share for each of the {len(hours)} hours, got {len(shares)}")
    if sorted(shares) != shares:
        raise ValueError(f"shares must never fall, got {shares}")
    before = sum(share < 0.5 for share in shares)
    times = (0.0, *hours, math.inf)
    return times[before], times[before + 1]


def measured_moves():
    """The adverse moves of the measured table, fractions, increasing (a tuple)."""
    return _table()[0]


def measured_hours():
    """The horizons of the measured table, in hours, increasing (a tuple)."""
    return _table()[1]


def measured(side, move, hours):
    """Share of 39,955 starting hours of BTC/USD in which the adverse move came within `hours` (scalar or arrays).

    As printed at a move of the table; between two of them a straight line over the logarithm of the move.
    hours: one of `measured_hours()`. By the lows (long) and highs (short) of hourly bars of traded prices at
    Bitstamp, 15 May 2018 to 5 March 2023: start hours overlap, so long horizons hold few independent ones.
    """
    moves, horizons, shares = _table()

    def count(s, row, wanted):
        import numpy as np

        return np.interp(np.log(wanted), np.log(moves), shares[s][row])

    return _counted(side, move, hours, horizons, Range(low=moves[0], high=moves[-1]), count)


def measured_volatility(hours=24):
    """The annual volatility of the measured table: Brownian motion with it goes as far, in the mean square.

    The farthest adverse move of driftless Brownian motion has the mean square σ²t (it is distributed as
    the size of the last move: the reflection principle, Karatzas and Shreve, section 2.6.A), also where σ
    changes by itself. In the table it is ∫ 2 b P(b) db, by trapezoids over b², mean of both sides.
    24 hours: long enough that a bar's stray ticks weigh little, short enough that no move is off the table.
    """
    hours = _one("hours", hours, POSITIVE)
    moves, horizons, shares = _table()
    _among("hours", hours, horizons)
    total = 0.0
    for s, by_horizon in shares.items():
        squares = [0.0] + [_distance(s, move) ** 2 for move in moves]
        reached = [1.0] + by_horizon[horizons.index(hours)].tolist()
        for i in range(len(moves)):
            total += (squares[i + 1] - squares[i]) * (reached[i] + reached[i + 1]) / 2
    return math.sqrt(total / 2 * HOURS_A_YEAR / hours)


@dataclass(frozen=True)
class Beside:
    """One row of the comparison: share measured, chance by the bell curve, and how much the latter says too much."""

    side: str
    move: float
    hours: float
    measured: float
    gaussian: float

    @property
    def gap(self):
        """gaussian − measured: positive where the bell curve sees more positions reached than were."""
        return self.gaussian - self.measured


def gaussian_beside_measured(side, hours=1, annual_volatility=None):
    """The measured shares and driftless Brownian motion side by side, one row (Beside) for each tabulated move.

    annual_volatility: by default `measured_volatility()`, so that both have the same variance and only the
    shape differs.
    """
    choice("side", side, SIDES)
    hours = _one("hours", hours, POSITIVE)
    if annual_volatility is None:
        annual_volatility = measured_volatility()
    volatility = _one("annual volatility", annual_volatility, VOLATILITY)
    return tuple(
        Beside(side, move, hours, measured(side, move, hours), chance_reached(side, move, hours, volatility))
        for move in measured_moves()
    )


def _brownian(side, move, hours, annual_volatility, annual_drift):
    towards, move, hours, volatility, drift = numbers(
        side=(sign(side), FINITE),
        move=(move, NOT_NEGATIVE),
        hours=(hours, NOT_NEGATIVE),
        annual_volatility=(annual_volatility, VOLATILITY),
        annual_drift=(annual_drift, DRIFT),
    )
    # A falling price runs towards a long's barrier.
    return _each(_distance, towards, move), -towards, hours, volatility / math.sqrt(HOURS_A_YEAR), drift / HOURS_A_YEAR


def _each(function, *values):
    """`function` of plain numbers, or of each place of the arrays (about a microsecond a place)."""
    if not any(is_array(value) for value in values):
        return function(*values)
    import numpy as np

    return np.vectorize(function, otypes=[float])(*values)


def _distance(towards, move):
    """|ln| of the barrier over the opening price."""
    if towards > 0 and move >= 1:
        if move > 1:
            raise ValueError(f"move must be at most 1 for a long (a price cannot fall below 0), got {move:.15g}")
        return math.inf
    return abs(math.log1p(-towards * move))


def _passage(distance, drift, deviation):
    """Chance that Brownian motion with this total drift and standard deviation reaches `distance`."""
    if distance == 0:
        return 1.0
    if distance == math.inf or deviation == 0:
        return 0.0
    near, far = (drift - distance) / deviation, (drift + distance) / deviation
    ends_beyond = math.erfc(-near / math.sqrt(2)) / 2
    if far < 30:
        comes_back = math.exp(2 * (drift / deviation) * (distance / deviation)) * math.erfc(far / math.sqrt(2)) / 2
    else:  # the exponential overflows and erfc vanishes; their product is a density times a tail (Mills) ratio
        x = 1 / (far * far)
        tail = (1 - x * (1 - x * (3 - x * (15 - x * 105)))) / far
        comes_back = math.exp(-near * near / 2) / math.sqrt(2 * math.pi) * tail
    return min(1.0, ends_beyond + comes_back)


def _median(distance, drift, deviation):
    """Median hours to `distance`, by the drift towards it and the deviation of one hour."""
    root = distance / (QUARTILE * deviation)
    low = root * root  # without drift, that is it
    high = 1024 * low  # by then has come, to the last digit, whatever will ever come if half do
    if low == 0 or drift == 0:
        return low if distance < math.inf else math.nan

    def half_by(hours):
        return _passage(distance, drift * hours, deviation * math.sqrt(hours)) >= 0.5

    if not half_by(high):
        return math.nan
    while half_by(low):
        low /= 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if half_by(middle) else (middle, high)
    return high


def _counted(side, move, hours, horizons, moves, count):
    """Shares place by place: count(s, row, moves) for one side and one of the horizons at a time."""
    import numpy as np

    towards, move, hours = numbers(side=(sign(side), FINITE), move=(move, moves), hours=(hours, POSITIVE))
    for one in np.ravel(hours).tolist():
        _among("hours", one, horizons)
    towards, move, hours = np.broadcast_arrays(towards, move, hours)
    share = np.empty(move.shape)
    for s in (1, -1):
        for row, horizon in enumerate(horizons):
            here = (towards == s) & (hours == horizon)
            if here.any():
                share[here] = count(s, row, move[here])
    return share if share.ndim else float(share)


def _among(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(f'{one:.15g}' for one in allowed)}; got {value:.15g}")


def _horizons(hours):
    hours = number("hours", hours, POSITIVE)
    hours = (hours,) if isinstance(hours, float) else tuple(hours.ravel().tolist())
    if not hours or any(after <= before for before, after in zip(hours, hours[1:])):
        raise ValueError(f"hours must be one or more, increasing, got {list(hours)}")
    return hours


def _whole_steps(hours, step_hours):
    steps = hours / step_hours
    if not math.isclose(steps, round(steps)):
        raise ValueError(f"hours must be whole multiples of step hours ({step_hours:.15g}), got {hours:.15g}")
    return round(steps)


def _one(name, value, allowed):
    value = number(name, value, allowed)
    if is_array(value):
        raise ValueError(f"{name} must be one number, got an array of shape {value.shape}")
    return value


def _whole(name, value, allowed):
    value = _one(name, value, allowed)
    if value != int(value):
        raise ValueError(f"{name} must be a whole number, got {value:.15g}")
    return int(value)


@lru_cache(maxsize=None)
def _table():
    """The measured table: its moves, its hours and, by sign of the side, an array of shares (hours, moves)."""
    from leverage_lab.data import load

    grids = {
        sign(side): rows.pivot(index="hours", columns="adverse_move", values="share_reached")
        for side, rows in load(MEASURED).groupby("side")
    }
    return tuple(grids[1].columns), tuple(grids[1].index), {s: grid.to_numpy() for s, grid in grids.items()}
