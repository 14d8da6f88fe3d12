"""Worked examples in one vocabulary: what is asked, of which position, and the engine's answer.

An `Example` is a kind ("liquidation_price", "order_cost", …), a contract, a side and inputs by name;
data/VOCABULARY.md explains the keys and the formula of each kind. `compute` calls the course's own
functions: the chapters, the exercises and the audit of published numbers share one engine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from leverage_lab import fees, leverage, liquidation
from leverage_lab.checks import FEE, FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, RATE, choice, number, sign
from leverage_lab.liquidation import Ladder, Rules

SHIFTS = ("margin", "bankruptcy_price", "unrealised_pnl")
NUMBERS = {
    "entry_price": POSITIVE, "exit_price": POSITIVE, "mark_price": POSITIVE, "quantity": POSITIVE, "leverage": LEVERAGE,
    "margin": FINITE, "added_margin": FINITE, "wallet_balance": FINITE, "other_unrealised_pnl": FINITE,
    "other_maintenance_margin": FINITE, "maintenance_rate": RATE, "maintenance_deduction": FINITE,
    "closing_fee_rate": FEE, "opening_fee_rate": FEE, "fee_rate": FEE, "funding_rate": FINITE,
    "funding_paid": FINITE, "borrowed": NOT_NEGATIVE, "interest_rate": NOT_NEGATIVE, "interest_period_hours": POSITIVE,
    "hours_held": NOT_NEGATIVE, "accrual_unit_hours": POSITIVE, "accrual_clock_offset_hours": NOT_NEGATIVE,
    "position_value": POSITIVE, "maintenance_margin": FINITE, "fees_paid": FINITE, "tick": POSITIVE,
}  # fmt: skip
WORDS = {
    "maintenance_basis": liquidation.MAINTENANCE_BASES,
    "closing_fee_basis": liquidation.FEE_BASES,
    "accrual": fees.ACCRUALS,
    "compounding": ("simple", "compound"),
}
EVIDENCE = ("tick", "inferred", "rounding_units")  # say something of the print; never enter the result
KEYS = (*NUMBERS, *WORDS, "fills", "tiers", "inferred", "rounding_units")
AMOUNTS = (  # money: beside these the size of the position matters, without them only prices and rates do
    "margin", "wallet_balance", "added_margin", "funding_paid", "fees_paid", "other_unrealised_pnl",
    "other_maintenance_margin", "maintenance_deduction", "maintenance_margin", "tiers",
)  # fmt: skip


class CannotCompute(ValueError):
    """A row that is well written but has no answer; the message says why."""


@dataclass(frozen=True)
class Example:
    """One worked example: what is asked, of which position. `shift` moves a rounded intermediate result."""

    kind: str
    contract: str
    side: str
    inputs: dict
    shift: dict = field(default_factory=dict)
    used: set = field(default_factory=set, compare=False)

    def has(self, *keys):
        return any(key in self.inputs for key in keys)

    def get(self, key, default=None):
        self.used.add(key)
        return self.inputs.get(key, default)

    def need(self, *keys):
        """The first of `keys` that is there."""
        for key in keys:
            if key in self.inputs:
                return self.get(key)
        raise CannotCompute(f"{self.kind} needs {' or '.join(keys)}, which is not among the inputs")

    @property
    def sign(self):
        return sign(self.side)

    @property
    def entry(self):
        """Entry price; a mark price alone is the reference price; a value alone counts as price 1."""
        if not self.has("entry_price", "mark_price") and self.has("position_value"):
            return 1.0
        return self.need("entry_price", "mark_price")

    @property
    def quantity(self):
        if self.has("quantity"):
            return self.get("quantity")
        if self.has("position_value"):
            value = self.get("position_value")
            return value / self.entry if self.contract == "linear" else value * self.entry
        return 1.0

    @property
    def sized(self):
        """Quantity where the result depends on it: a ratio of rates and prices alone does not."""
        if KINDS[self.kind][1] != RATIO or any(self.inputs.get(key) for key in AMOUNTS):
            self.need("quantity", "position_value")
        return self.quantity

    @property
    def mark(self):
        return self.need(*PRICES) if self.has(*PRICES) else self.entry

    def value(self, price):
        return leverage.notional(self.sized, price, self.contract)

    def fee_rules(self):
        """The rules of the closing fee alone."""
        return Rules(0.0, "mark", *self._closing_fee())

    def _closing_fee(self):
        basis = self.get("closing_fee_basis", "none")
        if self.has("closing_fee_rate") and not self.has("closing_fee_basis"):
            raise CannotCompute(
                f"closing_fee_rate needs a closing_fee_basis in {self.kind}: {', '.join(liquidation.FEE_BASES)}"
            )
        if basis != "none":
            self.need("closing_fee_rate")
        return self.get("closing_fee_rate", 0.0), basis

    def rules(self):
        """(rules, maintenance given as an amount)."""
        fee = self._closing_fee()
        if self.has("maintenance_margin"):
            return Rules(0.0, "mark", *fee), self.get("maintenance_margin")
        if self.has("tiers"):
            return Rules(Ladder.of(self.get("tiers")), self.get("maintenance_basis", "mark"), *fee), 0.0
        rate = self.need("maintenance_rate", "maintenance_margin", "tiers")
        one_value = KINDS[self.kind][1] != PRICE and sum(map(self.has, PRICES)) <= 1  # then both bases say the same
        one_value = one_value or (self.kind == "maintenance_margin" and self.has("position_value"))
        basis = self.get("maintenance_basis") if one_value else self.need("maintenance_basis")
        return Rules(rate, basis or "entry", *fee, maintenance_deduction=self.get("maintenance_deduction", 0.0)), 0.0

    def opened_with(self, rules):
        """Margin at the opening: value / L and the reserve for the closing fee."""
        L = self.need("leverage")
        if rules.closing_fee_basis == "bankruptcy" and self.shift.get("bankruptcy_price"):
            return self.value(self.entry) / L + self.closing_fee(self.entry)
        return liquidation.position_margin(self.side, self.entry, self.quantity, L, rules, self.contract)

    def margin(self, rules):
        """Margin M as it is now."""
        start = self.need("margin", "wallet_balance", "leverage")
        if not self.has("margin", "wallet_balance"):
            start = self.opened_with(rules)
        return start + self.get("added_margin", 0.0) - self.get("funding_paid", 0.0) + self.shift.get("margin", 0.0)

    def closing_fee(self, price):
        """Fee of the close; taken at the bankruptcy price of the opening where the rules say so."""
        rate, basis = self._closing_fee()
        if basis == "none":
            return 0.0
        if basis != "bankruptcy":
            return rate * self.value(self.entry if basis == "entry" else price)
        rules = Rules(0.0)
        start = self.opened_with(rules) if self.has("leverage") else self.need("margin", "leverage")
        bankruptcy = liquidation.bankruptcy_price(self.side, self.entry, self.quantity, start, rules, self.contract)
        if math.isnan(bankruptcy):
            return 0.0
        bankruptcy += self.shift.get("bankruptcy_price", 0.0)
        return rate * self.value(bankruptcy) if bankruptcy > 0 else 0.0

    def fee_as_amount(self, rules, margin, others):
        """(rules, amount): the closing fee at a shifted bankruptcy price becomes a fixed amount."""
        shift = self.shift.get("bankruptcy_price", 0.0)
        if not shift or rules.closing_fee_basis != "bankruptcy":
            return rules, 0.0
        price = (
            liquidation.bankruptcy_price(self.side, self.entry, self.quantity, margin, rules, self.contract, others)
            + shift
        )
        return replace(rules, closing_fee_basis="none"), (
            rules.closing_fee_rate * self.value(price) if price > 0 else 0.0
        )

    def profit(self, price):
        gain = leverage.pnl(self.side, self.sized, self.entry, price, self.contract)
        return gain + self.shift.get("unrealised_pnl", 0.0)

    def others(self):
        return self.get("other_unrealised_pnl", 0.0), self.get("other_maintenance_margin", 0.0)


# --- the kinds ------------------------------------------------------------------------------------


def position_value(x):
    """The value as given, else V(e): at the entry price, or at the mark price alone."""
    return x.get("position_value") if x.has("position_value") else x.value(x.entry)


def initial_margin(x):
    """V / L, and what is set aside for the closing fee."""
    x.need("leverage"), x.sized
    return x.opened_with(x.fee_rules())


def maintenance_margin(x):
    """Rate × value − deduction, or the amount given, and the closing fee (at the bankruptcy price of the opening)."""
    rules, amount = x.rules()
    quantity, price = x.sized, x.entry if rules.maintenance_basis == "entry" else x.mark
    if x.has("position_value"):  # the value itself, whatever the price
        quantity, price = x.get("position_value"), 1.0
    return liquidation.maintenance_margin(quantity, price, rules, x.contract) + amount + x.closing_fee(x.mark)


def bankruptcy_price(x):
    """Where the margin is used up: M + PnL of the others + G(y) = closing fee (basis "mark" or "bankruptcy")."""
    rules = x.fee_rules()
    others = x.get("other_unrealised_pnl", 0.0)
    return liquidation.bankruptcy_price(x.side, x.entry, x.quantity, x.margin(rules), rules, x.contract, others)


def liquidation_price(x):
    """Where M + PnL of the others − their maintenance + G(y) = maintenance + closing fee: either side of the entry."""
    rules, amount = x.rules()
    (pnl, need), margin = x.others(), x.margin(rules)
    rules, fee = x.fee_as_amount(rules, margin, pnl)
    return liquidation.crossing_price(x.side, x.entry, x.quantity, margin, rules, x.contract, pnl, need + amount + fee)


def unrealised_pnl(x):
    """G(p): profit from the entry to the mark price."""
    x.need("entry_price"), x.need("mark_price")
    return x.profit(x.mark)


def realised_pnl(x):
    """G(exit) − opening fee − closing fee on the exit value − fees_paid − funding_paid."""
    x.need("entry_price")
    return x.shift.get("unrealised_pnl", 0.0) + fees.realised_pnl(
        x.side, x.sized, x.entry, x.need("exit_price"), x.get("opening_fee_rate", 0.0), x.get("closing_fee_rate", 0.0),
        x.contract, x.get("fees_paid", 0.0), x.get("funding_paid", 0.0),
    )  # fmt: skip


def roe(x):
    """Realised profit, or G(p) − funding_paid without an exit, over the margin: as given, else V / L + reserve."""
    x.need("entry_price"), x.need("exit_price", "mark_price"), x.need("margin", "leverage")
    gain = realised_pnl(x) if x.has("exit_price") else x.profit(x.need("mark_price")) - x.get("funding_paid", 0.0)
    rules = x.fee_rules() if x.has("closing_fee_basis") else Rules()
    base = (x.get("margin") if x.has("margin") else x.opened_with(rules)) + x.shift.get("margin", 0.0)
    number("margin", base, POSITIVE)
    return gain / base


def margin_ratio(x):
    """(Maintenance + closing fee + maintenance of the others) / (M + G(p) + PnL of the others): its sign is kept."""
    rules, amount = x.rules()
    pnl, need = x.others()
    if x.has("maintenance_margin") and not x.has("entry_price", "quantity", "position_value"):
        x = replace(x, inputs={**x.inputs, "position_value": 1.0})  # amounts alone: no profit to add
    position, margin = (x.side, x.entry, x.sized), x.margin(rules)
    rules, fee = x.fee_as_amount(rules, margin, pnl)
    have = liquidation.equity(*position, margin, x.mark, x.contract, pnl + x.shift.get("unrealised_pnl", 0.0))
    if have == 0:
        raise CannotCompute("margin, profit and other_unrealised_pnl come to 0, so there is no margin_ratio")
    return (liquidation.requirement(*position, margin, x.mark, rules, x.contract, pnl) + need + amount + fee) / have


def trading_fee(x):
    """fee_rate × value of one trade, or of all fills; else opening fee + closing fee."""
    if x.has("fee_rate"):
        rate = x.get("fee_rate")
        if x.has("fills"):
            traded = [leverage.notional(abs(quantity), price, x.contract) for price, quantity in x.get("fills")]
            return sum(fees.trading_fee(value, rate) for value in traded)
        if x.has("position_value"):
            return fees.trading_fee(x.get("position_value"), rate)
        return fees.trading_fee(x.value(x.need("exit_price", "entry_price", "mark_price")), rate)
    x.need("fee_rate", "opening_fee_rate", "closing_fee_rate")
    opening = fees.trading_fee(x.value(x.entry), x.get("opening_fee_rate")) if x.has("opening_fee_rate") else 0.0
    return opening + x.closing_fee(x.mark)


def order_cost(x):
    """V / L + opening fee + closing fee."""
    L = x.need("leverage")
    opening = fees.trading_fee(x.value(x.entry), x.get("opening_fee_rate", 0.0))
    return x.value(x.entry) / L + x.shift.get("margin", 0.0) + opening + x.closing_fee(x.mark)


def break_even_price(x):
    """Where G(y) = opening fee + fees_paid + funding_paid + s funding_rate V(e) + closing fee."""
    entry, quantity = x.entry, x.quantity
    value = leverage.notional(quantity, entry, x.contract)
    rate, basis = x._closing_fee()
    paid = x.get("fees_paid", 0.0) + x.get("funding_paid", 0.0) + x.sign * x.get("funding_rate", 0.0) * value
    if basis in ("entry", "bankruptcy"):  # a fixed amount, whatever the price
        rate, paid = (
            0.0,
            paid
            + (
                rate * value
                if basis == "entry"
                else replace(x, inputs={**x.inputs, "quantity": quantity}).closing_fee(entry)
            ),
        )
    elif basis == "none":
        rate = 0.0
    return fees.break_even_price(
        x.side, entry, x.get("opening_fee_rate", 0.0), rate, x.contract, quantity, fees_paid=paid
    )


def average_entry_price(x):
    """Of what is held: additions are averaged (over coins, inverse over dollars), a reduction changes nothing."""
    held, value = 0.0, 0.0
    noise = 1e-12 * sum(abs(quantity) for _, quantity in x.need("fills"))  # 0.1 + 0.2 − 0.3 leaves nothing
    for price, quantity in x.get("fills"):
        if quantity > 0:
            held, value = held + quantity, value + leverage.notional(quantity, price, x.contract)
        elif -quantity > held + noise:
            raise CannotCompute(f"a reduction of {-quantity:.15g} must be at most the {held:.15g} held")
        elif held + quantity <= noise:
            held, value = 0.0, 0.0
        else:
            value, held = value * (1 + quantity / held), held + quantity
    if held == 0:
        raise CannotCompute("nothing is held after the fills, so there is no average entry price")
    return value / held if x.contract == "linear" else held / value


def funding_payment(x):
    """s × funding_rate × value: as given, else at the mark price. Positive: the trader pays."""
    quantity, price = (x.get("position_value"), 1.0) if x.has("position_value") else (x.sized, x.mark)
    return fees.funding_payment(x.side, quantity, price, x.need("funding_rate"), x.contract)


def margin_rate(x):
    """Equity over value, (M + G(p) + PnL of the others) / V(p): at liquidation it equals the maintenance rate."""
    have = x.margin(x.fee_rules()) + x.profit(x.mark) + x.get("other_unrealised_pnl", 0.0)
    return have / x.value(x.mark)


def margin_interest(x):
    """borrowed × (opening_fee_rate + interest_rate × units charged × unit / period); or compounded, unit by unit."""
    accrual = x.need("accrual")
    clock = {"accrual": "exact"}  # pro rata: no unit, no clock
    if accrual != "exact":
        unit, offset = x.need("accrual_unit_hours"), x.get("accrual_clock_offset_hours")
        clock = {"accrual": accrual, "unit_hours": unit, "clock_offset_hours": offset}
    borrowed, rate, period, hours = map(x.need, ("borrowed", "interest_rate", "interest_period_hours", "hours_held"))
    opening = x.get("opening_fee_rate", 0.0)
    if x.get("compounding", "simple") == "simple":
        return fees.interest(borrowed, rate, period, hours, opening_fee_rate=opening, **clock)
    if accrual == "exact":
        raise CannotCompute("interest that joins the debt needs units: accrual must be 'started' or 'completed'")
    units = fees.units_charged(hours, accrual, unit, offset)
    return borrowed * (opening + math.expm1(units * math.log1p(rate * unit / period)))


def maintenance_deduction(x):
    """By the recurrence, from the first tier's printed deduction on: later printed ones are not looked at."""
    first, *rest = x.need("tiers")
    return Ladder.of([first, *([low, cap, rate, None] for low, cap, rate, _ in rest)]).deductions[-1]


