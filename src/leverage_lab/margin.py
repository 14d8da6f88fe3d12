"""Chapter 3: accounts. Several positions on one wallet, isolated and cross side by side.

All money is in one settlement currency. An isolated position has a margin of its own; what is left of the
wallet, the cross wallet, stands behind all cross positions together, and they end together when

    cross wallet + PnL of all cross positions on paper  <=  what they require together

(Toobit, "Liquidation Introduction of Perpetual Contract"; Binance, "How to Calculate Liquidation Price of
USDⓈ-M Futures Contracts"). What one position requires is the engine's business (liquidation.py). Nobody loses
more than was put up: beyond the isolated margin, or the cross wallet, the exchange's insurance fund pays.

Marks are {symbol: price}: numbers, or arrays where a method says so. Every change gives a new Account, and
whatever is refused is refused in one sentence (ValueError).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from leverage_lab.checks import FINITE, NOT_NEGATIVE, POSITIVE, Range, choice, number
from leverage_lab.leverage import Position, notional, pnl, sign
from leverage_lab.liquidation import (
    EDGE, NO_RULES, RATE, ROUNDING, Ladder, Rules, bankruptcy_price, crossing_price, liquidation_price, position_margin,
    requirement, round_to_tick,
)  # fmt: skip
from leverage_lab.numeric import is_array, largest, pick, ratio

MODES = ("cross", "isolated")
HEDGES = ("both legs", "larger leg")
RESTS = ("fund", "trader")
ORDERS = ("all at once", "largest loss first")


@dataclass(frozen=True)
class Holding:
    """One position of an account: Holding("BTC", "long", entry_price=50_000, quantity=0.1, leverage=10).

    quantity: coins (linear) or face value in dollars (inverse). rules: Rules of single numbers, or with a
    Ladder. mode: "cross" (leverage only says what is set aside) or "isolated". added_margin: money put beside
    the initial margin of an isolated position, less what was removed or paid for funding.
    """

    symbol: str
    side: str
    entry_price: float
    quantity: float
    leverage: float
    rules: Rules = NO_RULES
    contract: str = "linear"
    mode: str = "cross"
    added_margin: float = 0.0

    def __post_init__(self):
        if not isinstance(self.symbol, str) or not self.symbol:
            raise ValueError(f"symbol must be a word, got {self.symbol!r}")
        bet = Position(self.side, self.entry_price, self.quantity, self.leverage, self.contract)
        choice("mode", self.mode, MODES)
        added_margin = _one("added margin", self.added_margin)
        if self.mode == "cross" and added_margin != 0:
            raise ValueError(f"added margin must be 0 in cross mode, got {added_margin:.15g}")
        for name in ("entry_price", "quantity", "leverage"):
            object.__setattr__(self, name, getattr(bet, name))
        object.__setattr__(self, "added_margin", added_margin)
        if not isinstance(self.rules, Rules):
            raise ValueError(f"rules must be Rules(...), got {self.rules!r}")
        ladder = self.rules.maintenance
        for value in (ladder, self.rules.closing_fee_rate, self.rules.maintenance_deduction):
            if is_array(value) and not isinstance(value, Ladder):
                raise ValueError(f"the rules of a position must be single numbers, got an array of shape {value.shape}")
        if isinstance(ladder, Ladder):
            size = self.quantity if ladder.measure == "quantity" else bet.notional
            number(f"{ladder.measure} of the {self.symbol} position", size, Range(low=0, high=ladder.cap * (1 + EDGE)))

    @property
    def key(self):
        """(symbol, side): an account has at most one position of each."""
        return self.symbol, self.side

    @property
    def initial_margin(self):
        """What is set aside to open: value / leverage, and the reserve for the closing fee if the rules have one."""
        return position_margin(self.side, self.entry_price, self.quantity, self.leverage, self.rules, self.contract)

    @property
    def margin(self):
        """Initial margin + added margin: what an isolated position can lose."""
        return self.initial_margin + self.added_margin

    def value(self, price):
        """Value at `price` (scalar or array)."""
        return notional(self.quantity, price, self.contract)

    def unrealised(self, price):
        """Profit or loss on paper at `price` (scalar or array)."""
        return pnl(self.side, self.quantity, self.entry_price, price, self.contract)

    def requirement(self, price, money=None, others=0.0):
        """Maintenance margin + closing fee at `price` (scalar or array).

        money, others: what stands behind the position (None: its margin), and the PnL of the other cross positions on
        paper; only a fee on the bankruptcy price depends on them. A position that has outgrown its ladder stays in
        the last tier.
        """
        money, rules = self.margin if money is None else money, _uncapped(self.rules)
        return requirement(self.side, self.entry_price, self.quantity, money, price, rules, self.contract, others)

    def margin_ratio(self, price):
        """Requirement / (margin + PnL) of an isolated position at `price` (scalar or array): 1 is liquidation."""
        self._must_be_isolated()
        return _ratio(self.requirement(price), self.margin + self.unrealised(price))

    def tier(self, price):
        """Number of the risk tier that holds at `price`, from 1; 1 without a ladder."""
        ladder = _uncapped(self.rules).maintenance
        return ladder.tier(self.quantity * self._unit(price)) if isinstance(ladder, Ladder) else 1

    def _unit(self, price):
        """What one unit of quantity counts in the ladder."""
        if self.rules.maintenance.measure == "quantity":
            return 1.0
        return notional(1.0, self.entry_price if self.rules.maintenance_basis == "entry" else price, self.contract)

    def _must_be_isolated(self):
        if self.mode != "isolated":
            whose = f"the {self.side} position in {self.symbol}"
            raise ValueError(f"{whose} must be isolated to have its own margin, got {self.mode}")


@dataclass(frozen=True)
class Account:
    """A wallet and its positions: Account(1000).open(Holding(...), marks).

    cross_wallet: the money outside the margins of isolated positions, PnL on paper not counted; it can be
    negative only while a profit on paper of cross positions stands behind it. positions: Holdings, at most one
    long and one short of a symbol, all linear or all inverse (a wallet has one currency). hedge: what the
    long and the short of one symbol require in cross mode: "both legs" together (Binance, hedge mode) or
    the "larger leg" alone (Kraken).
    """

    cross_wallet: float
    positions: tuple = ()
    hedge: str = "both legs"

    def __post_init__(self):
        object.__setattr__(self, "cross_wallet", _one("cross wallet", self.cross_wallet))
        choice("hedge", self.hedge, HEDGES)
        if not isinstance(self.positions, (list, tuple)) or not all(isinstance(h, Holding) for h in self.positions):
            raise ValueError(f"positions must be a list of Holding(...), got {self.positions!r}")
        object.__setattr__(self, "positions", tuple(self.positions))
        if len({h.contract for h in self.positions}) > 1:
            raise ValueError("the positions of one account must be all linear or all inverse, got both")
        keys = [h.key for h in self.positions]
        for symbol, side in keys:
            count = keys.count((symbol, side))
            if count > 1:
                raise ValueError(f"an account must have at most one {side} position in {symbol}, got {count}")
        if not self._cross():
            number("cross wallet", self.cross_wallet, NOT_NEGATIVE)

    # --- what there is ---

    @property
    def wallet(self):
        """All the money of the account: cross wallet + isolated margins; PnL on paper not counted."""
        return self.cross_wallet + sum((h.margin for h in self.positions if h.mode == "isolated"), 0.0)

    def holding(self, symbol, side):
        """The position in `symbol` on `side`; ValueError if there is none."""
        for held in self.positions:
            if held.key == (symbol, side):
                return held
        raise ValueError(f"position must be one of {[h.key for h in self.positions]}, got {(symbol, side)!r}")

    def unrealised(self, marks):
        """PnL of all positions on paper at `marks` (numbers or arrays)."""
        marks = self._marks(marks)
        return sum((h.unrealised(marks[h.symbol]) for h in self.positions), 0.0)

    def equity(self, marks):
        """Wallet + PnL of all positions on paper at `marks` (numbers or arrays)."""
        return self.wallet + self.unrealised(marks)

    def cross_equity(self, marks):
        """Cross wallet + PnL of the cross positions on paper at `marks` (numbers or arrays)."""
        return self._state(self._marks(marks))[0]

    def requirement(self, marks):
        """What the cross positions require together at `marks` (numbers or arrays)."""
        return self._state(self._marks(marks))[1]

    def margin_ratio(self, marks):
        """Requirement / equity of the cross positions at `marks` (numbers or arrays): 1 is liquidation.

        inf once the equity is gone, nan without cross positions. An isolated position has its own: Holding.margin_ratio.
        """
        have, need = self._state(self._marks(marks))
        return _ratio(need, have) if self._cross() else math.nan

    def available(self, marks):
        """What can be moved, or used to open: cross wallet − loss on paper − initial margins of the cross positions.

        A profit on paper does not count (some venues let it be used to open). Never below 0.
        """
        return max(0.0, self._free(marks))

    # --- what can be done ---

    def open(self, holding, marks, fee_rate=0.0):
        """The account with `holding` opened, or added to the position of its symbol and side.

        fee_rate: of the value at the entry, paid from the wallet. Where the terms are the same, the entry price
        becomes the mean by quantity (of 1/price if inverse). Refused: what costs more than is available, and
        what would be liquidated at once.
        """
        if not isinstance(holding, Holding):
            raise ValueError(f"position must be Holding(...), got {holding!r}")
        cost = taken = _one("fee rate", fee_rate, RATE) * holding.value(holding.entry_price)
        before = next((h for h in self.positions if h.key == holding.key), None)
        opened = _merged(before, holding) if before else holding
        free = self._free(marks)
        if opened.mode == "isolated":
            cost = taken = taken + holding.margin
        else:
            cost = free - self._put(before, opened, self.cross_wallet - taken)._free(marks)
        if cost > free + ROUNDING * (abs(cost) + abs(free)):
            raise ValueError(f"margin and fee must be at most the {max(0.0, free):.10g} available, got {cost:.10g}")
        account = self._put(before, opened, _less(self.cross_wallet, taken))
        mark = account._marks(marks)[opened.symbol]
        if opened.mode == "isolated":
            have, need = opened.margin + opened.unrealised(mark), opened.requirement(mark)
        else:
            have, need = account._state(account._marks(marks))
        _alive(have, need, "at entry")
        return account

    def close(self, symbol, side, price, quantity=None, fee_rate=0.0):
        """The account after closing `quantity` (None: all) at `price`: the PnL, less the fee, goes to the cross wallet.

        fee_rate: of the value closed. An isolated position takes its share of the margin back to the cross wallet.
        """
        held = self.holding(symbol, side)
        price, fee_rate = _one("price", price, POSITIVE), _one("fee rate", fee_rate, RATE)
        allowed = Range(low=0, high=held.quantity, open_low=True)
        part = _part(held, held.quantity if quantity is None else _one("quantity", quantity, allowed))
        back = part.unrealised(price) - fee_rate * part.value(price)
        if held.mode == "isolated":
            back = _less(part.margin, -back)
            if back < 0:
                limit, loss = f"{part.margin:.10g}", f"{part.margin - back:.10g}"
                raise ValueError(f"the loss must be at most the margin of {limit} (liquidated before), got {loss}")
        return self._put(held, _rest(held, part), _less(self.cross_wallet, -back))

    def add_margin(self, symbol, side, amount, marks):
        """The account with `amount` moved from what is available to an isolated position."""
        return self._moved(symbol, side, _one("amount", amount, POSITIVE), self.available(marks), "available", 1)

    def remove_margin(self, symbol, side, amount, marks):
        """The account with `amount` moved from an isolated position back to the cross wallet.

        The margin that stays must cover the initial margin and a loss on paper, and with the PnL the requirement.
        """
        held, amount = self.holding(symbol, side), _one("amount", amount, POSITIVE)
        mark = self._marks(marks, single=True)[symbol]
        gain = held.unrealised(mark)
        free = held.margin - max(held.initial_margin - min(gain, 0.0), held.requirement(mark) - gain)
        return self._moved(symbol, side, amount, max(0.0, free), "the position can spare", -1)

    # --- where it ends ---

    def liquidation_prices(self, marks):
        """{(symbol, side): price} at which each position is liquidated, all other symbols held at `marks` (numbers).

        Isolated: by its own margin. Cross: the price of the symbol at which the whole cross account is down to its
        requirement, one for both legs of a hedge; of the two of `liquidation_range` the nearer by ratio. nan where
        there is none. ValueError where something is below its requirement already.
        """
        prices = self._marks(marks, single=True)
        found, crossed = {}, {}
        for symbol in dict.fromkeys(h.symbol for h in self._cross()):
            (below, above), mark = self.liquidation_range(symbol, marks), prices[symbol]
            crossed[symbol] = above if math.isnan(below) or above * below < mark**2 else below
        for h in self.positions:
            if h.mode == "cross":
                found[h.key] = crossed[h.symbol]
            else:
                found[h.key] = liquidation_price(
                    h.side, h.entry_price, h.quantity, h.margin, _uncapped(h.rules), h.contract,
                    mark_price=prices[h.symbol],
                )  # fmt: skip
        return found

    def liquidation_range(self, symbol, marks):
        """(below, above): the prices of `symbol` between which the cross account lives, all others held at `marks`.

        nan where there is none. A long alone has only one below, a short one above; a hedge may have either or
        both, since the maintenance of its legs grows with the price while their PnL cancels. In x = p, or
        1/p if inverse, equity less requirement is a straight line between two tier edges: it is solved edge by edge.
        Rounded to the tick of the rules, against the trader.
        """
        prices = self._marks(marks, single=True)
        legs = [h for h in self._cross() if h.symbol == symbol]
        if not legs:
            raise ValueError(f"symbol must be one with a cross position, got {symbol!r}")
        linear, tick = legs[0].contract == "linear", legs[0].rules.tick

        def gap(x):
            have, need = self._state(prices | {symbol: x if linear else 1 / x})
            return have - need

        _alive(*self._state(prices), "at the mark price")
        start = prices[symbol] if linear else 1 / prices[symbol]
        edges = sorted({low / h.quantity for h in legs for low in _moving_floors(h.rules)})
        less = _first_crossing(gap, start, [edge for edge in reversed(edges) if edge < start] + [0.0])
        more = _first_crossing(gap, start, [edge for edge in edges if edge > start] + [math.inf])
        # Inverse: the higher the price, the lower x; x = 0 would be a price beyond all bounds.
        below, above = (less, more) if linear else (1 / more, 1 / less if less else math.nan)
        if tick is None:
            return below, above
        return round_to_tick(below, tick, "long"), round_to_tick(above, tick, "short")

    # --- inside ---

    def _cross(self):
        return [h for h in self.positions if h.mode == "cross"]

    def _marks(self, marks, single=False):
        """The marks of the symbols held, checked; single: each must be one number."""
        if not isinstance(marks, dict):
            raise ValueError(f"marks must be {{symbol: price}}, got {marks!r}")
        for h in self.positions:
            if h.symbol not in marks:
                raise ValueError(f"marks must have a price of {h.symbol}, got {', '.join(map(str, marks)) or 'none'}")
        check = _one if single else number
        return {h.symbol: check(f"mark of {h.symbol}", marks[h.symbol], POSITIVE) for h in self.positions}

    def _state(self, marks, paid=0.0):
        """(equity, requirement) of the cross positions, `paid` taken from their wallet."""
        cross, money = self._cross(), self.cross_wallet - paid
        paper = [h.unrealised(marks[h.symbol]) for h in cross]
        total = sum(paper, 0.0)
        needs = [(h.symbol, h.requirement(marks[h.symbol], money, total - own)) for h, own in zip(cross, paper)]
        return money + total, self._together(needs)

    def _together(self, amounts):
        """The sum of (symbol, amount): over the symbols, and over the legs of each by the hedge rule."""
        legs = {}
        for symbol, amount in amounts:
            legs.setdefault(symbol, []).append(amount)
        return sum((sum(of_one) if self.hedge == "both legs" else largest(*of_one) for of_one in legs.values()), 0.0)

    def _free(self, marks):
        marks, cross = self._marks(marks, single=True), self._cross()
        paper = sum((h.unrealised(marks[h.symbol]) for h in cross), 0.0)
        return self.cross_wallet + min(paper, 0.0) - self._together((h.symbol, h.initial_margin) for h in cross)

    def _moved(self, symbol, side, amount, free, words, direction):
        held = self.holding(symbol, side)
        held._must_be_isolated()
        if amount > free:
            raise ValueError(f"amount must be at most the {free:.10g} {words}, got {amount:.10g}")
        moved = replace(held, added_margin=held.added_margin + direction * amount)
        return self._put(held, moved, _less(self.cross_wallet, direction * amount))

    def _put(self, old, new, cross_wallet):
        """The account with `new` (None: nothing) in the place of `old` (None: at the end)."""
        positions = [new if h is old else h for h in self.positions] + ([new] if old is None else [])
        return replace(self, cross_wallet=cross_wallet, positions=tuple(h for h in positions if h is not None))


# --- forced closes --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A forced close, whole ("liquidated") or in part ("reduced"): wallet after = wallet before + pnl − fee − fund.

    step: of the walk, from 0. price: the mark at which it was valued. pnl: of the quantity closed, at that price.
    fee: the liquidation fee. fund: what the insurance fund takes; negative: what it pays.
    """

    step: int
    symbol: str
    side: str
    mode: str
    what: str
    price: float
    quantity: float
    pnl: float
    fee: float
    fund: float

    @property
    def loss(self):
        """What the wallet lost by it."""
        return self.fee + self.fund - self.pnl


