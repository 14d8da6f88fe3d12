"""Chapter 3: exercises by hand, panels against hand calculation, predictions against the panels."""

import csv

import numpy as np
import pytest
from pictures import drawn, plain

from leverage_lab import data
from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book

# Worked by hand from the start numbers of each exercise.
BY_HAND = {
    "3-isolated": 40,  # on paper 40 × 20 × 30 % = 240, but the margin is 40
    "3-cross": 360,  # 60 × 20 = 1,200; × 30 %
    "3-cross-end": 0.245 / 0.995,  # (1,000 / 4,000 − 0.005) / 0.995
    "3-two": -40,  # BTC 2,000 × 3 % = +60; SOL −400 on paper, −100 at its wall
    "3-available": 670,  # 1,000 − 150 − 100 − 80
    "3-ratio": 9 / 300,  # 0.5 % of 1,800; 500 − 200
    "3-added": 55_000 / 0.995,  # 60,000 − (150 + 100) / 0.05 = 55,000
    "3-hedge": -60,  # the long's 100 are lost; the short has 2,000 × 2 % = 40
    "3-loses-less": 20,  # 80 lost; 80 × 25 = 2,000, × 3 % = 60
    "3-moves": 12_000,  # 1.5 × 4,000 × 10 % = 600, carried by 0.05 BTC
    "3-together": (1 / 6 - 0.005) / 0.995,  # 1,000 over 6,000
    "3-haircut": 3950,  # 0.05 × 100,000 × 95 % = 4,750; − 800
    "3-margin-falls": 2256,  # 960 lost and 0.5 % of 11,040 required, 1,015.20; 0.5 ETH count for 0.45
}

# Every panel state whose numbers the prose quotes.
STATES = (
    ("two_modes", {"move": -0.04}),
    ("two_modes", {"move": -0.05}),
    ("two_modes", {"move": -0.49}),
    ("two_modes", {"move": -0.5}),
    ("two_modes", {"move": 0.15}),
    ("three_positions", {"sol": -0.3}),
    ("three_positions", {"sol": -0.3, "btc": 0.1}),
    ("three_positions", {"btc": -0.12, "eth": -0.12, "sol": -0.12}),
    ("three_positions", {"btc": -0.17, "eth": -0.17, "sol": -0.17}),
    ("one_path", {"name": "falls and comes back"}),
    ("one_path", {"name": "falls and goes on"}),
    ("one_path", {"name": "19 May 2021", "leverage": 10}),
    ("adding", {"move": -0.12}),
    ("adding", {"added": 600, "move": -0.35}),
    ("both_sides", {"back": 0}),
    ("both_sides", {"back": 0.5}),
    ("both_sides", {"move": 0.2, "back": 1}),
    ("plane", {}),
    ("plane", {"btc": -0.16, "eth": -0.16}),
    ("plane", {"btc": -0.17, "eth": -0.17}),
    ("plane", {"side": "short", "btc": -0.3, "eth": -0.3}),
    ("plane", {"side": "short", "btc": -0.2, "eth": 0.2}),
    ("fall_together", {}),
    ("fall_together", {"first": "BTC", "second": "ADA", "third": "BCH"}),
    ("fall_together", {"each": 1750}),
    ("collateral", {}),
    ("collateral", {"coin": 0.67}),
    ("collateral", {"coin": 0.66}),
    ("collateral", {"coin": 0.65, "haircut": 0}),
)


def span(bar):
    return [bar.get_x(), bar.get_x() + bar.get_width()]


