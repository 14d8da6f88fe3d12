"""The money of chapters 6 and 7, against hand calculation, ledgers kept coin by coin, tick walks, bisection, loops."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage_lab import strategies as lab
from leverage_lab.liquidation import Ladder, Rules, crossing_price, liquidation_price, position_margin

NAN = math.nan
sides = st.sampled_from(["long", "short"])
rates = st.floats(0, 0.01)
FEW = settings(max_examples=25)  # for each of many rules
FEE_TEXT = "at least -1 and below 1"


def sign(side):
    return 1 if side == "long" else -1


def settle(side, quantity, entry, exit, opening_fee_rate, closing_fee_rate):
    """What an account gains by a trade, booked as what is paid and what is received."""
    bought, sold = (quantity * entry, quantity * exit) if side == "long" else (quantity * exit, quantity * entry)
    opened, closed = (bought, sold) if side == "long" else (sold, bought)
    return sold - bought - opening_fee_rate * opened - closing_fee_rate * closed


# --- size from risk


def test_size_by_hand():
    # 1 % of 10,000 is 100. A coin from 100 to 98 loses 2, pays 0.06 to open and 0.0588 to close: 2.1188.
    size = lab.size_from_risk("long", 10_000, 0.01, 100, 98, 0.0006, 0.0006)
    assert size.quantity == pytest.approx(100 / 2.1188, rel=1e-12)
    assert size.notional == pytest.approx(10_000 / 2.1188, rel=1e-12)
    assert size.price_loss == pytest.approx(200 / 2.1188, rel=1e-12)
    assert size.opening_fee == pytest.approx(6 / 2.1188, rel=1e-12)
    assert size.closing_fee == pytest.approx(5.88 / 2.1188, rel=1e-12)
    assert size.fees == pytest.approx(11.88 / 2.1188, rel=1e-12)
    assert size.loss == pytest.approx(100, rel=1e-12) and type(size.quantity) is float


def test_size_without_fees_is_the_rule_of_thumb():
    # 50 to lose over a distance of 4: 12.5 coins; nothing but account, risk, entry and stop is needed.
    size = lab.size_from_risk("short", 1000, 0.05, 200, 204)
    assert size.quantity == pytest.approx(12.5, rel=1e-12) and size.fees == 0
    assert lab.size_from_risk("long", 1000, 1, 200, 196).loss == pytest.approx(1000)  # all of it may be risked


def test_a_rebate_pays_part_of_the_loss():
    # 2 lost, 0.01 received at the opening, 0.049 paid at the close: 2.039 a coin.
    assert lab.size_from_risk("long", 100, 0.02039, 100, 98, -0.0001, 0.0005).quantity == pytest.approx(1)
    with pytest.raises(ValueError, match="^loss of a quantity of 1 at the stop, after rebates must be above 0, got -"):
        lab.size_from_risk("long", 100, 0.01, 100, 99.9, -0.01, 0)


@given(sides, st.floats(1, 1e6), st.floats(1e-4, 1), st.floats(1e-3, 0.9), rates, rates)
def test_the_stop_costs_exactly_the_risk(side, account, risk, distance, fo, f):
    stop = 250 * (1 - sign(side) * distance)
    size = lab.size_from_risk(side, account, risk, 250, stop, fo, f)
    assert settle(side, size.quantity, 250, stop, fo, f) == pytest.approx(-risk * account, rel=1e-9)
    assert size.loss == pytest.approx(risk * account, rel=1e-9)


def test_sizes_of_arrays_are_those_of_numbers():
    stops = np.array([[98.0], [95.0]])
    got = lab.size_from_risk("long", [1000.0, 2000.0], 0.01, 100, stops, 0.001, 0.001)
    assert got.quantity.shape == got.loss.shape == (2, 2)
    for i in range(2):
        for j in range(2):
            one = lab.size_from_risk("long", [1000, 2000][j], 0.01, 100, stops[i, 0], 0.001, 0.001)
            for field in ("quantity", "notional", "price_loss", "opening_fee", "closing_fee"):
                assert getattr(got, field)[i, j] == pytest.approx(getattr(one, field), rel=1e-12)
    both = lab.size_from_risk(["long", "short"], 100, 0.01, 100, [98, 102])
    assert both.quantity.tolist() == pytest.approx([0.5, 0.5])


def test_the_risk_of_a_trade_does_not_depend_on_leverage_until_liquidation_comes_first():
    # Stop 1 % away, 0.5 % maintenance on the entry value: 1/L > 0.015 up to 66x, not at 67x.
    size = lab.size_from_risk("long", 10_000, 0.01, 100, 99)
    path, rules = np.round(np.arange(100, 90, -0.01), 2), Rules(0.005, "entry")
    for L in (1, 2, 10, 50, 66):
        margin = size.notional / L
        out = lab.stop_loss("long", 100, 99, size.quantity, margin, path, rules)
        assert out.first == "stop" and out.loss == pytest.approx(100)
    for L in (67, 100, 150):
        out = lab.stop_loss("long", 100, 99, size.quantity, size.notional / L, path, rules)
        assert out.first == "liquidation" and out.loss == pytest.approx(10_000 / L)


# --- stop against liquidation

E = 114_400.0


def at_500x(side, rules, stop=0.001):
    return lab.stop_check(side, E, E * (1 - sign(side) * stop), 5000 / E, 10, rules)


@pytest.mark.parametrize("side", ["long", "short"])
def test_a_stop_at_the_liquidation_price_never_fires_first(side):
    # 500x, maintenance 0.1 % of the entry value: 1/500 − 0.001 = 0.001 away, which is where the stop is.
    check = at_500x(side, Rules(0.001, "entry"))
    assert check.first == "liquidation" and type(check.first) is str
    assert check.stop_distance == pytest.approx(0.001, abs=1e-12)
    assert check.liquidation_distance == pytest.approx(0.001, abs=1e-12)
    assert check.bankruptcy_distance == pytest.approx(0.002, abs=1e-12)
    assert abs(check.room) < 1e-12
    for stop in np.linspace(0.001, 0.3, 50):
        assert at_500x(side, Rules(0.001, "entry"), stop).first == "liquidation"
    assert at_500x(side, Rules(0.001, "entry"), 0.000999).first == "stop"


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("fill", ["path", "stop"])
def test_and_a_price_that_comes_there_liquidates(side, fill):
    # Stop and liquidation 0.1 % away as before, apart only by the last bits of a float: $10 of margin,
    # and not $5 for the stop.
    for entry in (114_400, 100, 0.7379, 3550):
        there = entry * (1 - sign(side) * 0.001)
        lost = lab.stop_loss(side, entry, there, 5000 / entry, 10, [entry, there], Rules(0.001, "entry"), fill=fill)
        assert lost.first == "liquidation" and lost.loss == pytest.approx(10)
        near = entry * (1 - sign(side) * 0.00099)
        assert (
            lab.stop_loss(side, entry, near, 5000 / entry, 10, [entry, near], Rules(0.001, "entry"), fill=fill).first
            == "stop"
        )


def test_the_same_with_maintenance_on_the_mark_value():
    # Long 1 − 0.998/0.999 = 0.001001001…; short 1.002/1.001 − 1 = 0.000999000…
    long, short = at_500x("long", Rules(0.001)), at_500x("short", Rules(0.001))
    assert long.liquidation_distance == pytest.approx(1 / 999, rel=1e-9) and long.first == "stop"
    assert short.liquidation_distance == pytest.approx(1 / 1001, rel=1e-9) and short.first == "liquidation"
    assert long.room == pytest.approx(1 / 999 - 0.001, abs=1e-12)
    # A closing fee of 0.02 % takes that hair away: 1 − 0.998/0.9988 = 0.00080096.
    fee = at_500x("long", Rules(0.001, "mark", 0.0002, "mark"))
    assert fee.first == "liquidation" and fee.liquidation_distance == pytest.approx(0.0008 / 0.9988, rel=1e-9)
    # Rounded against the trader: 114,285.4855 becomes 114,286 with ticks of 1, above the stop at 114,285.6.
    tick = at_500x("long", Rules(0.001, tick=1))
    assert tick.liquidation_price == 114_286 and tick.first == "liquidation" and tick.stop_price == 114_400 * 0.999


def test_a_billionth_of_a_thousandth_is_no_room():
    def check(room):
        return lab.StopCheck(100.0, 100.0 - room, 0.0, room, 0.5)

    assert (
        check(1e-12).first == "liquidation" and check(1.01e-12).first == "stop" and check(-1e-12).first == "liquidation"
    )
    many = lab.stop_check("long", 100, [99.5, 98.5, 98], 1, 2, Rules(0.005, "entry"))
    assert many.first.tolist() == ["stop", "liquidation", "liquidation"]


def test_a_liquidation_that_never_comes():
    # A long of 100 dollars on 150: never. On 100: at a worthless coin.
    never = lab.stop_check("long", 100, 50, 1, 150, Rules(0.005))
    assert math.isnan(never.liquidation_price) and math.isnan(never.liquidation_distance) and math.isnan(never.room)
    assert math.isnan(never.bankruptcy_distance) and never.stop_distance == 0.5 and never.first == "stop"
    worthless = lab.stop_check("long", 100, 1, 1, 100, Rules())
    assert worthless.liquidation_distance == 1 and worthless.first == "stop"
    both = lab.stop_check("long", 100, [50, 50], 1, [150, 40], Rules())
    assert both.first.tolist() == ["stop", "liquidation"]


@given(sides, st.integers(2, 150), st.integers(1, 900), st.sampled_from([0.0, 0.004, 0.006]))
def test_which_comes_first_against_a_walk_in_ticks(side, L, ticks_to_stop, rate):
    """100 dollars, ticks of 0.05: the first tick at which the stop is met, or 100/L − loss < rate × value."""
    s = sign(side)
    if 1 / L <= rate:
        return
    check = lab.stop_check(side, 100, 100 - s * 0.05 * ticks_to_stop, 1, 100 / L, Rules(rate))
    gap = abs(check.liquidation_price - check.stop_price)
    for n in range(1, 2001):
        price = 100 - s * 0.05 * n
        liquidated = 100 / L - 0.05 * n <= rate * price
        if liquidated or n >= ticks_to_stop:
            break
    expected = "liquidation" if liquidated else "stop"
    if gap > 0.05 + 1e-9:  # within a tick the walk cannot tell them apart
        assert check.first == expected


# --- the margin that carries to a price, and the leverage for a stop

LADDER = Ladder((0, 50_000, 250_000), (0.004, 0.01, 0.05))
JUMPS = Ladder((0, 50_000, 250_000), (0.004, 0.01, 0.05), (0, 0, 0), cap=500_000)
FALLS = Ladder((0, 50_000), (0.02, 0.005), (0, 0))
RULES = [
    Rules(),
    Rules(0.005, "entry"),
    Rules(0.005, "mark"),
    Rules(0.005, "entry", 0.0006, "entry"),
    Rules(0.005, "mark", 0.0006, "mark"),
    Rules(0.005, "entry", 0.0006, "bankruptcy"),
    Rules(0.005, "mark", 0.02, "bankruptcy"),
    Rules(LADDER),
    Rules(LADDER, "entry", 0.001, "bankruptcy"),
    Rules(Ladder((0, 3), (0.005, 0.02), measure="quantity")),
]
EDGY = [Rules(JUMPS), Rules(FALLS), Rules(JUMPS, "mark", 0.001, "bankruptcy")]


def test_margin_for_a_rise_by_hand():
    # Short of 2 coins at 100, price to 150: 100 lost, and 0.5 % of 300 must be there.
    assert lab.margin_for_rise(0.5, 2, 100, Rules(0.005)) == pytest.approx(101.5, rel=1e-12)
    assert lab.margin_for_rise(0.5, 2, 100, Rules(0.005, "entry")) == pytest.approx(101, rel=1e-12)
    assert lab.margin_for_rise(0.5, 2, 100) == pytest.approx(100, rel=1e-12)
    assert lab.margin_for_rise([0.1, 1], 2, 100).tolist() == pytest.approx([20, 200])
    assert lab.margin_to_survive("long", 100, 2, 90, Rules(0.005)) == pytest.approx(20.9, rel=1e-12)
    assert lab.margin_to_survive("long", 100, 2, 90) == pytest.approx(20, rel=1e-12)


@pytest.mark.parametrize("rules", RULES)
@FEW
@given(sides, st.floats(1e-3, 0.9), st.floats(1000, 1e6))
def test_with_that_margin_liquidation_is_at_that_price(rules, side, move, value):
    price, quantity = 100 * (1 - sign(side) * move), value / 100
    margin = lab.margin_to_survive(side, 100, quantity, price, rules)
    assert crossing_price(side, 100, quantity, margin, rules) == pytest.approx(price, rel=1e-9)


@pytest.mark.parametrize("rules", [*RULES, *EDGY])
@FEW
@given(sides, st.floats(1e-3, 0.6), st.floats(1000, 300_000))
def test_a_little_less_margin_is_liquidated_before_and_a_little_more_is_not(rules, side, move, value):
    s, quantity = sign(side), value / 100
    price = 100 * (1 - s * move)
    margin = lab.margin_to_survive(side, 100, quantity, price, rules)
    before, after = (crossing_price(side, 100, quantity, margin + part * value, rules) for part in (-1e-7, 1e-7))
    assert s * (before - price) > 0 and not s * (after - price) > 0


def test_no_edge_on_the_way_may_be_too_much():
    # Long of 600 coins at 100, down to 80: 48,000 at 0.4 % asks for 12,000 + 192. But at 50,000 (83.33) the rate was
    # still 1 %: 10,000 + 500 there. Down to 83: 49,800 at 0.4 % needs 10,200 + 199.2, the edge 10,500.
    assert lab.margin_to_survive("long", 100, 600, 80, Rules(JUMPS)) == pytest.approx(12_192, rel=1e-9)
    assert lab.margin_to_survive("long", 100, 600, 83, Rules(JUMPS)) == pytest.approx(10_500, rel=1e-9)
    assert lab.margin_to_survive("long", 100, 600, [80, 83], Rules(JUMPS)).tolist() == pytest.approx([12_192, 10_500])
    assert lab.margin_to_survive("long", 100, 600, 90, Rules(JUMPS)) == pytest.approx(6540, rel=1e-9)
    # Rates that fall: a short of 400 at 100, up to 130: 52,000 at 0.5 % needs 12,000 + 260;
    # at 50,000 (125) 10,000 + 1,000.
    assert lab.margin_to_survive("short", 100, 400, 126, Rules(FALLS)) == pytest.approx(11_000, rel=1e-9)
    assert lab.margin_to_survive("short", 100, 400, 130, Rules(FALLS)) == pytest.approx(12_260, rel=1e-9)


def test_a_position_may_grow_out_of_its_ladder_but_not_be_opened_beyond():
    # Short of 4,000 coins at 100 (400,000 of 500,000 allowed) to 150: 200,000 lost, 5 % of 600,000 is 30,000.
    assert lab.margin_to_survive("short", 100, 4000, 150, Rules(JUMPS)) == pytest.approx(230_000, rel=1e-9)
    with pytest.raises(ValueError, match="^value must be from 0 to 500,000, got 600000$"):
        lab.margin_to_survive("short", 100, 6000, 150, Rules(JUMPS))
    # A first tier that begins at 1,000: a long of 1,500 falls out of it below, at its rate.
    late = Rules(Ladder((1000, 5000), (0.01, 0.02), (2, 52)))
    assert lab.margin_to_survive("long", 100, 15, 50, late) == pytest.approx(750 + 7.5 - 2, rel=1e-9)
    with pytest.raises(ValueError, match="^value must be at least 1,000, got 900$"):
        lab.margin_to_survive("long", 100, 9, 50, late)


def test_highest_leverage_by_hand():
    # 1/L = 0.1 % + 0.1 % on the entry value; 0.1 % + 0.1 % × 0.999 (long) or × 1.001 (short) on the mark value.
    assert lab.max_leverage_for_stop("long", E, E * 0.999, Rules(0.001, "entry")) == pytest.approx(500, rel=1e-9)
    assert lab.max_leverage_for_stop("short", E, E * 1.001, Rules(0.001, "entry")) == pytest.approx(500, rel=1e-9)
    assert lab.max_leverage_for_stop("long", E, E * 0.999, Rules(0.001)) == pytest.approx(1 / 0.001999, rel=1e-9)
    assert lab.max_leverage_for_stop("short", E, E * 1.001, Rules(0.001)) == pytest.approx(1 / 0.002001, rel=1e-9)
    got = lab.max_leverage_for_stop(["long", "short"], 100, [[99, 101], [98, 102]], Rules(0.005, "entry"))
    assert got.ravel().tolist() == pytest.approx([1 / 0.015, 1 / 0.015, 40, 40])


def test_leverages_that_do_not_exist():
    # A short's stop at three times the entry: even 1x has lost all at twice. Exactly twice is 1x.
    assert math.isnan(lab.max_leverage_for_stop("short", 100, 300, Rules()))
    assert lab.max_leverage_for_stop("short", 100, 200, Rules()) == 1
    assert lab.max_leverage_for_stop("short", 0.3, 0.6, Rules()) == 1
    assert math.isnan(lab.max_leverage_for_stop("short", 100, 200, Rules(0.001)))
    # A stop whose next tick is 0.
    assert math.isnan(lab.max_leverage_for_stop("long", 100, 10, Rules(tick=10)))
    got = lab.max_leverage_for_stop("short", 100, [300, 150], Rules())
    assert math.isnan(got[0]) and got[1] == 2
    # A deduction of 30 beside 20 to lose and 9 to keep: any leverage will do.
    assert lab.max_leverage_for_stop("long", 100, 80, Rules(0.1125, maintenance_deduction=30)) == math.inf
    got = lab.max_leverage_for_stop("long", 100, [80, 60], Rules(0.1125, maintenance_deduction=30))
    assert got[0] == math.inf and got[1] == pytest.approx(100 / (40 + 6.75 - 30))


def test_highest_leverage_on_a_grid_of_prices():
    # Stop at 99 in ticks of 1: the last price that is still beyond it is 98, so 1/L = 2 % + 0.5 %.
    assert lab.max_leverage_for_stop("long", 100, 99, Rules(0.005, "entry", tick=1)) == pytest.approx(40)
    assert lab.max_leverage_for_stop("long", 100, 98.4, Rules(0.005, "entry", tick=1)) == pytest.approx(40)
    assert lab.max_leverage_for_stop("short", 100, 101, Rules(0.005, "entry", tick=1)) == pytest.approx(40)
    assert lab.max_leverage_for_stop("short", 100, 101.7, Rules(0.005, "entry", tick=1)) == pytest.approx(40)


@pytest.mark.parametrize("rules", [*RULES, *EDGY, Rules(0.005, "mark", 0.0006, "mark", tick=0.5)])
@FEW
@given(sides, st.floats(0.003, 0.8), st.floats(2000, 400_000))
def test_highest_leverage_against_bisection(rules, side, distance, value):
    s, quantity = sign(side), value / 100
    stop = 100 * (1 - s * distance)
    found = lab.max_leverage_for_stop(side, 100, stop, rules, quantity)

    def fires_first(L):
        try:
            end = liquidation_price(side, 100, quantity, position_margin(side, 100, quantity, L, rules), rules)
        except ValueError:  # liquidated at entry
            return False
        return not s * (stop - end) <= 1e-9

    if not fires_first(1):
        assert math.isnan(found) or found == pytest.approx(1, rel=1e-6)
        return
    low, high = 1.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if fires_first(middle) else (low, middle)
    assert found == pytest.approx(low, rel=1e-7)


@pytest.mark.parametrize("side", ["long", "short"])
def test_highest_leverage_against_all_whole_ones(side):
    stop, quantity = 100 * (1 - sign(side) * 0.012), 700.0
    fine = [
        L for L in range(1, 100) if lab.stop_check(side, 100, stop, quantity, 70_000 / L, Rules(JUMPS)).first == "stop"
    ]
    found = lab.max_leverage_for_stop(side, 100, stop, Rules(JUMPS), quantity)
    assert fine == list(range(1, math.floor(found) + 1)) and found > 40
    assert lab.max_leverage_for_stop(side, 100, stop, Rules(JUMPS)) > found  # a single coin has the lowest rate


# --- stops along a path


def test_stops_on_any_number_of_axes():
    paths = np.array([[[100.0, 94], [100, 89], [100, 99]], [[100, 80], [100, 101], [100, 96]]])
    end = [[90.0, 90, NAN], [85, 85, 97]]
    out = lab.fixed_stop("long", paths, 95, liquidation_price=end)
    assert out.first.tolist() == [["stop", "liquidation", "none"], ["liquidation", "none", "liquidation"]]
    assert out.price[0, 1] == 90 and out.price[1].tolist() == pytest.approx([85, NAN, 97], nan_ok=True)
    both = lab.fixed_stop(["long", "short"], [100, 94, 106], [95, 105], liquidation_price=[NAN, NAN])
    assert both.index.tolist() == [1, 2] and both.price.tolist() == [94, 106]
    one = lab.fixed_stop(["long", "short"], [100, 97, 106], 98, liquidation_price=[[90, 120], [90, 105]])
    assert one.index.tolist() == [[1, 0], [1, 0]]  # a short's stop at 98 is met at 100 at once
    ends = lab.fixed_stop("long", [100, 94, 80], 85, liquidation_price=[95, 90, 70])
    assert ends.index.tolist() == [1, 2, 2] and ends.first.tolist() == ["liquidation", "liquidation", "stop"]
    one = lab.fixed_stop("short", [100], 110)  # a path of one price
    assert (one.first, one.index) == ("none", -1) and (type(one.first), type(one.index), type(one.price)) == (
        str,
        int,
        float,
    )


def test_a_price_exactly_at_the_stop_fires_it():
    assert lab.fixed_stop("long", [100, 90], 90).index == 1 and lab.fixed_stop("short", [100, 110], 110).index == 1


def test_a_stop_that_is_never_met():
    out = lab.fixed_stop("long", [100, 101, 102], 95)
    assert out.first == "none" and out.index == -1 and math.isnan(out.price)
    many = lab.fixed_stop("long", [[100, 101, 102], [100, 90, 80]], 95)
    assert many.first.tolist() == ["none", "stop"] and many.index.tolist() == [-1, 1]
    assert math.isnan(many.price[0]) and many.price[1] == 90


def test_stop_and_liquidation_on_one_path():
    # Stop at 95, liquidation at 90.
    def first(path, fill="path", stop=95, end=90.0):
        out = lab.fixed_stop("long", path, stop, fill, end)
        return out.first, out.index, out.price

    assert first([100, 94, 80]) == ("stop", 1, 94.0)
    assert first([100, 94, 80], "stop") == ("stop", 1, 95.0)
    assert first([100, 89, 80]) == ("liquidation", 1, 90.0)  # jumped over both
    assert first([100, 89, 80], "stop") == ("stop", 1, 95.0)  # passed through both, the stop first
    assert first([100, 90, 80]) == ("liquidation", 1, 90.0)
    assert first([100, 91, 85], stop=85) == ("liquidation", 2, 90.0)
    assert first([100, 91, 85], "stop", stop=85) == ("liquidation", 2, 90.0)
    assert first([100, 91, 85], "stop", stop=90) == ("liquidation", 2, 90.0)  # at one price
    assert first([100, 94], end=NAN) == ("stop", 1, 94.0) == first([100, 94], end=None)
    assert first([100, 99], end=0) == ("none", -1, pytest.approx(NAN, nan_ok=True))
    out = lab.fixed_stop("short", [100, 111, 120], 105, "path", 110)
    assert (out.first, out.index, out.price) == ("liquidation", 1, 110.0)
    assert lab.fixed_stop("short", [100, 111], 105, "stop", 110).price == 105
    assert lab.fixed_stop("short", [100, 104], 105, liquidation_price=NAN).first == "none"


def test_paths_with_their_own_side_stop_and_liquidation():
    paths = np.array([[100.0, 96, 90], [100, 104, 110], [100, 101, 99]])
    out = lab.fixed_stop(["long", "short", "long"], paths, [95, 120, 90], liquidation_price=[NAN, 105, 80])
    assert out.first.tolist() == ["stop", "liquidation", "none"] and out.index.tolist() == [2, 2, -1]
    assert out.price[:2].tolist() == [90, 105]
    one = lab.fixed_stop("long", [100, 96, 90], [97, 91, 80])  # one path, three stops
    assert one.index.tolist() == [1, 2, -1]


def walk(side, path, stop, fill, end):
    """The same in a plain loop: (first, index, price)."""
    s = sign(side)
    for i, price in enumerate(path):
        met, over = s * price <= s * stop, end is not None and s * price <= s * end
        if met and over:
            met = fill == "stop" and s * stop > s * end
        if met:
            return "stop", i, price if fill == "path" else stop
        if over:
            return "liquidation", i, end
    return "none", -1, NAN


@given(
    sides,
    st.lists(st.lists(st.integers(80, 120), min_size=12, max_size=12), min_size=1, max_size=6),
    st.integers(85, 115),
    st.sampled_from(["path", "stop"]),
    st.none() | st.integers(80, 120),
)
def test_stops_against_a_plain_loop(side, paths, stop, fill, end):
    got = lab.fixed_stop(side, paths, stop, fill, end)
    for i, path in enumerate(paths):
        first, index, price = walk(side, path, stop, fill, end)
        one = lab.fixed_stop(side, path, stop, fill, end)
        assert (got.first[i], got.index[i]) == (one.first, one.index) == (first, index)
        assert got.price[i] == pytest.approx(price, nan_ok=True) and one.price == pytest.approx(price, nan_ok=True)


# --- does a tight stop prevent the loss?


def test_a_gap_makes_the_stop_cost_more_by_hand():
    # 10 coins at 100, margin 100 (10x), stop at 99, 0.1 % each way. Filled there: 10 + 1 + 0.99 = 11.99.
    # The price jumps to 96: 40 + 1 + 0.96 = 41.96.
    path, rules = [100, 99.5, 96, 80], Rules(0.005, "entry")
    out = lab.stop_loss("long", 100, 99, 10, 100, path, rules, 0.001, 0.001)
    assert out.first == "stop" and out.index == 2 and out.price == 96
    assert out.loss == pytest.approx(41.96) and type(out.loss) is float
    assert lab.stop_loss("long", 100, 99, 10, 100, path, rules, 0.001, 0.001, "stop").loss == pytest.approx(11.99)


def test_a_jump_over_both_takes_the_margin():
    # 500x as in the article: 5,000 dollars on 10, stop 0.05 % away; from 100 to 99.8 at once.
    gap = lab.stop_loss("long", 100, 99.95, 50, 10, [100, 99.8], Rules(0.001, "entry"), opening_fee_rate=0.0002)
    assert gap.first == "liquidation" and gap.loss == pytest.approx(10 + 1)  # and 0.02 % of 5,000
    # The article's stop at 0.1 %: 5 dollars planned, the margin lost, however small the steps.
    steps = np.arange(100, 99.7, -0.001)
    slow = lab.stop_loss("short", 100, 100.1, 50, 10, 200 - steps, Rules(0.001))
    assert slow.first == "liquidation" and slow.loss == 10


def test_a_fill_near_the_end_takes_no_more_than_the_margin():
    # 20 of margin, stop 19.5 away without maintenance: 19.5 + 1 % of 80.5 = 20.305 would be more.
    out = lab.stop_loss("long", 100, 80.5, 1, 20, [100, 80.5], closing_fee_rate=0.01)
    assert out.first == "stop" and out.loss == 20


def test_stop_losses_over_many_paths():
    paths = np.array([[100.0, 97, 90], [100, 85, 80], [100, 101, 102]])
    out = lab.stop_loss("long", 100, 98, 1, [10.0, 10.0, 10.0], paths, Rules(0.005, "entry"))
    assert out.first.tolist() == ["stop", "liquidation", "none"]
    assert out.loss[:2].tolist() == pytest.approx([3, 10]) and math.isnan(out.loss[2])
    still = lab.stop_loss("long", 100, 98, 1, 10, [100, 101], opening_fee_rate=0.01)
    assert still.first == "none" and math.isnan(still.loss)


@given(sides, st.lists(st.floats(60, 160), min_size=1, max_size=10), st.floats(0.01, 0.2), rates, rates)
def test_an_isolated_loss_is_never_more_than_margin_and_opening_fee(side, path, distance, fo, f):
    stop = 100 * (1 - sign(side) * distance)
    out = lab.stop_loss(side, 100, stop, 1, 25, path, Rules(0.005), fo, f)
    opening = fo * 100
    if out.first == "none":
        assert math.isnan(out.loss) and all(sign(side) * (p - stop) > 0 for p in path)
    elif out.first == "liquidation":
        assert out.loss == pytest.approx(25 + opening)
    else:
        booked = -settle(side, 1, 100, out.price, 0, f)
        assert out.loss == pytest.approx(min(booked, 25) + opening) and out.price in path


# --- the hedge


def test_a_full_hedge_leaves_no_direction():
    # 2 coins at 100 and a short of 2: whatever the last price, nothing is gained and nothing lost.
    for close in (1.0, 50, 100, 400):
        out = lab.hedge(2, 100, close)
        assert out.direction == out.total == 0
        assert out.spot_pnl == 2 * (close - 100) and out.future_pnl == -out.spot_pnl
    assert math.isnan(out.liquidation_price) and out.liquidated_at == -1


def test_what_remains_of_a_hedge_by_hand():
    # 2 coins at 100 and sold forward at 100; closed at 120. Fees 0.1 % of 200, 0.2 % of 240; 7 of funding received.
    out = lab.hedge(2, 100, 120, 0.001, 0.002, funding_paid=-7)
    assert (out.spot_pnl, out.future_pnl, out.direction, out.funding_paid) == (40, -40, 0, -7)
    assert out.fees == pytest.approx(0.2 + 0.48) and out.total == pytest.approx(7 - 0.68)


@given(st.floats(10, 1000), st.floats(10, 1000), st.floats(0.1, 10), rates, rates, st.floats(-1, 1))
def test_a_hedge_conserves_money(p0, p1, holding, fo, f, funding):
    """A ledger of dollars and coins before and after gives the total; the parts give it too."""
    out = lab.hedge(holding, p0, p1, fo, f, funding)
    after = holding * p1 + settle("short", holding, p0, p1, fo, f) - funding
    assert out.total == pytest.approx(after - holding * p0, abs=1e-9)
    assert out.total == pytest.approx(out.direction - out.funding_paid - out.fees, abs=1e-9)


def test_a_hedge_along_a_path_by_hand():
    # 1 coin; short of 1 at 100 on 10 dollars, 0.5 % maintenance: liquidated at 110/1.005 = 109.45.
    # Funding 0.1 % of the price at each step while it lives: received 0.105 at 105; at 111 it is gone.
    path = [100, 105, 111, 120, 80]
    out = lab.hedge_over_path(1, 10, path, rules=Rules(0.005), closing_fee_rate=0.001, funding_rates=0.001)
    assert (
        out.liquidation_price == pytest.approx(110 / 1.005)
        and out.liquidated_at == 2
        and type(out.liquidated_at) is int
    )
    assert out.spot_pnl.tolist() == [0, 5, 11, 20, -20]
    assert out.future_pnl.tolist() == [0, -5, -10, -10, -10]
    assert out.funding_paid.tolist() == pytest.approx([0, -0.105, -0.105, -0.105, -0.105])
    assert out.fees.tolist() == pytest.approx([0.1, 0.105, 0, 0, 0])
    assert out.direction.tolist() == pytest.approx([0, 0, 1, 10, -30])  # the whole holding, and the margin gone
    assert out.total.tolist() == pytest.approx([-0.1, 0, 1.105, 10.105, -29.895])


def test_a_hedge_that_lives_is_the_hedge_from_opening_to_closing():
    path = [100, 130, 90, 120]
    walked = lab.hedge_over_path(2, 90, path, Rules(0.005), 0.001, 0.002, [0.01, -0.02, 0.03])
    # By hand: a short receives rate × value at the mark price of 2 coins.
    paid = -(0.01 * 260 - 0.02 * 180 + 0.03 * 240)
    one = lab.hedge(2, 100, 120, 0.001, 0.002, paid)
    assert walked.liquidated_at == -1
    for field in ("spot_pnl", "future_pnl", "funding_paid", "fees", "total"):
        assert getattr(walked, field)[-1] == pytest.approx(getattr(one, field), rel=1e-12), field
    assert walked.fees[0] == pytest.approx(2 * 100 * 0.003)


def test_margin_for_a_rise_keeps_the_hedge_up_to_there():
    rules = Rules(0.005, "mark", 0.0006, "mark")
    margin = lab.margin_for_rise(0.2, 1, 100, rules)
    for top, at in ((119.99, -1), (120.01, 1)):
        assert lab.hedge_over_path(1, margin, [100, top], rules=rules).liquidated_at == at


def test_a_hedge_over_many_paths():
    paths = np.array([[100.0, 90, 100], [100, 115, 90], [100, 105, 112]])
    out = lab.hedge_over_path(
        1, [10.0, 10.0, 20.0], paths, funding_rates=[0.01, 0.02], opening_fee_rate=[0, 0.01, 0.02]
    )
    assert out.liquidated_at.tolist() == [-1, 1, -1] and out.total.shape == (3, 3)
    assert out.funding_paid[:, -1].tolist() == pytest.approx([-2.9, 0, -1.05 - 2.24])
    assert out.fees[:, -1].tolist() == pytest.approx([0, 1, 2]) and out.future_pnl[:, -1].tolist() == [0, -10, -12]
    for i in range(3):
        one = lab.hedge_over_path(
            1, [10, 10, 20][i], paths[i], funding_rates=[0.01, 0.02], opening_fee_rate=[0, 0.01, 0.02][i]
        )
        assert one.total.tolist() == pytest.approx(out.total[i].tolist())
    single = lab.hedge_over_path(1, 10, [100], opening_fee_rate=0.01, closing_fee_rate=0.02)
    assert single.total.tolist() == [-3] and single.liquidated_at == -1
    each = lab.hedge_over_path([1, 2], 10, [100, 104])
    assert each.spot_pnl[:, -1].tolist() == [4, 8] and each.total[:, -1].tolist() == [0, 0]


# --- scalps


def test_win_rates_by_hand():
    # Win 2 or lose 1: one in three. With 0.5 of cost each: 1.5 of 3. Costs as high as the gain: always.
    assert lab.needed_win_rate(2, 1) == pytest.approx(1 / 3)
    assert lab.needed_win_rate(2, 1, 0.5) == 0.5
    assert lab.needed_win_rate(2, 1, 2) == 1
    assert math.isnan(lab.needed_win_rate(2, 1, 2.01))
    got = lab.needed_win_rate([1, 2, 3], 1, 2)
    assert math.isnan(got[0]) and got[1:].tolist() == [1, 0.75]
    # 60 % of 5 − 40 % of 4 − 0.5 = 0.9.
    assert lab.expectancy(0.6, 5, 4, 0.5) == pytest.approx(0.9)
    assert lab.expectancy(0.5, 1, 1) == 0 and lab.expectancy(1, 5, 4) == 5 and lab.expectancy(0, 5, 4) == -4
    assert lab.expectancy([0, 1], 5, 4).tolist() == [-4, 5]


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0, 0.1))
def test_the_needed_win_rate_has_no_expectancy(gain, loss, cost):
    rate = lab.needed_win_rate(gain, loss, cost)
    assert lab.expectancy(rate, gain, loss, cost) == pytest.approx(0, abs=1e-12)
    # Counted: of 1000 trades.
    won = 1000 * rate
    assert won * (gain - cost) == pytest.approx((1000 - won) * (loss + cost))


# --- growth and the best size


def test_growth_by_hand():
    """Half of the trades win all of what is staked, half lose it: at a fifth of the account ln(1.2 × 0.8) / 2."""
    assert lab.growth_per_trade(0.2, 0.5, 1, 1) == pytest.approx(math.log(0.96) / 2, rel=1e-12)
    assert lab.growth_per_trade(0, 0.7, 1, 1) == 0
    assert lab.growth_per_trade([1, 2], 0.9, 1, 1).tolist() == [-math.inf, -math.inf]  # one loss takes all
    assert lab.growth_per_trade(0.5, 1, 2, 1) == pytest.approx(math.log(2))
    assert lab.growth_per_trade(1, 0.5, -0.1, 0.2) == pytest.approx(math.log(0.9 * 0.8) / 2)  # costs above the gain


def test_the_best_size_by_hand():
    """Kelly's own case: even odds, 60 % won: 0.6 − 0.4 = 0.2 of the account. 2 to 1, half won: (2 × 0.5 − 0.5) / 2."""
    assert lab.best_fraction(0.6, 1, 1) == pytest.approx(0.2)
    assert lab.best_fraction(0.5, 2, 1) == pytest.approx(0.25)
    assert lab.best_fraction(0.5, 1, 1) == 0 and lab.best_fraction(0.3, 2, 1) == 0  # no edge, and less than none
    assert lab.best_fraction([0.5, 0.6], [2, 1], 1).tolist() == pytest.approx([0.25, 0.2])