def liquidate(account, marks, rest="fund", fee_rate=0.0, order="all at once", tiers_per_step=None, step=0):
    """(account, events) after the forced closes that are due at `marks` (numbers); no events where none is.

    Due is an isolated position, or are the cross positions together, whose equity is no more than what is
    required; isolated ones come first, and what they return helps the others.

    rest: who keeps what is left of the margin. "fund": the close counts at the bankruptcy price and the margin
    is lost (Bybit, BitMEX, KuCoin, Toobit); of a cross account each position answers for its share of the equity
    by value. "trader": the close counts at the mark (Binance, Hyperliquid, dYdX). The fund pays what is short.
    fee_rate: on the value closed, but no more than is left. order: the cross positions go "all at once"
    (Toobit, BingX) or "largest loss first", one by one, until the others are safe.
    tiers_per_step: None, or by how many risk tiers a position is reduced before it is looked at again (1: BitMEX,
    MEXC; 2: OKX); one in the lowest of them goes whole. Of cross positions the one with the largest loss steps first.
    """
    _account(account)
    _terms(rest, fee_rate, order, tiers_per_step)
    marks, events = account._marks(marks, single=True), []

    def close(held, quantity):
        nonlocal account
        account, event = _closed(account, held, quantity, marks, rest, fee_rate, step)
        events.append(event)

    def step_down(held):
        return _step_down(held, marks[held.symbol], tiers_per_step)

    for key in [h.key for h in account.positions if h.mode == "isolated"]:
        while any(h.key == key for h in account.positions):
            held, mark = account.holding(*key), marks[key[0]]
            if held.margin + held.unrealised(mark) > held.requirement(mark):
                break
            close(held, step_down(held) or held.quantity)
    while account._cross():
        have, need = account._state(marks)
        if have > need:
            break
        worst_first = sorted(account._cross(), key=lambda h: h.unrealised(marks[h.symbol]))
        stepping = [h for h in worst_first if step_down(h)]
        if stepping:
            close(stepping[0], step_down(stepping[0]))
        else:
            for held in worst_first if order == "all at once" else worst_first[:1]:
                close(held, held.quantity)
    return account, tuple(events)