SENTENCES = {
    # 100 × 20 = 2,000; × 15 % = 300. Isolated: (1/20 − 0.005) / 0.995 = 4.5226 %. Cross:
    # (0.5 − 0.005) / 0.995 = 49.7487 %.
    (
        "two_modes",
        (),
    ): (
        "$100 at 20x is a position of $2,000 on a wallet of $1,000. The price falls 15 %: −$300 on paper. Isolated: "
        "closed, −$100, −10 % of the wallet "
        "(liquidation at −4.52 %). Cross: still open, −$300, −30 % of the wallet (liquidation at −49.75 %)."
    ),
    # 500 × 1 = 500 on a wallet of 750: no price takes 750 from it; isolated only a worthless coin takes the 500.
    (
        "two_modes",
        (("account", 750), ("leverage", 1), ("margin", 500)),
    ): (
        "(liquidation only if the coin becomes worthless). Cross: still open, −$75, −10 % of the wallet (liquidation"
        " at no price)."
    ),
    # BTC +200 and SOL's 200 cancel; on paper +200 − 600.
    (
        "three_positions",
        (("btc", 0.1), ("sol", -0.3)),
    ): (
        "−$400 on paper together. Isolated: one closed (SOL), $0, 0 % of the wallet. Cross: none closed, −$400, −40 % "
        "of the wallet."
    ),
    # 1,000 on paper: equity 0 is below the requirement of 25.
    (
        "three_positions",
        (("sol", -0.5),),
    ): (
        "Isolated: one closed (SOL), −$200, −20 % of the wallet. Cross: all three "
        "closed, −$1,000, −100 % of the wallet."
    ),
    # At 4x a fall of 20 % loses 800 × 20 % = 160 of each margin of 200: (0.25 − 0.005) / 0.995 = 24.6 % is further
    # away.
    (
        "three_positions",
        (("leverage", 4), ("sol", -0.2)),
    ): "Isolated: none closed, −$160, −16 % of the wallet. Cross: none closed, −$160, −16 % of the wallet.",
    # 19 May 2021 from 42,900.85 to 36,780.43: −14.2664 % of 1,000; low 30,066: −29.9175 %; the high 43,601.63:
    # +1.6335 %.
    # Isolated (0.1 − 0.005) / 0.995; cross the wallet is as large as the position.
    (
        "one_path",
        (("leverage", 10), ("name", "19 May 2021")),
    ): (
        "between −29.92 % and +1.63 % on the way, −14.27 % at the end. Isolated (liquidation at −9.55 %): closed at"
        " −10.22 %, −$100, −10 % of the wallet. Cross (liquidation only if the coin becomes worthless): open to the"
        " end, −$142.66, −14.27 % of the wallet (−$299.17 at the worst)."
    ),
    # (200/2,000 − 0.005) / 0.995 = 9.5477 %; 100/2,000/0.995 = 5.0251 %; 2,000 × 8 % = 160.
    (
        "adding",
        (),
    ): (
        "$100 at 20x is closed at −4.52 %; with $100 more at −9.55 % (more room by 5.03 % of the price). The price"
        " falls 8 %. As opened: closed, −$100, −10 % of the wallet. With $100 more: open, −$160, −16 % of the"
        " wallet; $200 is at stake. Cross: open, −$160, −16 % of the wallet."
    ),
    # The long lost its 200 at (0.1 − 0.005) / 0.995 = 9.5477 %; the short has 2,000 × 10 % at half of the way back.
    (
        "both_sides",
        (("back", 0.5),),
    ): (
        "Isolated: the long is closed at −9.55 %, its $200 lost; at the end $0, 0 % of the wallet. Cross: both open, "
        "$0, 0 % of the wallet; $18 is required of the $1,000."
    ),
    # Up: (0.1 − 0.005) / 1.005 = 9.4527 %; at +20 % the long has +400, the short's 200 are lost.
    (
        "both_sides",
        (("move", 0.2),),
    ): "the short is closed at +9.45 %, its $200 lost; at the end +$200, +20 % of the wallet.",
    # 1,000 − 300 = 700; 0.005 × (3,000 + 2,700) = 28.50. BTC x: 700 + 3,000 x = 0.005 × (3,000 + 3,000 x + 2,700):
    # x = −671.5 / 2,985 = −22.496 %.
    (
        "plane",
        (("eth", -0.1),),
    ): (
        "equity $700, required $28.50. Shown now as liquidation price: BTC −22.5 %, if ETH stays where it is, and ETH"
        " −32.5 %, if BTC stays where it is; at the entry it was BTC −32.5 % and ETH −32.5 %."
    ),
    # 1,000 × 0.65 × 90 % = 585; 8,000 × 7 % = 560; 0.5 % of 7,440 = 37.20; (560 + 37.20) / 900 = 0.66356; dollars:
    # (0.005 − 0.125) / 0.995.
    (
        "collateral",
        (("coin", 0.65),),
    ): (
        "1,000 stablecoins at $0.65 (−35 %) are worth $650 and count for $585, after a haircut of 10 %. A cross long"
        " of $8,000 in BTC is at −7 %: −$560 on paper, $37.20 required. Equity $25, −97.5 % against $1,000:"
        " closed. Liquidation at $0.6636 a coin, if BTC stays where it is; with $1,000 in dollars it would be"
        " closed with BTC at −12.06 %."
    ),
    # 8,000 × 10 % gained: no price of the coin is needed.
    (
        "collateral",
        (("move", 0.1),),
    ): "Equity $1,700, +70 % against $1,000: open. No price of the coin closes it, if BTC stays where it is",
    # 1,000 in dollars behind 1,000: BTC would have to be worthless.
    ("collateral", (("value", 1000),)): "with dollars no fall of BTC would close it.",
    # All three had their lowest close at 21:20: 104,559.80 / 116,885.11, 0.6281 / 0.7742 and 479.02 / 563.92.
    (
        "fall_together",
        (("first", "BTC"), ("second", "ADA"), ("third", "BCH")),
    ): "At the worst, at 21:20, all three together were at −14.82 %, −$667.07 on paper: open to the end",
    # Short ETH at +x: 1,000 − 3,000 x = 0.005 × (6,000 + 3,000 x): x = 970 / 3,015 = 32.172 %.
    (
        "plane",
        (("btc", -0.2), ("eth", 0.2), ("side", "short")),
    ): "closed, all $1,000 lost. The liquidation prices shown at the entry were BTC −32.5 % and ETH +32.17 %.",
}


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: f"{case[0]}-{len(case[1])}")
def test_sentences_against_hand_calculation(case):
    name, state = case
    assert SENTENCES[case] in plain(panels.ALL[name](**dict(state)).sentence)


