"""The workbench's form: what can be filled in or chosen, and what stands there at first."""

from __future__ import annotations

from dataclasses import dataclass

from leverage_lab import data
from leverage_lab.chapters.position.shared import contracts
from leverage_lab.checks import CONTRACTS, SIDES, choice
from leverage_lab.exchanges import COURSE
from leverage_lab.liquidation import FEE_BASES, MAINTENANCE_BASES
from leverage_lab.margin import MODES
from leverage_lab.words import price

OWN, TABLES = "rules of your own", "from the tables"
ORDERS = ("taker", "maker")
VENUES = (*COURSE, OWN)


@dataclass(frozen=True)
class Box:
    """A text box. kind: how its number is read (a method of reading.Reading); least, most: of a rate."""

    name: str
    label: str
    kind: str
    example: str = ""
    least: float = 0.0
    most: float = 0.99


@dataclass(frozen=True)
class Menu:
    name: str
    label: str
    options: tuple
    start: str = ""


FEE = {"least": -0.1, "most": 0.1}
POSITION = (
    Menu("side", "side", SIDES),
    Box("entry_price", "entry price", "price", "$114,400"),
    Box("size", "size", "size", "0.1 BTC or $5,000"),
    Box("margin", "margin", "cash", "$500"),
    Box("leverage", "leverage", "times", "20x"),
    Menu("mode", "margin mode", tuple(reversed(MODES))),
    Box("added", "margin added later", "cash", "$0"),
)
ACCOUNT = (
    Box("wallet", "wallet, all of it", "cash", "$2,000"),
    Box("other_pnl", "PnL of the others", "cash", "$0"),
    Box("other_maintenance", "their maintenance", "cash", "$0"),
)
PLAN = (
    Box("stop", "stop", "stop", "$110,000 or 3 %"),
    Box("target", "target", "target", "$120,000 or 6 %"),
    Menu("opened_as", "opened as", ORDERS),
    Menu("closed_as", "target closed as", ORDERS),
    Box("funding_rate", "funding rate", "rate", "0.01 %", **FEE),
    Box("hours", "days held", "hours", "3 or 8 hours"),
)
RULES = (
    Box("maintenance_rate", "maintenance rate", "rate", "0.4 %"),
    Box("maintenance_deduction", "deduction", "cash", "$0"),
    Menu("maintenance_basis", "maintenance basis", ("", *MAINTENANCE_BASES)),
    Menu("closing_fee_basis", "closing fee basis", ("", *FEE_BASES)),
    Box("closing_fee_rate", "closing fee rate", "rate", "as taker"),
    Box("maker_fee", "maker fee", "rate", "0.02 %", **FEE),
    Box("taker_fee", "taker fee", "rate", "0.05 %", **FEE),
    Box("funding_interval_hours", "funding interval", "plain", "8 hours"),
)
FIELDS = POSITION + ACCOUNT + PLAN + RULES
BOXES = tuple(field for field in FIELDS if isinstance(field, Box))
START = {
    "exchange": "Binance", "margin": "$500", "leverage": "20x", "stop": "3 %", "target": "6 %",
    "funding_rate": "0.01 %", "hours": "3",
}  # fmt: skip


def listed(venue):
    """The contracts to choose from: those of the tables, and others."""
    return (*(contracts(venue) if venue != OWN else ()), *CONTRACTS)


def start(contract=None, **values):
    """What stands in the form at first, {name: text}; `values` in place of it: texts or numbers, by the form's names.

    contract: of the chosen exchange, as its menu has it. ValueError names a word that is not there.
    """
    held = {field.name: "" if isinstance(field, Box) else field.options[0] for field in FIELDS}
    held |= {f"contract {venue}": listed(venue)[0] for venue in VENUES} | START
    held["entry_price"] = price(data.asset("BTC").price)
    for name in values:
        choice("field", name, tuple(held))
    held |= {name: str(value) for name, value in values.items()}
    choice("exchange", held["exchange"], VENUES)
    if contract is not None:
        held[f"contract {held['exchange']}"] = choice("contract", contract, listed(held["exchange"]))
    for menu in (field for field in FIELDS if isinstance(field, Menu)):
        choice(menu.label, held[menu.name], menu.options)
    return held
