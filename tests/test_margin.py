"""Chapter 3's accounts, against printed examples, hand calculation, bisection and a walk step by step in plain
Python."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage_lab import margin as lab
from leverage_lab.liquidation import Ladder, Rules, liquidation_price
from leverage_lab.margin import Account, Holding

near = pytest.approx


# --- the reference: formulas written out, nothing of the package --------------------------------------


def value(h, price):
    return h.quantity * price


def paper(h, price):
    s = 1 if h.side == "long" else -1
    return s * h.quantity * (price - h.entry_price)


def maintenance(h, price):
    """Each slice at its own rate where the ladder has the usual deductions, else the tier's rate for all."""
    rules = h.rules
    at = value(h, h.entry_price if rules.maintenance_basis == "entry" else price)
    if not isinstance(rules.maintenance, Ladder):
        return rules.maintenance * at - rules.maintenance_deduction
    ladder = rules.maintenance
    tops = [*ladder.floors[1:], math.inf]
    if any(ladder.deductions):
        return sum(rate * (min(at, top) - low) for low, top, rate in zip(ladder.floors, tops, ladder.rates) if at > low)
    return next(rate for top, rate in zip(tops, ladder.rates) if at <= top) * at


def bankruptcy(h, money):
    s, f, q, e = (1 if h.side == "long" else -1), h.rules.closing_fee_rate, h.quantity, h.entry_price
    return max((e * q - s * money) / (q * (1 - s * f)), 0.0)


def required(h, price, money):
    basis, fee = h.rules.closing_fee_basis, 0.0
    if basis != "none":
        at = {"entry": h.entry_price, "mark": price}.get(basis) or bankruptcy(h, money)
        fee = h.rules.closing_fee_rate * value(h, at)
    return maintenance(h, price) + fee


def own_margin(h):
    reserve = 0.0
    s = 1 if h.side == "long" else -1
    if h.rules.closing_fee_basis == "entry":
        reserve = h.rules.closing_fee_rate
    if h.rules.closing_fee_basis == "bankruptcy":
        reserve = h.rules.closing_fee_rate * (1 - s / h.leverage)
    return value(h, h.entry_price) * (1 / h.leverage + reserve) + h.added_margin


def cross_state(positions, money, marks, hedge):
    cross = [h for h in positions if h.mode == "cross"]
    total = sum(paper(h, marks[h.symbol]) for h in cross)
    needs = {}
    for h in cross:
        others = total - paper(h, marks[h.symbol])
        needs.setdefault(h.symbol, []).append(required(h, marks[h.symbol], money + others))
    return money + total, sum(sum(legs) if hedge == "both legs" else max(legs) for legs in needs.values())


def reference_walk(account, paths, residual_to):
    """Step by step, one number at a time: (equities, ratios, final wallet, fund's take, [(step, key, pnl)])."""
    money, margins = account.cross_wallet, {h.key: own_margin(h) for h in account.positions if h.mode == "isolated"}
    alive, equities, ratios, closes, fund = list(account.positions), [], [], [], 0.0
    for step in range(len(next(iter(paths.values())))):
        marks = {symbol: float(path[step]) for symbol, path in paths.items()}
        have, need = cross_state(alive, money, marks, account.hedge)
        crossed = any(h.mode == "cross" for h in alive)
        ratios.append((need / have if have > 0 else math.inf) if crossed else math.nan)
        for h in [h for h in alive if h.mode == "isolated"]:
            own = margins[h.key] + paper(h, marks[h.symbol])
            if own <= required(h, marks[h.symbol], margins[h.key]):
                returned = max(own, 0.0) if residual_to == "trader" else 0.0
                fund, money = fund + own - returned, money + returned
                closes.append((step, h.key, paper(h, marks[h.symbol])))
                alive.remove(h)
                margins.pop(h.key)
        have, need = cross_state(alive, money, marks, account.hedge)
        while have <= need and any(h.mode == "cross" for h in alive):
            cross = sorted([h for h in alive if h.mode == "cross"], key=lambda h: paper(h, marks[h.symbol]))
            h, left = cross[0], cross_state(alive, money, marks, account.hedge)[0]
            share = value(h, marks[h.symbol]) / sum(value(x, marks[x.symbol]) for x in cross)
            take = left * share if residual_to == "fund" else min(left, 0.0) if len(cross) == 1 else 0.0
            money += paper(h, marks[h.symbol]) - take
            fund += take
            closes.append((step, h.key, paper(h, marks[h.symbol])))
            alive.remove(h)
        equities.append(money + sum(margins.values()) + sum(paper(h, marks[h.symbol]) for h in alive))
    return equities, ratios, money + sum(margins.values()), fund, closes


BASES = ["none", "entry", "mark", "bankruptcy"]
LADDER = Ladder((0, 5_000, 20_000, 60_000), (0.004, 0.01, 0.025, 0.1))
JUMPS = Ladder((0, 5_000, 20_000, 60_000), (0.004, 0.01, 0.025, 0.1), (0, 0, 0, 0))


def random_account(seed, bases=BASES, ladders=(LADDER,), modes=lab.MODES, symbols="ABC"):
    """(account, marks): up to two legs of three symbols, alive at the marks."""
    draw = random.Random(seed)
    while True:
        hedge = draw.choice(lab.HEDGES)
        positions, marks = [], {symbol: draw.uniform(50, 200) for symbol in symbols}
        for symbol in symbols:
            rules = Rules(
                draw.choice([0.005, 0.02, *ladders]),
                draw.choice(["entry", "mark"]),
                draw.choice([0.0, 0.0006, 0.002]),
                draw.choice(bases),
            )
            for side in draw.choice([["long"], ["short"], ["long", "short"]]):
                entry, mode = marks[symbol] * draw.uniform(0.9, 1.1), draw.choice(modes)
                quantity = 10 ** draw.uniform(0, 3)
                added = draw.choice([0.0, 10.0]) if mode == "isolated" else 0.0
                positions.append(Holding(symbol, side, entry, quantity, draw.choice([3, 10, 25]), rules, mode, added))
        cross_value = sum(value(h, marks[h.symbol]) for h in positions if h.mode == "cross")
        account = Account(10 ** draw.uniform(-1.5, 0.7) * (cross_value + 1), positions, hedge)
        have, need = cross_state(positions, account.cross_wallet, marks, hedge)
        own = all(
            own_margin(h) + paper(h, marks[h.symbol]) > 1.01 * required(h, marks[h.symbol], own_margin(h))
            for h in positions
            if h.mode == "isolated"
        )
        if have > 1.01 * need and own:
            return account, marks


seeds = st.integers(0, 2**32)

# --- printed by exchanges ------------------------------------------------------------------------------


