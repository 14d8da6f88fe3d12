"""Chapter 6's money, against hand calculation, ledgers kept coin by coin, tick walks, bisection and plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage_lab import strategies as lab
from leverage_lab.liquidation import Ladder, Rules, crossing_price, liquidation_price, position_margin

NAN = math.nan
sides = st.sampled_from(["long", "short"])
contracts = st.sampled_from(["linear", "inverse"])
rates = st.floats(0, 0.01)
FEW = settings(max_examples=25)  # for each of many rules
FEE_TEXT = "at least -1 and below 1"


def sign(side):
    return 1 if side == "long" else -1


def settle(side, contract, quantity, entry, exit, opening_fee_rate, closing_fee_rate):
    """What an account gains by a trade, booked as what is paid and what is received."""
    bought, sold = (entry, exit) if side == "long" else (exit, entry)
    turnover = [quantity * p if contract == "linear" else quantity / p for p in (bought, sold)]
    gain = turnover[1] - turnover[0] if contract == "linear" else turnover[0] - turnover[1]
    opened, closed = turnover if side == "long" else turnover[::-1]
    return gain - opening_fee_rate * opened - closing_fee_rate * closed


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
    assert size.loss == pytest.approx(100, rel=1e-12) and size.exit_price == 98
    assert size.leverage(1000) == pytest.approx(10 / 2.1188) and size.leverage(10_000) == pytest.approx(1 / 2.1188)


def test_size_by_hand_inverse_short():
    # 2 % of 3 coins is 0.06. A dollar short from 50,000 to 62,500 loses 1/50,000 − 1/62,500 = 0.000004 coins and
    # pays 0.1 % of 0.00002 to open, 0.2 % of 0.000016 to close: 0.000004052 coins.
    size = lab.size_from_risk("short", 3, 0.02, 50_000, 62_500, 0.001, 0.002, "inverse")
    assert size.quantity == pytest.approx(0.06 / 4.052e-6, rel=1e-12)
    assert size.notional == pytest.approx(0.06 / 4.052e-6 / 50_000, rel=1e-12)
    assert (size.price_loss, size.opening_fee, size.closing_fee) == pytest.approx(
        tuple(0.06 * part / 4.052 for part in (4, 0.02, 0.032)), rel=1e-12
    )


def test_size_without_fees_is_the_rule_of_thumb():
    # 50 to lose over a distance of 4: 12.5 coins; nothing but account, risk, entry and stop is needed.
    size = lab.size_from_risk("short", 1000, 0.05, 200, 204)
    assert size.quantity == pytest.approx(12.5, rel=1e-12) and size.fees == 0
    assert lab.size_from_risk("long", 1000, 1, 200, 196).loss == pytest.approx(1000)  # all of it may be risked


def test_slippage_is_worse_than_the_stop_on_both_sides():
    # 98 × 0.99 = 97.02, so 2.98 a coin; 102 × 1.01 = 103.02, so 3.02 a coin.
    long = lab.size_from_risk("long", 298, 0.1, 100, 98, slippage=0.01)
    short = lab.size_from_risk("short", 302, 0.1, 100, 102, slippage=0.01)
    assert long.exit_price == pytest.approx(97.02) and long.quantity == pytest.approx(10)
    assert short.exit_price == pytest.approx(103.02) and short.quantity == pytest.approx(10)


def test_a_step_rounds_down_and_never_risks_more():
    # 47.196… coins as above: 47.19 in hundredths, 47 in whole ones, none in hundreds.
    def of(step):
        return lab.size_from_risk("long", 10_000, 0.01, 100, 98, 0.0006, 0.0006, step=step)

    assert of(0.01).quantity == pytest.approx(47.19, rel=1e-12) and of(1).quantity == 47
    assert of(1).loss == pytest.approx(47 * 2.1188) and of(1).notional == 4700
    assert of(100).quantity == 0 and of(100).loss == 0 and of(100).notional == 0
    whole = lab.size_from_risk("long", 1000, 0.05, 200, 196, step=[0.1, 2.5, 5])
    assert whole.quantity.tolist() == pytest.approx([12.5, 12.5, 10])


def test_a_rebate_pays_part_of_the_loss():
    # 2 lost, 0.01 received at the opening, 0.049 paid at the close: 2.039 a coin.
    assert lab.size_from_risk("long", 100, 0.02039, 100, 98, -0.0001, 0.0005).quantity == pytest.approx(1)
    with pytest.raises(ValueError, match="^loss of a quantity of 1 at the stop, after rebates must be above 0, got -"):
        lab.size_from_risk("long", 100, 0.01, 100, 99.9, -0.01, 0)


@given(sides, contracts, st.floats(1, 1e6), st.floats(1e-4, 1), st.floats(1e-3, 0.9), rates, rates, st.floats(0, 0.1))
def test_the_stop_costs_exactly_the_risk(side, contract, account, risk, distance, fo, f, slippage):
    entry, s = 250.0, sign(side)
    stop = entry * (1 - s * distance)
    size = lab.size_from_risk(side, account, risk, entry, stop, fo, f, contract, slippage)
    booked = settle(side, contract, size.quantity, entry, stop * (1 - s * slippage), fo, f)
    assert booked == pytest.approx(-risk * account, rel=1e-9)
    assert size.loss == pytest.approx(risk * account, rel=1e-9)


def test_sizes_of_arrays_are_those_of_numbers():
    stops = np.array([[98.0], [95.0]])
    got = lab.size_from_risk("long", [1000.0, 2000.0], 0.01, 100, stops, 0.001, 0.001, step=0.01)
    assert got.quantity.shape == got.loss.shape == (2, 2)
    for i in range(2):
        for j in range(2):
            one = lab.size_from_risk("long", [1000, 2000][j], 0.01, 100, stops[i, 0], 0.001, 0.001, step=0.01)
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
        assert out.exit.first == "stop" and out.loss == pytest.approx(100)
        assert size.leverage(margin) == pytest.approx(L)
    for L in (67, 100, 150):
        out = lab.stop_loss("long", 100, 99, size.quantity, size.notional / L, path, rules)
        assert out.exit.first == "liquidation" and out.loss == pytest.approx(10_000 / L)


# --- stop against liquidation

E = 114_400.0


def at_500x(side, rules, stop=0.001, **options):
    return lab.stop_check(side, E, E * (1 - sign(side) * stop), 5000 / E, 10, rules, **options)


@pytest.mark.parametrize("side", ["long", "short"])
def test_a_stop_at_the_liquidation_price_never_fires_first(side):
    # 500x, maintenance 0.1 % of the entry value: 1/500 − 0.001 = 0.001 away, which is where the stop is.
    check = at_500x(side, Rules(0.001, "entry"))
    assert check.first == "liquidation" and check.enough is False
    assert check.stop_distance == pytest.approx(0.001, abs=1e-12)
    assert check.liquidation_distance == pytest.approx(0.001, abs=1e-12)
    assert check.bankruptcy_distance == pytest.approx(0.002, abs=1e-12)
    assert abs(check.room) < 1e-12
    for stop in np.linspace(0.001, 0.3, 50):
        assert at_500x(side, Rules(0.001, "entry"), stop).first == "liquidation"
    assert at_500x(side, Rules(0.001, "entry"), 0.000999).first == "stop"


def test_the_same_with_maintenance_on_the_mark_value():
    # Long 1 − 0.998/0.999 = 0.001001001…; short 1.002/1.001 − 1 = 0.000999000…
    long, short = at_500x("long", Rules(0.001)), at_500x("short", Rules(0.001))
    assert long.liquidation_distance == pytest.approx(1 / 999, rel=1e-9) and long.first == "stop"
    assert short.liquidation_distance == pytest.approx(1 / 1001, rel=1e-9) and short.first == "liquidation"
    assert long.room == pytest.approx(1 / 999 - 0.001, abs=1e-12) and long.enough is True
    # A closing fee of 0.02 % takes that hair away: 1 − 0.998/0.9988 = 0.00080096.
    fee = at_500x("long", Rules(0.001, "mark", 0.0002, "mark"))
    assert fee.first == "liquidation" and fee.liquidation_distance == pytest.approx(0.0008 / 0.9988, rel=1e-9)
    # Rounded against the trader: 114,285.4855 becomes 114,286 with ticks of 1, above the stop at 114,285.6.
    tick = at_500x("long", Rules(0.001, tick=1))
    assert tick.liquidation_price == 114_286 and tick.first == "liquidation" and tick.stop_price == 114_400 * 0.999


def test_warnings_are_plain_sentences():
    def text(check):
        return check.warning.replace("\u00a0", " ")

    assert text(at_500x("long", Rules(0.001))) == ""
    assert text(at_500x("long", Rules(0.001, "entry"))) == (
        "The stop at $114,285.6 is 0.1 % from the entry, but liquidation at $114,285.6 is 0.1 % away, "
        "at the same price: the stop never fires first."
    )
    assert text(at_500x("short", Rules(0.001))) == (
        "The stop at $114,514.4 is 0.1 % from the entry, but liquidation at $114,514.29 is 0.0999 % away, "
        "nearer: the stop never fires first."
    )
    near = lab.stop_check("long", 100, 99, 1, 2, Rules(0.005, "entry"), buffer=0.01)
    assert near.first == "stop" and near.enough is False
    assert text(near) == (
        "The stop at $99 is 1 % from the entry, liquidation at $98.5 is 1.5 % away: "
        "0.5 % between them, where 1 % is asked for."
    )
    many = lab.stop_check("long", 100, [99.5, 98.5, 98], 1, 2, Rules(0.005, "entry"))
    assert many.first.tolist() == ["stop", "liquidation", "liquidation"] and many.enough.tolist() == [True, False, False]
    assert many.warning == "2 of 3 stops do not fire before the liquidation with the buffer asked for."
    assert lab.stop_check("long", 100, [99.5, 99], 1, 2, Rules(0.005, "entry")).warning == ""


def test_warnings_have_four_decimals_of_a_percent():
    # 1.23456 %, 2.46912 %, 1.23456 % between them; 3.33333 % asked for.
    check = lab.StopCheck(98.76544, 97.53088, 0.0123456, 0.0246912, 0.05, 0.0333333)
    assert check.warning.replace("\u00a0", " ") == (
        "The stop at $98.7654 is 1.2346 % from the entry, liquidation at $97.5309 is 2.4691 % away: "
        "1.2346 % between them, where 3.3333 % is asked for."
    )


def test_a_billionth_of_a_thousandth_is_no_room():
    def check(room, buffer=0.0):
        return lab.StopCheck(100.0, 100.0 - room, 0.0, room, 0.5, buffer)

    at, above = check(1e-12), check(1.01e-12)
    assert at.first == "liquidation" and above.first == "stop" and above.enough is True and at.enough is False
    assert "at the same price" in at.warning and above.warning == ""
    assert "at the same price" in check(-1e-12).warning and "nearer" in check(-1.01e-12).warning
    assert check(0.1 + 1e-12, 0.1).enough is False and check(0.1 + 1e-11, 0.1).enough is True


def test_the_buffer_must_be_more_than_met():
    # Liquidation 1.5 % away: room 0.5 % beyond a stop at 99.
    def enough(buffer):
        return lab.stop_check("long", 100, 99, 1, 2, Rules(0.005, "entry"), buffer=buffer).enough

    assert [enough(b) for b in (0, 0.00499, 0.005, 0.00501)] == [True, True, False, False]
    assert lab.stop_check("long", 100, 99, 1, 2, Rules(0.005, "entry"), buffer=0.005).room == pytest.approx(0.005)


def test_a_liquidation_that_never_comes():
    # 1x inverse short: 1,000 dollars, 10 coins of margin at 100: never. 1x linear long: at a worthless coin.
    never = lab.stop_check("short", 100, 500, 1000, 10, Rules(0.005), "inverse", buffer=3)
    assert math.isnan(never.liquidation_price) and math.isnan(never.liquidation_distance) and math.isnan(never.room)
    assert math.isnan(never.bankruptcy_distance) and never.stop_distance == -(1 - 5)
    assert never.first == "stop" and never.enough is True and never.warning == ""
    worthless = lab.stop_check("long", 100, 1, 1, 100, Rules())
    assert worthless.liquidation_distance == 1 and worthless.first == "stop"
    both = lab.stop_check("short", 100, [500, 150], 1000, [10, 2], Rules(), "inverse")
    assert both.first.tolist() == ["stop", "liquidation"] and both.warning.startswith("1 of 2 stops do")


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


def sized(contract, value, entry):
    """The quantity worth `value` dollars; an inverse ladder counts coins, so its values are made as large."""
    return value / entry if contract == "linear" else value * entry


def test_margin_for_a_rise_by_hand():
    # Short of 2 coins at 100, price to 150: 100 lost, and 0.5 % of 300 must be there.
    assert lab.margin_for_rise(0.5, 2, 100, Rules(0.005)) == pytest.approx(101.5, rel=1e-12)
    assert lab.margin_for_rise(0.5, 2, 100, Rules(0.005, "entry")) == pytest.approx(101, rel=1e-12)
    assert lab.margin_for_rise(0.5, 2, 100) == pytest.approx(100, rel=1e-12)
    assert lab.margin_for_rise([0.1, 1], 2, 100).tolist() == pytest.approx([20, 200])
    # Inverse, 1,000 dollars from 100 to 200: 10 − 5 coins lost, 1 % of 5 must be there.
    assert lab.margin_for_rise(1, 1000, 100, Rules(0.01), "inverse") == pytest.approx(5.05, rel=1e-12)
    assert lab.margin_to_survive("long", 100, 2, 90, Rules(0.005)) == pytest.approx(20.9, rel=1e-12)
    assert lab.margin_to_survive("long", 100, 2, 90) == pytest.approx(20, rel=1e-12)


@pytest.mark.parametrize("rules", RULES)
@FEW
@given(sides, contracts, st.floats(1e-3, 0.9), st.floats(1000, 1e6))
def test_with_that_margin_liquidation_is_at_that_price(rules, side, contract, move, value):
    entry = 100.0
    price, quantity = entry * (1 - sign(side) * move), sized(contract, value, entry)
    margin = lab.margin_to_survive(side, entry, quantity, price, rules, contract)
    assert crossing_price(side, entry, quantity, margin, rules, contract) == pytest.approx(price, rel=1e-9)


@pytest.mark.parametrize("rules", [*RULES, *EDGY])
@FEW
@given(sides, contracts, st.floats(1e-3, 0.6), st.floats(1000, 300_000))
def test_a_little_less_margin_is_liquidated_before_and_a_little_more_is_not(rules, side, contract, move, value):
    entry, s = 100.0, sign(side)
    price, quantity = entry * (1 - s * move), sized(contract, value, entry)
    margin = lab.margin_to_survive(side, entry, quantity, price, rules, contract)
    before, after = (
        crossing_price(side, entry, quantity, margin + part * value, rules, contract) for part in (-1e-7, 1e-7)
    )
    assert s * (before - price) > 0 and not s * (after - price) > 0


def test_no_edge_on_the_way_may_be_too_much():
    # Long of 600 coins at 100, down to 80: 48,000 at 0.4 % asks for 12,000 + 192. But at 50,000 (83.33) the rate was
    # still 1 %: 10,000 + 500 there. Down to 83: 49,800 at 0.4 % needs 10,200 + 199.2, the edge 10,500.
    assert lab.margin_to_survive("long", 100, 600, 80, Rules(JUMPS)) == pytest.approx(12_192, rel=1e-9)
    assert lab.margin_to_survive("long", 100, 600, 83, Rules(JUMPS)) == pytest.approx(10_500, rel=1e-9)
    assert lab.margin_to_survive("long", 100, 600, [80, 83], Rules(JUMPS)).tolist() == pytest.approx([12_192, 10_500])
    assert lab.margin_to_survive("long", 100, 600, 90, Rules(JUMPS)) == pytest.approx(6540, rel=1e-9)
    # Rates that fall: a short of 400 at 100, up to 130: 52,000 at 0.5 % needs 12,000 + 260; at 50,000 (125) 10,000 + 1,000.
    assert lab.margin_to_survive("short", 100, 400, 126, Rules(FALLS)) == pytest.approx(11_000, rel=1e-9)
    assert lab.margin_to_survive("short", 100, 400, 130, Rules(FALLS)) == pytest.approx(12_260, rel=1e-9)
    # Inverse short of 60,000 × 100 dollars, 60,000 coins, to 121: 49,586.8 coins lost 10,413.2, 0.4 % is 198.3; the edge:
    # 50,000 coins at 120, 10,000 lost and 500 needed is less than 10,611.6; at 120.5 49,792.5: 10,207.5 + 199.2 < 10,500.
    inverse = [lab.margin_to_survive("short", 100, 6e6, p, Rules(JUMPS), "inverse") for p in (121, 120.5)]
    assert inverse == pytest.approx([60_000 - 0.996 * 6e6 / 121, 10_500], rel=1e-9)


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
    # A buffer of 0.5 % beside a stop 1 % away and 0.5 % maintenance: 1 / 0.02.
    assert lab.max_leverage_for_stop("long", 100, 99, Rules(0.005, "entry"), 0.005) == pytest.approx(50)
    # Inverse long: 1/90 − 1/100 of a coin lost a dollar, of 1/100: 1/9; 0.5 % of 1/90 is 1/180 of it.
    assert lab.max_leverage_for_stop("long", 100, 90, Rules(0.005), contract="inverse") == pytest.approx(1 / (1 / 9 + 1 / 180))
    got = lab.max_leverage_for_stop(["long", "short"], 100, [[99, 101], [98, 102]], Rules(0.005, "entry"))
    assert got.ravel().tolist() == pytest.approx([1 / 0.015, 1 / 0.015, 40, 40])


def test_leverages_that_do_not_exist():
    # A short's stop at three times the entry: even 1x has lost all at twice. Exactly twice is 1x.
    assert math.isnan(lab.max_leverage_for_stop("short", 100, 300, Rules()))
    assert lab.max_leverage_for_stop("short", 100, 200, Rules()) == 1
    assert lab.max_leverage_for_stop("short", 0.3, 0.6, Rules()) == 1
    assert math.isnan(lab.max_leverage_for_stop("short", 100, 200, Rules(0.001)))
    # A buffer that would lie below a price of 0; and a stop whose next tick is 0.
    assert math.isnan(lab.max_leverage_for_stop("long", 100, 50, Rules(), buffer=0.5))
    assert lab.max_leverage_for_stop("long", 100, 50, Rules(), buffer=0.49) == pytest.approx(1 / 0.99)
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
@given(sides, contracts, st.floats(0.003, 0.8), st.floats(0, 0.1), st.floats(2000, 400_000))
def test_highest_leverage_against_bisection(rules, side, contract, distance, buffer, value):
    entry, s = 100.0, sign(side)
    stop, quantity = entry * (1 - s * distance), sized(contract, value, entry)
    found = lab.max_leverage_for_stop(side, entry, stop, rules, buffer, contract, quantity)

    def fires_first(L):
        try:
            margin = position_margin(side, entry, quantity, L, rules, contract)
            end = liquidation_price(side, entry, quantity, margin, rules, contract)
        except ValueError:  # liquidated at entry
            return False
        return not s * (stop - end) <= buffer * entry + 1e-9

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
        L
        for L in range(1, 100)
        if lab.stop_check(side, 100, stop, quantity, 70_000 / L, Rules(JUMPS), buffer=0.002).enough
    ]
    found = lab.max_leverage_for_stop(side, 100, stop, Rules(JUMPS), 0.002, quantity=quantity)
    assert fine == list(range(1, math.floor(found) + 1)) and found > 40
    assert lab.max_leverage_for_stop(side, 100, stop, Rules(JUMPS), 0.002) > found  # a single coin has the lowest rate


# --- stops along a path


def test_a_trailing_stop_by_hand():
    # Highest so far 100, 105, 110, 110, 110; 5 % below: 95, 99.75, 104.5. 104 is the first price at or below it.
    out = lab.trailing_stop("long", [100, 105, 110, 106, 104, 90], 0.05)
    assert (out.first, out.index, out.price) == ("stop", 4, 104.0)
    assert out.level.tolist() == pytest.approx([95, 99.75, 104.5, 104.5, 104.5, 104.5])
    exact = lab.trailing_stop("long", [100, 105, 110, 106, 104, 90], 0.05, fill="stop")
    assert (exact.first, exact.index) == ("stop", 4) and exact.price == pytest.approx(104.5)
    # Short: lowest 100, 90, 80, 80; 10 % above: 110, 99, 88.
    out = lab.trailing_stop("short", [100, 90, 80, 87, 89], 0.1)
    assert (out.first, out.index, out.price) == ("stop", 4, 89.0)
    assert out.level.tolist() == pytest.approx([110, 99, 88, 88, 88])
    assert type(out.index) is int and type(out.price) is float and type(out.first) is str


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
    assert lab.trailing_stop("short", [100], 0.1).index == -1  # a path of one price


def test_a_price_exactly_at_the_stop_fires_it():
    assert lab.trailing_stop("long", [100, 64, 50], 0.5).index == 2
    assert lab.trailing_stop("short", [100, 149, 150], 0.5).index == 2
    assert lab.fixed_stop("long", [100, 90], 90).index == 1 and lab.fixed_stop("short", [100, 110], 110).index == 1


def test_a_stop_that_is_never_met():
    out = lab.trailing_stop("long", [100, 101, 102], 0.05)
    assert out.first == "none" and out.index == -1 and math.isnan(out.price)
    many = lab.trailing_stop("long", [[100, 101, 102], [100, 90, 80]], 0.05)
    assert many.first.tolist() == ["none", "stop"] and many.index.tolist() == [-1, 1]
    assert math.isnan(many.price[0]) and many.price[1] == 90


def test_a_stop_that_waits_for_its_activation():
    # From 110 on: the fall from 100 to 80 is not stopped; later 120 × 0.9 = 108 is.
    path = [100, 80, 109, 110, 120, 107]
    out = lab.trailing_stop("long", path, 0.1, activation=110)
    assert (out.index, out.price) == (5, 107.0)
    assert np.isnan(out.level).tolist() == [True] * 3 + [False] * 3 and out.level[3:].tolist() == pytest.approx([99, 108, 108])
    assert lab.trailing_stop("long", path, 0.1).index == 1
    assert lab.trailing_stop("long", path, 0.1, activation=121).first == "none"
    out = lab.trailing_stop("short", [100, 130, 90, 80, 89], 0.1, activation=90)
    assert (out.index, out.price) == (4, 89.0) and out.level[2:].tolist() == pytest.approx([99, 88, 88])
    per_path = lab.trailing_stop("long", [path, path], 0.1, activation=[110, 121])
    assert per_path.index.tolist() == [5, -1]


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
    out = lab.trailing_stop(["long", "short", "long"], paths, [0.02, 0.05, 0.5], liquidation_price=97)
    assert out.first.tolist() == ["liquidation", "liquidation", "none"] and out.index.tolist() == [1, 0, -1]
    one = lab.fixed_stop("long", [100, 96, 90], [97, 91, 80])  # one path, three stops
    assert one.index.tolist() == [1, 2, -1] and one.level.shape == (3, 3)


def walk(side, path, distance, activation, fill, end):
    """The same in a plain loop: (first, index, price)."""
    s, best, active = sign(side), None, activation is None
    for i, price in enumerate(path):
        best = price if best is None else max(best, price) if s > 0 else min(best, price)
        active = active or s * price >= s * activation
        stop = best * (1 - s * distance)
        met, over = active and s * price <= s * stop, end is not None and s * price <= s * end
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
    st.sampled_from([0.01, 0.05, 0.1, 0.2]),
    st.none() | st.integers(85, 115),
    st.sampled_from(["path", "stop"]),
    st.none() | st.integers(80, 120),
)
def test_trailing_stops_against_a_plain_loop(side, paths, distance, activation, fill, end):
    got = lab.trailing_stop(side, paths, distance, activation, fill, end)
    for i, path in enumerate(paths):
        first, index, price = walk(side, path, distance, activation, fill, end)
        one = lab.trailing_stop(side, path, distance, activation, fill, end)
        assert (got.first[i], got.index[i]) == (one.first, one.index) == (first, index)
        assert got.price[i] == pytest.approx(price, nan_ok=True) and one.price == pytest.approx(price, nan_ok=True)


def test_a_trailing_stop_never_goes_back():
    rng = np.random.default_rng(3)
    paths = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, (50, 200)), axis=1))
    assert (np.diff(lab.trailing_stop("long", paths, 0.03).level) >= 0).all()
    assert (np.diff(lab.trailing_stop("short", paths, 0.03).level) <= 0).all()


# --- does a tight stop prevent the loss?


def test_a_gap_makes_the_stop_cost_more_by_hand():
    # 10 coins at 100, margin 100 (10x), stop at 99, 0.1 % each way. Planned: 10 + 1 + 0.99 = 11.99.
    # The price jumps to 96: 40 + 1 + 0.96 = 41.96.
    out = lab.stop_loss("long", 100, 99, 10, 100, [100, 99.5, 96, 80], Rules(0.005, "entry"), "linear", 0.001, 0.001)
    assert out.exit.first == "stop" and out.exit.index == 2 and out.exit.price == 96
    assert out.planned_loss == pytest.approx(11.99) and out.loss == pytest.approx(41.96)
    assert out.excess == pytest.approx(29.97)
    through = lab.stop_loss(
        "long", 100, 99, 10, 100, [100, 99.5, 96, 80], Rules(0.005, "entry"), "linear", 0.001, 0.001, "stop"
    )
    assert through.loss == pytest.approx(11.99) and through.excess == pytest.approx(0)


def test_a_jump_over_both_takes_the_margin():
    # 500x as in the article: 5,000 dollars on 10, stop 0.05 % away; from 100 to 99.8 at once.
    gap = lab.stop_loss("long", 100, 99.95, 50, 10, [100, 99.8], Rules(0.001, "entry"), opening_fee_rate=0.0002)
    assert gap.exit.first == "liquidation" and gap.loss == pytest.approx(10 + 1)  # and 0.02 % of 5,000
    assert gap.planned_loss == pytest.approx(2.5 + 1) and gap.excess == pytest.approx(7.5)
    # The article's stop at 0.1 %: 5 dollars planned, the margin lost, however small the steps.
    steps = np.arange(100, 99.7, -0.001)
    slow = lab.stop_loss("short", 100, 100.1, 50, 10, 200 - steps, Rules(0.001))
    assert slow.planned_loss == pytest.approx(5) and slow.exit.first == "liquidation" and slow.loss == 10


def test_a_fill_near_the_end_takes_no_more_than_the_margin():
    # 20 of margin, stop 19.5 away without maintenance: 19.5 + 1 % of 80.5 = 20.305 would be more.
    out = lab.stop_loss("long", 100, 80.5, 1, 20, [100, 80.5], closing_fee_rate=0.01)
    assert out.exit.first == "stop" and out.loss == 20 and out.planned_loss == pytest.approx(20.305)
    assert out.excess == pytest.approx(-0.305)


def test_stop_losses_inverse_and_over_many_paths():
    # 1,000 dollars short at 100 on 2 coins, stop at 110; jump to 112: 10 − 1000/112 coins; fee 0.1 % of that.
    out = lab.stop_loss("short", 100, 110, 1000, 2, [100, 112], Rules(0.005), "inverse", 0.001, 0.001)
    assert out.loss == pytest.approx(10 - 1000 / 112 + 0.01 + 1 / 112)
    assert out.planned_loss == pytest.approx(10 - 1000 / 110 + 0.01 + 1 / 110)
    paths = np.array([[100.0, 97, 90], [100, 85, 80], [100, 101, 102]])
    out = lab.stop_loss("long", 100, 98, 1, [10.0, 10.0, 10.0], paths, Rules(0.005, "entry"))
    assert out.exit.first.tolist() == ["stop", "liquidation", "none"]
    assert out.loss[:2].tolist() == pytest.approx([3, 10]) and math.isnan(out.loss[2])
    assert out.excess[:2].tolist() == pytest.approx([1, 8])
    still = lab.stop_loss("long", 100, 98, 1, 10, [100, 101], opening_fee_rate=0.01)
    assert still.exit.first == "none" and math.isnan(still.loss) and math.isnan(still.excess) and still.planned_loss == 3


@given(sides, contracts, st.lists(st.floats(60, 160), min_size=1, max_size=10), st.floats(0.01, 0.2), rates, rates)
def test_an_isolated_loss_is_never_more_than_margin_and_opening_fee(side, contract, path, distance, fo, f):
    quantity, margin = (1.0, 25.0) if contract == "linear" else (1000.0, 2.5)
    stop = 100 * (1 - sign(side) * distance)
    out = lab.stop_loss(side, 100, stop, quantity, margin, path, Rules(0.005), contract, fo, f)
    opening = fo * (100 if contract == "linear" else 10)
    if out.exit.first == "none":
        assert math.isnan(out.loss) and all(sign(side) * (p - stop) > 0 for p in path)
    elif out.exit.first == "liquidation":
        assert out.loss == pytest.approx(margin + opening)
    else:
        booked = -settle(side, contract, quantity, 100, out.exit.price, 0, f)
        assert out.loss == pytest.approx(min(booked, margin) + opening) and out.exit.price in path


# --- the hedge


def test_a_full_hedge_leaves_no_direction():
    # 2 coins at 100 and a short of 2: whatever the last price, nothing is gained and nothing lost.
    for close in (1.0, 50, 100, 400):
        for contract in ("linear", "inverse"):
            out = lab.hedge(2, 100, close, contract=contract)
            assert out.exposure == 0 and out.basis == 0 and out.total == pytest.approx(0, abs=1e-9)
            assert out.spot_pnl == 2 * (close - 100) and out.future_pnl == pytest.approx(-out.spot_pnl)
    assert math.isnan(out.liquidation_price) and out.liquidated_at == -1


def test_what_remains_of_a_hedge_by_hand():
    # 2 coins bought at 100, 1.5 sold forward at 103; closed at 120 and 121. Spot +40, future −27.
    # Direction 0.5 × 20 = 10, basis 1.5 × (3 − 1) = 3. Fees 0.1 % of 154.5, 0.2 % of 181.5; 7 of funding received.
    out = lab.hedge(2, 100, 120, 103, 121, 1.5, "linear", 0.001, 0.002, funding_paid=-7)
    assert out.spot_pnl == 40 and out.future_pnl == pytest.approx(-27) and out.exposure == 0.5
    assert out.direction == pytest.approx(10) and out.basis == pytest.approx(3)
    assert out.fees == pytest.approx(0.1545 + 0.363) and out.funding_paid == -7
    assert out.total == pytest.approx(40 - 27 + 7 - 0.5175)


def test_what_remains_of_an_inverse_hedge_by_hand():
    # 2 coins at 100, 103 dollars of face value sold at 103 (one coin), closed at 125 while spot is at 120.
    # Future: 103/125 − 1 = −0.176 coins, × 120 = −21.12. Direction (2 − 1) × 20; basis 103 × 120/125 − 100 = −1.12.
    out = lab.hedge(2, 100, 120, 103, 125, 103, "inverse", 0.001, 0.002, funding_paid=0.01)
    assert out.spot_pnl == 40 and out.future_pnl == pytest.approx(-21.12) and out.exposure == 1
    assert out.direction == pytest.approx(20) and out.basis == pytest.approx(-1.12)
    assert out.fees == pytest.approx((0.001 + 0.002 * 0.824) * 120) and out.funding_paid == pytest.approx(1.2)
    assert out.total == pytest.approx(40 - 21.12 - 1.2 - out.fees)
    whole = lab.hedge(2, 100, 120, 103, 125, contract="inverse")  # 206 dollars of face value
    assert whole.exposure == 0 and whole.future_pnl == pytest.approx(-42.24)


@given(
    contracts, *[st.floats(10, 1000)] * 4, st.floats(0.1, 10), st.floats(0.01, 2), rates, rates, st.floats(-1, 1)
)  # fmt: skip
def test_a_hedge_conserves_money(contract, p0, p1, x0, x1, holding, share, fo, f, funding):
    """A ledger of dollars and coins before and after gives the total; the parts give it too."""
    quantity = holding * share if contract == "linear" else holding * share * x0
    out = lab.hedge(holding, p0, p1, x0, x1, quantity, contract, fo, f, funding)
    account = settle("short", contract, quantity, x0, x1, fo, f) - funding
    after = holding * p1 + account if contract == "linear" else (holding + account) * p1
    scale = holding * (p0 + p1 + x0 + x1) * max(1, p1 / x1, p1 / p0, x1 / x0) * 10
    assert out.total == pytest.approx(after - holding * p0, abs=1e-12 * scale)
    assert out.total == pytest.approx(out.direction + out.basis - out.funding_paid - out.fees, abs=1e-12 * scale)
    assert out.direction == pytest.approx(out.exposure * (p1 - p0), abs=1e-12 * scale)


def test_hedges_of_arrays_are_those_of_numbers():
    closes = np.array([50.0, 100, 200])
    got = lab.hedge(2, 100, closes, 101, quantity=[1.0, 2.0, 3.0], contract="inverse", opening_fee_rate=0.001)
    for i, close in enumerate(closes):
        one = lab.hedge(2, 100, float(close), 101, quantity=i + 1.0, contract="inverse", opening_fee_rate=0.001)
        assert got.total[i] == pytest.approx(one.total, rel=1e-12)


def test_a_hedge_along_a_path_by_hand():
    # 1 coin; short of 1 at 100 on 10 dollars, 0.5 % maintenance: liquidated at 110/1.005 = 109.45.
    # Funding 0.1 % of the price at each step while it lives: received 0.105 at 105; at 111 it is gone.
    path = [100, 105, 111, 120, 80]
    out = lab.hedge_over_path(1, 10, path, rules=Rules(0.005), closing_fee_rate=0.001, funding_rates=0.001)
    assert out.liquidation_price == pytest.approx(110 / 1.005) and out.liquidated_at == 2 and type(out.liquidated_at) is int
    assert out.spot_pnl.tolist() == [0, 5, 11, 20, -20]
    assert out.future_pnl.tolist() == [0, -5, -10, -10, -10]
    assert out.funding_paid.tolist() == pytest.approx([0, -0.105, -0.105, -0.105, -0.105])
    assert out.fees.tolist() == pytest.approx([0.1, 0.105, 0, 0, 0])
    assert out.exposure.tolist() == [0, 0, 1, 1, 1]
    assert out.direction.tolist() == pytest.approx([0, 0, 1, 10, -30])  # the whole holding, and the margin gone
    assert out.total.tolist() == pytest.approx([-0.1, 0, 1.105, 10.105, -29.895])


def test_a_hedge_that_lives_is_the_hedge_from_opening_to_closing():
    spot, future = [100, 130, 90, 120], [102, 133, 91, 121]
    for contract, margin in (("linear", 90), ("inverse", 1.5)):
        walked = lab.hedge_over_path(2, margin, spot, future, None, Rules(0.005), contract, 0.001, 0.002, [0.01, -0.02, 0.03])
        # By hand: a short receives rate × value at the mark price: 2 coins, or 204 dollars of face value.
        amounts = [204 / x for x in future] if contract == "inverse" else [2 * x for x in future]
        paid = -(0.01 * amounts[1] - 0.02 * amounts[2] + 0.03 * amounts[3])
        one = lab.hedge(2, 100, 120, 102, 121, None, contract, 0.001, 0.002, paid)
        assert walked.liquidated_at == -1
        for field in ("spot_pnl", "future_pnl", "funding_paid", "fees", "basis", "total"):
            assert getattr(walked, field)[-1] == pytest.approx(getattr(one, field), rel=1e-12), field
        assert walked.fees[0] == pytest.approx(2 * 102 * 0.003 if contract == "linear" else 2 * 0.003 * 100)
        assert np.all(walked.exposure == 0)


def test_the_whole_holding_as_margin_of_an_inverse_short_is_never_liquidated():
    path = [100, 1000, 1e5, 5]
    out = lab.hedge_over_path(3, 3, path, rules=Rules(0.005), contract="inverse")
    assert math.isnan(out.liquidation_price) and out.liquidated_at == -1
    assert out.total.tolist() == pytest.approx([0, 0, 0, 0], abs=1e-7)
    # Half of it: 300 dollars on 1.5 coins are gone where 3 − 300/p = 1.5 − …: without maintenance at 200.
    half = lab.hedge_over_path(3, 1.5, [100, 199, 200, 400], contract="inverse", opening_fee_rate=0.01, closing_fee_rate=0.01)
    assert half.liquidation_price == pytest.approx(200) and half.liquidated_at == 2
    assert half.exposure.tolist() == [0, 0, 1.5, 1.5]  # the coins that are left
    assert half.future_pnl.tolist() == pytest.approx([0, -297, -300, -600])
    assert half.fees.tolist() == pytest.approx([6, 0.01 * 3 * 199 + 3, 6, 12])
    assert half.direction.tolist() == pytest.approx([0, 0, 0, 300])


def test_margin_for_a_rise_keeps_the_hedge_up_to_there():
    rules = Rules(0.005, "mark", 0.0006, "mark")
    margin = lab.margin_for_rise(0.2, 1, 100, rules)
    for top, at in ((119.99, -1), (120.01, 1)):
        assert lab.hedge_over_path(1, margin, [100, top], rules=rules).liquidated_at == at


def test_after_liquidation_there_is_no_basis_any_more():
    # Sold at 102 on 10: gone at 112. Before: (102 − 100) − (107 − 104) = −1.
    out = lab.hedge_over_path(1, 10, [100, 104, 111, 90], [102, 107, 112, 90])
    assert out.basis.tolist() == [0, -1, 0, 0] and out.direction.tolist() == [0, 0, 1, -20]
    # A quantity of its own: 100 of 300 dollars, so two coins follow the price.
    part = lab.hedge_over_path(3, 1, [100, 110], quantity=100, contract="inverse")
    assert part.exposure.tolist() == [2, 2] and part.total.tolist() == pytest.approx([0, 20])
    assert lab.hedge_over_path(3, 100, [100, 110], quantity=1).total.tolist() == [0, 20]


def test_a_hedge_over_many_paths():
    paths = np.array([[100.0, 90, 100], [100, 115, 90], [100, 105, 112]])
    out = lab.hedge_over_path(1, [10.0, 10.0, 20.0], paths, funding_rates=[0.01, 0.02], opening_fee_rate=[0, 0.01, 0.02])
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
    each = lab.hedge_over_path([1, 2], 10, [100, 104], quantity=1)
    assert each.total[:, -1].tolist() == [0, 4] and each.exposure.tolist() == [[0, 0], [1, 1]]


# --- scalps


def test_a_round_trip_by_hand():
    # 2 × 0.06 % × 500 = 60 % of the margin; 1.0006/0.9994 − 1 = 0.12007 % to break even.
    trip = lab.cost_of_round_trip(500, 0.0006, 0.0006)
    assert trip.of_value == pytest.approx(0.0012, rel=1e-12) and trip.of_margin == pytest.approx(0.6, rel=1e-12)
    assert trip.break_even_move == pytest.approx(1.0006 / 0.9994 - 1, rel=1e-9)
    # Bought at the ask 100, sold at the bid 99: 1 + 0.1 + 0.2 × 0.99 of 100.
    trip = lab.cost_of_round_trip(10, 0.001, 0.002, spread=0.01)
    assert trip.of_value == pytest.approx(0.01298, rel=1e-12) and trip.of_margin == pytest.approx(0.1298, rel=1e-12)
    # The bid must rise from 0.99 to 1.001/0.998.
    assert trip.break_even_move == pytest.approx(1.001 / 0.998 / 0.99 - 1, rel=1e-9)
    # Sold at the bid 100, bought back at the ask 101: 1 + 0.1 + 0.2 × 1.01; the ask must fall from 1.01 to 0.999/1.002.
    trip = lab.cost_of_round_trip(10, 0.001, 0.002, 0.01, "short")
    assert trip.of_value == pytest.approx(0.01302, rel=1e-12)
    assert trip.break_even_move == pytest.approx(1 - 0.999 / 1.002 / 1.01, rel=1e-9)
    # Inverse, a dollar of 1 coin: sold at 0.8, 1.25 coins are owed, and 0.2 % of them to pay.
    trip = lab.cost_of_round_trip(2, 0.001, 0.002, 0.2, contract="inverse")
    assert trip.of_value == pytest.approx(0.25 + 0.001 + 0.0025, rel=1e-12)


@given(sides, contracts, rates, rates, st.floats(0, 0.05))
def test_after_the_break_even_move_nothing_is_lost(side, contract, fo, f, spread):
    s = sign(side)
    trip = lab.cost_of_round_trip(7, fo, f, spread, side, contract)
    at_once = 1 - s * spread
    after = at_once * (1 + s * trip.break_even_move)
    assert settle(side, contract, 1, 1, after, fo, f) == pytest.approx(0, abs=1e-12)
    assert settle(side, contract, 1, 1, at_once, fo, f) == pytest.approx(-trip.of_value, abs=1e-12)
    assert trip.of_margin == pytest.approx(7 * trip.of_value)


def test_round_trips_of_arrays():
    trip = lab.cost_of_round_trip([1, 100], 0.0005, 0.0005)
    assert trip.of_margin.tolist() == pytest.approx([0.001, 0.1])
    # A fee above what an inverse price can bring back: nan.
    assert math.isnan(lab.cost_of_round_trip(1, 0.99, 0.99, 0.5, "short").break_even_move) is False
    assert math.isnan(lab.cost_of_round_trip(1, -0.5, -1, 0, "long", "inverse").break_even_move)


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


# --- bad input

P = [100.0, 99.0]
SIZE = dict(side="long", account=1000, risk=0.01, entry_price=100, stop_price=98)
CHECK = dict(side="long", entry_price=100, stop_price=99, quantity=1, margin=10, rules=Rules(0.005))
SURVIVE = dict(side="long", entry_price=100, quantity=1, price=90)
MOST = dict(side="long", entry_price=100, stop_price=99, rules=Rules(0.005))
TRAIL = dict(side="long", path=P, distance=0.1)
FIXED = dict(side="long", path=P, stop_price=90)
LOSS = dict(side="long", entry_price=100, stop_price=99, quantity=1, margin=10, path=P)
HEDGE = dict(holding=1, spot_open=100, spot_close=110)
HEDGED = dict(holding=1, margin=10, spot_path=P)
RISE = dict(rise=0.1, quantity=1, entry_price=100)
TRIP = dict(leverage=10, opening_fee_rate=0, closing_fee_rate=0)
WIN = dict(gain=1, loss=1)
EXPECT = dict(win_rate=0.5, gain=1, loss=1)
GOOD = {
    lab.size_from_risk: SIZE,
    lab.stop_check: CHECK,
    lab.margin_to_survive: SURVIVE,
    lab.max_leverage_for_stop: MOST,
    lab.trailing_stop: TRAIL,
    lab.fixed_stop: FIXED,
    lab.stop_loss: LOSS,
    lab.hedge: HEDGE,
    lab.hedge_over_path: HEDGED,
    lab.margin_for_rise: RISE,
    lab.cost_of_round_trip: TRIP,
    lab.needed_win_rate: WIN,
    lab.expectancy: EXPECT,
}
LOSING = "must be below the entry price of a long and above that of a short, got"
SIDE = "side must be 'long' or 'short', got 'buy'"
CONTRACT = "contract must be 'linear' or 'inverse', got 'quanto'"
BAD = [
    (lab.size_from_risk, {"side": "buy"}, SIDE),
    (lab.size_from_risk, {"contract": "quanto"}, CONTRACT),
    (lab.size_from_risk, {"account": 0}, "account must be above 0, got 0"),
    (lab.size_from_risk, {"risk": 0}, "risk must be above 0 and at most 1, got 0"),
    (lab.size_from_risk, {"risk": 1.01}, "risk must be above 0 and at most 1, got 1.01"),
    (lab.size_from_risk, {"entry_price": 0}, "entry price must be above 0, got 0"),
    (lab.size_from_risk, {"stop_price": 0}, "stop price must be above 0, got 0"),
    (lab.size_from_risk, {"stop_price": 100}, f"stop price {LOSING} 100 with entry price 100"),
    (lab.size_from_risk, {"stop_price": 101.5}, f"stop price {LOSING} 101.5 with entry price 100"),
    (lab.size_from_risk, {"side": "short"}, f"stop price {LOSING} 98 with entry price 100"),
    (lab.size_from_risk, {"stop_price": [98, 99, 103]}, f"stop price {LOSING} 103 with entry price 100 (at position 2)"),
    (lab.size_from_risk, {"entry_price": [[100], [97]], "stop_price": [96, 98]}, f"stop price {LOSING} 98 with entry price 97 (at position 1, 1)"),
    (lab.size_from_risk, {"opening_fee_rate": 1}, f"opening fee rate must be {FEE_TEXT}, got 1"),
    (lab.size_from_risk, {"closing_fee_rate": 1}, f"closing fee rate must be {FEE_TEXT}, got 1"),
    (lab.size_from_risk, {"slippage": 1}, "slippage must be at least 0 and below 1, got 1"),
    (lab.size_from_risk, {"slippage": -0.1}, "slippage must be at least 0 and below 1, got -0.1"),
    (lab.size_from_risk, {"step": 0}, "step must be above 0, got 0"),
    (lab.size_from_risk, {"account": [1, 2], "stop_price": [97, 98, 99]}, "the arrays must have shapes that fit together, got side (), entry price (), stop price (3,), account (2,), risk (), opening fee rate (), closing fee rate (), slippage ()"),
    (lab.stop_check, {"side": "buy"}, SIDE),
    (lab.stop_check, {"contract": "quanto"}, CONTRACT),
    (lab.stop_check, {"stop_price": 101}, f"stop price {LOSING} 101 with entry price 100"),
    (lab.stop_check, {"buffer": -0.01}, "buffer must be at least 0, got -0.01"),
    (lab.stop_check, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.stop_check, {"rules": 0.005}, "rules must be Rules(...), got 0.005"),
    (lab.stop_check, {"margin": 0.4}, "liquidated at entry: the margin must be at least its requirement of 0.5, got 0.4"),
    (lab.margin_to_survive, {"price": 100}, f"price {LOSING} 100 with entry price 100"),
    (lab.margin_to_survive, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.margin_to_survive, {"rules": None}, "rules must be Rules(...), got None"),
    (lab.margin_to_survive, {"contract": "quanto"}, CONTRACT),
    (lab.max_leverage_for_stop, {"stop_price": 100}, f"stop price {LOSING} 100 with entry price 100"),
    (lab.max_leverage_for_stop, {"buffer": -1}, "buffer must be at least 0, got -1"),
    (lab.max_leverage_for_stop, {"quantity": -1}, "quantity must be above 0, got -1"),
    (lab.max_leverage_for_stop, {"rules": "binance"}, "rules must be Rules(...), got 'binance'"),
    (lab.trailing_stop, {"side": "buy"}, SIDE),
    (lab.trailing_stop, {"path": 100}, "path must be an array of at least one price, got 100"),
    (lab.trailing_stop, {"path": []}, "path must be an array of at least one price, got []"),
    (lab.trailing_stop, {"path": [100, 0]}, "path must be above 0, got 0 (at position 1)"),
    (lab.trailing_stop, {"distance": 0}, "distance must be above 0 and below 1, got 0"),
    (lab.trailing_stop, {"distance": 1}, "distance must be above 0 and below 1, got 1"),
    (lab.trailing_stop, {"activation": 0}, "activation must be above 0, got 0"),
    (lab.trailing_stop, {"fill": "limit"}, "fill must be 'path' or 'stop', got 'limit'"),
    (lab.trailing_stop, {"liquidation_price": -1}, "liquidation price must be at least 0, got -1"),
    (lab.trailing_stop, {"liquidation_price": [NAN, -1]}, "liquidation price must be at least 0, got -1 (at position 1)"),
    (lab.trailing_stop, {"liquidation_price": "90"}, "liquidation price must be a number, at least 0, got '90'"),
    (lab.trailing_stop, {"path": [P, P], "distance": [0.1, 0.2, 0.3]}, "the arrays must have shapes that fit together, got path (2,), side (), distance (3,)"),
    (lab.trailing_stop, {"path": [P, P], "liquidation_price": [1, 2, 3]}, "the arrays must have shapes that fit together, got stops (2,), liquidation price (3,)"),
    (lab.fixed_stop, {"side": "buy"}, SIDE),
    (lab.fixed_stop, {"path": 100}, "path must be an array of at least one price, got 100"),
    (lab.fixed_stop, {"stop_price": 0}, "stop price must be above 0, got 0"),
    (lab.fixed_stop, {"fill": None}, "fill must be 'path' or 'stop', got None"),
    (lab.fixed_stop, {"path": [P, P], "stop_price": [1, 2, 3]}, "the arrays must have shapes that fit together, got path (2,), side (), stop price (3,)"),
    (lab.stop_loss, {"path": 100}, "path must be an array of at least one price, got 100"),
    (lab.stop_loss, {"stop_price": 101}, f"stop price {LOSING} 101 with entry price 100"),
    (lab.stop_loss, {"margin": 0}, "margin must be above 0, got 0"),
    (lab.stop_loss, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.stop_loss, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.stop_loss, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.stop_loss, {"fill": "limit"}, "fill must be 'path' or 'stop', got 'limit'"),
    (lab.stop_loss, {"contract": "quanto"}, CONTRACT),
    (lab.hedge, {"holding": 0}, "holding must be above 0, got 0"),
    (lab.hedge, {"spot_open": 0}, "spot open must be above 0, got 0"),
    (lab.hedge, {"spot_close": 0}, "spot close must be above 0, got 0"),
    (lab.hedge, {"future_open": 0}, "future open must be above 0, got 0"),
    (lab.hedge, {"future_close": 0}, "future close must be above 0, got 0"),
    (lab.hedge, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.hedge, {"contract": "quanto"}, CONTRACT),
    (lab.hedge, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge, {"funding_paid": NAN}, "funding paid must be a finite number, got nan"),
    (lab.hedge_over_path, {"holding": 0}, "holding must be above 0, got 0"),
    (lab.hedge_over_path, {"margin": 0}, "margin must be above 0, got 0"),
    (lab.hedge_over_path, {"quantity": 0}, "quantity must be above 0, got 0"),
    (lab.hedge_over_path, {"spot_path": 100}, "spot path must be an array of at least one price, got 100"),
    (lab.hedge_over_path, {"spot_path": [100, -1]}, "spot path must be above 0, got -1 (at position 1)"),
    (lab.hedge_over_path, {"future_path": 100}, "future path must be an array of at least one price, got 100"),
    (lab.hedge_over_path, {"future_path": [100]}, "future path must have as many prices as spot path, 2, got 1"),
    (lab.hedge_over_path, {"funding_rates": [0.1, 0.1]}, "funding rates must be one, or one for each of the 1 steps after the opening, got 2"),
    (lab.hedge_over_path, {"funding_rates": NAN}, "funding rates must be a finite number, got nan"),
    (lab.hedge_over_path, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge_over_path, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.hedge_over_path, {"contract": "quanto"}, CONTRACT),
    (lab.hedge_over_path, {"contract": "inverse", "margin": 1.1}, "share of the holding that is margin must be above 0 and at most 1, got 1.1"),
    (lab.hedge_over_path, {"rules": 1}, "rules must be Rules(...), got 1"),
    (lab.hedge_over_path, {"margin": 0.1, "rules": Rules(0.005)}, "liquidated at entry: the margin must be at least its requirement of 0.5, got 0.1"),
    (lab.hedge_over_path, {"spot_path": [P, P], "holding": [1, 2, 3]}, "the arrays must have shapes that fit together, got holding (3,), margin (), quantity (3,), opening fee rate (), closing fee rate (), future path (2,), spot path (2,)"),
    (lab.margin_for_rise, {"rise": 0}, "rise must be above 0, got 0"),
    (lab.margin_for_rise, {"entry_price": 0}, "entry price must be above 0, got 0"),
    (lab.margin_for_rise, {"contract": "quanto"}, CONTRACT),
    (lab.cost_of_round_trip, {"leverage": 0.5}, "leverage must be at least 1, got 0.5"),
    (lab.cost_of_round_trip, {"spread": 1}, "spread must be at least 0 and below 1, got 1"),
    (lab.cost_of_round_trip, {"side": "buy"}, SIDE),
    (lab.cost_of_round_trip, {"contract": "quanto"}, CONTRACT),
    (lab.cost_of_round_trip, {"opening_fee_rate": 2}, f"opening fee rate must be {FEE_TEXT}, got 2"),
    (lab.cost_of_round_trip, {"closing_fee_rate": 2}, f"closing fee rate must be {FEE_TEXT}, got 2"),
    (lab.needed_win_rate, {"gain": 0}, "gain must be above 0, got 0"),
    (lab.needed_win_rate, {"loss": 0}, "loss must be above 0, got 0"),
    (lab.needed_win_rate, {"cost": -1}, "cost must be at least 0, got -1"),
    (lab.expectancy, {"win_rate": 1.1}, "win rate must be from 0 to 1, got 1.1"),
    (lab.expectancy, {"win_rate": -0.1}, "win rate must be from 0 to 1, got -0.1"),
    (lab.expectancy, {"gain": 0}, "gain must be above 0, got 0"),
    (lab.expectancy, {"loss": 0}, "loss must be above 0, got 0"),
    (lab.expectancy, {"cost": -1}, "cost must be at least 0, got -1"),
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
    names = set(inspect.signature(function).parameters) - {"side", "rules", "contract", "fill"}
    may_be_none = {"step", "activation", "liquidation_price", "quantity", "future_open", "future_close", "future_path"}
    for name in names:
        for bad in (NAN, math.inf, -math.inf, "1", True, [1.0, NAN], None):
            default = inspect.signature(function).parameters[name].default
            if bad is None and default is None and name in may_be_none:
                continue
            if name == "liquidation_price" and bad is not True and not isinstance(bad, str) and np.isnan(bad).any():
                continue  # nan is how the engine says never
            with pytest.raises(ValueError, match=f"{name.replace('_', ' ')} must be"):
                function(**GOOD[function] | {name: bad})
    for name in ("side", "rules", "contract", "fill"):
        if name in inspect.signature(function).parameters:
            for bad in (None, 1, "x"):
                with pytest.raises(ValueError, match=f"{name} must be"):
                    function(**GOOD[function] | {name: bad})


def test_the_sizing_refuses_a_bad_margin():
    with pytest.raises(ValueError, match="^margin must be above 0, got 0$"):
        lab.size_from_risk(**SIZE).leverage(0)
