"""Chapter 5: eight exchanges. Expected values are worked by hand, or read from the tables with the csv module alone."""

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from pictures import drawn, plain
from test_dates import MAIN

from leverage_lab.chapters.exchanges.known import FACTS
from leverage_lab.chapters.exchanges.shared import allowed, may, table, trade, years
from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book

FOLDER = Path(__file__).resolve().parents[2] / "data"

# Worked by hand from the start numbers of each exercise.
BY_HAND = {
    "5-highest": 75,  # 2,000,000: above 800,000, up to 3,000,000
    "5-largest": 3_000_000,  # 75x is enough for 60x, 50x is not
    "5-margin": 800_000,  # 20,000,000 lies between 12 and 70 million: 25x
    "5-grow": 18_400,  # 1,500,000 is in the tier of 75x: 20,000; posted are 240,000 / 150 = 1,600
    "5-contracts": 5720,  # 500 × 0.0001 = 0.05 BTC at 114,400
    "5-how-many": 35,  # 0.35 / 0.01
    "5-dollars": 0.05,  # 5,000 dollars at 100,000
    "5-kept-back": 11_500,  # 2,000,000 × 0.0065 = 13,000, less 1,500
    "5-edge": 1716,  # 11 × 114,400 × 0.005 = 6,292; 10 × 114,400 × 0.004 = 4,576
    "5-in-and-out": 0.04,  # 2 × 0.05 % × 40
    "5-dearer": 2,  # 10,000 × (0.06 % − 0.05 %) × 2
    "5-day": 8.4,  # 24 × 0.003 % = 0.072 %, 3 × 0.01 % = 0.03 %; 0.042 % of 20,000
    "5-slippage": 70,  # 1 % × 200,000 / 4,000,000 = 0.05 %, half 0.025 %; with 0.01 % it is 0.035 % of 200,000
    "5-same-room": 1 / 0.013,  # room 1 % − 0.1 % = 0.9 %, and 0.4 % more
}

# States whose numbers the chapter's text quotes.
STATES = (
    ("maxima", {"month": 94}),
    ("maxima", {"month": 78}),  # 2025-07
    ("maxima", {"month": 80}),  # 2025-09
    ("maxima", {"group": "others", "month": 94}),
    ("stairs", {"name": "Binance", "position": 20_000, "leverage": 125}),
    ("stairs", {"name": "Binance", "position": 400_000, "leverage": 125}),
    ("stairs", {"name": "Binance", "position": 30_000_000, "leverage": 125}),
    ("stairs", {"name": "Binance", "position": 20_000_000, "leverage": 125}),
    ("stairs", {"name": "Deribit"}),
    ("stairs", {"name": "Coinbase"}),
    ("stairs", {"name": "MEXC"}),
    ("one_trade", {"days": 0}),
    ("one_trade", {"days": 1}),
    ("one_trade", {"days": 30}),
    ("one_trade", {"leverage": 100}),
    ("one_trade", {"leverage": 500}),
    ("one_trade", {"margin": 100_000}),
    ("ends", {}),
    ("ends", {"leverage": 10}),
    ("ends", {"leverage": 20}),
    ("ends", {"leverage": 100}),
    ("ends", {"margin": 100_000}),
    ("depth", {}),
    ("depth", {"size": 10_000}),
    ("depth", {"size": 1_000_000}),
    ("depth", {"depth": 20_000_000}),
    ("depth", {"depth": 500_000}),
    ("depth", {"spread": 0.001}),
    ("known", {}),
    ("known", {"month": 40}),
)

PRICE = 114_400
EIGHT = ("MEXC", "Binance", "OKX", "Bybit", "Bitget", "KuCoin", "Kraken", "Coinbase")


def rows(name):
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def boxes(patch):
    """{row: (from, to)} of the boxes of one look: five points a box."""
    found = {}
    for corners in patch.get_path().vertices.reshape(-1, 5, 2):
        x, y = corners[:, 0], corners[:, 1]
        found[round((y.min() + y.max()) / 2)] = (x.min(), x.max())
    return found


@pytest.mark.parametrize("name, state", STATES, ids=lambda value: str(value))
def test_the_states_the_text_speaks_of_can_be_set(name, state):
    assert panels.ALL[name](**state).sentence


# --- the maxima

