"""Chapter 6: how long a position lives: the chance that an adverse move comes within a time.

Three answers to one question, with one order of arguments (side, move, hours):

- `chance_reached`: closed form, if the logarithm of the price were a Brownian motion without drift;
- `share_reached`: counted on simulated paths (`simulate`) whose volatility comes in clusters;
- `measured`: counted on the starting hours of real years of BTC: of 2018 to 2023, or of the calmer 2023 to 2026.

`side` is "long" or "short", or an array of these words. `move` is the adverse move as a fraction of the opening price
e: the price falls to e (1 − move) for a long (a long's move is at most 1), rises to e (1 + move) for a short. In
logarithms a long's distance is the longer one, so long and short are not mirror images. Volatility is that of the
logarithm of the price, a year of 365 × 24 hours; the price is above or below the opening price equally often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, get_args

import numpy as np

from leverage_lab.checks import (
    POSITIVE,
    Finite,
    Leverage,
    NotNegative,
    Positive,
    Range,
    Rate,
    Share,
    Side,
    checked,
    number,
    short,
    sign,
)  # fmt: skip

Years = Literal["2018 to 2023", "2023 to 2026"]
EARLIER, LATER = get_args(Years)
TABLES = {EARLIER: "btc_first_passage_2018_2023", LATER: "btc_first_passage_2023_2026"}
STARTS = {EARLIER: 39_955, LATER: 17_158}  # starting hours
HOURS_A_YEAR = 365 * 24
MEASURED_OVER = 24  # hours, for the volatility of the measured tables
QUARTILE = 0.6744897501960817  # a standard normal number is above it a quarter of the time
CLUSTER_SPREAD = 0.7
CLUSTER_MEMORY_HOURS = 72
BLOCK = 8192  # paths simulated together: their arrays stay in a processor's cache
T = TypeVar("T")
Volatility = Annotated[T, Range(low=0.0001, high=100)]  # a year, 0.01 % to 10,000 %: beyond is a slip


@checked
def adverse_move(leverage: Leverage, maintenance_rate: Rate = 0) -> Finite:
    """The adverse move that liquidates, a fraction: 1 / L − maintenance rate (scalar or arrays).

    For a linear, isolated position with maintenance on the entry value, fees and funding left out.
    ValueError where nothing is left: such a position would be liquidated at entry.
    """
    move = 1 / leverage - maintenance_rate
    return number("liquidated at entry: 1 / leverage − maintenance rate", move, POSITIVE)


@checked
def chance_reached(side: Side, move: NotNegative, hours: NotNegative, annual_volatility: Volatility) -> Finite:
    """Chance that the adverse move comes within `hours`, for Brownian motion (scalar or arrays).

    With b the distance in logarithms and σ the volatility of an hour: P = 2 Φ(−b / σ√t), twice the chance to end beyond
    it (the reflection principle: Karatzas and Shreve, "Brownian Motion and Stochastic Calculus", second edition, 1991,
    section 2.6.A). 1 for a move of 0; 0 within 0 hours, and for a long's move of 1 (the price never falls to 0).
    """
    volatility = annual_volatility / math.sqrt(HOURS_A_YEAR)
    return _each(_passage, _each(_distance, side, move), volatility * np.sqrt(hours))


@checked
def median_hours(side: Side, move: NotNegative, annual_volatility: Volatility) -> Any:
    """Half-life of a position: hours within which half of all such positions are reached (scalar or arrays).

    t = (b / 0.67449 σ)², from 2 Φ(−b / σ√t) = 1/2: four times as long for twice the distance b, and for half the
    volatility σ. nan for a long's move of 1.
    """
    volatility = annual_volatility / math.sqrt(HOURS_A_YEAR)
    root = _each(_distance, side, move) / (QUARTILE * volatility)
    return np.where(root < np.inf, root * root, np.nan)


@dataclass(frozen=True, eq=False)
class Extremes:
    """How far simulated paths went against a position by each of `hours`, in logarithms of the price.

    falls, rises: arrays (hours, paths), each row sorted upwards, so that any number of distances is a
    quick search; column i is not the same path in both.
    """

    hours: tuple[float, ...]
    falls: np.ndarray
    rises: np.ndarray


@checked
def simulate(
    paths: Annotated[int, Range(low=1, high=10_000_000)], hours: Positive, annual_volatility: Volatility[float],
    seed: NotNegative[int] = 1,
) -> Extremes:  # fmt: skip
    """Simulate `paths` random price paths and keep how far each fell and rose by each of `hours` (Extremes).

    hours: one horizon or several, increasing, whole hours. Each hour is a step, Gaussian with a volatility of its own,
    σ exp(x − spread²), x normal with standard deviation CLUSTER_SPREAD and a memory that fades as exp(−hours /
    CLUSTER_MEMORY_HOURS) (Taylor, "Modelling Financial Time Series", 1986): quiet and wild times come in clusters, and
    in the long run the variance is that of σ. Paths start at a random moment: x is drawn from its long-run
    distribution. The constants are our choice: with the volatility of the table of 2018 to 2023 they come within 0.03
    of its shares, up to a week. All distances are proportional to `annual_volatility`.

    What happens inside a step is counted too, from the exact extreme of a Brownian bridge between its ends (Glasserman,
    "Monte Carlo Methods in Financial Engineering", 2003, section 6.4). Memory: 16 bytes a path and horizon.
    """
    horizons = _increasing(hours)
    ends = [round(horizon) for horizon in horizons]
    for horizon, end in zip(horizons, ends):
        if not math.isclose(horizon, end):
            raise ValueError(f"hours must be whole numbers, got {horizon:.15g}")
    number("paths × steps", paths * ends[-1], Range(high=5_000_000_000))
    volatility = annual_volatility * math.sqrt(1 / HOURS_A_YEAR)
    spread, memory = CLUSTER_SPREAD, math.exp(-1 / CLUSTER_MEMORY_HOURS)

    random = np.random.default_rng(seed)
    falls, rises = np.empty((len(ends), paths)), np.empty((len(ends), paths))
    for start in range(0, paths, BLOCK):
        block = slice(start, min(start + BLOCK, paths))
        size = block.stop - start
        price, fall, rise = np.zeros(size), np.zeros(size), np.zeros(size)
        mood, row = random.standard_normal(size) * spread, 0
        for step in range(1, ends[-1] + 1):
            width = volatility * np.exp(mood - spread**2)
            mood = memory * mood + random.standard_normal(size) * (spread * math.sqrt(1 - memory**2))
            move = random.standard_normal(size) * width
            square, noise = move * move, 2 * width * width
            below = np.sqrt(square + noise * random.standard_exponential(size))
            above = np.sqrt(square + noise * random.standard_exponential(size))
            np.maximum(fall, (below - move) / 2 - price, out=fall)
            np.maximum(rise, (above + move) / 2 + price, out=rise)
            price += move
            if step == ends[row]:
                falls[row, block], rises[row, block] = fall, rise
                row += 1
    falls.sort(axis=1)
    rises.sort(axis=1)
    return Extremes(horizons, falls, rises)


@checked
def share_reached(extremes: object, side: Side, move: NotNegative, hours: Positive) -> Finite:
    """Share of the simulated paths that the adverse move reached within `hours` (scalar or arrays).

    extremes: what `simulate` gave; hours: one of its horizons, or an array of them.
    """
    if not isinstance(extremes, Extremes):
        raise ValueError(f"extremes must be what simulate gave, got {type(extremes).__name__}")

    def count(s, row, moves):
        reach = (extremes.falls if s > 0 else extremes.rises)[row]
        return (reach.size - reach.searchsorted(_each(_distance, s, moves))) / reach.size

    return _counted(side, move, hours, extremes.hours, count)


@checked
def median_between(hours: Positive, shares: Share) -> tuple[float, float]:
    """Between which two of `hours` half are reached: (after, by), for measured or simulated shares.

    hours: increasing; shares: one each, never falling. (0.0, first) if half are reached by the first,
    (last, inf) if not even by the last.
    """
    times, reached = _increasing(hours), np.ravel(shares).tolist()
    if len(reached) != len(times):
        raise ValueError(f"there must be one share for each of the {len(times)} hours, got {len(reached)}")
    if sorted(reached) != reached:
        raise ValueError(f"shares must never fall, got {short(reached)}")
    before = sum(share < 0.5 for share in reached)
    times = (0.0, *times, math.inf)
    return times[before], times[before + 1]


def measured_moves() -> tuple[float, ...]:
    """The adverse moves of the measured tables, fractions, increasing (a tuple); both have the same."""
    return _table(EARLIER)[0]


@checked
def measured_hours(years: Years = EARLIER) -> tuple[float, ...]:
    """The horizons of a measured table, in hours, increasing (a tuple)."""
    return _table(years)[1]


@checked
def measured(side: Side, move: Finite, hours: Positive, years: Years = EARLIER) -> Finite:
    """Share of the starting hours of `years` in which the adverse move came within `hours` (scalar or arrays).

    As printed at a move of the table; between two of them a straight line over the logarithm of the move. hours: one of
    `measured_hours(years)`. years: "2018 to 2023" (39,955 starting hours of BTC/USD at Bitstamp, 15 May 2018 to 5 March
    2023) or "2023 to 2026" (17,158 of BTCUSDT at Binance, 5 March 2023 to 26 July 2026, with gaps; to 30 days). The
    default is the longer one: no gap, three months, calm years and wild. By the lows (long) and highs (short) of hourly
    bars of traded prices, not mark prices. Starting hours overlap: long horizons hold few independent ones.
    """
    moves, horizons, shares = _table(years)
    number("move", move, Range(low=moves[0], high=moves[-1]))

    def count(s, row, wanted):
        return np.interp(np.log(wanted), np.log(moves), shares[s][row])

    return _counted(side, move, hours, horizons, count)


@checked
def measured_volatility(years: Years = EARLIER) -> float:
    """The annual volatility of a measured table: Brownian motion with it goes as far in a day, in the mean square.

    The farthest adverse move of driftless Brownian motion has the mean square σ²t (it is distributed as the size of the
    last move: the reflection principle, Karatzas and Shreve, section 2.6.A), also where σ changes by itself. In the
    table it is ∫ 2 b P(b) db, by trapezoids over b², mean of both sides. A day: long enough that a bar's stray ticks
    weigh little, short enough that no move is off the table. Volatility by closing prices, as others print it, is
    somewhat lower: it does not see how far a day went and came back.
    """
    moves, horizons, shares = _table(years)
    total = 0.0
    for s, by_horizon in shares.items():
        squares = [_distance(s, move) ** 2 for move in (0.0, *moves)]
        total += np.trapezoid([1.0, *by_horizon[horizons.index(MEASURED_OVER)]], squares)
    return math.sqrt(total / 2 * HOURS_A_YEAR / MEASURED_OVER)


def _each(function, *values):
    """`function` of plain numbers, or of each place of the arrays (about a microsecond a place)."""
    if not any(np.ndim(value) for value in values):
        return function(*values)
    return np.vectorize(function, otypes=[float])(*values)


def _distance(side, move):
    """|ln| of the barrier over the opening price."""
    if side > 0 and move >= 1:
        if move > 1:
            raise ValueError(f"move must be at most 1 for a long (a price cannot fall below 0), got {move:.15g}")
        return math.inf
    return abs(math.log1p(-side * move))


def _passage(distance, deviation):
    """Chance that Brownian motion with this standard deviation at the end reaches `distance` on the way."""
    if distance == 0:
        return 1.0
    return 0.0 if distance == math.inf or deviation == 0 else math.erfc(distance / deviation / math.sqrt(2))


def _counted(side, move, hours, horizons, count):
    """Shares place by place: count(s, row, moves) for one side and one of the horizons at a time."""
    for one in np.ravel(hours).tolist():
        if one not in horizons:
            raise ValueError(f"hours must be one of {', '.join(f'{known:.15g}' for known in horizons)}; got {one:.15g}")
    side, move, hours = np.broadcast_arrays(side, move, hours)
    share = np.empty(move.shape)
    for s in (1, -1):
        for row, horizon in enumerate(horizons):
            here = (side == s) & (hours == horizon)
            if here.any():
                share[here] = count(s, row, move[here])
    return share


def _increasing(hours):
    times = tuple(np.ravel(hours).tolist())
    if not times or any(after <= before for before, after in zip(times, times[1:])):
        raise ValueError(f"hours must be one or more, increasing, got {short(list(times))}")
    return times


@lru_cache(maxsize=None)
def _table(years) -> tuple[Any, Any, dict[int, np.ndarray]]:
    """A measured table: its moves, its hours and, by sign of the side, an array of shares (hours, moves)."""
    from leverage_lab.data import load

    grids = {
        sign(side): rows.pivot(index="hours", columns="adverse_move", values="share_reached")
        for side, rows in load(TABLES[years]).groupby("side")
    }
    return tuple(grids[1].columns), tuple(grids[1].index), {s: grid.to_numpy() for s, grid in grids.items()}
