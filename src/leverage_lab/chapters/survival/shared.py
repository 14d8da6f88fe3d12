"""What several panels of this chapter use, and the data behind them."""

from functools import cache
from typing import Any

import numpy as np

from leverage_lab import survival
from leverage_lab.chapters.strategies.shared import _mexc
from leverage_lab.checks import Finite, Leverage, Positive, checked

# --- simulated hours -------------------------------------------------------------------------------

PATHS = 1500


@cache
def _once():
    """1,500 simulated price paths of 90 days (seeded) at a yearly volatility of 100 %."""
    return survival.simulate(PATHS, survival.measured_hours(), 1.0)


def paths(volatility):
    """1,500 simulated price paths of 90 days (survival.Extremes, seeded) at a yearly volatility, a fraction."""
    once = _once()  # all distances are proportional to the volatility
    return survival.Extremes(once.hours, once.falls * volatility, once.rises * volatility)


# --- many accounts
TRADES, ACCOUNTS, STAKE, START = 100, 400, 0.1, 1000.0


@cache
def _luck():
    """One seeded random number for each trade of each account: the same luck in every state of the panel."""
    return np.random.default_rng(2025).random((ACCOUNTS, TRADES))


def scalp(leverage, stop, target, edge):
    """Distance of the exit, whether it is the liquidation, chance to win, gain and loss of the margin; arrays, too.

    stop: its distance, a fraction; target: in stops; edge: wins beyond those without direction. MEXC's rates.
    """
    fee, rate, aim = _mexc().taker_fee, _mexc().maintenance_rate, target * stop
    room = survival.adverse_move(leverage, rate)
    liquidated = room <= stop * (1 + 1e-12)
    distance = np.minimum(room, stop)
    chance = np.minimum(distance / (distance + aim) * (1 + edge), 1.0)
    gain = leverage * (aim - fee - fee * (1 + aim))
    at_stop = leverage * (stop + fee + fee * (1 - stop))
    return distance, liquidated, chance, gain, np.minimum(np.where(liquidated, np.inf, at_stop), 1 + leverage * fee)


@checked
def accounts(leverage: Leverage[float], stop: Positive[float], target: Positive[float], edge: Finite[float]) -> Any:
    """Dollars of 400 accounts after each of 100 trades, an array (accounts, trades so far); $1,000 at the start.

    A tenth of the account is the margin of each trade; won and lost as `scalp` says, with one seeded luck.
    """
    _, _, chance, gain, loss = scalp(leverage, stop, target, edge)
    steps = np.where(_luck() < chance, 1 + STAKE * gain, 1 - STAKE * loss)
    return np.concatenate([np.full((ACCOUNTS, 1), START), START * np.cumprod(steps, axis=1)], axis=1)