def test_binance_two_cross_positions_as_freqtrade_tests_them():
    # freqtrade, test of Binance's liquidation price: wallet 1,535,443.01; the printed PnL and maintenance of the
    # other position are -56,354.57 and 71,200.81 (BTC), -448,192.89 and 356,512.51 (ETH).
    btc = Holding("BTC", "long", 32_481.98, 109.488, 10, Rules(0.025, maintenance_deduction=16_300))
    eth = Holding("ETH", "long", 1456.84, 3683.979, 10, Rules(0.1, maintenance_deduction=135_365))
    account, marks = Account(1_535_443.01, [btc, eth]), {"BTC": 31_967.27, "ETH": 1335.18}
    assert btc.unrealised(31_967.27) == near(-56_354.57, abs=0.005)
    assert btc.requirement(31_967.27) == near(71_200.81, abs=0.005)
    assert eth.unrealised(1335.18) == near(-448_192.89, abs=0.005)
    assert eth.requirement(1335.18) == near(356_512.508, abs=0.005)
    found = account.liquidation_prices(marks)
    assert found["ETH", "long"] == near(1153.26, abs=0.005)
    assert found["BTC", "long"] == near(26_316.89, abs=0.005)
    assert found["ETH", "long"] == near(1153.2564642391, rel=1e-12)


def test_toobit_cross_example_put_right():
    # "Liquidation Introduction of Perpetual Contract": 350 USDT, short of 20 ETH at 1,600, 100x, rate 0.5 %, on entry.
    account = Account(350, [Holding("ETH", "short", 1600, 20, 100, Rules(0.005, "entry"))])
    assert account.requirement({"ETH": 1596}) == near(160)  # 1600 × 20 × 0.005; the page doubles it
    assert account.unrealised({"ETH": 1596}) == near(80)  # the page books it as a loss
    assert account.margin_ratio({"ETH": 1596}) == near(160 / 430)  # 37.2 %; the page has 118.5 %
    assert account.liquidation_prices({"ETH": 1596}) == {("ETH", "short"): near(1609.5, rel=1e-12)}  # 1600 + 190 / 20


def test_duedex_cross_example_put_right():
    # 1 BTC at 10,000 and 100x: 100 set aside beside 1,000 available, maintenance 50: 10,000 − 1,050. Printed: 9,950.
    account = Account(1100, [Holding("BTC", "long", 10_000, 1, 100, Rules(0.005, "entry"))])
    assert account.available({"BTC": 10_000}) == near(1000)
    assert account.liquidation_prices({"BTC": 10_000})["BTC", "long"] == near(8950, rel=1e-12)


def test_bybit_2020_cross_margins():
    # help.bybit.com, "Liquidation Price (USDT Contract)", 2020: 2 BTC at 10,000, 100x: initial 200, maintenance 100.
    held = Holding("BTC", "long", 10_000, 2, 100, Rules(0.005, "entry"))
    assert held.initial_margin == near(200) and held.requirement(10_000) == near(100)


def test_bingx_cross_risk():
    # "Perpetual Futures", cross example: 2 BTC at 10,000, balance 10,000, rate 0.4 %, fee 0.05 %: risk 0.9 %.
    rules = Rules(0.004, closing_fee_rate=0.0005, closing_fee_basis="mark")
    account = Account(10_000, [Holding("BTC", "long", 10_000, 2, 10, rules)])
    assert account.margin_ratio({"BTC": 10_000}) == near(0.009)
    assert account.unrealised({"BTC": 9000}) == near(-2000)
    assert account.margin_ratio({"BTC": 9000}) == near(18_000 * 0.0045 / 8000)
    hedged = account.open(Holding("BTC", "short", 9000, 2, 10, rules), {"BTC": 9000})
    assert hedged.available({"BTC": 9000}) == near(10_000 - 2000 - 2000 - 1800)  # printed margin of the short: 1,800
    assert hedged.margin_ratio({"BTC": 9000}) == near(36_000 * 0.0045 / 8000)


def test_kucoin_same_share_prices():
    # "Liquidation Price in Cross Margin Mode": margin 1,000; 0.01 BTC at 62,000 long, 1 ETH at 3,800 short.
    # Its share, 1000 / 4420 = 22.62 % rounded, gives 4,610.7 (printed) and 48,246 (printed: 47,956, a slip).
    fee = {"closing_fee_rate": 0.0006, "closing_fee_basis": "mark"}
    btc = Holding("BTC", "long", 62_000, 0.01, 10, Rules(0.005, **fee))
    eth = Holding("ETH", "short", 3800, 1, 10, Rules(0.01, **fee))
    marks = {"BTC": 62_000, "ETH": 3800}
    found = lab.same_share_prices(Account(0.2262 * 4420, [btc, eth]), marks)
    assert found["ETH", "short"] == near(4610.68672075994, rel=1e-12)
    assert found["BTC", "long"] == near(48_245.7763475463, rel=1e-12)
    # The same account: the BTC long alone can never end it, so the displayed price is no forecast.
    account = Account(1000, [btc, eth])
    assert math.isnan(account.liquidation_prices(marks)["BTC", "long"])
    # Whatever was paid for the positions, only their marks and the equity count.
    moved = Account(1000 + 20 + 100, [replace(btc, entry_price=64_000), replace(eth, entry_price=3700)])
    for key, price in lab.same_share_prices(account, marks).items():
        assert lab.same_share_prices(moved, marks)[key] == near(price, rel=1e-12)


# --- an account by hand -----------------------------------------------------------------------------------


def beginner():
    """1,000; isolated long of 500 at 10x (margin 50), cross short of 2,000 at 20x (100 set aside)."""
    marks = {"BTC": 50_000, "ETH": 2000}
    account = Account(1000).open(Holding("BTC", "long", 50_000, 0.01, 10, Rules(0.005), mode="isolated"), marks)
    return account.open(Holding("ETH", "short", 2000, 1, 20, Rules(0.01)), marks), marks


def test_what_there_is_by_hand():
    account, marks = beginner()
    assert account.wallet == 1000 and account.cross_wallet == 950
    assert account.holding("BTC", "long").margin == near(50) and account.holding("ETH", "short").margin == near(100)
    up = {"BTC": 50_500, "ETH": 1950}
    assert account.unrealised(up) == near(5 + 50)
    assert account.equity(up) == near(1055)
    assert account.cross_equity(up) == near(1000)
    assert account.requirement(up) == near(19.5)
    assert account.margin_ratio(up) == near(0.0195)
    assert account.available(up) == near(850)  # the profit does not count
    assert account.available({"BTC": 1, "ETH": 2040}) == near(950 - 40 - 100)  # a loss does
    assert account.available({"BTC": 1, "ETH": 4000}) == 0
    assert account.margin_ratio({"BTC": 1, "ETH": 2950}) == account.margin_ratio({"BTC": 1, "ETH": 3000}) == math.inf
    assert math.isnan(Account(5).margin_ratio({})) and Account(5).equity({}) == 5 and Account(5).requirement({}) == 0
    assert Account(5).wallet == 5.0 and isinstance(Account(5).wallet, float) and Account(5).positions == ()


def test_arrays_agree_with_single_numbers():
    account, _ = beginner()
    btc, eth = np.array([49_000.0, 51_000.0]), np.array([1900.0, 2951.0])
    for name in ("unrealised", "equity", "cross_equity", "requirement", "margin_ratio"):
        got = getattr(account, name)({"BTC": btc, "ETH": eth})
        assert got.shape == (2,)
        for i in range(2):
            assert got[i] == near(getattr(account, name)({"BTC": float(btc[i]), "ETH": float(eth[i])}), rel=1e-14)


