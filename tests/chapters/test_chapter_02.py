"""Chapter 2: its exercises worked by hand, its panels against hand calculation, tables and brute force."""

import csv
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pictures
import pytest
from pictures import plain

from leverage_lab.candles import Candles, Prices
from leverage_lab.chapters.liquidation.median_of_three import mark_by
from leverage_lab.chapters.liquidation.shared import SIZES, tier_line
from leverage_lab.chapters.liquidation.venue import BOOKS, LONGS, SHORTS, fall
from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.classroom.exercises import liquidation as chapter
from leverage_lab.panelkit.practice import judge

DATA = Path(__file__).resolve().parents[2] / "data"

# Worked by hand from the start numbers of each exercise.
BY_HAND = {
    "2-still-there": 20,  # 200 × 20 = 4,000; × 4.5 % = 180; 200 − 180
    "2-maintenance": 56,  # 0.2 × 56,000 = 11,200; × 0.5 %
    "2-line": 38_160,  # 40,000 × (1 − 0.05 + 0.004) = 40,000 × 0.954
    "2-equation": 5400 / 0.099,  # margin 600; 600 + 0.1 (p − 60,000) = 0.001 p, so 0.099 p = 5,400
    "2-short-line": 54_750,  # 50,000 × (1 + 0.1 − 0.005)
    "2-room": 0.0025,  # 0.5 % − 0.2 % − 0.05 %
    "2-no-room": 200,  # 1 / 0.005
    "2-tier": 3200,  # 300,000 × 0.4 % = 1,200; 400,000 × 0.5 % = 2,000
    "2-mark": 150,  # 58,360; 58,360 − 480 = 57,880; 58,150: the middle one is 58,150
    "2-crash": 1 / 0.305,
    "2-fund": 150,  # bankrupt at 47,500, sold 300 lower: 0.5 × 300
    "2-rank": 0.3,  # gain 0.1; leverage now 90 / (120 − 90) = 3
}

# The option that is right, from the start numbers of each choice.
CHOSEN = {
    # entry × (1 − 1 / leverage + rate): entry and leverage are given, the rate is not
    "2-missing": "the maintenance rate for this size of position",
    # 0.2 × 60,000 / 20 = 600; 0.2 × (58,500 − 60,000) = −300; −300 / 600 = −50 %; bankrupt at 57,000, so no lower
    "2-screen": "the liquidation price, $56,700",
}

# Every panel state that the chapter's prose quotes.
STATES = (
    ("closed_early", {"maintenance": "on"}),
    ("closed_early", {"maintenance": "off"}),
    ("closed_early", {"maintenance": "on", "fee": "on", "move": -0.05}),
    ("closed_early", {"maintenance": "on", "fee": "on", "leverage": 100}),
    ("way_left", {"fee": 0.0002}),
    ("way_left", {"fee": 0.0002, "maintenance": 0.002}),
    ("way_left", {"fee": 0.0002, "maintenance": 0.01, "leverage": 100}),
    ("way_left", {"leverage": 5}),
    ("tiers", {"position": 20_000_000}),
    ("tiers", {"exchange": "KuCoin", "position": 4_000_000}),
    ("mark_or_last", {}),
    ("mark_or_last", {"looks_at": "spot"}),
    ("mark_or_last", {"leverage": 12}),
    ("mark_or_last", {"coin": "ATOM", "leverage": 3}),
    ("mark_or_last", {"coin": "ATOM", "leverage": 1.4}),
    ("median_of_three", {"rule": "mean"}),
    ("median_of_three", {"book": -0.12}),
    ("median_of_three", {"last": 0, "index": -0.1}),
    ("crash", {"leverage": 1.9}),
    ("crash", {"crash": "2021", "leverage": 3}),
    ("crash", {"crash": "2021", "leverage": 4}),
    ("crash", {"side": "short", "hour": 23, "leverage": 10}),
    ("crash", {"side": "short", "hour": 23, "leverage": 50}),
    ("venue", {"book": "deep", "move": -0.15}),
    ("venue", {"book": "thin", "move": -0.02}),
    ("venue", {"book": "thin", "move": -0.15, "fund": 40}),
)

# Numbers in prose that no cell computes.
ALLOWED = {"2.5": "minutes over which Binance averages the basis, from the page named beside it"}


