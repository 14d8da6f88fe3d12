"""One equation for every exchange, against printed prices, bisection, tick-by-tick walks and slices of tiers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage_lab import liquidation as lab
from leverage_lab.checks import CONTRACTS, SIDES
from leverage_lab.liquidation import Ladder, Rules, bankruptcy_price, liquidation_price, position_margin

ENTRY = Rules(0.005, "entry")
FLOORS, RATES = (0, 300_000, 800_000, 3_000_000), (0.004, 0.005, 0.0065, 0.01)
BINANCE = Ladder(FLOORS, RATES)
WHOLE = Ladder(FLOORS, RATES, (0, 0, 0, 0))


def value(quantity, price, contract):
    return quantity * price if contract == "linear" else quantity / price


def gain(side, quantity, entry, price, contract):
    s = 1 if side == "long" else -1
    return s * quantity * (price - entry) if contract == "linear" else s * quantity * (1 / entry - 1 / price)


def broke(side, entry, q, margin, rules, contract):
    """The price at which the margin pays just the fee of closing, by bisection."""
    fee = rules.closing_fee_rate
    return bisect(lambda p: margin + gain(side, q, entry, p, contract) - fee * value(q, p, contract), entry)


def spare(side, entry, q, margin, price, rules, contract, others=0.0, bankruptcy=None):
    """Equity less requirement, written out from the definition; the tier is looked up at each price."""
    basis = entry if rules.maintenance_basis == "entry" else price
    v = value(q, basis, contract)
    if isinstance(rules.maintenance, Ladder):
        ladder = rules.maintenance
        number = max([n for n, low in enumerate(ladder.floors) if v > low], default=0)
        need = v * ladder.rates[number] - ladder.deductions[number]
    else:
        need = v * rules.maintenance - rules.maintenance_deduction
    fee = rules.closing_fee_rate
    if rules.closing_fee_basis == "none":
        cost = 0
    elif rules.closing_fee_basis == "bankruptcy":
        cost = fee * value(q, bankruptcy, contract) if bankruptcy == bankruptcy else 0.0
    else:
        cost = fee * value(q, entry if rules.closing_fee_basis == "entry" else price, contract)
    return margin + others + gain(side, q, entry, price, contract) - need - cost


def bisect(function, entry, low=1e-9, high=1e9):
    low, high = entry * low, entry * high
    if function(low) * function(high) > 0:
        return math.nan
    for _ in range(90):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if function(low) * function(middle) <= 0 else (middle, high)
    return middle


# --- printed numbers


PUBLISHED = [
    # MEXC blog: 50,000 at 25x, 0.4 % on entry.
    ("long", 50_000, 0.1, 200, Rules(0.004, "entry"), "linear", 48_200, 0.5),
    # Binance API sample: mark basis with the deduction of 50.
    ("long", 6563.665, 20, 13200.70726908, Rules(0.005, maintenance_deduction=50), "linear", 5930.78, 0.005),
    # Phemex help: fee at the price sought.
    ("long", 0.4, 500, 40.096, Rules(0.01, "mark", 0.0006, "mark"), "linear", 0.3232, 0.00005),
    # freqtrade tests: a short with fee and deduction.
    ("short", 10, 2, 4, Rules(0.01, "mark", 0.0006, "mark"), "linear", 11.87413417771621, 1e-13),
    ("short", 10, 0.6, 1.2, Rules(0.01, maintenance_deduction=0.01), "linear", 11.897689768976898, 1e-13),
    # Bybit help centre 2026: 3,000 added, fee at the bankruptcy price.
    (
        "long",
        40_000,
        1,
        40_000 / 50 + 0.00055 * 39_200 + 3000,
        Rules(0.005, "mark", 0.00055, "bankruptcy"),
        "linear",
        36_380.25,
        0.005,
    ),
    # MCS help: inverse, on entry.
    ("long", 2000, 1, 1 / 2000 / 10, ENTRY, "inverse", 1826.48, 0.005),
    # OctoBot tests: inverse short at 1x has a liquidation price when maintenance is on entry.
    ("short", 100, 1, 0.01, Rules(0.01, "entry"), "inverse", 10_000, 0.5),
    # OKX API sample: up to its tick.
    (
        "long",
        2566.31,
        10,
        10 / 2566.31 / 10,
        Rules(0.008, "mark", 0.0005, "mark"),
        "inverse",
        2352.8496681818233,
        0.0101,
    ),
    # Hyperliquid API sample: up to the last digit of the margin it prints.
    ("long", 2986.3, 0.0335, 4.981226, Rules(0.01), "linear", 2866.26936529, 0.00003),
]


@pytest.mark.parametrize("side, entry, q, margin, rules, contract, printed, within", PUBLISHED)
def test_published_prices(side, entry, q, margin, rules, contract, printed, within):
    assert liquidation_price(side, entry, q, margin, rules, contract) == pytest.approx(printed, abs=within, rel=0)


def test_published_prices_rounded_against_the_trader():
    # KuCoin captured position, tick 0.05: 4044.5157915 up to 4044.55; BitMEX 1328.49295 up to 1328.50.
    kucoin = lab.crossing_price("long", 4189.35, 0.02, 3.40376309, lab.NO_RULES, other_maintenance_margin=0.50707892)
    assert kucoin == pytest.approx(4044.5157915, abs=1e-7)
    assert lab.round_to_tick(kucoin, 0.05, "long") == pytest.approx(4044.55)
    rules = Rules(tick=0.05)
    assert liquidation_price("long", 1963, 0.02, 13.125928, rules, other_maintenance_margin=0.435787) == pytest.approx(
        1328.5
    )
    # A short's goes down: 10 × (1 + 1/5 − 0.01) = 11.9; and 11.93 → 11.9 on a grid of 0.05.
    assert lab.round_to_tick(11.93, 0.05, "short") == pytest.approx(11.9)
    assert lab.round_to_tick(11.9, 0.1, "short") == pytest.approx(11.9) and lab.round_to_tick(
        11.9, 0.1, "long"
    ) == pytest.approx(11.9)
    assert math.isnan(lab.round_to_tick(math.nan, 0.1, "long"))


def test_cross_with_others_as_freqtrade_prints_it():
    # Binance's cross formula with the other position's loss and maintenance margin: 1153.26.
    price = liquidation_price(
        "long", 1456.84, 3683.979, 1535443.01, Rules(0.1, maintenance_deduction=135365),
        other_unrealised_pnl=-56354.56848, other_maintenance_margin=71200.811444,
    )  # fmt: skip
    assert price == pytest.approx(1153.26, abs=0.005)


def test_bankruptcy_prices():
    assert bankruptcy_price("long", 8000, 1, 160) == 7840  # Bybit help 2019
    assert bankruptcy_price("short", 28_000, 0.005, 1.4) == pytest.approx(28_280)  # KuCoin support
    assert bankruptcy_price("long", 100, 100, 1, contract="inverse") == 50  # OctoBot tests
    assert bankruptcy_price("long", 7890.08, 7890.08, 1 / 50, contract="inverse") == pytest.approx(
        7735.37, abs=0.005
    )  # Bybit help
    # With the fee counted: 1000 × 0.04 = 40 of margin; 40 + (p − 1000) = 0.003 p → p = 960 / 0.997.
    for basis in ("mark", "bankruptcy"):
        assert bankruptcy_price("long", 1000, 1, 40, Rules(0, "mark", 0.003, basis)) == pytest.approx(
            960 / 0.997, rel=1e-14
        )
    # A fee on entry is no part of it, nor is maintenance: 1000 − 40.
    assert bankruptcy_price("long", 1000, 1, 40, Rules(0.5, "mark", 0.003, "entry")) == 960
    assert bankruptcy_price("long", 1000, 2, 40, other_unrealised_pnl=60) == 950  # (40 + 60) / 2 below


def test_prices_that_do_not_exist():
    assert math.isnan(bankruptcy_price("short", 50_000, 50_000, 1, contract="inverse"))  # 1x inverse short
    assert math.isnan(liquidation_price("short", 50_000, 50_000, 1, Rules(0), "inverse"))
    assert math.isnan(liquidation_price("long", 100, 1, 150, Rules(0.01)))  # more than the coin can lose
    assert liquidation_price("long", 22.5, 10, 225, Rules(0.05)) == 0  # fully paid: only if it is worthless
    found = liquidation_price("long", 100, 1, np.array([10.0, 100.0, 150.0]), Rules(0))
    assert found[0] == 90 and found[1] == 0 and math.isnan(found[2])
    both = bankruptcy_price(["long", "short"], 100, 100, 1, contract="inverse")
    assert both[0] == 50 and math.isnan(both[1])


# --- margin, fee, requirement, ratio


def test_position_margin():
    fee = Rules(0.01, "mark", 0.0006, "bankruptcy")
    assert position_margin("long", 0.4, 500, 5, fee) == pytest.approx(
        40.096, abs=1e-12
    )  # Phemex help: 40 + 0.0006 × 160
    assert position_margin("short", 0.4, 500, 5, fee) == pytest.approx(40 + 0.0006 * 240)
    assert position_margin("long", 1217.3, 0.01, 100, Rules(0, "entry", 0.0006, "entry")) == pytest.approx(
        0.1290338
    )  # MEXC captured
    assert position_margin("long", 100, 2, 4, Rules(0.1, "mark", 0.5, "mark")) == 50  # nothing set aside
    assert position_margin("long", 100, 2, 4, added_margin=7, funding_paid=3) == 54
    # Inverse, 100 dollars at 100 with 10x: 0.1; the fee at e L / (L + s): 1 + s/10 coins.
    assert position_margin("long", 100, 100, 10, Rules(0, "mark", 0.01, "bankruptcy"), "inverse") == pytest.approx(
        0.1 + 0.011
    )
    assert position_margin("short", 100, 100, 10, Rules(0, "mark", 0.01, "bankruptcy"), "inverse") == pytest.approx(
        0.1 + 0.009
    )


def test_requirement_part_by_part():
    rules = Rules(0.01, "entry", 0.002, "mark", maintenance_deduction=3)
    assert lab.maintenance_margin(5, 100, rules) == 2  # 500 × 0.01 − 3
    assert lab.maintenance_margin(500, 100, Rules(0.01), "inverse") == 0.05
    assert lab.closing_fee("long", 100, 5, 50, 90, rules) == pytest.approx(0.9)  # 450 × 0.002
    assert lab.closing_fee("long", 100, 5, 50, 90, Rules(0, "mark", 0.002, "entry")) == 1
    assert lab.closing_fee("long", 100, 5, 50, 90, Rules(0, "mark", 0.002, "none")) == 0
    # Bankrupt at (500 − 50) / (5 × 0.998); with 10 from others at (500 − 60) / (5 × 0.998).
    at_bankruptcy = Rules(0, "mark", 0.002, "bankruptcy")
    assert lab.closing_fee("long", 100, 5, 50, 90, at_bankruptcy) == pytest.approx(0.002 * 450 / 0.998)
    assert lab.closing_fee("long", 100, 5, 50, 90, at_bankruptcy, other_unrealised_pnl=10) == pytest.approx(
        0.002 * 440 / 0.998
    )
    assert lab.requirement("long", 100, 5, 50, 90, rules) == pytest.approx(2.9)
    assert lab.requirement("long", 100, 5, 50, 90, Rules(0.01)) == pytest.approx(4.5)
    assert lab.equity("short", 100, 5, 50, 90, other_unrealised_pnl=1) == 101


def test_margin_ratio_as_printed():
    toobit = lab.margin_ratio("long", 1500, 10, 300, 1483, Rules(0.01, "entry"))
    assert toobit == pytest.approx(1.1538, abs=0.00005)
    bingx = lab.margin_ratio("long", 10_000, 2, 10_000, 10_000, Rules(0.004, "mark", 0.0005, "mark"))
    assert bingx == pytest.approx(0.009)
    # Others: (10 + 5) / (100 − 20 − 30) = 0.3.
    others = lab.margin_ratio(
        "long", 100, 10, 100, 98, Rules(0.01, "entry"), other_unrealised_pnl=-30, other_maintenance_margin=5
    )
    assert others == pytest.approx(0.3)
    assert lab.margin_ratio("long", 100, 10, 100, 90, Rules(0.01)) == math.inf  # equity is exactly gone
    assert lab.margin_ratio("long", 100, 10, 100, 80, Rules(0.01)) == math.inf
    assert list(lab.margin_ratio("long", 100, 10, 100, np.array([100, 90.0]), Rules(0.01, "entry"))) == [0.1, math.inf]


def test_no_fee_where_nobody_goes_bankrupt():
    # A long with more than the coin can lose: no bankruptcy price, so no fee there; not a negative one.
    rules = Rules(0, "mark", 0.01, "bankruptcy")
    assert lab.closing_fee("long", 100, 1, 150, 90, rules) == 0
    # An inverse short with margin beyond 1x, maintenance on entry: 1.2 + 100/p − 1 = 0.3 at p = 1,000, without a fee.
    rules = Rules(0.3, "entry", 0.01, "bankruptcy")
    assert liquidation_price("short", 100, 100, 1.2, rules, "inverse") == pytest.approx(1000)


# --- tiers


def test_maintenance_is_the_tax_of_each_slice():
    # 1,000,000: 300,000 × 0.4 % + 500,000 × 0.5 % + 200,000 × 0.65 % = 1,200 + 2,500 + 1,300.
    assert lab.maintenance_margin(10, 100_000, Rules(BINANCE)) == pytest.approx(5000)
    assert lab.maintenance_margin(10, 100_000, Rules(WHOLE)) == pytest.approx(6500)
    assert BINANCE.deductions == pytest.approx((0, 300, 1500, 12_000))  # as Binance prints them
    values = np.geomspace(1, 5e6, 2001)
    slices = sum(np.clip(values - low, 0, high - low) * rate for low, high, rate, _ in BINANCE.tiers)
    assert lab.maintenance_margin(values, 1, Rules(BINANCE)) == pytest.approx(slices, rel=1e-12)


def test_maintenance_is_continuous_across_tiers():
    for edge in FLOORS[1:]:
        below, above = (lab.maintenance_margin(edge * (1 + d), 1, Rules(BINANCE)) for d in (-1e-12, 1e-12))
        assert above == pytest.approx(below, rel=1e-10)
        below, above = (lab.maintenance_margin(edge * (1 + d), 1, Rules(WHOLE)) for d in (-1e-12, 1e-12))
        assert above > 1.2 * below
    assert BINANCE.continuous and not WHOLE.continuous
    assert not Ladder((0, 10), (0.02, 0.01)).continuous  # a rate that falls


def test_which_tier():
    assert [BINANCE.tier(v) for v in (0, 1, 300_000, 300_000.01, 3e6, 1e9)] == [1, 1, 1, 2, 3, 4]
    assert list(BINANCE.tier(np.array([1, 300_000, 900_000]))) == [1, 1, 3]
    assert BINANCE.at(400_000) == (0.005, 300)
    rates, deductions = BINANCE.at(np.array([1.0, 400_000]))
    assert list(rates) == [0.004, 0.005] and list(deductions) == [0, 300]
    assert BINANCE.tiers[0] == (0, 300_000, 0.004, 0) and BINANCE.tiers[-1][1] == math.inf


def test_the_tier_at_the_liquidation_price_counts():
    # A short of 10 from 79,000 with 100,000: worth 790,000 (tier 2) at entry. In tier 3 at the end: p from
    # 100,000 − 10 (p − 79,000) = 0.0065 × 10 p − 1,500 → p = 891,500 / 10.065; in tier 2 it would be 890,300 / 10.05.
    price = liquidation_price("short", 79_000, 10, 100_000, Rules(BINANCE))
    assert price == pytest.approx(891_500 / 10.065, rel=1e-14)
    assert BINANCE.tier(10 * price) == 3 and BINANCE.tier(790_000) == 2
    # The long falls out of tier 3 into tier 2: 100,000 + 10 (p − 85,000) = 0.05 p − 300 → p = 749,700 / 9.95.
    price = liquidation_price("long", 85_000, 10, 100_000, Rules(BINANCE))
    assert price == pytest.approx(749_700 / 9.95, rel=1e-14)
    assert BINANCE.tier(850_000) == 3 and BINANCE.tier(10 * price) == 2
    # On entry basis the tier at the entry stays: 850,000 × 0.0065 − 1,500 = 4,025.
    assert liquidation_price("long", 85_000, 10, 100_000, Rules(BINANCE, "entry")) == pytest.approx(75_402.5)


def test_a_jump_in_maintenance_closes_at_the_edge():
    # Whole-position rates: a short of 10 from 29,000 with 11,400 has 10,000 … at 30,000: equity 1,400, tier 1 asks
    # 1,200, tier 2 asks 1,500 as soon as the value is above 300,000: closed at the edge itself.
    assert liquidation_price("short", 29_000, 10, 11_400, Rules(WHOLE)) == 30_000
    # With 11,800 it passes: 301,800 − 10 p … = 0.05 p → p = 301,800 / 10.05.
    assert liquidation_price("short", 29_000, 10, 11_800, Rules(WHOLE)) == pytest.approx(301_800 / 10.05)
    # A long falling through the edge is relieved by it: tier 2 alone would close it at 29,989.95,
    # but tier 1 holds there.
    assert liquidation_price("long", 31_000, 10, 11_600, Rules(WHOLE)) == pytest.approx(298_400 / 9.96)
    # With a little less tier 2 has it before: 298,600 / 9.95 = 30,010.05.
    assert liquidation_price("long", 31_000, 10, 11_400, Rules(WHOLE)) == pytest.approx(298_600 / 9.95)
    # A mark price far from the entry is where the walk begins: at 29,000 the long is already in tier 1.
    assert liquidation_price("long", 31_000, 10, 41_400, Rules(WHOLE), mark_price=29_000) == pytest.approx(
        268_600 / 9.96
    )
    with pytest.raises(ValueError, match="liquidated at the mark price"):
        liquidation_price("short", 29_000, 10, 11_400, Rules(WHOLE), mark_price=30_001)


def test_tiers_by_quantity_do_not_move_with_the_price():
    # OKX by size: 15 coins are in the second tier, 1 % of the whole at every price.
    okx = Ladder((0, 10), (0.005, 0.01), (0, 0), measure="quantity")
    assert liquidation_price("long", 100, 15, 150, Rules(okx)) == pytest.approx((1500 - 150) / (15 * 0.99))
    # Kraken's slices: 10 coins at 0.5 % and 5 at 1 %: (0.05 + 0.05) / 15 of the entry value.
    kraken = Ladder((0, 10), (0.005, 0.01), measure="quantity")
    assert liquidation_price("long", 100, 15, 150, Rules(kraken, "entry")) == pytest.approx(100 - (150 - 10) / 15)
    assert lab.maintenance_margin(15, 100, Rules(kraken)) == pytest.approx(10)
    assert lab.maintenance_margin(np.array([5.0, 15.0]), 100, Rules(kraken)) == pytest.approx([2.5, 10])


def test_ladders_from_printed_rows():
    ladder = Ladder.of([[0, 50_000, 0.004, None], [50_000, 250_000, 0.005, 50], [250_000, None, 0.01, None]])
    assert ladder.deductions == pytest.approx((0, 50, 1300))  # Binance FAQ: 1,300
    assert ladder.cap == math.inf and Ladder.of([[0, 9, 0.1, 0]], measure="quantity").cap == 9
    # A fragment begins where it begins, with the deduction it prints.
    part = Ladder.of([[50_000, 250_000, 0.005, 50], [250_000, 1_000_000, 0.01, None]])
    assert part.deductions == pytest.approx((50, 1300)) and part.tier(60_000) == 1


def test_a_ladder_keeps_what_it_is_given():
    # By hand: 10 × (0.2 − 0.1) = 1; 20 × (0.4 − 0.2) + 1 = 5.
    ladder = Ladder([0, 10, 20], [0.1, 0.2, 0.4])
    assert (ladder.floors, ladder.rates, ladder.cap, ladder.measure) == (
        (0, 10, 20),
        (0.1, 0.2, 0.4),
        math.inf,
        "value",
    )
    assert ladder.deductions == pytest.approx((0, 1, 5)) and hash(ladder)
    printed = Ladder([0, 10], [0.1, 0.2], [0, 5], cap=30)
    assert (printed.deductions, printed.cap) == ((0, 5), 30) and type(printed.deductions) is tuple
    assert Ladder.of([[0, 9, 0.1, 0]], measure="quantity").measure == "quantity"
    assert Ladder((0,), (0.1,), cap=None).cap == math.inf and isinstance(printed.cap, float)


def test_what_counts_as_continuous():
    assert Ladder((0, 10), (0.1, 0.1)).continuous  # the same rate again
    big = (0, 2e8)  # 2e8 × 0.1 = 2e7: what a table rounds away is no jump, a cent in a million is none, a dollar is one
    assert Ladder(big, (0.1, 0.2), (0, 2e7 + 0.1)).continuous and not Ladder(big, (0.1, 0.2), (0, 2e7 + 1)).continuous
    assert not Ladder((0, 0.5), (0.1, 0.2), (0, 0.05 + 2e-9)).continuous
    assert not Ladder((0, 10), (0.2, 0.1), (0, -1)).continuous  # no jump, but a rate that falls


def test_jumps_with_deductions_and_a_fixed_fee():
    # 1 % up to 1,000, then 5 % less 20: 10 just below the edge, 30 just above it. Fee on entry: 0.001 × 900 = 0.9.
    jumps = Rules(Ladder((0, 1000), (0.01, 0.05), (0, 20)), "mark", 0.001, "entry")
    # A short of 10 from 90: at the edge (100) it has 120 − 100 = 20, needs 10.9 below and 30.9 above: closed there.
    assert liquidation_price("short", 90, 10, 120, jumps) == pytest.approx(100)
    # With 130.9 it has 30.9 there, exactly enough for tier 2's 30.9: closed at the edge all the same.
    assert liquidation_price("short", 90, 10, 130.9, jumps) == pytest.approx(100)
    # With 140: 140 − 10 (p − 90) = 0.5 p − 20 + 0.9 → p = 1,059.1 / 10.5.
    assert liquidation_price("short", 90, 10, 140, jumps) == pytest.approx(1059.1 / 10.5)
    # With 108: 108 − 10 (p − 90) = 0.1 p + 0.9 → p = 1,007.1 / 10.1, below the edge.
    assert liquidation_price("short", 90, 10, 108, jumps) == pytest.approx(1007.1 / 10.1)
    # A long of 10 from 110: 20 + 10 (p − 110) = 0.5 p − 20 + 1.1 → p = 1,061.1 / 9.5, above its entry: gone at once.
    with pytest.raises(ValueError, match="liquidated at entry: .* requirement of 36.1, got 20$"):
        liquidation_price("long", 110, 10, 20, jumps)
    # 60 + 10 (p − 110) = 0.5 p − 18.9 → p = 1,021.1 / 9.5 in tier 2; 140 … = 0.1 p + 1.1 → p = 961.1 / 9.9 in tier 1.
    assert liquidation_price("long", 110, 10, 60, jumps) == pytest.approx(1021.1 / 9.5)
    assert liquidation_price("long", 110, 10, 140, jumps) == pytest.approx(961.1 / 9.9)
    both = liquidation_price(["short", "short", "long"], [90, 90, 110], 10, [120, 140, 140], jumps)
    assert both == pytest.approx([100, 1059.1 / 10.5, 961.1 / 9.9])
    # Three tiers at 1, 2 and 5 % of the whole: through the middle one into the lowest, into the middle one,
    # into the highest.
    three = Rules(Ladder((0, 1000, 2000), (0.01, 0.02, 0.05), (0, 0, 0)))
    assert liquidation_price("long", 210, 10, 1500, three) == pytest.approx((2100 - 1500) / 9.9)
    assert liquidation_price("long", 210, 10, 500, three) == pytest.approx((2100 - 500) / 9.8)
    assert liquidation_price("short", 90, 10, 3000, three) == pytest.approx((900 + 3000) / 10.5)
    # Too much margin for a long to lose: no price.
    assert math.isnan(liquidation_price("long", 90, 10, 1000, three))


def test_just_beside_an_edge():
    # The rules of the test before: with 130 the short has 30 at the edge and needs 30.9;
    # with 131.5 it has 31.5 and passes:
    # 131.5 − 10 (p − 90) = 0.5 p − 19.1 → p = 1,050.6 / 10.5.
    jumps = Rules(Ladder((0, 1000), (0.01, 0.05), (0, 20)), "mark", 0.001, "entry")
    assert liquidation_price("short", 90, 10, 130, jumps) == pytest.approx(100)
    assert liquidation_price("short", 90, 10, 131.5, jumps) == pytest.approx(1050.6 / 10.5)
    # A rate that falls with size: a long of 10 from 110, 1 % there but 5 % from 1,000 down. 120: 20 at the edge,
    # 50 needed.
    falls = Rules(Ladder((0, 1000), (0.05, 0.01), (0, 0)))
    assert liquidation_price("long", 110, 10, 120, falls) == pytest.approx(100)
    assert liquidation_price("long", 110, 10, 200, falls) == pytest.approx(900 / 9.5)
    assert liquidation_price("long", 110, 10, 60, falls) == pytest.approx(1040 / 9.9)
    assert liquidation_price("short", 90, 10, 60, falls) == pytest.approx(960 / 10.5)
    assert liquidation_price("short", 90, 10, 200, falls) == pytest.approx(1100 / 10.1)
    # A short may grow out of its ladder: 110 + (300 …): (1,100 + 300) / 10.5 = 133.33, above the cap of 1,200.
    capped = Rules(Ladder((0, 1000), (0.01, 0.05), (0, 0), cap=1200))
    assert liquidation_price("short", 110, 10, 300, capped) == pytest.approx(1400 / 10.5)


def test_a_value_at_an_edge_is_in_the_tier_below():
    # A long of 10 from 30,000 is worth 300,000, the last dollar of tier 1 (0.4 % of the whole). Of 1,400 it is open,
    # though
    # tier 2 would ask 1,500: 1,400 + 10 (p − 30,000) = 0.04 p → p = 298,600 / 9.96.
    whole = Rules(WHOLE)
    assert liquidation_price("long", 30_000, 10, 1400, whole) == pytest.approx(298_600 / 9.96)
    assert lab.crossing_price("long", 30_000, 10, 1400, whole) == pytest.approx(298_600 / 9.96)
    assert liquidation_price(["long", "long"], 30_000, 10, [1400, 6000], whole) == pytest.approx(
        [298_600 / 9.96, 294_000 / 9.96]
    )
    # Worth 800,000, the last dollar of tier 2: 30,000 + 10 (p − 80,000) = 0.05 p → p = 770,000 / 9.95;
    # and so deep that tier 1
    # holds: 600,000 + 10 (p − 80,000) = 0.04 p → p = 200,000 / 9.96.
    assert liquidation_price("long", 80_000, 10, 30_000, whole) == pytest.approx(770_000 / 9.95)
    assert liquidation_price("long", 80_000, 10, 600_000, whole) == pytest.approx(200_000 / 9.96)
    # A mark price that stands on the edge: 11,400 + 10 (30,000 − 31,000) = 1,400, as above.
    assert liquidation_price("long", 31_000, 10, 11_400, whole, mark_price=30_000) == pytest.approx(298_600 / 9.96)
    # A short on the edge is in tier 2 as soon as the price rises, and that asks 1,500: nothing is left between.
    assert liquidation_price("short", 30_000, 10, 1400, whole) == pytest.approx(30_000)
    # With 1,600 it goes on: 1,600 − 10 (p − 30,000) = 0.05 p → p = 301,600 / 10.05.
    assert liquidation_price("short", 30_000, 10, 1600, whole) == pytest.approx(301_600 / 10.05)


def test_the_last_bits_of_a_float_do_not_change_the_tier():
    # 0.1 + 0.2 is a little more than 0.3, and 0.3 coins at 1,000,000 are 300,000: tier 1 all the same.
    coins = 0.1 + 0.2
    assert (
        coins * 1e6 > 300_000
        and BINANCE.tier(coins * 1e6) == 1
        and list(BINANCE.tier(np.array([coins * 1e6, 300_001]))) == [1, 2]
    )
    assert lab.maintenance_margin(coins, 1e6, Rules(WHOLE)) == pytest.approx(1200)  # 0.4 %; 0.5 % would be 1,500
    # 1,400 + 0.3 (p − 1,000,000) = 0.0012 p → p = 298,600 / 0.2988, on the value now and (301,200 − 1,400) / 0.3 on
    # that at the entry.
    assert liquidation_price("long", 1e6, coins, 1400, Rules(WHOLE)) == pytest.approx(298_600 / 0.2988)
    assert liquidation_price("long", 1e6, coins, 1400, Rules(WHOLE, "entry")) == pytest.approx((301_200 - 1400) / 0.3)
    assert lab.maintenance_margin(coins, 1e6, Rules(Ladder((0,), (0.004,), cap=300_000))) == pytest.approx(
        1200
    )  # not larger than it may be
    assert BINANCE.tier(300_000.000001) == 2  # a part in 3e11 is no noise


def test_the_fee_counts_in_the_choice_of_the_tier():
    # 1 % and, above 1,000, 5 % of what is above; fee of 2 % at the price. A long of 10 from 110 with 120:
    # at 100 it has 20
    # and needs 10 + 20. So it ends in tier 2: 120 + 10 (p − 110) = 0.5 p − 40 + 0.2 p → p = 940 / 9.3.
    rules = Rules(Ladder((0, 1000), (0.01, 0.05)), "mark", 0.02, "mark")
    assert liquidation_price("long", 110, 10, 120, rules) == pytest.approx(940 / 9.3)
    assert liquidation_price("long", 110, 10, 131, rules) == pytest.approx(969 / 9.7)


def test_nothing_is_added_where_nothing_is_said():
    assert lab.equity("long", 100, 5, 50, 90) == 0
    assert lab.requirement("long", 100, 5, 50, 90, Rules(0, "mark", 0.1, "bankruptcy")) == pytest.approx(
        0.1 * 450 / 0.9
    )
    assert lab.margin_ratio("long", 100, 5, 100, 90, Rules(0.1)) == pytest.approx(45 / 50)


def test_the_walk_begins_at_the_mark_price():
    # Of 11,450: from the entry at 31,000 tier 2 closes it at 298,550 / 9.95 = 30,005.03. Already at 29,990, in tier 1,
    # it
    # has 1,350 and needs 1,199.60: closed at 298,550 / 9.96 = 29,974.90.
    for function in (liquidation_price, lab.crossing_price):
        assert function("long", 31_000, 10, 11_450, Rules(WHOLE)) == pytest.approx(298_550 / 9.95)
        assert function("long", 31_000, 10, 11_450, Rules(WHOLE), mark_price=29_990) == pytest.approx(298_550 / 9.96)
        with pytest.raises(ValueError, match="^mark price must be above 0, got 0$"):
            function("long", 31_000, 10, 11_450, Rules(WHOLE), mark_price=0)


# --- the equation at random


def random_cases(seed, count, jumps=False):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        contract = CONTRACTS[rng.integers(2)]
        entry = math.exp(rng.uniform(-3, 11))
        amount = math.exp(rng.uniform(8, 15.5))
        q = amount / entry if contract == "linear" else amount * entry
        kind = rng.integers(3)
        maintenance = (WHOLE if jumps else BINANCE) if kind == 0 or jumps else rng.uniform(0, 0.02)
        deduction = amount * rng.uniform(0, 0.001) if kind == 2 and not jumps else 0.0
        rules = Rules(
            maintenance, lab.MAINTENANCE_BASES[rng.integers(2)], rng.uniform(0, 0.001),
            lab.FEE_BASES[rng.integers(4)], maintenance_deduction=deduction,
        )  # fmt: skip
        margin = amount / rng.uniform(1, 60) * rng.uniform(0.9, 1.3)
        others = amount * rng.uniform(-0.02, 0.02) if rng.random() < 0.3 else 0.0
        yield ["long", "short"][rng.integers(2)], entry, q, margin, rules, contract, others


def test_against_bisection():
    checked = 0
    for side, entry, q, margin, rules, contract, others in random_cases(1, 3000):
        bankruptcy = broke(side, entry, q, margin + others, rules, contract)

        def short_of(price):
            return spare(side, entry, q, margin, price, rules, contract, others, bankruptcy)

        expected = bisect(short_of, entry)
        if short_of(entry) < 0:
            with pytest.raises(ValueError, match="liquidated at entry"):
                liquidation_price(side, entry, q, margin, rules, contract, others)
        else:
            price = liquidation_price(side, entry, q, margin, rules, contract, others)
            assert not price > entry if side == "long" else not price < entry
        crossing = lab.crossing_price(side, entry, q, margin, rules, contract, others)
        if math.isnan(expected):
            assert math.isnan(crossing) or not 1e-8 < crossing / entry < 1e8
        else:
            assert crossing == pytest.approx(expected, rel=1e-9)
            checked += 1
    assert checked > 2300


def test_a_walk_tick_by_tick():
    """From the entry against the trader, step by step: closed at the first step without enough, jumps included."""
    steps, walked = np.linspace(0, 3, 30_001), 0
    for side, entry, q, margin, rules, contract, others in random_cases(2, 150, jumps=True):
        s = 1 if side == "long" else -1
        prices = entry * np.exp(-s * steps)
        equity = margin + others + gain(side, q, entry, prices, contract)
        need = lab.requirement(side, entry, q, margin, prices, rules, contract, others)
        hit = np.flatnonzero(equity < need)
        if len(hit) and hit[0] == 0:
            with pytest.raises(ValueError, match="liquidated at entry"):
                liquidation_price(side, entry, q, margin, rules, contract, others)
            continue
        price = liquidation_price(side, entry, q, margin, rules, contract, others)
        if len(hit):
            before, after = sorted(prices[hit[0] - 1 : hit[0] + 1])
            assert before * (1 - 1e-9) <= price <= after * (1 + 1e-9)
            walked += 1
        else:
            assert not (price > prices[-1] if side == "long" else price < prices[-1])
    assert walked > 90


def bisect_all(function, entry, s):
    """For each place the root between the entry and almost nothing (long) or almost infinity (short); nan: none."""
    near, far = np.zeros_like(entry), np.full_like(entry, 25.0)  # e^25 times the entry price, or a part of it
    alive = function(entry * np.exp(-s * far)) > 0
    for _ in range(70):
        middle = (near + far) / 2
        above = function(entry * np.exp(-s * middle)) > 0
        near, far = np.where(above, middle, near), np.where(above, far, middle)
    return np.where(alive, np.nan, entry * np.exp(-s * near))


def test_a_hundred_thousand_cases():
    """Every switch, both contracts, both sides, with tiers and without:
    closed form against bisection of the definition."""
    violations = cases = 0
    rng = np.random.default_rng(3)
    for contract in CONTRACTS:
        for basis in lab.MAINTENANCE_BASES:
            for fee_basis in lab.FEE_BASES:
                for maintenance in (BINANCE, 0.006):
                    n = 3200
                    side = rng.choice(SIDES, n)
                    s = np.where(side == "long", 1, -1)
                    entry, amount = np.exp(rng.uniform(-3, 11, n)), np.exp(rng.uniform(3, 15.5, n))
                    q = amount / entry if contract == "linear" else amount * entry
                    margin, fee = amount / rng.uniform(2, 40, n), 0.0006

                    def profit(p):
                        return s * q * (p - entry) if contract == "linear" else s * q * (1 / entry - 1 / p)

                    def maintenance_at(p):
                        v = value(q, p, contract)
                        if maintenance == 0.006:
                            return v * 0.006
                        return sum(np.clip(v - low, 0, high - low) * rate for low, high, rate, _ in BINANCE.tiers)

                    def left(p):
                        return (
                            margin
                            + profit(p)
                            - (fee * value(q, p, contract) if fee_basis in ("mark", "bankruptcy") else 0.0)
                        )

                    broke = bisect_all(left, entry, s)
                    at_broke = np.where(np.isnan(broke), 0.0, value(q, np.where(np.isnan(broke), 1.0, broke), contract))

                    def enough(p):
                        taken_at = {
                            "none": 0.0,
                            "entry": amount,
                            "mark": value(q, p, contract),
                            "bankruptcy": at_broke,
                        }[fee_basis]
                        return margin + profit(p) - maintenance_at(entry if basis == "entry" else p) - fee * taken_at

                    rules = Rules(maintenance, basis, fee, fee_basis)
                    for expected, found in (
                        (bisect_all(enough, entry, s), liquidation_price(side, entry, q, margin, rules, contract)),
                        (broke, bankruptcy_price(side, entry, q, margin, rules, contract)),
                    ):
                        same = abs(found - expected) <= 1e-9 * expected
                        violations += np.sum(~(same | (np.isnan(expected) & ~(abs(np.log(found / entry)) < 24))))
                        cases += n
    assert cases >= 200_000 and violations == 0, f"{violations} of {cases}"


def test_equity_is_the_requirement_at_the_liquidation_price():
    """… and nothing is left at the bankruptcy price, which lies beyond it."""
    for side, entry, q, margin, rules, contract, others in random_cases(6, 400):
        try:
            price = liquidation_price(side, entry, q, margin, rules, contract, others)
        except ValueError:
            continue
        broke = bankruptcy_price(side, entry, q, margin, rules, contract, others)
        scale = value(q, entry, contract) + margin
        if price > 0:
            equity = lab.equity(side, entry, q, margin, price, contract, others)
            need = lab.requirement(side, entry, q, margin, price, rules, contract, others)
            assert equity == pytest.approx(need, abs=1e-11 * (scale + value(q, price, contract)))
        if broke > 0:
            left = lab.equity(side, entry, q, margin, broke, contract, others)
            fee = (
                rules.closing_fee_rate * value(q, broke, contract)
                if rules.closing_fee_basis in ("mark", "bankruptcy")
                else 0
            )
            assert left == pytest.approx(fee, abs=1e-11 * (scale + value(q, broke, contract)))
            if rules.closing_fee_basis != "entry" and rules.maintenance_deduction == 0:
                assert not (broke > price if side == "long" else broke < price)


def test_arrays_give_what_numbers_give():
    for jumps in (False, True):
        for side, entry, q, margin, rules, contract, others in random_cases(4, 120, jumps):
            try:
                one = liquidation_price(side, entry, q, margin, rules, contract, others)
            except ValueError:
                continue
            many = liquidation_price([side, side], entry, np.array([q, q]), margin, rules, contract, others)
            assert np.array_equal(many, [one, one], equal_nan=True)
            assert isinstance(one, float)


@given(st.sampled_from(SIDES), st.floats(1.01, 200), st.floats(1e-4, 1e6), st.floats(0, 0.004))
def test_more_margin_is_more_room(side, L, entry, rate):
    """Bigger margin, lower rate, smaller fee: each moves the price away from the entry, never towards it."""
    s, margin = (1 if side == "long" else -1), entry / L

    def room(margin=margin, rate=rate, fee=0.0005):
        price = lab.crossing_price(side, entry, 1, margin, Rules(rate, "mark", fee, "mark"))
        return 2 if math.isnan(price) else s * (entry - price) / entry

    assert room(margin=1.1 * margin) >= room() >= room(rate=rate + 0.001) - 1e-12
    assert room() >= room(fee=0.001)


# --- bad input


GOOD = {"side": "long", "entry_price": 100.0, "quantity": 1.0, "margin": 10.0, "rules": Rules(0.01)}
BAD_ARGUMENTS = [
    ({"side": "up"}, "side must be 'long' or 'short', got 'up'"),
    ({"side": ["long", "up"]}, "side must be 'long' or 'short', got 'up'"),
    ({"contract": "quanto"}, "contract must be 'linear' or 'inverse', got 'quanto'"),
    ({"entry_price": 0}, "entry price must be above 0, got 0"),
    ({"entry_price": "100"}, "entry price must be a number, above 0, got '100'"),
    ({"quantity": -1}, "quantity must be above 0, got -1"),
    ({"quantity": math.nan}, "quantity must be above 0, got nan"),
    ({"margin": math.inf}, "margin must be a finite number, got inf"),
    ({"margin": None}, "margin must be a number, got None"),
    ({"margin": [10, 20], "quantity": [1, 2, 3]}, "the arrays must have shapes that fit together"),
    ({"other_unrealised_pnl": math.nan}, "other unrealised pnl must be a finite number, got nan"),
    ({"other_maintenance_margin": "x"}, "other maintenance margin must be a number, got 'x'"),
    ({"mark_price": 0}, "mark price must be above 0, got 0"),
    ({"rules": 0.01}, "rules must be Rules"),
    ({"margin": 0.5}, "liquidated at entry: the margin must be at least its requirement of 1, got 0.5$"),
    ({"mark_price": 90.5}, r"liquidated at the mark price: the margin must be at least its requirement of 0\.905, "
        r"got 0\.5$"),
    ({"margin": [10, 0.5]}, r"liquidated at entry: .* of 1, got 0\.5 \(at position 1\)$"),
    ({"quantity": 2e6, "margin": 1e7, "rules": Rules(Ladder((0, 10), (0.01, 0.02), cap=1e6))}, "value must be from 0 "
        "to 1,000,000, got 2"),
]  # fmt: skip


@pytest.mark.parametrize("change, sentence", BAD_ARGUMENTS)
def test_bad_input_to_the_liquidation_price(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        liquidation_price(**{**GOOD, **change})


# By hand. Funding of 0.01 % with half of the time left: 100 × (1 + 0.0001 / 2) = 100.005.
MARKS = [
    ((100, 70), {}, 100),  # 100, 100, 70
    ((100, 70, -12), {}, 88),  # 100, 88, 70
    ((100, 101, 3), {}, 101),  # 100, 103, 101
    ((100, 130, 2), {"funding_rate": 0.0001, "time_left": 0.5}, 102),  # 100.005, 102, 130
    ((100, 90, 2), {"funding_rate": 0.0001, "time_left": 0.5}, 100.005),  # 100.005, 102, 90
    ((100, 90, -20), {"funding_rate": -0.003, "time_left": 1}, 90),  # 99.7, 80, 90
]


@pytest.mark.parametrize("prices, more, mark", MARKS)
def test_the_mark_is_the_one_in_the_middle(prices, more, mark):
    found = lab.mark_price(*prices, **more)
    assert found == pytest.approx(mark, rel=1e-15) and type(found) is float


def test_marks_of_a_whole_day_at_once():
    """Arrays broadcast; Bybit's help centre, 16 October 2024: median (price 1, price 2, last traded price)."""
    index, last = np.array([100.0, 90.0, 95.0]), np.array([[70.0], [99.0]])
    found = lab.mark_price(index, last, [0, -12, 3])
    for i, j in ((i, j) for i in range(2) for j in range(3)):
        assert found[i, j] == sorted([index[j], index[j] + (0, -12, 3)[j], last[i, 0]])[1]


