"""Chapter 4: what a position costs while the price stands still.

Trading fees, the price at which a trade breaks even, funding, and the interest on a loan under the clocks that
exchanges use. A cost is positive, income is negative. Money is in the settlement currency: dollars (linear) or coins
(inverse); a loan's interest is in the currency lent.

Arguments, errors and notation as in leverage.py; V(p) value at price p, fo and f rates of opening and closing fee.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np

from leverage_lab.checks import (
    Contract,
    FeeRate,
    Finite,
    Leverage,
    NotNegative,
    Positive,
    Share,
    Side,
    ceil,
    checked,
    floor,
)  # fmt: skip
from leverage_lab.leverage import notional, pnl

Accrual = Literal["started", "completed", "exact"]
ACCRUALS = get_args(Accrual)

# Loan clocks by name: interest(…, **CLOCKS["started hour"]), on a wall clock with `clock_offset_hours`. Used by:
_CLOCKS = (
    # Binance on the wall clock (5 July 2019; 18 October 2024), as crypto.com once did; Bybit (8 January 2025) and
    # MEXC (blog, undated) from the moment of borrowing.
    ("started hour", "started", 1),
    ("completed hour", "completed", 1),  # OKX (13 September 2024) and crypto.com now (undated), on the wall clock
    ("started day", "started", 24),  # MEXC's first margin product (7 November 2019)
    ("4-hour rollover", "completed", 4),  # Kraken (10 February 2026), plus an opening fee: `opening_fee_rate`
    ("exact", "exact", 1),
)
CLOCKS = MappingProxyType({name: MappingProxyType({"accrual": a, "unit_hours": h}) for name, a, h in _CLOCKS})


# --- trading


@checked
def trading_fee(value: NotNegative, rate: FeeRate) -> Finite:
    """The fee of one trade: value of the trade (not its margin) × rate; below 0 if the rate is, a maker's rebate."""
    return value * rate


@checked
def realised_pnl(
    side: Side, quantity: Positive, entry_price: Positive, exit_price: Positive, opening_fee_rate: FeeRate = 0,
    closing_fee_rate: FeeRate = 0, contract: Contract = "linear", fees_paid: Finite = 0, funding_paid: Finite = 0,
) -> Finite:  # fmt: skip
    """Profit of a closed trade after fees and funding: PnL − fo V(e) − f V(exit) − fees_paid − funding_paid.

    fees_paid: fees known as an amount; funding_paid: negative if received.
    """
    gain = pnl(side, quantity, entry_price, exit_price, contract)
    opening = opening_fee_rate * notional(quantity, entry_price, contract)
    closing = closing_fee_rate * notional(quantity, exit_price, contract)
    return gain - opening - closing - fees_paid - funding_paid


@checked
def break_even_price(
    side: Side, entry_price: Positive, opening_fee_rate: FeeRate = 0, closing_fee_rate: FeeRate = 0,
    contract: Contract = "linear", quantity: Positive = 1, fees_paid: Finite = 0,
) -> Any:  # fmt: skip
    """The price at which closing earns exactly what the trade has cost.

    e (1 + s fo) / (1 − s f) linear, e (1 + s f) / (1 − s fo) inverse: the closing fee is taken on the value
    at that price. fees_paid: fees (or funding) known as an amount, for the whole `quantity`: coins (linear) or
    dollars of face value (inverse). nan where no price above 0 does it.
    """
    value = notional(quantity, entry_price, contract)
    paid = opening_fee_rate * value + fees_paid
    # The root of s (V(p) − V(e)) = paid + f V(p), with both signs of s turned round for an inverse contract.
    if contract == "linear":
        top, bottom = value + side * paid, quantity * (1 - side * closing_fee_rate)
    else:
        top, bottom = quantity * (1 + side * closing_fee_rate), value - side * paid
    exists = (top > 0) & (bottom > 0)
    return np.where(exists, top / np.where(exists, bottom, 1), np.nan)


# --- funding


@checked
def funding_rate(
    premium: Finite, interest: Finite = 0.0001, clamp: NotNegative = 0.0005, cap: NotNegative | None = None
) -> Finite:
    """The funding rate of one settlement: P + clamp(I − P, −clamp, +clamp), then held within −cap and +cap.

    Fractions for one interval. premium P: (contract − index) / index, averaged over it; interest I: 0.01 % for 8 hours
    on most contracts. While the two are within `clamp` the rate is the interest, else the premium, `clamp` nearer to
    it. Source: Bybit, help centre, and Gate, funding rate history (undated); OKX, listing of ASTER (2025-09-22).
    """
    rate = premium + np.minimum(np.maximum(interest - premium, -clamp), clamp)
    return rate if cap is None else np.minimum(np.maximum(rate, -cap), cap)


