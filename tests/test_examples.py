"""The sixteen kinds against tests/reference.py: random rows of every kind, contract, side and mode; printed examples;
bad input."""

import math
import random

import pytest
import reference

from leverage_lab import examples as lab
from leverage_lab.checks import CONTRACTS, SIDES
from leverage_lab.examples import CannotCompute, Example, checked, compute

ROWS_PER_CELL = 75  # of each kind × contract × side, thrice that for prices: 12 × 300 + 4 × 900 = 7,200 rows


def answer(kind, contract="linear", side="long", **inputs):
    return compute(Example(kind, contract, side, checked(inputs)))


# --- random rows ----------------------------------------------------------------------------------


class Row:
    """Random inputs for one row: each option by its own coin."""

    def __init__(self, rng, contract):
        self.rng, self.linear = rng, contract == "linear"
        self.e = 10 ** rng.uniform(-2, 5)
        self.q = 10 ** rng.uniform(1, 6) / (self.e if self.linear else 1)
        self.V = self.q * self.e if self.linear else self.q / self.e
        self.p = self.e * rng.choice((rng.uniform(0.7, 1.4), rng.uniform(0.99, 1.01)))
        self.L = rng.choice((1, 2, 10, 100, rng.uniform(1, 150)))

    def maybe(self, chance=0.5):
        return self.rng.random() < chance

    def share(self, low, high):
        return self.V * self.rng.uniform(low, high)

    def some(self, chance=0.4, **options):
        """Each of the options with its own chance."""
        return {key: value for key, value in options.items() if self.maybe(chance)}

    def size(self):
        return self.rng.choice(({"quantity": self.q}, {"quantity": self.q}, {"position_value": self.V}))

    def reference_price(self):
        """The entry, the mark alone (then it is the reference price), or both."""
        return self.rng.choice(
            ({"entry_price": self.e}, {"mark_price": self.e}, {"entry_price": self.e, "mark_price": self.p})
        )

    def margin(self, amounts=True):
        if not amounts or self.maybe(0.4):
            given = {"leverage": self.L}
        elif self.maybe():
            given = {"margin": self.share(0.005, 1.3)} | self.some(leverage=self.L, wallet_balance=self.share(1, 2))
        else:
            given = {"wallet_balance": self.share(0.005, 1.3)} | self.some(leverage=self.L)
        moved = self.some(added_margin=self.share(-0.05, 0.3), funding_paid=self.share(-0.05, 0.05), chance=0.3)
        return given | (moved if amounts else {})

    def others(self):
        return self.some(
            other_unrealised_pnl=self.share(-0.1, 0.2), other_maintenance_margin=self.share(0, 0.1), chance=0.3
        )

    def closing_fee(self, bases=(None, "none", "entry", "mark", "bankruptcy")):
        basis = self.rng.choice(bases)
        return {"closing_fee_rate": self.rng.uniform(0, 0.01), "closing_fee_basis": basis} if basis else {}

    def tiers(self):
        """Three tiers around the value at the entry; deductions left open, or printed as the recurrence has them."""
        floors = sorted((self.share(0.3, 1.0), self.share(1.0, 3.0)))
        rates = sorted(self.rng.uniform(0.001, 0.05) for _ in range(3))
        printed = [0.0]
        for floor, low, high in zip(floors, rates, rates[1:]):
            printed.append(printed[-1] + floor * (high - low))
        keep = self.maybe()
        rows = zip([0.0, *floors], [*floors, None], rates, printed)
        return [[floor, cap, rate, deduction if keep else None] for floor, cap, rate, deduction in rows]

    def maintenance(self, amounts=True):
        basis = {"maintenance_basis": self.rng.choice(("entry", "mark"))}
        way = self.rng.choice(("rate", "rate", "deduction", "amount", "tiers")) if amounts else "rate"
        if way == "amount":
            return {"maintenance_margin": self.share(0, 0.05)}
        if way == "tiers":
            return {"tiers": self.tiers()} | basis
        return (
            {"maintenance_rate": self.rng.uniform(0, 0.2)}
            | basis
            | ({"maintenance_deduction": self.share(0, 0.01)} if way == "deduction" else {})
        )

    # One method for each kind.

    def position_value(self):
        return self.size() | self.reference_price()

    def initial_margin(self):
        return (
            self.size()
            | self.reference_price()
            | {"leverage": self.L}
            | self.closing_fee()
            | self.some(margin=1.0, added_margin=2.0)
        )

    def maintenance_margin(self):
        if self.maybe(0.2):  # a value alone, no price at all
            fee = self.closing_fee((None, "none", "entry", "bankruptcy"))
            return (
                {"position_value": self.V, "maintenance_rate": 0.02, "leverage": self.L}
                | self.some(maintenance_deduction=self.share(0, 0.01))
                | fee
            )
        price = self.rng.choice(
            ({"entry_price": self.e}, {"mark_price": self.e}, {"entry_price": self.e, "mark_price": self.p})
        )
        inputs = self.size() | {"leverage": self.L} | price | self.maintenance() | self.closing_fee()
        if "mark_price" not in price and "mark" in (inputs.get("maintenance_basis"), inputs.get("closing_fee_basis")):
            inputs["mark_price"] = self.p
        return inputs

    def bankruptcy_price(self):
        return self.priced(self.margin(), self.closing_fee(), self.others())

    def liquidation_price(self):
        if self.maybe(0.3):  # nothing but rates: no quantity needed
            return self.priced(self.margin(amounts=False), self.closing_fee(), self.maintenance(amounts=False))
        return self.priced(self.margin(), self.closing_fee(), self.others(), self.maintenance())

    def priced(self, *parts):
        inputs = self.reference_price()
        for part in parts:
            inputs |= part
        return inputs if self.maybe() and not set(inputs) & set(lab.AMOUNTS) else inputs | self.size()

    def unrealised_pnl(self):
        return {"entry_price": self.e, "mark_price": self.p, "quantity": self.q}

    def realised_pnl(self):
        money = {"fees_paid": self.share(0, 0.01), "funding_paid": self.share(-0.05, 0.05)}
        rates = {"opening_fee_rate": self.rng.uniform(-0.001, 0.01), "closing_fee_rate": self.rng.uniform(-0.001, 0.01)}
        return {"entry_price": self.e, "exit_price": self.p, "quantity": self.q} | self.some(**money, **rates)

    def roe(self):
        margin = self.some(margin=self.share(0.01, 1), chance=0.5) or {"leverage": self.L}
        if self.maybe():
            return self.realised_pnl() | margin | self.closing_fee()
        return self.unrealised_pnl() | margin | self.closing_fee() | self.some(funding_paid=self.share(-0.05, 0.05))

    def margin_ratio(self):
        prices = self.rng.choice(({"mark_price": self.p}, {"entry_price": self.e, "mark_price": self.p}))
        if self.maybe(0.2):
            return prices | self.margin(amounts=False) | self.maintenance(amounts=False) | self.closing_fee()
        return prices | {"quantity": self.q} | self.margin() | self.others() | self.maintenance() | self.closing_fee()

    def margin_rate(self):
        prices = self.rng.choice(({"mark_price": self.p}, {"entry_price": self.e, "mark_price": self.p}))
        others = {"other_unrealised_pnl": self.share(-0.05, 0.05)}
        return prices | {"quantity": self.q} | self.margin() | self.some(**others) | self.closing_fee()

    def trading_fee(self):
        rate = {"fee_rate": self.rng.uniform(-0.001, 0.01)}
        if self.maybe(0.2):
            return rate | self.average_entry_price()
        if self.maybe(0.4):
            price = {self.rng.choice(("entry_price", "exit_price", "mark_price")): self.p}
            return rate | (
                {"position_value": self.V} | self.some(**price) if self.maybe(0.3) else {"quantity": self.q} | price
            )
        opening = self.some(opening_fee_rate=self.rng.uniform(0, 0.01), chance=0.7)
        fee = self.closing_fee(("none", "entry", "mark", "bankruptcy"))
        return {"entry_price": self.e, "mark_price": self.p, "quantity": self.q, "leverage": self.L} | opening | fee

    def order_cost(self):
        inputs = {"entry_price": self.e, "leverage": self.L} | self.some(opening_fee_rate=self.rng.uniform(0, 0.01))
        return inputs | self.size() | self.closing_fee() | {"mark_price": self.p}

    def break_even_price(self):
        rates = {"opening_fee_rate": self.rng.uniform(-0.001, 0.01), "funding_rate": self.rng.uniform(-0.01, 0.01)}
        inputs = self.rng.choice(({"entry_price": self.e}, {"mark_price": self.e})) | {"leverage": self.L}
        inputs |= self.closing_fee() | self.some(**rates)
        if self.maybe():
            return inputs
        return (
            inputs
            | self.size()
            | self.some(fees_paid=self.share(0, 0.01), funding_paid=self.share(-0.05, 0.05), chance=0.7)
        )

    def average_entry_price(self):
        held, fills = 0.0, []
        for _ in range(self.rng.randint(1, 7)):
            reduce = held > 0 and self.maybe(0.35)
            quantity = -held * self.rng.uniform(0, 0.9) if reduce else self.q * self.rng.uniform(0.1, 2)
            held += quantity
            fills.append([self.e * self.rng.uniform(0.5, 2), quantity])
        return {"fills": fills}

    def funding_payment(self):
        rate = {"funding_rate": self.rng.uniform(-0.01, 0.01)}
        both = {"mark_price": self.p} | self.some(entry_price=self.e)
        return rate | (
            {"position_value": self.V} | (both if self.maybe() else {})
            if self.maybe(0.4)
            else {"quantity": self.q} | both
        )

    def margin_interest(self):
        accrual = self.rng.choice(("started", "completed", "exact"))
        hours = self.rng.choice(
            (0, 1, 4, 24, self.rng.randint(0, 200), self.rng.uniform(0, 100), self.rng.uniform(0, 100))
        )
        inputs = {
            "borrowed": self.V,
            "interest_rate": self.rng.uniform(0, 0.01),
            "hours_held": hours,
            "accrual": accrual,
        }
        inputs["interest_period_hours"] = self.rng.choice((1, 4, 24, 8760))
        clock = {"accrual_clock_offset_hours": self.rng.choice((0, 0.25, 13.5, 24, self.rng.uniform(0, 24)))}
        inputs |= self.some(**clock, opening_fee_rate=self.rng.uniform(0, 0.01))
        if accrual != "exact" or self.maybe():
            inputs["accrual_unit_hours"] = self.rng.choice((1, 4, 24))
        if accrual != "exact":
            inputs |= self.some(compounding=self.rng.choice(("simple", "compound")))
        return inputs

    def maintenance_deduction(self):
        tiers = self.tiers()
        if self.maybe():  # a fragment: it begins in the middle of a ladder, with its printed deduction
            tiers[0][0], tiers[0][3] = tiers[0][1] / 2, self.share(0, 0.01)
        return {"tiers": tiers}


