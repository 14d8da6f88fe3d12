"""Which named rules give the number that an exchange shows of a position?

Every rule set that the tables know of is put through `examples.compute`, the engine of the audit. What comes within a
tick is a match, simplest first. A match says that these rules give this number, not that the exchange uses them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np

from leverage_lab import audit
from leverage_lab.chapters.position import named_fees as fees
from leverage_lab.chapters.position import named_rules as named
from leverage_lab.chapters.position import would_be
from leverage_lab.chapters.position.shown_of import Found, Hit
from leverage_lab.data import EXCHANGES
from leverage_lab.examples import liquidation_price, maintenance_margin

KINDS = (
    "liquidation_price", "bankruptcy_price", "initial_margin", "maintenance_margin", "unrealised_pnl", "trading_fee",
    "break_even_price",
)  # fmt: skip
IN_ONE_CALL = {"liquidation_price": liquidation_price, "maintenance_margin": maintenance_margin}  # they take arrays
RATES = ("maintenance_rate", "maintenance_deduction", "closing_fee_rate")
LIKELY = 24  # so many sets, simplest first, are looked at closer where none gives the number
ELSEWHERE = 10  # a rule of another exchange than the one named
DEEP = 4  # rule sets whose parts are farther from the tables than this together are tried of the exchange named alone


def rule_sets(position, name):
    """The rule sets of one exchange: tuples of Parts, with how far they are in all; older rules go together."""
    own, closing = name == position.exchange, fees.closing_fees(name, own=position.taker_fee)
    shown = named.maintenance_shown(position, closing) if position.kind == "liquidation_price" else ()
    for parts in (*product(*_choices(name, position)), *shown):
        far = sum(part.far for part in parts if part.far != named.OLDER) + any(
            part.far == named.OLDER for part in parts
        )
        if own or far <= DEEP:
            yield parts, far + (ELSEWHERE if position.exchange and not own else 0)


def _choices(name, position):
    kind, own = position.kind, position.taker_fee
    if kind == "unrealised_pnl":
        prices = {"the mark price": position.inputs.get("mark_price"), "the last price": position.last_price}
        return [[named.Part({"mark_price": p}, n, f"at {word}") for n, (word, p) in enumerate(prices.items()) if p]]
    if kind in ("liquidation_price", "maintenance_margin"):
        return [list(named.maintenance(name, position)), named.bases(name), fees.closing_fees(name, own=own)]
    if kind in ("bankruptcy_price", "initial_margin"):
        of = ("mark", "bankruptcy") if kind == "bankruptcy_price" else ("entry", "bankruptcy")
        return [fees.closing_fees(name, of, own)]
    if kind == "trading_fee":
        return [list(fees.trade_fees(name, own))]
    closing = [replace(part, words=f"closed: {part.words}") for part in fees.closing_fees(name, ("entry", "mark"), own)]
    return [list(fees.opening_fees(name, own)), closing]


def search(position):
    """The Found of a Position. Other exchanges are asked only where the one that is named has no match."""
    own = [position.exchange] if position.exchange else list(EXCHANGES)
    tried = _tried(position, own)
    matches = _within(position, tried)
    if not matches and position.exchange:
        tried = _tried(position, [*own, *(name for name in EXCHANGES if name not in own)])
        matches = _within(position, tried)
    if matches:
        return Found(matches, [], [], [], len(tried), chance(position, tried))
    likely = [hit for hit in tried if hit.far <= tried[0].far + named.OLDER][:LIKELY] if tried else []
    values = {f"{hit.value:.9g}": hit for hit in reversed(likely)}.values()  # of equal ones the simplest
    nearest = sorted(values, key=lambda hit: abs(hit.value - position.shown))[:2]
    return Found(
        [],
        list(would_be.round_numbers(position, likely)),
        [would_be.with_extra(position, hit) for hit in nearest],
        list(slips(position, likely)),
        len(tried),
        chance(position, tried),
    )


def _tried(position, names):
    """A Hit for each set of numbers that makes a difference, simplest first."""
    nearest = {}
    for name in names:
        for parts, far in rule_sets(position, name):
            hit = Hit(parts, math.nan, far)
            key = tuple(sorted(hit.rules.items()))
            if key not in nearest or far < nearest[key].far:
                nearest[key] = hit
    return sorted((hit for hit in _valued(position, nearest.values()) if not math.isnan(hit.value)), key=_simple)


def _valued(position, hits):
    """The Hits with their numbers: where there are hundreds, in one call for all rates."""
    if position.kind not in IN_ONE_CALL:
        return [replace(hit, value=position.value(hit)) for hit in hits]
    alike, found = {}, []
    for hit in hits:
        alike.setdefault((hit.rules.get("maintenance_basis"), hit.rules.get("closing_fee_basis")), []).append(hit)
    for group in alike.values():
        keys = {*RATES} & {key for hit in group for key in hit.rules}
        rules = group[0].rules | {key: np.array([hit.rules.get(key, 0.0) for hit in group]) for key in keys}
        try:
            values = np.broadcast_to(IN_ONE_CALL[position.kind](position.example(rules)), len(group))
        except ValueError:  # the position itself makes no sense under such rules
            continue
        found += [replace(hit, value=float(value)) for hit, value in zip(group, values)]
    return found


def _within(position, tried):
    return [hit for hit in tried if abs(hit.value - position.shown) <= position.reach]


def _simple(hit):
    """The order of matches: near to the tables first, then without a fee, then without a deduction."""
    return hit.far, len(hit.rules)


def chance(position, tried):
    """The share of numbers within 1 % of the one shown that some rule set would give."""
    low, high = sorted((0.99 * position.shown, 1.01 * position.shown))
    covered, end = 0.0, low
    for value in sorted(hit.value for hit in tried):
        start, stop = max(value - position.reach, end), min(value + position.reach, high)
        if stop > start:
            covered, end = covered + stop - start, stop
    return covered / (high - low) if high > low else 0.0


def slips(position, likely):
    """(sentence, Hit) where a known mistake with these rules gives the number shown."""
    digits = max(0, -math.floor(math.log10(position.unit) + 1e-9))
    cell = {"published": repr(position.shown), "decimals": str(digits)}
    said = set()
    for hit in likely:
        sentence = _fee_slip(position, hit) or audit.explain(position.example(hit.rules), hit.value, cell)
        if sentence and sentence not in said:
            said.add(sentence)
            yield sentence, hit


def _fee_slip(position, hit):
    """What is done wrong with a fee, if that gives the number shown."""
    if position.kind != "trading_fee":
        return ""
    times = {2: "It is the fee for opening and closing together."}
    if leverage := position.inputs.get("leverage"):
        times[1 / leverage] = "It is charged on the margin; a fee is charged on the whole value."
    return next((told for n, told in times.items() if abs(n * hit.value - position.shown) <= position.unit / 2), "")