# As read in leverage_history.csv, the newest row of the main contract with a date not after the month.
THEN = {
    78: {"MEXC": 400, "Binance": 125, "Bybit": 100, "Kraken": 50, "Coinbase": 10},
    79: {"MEXC": 400, "Binance": 150, "Bybit": 100, "Kraken": 50, "Coinbase": 10},
    80: {"MEXC": 400, "Binance": 150, "Bybit": 100, "Bitget": 150, "Kraken": 50, "Coinbase": 50},
    94: {
        "MEXC": 500,
        "Binance": 150,
        "OKX": 100,
        "Bybit": 150,
        "Bitget": 150,
        "KuCoin": 125,
        "Kraken": 50,
        "Coinbase": 50,
    },
}


@pytest.mark.parametrize("month", THEN)
def test_the_maxima_of_a_month(month):
    result = panels.maxima(month=month).result
    assert {name: top for name, top in result.then.items() if top is not None} == THEN[month]
    said = {row["exchange"]: float(row["value"]) for row in rows("exchanges") if row["field"] == "claimed_max_leverage"}
    same = [name for name, top in THEN[month].items() if said[name] == top]
    assert result.same == same and len(result.same) + len(result.other) + len(result.unknown) == 8


def test_the_sentence_of_the_maxima():
    assert (
        panels.maxima(month=78).sentence
        == "The newest dated maxima at the end of July 2025: MEXC 400x, Binance 125x, Bybit 100x, Kraken 50x, "
        "Coinbase 10x. "
        "3 of the 8 agree with the article, 2 do not, for 3 there is no dated source."
    )
    assert "3 of the 8" in panels.maxima(month=78).sentence and panels.maxima(month=0).sentence.startswith(
        "The newest dated maxima at the end of January 2019: none of these 8."
    )
    assert panels.maxima(group="others").sentence.endswith(
        "The article names none of these 5; 2 of 5 have a dated source."
    )


def test_no_month_has_more_than_three_of_the_list():
    """The months with three run from December 2023 (Coinbase's 10x) to July 2025 (the month before Binance's 150x)."""
    counts = [len(panels.maxima(month=month).result.same) for month in range(95)]
    assert max(counts) == 3 and [month for month, count in enumerate(counts) if count == 3] == list(range(59, 79))


def test_each_run_of_one_maximum_is_marked_at_its_ends():
    """August 2025: what a run of dated sources with one number begins and ends with, from the rows of the table."""
    drawing = drawn(panels.maxima(month=79))
    said = {
        "MEXC": 500,
        "Binance": 125,
        "OKX": 125,
        "Bybit": 200,
        "Bitget": 125,
        "KuCoin": 100,
        "Kraken": 50,
        "Coinbase": 10,
    }
    expected = {"same": set(), "other": set(), "later": set()}
    for name, symbol in MAIN.items():
        dated = [
            row
            for row in rows("leverage_history")
            if (row["exchange"], row["symbol"]) == (name, symbol) and row["as_of"]
        ]
        for top, run in itertools.groupby(dated, lambda row: float(row["max_leverage"])):
            days = [row["as_of"] for row in run]
            for day in {days[0], days[-1]}:
                kind = "later" if day[:7] > "2025-08" else "same" if top == said[name] else "other"
                expected[kind].add((EIGHT.index(name), round(years(day), 6)))
    for kind, found in expected.items():
        x, y = getattr(drawing, kind).get_data()
        marks = {(round(lane), round(at, 6)) for at, lane in zip(x, y, strict=True)}
        near = {
            (lane, at) for lane, at in found - marks if (lane, at) not in marks
        }  # both ends of a run shorter than 0.3 years
        assert marks <= found and all(any(a == lane and abs(b - at) < 0.3 for a, b in marks) for lane, at in near), kind
    assert [text.get_text() for text in drawing.then] == ["400x ≠", "150x ≠", "?", "100x ≠", "?", "?", "50x =", "10x ="]
    assert [text.get_text() for text in drawing.said] == ["500x", "125x", "125x", "200x", "125x", "100x", "50x", "10x"]
    assert [text.get_text() for text in drawing.undated] == ["500, 200, 125x", "", "", "", "", "125x", "50x", ""]
    assert list(drawing.elsewhere.get_ydata()) == [
        2.12,
        2.12,
        5.12,
        7.12,
    ]  # 125x at OKX on ETH and on other BTC contracts, 100x at KuCoin by a content site, 10x at Coinbase in the EEA


