"""Chapter 4: every exercise by hand, every panel state its prose quotes, and the pictures against hand calculation."""

import csv
import math
from datetime import date, timedelta

import numpy as np
import pictures
import pytest

from leverage_lab import data, fees
from leverage_lab.chapters.fees.funding_years import daily, funding_years
from leverage_lab.chapters.fees.shared import DAILY, OWN, TIMES, USUAL, fee_rates
from leverage_lab.chapters.fees.way_to_pay import first_tier
from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.classroom.exercises import fees as exercises
from leverage_lab.words import percent

# Worked by hand from the start numbers of each exercise.
BY_HAND = {
    "4-open": 2.40,  # 120 × 40 = 4,800; × 0.0005
    "4-both": 0.02,  # 20 × 2 × 0.05 %
    "4-roles": 5.60,  # 8,000 × 0.0002 = 1.60, and 8,000 × 0.0005 = 4
    "4-net": 0.39975,  # 100 × 0.5 % = 50 %; less 5 %, less 100 × 1.005 × 0.05 % = 5.025 %
    "4-even": 60_000 * 1.0005 / 0.9995,  # value at the exit less its fee = value at the entry and its fee
    "4-spread": 5000 / 60_006 * 6,  # 50 × 100 buys that many coins at the offer; each loses 6
    "4-way": 0.001 / 0.015,  # up 2 × 0.05 %; down 2 % − 0.5 %
    "4-payment": 1.26,  # 0.2 × 63,000 = 12,600; × 0.0001
    "4-often": 2,  # from 7:00 to 17:00: 8:00 and 16:00
    "4-share": 0.042,  # 7 × 3 × 0.01 % = 0.21 %; × 20
    "4-gone": 8,  # 1 % − 0.5 % = 0.5 %; seven times 0.07 % is 0.49 %, eight times 0.56 %
    "4-rate": 0.0015,  # 0.01 % − 0.2 % = −0.19 %, of which −0.05 % counts: 0.2 % − 0.05 %
    "4-yearly": 0.219,  # 3 × 365 = 1,095 settlements of 0.02 %
    "4-hours": 0.45,  # 3 started hours: 9,000 × 0.0004 × 3 / 24
    "4-lent": 7.20,  # 8,000 − 2,000 = 6,000 lent; × 0.0003 × 4
}

# Panel states whose numbers the prose quotes.
STATES = (
    ("fee_waterfall", {"days": 0}),
    ("fee_waterfall", {"days": 0, "leverage": 10}),
    ("fee_waterfall", {"days": 0, "leverage": 500}),
    ("fee_waterfall", {"days": 0, "orders": "maker"}),
    ("fee_waterfall", {"days": 3}),
    ("fee_waterfall", {"days": 3, "side": "short"}),
    ("way_to_pay", {"leverage": 500}),
    ("way_to_pay", {"leverage": 50}),
    ("way_to_pay", {"leverage": 500, "fee": 0}),
    ("way_to_pay", {"leverage": 500, "fee": 0, "spread": 0.00001}),
    ("way_to_pay", {"leverage": 500, "fee": 0, "spread": 0.001}),
    ("settlements", {}),
    ("settlements", {"opened": 8.5, "held": 7}),
    ("settlements", {"opened": 8.5, "held": 7, "interval": "1 hour"}),
    ("settlements", {"opened": 8.5, "held": 7, "interval": "all the time"}),
    ("settlements", {"held": 24}),
    ("standing_still", {}),
    ("standing_still", {"leverage": 100}),
    ("standing_still", {"leverage": 10}),
    ("standing_still", {"rate": 0.00375}),
    ("standing_still", {"side": "short"}),
    ("standing_still", {"side": "short", "rate": -0.0003}),
    ("standing_still", {"rate": -0.0003}),
    ("funding_rule", {"premium": 0.003}),
    ("funding_rule", {"premium": -0.003}),
    ("funding_rule", {"premium": 0.005}),
    ("funding_years", {}),
    ("funding_years", {"start": 27}),
    ("funding_years", {"start": 63}),
    ("funding_years", {"leverage": 10}),
    ("funding_years", {"start": 5, "held": "30 days"}),
    ("holding_cost", {"side": "short"}),
    ("holding_cost", {}),
    ("holding_cost", {"leverage": 2}),
    ("holding_cost", {"side": "short", "rate": -0.0001}),
)