@dataclass(frozen=True)
class Walk:
    """What became of an account on its way; the arrays have one entry a step.

    equity: wallet + PnL on paper, after the step's forced closes. margin_ratio: of the cross positions, before
    them: 1 or more is liquidation, nan without cross positions. funding: paid in the step, negative if received.
    events: the forced closes. account: what is there at the end.
    """

    equity: object
    margin_ratio: object
    funding: object
    events: tuple
    account: Account


def walk(account, paths, funding=None, rest="fund", fee_rate=0.0, order="all at once", tiers_per_step=None):
    """Walk `account` along mark prices, {symbol: array}, all of one length; gives a Walk.

    In each step the marks move; then funding is paid, rate × value at the mark (positive: longs pay shorts), from the
    isolated margin or the cross wallet; then what is due is closed at the step's marks, on the terms of
    `liquidate`. funding: {symbol: array of rates}, 0 in steps without; a symbol left out has none.
    """
    import numpy as np

    _account(account)
    terms = {"rest": rest, "fee_rate": fee_rate, "order": order, "tiers_per_step": tiers_per_step}
    _terms(**terms)
    paths = _arrays("paths", paths, POSITIVE)
    steps = {len(path) for path in paths.values()}
    if len(steps) != 1 or 0 in steps:
        raise ValueError(f"paths must be arrays of one length, at least 1, got {_lengths(paths)}")
    steps = steps.pop()
    rates = _arrays("funding", {} if funding is None else funding, FINITE)
    if any(len(rate) != steps for rate in rates.values()):
        raise ValueError(f"funding must have {steps} rates, one a step, got {_lengths(rates)}")
    account._marks(paths)

    equity, margin_ratio, paid = np.empty(steps), np.full(steps, math.nan), np.zeros(steps)
    events, now = [], 0
    while now < steps:  # all steps up to the next forced close at once
        marks = {symbol: path[now:] for symbol, path in paths.items()}
        bills, due = {}, np.zeros(steps - now, dtype=bool)
        for h in account.positions:
            rate = rates[h.symbol][now:] if h.symbol in rates else 0.0
            bills[h.key] = np.cumsum(sign(h.side) * rate * h.value(marks[h.symbol]))
            if h.mode == "isolated":
                money = h.margin - bills[h.key]
                due |= money + h.unrealised(marks[h.symbol]) <= h.requirement(marks[h.symbol], money)
        bill = sum(bills.values(), np.zeros(steps - now))
        have, need = account._state(marks, sum(bills[h.key] for h in account._cross()))
        if account._cross():
            due |= have <= need
        end = int(due.argmax()) + 1 if due.any() else steps - now
        equity[now : now + end] = (account.equity(marks) - bill)[:end]
        paid[now : now + end] = np.diff(bill[:end], prepend=0.0)
        if account._cross():
            margin_ratio[now : now + end] = _ratio(need, have)[:end]
        account = _charged(account, {key: float(bill[end - 1]) for key, bill in bills.items()})
        now += end
        if due.any():
            here = {symbol: float(path[now - 1]) for symbol, path in paths.items()}
            account, closed = liquidate(account, here, step=now - 1, **terms)
            equity[now - 1] = account.equity(here)
            events += closed
    return Walk(equity, margin_ratio, paid, tuple(events), account)