def test_opening_sets_the_margin_aside():
    marks = {"BTC": 100.0}
    account = Account(100).open(Holding("BTC", "long", 100, 5, 10, mode="isolated"), marks)
    assert account.wallet == 100 and account.cross_wallet == 50
    account = Account(100).open(Holding("BTC", "long", 100, 5, 10), marks)
    assert account.wallet == account.cross_wallet == 100 and account.available(marks) == near(50)
    exactly = Account(50).open(Holding("BTC", "long", 100, 5, 10, mode="isolated"), marks)
    assert exactly.cross_wallet == 0 and exactly.wallet == 50


def test_adding_to_a_position_gives_the_mean_price():
    marks = {"BTC": 120.0, "ETH": 100.0}
    for mode in lab.MODES:
        first = Holding("BTC", "long", 100, 1, 10, mode=mode)
        account = Account(1000).open(first, marks | {"BTC": 100.0}).open(Holding("ETH", "long", 100, 1, 10), marks)
        added = 7 if mode == "isolated" else 0
        more = Holding("BTC", "long", 120, 3, 10, mode=mode, added_margin=added)
        both = account.open(more, marks)
        held = both.positions[0]
        assert [h.symbol for h in both.positions] == ["BTC", "ETH"]
        assert held.entry_price == near((1 * 100 + 3 * 120) / 4) and held.quantity == 4 and held.added_margin == added
        assert held.initial_margin == near(first.initial_margin + more.initial_margin)
        assert both.equity(marks) == near(account.equity(marks)) and both.wallet == near(account.wallet)


def test_moving_margin_by_hand():
    account, marks = beginner()
    more = account.add_margin("BTC", "long", 850, marks)
    assert (
        more.cross_wallet == near(100) and more.holding("BTC", "long").margin == near(900) and more.wallet == near(1000)
    )
    assert more.available(marks) == 0
    with pytest.raises(ValueError) as error:
        account.add_margin("BTC", "long", 850.1, marks)
    assert str(error.value) == "amount must be at most the 850 available, got 850.1"


# --- where it ends ----------------------------------------------------------------------------------------


@given(seeds)
@settings(max_examples=25)
def test_cross_with_one_position_and_its_margin_is_isolated(seed):
    draw = random.Random(seed)
    side = draw.choice(["long", "short"])
    basis, fee_basis = draw.choice(["entry", "mark"]), draw.choice(BASES)
    rules = Rules(draw.choice([0.005, 0.02, LADDER, JUMPS]), basis, 0.0006, fee_basis, draw.choice([None, 0.5]))
    added, quantity = draw.choice([0.0, 3.0]), 10 ** draw.uniform(0, 3)
    alone = Holding("A", side, draw.uniform(50, 200), quantity, 5, rules, "isolated", added)
    cross = Account(alone.margin, [replace(alone, mode="cross", added_margin=0.0)])
    isolated, marks = Account(0, [alone]), {"A": alone.entry_price}
    assert cross.margin_ratio(marks) == near(alone.requirement(alone.entry_price) / alone.margin, rel=1e-12)
    a, b = cross.liquidation_prices(marks)["A", side], isolated.liquidation_prices(marks)["A", side]
    assert a == near(b, rel=1e-9, nan_ok=True)
    path = {"A": alone.entry_price * np.cumprod(1 + np.random.default_rng(seed).normal(0, 0.03, 60))}
    for residual_to in lab.RESIDUAL_TO:
        one, other = lab.walk(cross, path, residual_to), lab.walk(isolated, path, residual_to)
        assert one.equity.tolist() == near(other.equity.tolist(), rel=1e-9, abs=1e-9)
        assert [e.step for e in one.events] == [e.step for e in other.events]


def ends(account, marks, symbol):
    """(below, above) by bisection on the reference: without jumps a cross account lives in one interval of prices."""

    def dead(price):
        have, need = cross_state(account.positions, account.cross_wallet, marks | {symbol: price}, account.hedge)
        return have <= need

    found = []
    for limit in (marks[symbol] * 1e-6, marks[symbol] * 1e6):
        inside, outside = marks[symbol], limit
        for _ in range(200 if dead(limit) else 0):
            middle = math.sqrt(inside * outside)
            inside, outside = (inside, middle) if dead(middle) else (middle, outside)
        found.append(outside if dead(limit) else math.nan)
    return found


@given(seeds)
@settings(max_examples=25)
def test_liquidation_ranges_against_bisection(seed):
    account, marks = random_account(seed, modes=("cross",))
    for symbol in {h.symbol for h in account.positions}:
        for got, expected in zip(account.liquidation_range(symbol, marks), ends(account, marks, symbol)):
            if math.isnan(expected):  # none between a millionth and a million times the mark
                assert math.isnan(got) or got <= 1.01e-6 * marks[symbol] or got >= 0.99e6 * marks[symbol]
            else:
                assert got == near(expected, rel=1e-8)
                at = account.margin_ratio(marks | {symbol: got})
                assert at == near(1, rel=1e-6)


@given(seeds)
@settings(max_examples=25)
def test_one_leg_against_the_engine_with_the_others_held(seed):
    account, marks = random_account(seed, bases=BASES[:3], ladders=(LADDER, JUMPS), modes=("cross",))
    found = account.liquidation_prices(marks)
    for h in account.positions:
        others = [x for x in account.positions if x is not h]
        if any(x.symbol == h.symbol for x in others):
            continue
        need = cross_state(others, 0.0, marks, account.hedge)[1]
        gain = sum(paper(x, marks[x.symbol]) for x in others)
        engine = liquidation_price(
            h.side, h.entry_price, h.quantity, account.cross_wallet, h.rules, "linear", gain, need, marks[h.symbol]
        )
        assert found[h.key] == near(engine, rel=1e-8, nan_ok=True)
        below, above = account.liquidation_range(h.symbol, marks)
        assert math.isnan(above if h.side == "long" else below)
        assert not (h.side == "long" and below >= marks[h.symbol]) and not (
            h.side == "short" and above <= marks[h.symbol]
        )


@given(seeds)
@settings(max_examples=25)
def test_more_money_moves_every_price_away_less_brings_it_nearer(seed):
    account, marks = random_account(seed)
    for change in (1.1, 0.999):
        other = replace(account, cross_wallet=account.cross_wallet * change)
        for symbol in {h.symbol for h in account.positions if h.mode == "cross"}:
            (below, above), (lower, higher) = (
                account.liquidation_range(symbol, marks),
                other.liquidation_range(symbol, marks),
            )
            away = change > 1
            for here, there in ((below, 1 / lower if lower else math.inf), (1 / above, higher)):
                if not math.isnan(here) and not math.isnan(there) and here:
                    assert (here * there >= 1 - 1e-9) == away or here * there == near(1, rel=1e-9)
    for h in account.positions:
        if h.mode != "isolated":
            continue
        s, before = (1 if h.side == "long" else -1), account.liquidation_prices(marks)[h.key]
        rich = replace(account, cross_wallet=account.cross_wallet + 1e6)
        more = rich.add_margin(*h.key, 1.0, marks)
        after = more.liquidation_prices(marks)[h.key]
        assert math.isnan(after) or s * (before - after) > 0
        assert more.cross_wallet == near(rich.cross_wallet - 1)


