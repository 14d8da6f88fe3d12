"""Sentence, headline, picture and sliders of a panel say the same, at every stop of every control and at every edge of
a table."""

import itertools
import math
import re

import pytest
from matplotlib.text import Text
from soak import few

from leverage_lab.chapters.exchanges.shared import allowed, captures, entry_price, trade
from leverage_lab.chapters.liquidation.shared import ENTRY, largest, tiers_of
from leverage_lab.chapters.liquidation.tiers import LADDERS
from leverage_lab.chapters.liquidation.venue import BOOKS, LONGS
from leverage_lab.classroom import panels
from leverage_lab.exchanges import COURSE, exchange, exchanges, max_leverage, max_position
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Choice

every_panel = pytest.mark.parametrize("name", panels.ALL)
NUMBER = re.compile(r"\$?\d[\d,]*(?:\.\d+)?(?:\u00a0%|x\b)?(?:\smillion)?")
WRITTEN = {"no": "0", "none": "0", "one": "1", "two": "2", "three": "3"}


def states(panel):
    """Every stop and odd corner of one control at a time, then every combination of ends."""
    controls = panel.controls
    single = [
        {name: value}
        for name, c in controls.items()
        for value in (c.options if isinstance(c, Choice) else (*c.stops, *c.corners()))
    ]
    ends = [(c.corners()[0], c.corners()[-1]) for c in controls.values()]
    return single + [dict(zip(controls, combination)) for combination in itertools.product(*ends)]


def moved(name):
    """The panel in each of these states, those left out that it refuses."""
    panel = panels.ALL[name]()
    for state in few(states(panel), 60):
        panel.reset()
        try:
            yield state, panel.set(**state)
        except ValueError:
            continue


def numbers(text):
    """Numbers with their units as they are written: {"$1,200", "20x", "5 %"}; $1.2 million is $1,200,000."""
    found = set()
    for word in NUMBER.findall(text.replace("\u00a0million", " million")):
        word = word.strip(",")
        if word.endswith("million"):
            word = f"${float(word.removesuffix('million').strip(' $')) * 1e6:,.0f}"
        found.add(word.strip())
    return found


def texts(panel, drawing):
    """The words in the picture of a panel's state: [(words, size)]."""
    drawing.pixels(panel.result)
    found = drawing.figure.findobj(lambda artist: isinstance(artist, Text))
    return [(text.get_text(), text.get_fontsize()) for text in found if text.get_visible() and text.get_text().strip()]


@every_panel
def test_every_number_of_a_headline_is_in_the_sentence_or_at_a_slider(name):
    """To the last digit: a headline of −4.5 % over a sentence with −4.47 %, or beside a slider at −6 %,
    is one number too many.

    And nobody loses more than the margin of an isolated position, or than the wallet: no less than −100 %,
    in words or in large letters.
    """
    drawing = panels.ALL[name]().picture()
    for state, panel in moved(name):
        shown = " ".join(control.show(panel.values[key]) for key, control in panel.controls.items())
        known = (
            numbers(panel.sentence)
            | numbers(shown)
            | {number for word, number in WRITTEN.items() if re.search(rf"\b{word}\b", panel.sentence)}
        )
        lost = re.findall(r"−([\d,.]+)\u00a0% of (?:the|its|a)[^,.;:]*(?:margin|account|wallet)", panel.sentence)
        for words, size in texts(panel, drawing):
            if size > palette.NORMAL:
                strange = {number for number in numbers(words) - known if number.strip("$x\u00a0%") != "0"}
                assert not strange, f"{name} {state}: {strange} in {words!r}; {panel.sentence!r}; {shown!r}"
            if size == palette.BIG:
                lost += re.findall("^−([\\d,.]+)\u00a0%$", words)
        assert all(float(number.replace(",", "")) <= 100 for number in lost), (
            f"{name} {state}: {panel.sentence!r} {lost}"
        )


OPEN = r"\b(?:still open|stays open|it lives|open to the end)\b"
SHUT = r"\b(?:closed|liquidated|stopped)\b"


