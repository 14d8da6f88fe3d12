"""Chapter 3: accounts. Several positions on one wallet, isolated and cross side by side.

Linear positions, all money in dollars. An isolated position has a margin of its own; the remainder of the
wallet, the cross wallet, backs all cross positions together, and they are liquidated together when

    cross wallet + unrealised PnL of all cross positions  <=  what they require together

(Toobit, "Liquidation Introduction of Perpetual Contract"; Binance, "How to Calculate Liquidation Price of
USDⓈ-M Futures Contracts"). The requirement of one position is the engine's business (liquidation.py). Nobody
loses more than was posted: beyond the isolated margin, or the cross wallet, the exchange's insurance fund pays.

Marks are {symbol: price}: numbers, or arrays where a method says so. Every change gives a new Account, and
whatever is refused is refused in one sentence (ValueError).
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from leverage_lab.checks import (
    NOT_NEGATIVE,
    POSITIVE,
    Finite,
    Leverage,
    NotNegative,
    Positive,
    Range,
    Rate,
    Share,
    Word,
    check_fields,
    checked,
    choice,
    fit_together,
    number,
    one,
    short,
)  # fmt: skip
from leverage_lab.leverage import notional, pnl
from leverage_lab.liquidation import (
    EDGE,
    NO_RULES,
    ROUNDING,
    Ladder,
    Rules,
    crossing_price,
    liquidation_price,
    position_margin,
    requirement,
    round_to_tick,
)  # fmt: skip

Mode = Literal["cross", "isolated"]
HedgeRule = Literal["both legs", "larger leg"]
ResidualTo = Literal["fund", "trader"]
MODES, HEDGES, RESIDUAL_TO = get_args(Mode), get_args(HedgeRule), get_args(ResidualTo)


@dataclass(frozen=True)
class Holding:
    """One position of an account: Holding("BTC", "long", entry_price=50_000, quantity=0.1, leverage=10).

    quantity: coins. rules: Rules of single numbers, or with a Ladder. mode: "cross" (leverage only says what is set
    aside) or "isolated". added_margin: money added to the initial margin of an isolated position.
    """

    symbol: str
    side: Word
    entry_price: Positive[float]
    quantity: Positive[float]
    leverage: Leverage[float]
    rules: Rules = NO_RULES
    mode: Mode = "cross"
    added_margin: Finite[float] = 0.0

    def __post_init__(self):
        if not isinstance(self.symbol, str) or not self.symbol:
            raise ValueError(f"symbol must be a word, got {short(self.symbol)}")
        check_fields(self)
        if self.mode == "cross" and self.added_margin != 0:
            raise ValueError(f"added margin must be 0 in cross mode, got {self.added_margin:.15g}")
        ladder = self.rules.maintenance
        for value in vars(self.rules).values():
            if isinstance(value, np.ndarray):
                raise ValueError(f"the rules of a position must be single numbers, got an array of shape {value.shape}")
        if isinstance(ladder, Ladder):
            size = self.quantity if ladder.measure == "quantity" else self.value(self.entry_price)
            number(f"{ladder.measure} of the {self.symbol} position", size, Range(low=0, high=ladder.cap * (1 + EDGE)))

    @property
    def key(self) -> tuple[str, str]:
        """(symbol, side): an account has at most one position of each."""
        return self.symbol, self.side

    @property
    def initial_margin(self) -> float:
        """What is set aside to open: value / leverage, and the reserve for the closing fee if the rules have one."""
        return position_margin(self.side, self.entry_price, self.quantity, self.leverage, self.rules)

    @property
    def margin(self) -> float:
        """Initial margin + added margin: what an isolated position can lose."""
        return self.initial_margin + self.added_margin

    def value(self, price: Positive) -> Any:
        """Value at `price` (scalar or array)."""
        return notional(self.quantity, price)

    def unrealised(self, price: Positive) -> Any:
        """Unrealised profit or loss at `price` (scalar or array)."""
        return pnl(self.side, self.quantity, self.entry_price, price)

    def requirement(self, price: Positive, money: Finite | None = None, others: Finite = 0.0) -> Any:
        """Maintenance margin + closing fee at `price` (scalar or array).

        money, others: the money behind the position (None: its margin), and the unrealised PnL of the other cross
        positions; only a fee on the bankruptcy price depends on them. A position that has outgrown its ladder stays
        in the last tier.
        """
        money, rules = self.margin if money is None else money, self.rules.uncapped
        return requirement(self.side, self.entry_price, self.quantity, money, price, rules, "linear", others)

    def due(self, price: Positive) -> Any:
        """True where the isolated position is liquidated at `price` (scalar or array): equity <= requirement."""
        return self.margin + self.unrealised(price) <= self.requirement(price)


@dataclass(frozen=True)
class Account:
    """A wallet and its positions: Account(1000).open(Holding(...), marks).

    cross_wallet: the money outside the margins of isolated positions, unrealised PnL not counted; it can be
    negative only while an unrealised profit of cross positions stands behind it. positions: Holdings, at most one
    long and one short of a symbol. hedge: what the long and the short of one symbol require in cross mode: "both
    legs" together (Binance, hedge mode) or the "larger leg" alone (Kraken).
    """

    cross_wallet: Finite[float]
    positions: tuple[Holding, ...] = ()
    hedge: HedgeRule = "both legs"

    def __post_init__(self):
        check_fields(self)
        if not isinstance(self.positions, (list, tuple)) or not all(isinstance(h, Holding) for h in self.positions):
            raise ValueError(f"positions must be a list of Holding(...), got {short(self.positions)}")
        vars(self)["positions"] = tuple(self.positions)
        for (symbol, side), count in Counter(h.key for h in self.positions).items():
            if count > 1:
                raise ValueError(f"an account must have at most one {side} position in {symbol}, got {count}")
        if not self._cross():
            number("cross wallet", self.cross_wallet, NOT_NEGATIVE)

    # --- balances ---

    @property
    def wallet(self) -> float:
        """All the money of the account: cross wallet + isolated margins; unrealised PnL not counted."""
        return self.cross_wallet + sum((h.margin for h in self.positions if h.mode == "isolated"), 0.0)

    def holding(self, symbol: str, side: str) -> Holding:
        """The position in `symbol` on `side`; ValueError if there is none."""
        held = {h.key: h for h in self.positions}
        if isinstance(symbol, str) and isinstance(side, str) and (symbol, side) in held:
            return held[symbol, side]
        raise ValueError(f"position must be one of {list(held)}, got {short((symbol, side))}")

    @checked
    def unrealised(self, marks: Any) -> Finite:
        """Unrealised PnL of all positions at `marks` (numbers or arrays)."""
        marks = self._marks(marks)
        return sum((h.unrealised(marks[h.symbol]) for h in self.positions), 0.0)

    @checked
    def equity(self, marks: Any) -> Finite:
        """Wallet + unrealised PnL of all positions at `marks` (numbers or arrays)."""
        return self.wallet + self.unrealised(marks)

    @checked
    def cross_equity(self, marks: Any) -> Finite:
        """Cross wallet + unrealised PnL of the cross positions at `marks` (numbers or arrays)."""
        return self._state(self._marks(marks))[0]

    @checked
    def requirement(self, marks: Any) -> Finite:
        """What the cross positions require together at `marks` (numbers or arrays)."""
        return self._state(self._marks(marks))[1]

    @checked
    def margin_ratio(self, marks: Any) -> Any:
        """Requirement / equity of the cross positions at `marks` (numbers or arrays): 1 is liquidation.

        inf once the equity is gone, nan without cross positions.
        """
        have, need = self._state(self._marks(marks))
        return _ratio(need, have) if self._cross() else math.nan

    @checked
    def available(self, marks: Any) -> Finite:
        """What can be moved, or used to open: cross wallet − unrealised loss − initial margins of the cross positions.

        An unrealised profit does not count (some exchanges let it be used to open). Never below 0.
        """
        return max(0.0, self._free(marks))

    # --- trades ---

    @checked
    def open(self, holding: Holding, marks: Any) -> Account:
        """The account with `holding` opened, or added to the position of its symbol and side.

        Where the terms are the same, the entry price becomes the mean by quantity. Refused: what costs more than is
        available, and what would be liquidated at once.
        """
        before = next((h for h in self.positions if h.key == holding.key), None)
        opened = _merged(before, holding) if before else holding
        free, isolated = self._free(marks), opened.mode == "isolated"
        taken = holding.margin if isolated else 0.0
        cost = taken if isolated else free - self._put(before, opened, self.cross_wallet)._free(marks)
        if cost > free + ROUNDING * (abs(cost) + abs(free)):
            raise ValueError(f"margin must be at most the {max(0.0, free):.10g} available, got {cost:.10g}")
        account = self._put(before, opened, _less(self.cross_wallet, taken))
        mark = account._marks(marks)[opened.symbol]
        if isolated:
            have, need = opened.margin + opened.unrealised(mark), opened.requirement(mark)
        else:
            have, need = account._state(account._marks(marks))
        _alive(have, need, "at entry")
        return account

    @checked
    def add_margin(self, symbol: str, side: str, amount: Positive[float], marks: Any) -> Account:
        """The account with `amount` moved from the available balance to an isolated position."""
        held, free = self.holding(symbol, side), self.available(marks)
        if held.mode != "isolated":
            whose = f"the {side} position in {symbol}"
            raise ValueError(f"{whose} must be isolated to have its own margin, got {held.mode}")
        if amount > free:
            raise ValueError(f"amount must be at most the {free:.10g} available, got {amount:.10g}")
        more = replace(held, added_margin=held.added_margin + amount)
        return self._put(held, more, _less(self.cross_wallet, amount))

    # --- liquidation prices ---

    @checked
    def liquidation_prices(self, marks: Any) -> dict[tuple[str, str], float]:
        """{(symbol, side): price} at which each position is liquidated, all other symbols held at `marks` (numbers).

        Isolated: by its own margin. Cross: the price of the symbol at which the whole cross account is down to its
        requirement, one for both legs of a hedge; of the two of `liquidation_range` the nearer by ratio. nan where
        there is none. ValueError where something is below its requirement already.
        """
        prices, found = self._marks(marks, single=True), {}
        ranges = {
            symbol: self.liquidation_range(symbol, marks) for symbol in dict.fromkeys(h.symbol for h in self._cross())
        }
        for h in self.positions:
            mark = prices[h.symbol]
            if h.mode == "cross":
                below, above = ranges[h.symbol]
                found[h.key] = above if math.isnan(below) or above * below < mark**2 else below
            else:
                terms = h.side, h.entry_price, h.quantity, h.margin, h.rules.uncapped
                found[h.key] = liquidation_price(*terms, mark_price=mark)
        return found

    @checked
    def liquidation_range(self, symbol: str, marks: Any) -> tuple[float, float]:
        """(below, above): the prices of `symbol` between which the cross account lives, all others held at `marks`.

        nan where there is none. A long alone has only one below, a short one above; a hedge may have either or
        both, since the maintenance of its legs grows with the price while their PnL cancels. Equity less requirement
        is a straight line between two tier edges: it is solved edge by edge. Rounded to the tick of the rules,
        against the trader.
        """
        prices = self._marks(marks, single=True)
        legs = [h for h in self._cross() if isinstance(symbol, str) and h.symbol == symbol]
        if not legs:
            raise ValueError(f"symbol must be one with a cross position, got {short(symbol)}")
        start, tick = prices[symbol], legs[0].rules.tick

        def gap(price):
            have, need = self._state(prices | {symbol: price})
            return have - need

        _alive(*self._state(prices), "at the mark price")
        edges = sorted({low / h.quantity for h in legs if h.rules.tier_moves for low in h.rules.maintenance.floors[1:]})
        below = _first_crossing(gap, start, [edge for edge in reversed(edges) if edge < start] + [0.0])
        above = _first_crossing(gap, start, [edge for edge in edges if edge > start] + [math.inf])
        if tick is None:
            return below, above
        return round_to_tick(below, tick, "long"), round_to_tick(above, tick, "short")

    def _cross(self):
        return [h for h in self.positions if h.mode == "cross"]

    def _marks(self, marks, single=False):
        """The marks of the symbols held, checked; single: each must be one number."""
        if not isinstance(marks, dict):
            raise ValueError(f"marks must be {{symbol: price}}, got {short(marks)}")
        for h in self.positions:
            if h.symbol not in marks:
                raise ValueError(f"marks must have a price of {h.symbol}, got {', '.join(map(str, marks)) or 'none'}")
        check = one if single else number
        found = {h.symbol: check(f"mark of {h.symbol}", marks[h.symbol], POSITIVE) for h in self.positions}
        fit_together(**{f"mark of {symbol}": mark for symbol, mark in found.items()})
        return found

    def _state(self, marks):
        """(equity, requirement) of the cross positions."""
        cross, money = self._cross(), self.cross_wallet
        unrealised = [h.unrealised(marks[h.symbol]) for h in cross]
        total = sum(unrealised, 0.0)
        needs = [(h.symbol, h.requirement(marks[h.symbol], money, total - own)) for h, own in zip(cross, unrealised)]
        return money + total, self._together(needs)

    def _together(self, amounts):
        """The sum of (symbol, amount): over the symbols, and over the legs of each by the hedge rule."""
        legs, join = {}, operator.add if self.hedge == "both legs" else np.maximum
        for symbol, amount in amounts:
            legs[symbol] = join(legs[symbol], amount) if symbol in legs else amount
        return sum(legs.values(), 0.0)

    def _free(self, marks):
        marks, cross = self._marks(marks, single=True), self._cross()
        unrealised = sum((h.unrealised(marks[h.symbol]) for h in cross), 0.0)
        return self.cross_wallet + min(unrealised, 0.0) - self._together((h.symbol, h.initial_margin) for h in cross)

    def _put(self, old, new, cross_wallet):
        """The account with `new` (None: nothing) in the place of `old` (None: at the end)."""
        positions = [new if h is old else h for h in self.positions] + ([new] if old is None else [])
        return replace(self, cross_wallet=cross_wallet, positions=tuple(filter(None, positions)))


# --- liquidations ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A liquidation: wallet after = wallet before + pnl − fund.

    step: of the walk, from 0. price: the mark at which it was valued; pnl: at that price. fund: what the insurance
    fund takes; negative: what it pays.
    """

    step: int
    symbol: str
    side: str
    mode: str
    price: float
    quantity: float
    pnl: float
    fund: float