def hedge(long, short, wallet, rules=Rules(0.01), hedge="both legs", entries=(100, 110)):
    sizes = (("long", entries[0], long), ("short", entries[1], short))
    return Account(wallet, [Holding("X", *size, 10, rules) for size in sizes], hedge)


def test_hedges_by_hand():
    marks = {"X": 100}
    # 100 + 3 (p − 100) − (p − 110) = 2 p − 90 against 1 % of 4 p, or of 3 p.
    found = hedge(3, 1, 100).liquidation_prices(marks)
    assert found == {("X", "long"): near(90 / 1.96, rel=1e-12), ("X", "short"): near(90 / 1.96, rel=1e-12)}
    assert hedge(3, 1, 100, hedge="larger leg").liquidation_prices(marks)["X", "long"] == near(90 / 1.97, rel=1e-12)
    # Equal legs: 5 + 10 whatever the price, but maintenance grows with it: 15 = 2 % of p, or 1 %.
    below, above = hedge(1, 1, 5).liquidation_range("X", marks)
    assert math.isnan(below) and above == near(750, rel=1e-12)
    assert hedge(1, 1, 5, hedge="larger leg").liquidation_prices(marks)["X", "short"] == near(1500, rel=1e-12)
    assert hedge(1, 1, 5).margin_ratio(marks) == near(2 / 15)
    assert hedge(1, 1, 5, hedge="larger leg").margin_ratio(marks) == near(1 / 15)
    assert hedge(1, 1, 25).available(marks) == near(25 - 10 - 11)
    assert hedge(1, 1, 25, hedge="larger leg").available(marks) == near(25 - 11)
    # Maintenance on entry, equal legs: nothing moves any more.
    assert all(math.isnan(p) for p in hedge(1, 1, 5, Rules(0.01, "entry")).liquidation_range("X", marks))


def test_a_hedge_that_can_end_on_either_side_by_hand():
    # 1.02 long, 1 short, both at 100, wallet 1; 0.4 %, above 1,000 of value 5 % (deduction 46).
    # Down: −1 + 0.02 p = 0.00808 p. Up, both legs above 1,000: −1 + 0.02 p = 0.101 p − 92.
    rules, marks = Rules(Ladder((0, 1000), (0.004, 0.05))), {"X": 100}
    account = hedge(1.02, 1, 1, rules, entries=(100, 100))
    below, above = account.liquidation_range("X", marks)
    assert below == near(1 / 0.01192, rel=1e-10) and above == near(91 / 0.081, rel=1e-10)
    for mark, nearer in ((100, below), (300, below), (310, above)):  # 306.998 is as far from both
        assert account.liquidation_prices({"X": mark}) == {
            ("X", side): near(nearer, rel=1e-12) for side in ("long", "short")
        }
    ticked = replace(account, positions=[replace(h, rules=replace(rules, tick=0.5)) for h in account.positions])
    assert ticked.liquidation_range("X", marks) == (84.0, 1123.0)  # up below, down above: against the trader


def test_a_jump_at_a_tier_edge_ends_a_short_there():
    # Short of 1 at 900 with 140: at 1,000 there are 40 left, 10 are required, but 50 a hair above.
    rules = Rules(Ladder((0, 1000), (0.01, 0.05), (0, 0)))
    account = Account(140, [Holding("X", "short", 900, 1, 10, rules)])
    assert account.liquidation_prices({"X": 900})["X", "short"] == 1000
    assert account.margin_ratio({"X": 1000}) == near(0.25) and account.margin_ratio({"X": 1000.001}) > 1
    # Legs of 2 and 1, both at 490, with edges at 500 and 1,000: a hair above 500 the long requires 50 instead of 10,
    # 55 in all. With 44 there are 54; with 46 it is passed, and from there on each dollar gains 1 and requires 0.11.
    for wallet, end in ((44, 500), (46, math.nan)):
        above = hedge(2, 1, wallet, rules, entries=(490, 490)).liquidation_range("X", {"X": 490})[1]
        assert above == near(end, rel=1e-15, nan_ok=True)


def test_small_money_counts_as_large():
    # 0.001 at 50,000 with 10.5: at 40,000, the edge of the tiers, there are 0.5 left and 0.16 required.
    account = Account(10.5, [Holding("X", "long", 50_000, 0.001, 10, Rules(Ladder((0, 40), (0.004, 0.01))))])
    assert account.liquidation_prices({"X": 50_000})["X", "long"] == near(39.5 / 0.000996, rel=1e-12)
    # A wallet of 6 cents behind a long of 5: nothing ever ends it, however small the sums.
    account = Account(0.06, [Holding("X", "long", 50_000, 1e-6, 10, Rules(Ladder((0, 0.04), (0.004, 0.01))))])
    assert math.isnan(account.liquidation_prices({"X": 50_000})["X", "long"])


def test_prices_that_do_not_exist():
    def price(wallet, side, rules=Rules()):
        return Account(wallet, [Holding("X", side, 100, 1, 1, rules)]).liquidation_prices({"X": 100})["X", side]

    assert price(100, "long") == 0  # only if the coin becomes worthless
    assert price(100, "long", rules=Rules(0.01)) == 0
    assert math.isnan(price(150, "long"))
    assert price(99.9999999999, "long") == near(1e-10, rel=1e-3)
    assert price(1e6, "short") == near(1_000_100)


def test_what_is_liquidated_already_has_no_price():
    account = Account(9, [Holding("X", "long", 100, 1, 10, Rules(0.01))])
    with pytest.raises(ValueError) as error:
        account.liquidation_prices({"X": 91.5})
    assert (
        str(error.value) == "liquidated at the mark price: the equity must be above its requirement of 0.915, got 0.5"
    )
    with pytest.raises(ValueError, match="liquidated at the mark price: the margin must be at least its requirement"):
        Account(0, [Holding("X", "long", 100, 1, 10, Rules(0.01), mode="isolated")]).liquidation_prices({"X": 90.5})
    with pytest.raises(ValueError, match="liquidated at the mark price"):  # equal is liquidation
        Account(10, [Holding("X", "long", 100, 1, 10, Rules(0.1, "entry"))]).liquidation_prices({"X": 100})


def test_a_position_may_outgrow_its_ladder():
    rules = Rules(Ladder((0, 500), (0.01, 0.02), cap=1000))
    account = Account(1000, [Holding("X", "short", 100, 8, 10, rules)])
    assert account.requirement({"X": 150}) == near(0.02 * 1200 - 5)
    assert account.liquidation_prices({"X": 150})["X", "short"] == near(1805 / 8.16)  # 1000 + 800 − 8 p = 0.16 p − 5
    alone = Account(0, [Holding("X", "short", 100, 8, 1, rules, mode="isolated")])
    assert alone.liquidation_prices({"X": 150})["X", "short"] == near(1605 / 8.16)


