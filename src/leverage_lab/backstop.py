"""Chapter 2: who pays when a liquidation goes wrong: the insurance fund, then the winners.

A position is taken over with its remaining margin and closed in the market. Better than the bankruptcy
price (where the margin would be exactly used up): the fund takes what remains. Worse: the fund pays.
Fund empty: auto-deleveraging (ADL): positions of the other side are closed against it, at its
bankruptcy price, the best ranked first. Nobody left: the loss is uncovered, and this is said, not hidden.

`adl_score` works on numbers or arrays. `Venue` is the ledger: every trade is posted to both of its
sides, every payment to payer and receiver, in exact fractions (a float counts as the decimal it
prints as), so that not a cent appears or gets lost. Linear contracts: money in dollars, quantity in coins.

Left out: trading fees, what an exchange returns to the trader, partial liquidation by tiers, funds that hold
what they took over for a while or stop paying early (OKX: down 30 % within 8 hours), exchanges that
deleverage at the mark price (OKX, Hyperliquid).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from leverage_lab.checks import (
    POSITIVE,
    Finite,
    NotNegative,
    Positive,
    Range,
    Rate,
    Side,
    Word,
    check_fields,
    checked,
    one,
    sequence,
    short,
    sign,
)  # fmt: skip
from leverage_lab.liquidation import bankruptcy_price

if TYPE_CHECKING:
    import pandas as pd

AdlRule = Literal["bitmex", "return", "hyperliquid"]
ADL_RULES = get_args(AdlRule)
FUND, MARKET, EXCHANGE = "insurance fund", "market", "exchange"


@checked
def adl_score(
    side: Side, entry_price: Positive, mark_price: Positive, bankruptcy_price: Finite, rule: AdlRule = "bitmex"
) -> Any:
    """The number that ranks a position in the queue for auto-deleveraging: the highest is closed first.

    With PnL% = (mark value − entry value) / |entry value|, signed by the side, and effective leverage =
    |mark value| / (mark value − bankrupt value):
    "bitmex": PnL% × effective leverage in profit, PnL% / effective leverage in loss (BitMEX and
    MEXC, help pages on auto-deleveraging, both undated);
    "return": PnL% alone (KuCoin for cross margin, undated help page; since October 2025 it ranks as "bitmex");
    "hyperliquid": mark / entry × notional / account value (Hyperliquid documentation, "Auto-deleveraging",
    undated); printed without a side: for a short we read entry / mark, or the best would be last.

    Scalars or arrays that broadcast; prices in dollars a coin (a long with more margin than value has a bankruptcy
    price below 0). nan where the mark price is at or beyond the bankruptcy price.
    """
    gain = side * (mark_price / entry_price - 1)
    room = side * (1 - bankruptcy_price / mark_price)
    growth = np.where(side > 0, mark_price / entry_price, entry_price / mark_price)
    return _score(rule, gain, 1 / np.where(room > 0, room, np.nan), growth)


def _score(rule, gain, leverage, growth):
    if rule == "return":
        return gain
    if rule == "hyperliquid":
        return growth * leverage
    if isinstance(gain, Fraction):  # the ledger's
        return gain * leverage if gain > 0 else gain / leverage
    return np.where(gain > 0, gain * leverage, gain / leverage)


# --- traders, and the ledger they share -----------------------------------------------------------


@dataclass(frozen=True)
class Trader:
    """One trader with one isolated position. quantity: coins; margin: dollars."""

    name: str
    side: Word
    entry_price: Positive[float]
    quantity: Positive[float]
    margin: Positive[float]

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name.strip() or self.name in (FUND, MARKET, EXCHANGE):
            got = short(self.name)
            raise ValueError(f"name must be a word other than {FUND!r}, {MARKET!r} and {EXCHANGE!r}, got {got}")
        check_fields(self)


@dataclass(frozen=True)
class Close:
    """One trade of a liquidation: who took the other side, and what it meant to them.

    how: "market" (a bid or offer of the book), "adl" or "exchange" (nobody left). notional: value at the price
    of the trade. gain: what this trade gives the other side, against the mark price (below 0: takes). pnl: what a
    deleveraged trader realises, against the entry price; score, leverage (effective): theirs; nan unless deleveraged.
    """

    how: str
    name: str
    price: float
    quantity: float
    notional: float
    gain: float
    pnl: float = math.nan
    score: float = math.nan
    leverage: float = math.nan


@dataclass(frozen=True)
class Liquidation:
    """How one liquidation ended.

    result: what closing brought against the bankruptcy price, the surplus (+) or loss (−). It goes to_fund
    (below 0: the fund pays); uncovered is a loss that nobody paid: the exchange owes it to the winners, or must
    share it among all. book: what is left of it, best first.
    """

    trader: Trader
    mark_price: float
    bankruptcy_price: float
    closes: tuple[Close, ...]
    result: float
    to_fund: float
    uncovered: float
    fund_before: float
    fund_after: float
    book: tuple[tuple[float, float], ...]


@dataclass
class _Position:
    """An open position, in exact fractions."""

    s: int
    entry: Fraction
    quantity: Fraction
    margin: Fraction

    def equity(self, price):
        return self.margin + self.s * self.quantity * (price - self.entry)

    @property
    def bankrupt(self):
        return self.entry - self.s * self.margin / self.quantity

    def close(self, quantity, price):
        """Close a part: its share of the margin, and its profit or loss, come out."""
        share = self.margin * quantity / self.quantity
        self.quantity -= quantity
        self.margin -= share
        return share + self.s * quantity * (price - self.entry)


class Venue:
    """One contract on one exchange: traders, insurance fund, and the market, which is everybody else.

    traders: Trader objects with different names; the market holds the other side of what does not cancel
    among them, so that contracts always add up to zero. fund: what the insurance fund begins with; it keeps the
    residual between liquidation and bankruptcy price (Bybit, BitMEX, KuCoin). rule: how ADL ranks, see adl_score.
    """

    @checked
    def __init__(self, traders: Any, fund: NotNegative[float] = 0, rule: AdlRule = "bitmex"):
        self.rule, self._fund = rule, _exact(fund)
        self._traders, self._positions, self._payouts, self._shortfall = {}, {}, {}, Fraction(0)
        self._counterparties = {who: [Fraction(0), Fraction(0)] for who in (MARKET, EXCHANGE)}  # money, contracts
        for trader in sequence("traders", traders):
            if not isinstance(trader, Trader):
                raise ValueError(f"traders must be a list of Trader, got {short(trader)}")
            if trader.name in self._traders:
                raise ValueError(f"names must differ, got {short(trader.name)} twice")
            terms = (_exact(x) for x in (trader.entry_price, trader.quantity, trader.margin))
            position = _Position(sign(trader.side), *terms)
            self._traders[trader.name], self._positions[trader.name] = trader, position
            self._payouts[trader.name] = Fraction(0)
            self._trade(MARKET, -position.s * position.quantity, position.entry)

    @property
    def fund(self) -> float:
        """What the insurance fund has now."""
        return float(self._fund)

    @property
    def uncovered(self) -> float:
        """All losses so far that nobody paid."""
        return float(self._shortfall)

    def traders(self) -> tuple[Trader, ...]:
        """The open positions, a tuple of Trader with the remaining quantity and margin."""
        return tuple(self._trader(name) for name in self._positions)

    @checked
    def balances(self, price: Positive[float]) -> dict[str, Fraction]:
        """What everyone has if positions are valued at `price`, exact: {name: money}, with fund, market and exchange.

        A trader has the margin, the profit or loss, and what was paid out; market and exchange start at 0.
        """
        mark, have = _exact(price), dict(self._payouts)
        for name, position in self._positions.items():
            have[name] += position.equity(mark)
        outside = {who: money + contracts * mark for who, (money, contracts) in self._counterparties.items()}
        return have | {FUND: self._fund} | outside

    @checked
    def total(self, price: Positive[float]) -> Fraction:
        """The sum of `balances`, exact: margins + fund of the beginning, at any price and any time."""
        return Fraction(sum(self.balances(price).values()))

    @checked
    def queue(self, side: Word, mark_price: Positive[float]) -> list[dict[str, Any]]:
        """One side's ADL queue at `mark_price`, first to be closed first: a list of dicts.

        name, score, lights (5 for the first 20 % of the queue, 4 for the next, … 1: BitMEX's steps, undated help page),
        pnl_share (PnL%), leverage (effective), bankruptcy_price (nan if there is none). A position without equity is
        not in the queue. Equal scores keep the order of the traders.
        """
        ranked = self._ranked(sign(side), _exact(mark_price))
        rows = []
        for place, (score, name, gain, leverage) in enumerate(ranked):
            trader = self._trader(name)
            broke = bankruptcy_price(side, trader.entry_price, trader.quantity, trader.margin)
            rows.append({"name": name, "score": float(score), "lights": 5 - 5 * place // len(ranked)})
            rows[-1] |= {"pnl_share": float(gain), "leverage": float(leverage), "bankruptcy_price": broke}
        return rows

    @checked
    def due(self, mark_price: Positive[float], maintenance_rate: Rate[float]) -> list[str]:
        """Names to liquidate, worst first: equity has fallen to maintenance_rate × value at the mark price."""
        mark, rate, due = _exact(mark_price), _exact(maintenance_rate), {}
        for name, position in self._positions.items():
            equity, value = position.equity(mark), position.quantity * mark
            if equity <= rate * value:
                due[name] = equity / value
        return sorted(due, key=lambda name: due[name])

    @checked
    def liquidate(self, name: str, mark_price: Positive[float], book: Any) -> Liquidation:
        """Close the position of `name` now (the caller says when) and post who gains and who pays: a Liquidation.

        mark_price: ranks and values the others. book: where the market trades against it, a list of
        (price, quantity), bids for a long and offers for a short, in any order (a quantity may be inf);
        one number is a price for any quantity; [] is no market at all.

        Four steps, each for what the one before left open: 1. the book, best price first; prices worse than
        the bankruptcy price only as far as the surplus so far and the fund can pay; 2. ADL at the bankruptcy
        price (a position that this would bankrupt in turn is passed over); 3. the rest of the book at any
        price; 4. the exchange itself, at the mark price. ValueError, before anything is posted, on bad
        input and for a position that has no bankruptcy price because its margin covers any loss.
        """
        if not isinstance(name, str) or name not in self._positions:
            raise ValueError(f"name must be a trader with an open position, got {short(name)}")
        mark, levels = _exact(mark_price), self._levels(book)
        position, trader, before = self._positions[name], self._trader(name), self._fund
        s, bankrupt = position.s, position.bankrupt
        if not bankrupt > 0:
            got = f"{trader.margin:.15g}"
            raise ValueError(f"the margin of {name!r} must be small enough for a bankruptcy price, got {got}")
        levels.sort(key=lambda level: -s * level[0])
        closes, result = [], Fraction(0)

        def close(how, other, quantity, price, **more):
            nonlocal result
            result += position.close(quantity, price)  # margin + PnL of the part: 0 at the bankruptcy price
            gain = float(s * quantity * (mark - price))
            closes.append(Close(how, other, float(price), float(quantity), float(quantity * price), gain, **more))

        def sell(at_any_price):
            for level in levels:
                price, quantity = level[0], min(position.quantity, level[1])
                loss = s * (bankrupt - price)
                affordable = quantity if at_any_price or loss <= 0 else min(quantity, (self._fund + result) / loss)
                if affordable:
                    level[1] -= affordable
                    self._trade(MARKET, s * affordable, price)
                    close("market", MARKET, affordable, price)

        sell(at_any_price=False)
        for score, other, _, leverage in self._ranked(-s, mark):
            against = self._positions[other]
            quantity = min(position.quantity, against.quantity)
            if not quantity or against.equity(bankrupt) < 0:
                continue
            pnl = -s * quantity * (bankrupt - against.entry)
            self._payouts[other] += against.close(quantity, bankrupt)
            if not against.quantity:
                del self._positions[other]
            close("adl", other, quantity, bankrupt, pnl=float(pnl), score=float(score), leverage=float(leverage))
        sell(at_any_price=True)
        if position.quantity:
            self._trade(EXCHANGE, s * position.quantity, mark)
            close("exchange", EXCHANGE, position.quantity, mark)
        del self._positions[name]

        to_fund = max(result, -before)
        uncovered = to_fund - result
        self._fund += to_fund
        self._counterparties[EXCHANGE][0] -= uncovered
        self._shortfall += uncovered
        return Liquidation(
            trader, float(mark), float(bankrupt), tuple(closes), float(result), float(to_fund), float(uncovered),
            float(before), float(self._fund), tuple((float(price), float(depth)) for price, depth in levels if depth),
        )  # fmt: skip

    def _trade(self, who, contracts, price):
        """Post a trade to a counterparty that is no trader: contracts in, their price out."""
        self._counterparties[who][0] -= contracts * price
        self._counterparties[who][1] += contracts

    def _trader(self, name):
        position = self._positions[name]
        return replace(self._traders[name], quantity=float(position.quantity), margin=float(position.margin))

    def _ranked(self, s, mark):
        """(score, name, PnL%, effective leverage) of one side's positions, best first, exact."""
        rows = []
        for name, position in self._positions.items():
            equity = position.equity(mark)
            if position.s == s and equity > 0:
                gain, leverage = s * (mark / position.entry - 1), position.quantity * mark / equity
                growth = mark / position.entry if s > 0 else position.entry / mark
                rows.append((_score(self.rule, gain, leverage, growth), name, gain, leverage))
        return sorted(rows, key=lambda row: -row[0])

    def _levels(self, book):
        try:
            rows = list(book)
        except TypeError:
            rows = [(one("book", book, POSITIVE), math.inf)]
        levels = []
        for row in rows:
            if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != 2:
                raise ValueError(f"book must be a price or a list of (price, quantity), got {short(row)} in it")
            price = one("price of the book", row[0], POSITIVE)
            depth = one("quantity of the book", row[1], Range(low=0, open_low=True, endless=True))
            levels.append([_exact(price), depth if depth == math.inf else _exact(depth)])
        return levels


def adl_by_ticker() -> pd.DataFrame:
    """Hyperliquid on 10 October 2025, 20 tickers, as published, with one column more: a DataFrame.

    adl_share: ADL notional / (notional liquidated in the market + ADL notional), a fraction.
    """
    from leverage_lab import data

    table = data.load("hyperliquid_adl_2025-10-10")
    table["adl_share"] = table["adl_notional_usd"] / (table["liq_notional_usd"] + table["adl_notional_usd"])
    return table


def _exact(value):
    """The decimal a float prints as, as a fraction."""
    return Fraction(repr(value))
