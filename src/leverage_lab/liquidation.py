"""Chapter 2: the price at which a position is liquidated. One equation for every exchange.

    margin + PnL(p) = maintenance(p) + closing fee(p)          solve for p

Exchanges differ in a few settings, collected in `Rules`: is maintenance taken on the entry value or on the value at the
price sought; is the liquidation fee left out, or taken on the entry value, on the value at that price, or at the
bankruptcy price; which tiers. An exchange is a set of rules.

One algebra for both contracts: with x = p (linear) or x = 1/p (inverse) the value is q x and the PnL is
σ q (x − x of the entry), where σ is +1 for a linear long or an inverse short, else −1. So the equation is a straight
line in x, tier by tier.

Arguments, units, errors and notation as in leverage.py; M margin, f closing fee rate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np

from leverage_lab.checks import (
    NOT_NEGATIVE,
    POSITIVE,
    RATE,
    SHARE,
    Contract,
    FeeRate,
    Finite,
    Leverage,
    Positive,
    PriceOrNan,
    Range,
    Rate,
    Share,
    Side,
    ceil,
    check_fields,
    checked,
    first_place,
    fit_together,
    floor,
    number,
    one,
    sequence,
    short,
)  # fmt: skip
from leverage_lab.leverage import notional, pnl

MaintenanceBasis = Literal["mark", "entry"]
FeeBasis = Literal["none", "entry", "mark", "bankruptcy"]
Measure = Literal["value", "quantity"]
MAINTENANCE_BASES, FEE_BASES = get_args(MaintenanceBasis), get_args(FeeBasis)
ROUNDING = 1e-12  # floats: a share of the entry price below which a price is 0
EDGE = 1e-13  # floats: a share of a tier's edge; what is above the edge by no more is still in the tier below


@dataclass(frozen=True)
class Ladder:
    """Risk tiers: the bigger the position, the higher the rate. MM = value × rate − deduction.

    floors: where each tier begins, in the settlement currency; rates: one per tier; deductions: as printed, or None:
    computed so that each rate counts for its own slice only, ded_n = floor_n (rate_n − rate_(n−1)) + ded_(n−1), the
    scheme of Binance, Bybit and others. All 0: the rate of the tier holds for the whole position (OKX, MEXC), and
    maintenance jumps at an edge. cap: the largest position allowed. measure: "value" (the tier moves with the price) or
    "quantity" (coins, or face value: floors and deductions in that unit; the tier stays the same at every price). A
    value at an edge belongs to the tier below, and so does one that is above it only by the last bits of a float.
    """

    floors: tuple[float, ...]
    rates: tuple[float, ...]
    deductions: Any = None
    cap: float = math.inf
    measure: Measure = "value"

    def __post_init__(self):
        check_fields(self)
        floors, rates, deductions = _numbers("floors", self.floors), _numbers("rates", self.rates), self.deductions
        if not floors:
            raise ValueError("a ladder must have at least one tier, got none")
        if deductions is None:
            deductions = _complete([None] * min(len(floors), len(rates)), floors, rates)
        deductions = _numbers("deductions", deductions)
        if not len(floors) == len(rates) == len(deductions):
            got = f"{len(floors)} floors, {len(rates)} rates, {len(deductions)} deductions"
            raise ValueError(f"a ladder must have as many rates and deductions as floors, got {got}")
        cap = math.inf if self.cap is None else one("cap", self.cap, Range(low=0, open_low=True, endless=True))
        vars(self).update(floors=floors, rates=rates, deductions=deductions, cap=cap)
        for n, (low, top, rate, _) in enumerate(self.tiers, start=1):
            number(f"floor of tier {n}", low, NOT_NEGATIVE)
            number(f"rate of tier {n}", rate, SHARE)
            if not low < top:
                raise ValueError(f"tier {n} must end above its floor {low:,.15g}, got {top:,.15g}")

    @classmethod
    def of(cls, tiers: Any, measure: Measure = "value") -> Ladder:
        """From rows [floor, cap or None, rate, deduction or None], as tables print them.

        A missing deduction is computed from the tier before (0 for a first tier that begins at 0).
        ValueError names the first tier that overlaps or leaves a gap.
        """
        if not isinstance(tiers, (list, tuple)) or not tiers:
            what = "a list of [floor, cap, rate, deduction] with at least one row"
            raise ValueError(f"tiers must be {what}, got {short(tiers)}")
        floors, rates, deductions, cap = [], [], [], 0.0
        for n, tier in enumerate(tiers, start=1):
            if not isinstance(tier, (list, tuple)) or len(tier) != 4:
                raise ValueError(f"tier {n} must be [floor, cap or null, rate, deduction or null], got {short(tier)}")
            low = one(f"floor of tier {n}", tier[0], NOT_NEGATIVE)
            if n > 1 and low != cap:
                ends = f"one ends at {cap:,.15g}, the next begins at {low:,.15g}"
                raise ValueError(f"tiers {n - 1} and {n} {'leave a gap' if low > cap else 'overlap'}: {ends}")
            if n == 1 and low > 0 and tier[3] is None:
                raise ValueError(f"the deduction of tier 1 must be given when it begins above 0, at {low:,.15g}")
            floors.append(low)
            cap = math.inf if tier[1] is None else one(f"cap of tier {n}", tier[1], POSITIVE)
            rates.append(one(f"rate of tier {n}", tier[2], SHARE))
            deductions.append(None if tier[3] is None else one(f"deduction of tier {n}", tier[3]))
        return cls(tuple(floors), tuple(rates), _complete(deductions, floors, rates), cap, measure)

    @property
    def tiers(self) -> tuple[tuple[float, float, float, float], ...]:
        """Rows (floor, cap, rate, deduction); the last cap may be inf."""
        return tuple(zip(self.floors, (*self.floors[1:], self.cap), self.rates, self.deductions))

    @property
    def continuous(self) -> bool:
        """True when maintenance never jumps and rates never fall: the worst tier is then the one that holds."""
        rises = zip(self.floors[1:], _steps(self.rates), _steps(self.deductions))
        return all(rate >= 0 and abs(edge * rate - deduction) <= 1e-9 * max(1, edge) for edge, rate, deduction in rises)

    def check(self, size: Any) -> Any:
        """`size` (value or quantity, by `measure`; scalar or array) if the ladder has a tier for it."""
        return number(self.measure, size, Range(low=self.floors[0], high=self.cap * (1 + EDGE)))

    @checked
    def tier(self, size: Any) -> Any:
        """Number of the tier, from 1, that holds at `size`."""
        return self._place(size) + 1

    @checked
    def at(self, size: Any) -> Any:
        """(rate, deduction) at `size`: two numbers, or two arrays."""
        place = self._place(size)
        return np.take(self.rates, place), np.take(self.deductions, place)

    def _place(self, size):
        size = self.check(size) * (1 - EDGE)  # 0.1 + 0.2 coins are still in the tier that ends at 0.3
        return np.searchsorted(self.floors[1:], size)


@dataclass(frozen=True)
class Rules:
    """How an exchange liquidates positions, by name.

    maintenance: a rate (number or array) or a Ladder; maintenance_deduction: what is subtracted, with a
    rate; maintenance_basis: "mark" (value at the price sought) or "entry". closing_fee_rate and
    closing_fee_basis: the liquidation fee, "none", "entry", "mark" (value at the price sought) or
    "bankruptcy". tick: liquidation prices are rounded to it against the trader; None: not rounded.
    """

    maintenance: Any = 0.0
    maintenance_basis: MaintenanceBasis = "mark"
    closing_fee_rate: Rate = 0.0
    closing_fee_basis: FeeBasis = "none"
    tick: Positive[float] | None = None
    maintenance_deduction: Finite = 0.0

    def __post_init__(self):
        check_fields(self)
        rate, fee, deduction = self.maintenance, self.closing_fee_rate, self.maintenance_deduction
        if isinstance(rate, Ladder):
            if np.ndim(deduction) or deduction != 0:
                raise ValueError("maintenance deduction must be 0 beside a ladder, which has its own")
            if np.ndim(fee):
                what = "one number beside a ladder"
                raise ValueError(f"closing fee rate must be {what}, got an array of shape {fee.shape}")
            rate = max(rate.rates)
        else:
            rate = vars(self)["maintenance"] = number("maintenance rate", rate, RATE)
        fit_together(maintenance_rate=rate, closing_fee_rate=fee, maintenance_deduction=deduction)
        together = (rate if self.maintenance_basis == "mark" else 0) + (fee if self.closing_fee_basis != "none" else 0)
        number("maintenance rate and closing fee rate together", together, RATE)

    @property
    def tier_moves(self) -> bool:
        """True where the tier depends on the price: a ladder of values, taken at the mark price."""
        ladder = self.maintenance
        return isinstance(ladder, Ladder) and ladder.measure == "value" and self.maintenance_basis == "mark"

    @cached_property
    def uncapped(self) -> Rules:
        """The same with a ladder from 0 and without a cap, which is for opening: an open position may outgrow it."""
        ladder = self.maintenance
        if not isinstance(ladder, Ladder):
            return self
        return replace(self, maintenance=replace(ladder, floors=(0.0, *ladder.floors[1:]), cap=math.inf))


NO_RULES = Rules()


@checked
def position_margin(
    side: Side, entry_price: Positive, quantity: Positive, leverage: Leverage, rules: Rules = NO_RULES,
    contract: Contract = "linear", added_margin: Finite = 0.0, funding_paid: Finite = 0.0,
) -> Finite:  # fmt: skip
    """Margin M of an isolated position: value / L + reserve + added − funding paid.

    The reserve for the closing fee is f × value at the entry ("entry") or at e (1 − s/L), inverse
    e L / (L + s) ("bankruptcy"), else 0. added_margin and funding_paid: money, negative if removed or received.
    """
    value = notional(quantity, entry_price, contract)
    reserve = 0.0
    if rules.closing_fee_basis == "entry":
        reserve = rules.closing_fee_rate * value
    elif rules.closing_fee_basis == "bankruptcy":
        reserve = rules.closing_fee_rate * value * (1 - _direction(side, contract) / leverage)
    return value / leverage + reserve + added_margin - funding_paid


@checked
def equity(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, price: Positive,
    contract: Contract = "linear", other_unrealised_pnl: Finite = 0.0,
) -> Finite:  # fmt: skip
    """What the margin is worth at `price`: M + PnL + PnL of the other positions (cross)."""
    return margin + pnl(side, quantity, entry_price, price, contract) + other_unrealised_pnl


@checked
def maintenance_margin(quantity: Positive, price: Positive, rules: Rules, contract: Contract = "linear") -> Finite:
    """Maintenance margin of a position valued at `price`: the entry or the mark price, whichever the exchange uses.

    value × rate − deduction, in quote or coins; with a Ladder the rate is that of the tier at this value.
    """
    value = notional(quantity, price, contract)
    rate, deduction = _rate_at(rules, quantity, value)
    return rate * value - deduction


@checked
def closing_fee(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, price: Positive, rules: Rules,
    contract: Contract = "linear", other_unrealised_pnl: Finite = 0.0,
) -> Finite:  # fmt: skip
    """The fee of a close at `price` that the exchange counts as required: f × value at the price its rules name."""
    if rules.closing_fee_basis == "none":
        return 0.0 * notional(quantity, price, contract)
    if rules.closing_fee_basis == "bankruptcy":
        x = _bankruptcy_x(side, entry_price, quantity, margin + other_unrealised_pnl, rules, contract)
        return rules.closing_fee_rate * quantity * np.maximum(x, 0.0)  # never bankrupt: no fee there
    valued_at = entry_price if rules.closing_fee_basis == "entry" else price
    return rules.closing_fee_rate * notional(quantity, valued_at, contract)


@checked
def requirement(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, price: Positive, rules: Rules,
    contract: Contract = "linear", other_unrealised_pnl: Finite = 0.0,
) -> Finite:  # fmt: skip
    """The equity required at `price`: maintenance margin + closing fee, in quote or coins."""
    fee = closing_fee(side, entry_price, quantity, margin, price, rules, contract, other_unrealised_pnl)
    valued_at = entry_price if rules.maintenance_basis == "entry" else price
    return maintenance_margin(quantity, valued_at, rules, contract) + fee


@checked
def margin_ratio(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, mark_price: Positive, rules: Rules,
    contract: Contract = "linear", other_unrealised_pnl: Finite = 0.0, other_maintenance_margin: Finite = 0.0,
) -> Any:  # fmt: skip
    """Requirement / equity at the mark price: 1 is liquidation, lower is safer; inf once equity is gone.

    (Some exchanges print the inverse, where higher is safer: OKX, Phemex.)
    """
    have = equity(side, entry_price, quantity, margin, mark_price, contract, other_unrealised_pnl)
    need = requirement(side, entry_price, quantity, margin, mark_price, rules, contract, other_unrealised_pnl)
    return np.where(have > 0, (need + other_maintenance_margin) / np.where(have > 0, have, 1.0), np.inf)


@checked
def bankruptcy_price(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, rules: Rules = NO_RULES,
    contract: Contract = "linear", other_unrealised_pnl: Finite = 0.0,
) -> Any:  # fmt: skip
    """The price at which the margin is used up: M + PnL(p) = fee of closing there, if the rules count one.

    Without fee e − s M/q (linear), Q / (Q/e + s M) (inverse). nan where no price does it (a 1x inverse short); 0: only
    if the coin becomes worthless (a linear long at 1x).
    """
    x = _bankruptcy_x(side, entry_price, quantity, margin + other_unrealised_pnl, rules, contract)
    return _price(x, entry_price, contract)


@checked
def crossing_price(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, rules: Rules, contract: Contract = "linear",
    other_unrealised_pnl: Finite = 0.0, other_maintenance_margin: Finite = 0.0, mark_price: Positive | None = None,
) -> Any:  # fmt: skip
    """The price at which equity equals requirement, on whichever side of the entry it lies.

    The closed form behind `liquidation_price`, which says what the arguments are: without its check that the position
    is alive, and not rounded to a tick. nan where no price does it.
    """
    others = other_unrealised_pnl, other_maintenance_margin
    x = _crossing_x(_direction(side, contract), entry_price, quantity, margin, rules, contract, *others, mark_price)
    return _price(x, entry_price, contract)


@checked
def liquidation_price(
    side: Side, entry_price: Positive, quantity: Positive, margin: Finite, rules: Rules, contract: Contract = "linear",
    other_unrealised_pnl: Finite = 0.0, other_maintenance_margin: Finite = 0.0, mark_price: Positive | None = None,
) -> Any:  # fmt: skip
    """The price at which the exchange liquidates a position: where equity has fallen to the requirement.

    margin: isolated margin, or the whole wallet (cross). other_unrealised_pnl and other_maintenance_margin: sums over
    the other positions of a cross account, held still. mark_price: the price now, by default the entry price; if equity
    is below the requirement there, ValueError says that the position is liquidated at once. With tiers, the tier is the
    one that holds at the liquidation price. nan where no price does it (a 1x inverse short, a long whose wallet can
    outlast a fall to 0); 0: only if the coin becomes worthless.
    """
    direction, others = _direction(side, contract), (other_unrealised_pnl, other_maintenance_margin)
    now = entry_price if mark_price is None else mark_price
    x = _crossing_x(direction, entry_price, quantity, margin, rules, contract, *others, now)
    x_now = _x(now, contract)
    if np.any(direction * (x_now - x) <= ROUNDING * x_now):  # at or beyond the price now: look closer
        have = equity(side, entry_price, quantity, margin, now, contract, other_unrealised_pnl)
        need = requirement(side, entry_price, quantity, margin, now, rules, contract, other_unrealised_pnl)
        _alive(have, need + other_maintenance_margin, mark_price is None)
    price = _price(x, entry_price, contract)
    return price if rules.tick is None else round_to_tick(price, rules.tick, side)


@checked
def round_to_tick(price: PriceOrNan, tick: Positive, side: Side) -> Any:
    """`price` on the tick grid, against the trader: a long's up, a short's down (Bybit, BitMEX, KuCoin); nan stays."""
    return np.where(side > 0, ceil(price, tick), floor(price, tick))


@checked
def mark_price(
    index_price: Positive,
    last_price: Positive,
    basis: Finite = 0.0,
    funding_rate: FeeRate = 0.0,
    time_left: Share = 0.0,
) -> Any:
    """The mark price of a perpetual as Binance and Bybit publish it: the median of three prices.

    Price 1 is index × (1 + funding_rate × time_left), price 2 index + basis, the third the last price on this exchange.
    basis: moving average of (best bid + best ask) / 2 − index, in the unit of the prices. funding_rate: the last one, a
    fraction; time_left: until the next funding, as a share of the time between two. Scalars or arrays that broadcast.

    Source: Binance FAQ, "Mark Price in Coin-Margined Futures" (undated; the basis is averaged over 2.5 minutes); Bybit
    help centre, "Mark Price Calculation (Perpetual Contract)", 16 October 2024 (over 5 minutes). Other exchanges
    differ: OKX publishes index + average basis (OKX Learn, "Mark price and index price of margined contracts",
    undated).
    """
    three = index_price * (1 + funding_rate * time_left), index_price + basis, last_price
    return np.median(np.broadcast_arrays(*three), axis=0)


# --- the straight line in x ---------------------------------------------------------------------


def _direction(side, contract):
    """σ: +1 where a falling x is what hurts."""
    return side if contract == "linear" else -side


def _x(price, contract):
    return price if contract == "linear" else 1 / price


def _price(x, entry_price, contract):
    """Back from x to a price: nan where there is none."""
    least = ROUNDING * _x(entry_price, contract)
    if np.all(x > least):
        return x if contract == "linear" else 1 / x
    if contract == "linear":
        return np.where(x > least, x, np.where(x >= -least, 0.0, np.nan))
    return np.where(x > least, 1 / np.where(x > least, x, 1.0), np.nan)


def _depth(pull, direction, quantity, fixed, slope):
    """σ x where margin + σ q (x − x of the entry) = fixed + slope q x, with pull = σ q (x of the entry) − margin."""
    return (pull + fixed) / (quantity * (1 - direction * slope))


def _bankruptcy_x(side, entry_price, quantity, margin, rules, contract):
    fee = rules.closing_fee_rate if rules.closing_fee_basis in ("mark", "bankruptcy") else 0.0
    direction = _direction(side, contract)
    return direction * _depth(direction * quantity * _x(entry_price, contract) - margin, direction, quantity, 0.0, fee)


def _crossing_x(direction, entry_price, quantity, margin, rules, contract, other_pnl, other_need, mark_price=None):
    x_entry = _x(entry_price, contract)
    value = quantity * x_entry
    pull = direction * value - margin - other_pnl
    fee, fixed, slope = rules.closing_fee_rate, 0.0, 0.0
    if rules.closing_fee_basis == "mark":
        slope = fee
    elif rules.closing_fee_basis == "entry":
        fixed = fee * value
    elif rules.closing_fee_basis == "bankruptcy":
        fixed = fee * quantity * np.maximum(direction * _depth(pull, direction, quantity, 0.0, fee), 0.0)
    pull = pull + other_need
    if not rules.tier_moves:
        rate, deduction = _rate_at(rules, quantity, value)
        if rules.maintenance_basis == "entry":
            fixed, rate = fixed + rate * value, 0.0
    else:
        ladder = rules.maintenance
        ladder.check(value)
        if not ladder.continuous:
            start = x_entry if mark_price is None else _x(mark_price, contract)
            return _first_met(direction, start, quantity, pull, fixed, slope, ladder)
        place = _tier_met(direction, direction * (pull + fixed), slope, ladder)
        rate, deduction = np.take(ladder.rates, place), np.take(ladder.deductions, place)
    return direction * _depth(pull, direction, quantity, fixed - deduction, slope + rate)


def _tier_met(direction, lacking, fee, ladder):
    """Place of the tier at the liquidation price, before the price is known.

    What is left at a value v, σ (v − …) − maintenance − fee, depends on v alone but for one constant, `lacking`.
    So each tier's floor has its own `lacking`, in rising order, and those that are passed are counted.
    """
    floors = (v - direction * (v * (rate + fee) - deduction) for v, _, rate, deduction in ladder.tiers[1:])
    return sum(lacking > floor for floor in floors)


def _first_met(direction, start, quantity, pull, fixed, slope, ladder):
    """The same when maintenance jumps at an edge: the first x from `start` on where equity is down to it."""
    found, last = -math.inf, len(ladder.floors) - 1  # σ x: the first that is met is the largest
    for n, (low, top, rate, deduction) in enumerate(ladder.tiers):
        low, top = (-math.inf if n == 0 else low / quantity), (math.inf if n == last else top / quantity)
        near = np.where(direction > 0, np.minimum(start, top), np.maximum(start, low))
        spare = direction * quantity * near - pull - fixed - (slope + rate) * quantity * near + deduction
        stop = np.minimum(direction * near, _depth(pull, direction, quantity, fixed - deduction, slope + rate))
        stop = np.where(spare <= 0, direction * near, stop)
        # The lower edge belongs to the tier below: a falling value that has only come to it has left this tier.
        met = np.where(direction > 0, stop > low * (1 + EDGE), stop >= -top)
        found = np.where(met, np.maximum(found, stop), found)
    return direction * found


def _rate_at(rules, quantity, value):
    """(rate, deduction) that hold at `value`."""
    ladder = rules.maintenance
    if not isinstance(ladder, Ladder):
        return ladder, rules.maintenance_deduction
    if ladder.measure == "value":
        return ladder.at(value)
    rate, deduction = ladder.at(quantity)  # slices of the quantity, each at its own rate: one mix at every price
    return rate - deduction / quantity, 0.0


def _alive(have, need, at_entry):
    """ValueError, with the two amounts, where equity is short of the requirement."""
    lacking = need - have > ROUNDING * (abs(need) + abs(have))
    if not np.any(lacking):
        return
    place, where = first_place(lacking)
    have, need = (np.broadcast_to(x, np.shape(lacking))[place] for x in (have, need))
    when, what = "at entry" if at_entry else "at the mark price", f"at least its requirement of {need:.10g}"
    raise ValueError(f"liquidated {when}: the margin must be {what}, got {have:.10g}{where}")


def _numbers(name, values):
    return tuple(one(name, value) for value in sequence(name, values, "a sequence of numbers"))


def _steps(values):
    return (after - before for before, after in zip(values, values[1:]))


def _complete(deductions, floors, rates):
    """The deductions, each None replaced by what follows from the tier before."""
    found = []
    for n, deduction in enumerate(deductions):
        if deduction is None:
            deduction = floors[n] * (rates[n] - rates[n - 1]) + found[-1] if n else 0.0
        found.append(deduction)
    return tuple(found)