@checked
def liquidate(
    account: Account, marks: Any, residual_to: ResidualTo = "fund", step: NotNegative[int] = 0
) -> tuple[Account, tuple[Event, ...]]:
    """(account, events) after the liquidations that are due at `marks` (numbers); no events where none is.

    An isolated position is liquidated when its equity falls to its requirement; cross positions are liquidated
    together when the cross equity does. Isolated ones come first, and what they return helps the others.

    residual_to: who keeps the residual margin. "fund": the close counts at the bankruptcy price and the margin
    is lost (Bybit, BitMEX, KuCoin, Toobit); of a cross account each position answers for its share of the equity
    by value. "trader": the close counts at the mark (Binance, Hyperliquid, dYdX). The fund pays what is short.
    """
    marks, events = account._marks(marks, single=True), []
    for h in [h for h in account.positions if h.mode == "isolated"]:
        if h.due(marks[h.symbol]):
            account, event = _closed(account, h, marks, residual_to, step)
            events.append(event)
    have, need = account._state(marks)
    if account._cross() and have <= need:
        for h in sorted(account._cross(), key=lambda h: h.unrealised(marks[h.symbol])):
            account, event = _closed(account, h, marks, residual_to, step)
            events.append(event)
    return account, tuple(events)


@dataclass(frozen=True)
class Walk:
    """An account along a path; the arrays have one entry a step.

    equity: wallet + unrealised PnL, after the step's liquidations. margin_ratio: of the cross positions, before
    them: 1 or more is liquidation, nan without cross positions. events: the liquidations. account: at the end.
    """

    equity: np.ndarray
    margin_ratio: np.ndarray
    events: tuple[Event, ...]
    account: Account