def same(ours, right, kind, row):
    if math.isnan(right) or math.isnan(ours):
        return math.isnan(right) and math.isnan(ours)
    if abs(ours - right) <= 1e-9 * abs(right):
        return True
    if lab.KINDS[kind][1] == lab.MONEY:  # what is left of two nearly equal amounts
        return abs(ours - right) <= 1e-14 * row.V
    return False


@pytest.mark.parametrize("kind", lab.KINDS)
def test_random_rows_of_every_kind_contract_and_side(kind):
    rng, cases, prices, violations = random.Random(kind), 0, 0, []
    for contract in CONTRACTS:
        for side in SIDES:
            for _ in range(ROWS_PER_CELL * (3 if lab.KINDS[kind][1] == lab.PRICE else 1)):
                row = Row(rng, contract)
                inputs = getattr(row, kind)()
                right, ours = reference.solve(kind, contract, side, inputs), answer(kind, contract, side, **inputs)
                cases, prices = cases + 1, prices + (not math.isnan(right))
                if not same(ours, right, kind, row):
                    violations.append(f"{contract} {side} {inputs}: {ours!r}, right {right!r}")
    assert not violations, f"{len(violations)} of {cases} rows, the first: {violations[0]}"
    assert cases >= 4 * ROWS_PER_CELL and prices >= 0.6 * cases