@pytest.mark.parametrize("month", [0, 40, 79, 80, 94])
def test_no_two_marks_of_the_maxima_lie_on_each_other(month):
    """At the picture's own size: the centres of two marks are at least one mark (8 points) apart."""
    drawing = drawn(panels.maxima(month=month))
    points = [
        drawing.axes.transData.transform(point) * 72 / drawing.figure.dpi
        for kind in ("same", "other", "later")
        for point in zip(*getattr(drawing, kind).get_data(), strict=True)
    ]
    assert all(np.hypot(*(a - b)) > 8 for a, b in itertools.combinations(points, 2))


def test_the_other_five_take_the_lanes_over_and_give_them_back():
    drawing = panels.maxima().picture()
    for group, first, last in (("others", "BitMEX", ""), ("eight", "MEXC", "Coinbase")):
        drawing.pixels(panels.maxima(group=group).result)
        assert (drawing.names[0].get_text(), drawing.names[7].get_text()) == (first, last)
    drawing.pixels(panels.maxima(group="others", month=94).result)
    assert [text.get_text() for text in drawing.then] == ["250x", "50x", "?", "?", "?", "", "", ""]


@pytest.mark.parametrize(
    "text, year",
    [
        ("2025-08-14", 2025 + 225 / 365.25),
        ("2025-08", 2025 + 226 / 365.25),
        ("2025", 2025 + 181 / 365.25),
        ("2024-03-01", 2024 + 60 / 365.25),
    ],
)
def test_a_date_as_a_year(text, year):
    """14 August is the 226th day; a month counts from its 15th, a year from 1 July; 2024 has a 29 February."""
    assert years(text) == pytest.approx(year)


def test_the_month_control():
    control = panels.maxima().controls["month"]
    assert control.show(0) == "2019-01" and control.show(94) == "2026-11"
    assert control.accept("2025-08") == 79 and control.accept("2025-08-31") == 79 and control.accept(79) == 79
    for wrong in ("2018-12", "2027-01", "August", "", "2025", "2025-13", "79"):
        with pytest.raises(ValueError, match="month must be a month from 2019-01 to 2026-11, got "):
            control.accept(wrong)
    for wrong in (-1, 95, float("nan"), True, None):
        with pytest.raises(ValueError, match="month must be a month from 2019-01 to 2026-11"):
            control.accept(wrong)


# --- up to which size


def test_the_stairs_against_the_rows_of_the_table():
    """Every tier of the ladders we draw, just inside its end and just beyond it."""
    used = {
        "MEXC": ("mexc-btc_usdt-undated-tiers", PRICE), "Binance": ("binance-btcusdt-2026-09-29", 1),
        "OKX": ("okx-btc-usdt-swap-2025-12-29", PRICE),
        "Bitget": ("bitget-btcusdt-2025-09-26", 1), "KuCoin": ("kucoin-xbtusdtm-undated", 1),
        "Kraken": ("kraken-pf_xbtusd-undated", 1),
    }  # fmt: skip
    for name, (ladder, unit) in used.items():
        tiers = [row for row in rows("tiers") if row["ladder_id"] == ladder]
        for tier, after in zip(tiers, [*tiers[1:], None]):
            if not tier["cap"]:  # Kraken's last: no end
                assert allowed(name, 1e9) == float(tier["max_leverage"])
                continue
            edge = float(tier["cap"]) * unit
            assert allowed(name, edge) == float(tier["max_leverage"]), (name, tier)
            beyond = float(after["max_leverage"]) if after else None if name == "OKX" else 0
            assert allowed(name, edge * 1.0001) == beyond, (name, tier)


def test_what_no_source_says_stays_open():
    """Bybit's newest source has a maximum for two tiers only, Gate's for one, Coinbase,
    BitMEX and dYdX have no end of a tier at all."""
    assert (allowed("Bybit", 2_000_000), allowed("Bybit", 2_000_001)) == (100, None)
    assert (allowed("Gate", 1_000_000), allowed("Gate", 1_000_001)) == (125, None)
    for name, top in (("Coinbase", 50), ("BitMEX", 250), ("dYdX", 50)):
        assert allowed(name, 10_000) is None
        assert may(name, 10_000, top) is None and may(name, 10_000, top + 1) is False
    assert allowed("Hyperliquid", 1e12) == 20


