"""Chapter 1: what a leveraged position is, and what a price move does to it.

Two kinds of contract. `linear`: quantity in coins, margin and profit in the quote currency (dollars). `inverse`
(coin-margined): quantity in dollars of face value, margin and profit in coins. Prices are dollars a coin.

Every function takes plain numbers or arrays that broadcast together, raises ValueError with one sentence on bad input,
and leaves out fees, funding and maintenance margin: those are chapters 2 and 4. `side` is "long" or "short", or an
array of these words. Rates and moves are fractions (0.002 is 0.2 %).

Formulas: one notation for all exchanges, s = +1 long, −1 short, e entry, p price, q quantity, L leverage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from leverage_lab.checks import (
    Contract,
    Finite,
    Leverage,
    Positive,
    Range,
    Rate,
    Side,
    Word,
    check_fields,
    checked,
    number,
    sequence,
)  # fmt: skip


@checked
def notional(quantity: Positive, price: Positive, contract: Contract = "linear") -> Finite:
    """Value of a position at `price`: q p dollars (linear), q / p coins (inverse)."""
    return quantity * price if contract == "linear" else quantity / price


@checked
def quantity(margin: Positive, leverage: Leverage, price: Positive, contract: Contract = "linear") -> Finite:
    """What `margin` (M) buys at `leverage`: M L / p coins (linear), M L p dollars of face value (inverse)."""
    return margin * leverage / price if contract == "linear" else margin * leverage * price


@checked
def initial_margin(quantity: Positive, price: Positive, leverage: Leverage, contract: Contract = "linear") -> Finite:
    """The margin posted to open: notional / L, in dollars (linear) or coins (inverse)."""
    return notional(quantity, price, contract) / leverage


@checked
def price_move(entry_price: Positive, price: Positive) -> Finite:
    """Move of the price since the entry, p / e − 1, a fraction: −0.02 is a fall of 2 %."""
    return price / entry_price - 1


@checked
def pnl(
    side: Side, quantity: Positive, entry_price: Positive, price: Positive, contract: Contract = "linear"
) -> Finite:
    """Unrealised profit (+) or loss (−) at `price`: s q (p − e) dollars, or s q (1/e − 1/p) coins."""
    gain = price - entry_price if contract == "linear" else 1 / entry_price - 1 / price
    return side * quantity * gain


@checked
def isolated_pnl(
    side: Side, quantity: Positive, entry_price: Positive, price: Positive, margin: Positive,
    contract: Contract = "linear",
) -> Finite:  # fmt: skip
    """The same, but never a loss of more than `margin`: what an isolated position can cost you."""
    return np.maximum(pnl(side, quantity, entry_price, price, contract), -margin)


@checked
def roe(
    side: Side, leverage: Leverage, entry_price: Positive, price: Positive, contract: Contract = "linear"
) -> Finite:
    """Unrealised return on the initial margin, a fraction: s L (p/e − 1), or s L (1 − e/p) inverse.

    Below −1 the margin is used up: an isolated position has been liquidated before.
    """
    gain = price / entry_price - 1 if contract == "linear" else 1 - entry_price / price
    return side * leverage * gain


@checked
def price_for_roe(
    side: Side, leverage: Leverage, entry_price: Positive, roe: Finite, contract: Contract = "linear"
) -> Any:
    """The price at which the return on margin is `roe`: e (1 + s roe / L), or e L / (L − s roe) inverse.

    roe = −1 gives the price at which the whole margin is used up (the bankruptcy price). nan where
    no price does it: a 1x inverse short is never used up. 0 means: only if the coin becomes worthless.
    """
    if contract == "linear":
        price = entry_price * (1 + side * roe / leverage)
        return np.where(price >= 0, price, np.nan)
    room = leverage - side * roe
    return np.where(room > 0, entry_price * leverage / np.where(room > 0, room, 1), np.nan)


@checked
def account_change(pnl: Finite, account: Positive) -> Finite:
    """Profit or loss as a share of the whole account: pnl / account, a fraction."""
    return pnl / account


@checked
def effective_leverage(quantity: Positive, price: Positive, equity: Positive, contract: Contract = "linear") -> Finite:
    """Leverage as it is now: value at `price` / equity, where equity = margin + profit or loss."""
    return notional(quantity, price, contract) / equity


@checked
def compounded(returns: Any) -> Finite:
    """What $1 becomes when each return is earned on what is left: the product of (1 + r).

    returns: a sequence of fractions, each −1 or more (isolated: a round cannot lose more than 100 %).
    """
    rounds = returns if np.ma.isMaskedArray(returns) else sequence("returns", returns, "a sequence of numbers")
    return np.prod(1 + number("returns", rounds, Range(low=-1)))


@checked
def gain_to_recover(loss: Rate) -> Finite:
    """The gain that makes up for `loss`: 1 / (1 − loss) − 1, both fractions; loss below 1."""
    return 1 / (1 - loss) - 1


@dataclass(frozen=True)
class Position:
    """One position, for reading aloud: Position("long", entry_price=114_400, quantity=0.05, leverage=20).

    quantity: coins (linear) or dollars of face value (inverse). max_leverage: what the contract
    allows, if known. ValueError with one sentence on bad input.
    """

    side: Word
    entry_price: Positive[float]
    quantity: Positive[float]
    leverage: Leverage[float]
    contract: Contract = "linear"
    max_leverage: Annotated[float, Range(low=1, endless=True)] = math.inf

    def __post_init__(self):
        check_fields(self)
        number("leverage", self.leverage, Range(low=1, high=self.max_leverage))

    @property
    def notional(self) -> float:
        """Value at the entry price: dollars (linear) or coins (inverse)."""
        return notional(self.quantity, self.entry_price, self.contract)

    @property
    def margin(self) -> float:
        """Initial margin: notional / leverage."""
        return self.notional / self.leverage

    def price_move(self, price: Positive) -> Any:
        """Move since the entry, a fraction."""
        return price_move(self.entry_price, price)

    def pnl(self, price: Positive) -> Any:
        """Unrealised profit or loss at `price` (scalar or array)."""
        return pnl(self.side, self.quantity, self.entry_price, price, self.contract)

    def roe(self, price: Positive) -> Any:
        """Return on margin at `price` (scalar or array), a fraction."""
        return roe(self.side, self.leverage, self.entry_price, price, self.contract)

    def account_change(self, price: Positive, account: Positive) -> Any:
        """Profit or loss at `price` as a share of `account` (in the currency of the margin)."""
        return account_change(self.pnl(price), account)

    def effective_leverage(self, price: Positive) -> Any:
        """Leverage at `price`; ValueError once the margin is used up."""
        return effective_leverage(self.quantity, price, self.margin + self.pnl(price), self.contract)