@pytest.mark.parametrize("contract", CONTRACTS)
@pytest.mark.parametrize("side", SIDES)
def test_random_ladders_whose_maintenance_jumps_at_an_edge(contract, side):
    # Rates for the whole position (deductions printed as 0), margin above the requirement at the entry.
    rng, at_an_edge, violations = random.Random(contract + side), 0, []
    for _ in range(120):
        row = Row(rng, contract)
        floors, rates = (
            sorted((row.share(0.5, 1.0), row.share(1.0, 1.6))),
            sorted(rng.uniform(0.001, 0.05) for _ in range(3)),
        )
        tiers = [[low, cap, rate, 0] for low, cap, rate in zip([0, *floors], [*floors, None], rates)]
        inputs = {
            "entry_price": row.e,
            "quantity": row.q,
            "margin": row.share(0.06, 0.6),
            "tiers": tiers,
            "maintenance_basis": "mark",
        }
        right, ours = (
            reference.solve("liquidation_price", contract, side, inputs),
            answer("liquidation_price", contract, side, **inputs),
        )
        edges = [floor / row.q if contract == "linear" else row.q / floor for floor in floors]
        at_an_edge += any(abs(ours / edge - 1) < 1e-9 for edge in edges)
        if not same(ours, right, "liquidation_price", row):
            violations.append(f"{inputs}: {ours!r}, right {right!r}")
    assert not violations, f"{len(violations)} of 120, the first: {violations[0]}"
    # Value rises for a linear short and an inverse long: only there can the price stop at an edge.
    assert (at_an_edge > 0) == ((contract, side) in (("linear", "short"), ("inverse", "long")))


def test_what_rates_alone_decide_needs_no_quantity():
    rng = random.Random("scale")
    for _ in range(200):
        row = Row(rng, rng.choice(CONTRACTS))
        contract, side = "linear" if row.linear else "inverse", rng.choice(SIDES)
        for kind, inputs in (
            (
                "liquidation_price",
                {"entry_price": row.e} | row.margin(False) | row.maintenance(False) | row.closing_fee(),
            ),
            ("roe", {"entry_price": row.e, "exit_price": row.p, "leverage": row.L, "opening_fee_rate": 0.001}),
            ("margin_ratio", {"entry_price": row.e, "mark_price": row.p} | row.margin(False) | row.maintenance(False)),
        ):
            without, sized = (
                answer(kind, contract, side, **inputs),
                answer(kind, contract, side, **inputs, quantity=row.q),
            )
            assert without == pytest.approx(sized, rel=1e-9, nan_ok=True), (kind, contract, side, inputs)


def test_at_the_liquidation_price_the_margin_ratio_is_one():
    rng, seen = random.Random("one"), 0
    for _ in range(300):
        row = Row(rng, rng.choice(CONTRACTS))
        contract, side = "linear" if row.linear else "inverse", rng.choice(SIDES)
        inputs = (
            {"entry_price": row.e, "quantity": row.q}
            | row.margin()
            | row.maintenance()
            | row.closing_fee()
            | row.others()
        )
        price = answer("liquidation_price", contract, side, **inputs)
        if 0.01 * row.e < price < 100 * row.e:
            # Amounts nearly cancel where maintenance is small beside the profit: so 1e-6.
            need = answer("margin_ratio", contract, side, **inputs, mark_price=price)
            assert need == pytest.approx(1, rel=1e-6), (contract, side, inputs)
            seen += 1
    assert seen > 200


# --- printed by others, worked by hand --------------------------------------------------------------