def test_deribits_slope():
    """2 % and 0.005 % more with each BTC: at 175 BTC ($20,020,000) 2.875 %, 34.78x; steps are fine enough for 6 %."""
    assert allowed("Deribit", 20_020_000) == pytest.approx(1 / 0.02875, rel=0.06)
    assert allowed("Deribit", 20_020_000) < 1 / 0.02875 < allowed("Deribit", 20_020_000 / 1.15)


def test_the_sentence_of_the_stairs():
    assert (
        panels.stairs(position=20_000_000, leverage=125).sentence
        == "Binance (tiers of 29 September 2026): its maximum is 150x; for a position of $20,000,000 it is 25x. "
        "Of 13 exchanges none allows 125x at that size, 10 do not, for 3 it is not known (Bybit, BitMEX, Gate)."
    )
    assert panels.stairs(name="Coinbase", position=50_000, leverage=20).sentence.startswith(
        "Coinbase (no tiers known): its maximum is 50x; no source says whether that applies to $50,000."
    )
    assert (
        "its maximum is 125x; a position of $60,000,000 is larger than its last tier, which ends at $50,000,000"
        in panels.stairs(name="KuCoin", position=60_000_000).sentence
    )


@pytest.mark.parametrize("position", [10_000, 1_000_000, 30_000_000, 1_000_000_000])
def test_thirteen_exchanges_are_always_thirteen(position):
    for leverage in (1, 20, 50, 125, 500):
        assert sum(panels.stairs(position=position, leverage=leverage).result.counts) == 13


def test_the_drawn_stairs_are_the_tiers():
    drawing = drawn(panels.stairs(name="KuCoin", position=2_000_000, leverage=50))
    x, y = drawing.line.get_data()
    assert (x[0], y[0], x[1], y[2]) == (10_000, 125, 100_000, 100) and (x[-1], y[-1]) == (50_000_000, 0.9)
    assert drawing.point.get_marker() == "o" and drawing.word.get_text() == "yours at 50x: allowed"
    assert (drawing.point.get_xdata()[0], drawing.point.get_ydata()[0]) == (2_000_000, 50)
    refused = drawn(panels.stairs(name="KuCoin", position=2_000_001, leverage=50))
    assert refused.point.get_marker() == "X" and refused.word.get_text() == "yours at 50x: not allowed"
    unknown = drawn(panels.stairs(name="Coinbase", position=50_000, leverage=20))
    assert len(unknown.line.get_xdata()) == 0 and list(unknown.unknown.get_ydata()) == [50, 50]
    assert unknown.point.get_markerfacecolor() == "#ffffff" and unknown.word.get_text() == "yours at 20x: not known"


def test_both_of_mexcs_captures_are_drawn():
    """500x to 5 BTC ($572,000) in the one used, to 450 BTC ($51,480,000) in one of the dashed."""
    drawing = drawn(panels.stairs(name="MEXC"))
    assert drawing.line.get_xdata()[1] == pytest.approx(572_000)
    x, y = (np.asarray(values) for values in drawing.others.get_data())
    assert x[y == 500].max() == pytest.approx(51_480_000)


# --- one trade through all of them

# $100 at 50x, one day: fee in and out on 5,000 (2 × taker), and 0.03 % of 5,000 = 1.50 of funding.
GONE = {
    "MEXC": 3.5,
    "Binance": 6.5,
    "OKX": 6.5,
    "Bybit": 7,
    "Bitget": 7.5,
    "KuCoin": 7.5,
    "Kraken": 6.5,
    "Coinbase": None,
}


def test_the_costs_by_hand():
    found = {t.name: t.gone for t in panels.one_trade().result.trades}
    assert found == {name: None if gone is None else pytest.approx(gone / 100) for name, gone in GONE.items()}
    assert (
        plain(panels.one_trade().sentence)
        == "Long, $100 at 50x, a position of $5,000, held 1 day, price unchanged: from $3.50 (MEXC, 3.5 % of the "
        "margin) to "
        "$7.50 (Bitget and KuCoin, 7.5 %), including $1.50 of funding. Not offered: none. Not known: Coinbase."
    )
    assert "including $45 of funding." in panels.one_trade(days=30).sentence  # 30 × 0.03 % of 5,000
    assert (
        "$35 (MEXC, 35 % of the margin), including $15 of funding. Not offered: Binance, OKX, Bybit, Bitget, KuCoin, "
        "Kraken, Coinbase." in plain(panels.one_trade(leverage=500).sentence)
    )