def said(name, **state):
    return panels.ALL[name](**state).sentence.replace("\u00a0", " ")


# Each by hand, independently of the models.
SENTENCES = [
    # 1,000 × 0.0005 = 0.50 twice, spread 0.10: 1.10 of 100.
    (
        "fee_waterfall",
        {"leverage": 10, "days": 0},
        (
            "Taker orders cost $0.50 to open and $0.50 to close, the spread $0.10. It is closed before the first"
            " funding. $98.90 of $100 is left, −1.1 %"
        ),
    ),
    # 50,000 × 0.0005 = 25 twice, spread 5.
    ("fee_waterfall", {"leverage": 500, "days": 0}, "$45 of $100 is left, −55 % of the margin"),
    # 5,000 × 0.0002 = 1 twice, no spread; nine settlements of 0.50 to the short.
    (
        "fee_waterfall",
        {"side": "short", "orders": "maker", "days": 3},
        (
            "cost $1 to open and $1 to close, and no spread is paid. 9 settlements of funding in 3 days bring $4.50. "
            "$102.50 comes back for $100, +2.5 %"
        ),
    ),
    # 25 + 5 + 21 × 5 + 25 = 160.
    ("fee_waterfall", {"leverage": 500, "days": 7}, "That is $160 in all, more than the margin of $100"),
    # Bought at 100, both fees paid at a bid of 100.10005; the offer then is 100.11006. Down: 2 % − 0.1 % = 1.9 %;
    # 0.11006 / 1.9 = 5.79 %, 0.01 / 1.9 = 0.526 %.
    (
        "way_to_pay",
        {},
        (
            "the price must rise 0.11 % to cover them, $5.50 on a long of $5,000. At 50x the liquidation price is 1.9 %"
            " below, so the costs are 5.8 % of that distance, the spread alone 0.53 %."
        ),
    ),
    # 0.2 % − 0.1 %: the spread of 0.1 % is all of it; without fees the costs are the spread, 0.1 / 0.999.
    (
        "way_to_pay",
        {"leverage": 500, "fee": 0, "spread": 0.001},
        "the liquidation price is 0.1 % below, so the costs are 100.1 % of that distance, the spread alone 100 %.",
    ),
    # 8:00 lies in it: 10,000 × 0.01 %. An eighth of that by the minute.
    (
        "settlements",
        {},
        (
            "opened at 7:30, closed at 8:30: 1 settlement falls within this hour, so it pays $1 (0.01 % for 8 hours, "
            "settled every 8 hours). Charged by the minute it would be $0.125."
        ),
    ),
    (
        "settlements",
        {"opened": 8.5, "held": 7},
        "closed at 15:30: no settlement falls within these 7 hours, so it pays $0 ",
    ),
    # 9:00 to 15:00, seven times 0.125.
    (
        "settlements",
        {"opened": 8.5, "held": 7, "interval": "1 hour"},
        "7 settlements fall within these 7 hours, so it pays $0.875",
    ),
    # Closing at a settlement pays it, opening at one does not.
    ("settlements", {"opened": 8, "held": 8}, "1 settlement falls within these 8 hours"),
    # 100 − 54 × 1.50 = 19, below 0.4 % of 5,000 = 20; 53 payments leave 20.50. Start:
    # (5,000 − 100) / (50 × 0.996) = 98.3936.
    (
        "standing_still",
        {},
        (
            "it pays $1.50 every 8 hours. At the start the liquidation price is 1.61 % away. After 54 settlements, $81"
            " in all, on day 18, it has reached the price, which has not moved: liquidated, with $19 of margin left and"
            " $20 required."
        ),
    ),
    # 10,000 × 0.03 % = 3; 100 − 20 × 3 = 40 = 0.4 % of 10,000: exactly there.
    ("standing_still", {"leverage": 100}, "After 20 settlements, $60 in all, on day 6.67,"),
    # 90 × 0.30 = 27.
    ("standing_still", {"leverage": 10}, "and $73 of the margin is left."),
    # 18.75 a time: 81.25 after one, 25 after four, 6.25 after five.
    ("standing_still", {"rate": 0.00375}, "After 5 settlements, $93.75 in all, on day 1.67,"),
    # 100 + 90 × 1.50.
    ("standing_still", {"side": "short"}, "After 30 days the margin is $235"),
    # Seven hours of 0.125 each, wherever they lie.
    (
        "settlements",
        {"opened": 8.5, "held": 7, "interval": "all the time"},
        "closed at 15:30: funding accrues, so it pays $0.875 for 7 hours (0.01 % for 8 hours).",
    ),
    # 0.3 − 0.05 = 0.25 %, of 10,000; × 3 × 365.
    (
        "funding_rule",
        {},
        (
            "The contract trades 0.3 % above the coin. That is more than 0.05 % from the interest of 0.01 %, so the"
            " rate is the premium moved 0.05 % towards the interest: +0.25 %. A long of $10,000 pays $25 for 8 hours; a"
            " year at this rate would be 273.75 % of the position."
        ),
    ),
    ("funding_rule", {"premium": 0.0002}, "so the rate is the interest. A long of $10,000 pays $1 for 8 hours"),
    # 0.5 − 0.05 = 0.45 %; the cap of 0.3 % × 10,000 = 30.
    (
        "funding_rule",
        {"premium": 0.005},
        "+0.45 %, and the cap of 0.3 % cuts it to +0.3 %. A long of $10,000 pays $30",
    ),
    ("funding_rule", {"premium": 0.005, "cap": "OKX, BTC"}, "and the cap of 0.375 % cuts it to +0.375 %."),
    (
        "funding_rule",
        {"premium": -0.005, "cap": "none"},
        (
            "0.5 % below the coin. That is more than 0.05 % from the interest of 0.01 %, so the rate is the premium"
            " moved 0.05 % towards the interest: −0.45 %. A long of $10,000 receives $45"
        ),
    ),
    # The sums are in facts about the table: 30.6 % in 2021, 29 days below 0; three times 30.608 % at 3x.
    (
        "funding_years",
        {},
        (
            "opened on 1 January 2021 and kept at that value for 365 days, paid $3,060.84 in funding: 30.61 % of the"
            " position. At 3x that is 91.83 % of a margin of $3,333.33. On 29 of the 365 days shorts paid."
        ),
    ),
    (
        "funding_years",
        {"side": "short", "start": 63},
        "opened on 1 January 2025 and kept at that value for 365 days, received $512.64",
    ),
    # Nine settlements of 10; 90 of 10,000.
    (
        "holding_cost",
        {"side": "short"},
        (
            "The article prints $9, its own formula gives $90; a spot loan of $90,000 costs $81. A future's leverage is"
            " not lent: the short receives $90 in funding, +0.9 % of the margin."
        ),
    ),
    # 50,000 lent: 45. The funding is the same 90, of 50,000.
    (
        "holding_cost",
        {"leverage": 2},
        (
            "a spot loan of $50,000 costs $45. A future's leverage is not lent: the long pays $90 in funding, −0.18 %"
            " of the margin."
        ),
    ),
]