def drawn(name, **state):
    return pictures.drawn(panels.ALL[name](**state))


SENTENCES = {
    # 9,500 / (0.1 × 0.995) = 95,477.386…; 0.5 % × 9,547.74 = 47.74; 500 − 3 % of 10,000 = 200; 200 − 47.74.
    ("closed_early", (("maintenance", "on"),)): "The exchange requires $47.74 for maintenance margin, so the "
        "liquidation price is $95,477.39, −4.52 %. The price has fallen 3 %: the position is open. $200 is left, of "
        "which $152.26 can still be lost. That is −60 % of the margin, −15 % of the $2,000 account.",
    # 9,500 / (0.1 × 0.9944) = 95,534.996; 0.56 % × 9,553.50 = 53.50.
    ("closed_early", (("maintenance", "on"), ("fee", "on"), ("move", -0.05))): "The exchange requires $53.50 for "
        "maintenance margin and closing fee, so the liquidation price is $95,535, −4.47 %. The price has fallen 5 %: "
        "the position is closed at the liquidation price, with $53.50 of the $500 left. That is −89.3 % of the margin, "
        "−22.33 % of the $2,000 account.",
    # 0.2 % − 0.1 % − 0.02 %; 0.08 / 0.2; 1 / 0.0012.
    ("way_left", (("fee", 0.0002),)): "The exchange requires 0.12 %, $12: the position is closed after 0.08 %, 40 % of"
        " that distance. From 833.33x on, nothing is left.",
    # 20,000,000 × 2 % − 132,000 = 268,000. (19,000,000 − 132,000) / (200 × 0.98) = 96,265.31: −3.73 %.
    # 95,000 / 0.996 = 95,381.53: −4.62 %.
    ("tiers", (("position", 20_000_000),)): "in tier 5 of 12: $268,000 is required, 1.34 % of the position. It is"
        " closed at −3.73 %. At the first tier's 0.4 % it would be −4.62 %.",
    # 114,415.83 × 0.9 / 0.995 = 103,491.71; the rows of 21:20: mark low 102,497.49, spot low 107,341.44; of 21:26:
    # spot low 107,000.
    ("mark_or_last", ()): "10x long from $114,415.83 at 21:10, liquidation at $103,491.71 (−9.55 %). The thick line"
        " is Binance's own mark price of BTCUSD_PERP. From then on the lowest spot price was $107,000, the lowest"
        " mark price $102,497.49. Closed at 21:20 by the mark price, at a price that the spot price never showed.",
    # 3.743 × (2/3) / 0.995 = 2.5079; the rows of 21:17 and 21:21.
    ("mark_or_last", (("coin", "ATOM"), ("leverage", 3))): "3x long from $3.743 at 21:10, liquidation at $2.5079"
        " (−33 %). The thick line is the last price of Binance's ATOMUSD_PERP, a thin market; its mark price is not"
        " known. From then on the lowest spot price was $3.56, the lowest last price $1.055. Closed at 21:17 by the"
        " last price, at a price that the spot price never showed.",
    # (100 + 100 + 70) / 3; 100 × 0.9 / 0.995.
    ("median_of_three", (("rule", "mean"),)): "By the mean the mark is $90, −10 %: a 10x long from $100 (liquidation"
        " at $90.45) is closed.",
    # 88 and 70 against 100: the middle one is 88.
    ("median_of_three", (("book", -0.12),)): "Index $100, index and average basis $88, last trade $70. By the median"
        " the mark is $88, −12 %",
    # 0.5 / 0.995 − 1 = −49.75 %; 3,850 / 7,934.57 − 1 = −51.48 %; that low is in the hour from 02:00, the 27th.
    ("crash", ()): "liquidation at −49.75 %. The lowest trade from then on was −51.48 %. It is closed in the hour "
        "from 02:00 on 13 March 2020, after 27 hours.",
}  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case[0])
def test_sentences_against_hand_calculation(case):
    name, state = case
    assert SENTENCES[case] in plain(panels.ALL[name](**dict(state)).sentence)