@pytest.mark.parametrize("leverage", [2, 20, 100])
@pytest.mark.parametrize("move", [-0.9, -0.3, -0.04, 0, 0.15])
def test_what_is_lost_against_the_two_caps(leverage, move):
    """Brute force: walk the price down in small steps and close where 0.5 % of the value is all that is left."""
    result = panels.two_modes(leverage=leverage, move=move).result
    value, way = 100 * leverage, np.linspace(0, move, 20_001)
    for mode, behind in (("isolated", 100), ("cross", 1000)):
        dead = (behind + value * way <= 0.005 * value * (1 + way)).any()
        assert result.closed[mode] == dead
        assert result.change[mode] == pytest.approx(-behind if dead else value * move)


def test_bars_of_one_position():
    """Wallet 1,000 to scale (0.82 wide): isolated the loss stops at the wall, cross it goes through the mark."""
    drawing = drawn(panels.two_modes())
    isolated, cross = drawing.bars["isolated"], drawing.bars["cross"]
    assert span(isolated["lost"]) == pytest.approx([0, 0.082]) == span(isolated["isolated"])
    assert span(cross["lost"]) == pytest.approx([0, 0.246])
    assert drawing.wall.get_xdata()[0] == pytest.approx(0.082) == drawing.set_aside.get_xdata()[0]
    up = drawn(panels.two_modes(move=0.05))  # +100
    assert [span(up.bars[mode]["gain"]) for mode in ("isolated", "cross")] == [pytest.approx([0.82, 0.902])] * 2
    assert up.bars["cross"]["lost"].get_width() == 0


def test_bars_of_three_positions():
    """SOL −30 %: isolated its own room of 200 is lost (0.328 to 0.492), cross 600 of 1,000;
    BTC −4 % eats 80 of its 200."""
    drawing = drawn(panels.three_positions(btc=-0.04))
    assert span(drawing.lost["SOL"]) == pytest.approx([0.328, 0.492])
    assert span(drawing.lost["BTC"]) == pytest.approx([0, 0.0656])
    assert drawing.lost["ETH"].get_width() == 0
    assert span(drawing.all_lost) == pytest.approx([0, 0.82 * 0.68])
    assert drawing.required.get_width() == pytest.approx(0.82 * 0.0266)  # 0.5 % of 1,920 + 2,000 + 1,400
    words = {key: text.get_text() for key, text in drawing.states.items()}
    assert (
        words["isolated", "SOL"] == "SOL closed"
        and words["isolated", "BTC"] == "BTC open"
        and words["cross", "SOL"] == "SOL open"
    )