BYBIT = {
    "entry_price": 8000,
    "quantity": 1,
    "leverage": 50,
    "closing_fee_rate": 0.00075,
    "closing_fee_basis": "bankruptcy",
}
CROSS = {"entry_price": 1456.84, "quantity": 3683.979, "wallet_balance": 1535443.01}
HAND = [
    # Bybit help centre, 2019: closing fee at 7,840 = 5.88; with the margin of 160 and an opening fee of 6: 171.88.
    ("trading_fee", "linear", "long", BYBIT, 5.88),
    ("order_cost", "linear", "long", BYBIT | {"opening_fee_rate": 0.00075}, 171.88),
    ("initial_margin", "linear", "long", BYBIT, 165.88),
    # Inverse short at 1x: its bankruptcy price is at infinity, so the fee there is 0. Long: 100/100 (1 + 1) × 0.001.
    ("trading_fee", "inverse", "short",
        {"entry_price": 100, "quantity": 100, "leverage": 1, "closing_fee_rate": 0.001,
            "closing_fee_basis": "bankruptcy"}, 0),
    ("trading_fee", "inverse", "long",
        {"entry_price": 100, "quantity": 100, "leverage": 1, "closing_fee_rate": 0.001,
            "closing_fee_basis": "bankruptcy"}, 0.002),
    ("bankruptcy_price", "inverse", "short", {"entry_price": 100, "leverage": 1}, math.nan),
    ("bankruptcy_price", "linear", "long", {"entry_price": 100, "leverage": 1}, 0),  # only a worthless coin
    ("liquidation_price", "inverse", "short",
        {"entry_price": 100, "leverage": 1, "maintenance_rate": 0.01, "maintenance_basis": "entry"}, 10_000),
    # Maintenance above the margin: the equation's price lies above the entry of a long. 40 (1 − 0.01 + 0.2) = 47.6.
    ("liquidation_price", "linear", "long",
        {"entry_price": 40, "leverage": 100, "maintenance_rate": 0.2, "maintenance_basis": "entry"}, 47.6),
    # freqtrade's tests: cross, the other position's loss and maintenance: 1153.26.
    ("liquidation_price", "linear", "long", CROSS | {
        "other_unrealised_pnl": -56354.56848, "other_maintenance_margin": 71200.811444,
        "maintenance_rate": 0.1, "maintenance_deduction": 135365, "maintenance_basis": "mark"}, 1153.2564642391),
    # A mark price alone: margin is the equity there. 2000 − (100 − 12.5) / 0.1 / (1 − 0.0625) = 1066.67.
    ("liquidation_price", "linear", "long",
        {"mark_price": 2000, "quantity": 0.1, "margin": 100, "maintenance_rate": 0.0625, "maintenance_basis": "mark"},
            1066 + 2 / 3),
    # The margin counts all: given beside leverage and wallet it wins. 100 − 20 = 80; added 5, funding −1:
    # 100 − 26 = 74.
    ("bankruptcy_price", "linear", "long",
        {"entry_price": 100, "quantity": 1, "margin": 20, "wallet_balance": 50, "leverage": 2}, 80),
    ("bankruptcy_price", "linear", "long",
        {"entry_price": 100, "quantity": 1, "margin": 20, "added_margin": 5, "funding_paid": -1}, 74),
    ("bankruptcy_price", "linear", "long",
        {"entry_price": 100, "quantity": 1, "wallet_balance": 50, "leverage": 2, "other_unrealised_pnl": -10}, 60),
    # An amount without a quantity: taken as 1. A value instead of a quantity: 1000 / 100 = 10 coins, 100 − 200 / 10.
    ("bankruptcy_price", "linear", "long", {"entry_price": 100, "margin": 20}, 80),
    ("bankruptcy_price", "linear", "long", {"entry_price": 100, "margin": 200, "position_value": 1000}, 80),
    # Two tiers, 1 % up to 1,000 and 2 % above, deduction 10: a short of 10 at 100 with 110 is closed in the second.
    # 110 − 10 (p − 100) = 0.02 × 10 p − 10, p = 1120 / 10.2.
    ("liquidation_price", "linear", "short",
        {"entry_price": 100, "quantity": 10, "margin": 110, "maintenance_basis": "mark",
        "tiers": [[0, 1000, 0.01, 0], [1000, None, 0.02, None]]}, 1120 / 10.2),
    ("liquidation_price", "linear", "short",
        {"entry_price": 100, "quantity": 10, "margin": 110, "tiers": [[0, 1000, 0.01, 0], [1000, None, 0.02, None]]},
            1120 / 10.2),
    # On the entry value 1,000, which still belongs to the lower tier: 110 − 10 (p − 100) = 10, p = 110.
    ("liquidation_price", "linear", "short",
        {"entry_price": 100, "quantity": 10, "margin": 110, "maintenance_basis": "entry",
        "tiers": [[0, 1000, 0.01, 0], [1000, None, 0.02, 0]]}, 110),
    # Maintenance by either value; the fee at the mark is taken at the mark, wherever maintenance is.
    ("maintenance_margin", "linear", "long",
        {"entry_price": 100, "mark_price": 110, "quantity": 1, "maintenance_rate": 0.1, "maintenance_basis": "entry",
            "closing_fee_rate": 0.01, "closing_fee_basis": "mark"}, 11.1),
    ("maintenance_margin", "linear", "long",
        {"entry_price": 100, "mark_price": 110, "quantity": 1, "maintenance_rate": 0.1, "maintenance_basis": "mark",
            "closing_fee_rate": 0.01, "closing_fee_basis": "entry"}, 12),
    ("maintenance_margin", "inverse", "long", {"position_value": 100, "maintenance_rate": 0.05}, 5),
    ("maintenance_margin", "linear", "long",
        {"entry_price": 90, "mark_price": 80, "position_value": 100, "maintenance_rate": 0.05,
            "maintenance_basis": "mark"}, 5),
    ("maintenance_margin", "inverse", "long",
        {"entry_price": 90, "mark_price": 80, "position_value": 100, "maintenance_rate": 0.05}, 5),
    # one price: no basis needed
    ("maintenance_margin", "linear", "long", {"mark_price": 110, "quantity": 1, "maintenance_rate": 0.1}, 11),
    ("maintenance_margin", "linear", "long",
        {"entry_price": 100, "quantity": 1, "maintenance_margin": 7, "closing_fee_rate": 0.01,
            "closing_fee_basis": "entry"}, 8),
    # Ratio: 5 / (20 + 10); of amounts alone 5 / 20; with the equity below 0 it is negative: 5 / (20 − 30).
    ("margin_ratio", "linear", "long",
        {"entry_price": 100, "mark_price": 110, "quantity": 1, "margin": 20, "maintenance_margin": 5}, 1 / 6),
    ("margin_ratio", "linear", "long", {"margin": 20, "maintenance_margin": 5}, 0.25),
    # Equity as a share of the value, as two exchanges print it: (1,000 + 50) / 6,000; the short gains 50 from 6,050.
    ("margin_rate", "linear", "long", {"margin": 1_000, "entry_price": 5_950, "mark_price": 6_000, "quantity": 1},
     0.175),
    ("margin_rate", "linear", "short", {"margin": 1_000, "entry_price": 6_050, "mark_price": 6_000, "quantity": 1},
     0.175),
    ("margin_rate", "linear", "long", {"margin": 1_000, "other_unrealised_pnl": 50, "position_value": 6_000}, 0.175),
    ("margin_rate", "linear", "long", {"leverage": 20, "entry_price": 100}, 0.05),
    # An hourly rate that joins the debt: 1,000 × ((1 + 0.00052 / 24)² − 1) = 1,000 × (2 × 0.0000216667 + 0.0000216667²)
    ("margin_interest", "linear", "long",
     {"borrowed": 1_000, "interest_rate": 0.00052, "interest_period_hours": 24, "hours_held": 2,
        "accrual": "completed", "accrual_unit_hours": 1, "compounding": "compound"},
     0.0433333333333333 + 0.000000469444444444),
    ("margin_interest", "linear", "long",
     {"borrowed": 1_000, "interest_rate": 0.00052, "interest_period_hours": 24, "hours_held": 2,
        "accrual": "completed", "accrual_unit_hours": 1, "compounding": "simple"}, 0.0433333333333333),
    ("margin_ratio", "linear", "long",
     {"wallet_balance": 20, "maintenance_margin": 5, "other_maintenance_margin": 1, "other_unrealised_pnl": 4}, 0.25),
    ("margin_ratio", "linear", "long", {"mark_price": 100, "margin": 20, "maintenance_margin": 5}, 0.25),
    ("margin_ratio", "linear", "long",
        {"entry_price": 100, "mark_price": 70, "quantity": 1, "margin": 20, "maintenance_margin": 5}, -0.5),
    # Return: (10 − 1 − 2) / 20 needs no basis of the fee; the reserve of 0.5 is in the divisor where the margin is not
    # given.
    ("roe", "linear", "long",
        {"entry_price": 100, "exit_price": 110, "quantity": 1, "leverage": 5, "opening_fee_rate": 0.01,
            "closing_fee_rate": 2 / 110}, 0.35),
    ("roe", "linear", "short",
        {"entry_price": 100, "mark_price": 90, "quantity": 1, "leverage": 5, "funding_paid": 2,
            "closing_fee_rate": 0.005, "closing_fee_basis": "entry"}, 8 / 20.5),
    ("roe", "linear", "short",
        {"entry_price": 100, "mark_price": 90, "quantity": 1, "leverage": 5, "margin": 16, "wallet_balance": 500},
            10 / 16),
    # OctoBot's tests: a reduction leaves the average. With one more of 10 at 20: (90 × 10 + 10 × 20) / 100 = 11.
    ("average_entry_price", "linear", "long", {"fills": [[10, 100], [20, -10]]}, 10),
    ("average_entry_price", "linear", "long", {"fills": [[10, 100], [20, -10], [20, 10]]}, 11),
    ("average_entry_price", "inverse", "long", {"fills": [[50000, 1000], [60000, 2000]]}, 56250),  # KuCoin support
    # closed, then anew
    ("average_entry_price", "linear", "long", {"fills": [[10, 0.1], [10, 0.2], [11, -0.3], [20, 1]]}, 20),
    ("average_entry_price", "linear", "long", {"fills": [[10, 0.7]] + [[11, -0.1]] * 7 + [[20, 1]]}, 20),
    ("average_entry_price", "linear", "long", {"fills": [[10, 1], [11, -0.999999]]}, 10),  # little is not nothing
    ("average_entry_price", "linear", "long", {"fills": [[10, 2e-9], [11, -1e-9], [20, 1e-9]]}, 15),
    # A fee is paid on reductions too: 0.001 × (10 × 100 + 20 × 10).
    ("trading_fee", "linear", "long", {"fee_rate": 0.001, "fills": [[10, 100], [20, -10]]}, 1.2),
    ("trading_fee", "linear", "long",
        {"exit_price": 110, "quantity": 1, "closing_fee_rate": 0.01, "closing_fee_basis": "mark"}, 1.1),
    ("trading_fee", "inverse", "long", {"position_value": 50, "exit_price": 110, "fee_rate": 0.01}, 0.5),
    ("trading_fee", "linear", "long",
        {"entry_price": 100, "exit_price": 110, "mark_price": 120, "quantity": 1, "fee_rate": 0.01}, 1.1),
    # Break-even of a fixed amount: 100 + (1 + 2 + 1); at the bankruptcy price 100 (1 − 1/5) × 0.01 = 0.8.
    ("break_even_price", "linear", "long",
        {"entry_price": 100, "quantity": 1, "fees_paid": 1, "funding_paid": 2, "funding_rate": 0.01}, 104),
    ("break_even_price", "linear", "short",
        {"entry_price": 100, "quantity": 1, "fees_paid": 1, "funding_paid": 2, "funding_rate": 0.01}, 98),
    ("break_even_price", "linear", "long",
        {"entry_price": 100, "leverage": 5, "closing_fee_rate": 0.01, "closing_fee_basis": "bankruptcy"}, 100.8),
    ("break_even_price", "linear", "long", {"entry_price": 100, "mark_price": 200, "opening_fee_rate": 0.01}, 101),
    ("break_even_price", "linear", "long",
        {"entry_price": 65000, "closing_fee_rate": 0.0002, "closing_fee_basis": "mark", "opening_fee_rate": 0.0002},
            65026.0052010402),
    ("funding_payment", "linear", "short", {"position_value": 10000, "funding_rate": 0.75, "mark_price": 3}, -7500),
    ("funding_payment", "inverse", "long",
        {"mark_price": 50000, "entry_price": 1, "quantity": 100, "funding_rate": 0.0001}, 2e-7),
    # Binance, 5 July 2019: 35 minutes across one tick of the clock are two hours: 1000 × 0.00001 × 2.
    ("margin_interest", "linear", "long",
        {"borrowed": 1000, "interest_rate": 1e-5, "interest_period_hours": 1, "hours_held": 0.5833333333333334,
        "accrual": "started", "accrual_unit_hours": 1, "accrual_clock_offset_hours": 0.9166666666666666}, 0.02),
    ("margin_interest", "linear", "long",
        {"borrowed": 1000, "interest_rate": 1e-5, "interest_period_hours": 1, "hours_held": 0.5833333333333334,
        "accrual": "completed", "accrual_unit_hours": 1, "accrual_clock_offset_hours": 0.9166666666666666}, 0.01),
    ("margin_interest", "inverse", "short",
        {"borrowed": 0, "interest_rate": 1e-5, "interest_period_hours": 1, "hours_held": 5, "accrual": "exact"}, 0),
    # Recurrence: 50,000 × 0.001 = 50; + 250,000 × 0.005 = 1,300. What later tiers print is not looked at.
    ("maintenance_deduction", "linear", "long",
        {"tiers": [[0, 50000, 0.004, 0], [50000, 250000, 0.005, None], [250000, None, 0.01, 7]]}, 1300),
    ("maintenance_deduction", "linear", "long", {"tiers": [[50000, 250000, 0.005, 50], [250000, None, 0.01, None]]},
        1300),
    ("position_value", "inverse", "short", {"mark_price": 5, "quantity": 100}, 20),
    ("position_value", "linear", "long", {"position_value": 12, "entry_price": 7, "quantity": 100}, 12),
    ("unrealised_pnl", "linear", "short", {"entry_price": 1600, "mark_price": 1596, "quantity": 20, "exit_price": 1},
        80),
    ("realised_pnl", "linear", "short",
        {"entry_price": 2, "exit_price": 2.1, "quantity": 30, "closing_fee_rate": 0.0025, "opening_fee_rate": 0.0025,
            "funding_paid": -1}, -2.3075),
    ("realised_pnl", "inverse", "long",
        {"entry_price": 100, "exit_price": 200, "quantity": 100, "fees_paid": 0.1, "closing_fee_basis": "none",
            "closing_fee_rate": 0.2}, 0.3),
]  # fmt: skip