@pytest.mark.parametrize("switches", [("off", "off"), ("on", "off"), ("off", "on"), ("on", "on")])
def test_at_the_line_what_is_there_is_what_must_remain(switches):
    """One dollar of the price above the line the position is open, one below it is closed,
    and both sides of the equation agree."""
    maintenance, fee = switches
    for leverage in (2, 20, 150):
        r = panels.closed_early.model(leverage, -0.001, maintenance, fee)
        coins = 500 * leverage / 100_000
        have = 500 + coins * (r.ends - 100_000)
        rate = 0.005 * (maintenance == "on") + 0.0006 * (fee == "on")
        assert have == pytest.approx(rate * coins * r.ends, abs=1e-6)
        assert not panels.closed_early.model(leverage, (r.ends + 1) / 100_000 - 1, maintenance, fee).closed
        assert panels.closed_early.model(leverage, (r.ends - 1) / 100_000 - 1, maintenance, fee).closed


def test_the_margin_beside_the_price_has_its_scale():
    """Where the line meets the bar the hatching begins; lost, room, held and fee fill the bar."""
    picture = drawn("closed_early", maintenance="on", fee="on", leverage=50, move=-0.01)
    line = picture.line.get_ydata()[0]
    assert line == pytest.approx((98_000 / 0.9944 - 100_000) / 2000)  # the way to bankruptcy is 2,000
    assert picture.held.get_y() + picture.held.get_height() == pytest.approx(line)
    assert picture.lost.get_height() == pytest.approx(0.5)  # 1 % of 25,000 is 250 of 500
    assert -picture.room.get_y() - picture.lost.get_height() == pytest.approx(picture.room.get_height())
    assert picture.fee.get_y() == -1 and picture.fee.get_height() == pytest.approx(
        14.78 / 500, abs=1e-4
    )  # 0.06 % of 24,638
    assert picture.dot.get_ydata()[0] == pytest.approx(-0.5)


def test_a_closed_position_loses_nothing_more():
    near, far = (panels.closed_early.model(20, move, "on", "on") for move in (-0.046, -0.2))
    assert near.closed and far.closed and near.headline[1:] == far.headline[1:] and near.lost == far.lost < 500


def test_columns_are_what_is_left_of_the_way():
    picture = drawn("way_left", maintenance=0.002, fee=0.0005, leverage=300)
    r = panels.way_left(maintenance=0.002, fee=0.0005, leverage=300).result
    for rung, (left, held, room) in r.columns.items():
        assert room == pytest.approx(max(0, 1 / rung - 0.0025)) and left == pytest.approx(room * rung)
        assert held == pytest.approx(min(1, 0.002 * rung))
    assert r.left == pytest.approx(1 / 300 - 0.0025)
    assert picture.words[6].get_text() == "none" and plain(picture.words[7].get_text()) == "−0.083 %"
    heights = picture.rooms.get_path().vertices[:, 1].reshape(-1, 5).min(axis=1)  # five corners a box
    assert heights[0] == pytest.approx(-(1 - 5 * 0.0025)) and heights[-1] == pytest.approx(-(1 - 300 * 0.0025))


def rows(name):
    with open(DATA / f"{name}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "name, ladder, whole, at_entry",
    [
        ("Binance", "binance-btcusdt-2026-09-29", False, False),
        ("Bitget", "bitget-btcusdt-2025-09-26", False, False),
        ("KuCoin", "kucoin-xbtusdtm-undated", True, True),
    ],
)
def test_the_tier_line_by_bisection_on_the_table(name, ladder, whole, at_entry):
    """The line of the picture from the rows of the table: what remains against what must, tier by tier, by halving.

    at_entry: KuCoin takes the rate of the value at the entry (KuCoin support, 31 December 2025).
    """
    tiers = [
        (float(row["floor"]), float(row["cap"] or "inf"), float(row["rate"]), float(row["max_leverage"]))
        for row in rows("tiers")
        if row["ladder_id"] == ladder
    ]

    def must(value):
        if whole:
            return next(rate for low, high, rate, _ in tiers if value <= high) * value
        return sum(rate * max(0.0, min(value, high) - low) for low, high, rate, _ in tiers)

    allowed = max(high for _, high, _, most in tiers if most >= 20)
    line = tier_line(name, 20)
    for place in range(0, len(SIZES), 23):
        size = SIZES[place]
        if size > allowed:
            assert np.isnan(line[place])
            continue
        below, above = -0.05, 0.0
        for _ in range(60):
            middle = (below + above) / 2
            need = must(size if at_entry else size * (1 + middle))
            below, above = (below, middle) if size / 20 + size * middle > need else (middle, above)
        assert line[place] == pytest.approx(above, abs=1e-9), size


