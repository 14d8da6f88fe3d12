"""Chapter 4: what a position costs while the price stands still.

Trading fees, the cost of an order, the price at which a trade breaks even, funding, and the interest
on a loan under the clocks that exchanges use. Numbers or arrays that broadcast together; rates are
fractions (0.0006 is 0.06 %); a cost is positive, what comes in is negative. Money is in the
settlement currency: dollars (linear) or coins (inverse); a loan's interest is in what was lent.
ValueError with one sentence on bad input.

Notation as in leverage.py: s = +1 long, −1 short, V(p) value of the position at price p, e entry,
L leverage; fo and f are the rates of the opening and the closing fee.
"""

from __future__ import annotations

import math
from types import MappingProxyType

from leverage_lab.checks import FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, Range, choice, number, numbers
from leverage_lab.leverage import initial_margin, notional, pnl, sign
from leverage_lab.liquidation import FEE_BASES
from leverage_lab.numeric import ceil, floor, is_array, largest, pick

ACCRUALS = ("started", "completed", "exact")
FEE = Range(low=-1, high=1, open_high=True)  # below 0: a rebate
SHARE = Range(low=0, high=1)

# Loan clocks by name, for `interest(1000, 0.0002, 24, 5, **CLOCKS["started hour"])`. On a wall clock say
# `clock_offset_hours` too. Who uses which (all as read, each with the date of its page):
#   started hour    Binance on the wall clock (5 July 2019; 18 October 2024), so did crypto.com once;
#                   Bybit (8 January 2025) and MEXC (blog, undated) from the moment of borrowing
#   completed hour  OKX (13 September 2024) and crypto.com now (undated), on the wall clock
#   started day     MEXC's first margin product (7 November 2019)
#   4-hour rollover Kraken (10 February 2026), besides a fee for opening: give it as `opening_fee_rate`. The
#                   open-source bot freqtrade counts a started block of 4 hours instead: `accrual="started"`
CLOCKS = MappingProxyType(
    {
        "started hour": MappingProxyType({"accrual": "started", "unit_hours": 1}),
        "completed hour": MappingProxyType({"accrual": "completed", "unit_hours": 1}),
        "started day": MappingProxyType({"accrual": "started", "unit_hours": 24}),
        "4-hour rollover": MappingProxyType({"accrual": "completed", "unit_hours": 4}),
        "exact": MappingProxyType({"accrual": "exact", "unit_hours": 1}),
    }
)


# --- trading


def trading_fee(value, rate, discount=0):
    """The fee of one trade: value × rate × (1 − discount). Negative if the rate is: a maker's rebate.

    value: of the trade, 0 or more (not its margin); rate: maker or taker, from −1 to below 1;
    discount: the share that paying in the exchange's own token takes off, 0 to 1.
    """
    value, rate, discount = numbers(value=(value, NOT_NEGATIVE), rate=(rate, FEE), discount=(discount, SHARE))
    return value * rate * (1 - discount)


def closing_value(side, quantity, entry_price, leverage, basis="bankruptcy", contract="linear", mark_price=None):
    """The value an exchange takes the closing fee on, when it sets that fee aside beforehand.

    basis: "none" 0; "entry" V(e); "mark" V(mark_price); "bankruptcy" the value at the price where the
    initial margin is used up: V(e) (1 − s/L), or V(e) (1 + s/L) inverse. That is 0 for a 1x long linear
    (a worthless coin) and for a 1x short inverse, whose margin is never used up.
    `mark_price` is needed for "mark" only.
    """
    choice("closing fee basis", basis, FEE_BASES)
    s, quantity, entry_price, leverage, *mark = numbers(
        side=(sign(side), FINITE),
        quantity=(quantity, POSITIVE),
        entry_price=(entry_price, POSITIVE),
        leverage=(leverage, LEVERAGE),
        **_mark(mark_price, basis),
    )
    value = notional(quantity, entry_price, contract)
    if basis == "bankruptcy":
        return value * (1 - s / leverage if contract == "linear" else 1 + s / leverage)
    shape = 0 * value * s / leverage  # nothing, in the shape of all arguments
    if basis == "mark":
        return shape + notional(quantity, mark[0], contract)
    return shape + (value if basis == "entry" else 0)