@pytest.mark.parametrize(
    "name, state, words", SENTENCES, ids=lambda value: value if isinstance(value, str) and "_" in value[:12] else ""
)
def test_sentences_against_hand_calculation(name, state, words):
    assert words in said(name, **state)


def drawn(name, **state):
    return pictures.drawn(panels.ALL[name](**state))


def test_the_waterfall_comes_down_to_what_is_left():
    """100 − 2.50 − 0.50 − 4.50 − 2.50 = 90: each bar hangs where the last one ended."""
    picture = drawn("fee_waterfall", days=3)
    spans = [(bar.get_y(), bar.get_y() + bar.get_height()) for bar in picture.bars]
    assert np.array(spans) == pytest.approx(np.array([(97.5, 100), (97, 97.5), (92.5, 97), (90, 92.5)]))
    assert picture.left.get_height() == pytest.approx(90) and picture.gain.get_height() == 0
    short = drawn("fee_waterfall", days=3, side="short")  # funding comes in: up from 97 to 101.50
    assert short.bars[2].get_height() == 0 and (short.gain.get_y(), short.gain.get_height()) == pytest.approx((97, 4.5))
    assert short.left.get_height() == pytest.approx(99)


@pytest.mark.parametrize(
    "state, floor, top",
    [
        ({"days": 0}, 90, 100),  # 94.50 is left: 94 would leave the bars no height
        ({"days": 0, "leverage": 10}, 98, 100),  # 98.90
        ({"days": 0, "leverage": 500}, 0, 100),  # 45
        ({"days": 7, "side": "short"}, 90, 110),  # 97 + 10.50 = 107.50
        ({"days": 7, "side": "short", "leverage": 500}, 0, 200),  # 70 + 105 = 175
    ],
)
def test_an_axis_of_the_waterfall_that_begins_above_nothing_says_so(state, floor, top):
    picture = drawn("fee_waterfall", **state)
    ticks = picture.axes.get_yticks()
    assert (picture.axes.get_ylim()[0], ticks[0], ticks[-1]) == (floor, floor, top)
    assert picture.begins.get_text() == (f"bars cut: the axis begins at ${floor}" if floor else "")
    assert (len(picture.cut.get_xdata()) > 0) == (floor > 0)