# --- two conventions by which every cross position gets a price of its own --------------------------


def split_equity(account, marks, by="maintenance"):
    """{(symbol, side): money}: the cross equity at `marks` (numbers), shared out.

    by: in proportion to "maintenance" (the requirement of each position) or to "value".
    """
    _account(account)
    choice("by", by, ("maintenance", "value"))
    marks, cross = account._marks(marks, single=True), account._cross()
    have, _ = account._state(marks)
    weights = {h.key: (h.requirement if by == "maintenance" else h.value)(marks[h.symbol]) for h in cross}
    whole = sum(weights.values())
    if cross and not whole > 0:
        raise ValueError(f"the maintenance of all cross positions must be above 0 to share by it, got {whole:.10g}")
    return {key: have * weight / whole for key, weight in weights.items()}


def same_share_prices(account, marks):
    """{(symbol, side): price} as KuCoin displays it ("Liquidation Price in Cross Margin Mode"): no forecast.

    All cross positions are taken to lose the same share of their value at once, equity / sum of values; the price
    is where this share of the equity is down to what the position itself requires. nan where it never is.
    """
    def price(h, *terms):
        return crossing_price(*terms, _uncapped(h.rules), h.contract, mark_price=marks[h.symbol])

    return _own_prices(account, marks, "value", price)


