"""“My exchange shows …”: a position and a number in, the rules that give it out."""

from __future__ import annotations

import math
import re

from leverage_lab.chapters.position.shown import search
from leverage_lab.chapters.position.shown_of import Position
from leverage_lab.chapters.position.shown_said import told
from leverage_lab.checks import FEE, FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, choice, number
from leverage_lab.data import EXCHANGES
from leverage_lab.panelkit.page import Card, bundle, button, entry, html, markdown, menu, row, words
from leverage_lab.words import read_number, sentence

KINDS = {
    "liquidation price": "liquidation_price", "bankruptcy price": "bankruptcy_price", "margin": "initial_margin",
    "maintenance margin": "maintenance_margin", "unrealised PnL": "unrealised_pnl", "fee of one trade": "trading_fee",
    "break-even price": "break_even_price",
}  # fmt: skip
CHOICES = {
    "exchange": ("not said", *EXCHANGES), "what": tuple(KINDS), "side": ("long", "short"),
    "contract": ("linear", "inverse"), "mode": ("isolated", "cross"),
}  # fmt: skip
BOXES = {  # {name: (label, key of `examples`, what is allowed, example)}
    "entry": ("entry price", "entry_price", POSITIVE, "50,000"),
    "quantity": ("quantity", "quantity", POSITIVE, "0.1"),
    "leverage": ("leverage", "leverage", LEVERAGE, "25x"),
    "margin": ("margin shown", "margin", POSITIVE, "200"),
    "added": ("added later", "added_margin", FINITE, "0"),
    "wallet": ("wallet", "wallet_balance", POSITIVE, "1,000"),
    "others": ("others' PnL", "other_unrealised_pnl", FINITE, "0"),
    "required": ("others' maintenance", "other_maintenance_margin", NOT_NEGATIVE, "0"),
    "maintenance": ("maintenance shown", "maintenance", POSITIVE, "20"),
    "mark": ("mark price", "mark_price", POSITIVE, "49,500"),
    "last": ("last price", "last_price", POSITIVE, "49,510"),
    "taker": ("taker fee", "taker_fee", FEE, "0.05 %"),
}
BESIDE = {"last_price", "maintenance", "taker_fee"}  # of the Position, not among its inputs
ROWS = {
    "isolated": ("leverage", "margin", "added"),
    "cross": ("wallet", "others", "required"),
    "screen": ("maintenance", "mark"),
    "prices": ("last",),
}
NEEDED = {"leverage": "the leverage or the margin", "mark": "the mark price or the last price"}


def read(label, text, allowed, example):
    """The number in a box; ValueError with one sentence that names the box and what it takes."""
    try:
        value, unit = read_number(text)
    except ValueError:
        value, unit = None, ""
    if allowed is FEE:
        value = value if unit == "%" or value is None else value / 100
        if value is None or unit not in ("", "%") or not -0.1 <= value <= 0.1:
            raise ValueError(f"the {label} must be from −10 % to 10 %, such as {example}, got {text.strip()!r}")
    elif value is None or unit == "%" or (unit == "x" and label != "leverage"):
        what = "a number" if allowed is FINITE else f"a number {str(allowed).replace('at least', 'of at least')}"
        raise ValueError(f"the {label} must be {what}, such as {example}, got {text.strip()!r}")
    return number(f"the {label}", value, allowed)


def last_digit(text, value):
    """One unit of the last digit typed: 0.01 of 48,192.77, 100 of 48.2k."""
    digits = int(re.sub(r"\D", "", text) or 0)
    if not digits or not value:
        return 10.0 ** -len(text.partition(".")[2].strip())
    unit = 10.0 ** round(math.log10(abs(value) / digits))
    return unit if abs(digits * unit / abs(value) - 1) < 1e-9 else 1e-6 * abs(value)  # a sum such as 2*24000.5


def position_of(typed):
    """The Position that stands in the boxes. ValueError with one sentence for what is missing or out of range."""
    skipped = {name for line in hidden_rows(typed) for name in ROWS.get(line, [line])}
    values, slack = {}, 0.0
    for name, (label, _, allowed, example) in BOXES.items():
        if name not in skipped and typed[name].strip():
            values[name] = read(label, typed[name], allowed, example)
    for name in ("margin", "wallet", "maintenance"):
        if name in values and (unit := last_digit(typed[name], values[name])) < 1:
            slack = max(slack, unit)
    if {"margin", "added"} <= set(values):
        raise ValueError("give either the margin shown, which includes it, or what was added later, not both")
    kind = KINDS[typed["what"]]
    for name in _needed(kind, typed["mode"], values):
        if name not in values:
            raise ValueError(
                f"also give {NEEDED.get(name, f'the {BOXES[name][0]}')}: the {typed['what']} depends on it"
            )
    shown = read("number your exchange shows", typed["shown"], FINITE, "48,192.77")
    if kind != "unrealised_pnl":
        number("the number your exchange shows", shown, POSITIVE)
    known = {BOXES[name][1]: value for name, value in values.items()}
    inputs = {key: value for key, value in known.items() if key not in BESIDE}
    coin = typed["coin"].strip().upper()
    if not re.fullmatch("[A-Z0-9]{0,12}", coin):
        raise ValueError(f"the coin must be up to 12 letters and digits, such as BTC, got {typed['coin'][:20]!r}")
    exchange = "" if typed["exchange"] == "not said" else typed["exchange"]
    return Position(
        kind, typed["contract"], typed["side"], inputs, shown, last_digit(typed["shown"], shown), exchange,
        coin, slack, **{key: value for key, value in known.items() if key in BESIDE},
    )  # fmt: skip