def test_paths_are_the_tables():
    """The real paths begin at the first trade, touch every bar's high and low once, and end at the last close."""
    from leverage_lab.chapters.margin.shared import path

    for name, table, where in (
        ("3 February 2025", "btc_1min_2025-02-03", ""),
        ("12–13 March 2020", "btc_1h_crash_windows", "2020"),
        ("19 May 2021", "btc_1h_crash_windows", "2021"),
    ):
        bars = data.load(table)
        bars = bars[bars.time_utc.str.startswith(where)] if where else bars
        time, moves, _ = path(name)
        start = bars.open.iloc[0]
        assert (moves[0], moves.min(), moves.max(), moves[-1]) == pytest.approx(
            (0, bars.low.min() / start - 1, bars.high.max() / start - 1, bars.close.iloc[-1] / start - 1)
        )
        assert len(moves) == 4 * len(bars) and (np.diff(time) >= 0).all()
        bar = (1 + moves.reshape(-1, 4)) * start
        assert bar.min(axis=1) == pytest.approx(bars.low.to_numpy()) and bar.max(axis=1) == pytest.approx(
            bars.high.to_numpy()
        )


@pytest.mark.parametrize(
    "side, leverage, margin", [("long", 20, 100), ("short", 50, 500), ("long", 10, 200), ("short", 5, 100)]
)
@pytest.mark.parametrize(
    "name", ["falls and comes back", "falls and goes on", "3 February 2025", "12–13 March 2020", "19 May 2021"]
)
def test_a_walk_step_by_step(side, leverage, margin, name):
    """The money of both modes, counted one step after the other."""
    result = panels.one_path(side=side, leverage=leverage, margin=margin, name=name).result
    value, s = margin * leverage, 1 if side == "long" else -1
    for mode, behind in (("isolated", margin), ("cross", 1000)):
        expected, dead = [], False
        for move in result.moves:
            dead = dead or behind + s * value * move <= 0.005 * value * (1 + move)
            expected.append(1000 - behind if dead else 1000 + s * value * move)
        assert result.line[mode] == pytest.approx(expected, abs=1e-6)
        assert (result.closed[mode] is not None) == dead
        assert result.change[mode] == pytest.approx(expected[-1] - 1000, abs=1e-6)


def test_lines_of_a_path():
    drawing = drawn(panels.one_path(name="falls and goes on"))
    assert list(drawing.lines["isolated"].get_ydata())[-1] == pytest.approx(900) and list(
        drawing.lines["cross"].get_ydata()
    )[-1] == pytest.approx(0)
    assert drawing.ends["isolated"].get_ydata()[0] == pytest.approx(-0.045226, abs=1e-6)
    assert drawing.ends["cross"].get_ydata()[0] == pytest.approx(-0.497487, abs=1e-6)
    for mode, end in (
        ("isolated", -0.045226),
        ("cross", -0.497487),
    ):  # the cross stands at the first step beyond its line
        assert end - 0.01 < drawing.crosses[mode].get_ydata()[0] <= end
    traded = drawn(panels.one_path(name="3 February 2025"))
    assert len(traded.traded.get_xdata()) == 4 * 181 and len(traded.made.get_xdata()) == 0