def shared_bankruptcy_prices(account, marks, fee_rate=0.0):
    """{(symbol, side): price} at which closing all cross positions leaves exactly nothing, a fee on each value paid.

    Each position answers for its share of the equity by maintenance (Aboard, "Multi-positions bankruptcy price
    calculation"). nan where it cannot lose as much.
    """
    rules = Rules(closing_fee_rate=_one("fee rate", fee_rate, RATE), closing_fee_basis="mark")
    return _own_prices(account, marks, "maintenance", lambda h, *terms: bankruptcy_price(*terms, rules, h.contract))


def _own_prices(account, marks, by, price):
    shares = split_equity(account, marks, by)
    return {
        h.key: price(h, h.side, h.entry_price, h.quantity, shares[h.key] - h.unrealised(marks[h.symbol]))
        for h in account._cross()
    }


# --- small parts ----------------------------------------------------------------------------------


def _one(name, value, allowed=FINITE):
    value = number(name, value, allowed)
    if is_array(value):
        raise ValueError(f"{name} must be one number, got an array of shape {value.shape}")
    return value


def _account(account):
    if not isinstance(account, Account):
        raise ValueError(f"account must be Account(...), got {account!r}")


def _terms(rest, fee_rate, order, tiers_per_step):
    choice("rest", rest, RESTS)
    _one("fee rate", fee_rate, RATE)
    choice("order", order, ORDERS)
    if tiers_per_step is not None and (type(tiers_per_step) is not int or tiers_per_step < 1):
        raise ValueError(f"tiers per step must be None or a whole number, at least 1, got {tiers_per_step!r}")