# margin + coins (p − 100,000) = rate × coins × p − deduction, at the rate of the tier that ends there. KuCoin's rate
# counts for the whole position; Bitget's deductions are 200, 2,200, 17,200, 167,200 and 667,200 for tiers 2 to 6:
# 0.001 × 200,000, + 0.002 × 1 million, + 0.003 × 5 million, + 0.01 × 15 million, + 0.01 × 50 million.
AT_EDGES = [
    ("KuCoin", 20, 5_000_000, 100_000 * (1 - 1 / 20 + 0.025)),  # 2.5 % of the value at the entry
    ("Bitget", 20, 100_000_000, (1e8 - 5e6 - 667_200) / (1000 * 0.97)),  # 3 %
    ("Bitget", 50, 15_000_000, (15e6 - 300_000 - 17_200) / (150 * 0.99)),  # 1 %
    ("KuCoin", 2, 40_000_000, 100_000 * (1 - 1 / 2 + 0.25)),  # 25 % of the value at the entry
]


@pytest.mark.parametrize("name, leverage, edge, price", AT_EDGES)
def test_at_the_edge_of_a_tier_by_hand(name, leverage, edge, price):
    """The largest position a leverage is allowed for; a dollar less is closed at the same price but for a hair,
    a dollar more is refused."""
    r = panels.tiers(exchange=name, leverage=leverage, position=edge).result
    assert r.allowed == edge and r.ok and r.move == pytest.approx(price / 100_000 - 1)
    assert panels.tiers(exchange=name, leverage=leverage, position=edge - 1).result.move == pytest.approx(
        r.move, abs=1e-6
    )
    with_more = panels.tiers(exchange=name, leverage=leverage, position=edge + 1).result if edge < 100_000_000 else None
    assert with_more is None or not with_more.ok and "needs less leverage" in with_more.sentence
    picture = drawn("tiers", exchange=name, leverage=leverage, position=edge)
    (at,), (height,) = picture.dot.get_data()
    x, y = picture.line.get_data()
    assert height == pytest.approx(np.interp(at, x, y), abs=0.02)  # the dot stands on its own line


@pytest.mark.parametrize(
    "name, edges",  # in dollars, up to the largest position at 20x; OKX's are 10, 50, 200 … BTC at $100,000
    [
        ("KuCoin", (1e5, 5e5, 1e6, 2e6, 3e6)),
        ("OKX", (1e6, 5e6, 2e7, 4e7, 6e7, 8e7, 1e8, 1.2e8)),
    ],
)
def test_the_tiers_stand_at_the_top(name, edges):
    picture = drawn("tiers", exchange=name)
    places = [segment[0][0] for segment in picture.edges.get_segments()]
    assert places == pytest.approx(np.log10(edges))
    seen = [(text.get_text(), text.get_position()[0]) for text in picture.numbers if text.get_text()]
    bounds = [4, *places, min(8.114, np.log10(panels.tiers(exchange=name).result.allowed))]
    for number, x in seen:
        assert bounds[int(number) - 1] < x < bounds[int(number)]
    assert {number for number, _ in seen} >= {"1", "2", "3", "4", "5"}


def test_a_position_that_is_not_allowed_is_named():
    text = plain(panels.tiers(exchange="KuCoin", position=20_000_000).sentence)
    assert text == "KuCoin allows 20x on BTC up to $5,000,000; a position of $20,000,000 needs less leverage."


@pytest.mark.parametrize("name", ["Binance", "OKX", "Bitget", "KuCoin"])
def test_a_tier_says_when_a_closing_fee_is_left_out(name):
    """OKX and Bitget take their taker fee for the forced close, Binance and KuCoin none (data/exchanges.csv)."""
    said = plain(panels.tiers(exchange=name).sentence)
    assert said.endswith(" %, its closing fee not counted.") is (name in ("OKX", "Bitget"))