def test_a_deep_wallet_pays_no_negative_closing_fee():
    rules = Rules(0.01, closing_fee_rate=0.001, closing_fee_basis="bankruptcy")
    held = Holding("X", "long", 100, 1, 10, rules)
    assert held.requirement(100, 1000) == near(1)  # its bankruptcy price would be below 0
    assert held.requirement(100, 50) == near(1 + 0.001 * 50 / 0.999)
    assert held.requirement(100, 20, 30.0) == near(1 + 0.001 * 50 / 0.999)
    assert held.requirement(100) == near(1 + 0.001 * 90)  # behind its own margin, 10 + reserve: 100 (1 − 1/10)
    assert Account(1000, [held]).requirement({"X": 100}) == near(1)


# --- liquidations -------------------------------------------------------------------------------------------


def isolated_long(wallet=90, **more):
    return Account(wallet, [Holding("X", "long", 100, 1, 10, Rules(0.01), mode="isolated", **more)])


def test_an_isolated_position_is_closed_by_hand():
    # Margin 10; at 90.5 there is 0.5 left and 0.905 required.
    account, events = lab.liquidate(isolated_long(), {"X": 90.5})
    assert account == Account(90)
    (event,) = events
    assert (event.step, event.symbol, event.side, event.mode) == (0, "X", "long", "isolated")
    assert (event.price, event.quantity, event.pnl) == (90.5, 1, near(-9.5))
    assert event.fund == near(0.5) and (event.fund - event.pnl) == near(10)
    account, (event,) = lab.liquidate(isolated_long(), {"X": 90.5}, "trader", step=7)
    assert (
        account.wallet == near(90 + 0.5)
        and event.fund == 0
        and event.step == 7
        and (event.fund - event.pnl) == near(9.5)
    )
    # Beyond the bankruptcy price the fund pays.
    for residual_to in lab.RESIDUAL_TO:
        account, (event,) = lab.liquidate(isolated_long(), {"X": 85}, residual_to)
        assert account.wallet == 90 and event.fund == near(-5) and (event.fund - event.pnl) == near(10)
    # Above the requirement nothing happens; at it, it does.
    assert lab.liquidate(isolated_long(), {"X": 91}) == (isolated_long(), ())
    equal = Account(5, [Holding("X", "long", 100, 1, 10, Rules(0.1, "entry"), mode="isolated")])
    assert len(lab.liquidate(equal, {"X": 100})[1]) == 1


def cross_pair(wallet=20, rules=Rules(0.01)):
    return Account(wallet, [Holding("A", "long", 100, 1, 10, rules), Holding("B", "short", 100, 2, 10, rules)])


def test_a_cross_account_is_closed_by_hand():
    # A at 95 loses 5, B at 106.5 loses 13: 2 left, 0.95 + 2.13 required. Values 95 and 213 of 308.
    marks = {"A": 95.0, "B": 106.5}
    account, events = lab.liquidate(cross_pair(), marks)
    assert account == Account(0)
    assert [(e.symbol, e.mode) for e in events] == [("B", "cross"), ("A", "cross")]
    b, a = events
    assert (b.pnl, a.pnl) == (near(-13), near(-5)) and (a.fund - a.pnl) + (b.fund - b.pnl) == near(20)
    assert b.fund == near(2 * 213 / 308) and a.fund == near(2 * 95 / 308)
    account, (b, a) = lab.liquidate(cross_pair(), marks, "trader")
    assert account.wallet == near(2) and a.fund == b.fund == 0 and not account.positions
    # Under water by 3: the fund pays for all.
    for residual_to in lab.RESIDUAL_TO:
        account, events = lab.liquidate(cross_pair(), {"A": 95.0, "B": 109.0}, residual_to)
        assert account == Account(0) and sum(e.fund for e in events) == near(-3)
    assert lab.liquidate(cross_pair(25), marks) == (cross_pair(25), ())


def test_what_an_isolated_position_returns_can_save_the_others():
    # Isolated long of 1 at 100, margin 50: at 51 it is due (1 left, 2 % on entry required). Cross: 1 short at 100.
    own = Holding("X", "long", 100, 1, 2, Rules(0.02, "entry"), mode="isolated")
    account = Account(2, [Holding("Y", "short", 100, 1, 10, Rules(0.01)), own])
    marks = {"X": 51.0, "Y": 101.5}  # 0.5 left against 1.015
    kept, events = lab.liquidate(account, marks, "trader")
    assert [e.symbol for e in events] == ["X"] and kept.cross_wallet == near(3) and kept.holding("Y", "short")
    lost, events = lab.liquidate(account, marks, "fund")
    assert [e.symbol for e in events] == ["X", "Y"] and lost == Account(0)


# --- walks ------------------------------------------------------------------------------------------------


def random_walk(seed, marks, steps=40):
    draw = np.random.default_rng(seed)
    return {s: mark * np.exp(np.cumsum(draw.normal(0, draw.choice([0.01, 0.1]), steps))) for s, mark in marks.items()}


@given(seeds, st.sampled_from(lab.RESIDUAL_TO))
@settings(max_examples=50)
def test_walks_against_the_plain_reference(seed, residual_to):
    account, marks = random_account(seed, ladders=(LADDER, JUMPS))
    paths = random_walk(seed, marks)
    walked = lab.walk(account, paths, residual_to)
    equities, ratios, wallet, fund, closes = reference_walk(account, paths, residual_to)
    scale = 1e-9 * (1 + account.wallet + sum(value(h, h.entry_price) for h in account.positions))
    assert walked.equity.tolist() == near(equities, rel=1e-9, abs=scale)
    assert walked.margin_ratio.tolist() == near(ratios, rel=1e-6, abs=1e-9, nan_ok=True)
    assert [(e.step, (e.symbol, e.side)) for e in walked.events] == [(step, key) for step, key, _ in closes]
    assert [e.pnl for e in walked.events] == near([gain for _, _, gain in closes], rel=1e-9, abs=scale)
    assert walked.account.wallet == near(wallet, rel=1e-9, abs=scale)
    assert sum(e.fund for e in walked.events) == near(fund, rel=1e-9, abs=scale)


@given(seeds, st.sampled_from(lab.RESIDUAL_TO))
@settings(max_examples=50)
def test_money_is_conserved_and_no_more_is_lost_than_was_there(seed, residual_to):
    """The market pays what the positions gain: wallet, PnL and the fund's take add up at every end."""
    account, marks = random_account(seed)
    paths = random_walk(seed, marks)
    walked = lab.walk(account, paths, residual_to)
    last = {symbol: float(path[-1]) for symbol, path in paths.items()}
    scale = 1e-9 * (1 + account.wallet + sum(value(h, h.entry_price) for h in account.positions))
    market, to_fund = sum(e.pnl for e in walked.events), sum(e.fund for e in walked.events)
    assert walked.account.wallet == near(account.wallet + market - to_fund, abs=scale)
    assert walked.equity[-1] == near(walked.account.equity(last), abs=scale)
    # Never more than the wallet, and each isolated position no more than its margin.
    assert walked.account.equity(last) >= -scale and (walked.equity >= -scale).all()
    if residual_to == "trader":
        assert all(e.fund <= 0 for e in walked.events)
    for h in account.positions:
        if h.mode == "isolated":
            assert sum((e.fund - e.pnl) for e in walked.events if (e.symbol, e.side) == h.key) <= h.margin + scale
    # What is alive at the end is above its requirement there.
    assert lab.liquidate(walked.account, last, residual_to)[1] == ()
    assert walked.events == tuple(sorted(walked.events, key=lambda e: e.step))