PRICES = ("mark_price", "exit_price", "entry_price")
MONEY, PRICE, RATIO = ("quote", "base"), ("price",), ("ratio",)
KINDS = {
    "position_value": (position_value, MONEY),
    "initial_margin": (initial_margin, MONEY),
    "maintenance_margin": (maintenance_margin, MONEY),
    "bankruptcy_price": (bankruptcy_price, PRICE),
    "liquidation_price": (liquidation_price, PRICE),
    "unrealised_pnl": (unrealised_pnl, MONEY),
    "realised_pnl": (realised_pnl, MONEY),
    "roe": (roe, RATIO),
    "margin_ratio": (margin_ratio, RATIO),
    "margin_rate": (margin_rate, RATIO),
    "trading_fee": (trading_fee, MONEY),
    "order_cost": (order_cost, MONEY),
    "break_even_price": (break_even_price, PRICE),
    "average_entry_price": (average_entry_price, PRICE),
    "funding_payment": (funding_payment, MONEY),
    "margin_interest": (margin_interest, MONEY),
    "maintenance_deduction": (maintenance_deduction, MONEY),
}


def compute(example):
    """What the example should come to. nan: there is no such price. ValueError says what is missing or out of range."""
    kind, units = KINDS[example.kind]
    try:
        value = float(kind(example))
    except ArithmeticError:
        value = math.inf
    if math.isinf(value) or (math.isnan(value) and units != PRICE):
        raise CannotCompute("the inputs are too large or too small to compute with")
    return value