def test_the_rows_are_sorted_and_the_unknown_comes_after_the_known():
    by_cost = [t.name for t in panels.one_trade(by="cost").result.trades]
    assert by_cost[0] == "MEXC" and by_cost[-1] == "Coinbase"
    gone = [t.gone for t in panels.one_trade(by="cost").result.trades[:-1]]
    assert gone == sorted(gone)
    assert [t.name for t in panels.one_trade(by="name").result.trades] == [
        "Binance",
        "Bitget",
        "Bybit",
        "Coinbase",
        "Kraken",
        "KuCoin",
        "MEXC",
        "OKX",
    ]
    at_100 = [(t.name, t.offered) for t in panels.one_trade(by="cost", leverage=100).result.trades]
    assert at_100[-2:] == [("Kraken", False), ("Coinbase", False)]


def test_the_bars_are_the_costs_and_the_unknown_is_hatched():
    drawing = drawn(panels.one_trade(by="cost"))
    fee_in, fee_out, funding = (boxes(bars) for bars in drawing.bars)
    # MEXC on top: 0.02 % × 50 = 1 %, again 1 %, then 1.5 %.
    assert (
        fee_in[0] == pytest.approx((0, 0.01))
        and fee_out[0] == pytest.approx((0.01, 0.02))
        and funding[0] == pytest.approx((0.02, 0.035))
    )
    assert set(fee_in) == set(range(7)) and boxes(drawing.blank) == {7: pytest.approx((0, 0.1))}
    assert drawing.values[7].get_text() == "not known" and plain(drawing.values[0].get_text()) == "$3.50  3.5 %"
    many = drawn(panels.one_trade(leverage=500, by="cost"))
    assert (
        len(boxes(many.bars[0])) == 1
        and boxes(many.blank) == {}
        and many.values[1].get_text() == "not offered: at most 150x"
    )


def test_a_cost_beyond_the_margin_ends_at_the_edge():
    """500x for 30 days: 20 % of fees and 450 % of funding; bar and words end at 100 %,
    which is (100 − 20) / 15 days' worth."""
    drawing = drawn(panels.one_trade(leverage=500, days=30, by="cost"))
    assert boxes(drawing.bars[2])[0] == pytest.approx((0.2, 1)) and drawing.values[0].get_text() == "all, by day 5.3"


def closed_forms(side, leverage):
    """Liquidation prices by each exchange's own formula, tier 1. s = +1 long, −1 short;
    e (1 − s/L) is the bankruptcy price.

    On the entry: e (1 − s/L + s r). On the mark: e (1 − s/L) / (1 − s r), with a closing fee on the mark r + f.
    Bybit's fee at the bankruptcy price is in the margin from the start and cancels.
    """
    s = 1 if side == "long" else -1
    broke = PRICE * (1 - s / leverage)
    return {
        "MEXC": broke + s * 0.001 * PRICE, "Binance": broke / (1 - s * 0.004), "OKX": broke / (1 - s * 0.0045),
        "Bybit": broke / (1 - s * 0.0033),
        "Bitget": broke / (1 - s * 0.0046), "KuCoin": broke + s * 0.004 * PRICE, "Kraken": broke / (1 - s * 0.01),
    }  # fmt: skip


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("leverage", [2, 10, 50])
def test_the_ends_by_each_exchanges_own_formula(side, leverage):
    result = panels.ends(side=side, leverage=leverage).result
    found = {t.name: t.end for t in result.trades if t.end is not None}
    assert found == {name: pytest.approx(end) for name, end in closed_forms(side, leverage).items()}
    for name, share in result.shares.items():
        assert share == pytest.approx((PRICE - found[name]) / (PRICE - result.bankruptcy)) and 0 < share < 1


def test_the_sentence_of_the_ends():
    assert (
        plain(panels.ends().sentence)
        == "A long of $5,000 with $100 of margin, opened at $114,400: the margin is used up at −2 %; "
        "liquidation comes between −1.01 % (Kraken, $113,244.44) "
        "and −1.9 % (MEXC, $112,226.40). Not offered: none. Not known: Coinbase."
    )
    only = plain(panels.ends(leverage=500).sentence)
    assert (
        "the margin is used up at −0.2 %; liquidation comes at −0.1 % (MEXC, $114,285.60). Not offered: Binance, OKX,"
        in only
    )


