"""Chapter 1's money, against printed examples, hand calculation, tick-by-tick walks and bisection."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leverage_lab import checks
from leverage_lab import leverage as lab
from leverage_lab.leverage import Position

# Printed by exchanges, test suites and API documents: publisher, what, number as printed, digits.
PUBLISHED_MARGINS = [
    ("Binance FAQ", (1, 9253.3, 20), "linear", 462.66, 2),
    ("Bybit help centre", (1, 20_000, 50), "linear", 400, 0),
    ("KuCoin support", (0.005, 28_000, 100), "linear", 1.4, 1),
    ("Poloniex support", (0.002, 40_000, 50), "linear", 1.6, 1),
    ("Bitget captured position", (0.001, 43_849, 20), "linear", 2.19245, 5),
    ("Pionex blog", (10, 20_000, 20), "linear", 10_000, 0),
    ("MEXC support", (10_000, 7000, 25), "inverse", 0.0571, 4),
    ("MEXC learn", (10_000, 50_000, 125), "inverse", 0.0016, 4),
    ("Bybit help 2019", (1000, 6800, 10), "inverse", 0.0147058824, 10),
    ("OKX API sample", (10, 2566.31, 10), "inverse", 0.0003896645377994, 16),
]
PUBLISHED_PNL = [
    ("Bybit help 2020", ("long", 0.2, 7000, 7500), "linear", 100, 0),
    ("Bybit help 2020", ("short", 0.4, 6000, 5000), "linear", 400, 0),
    ("Bybit API sample", ("long", 75, 0.3615, 0.3374), "linear", -1.8075, 4),
    ("Kraken support", ("short", 0.2, 50_000, 65_200), "linear", -3040, 0),
    ("Bitget support", ("short", 0.4, 27_000, 26_500), "linear", 200, 0),
    ("KuCoin captured position", ("long", 0.02, 4182.1, 4225.01), "linear", 0.8582, 4),
    ("KuCoin support", ("long", 1000, 50_000, 55_000), "inverse", 0.001818, 6),
    ("Bybit help 2019", ("long", 1000, 6800, 7000), "inverse", 0.00420168, 8),
    ("Phemex API sample", ("long", 9, 8687.5941, 8678.6292), "inverse", -0.00000107, 8),
    ("nautilus_trader tests", ("short", 100_000, 10_000, 11_000), "inverse", -0.90909091, 8),
    ("nautilus_trader tests", ("short", 100_000, 375.95, 365.5), "inverse", 7.60499302, 8),
    ("OctoBot tests", ("short", 200, 100, 10), "inverse", 18, 2),
]


@pytest.mark.parametrize("publisher, position, contract, printed, digits", PUBLISHED_MARGINS)
def test_published_initial_margins(publisher, position, contract, printed, digits):
    assert abs(lab.initial_margin(*position, contract) - printed) <= 0.5 * 10**-digits + 1e-12


@pytest.mark.parametrize("publisher, position, contract, printed, digits", PUBLISHED_PNL)
def test_published_profits(publisher, position, contract, printed, digits):
    assert abs(lab.pnl(*position, contract) - printed) <= 0.5 * 10**-digits + 1e-12


def test_published_values_and_returns():
    assert lab.notional(100, 35) == 3500  # Bybit help centre
    assert lab.notional(9, 8687.5941, "inverse") == pytest.approx(0.00103596, abs=5e-9)  # Phemex API sample
    assert lab.roe("long", 20, 2986.3, 2985.9) == pytest.approx(-0.0026789, abs=5e-8)  # Hyperliquid API sample
    assert lab.roe("long", 10, 2.2366, 2.2369) == pytest.approx(0.001341321649, abs=5e-13)  # Bitget captured position


def test_the_first_articles_ten_dollars():
    # By hand: 10 × 500 = 5,000; 5,000 × 0.002 = 10; 10 / 10 = 100 %; account of 100: 10 %.
    coins = lab.quantity(10, 500, 114_400)
    assert lab.notional(coins, 114_400) == pytest.approx(5000, rel=1e-15)
    gain = lab.pnl("long", coins, 114_400, 114_400 * 1.002)
    assert gain == pytest.approx(10, rel=1e-12)
    assert lab.account_change(gain, 100) == pytest.approx(0.10, rel=1e-12)
    assert lab.price_move(114_400, lab.price_for_roe("long", 500, 114_400, -1)) == pytest.approx(-0.002, rel=1e-9)


@pytest.mark.parametrize("side, s", [("long", 1), ("short", -1)])
def test_a_walk_tick_by_tick_linear(side, s):
    # 0.5 coins from 100 up to 103 and down to 96 in ticks of 0.01: each tick pays 0.5 × 0.01, summed in whole ticks.
    ticks = 300 - 700
    assert lab.pnl(side, 0.5, 100, 96) == pytest.approx(s * ticks * 0.005, rel=1e-12)


@pytest.mark.parametrize("side, s", [("long", 1), ("short", -1)])
def test_a_walk_tick_by_tick_inverse(side, s):
    # A long of 1,000 dollars of face value owes 1,000 / p coins: what each tick changes of the debt, added up.
    debt_falls, p = 0.0, 100.0
    for step in range(1, 2001):
        new = 100 + step * 0.01
        debt_falls += 1000 * (new - p) / (p * new)
        p = new
    assert lab.pnl(side, 1000, 100, 120, "inverse") == pytest.approx(s * debt_falls, rel=1e-9)


def test_an_inverse_long_is_dollars_borrowed_to_hold_coins():
    # Sold again at 80: 0.2 coins of margin, 1,000 dollars owed at 100 bought 10 coins, 12.5 are needed to pay back.
    assert lab.pnl("long", 1000, 100, 80, "inverse") == pytest.approx(10 - 12.5)


sides = st.sampled_from(checks.SIDES)
contracts = st.sampled_from(checks.CONTRACTS)
prices = st.floats(1e-6, 1e7)
sizes = st.floats(1e-6, 1e7)
leverages = st.floats(1, 1000)


@given(sides, contracts, sizes, prices, prices, leverages)
def test_profit_is_return_times_margin(side, contract, size, entry, price, L):
    margin = lab.initial_margin(size, entry, L, contract)
    expected = lab.roe(side, L, entry, price, contract) * margin
    scale = lab.notional(size, entry, contract) * max(1, price / entry, entry / price)
    assert lab.pnl(side, size, entry, price, contract) == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


@given(contracts, sizes, prices, prices)
def test_long_and_short_are_a_zero_sum(contract, size, entry, price):
    assert lab.pnl("long", size, entry, price, contract) + lab.pnl("short", size, entry, price, contract) == 0


@given(contracts, sizes, prices, leverages)
def test_margin_buys_the_position_it_pays_for(contract, size, entry, L):
    margin = lab.initial_margin(size, entry, L, contract)
    assert lab.quantity(margin, L, entry, contract) == pytest.approx(size, rel=1e-9)


@given(sides, contracts, prices, leverages, st.floats(-3, 3))
def test_price_for_roe_against_bisection(side, contract, entry, L, wanted):
    def gap(price):
        return lab.roe(side, L, entry, price, contract) - wanted

    found = lab.price_for_roe(side, L, entry, wanted, contract)
    low, high = entry * 1e-9, entry * 1e9
    if gap(low) * gap(high) > 0:  # never reached between almost nothing and almost infinity
        assert math.isnan(found) or found <= low * 1.01 or found >= high * 0.99
        return
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if gap(low) * gap(middle) <= 0 else (middle, high)
    assert found == pytest.approx(low, rel=1e-6)


def test_prices_that_do_not_exist_are_nan_and_never_zero():
    assert math.isnan(lab.price_for_roe("short", 1, 50_000, -1, "inverse"))
    assert math.isnan(lab.price_for_roe("short", 2, 50_000, 3))  # below zero
    assert lab.price_for_roe("long", 1, 50_000, -1) == 0  # only if the coin becomes worthless
    got = lab.price_for_roe(["long", "short"], [1, 1], 50_000, -1, "inverse")
    assert got[0] == 25_000 and math.isnan(got[1])


@pytest.mark.parametrize("contract", checks.CONTRACTS)
def test_prices_for_returns_as_an_array_agree_with_single_numbers(contract):
    """Long and short, three leverages and returns from below −100 % up to where no price does it."""
    sides, leverages, returns = (
        ["long", "short"],
        np.array([[[1.0]], [[1.5]], [[20.0]]]),
        np.array([-20.0, -1.5, -1.0, 0.0, 0.5, 1.0, 20.0]),
    )
    got = lab.price_for_roe(sides, leverages, 3.0, returns[:, None], contract)
    assert got.shape == (3, 7, 2)
    for i, L in enumerate(leverages.ravel()):
        for j, wanted in enumerate(returns):
            for k, side in enumerate(sides):
                alone = lab.price_for_roe(side, float(L), 3.0, float(wanted), contract)
                assert type(alone) is float
                assert got[i, j, k] == pytest.approx(alone, rel=1e-15, nan_ok=True)
    # By hand: at 20x 3 (1 − 1/20) = 2.85, and 3 × 20 / 21; +2000 % at 1x: no linear short, no inverse long.
    assert got[2, 2, 0] == pytest.approx(2.85 if contract == "linear" else 60 / 21, rel=1e-15)
    assert math.isnan(got[0, 6, 1 if contract == "linear" else 0])


def test_the_edge_of_what_a_price_can_do():
    # Linear: 100 (1 − 1) = 0 exists, a hair below does not. Inverse: 100 / (1 + r) for a short, to infinity at r = −1.
    for returns, wanted in (([-1.0, -1.0625], [0.0, math.nan]), ([-0.5, -0.75], [50.0, 25.0])):
        assert lab.price_for_roe("long", [1, 1], 100, returns).tolist() == pytest.approx(wanted, nan_ok=True)
        assert [lab.price_for_roe("long", 1, 100, r) for r in returns] == pytest.approx(wanted, nan_ok=True)
    for returns, wanted in (([-1.0, -1.0625], [math.nan, math.nan]), ([-0.5, -0.75], [200.0, 400.0])):
        assert lab.price_for_roe("short", [1, 1], 100, returns, "inverse").tolist() == pytest.approx(
            wanted, nan_ok=True
        )
        assert [lab.price_for_roe("short", 1, 100, r, "inverse") for r in returns] == pytest.approx(wanted, nan_ok=True)


@given(sides, contracts, sizes, prices, prices, st.floats(1e-6, 1e6))
def test_an_isolated_loss_ends_at_the_margin(side, contract, size, entry, price, margin):
    paper, kept = (
        lab.pnl(side, size, entry, price, contract),
        lab.isolated_pnl(side, size, entry, price, margin, contract),
    )
    assert kept >= -margin and (kept == paper or kept == -margin)


def test_arrays_broadcast_and_agree_with_single_numbers():
    entry, price = np.array([[90.0], [110.0]]), np.array([80.0, 100.0, 120.0])
    for contract in checks.CONTRACTS:
        got = lab.pnl("short", 2, entry, price, contract)
        assert got.shape == (2, 3)
        for i in range(2):
            for j in range(3):
                assert got[i, j] == lab.pnl("short", 2, float(entry[i, 0]), float(price[j]), contract)
    assert lab.roe(["long", "short"], 10, 100, [103, 103]).tolist() == pytest.approx([0.3, -0.3])
    assert lab.isolated_pnl("long", 1, 100, [50, 150], 10).tolist() == [-10, 50]


def test_effective_leverage_by_hand():
    # 100 of margin at 10x is 1,000; after −5 % it is worth 950 on 50 of margin: 19x.
    assert lab.effective_leverage(10, 95, 50) == pytest.approx(19)
    bet = Position("long", 100, quantity=10, leverage=10)
    assert bet.effective_leverage(95) == pytest.approx(19)
    with pytest.raises(ValueError, match="equity must be above 0, got -"):
        bet.effective_leverage(85)


@given(st.floats(0, 0.999))
def test_the_gain_that_undoes_a_loss(loss):
    assert lab.compounded([-loss, lab.gain_to_recover(loss)]) == pytest.approx(1, rel=1e-9)


def test_compounding_by_hand():
    assert lab.compounded([0.5, -0.5]) == 0.75
    assert lab.compounded([]) == 1
    assert lab.compounded([0.1, -1, 5]) == 0
    with pytest.raises(ValueError, match="returns must be at least -1, got -1.5"):
        lab.compounded([-1.5])


def test_a_position_reads_aloud():
    # 0.05 × 114,400 = 5,720; / 20 = 286; at 113,256 (−1 %) −57.20, −20 % of 286, −5.72 % of 1,000.
    bet = Position("long", entry_price=114_400, quantity=0.05, leverage=20)
    assert bet.notional == pytest.approx(5720) and bet.margin == pytest.approx(286)
    assert bet.price_move(113_256) == pytest.approx(-0.01)
    assert bet.pnl(113_256) == pytest.approx(-57.2)
    assert bet.roe(113_256) == pytest.approx(-0.2)
    assert bet.account_change(113_256, 1000) == pytest.approx(-0.0572)
    assert bet.pnl([113_256, 114_400]).tolist() == pytest.approx([-57.2, 0])
    with pytest.raises(AttributeError):
        bet.leverage = 50


def test_an_inverse_position_is_counted_in_coins():
    # 1,000 dollars at 100 are 10 coins; / 20 = 0.5. At 80 they are 12.5: a long is 2.5 down, five times its margin.
    # At 125 they are 8: 2 up, four times the margin, 10 % of 20 coins; 8 / (0.5 + 2) = 3.2x.
    bet = Position("long", entry_price=100, quantity=1000, leverage=20, contract="inverse")
    assert bet.notional == 10 and bet.margin == 0.5
    assert bet.pnl(80) == pytest.approx(-2.5) and bet.roe(80) == pytest.approx(-5)
    assert bet.pnl(125) == pytest.approx(2) and bet.roe(125) == pytest.approx(4)
    assert bet.account_change(125, 20) == pytest.approx(0.1)
    assert bet.effective_leverage(125) == pytest.approx(3.2)
    assert lab.effective_leverage(1000, 125, 2.5, "inverse") == pytest.approx(3.2)


BAD_POSITIONS = [
    ({"leverage": 0}, "leverage must be at least 1, got 0"),
    ({"leverage": -3}, "leverage must be at least 1, got -3"),
    ({"leverage": math.nan}, "leverage must be at least 1, got nan"),
    ({"leverage": math.inf}, "leverage must be at least 1, got inf"),
    ({"leverage": "20x"}, "leverage must be a number, at least 1, got '20x'"),
    ({"leverage": 200, "max_leverage": 125}, "leverage must be from 1 to 125, got 200"),
    ({"leverage": [5, 10]}, "leverage must be one number, got an array of shape (2,)"),
    ({"entry_price": [100, 101, 102]}, "entry price must be one number, got an array of shape (3,)"),
    ({"quantity": math.nan}, "quantity must be above 0, got nan"),
    ({"max_leverage": 0.5}, "max leverage must be at least 1, got 0.5"),
    ({"quantity": 0}, "quantity must be above 0, got 0"),
    ({"entry_price": 0}, "entry price must be above 0, got 0"),
    ({"side": "buy"}, "side must be 'long' or 'short', got 'buy'"),
    ({"contract": "quanto"}, "contract must be 'linear' or 'inverse', got 'quanto'"),
]


@pytest.mark.parametrize("change, sentence", BAD_POSITIONS)
def test_bad_positions(change, sentence):
    with pytest.raises(ValueError) as error:
        Position(**{"side": "long", "entry_price": 100, "quantity": 1, "leverage": 10} | change)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "margin, sentence", [(0, "margin must be above 0, got 0"), (-5, "margin must be above 0, got -5")]
)
def test_bad_margins(margin, sentence):
    for call in (lambda: lab.quantity(margin, 10, 100), lambda: lab.isolated_pnl("long", 1, 100, 90, margin)):
        with pytest.raises(ValueError) as error:
            call()
        assert str(error.value) == sentence


GOOD = {
    lab.notional: (1.0, 100.0),
    lab.quantity: (10.0, 5.0, 100.0),
    lab.initial_margin: (1.0, 100.0, 5.0),
    lab.price_move: (100.0, 90.0),
    lab.account_change: (5.0, 100.0),
    lab.effective_leverage: (1.0, 100.0, 50.0),
    lab.gain_to_recover: (0.5,),
    lab.pnl: ("long", 1.0, 100.0, 90.0),
    lab.isolated_pnl: ("long", 1.0, 100.0, 90.0, 10.0),
    lab.roe: ("long", 5.0, 100.0, 90.0),
    lab.price_for_roe: ("long", 5.0, 100.0, -1.0),
}


@pytest.mark.parametrize("function", GOOD, ids=lambda function: function.__name__)
def test_every_function_refuses_every_bad_number(function):
    """nan, infinity, text and None in any place: one sentence with the value's name, never a silent nan."""
    arguments = GOOD[function]
    names = list(inspect.signature(function).parameters)
    for place, name in enumerate(names[: len(arguments)]):
        for bad in (math.nan, math.inf, -math.inf, "1", None, [1.0, math.nan]):
            with pytest.raises(ValueError) as error:
                function(*arguments[:place], bad, *arguments[place + 1 :])
            assert str(error.value).startswith(f"{name.replace('_', ' ')} must be ")
    if "contract" in names:
        function(*arguments, "linear")
        assert function(*arguments) == function(*arguments, "linear") != function(*arguments, "inverse")
        with pytest.raises(ValueError) as error:
            function(*arguments, "quanto")
        assert str(error.value) == "contract must be 'linear' or 'inverse', got 'quanto'"