@given(st.floats(0.05, 0.95), st.floats(0.001, 3), st.floats(0.001, 1))
def test_the_best_size_by_trying_them_all(p, gain, loss):
    """No size on a fine grid has the account, after 1,000 trades of which p are won, grow more."""
    best = lab.best_fraction(p, gain, loss)
    sizes = np.linspace(0, 0.999 / loss, 2001)
    wealth = 1000 * (p * np.log(1 + sizes * gain) + (1 - p) * np.log(1 - sizes * loss))
    most = 1000 * (p * math.log(1 + best * gain) + (1 - p) * math.log(1 - best * loss))
    assert wealth.max() <= most + 1e-9 and abs(sizes[wealth.argmax()] - best) <= sizes[1]


def test_growth_is_what_the_account_in_the_middle_does():
    """5,000 accounts tossed 400 times by a seeded generator: their median against e^(growth × trades)."""
    p, gain, loss, size = 0.4, 0.9, 0.4, 0.3
    won = np.random.default_rng(7).random((5000, 400)) < p
    middle = np.median(np.where(won, 1 + size * gain, 1 - size * loss).prod(axis=1))
    assert math.log(middle) / 400 == pytest.approx(lab.growth_per_trade(size, p, gain, loss), abs=3e-4)


def test_twice_the_best_size_hardly_grows_with_small_gains_and_losses():
    best = lab.best_fraction(0.52, 0.01, 0.01)
    at_best, twice = lab.growth_per_trade([best, 2 * best], 0.52, 0.01, 0.01)
    assert at_best > 0 and abs(twice) < 0.01 * at_best