def test_a_larger_position_ends_earlier():
    """$5,000,000 at 50x on Binance: tier 4, 1 % less 12,000: (112,112 + 12,000/q... ) by the straight line,
    q = 43.7063 BTC."""
    q = 5_000_000 / PRICE
    end = (PRICE * (1 - 1 / 50) - 12_000 / q) / (1 - 0.01)
    binance = next(t for t in panels.ends(margin=100_000).result.trades if t.name == "Binance")
    assert binance.end == pytest.approx(end) and plain(f"{100 * binance.distance:.2f}") == "-1.25"
    offered = {t.name: t.offered for t in panels.ends(margin=100_000).result.trades}
    assert offered["KuCoin"] is False and offered["Kraken"] is False and offered["Bybit"] is None


def test_the_drawn_ends():
    drawing = drawn(panels.ends())
    rooms, kept = boxes(drawing.rooms), boxes(drawing.kept)
    assert rooms[5] == pytest.approx((0, 0.8)) and kept[5] == pytest.approx((0.8, 1))  # KuCoin: 1.6 % of 2 %
    assert set(rooms) == set(range(7)) and boxes(drawing.blank) == {7: pytest.approx((0, 1))}
    marks = np.asarray(drawing.marks.get_xdata()).reshape(-1, 3)[:, 0]
    assert marks[5] == pytest.approx(0.8) and drawing.broke.get_text() == "bankruptcy $112,112"
    short = drawn(panels.ends(side="short", leverage=100))
    assert short.values[6].get_text() == "at most 50x" and short.broke.get_text() == "bankruptcy $115,544"


def test_the_table_of_the_chapter():
    shown = table("long", 100, 20, 1)
    assert list(shown.index) == list(EIGHT) and shown.loc["Coinbase", "remark"] == "not known"
    assert math.isnan(shown.loc["Coinbase", "fee in"]) and math.isnan(shown.loc["Coinbase", "liquidation"])
    # KuCoin: 0.06 % of 2,000 is 1.20, funding 0.60: 3 of 100; liquidation 5 % − 0.4 % below.
    assert list(shown.loc["KuCoin"])[:7] == pytest.approx([100, PRICE * 0.954, -4.6, 1.2, 1.2, 0.6, 3.0])
    # Bybit keeps 0.055 % of the value at the bankruptcy price beside the margin: 2,000 × 0.95 × 0.00055 = 1.045.
    assert shown.loc["Bybit", "posted"] == pytest.approx(101.045)
    assert (
        list(shown.sort_values("of margin").index)[0] == "MEXC"
        and list(shown.sort_values("of margin").index)[-1] == "Coinbase"
    )
    short = table("short", 100, 20, 1)
    assert short.loc["KuCoin", "funding"] == pytest.approx(-0.6) and short.loc["KuCoin", "of margin"] == pytest.approx(
        1.8
    )
    assert table("long", 100, 100, 1).loc["Kraken", "remark"] == "at most 50x"


def test_a_trade_too_large_for_any_tier():
    """$50,000,000 at 500x: KuCoin's tiers end there, MEXC's at 1,900 BTC; none of the eight is known to allow it."""
    panel = panels.one_trade(margin=100_000, leverage=500)
    assert (
        "none of the eight is known to allow it. Not offered: MEXC, Binance, OKX, Bybit, Bitget, KuCoin, Kraken, "
        "Coinbase." in panel.sentence
    )
    assert trade("KuCoin", "long", 1_000_000, 60).why == "too large"


# --- what is known


def test_the_facts_of_two_rows_and_a_column():
    grid = panels.known().result.grid
    assert [grid[name, "liquidation_fee_rate"] for name in EIGHT] == ["not known", "fresh", *["not known"] * 6]
    # Fees: MEXC 2025-09-02, Binance 2026-10-12, OKX 2026-08-08, Bybit 2026-10-16, Bitget 2025-01-16, KuCoin 2026-03-26,
    # Kraken 2026-10-12, Coinbase none.
    assert [grid[name, "taker_fee"] for name in EIGHT] == [
        "older",
        "fresh",
        "fresh",
        "fresh",
        "older",
        "fresh",
        "fresh",
        "not known",
    ]
    coinbase = {field: kind for (name, field), kind in grid.items() if name == "Coinbase"}
    assert {field: kind for field, kind in coinbase.items() if kind != "not known"} == {
        "max_leverage": "fresh",
        "funding_interval_hours": "fresh",
        "maintenance_basis": "undated",  # both of the International Exchange that closed
        "partial_liquidation": "undated",
    }