def _needed(kind, mode, values):
    """Names of the boxes that must be filled for this kind of number."""
    yield "entry"
    if kind == "unrealised_pnl" and "last" not in values:
        yield "mark"
    if kind in ("liquidation_price", "bankruptcy_price") and mode == "cross":
        yield "wallet"
    elif kind in ("liquidation_price", "bankruptcy_price", "initial_margin") and "margin" not in values:
        yield "leverage"
    if kind not in ("liquidation_price", "bankruptcy_price", "break_even_price") or {
        "margin",
        "wallet",
        "added",
        "maintenance",
    } & {*values}:
        yield "quantity"


def hidden_rows(typed):
    """The boxes, and rows of them, that say nothing of the number asked about."""
    kind, hidden = KINDS[typed["what"]], ["cross" if typed["mode"] == "isolated" else "isolated"]
    if kind != "unrealised_pnl":
        hidden.append("prices")
    if kind not in ("liquidation_price", "maintenance_margin", "unrealised_pnl"):
        hidden.append("screen")
    elif kind != "liquidation_price":
        hidden.append("maintenance")
    return [*hidden, "taker"] if kind == "unrealised_pnl" else hidden


def answer(typed):
    """Paragraphs: what gives the number; or one sentence of what is wrong in a box."""
    try:
        position = position_of(typed)
        return told(position, search(position))
    except ValueError as error:
        return [sentence(error)]
    except ArithmeticError:
        return ["The numbers in the boxes are too large or too small to compute with."]


class ShownCard:
    """Menus and boxes for a position and the number that is shown of it; `given`: what stands in them at first."""

    def __init__(self, given):
        blank = {name: options[0] for name, options in CHOICES.items()} | dict.fromkeys((*BOXES, "shown", "coin"), "")
        for name, value in given.items():
            choice("a part of the position", name, tuple(blank))
            if name in CHOICES:
                choice(name, value, CHOICES[name])
        self.typed = blank | {name: str(value) for name, value in given.items()}

    def __repr__(self):
        return self._markdown().replace("**", "")

    def _markdown(self):
        typed = self.typed
        boxes = [f"{BOXES[name][0]} {typed[name]}" for name in BOXES if typed[name]]
        chosen = [typed[name] for name in ("exchange", "coin", "contract", "mode", "side") if typed[name]]
        asked = f"My exchange shows, as {typed['what']}: **{typed['shown'] or '…'}** ({', '.join([*chosen, *boxes])})."
        return "\n\n".join([asked, *(answer(typed) if typed["shown"] else ())])

    @property
    def widget(self):
        labels = {"what": "number shown"}
        part = {name: menu(name, labels.get(name, name), options) for name, options in CHOICES.items()}
        part |= {name: entry(name, label, "search", example) for name, (label, _, _, example) in BOXES.items()}
        part["coin"] = entry("coin", "coin", "search", "BTC")
        rows = {"where": ("exchange", "coin", "contract"), "position": ("side", "entry", "quantity")}
        rows |= {"kind": ("what", "mode", "taker")} | ROWS
        self._card = Card(
            "my exchange shows",
            [
                *(row(name, *(part[one] for one in names)) for name, names in rows.items()),
                row("hands", entry("shown", "my exchange shows", "search", "48,192.77"), button("search", "Search")),
                words("found", status=True),
            ],
            self._pressed,
            says={name: list(options) for name, options in CHOICES.items()} | {"found": self._found(self.typed)},
            held=self.typed,
            hidden=hidden_rows(self.typed),
        )
        return self._card

    @staticmethod
    def _found(typed):
        return html("\n\n".join(answer(typed))) if typed["shown"] else ""

    def _pressed(self, name, held):
        self.typed = self.typed | {key: held[key] for key in self.typed}
        self._card.hidden = hidden_rows(self.typed)
        if name == "search":
            self._card.say(found=self._found(self.typed) or html("Type the number that your exchange shows."))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})