def evening(coin):
    """[(futures, spot)] of each minute of 10 October 2025: (low, high) or None without a trade; the futures' opens."""
    table, prefix = ("btc_mark", "mark_") if coin == "BTC" else ("atom", "perp_")
    table = rows(f"{table}_1min_2025-10-10")
    bars = [
        tuple(
            (float(row[f"{kind}low"]), float(row[f"{kind}high"])) if row[f"{kind}low"] else None
            for kind in (prefix, "spot_")
        )
        for row in table
    ]
    return bars, [float(row[f"{prefix}open"]) for row in table]


@pytest.mark.parametrize("coin", ["BTC", "ATOM"])
@pytest.mark.parametrize("looks_at", ["perpetual", "spot"])
@pytest.mark.parametrize(
    "side, leverage, minute", [("long", 10, 40), ("long", 1.4, 0), ("short", 3, 52), ("short", 40, 30)]
)
def test_the_evening_minute_by_minute(coin, looks_at, side, leverage, minute):
    """Closed and touched again, with a plain loop over the rows; an empty minute closes nobody."""
    bars, opens = evening(coin)
    entry = opens[minute]
    line = entry * (1 - 1 / leverage) / 0.995 if side == "long" else entry * (1 + 1 / leverage) / 1.005
    reached = [
        next(
            (
                n
                for n in range(minute, 120)
                if bars[n][which] and (bars[n][which][0] <= line if side == "long" else bars[n][which][1] >= line)
            ),
            None,
        )
        for which in (0, 1)
    ]
    panel = panels.mark_or_last(coin=coin, looks_at=looks_at, side=side, leverage=leverage, minute=minute)
    said = plain(panel.sentence)
    closed, touched = reached if looks_at == "perpetual" else reached[::-1]
    clock = lambda n: f"{20 + (30 + n) // 60}:{(30 + n) % 60:02}"
    if closed is None:
        assert said.endswith("the position stays open.") and (
            f"at {clock(touched)}" in said if touched else "Neither" in said
        )
    else:
        assert f"Closed at {clock(closed)} by the" in said
        assert (touched is None) == ("never showed" in said) and (touched == closed) == ("when both reached" in said)
    drawing = panel.picture()
    drawing.pixels(panel.result)
    assert list(drawing.cross.get_xdata()) == ([] if closed is None else [closed])
    assert list(drawing.ring.get_xdata()) == ([] if touched is None else [touched])


def test_an_empty_minute_is_a_gap_and_said():
    """Gemini had no trade in 19 of the 120 minutes: none is drawn or carried forward, and the sentence counts them."""
    empty = [n for n, (_, spot) in enumerate(evening("BTC")[0]) if spot is None]
    panel = panels.mark_or_last(leverage=12)
    assert len(empty) == 19 and "20:30 to 22:30 UTC (19 minutes without a trade):" in plain(panel.sentence)
    assert set(panel.result.market.arrays["at"]) == set(range(120)) - set(empty)
    assert 49 in empty and plain(panel.sentence).endswith("Closed at 21:19 by the mark price, at a price that the"
        " spot price never showed, in a minute without a spot price.")  # fmt: skip


@pytest.mark.parametrize("last, book, index", [(-0.3, 0, 0), (-0.1, -0.2, 0.05), (0.1, 0.1, -0.3), (-0.05, 0.1, -0.1)])
def test_the_mark_by_each_rule(last, book, index):
    """The middle of three by sorting; the line of a 10x long from $100 is 90 / 0.995."""
    three = sorted([100 * (1 + index), 100 * (1 + index) + 100 * book, 100 * (1 + last)])
    marks = {"median": three[1], "mean": sum(three) / 3, "last": 100 * (1 + last), "index": 100 * (1 + index)}
    for rule, mark in marks.items():
        panel = panels.median_of_three(last=last, book=book, index=index, rule=rule)
        assert panel.result.mark == pytest.approx(mark)
        assert ("is closed" in panel.sentence) == (mark <= 90 / 0.995) != ("stays open" in panel.sentence)
        drawing = panel.picture()
        drawing.pixels(panel.result)
        assert drawing.mark.get_xdata()[0] == pytest.approx(mark)
        assert sorted(dot.get_xdata()[0] for dot in drawing.dots) == pytest.approx(three)


