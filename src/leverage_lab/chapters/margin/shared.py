"""What several panels of this chapter use."""

from functools import lru_cache

from matplotlib.patches import Rectangle

from leverage_lab.liquidation import Rules
from leverage_lab.margin import Account, Holding
from leverage_lab.panelkit import palette
from leverage_lab.words import money, percent

ENTRY = 100.0  # where only the percentages count, the price starts at 100


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
    return f"{name} stands still" if move == 0 else f"{name} {'rises' if move > 0 else 'falls'} {percent(abs(move))}"


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