@pytest.mark.parametrize("kind, contract, side, inputs, right", HAND)
def test_worked_by_hand(kind, contract, side, inputs, right):
    assert answer(kind, contract, side, **inputs) == pytest.approx(right, rel=1e-12, abs=1e-15, nan_ok=True)


def test_evidence_never_enters_the_result():
    plain = {"entry_price": 4189.35, "leverage": 25}
    extra = {"tick": 0.05, "inferred": ["leverage"], "rounding_units": {"margin": 5.0}}
    assert (
        answer("bankruptcy_price", **plain, **extra)
        == answer("bankruptcy_price", **plain)
        == pytest.approx(4021.776, rel=1e-15)
    )


SHIFTED = [
    # Each intermediate result moved by the amount given; the numbers by hand.
    ("bankruptcy_price", {"entry_price": 100, "quantity": 1, "margin": 20}, {"margin": 1}, 79),
    ("roe", {"entry_price": 100, "mark_price": 110, "quantity": 1, "margin": 20}, {"margin": 5, "unrealised_pnl": 2},
        12 / 25),
    ("roe", {"entry_price": 100, "exit_price": 110, "quantity": 1, "margin": 20}, {"unrealised_pnl": 2}, 12 / 20),
    ("unrealised_pnl", {"entry_price": 100, "mark_price": 110, "quantity": 1}, {"unrealised_pnl": -1}, 9),
    ("margin_ratio", {"entry_price": 100, "mark_price": 110, "quantity": 1, "margin": 20, "maintenance_margin": 5},
        {"unrealised_pnl": 10}, 5 / 40),
    # e = 100, L = 5: bankruptcy at 80, moved to 81; fee 1 %.
    ("order_cost", {"entry_price": 100, "quantity": 1, "leverage": 5, "closing_fee_rate": 0.01,
        "closing_fee_basis": "bankruptcy"}, {"bankruptcy_price": 1, "margin": 2}, 22.81),
    ("initial_margin", {"entry_price": 100, "quantity": 1, "leverage": 5, "closing_fee_rate": 0.01,
        "closing_fee_basis": "bankruptcy"}, {"bankruptcy_price": 1}, 20.81),
    # Margin 20.81; bankruptcy with its fee (100 − 20.81) / 0.99 = 79.98990, moved to 80.98990; 5 + 0.809899 needed:
    # 84.999899.
    ("liquidation_price", {"entry_price": 100, "quantity": 1, "leverage": 5, "maintenance_margin": 5,
        "closing_fee_rate": 0.01, "closing_fee_basis": "bankruptcy"},
        {"bankruptcy_price": 1}, 100 - 20.81 + 5 + 0.01 * ((100 - 20.81) / 0.99 + 1)),
    # Another position's profit of 3 moves the bankruptcy price, its maintenance of 2 does not.
    ("liquidation_price", {"entry_price": 100, "quantity": 1, "margin": 20, "other_unrealised_pnl": 3,
        "other_maintenance_margin": 2, "maintenance_margin": 5,
        "closing_fee_rate": 0.01, "closing_fee_basis": "bankruptcy"}, {"bankruptcy_price": 1},
        84 + 0.01 * (77 / 0.99 + 1)),
    ("margin_ratio", {"mark_price": 100, "quantity": 1, "margin": 20, "other_unrealised_pnl": 3,
        "other_maintenance_margin": 2, "maintenance_margin": 5,
        "closing_fee_rate": 0.01, "closing_fee_basis": "bankruptcy"}, {"bankruptcy_price": 1},
        (7 + 0.01 * (77 / 0.99 + 1)) / 23),
    # Never bankrupt, so no fee there, moved or not: 100 − 130 + 35.
    ("liquidation_price", {"entry_price": 100, "quantity": 1, "margin": 130, "maintenance_margin": 35,
        "closing_fee_rate": 0.01, "closing_fee_basis": "bankruptcy"},
        {"bankruptcy_price": 1}, 5),
    ("margin_ratio", {"mark_price": 100, "quantity": 1, "leverage": 5, "maintenance_margin": 5,
        "closing_fee_rate": 0.01, "closing_fee_basis": "bankruptcy"},
        {"bankruptcy_price": 1}, (5 + 0.01 * ((100 - 20.81) / 0.99 + 1)) / 20.81),
]  # fmt: skip