def checked(inputs):  # noqa: C901  one branch a kind of input
    """`inputs` with numbers as floats; ValueError names the key that is unknown or out of range."""
    inputs = dict(inputs)
    for key, value in inputs.items():
        if key not in KEYS:
            raise ValueError(f"{key!r} is not a key of the vocabulary: {', '.join(KEYS)}")
        if key in NUMBERS:
            inputs[key] = _one(key, value, NUMBERS[key])
        elif key in WORDS:
            choice(key, value, WORDS[key])
    if "fills" in inputs:
        inputs["fills"] = [_fill(n, fill) for n, fill in enumerate(_filled("fills", inputs["fills"]), start=1)]
    if "tiers" in inputs:
        for n, tier in enumerate(_filled("tiers", inputs["tiers"]), start=1):
            for name, value in zip(("floor", "cap", "rate", "deduction"), tier if isinstance(tier, list) else ()):
                if value is not None:
                    _one(f"{name} of tier {n}", value, FINITE)
        Ladder.of(inputs["tiers"])
    units = inputs.get("rounding_units", {})
    if not isinstance(units, dict) or any(name not in SHIFTS for name in units):
        raise ValueError(f"rounding_units must name {', '.join(SHIFTS)} only, got {units!r}")
    for name, unit in units.items():
        _one(f"rounding unit of {name}", unit, POSITIVE)
    if not isinstance(inputs.get("inferred", []), list) or any(key not in KEYS for key in inputs.get("inferred", [])):
        raise ValueError(f"inferred must be a list of keys, got {inputs['inferred']!r}")
    return inputs


def _one(name, value, allowed):
    if value is not None and not isinstance(value, (int, float, str)):
        raise ValueError(f"{name} must be one number, got {value!r}")
    if isinstance(value, int) and abs(value) > 1e300:
        raise ValueError(f"{name} must be a finite number, got one of {len(str(abs(value)))} digits")
    return number(name, value, allowed)


def _filled(name, values):
    if not isinstance(values, list) or not values:
        raise ValueError(f"{name} must be a list with at least one row, got {values!r}")
    return values


def _fill(n, fill):
    if not isinstance(fill, list) or len(fill) != 2:
        raise ValueError(f"fill {n} must be [price, quantity], got {fill!r}")
    quantity = _one(f"quantity of fill {n}", fill[1], FINITE)
    if quantity == 0:
        raise ValueError(f"quantity of fill {n} must not be 0")
    return _one(f"price of fill {n}", fill[0], POSITIVE), quantity