def test_rows_of_adding():
    """It ends at 4.52 %, with 200 more at 14.57 %, cross at 49.75 %; with 600 more, down 36 %, only cross is open."""
    for added, move, ends, stakes, shut in (
        (200, -0.1, (-0.045226, -0.145729, None), ("$100", "$300", "$1,000"), [-0.045226]),
        (600, -0.36, (-0.045226, -0.346734, -0.497487), ("$100", "$700", "$1,000"), [-0.045226, -0.346734]),
    ):
        drawing = drawn(panels.adding(added=added, move=move))
        for row, end in zip(drawing.ROWS, ends):
            edge = drawing.axes.get_xlim()[0] if end is None else end  # beyond the picture: the bar goes to its edge
            assert list(drawing.ends[row].get_xdata()) == ([] if end is None else pytest.approx([end] * 2, abs=1e-6))
            bars = [bar for bar in drawing.bars[row].values() if bar.get_visible()]
            assert min(bar.get_x() for bar in bars) == pytest.approx(edge, abs=1e-6)
            assert max(bar.get_x() + bar.get_width() for bar in bars) == pytest.approx(0)
        bought = drawing.bars["with more margin"]["free"]
        assert (bought.get_x(), bought.get_width()) == pytest.approx((ends[1], ends[0] - ends[1]), abs=1e-6)
        assert [drawing.words[name][1].get_text() for name in drawing.words] == [
            f"{stake} at stake" for stake in stakes
        ]
        assert list(drawing.shut.get_xdata()) == pytest.approx(shut, abs=1e-6)
        assert list(drawing.now.get_xdata()) == [move, move]


def test_added_margin_is_lost_with_the_rest():
    """By hand at 20x: with 0, 100, 300 more it ends at 4.52, 9.55, 19.6 %; beyond that all of it is gone."""
    for added, lost in ((0, 100), (100, 200), (300, 400)):
        assert panels.adding(added=added, move=-0.2).result.change["with more margin"] == pytest.approx(-lost)
    assert panels.adding(added=600, move=-0.34).result.change["with more margin"] == pytest.approx(
        -680
    )  # open: 2,000 × 34 %


@pytest.mark.parametrize(
    "leverage, move, back", [(10, -0.2, 1), (10, -0.2, 0.3), (5, 0.3, 0.5), (50, 0.05, 0), (10, 0.08, 1)]
)
def test_a_hedge_by_hand(leverage, move, back):
    """The leg that loses ends at its margin (with 0.5 % of the value left), the other one stays;
    cross nothing happens."""
    result, margin, now = (
        panels.both_sides(leverage=leverage, move=move, back=back).result,
        2000 / leverage,
        move * (1 - back),
    )
    closed = margin - 2000 * abs(move) <= 0.005 * 2000 * (1 + move)
    assert bool(result.closed["isolated"]) == closed
    assert result.change["isolated"] == pytest.approx(2000 * abs(now) - margin if closed else 0, abs=1e-9)
    assert result.change["cross"] == 0 and result.required == pytest.approx(0.005 * 4000 * (1 + now))


def test_legs_of_a_hedge():
    """At 10x a long of $2,000 is closed with its $200; down 20 % and half of it back, the short has $400, then $200."""
    drawing = drawn(panels.both_sides(leverage=10, move=-0.2, back=0.5))
    lines = {name: line.get_ydata() for name, line in drawing.lines.items()}
    for name, turn, end in (("long", -200, -200), ("short", 400, 200), ("isolated", 200, 0), ("cross", 0, 0)):
        assert (lines[name][60], lines[name][-1]) == pytest.approx((turn, end), abs=1e-9)
    assert lines["isolated"] == pytest.approx(lines["long"] + lines["short"], abs=1e-9)
    (x,), (y,) = drawing.shut.get_data()
    assert y == pytest.approx(90 / 0.995 / 100 - 1) and x == pytest.approx(y / -0.2)
    assert "The long is closed on the way" in drawing.title.get_text()


def test_the_line_in_the_plane():
    """A grid of points by brute force: 1,000 + PnL against 0.5 % of both values; and the line between them."""
    for side, s in (("long", 1), ("short", -1)):
        low, high = panels.plane(side=side).result.edge
        for btc in np.linspace(-0.5, 0.5, 11):
            for eth in np.linspace(-0.5, 0.5, 11):
                dead = 1000 + 3000 * btc + s * 3000 * eth <= 0.005 * (6000 + 3000 * btc + 3000 * eth)
                assert panels.plane(side=side, btc=btc, eth=eth).result.dead == dead
                assert (btc <= low + (high - low) * (eth + 0.6) / 1.2) == dead