@pytest.mark.parametrize("kind, inputs, shift, right", SHIFTED)
def test_a_rounded_intermediate_result_can_be_moved(kind, inputs, shift, right):
    assert compute(Example(kind, "linear", "long", checked(inputs), shift)) == pytest.approx(right, rel=1e-12)


# --- what is missing, what is out of range ---------------------------------------------------------

E, Q = {"entry_price": 100.0}, {"quantity": 1.0}
MISSING = [
    ("position_value", Q, "position_value needs entry_price or mark_price, which is not among the inputs"),
    ("position_value", E, "position_value needs quantity or position_value, which is not among the inputs"),
    ("initial_margin", E | Q | {"margin": 5}, "initial_margin needs leverage, which"),
    ("initial_margin", E | {"leverage": 5}, "initial_margin needs quantity or position_value"),
    ("initial_margin", E | Q | {"leverage": 5, "closing_fee_rate": 0.1}, "closing_fee_rate needs a closing_fee_basis "
        "in initial_margin: none, entry, mark, bankruptcy"),
    ("initial_margin", E | Q | {"leverage": 5, "closing_fee_basis": "entry"}, "initial_margin needs "
        "closing_fee_rate, which"),
    ("maintenance_margin", E | Q, "maintenance_margin needs maintenance_rate or maintenance_margin or tiers, which"),
    ("maintenance_margin", E | {"mark_price": 90.0, "maintenance_rate": 0.1} | Q, "maintenance_margin needs "
        "maintenance_basis, which"),
    ("bankruptcy_price", E | Q, "bankruptcy_price needs margin or wallet_balance or leverage, which"),
    ("bankruptcy_price", {"leverage": 5, "exit_price": 7}, "bankruptcy_price needs entry_price or mark_price, which"),
    ("liquidation_price", E | {"leverage": 5}, "liquidation_price needs maintenance_rate or maintenance_margin or "
        "tiers, which"),
    ("liquidation_price", E | {"leverage": 5, "maintenance_rate": 0.1}, "liquidation_price needs "
        "maintenance_basis, which"),
    ("liquidation_price", E | {"position_value": 9, "leverage": 5, "maintenance_rate": 0.1}, "liquidation_price needs "
        "maintenance_basis, which"),
    ("margin_ratio", E | {"mark_price": 99, "position_value": 9, "leverage": 5, "maintenance_rate": 0.1},
        "margin_ratio needs maintenance_basis, which"),
    ("unrealised_pnl", {"mark_price": 90.0} | Q, "unrealised_pnl needs entry_price, which"),
    ("unrealised_pnl", E | Q | {"exit_price": 9}, "unrealised_pnl needs mark_price, which"),
    ("unrealised_pnl", E | {"mark_price": 9}, "unrealised_pnl needs quantity or position_value"),
    ("realised_pnl", E | Q | {"mark_price": 9}, "realised_pnl needs exit_price, which"),
    ("realised_pnl", Q | {"mark_price": 9, "exit_price": 8}, "realised_pnl needs entry_price, which"),
    ("roe", E | Q | {"leverage": 5}, "roe needs exit_price or mark_price, which"),
    ("roe", Q | {"leverage": 5, "mark_price": 9}, "roe needs entry_price, which"),
    ("roe", E | Q | {"wallet_balance": 5, "mark_price": 9}, "roe needs margin or leverage, which"),
    ("roe", E | {"margin": 5, "mark_price": 9}, "roe needs quantity or position_value"),
    ("roe", E | Q | {"margin": -5, "mark_price": 9}, "margin must be above 0, got -5"),
    ("margin_ratio", E | Q | {"maintenance_margin": 5}, "margin_ratio needs margin or "
        "wallet_balance or leverage, which"),
    ("margin_ratio", E | {"maintenance_margin": 5, "margin": 9}, "margin_ratio needs quantity or position_value"),
    ("margin_ratio", E | Q | {"mark_price": 80.0, "maintenance_margin": 5, "margin": 20}, "margin, profit and "
        "other_unrealised_pnl come to 0, so there is no margin_ratio"),
    ("trading_fee", E | Q, "trading_fee needs fee_rate or opening_fee_rate or closing_fee_rate, which"),
    ("trading_fee", Q | {"fee_rate": 0.1}, "trading_fee needs exit_price or entry_price or mark_price, which"),
    ("trading_fee", E | Q | {"closing_fee_rate": 0.1, "closing_fee_basis": "bankruptcy"}, "trading_fee needs margin "
        "or leverage, which"),
    ("order_cost", E | Q, "order_cost needs leverage, which"),
    ("break_even_price", {"opening_fee_rate": 0.1}, "break_even_price needs entry_price or mark_price, which"),
    ("average_entry_price", E | Q, "average_entry_price needs fills, which"),
    ("average_entry_price", {"fills": [[10, 1], [10, -1]]}, "nothing is held after the fills, so there is no average "
        "entry price"),
    ("average_entry_price", {"fills": [[10, 0.1], [10, 0.2], [10, -0.3]]}, "nothing is held after the fills"),
    ("average_entry_price", {"fills": [[10, 1], [10, -2]]}, "a reduction of 2 must be at most the 1 held"),
    ("average_entry_price", {"fills": [[10, -2]]}, "a reduction of 2 must be at most the 0 held"),
    ("funding_payment", E | Q, "funding_payment needs funding_rate, which"),
    ("funding_payment", {"funding_rate": 0.1, "mark_price": 7}, "funding_payment needs quantity or position_value"),
    ("margin_interest", {"borrowed": 1}, "margin_interest needs accrual, which"),
    ("margin_interest", {"borrowed": 1, "accrual": "started", "hours_held": 1, "interest_rate": 0.1,
        "interest_period_hours": 1}, "margin_interest needs accrual_unit_hours, which"),
    ("margin_interest", {"borrowed": 1, "accrual": "exact", "hours_held": 1, "interest_period_hours": 1},
        "margin_interest needs interest_rate, which"),
    ("maintenance_deduction", E, "maintenance_deduction needs tiers, which"),
    ("order_cost", {"position_value": 1e308, "leverage": 1, "opening_fee_rate": 0.99}, "the inputs are too large or "
        "too small to compute with"),
]  # fmt: skip