def _arrays(name, table, allowed):
    if not isinstance(table, dict):
        raise ValueError(f"{name} must be {{symbol: array}}, got {table!r}")
    arrays = {symbol: number(f"{name} of {symbol}", values, allowed) for symbol, values in table.items()}
    for symbol, values in arrays.items():
        if not is_array(values) or values.ndim != 1:
            raise ValueError(f"{name} of {symbol} must be an array of one dimension, got {getattr(values, 'ndim', 0)}")
    return arrays


def _lengths(arrays):
    return ", ".join(f"{symbol} {len(values)}" for symbol, values in arrays.items()) or "none"


@lru_cache(maxsize=256)
def _uncapped(rules):
    """The rules with a ladder from 0 and without an end: a cap is for opening, and a position may outgrow it."""
    ladder = rules.maintenance
    if not isinstance(ladder, Ladder):
        return rules
    return replace(rules, maintenance=replace(ladder, floors=(0.0, *ladder.floors[1:]), cap=math.inf))


def _moving_floors(rules):
    """Tier edges that a position meets as the price moves."""
    ladder = rules.maintenance
    moving = isinstance(ladder, Ladder) and ladder.measure == "value" and rules.maintenance_basis == "mark"
    return ladder.floors[1:] if moving else ()


def _ratio(need, have):
    return pick(have > 0, ratio(need, pick(have > 0, have, 1.0)), math.inf)


