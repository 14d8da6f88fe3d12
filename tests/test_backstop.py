"""Who pays: published examples, hand calculations, brute-force ranking, a walk lot by lot, and every cent counted."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leverage_lab import backstop, data, liquidation
from leverage_lab.backstop import (
    Trader,
    Venue,
    adl_by_ticker,
    adl_score,
)  # fmt: skip

# --- published worked numbers ------------------------------------------------------------------------


def notional(done, how):
    """The value that a liquidation closed in one way, at the prices of its trades."""
    return sum(close.notional for close in done.closes if close.how == how)


def kucoin(fund=1000):
    """40x long at 40,000, KuCoin (help page on the insurance fund): margin 40,000 / 40 = 1,000,
    bankruptcy price 39,000."""
    return Venue([Trader("long", "long", 40_000, 1, 1000)], fund=fund)


@pytest.mark.parametrize("fill, to_fund", [(39_100, 100), (38_850, -150), (39_000, 0)])
def test_kucoins_40x_long(fill, to_fund):
    venue = kucoin()
    done = venue.liquidate("long", 39_160, fill)
    assert done.bankruptcy_price == 39_000 and done.result == done.to_fund == to_fund
    assert (done.fund_before, done.fund_after, venue.fund) == (1000, 1000 + to_fund, 1000 + to_fund)
    assert done.uncovered == 0


@pytest.mark.parametrize("fill, to_fund", [(100_100, 100), (99_900, -100)])
def test_bitgets_bankruptcy_price_of_100_000(fill, to_fund):
    # Any coin with that bankruptcy price: entry 105,000, margin 5,000.
    venue = Venue([Trader("long", "long", 105_000, 1, 5000)], fund=500)
    done = venue.liquidate("long", 100_200, fill)
    assert done.bankruptcy_price == 100_000 and done.to_fund == to_fund and venue.fund == 500 + to_fund


# --- ranking --------------------------------------------------------------------------------------

BY_HAND = [
    # long from 100, bankrupt at 90, mark 120: +20 %, 120 / 30 = 4x.
    (("long", 100, 120, 90), 0.2, 4),
    # mark 95: −5 %, 95 / 5 = 19x.
    (("long", 100, 95, 90), -0.05, 19),
    # short from 100, bankrupt at 110, mark 80: +20 %, 80 / 30.
    (("short", 100, 80, 110), 0.2, 80 / 30),
    (("short", 100, 105, 110), -0.05, 105 / 5),
    # more margin than value: bankrupt at −50, mark 100 from 80: +25 %, 100 / 150.
    (("long", 80, 100, -50), 0.25, 100 / 150),
]


@pytest.mark.parametrize("position, share, leverage", BY_HAND)
def test_scores_by_hand(position, share, leverage):
    bitmex = share * leverage if share > 0 else share / leverage
    assert adl_score(*position) == pytest.approx(bitmex, rel=1e-12) and type(adl_score(*position)) is float
    assert adl_score(*position, rule="bitmex") == pytest.approx(bitmex, rel=1e-12)
    assert adl_score(*position, rule="return") == pytest.approx(share, rel=1e-12)
    side, entry, mark, _ = position
    growth = mark / entry if side == "long" else entry / mark
    assert adl_score(*position, rule="hyperliquid") == pytest.approx(growth * leverage, rel=1e-12)


def test_scores_in_arrays():
    got = adl_score(["long", "short"], [[100], [110]], 80, [60, 120])
    assert got.shape == (2, 2)
    for i, entry in enumerate((100, 110)):
        assert got[i, 0] == adl_score("long", entry, 80, 60)
        assert got[i, 1] == adl_score("short", entry, 80, 120)
    assert adl_score("long", 100, 120, [90, 60]).tolist() == pytest.approx([0.2 * 4, 0.2 * 2])
    assert adl_score("long", 100, [120, 95], 90, "return").tolist() == pytest.approx([0.2, -0.05])


def test_no_leverage_at_and_beyond_the_bankruptcy_price():
    assert math.isnan(adl_score("long", 100, 90, 90)) and math.isnan(adl_score("long", 100, 89, 90))
    assert math.isnan(adl_score("short", 100, 111, 110, "hyperliquid"))
    assert adl_score("long", 100, 89, 90, "return") == pytest.approx(-0.11)
    assert adl_score("long", 100, 100, 90) == 0
    got = adl_score("long", 100, [91, 90, 89], 90)
    assert got[0] == pytest.approx(-0.09 / 91) and np.isnan(got[1:]).all()


# --- the four steps by hand ----------------------------------------------------------------------------

# Long of 10 from 100 with 100: bankrupt at 90. The mark is at 88.
LONG = Trader("long", "long", 100, 10, 100)
BIDS = [(80, 10), (91, 2), (89, 4)]
# PnL% 7/95, equity 10 + 7 = 17, 88 / 17 x: 0.381.
FIRST = Trader("first", "short", 95, 1, 10)
# PnL% 22/110 = 20 %, equity 550 + 110 = 660, 440 / 660 x: 0.133. By return alone this one is first.
SECOND = Trader("second", "short", 110, 5, 550)


def test_market_then_fund_then_the_winners():
    # 2 at 91: +2. 4 at 89: −4. At 80 each coin costs 10 and 30 − 2 are there: 2.8 coins. Fund 0, 1.2 left:
    # 1 from the first, 0.2 from the second, both at 90. Against the mark they lose 2 a coin;
    # against the entry they win.
    venue = Venue([LONG, SECOND, FIRST], fund=30)
    assert [row["name"] for row in venue.queue("short", 88)] == ["first", "second"]
    done = venue.liquidate("long", 88, BIDS)
    assert [(c.how, c.name, c.price, c.quantity) for c in done.closes] == [
        ("market", "market", 91, 2),
        ("market", "market", 89, 4),
        ("market", "market", 80, 2.8),
        ("adl", "first", 90, 1),
        ("adl", "second", 90, 0.2),
    ]
    assert [c.gain for c in done.closes] == pytest.approx([2 * -3, 4 * -1, 2.8 * 8, -2, -0.4], rel=1e-12)
    assert [c.notional for c in done.closes] == [182, 356, 224, 90, 18]
    assert [c.pnl for c in done.closes[3:]] == [5, 4] and all(math.isnan(c.pnl) for c in done.closes[:3])
    assert [c.leverage for c in done.closes[3:]] == pytest.approx([88 / 17, 440 / 660], rel=1e-12)
    assert [c.score for c in done.closes[3:]] == pytest.approx([7 / 95 * 88 / 17, 0.2 * 440 / 660], rel=1e-12)
    assert all(math.isnan(c.score) and math.isnan(c.leverage) for c in done.closes[:3])
    assert (done.trader, done.mark_price, done.bankruptcy_price) == (LONG, 88, 90)
    assert (done.result, done.to_fund, done.uncovered) == (-30, -30, 0)
    assert (done.fund_before, done.fund_after, venue.fund, venue.uncovered) == (30, 0, 0, 0)
    assert done.book == ((80, 7.2),)
    assert tuple(notional(done, how) for how in ("market", "adl", "exchange")) == (762, 108, 0)
    # The second keeps 4.8 of 5, with 4.8 / 5 of the margin; the rest of it, 22, is paid out with the profit of 4.
    assert venue.traders() == (Trader("second", "short", 110, 4.8, 528),)
    # At 88: first 10 + 5; second 528 + 4.8 × 22 + 22 + 4; the market was short 4 (10 − 1 − 5) against a long from 100
    # and shorts from 95 and 110: it received 1,000 − 95 − 550 = 355 for them, paid 182 + 356 + 224, has 8.8 − 4 coins.
    market = 355 - 762 + 4.8 * 88
    expected = {"long": 0, "second": 659.6, "first": 15, "insurance fund": 0, "market": market, "exchange": 0}
    assert venue.balances(88) == pytest.approx(expected, abs=1e-12)
    assert venue.total(88) == venue.total(1) == 100 + 550 + 10 + 30


def test_by_return_alone_the_unlevered_winner_goes_first():
    venue = Venue([LONG, FIRST, SECOND], fund=30, rule="return")
    scores = {row["name"]: row["score"] for row in venue.queue("short", 88)}
    assert scores == {"second": 0.2, "first": pytest.approx(7 / 95)} and list(scores) == ["second", "first"]
    done = venue.liquidate("long", 88, BIDS)
    assert [(c.name, c.quantity, c.score) for c in done.closes if c.how == "adl"] == [("second", 1.2, 0.2)]
    assert venue.traders() == (FIRST, Trader("second", "short", 110, 3.8, 418))


def test_a_counterparty_exactly_as_large():
    venue = Venue([LONG, Trader("same", "short", 100, 10, 50)])
    done = venue.liquidate("long", 88, [])
    assert [(c.how, c.name, c.quantity, c.pnl) for c in done.closes] == [("adl", "same", 10, 100)]
    assert venue.traders() == () and venue.balances(5)["same"] == 150 and venue.balances(5)["market"] == 0
    assert (done.result, done.uncovered, done.book) == (0, 0, ())


def test_nobody_left_is_said_plainly():
    # As above, without shorts: 1.2 coins more at 80 cost 12 that nobody pays.
    venue = Venue([LONG], fund=30)
    done = venue.liquidate("long", 88, BIDS)
    assert [(c.price, c.quantity) for c in done.closes] == [(91, 2), (89, 4), (80, 2.8), (80, 1.2)]
    assert (done.result, done.to_fund, done.uncovered, venue.uncovered, venue.fund) == (-42, -30, 12, 12, 0)
    assert done.book == ((80, 6),) and venue.balances(88)["exchange"] == -12
    # A second one adds to it; no bid at all: the exchange takes the position over at the mark price, 2 below,
    # ten times.
    venue = Venue([LONG, Trader("other", "long", 100, 1, 10)], fund=5)
    done = venue.liquidate("long", 88, [])
    assert [(c.how, c.name, c.price, c.quantity, c.gain) for c in done.closes] == [("exchange", "exchange", 88, 10, 0)]
    assert (done.result, done.to_fund, done.uncovered, notional(done, "exchange")) == (-20, -5, 15, 880)
    venue.liquidate("other", 88, 87)
    assert venue.uncovered == 18 and venue.balances(90)["exchange"] == 10 * 2 - 18 and venue.total(7) == 115


def test_the_fund_pays_just_as_much_as_it_has():
    venue = kucoin(fund=150)
    done = venue.liquidate("long", 39_000, 38_850)
    assert (venue.fund, done.uncovered, len(done.closes)) == (0, 0, 1)
    venue = kucoin(fund=75)  # half of the coin, then nobody
    assert [c.quantity for c in venue.liquidate("long", 39_000, 38_850).closes] == [0.5, 0.5]
    assert venue.uncovered == 75


def test_bids_at_the_bankruptcy_price_need_no_fund():
    done = kucoin(fund=0).liquidate("long", 38_000, [(39_000, 0.4), (38_999, 5)])
    assert [(c.price, c.quantity) for c in done.closes] == [(39_000, 0.4), (38_999, 0.6)]
    assert done.uncovered == 0.6 and done.book == ((38_999, 4.4),)
    # What better bids of the same order brought may be spent on worse ones: 0.5 × 100 pays 0.5 × 100.
    done = kucoin(fund=0).liquidate("long", 39_160, [(38_900, 0.5), (39_100, 0.5)])
    assert (done.result, done.uncovered, len(done.closes)) == (0, 0, 2)


def test_a_coin_of_a_few_cents():
    # 1,000 coins from 0.05 with 10: bankrupt at 0.04; sold at 0.041.
    done = Venue([Trader("l", "long", 0.05, 1000, 10)]).liquidate("l", 0.042, 0.041)
    assert (done.bankruptcy_price, done.result) == (0.04, 1)


def test_a_short_is_the_mirror():
    # Short of 10 from 100 with 100: bankrupt at 110. Offers: 2 at 109 (+2), 3 at 112 (−6), 9 at 120 (10 each,
    # 6 are left).
    venue = Venue([Trader("s", "short", 100, 10, 100), Trader("l", "long", 90, 20, 400)], fund=10)
    done = venue.liquidate("s", 115, [(112, 3), (120, 9), (109, 2)])
    assert [(c.how, c.price, c.quantity) for c in done.closes] == [
        ("market", 109, 2),
        ("market", 112, 3),
        ("market", 120, 0.6),
        ("adl", 110, 4.4),
    ]
    assert [c.gain for c in done.closes] == pytest.approx([2 * -6, 3 * -3, 0.6 * 5, 4.4 * -5])
    assert done.closes[-1].pnl == 88 and done.closes[-1].leverage == pytest.approx(20 * 115 / 900)
    assert done.book == ((120, 8.4),) and venue.fund == 0 and venue.traders()[0].quantity == 15.6


def test_whom_deleveraging_would_bankrupt_is_passed_over():
    # Both shorts are at a loss, 5 × 1 at 86, but alive; a close at 90 costs 25: more than one has,
    # all that the other has.
    thin, enough = Trader("thin", "short", 85, 5, 24.99), Trader("enough", "short", 85, 5, 25)
    venue = Venue([LONG, thin, enough])
    assert [row["name"] for row in venue.queue("short", 86)] == ["thin", "enough"]
    done = venue.liquidate("long", 86, [])
    assert [(c.name, c.quantity) for c in done.closes] == [("enough", 5), ("exchange", 5)]
    assert venue.balances(86)["enough"] == 0 and venue.traders() == (thin,) and done.uncovered == 20
    # A winner who stands behind one in that state is reached all the same.
    venue = Venue(
        [LONG, Trader("thin", "short", 85, 5, 5.01), Trader("winner", "short", 95, 5, 500)], rule="hyperliquid"
    )
    assert [row["name"] for row in venue.queue("short", 86)] == ["thin", "winner"]
    assert [c.name for c in venue.liquidate("long", 86, []).closes] == ["winner", "exchange"]


def test_equal_scores_in_the_order_of_the_traders():
    twins = [Trader(name, "short", 100, 1, 10) for name in ("b", "a", "c")]
    # Below zero, and at exactly zero (87 + 1 − 88), there is no leverage and no place in the queue.
    dead = [Trader("dead", "short", 70, 1, 5), Trader("zero", "short", 87, 1, 1)]
    venue = Venue([LONG, *twins, *dead, Trader("friend", "long", 50, 1, 10)])
    rows = venue.queue("short", 88)
    assert [row["name"] for row in rows] == ["b", "a", "c"] and [row["lights"] for row in rows] == [5, 4, 2]
    assert rows[0] == {
        "name": "b",
        "score": pytest.approx(0.12 * 4),  # +12 %, 88 / 22 x
        "lights": 5,
        "pnl_share": pytest.approx(0.12),
        "leverage": pytest.approx(4),
        "bankruptcy_price": 110,
    }
    assert [c.name for c in venue.liquidate("long", 88, []).closes][:3] == ["b", "a", "c"]


def test_who_is_due():
    # At 95 the long of 10 has 50; 5 % of 950 is 47.50. It is down to it where 10 p − 900 = 0.5 p:
    # at 900 / 9.5 = 94.736….
    venue = Venue([LONG, Trader("worse", "long", 100, 1, 6), Trader("short", "short", 90, 1, 10)])
    assert venue.due(95, 0.05) == ["worse"] and venue.due(94.74, 0.05) == ["worse"]
    assert venue.due(94.73, 0.05) == ["worse", "long"]
    # At 100 the short has nothing, the worse one 6 of 100, the long 100 of 1,000: just down to 10 %.
    assert venue.due(100, 0.1) == ["short", "worse", "long"]
    assert venue.due(100, 0) == ["short"] and venue.due(99.99, 0) == []
    # The worst is the one with the least for its size: 20 of 1,000 before 5 of 100.
    venue = Venue([Trader("small", "long", 100, 1, 5), Trader("big", "long", 100, 10, 20)])
    assert venue.due(100, 0.05) == ["big", "small"]


# --- nothing appears, nothing gets lost -------------------------------------------------------------

cents = st.integers(1, 50_000).map(lambda n: n / 100)
sizes = st.integers(1, 5000).map(lambda n: n / 1000)
prices = st.integers(5000, 15_000).map(lambda n: n / 100)


@st.composite
def venues(draw):
    traders = [
        Trader(f"{n}", draw(st.sampled_from(["long", "short"])), draw(prices), draw(sizes), draw(cents) / 100)
        for n in range(draw(st.integers(1, 7)))
    ]
    rule = draw(st.sampled_from(backstop.ADL_RULES))
    return Venue(traders, draw(st.one_of(st.just(0), cents)), rule), draw(prices)


books = st.one_of(prices, st.lists(st.tuples(prices, st.one_of(sizes, st.just(math.inf))), max_size=5))


@given(venues(), st.lists(st.tuples(st.integers(0, 6), books, prices), min_size=1, max_size=5), prices)
def test_money_and_contracts_are_conserved_whatever_happens(started, orders, price):
    venue, mark = started
    money = venue.total(price)
    given_in = sum(Fraction(repr(one.margin)) for one in venue.traders()) + Fraction(repr(venue.fund))
    assert money == given_in
    for place, book, mark in orders:
        names = [one.name for one in venue.traders()]
        if not names:
            break
        name = names[place % len(names)]
        account = next(one for one in venue.traders() if one.name == name)
        before, queue = venue.balances(mark), venue.queue("short" if account.side == "long" else "long", mark)
        if liquidation_free(account):
            with pytest.raises(ValueError, match="must be small enough for a bankruptcy price, got "):
                venue.liquidate(name, mark, book)
            assert venue.balances(mark) == before
            continue
        done = venue.liquidate(name, mark, book)
        assert (
            venue.total(price) == venue.total(mark) == venue.total(1) == money
        )  # exact, at any price: contracts cancel
        assert math.fsum(venue.balances(mark).values()) == pytest.approx(float(money), abs=1e-6)
        after = venue.balances(mark)
        s = 1 if account.side == "long" else -1
        assert name not in [one.name for one in venue.traders()]
        assert sum(c.quantity for c in done.closes) == pytest.approx(account.quantity, rel=1e-12)
        assert done.result == pytest.approx(done.to_fund - done.uncovered, abs=1e-9)
        assert done.fund_after == venue.fund >= 0 and done.uncovered >= 0
        assert done.fund_after - done.fund_before == pytest.approx(done.to_fund, abs=1e-9)
        # Everyone's change at the mark price is what the trades gave them.
        gains = {who: sum(c.gain for c in done.closes if c.name == who) for who in before}
        gains["insurance fund"], gains["exchange"] = done.to_fund, gains["exchange"] - done.uncovered
        for who in before.keys() - {name}:
            assert after[who] - before[who] == pytest.approx(gains[who], abs=1e-9), who
        # The deleveraged: at the bankruptcy price, in the order of the queue, all but the last in full.
        adl = [c for c in done.closes if c.how == "adl"]
        assert all(c.price == done.bankruptcy_price for c in adl)
        order = [row["name"] for row in queue]
        assert [order.index(c.name) for c in adl] == sorted(order.index(c.name) for c in adl)
        still = [one.name for one in venue.traders()]
        assert not any(c.name in still for c in adl[:-1])
        assert all(after[c.name] >= -1e-9 for c in adl)
        if done.uncovered > 0:
            assert done.fund_after == 0
        ways = [c.how for c in done.closes]
        first_market = ways.index("adl") if adl else len([how for how in ways if how == "market"])
        assert set(ways[:first_market]) <= {"market"} and ways.count("exchange") == (ways[-1:] == ["exchange"])
        if not adl:
            best_first = [s * c.price for c in done.closes[:first_market]]
            assert best_first == sorted(best_first, reverse=True) or done.fund_after == 0


def liquidation_free(account):
    """No price, or only 0, uses the margin up."""
    position = (account.side, account.entry_price, account.quantity, account.margin)
    return not liquidation.bankruptcy_price(*position) > 0


@given(venues())
def test_the_ledgers_ranking_is_adl_score(started):
    venue, mark = started
    for side in ("long", "short"):
        rows = venue.queue(side, mark)
        known = {one.name: one for one in venue.traders()}
        assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
        for place, row in enumerate(rows):  # 5 for the first fifth of the queue, 4 for the next, … 1
            assert row["lights"] == next(5 - n for n in range(5) if Fraction(place, len(rows)) < Fraction(n + 1, 5))
        for row in rows:
            one = known[row["name"]]
            assert one.side == side
            # Also below 0, where the queue says nan.
            broke = one.entry_price + (-1 if side == "long" else 1) * one.margin / one.quantity
            expected = adl_score(side, one.entry_price, mark, broke, venue.rule)
            assert row["score"] == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(
    st.lists(st.tuples(st.integers(70, 100), st.integers(1, 300)), max_size=4),
    st.lists(st.tuples(st.integers(91, 120), st.integers(1, 300), st.integers(1, 500)), max_size=4),
    st.integers(0, 800),
)
@example([(91, 200), (89, 400), (80, 1000)], [(95, 100, 10), (110, 500, 550)], 30)
def test_against_a_walk_lot_by_lot(bids, shorts, fund):
    """A thousand lots of 0.01 coins, one after the other, in whole cents: who takes each?"""
    lot, broke, mark = 100, 90, 88
    book = sorted(bids, reverse=True)
    depth = [n for _, n in book]
    queue = []
    for n, (entry, size, margin) in enumerate(shorts):
        quantity = size / lot
        equity = margin + quantity * (entry - mark)
        queue.append((-(entry - mark) / entry * quantity * mark / equity, n))
    queue = [[n, shorts[n][1]] for _, n in sorted(queue)]
    money, adl, unpaid = fund * 100, 0, 0  # money in cents: a lot one dollar below 90 costs a cent
    for _ in range(1000):
        place = next((k for k, n in enumerate(depth) if n), None)
        if place is not None and money + book[place][0] - broke >= 0:
            depth[place] -= 1
            money += book[place][0] - broke
        elif any(n for _, n in queue):
            next(pair for pair in queue if pair[1])[1] -= 1
            adl += 1
        else:
            price = mark
            if place is not None:
                depth[place] -= 1
                price = book[place][0]
            cost = broke - price
            paid = min(cost, max(money, 0)) if cost > 0 else cost
            money -= paid
            unpaid += cost - paid
    venue = Venue([LONG, *(Trader(f"{n}", "short", e, q / lot, m) for n, (e, q, m) in enumerate(shorts))], fund=fund)
    done = venue.liquidate("long", mark, [(p, n / lot) for p, n in book])
    # The walk cannot split a lot, so one lot at each change of hands may go elsewhere.
    few = 2 * (len(bids) + 1)
    assert sum(c.quantity for c in done.closes if c.how == "adl") * lot == pytest.approx(adl, abs=few)
    assert venue.fund == pytest.approx(money / 100, abs=few * 0.2 + 1e-9)
    assert done.uncovered == pytest.approx(unpaid / 100, abs=few * 0.2 + 1e-9)
    for n, left in queue:
        open_now = {one.name: one.quantity for one in venue.traders()}
        assert open_now.get(f"{n}", 0) * lot == pytest.approx(left, abs=few)


# --- what was published -------------------------------------------------------------------------------


def test_hyperliquids_table():
    table = adl_by_ticker().set_index("ticker")
    assert len(table) == 20 and list(table.columns)[-1] == "adl_share"
    # 620,890,947.73 / (1,789,607,763.72 + 620,890,947.73)
    assert table.loc["BTC", "adl_share"] == pytest.approx(0.257578, abs=5e-7)
    assert table["adl_share"].between(0.2, 0.33).all()
    assert (table["adl_pnl_usd"] > 0).all() and (table["liq_pnl_usd"] < 0).all()
    assert "adl_share" not in data.load("hyperliquid_adl_2025-10-10").columns


def test_the_events_table_agrees_with_the_other_tables():
    events = data.load("liquidation_events")
    day = events[events["date"] == "2025-10-10"]

    def figure(quantity):
        (row,) = day[day["quantity"] == quantity].itertuples()
        return row.value

    table = data.load("hyperliquid_adl_2025-10-10").set_index("ticker")
    for ticker in ("BTC", "ETH", "SOL"):
        assert round(table.loc[ticker, "adl_notional_usd"], -6) == figure(f"notional deleveraged in {ticker}")
    deleveraged, both = figure("notional deleveraged"), figure("notional liquidated and deleveraged")
    assert table["adl_notional_usd"].sum() < deleveraged and table["liq_notional_usd"].sum() < both - deleveraged
    atom = data.load("atom_1min_2025-10-10")
    assert (
        figure("ATOM price, low") < atom["perp_low"].min() < atom["spot_low"].min()
    )  # that print is in neither of the two
    hours = data.load("btc_1h_crash_windows").set_index("time_utc")
    for column, hour in [("low", "2020-03-12 10:00"), ("open", "2020-03-12 10:00"), ("low", "2021-05-19 13:00")]:
        same = events[(events["date"] == hour[:10]) & events["quantity"].str.startswith(f"BTC price, {column}")]
        assert hours.loc[hour, column] == pytest.approx(same["value"].iloc[0], abs=0.5)
    # Totals that contradict each other stand side by side: each with provider and window.
    assert len(day[day["quantity"] == "notional liquidated"]) >= 4
    assert set(day[day["quantity"] == "share of deleveraged positions in profit"]["value"]) == {0.983, 0.945, 0.994}
    assert (events["value_to"].isna() | (events["value_to"] > events["value"])).all()
    assert not events.apply(lambda column: column.astype(str).str.contains("://|www")).any().any()


# --- bad input ----------------------------------------------------------------------------------------

BAD_SCORES = [
    ({"side": "buy"}, "side must be 'long' or 'short', got 'buy'"),
    ({"entry_price": 0}, "entry price must be above 0, got 0"),
    ({"mark_price": -1}, "mark price must be above 0, got -1"),
    ({"bankruptcy_price": math.inf}, "bankruptcy price must be a finite number, got inf"),
    ({"bankruptcy_price": "90"}, "bankruptcy price must be a number, got '90'"),
    ({"entry_price": None}, "entry price must be a number, above 0, got None"),
    ({"mark_price": [1, math.nan]}, "mark price must be above 0, got nan (at position 1)"),
    ({"rule": "okx"}, "rule must be 'bitmex', 'return' or 'hyperliquid', got 'okx'"),
    (
        {"side": ["long", "short"], "mark_price": [1, 2, 3]},
        (
            "the arrays must have shapes that fit together, got side (2,), entry price (), mark price (3,), bankruptcy "
            "price ()"
        ),
    ),
]


@pytest.mark.parametrize("change, sentence", BAD_SCORES)
def test_bad_scores(change, sentence):
    with pytest.raises(ValueError) as error:
        adl_score(**{"side": "long", "entry_price": 100, "mark_price": 95, "bankruptcy_price": 90} | change)
    assert str(error.value) == sentence


NAMES = "name must be a word other than 'insurance fund', 'market' and 'exchange', got "
BAD_ACCOUNTS = [
    ({"name": ""}, NAMES + "''"),
    ({"name": " "}, NAMES + "' '"),
    ({"name": None}, NAMES + "None"),
    ({"name": "market"}, NAMES + "'market'"),
    ({"name": "insurance fund"}, NAMES + "'insurance fund'"),
    ({"name": "exchange"}, NAMES + "'exchange'"),
    ({"side": "both"}, "side must be 'long' or 'short', got 'both'"),
    ({"entry_price": 0}, "entry price must be above 0, got 0"),
    ({"entry_price": [1, 2]}, "entry price must be one number, got an array of shape (2,)"),
    ({"quantity": -1}, "quantity must be above 0, got -1"),
    ({"quantity": math.nan}, "quantity must be above 0, got nan"),
    ({"margin": 0}, "margin must be above 0, got 0"),
    ({"margin": math.inf}, "margin must be above 0, got inf"),
    ({"margin": "10"}, "margin must be a number, above 0, got '10'"),
]


@pytest.mark.parametrize("change, sentence", BAD_ACCOUNTS)
def test_bad_traders(change, sentence):
    with pytest.raises(ValueError) as error:
        Trader(**{"name": "a", "side": "long", "entry_price": 100, "quantity": 1, "margin": 10} | change)
    assert str(error.value) == sentence


BAD_VENUES = [
    ({"traders": None}, "traders must be a list, got None"),
    ({"traders": LONG}, "traders must be a list, got Trader(name='long', side='long', entr…"),
    ({"traders": ["long"]}, "traders must be a list of Trader, got 'long'"),
    ({"traders": [LONG, LONG]}, "names must differ, got 'long' twice"),
    ({"fund": -1}, "fund must be at least 0, got -1"),
    ({"fund": [1, 2]}, "fund must be one number, got an array of shape (2,)"),
    ({"fund": None}, "fund must be a number, at least 0, got None"),
    ({"rule": "best"}, "rule must be 'bitmex', 'return' or 'hyperliquid', got 'best'"),
]


@pytest.mark.parametrize("change, sentence", BAD_VENUES)
def test_bad_venues(change, sentence):
    with pytest.raises(ValueError) as error:
        Venue(**{"traders": [LONG]} | change)
    assert str(error.value) == sentence


BOOK = "book must be a price or a list of (price, quantity), got "
BAD_CALLS = [
    (lambda v: v.liquidate("nobody", 88, 89), "name must be a trader with an open position, got 'nobody'"),
    (lambda v: v.liquidate(["long"], 88, 89), "name must be a trader with an open position, got ['long']"),
    (lambda v: v.liquidate("market", 88, 89), "name must be a trader with an open position, got 'market'"),
    (lambda v: v.liquidate("long", 0, 89), "mark price must be above 0, got 0"),
    (lambda v: v.liquidate("long", [88, 89], 89), "mark price must be one number, got an array of shape (2,)"),
    (lambda v: v.liquidate("long", 88, None), "book must be a number, above 0, got None"),
    (lambda v: v.liquidate("long", 88, -1), "book must be above 0, got -1"),
    (lambda v: v.liquidate("long", 88, math.inf), "book must be above 0, got inf"),
    (lambda v: v.liquidate("long", 88, "89"), BOOK + "'8' in it"),
    (lambda v: v.liquidate("long", 88, ["89"]), BOOK + "'89' in it"),
    (lambda v: v.liquidate("long", 88, [range(100)]), BOOK + "range(0, 100) in it"),
    (lambda v: v.liquidate("long", 88, [89]), BOOK + "89 in it"),
    (lambda v: v.liquidate("long", 88, [(89, 1, 2)]), BOOK + "(89, 1, 2) in it"),
    (lambda v: v.liquidate("long", 88, [(89, 1), (0, 1)]), "price of the book must be above 0, got 0"),
    (lambda v: v.liquidate("long", 88, [(math.inf, 1)]), "price of the book must be above 0, got inf"),
    (lambda v: v.liquidate("long", 88, [(89, 0)]), "quantity of the book must be above 0, got 0"),
    (lambda v: v.liquidate("long", 88, [(89, -math.inf)]), "quantity of the book must be above 0, got -inf"),
    (lambda v: v.liquidate("long", 88, [(89, None)]), "quantity of the book must be a number, above 0, got None"),
    (
        lambda v: v.liquidate("safe", 88, 89),
        "the margin of 'safe' must be small enough for a bankruptcy price, got 100",
    ),
    (lambda v: v.queue("up", 88), "side must be 'long' or 'short', got 'up'"),
    (lambda v: v.queue(["long"], 88), "side must be 'long' or 'short', got ['long']"),
    (lambda v: v.queue("long", math.nan), "mark price must be above 0, got nan"),
    (lambda v: v.due(0, 0.01), "mark price must be above 0, got 0"),
    (lambda v: v.due(88, 1), "maintenance rate must be at least 0 and below 1, got 1"),
    (lambda v: v.due(88, -0.1), "maintenance rate must be at least 0 and below 1, got -0.1"),
    (lambda v: v.balances("88"), "price must be a number, above 0, got '88'"),
    (lambda v: v.total(-88), "price must be above 0, got -88"),
]


@pytest.mark.parametrize("call, sentence", BAD_CALLS)
def test_bad_calls_are_refused_before_anything_is_posted(call, sentence):
    venue = Venue([LONG, Trader("safe", "long", 100, 1, 100)], fund=5)
    before = venue.balances(100)
    with pytest.raises(ValueError) as error:
        call(venue)
    assert str(error.value) == sentence
    assert venue.balances(100) == before


def test_results_are_not_to_be_changed():
    done = kucoin().liquidate("long", 39_160, 39_100)
    for thing, name in ((LONG, "margin"), (done, "result"), (done.closes[0], "price")):
        with pytest.raises(AttributeError):
            setattr(thing, name, 0)