@checked
def walk(account: Account, paths: Any, residual_to: ResidualTo = "fund") -> Walk:
    """Walk `account` along mark prices, {symbol: array}, all of one length; gives a Walk.

    In each step the marks move; then what is due is liquidated at the step's marks, as `liquidate` says.
    """
    if not isinstance(paths, dict):
        raise ValueError(f"paths must be {{symbol: array}}, got {short(paths)}")
    paths = {symbol: number(f"paths of {symbol}", path, POSITIVE) for symbol, path in paths.items()}
    for symbol, path in paths.items():
        if np.ndim(path) != 1:
            raise ValueError(f"paths of {symbol} must be an array of one dimension, got {np.ndim(path)}")
    lengths = {len(path) for path in paths.values()}
    if len(lengths) != 1 or 0 in lengths:
        got = ", ".join(f"{symbol} {len(path)}" for symbol, path in paths.items()) or "none"
        raise ValueError(f"paths must be arrays of one length, at least 1, got {got}")
    steps = lengths.pop()
    account._marks(paths)

    equity, margin_ratio, events, now = np.empty(steps), np.full(steps, math.nan), [], 0
    while now < steps:  # all steps up to the next liquidation at once
        marks = {symbol: path[now:] for symbol, path in paths.items()}
        due = np.zeros(steps - now, dtype=bool)
        for h in account.positions:
            if h.mode == "isolated":
                due |= h.due(marks[h.symbol])
        have, need = account._state(marks)
        if account._cross():
            due |= have <= need
        end = int(due.argmax()) + 1 if due.any() else steps - now
        equity[now : now + end] = np.broadcast_to(account.equity(marks), steps - now)[:end]
        if account._cross():
            margin_ratio[now : now + end] = _ratio(need, have)[:end]
        now += end
        if due.any():
            here = {symbol: float(path[now - 1]) for symbol, path in paths.items()}
            account, closed = liquidate(account, here, residual_to, now - 1)
            equity[now - 1] = account.equity(here)
            events += closed
    return Walk(equity, margin_ratio, tuple(events), account)