def _alive(have, need, when):
    if have <= need:
        raise ValueError(f"liquidated {when}: the equity must be above its requirement of {need:.10g}, got {have:.10g}")


def _less(money, amount):
    """money − amount; exactly 0 where the difference is only the last bits of a float."""
    left = money - amount
    return 0.0 if abs(left) <= ROUNDING * (abs(money) + abs(amount)) else left


def _part(held, quantity):
    return replace(held, quantity=quantity, added_margin=held.added_margin * (quantity / held.quantity))


def _rest(held, part):
    """What is left of a position without a part of it; None if nothing is."""
    if part.quantity == held.quantity:
        return None
    return replace(held, quantity=held.quantity - part.quantity, added_margin=held.added_margin - part.added_margin)


def _merged(held, more):
    if replace(more, entry_price=held.entry_price, quantity=held.quantity, added_margin=held.added_margin) != held:
        raise ValueError(f"the {held.side} position in {held.symbol} must be added to on its own terms, got others")
    quantity = held.quantity + more.quantity
    if held.contract == "linear":
        entry_price = (held.quantity * held.entry_price + more.quantity * more.entry_price) / quantity
    else:
        entry_price = quantity / (held.quantity / held.entry_price + more.quantity / more.entry_price)
    return replace(held, entry_price=entry_price, quantity=quantity, added_margin=held.added_margin + more.added_margin)