def test_more_costs_than_margin_end_at_nothing():
    picture = drawn("fee_waterfall", leverage=500, days=7)
    assert picture.left.get_height() == 0 and min(bar.get_y() for bar in picture.bars) == 0
    assert picture.values[4].get_text() == "$0"


def test_the_two_dots_stand_on_their_lines():
    picture = drawn("way_to_pay", leverage=100)
    x, y = picture.dots.get_data()
    # 100.05 / 99.95 / 0.9999 − 1, and 1 % − 0.1 %.
    assert list(x) == [100, 100] and list(y) == pytest.approx([100.05 / 99.95 / 0.9999 - 1, 0.009])
    assert (
        list(picture.costs.get_ydata()) == pytest.approx([y[0]] * 2)
        and list(picture.spread.get_ydata()) == [0.0001] * 2
    )


def test_costs_and_way_are_equal_where_the_text_says():
    """By bisection: 476x."""
    low, high = 100.0, 500.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if panels.way_to_pay.model(middle, 0.0005, 0.0001).share < 1 else (low, middle)
    assert round(low) == 476


def test_settlements_by_counting():
    """Every half hour of opening, many durations: moments counted one by one."""
    for interval, every in (("8 hours", 8), ("4 hours", 4), ("1 hour", 1)):
        for opened in np.arange(0, 24, 0.5):
            for held in (0.5, 1, 7, 8, 13.5, 24):
                result = panels.settlements.model(float(opened), held, interval)
                count = sum(opened < k * every <= opened + held for k in range(100))
                assert result.count == count == len(result.met)
                assert result.paid == pytest.approx(count * 10_000 * 0.0001 * every / 8)


def test_the_liquidation_line_reaches_the_price_step_by_step():
    """Brute force: pay, and compare what is left with what must be left."""
    for side, s in (("long", 1), ("short", -1)):
        for leverage in (10, 37, 50, 125):
            for rate in (-0.0005, 0.0, 0.0001, 0.0003, 0.00375):
                margin, ended = 100.0, None
                for k in range(1, 91):
                    margin -= s * rate * 100 * leverage
                    if margin <= 0.004 * 100 * leverage + 1e-7:
                        ended = k
                        break
                result = panels.standing_still.model(side, leverage, rate)
                assert result.end == (None if ended is None else pytest.approx(ended / 3)), (side, leverage, rate)
                assert result.left == pytest.approx(margin)
                if ended:  # one settlement before, liquidation was still on the far side of the price
                    assert s * result.moves[-2] < 0 <= s * result.moves[-1] + 1e-9