@given(seeds)
@settings(max_examples=25)
def test_a_walk_of_one_symbol_ends_at_its_liquidation_price(seed):
    account, marks = random_account(seed, modes=("cross",), symbols="AB")
    below, above = account.liquidation_range("A", marks)
    for end, outward in ((below, 1 - 1e-7), (above, 1 + 1e-7)):
        if math.isnan(end) or end == 0 or not 1e-4 < end / marks["A"] < 1e4:
            continue
        path = {
            "A": np.append(np.geomspace(marks["A"], end / outward, 20), end * outward),
            "B": np.full(21, marks["B"]),
        }
        walked = lab.walk(account, path)
        assert {e.step for e in walked.events} == {20} and walked.account == Account(0, hedge=account.hedge)
        assert (walked.margin_ratio[:20] < 1).all() and walked.margin_ratio[20] >= 1


def test_a_walk_by_hand():
    # Isolated long of 1 X at 100 (margin 10), cross short of 1 Y at 100, wallet 30 in all.
    account = Account(20, [
        Holding("X", "long", 100, 1, 10, Rules(0.01), mode="isolated"), Holding("Y", "short", 100, 1, 10, Rules(0.01)),
    ])  # fmt: skip
    paths = {"X": [100, 98, 92, 80], "Y": [100, 101, 105, 130], "Z": [1, 1, 1, 1]}
    walked = lab.walk(account, paths)
    # X: 10 − 8 = 2 against 0.92 at 92; at 80 it is gone: 10 lost, the fund pays 10.
    # Y: 20 − 5 against 1.05; at 130 20 − 30 = −10: gone, the fund pays that.
    assert walked.equity.tolist() == near([30, 30 - 2 - 1, 30 - 8 - 5, 0], abs=1e-12)
    assert walked.margin_ratio.tolist() == near([1 / 20, 1.01 / 19, 1.05 / 15, math.inf])
    x, y = walked.events
    assert (
        (x.step, x.symbol, x.mode, x.price) == (3, "X", "isolated", 80)
        and x.fund == near(-10)
        and (x.fund - x.pnl) == near(10)
    )
    assert (
        (y.step, y.symbol, y.mode, y.price) == (3, "Y", "cross", 130)
        and y.fund == near(-10)
        and (y.fund - y.pnl) == near(20)
    )
    assert walked.account == Account(0)
    # X still stands at 92 with 2; alone in the walk afterwards, the wallet stays.
    walked = lab.walk(account, {"X": [92, 90.5, 200], "Y": [100, 100, 100]})
    assert walked.equity.tolist() == near([22, 20, 20]) and walked.margin_ratio.tolist() == near([0.05] * 3)
    assert [e.step for e in walked.events] == [1]
    # Once everything is closed, nothing moves and there is no ratio.
    walked = lab.walk(account, {"X": [80, 200], "Y": [130, 10]}, "trader")
    assert (
        walked.equity.tolist() == [0, 0] and walked.margin_ratio[0] == math.inf and math.isnan(walked.margin_ratio[1])
    )
    assert lab.walk(Account(5), {"X": [1, 2]}).equity.tolist() == [5, 5]
    assert lab.walk(account, {"X": [100], "Y": [100]}).account == account


def test_a_walk_ends_at_equality():
    at_once = Holding("X", "long", 100, 1, 10, Rules(0.1, "entry"), mode="isolated")
    for held in (at_once, replace(at_once, mode="cross")):
        account = Account(0 if held.mode == "isolated" else 10, [held])
        assert lab.walk(account, {"X": [100.5, 100, 105]}).events[0].step == 1


def test_a_walk_passes_its_terms_on():
    account, paths, marks = cross_pair(), {"A": [95.0], "B": [106.5]}, {"A": 95.0, "B": 106.5}
    for residual_to in lab.RESIDUAL_TO:
        walked = lab.walk(account, paths, residual_to)
        assert (walked.account, walked.events) == lab.liquidate(account, marks, residual_to)
        assert walked.equity[0] == walked.account.equity(marks)


# --- sharing ----------------------------------------------------------------------------------------------


@given(seeds)
@settings(max_examples=25)
def test_same_share_prices_are_where_the_share_meets_the_requirement(seed):
    account, marks = random_account(seed, bases=BASES[:3], modes=("cross",))
    values = {h.key: value(h, marks[h.symbol]) for h in account.positions}
    shares = {key: account.cross_equity(marks) * own / sum(values.values()) for key, own in values.items()}
    for h in account.positions:
        price = lab.same_share_prices(account, marks)[h.key]
        if not math.isnan(price) and price > 1e-6:
            have = shares[h.key] + paper(h, price) - paper(h, marks[h.symbol])
            assert have == near(required(h, price, 0), rel=1e-6, abs=1e-9 * values[h.key])


def test_same_share_prices_look_from_the_mark_not_from_the_entry():
    # Short of 1 from 900, at 1,100 now, 5 % above 1,000 and 1 % up to there. With 300: 300 + 900 − p = 0.05 p.
    # Seen from the entry, with 145 − 100 left and 50 required a hair above, it would have ended at 1,000.
    rules = Rules(Ladder((0, 1000), (0.01, 0.05), (0, 0)))
    account = Account(300, [Holding("X", "short", 900, 1, 10, rules)])
    assert lab.same_share_prices(account, {"X": 1100})["X", "short"] == near(1200 / 1.05)
    under = Account(145, [Holding("X", "short", 900, 1, 10, rules)])
    assert lab.same_share_prices(under, {"X": 950})["X", "short"] == 1000
    assert lab.same_share_prices(under, {"X": 1001})["X", "short"] == 1001  # used up already: where it stands


def test_isolated_positions_have_no_share():
    account, marks = beginner()
    assert list(lab.same_share_prices(account, marks)) == [("ETH", "short")]
    assert lab.same_share_prices(Account(5), {}) == {}


# --- coins as margin ------------------------------------------------------------------------------


def test_collateral_as_published():
    """Bybit's table of 18 September 2025: 10 BTC at 98 %, the next at 95 %. Kraken: balance × (1 − haircut)."""
    assert lab.collateral_value(10, 100_000, 0.02) == near(980_000)
    first, second = lab.collateral_value(np.array([10.0, 5.0]), 100_000, np.array([0.02, 0.05]))
    assert first + second == near(980_000 + 475_000)
    assert lab.collateral_value(1000, 0.65, 0.1) == near(585) and lab.collateral_value(1000, 0, 0.1) == 0
    # Bybit counts a debt in full: 50 USDT and a loss of 100 leave −50.
    assert lab.collateral_value(-50, 1, 0.1) == -50
    assert lab.collateral_value([-50.0, 50.0], 1, 0.1).tolist() == near([-50, 45])