def order_cost(
    side,
    quantity,
    entry_price,
    leverage,
    opening_fee_rate=0,
    closing_fee_rate=0,
    closing_fee_basis="none",
    contract="linear",
    mark_price=None,
):
    """What must be free in the wallet to place an order: initial margin + fo V(e) + f `closing_value`.

    Which fees are in it differs: none at Binance (which adds `open_loss`; FAQ on the cost required to open a
    position in perpetual futures, 8 July 2020), both on the entry value at BTSE (Leverage, support page,
    undated), the closing fee at the bankruptcy price at Bybit (Order Cost (USDT Contract), help centre, undated).
    Rates from −1 to below 1.
    """
    _, quantity, entry_price, leverage, opening_fee_rate, closing_fee_rate, *_ = numbers(
        side=(sign(side), FINITE),
        quantity=(quantity, POSITIVE),
        entry_price=(entry_price, POSITIVE),
        leverage=(leverage, LEVERAGE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        **_mark(mark_price, closing_fee_basis),
    )
    opening = opening_fee_rate * notional(quantity, entry_price, contract)
    closing = closing_value(side, quantity, entry_price, leverage, closing_fee_basis, contract, mark_price)
    return initial_margin(quantity, entry_price, leverage, contract) + opening + closing_fee_rate * closing


def open_loss(side, quantity, order_price, mark_price, contract="linear"):
    """What an order would already have lost if it were filled now: q |min(0, s (mark − order price))|.

    0 for an order at a better price than the mark. Inverse: Q |min(0, s (1/order price − 1/mark))|.
    Binance counts it as part of the cost of an order (same FAQ, 8 July 2020).
    """
    _, quantity, order_price, mark_price = numbers(
        side=(sign(side), FINITE),
        quantity=(quantity, POSITIVE),
        order_price=(order_price, POSITIVE),
        mark_price=(mark_price, POSITIVE),
    )
    return largest(0.0, -pnl(side, quantity, order_price, mark_price, contract))


def realised_pnl(
    side,
    quantity,
    entry_price,
    exit_price,
    opening_fee_rate=0,
    closing_fee_rate=0,
    contract="linear",
    fees_paid=0,
    funding_paid=0,
):
    """What a closed trade really brought: profit − fo V(e) − f V(exit) − fees_paid − funding_paid.

    fees_paid: fees known as an amount; funding_paid: negative if received.
    """
    _, quantity, entry_price, exit_price, opening_fee_rate, closing_fee_rate, fees_paid, funding_paid = numbers(
        side=(sign(side), FINITE),
        quantity=(quantity, POSITIVE),
        entry_price=(entry_price, POSITIVE),
        exit_price=(exit_price, POSITIVE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        fees_paid=(fees_paid, FINITE),
        funding_paid=(funding_paid, FINITE),
    )
    gain = pnl(side, quantity, entry_price, exit_price, contract)
    opening = opening_fee_rate * notional(quantity, entry_price, contract)
    closing = closing_fee_rate * notional(quantity, exit_price, contract)
    return gain - opening - closing - fees_paid - funding_paid


def break_even_price(
    side,
    entry_price,
    opening_fee_rate=0,
    closing_fee_rate=0,
    contract="linear",
    quantity=1,
    fees_paid=0,
    funding_paid=0,
    method="exact",
):
    """The price at which closing brings back exactly what the trade has cost.

    method: "exact" takes the closing fee on the value at that price: e (1 + s fo) / (1 − s f) linear,
    e (1 + s f) / (1 − s fo) inverse; "additive", the usual approximation, takes both on the entry value:
    e (1 + s (fo + f)) linear, e / (1 − s (fo + f)) inverse. Amounts (fees_paid; funding_paid, negative if
    received) count besides, for the whole `quantity`: coins (linear) or dollars of face value (inverse).
    nan where no price above 0 does it.
    """
    choice("method", method, ("exact", "additive"))
    s, entry_price, opening_fee_rate, closing_fee_rate, quantity, fees_paid, funding_paid = numbers(
        side=(sign(side), FINITE),
        entry_price=(entry_price, POSITIVE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        quantity=(quantity, POSITIVE),
        fees_paid=(fees_paid, FINITE),
        funding_paid=(funding_paid, FINITE),
    )
    value = notional(quantity, entry_price, contract)
    paid = opening_fee_rate * value + fees_paid + funding_paid
    if method == "additive":
        paid, closing_fee_rate = paid + closing_fee_rate * value, 0.0
    # The root of s (V(p) − V(e)) = paid + f V(p), with both signs of s turned round for an inverse contract.
    if contract == "linear":
        top, bottom = value + s * paid, quantity * (1 - s * closing_fee_rate)
    else:
        top, bottom = quantity * (1 + s * closing_fee_rate), value - s * paid
    exists = (top > 0) & (bottom > 0)
    return pick(exists, top / pick(exists, bottom, 1.0), math.nan)


# --- funding


def funding_payment(side, quantity, mark_price, rate, contract="linear"):
    """One funding payment, s × rate × V(mark price): positive if the trader pays, negative if he receives.

    rate: of this settlement, any finite number; above 0 longs pay shorts. The value at the mark price of
    that moment counts, neither the entry price nor the margin (MEXC, Futures Calculation Guide, undated).
    """
    s, quantity, mark_price, rate = numbers(
        side=(sign(side), FINITE), quantity=(quantity, POSITIVE), mark_price=(mark_price, POSITIVE), rate=(rate, FINITE)
    )
    return s * rate * notional(quantity, mark_price, contract)


def funding_over_path(side, quantity, mark_prices, rates, contract="linear"):
    """The payment at each settlement along a path, as an array: `.sum()` is the whole bill.

    mark_prices: an array, the mark price at each settlement (last axis; further axes are further paths);
    rates: one for each settlement, or one for all. quantity: one, or one for each settlement.
    """
    s, quantity, mark_prices, rates = numbers(
        side=(sign(side), FINITE),
        quantity=(quantity, POSITIVE),
        mark_prices=(mark_prices, POSITIVE),
        rates=(rates, FINITE),
    )
    if not is_array(mark_prices):
        raise ValueError(f"mark prices must be an array, one price for each settlement, got {mark_prices:.15g}")
    return s * rates * notional(quantity, mark_prices, contract)


def funding_settlements(hours_opened_at, hours_held, interval_hours=8, first_hour=0):
    """How many funding timestamps fall into the time a position is held (a whole number; 0 is possible).

    Timestamps are at first_hour + k × interval_hours (BitMEX: 4, 12 and 20 o'clock UTC, so first_hour=4).
    hours_opened_at: on the same clock, for instance 7.5 for 7:30. Counted is a timestamp after the opening,
    up to and including the moment of closing, so that no payment is counted twice when one position
    follows another. It matters not how long the position was open before.
    """
    opened, held, interval, first = numbers(
        hours_opened_at=(hours_opened_at, FINITE),
        hours_held=(hours_held, NOT_NEGATIVE),
        interval_hours=(interval_hours, POSITIVE),
        first_hour=(first_hour, FINITE),
    )
    count = _ticks(opened - first, held, interval)
    return count.astype(int) if is_array(count) else int(count)


# --- loans


def units_charged(hours_held, accrual="started", unit_hours=1, clock_offset_hours=None):
    """How many units of time (hours, days, blocks of 4 hours) a loan is charged for.

    accrual: "started" every started unit, "completed" only whole ones, "exact" the duration to the second.
    By default units run from the moment of borrowing. With clock_offset_hours they are those of a wall clock:
    the time from one of its ticks (say, midnight) to the borrowing, 13.333 for 13:20; then the ticks k with
    offset < k × unit ≤ offset + hours held count, and one more for "started", the unit of the borrowing itself.
    A billionth of a unit is taken as noise. "exact" has no clock: ValueError.
    """
    choice("accrual", accrual, ACCRUALS)
    hours_held, unit_hours, *clock = numbers(
        hours_held=(hours_held, NOT_NEGATIVE), unit_hours=(unit_hours, POSITIVE), **_clock(clock_offset_hours, accrual)
    )
    return _units(hours_held, accrual, unit_hours, *clock)


def interest(
    borrowed,
    rate,
    period_hours,
    hours_held,
    accrual="started",
    unit_hours=1,
    clock_offset_hours=None,
    opening_fee_rate=0,
    compounding="simple",
):
    """Interest on a loan, in the currency lent: borrowed × (opening_fee_rate + rate × n × unit_hours / period_hours).

    borrowed: the part that is lent, not the whole position. rate: 0 or more, for period_hours (24: a daily rate).
    n: `units_charged`, which explains accrual, unit_hours and clock_offset_hours; CLOCKS names the usual settings.
    opening_fee_rate: charged once on the loan (Kraken).
    compounding: "simple", or "compound" where unpaid interest joins the debt each unit (crypto.com, KuCoin):
    borrowed × (opening_fee_rate + (1 + rate × unit_hours / period_hours)^n − 1).
    """
    choice("accrual", accrual, ACCRUALS)
    choice("compounding", compounding, ("simple", "compound"))
    borrowed, rate, period_hours, hours_held, unit_hours, opening_fee_rate, *clock = numbers(
        borrowed=(borrowed, NOT_NEGATIVE),
        rate=(rate, NOT_NEGATIVE),
        period_hours=(period_hours, POSITIVE),
        hours_held=(hours_held, NOT_NEGATIVE),
        unit_hours=(unit_hours, POSITIVE),
        opening_fee_rate=(opening_fee_rate, FEE),
        **_clock(clock_offset_hours, accrual),
    )
    units = _units(hours_held, accrual, unit_hours, *clock)
    if compounding == "simple":
        return borrowed * (opening_fee_rate + rate * units * unit_hours / period_hours)
    return borrowed * (opening_fee_rate + _compounded(rate * unit_hours / period_hours, units))


def leverage_fee(asset_value, leverage, daily_rate, days, margin_split=1, basis="whole"):
    """The "leverage fee" of the article we check: trade amount × daily rate × days × margin split.

    basis: "whole" takes it on the trade amount, asset_value × leverage, as the article does (kdj.com, on the
    leverage fee of MEXC, 9 November 2024); "borrowed" on what is not one's own, asset_value × (leverage − 1), as
    its sister article three days later and most exchanges do (Kraken does not deduct one's own collateral).
    days: those charged; the article counts started days. margin_split: a plain share from 0 to 1. No MEXC page
    that we read uses these words, nor charges such interest on futures: what holding costs there is funding.
    """
    choice("basis", basis, ("whole", "borrowed"))
    asset_value, leverage, daily_rate, days, margin_split = numbers(
        asset_value=(asset_value, POSITIVE),
        leverage=(leverage, LEVERAGE),
        daily_rate=(daily_rate, NOT_NEGATIVE),
        days=(days, NOT_NEGATIVE),
        margin_split=(margin_split, SHARE),
    )
    amount = asset_value * (leverage if basis == "whole" else leverage - 1)
    return amount * daily_rate * days * margin_split


def to_coin(amount, price):
    """An amount of dollars in coins, amount / price; negative stays negative."""
    amount, price = numbers(amount=(amount, FINITE), price=(price, POSITIVE))
    return amount / price


def _mark(mark_price, basis):
    """The check of a mark price, if one is given or needed."""
    return {} if mark_price is None and basis != "mark" else {"mark_price": (mark_price, POSITIVE)}


def _clock(clock_offset_hours, accrual):
    """The check of a clock offset, if one is given."""
    if clock_offset_hours is None:
        return {}
    if accrual == "exact":
        raise ValueError("clock offset hours must be left out with accrual 'exact', which follows no clock")
    return {"clock_offset_hours": (clock_offset_hours, NOT_NEGATIVE)}


def _ticks(offset, hours, unit):
    """Whole numbers k with offset < k × unit ≤ offset + hours."""
    return floor((offset + hours) / unit) - floor(offset / unit)


def _units(hours, accrual, unit, offset=None):
    if offset is not None:
        return _ticks(offset, hours, unit) + (accrual == "started")
    if accrual == "exact":
        return hours / unit
    return 0.0 + ceil(hours / unit) if accrual == "started" else floor(hours / unit)  # 0.0 +: never −0


def _compounded(rate, units):
    """(1 + rate)^units − 1, without losing the digits of a small rate."""
    functions = math
    if is_array(rate) or is_array(units):
        import numpy as functions
    number("compound interest (as a power of e)", growth := units * functions.log1p(rate), Range(high=700))
    return functions.expm1(growth)