def test_the_picture_of_the_standing_price():
    picture = drawn("standing_still")
    days, moves = picture.line.get_data()
    assert len(days) == 55 and days[-1] == pytest.approx(18) and moves[0] == pytest.approx(-1)
    assert [text.get_text().replace("\u00a0", " ") for text in picture.heights] == [
        "0 %",
        "−0.8 %",
        "−1.61 %",
    ]  # 100 − 98.39, and half of it
    assert moves[27] == pytest.approx(
        (99.2068 - 100) / (100 - 98.39357), rel=1e-4
    )  # (5,000 − 59.50) / 49.8, after half of the settlements
    assert list(picture.cross.get_xdata()) == [18] and list(picture.cross.get_ydata()) == [0]
    alive = drawn("standing_still", side="short")
    days, moves = alive.line.get_data()
    # (5,000 + 100) / 50.2 = 101.5936 and after 90 payments (5,000 + 235) / 50.2 = 104.2829: 4.2829 / 1.5936.
    assert len(alive.cross.get_xdata()) == 0 and len(days) == 91 and moves[-1] == pytest.approx(2.6875, rel=1e-4)


@pytest.mark.parametrize("side, rate", [("short", 0.0003), ("short", 0.00375), ("long", -0.0005), ("short", 0.00005)])
@pytest.mark.parametrize("leverage", [10, 50, 125])
def test_the_line_that_leaves_the_price_keeps_within_the_frame(side, rate, leverage):
    picture = drawn("standing_still", side=side, rate=rate, leverage=leverage)
    low, high = picture.axes.get_ylim()
    assert all(low < move < high for move in picture.line.get_ydata())
    # The heights beside the axis are those of the line: the first distance times where the text stands.
    first = panels.standing_still(side=side, rate=rate, leverage=leverage).result.moves[0]
    for text in picture.heights:
        assert text.get_text() == percent(first * abs(text.get_position()[1]), signed=True)


def test_the_rule_of_the_picture():
    """Seven premiums by hand, on the line as it is drawn."""
    picture = drawn("funding_rule", premium=0.003)
    line = dict(zip(picture.rule.get_xdata().round(6), picture.rule.get_ydata()))
    hand = {-0.005: -0.003, -0.003: -0.0025, -0.0004: 0.0001, 0: 0.0001, 0.0006: 0.0001, 0.001: 0.0005, 0.005: 0.003}
    assert {premium: line[premium] for premium in hand} == pytest.approx(hand, abs=1e-12)
    assert (picture.dot.get_xdata()[0], picture.dot.get_ydata()[0]) == pytest.approx((0.003, 0.0025))
    assert [list(cap.get_ydata()) for cap in picture.caps] == [[0.003] * 2, [-0.003] * 2]
    assert all(len(cap.get_xdata()) == 0 for cap in drawn("funding_rule", cap="none").caps)


def test_six_years_of_funding_against_the_file():
    """Read with csv and added by hand: each year, the days below zero, a month, and that no day is missing."""
    with open(data.folder() / "btc_funding_daily_2019_2026.csv", encoding="utf-8") as file:
        rows = [(date.fromisoformat(row["date"]), float(row["mean_rate_8h"])) for row in csv.DictReader(file)]
    assert [day for day, _ in rows] == [rows[0][0] + timedelta(days=n) for n in range(2348)]
    assert daily()[0] == rows[0][0] == date(2019, 9, 10)
    years = {
        2020: 0.172,
        2021: 0.306,
        2022: 0.042,
        2023: 0.079,
        2024: 0.120,
        2025: 0.051,
    }  # as the source's reader counted
    for year, share in years.items():
        assert 3 * sum(rate for day, rate in rows if day.year == year) == pytest.approx(share, abs=0.0005)
        result = funding_years.model("long", 10, 12 * (year - 2019) - 9, "a year")
        first = [rate for day, rate in rows if date(year, 1, 1) <= day < date(year, 1, 1) + timedelta(days=365)]
        assert result.share == pytest.approx(3 * sum(first)) and result.of_margin == pytest.approx(30 * sum(first))
        assert result.below == sum(rate < 0 for rate in first) and len(result.paid) == 365
    assert sum(rate < 0 for _, rate in rows) / len(rows) == pytest.approx(0.113, abs=0.0005)
    march = funding_years.model("long", 1, 5, "30 days")
    assert march.share == pytest.approx(
        3 * sum(rate for day, rate in rows if day.year == 2020 and day.month == 3 and day.day < 31)
    )