@pytest.mark.parametrize("side, hour", [("long", 0), ("short", 23), ("short", 0), ("long", 9)])
@pytest.mark.parametrize("crash, days", [("2020", ("2020-03-12", "2020-03-13")), ("2021", ("2021-05-19",))])
def test_who_lives_through_a_crash_by_hand(crash, days, side, hour):
    table = [row for row in rows("btc_1h_crash_windows") if row["time_utc"][:10] in days]
    entry = float(table[hour]["open"])
    for leverage in (1.5, 2, 3, 5, 10, 50):
        line = entry * (1 - 1 / leverage) / 0.995 if side == "long" else entry * (1 + 1 / leverage) / 1.005
        gone = next(
            (
                n
                for n, row in enumerate(table)
                if n >= hour and (float(row["low"]) <= line if side == "long" else float(row["high"]) >= line)
            ),
            None,
        )
        assert panels.crash(crash=crash, side=side, leverage=leverage, hour=hour).result.gone == gone


CLOSES = (100.0, 96.0, 90.0, 88.0)
FALLING = Candles("a fall", (0, 60, 120, 180), 60, CLOSES, CLOSES, CLOSES, CLOSES)


@pytest.mark.parametrize(
    "name, candles, moves, bar",
    [
        ("crash", FALLING, {}, 2),  # 100 × 0.9 / 0.995 = 90.45
        ("crash", FALLING, {"side": "short"}, None),
        ("mark_or_last", FALLING, {"averaged": 1}, 2),
        ("mark_or_last", FALLING, {"averaged": 3}, None),  # (96 + 90 + 88) / 3 = 91.33
        ("mark_or_last", replace(FALLING, mark=Prices(*[(100.0, 99.0, 91.0, 90.0)] * 4)), {}, 3),
    ],
)
def test_the_line_of_python_on_ones_own_candles(name, candles, moves, bar):
    computed = panels.ALL[name]().use(candles).set(leverage=10, **moves).computed
    *imports, line = computed.code().splitlines()
    space = {"prices": candles}
    exec("\n".join(imports), space)
    assert eval(line, space) == computed.number == bar
    assert computed.steps[-1] == "prices: the candles you gave to use()"


@pytest.mark.parametrize("wrong", [lambda: mark_by("mode", 100, 70, 0), lambda: fall("full", 10)])
def test_an_unknown_word_is_named_with_those_that_are_known(wrong):
    with pytest.raises(ValueError, match="'last' or 'index', got 'mode'|'thin' or 'empty', got 'full'"):
        wrong()


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("fund", [0, 10, 40])
def test_no_dollar_appears_or_vanishes(book, fund):
    """In exact fractions, at every step: the margins and the fund of the beginning."""
    margins = sum(
        Fraction(repr(coins * entry / leverage))
        for group in (LONGS, SHORTS)
        for leverage, coins, entry in group.values()
    )
    states = fall(book, float(fund))
    assert {state["total"] for state in states} == {margins + fund}
    for before, after in zip(states, states[1:]):
        assert (
            after["market"] >= before["market"]
            and after["adl"] >= before["adl"]
            and after["fund"] >= 0 == after["uncovered"]
        )
        # What longs lost in coins, the book or the shorts took over.
        gone = sum(coins for name, (_, coins, _) in LONGS.items() if name in after["ends"])
        assert after["market"] + after["adl"] == pytest.approx(gone)
        assert sum(after["taken"].values()) == pytest.approx(after["adl"])


def test_the_venue_by_hand():
    """At −1.5 % only Ana is due: equity 12 − 9 = 3 of a value of 591.
    Six coins go at 0.2 % and 0.4 % below $98.50 in the deep book."""
    r = panels.venue(move=-0.015).result
    assert list(r.ends) == ["Ana"]
    surplus = 4 * (98.5 * 0.998 - 98) + 2 * (98.5 * 0.996 - 98)  # bankrupt at $98
    assert r.fund == pytest.approx(10 + surplus) and r.market == 6
    gain = {"Ida": 0.015, "Kai": 1 - 98.5 / 104}
    score = {"Ida": gain["Ida"] * 98.5 / (105 - 98.5), "Kai": gain["Kai"] * 98.5 / (104 * 7 / 6 - 98.5)}
    assert score["Kai"] > score["Ida"] and r.queue[0] == "Kai"
    assert LONGS and sum(coins for _, coins, _ in LONGS.values()) == sum(coins for _, coins, _ in SHORTS.values()) == 40


