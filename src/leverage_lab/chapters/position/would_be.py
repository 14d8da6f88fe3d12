"""What would have to be true for rules to give the price that an exchange shows: another margin, another rate."""

from __future__ import annotations

import math
from dataclasses import replace

from leverage_lab import liquidation
from leverage_lab.chapters.position.named_rules import ANOTHER_TIER, Part
from leverage_lab.leverage import notional

STEP = 0.0005  # maintenance rates are mostly multiples of 0.05 %
SHARP = 20  # a round number counts where so many would have had room between it and the next


def with_extra(position, hit):
    """The Hit with the money by which the margin would have to be larger for its price to be the one shown."""
    if position.kind not in ("liquidation_price", "bankruptcy_price") or not position.shown > 0:
        return hit
    extra = 0.0
    for _ in range(3):  # a fee at the bankruptcy price moves with the margin, a little
        extra += lacking(position.example(hit.rules, extra), position.shown)
    return replace(hit, extra=extra)


def margin(position, hit):
    """The margin of the position under a Hit's rules, with what it would have to be larger by."""
    x = position.example(hit.rules, hit.extra)
    return float(x.margin(x.rules()[0] if x.kind == "liquidation_price" else x.fee_rules()))


def lacking(x, price):
    """Requirement − equity of an Example at `price`, in the settlement currency."""
    rules, amount = x.rules() if x.kind == "liquidation_price" else (x.fee_rules(), 0.0)
    pnl, need = x.others()
    at = (x.side, x.entry, x.quantity, x.margin(rules), price)
    have = liquidation.equity(*at, x.contract, pnl)
    if x.kind == "bankruptcy_price":
        return float(liquidation.closing_fee(*at, rules, x.contract, pnl) - have)
    return float(liquidation.requirement(*at, rules, x.contract, pnl) + need + amount - have)


def with_rate(position, hit):
    """The Hit with the one maintenance rate, the same for every size, that gives the price shown; None without one."""
    if "maintenance_rate" not in hit.rules:
        return None
    _, basis, fee = hit.parts
    x = position.example({**basis.inputs, **fee.inputs, "maintenance_rate": 0.0})
    price = x.entry if basis.inputs["maintenance_basis"] == "entry" else position.shown
    value = notional(x.quantity, price, position.contract)
    return _rated(hit, -lacking(x, position.shown) / value)


def _rated(hit, rate):
    """The Hit with another rate, which no exchange's tables stand for."""
    parts = [replace(part, remark="") for part in hit.parts[1:]]
    return replace(hit, parts=(Part({"maintenance_rate": rate}, ANOTHER_TIER, ""), *parts))


def round_numbers(position, likely):
    """Hits that give the price shown with a round rate, or with a round amount more (or less) of margin.

    Only where so many digits are shown that a round number is hardly chance.
    """
    if position.kind != "liquidation_price" or not position.shown > 0:
        return
    room = position.reach / position.shown
    worth = room * notional(position.inputs.get("quantity", 1.0), position.shown, position.contract)
    done = set()
    for hit in likely if SHARP * room < STEP else ():
        near = with_rate(position, hit)
        if near is None:
            continue
        rated = _rated(hit, round(STEP * round(near.rules["maintenance_rate"] / STEP), 6))
        if repr(rated.rules) not in done and 0 < rated.rules["maintenance_rate"] < 0.5:
            done.add(repr(rated.rules))
            if position.gives(rated):
                yield rated
    for hit in likely:
        extra = with_extra(position, hit).extra
        if extra and SHARP * worth < abs(extra) / 100:
            size = 10.0 ** (math.floor(math.log10(abs(extra))) - 1)
            more = replace(hit, extra=size * round(extra / size))
            if margin(position, more) > 0 and position.gives(more):
                yield more