def test_how_often_the_rate_is_the_interest_alone():
    """“On one day in four”: days whose mean is 0.01 %, to five digits; “in 2025 lower on nine days in ten”. The rule:
    below the interest only where the contract stands more than 0.04 % below the coin: −0.04 % + 0.05 % = 0.01 %."""
    with open(data.folder() / "btc_funding_daily_2019_2026.csv", encoding="utf-8") as file:
        rows = [(row["date"][:4], float(row["mean_rate_8h"])) for row in csv.DictReader(file)]
    assert sum(abs(rate - 0.0001) < 5e-7 for _, rate in rows) / len(rows) == pytest.approx(1 / 4, abs=0.01)
    last = [rate for year, rate in rows if year == "2025"]
    assert sum(rate < 0.0000995 for rate in last) / len(last) == pytest.approx(0.9, abs=0.01)
    at, below = fees.funding_rate(-0.0004, 0.0001), fees.funding_rate(-0.00041, 0.0001)
    assert (at, below) == pytest.approx((0.0001, 0.00009))


def test_what_is_left_of_a_doubling_at_the_fee_of_the_index():
    """0.2 % at 500x on $10: $5,000 in, $5,010 out. At 0.04 % each way $2 + $2.004 of the $10 go: 59.96 % is left."""
    with open(data.folder() / "fees.csv", encoding="utf-8") as file:
        (row,) = [r for r in csv.DictReader(file) if r["exchange"] == "MEXC" and r["source"].startswith("loweef")]
    assert (row["as_of"], row["market"], float(row["taker"])) == ("2026-10-16", "BTC_USDT", 0.0004)
    kept = fees.realised_pnl("long", 50, 100, 100.2, 0.0004, 0.0004) / 10
    assert kept == pytest.approx((10 - 2 - 2.004) / 10) == pytest.approx(0.5996)


def test_the_month_of_an_opening_is_typed_as_it_is_shown():
    month = panels.funding_years().controls["start"]
    assert (
        [month.show(stop) for stop in (0, 15, 64)]
        == ["2019-10", "2021-01", "2025-02"]
        == [month.show(s) for s in (month.stops[0], 15, month.stops[-1])]
    )
    assert month.accept("2021-01") == 15 and month.accept("2025-02-03") == 64
    for bad, got in (
        ("2019-09", "'2019-09'"),
        ("2021", "'2021'"),
        ("soon", "'soon'"),
        (65, "65"),
        (1e300, "1e+300"),
    ):
        with pytest.raises(ValueError) as error:
            month.accept(bad)
        assert str(error.value) == f"opened in must be a month from 2019-10 to 2025-02, got {got}"


@pytest.mark.parametrize("ahead, correlation, followed", [(30, 0.602, 0.000414), (365, 0.234, 0.000192)])
def test_what_today_says_of_the_time_after(ahead, correlation, followed):
    """Pearson's formula written out, on pairs of a day and the mean of the days after it."""
    _, rates = daily()
    pairs = [(rates[n], sum(rates[n + 1 : n + 1 + ahead]) / ahead) for n in range(len(rates) - ahead)]
    mean_x, mean_y = (sum(side) / len(pairs) for side in zip(*pairs))
    over = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    under = sum((x - mean_x) ** 2 for x, _ in pairs) * sum((y - mean_y) ** 2 for _, y in pairs)
    assert over / under**0.5 == pytest.approx(correlation, abs=0.0005)
    high = [y for x, y in pairs if x >= 0.0005]
    assert sum(high) / len(high) == pytest.approx(followed, abs=5e-7)  # where that day's own mean was 0.00083


