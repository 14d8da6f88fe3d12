"""What chapter 7 says of its panels, its exercises worked by hand, and its pictures against hand calculation."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from pictures import drawn, plain

from leverage_lab import data
from leverage_lab.candles import bundled
from leverage_lab.chapters.strategies.evidence import STUDIES, counted
from leverage_lab.chapters.strategies.shared import gained, stopped
from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book

STATES = (
    ("sized", {"leverage": 20}),
    ("sized", {"leverage": 40}),
    ("sized", {"leverage": 50}),
    ("sized", {"stop": 0.01}),
    ("before_stop", {"stop": 0.0005}),
    ("before_stop", {"stop": 0.0005, "jump": 0.001}),
    ("before_stop", {"leverage": 100, "stop": 0.0005, "jump": 0.001}),
    ("orders", {"offset": 0.01}),
    ("orders", {"distance": 0.02}),
    ("orders", {"day": "ATOM, 10 Oct 2025", "distance": 0.1}),
    ("orders", {"day": "ATOM, 10 Oct 2025", "distance": 0.1, "by": "mark"}),
    ("stopped_minutes", {"side": "short"}),
    ("stopped_minutes", {"stop": 0.005}),
    ("hedged_coins", {"peak": 0, "move": -0.3}),
    ("hedged_coins", {"peak": 0.2, "leverage": 2}),
    ("hedged_coins", {"peak": 0.2, "move": -0.5}),
    ("coins_as_margin", {"move": -0.5}),
    ("coins_as_margin", {"move": 3}),
    ("coins_as_margin", {"short": 1.5}),
    ("coins_as_margin", {"funding": -0.3}),
    ("hedged_evening", {"opened": 51, "held": 13}),
    ("hedged_evening", {"coin": "BTC", "held": 50}),
    ("hedged_evening", {"coin": "BTC", "held": 47}),
    ("win_rate", {"target": 1, "stop": 0.01}),
    ("win_rate", {"target": 1, "fee": 0.0005}),
)

# From the start numbers of each exercise.
BY_HAND = {
    "7-size": 400,  # 2,000 × 0.5 % = 10; / 2.5 %
    "7-size-fees": 20 / 0.010995,  # 0.01 + 0.0005 + 0.0005 × 0.99
    "7-stop-cost": 60,  # 4,000 × 1.5 %, at any leverage
    "7-highest": 50,  # 1 / (0.015 + 0.005)
    "7-jump": 120,  # 3,000 × 4 %; the liquidation is 9.6 % away
    "7-order-closed": 2,  # A, and D: 101 × 0.97 = 97.97; B needs more than 97.80, C a mark of 98
    "7-order-where": 190,  # 50 × (100 − 96.20)
    "7-coin-margin": 14_000,  # 2,000 hedged; 6,000 that double
    "7-evening": 2200,  # 10,000 × (30 % − 8 %)
    "7-one-trade": 206,  # 200 × 50 = 10,000; 2 % − 0.5 % = 1.5 %, so at 3 % the 200 are lost; and 10,000 × 0.06 % = 6
    "7-win-rate": 0.0024 / 0.005,  # (0.2 + 0.04) / (0.2 + 0.3)
}

# The same wrong answers, worked by hand: which bug would give them is said in the exercise.
WRONG_BY_HAND = {
    "7-size": (10, 0.25, 50, 80_000, 1000),
    "7-highest": (1 / 0.015, 100, 200, 3),
    "7-coin-margin": (16_000, 8000, 12_000, 10_000, 2000),
    "7-evening": (0, 3000, -800, 3800, -2200),
    "7-one-trade": (306, 200, 194, 12),  # the fall in full; without the fee, minus it; the margin alone falls
    "7-win-rate": (0.4, 0.6, 0.44, 0.08, 0.32, 0.52),
}


@pytest.mark.parametrize("id", WRONG_BY_HAND)
def test_wrong_ways_by_hand(id):
    assert [wrong.gives for wrong in exercise_book.task(id).wrong] == pytest.approx(WRONG_BY_HAND[id])


def test_one_trade_that_stays_open():
    """1.2 % is nearer than 1.5 %: 10,000 × 1.2 % = 120 on paper, and 6 for the fee; not 200 + 6."""
    task = exercise_book.exercises["7-one-trade"].make(margin=200, leverage=50, fee=0.0006, fall=0.012)
    assert task.answer == pytest.approx(126) and task.wrong[0].gives == pytest.approx(206)
    assert plain(task.wrong[0].why) == "It is still open: it would be closed by a fall of 1.5 %."


def at(dot):
    return [float(values[0]) for values in dot.point.get_data()]


def rows(name):
    with open(Path(__file__).parents[2] / "data" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Repairs


def test_repairs_by_hand():
    five, hedge = (exercise_book.exercises[id].right for id in ("7-bug-only-five", "7-bug-hedge"))
    # 1/500 − 0.1 % = 0.1 %, the stop itself: all. 0.05 % is nearer: 5,000 × 0.05 % = 2.50. 20x: 4.6 % away,
    # stop at 4.8 %.
    assert five(10, 500, 0.001, 0.001) == 10 and five(10, 500, 0.0005, 0.001) == pytest.approx(2.5)
    assert five(100, 20, 0.048, 0.004) == 100 and five(100, 20, 0.01, 0.004) == pytest.approx(20)
    # 10x at 0.4 %: gone at 1.1 / 1.004 − 1 = 9.56 %. Back at the start: −1,000; at −30 %: −3,000 − 1,000.
    assert hedge(10_000, 10, 0.004, 0.2, 0.0) == pytest.approx(-1000) and hedge(
        10_000, 10, 0.004, 0.2, -0.3
    ) == pytest.approx(-4000)
    assert hedge(10_000, 10, 0.004, 0.05, -0.3) == pytest.approx(0)
    # 10x at 2 %: gone at 1.1 / 1.02 − 1 = 7.84 %, before 1/10 − 2 % = 8 %.
    assert hedge(10_000, 10, 0.02, 0.079, -0.2) == pytest.approx(-3000) and hedge(
        10_000, 10, 0.02, 0.078, -0.2
    ) == pytest.approx(0)


# Size from risk


def test_sized_by_hand():
    """1 % of 1,000 over 0.02 + 0.0005 + 0.0005 × 0.98 = 0.02099 is 476.417; at 20x a twentieth of it, 4.6 % of room."""
    r = panels.sized(leverage=20).result
    assert (r.risk, r.notional, r.locked) == (pytest.approx(10), pytest.approx(476.41734), pytest.approx(23.820867))
    assert (
        r.fees == pytest.approx(476.41734 * 0.00099) and r.liquidation == pytest.approx(0.046) and r.stopped and r.fits
    )
    assert (
        plain(r.sentence)
        == "1 % of $1,000 is $10. With the stop 2 % away, that allows a position of $476.42: $9.53 for the price move "
        "and $0.472 for both fees. "
        "At 20x it needs $23.82 of margin, 2.38 % of the account; liquidation is 4.6 % away, behind the stop."
    )


def test_sized_over_leverage():
    """Position and risk never change; 1/L − 0.4 % is 2 % at 1/0.024 = 41.67x."""
    results = [panels.sized(leverage=L).result for L in (1, 2, 5, 41, 42, 100)]
    assert {round(r.notional, 6) for r in results} == {476.417342} and {r.risk for r in results} == {10}
    assert [r.stopped for r in results] == [True, True, True, True, False, False]
    assert "more than there is" in panels.sized(leverage=1, stop=0.005).sentence  # 1,667 of 1,000
    # The prediction: whole leverages, the first whose 1/L − 0.4 % is below 2 %.
    assert exercise_book.predictions["7-too-late"].answer == "about 42x"


def test_sized_is_drawn():
    picture = drawn(panels.sized(leverage=20, risk=0.05))
    assert picture.lost.get_width() == pytest.approx(0.05) and picture.locked.get_width() == pytest.approx(
        5 * 0.023820867
    )
    assert picture.stop.get_xdata()[0] == 0.02 and picture.end.get_xdata()[0] == pytest.approx(0.046)
    assert picture.stop_name.get_position()[0] < picture.end_name.get_position()[0]


# Stop against liquidation


def test_the_articles_scalp_by_hand():
    """$5,000 of position, 0.02 % a fee: $1 to open. The stop at the liquidation's own price: $10 and $1. At 0.05 %:
    2.50 + 1 + 0.9995."""
    assert panels.before_stop().result.lost == pytest.approx(11) and panels.before_stop().result.first == "liquidation"
    near = panels.before_stop(stop=0.0005).result
    assert (
        near.first == "stop"
        and near.planned == pytest.approx(2.5)
        and near.lost == pytest.approx(2.5 + 1 + 4997.5 * 0.0002)
    )
    assert panels.before_stop(stop=0.0005, jump=0.001).result.lost == pytest.approx(11)


@pytest.mark.parametrize("side, sign", [("long", 1), ("short", -1)])
def test_a_jump_fills_the_stop_at_the_first_price_after_it(side, sign):
    """100x, stop 0.1 %: the price stands at 0.05 % when it jumps 0.4 %: filled 0.45 % away,
    1,000 × 0.45 % and two fees of 0.02 %."""
    r = panels.before_stop(side=side, leverage=100, stop=0.001, jump=0.004).result
    assert (
        r.first == "stop"
        and r.out == pytest.approx(0.0045)
        and r.prices["stop"] == pytest.approx(114_400 * (1 - sign * 0.001))
    )
    assert r.lost == pytest.approx(4.5 + 0.2 + 1000 * (1 - sign * 0.0045) * 0.0002)


def test_a_jump_that_is_too_short_changes_nothing():
    slid = panels.before_stop(leverage=100, stop=0.004).result
    short = panels.before_stop(leverage=100, stop=0.004, jump=0.001).result  # from 0.2 % to 0.3 %
    assert short.lost == pytest.approx(slid.lost) and "too short" in short.sentence


def test_before_stop_is_drawn():
    """The lines stand in the order of their distances; for a short upside down. Bars:
    60 % of the width is the $10 margin."""
    for side in ("long", "short"):
        picture = drawn(panels.before_stop(side=side, leverage=100, stop=0.004, jump=0.0055))
        heights = [picture.lines[name].get_ydata()[0] for name in ("entry", "stop", "liquidation", "bankruptcy")]
        assert heights == sorted(heights, reverse=side == "long")
        # 0.2 % + 0.55 % = 0.75 %: between the stop and the liquidation at 0.9 %.
        low, high = sorted(heights[1:3])
        assert low < picture.out.get_ydata()[0] < high
        leads = picture.leads.get_ydata()  # from each line to its name, then a gap
        assert list(leads[0::3]) == [picture.lines[name].get_ydata()[0] for name in picture.lines]
        assert list(leads[1::3]) == pytest.approx([name.get_position()[1] for name in picture.names.values()])
        assert picture.planned.get_width() == pytest.approx(0.6 * 0.4) and picture.figures.texts[0].get_text() == "stop"
    assert drawn(panels.before_stop()).lost.get_width() == pytest.approx(0.66)  # $11


# Orders


def test_what_the_text_says_of_orders():
    """Stop-market and stop-limit end in one minute, or the second one later and better, or never."""
    ended = panels.orders(offset=0.01).result.ended
    assert ended["stop-limit"].filled == ended["stop-market"].filled
    ended = panels.orders(distance=0.02).result.ended
    assert ended["stop-limit"].filled == ended["stop-market"].filled + 1
    by = {by: panels.orders(day="ATOM, 10 Oct 2025", distance=0.1, by=by).result.ended for by in ("last", "mark")}
    assert by["last"]["stop-market"].filled is not None and by["mark"]["stop-market"].sent is None
    # Coinbase's lowest spot price of these minutes is less than 10 % below the perpetual's first price.
    table = rows("atom_1min_2025-10-10.csv")
    assert min(float(row["spot_low"]) for row in table if row["spot_low"]) > 0.9 * float(table[0]["perp_open"])


# Real minutes


def brute(side, stop, minutes):
    table = [{key: float(value) for key, value in row.items()} for row in rows("btc_1min_2025-02-03.csv")]
    count = starts = 0
    for i in range(len(table) - minutes + 1):
        starts += 1
        window = table[i : i + minutes]
        if side == "long":
            count += any(row["low"] <= table[i]["open"] * (1 - stop) for row in window)
        else:
            count += any(row["high"] >= table[i]["open"] * (1 + stop) for row in window)
    return count, starts


@pytest.mark.parametrize(
    "side, stop, minutes",
    [("long", 0.001, 1), ("short", 0.001, 1), ("long", 0.001, 10), ("long", 0.005, 10), ("short", 0.002, 30)],
)
def test_stopped_minutes_by_a_plain_loop(side, stop, minutes):
    panel = panels.stopped_minutes(side=side, stop=stop, minutes=minutes)
    assert (panel.result.count, panel.result.starts) == brute(side, stop, minutes)
    picture = drawn(panel)
    assert (
        len(picture.hit.get_xdata()) == panel.result.count
        and len(picture.kept.get_xdata()) == panel.result.starts - panel.result.count
    )


def test_opens_outside_the_range_of_the_minute_before_by_a_plain_loop():
    """Of 27 steps of 0.1 % and more between a close and the next open, 19 open where the price had just been."""
    table = [{key: float(value) for key, value in row.items()} for row in rows("btc_1min_2025-02-03.csv")]
    steps = [(last, now) for last, now in zip(table, table[1:]) if abs(now["open"] / last["close"] - 1) >= 0.001]
    outside = [now for last, now in steps if not last["low"] <= now["open"] <= last["high"]]
    assert (len(steps), len(outside)) == (27, 8)


def test_the_sentence_says_whether_the_spread_is_wider_than_the_stop():
    assert "the spread in these minutes is 0.136 %, more than the stop's distance" in plain(
        panels.stopped_minutes().sentence
    )
    assert "0.136 %, less than the stop's distance" in plain(panels.stopped_minutes(stop=0.005).sentence)


def test_a_tie_of_stop_and_liquidation_is_called_one():
    tie = panels.before_stop()
    assert tie.result.tie and "nobody knows which comes first, and we count the tie against you" in tie.sentence
    assert drawn(tie).figures.texts[0].get_text() == "a tie"
    assert not panels.before_stop(leverage=450).result.tie and "nobody" not in panels.before_stop(stop=0.0005).sentence


def test_the_leverage_a_stop_can_bear():
    assert "at any leverage below 166.67x" in panels.stopped_minutes(stop=0.005).sentence  # 1 / 0.006


# The hedge


def test_hedged_by_hand():
    """100 coins at 100. At −30 %: ±3,000; fees 5 + 3.50; funding 90 times 0.01 % of 7,000."""
    r = panels.hedged_coins(move=-0.3).result
    assert (r.spot, r.short, r.total) == (
        pytest.approx(-3000),
        pytest.approx(3000 - 8.5 + 63),
        pytest.approx(54.5),
    ) and not r.gone
    trip = panels.hedged_coins(peak=0.2).result
    assert trip.gone and trip.liquidation == pytest.approx(1.1 / 1.004 - 1) and trip.total == pytest.approx(-1005)
    assert panels.hedged_coins(peak=0.2, move=-0.5).result.total == pytest.approx(-6005)
    assert not panels.hedged_coins(leverage=2, peak=0.2).result.gone  # 1.5 / 1.004 − 1 = 49.4 %


def test_hedged_is_drawn():
    """Flat but for funding and fees up to the liquidation, then the coins less the margin;
    after a peak beyond it everywhere."""
    picture = drawn(panels.hedged_coins(days=0))
    x, both = picture.both.get_data()
    assert np.abs(both[x < 0.09]).max() < 11 and both[-1] == pytest.approx(10_000 - 1000 - 5)
    assert at(picture.dot) == pytest.approx([0, -10])
    after = drawn(panels.hedged_coins(peak=0.2, days=0))
    assert after.both.get_ydata() == pytest.approx(10_000 * x - 1005) and set(np.round(after.short.get_ydata())) == {
        -1005
    }


# Coins as margin


def test_coins_as_margin_by_hand():
    """100 coins at $100, a short of $10,000: at $200 it loses 10,000 × (1/100 − 1/200) = 50 coins; 50 stay, $10,000."""
    for move in (-0.9, -0.5, 1, 3):
        r = panels.coins_as_margin(move=move).result
        assert r.worth == pytest.approx(10_000) and r.alone == pytest.approx(10_000 * (1 + move)) and not r.gone
        assert math.isnan(r.liquidation)
    assert panels.coins_as_margin(short=0, move=1).result.worth == pytest.approx(20_000)
    # Half hedged, at $300: 100 coins less 5,000 × (1/100 − 1/300) = 33.33, so 66.67 × 300.
    assert panels.coins_as_margin(short=0.5, move=2).result.worth == pytest.approx(20_000)
    # Twice: 100 − 20,000 (1/100 − 1/p) = 0.004 × 20,000 / p at p = 19,920 / 100 = 199.20; beyond it the coins are gone.
    twice = panels.coins_as_margin(short=2, move=0.9).result
    assert twice.liquidation == pytest.approx(199.2) and twice.worth == pytest.approx(
        1000
    )  # 100 − 94.737 coins at $190
    assert panels.coins_as_margin(short=2, move=1).result.worth == 0


def test_funding_gives_even_a_full_hedge_a_liquidation_price():
    """30 % of the short paid, 30 coins: 70 − 10,000 (1/100 − 1/p) = 40 / p at 9,960 / 30 = 332, a rise of 232 %."""
    r = panels.coins_as_margin(funding=-0.3, move=0.5).result
    assert r.liquidation == pytest.approx(332) and r.received == pytest.approx(-3000)
    assert r.worth == pytest.approx(150 * (70 - 10_000 * (1 / 100 - 1 / 150)))
    assert math.isnan(panels.coins_as_margin(funding=0.3).result.liquidation)


def test_coins_as_margin_is_drawn():
    picture = drawn(panels.coins_as_margin(short=2, move=0.5))
    x, both = picture.both.get_data()
    assert both[x < 0.98] == pytest.approx(20_000 - 10_000 * (1 + x[x < 0.98])) and set(both[x > 1]) == {0}
    assert picture.end.get_xdata()[0] == pytest.approx(0.992) and picture.figures.texts[2].get_text() == "+99.2\u00a0%"
    flat = drawn(panels.coins_as_margin())
    assert len(flat.end.get_xdata()) == 0 and flat.figures.texts[2].get_text() == "none" and at(flat.dot) == [0, 10_000]


# The evening of 10 October 2025


def evening(name, column, opened, minute):
    table = rows(f"{name}_1min_2025-10-10.csv")
    spot, future = ([float(table[n][key]) for n in (opened, minute)] for key in ("spot_close", f"{column}_close"))
    coins = 10_000 / spot[0]
    return coins * (spot[1] - spot[0]), coins * (future[0] - future[1])


@pytest.mark.parametrize(
    "coin, name, column, opened, minute",
    [("ATOM", "atom", "perp", 0, 51), ("ATOM", "atom", "perp", 51, 64), ("BTC", "btc_mark", "mark", 0, 50)],
)
def test_the_hedge_of_that_evening_from_the_rows(coin, name, column, opened, minute):
    panel = panels.hedged_evening(coin=coin, opened=opened, held=minute - opened)
    r = panel.result
    assert (r.coins, r.short) == pytest.approx(evening(name, column, opened, minute))
    picture = drawn(panel)
    x, both = picture.both.get_data()
    assert x[0] == opened and both[minute - opened] == pytest.approx(r.coins + r.short)
    assert picture.dot.get_data()[1][0] == pytest.approx(r.total)


def test_an_empty_minute_of_that_evening_is_a_gap():
    """Minute 47, 21:17: the row has no spot price. 19 of the 120 have none."""
    table = rows("btc_mark_1min_2025-10-10.csv")
    empty = [n for n, row in enumerate(table) if not row["spot_close"]]
    assert len(empty) == 19 and 47 in empty
    for panel in (
        panels.hedged_evening(coin="BTC", held=47),
        panels.hedged_evening(coin="BTC", opened=47, held=13),
    ):
        assert math.isnan(panel.result.total) and "At 21:17 spot had no trade" in panel.sentence
        assert "In 19 of 120 minutes spot had no trade; there is a gap." in panel.sentence
    x, both = drawn(panels.hedged_evening(coin="BTC")).both.get_data()
    assert [int(n) for n in x[np.isnan(both)]] == empty


def test_that_evening_is_looked_at_after_it_was_opened_and_before_the_rows_end():
    opened, held = (panels.hedged_evening().controls[name].stops for name in ("opened", "held"))
    assert held[0] > 0 and opened[-1] + held[-1] == len(rows("atom_1min_2025-10-10.csv")) - 1
    last = panels.hedged_evening(opened=opened[-1], held=held[-1])
    assert last.result.minute == 119 and "opened at 21:29" in last.sentence and "At 22:29 spot" in last.sentence
    # Opened at 21:21 at 1.076; highest until 21:34: 3.394, in that minute's row.
    assert panels.hedged_evening(opened=51, held=13).result.worst == pytest.approx(3.394 / 1.076 - 1)


# The functions that panels print


@pytest.mark.parametrize(
    "ask, sentence",
    [
        (lambda: gained("ETH", 0), "coin must be 'ATOM' or 'BTC', got 'ETH'"),
        (lambda: gained("ATOM", 120), "opened must be from 0 to 119, got 120"),
        (lambda: stopped("long", 0.01, 182, bundled()), "bars held must be from 1 to 181, got 182"),
        (lambda: stopped("long", 0.01, 5, [1, 2]), "candles must be Candles, as bundled(…) gives them, got list"),
        (lambda: counted("losers"), "topic must be 'accounts that lose money, CFD'"),
    ],
)
def test_they_refuse_with_one_sentence(ask, sentence):
    with pytest.raises(ValueError) as refused:
        ask()
    assert str(refused.value).startswith(sentence)


# Win rates


def test_win_rate_by_hand():
    r = panels.win_rate(target=1).result
    assert (r.fair, r.need) == (pytest.approx(0.5), pytest.approx(0.7))  # (0.1 + 0.04) / 0.2
    assert panels.win_rate(target=3, stop=0.002).result.need == pytest.approx(0.0024 / 0.008)
    none = panels.win_rate(target=1, fee=0.001)
    assert none.result.need != none.result.need and "No share of wins is enough" in none.sentence
    picture = drawn(panels.win_rate(target=1))
    assert at(picture.dot) == pytest.approx([0.001, 0.7])


# Evidence


def test_evidence_is_the_tables():
    table = {row["topic"]: row for row in rows("risk_evidence.csv")}
    for study, (topic, _) in STUDIES.items():
        row = table[topic]
        assert row["unit"].startswith("%")
        sentence = plain(panels.evidence(study=study).sentence)
        assert row["low"] in sentence and row["high"] in sentence and row["publisher"] in sentence
        if row["period"]:
            assert row["period"] in sentence
    assert (
        "Of 50 that is more than 40; fewer than 10 did not."
        in panels.evidence(study="CFDs, UK 2016", people=50).sentence
    )
    r = panels.evidence(people=50).result
    assert (r.few, r.more) == (37, 44)  # 74 % and 89 % of 50: 37 and 44.5, to the even one
    picture = drawn(panels.evidence())
    assert [len(marks.get_xdata()) for marks in picture.marks] == [74, 15, 11]


# Predictions


def test_predictions_against_the_panels():
    answers = {id: p.answer for id, p in exercise_book.predictions.items() if id.startswith("7-")}
    assert (
        panels.hedged_evening().result.total == pytest.approx(6300, abs=5)
        and answers["7-evening"] == "gained about $6,300"
    )
    assert panels.before_stop().result.lost > 10 and answers["7-first"] == "all of the margin"
    assert panels.stopped_minutes().result.count == 118 and answers["7-minutes"] == "more than a hundred"
    assert (
        panels.hedged_coins(peak=0.2).result.total == pytest.approx(-1005) and answers["7-hedge"] == "lost about $1,000"
    )
    assert answers["7-win-rate"] == pytest.approx(0.7)
    assert (
        panels.evidence().result.few == 74
        and panels.evidence().result.more == 89
        and answers["7-evidence"] == "74 to 89"
    )


def test_claims_met_in_this_chapter_are_in_the_table():
    table = data.load("article_claims").set_index("id")
    assert float(table.article_value["L04"]) == 5