@pytest.mark.parametrize("kind, inputs, sentence", MISSING)
def test_what_cannot_be_computed_says_why(kind, inputs, sentence):
    with pytest.raises(ValueError) as said:
        answer(kind, **inputs)
    assert str(said.value).startswith(sentence)


def test_a_position_outside_the_ladder():
    with pytest.raises(ValueError, match="value must be from 0 to 500, got 1000"):
        answer(
            "liquidation_price",
            entry_price=100,
            quantity=10,
            leverage=5,
            maintenance_basis="mark",
            tiers=[[0, 500, 0.01, 0]],
        )


OUT_OF_RANGE = [
    ({"entry": 1}, "'entry' is not a key of the vocabulary: entry_price, exit_price, "),
    ({"quantity": 0}, "quantity must be above 0, got 0"),
    ({"quantity": -1}, "quantity must be above 0, got -1"),
    ({"quantity": math.nan}, "quantity must be above 0, got nan"),
    ({"quantity": math.inf}, "quantity must be above 0, got inf"),
    ({"quantity": "3"}, "quantity must be a number, above 0, got '3'"),
    ({"quantity": None}, "quantity must be a number, above 0, got None"),
    ({"quantity": True}, "quantity must be a number, above 0, got True"),
    ({"quantity": [3]}, "quantity must be one number, got [3]"),
    ({"quantity": {"a": 3}}, "quantity must be one number, got {'a': 3}"),
    ({"quantity": 10**400}, "quantity must be a finite number, got one of 401 digits"),
    ({"leverage": 0.5}, "leverage must be at least 1, got 0.5"),
    ({"entry_price": 0}, "entry_price must be above 0, got 0"),
    ({"exit_price": -1}, "exit_price must be above 0, got -1"),
    ({"mark_price": 0}, "mark_price must be above 0, got 0"),
    ({"margin": math.nan}, "margin must be a finite number, got nan"),
    ({"maintenance_rate": -0.1}, "maintenance_rate must be at least 0"),
    ({"closing_fee_rate": 1}, "closing_fee_rate must be at least -1 and below 1, got 1"),
    ({"opening_fee_rate": 6}, "opening_fee_rate must be at least -1 and below 1, got 6"),
    ({"fee_rate": 6}, "fee_rate must be at least -1 and below 1, got 6"),
    ({"borrowed": -1}, "borrowed must be at least 0, got -1"),
    ({"interest_rate": -1}, "interest_rate must be at least 0, got -1"),
    ({"interest_period_hours": 0}, "interest_period_hours must be above 0, got 0"),
    ({"hours_held": -1}, "hours_held must be at least 0, got -1"),
    ({"accrual_unit_hours": 0}, "accrual_unit_hours must be above 0, got 0"),
    ({"accrual_clock_offset_hours": -1}, "accrual_clock_offset_hours must be at least 0, got -1"),
    ({"position_value": 0}, "position_value must be above 0, got 0"),
    ({"tick": 0}, "tick must be above 0, got 0"),
    ({"maintenance_basis": "bankruptcy"}, "maintenance_basis must be 'mark' or 'entry', got 'bankruptcy'"),
    ({"closing_fee_basis": "exit"}, "closing_fee_basis must be 'none', 'entry', 'mark' or 'bankruptcy', got 'exit'"),
    ({"accrual": 1}, "accrual must be 'started', 'completed' or 'exact', got 1"),
    ({"fills": []}, "fills must be a list with at least one row, got []"),
    ({"fills": {"a": 1}}, "fills must be a list with at least one row, got {'a': 1}"),
    ({"fills": [[1, 2], [3]]}, "fill 2 must be [price, quantity], got [3]"),
    ({"fills": [3]}, "fill 1 must be [price, quantity], got 3"),
    ({"fills": [[0, 2]]}, "price of fill 1 must be above 0, got 0"),
    ({"fills": [[1, 0]]}, "quantity of fill 1 must not be 0"),
    ({"fills": [[1, [2, 3]]]}, "quantity of fill 1 must be one number, got [2, 3]"),
    ({"tiers": []}, "tiers must be a list with at least one row, got []"),
    ({"tiers": [3]}, "tier 1 must be [floor, cap or null, rate, deduction or null], got 3"),
    ({"tiers": [[0, None, 0.1]]}, "tier 1 must be [floor, cap or null, rate, deduction or null], got [0, None, 0.1]"),
    ({"tiers": [[0, None, [0.1], 0]]}, "rate of tier 1 must be one number, got [0.1]"),
    ({"tiers": [[0, 100, 0.1, 0], [100, None, None, 0]]}, "rate of tier 2 must be a number"),
    ({"tiers": [[0, 100, 0.1, 0], [50, None, 0.2, 0]]}, "tiers 1 and 2 overlap: one ends at 100, "
        "the next begins at 50"),
    ({"tiers": [[0, 100, 0.1, 0], [150, None, 0.2, 0]]}, "tiers 1 and 2 leave a gap: one ends at 100, the next "
        "begins at 150"),
    ({"tiers": [[50, 100, 0.1, None]]}, "the deduction of tier 1 must be given when it begins above 0, at 50"),
    ({"rounding_units": {"entry_price": 1}}, "rounding_units must name margin, bankruptcy_price, unrealised_pnl only, "
        "got {'entry_price': 1}"),
    ({"rounding_units": [1]}, "rounding_units must name margin, bankruptcy_price, unrealised_pnl only, got [1]"),
    ({"rounding_units": {"margin": 0}}, "rounding unit of margin must be above 0, got 0"),
    ({"inferred": "leverage"}, "inferred must be a list of keys, got 'leverage'"),
    ({"inferred": ["levrage"]}, "inferred must be a list of keys, got ['levrage']"),
]  # fmt: skip


