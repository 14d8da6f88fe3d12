"""The vocabulary's formulas once more, slowly, without the package: the oracle of test_examples.py.

Written from the vocabulary's text alone. Prices come from bisection on the equation, never from a closed
form: the whole scale is searched outwards from the entry, fourteen decades to either side, first where the
position loses, then where it gains. No change of sign means nan, or 0 where the equation holds at 0 itself.
"""

import math


def solve(kind, contract, side, given):
    """The number `kind` asks for; nan where no price solves it. The inputs must have what the kind needs."""
    return Case(contract, side, given).answer(kind)


def root(gap, start, up_first, edges=(), at_zero=None):
    """The first price at which `gap` changes its sign, searched from `start` up, then down, or the other way round.

    edges: prices at which it may jump. at_zero: what it is at the price 0, in units of the value, if that can be said.
    """
    decades = [start * 10.0**k for k in (-14, -9, *range(-5, 6), 9, 14)]
    marks = sorted({*decades, *(edge * (1 + tiny) for edge in edges for tiny in (-1e-13, 1e-13))})
    up, down = [y for y in marks if y >= start], [y for y in reversed(marks) if y <= start]
    for way in (up, down) if up_first else (down, up):
        signs = [gap(y) > 0 for y in way]
        for near, far, before, after in zip(way, way[1:], signs, signs[1:]):
            if before != after and not (at_zero is not None and abs(at_zero) < 1e-12 and far < start * 1e-11):
                return halved(gap, near, far, before)
    return 0.0 if at_zero is not None and abs(at_zero) < 1e-12 else math.nan


def halved(gap, near, far, before):
    while True:
        middle = (near + far) / 2
        if middle in (near, far):
            return middle
        near, far = (middle, far) if (gap(middle) > 0) == before else (near, middle)