# Each bound: the last value that is allowed, the first that is not, and the sentence.
BOUNDS = [
    (lambda x: lab.notional(x, 100), 1e-300, 0, "quantity must be above 0, got 0"),
    (lambda x: lab.notional(1, x), 1e-300, 0, "price must be above 0, got 0"),
    (lambda x: lab.quantity(10, x, 100), 1, 0.99, "leverage must be at least 1, got 0.99"),
    (lambda x: lab.quantity(10, 1, x), 1e-300, 0, "price must be above 0, got 0"),
    (lambda x: lab.initial_margin(1, 100, x), 1, 0.99, "leverage must be at least 1, got 0.99"),
    (lambda x: lab.price_move(x, 100), 1e-300, 0, "entry price must be above 0, got 0"),
    (lambda x: lab.price_move(100, x), 1e-300, 0, "price must be above 0, got 0"),
    (lambda x: lab.pnl("long", x, 100, 90), 1e-300, 0, "quantity must be above 0, got 0"),
    (lambda x: lab.pnl("long", 1, x, 90), 1e-300, 0, "entry price must be above 0, got 0"),
    (lambda x: lab.pnl("long", 1, 100, x), 1e-300, 0, "price must be above 0, got 0"),
    (lambda x: lab.roe("long", x, 100, 90), 1, 0.99, "leverage must be at least 1, got 0.99"),
    (lambda x: lab.roe("long", 5, x, 90), 1e-300, 0, "entry price must be above 0, got 0"),
    (lambda x: lab.roe("long", 5, 100, x), 1e-300, 0, "price must be above 0, got 0"),
    (lambda x: lab.price_for_roe("long", x, 100, -1), 1, 0.99, "leverage must be at least 1, got 0.99"),
    (lambda x: lab.price_for_roe("long", 5, x, -1), 1e-300, 0, "entry price must be above 0, got 0"),
    (lambda x: lab.account_change(-5, x), 1e-300, 0, "account must be above 0, got 0"),
    (lambda x: lab.effective_leverage(1, 100, x), 1e-300, 0, "equity must be above 0, got 0"),
    (lambda x: lab.gain_to_recover(x), 0, -0.01, "loss must be at least 0 and below 1, got -0.01"),
    (lambda x: lab.gain_to_recover(x), 0.999, 1, "loss must be at least 0 and below 1, got 1"),
    (lambda x: lab.compounded([0.1, x]), -1, -1.01, "returns must be at least -1, got -1.01 (at position 1)"),
]