# --- a convention by which every cross position gets a price of its own ----------------------------


@checked
def same_share_prices(account: Account, marks: Any) -> dict[tuple[str, str], float]:
    """{(symbol, side): price} as KuCoin displays it ("Liquidation Price in Cross Margin Mode"): no forecast.

    All cross positions are taken to lose the same share of their value at once, equity / sum of values; the price
    is where this share of the equity is down to what the position itself requires. nan where it never is.
    """
    marks, cross = account._marks(marks, single=True), account._cross()
    have, _ = account._state(marks)
    values = {h.key: h.value(marks[h.symbol]) for h in cross}
    whole, found = sum(values.values()), {}
    for h in cross:
        mark, share = marks[h.symbol], have * values[h.key] / whole
        terms = h.side, h.entry_price, h.quantity, share - h.unrealised(mark), h.rules.uncapped
        found[h.key] = crossing_price(*terms, mark_price=mark)
    return found


# --- coins as margin ------------------------------------------------------------------------------


@checked
def collateral_value(amount: Finite, price: NotNegative, haircut: Share = 0.0) -> Finite:
    """Dollars that coins count for as margin: amount × price × (1 − haircut); a debt (amount below 0) counts in full.

    Kraken, "Margining & Liquidations: Multi-Collateral"; Bybit, "Understanding Collateral Value Ratios in Unified
    Trading Account", 2025-09-18, whose collateral value ratio is 1 − haircut.
    """
    return amount * price * (1 - np.where(amount > 0, haircut, 0.0))


