"""The panels on orders and on depth, and their exercises: against the CSV of the evening, and by hand."""

import csv
from pathlib import Path

import pytest
from pictures import drawn, plain

from leverage_lab.chapters.exchanges import depth_exercises
from leverage_lab.chapters.strategies import order_exercises
from leverage_lab.chapters.strategies.shared import minutes_of
from leverage_lab.classroom import panels

DATA = Path(__file__).resolve().parents[2] / "data"
BTC, ATOM = "btc_mark_1min_2025-10-10", "atom_1min_2025-10-10"


def read(table, prefix):
    """[(clock, open, high, low, close)] of the minutes that have a price."""
    with (DATA / f"{table}.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row[f"{prefix}_open"]]
    names = [f"{prefix}_{name}" for name in ("open", "high", "low", "close")]
    clocks = [int(row["timestamp"]) // 60 % 1440 for row in rows]
    return [
        (f"{minute // 60:02}:{minute % 60:02}", *(float(row[name]) for name in names))
        for minute, row in zip(clocks, rows)
    ]


# States that texts speak of: what the stop-market, the stop-limit and the trailing stop did (found by `by_hand`).
STATES = (
    ("orders", {}),
    ("orders", {"by": "mark"}),
    ("orders", {"offset": 0.01}),
    ("orders", {"day": "BTC, 3 Feb 2025"}),
    ("orders", {"day": "ATOM, 10 Oct 2025", "start": 7, "distance": 0.01}),
    ("orders", {"day": "ATOM, 10 Oct 2025", "start": 66, "distance": 0.05, "offset": 0.01}),
    ("orders", {"day": "ATOM, 10 Oct 2025", "start": 66, "distance": 0.05, "offset": 0.01, "by": "mark"}),
    ("depth", {}),
    ("depth", {"size": 10_000_000}),
    ("depth", {"depth": 200_000_000}),
)


@pytest.mark.parametrize("name, state", STATES, ids=lambda value: str(value))
def test_the_states_the_text_speaks_of_can_be_set(name, state):
    assert panels.ALL[name](**state).sentence


def by_hand(bars, start, distance, offset):
    """A long's stop-market, stop-limit and trailing stop by the last price: a loop over bars as one reads a chart."""
    entry, best, stop, limit, trail = bars[start][1], 0.0, None, None, None
    trigger, ask = entry * (1 - distance), entry * (1 - distance) * (1 - offset)
    for clock, _, high, low, _ in bars[start:]:
        best = max(best, high)
        if trail is None and low <= best * (1 - distance):
            trail = clock, low
        if stop is not None and limit is None and high > ask:
            limit = clock, ask
        if stop is None and low <= trigger:
            stop = clock, low
            limit = (clock, low) if low >= ask else None
    return stop, limit, trail


@pytest.mark.parametrize(
    ("day", "table", "prefix"), [("BTC, 10 Oct 2025", BTC, "spot"), ("ATOM, 10 Oct 2025", ATOM, "perp")]
)
@pytest.mark.parametrize("start", [0, 7, 30, 66, 90])
@pytest.mark.parametrize(("distance", "offset"), [(0.0075, 0.001), (0.01, 0.02), (0.05, 0.01), (0.1, 0)])
def test_the_stops_of_a_long_as_one_reads_them_from_the_table(day, table, prefix, start, distance, offset):
    bars = read(table, prefix)
    r = panels.orders(day=day, start=start, distance=distance, offset=offset).result
    for kind, want in zip(("stop-market", "stop-limit", "trailing stop"), by_hand(bars, start, distance, offset)):
        got = r.ended[kind]
        found = None if got.filled is None else (bars[got.filled][0], got.price)
        assert found == (want and (want[0], pytest.approx(want[1], rel=1e-12))), kind
        at = bars[-1][4] if want is None else want[1]
        assert got.gain == pytest.approx(10_000 * (at / bars[start][1] - 1), abs=1e-9)


def test_the_first_picture_by_hand():
    # Entry $117,061.83; at 20:52 the low is $115,833: 10,000 × (115,833 / 117,061.83 − 1) = −104.97. The last close of
    # the two hours is $112,952.73: −351.02. Trailing: 20:51 low $116,315.07, best before it 117,061.83 or 117,192.68.
    said = plain(panels.orders().sentence)
    assert "Stop-market: 20:52 at $115,833, −$104.97." in said
    assert "Stop-limit: triggered 20:52, unfilled, −$351.02." in said
    assert "Post-only: 20:44, $0." in said
    drawing = drawn(panels.orders())
    assert drawing.title.get_text() == "Stop-limit order: triggered at 20:52, never filled"
    assert len(drawing.filled.get_xdata()) == 4 and len(drawing.sent.get_xdata()) == 3
    assert plain(drawing.gains[4].get_text()).strip() == "−$351.02 (−3.51 %)"


def test_the_mark_may_stay_above_a_trigger_that_the_last_price_went_through():
    # ATOM from 21:36, $3.751: 5 % below is $3.56. The perpetual fell to $2.374 at 21:38, spot never below $3.618.
    state = {"day": "ATOM, 10 Oct 2025", "start": 66, "distance": 0.05, "offset": 0.01}
    assert min(low for clock, _, _, low, _ in read(ATOM, "spot") if clock >= "21:36") == 3.618
    last, mark = panels.orders(**state), panels.orders(**state, by="mark")
    assert "Stop-market: 21:38 at $2.374" in last.sentence
    assert "Stop-market: not triggered" in mark.sentence
    assert drawn(mark).title.get_text() == "Stop not triggered, though the last price was there"


def test_minutes_without_a_trade_count_for_the_next_bar():
    trades, marks = read(BTC, "spot"), read(BTC, "mark")
    _, watched = minutes_of("BTC, 10 Oct 2025", "mark")
    before = ""
    for n, (clock, *_) in enumerate(trades):
        mine = [bar for bar in marks if before < bar[0] <= clock]
        want = mine[0][1], max(bar[2] for bar in mine), min(bar[3] for bar in mine), mine[-1][4]
        assert tuple(watched[:, n]) == want
        before = clock
    gap = [clock for clock, *_ in marks if clock not in {clock for clock, *_ in trades}]
    assert len(gap) == 19 and watched.shape == (4, 101)


def test_bad_days_and_bars():
    with pytest.raises(ValueError, match="^day must be 'BTC, 3 Feb 2025', .* got 'Monday'$"):
        minutes_of("Monday")
    with pytest.raises(ValueError, match="^start must be from 0 to 100, got 101$"):
        minutes_of("BTC, 3 Feb 2025", start=101)


# --- depth


def test_depth_by_hand():
    # 0.01 % + 1 % × 250 / 4000 = 0.0725 %: $181.25; last coin 0.01 % + 0.125 %. Equal: 4,000,000 × 0.04.
    said = plain(panels.depth().sentence)
    assert "pays $100.07 on average and $100.14 for its last coin" in said
    assert "Slippage from the mid price: 0.0725 %, $181.25. Fee: 0.05 %, $125." in said
    assert said.startswith("In a model of a book, not an exchange's own") and said.endswith("from $160,000 on.")
    drawing = drawn(panels.depth())
    assert drawing.title.get_text() == "Slippage $181.25, more than the fee, $125"
    assert list(drawing.equal.get_xdata()) == [160_000] and list(drawing.own.get_ydata()) == [
        pytest.approx(0.000725),
        0.0005,
    ]
    (x0, x1), (y0, y1) = drawing.slip.get_data()
    assert y0 + (y1 - y0) * 160_000 / x1 == pytest.approx(0.0005) and x0 == 0


def test_a_wide_spread_is_more_than_a_small_fee():
    panel = panels.depth(spread=0.002, fee=0.0001)
    assert "slippage is more at any size" in panel.sentence and not len(drawn(panel).equal.get_xdata())
    assert drawn(panels.depth(size=160_000)).title.get_text().count("as much as the fee") == 1


# --- exercises and predictions

TASKS = {exercise.id: exercise for exercise in (*order_exercises.EXERCISES, *depth_exercises.EXERCISES)}


@pytest.mark.parametrize(
    ("id", "numbers", "answer"),
    [
        # A and D: 101 × 0.97 = 97.97 is above 96.5. B needs more than 97.80, C a mark of 98.
        ("7-order-closed", {"low": 96.5, "mark": 98.4, "bounce": 97.4, "trail": 0.03}, 2),
        # All but the limit order: the mark at 97.9, back above 97.80, 101 × 0.98 = 98.98.
        ("7-order-closed", {"low": 96.5, "mark": 97.9, "bounce": 98.1, "trail": 0.02}, 4),
        # A alone: 101 × 0.95 = 95.95 was not reached.
        ("7-order-closed", {"low": 97.2, "mark": 98.4, "bounce": 97.4, "trail": 0.05}, 1),
        ("7-order-where", {"coins": 50, "trigger": 98, "last": 96.2}, 190),  # 50 × 3.80
        ("7-order-where", {"coins": 20, "trigger": 97, "last": 94.8}, 104),  # 20 × 5.20
        # 1 % × 200,000 / 4,000,000 = 0.05 %, half of it 0.025 %; and half of 0.02 %: 0.035 % of 200,000.
        ("5-slippage", {"value": 200_000, "depth": 4_000_000, "spread": 0.0002}, 70),
        ("5-slippage", {"value": 500_000, "depth": 1_000_000, "spread": 0.0004}, 1350),  # 0.25 % + 0.02 %
    ],
)
def test_exercises_by_hand(id, numbers, answer):
    task = TASKS[id].make(**numbers)
    assert task.answer == pytest.approx(answer) and len(task.wrong) >= 3 and len(task.hints) == 3


def test_predictions_agree_with_the_panels():
    (left,), (deep,) = order_exercises.PREDICTIONS, depth_exercises.PREDICTIONS
    assert left.answer == "still open" and "Stop-limit: triggered 20:52, unfilled" in plain(panels.orders().sentence)
    assert "triggered at 20:52" in left.why and "$351.02 down (3.51\u00a0%)" in left.why and "$104.97" in left.why
    lows = [low for clock, _, _, low, _ in read(BTC, "spot") if clock <= "21:30"]
    assert min(lows) / 117_061.83 - 1 < -0.08  # "by more than 8 %", within the hour
    assert deep.answer == "more than the fee" and panels.depth().result.slip > 0.0005
    assert "$181.25" in deep.why and "$160,000" in deep.why