def test_the_venue_as_it_is_drawn():
    picture = drawn("venue", book="thin", move=-0.1)
    r = panels.venue(book="thin", move=-0.1).result
    assert picture.longs["Ana"][1].get_text() == "closed" and plain(picture.longs["Gus"][1].get_text()) == "50 %"
    assert picture.longs["Gus"][0].get_width() == pytest.approx(0.06)  # 10 % of 5x is half of the margin
    assert [name for name, (bar, _) in picture.shorts.items() if bar.get_width() == 0] == [
        name for name in SHORTS if name not in r.open
    ]
    assert picture.fund.get_width() == 0
    at = np.array(picture.lights.get_ydata())
    lights = {name: int(np.sum(at == picture.rows[name])) for name in SHORTS}
    assert max(lights.values()) == 5 and lights["Ida"] == 0


def test_every_coin_of_a_closed_long_is_in_a_band():
    """A band is as high as its coins, at both ends: 8 coins in a row of 0.054."""
    picture = drawn("venue", book="empty", move=-0.15)
    into_book, on_to_shorts = (band.get_paths() for band in picture.bands)
    assert not into_book
    rows, ends = {name: 0.0 for name in SHORTS}, set()
    for path in on_to_shorts:
        corners = path.vertices[:-1]
        half = len(corners) // 2
        high = corners[half - 1][1] - corners[half][1]  # at the short's end
        assert high == pytest.approx(corners[0][1] - corners[-1][1])  # as at the long's
        row = min(rows, key=lambda name: abs(picture.rows[name] - corners[half - 1 : half + 1, 1].mean()))
        rows[row] += high / 0.054 * 8
        ends.add(corners[half - 1][1])
    assert len(ends) == len(on_to_shorts)  # below one another
    assert rows == pytest.approx({"Ida": 5, "Jon": 6, "Kai": 8, "Lea": 6, "Max": 7, "Noa": 0})  # 32 coins of six longs
    assert picture.title.get_text() == "−15\u00a0%: nobody bids, 5 shorts deleveraged"


@pytest.mark.parametrize("id", CHOSEN)
def test_choices_by_hand(id):
    assert plain(exercise_book.exercises[id].make(**exercise_book.exercises[id].start()).answer) == CHOSEN[id]


@pytest.mark.parametrize(
    "missing, answer, left",
    [
        ("rate", "the maintenance rate for this size of position", "the entry price is $60,000; the leverage is 20x."),
        ("leverage", "the leverage", "the maintenance rate is 0.5 %; the entry price is $60,000."),
        ("entry", "the entry price", "the maintenance rate is 0.5 %; the leverage is 20x."),
    ],
)
def test_what_is_missing_is_not_said(missing, answer, left):
    task = exercise_book.exercises["2-missing"].make(missing, 0.5, 60_000, 20, 0.005)
    assert task.answer == answer and f"You know: {left} Which" in plain(task.ask)


@pytest.mark.parametrize(
    "slip, shown, fits",  # 2 BTC at 10x from 50,000: margin 10,000; at 49,000 −2,000, −20 %; bankrupt at 45,000
    [
        ("liquidation price", "$44,750", ["$10,000", "−$2,000", "−20 %"]),
        ("unrealised PnL", "−$200", ["$10,000", "−20 %", "$45,250"]),  # 2 % of the margin
        ("return on margin", "−2 %", ["$10,000", "−$2,000", "$45,250"]),  # the fall of the price
    ],
)
def test_one_number_of_the_screen_does_not_fit(slip, shown, fits):
    task = exercise_book.exercises["2-screen"].make(slip, 2, 50_000, 10, 0.02)
    assert plain(task.answer) == f"the {slip}, {shown}"
    assert [plain(wrong.gives).split(", ")[-1] for wrong in task.wrong] == fits
    assert all(value in plain(task.ask) for value in [shown, *fits])


PREDICTED = {"2-twenty": 1 - 0.95 / 0.995, "2-five-hundred": 0.5}


@pytest.mark.parametrize("id", PREDICTED)
def test_predictions_by_hand(id):
    assert exercise_book.predictions[id].answer == pytest.approx(PREDICTED[id])


