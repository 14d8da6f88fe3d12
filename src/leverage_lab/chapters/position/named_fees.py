"""The fees that the tables have, part by part: what is counted as required at the close, what a trade costs.

Your own taker fee, `own`, takes the place of the tables': it goes with the VIP level.
"""

from __future__ import annotations

from functools import lru_cache

from leverage_lab.chapters.position.named_rules import ON, OTHER, Part, dated, settings
from leverage_lab.exchanges import fact
from leverage_lab.liquidation import FEE_BASES
from leverage_lab.words import percent


@lru_cache(maxsize=1000)
def closing_fees(name, of=FEE_BASES, own=None):
    """The closing fee that is counted as required: none, or the taker fee, on which value. A list of Parts."""
    taker, found = _fee(name, "taker", own), []
    for basis, (far, remark) in settings(name, "closing_fee_basis", FEE_BASES).items():
        if basis == "none":
            found.append(Part({}, far, "no closing fee", remark))
        elif taker and basis in of:
            inputs = {"closing_fee_rate": taker[0], "closing_fee_basis": basis}
            found.append(Part(inputs, far, f"{taker[1]} on {ON[basis]}", remark))
    return found


def trade_fees(name, own=None):
    """The taker and the maker fee of the lowest tier."""
    for far, word in enumerate(("taker", "maker")):
        if known := _fee(name, word, own):
            yield Part({"fee_rate": known[0]}, far, known[1])


def opening_fees(name, own=None):
    """What the opening has cost: the taker fee, the maker fee, or nothing."""
    for part in trade_fees(name, own):
        yield Part({"opening_fee_rate": part.inputs["fee_rate"]}, part.far, f"opened: {part.words}")
    yield Part({}, OTHER, "no opening fee")


def _fee(name, word, own):
    """(rate, words), or None if it is not known."""
    if word == "taker" and own is not None:
        return own, f"your taker fee of {percent(own, decimals=3)}"
    known = fact(name, f"{word}_fee")
    if known.value is None:
        return None
    return known.value, f"{name}'s {word} fee of {percent(known.value, decimals=3)} {dated(known)}"