def test_an_older_fact_counts_when_it_may_be_older():
    """Binance's liquidation page of 29 May 2024 is 2.5 years old in November 2026; the oldest fact here is of 2019;
    the unknown and the undated do not age."""
    kinds = [panels.known(age=age).result.grid["Binance", "trigger_price"] for age in (1, 2, 3)]
    assert kinds == ["older", "older", "fresh"]
    first, last = panels.known(age=1).result.counts, panels.known(age=8).result.counts
    assert last["older"] == 0 and last["fresh"] == first["fresh"] + first["older"] and sum(last.values()) == 72
    assert [first[kind] for kind in ("undated", "not known")] == [last[kind] for kind in ("undated", "not known")]


def test_what_was_known_on_an_earlier_day():
    """May 2022: Binance's maximum has a row of 2022-04-16, MEXC none before 2025-05."""
    grid = panels.known(month=40).result.grid
    assert grid["Binance", "max_leverage"] == "fresh" and grid["MEXC", "max_leverage"] == "not known"
    assert panels.known(month=40).sentence.startswith("May 2022, 72 facts about eight exchanges:")


def test_each_fact_is_one_mark():
    drawing = drawn(panels.known())
    counts = {kind: len(cells.get_xdata()) for kind, cells in drawing.cells.items()}
    assert counts == {"fresh": 30, "older": 23, "undated": 8, "not known": 11}
    row = list(FACTS).index("liquidation_fee_rate")
    assert sorted(x for x, y in zip(*drawing.cells["not known"].get_data()) if y == row) == [0, 2, 3, 4, 5, 6, 7]


def test_most_facts_are_dated_and_young_and_none_lost_its_date():
    """Of 72: 50 at most two years old (42 before); what no page says stays not known, and a date of reading is none."""
    counts = panels.known(age=2).result.counts
    assert counts["fresh"] >= 50 and counts["not known"] <= 11 and sum(counts.values()) == 72


def test_a_size_that_the_linear_contract_of_kraken_offers():
    """$600,000 at 50x: class A goes to $1,000,000. $5,000,000: its third level, 20x; Bybit's tiers end before."""
    assert panels.one_trade(margin=12_000, leverage=50).sentence.endswith("Not offered: none. Not known: Coinbase.")
    assert (may("Kraken", 1_000_000, 50), may("Kraken", 1_000_001, 50), may("Kraken", 70e6, 2)) == (True, False, True)
    panel = panels.one_trade(margin=100_000, leverage=50)
    drawing, row = drawn(panel), [t.name for t in panel.result.trades].index("Bybit")
    assert all(row not in boxes(bar) for bar in drawing.bars) and boxes(drawing.blank)[row] == (0, pytest.approx(0.07))
    assert (
        plain(drawing.values[row].get_text()) == "$7,000 if offered"
        and "Bybit (whether for that size)" in panel.sentence
    )


# --- predictions, exercises, bugs


def test_predictions_agree_with_the_panels():
    predictions = exercise_book.predictions
    assert predictions["5-list"].answer == "two" and len(panels.maxima(month=94).result.same) == 2
    # Tier 5 of Binance's ladder ends at 70 million and allows 25x; tier 4 at 12 million.
    assert predictions["5-hundred"].answer == 25 and may("Binance", 30e6, 25) and not may("Binance", 30e6, 25.1)
    assert may("Binance", 300_000, 150) and not may("Binance", 300_001, 150)
    # Kraken, 1 % on the mark: (1 − 5 %) / (1 − 1 %) − 1 = −4.04 %; MEXC, 0.1 % on the entry: −5 % + 0.1 % = −4.9 %.
    distance = {t.name: t.distance for t in panels.ends(leverage=20).result.trades}
    assert predictions["5-nearer"].answer.startswith("Kraken") and distance["Kraken"] > distance["MEXC"]
    assert distance["Kraken"] == pytest.approx(0.95 / 0.99 - 1) and distance["MEXC"] == pytest.approx(-0.049)
    assert predictions["5-cost"].answer == pytest.approx(6)  # 0.06 % of 5,000, twice
    assert panels.one_trade(days=0).result.high.gone * 100 == pytest.approx(6)
    # 0.01 % + 1 % × 250,000 / 4,000,000 = 0.0725 % of 250,000 is 181.25; twice the order: 0.135 % of 500,000 is 675.
    assert (
        predictions["5-depth"].answer == "more than the fee" and panels.depth().result.slip * 250_000 > 0.0005 * 250_000
    )
    assert panels.depth().result.slip * 250_000 == pytest.approx(181.25) and "$160,000" in predictions["5-depth"].why
    assert panels.depth(size=500_000).result.slip * 500_000 == pytest.approx(675)
    assert predictions["5-known"].answer == "about 50 of 72" and panels.known(age=2).result.counts["fresh"] == 50