@pytest.mark.parametrize("name", ["closed_early", "tiers", "mark_or_last", "crash", "standing_still", "before_stop"])
def test_one_position_is_open_or_closed_and_not_both(name):
    drawing = panels.ALL[name]().picture()
    for state, panel in moved(name):
        said = panel.sentence
        assert not (re.search(OPEN, said, re.I) and re.search(SHUT, said, re.I)), f"{name} {state}: {said!r}"
        title = max(texts(panel, drawing), key=lambda text: text[1])[0]
        assert not (re.search(OPEN, title, re.I) and re.search(SHUT, said, re.I)), f"{name} {state}: {title!r} {said!r}"
        assert not (re.search(SHUT, title, re.I) and re.search(OPEN, said, re.I)), f"{name} {state}: {title!r} {said!r}"


def test_tiers_at_every_edge_and_every_maximum():
    """A dollar below, on and above each edge: a fall before liquidation wherever margin is left,
    never more than to bankruptcy, and the dot on its line."""
    picture, cases = panels.tiers().picture(), 0
    slider = panels.tiers().controls["position"].stops
    for name in LADDERS:
        ladder = tiers_of(name)[2]
        unit = ENTRY if ladder.measure == "quantity" else 1
        edges = {edge * unit for edge in ladder.floors[1:] if slider[0] <= edge * unit <= slider[-1]} | {slider[-1]}
        for leverage in panels.tiers().controls["leverage"].stops:
            largest = max_position(name, "BTC", leverage, price=ENTRY)
            for position in {edge + more for edge in edges for more in (-1, 0, 1) if edge + more <= slider[-1]}:
                panel = panels.tiers(exchange=name, leverage=leverage, position=position)
                r = panel.result
                assert r.ok == (largest is None or position <= largest)
                if not r.ok:
                    assert "needs less leverage" in panel.sentence
                    continue
                left = position / leverage - r.share * position
                assert left > 0 and -1 / leverage < r.move < -left / position * 0.999, (
                    f"{name} {leverage} {position}: {panel.sentence}"
                )
                assert "closed at −" in panel.sentence
                cases += 1
            picture.pixels(r)
    assert cases > 500


def test_the_larger_the_position_the_sooner_it_ends():
    """Over all stops and edges of one leverage the fall to liquidation never grows."""
    for name in LADDERS:
        for leverage in (2, 5, 10, 20, 50, 100):
            sizes = [size for size in panels.tiers().controls["position"].stops if size <= largest(name, leverage)]
            falls = [-panels.tiers(exchange=name, leverage=leverage, position=size).result.move for size in sizes]
            assert all(after <= before + 1e-9 for before, after in itertools.pairwise(falls)), (name, leverage)


@pytest.mark.parametrize("name", COURSE)
@pytest.mark.parametrize("side", ["long", "short"])
def test_where_a_trade_ends_at_every_maximum_and_edge(name, side):
    """Between the entry and the bankruptcy price, and on the losing side,
    wherever the exchange allows the trade and its end is known."""
    _, steps, _ = captures(name)[0]
    s = 1 if side == "long" else -1
    for low, high, top in steps:
        for value in (low + 1, high - 1, high, high + 1):
            if not 0 < value < 1e9:
                continue
            most = allowed(name, value)
            for leverage in {max(2.0, top), max(2.0, most or 2.0), 5.0}:
                t = trade(name, side, value / leverage, leverage)
                if most is not None:
                    assert t.offered == (leverage <= most), (value, leverage)
                if t.distance is not None and t.offered:
                    at_once = (
                        side == "short" and t.distance == 0
                    )  # right on the edge: with the first rise it is in the next tier
                    assert 0 < -s * t.distance < 1 / leverage or at_once and value == high, (
                        value,
                        leverage,
                        t.distance,
                    )


@pytest.mark.parametrize("name", exchanges())
def test_the_stairs_and_the_largest_position_agree(name):
    """How far a leverage reaches, and which leverage a size may have: two questions to one table."""
    try:
        exchange(name)
        tops = {top for _, _, top in captures(name)[0][1]}
        reach = {top: max_position(name, "BTC", top, price=entry_price()) for top in tops}
    except ValueError:
        pytest.skip("its tiers are not counted in a coin of known size")
    for top, size in reach.items():
        if size is None or math.isinf(size):
            continue
        assert allowed(name, size) >= top * (1 - 1e-9)
        more = allowed(name, size + 1)
        assert more is None or more < top
    assert max(tops) <= max_leverage(name) * (1 + 1e-9)