@checked
def funding_payment(
    side: Side, quantity: Positive, mark_price: Positive, rate: Finite, contract: Contract = "linear"
) -> Finite:
    """One funding payment, s × rate × V(mark price): positive if the trader pays, negative if he receives.

    rate: of this settlement, any finite number; above 0 longs pay shorts. It is charged on the value at the mark
    price of that moment, not at the entry price nor on the margin (MEXC, Futures Calculation Guide, undated).
    """
    return side * rate * notional(quantity, mark_price, contract)


@checked
def funding_over_path(
    side: Side, quantity: Positive, mark_prices: Positive, rates: Finite, contract: Contract = "linear"
) -> Finite:
    """The payment at each settlement along a path, as an array: `.sum()` is the whole bill.

    mark_prices: an array, the mark price at each settlement (last axis; further axes are further paths);
    rates: one for each settlement, or one for all. quantity: one, or one for each settlement.
    """
    if np.ndim(mark_prices) == 0:
        raise ValueError(f"mark prices must be an array, one price for each settlement, got {mark_prices:.15g}")
    return side * rates * notional(quantity, mark_prices, contract)


@checked
def funding_settlements(hours_opened_at: Finite, hours_held: NotNegative, interval_hours: Positive = 8) -> Finite:
    """How many funding timestamps fall within the time a position is held (a whole number; 0 is possible).

    Timestamps are at multiples of interval_hours, on the clock of hours_opened_at (7.5 for 7:30). A timestamp
    counts if it lies after the opening and no later than the moment of closing, so that no payment is counted
    twice when one position follows another. How long the position has been open does not matter.
    """
    return np.asarray(_ticks(hours_opened_at, hours_held, interval_hours)).astype(int)


# --- loans


@checked
def units_charged(
    hours_held: NotNegative, accrual: Accrual = "started", unit_hours: Positive = 1,
    clock_offset_hours: NotNegative | None = None,
) -> Finite:  # fmt: skip
    """How many units of time (hours, days, blocks of 4 hours) a loan is charged for.

    accrual: "started" every started unit, "completed" only whole ones, "exact" the duration to the second.
    By default units run from the moment of borrowing. With clock_offset_hours they are those of a wall clock:
    the time from one of its ticks (say, midnight) to the borrowing, 13.333 for 13:20; then the ticks k with
    offset < k × unit ≤ offset + hours held count, and one more for "started", the unit of the borrowing itself.
    A billionth of a unit is treated as rounding. "exact" has no clock: ValueError.
    """
    if clock_offset_hours is not None:
        if accrual == "exact":
            raise ValueError("clock offset hours must be left out with accrual 'exact', which follows no clock")
        return _ticks(clock_offset_hours, hours_held, unit_hours) + (accrual == "started")
    units = hours_held / unit_hours
    if accrual == "exact":
        return units
    return 0.0 + ceil(units) if accrual == "started" else floor(units)  # 0.0 +: never −0


@checked
def interest(
    borrowed: NotNegative, rate: NotNegative, period_hours: Positive, hours_held: NotNegative,
    accrual: Accrual = "started", unit_hours: Positive = 1, clock_offset_hours: NotNegative | None = None,
    opening_fee_rate: FeeRate = 0,
) -> Finite:  # fmt: skip
    """Interest on a loan, in the currency lent: borrowed × (opening_fee_rate + rate × n × unit_hours / period_hours).

    borrowed: the part that is lent, not the whole position. rate: 0 or more, for period_hours (24: a daily rate).
    n: `units_charged`, which explains accrual, unit_hours and clock_offset_hours; CLOCKS names the usual settings.
    opening_fee_rate: charged once on the loan (Kraken).
    """
    units = units_charged(hours_held, accrual, unit_hours, clock_offset_hours)
    return borrowed * (opening_fee_rate + rate * units * unit_hours / period_hours)


@checked
def leverage_fee(
    asset_value: Positive, leverage: Leverage, daily_rate: NotNegative, days: NotNegative, margin_split: Share = 1,
    basis: Literal["whole", "borrowed"] = "whole",
) -> Finite:  # fmt: skip
    """The "leverage fee" of the article we check: trade amount × daily rate × days × margin split.

    basis: "whole" takes it on the trade amount, asset_value × leverage, as the article does (kdj.com, on the
    leverage fee of MEXC, 9 November 2024); "borrowed" on the borrowed part, asset_value × (leverage − 1), as
    its sister article three days later and most exchanges do (Kraken does not deduct one's own collateral).
    days: those charged; the article counts started days. margin_split: a share, on no page of MEXC that we read.
    """
    return asset_value * (leverage if basis == "whole" else leverage - 1) * daily_rate * days * margin_split


def _ticks(offset, hours, unit):
    """How many whole numbers k have offset < k × unit ≤ offset + hours."""
    return floor((offset + hours) / unit) - floor(offset / unit)