def test_squares_stand_on_the_line():
    drawing = drawn(panels.plane(eth=-0.1))
    (x1, x2), (y1, y2) = drawing.line.get_data()
    for x, y in zip(*drawing.ends.get_data()):
        assert (x - x1) * (y2 - y1) == pytest.approx((y - y1) * (x2 - x1), abs=1e-9)
    assert sorted(drawing.ends.get_xdata()) == pytest.approx([-671.5 / 2985, 0], abs=1e-9)


def minutes():
    """{coin: prices}, straight from the file."""
    with open(data.folder() / "crash_2025-10-10_closes.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] if name == "time_utc" else float(row[name]) for row in rows] for name in rows[0]}


def test_the_evening_has_no_gap():
    """120 minutes one after the other, and a price of every coin in each (an empty cell would be no number)."""
    table = minutes()
    assert table.pop("time_utc") == [f"2025-10-10 {m // 60}:{m % 60:02}" for m in range(20 * 60 + 30, 22 * 60 + 30)]
    assert len(table) == 11 and all(price > 0 for prices in table.values() for price in prices)


@pytest.mark.parametrize("each", [250, 1500, 1750, 3000])
@pytest.mark.parametrize("coins", [("ADA", "DOGE", "LINK"), ("BTC", "ADA", "BCH"), ("AAVE", "UNI", "AVAX")])
def test_three_coins_step_by_step(each, coins):
    """Money counted minute by minute: three positions on one wallet, and each coin alone with all of it."""
    table, result = minutes(), panels.fall_together(each=each, **dict(zip(("first", "second", "third"), coins))).result

    def walked(shares):
        """(lowest mean move, minute of the close or None, money at the end)."""
        lows, money, closed = [], 0.0, None
        for n in range(120):
            worth = sum(3 * each * share * table[coin][n] / table[coin][0] for coin, share in shares.items())
            lows.append(worth / (3 * each) - 1)
            if closed is None:
                money = 1000 + worth - 3 * each
                if money <= 0.005 * worth:
                    closed, money = n, 0.0
        return min(lows), closed, money

    low, closed, money = walked(dict.fromkeys(coins, 1 / 3))
    alone = [walked({coin: 1.0}) for coin in coins]
    assert result.lowest == pytest.approx(low) and result.closed == closed
    assert result.change == pytest.approx(money - 1000)
    assert result.alone == pytest.approx([low for low, _, _ in alone])
    assert result.fates == ["open" if closed is None else "closed" for _, closed, _ in alone]
    assert result.worth == pytest.approx(3 * each * (low - sum(low for low, _, _ in alone) / 3), abs=1e-6)


def test_minutes_look_independent_and_half_hours_do_not():
    """The correlations that the chapter prints, pair by pair."""
    table = minutes()
    del table["time_utc"]
    for span, expected in ((1, 0.13), (10, 0.66), (30, 0.82)):
        moves = [np.array(p[span:]) / np.array(p[:-span]) - 1 for p in table.values()]
        pairs = [np.corrcoef(a, b)[0, 1] for n, a in enumerate(moves) for b in moves[:n]]
        assert len(pairs) == 55 and round(sum(pairs) / 55, 2) == expected


def test_collateral_line_by_brute_force():
    """A grid: 1,000 coins at their price less the haircut, and BTC's profit, against 0.5 % of the value now."""
    for value, haircut in ((8000, 0.1), (3000, 0.0), (9000, 0.4)):
        low, high = panels.collateral(value=value, haircut=haircut).result.edge
        for coin in (0.4, 0.5, 0.65, 0.8, 1.0, 1.04):
            for move in (-0.2, -0.12, -0.07, -0.01, 0, 0.1):
                result = panels.collateral(value=value, haircut=haircut, coin=coin, move=move).result
                dead = 1000 * coin * (1 - haircut) + value * move <= 0.005 * value * (1 + move)
                assert result.closed == dead == (move <= low + (high - low) * coin / 2)
                assert result.end != result.end or dead == (coin <= result.end)


def test_what_is_drawn_of_the_collateral():
    """At $0.65: 25 of equity, 560 lost, 65 haircut, 350 fallen, one after the other; the square stands on the line."""
    drawing = drawn(panels.collateral(coin=0.65))
    ends = [span(bar) for bar in drawing.parts.values()]
    assert ends == [pytest.approx(end) for end in ([0, 25], [25, 585], [585, 650], [650, 1000])]
    (x1, x2), (y1, y2) = drawing.edge.get_data()
    assert drawing.end.get_xdata()[0] == pytest.approx(597.2 / 900) and drawing.dot.get_marker() == "X"
    assert (597.2 / 900 - x1) * (y2 - y1) == pytest.approx((-0.07 - y1) * (x2 - x1), abs=1e-9)
    assert drawing.dollars.get_ydata()[0] == pytest.approx(-0.12 / 0.995)
    evening = drawn(panels.fall_together(each=1750))
    assert evening.end.get_ydata()[0] == pytest.approx((0.005 - 1000 / 5250) / 0.995)
    assert evening.cross.get_ydata()[0] <= evening.end.get_ydata()[0] and len(evening.lines) == 3


def test_predictions_against_the_panels():
    """Each answer is what the panel behind it shows."""
    answers = {id: prediction.answer for id, prediction in exercise_book.predictions.items()}
    assert answers["3-one-wallet"] == pytest.approx(300) and panels.two_modes().result.change["cross"] == pytest.approx(
        -300
    )
    assert answers["3-three"] == "all three" and panels.three_positions(sol=-0.5).result.closed["cross"] == [
        "SOL",
        "BTC",
        "ETH",
    ]
    march = panels.one_path(name="12–13 March 2020", margin=200, leverage=10).result
    assert (
        answers["3-path"] == "neither"
        and None not in march.closed.values()
        and march.change == pytest.approx({"isolated": -200, "cross": -1000})
    )
    assert 10 < march.time[march.closed["isolated"]] < 11 and march.moves[march.closed["cross"]] == march.moves.min()
    assert answers["3-add"] == pytest.approx(0.095 / 0.995)
    assert answers["3-hedge"] == "$200" and panels.both_sides(back=1).result.change["isolated"] == pytest.approx(-200)
    assert answers["3-stablecoin"] == "it is closed" and panels.collateral(coin=0.65).result.closed
    assert not panels.collateral(coin=1).result.closed
    assert "BTC −22.5 %, if ETH" in plain(panels.plane(eth=-0.1).sentence) and answers["3-plane"].startswith("−22.5 %")


def test_which_mode_loses_less_by_hand():
    """At 9 % below, 2,000 × 9 % = 180 against the 80: cross has lost 100 more. On the way, at −10 %, it was 200."""
    task = exercise_book.exercises["3-loses-less"].make(margin=80, leverage=25, fall=0.1, now=0.09)
    assert task.answer == pytest.approx(-100)
    assert [wrong.gives for wrong in task.wrong] == pytest.approx([100, 0, -120, 180, 80, 80 - 7.2])


def test_repairs_by_hand():
    """0.005 × 20 × 1,600 = 160 over 350 + 80; the table's row says the same.
    (6 + 1.2) / (0.6 × 1.01) for freqtrade's short."""
    ratio, wallet = exercise_book.exercises["3-bug-ratio"].right, exercise_book.exercises["3-bug-wallet"].right
    assert ratio("short", 20, 1600, 1596, 350, 100, 0.005) == pytest.approx(160 / 430)
    row = data.load("published_examples").set_index("id").loc["GE0365"]
    assert row.verdict == "wrong" and row.right_value == pytest.approx(160 / 430) and float(row.published) == 1.185
    assert 320 / 270 == pytest.approx(1.185, abs=1e-3)  # what the page did: 20 × 1,600 / 100 over 350 − 80
    assert wallet("short", 10, 0.6, 5, 0.01, 1.6) == pytest.approx(7.2 / 0.606)
    assert wallet("long", 50_000, 0.1, 20, 0.005, 1000) == pytest.approx(47_500 / 0.995)
    published = data.load("published_examples").set_index("id").loc["GE0089"]
    # With its deduction of 0.01 and the foreign 1.6 the comment's line: (6 + 1.6 + 0.01) / 0.606.
    assert float(published.published) == pytest.approx(7.61 / 0.606) and published.right_value == pytest.approx(
        7.21 / 0.606
    )