@pytest.mark.parametrize("book", BOOKS)
def test_shorts_are_deleveraged_when_the_fund_is_empty_or_nobody_bids(book):
    """The chapter's rule, at every step and with every fund; and the sentence says which of the two it is."""
    slider = panels.venue().controls
    for fund in slider["fund"].stops:
        before = 0.0
        for move in reversed(slider["move"].stops):
            panel = panels.venue(move=move, book=book, fund=fund)
            r, said = panel.result, panel.sentence
            if r.adl > before + 1e-9:
                assert r.fund == 0 or book == "empty", f"{move} {fund}: {said}"
            before = r.adl
            assert ("Nobody bids" in said) == (book == "empty" and r.adl > 0)
            assert bool(re.search(r"The fund holds \$0[,;]", said)) == (round(r.fund, 2) == 0)
            taken = [name for name, coins in r.taken.items() if coins > 1e-9]
            assert f"{len(taken)} of 6 shorts deleveraged" in said and all(name in said for name in taken)
            assert r.adl == pytest.approx(sum(r.taken.values())) and r.market + r.adl == pytest.approx(
                sum(LONGS[name][1] for name in r.ends)
            )


def test_the_three_figures_of_the_hedge_add_up_as_they_are_shown():
    drawing = panels.hedged_coins().picture()
    for state, panel in moved("hedged_coins"):
        drawing.pixels(panel.result)
        coins, short, both = (
            round(100 * float(text.get_text().replace("−", "-").replace("$", "").replace("+", "").replace(",", "")))
            for text in drawing.figures.texts
        )
        assert abs(coins + short - both) <= 1, f"{state}: {panel.sentence}"


def test_a_trade_never_takes_more_than_its_margin():
    for margin, leverage, days in itertools.product((1, 100, 100_000), (2, 50, 100, 500), (0, 1, 30)):
        for t in panels.one_trade.model(margin, leverage, days, "cost").known:
            assert 0 <= t.gone <= 1 and (t.used_up is None) == (t.gone < 1)
            assert t.used_up is None or 0 <= t.used_up <= days + 1e-9
            assert (2 * t.fee + t.funding) / margin == pytest.approx(t.gone) or 2 * t.fee > margin


def test_how_many_days_a_margin_lasts_by_hand():
    # $100 at 500x on MEXC: 0.02 % of $50,000 twice is $20, and 0.03 % a day is $15: (100 − 20) / 15 days.
    (mexc,) = panels.one_trade.model(100, 500, 30, "name").known
    assert (mexc.name, mexc.used_up, mexc.gone) == ("MEXC", pytest.approx(80 / 15), 1)
    panel = panels.one_trade(leverage=500, days=30)
    assert (
        "price unchanged: $100 (MEXC, 100\u00a0% of the margin)." in panel.sentence
        and "by day 5.3 at the latest; the position is liquidated before that" in panel.sentence
    )
    assert "of funding" not in panel.sentence


# --- what a picture says beside its numbers


def picture(name, /, **state):
    panel = panels.ALL[name](**state)
    drawing = panel.picture()
    drawing.pixels(panel.result)
    return drawing


