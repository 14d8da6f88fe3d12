"""What several panels of this chapter use."""

from functools import cache, lru_cache

import numpy as np
from matplotlib.patches import Rectangle

from leverage_lab import data
from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.liquidation import Rules
from leverage_lab.margin import Account, Holding
from leverage_lab.panelkit import palette
from leverage_lab.words import after_sign, money, percent, plain, price

WALLET = 1000.0


RULES = Rules(0.005)  # maintenance margin: 0.5 % of the value now


MODES = ("isolated", "cross")


def bet(symbol, side, value, leverage, mode, added=0.0):
    """A position of `value` dollars opened at 100."""
    return Holding(symbol, side, ENTRY, value / ENTRY, leverage, RULES, mode=mode, added_margin=added)


@lru_cache(maxsize=100)  # a move of the price opens the same ones again
def opened(wallet, *bets):
    """An account with these positions, all opened at 100."""
    account = Account(wallet)
    for held in bets:
        account = account.open(held, {held.symbol: ENTRY} | {h.symbol: ENTRY for h in account.positions})
    return account


def _cents(value):
    """Without the last bits of a float: 0 where gains and losses cancel."""
    return round(value, 9) + 0.0


def _moved(name, move):
    return f"{name} does not move" if move == 0 else f"{name} {'rises' if move > 0 else 'falls'} {percent(abs(move))}"


def _end(price):
    """Where a position ends, as a move since the entry; nan if no price does it, −1 if only a worthless coin does."""
    return price / ENTRY - 1


@lru_cache(maxsize=100)
def ends_of(account):
    """Where each position ends, {(symbol, side): move}, all coins at the entry."""
    return {
        key: _end(price)
        for key, price in account.liquidation_prices({held.symbol: ENTRY for held in account.positions}).items()
    }


def _ends(move):
    """ "−9.55 %", or words where no fall of the coin reaches it."""
    return (
        f"at {percent(move, signed=True)}"
        if move > -1 + 1e-9
        else "at no price"
        if move != move
        else "only if the coin becomes worthless"
    )


def _change(value, wallet):
    return f"{money(value, signed=True)}, {percent(value / wallet, signed=True)} of the wallet"


# How a number is computed


def moved_to(move):
    """The price after a move as one types it: without the last bits of a float."""
    return round(ENTRY * (1 + move), 12)


def quantity_step(margin, leverage):
    return (
        f"quantity = margin × leverage / entry = {money(margin)} × {plain(leverage)} / {price(ENTRY)}"
        f" = {plain(margin * leverage / ENTRY, 6)}"
    )


def formula(side="long"):
    sign = "−" if side == "long" else "+"
    return f"liquidation price = (entry {sign} margin / quantity) / (1 {sign} maintenance rate)"


def ending(side, margin, coins):
    """The formula with its numbers, the price, and what that is as a move."""
    sign, way, rate = ("−", -1, RULES.maintenance) if side == "long" else ("+", 1, RULES.maintenance)
    at = _cents((ENTRY + way * margin / coins) / (1 + way * rate))
    told = _ends(_end(at)).removeprefix("at ") if at > 0 else "only if the coin becomes worthless" if at == 0 else None
    return (
        f"({price(ENTRY)} {sign} {money(margin)} / {plain(coins, 6)}) / (1 {sign} {percent(rate)})"
        f" = {price(at)}, {told or 'so at no price'}"
    )


def fate(name, closed, side, value, move, stake):
    """What a position has won or lost at a move: closed, its whole stake; open, by the move."""
    start = f"{name} at {percent(move, signed=True)}"
    if closed:
        return f"{start}: closed, all {money(stake)} lost"
    sign, paper = ("", value * move) if side == "long" else ("−", -value * move)
    return f"{start}: open, {sign}{money(value)} × {after_sign(percent(move))} = {money(_cents(paper), signed=True)}"


def in_both_modes(side, margin, leverage, wallet, closed, moves):
    """Steps for one position, isolated and cross: where it ends, and its fate. closed, moves: by mode."""
    steps, value = [quantity_step(margin, leverage), formula(side)], margin * leverage
    for mode, backed_by, stake in (("isolated", "its own margin", margin), ("cross", "the whole wallet", wallet)):
        steps.append(f"{mode}, {backed_by}: {ending(side, stake, value / ENTRY)}")
        name = f"{mode} (the line of Python)" if mode == "cross" else mode
        steps.append(fate(name, closed[mode], side, value, moves[mode], stake))
    return tuple(steps)


# The paths of one_path

MADE = {  # drawn by hand: moves at a few steps
    "falls and comes back": (0, -0.03, -0.12, -0.05, 0.04),
    "falls and goes on": (0, -0.03, -0.12, -0.2, -0.55),
}
TRADED = {  # table, start of its times, unit of time
    "3 February 2025": ("btc_1min_2025-02-03", "", "minutes"),
    "12–13 March 2020": ("btc_1h_crash_windows", "2020", "hours"),
    "19 May 2021": ("btc_1h_crash_windows", "2021", "hours"),
}
PATHS = (*MADE, *TRADED)


@cache
def path(name):
    """(time, move since the start, unit of time). The first two are drawn by hand, the others are trades of BTC/USD."""
    if name in MADE:
        time = np.linspace(0, 100, 201)
        wobble = 0.006 * np.sin(time * 0.9) * np.sin(np.pi * time / 100)
        return time, np.interp(time, (0, 20, 45, 65, 100), MADE[name]) + wobble, "steps"
    table, start, unit = TRADED[name]
    bars = data.load(table) if not start else data.load(table)[lambda bars: bars.time_utc.str.startswith(start)]
    # Within a bar: against its body first (a rising bar's low before its high, a falling bar's high before its low).
    rising = (bars.close >= bars.open).to_numpy()
    first, second = np.where(rising, bars.low, bars.high), np.where(rising, bars.high, bars.low)
    prices = np.column_stack([bars.open, first, second, bars.close]).ravel()
    time = (np.arange(len(bars))[:, None] + np.array([0, 0.3, 0.7, 1])).ravel()
    return time, prices / prices[0] - 1, unit


COLOUR = {"isolated": palette.FIRST, "cross": palette.SECOND}


NAME = {"isolated": palette.FIRST, "cross": palette.SECOND_TEXT}


PATCH = {
    "lost": palette.LOSS_BAR,
    "gain": {"facecolor": palette.GAIN, "edgecolor": palette.PAPER, "hatch": "..", "linewidth": 0},
    "free": {"facecolor": palette.BORROWED, "edgecolor": palette.FIRST, "linewidth": 1},
    "isolated": {"facecolor": palette.FIRST, "edgecolor": "none"},
    "cross": palette.SECOND_BAR,
    "required": {"facecolor": palette.PAPER, "edgecolor": palette.INK, "hatch": palette.HELD, "linewidth": 1},
}


def _bar(picture, axes, kind, y, height, x=0.0, width=0.0, moving=True):
    patch = axes.add_patch(Rectangle((x, y), width, height, **PATCH[kind]))
    return picture.moving(patch) if moving else patch


def _place(patch, x, width):
    patch.set(x=x, width=max(0.0, width), visible=width > 0)  # an empty one would cost its hatching all the same


def _gone(value):
    return f"lost {money(-value)}" if value < 0 else f"gained {money(value)}" if value > 0 else "no change"