class Case:
    def __init__(self, contract, side, given):
        self.linear, self.s, self.given = contract == "linear", 1 if side == "long" else -1, given
        self.p = given.get("mark_price")
        self.e = given.get("entry_price", self.p)  # without an entry the mark is the reference
        self.q = given.get("quantity", 1)
        if "position_value" in given:
            self.e = 1 if self.e is None else self.e
            self.p = self.e if self.p is None else self.p
            self.q = given["position_value"] / self.e if self.linear else given["position_value"] * self.e
        self.f = given.get("closing_fee_rate", 0)
        self.basis = given.get("closing_fee_basis", "none")

    def V(self, y):
        return self.q * y if self.linear else self.q / y

    def G(self, y):
        return self.s * self.q * ((y - self.e) if self.linear else (1 / self.e - 1 / y))

    def value_now(self, y):
        """For the kinds that ask for one value: the one given, else V(y)."""
        return self.given.get("position_value") or self.V(y)

    def sum_of(self, *keys):
        return sum(self.given.get(key, 0) for key in keys)

    # Margin, maintenance, fees

    def V_at_BP0(self):
        """Value where V(e)/L + G = 0: linear q e (1 - s/L), inverse (q/e)(L + s)/L."""
        L = self.given["leverage"]
        return self.V(self.e) * (1 - self.s / L if self.linear else (L + self.s) / L)

    def reserve(self):
        return {"entry": lambda: self.f * self.V(self.e), "bankruptcy": lambda: self.f * self.V_at_BP0()}.get(
            self.basis, int
        )()

    def own(self):
        return self.V(self.e) / self.given["leverage"] + self.reserve()

    def M(self):
        g = self.given
        start = g["margin"] if "margin" in g else g["wallet_balance"] if "wallet_balance" in g else self.own()
        return start + g.get("added_margin", 0) - g.get("funding_paid", 0)

    def fee(self, y, V_at_BP):
        """C(y); V_at_BP() is asked for only where the fee is taken at the bankruptcy price."""
        bases = {"none": int, "mark": lambda: self.f * self.V(y), "entry": lambda: self.f * self.V(self.e)}
        return (bases | {"bankruptcy": lambda: self.f * V_at_BP()})[self.basis]()

    def MM(self, y, value=None):
        g = self.given
        if "maintenance_margin" in g:
            return g["maintenance_margin"]
        value = value or self.V(self.e if g.get("maintenance_basis", "entry") == "entry" else y)
        if "tiers" in g:
            rate, deduction = self.tier(value)
        else:
            rate, deduction = g["maintenance_rate"], g.get("maintenance_deduction", 0)
        return rate * value - deduction

    def ladder(self, printed):
        """[(floor, rate, deduction)]; `printed`: a deduction that is given beats the recurrence.
        An edge is the lower tier's."""
        rows = []
        for floor, _, rate, deduction in self.given["tiers"]:
            if deduction is None or (rows and not printed):
                deduction = floor * (rate - rows[-1][1]) + rows[-1][2] if rows else 0
            rows.append((floor, rate, deduction))
        return rows

    def tier(self, value):
        rows = self.ladder(printed=True)
        return next(((rate, deduction) for floor, rate, deduction in reversed(rows) if value > floor), rows[0][1:])

    def edges(self):
        floors = [floor for floor, *_ in self.given.get("tiers", []) if floor]
        return [floor / self.q if self.linear else self.q / floor for floor in floors]

    # Prices

    def solved(self, gap):
        at_zero = gap(0) / self.V(self.e) if self.linear else None
        return root(gap, self.e, up_first=self.s < 0, edges=self.edges(), at_zero=at_zero)

    def BP(self):
        fee = self.f if self.basis in ("mark", "bankruptcy") else 0
        money = self.M() + self.sum_of("other_unrealised_pnl")
        return self.solved(lambda y: money + self.G(y) - fee * self.V(y))

    def V_at_BP(self):
        """0 where the margin is never used up: nothing is closed there."""
        BP = self.BP()
        return 0 if math.isnan(BP) else self.V(BP)

    def LP(self):
        money = self.M() + self.sum_of("other_unrealised_pnl") - self.sum_of("other_maintenance_margin")
        closing = self.V_at_BP() if self.basis == "bankruptcy" else None
        return self.solved(lambda y: money + self.G(y) - self.MM(y) - self.fee(y, lambda: closing))

    def break_even(self):
        g = self.given
        cost = g.get("opening_fee_rate", 0) + self.s * g.get("funding_rate", 0)
        cost = cost * self.V(self.e) + self.sum_of("fees_paid", "funding_paid")
        return self.solved(lambda y: self.G(y) - cost - self.fee(y, self.V_at_BP0))

    def average(self):
        held, price = 0.0, math.nan
        for at, q in self.given["fills"]:
            if q > 0:
                old = held and (held * price if self.linear else held / price)
                total = old + (q * at if self.linear else q / at)
                price = total / (held + q) if self.linear else (held + q) / total
            held += q
        return price

    # Amounts and ratios

    def realised(self):
        g = self.given
        fees = g.get("opening_fee_rate", 0) * self.V(self.e) + self.f * self.V(g["exit_price"])
        return self.G(g["exit_price"]) - fees - self.sum_of("fees_paid", "funding_paid")

    def roe(self):
        gain = self.realised() if "exit_price" in self.given else self.G(self.p) - self.sum_of("funding_paid")
        return gain / (self.given["margin"] if "margin" in self.given else self.own())

    def margin_ratio(self):
        need = self.MM(self.p) + self.fee(self.p, self.V_at_BP) + self.sum_of("other_maintenance_margin")
        return need / (self.M() + self.G(self.p) + self.sum_of("other_unrealised_pnl"))

    def margin_rate(self):
        return (self.M() + self.G(self.p) + self.sum_of("other_unrealised_pnl")) / self.V(self.p)

    def trading_fee(self):
        g = self.given
        if "fills" in g:
            return g["fee_rate"] * sum(abs(q) * at if self.linear else abs(q) / at for at, q in g["fills"])
        if "fee_rate" in g:
            return g["fee_rate"] * self.value_now(g.get("exit_price", self.e))
        return g.get("opening_fee_rate", 0) * self.V(self.e) + self.fee(self.p, self.V_at_BP0)

    def order_cost(self):
        value = self.V(self.e)
        fees = self.given.get("opening_fee_rate", 0) * value + self.fee(self.p, self.V_at_BP0)
        return value / self.given["leverage"] + fees

    def interest(self):
        g = self.given
        hours, accrual = g["hours_held"], g["accrual"]
        unit = g["accrual_unit_hours"] if accrual != "exact" else 1
        if accrual == "exact":
            n = hours
        elif "accrual_clock_offset_hours" in g:
            offset = g["accrual_clock_offset_hours"]
            n = sum(offset < k * unit <= offset + hours for k in range(int((offset + hours) / unit) + 2))
            n += accrual == "started"
        else:
            n = math.ceil(hours / unit) if accrual == "started" else math.floor(hours / unit)
        share = g.get("interest_rate", 0) * n * unit / g["interest_period_hours"]
        if g.get("compounding") == "compound":  # unit by unit
            debt = 1.0
            for _ in range(n):
                debt += debt * g["interest_rate"] * unit / g["interest_period_hours"]
            share = debt - 1
        return g["borrowed"] * (g.get("opening_fee_rate", 0) + share)

    def answer(self, kind):
        return {
            "position_value": lambda: self.V(self.e),
            "initial_margin": self.own,
            "maintenance_margin": lambda: (
                self.MM(self.p, self.given.get("position_value")) + self.fee(self.p, self.V_at_BP0)
            ),
            "bankruptcy_price": self.BP,
            "liquidation_price": self.LP,
            "unrealised_pnl": lambda: self.G(self.p),
            "realised_pnl": self.realised,
            "roe": self.roe,
            "margin_ratio": self.margin_ratio,
            "margin_rate": self.margin_rate,
            "trading_fee": self.trading_fee,
            "order_cost": self.order_cost,
            "break_even_price": self.break_even,
            "average_entry_price": self.average,
            "funding_payment": lambda: self.s * self.given["funding_rate"] * self.value_now(self.p),
            "margin_interest": self.interest,
            "maintenance_deduction": lambda: self.ladder(printed=False)[-1][2],
        }[kind]()