def test_predictions_in_words_agree_with_the_panels():
    answer = {prediction.id: prediction.answer for prediction in chapter.PREDICTIONS}
    small, large = (panels.tiers(position=size).result.move for size in (10_000, 20_000_000))
    assert large > small and answer["2-bigger"] == "the $20 million"
    assert (
        plain(exercise_book.predictions["2-bigger"].why).count("−4.62 %")
        and round(small, 4) == -0.0462
        and round(large, 4) == -0.0373
    )
    below, why = exercise_book.predictions["2-mark-below"], plain(exercise_book.predictions["2-mark-below"].why)
    bars, opens = evening("BTC")
    mark, spot = min(low for (low, _), _ in bars[40:]), min(one[1][0] for one in bars[40:] if one[1])
    assert (mark, spot, opens[40]) == (102_497.49, 107_000, 114_415.83)  # the difference is 4,502.51
    assert answer["2-mark-below"] == "about $4,500 below it" and round(spot - mark, -2) == 4500
    assert "$107,000" in below.ask and "$102,497.49" in why and "$103,491.71" in why  # 114,415.83 × 0.9 / 0.995
    assert panels.mark_or_last().result.touched is None and panels.mark_or_last().result.closed is not None
    assert panels.median_of_three().result.mark == 100 and answer["2-median"] == "not at all"
    assert panels.crash().result.gone is not None and answer["2-two-times"] == "it is closed by force"
    thin = panels.venue(book="thin", move=-0.1).result
    assert thin.fund == 0 and set(thin.taken) <= set(SHORTS) and thin.taken and "other side" in answer["2-who-pays"]


def test_repairs_by_hand():
    repairs = {exercise.id: exercise for exercise in chapter.EXERCISES if "-bug-" in exercise.id}
    # 50,000 × (1 − 1/25 + 0.004); the row GE0004 of the table has the same right value,
    # and prints what the function gives.
    assert repairs["2-bug-swapped"].right(50_000, 25, 0.004) == pytest.approx(48_200)
    printed = {row["id"]: row for row in rows("published_examples")}
    assert float(printed["GE0004"]["right_value"]) == 48_200 and float(printed["GE0004"]["published"]) == 50_000 * (
        1 + 1 / 25 - 0.004
    )
    # (10/3 + 10) / 1.0106 = 13.1935; the test suite divides by 1 − 0.0106.
    assert repairs["2-bug-short-sign"].right(10, 10 / 3, 1, 0.01, 0.0006) == pytest.approx(
        float(printed["GE0092"]["right_value"])
    )
    assert float(printed["GE0092"]["published"]) == pytest.approx((10 / 3 + 10) / (1 - 0.0106))
    assert repairs["2-bug-all-of-it"].right(500, 0.001, 0.0002) == pytest.approx(0.0008)


def test_the_functions_with_a_bug_are_known():
    """What the notebook's cells hand in is met with words, not only called wrong."""
    bugs = {
        "2-bug-swapped": lambda entry, leverage, rate: entry * (1 + 1 / leverage - rate),
        "2-bug-short-sign": lambda entry, margin, coins, rate, fee: (
            (margin + coins * entry) / (coins * (1 - rate - fee))
        ),
        "2-bug-all-of-it": lambda leverage, rate, fee: 1 / leverage,
    }
    for id, bug in bugs.items():
        assert judge(exercise_book.exercises[id], bug).kind == "known"


@pytest.mark.parametrize("name, state", STATES, ids=lambda value: str(value))
def test_every_quoted_state_can_be_reached(name, state):
    assert re.search(r"\d", panels.ALL[name](**state).sentence)


def test_the_sources_are_named_in_the_pictures():
    """The minutes of 3 February 2025 are licensed on attribution, which crash().use() shows (test_market)."""
    for coin, venue in (("BTC", "Gemini"), ("ATOM", "Coinbase")):
        panel = panels.mark_or_last(coin=coin)
        drawing = panel.picture()
        drawing.pixels(panel.result)
        assert venue in drawing.source.get_text() and "aaronwu2017/TheGlory" in drawing.source.get_text()
    assert "CryptoDataDownload" in " ".join(text.get_text() for text in drawn("crash").figure.texts)
    assert "29 September 2026" in drawn("tiers").source.get_text()