def test_a_stop_and_a_liquidation_at_one_price_are_a_liquidation_on_both_sides():
    for side in ("long", "short"):  # 500x: 0.2 % − 0.1 % is where the stop stands
        panel = panels.before_stop(side=side)
        assert (
            panel.result.first == "liquidation"
            and "we count the tie against you" in panel.sentence
            and panel.result.lost == pytest.approx(11)
        )


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"leverage": 1.9},
        {"crash": "2021", "leverage": 25},
        {"side": "short", "hour": 23, "leverage": 50},
        {"side": "short", "hour": 12, "leverage": 25},
    ],
)
def test_every_line_of_a_crash_has_its_name(state):
    """In the order of the lines, and within the height of the picture."""
    drawing = picture("crash", **state)
    low, high = drawing.axes.get_ylim()
    named = {rung: text for rung, text in drawing.names.items() if text.get_text()}
    assert set(named) == {rung for rung, line in drawing.rungs.items() if len(line.get_ydata())} and len(named) >= 2
    heights = [(drawing.rungs[rung].get_ydata()[0], text.get_position()[1]) for rung, text in named.items()]
    heights.append((drawing.entry.get_ydata()[0], drawing.entry_word.get_position()[1]))
    assert [name for _, name in sorted(heights)] == sorted(name for _, name in heights)
    assert all(low < name < high for _, name in heights)
    # From each cross a thin line leads on to the name.
    crosses = [mark.get_data() for mark in (*drawing.marks.values(), drawing.cross) if len(mark.get_xdata())]
    x, y = (data[::3].tolist() for data in drawing.leads.get_data())
    assert sorted(zip(x, y)) == sorted((float(at[0]), float(height[0])) for at, height in crosses)


def test_a_liquidation_off_the_scale_has_an_arrow_and_its_neighbour_stays_at_its_line():
    drawing = picture("one_path")
    low, high = drawing.price.get_ylim()
    assert drawing.names["cross"][1].get_text() == "cross −49.75\u00a0% ↓"
    line = drawing.ends["isolated"].get_ydata()[0]
    name, word = (drawing.names["isolated"][n].get_position()[1] for n in (0, 1))
    assert (name + word) / 2 == pytest.approx((line - low) / (high - low))
    above = picture("one_path", side="short", name="falls and goes on")
    assert [above.names[mode][1].get_text()[-1] for mode in above.names] == ["↑", "↑"]
    assert all(
        above.names[mode][2].get_text() == f"{mode} $2,100 ↑" for mode in above.names
    )  # the scale ends at $1,340


def test_a_grey_ground_holds_its_own_label():
    for name, leverage in (("KuCoin", 20), ("KuCoin", 100), ("OKX", 50), ("Bitget", 75), ("Binance", 50)):
        drawing = picture("tiers", exchange=name, leverage=leverage)
        if drawing.limit.get_text():
            words, ground = drawing.limit.get_window_extent(), drawing.forbidden.get_window_extent()
            assert ground.x0 <= words.x0 and words.x1 <= ground.x1
    assert picture("tiers", exchange="KuCoin").limit.get_text() == "no 20x here"


def test_the_added_room_begins_where_the_first_ends():
    drawing = picture("adding")
    added, own = (drawing.bars["with more margin"][kind] for kind in ("free", "isolated"))
    assert added.get_x() + added.get_width() == pytest.approx(own.get_x()) == pytest.approx(95 / 0.995 / 100 - 1)


def test_only_what_is_larger_is_called_magnified():
    assert (
        picture("first_touch", leverage=1).lens_word.get_text()
        == picture("first_touch", leverage=2).lens_word.get_text()
        == "your margin"
    )
    assert picture("first_touch", leverage=3).lens_word.get_text() == "your margin, magnified"


def test_who_stayed_within_the_room_is_said_where_it_is_stablecoins():
    # Five within ±0.2 %: USDT 0.01, USDC 0.00, USDe 0.00, DAI −0.03, and LEO 0.13.
    assert panels.room(leverage=500).sentence.endswith(
        "Of the 5 that did not, 4 are stablecoins (USDT, USDC, USDe, DAI), made to stay at a dollar."
    )
    assert "stablecoins" not in panels.room(leverage=20).sentence


def test_a_long_life_is_not_called_short():
    assert "fewer than half were gone after 90 days" in panels.lifetime(leverage=2).sentence
    assert "half were gone between 4 hours and 8 hours" in panels.lifetime(leverage=100).sentence


def test_both_wallets_are_called_wallet():
    for name in ("two_modes", "plane"):
        panel = panels.ALL[name]()
        assert panel.controls["account"].label == "wallet" and "a wallet of" in panel.sentence.lower().replace(
            "on a", "a"
        )
