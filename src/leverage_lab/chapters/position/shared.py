"""The workbench's model: one position under the rules of one exchange, every number with its derivation.

    Case(Terms(exchange="Binance", symbol="BTCUSDT", entry_price=114_400, margin=500, leverage=20)).rows()

It knows no page. The money is in leverage.py and its neighbours; here it is put together and told. What the tables do
not have is never assumed: a number that needs it is an `Open` one, which says what to fill in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from leverage_lab import dates
from leverage_lab.chapters.survival.lifetime import counted, half_gone, span
from leverage_lab.checks import (
    Contract,
    FeeRate,
    Finite,
    Leverage,
    NotNegative,
    Positive,
    Rate,
    Word,
    check_fields,
    sign,
)
from leverage_lab.data import load
from leverage_lab.exchanges import Fact, exchange, fact, max_position
from leverage_lab.fees import break_even_price, funding_payment, funding_settlements, realised_pnl, trading_fee
from leverage_lab.leverage import notional, pnl, price_move
from leverage_lab.liquidation import (
    FeeBasis,
    Ladder,
    MaintenanceBasis,
    Rules,
    bankruptcy_price,
    closing_fee,
    liquidation_price,
    maintenance_margin,
    position_margin,
)
from leverage_lab.strategies import StopCheck
from leverage_lab.survival import STARTS, measured_moves
from leverage_lab.words import MINUS, amount, money, percent, plain, plural, price, times

NAMES = {  # what the form calls a rule; in this order they are asked for
    "maintenance_rate": "maintenance rate",
    "maintenance_basis": "maintenance basis",
    "closing_fee_basis": "closing fee basis",
    "maker_fee": "maker fee",
    "taker_fee": "taker fee",
    "funding_interval_hours": "funding interval",
}


class Open(Exception):
    """A number that cannot be computed yet: `shown` in its place, and a sentence that says what is lacking."""

    def __init__(self, shown, sentence):
        super().__init__(sentence)
        self.shown = shown


@dataclass(frozen=True)
class Terms:
    """What is put in. None: not given.

    Rates are fractions; money is in the settlement currency (dollars, or coins of an inverse contract). exchange None:
    rules of your own; symbol: a contract of data/ladders.csv, None: another one. size: coins, of an inverse contract
    dollars of face value; two of size, margin and leverage give the third. added: margin added since (below 0: taken).
    wallet and what follows count in cross mode only. The fields from maintenance_rate on replace what the tables say.
    """

    entry_price: Positive[float]
    exchange: str | None = None
    symbol: str | None = None
    contract: Contract = "linear"
    side: Word = "long"
    mode: str = "isolated"
    size: Positive[float] | None = None
    margin: Positive[float] | None = None
    leverage: Leverage[float] | None = None
    added: Finite[float] | None = None
    wallet: Positive[float] | None = None
    other_pnl: Finite[float] | None = None
    other_maintenance: NotNegative[float] | None = None
    opened_as: str = "taker"
    closed_as: str = "taker"
    funding_rate: FeeRate[float] | None = None
    hours: NotNegative[float] | None = None
    stop: Positive[float] | None = None
    target: Positive[float] | None = None
    maintenance_rate: Rate[float] | None = None
    maintenance_deduction: Finite[float] | None = None
    maintenance_basis: MaintenanceBasis | None = None
    closing_fee_basis: FeeBasis | None = None
    closing_fee_rate: Rate[float] | None = None
    maker_fee: FeeRate[float] | None = None
    taker_fee: FeeRate[float] | None = None
    funding_interval_hours: Positive[float] | None = None

    def __post_init__(self):
        check_fields(self)
        given = [name for name in ("size", "margin", "leverage") if getattr(self, name) is not None]
        if len(given) != 2:
            got = "all three: leave one of them empty; it is computed from the others" if given[2:] else ""
            raise ValueError(
                f"two of size, margin and leverage must be given, got {got or ' and '.join(given) or 'none'}"
            )
        if self.mode == "cross" and self.wallet is None:
            raise ValueError("wallet must be given in cross mode (all the money in it), got nothing")
        if self.maintenance_deduction is not None and self.maintenance_rate is None:
            raise ValueError("maintenance deduction must be given with a maintenance rate, got the deduction alone")
        s = sign(self.side)
        for name, ahead in (("stop", -1), ("target", 1)):
            at = getattr(self, name)
            if at is not None and ahead * s * (at - self.entry_price) <= 0:
                where = "above" if ahead * s > 0 else "below"
                raise ValueError(
                    f"{name} must be {where} the entry price {price(self.entry_price)} of a {self.side}, "
                    f"got {price(at)}"
                )


@dataclass(frozen=True)
class Row:
    """One number: its name, as shown, and how it comes about. number: None where there is none."""

    name: str
    value: str
    steps: tuple[str, ...] = ()
    number: Any = None


@lru_cache(maxsize=None)
def contracts(name):
    """An exchange's contracts in the tables, but those with tiers in contracts: {symbol: (contract, coin)}."""
    rows = load("ladders")
    rows = rows[(rows.exchange == name) & (rows.unit != "contracts")]
    return {row.symbol: (row.contract, row.asset) for row in rows.itertuples()}


