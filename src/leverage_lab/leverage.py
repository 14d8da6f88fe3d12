"""Chapter 1: what a leveraged position is, and what a price move does to it.

Two kinds of contract. `linear`: quantity in coins, margin and profit in the quote currency
(dollars). `inverse` (coin-margined): quantity in dollars of face value, margin and profit in coins.

Every function takes plain numbers or arrays that broadcast together, raises ValueError with one
sentence on bad input, and leaves fees, funding and maintenance margin out: those are chapters 2
and 4. `side` is "long" or "short", or an array of these words. Rates and moves are fractions
(0.002 is 0.2 %).

Formulas: one notation for all exchanges, s = +1 long, −1 short, e entry, p price, q quantity, L leverage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from leverage_lab.checks import FINITE, LEVERAGE, POSITIVE, Range, choice, number, numbers

CONTRACTS = ("linear", "inverse")
SIDES = ("long", "short")


def sign(side):
    """+1 for "long", −1 for "short"; an array of words gives an array of signs."""
    if isinstance(side, str) or not hasattr(side, "__len__"):
        return 1 if choice("side", side, SIDES) == "long" else -1
    import numpy as np

    words = np.asarray(side)
    is_long, is_short = words == "long", words == "short"
    if not np.all(is_long | is_short):
        choice("side", str(words[~(is_long | is_short)].flat[0]), SIDES)
    return 2 * np.asarray(is_long, dtype=np.int8) - 1


def notional(quantity, price, contract="linear"):
    """Value of a position at `price`: q p dollars (linear), q / p coins (inverse).

    quantity: coins (linear) or dollars of face value (inverse); price: dollars a coin.
    """
    choice("contract", contract, CONTRACTS)
    quantity, price = numbers(quantity=(quantity, POSITIVE), price=(price, POSITIVE))
    return quantity * price if contract == "linear" else quantity / price


def quantity(margin, leverage, price, contract="linear"):
    """What `margin` buys at `leverage`: M L / p coins (linear), M L p dollars of face value (inverse).

    margin: dollars (linear) or coins (inverse); leverage: at least 1; price: dollars a coin.
    """
    choice("contract", contract, CONTRACTS)
    margin, leverage, price = numbers(margin=(margin, POSITIVE), leverage=(leverage, LEVERAGE), price=(price, POSITIVE))
    return margin * leverage / price if contract == "linear" else margin * leverage * price


def initial_margin(quantity, price, leverage, contract="linear"):
    """What must be put down to open: notional / L, in dollars (linear) or coins (inverse)."""
    (leverage,) = numbers(leverage=(leverage, LEVERAGE))
    return notional(quantity, price, contract) / leverage


def price_move(entry_price, price):
    """Move of the price since the entry, p / e − 1, a fraction: −0.02 is a fall of 2 %."""
    entry_price, price = numbers(entry_price=(entry_price, POSITIVE), price=(price, POSITIVE))
    return price / entry_price - 1


def pnl(side, quantity, entry_price, price, contract="linear"):
    """Profit (+) or loss (−) on paper at `price`: s q (p − e) dollars, or s q (1/e − 1/p) coins."""
    choice("contract", contract, CONTRACTS)
    quantity, entry_price, price = numbers(
        quantity=(quantity, POSITIVE), entry_price=(entry_price, POSITIVE), price=(price, POSITIVE)
    )
    gain = price - entry_price if contract == "linear" else 1 / entry_price - 1 / price
    return sign(side) * quantity * gain


def isolated_pnl(side, quantity, entry_price, price, margin, contract="linear"):
    """The same, but no more than `margin` can be lost: what an isolated position can do to you."""
    margin = number("margin", margin, POSITIVE)
    paper = pnl(side, quantity, entry_price, price, contract)
    if isinstance(paper, float) and isinstance(margin, float):
        return max(paper, -margin)
    import numpy as np

    return np.maximum(paper, -margin)


def roe(side, leverage, entry_price, price, contract="linear"):
    """Return on the initial margin on paper, a fraction: s L (p/e − 1), or s L (1 − e/p) inverse.

    Below −1 the margin is used up: an isolated position has been closed before.
    """
    choice("contract", contract, CONTRACTS)
    leverage, entry_price, price = numbers(
        leverage=(leverage, LEVERAGE), entry_price=(entry_price, POSITIVE), price=(price, POSITIVE)
    )
    gain = price / entry_price - 1 if contract == "linear" else 1 - entry_price / price
    return sign(side) * leverage * gain


def price_for_roe(side, leverage, entry_price, roe, contract="linear"):
    """The price at which the return on margin is `roe`: e (1 + s roe / L), or e L / (L − s roe) inverse.

    roe = −1 gives the price at which the whole margin is used up (the bankruptcy price). nan where
    no price does it: a 1x inverse short is never used up. 0 means: only if the coin becomes worthless.
    """
    choice("contract", contract, CONTRACTS)
    leverage, entry_price, roe = numbers(
        leverage=(leverage, LEVERAGE), entry_price=(entry_price, POSITIVE), roe=(roe, FINITE)
    )
    s = sign(side)
    if all(isinstance(x, (int, float)) for x in (leverage, entry_price, roe, s)):
        if contract == "linear":
            price = entry_price * (1 + s * roe / leverage)
            return price if price >= 0 else math.nan
        room = leverage - s * roe
        return entry_price * leverage / room if room > 0 else math.nan
    import numpy as np

    if contract == "linear":
        price = entry_price * (1 + s * roe / leverage)
        return np.where(price >= 0, price, np.nan)
    room = np.asarray(leverage - s * roe, dtype=float)
    return np.where(room > 0, entry_price * leverage / np.where(room > 0, room, 1), np.nan)


def account_change(pnl, account):
    """Profit or loss as a share of everything you have there: pnl / account, a fraction."""
    pnl, account = numbers(pnl=(pnl, FINITE), account=(account, POSITIVE))
    return pnl / account


def effective_leverage(quantity, price, equity, contract="linear"):
    """Leverage as it is now: value at `price` / equity, where equity = margin + profit or loss."""
    value = notional(quantity, price, contract)
    equity = number("equity", equity, POSITIVE)
    return value / equity


def compounded(returns):
    """What $1 becomes when each return is earned on what is left: the product of (1 + r).

    returns: a sequence of fractions, each −1 or more (isolated: a round cannot lose more than 100 %).
    """
    if not hasattr(returns, "__iter__"):
        raise ValueError(f"returns must be a sequence of numbers, got {returns!r}")
    returns = number("returns", list(returns), Range(low=-1))
    return float((1 + returns).prod())


def gain_to_recover(loss):
    """The gain that brings back what `loss` took: 1 / (1 − loss) − 1, both fractions; loss below 1."""
    loss = number("loss", loss, Range(low=0, high=1, open_high=True))
    return 1 / (1 - loss) - 1


@dataclass(frozen=True)
class Position:
    """One position, for reading aloud: Position("long", entry_price=114_400, quantity=0.05, leverage=20).

    quantity: coins (linear) or dollars of face value (inverse). max_leverage: what the contract
    allows, if known. ValueError with one sentence on bad input.
    """

    side: str
    entry_price: float
    quantity: float
    leverage: float
    contract: str = "linear"
    max_leverage: float = math.inf

    def __post_init__(self):
        choice("side", self.side, SIDES)
        choice("contract", self.contract, CONTRACTS)
        if self.max_leverage != math.inf:
            number("max leverage", self.max_leverage, LEVERAGE)
        for name, allowed in (
            ("entry_price", POSITIVE),
            ("quantity", POSITIVE),
            ("leverage", Range(low=1, high=self.max_leverage)),
        ):
            object.__setattr__(self, name, _scalar(name, getattr(self, name), allowed))

    @classmethod
    def from_margin(cls, side, entry_price, margin, leverage, contract="linear", max_leverage=math.inf):
        """The position that `margin` opens at `leverage`."""
        return cls(side, entry_price, quantity(margin, leverage, entry_price, contract), leverage, contract, max_leverage)

    @property
    def notional(self):
        """Value at the entry price: dollars (linear) or coins (inverse)."""
        return notional(self.quantity, self.entry_price, self.contract)

    @property
    def margin(self):
        """Initial margin: notional / leverage."""
        return self.notional / self.leverage

    def price_move(self, price):
        """Move since the entry, a fraction."""
        return price_move(self.entry_price, price)

    def pnl(self, price):
        """Profit or loss on paper at `price` (scalar or array)."""
        return pnl(self.side, self.quantity, self.entry_price, price, self.contract)

    def roe(self, price):
        """Return on margin at `price` (scalar or array), a fraction."""
        return roe(self.side, self.leverage, self.entry_price, price, self.contract)

    def account_change(self, price, account):
        """Profit or loss at `price` as a share of `account` (in the currency of the margin)."""
        return account_change(self.pnl(price), account)

    def effective_leverage(self, price):
        """Leverage at `price`; ValueError once the margin is used up."""
        return effective_leverage(self.quantity, price, self.margin + self.pnl(price), self.contract)


def _scalar(name, value, allowed):
    value = number(name.replace("_", " "), value, allowed)
    if not isinstance(value, float):
        raise ValueError(f"{name.replace('_', ' ')} must be one number, got an array of shape {value.shape}")
    return value
