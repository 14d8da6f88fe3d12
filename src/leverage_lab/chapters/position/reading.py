"""How the workbench reads its form: numbers as people type them, each in the unit of its box."""

from __future__ import annotations

from leverage_lab.chapters.position.form import ACCOUNT, BOXES, FIELDS, OWN, POSITION, Menu
from leverage_lab.chapters.position.shared import Terms, contracts
from leverage_lab.checks import CONTRACTS, sign
from leverage_lab.words import percent, read_number

HOURS = dict.fromkeys(("", "D", "DAY", "DAYS"), 24.0) | dict.fromkeys(("H", "HOUR", "HOURS"), 1.0)
HOURS |= dict.fromkeys(("W", "WEEK", "WEEKS"), 168.0)


def contract_of(held):
    """(exchange or None, contract of the tables or None, linear or inverse, its coin)."""
    venue = held["exchange"]
    chosen = held[f"contract {venue}"]
    if chosen in CONTRACTS:
        return None if venue == OWN else venue, None, chosen, ""
    return venue, chosen, *contracts(venue)[chosen]


def read(held):
    """Terms from what stands in the form. ValueError with one sentence that names the box and what it may hold."""
    exchange, symbol, contract, coin = contract_of(held)
    reading = Reading(held, contract == "linear", coin)
    found = {field.name: held[field.name] or None for field in FIELDS if isinstance(field, Menu)}
    if not held["entry_price"].strip():
        raise ValueError("entry price must be given, a price such as $114,400, got nothing")
    for box in BOXES:
        text = held[box.name].strip()
        unused = box in ACCOUNT and held["mode"] == "isolated" or box.name == "added" and held["mode"] == "cross"
        found[box.name] = reading.number(box) if text and not unused else None
    return Terms(exchange=exchange, symbol=symbol, contract=contract, **found)


class Reading:
    """Reads the boxes of one form."""

    def __init__(self, held, linear, coin):
        self.held, self.linear, self.coin = held, linear, coin

    def number(self, box):
        text = self.held[box.name]
        try:
            value, unit = read_number(text)
        except ValueError:
            raise self._refused(box, text) from None
        found = getattr(self, box.kind)(value, unit)
        if found is None or box.kind == "rate" and not box.least <= found <= box.most:
            raise self._refused(box, text)
        return found

    def _refused(self, box, text):
        what = f"a number such as {box.example}"
        if box.kind == "rate":
            what = f"from {percent(box.least)} to {percent(box.most)}"
        elif box.kind == "cash" and not self.linear:
            what = f"an amount of {self.coin or 'coins'}, because this contract pays in {self.coin or 'coins'}"
        return ValueError(f"{box.label} must be {what}, got {text.strip()!r}")

    def price(self, value, unit):
        return value if unit in ("", "$") else None

    def stop(self, value, unit):
        """A price, or in percent how far from the entry."""
        return self._away(value, unit, -1)

    def target(self, value, unit):
        return self._away(value, unit, 1)

    def _away(self, value, unit, ahead):
        return (
            self.entry() * (1 + ahead * sign(self.held["side"]) * abs(value))
            if unit == "%"
            else self.price(value, unit)
        )

    def entry(self):
        return self.number(POSITION[1])

    def size(self, value, unit):
        """Coins or dollars, whichever is written; bare, what the contract counts in."""
        if unit == "$" and self.linear:
            return value / self.entry()
        if self._coins(unit) and unit and not self.linear:
            return value * self.entry()
        return value if self._coins(unit) or unit == "$" else None

    def _coins(self, unit):
        return unit == "" or unit == self.coin or (not self.coin and unit not in ("$", "%", "x"))

    def cash(self, value, unit):
        return value if (unit in ("", "$") if self.linear else self._coins(unit)) else None

    def times(self, value, unit):
        return value if unit in ("", "x") else None

    def rate(self, value, unit):
        """Percent, also where the sign is left out."""
        return value if unit == "%" else value / 100 if not unit else None

    def hours(self, value, unit):
        return value * HOURS[unit] if unit in HOURS else None

    def plain(self, value, unit):
        return value if HOURS.get(unit, 1.0) == 1.0 or not unit else None