@checked
def collateral_liquidation_price(
    account: Account, marks: Any, amount: Positive[float], haircut: Rate[float] = 0.0
) -> Any:
    """Price of a coin, `amount` of it held as margin, at which the cross account is liquidated.

    cross equity + amount × price × (1 − haircut) = requirement, with the positions held at `marks`, where the cross
    wallet is the dollars alone. nan: no price does it. Refused: a closing fee on the bankruptcy price, which would
    depend on the coins too.
    """
    for h in account._cross():
        choice(f"closing fee basis of the {h.symbol} position", h.rules.closing_fee_basis, ("none", "entry", "mark"))
    have, need = account._state(account._marks(marks, single=True))
    return (need - have) / (amount * (1 - haircut)) if account._cross() and have <= need else math.nan


def _ratio(need, have):
    return np.where(have > 0, need / np.where(have > 0, have, 1.0), np.inf)


def _alive(have, need, when):
    if have <= need:
        raise ValueError(f"liquidated {when}: the equity must be above its requirement of {need:.10g}, got {have:.10g}")


def _less(money, amount):
    """money − amount; exactly 0 where the difference is only the last bits of a float."""
    left = money - amount
    return 0.0 if abs(left) <= ROUNDING * (abs(money) + abs(amount)) else left


def _merged(held, more):
    if replace(more, entry_price=held.entry_price, quantity=held.quantity, added_margin=held.added_margin) != held:
        raise ValueError(f"the {held.side} position in {held.symbol} must be increased on its own terms, got others")
    quantity = held.quantity + more.quantity
    entry_price = (held.quantity * held.entry_price + more.quantity * more.entry_price) / quantity
    return replace(held, entry_price=entry_price, quantity=quantity, added_margin=held.added_margin + more.added_margin)