# --- bad input

P = [100.0, 99.0]
SIZE = dict(side="long", account=1000, risk=0.01, entry_price=100, stop_price=98)
CHECK = dict(side="long", entry_price=100, stop_price=99, quantity=1, margin=10, rules=Rules(0.005))
SURVIVE = dict(side="long", entry_price=100, quantity=1, price=90)
MOST = dict(side="long", entry_price=100, stop_price=99, rules=Rules(0.005))
FIXED = dict(side="long", path=P, stop_price=90)
LOSS = dict(side="long", entry_price=100, stop_price=99, quantity=1, margin=10, path=P)
HEDGE = dict(holding=1, spot_open=100, spot_close=110)
HEDGED = dict(holding=1, margin=10, path=P)
RISE = dict(rise=0.1, quantity=1, entry_price=100)
GROWTH = dict(fraction=0.1, win_rate=0.5, gain=1, loss=1)
BEST = dict(win_rate=0.5, gain=1, loss=1)
WIN = dict(gain=1, loss=1)
EXPECT = dict(win_rate=0.5, gain=1, loss=1)
GOOD = {
    lab.size_from_risk: SIZE,
    lab.stop_check: CHECK,
    lab.margin_to_survive: SURVIVE,
    lab.max_leverage_for_stop: MOST,
    lab.fixed_stop: FIXED,
    lab.stop_loss: LOSS,
    lab.hedge: HEDGE,
    lab.hedge_over_path: HEDGED,
    lab.margin_for_rise: RISE,
    lab.needed_win_rate: WIN,
    lab.expectancy: EXPECT,
    lab.growth_per_trade: GROWTH,
    lab.best_fraction: BEST,
}
LOSING = "must be below the entry price of a long and above that of a short, got"
SIDE = "side must be 'long' or 'short', got 'buy'"
BAD = [
    (lab.size_from_risk, {"side": "buy"}, SIDE),
    (lab.size_from_risk, {"account": 0}, "account must be above 0, got 0"),
    (lab.size_from_risk, {"risk": 0}, "risk must be above 0 and at most 1, got 0"),
    (lab.size_from_risk, {"risk": 1.01}, "risk must be above 0 and at most 1, got 1.01"),
    (lab.size_from_risk, {"entry_price": 0}, "entry price must be above 0, got 0"),
    (lab.size_from_risk, {"stop_price": 0}, "stop price must be above 0, got 0"),
    (lab.size_from_risk, {"stop_price": 100}, f"stop price {LOSING} 100 with entry price 100"),
    (lab.size_from_risk, {"stop_price": 101.5}, f"stop price {LOSING} 101.5 with entry price 100"),
    (lab.size_from_risk, {"side": "short"}, f"stop price {LOSING} 98 with entry price 100"),
    (lab.size_from_risk, {"stop_price": [98, 99, 103]}, f"stop price {LOSING} 103 with entry "
        "price 100 (at position 2)"),
    (lab.size_from_risk, {"entry_price": [[100], [97]], "stop_price": [96, 98]}, f"stop price {LOSING} 98 with entry "
        "price 97 (at position 1, 1)"),
    (lab.size_from_risk, {"opening_fee_rate": 1}, f"opening fee rate must be {FEE_TEXT}, got 1"),
    (lab.size_from_risk, {"closing_fee_rate": 1}, f"closing fee rate must be {FEE_TEXT}, got 1"),
    (lab.size_from_risk, {"account": [1, 2], "stop_price": [97, 98, 99]}, "the arrays must have shapes that fit "
        "together, got side (), account (2,), risk (), entry price (), stop price (3,), opening fee rate (), closing "
        "fee rate ()"),
    (lab.stop_check, {"side": "buy"}, SIDE),
    (lab.stop_check, {"stop_price": 101}, f"stop price {LOSING} 101 with entry price 100"),
    (lab.stop_check, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.stop_check, {"rules": 0.005}, "rules must be Rules(...), got 0.005"),
    (lab.stop_check, {"margin": 0.4}, "liquidated at entry: the margin must be at least its "
        "requirement of 0.5, got 0.4"),
    (lab.margin_to_survive, {"price": 100}, f"price {LOSING} 100 with entry price 100"),
    (lab.margin_to_survive, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.margin_to_survive, {"rules": None}, "rules must be Rules(...), got None"),
    (lab.max_leverage_for_stop, {"stop_price": 100}, f"stop price {LOSING} 100 with entry price 100"),
    (lab.max_leverage_for_stop, {"quantity": -1}, "quantity must be above 0, got -1"),
    (lab.max_leverage_for_stop, {"rules": "binance"}, "rules must be Rules(...), got 'binance'"),
    (lab.fixed_stop, {"side": "buy"}, SIDE),
    (lab.fixed_stop, {"path": 100}, "path must be an array of at least one price, got 100"),
    (lab.fixed_stop, {"stop_price": 0}, "stop price must be above 0, got 0"),
    (lab.fixed_stop, {"path": []}, "path must be an array of at least one price, got []"),
    (lab.fixed_stop, {"path": [100, 0]}, "path must be above 0, got 0 (at position 1)"),
    (lab.fixed_stop, {"fill": "limit"}, "fill must be 'path' or 'stop', got 'limit'"),
    (lab.fixed_stop, {"liquidation_price": -1}, "liquidation price must be at least 0, got -1"),
    (lab.fixed_stop, {"liquidation_price": [NAN, -1]}, "liquidation price must be at least 0, got -1 (at position 1)"),
    (lab.fixed_stop, {"liquidation_price": "90"}, "liquidation price must be a number, at least 0, got '90'"),
    (lab.fixed_stop, {"path": [P, P], "liquidation_price": [1, 2, 3]}, "the arrays must have shapes that fit "
        "together, got path (2,), side (), stop price (), liquidation price (3,)"),
    (lab.fixed_stop, {"fill": None}, "fill must be 'path' or 'stop', got None"),
    (lab.fixed_stop, {"path": [P, P], "stop_price": [1, 2, 3]}, "the arrays must have shapes that fit together, got "
        "path (2,), side (), stop price (3,), liquidation price ()"),
    (lab.stop_loss, {"path": 100}, "path must be an array of at least one price, got 100"),
    (lab.stop_loss, {"stop_price": 101}, f"stop price {LOSING} 101 with entry price 100"),
    (lab.stop_loss, {"margin": 0}, "margin must be above 0, got 0"),
    (lab.stop_loss, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.stop_loss, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.stop_loss, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.stop_loss, {"fill": "limit"}, "fill must be 'path' or 'stop', got 'limit'"),
    (lab.hedge, {"holding": 0}, "holding must be above 0, got 0"),
    (lab.hedge, {"spot_open": 0}, "spot open must be above 0, got 0"),
    (lab.hedge, {"spot_close": 0}, "spot close must be above 0, got 0"),
    (lab.hedge, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge, {"funding_paid": NAN}, "funding paid must be a finite number, got nan"),
    (lab.hedge_over_path, {"holding": 0}, "holding must be above 0, got 0"),
    (lab.hedge_over_path, {"margin": 0}, "margin must be above 0, got 0"),
    (lab.hedge_over_path, {"path": 100}, "path must be an array of at least one price, got 100"),
    (lab.hedge_over_path, {"path": [100, -1]}, "path must be above 0, got -1 (at position 1)"),
    (lab.hedge_over_path, {"funding_rates": [0.1, 0.1]}, "funding rates must be one, or one for each of the 1 steps "
        "after the opening, got 2"),
    (lab.hedge_over_path, {"funding_rates": NAN}, "funding rates must be a finite number, got nan"),
    (lab.hedge_over_path, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge_over_path, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge_over_path, {"rules": 1}, "rules must be Rules(...), got 1"),
    (lab.hedge_over_path, {"margin": 0.1, "rules": Rules(0.005)}, "liquidated at entry: the margin must be at least "
        "its requirement of 0.5, got 0.1"),
    (lab.hedge_over_path, {"path": [P, P], "holding": [1, 2, 3]}, "the arrays must have shapes that fit together, got "
        "path (2,), holding (3,), margin (), opening fee rate (), closing fee rate (), funding rates ()"),
    (lab.margin_for_rise, {"rise": 0}, "rise must be above 0, got 0"),
    (lab.margin_for_rise, {"entry_price": 0}, "entry price must be above 0, got 0"),
    (lab.needed_win_rate, {"gain": 0}, "gain must be above 0, got 0"),
    (lab.needed_win_rate, {"loss": 0}, "loss must be above 0, got 0"),
    (lab.needed_win_rate, {"cost": -1}, "cost must be at least 0, got -1"),
    (lab.expectancy, {"win_rate": 1.1}, "win rate must be from 0 to 1, got 1.1"),
    (lab.expectancy, {"win_rate": -0.1}, "win rate must be from 0 to 1, got -0.1"),
    (lab.expectancy, {"gain": 0}, "gain must be above 0, got 0"),
    (lab.expectancy, {"loss": 0}, "loss must be above 0, got 0"),
    (lab.expectancy, {"cost": -1}, "cost must be at least 0, got -1"),
    (lab.growth_per_trade, {"fraction": -0.1}, "fraction must be at least 0, got -0.1"),
    (lab.growth_per_trade, {"win_rate": 2}, "win rate must be from 0 to 1, got 2"),
    (lab.growth_per_trade, {"gain": NAN}, "gain must be a finite number, got nan"),
    (lab.growth_per_trade, {"loss": 0}, "loss must be above 0, got 0"),
    (lab.best_fraction, {"win_rate": 1.5}, "win rate must be from 0 to 1, got 1.5"),
    (lab.best_fraction, {"gain": 0}, "gain must be above 0, got 0"),
    (lab.best_fraction, {"loss": -1}, "loss must be above 0, got -1"),
]  # fmt: skip