@pytest.mark.parametrize("inputs, sentence", OUT_OF_RANGE)
def test_inputs_out_of_range_are_named(inputs, sentence):
    with pytest.raises(ValueError) as said:
        checked(inputs)
    assert str(said.value).startswith(sentence)


def test_every_key_of_the_vocabulary_is_known_and_kept():
    whole = dict.fromkeys(lab.NUMBERS, 1) | {
        "leverage": 2,
        "maintenance_rate": 0.1,
        "closing_fee_rate": 0.1,
        "opening_fee_rate": 0.1,
        "fee_rate": 0.1,
    }
    whole |= {
        "maintenance_basis": "mark",
        "closing_fee_basis": "none",
        "accrual": "exact",
        "compounding": "compound",
        "fills": [[1, 2]],
        "tiers": [[0, None, 0.1, None]],
    }
    whole |= {"inferred": ["tick"], "rounding_units": {"margin": 1}}
    assert set(whole) == set(lab.KEYS) and len(lab.KEYS) == 35
    kept = checked(whole)
    assert kept == whole | {"fills": [(1.0, 2.0)]} and isinstance(kept["quantity"], float)
    assert whole["fills"] == [[1, 2]]  # the caller's own is left alone


def test_interest_that_joins_the_debt_needs_units():
    inputs = {
        "borrowed": 1,
        "interest_rate": 0.01,
        "interest_period_hours": 1,
        "hours_held": 2,
        "compounding": "compound",
    }
    with pytest.raises(CannotCompute, match="accrual must be 'started' or 'completed'"):
        answer("margin_interest", **inputs, accrual="exact")
    with pytest.raises(CannotCompute, match="too large"):
        answer("margin_interest", **inputs | {"hours_held": 1e6}, accrual="completed", accrual_unit_hours=1)


def test_cannot_compute_is_a_value_error():
    with pytest.raises(CannotCompute):
        answer("order_cost", **E)