def _closed(account, held, marks, residual_to, step):
    """(account, event) after a position was liquidated at the marks."""
    mark = marks[held.symbol]
    gain = held.unrealised(mark)
    if held.mode == "isolated":
        have = held.margin + gain
        fund = have if residual_to == "fund" else min(have, 0.0)
        cross_wallet = account.cross_wallet + (have - fund)
    else:
        cross, have = account._cross(), account._state(marks)[0]
        last = len(cross) == 1
        if residual_to == "fund":
            fund = have * (held.value(mark) / sum(h.value(marks[h.symbol]) for h in cross))
        else:
            fund = min(have, 0.0) if last else 0.0
        cross_wallet = have - fund if last else account.cross_wallet + gain - fund
    event = Event(step, held.symbol, held.side, held.mode, mark, held.quantity, gain, fund)
    return account._put(held, None, cross_wallet), event


def _first_crossing(gap, start, stops):
    """The first price from `start` over `stops` (tier edges, then 0 or inf) where the gap is used up; nan if none is.

    Between two edges the gap is concave, mostly one straight line: it is enough to look at the far end.
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
    """Where a concave gap, above 0 at `alive`, is used up before `dead`: where its chord meets 0."""
    x = math.nan
    for _ in range(100):
        before, a, b = x, gap(alive), gap(dead)
        x = alive + (dead - alive) * a / (a - b)
        if abs(x - before) <= 1e-15 * x:
            break
        alive, dead = (x, dead) if gap(x) > 0 else (alive, x)
        middle = (alive + dead) / 2  # halved as well: so that a bend does not make it slow
        alive, dead = (middle, dead) if gap(middle) > 0 else (alive, middle)
    return x