@pytest.mark.parametrize("function, change, sentence", BAD)
def test_bad_input_gets_one_sentence(function, change, sentence):
    with pytest.raises(ValueError) as error:
        function(**GOOD[function] | change)
    assert str(error.value) == sentence


@pytest.mark.parametrize("function", GOOD, ids=lambda f: f.__name__)
def test_every_place_refuses_every_bad_number(function):
    """nan, infinity, text and None in any number, given or by default."""
    import inspect

    function(**GOOD[function])
    names = set(inspect.signature(function).parameters) - {"side", "rules", "fill"}
    may_be_none = {"liquidation_price"}
    for name in names:
        for bad in (NAN, math.inf, -math.inf, "1", True, [1.0, NAN], None):
            default = inspect.signature(function).parameters[name].default
            if bad is None and default is None and name in may_be_none:
                continue
            if name == "liquidation_price" and bad is not True and not isinstance(bad, str) and np.isnan(bad).any():
                continue  # nan is how the engine says never
            with pytest.raises(ValueError, match=f"{name.replace('_', ' ')} must be"):
                function(**GOOD[function] | {name: bad})
    for name in ("side", "rules", "fill"):
        if name in inspect.signature(function).parameters:
            for bad in (None, 1, "x"):
                with pytest.raises(ValueError, match=f"{name} must be"):
                    function(**GOOD[function] | {name: bad})
