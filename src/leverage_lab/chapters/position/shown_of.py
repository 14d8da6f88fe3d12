"""What is shown of a position, and what a search for its rules finds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from leverage_lab.examples import Example, compute


@dataclass(frozen=True)
class Position:
    """What a learner knows: keys of `examples` that are no rules, and the number that is shown.

    unit: one unit of the last digit shown, or the tick if that is larger. slack: half a unit of the last digit of the
    margin, where it was typed as an amount. exchange, asset: "" if not said. last_price: beside the mark price.
    maintenance: the maintenance margin shown beside a liquidation price. taker_fee: your own, in place of the tables'.
    """

    kind: str
    contract: str
    side: str
    inputs: dict
    shown: float
    unit: float
    exchange: str = ""
    asset: str = ""
    slack: float = 0.0
    last_price: float | None = None
    maintenance: float | None = None
    taker_fee: float | None = None

    @property
    def prices(self):
        """The prices at which the size of the position may be taken."""
        price = self.inputs.get("entry_price") or self.inputs["mark_price"]
        return (price, self.shown) if self.kind == "liquidation_price" and self.shown > 0 else (price,)

    def example(self, rules, extra=0.0):
        """The position under these rules, with so much more margin."""
        more = {"added_margin": self.inputs.get("added_margin", 0.0) + extra} if extra else {}
        return Example(self.kind, self.contract, self.side, {**self.inputs, **more, **rules})

    def value(self, hit):
        """What a Hit's rules give; nan: no such price, or the rules do not fit the position."""
        try:
            return compute(self.example(hit.rules, hit.extra))
        except ValueError:
            return math.nan

    def gives(self, hit):
        """Do the rules give the number shown, within reach?"""
        return abs(self.value(hit) - self.shown) <= self.reach

    @property
    def reach(self):
        """How far a number may lie from the one shown: less than its last digit's unit, and what the margin's moves."""
        reach = self.unit * (1 - 1e-9) + 1e-11 * abs(self.shown)
        if self.slack and self.kind in ("liquidation_price", "bankruptcy_price") and "quantity" in self.inputs:
            x = self.slack / self.inputs["quantity"]
            reach += x if self.contract == "linear" else x * self.shown**2
        return reach


@dataclass(frozen=True)
class Hit:
    """One rule set and its number. far: from the tables of its exchange."""

    parts: tuple
    value: float
    far: int
    extra: float = 0.0  # money that the margin would have to be larger by

    @cached_property
    def rules(self):
        return {key: value for part in self.parts for key, value in part.inputs.items()}


@dataclass(frozen=True)
class Found:
    """matches: simplest first. Where there is none: rounds, nearest (two) and slips.

    rounds: Hits that give it if a round rate held or a round amount had been paid. slips: (sentence, Hit) of known
    mistakes that give it. tried: how many rule sets; chance: the share of numbers nearby that some of them give.
    """

    matches: list
    rounds: list
    nearest: list
    slips: list
    tried: int
    chance: float