BAD_MARKS = [
    ({"index_price": 0}, "index price must be above 0, got 0"),
    ({"last_price": -1}, "last price must be above 0, got -1"),
    ({"basis": math.inf}, "basis must be a finite number, got inf"),
    ({"funding_rate": 1}, "funding rate must be at least -1 and below 1, got 1"),
    ({"time_left": 1.5}, "time left must be from 0 to 1, got 1.5"),
    ({"time_left": "half"}, "time left must be a number, from 0 to 1, got 'half'"),
]


@pytest.mark.parametrize("change, sentence", BAD_MARKS)
def test_bad_input_to_the_mark_price(change, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        lab.mark_price(**{"index_price": 100, "last_price": 100} | change)


def test_exactly_enough_is_not_yet_liquidated():
    assert liquidation_price("long", 100, 1, 1, Rules(0.01)) == pytest.approx(100)
    assert liquidation_price("short", 100, 1, 1, Rules(0.01)) == pytest.approx(100)


def test_noise_of_floats_is_forgiven_and_nothing_more():
    rules = Rules(0.01)
    assert liquidation_price("long", 1e6, 1e3, 1e7 - 1e-6, rules) == pytest.approx(1e6)  # 1e7 needed: a part in 1e13
    for entry, q, margin in ((1e6, 1e3, 1e7 - 1), (1e-4, 1e-4, 0.999e-10)):
        with pytest.raises(ValueError, match="liquidated at entry"):
            liquidation_price("long", entry, q, margin, rules)
    # A margin of the whole value, but for the last bits of a float: the price is 0, not a speck, and it exists.
    for margin in (50_000 * 1e-6 * (1 - 2e-14), 50_000 * 1e-6 * (1 + 2e-14)):
        for found in (
            bankruptcy_price("long", 50_000, 1e-6, margin),
            liquidation_price("long", 50_000, 1e-6, margin, lab.NO_RULES),
            lab.crossing_price("long", 50_000, 1e-6, margin, lab.NO_RULES),
            bankruptcy_price("long", 50_000, 1e-6, np.array([margin]))[0],
        ):
            assert found == 0
    assert math.isnan(bankruptcy_price("long", 50_000, 1e-6, 0.05 * (1 + 1e-9)))
    assert math.isnan(bankruptcy_price("short", 50_000, 50_000, 1 - 1e-14, contract="inverse"))
    assert bankruptcy_price("short", 50_000, 50_000, 0.5, contract="inverse") == pytest.approx(100_000)


def test_others_count_in_every_place():
    at_bankruptcy = Rules(0.01, "mark", 0.1, "bankruptcy")
    # Bankrupt with 10 more at (500 − 60) / (5 × 0.9): fee 0.1 × 440 / 0.9; maintenance 4.5.
    need = 4.5 + 0.1 * 440 / 0.9
    assert lab.requirement("long", 100, 5, 50, 90, at_bankruptcy, other_unrealised_pnl=10) == pytest.approx(need)
    ratio = lab.margin_ratio("long", 100, 5, 50, 90, at_bankruptcy, other_unrealised_pnl=10)
    assert ratio == pytest.approx(need / 10)
    assert lab.margin_ratio("long", 100, 1, 10.5, 90, Rules(0.01, "entry")) == pytest.approx(2)  # 1 / 0.5
    with pytest.raises(ValueError, match="requirement of 6, got 5.5$"):
        liquidation_price("long", 100, 1, 5.5, Rules(0.01), other_maintenance_margin=5)
    with pytest.raises(ValueError, match="requirement of 55, got 50$"):  # bankrupt at 450 / 4.5 = 100: 50 of fee, and 5
        liquidation_price("long", 100, 5, 60, at_bankruptcy, other_unrealised_pnl=-10)
    grid = [[10, 20], [30, 0.5]]
    with pytest.raises(ValueError, match=r"got 0\.5 \(at position 1, 1\)$"):
        liquidation_price("long", 100, 1, grid, Rules(0.01))


def test_rules_may_be_arrays():
    found = liquidation_price("long", 100, 1, 10, Rules([0.01, 0.02], "mark", [0, 0.03], "mark"))
    assert found == pytest.approx([90 / 0.99, 90 / 0.95])
    found = liquidation_price("short", 100, 1, 10, Rules([0.01, 0.02], "entry", maintenance_deduction=[0, 1]))
    assert found == pytest.approx([109, 109])  # 10 − 1; 10 − (2 − 1)
    assert isinstance(Rules(0).maintenance, float) and isinstance(Rules(closing_fee_rate=0).closing_fee_rate, float)
    assert isinstance(Rules(maintenance_deduction=1).maintenance_deduction, float)
    Rules(0.5, "entry", 0.6, "mark"), Rules(0.5, "mark", 0.6, "none")  # they never stand beside each other


BAD_RULES = [
    ({"maintenance": 1}, "maintenance rate must be at least 0 and below 1, got 1"),
    ({"maintenance": -0.01}, "maintenance rate must be"),
    ({"maintenance_basis": "index"}, "maintenance basis must be 'mark' or 'entry', got 'index'"),
    ({"closing_fee_basis": "taker"}, "closing fee basis must be 'none', 'entry', 'mark' or 'bankruptcy', got 'taker'"),
    ({"closing_fee_rate": 1}, "closing fee rate must be at least 0 and below 1, got 1"),
    ({"maintenance": 0.5, "closing_fee_rate": 0.5, "closing_fee_basis": "mark"}, "maintenance rate and closing fee "
        "rate together must be"),
    ({"tick": 0}, "tick must be above 0, got 0"),
    ({"maintenance_deduction": math.nan}, "maintenance deduction must be a finite number"),
    ({"maintenance": BINANCE, "maintenance_deduction": 1}, "maintenance deduction must be 0 beside a ladder, which "
        "has its own$"),
    ({"maintenance": "0.5 %"}, "maintenance rate must be a number"),
    ({"maintenance": BINANCE, "closing_fee_rate": [0, 0.1]}, r"closing fee rate must be one number beside a ladder, "
        r"got an array of shape \(2,\)"),
]  # fmt: skip


@pytest.mark.parametrize("change, sentence", BAD_RULES)
def test_bad_rules(change, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}"):
        Rules(**change)


BAD_LADDERS = [
    (lambda: Ladder((), ()), "a ladder must have at least one tier, got none$"),
    (lambda: Ladder((0, 10), (0.1,)), "a ladder must have as many rates and deductions as floors, got 2 floors, 1 "
        "rates, 1 deductions$"),
    (lambda: Ladder((0, 10), (0.1, 0.2), (0,)), "a ladder must have as many .* got 2 floors, 2 rates, 1 deductions"),
    (lambda: Ladder((0, 10, 10), (0.1, 0.2, 0.3)), "tier 2 must end above its floor 10, got 10"),
    (lambda: Ladder((0,), (0.1,), cap=0), "cap must be above 0, got 0"),
    (lambda: Ladder((5,), (0.1,), (0,), cap=5), "tier 1 must end above its floor 5, got 5"),
    (lambda: Ladder((-1,), (0.1,)), "floor of tier 1 must be at least 0, got -1"),
    (lambda: Ladder((0,), (1.1,)), "rate of tier 1 must be from 0 to 1, got 1.1"),
    (lambda: Ladder("0", (0.1,)), "floors must be a sequence of numbers, got '0'"),
    (lambda: Ladder(0, (0.1,)), "floors must be a sequence of numbers, got 0"),
    (lambda: Ladder((0,), (0.1,), measure="coins"), "measure must be 'value' or 'quantity', got 'coins'"),
    (lambda: Ladder.of([]), "tiers must be a list of .* with at least one row"),
    (lambda: Ladder.of("tiers"), "tiers must be a list"),
    (lambda: Ladder.of([[0, 10, 0.1]]), "tier 1 must be .floor, cap or null, rate, deduction or null., got"),
    (lambda: Ladder.of([[0, 10, 0.1, 0], [11, 20, 0.2, 1]]), "tiers 1 and 2 leave a gap: one ends at 10, the next "
        "begins at 11"),
    (lambda: Ladder.of([[0, 10, 0.1, 0], [9, 20, 0.2, 1]]), "tiers 1 and 2 overlap: one ends at 10, the next "
        "begins at 9"),
    (lambda: Ladder.of([[0, None, 0.1, 0], [9, 20, 0.2, 1]]), "tiers 1 and 2 overlap: one ends at inf"),
    (lambda: Ladder.of([[0, -1, 0.1, 0]]), "cap of tier 1 must be above 0, got -1"),
    (lambda: Ladder.of([[5, 10, 0.1, None]]), "the deduction of tier 1 must be given when it begins above 0, at 5"),
    (lambda: Ladder.of([[0, 10, 0.1, "x"]]), "deduction of tier 1 must be a number, got 'x'"),
    (lambda: Ladder((0,), "0.1"), "rates must be a sequence of numbers, got '0.1'"),
    (lambda: Ladder((0,), (0.1,), "0"), "deductions must be a sequence of numbers, got '0'"),
    (lambda: Ladder((0,), ("x",)), "rates must be a number, got 'x'"),
    (lambda: Ladder((0,), (0.1,), (math.nan,)), "deductions must be a finite number, got nan"),
    (lambda: Ladder((0,), (-0.1,)), "rate of tier 1 must be from 0 to 1, got -0.1"),
    (lambda: Ladder.of([[-1, 10, 0.1, 0]]), "floor of tier 1 must be at least 0, got -1"),
    (lambda: Ladder.of([[0, 10, 1.5, 0]]), "rate of tier 1 must be from 0 to 1, got 1.5"),
    (lambda: Ladder.of([[0, 10, -0.1, 0]]), "rate of tier 1 must be from 0 to 1, got -0.1"),
    (lambda: Ladder.of([[0, 10, 0.1, math.inf]]), "deduction of tier 1 must be a finite number, got inf"),
    (lambda: BINANCE.tier(-1), "value must be at least 0, got -1"),
    (lambda: Ladder((50,), (0.1,), (0,)).at(10), "value must be at least 50, got 10"),
]  # fmt: skip


@pytest.mark.parametrize("make, sentence", BAD_LADDERS)
def test_bad_ladders(make, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}"):
        make()


CALLS = [
    (lab.position_margin, ("long", 100, 1, 10)),
    (lab.equity, ("long", 100, 1, 10, 90)),
    (lab.maintenance_margin, (1, 100, Rules(0.01))),
    (lab.closing_fee, ("long", 100, 1, 10, 90, Rules(0.01, "mark", 0.01, "mark"))),
    (lab.requirement, ("long", 100, 1, 10, 90, Rules(0.01))),
    (lab.margin_ratio, ("long", 100, 1, 10, 95, Rules(0.01))),
    (lab.bankruptcy_price, ("long", 100, 1, 10)),
    (lab.crossing_price, ("long", 100, 1, 10, Rules(0.01))),
    (lab.liquidation_price, ("long", 100, 1, 10, Rules(0.01))),
    (lab.round_to_tick, (100, 0.5, "long")),
]


@pytest.mark.parametrize("function, arguments", CALLS, ids=lambda x: getattr(x, "__name__", ""))
def test_every_number_is_checked_everywhere(function, arguments):
    assert math.isfinite(function(*arguments))
    for place, good in enumerate(arguments):
        if isinstance(good, (int, float)):
            for bad in (math.inf, "ten", None, True, [1, "x"]):
                if function is lab.round_to_tick and place == 0:
                    continue  # a price it has computed, nan allowed
                with pytest.raises(ValueError, match="must be"):
                    function(*arguments[:place], bad, *arguments[place + 1 :])
        elif isinstance(good, str):
            with pytest.raises(ValueError, match="side must be 'long' or 'short', got 'both'"):
                function(*arguments[:place], "both", *arguments[place + 1 :])


@pytest.mark.parametrize("function, arguments", CALLS[:-1], ids=lambda x: getattr(x, "__name__", ""))
def test_the_contract_is_checked_everywhere(function, arguments):
    with pytest.raises(ValueError, match="^contract must be 'linear' or 'inverse', got 'quanto'$"):
        function(*arguments, contract="quanto")
