"""The rules that the tables have, part by part, each with its exchange, its date and how far it is from today's.

A rule set is made of parts: a maintenance rate, what it is taken on, a closing fee (named_fees.py). `far` counts how
far a part is from what the tables say of its exchange now: 0 as they say, 1 as it was, 2 not as they say, 3 another
tier.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from leverage_lab import data, dates
from leverage_lab.leverage import notional
from leverage_lab.liquidation import MAINTENANCE_BASES, Ladder
from leverage_lab.words import money, plain

OLDER, OTHER, ANOTHER_TIER = 1, 2, 3
ON = {
    "mark": "the value at the mark price",
    "entry": "the entry value",
    "bankruptcy": "the value at the bankruptcy price",
}


@dataclass(frozen=True)
class Part:
    """Keys of `examples` with their values, how far they are from what the exchange's tables say, and words.

    remark: in which way they are far from them.
    """

    inputs: dict
    far: int
    words: str
    remark: str = ""


@dataclass(frozen=True)
class Tiers:
    """A ladder with its name and date in words; floors in `unit`. older: not the newest of its contract."""

    words: str
    asset: str
    unit: str
    older: bool
    ladder: Ladder


@lru_cache(maxsize=None)
def ladders(name):
    """The ladders of an exchange: those of tiers.csv, newest first, then older printed ones of tiers_published.csv."""
    found, seen, of, rows = [], set(), _groups("tiers"), data.load("ladders")
    for row in rows[rows.exchange == name].itertuples():
        if row.ladder_id not in of or not math.isnan(row.rate_per_coin):  # a rate that grows with the size has no tiers
            continue
        ladder = _ladder(of[row.ladder_id], row.reading != "whole")
        told = f"{name}'s {row.symbol}, {{}} {dated(row)}"
        found.append(Tiers(told, row.asset, row.unit, row.symbol in seen, ladder))
        seen.add(row.symbol)
    for key, group in _groups("tiers_published").items():
        if key.startswith(f"{name.lower()}-") and not key.endswith("typo"):
            contract, when = re.fullmatch(r"[a-z]+-(.+?)-([\d-]+)", key).groups()
            asset = contract.removesuffix("usdt").upper()
            told = f"{name}'s {contract.upper()}, {{}} ({dates.shown(when)}, as printed elsewhere)"
            found.append(Tiers(told, asset, "USDT", True, _ladder(group, True)))
    return found


@lru_cache(maxsize=None)
def _groups(table):
    """{id of a ladder: its rows that have a rate}."""
    return dict(iter(data.load(table).dropna(subset=["rate"]).groupby("ladder_id")))


def _ladder(of, slices):
    rows = [[t.floor, None if math.isnan(t.cap) else t.cap, t.rate, None if slices else 0.0] for t in of.itertuples()]
    return Ladder.of(rows)


def dated(known):
    return f"({dates.shown(known.as_of)})" if known.as_of else "(undated)"


def sizes(tiers, position):
    """How large the position is in the unit of the ladder, at each price that may count; () if that is not known."""
    quantity, linear = position.inputs.get("quantity"), position.contract == "linear"
    if quantity is None or tiers.unit == "contracts":
        return ()
    if (tiers.unit == tiers.asset) == linear:  # coins of coins, dollars of dollars
        return (quantity,)
    return tuple(quantity * price if linear else quantity / price for price in position.prices)


def maintenance(name, position):
    """The rates an exchange may take: of the position's own tier, of the first one, of another."""
    same = [tiers for tiers in ladders(name) if position.asset in ("", tiers.asset)]
    for tiers in same or ladders(name):
        ladder, older = tiers.ladder, OLDER * tiers.older if same else OTHER
        at = {int(ladder.tier(min(size, ladder.cap))) for size in sizes(tiers, position)} or {1}
        for n, (_, _, rate, deduction) in enumerate(ladder.tiers, start=1):
            where = tiers.words.format(f"tier {n}")
            if n in at:
                yield _rate(rate, deduction, older, where)
                if deduction:
                    yield _rate(rate, 0.0, older + OTHER, f"{where}, without its deduction of {money(deduction)}")
            elif n == 1:
                yield _rate(rate, 0.0, older + OLDER, f"{where}, though the position is in tier {max(at)}")
            else:
                yield _rate(rate, 0.0, older + ANOTHER_TIER, f"{where}, which is not the position's tier")


def _rate(rate, deduction, far, where):
    return Part({"maintenance_rate": rate} | ({"maintenance_deduction": deduction} if deduction else {}), far, where)


def settings(name, field, all_of):
    """{each of `all_of`: (how far, a remark)} for a field of words, from all dated rows of an exchange."""
    table = data.load("exchanges")
    rows = table[(table.exchange == name) & (table.field == field) & (table.value != "")]
    found = {}
    for place, row in enumerate(rows.itertuples()):
        found.setdefault(row.value, (min(place, OLDER), f"as {name} had it, {dated(row)[1:-1]}" if place else ""))
    rest = (OTHER, f"not what the tables have for {name}") if found else (OLDER, f"not known for {name}")
    return {word: found.get(word, rest) for word in all_of}


@lru_cache(maxsize=None)
def bases(name):
    """What the maintenance rate is taken on: a list of Parts."""
    known = settings(name, "maintenance_basis", MAINTENANCE_BASES).items()
    return [Part({"maintenance_basis": basis}, far, f"on {ON[basis]}", remark) for basis, (far, remark) in known]


def maintenance_shown(position, closing_fees):
    """Rule sets by the maintenance margin on the screen, apart from any table of tiers.

    An amount that stays as it is, fees inside, as BitMEX and KuCoin have it; or, with the mark price beside it, the
    rate that it is of the value there, and a closing fee.
    """
    shown, mark = position.maintenance, position.inputs.get("mark_price")
    if shown is None:
        return
    yield (Part({"maintenance_margin": shown}, 0, "the maintenance margin that is shown, the same at every price"),)
    if mark:
        rate = shown / notional(position.inputs["quantity"], mark, position.contract)
        words = f"from the maintenance margin shown and the mark price of ${plain(mark, 6)}"
        basis = Part({"maintenance_basis": "mark"}, 0, f"on {ON['mark']}")
        yield from ((Part({"maintenance_rate": rate}, 0, words), basis, fee) for fee in closing_fees if rate < 1)