def test_collateral_liquidation_by_hand():
    """80 coins from 100, now 93: 560 lost, 0.5 % of 7,440 held. 1,000 coins at 90 % must bring 597.20, 0.66356 each."""
    account, marks = Account(0, [Holding("X", "long", 100, 80, 10, Rules(0.005))]), {"X": 93}
    assert lab.collateral_liquidation_price(account, marks, 1000, 0.1) == near(597.2 / 900)
    assert lab.collateral_liquidation_price(account, marks, 1000) == near(0.5972)
    assert lab.collateral_liquidation_price(replace(account, cross_wallet=100), marks, 1000, 0.1) == near(497.2 / 900)
    rich = replace(account, cross_wallet=597.2 + 1e-9)
    assert math.isnan(lab.collateral_liquidation_price(rich, marks, 1000, 0.1))  # the dollars alone are enough
    assert math.isnan(lab.collateral_liquidation_price(Account(0, [ALONE]), {"Y": 5}, 1000))  # no cross position


@pytest.mark.parametrize("seed", range(20))
def test_collateral_liquidation_by_bisection(seed):
    """Halved on the coin's price: where the account with its collateral in dollars is down to its requirement."""
    account, marks = random_account(seed, bases=["none", "entry", "mark"], modes=("cross",))
    draw = random.Random(seed + 100)
    amount, haircut = draw.uniform(10, 1000), draw.uniform(0, 0.5)
    have, need = account.cross_equity(marks), account.requirement(marks)
    bare = replace(account, cross_wallet=account.cross_wallet - have + draw.uniform(-1, 0.9) * need)

    def dead(price):
        with_coins = replace(bare, cross_wallet=bare.cross_wallet + amount * price * (1 - haircut))
        return with_coins.cross_equity(marks) <= with_coins.requirement(marks)

    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if dead(middle) else (low, middle)
    assert lab.collateral_liquidation_price(bare, marks, amount, haircut) == near(high, rel=1e-9)


# --- what is refused --------------------------------------------------------------------------------------


GOOD = {"symbol": "X", "side": "long", "entry_price": 100, "quantity": 1, "leverage": 10}
BAD_HOLDINGS = [
    ({"symbol": ""}, "symbol must be a word, got ''"),
    ({"symbol": 3}, "symbol must be a word, got 3"),
    ({"side": "buy"}, "side must be 'long' or 'short', got 'buy'"),
    ({"entry_price": 0}, "entry price must be above 0, got 0"),
    ({"quantity": -1}, "quantity must be above 0, got -1"),
    ({"quantity": [1, 2]}, "quantity must be one number, got an array of shape (2,)"),
    ({"leverage": 0.5}, "leverage must be at least 1, got 0.5"),
    ({"mode": "portfolio"}, "mode must be 'cross' or 'isolated', got 'portfolio'"),
    ({"added_margin": 5}, "added margin must be 0 in cross mode, got 5"),
    ({"added_margin": math.nan, "mode": "isolated"}, "added margin must be a finite number, got nan"),
    ({"added_margin": [1.0, 2.0], "mode": "isolated"}, "added margin must be one number, got an array of shape (2,)"),
    ({"rules": 0.005}, "rules must be Rules(...), got 0.005"),
    ({"rules": Rules([0.01, 0.02])}, "the rules of a position must be single numbers, got an array of shape (2,)"),
    ({"rules": Rules(0.01, closing_fee_rate=[0.1])}, "the rules of a position must be single numbers, got an array of "
        "shape (1,)"),
    ({"rules": Rules(0.01, maintenance_deduction=[1])}, "the rules of a position must be single numbers, got an array "
        "of shape (1,)"),
    ({"rules": Rules(Ladder((0,), (0.01,), cap=99))}, "value of the X position must be from 0 to 99, got 100"),
    ({"rules": Rules(Ladder((0,), (0.01,), cap=0.5, measure="quantity"))}, "quantity of the X position must be from 0 "
        "to 0.5, got 1"),
]  # fmt: skip


@pytest.mark.parametrize("change, sentence", BAD_HOLDINGS)
def test_bad_holdings(change, sentence):
    with pytest.raises(ValueError) as error:
        Holding(**GOOD | change)
    assert str(error.value) == sentence


def test_good_holdings_at_the_limits():
    assert Holding(**GOOD | {"rules": Rules(Ladder((0,), (0.01,), cap=100))}).requirement(5000) == 50
    assert Holding(**GOOD | {"rules": Rules(Ladder((0,), (0.01,), cap=1, measure="quantity"))}).requirement(200) == 2
    held = Holding(**GOOD)
    assert (held.mode, held.added_margin, held.rules) == ("cross", 0, Rules()) and held.key == ("X", "long")
    assert isinstance(Account(5).cross_wallet, float) and isinstance(replace(held, added_margin=0).added_margin, float)
    assert isinstance(held.quantity, float) and isinstance(held.entry_price, float) and isinstance(held.leverage, float)
    with pytest.raises(AttributeError):
        held.quantity = 5
    walked = lab.walk(isolated_long(), {"X": [90.5]})
    for frozen, name in ((Account(5), "cross_wallet"), (walked, "account"), (walked.events[0], "fund")):
        with pytest.raises(AttributeError):
            setattr(frozen, name, 6)
    entry_fee = Holding(**GOOD | {"rules": Rules(closing_fee_rate=0.001, closing_fee_basis="entry")})
    assert entry_fee.initial_margin == near(10.1) and entry_fee.margin == near(10.1) and entry_fee.value(200) == 200
    assert Holding(**GOOD | {"mode": "isolated", "added_margin": -3}).margin == near(7)