def test_the_bars_of_holding():
    picture = drawn("holding_cost", side="short")
    assert [bar.get_width() for bar in picture.bars] == pytest.approx(
        [-9, -90, -81, 0]
    ) and picture.gain.get_width() == pytest.approx(90)
    assert [text.get_text() for text in picture.values] == ["−$9", "−$90", "−$81", "+$90"]


def test_the_rates_behind_the_panels_stand_in_the_tables():
    table = data.load("fees")
    okx = table[(table.exchange == "OKX") & (table["product"] == "perpetual")].iloc[0]
    assert fee_rates() == {"maker": okx.maker, "taker": okx.taker} == {"maker": 0.0002, "taker": 0.0005}
    funding = data.load("funding")
    for exchange in ("Binance", "Bybit"):
        row = funding[(funding.exchange == exchange) & (funding.field == "interest_per_day")].iloc[0]
        assert float(row.value) / 3 == pytest.approx(USUAL)
    assert (first_tier().maintenance, first_tier().maintenance_basis) == (0.001, "entry")
    assert (OWN, TIMES, DAILY) == (10_000, 10, 0.0003)


def test_the_predictions_agree_with_the_panels():
    of = exercise_book.predictions
    assert of["4-still-price"].answer == pytest.approx(0.05)
    assert of["4-spread-way"].answer == pytest.approx(0.1)
    one, seven = (panels.settlements.model(*state, "8 hours").paid for state in ((7.5, 1), (8.5, 7)))
    assert one > seven and "one hour" in of["4-moment"].answer
    # 5,000 × 0.03 % = 1.50, three times a day. Down to 0.4 % of 5,000 = 20: 80 / 1.50 = 53.3, so the 54th, on day 18.
    # All of the 100: 66.7, so the 67th, after 22 days. 54 taken for days: the third.
    assert of["4-which-day"].answer == of["4-which-day"].options[0] == "on day 18"
    assert panels.standing_still.model("long", 50, 0.0003).end == pytest.approx(18) and math.ceil(80 / 1.5) == 54
    assert [f"on day {count}" for count in (math.ceil(100 / 1.5) // 3, 54)] == list(of["4-which-day"].options[1:3])
    assert (
        panels.funding_rule.model(0.0002, "none").rate == pytest.approx(0.0001) and "0.01 %:" in of["4-premium"].answer
    )
    assert of["4-year"].answer == 0.306
    assert (
        panels.holding_cost.model("short", 10, 0.0001, 3).bars[3] == pytest.approx(-90)
        and of["4-holding"].answer == "It brings $90"
    )


def test_repairs_by_hand():
    assert exercises.percent_slip.right(100_000, 0.03) == pytest.approx(30)
    # Premium 0.02 %: the interest. 0.3 %: less 0.05 %. −0.3 %: plus 0.05 %.
    assert [exercises.clamp.right(premium, 0.0001) for premium in (0.0002, 0.003, -0.003)] == pytest.approx(
        [0.0001, 0.0025, -0.0025]
    )


def test_what_the_bugs_say_of_the_world_stands_in_the_tables():
    """The pages are quoted as the tables have them: 0.11 % for 0.06 %, 3 for 30."""
    note = data.load("funding").query("exchange == 'MEXC' and field == 'formula'").iloc[0]
    assert (
        "premium 0.1 %, interest 0.01 %" in note.note
        and "0.11 %" in note.note
        and "0.06 %" in note.note
        and "undated" in note.source
    )
    caps = data.load("funding").query("exchange == 'MEXC' and field == 'cap'").value.astype(float)
    assert caps.min() == 0.03 > 0.0001 + 0.0005  # what the page's sentence can give at most
    fee = data.load("margin_interest").iloc[0]
    assert "prints 3 for 30" in fee.example and fee.as_of == "2024-11-09"
    sister = data.load("margin_interest").iloc[1]
    assert "1.5 % for 0.15 %" in sister.example and sister.as_of == "2024-11-12"