def signed_percent(value):
    return percent(value, signed=True)


class Case:
    """A position: the numbers as attributes, `rows()` for the table, `sentence()` for all of it in words.

    ValueError with one sentence where the terms contradict the rules (too large for the tiers, liquidated at entry).
    """

    def __init__(self, terms: Terms):
        self.terms = terms
        self.s = sign(terms.side)
        self.linear = terms.contract == "linear"
        self.coin = contracts(terms.exchange).get(terms.symbol, ("", ""))[1] if terms.exchange else ""
        self.cross = terms.mode == "cross"

    # --- the rules

    def fact(self, name):
        """What the tables say of a rule, with its date; nothing where it is typed in, or the rules are your own."""
        t = self.terms
        if t.exchange is None or getattr(t, name) is not None:
            return Fact()
        if name == "maintenance_rate":
            return fact(t.exchange, "ladder", None, t.symbol, t.contract) if t.symbol else Fact()
        return fact(t.exchange, name)

    def needs(self, *names):
        """The rules of these names, as typed or from the tables; Open names those that neither has."""
        found, missing = [], []
        for name in names:
            value = getattr(self.terms, name)
            value = self.fact(name).value if value is None else value
            found.append(value)
            missing += [NAMES[name]] * (value is None)
        if missing:
            raise Open("not known", f"Fill in under “Other rules”: {', '.join(missing)}.")
        return found

    @cached_property
    def fee_rules(self) -> Rules:
        """The rules of the fee that is counted at the liquidation alone."""
        (basis,) = self.needs("closing_fee_basis")
        rate = 0.0
        if basis != "none":
            rate = self.terms.closing_fee_rate
            rate = self.needs("taker_fee")[0] if rate is None else rate
        return Rules(0.0, "mark", rate, basis)

    @cached_property
    def rules(self) -> Rules:
        """The rules of a liquidation; of a contract in the tables with its tiers."""
        t = self.terms
        rate, basis, _ = self.needs("maintenance_rate", "maintenance_basis", "closing_fee_basis")
        fee = self.fee_rules.closing_fee_rate, self.fee_rules.closing_fee_basis
        if t.maintenance_rate is not None:
            return Rules(rate, basis, *fee, maintenance_deduction=t.maintenance_deduction or 0.0)
        return Rules(exchange(t.exchange).ladder(t.symbol, t.contract), basis, *fee)

    def fee_rate(self, kind):
        """The fee rate of a maker's or a taker's order."""
        return self.needs(f"{kind}_fee")[0]

    def dated(self, *names):
        """A line with publisher and date of the rules a number rests on; nothing for those typed in."""
        told = {}
        for name in names:
            known = self.fact(name)
            if known.value is not None:
                when = dates.shown(known.as_of) if known.as_of else "no date"
                source = dates.in_words(dates.undated(known.source))
                what = f"tiers of {self.terms.symbol}" if name == "maintenance_rate" else NAMES[name]
                told.setdefault(source if when in source else f"{source}, {when}", []).append(what)
        return [f"{self.terms.exchange}, {' and '.join(what)}: {source}" for source, what in told.items()]

    def facts(self):
        """All figures from the tables, for the line of dates."""
        return [known for known in map(self.fact, NAMES) if known.value is not None]

    # --- the numbers

    @cached_property
    def quantity(self):
        t = self.terms
        if t.size is not None:
            return t.size
        return t.margin / position_margin(t.side, t.entry_price, 1.0, t.leverage, self.fee_rules, t.contract)

    @cached_property
    def value(self):
        return notional(self.quantity, self.terms.entry_price, self.terms.contract)

    @cached_property
    def opening_margin(self):
        t = self.terms
        if t.margin is not None:
            return t.margin
        return position_margin(t.side, t.entry_price, self.quantity, t.leverage, self.fee_rules, t.contract)

    @cached_property
    def reserve(self):
        """What the opening margin holds for the closing fee, where the rules keep it from the start."""
        return self.opening_margin - self.value / self.leverage

    @cached_property
    def leverage(self):
        return self.terms.leverage or self.value / self.opening_margin

    @cached_property
    def backing(self):
        """The money behind the position: its own margin, or the whole wallet."""
        return self.terms.wallet if self.cross else self.opening_margin + (self.terms.added or 0.0)

    @property
    def others(self):
        """(PnL, maintenance margin) of the other positions of a cross account."""
        return (self.terms.other_pnl or 0.0, self.terms.other_maintenance or 0.0) if self.cross else (0.0, 0.0)

    @property
    def position(self):
        return self.terms.side, self.terms.entry_price, self.quantity

    @cached_property
    def liquidation_price(self):
        return liquidation_price(*self.position, self.backing, self.rules, self.terms.contract, *self.others)

    @cached_property
    def bankruptcy_price(self):
        return bankruptcy_price(*self.position, self.backing, self.fee_rules, self.terms.contract, self.others[0])

    @cached_property
    def maintenance_margin(self):
        return maintenance_margin(self.quantity, self.terms.entry_price, self.rules, self.terms.contract)

    @cached_property
    def opening_fee(self):
        return trading_fee(self.value, self.fee_rate(self.terms.opened_as))

    @cached_property
    def cost_to_open(self):
        return self.opening_margin + self.opening_fee

    @cached_property
    def settlements(self):
        (every,) = self.needs("funding_interval_hours")
        return funding_settlements(0.0, self.terms.hours, every)

    @cached_property
    def holding_cost(self):
        """Funding with the price unchanged; above 0 it is paid."""
        t = self.terms
        lacking = [what for what, value in (("funding rate", t.funding_rate), ("days", t.hours)) if value is None]
        if lacking:
            raise Open("–", f"Fill in {' and '.join(lacking)}.")
        return self.settlements * funding_payment(t.side, self.quantity, t.entry_price, t.funding_rate, t.contract)

    @cached_property
    def funding(self):
        """The same, 0 where it was not asked for."""
        return 0.0 if None in (self.terms.funding_rate, self.terms.hours) else self.holding_cost

    @cached_property
    def break_even_price(self):
        t = self.terms
        rates = self.fee_rate(t.opened_as), self.fee_rate(t.closed_as)
        return break_even_price(t.side, t.entry_price, *rates, t.contract, self.quantity, self.funding)

    def result(self, exit_price, closed_as):
        """Profit of a close at this price, after fees and funding."""
        t = self.terms
        rates = self.fee_rate(t.opened_as), self.fee_rate(closed_as)
        return realised_pnl(
            t.side, self.quantity, t.entry_price, exit_price, *rates, t.contract, 0.0, self.funding
        )  # fmt: skip

    @cached_property
    def at_target(self):
        if self.terms.target is None:
            raise Open("–", "Fill in a target.")
        return self.result(self.terms.target, self.terms.closed_as)

    @cached_property
    def first(self):
        """ "stop" or "liquidation"."""
        if self.terms.stop is None:
            raise Open("–", "Fill in a stop.")
        ends = self.terms.stop, self.liquidation_price
        away = (-self.s * price_move(self.terms.entry_price, end) if end > 0 else 1.0 for end in ends)
        stop, end = away
        return StopCheck(*ends, stop, end if ends[1] == ends[1] else math.nan, math.nan).first

    @cached_property
    def at_stop(self):
        """The result at the stop; where the liquidation is first, all that stood behind the position and the fee."""
        if self.first == "stop":
            return self.result(self.terms.stop, "taker")
        return -(self.backing + self.opening_fee)

    @cached_property
    def largest(self):
        """The largest position value at this leverage; inf: no limit."""
        t = self.terms
        if t.symbol is None:
            raise Open("not known", "The tables have no tiers for this contract.")
        found = max_position(t.exchange, t.symbol, max(1.0, self.leverage), t.contract, t.entry_price)
        if found is None:
            raise Open("not known", f"The tables do not say up to which size {t.symbol} allows {times(self.leverage)}.")
        return found

    # --- in words

    @property
    def unit(self):
        """The coin, where its name is known."""
        return self.coin or "coins"

    def cash(self, value, signed=False):
        """Money in the settlement currency."""
        return money(value, signed) if self.linear else amount(value, self.unit, signed)

    def sized(self, quantity):
        return amount(quantity, self.unit) if self.linear else money(quantity)

    def away(self, at):
        return f"{price(at)} ({signed_percent(price_move(self.terms.entry_price, at))})"

    def rows(self):
        """All numbers as Rows."""
        told = (
            self._value, self._margin, self._maintenance, self._liquidation, self._bankruptcy, self._cost,
            self._break_even, self._holding, self._target, self._stop, self._first, self._largest, *self._lived(),
        )  # fmt: skip
        return [self._row(name, tell) for name, tell in zip(ROWS, told, strict=True)]

    def _row(self, name, tell):
        try:
            value, number, steps = tell()
        except Open as problem:
            return Row(name, problem.shown, (str(problem),))
        return Row(name, value, tuple(steps), number)

    def _value(self):
        t, sign_ = self.terms, "×" if self.linear else "/"
        told = f"{self.sized(self.quantity)} {sign_} {price(t.entry_price)} = {self.cash(self.value)}"
        steps = [f"size {sign_} entry price = {told}"]
        if t.size is None:
            steps.append(f"size: what {self.cash(t.margin)} of margin buys at {times(t.leverage)}")
        return f"{self.cash(self.value)} ({self.sized(self.quantity)})", self.value, steps

    def _margin(self):
        t = self.terms
        if t.margin is not None:
            steps = [f"as given; leverage = value / margin = {self.cash(self.value)} / {self.cash(t.margin)}"
                     f" = {times(self.leverage)}"] if t.leverage is None else ["as given"]  # fmt: skip
        else:
            first = self.value / t.leverage
            steps = [f"value / leverage = {self.cash(self.value)} / {times(t.leverage)} = {self.cash(first)}"]
            if self.reserve > 0:
                rate = percent(self.fee_rules.closing_fee_rate, decimals=4)
                steps.append(
                    f"+ {self.cash(self.reserve)} kept for the closing fee ({rate} of the value"
                    f"{' at the bankruptcy price' if self.fee_rules.closing_fee_basis == 'bankruptcy' else ''})"
                    f" = {self.cash(self.opening_margin)}"
                )
        if self.cross:
            steps.append(f"Cross: the whole wallet of {self.cash(self.backing)} backs the position.")
        elif t.added:
            word = "added" if t.added > 0 else "taken out"
            steps.append(f"{self.cash(abs(t.added))} {word} later: now {self.cash(self.backing)} backs the position")
        return f"{self.cash(self.opening_margin)} ({times(self.leverage)})", self.opening_margin, [
            *steps, *(self.dated("closing_fee_basis") if t.margin is None else ())
        ]  # fmt: skip

    def _rate(self, at):
        """(rate, deduction in money) of the maintenance margin of the position valued at a price."""
        rules, value = self.rules.uncapped, notional(self.quantity, at, self.terms.contract)
        ladder = rules.maintenance
        if not isinstance(ladder, Ladder):
            return rules.maintenance, rules.maintenance_deduction
        if ladder.measure == "value":
            return ladder.at(value)
        rate, deduction = ladder.at(self.quantity)
        return rate - deduction / self.quantity, 0.0

    def _tier(self, at):
        """Which tier holds, in words."""
        ladder = self.rules.uncapped.maintenance
        if not isinstance(ladder, Ladder) or len(ladder.floors) == 1:
            return ""
        size = self.quantity if ladder.measure == "quantity" else notional(self.quantity, at, self.terms.contract)
        return f" (tier {ladder.tier(size)} of {len(ladder.floors)})"

    def _kept(self, at, kept):
        """The equation of a maintenance margin: rate × value − deduction = …"""
        rate, deduction = self._rate(at)
        value = self.cash(notional(self.quantity, at, self.terms.contract))
        less = f" − {self.cash(deduction)}" if deduction else ""
        return f"{percent(rate, decimals=4)} × {value}{less} = {self.cash(kept)}{self._tier(at)}"

    def _maintenance(self):
        told = self._kept(self.terms.entry_price, self.maintenance_margin)
        steps = [f"rate × value{' − deduction' if ' − ' in told else ''} = {told}, at the entry price"]
        return self.cash(self.maintenance_margin), self.maintenance_margin, [*steps, *self.dated("maintenance_rate")]

    def _remains(self, at):
        """What must remain at the liquidation price: amounts that stay the same (sign, name, money), and a rate."""
        t, rules, parts = self.terms, self.rules, []
        at_entry = rules.maintenance_basis == "entry"
        slope, deduction = self._rate(t.entry_price if at_entry else at)
        if at_entry:
            parts, slope = [("−", "maintenance", slope * self.value)], 0.0
        parts.append(("+", "deduction", deduction))
        if rules.closing_fee_basis == "mark":
            return parts, slope + rules.closing_fee_rate
        fee = closing_fee(*self.position, self.backing, at, rules, t.contract, self.others[0])
        return [*parts, ("−", "closing fee", fee)], slope

    def _root(self, name, counted_, slope):
        """(formula, formula with its numbers, the price) where a loss has used up the money that counts."""
        plus = "+" if (self.s > 0) != self.linear else "−"
        factor = f" × (1 {plus} rate)" if slope else ""
        filled = f" × (1 {plus} {percent(slope, decimals=4)})" if slope else ""
        left, size = f"({self.cash(self.value)} {plus} {self.cash(counted_)})", self.sized(self.quantity)
        if not self.linear:
            at = self.quantity * (1 + self.s * slope) / (self.value + self.s * counted_)
            return f"size{factor} / (value {plus} {name})", f"{size}{filled} / {left}", at
        at = (self.value - self.s * counted_) / (self.quantity * (1 - self.s * slope))
        words, bottom = f"(size{factor})" if slope else "size", f"({size}{filled})" if slope else size
        return f"(value {plus} {name}) / {words}", f"{left} / {bottom}", at

    @staticmethod
    def _shares(first, second):
        """Two rates and their sum."""
        return (
            " + ".join(percent(rate, decimals=4) for rate in (first, second))
            + f" = {percent(first + second, decimals=4)}"
        )

    def _no_price(self, at, what):
        """What is said where there is no such price; "" where there is one."""
        if math.isnan(at):
            return f"none: no price {what}"
        return "" if at > 0 else f"none above 0: only a worthless coin {what}"

    def _liquidation(self):
        end, name = self.liquidation_price, "wallet" if self.cross else "margin"
        equation = f"liquidated where {name} + PnL = maintenance margin + closing fee"
        source = self.dated("maintenance_rate", "maintenance_basis", "closing_fee_basis")
        if none := self._no_price(end, "liquidates it"):
            return none, end, [f"{equation}: that happens at no price above 0", *source]
        fixed, slope = self._remains(end)
        pnl_, need = self.others
        parts = [("+", "PnL of the others", pnl_), ("−", "their maintenance", need), *fixed]
        counted_ = self.backing + sum(value if mark == "+" else -value for mark, _, value in parts)
        steps, used = [equation], [part for part in parts if part[2]]
        if used:
            words = "".join(f" {mark} {what}" for mark, what, _ in used)
            filled = "".join(f" {mark} {self.cash(value)}" for mark, _, value in used).replace(f"+ {MINUS}", "− ")
            steps.append(f"money = {name}{words} = {self.cash(self.backing)}{filled} = {self.cash(counted_)}")
            name = "money"
        words, filled, root = self._root(name, counted_, slope)
        if math.isclose(root, end, rel_tol=1e-9):
            if slope and self.rules.closing_fee_basis == "mark":
                fee = self.rules.closing_fee_rate
                steps.append(f"rate = maintenance + closing fee = {self._shares(slope - fee, fee)}")
            steps.append(f"price = {words} = {filled} = {price(end)}")
        else:
            steps.append(
                f"At {price(end)} the value reaches a tier whose maintenance margin is more than what is left."
            )
        valued = self.terms.entry_price if self.rules.maintenance_basis == "entry" else end
        kept = maintenance_margin(self.quantity, valued, self.rules.uncapped, self.terms.contract)
        steps.append(f"maintenance there: {self._kept(valued, kept)}; PnL {self.cash(self._pnl(end), True)}")
        return self.away(end), end, [*steps, self._distance(end), *source]

    def _distance(self, at):
        e = self.terms.entry_price
        return f"distance = {price(at)} / {price(e)} − 1 = {signed_percent(price_move(e, at))}"

    def _pnl(self, at):
        return pnl(self.terms.side, self.quantity, self.terms.entry_price, at, self.terms.contract)

    def _bankruptcy(self):
        end = self.bankruptcy_price
        source = self.dated("closing_fee_basis")
        if none := self._no_price(end, "uses up the margin"):
            behind = f"{self.cash(self.backing)} backs a position of {self.cash(self.value)}"
            return none, end, [f"{behind}: no price above 0 makes the loss that large", *source]
        slope = self.fee_rules.closing_fee_rate if self.fee_rules.closing_fee_basis in ("mark", "bankruptcy") else 0.0
        counted_ = self.backing + self.others[0]
        what = "wallet" if self.cross else "margin"
        if self.others[0]:
            what = f"({what} + PnL of the others)"
        words, filled, _ = self._root(what, counted_, slope)
        lost = "the loss and the closing fee equal" if slope else "the loss equals"
        steps = [
            f"nothing is left where {lost} the {what.strip('()')}",
            f"price = {words} = {filled} = {price(end)}",
        ]
        return self.away(end), end, [*steps, self._distance(end), *source]

    def _fee(self, value, rate, fee):
        return f"{self.cash(value)} × {percent(rate, decimals=4)} = {self.cash(fee)}"

    def _and_funding(self, paid):
        """ " + funding $9" or, received, with the other sign; "" where there is none. paid: the sign of a cost."""
        if self.funding < 0:
            return f"{' − ' if paid == ' + ' else ' + '}funding received {self.cash(-self.funding)}"
        return f"{paid}funding {self.cash(self.funding)}" if self.funding else ""

    def _cost(self):
        t, rate = self.terms, self.fee_rate(self.terms.opened_as)
        margin, total = self.cash(self.opening_margin), self.cash(self.cost_to_open)
        steps = [f"opening fee = value × {t.opened_as} fee = {self._fee(self.value, rate, self.opening_fee)}",
                 f"margin + opening fee = {margin} + {self.cash(self.opening_fee)} = {total}"]  # fmt: skip
        return total, self.cost_to_open, [*steps, *self.dated(f"{t.opened_as}_fee")]

    def _break_even(self):
        t, even = self.terms, self.break_even_price
        fees = sorted({t.opened_as, t.closed_as})
        if math.isnan(even):
            costs = f"opening fee {self.cash(self.opening_fee)}{self._and_funding(' + ')}"
            return "none: no price above 0 earns back the costs", even, [f"{costs}: more than the position can gain"]
        rate = self.fee_rate(t.closed_as)
        paid = self.opening_fee + self.funding
        closing = trading_fee(notional(self.quantity, even, t.contract), rate)
        steps = [
            "where the gain equals both fees" + " and the funding" * bool(self.funding),
            f"opening fee {self.cash(self.opening_fee)}{self._and_funding(' + ')}"
            f" + closing fee {percent(rate, decimals=4)} of the value there, {self.cash(closing)}"
            f" = {self.cash(paid + closing)} = the gain at {price(even)}",
        ]
        return self.away(even), even, [*steps, *self.dated(*(f"{kind}_fee" for kind in fees))]

    def _holding(self):
        t, cost, count = self.terms, self.holding_cost, self.settlements
        every = self.needs("funding_interval_hours")[0]
        one = funding_payment(t.side, self.quantity, t.entry_price, t.funding_rate, t.contract)
        word = "paid" if cost > 0 else "received"
        steps = [
            f"one settlement: rate × value = {percent(t.funding_rate, decimals=4)} × {self.cash(self.value)}"
            f" = {self.cash(abs(one))}, {'paid' if one > 0 else 'received'} by a {t.side}, with the price unchanged",
            f"{plural(count, 'settlement')} in {plain(t.hours)} hours, one every {plain(every)}:"
            f" {plain(count)} × {self.cash(abs(one))} = {self.cash(abs(cost))}",
        ]
        shown = f"{self.cash(abs(cost))} {word}" if cost else self.cash(0.0)
        return shown, cost, [*steps, *self.dated("funding_interval_hours")]

    def _exit(self, at, closed_as, total):
        """The steps of a result, and it as a share of the margin."""
        t, rate = self.terms, self.fee_rate(closed_as)
        closing = trading_fee(notional(self.quantity, at, t.contract), rate)
        steps = [
            f"PnL at {price(at)} = {self.cash(self._pnl(at), True)}",
            f"closing fee = value there × {closed_as} fee"
            f" = {self._fee(notional(self.quantity, at, t.contract), rate, closing)}",
            f"PnL − opening fee {self.cash(self.opening_fee)} − closing fee {self.cash(closing)}"
            f"{self._and_funding(' − ')} = {self.cash(total, True)}",
        ]
        share = f" ({signed_percent(total / self.opening_margin)} of the margin)"
        return self.cash(total, True) + share, total, [*steps, *self.dated(f"{closed_as}_fee")]

    def _target(self):
        total = self.at_target
        return self._exit(self.terms.target, self.terms.closed_as, total)

    def _stop(self):
        total = self.at_stop
        if self.first == "stop":
            return self._exit(self.terms.stop, "taker", total)
        behind = "wallet" if self.cross else "margin"
        steps = [
            f"The stop is not reached: the position is liquidated at {price(self.liquidation_price)}.",
            f"at most {behind} + opening fee = {self.cash(self.backing)} + {self.cash(self.opening_fee)}"
            f" = {self.cash(-total)}, plus the funding until then; some exchanges give back what is left",
        ]
        return f"liquidated first: {self.cash(total, True)}", total, steps

    def _first(self):
        first, t = self.first, self.terms
        if self._no_price(self.liquidation_price, ""):
            return "the stop", None, ["There is no liquidation price."]
        stop, end = (signed_percent(price_move(t.entry_price, at)) for at in (t.stop, self.liquidation_price))
        steps = [f"stop {price(t.stop)} is {stop} from the entry, liquidation {price(self.liquidation_price)} {end}"]
        if first == "stop":
            steps.append(
                "Most stops watch the last price, the liquidation watches the mark price; a jump can pass both."
            )
        elif t.stop == self.liquidation_price:
            steps.append("At the same price nobody knows which comes first: the tie is counted against you.")
        return f"the {first}", None, steps

    def _largest(self):
        t = self.terms
        if t.exchange is None:
            raise Open("not known", "Your own rules have no tiers.")
        try:
            most = self.largest
        except ValueError as problem:
            return "not offered", None, [f"{t.symbol}: {problem}."]
        source = self.dated("maintenance_rate")
        if math.isinf(most):
            return "no limit", most, [f"No tier of {t.symbol} sets a limit at {times(self.leverage)}.", *source]
        size = self.quantity if not self.linear else self.value
        steps = [
            f"a tier allows {times(self.leverage)} up to this size; yours is {money(size)}, {percent(size / most)} of"
            " it"
        ]
        return f"{money(most)}{'' if size <= most else '; yours is larger'}", most, [*steps, *source]

    def _lived(self):
        """A function for each sample."""
        return [lambda years=years: self._lived_in(years) for years in STARTS]

    def _lived_in(self, years):
        end = self.liquidation_price
        if none := self._no_price(end, "liquidates it"):
            return none, None, ["Without a liquidation price there is nothing to count."]
        move, (low, *_, high) = abs(price_move(self.terms.entry_price, end)), measured_moves()
        if not low <= move <= high:
            which = (
                f"{percent(move, decimals=3)} is outside the range that was counted, {percent(low)} to {percent(high)}"
            )
            return "not counted", None, [f"{which}."]
        hours, shares, between = counted(self.terms.side, move, years)
        open_ = shares[hours.index(24.0)]
        went = "fell" if self.s > 0 else "rose"
        left = (f"{span(h)} {percent(share, decimals=1)}" for h, share in zip(hours, shares))
        steps = [
            f"from {STARTS[years]:,} starting hours of BTC: how often the price {went} by {percent(move)}",
            f"still open after {', '.join(left)}",
            "Most other coins move more; the past promises nothing.",
        ]
        return f"{percent(open_, decimals=1)} open after a day; {half_gone(*between)}", open_, steps

    def levels(self):
        """{name: price} of what has one, for the picture."""
        found = {"entry": self.terms.entry_price, "stop": self.terms.stop, "target": self.terms.target}
        for name, key in (("break-even", "break_even_price"), ("liquidation", "liquidation_price"),
                          ("bankruptcy", "bankruptcy_price")):  # fmt: skip
            try:
                found[name] = getattr(self, key)
            except Open:
                continue
        return {name: at for name, at in found.items() if at is not None and at > 0}

    def remarks(self):
        """Sentences that ask for what is not known, and say what the exchange does not allow."""
        told, t = [], self.terms
        if missing := self.missing():
            told.append(f"The tables do not have these rules, and nothing is assumed: fill in {', '.join(missing)}.")
        row = next(row for row in self.rows() if row.name == "largest position")
        if row.value == "not offered":
            told.append(f"{t.exchange} does not offer this leverage: {row.steps[0]}")
        elif row.number is not None and (self.value if self.linear else self.quantity) > row.number:
            told.append(
                f"{t.exchange} allows {times(self.leverage)} up to {money(row.number)}, and this position is larger."
            )
        return told

    def missing(self):
        """Names of the rules that some number lacks: neither typed in nor in the tables."""
        t = self.terms
        wanted = {
            "maintenance_rate",
            "maintenance_basis",
            "closing_fee_basis",
            f"{t.opened_as}_fee",
            f"{t.closed_as}_fee",
        }
        wanted |= {"taker_fee"} if t.stop is not None else set()
        wanted |= {"funding_interval_hours"} if None not in (t.funding_rate, t.hours) else set()
        lacking = [name for name in wanted if getattr(t, name) is None and self.fact(name).value is None]
        return [NAMES[name] for name in NAMES if name in lacking]

    def where(self):
        """Whose rules, in words."""
        t = self.terms
        return f"{t.exchange}, {t.symbol or f'another {t.contract} contract'}" if t.exchange else "rules of your own"

    def whose(self):
        """Leverage, side and rules, in a few words."""
        try:
            return f"{times(self.leverage)} {self.terms.side}, {self.where()}"
        except Open:
            return f"{self.terms.side}, {self.where()}"

    def finding(self):
        """(what matters most, in a few words; is it bad news?)"""
        try:
            end = self.liquidation_price
            if self.terms.stop is not None:
                first = self.first
                return (
                    "Liquidation comes first" if first == "liquidation" else "The stop comes before liquidation",
                    first != "stop",
                )
        except Open:
            return "Liquidation not known", False
        return (f"Liquidation at {price(end)}" if end > 0 else "No liquidation price"), False

    def sentence(self):
        """All of it in words, with its numbers: alt text and caption of the picture."""
        rows = {row.name: row for row in self.rows()}
        t = self.terms
        wallet = f" with a wallet of {self.cash(t.wallet)}" if self.cross else ""
        told = [
            f"{t.side.capitalize()} at {price(t.entry_price)} ({self.where()}): position"
            f" {rows['position value'].value}, margin {rows['margin'].value}, {t.mode}{wallet}."
        ]
        told.append(
            f"Liquidation {rows['liquidation price'].value}, bankruptcy {rows['bankruptcy price'].value},"
            f" break-even {rows['break-even price'].value}."
        )
        if t.stop is not None:
            told.append(f"The stop at {self.away(t.stop)}: {rows['at the stop'].value}.")
        if t.target is not None:
            told.append(f"The target at {self.away(t.target)}: {rows['at the target'].value}.")
        return " ".join(told)


ROWS = (
    "position value", "margin", "maintenance margin", "liquidation price", "bankruptcy price", "cost to open",
    "break-even price", "cost of holding", "at the target", "at the stop", "comes first", "largest position",
    *(f"stayed open, {years}" for years in STARTS),
)  # fmt: skip