HELD, MARKS = Holding(**GOOD), {"X": 100}
ALONE = replace(HELD, mode="isolated", symbol="Y")
PAIR, BOTH = Account(50, [HELD, ALONE]), {"X": 100, "Y": 100}
REFUSED = [
    (lambda: Account(math.nan), "cross wallet must be a finite number, got nan"),
    (lambda: Account("5"), "cross wallet must be a number, got '5'"),
    (lambda: Account([5.0, 6.0]), "cross wallet must be one number, got an array of shape (2,)"),
    (lambda: Account(-1), "cross wallet must be at least 0, got -1"),
    (lambda: Account(-1, [ALONE]), "cross wallet must be at least 0, got -1"),
    (lambda: Account(5, hedge="net"), "hedge must be 'both legs' or 'larger leg', got 'net'"),
    (lambda: Account(5, HELD), "positions must be a list of Holding(...), got Holding(symbol='X', side='long', entr…"),
    (lambda: Account(5, [1]), "positions must be a list of Holding(...), got [1]"),
    (lambda: Account(5, [HELD, ALONE, HELD]), "an account must have at most one long position in X, got 2"),
    (lambda: PAIR.holding("X", "short"), "position must be one of [('X', 'long'), ('Y', 'long')], got ('X', 'short')"),
    (lambda: PAIR.equity([1, 2]), "marks must be {symbol: price}, got [1, 2]"),
    (lambda: PAIR.equity(MARKS), "marks must have a price of Y, got X"),
    (lambda: PAIR.equity({"A": 1, "B": 2}), "marks must have a price of X, got A, B"),
    (lambda: Account(9.99999).open(HELD, MARKS), "margin must be at most the 9.99999 available, got 10"),
    (lambda: PAIR.equity({}), "marks must have a price of X, got none"),
    (lambda: PAIR.equity(BOTH | {"Y": 0}), "mark of Y must be above 0, got 0"),
    (lambda: PAIR.available(BOTH | {"X": [1.0, 2.0]}), "mark of X must be one number, got an array of shape (2,)"),
    (lambda: PAIR.liquidation_prices(BOTH | {"X": [1.0, 2.0]}), "mark of X must be one number, got an array of "
        "shape (2,)"),
    (lambda: Account(0, [ALONE]).liquidation_prices({"Y": [99.0, 98.0]}), "mark of Y must be one number, got an array "
        "of shape (2,)"),
    (lambda: PAIR.liquidation_range("X", BOTH | {"X": [1.0, 2.0]}), "mark of X must be one number, got an array of "
        "shape (2,)"),
    (lambda: PAIR.liquidation_range("Y", BOTH), "symbol must be one with a cross position, got 'Y'"),
    (lambda: PAIR.add_margin("X", "long", 1, BOTH), "the long position in X must be isolated to have its own margin,"
        " got cross"),
    (lambda: PAIR.add_margin("Y", "long", 0, BOTH), "amount must be above 0, got 0"),
    (lambda: PAIR.add_margin("Y", "long", 41, BOTH), "amount must be at most the 40 available, got 41"),
    (lambda: Account(9).open(HELD, MARKS), "margin must be at most the 9 available, got 10"),
    (lambda: Account(9).open(replace(HELD, mode="isolated"), MARKS), "margin must be at most the 9 available, got 10"),
    (lambda: Account(10, [HELD]).open(ALONE, BOTH | {"X": 95}), "margin must be at most the 0 available, got 10"),
    (lambda: Account(10.5).open(HELD, {"X": 99}), "margin must be at most the 10.5 available, got 11"),
    (lambda: Account(50).open("long", MARKS), "holding must be Holding(...), got 'long'"),
    (lambda: Account(50).open(HELD, {"X": [100.0, 101.0]}), "mark of X must be one number, got an array of shape (2,)"),
    (lambda: PAIR.open(replace(HELD, leverage=5), BOTH), "the long position in X must be increased on its own terms, "
        "got others"),
    (lambda: PAIR.open(replace(HELD, mode="isolated"), BOTH), "the long position in X must be increased on its own "
        "terms, got others"),
    (lambda: Account(20).open(replace(HELD, rules=Rules(0.2)), MARKS),
     "liquidated at entry: the equity must be above its requirement of 20, got 20"),
    (lambda: Account(50).open(replace(HELD, rules=Rules(0.11), mode="isolated"), MARKS),
     "liquidated at entry: the equity must be above its requirement of 11, got 10"),
    (lambda: Account(50).open(replace(HELD, rules=Rules(0.05), mode="isolated"), {"X": 92}),
     "liquidated at entry: the equity must be above its requirement of 4.6, got 2"),
    (lambda: lab.liquidate(5, MARKS), "account must be Account(...), got 5"),
    (lambda: lab.liquidate(PAIR, BOTH, "bank"), "residual to must be 'fund' or 'trader', got 'bank'"),
    (lambda: lab.liquidate(PAIR, BOTH | {"X": [1.0, 2.0]}), "mark of X must be one number, got an array of shape (2,)"),
    (lambda: lab.walk(None, {"X": [1]}), "account must be Account(...), got None"),
    (lambda: lab.walk(PAIR, [1, 2]), "paths must be {symbol: array}, got [1, 2]"),
    (lambda: lab.walk(PAIR, {"X": [1, 2], "Y": [1]}), "paths must be arrays of one length, at least 1, got X 2, Y 1"),
    (lambda: lab.walk(PAIR, {"X": [], "Y": []}), "paths must be arrays of one length, at least 1, got X 0, Y 0"),
    (lambda: lab.walk(PAIR, {}), "paths must be arrays of one length, at least 1, got none"),
    (lambda: lab.walk(PAIR, {"X": 5}), "paths of X must be an array of one dimension, got 0"),
    (lambda: lab.walk(PAIR, {"X": [[5]]}), "paths of X must be an array of one dimension, got 2"),
    (lambda: lab.walk(PAIR, {"X": [5, math.nan]}), "paths of X must be above 0, got nan (at position 1)"),
    (lambda: lab.walk(PAIR, {"X": [5]}), "marks must have a price of Y, got X"),
    (lambda: lab.walk(PAIR, {"X": [5], "Y": [5]}, "x"), "residual to must be 'fund' or 'trader', got 'x'"),
    (lambda: PAIR.equity({"X": [1.0, 2.0], "Y": [1.0, 2.0, 3.0]}), "the arrays must have shapes that fit together, "
        "got mark of X (2,), mark of Y (3,)"),
    (lambda: lab.same_share_prices(PAIR, BOTH | {"X": [1.0, 2.0]}), "mark of X must be one number, got an array of "
        "shape (2,)"),
    (lambda: lab.same_share_prices(None, MARKS), "account must be Account(...), got None"),
    (lambda: lab.collateral_value(5, -1, 0.1), "price must be at least 0, got -1"),
    (lambda: lab.collateral_value(5, 1, 1.1), "haircut must be from 0 to 1, got 1.1"),
    (lambda: lab.collateral_value(5, [1.0, 2.0], [0.1, 0.2, 0.3]),
     "the arrays must have shapes that fit together, got amount (), price (2,), haircut (3,)"),
    (lambda: lab.collateral_liquidation_price(PAIR, BOTH, 0), "amount must be above 0, got 0"),
    (lambda: lab.collateral_liquidation_price(PAIR, BOTH, 5, 1), "haircut must be at least 0 and below 1, got 1"),
    (lambda: lab.collateral_liquidation_price(PAIR, BOTH | {"X": [1.0, 2.0]}, 5),
     "mark of X must be one number, got an array of shape (2,)"),
    (lambda: lab.collateral_liquidation_price(
        Account(0, [replace(HELD, rules=Rules(0.01, closing_fee_rate=0.001, closing_fee_basis="bankruptcy"))]),
        MARKS, 5),
     "closing fee basis of the X position must be 'none', 'entry' or 'mark', got 'bankruptcy'"),
]  # fmt: skip


@pytest.mark.parametrize("call, sentence", REFUSED, ids=range(len(REFUSED)))
def test_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == sentence


def test_every_number_refuses_nonsense():
    good = {
        lambda p: Account(p): 50.0,
        lambda p: Holding(**GOOD | {"entry_price": p}): 100.0,
        lambda p: Holding(**GOOD | {"quantity": p}): 1.0,
        lambda p: Holding(**GOOD | {"leverage": p}): 10.0,
        lambda p: Holding(**GOOD | {"mode": "isolated", "added_margin": p}): 1.0,
        lambda p: PAIR.equity(BOTH | {"X": p}): 100.0,
        lambda p: PAIR.margin_ratio(BOTH | {"X": p}): 100.0,
        lambda p: PAIR.liquidation_prices(BOTH | {"X": p}): 100.0,
        lambda p: PAIR.add_margin("Y", "long", p, BOTH): 1.0,
        lambda p: lab.walk(PAIR, {"X": [p], "Y": [100]}): 100.0,
    }
    for call, value_ in good.items():
        call(value_)
        for bad in (math.nan, math.inf, -math.inf, "one", None):
            with pytest.raises(ValueError, match="must be"):
                call(bad)