def test_the_numbers_in_the_questions_are_those_of_the_tables():
    sizes = {row["ladder_id"]: row["contract_size"] for row in rows("ladders")}
    assert (
        sizes["mexc-btc_usdt-undated-tiers"] == "0.0001"
        and sizes["okx-btc-usdt-swap-2025-12-29"] == "0.01"
        and sizes["kraken-pi_xbtusd-undated"] == "1"
    )
    okx = [row for row in rows("tiers") if row["ladder_id"] == "okx-btc-usdt-swap-2025-12-29"][:4]
    from leverage_lab.chapters.exchanges.exercises import WHOLE

    assert [(float(r["floor"]), float(r["rate"])) for r in okx] == list(zip(WHOLE.floors, WHOLE.rates)) and float(
        okx[-1]["cap"]
    ) == WHOLE.cap
    asked = exercise_book.task("5-highest").ask
    for tier in [row for row in rows("tiers") if row["ladder_id"] == "binance-btcusdt-2026-09-29"][:6]:
        assert f"{tier['max_leverage']}x up to ${float(tier['cap']):,.0f}" in asked


@pytest.mark.parametrize(
    "contracts, leverage, held",
    [
        (20, 50, "a position of $22,880 with $457.60 of margin"),  # 20 × 0.01 = 0.2 BTC at 114,400; 22,880 / 50
        (5, 25, "a position of $5,720 with $228.80 of margin"),  # 0.05 BTC; 5,720 / 25
    ],
)
def test_what_an_order_form_orders(contracts, leverage, held):
    task = exercise_book.exercises["5-form"].make(contracts=contracts, leverage=leverage)
    assert task.answer == held and task.apart() and len(task.options) == 5


def test_of_what_a_maximum_leaves_out_each_part_is_missing_once():
    """Size, tiers and region: the question names two of them, and the third is the answer."""
    exercise = exercise_book.exercises["5-missing"]
    words = {
        "size": "the size of your position",
        "tiers": "tiers of this contract",
        "region": "the rules where you live",
    }
    for missing in exercise.numbers["missing"]:
        task = exercise.make(**exercise.start() | {"missing": missing})
        assert {part for part, said in words.items() if said in task.ask} == set(words) - {missing}
        assert words[missing] in task.answer


def test_repairs_by_hand():
    """2,000,000 × 0.025 − 16,300 = 33,700, and no jump at either edge; 10,000 dollars at 5,000 are 2 BTC, × 0.35 %."""
    right = exercise_book.exercises["5-bug-copy"].right
    assert (
        right(2_000_000) == pytest.approx(33_700)
        and right(500_000) == pytest.approx(3_700)
        and right(15_000_000) == pytest.approx(483_700)
    )
    assert right(1_000_000) == pytest.approx(right(1_000_000.01), rel=1e-6) and right(10_000_000) == pytest.approx(
        right(10_000_000.01), rel=1e-6
    )
    assert exercise_book.exercises["5-bug-contracts"].right(10_000, 5000, 0.0035) == pytest.approx(0.007)


def test_the_bugs_are_those_that_were_printed():
    printed = next(row for row in rows("published_examples") if row["id"] == "GE0189")
    wrong = exercise_book.exercises["5-bug-contracts"].wrong[0].gives
    assert (
        wrong(10_000, 5000, 0.0035) == pytest.approx(float(printed["published"])) and printed["right_value"] == "0.007"
    )
    note = {
        row["tier"]: row for row in rows("tiers_published") if row["ladder_id"] == "binance-btcusdt-2021-copy-with-typo"
    }
    copied = exercise_book.exercises["5-bug-copy"].wrong[0].gives
    for tier, value in (("3", 500_000), ("4", 2_000_000), ("5", 15_000_000)):
        assert copied(value) == pytest.approx(value * float(note[tier]["rate"]) - float(note[tier]["deduction"]))