@pytest.mark.parametrize("call, allowed, refused, sentence", BOUNDS)
def test_bounds(call, allowed, refused, sentence):
    call(allowed)
    with pytest.raises(ValueError) as error:
        call(refused)
    assert str(error.value) == sentence


def test_sides_as_words_and_arrays_of_words():
    assert checks.sign("long") == 1 and checks.sign("short") == -1
    assert type(checks.sign("long")) is int  # one word needs no array
    assert checks.sign(["long", "short"]).tolist() == [1, -1]
    assert checks.sign(np.array([["short"], ["long"]])).tolist() == [[-1], [1]]
    assert checks.sign(("short", "short")).tolist() == [-1, -1]
    for bad, got in (
        ("buy", "'buy'"),
        (None, "None"),
        (1, "1"),
        (["long", "short", "buy", "sell"], "'buy'"),
        (["Short"], "'Short'"),
    ):
        with pytest.raises(ValueError) as error:
            checks.sign(bad)
        assert str(error.value) == f"side must be 'long' or 'short', got {got}"


@given(sides, leverages, prices, st.floats(-0.9, 5))
def test_linear_return_is_leverage_times_move(side, L, entry, move):
    assume(abs(move) > 1e-6)
    s = 1 if side == "long" else -1
    assert lab.roe(side, L, entry, entry * (1 + move)) == pytest.approx(s * L * move, rel=1e-6, abs=1e-9 * L)


@pytest.mark.parametrize(
    "nothing, sentence",
    [
        (None, "a sequence of numbers, got None"),
        (5, "a sequence of numbers, got 5"),
        ("12", "a sequence of numbers, got '12'"),
    ],
)
def test_rounds_must_be_a_sequence(nothing, sentence):
    with pytest.raises(ValueError, match=f"^returns must be {sentence}"):
        lab.compounded(nothing)