def _step_down(held, mark, tiers_per_step):
    """How much to close to stand at the top of the tier so many lower; 0 if there is none."""
    if tiers_per_step is None or held.tier(mark) <= tiers_per_step:
        return 0.0
    top = held.rules.maintenance.floors[held.tier(mark) - tiers_per_step]
    return held.quantity - top / held._unit(mark) * (1 - ROUNDING)  # a hair below, or floats may stay above


def _closed(account, held, quantity, marks, rest, fee_rate, step):
    """(account, event) after a forced close of `quantity` at the marks."""
    mark, part = marks[held.symbol], _part(held, quantity)
    gain, left = part.unrealised(mark), _rest(held, part)
    if held.mode == "isolated":
        have, share, last = held.margin + held.unrealised(mark), quantity / held.quantity, left is None
    else:
        cross = account._cross()
        have = account._state(marks)[0]
        share = part.value(mark) / sum(h.value(marks[h.symbol]) for h in cross)
        last = left is None and len(cross) == 1
    if rest == "fund":
        fee = min(fee_rate * part.value(mark), max(0.0, have * share))
        fund = have * share - fee
    else:
        fee = min(fee_rate * part.value(mark), max(0.0, have))
        fund = min(have, 0.0) if last else 0.0
    cross_wallet, kept = account.cross_wallet, have - fee - fund
    if held.mode == "isolated":
        if last:
            cross_wallet += kept
        elif rest == "trader":  # the part's margin stays behind the others, less what the part has lost
            left = replace(left, added_margin=left.added_margin + part.margin + gain - fee)
    else:
        cross_wallet = kept if last else cross_wallet + gain - fee - fund
    event = Event(step, *held.key, held.mode, "reduced" if left else "liquidated", mark, quantity, gain, fee, fund)
    return account._put(held, left, cross_wallet), event


def _charged(account, bills):
    """The account after each position has paid its bill, from its margin or from the cross wallet."""
    cross = sum((bills[h.key] for h in account._cross()), 0.0)
    positions = tuple(
        replace(h, added_margin=h.added_margin - bills[h.key]) if h.mode == "isolated" else h for h in account.positions
    )
    return replace(account, cross_wallet=account.cross_wallet - cross, positions=positions)


def _first_crossing(gap, start, stops):
    """The first x from `start` over `stops` (tier edges, then 0 or inf) where the gap is used up; nan if it never is.

    Between two edges the gap is concave in x, mostly one straight line: it is enough to look at the far end.
    """
    here = start
    for stop in stops:
        outward = 1 + ROUNDING if stop > start else 1 - ROUNDING
        near, far = here * outward, stop / outward
        if gap(near) <= 0:
            return here  # the requirement jumps at this edge
        if stop == 0:
            far = start * 1e-9
            if gap(far) > 0:  # used up still nearer to 0, exactly there, or not at all
                slope = (gap(2 * far) - gap(far)) / far
                x = far - gap(far) / slope if slope > 0 else -math.inf
                return x if x > ROUNDING * start else 0.0 if x >= -ROUNDING * start else math.nan
        elif stop == math.inf:
            far = 2 * near
            while gap(far) > 0 and far < start / ROUNDING:
                far *= 1000
        if gap(far) <= 0:
            return _root(gap, near, far)
        here = stop
    return math.nan


def _root(gap, alive, dead):
    """Where a concave gap, above 0 at `alive`, is used up before `dead`: where its chord meets 0, at once if straight."""
    x = math.nan
    for _ in range(100):
        before, a, b = x, gap(alive), gap(dead)
        x = alive + (dead - alive) * a / (a - b)
        if abs(x - before) <= 1e-15 * x:
            break
        alive, dead = (x, dead) if gap(x) > 0 else (alive, x)
        middle = (alive + dead) / 2  # halved as well: a bend shall not make it slow
        alive, dead = (middle, dead) if gap(middle) > 0 else (alive, middle)
    return x
