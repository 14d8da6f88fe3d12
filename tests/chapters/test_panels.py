"""Panels: every control to both ends and odd corners, the saved form, bad input, nothing left behind."""

import itertools
import re
from base64 import b64decode
from html import unescape
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pictures import assert_readable, drawn
from PIL import Image
from soak import SOAK, few

from leverage_lab.classroom import panels
from leverage_lab.panelkit import stage
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, ladder, steps
from leverage_lab.panelkit.panel import Panel
from leverage_lab.panelkit.result import Result

CHAPTERS = Path(__file__).resolve().parents[2] / "src" / "leverage_lab" / "chapters"
LIVE = "application/vnd.jupyter.widget-view+json"
every_panel = pytest.mark.parametrize("name", panels.ALL)


def test_a_panel_is_the_file_of_its_name():
    files = {file.stem: file for file in CHAPTERS.glob("*/*.py") if "Recipe(" in file.read_text(encoding="utf-8")}
    assert sorted(files) == sorted(panels.ALL)
    for name, recipe in panels.ALL.items():
        assert recipe is getattr(panels, name) and recipe.model.__module__.split(".")[-2:] == [
            files[name].parent.name,
            name,
        ]


def sweep(panel):
    """All corners of one control at a time, then every combination of ends; thinned to at most 300."""
    controls = panel.controls
    ends = [[c.corners()[0], c.corners()[-1]] for c in controls.values()]
    single = [{name: value} for name, c in controls.items() for value in c.corners()]
    return single + [dict(zip(controls, combination)) for combination in itertools.product(*ends)][:300]


@every_panel
def test_sweep(name):
    """Every state has a sentence with numbers, no nan or inf in it."""
    panel = panels.ALL[name]()
    seen = set()
    for state in sweep(panel):
        panel.reset()
        panel.set(**state)
        sentence = panel.sentence
        assert re.search(r"\d", sentence) and not re.search(r"\b(nan|inf|None|e[-+]\d)\b", sentence), sentence
        assert sentence.endswith("."), sentence
        seen.add(sentence)
    assert len(seen) > len(panel.controls)


@every_panel
def test_every_step_of_every_control_shows(name):
    """A slider that does nothing, or a picture that does not follow: each step changes sentence or picture."""
    panel = panels.ALL[name]()
    drawing = panel.picture()
    for control in panel.controls.values():
        stops = control.stops if isinstance(control, Slider) else control.options
        panel.reset()
        for step in few(itertools.pairwise(stops), 8):
            one, other = [panel.set(**{control.name: stop}).result for stop in step]
            assert one.sentence != other.sentence or drawing.png(one) != drawing.png(other), (
                f"{name}: the step of {control.name} from {step[0]} to {step[1]} shows nothing"
            )


@every_panel
def test_the_words_in_the_picture_can_be_read(name):
    """At any end of any control there is ink; no text is cut at an edge, none on top of another, none under 11 pt."""
    panel = panels.ALL[name]()
    drawing = panel.picture()
    for state in sweep(panel):
        panel.reset()
        panel.set(**state)
        assert_readable(drawing, panel.result, f"{name} {state}")


@pytest.mark.parametrize("va", ["top", "center", "bottom", "baseline"])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
def test_text_drawn_from_stored_letters_stands_where_matplotlib_puts_it(ha, va):
    """The ink of both, compared: within two pixels at every edge."""

    class One(Picture):
        def draw(self):
            text = self.figure.text(
                0.5, 0.5, "−$1,850 lost 0.2\u00a0%", fontsize=21, fontweight="bold", ha=ha, va=va, parse_math=False
            )
            self.text = self.moving(text) if self.stamped else text

        def move(self, result):
            pass

    edges = []
    for stamped in (True, False):
        dark = (type("", (One,), {"stamped": stamped})().pixels(None)[:, :, 0] < 128).nonzero()
        edges.append([part(axis) for axis in dark for part in (min, max)])
    assert edges[0] == pytest.approx(edges[1], abs=2)


def test_money_in_a_picture_is_no_formula():
    class Money(Picture):
        def draw(self):
            self.text = self.moving(self.figure.text(0, 0, ""))

        def move(self, result):
            self.text.set_text("$10 of $100")

    picture = Money()
    picture.pixels(None)
    assert picture.text.get_parse_math() is False


@every_panel
def test_saved_form(name):
    """The MIME bundle: live view, the sentence as text, a picture with the sentence as its alt text and below it."""
    panel = panels.ALL[name]()
    data, metadata = panel._repr_mimebundle_()
    assert (
        data["text/plain"] == panel.sentence
        and data[LIVE]["model_id"]
        and set(data) == {"text/plain", "text/html", LIVE}
    )
    saved = (
        r'<img alt="([^"<>]*)" width="(\d+)" '
        r'src="data:image/png;base64,([^"]+)">\n<p>([^$]*?)</p>(?:\n<p><small>(.+)</small></p>)?\n'
        r"<details><summary>How is this computed\?</summary><ol>([^$]+)</ol><pre><code>(.+)</code></pre></details>"
    )
    alt, width, png, below, line, steps, code = re.fullmatch(saved, data["text/html"], flags=re.DOTALL).groups()
    words = unescape(re.sub("<span>|</span>", "", steps)).removeprefix("<li>").removesuffix("</li>").split("</li><li>")
    assert tuple(words) == panel.computed.steps and unescape(code) == panel.computed.code()
    assert (
        unescape(alt) == panel.sentence == unescape(re.sub("<.*?>", "", below))
        and unescape(line or "") == panel.result.dates.line()
    )
    assert Image.open(BytesIO(b64decode(png))).size == (2 * int(width), round(200 * panel.picture.height))


@every_panel
def test_moves_leave_nothing_behind(name):
    """Many moves: no figure registered with pyplot, no growing list of artists, one picture at a time."""
    import matplotlib.pyplot as plt

    panel = panels.ALL[name]()
    panel.widget
    artists = len(panel._drawing.figure.findobj())
    for state in itertools.islice(itertools.cycle(sweep(panel)), 200 if SOAK else 10):
        panel.set(**state)
    panel.reset()  # an axis has as many ticks as it needs there
    assert plt.get_fignums() == []
    assert len(panel._drawing.figure.findobj()) == artists
    assert bytes(panel.widget.picture).startswith(b"\x89PNG")


def test_a_move_draws_only_what_moves(monkeypatch):
    """The background is drawn once, not at every move."""
    panel = panels.payoff()
    panel.widget
    drawn = []
    monkeypatch.setattr(panel._drawing.canvas, "draw", lambda: drawn.append(1))
    for leverage in (5, 20, 50):
        panel.set(leverage=leverage)
    assert drawn == []


def test_the_background_is_drawn_again_when_its_frame_changes():
    """A picture that has been moved shows the same as a fresh one, pixel by pixel."""
    models = panels.same_position().model, panels.same_margin().model
    there, back = (model(leverage=20, move=-0.02) for model in models)
    moved, fresh = panels.same_position().picture(), panels.same_position().picture()
    moved.pixels(there)
    assert not np.array_equal(moved.pixels(there).copy(), fresh.pixels(back))
    assert np.array_equal(moved.pixels(back), fresh.pixels(back))


numbers = itertools.count(1)


def ask(panel, scale=1, reset=False, open=False, **moves):
    """What the page sends when controls were moved; returns what it is shown then, by control."""
    ticket = ["a page", next(numbers)]
    question = {"moves": moves, "reset": reset, "scale": scale, "open": open, "ticket": ticket}
    panel.widget._handle_custom_msg(question, [])
    assert panel.widget.ticket == ticket
    return panel.widget.shown


def test_slider_box_and_picture_move_together():
    panel = panels.first_touch()
    picture, sentence = panel.widget.picture, panel.widget.sentence
    last = len(panel.controls["leverage"].stops) - 1
    assert (
        ask(panel, leverage={"stop": last})["leverage"] == {"text": "500x", "stop": last, "exact": True}
        and panel.values["leverage"] == 500
    )
    assert (
        panel.widget.picture != picture and panel.widget.sentence != sentence and "$10 at 500x" in panel.widget.sentence
    )
    assert ask(panel, leverage={"text": "37"})["leverage"] == {
        "text": "37x",
        "stop": panel.controls["leverage"].nearest(37),
        "exact": False,
    }
    assert panel.values["leverage"] == 37
    ask(panel, reset=True)
    assert (
        panel.values == {"margin": 10, "leverage": 20}
        and panel.widget.picture == picture
        and panel.widget.sentence == sentence
    )
    shown = ask(
        panel, reset=True, leverage={"text": "30"}, margin={"stop": 0}
    )  # all that was moved while the kernel was busy
    assert panel.values == {"margin": 1, "leverage": 30} and shown["leverage"]["text"] == "30x"


def test_how_it_is_computed_comes_while_the_page_shows_it():
    """Closed, it costs no byte; open, it belongs to the state it comes with, prefetched ones too."""
    panel, sent = panels.first_touch(), []
    ask(panel, leverage={"stop": 3})
    assert panel.widget.computed == []
    ask(panel, open=True)
    line = 'isolated_pnl("long", quantity(10, 4, 100), 100, 99, 10)'
    assert panel.widget.computed[0].splitlines()[-1] == line
    assert panel.widget.computed[1] == "position = margin × leverage = $10 × 4 = $40"
    panel.set(leverage=25)
    assert "quantity(10, 25, 100)" in panel.widget.computed[0]
    panel.widget.send = lambda content, buffers: sent.append(content)
    panel.widget._handle_custom_msg({"ahead": "leverage", "stops": [0, 1], "open": True}, [])
    assert [state["computed"][0].splitlines()[-1] for state in sent[0]["ahead"]] == [
        'isolated_pnl("long", quantity(10, 1, 100), 100, 99, 10)',
        'isolated_pnl("long", quantity(10, 2, 100), 100, 99, 10)',
    ]
    ask(panel, leverage={"stop": 3})
    assert panel.widget.computed == []


def test_moves_from_code_show_in_the_page():
    panel = panels.first_touch()
    picture = panel.widget.picture
    panel.set(leverage=25)
    assert (
        panel.widget.shown["leverage"]["text"] == "25x"
        and "$10 at 25x" in panel.widget.sentence
        and panel.widget.picture != picture
    )


def test_an_answer_is_one_message(monkeypatch):
    """Sentence and picture in two messages could stand side by side for a moment without belonging together."""
    panel, sent = panels.first_touch(), []
    monkeypatch.setattr(panel.widget.comm, "send", lambda data, buffers: sent.append((data, buffers)))
    ask(panel, leverage={"stop": 3})
    ((data, buffers),) = [(d, b) for d, b in sent if d["method"] == "update"]
    assert set(data["state"]) == {
        "shown",
        "refused",
        "sentence",
        "dates",
        "computed",
        "scale",
        "ticket",
    }  # whole: the page may have missed the one before
    assert data["buffer_paths"] == [["picture"]] and len(buffers) == 1


def test_a_question_asked_again_is_told_again_and_not_done_twice(monkeypatch):
    """Its answer was lost: the whole state again, with its ticket. It was late, and the page has asked another since:
    nothing is done."""
    panel, sent = panels.first_touch(), []
    monkeypatch.setattr(panel.widget.comm, "send", lambda data, buffers: sent.append((data.get("state", {}), buffers)))
    clock = iter((100, 100, 130, 130, 131, 160, 160, 190))
    monkeypatch.setattr(stage.time, "monotonic", lambda: next(clock))
    first, second = (
        {"moves": {"leverage": {"stop": stop}}, "scale": 1, "ticket": ["a page", number]}
        for number, stop in ((1, 3), (2, 5))
    )

    def hear(question):
        sent.clear()
        panel.widget._handle_custom_msg(question, [])
        return [
            (state["ticket"], state["shown"]["leverage"]["text"], bytes(buffers[0]))
            for state, buffers in sent
            if "ticket" in state
        ]

    (answer,) = hear(first)  # done at 100
    assert answer[:2] == (["a page", 1], "4x")
    assert hear(first) == []  # at 100, from the same queue
    assert hear(first) == [answer]  # at 130
    ((ticket, shown, _),) = hear(second)  # at 131
    assert (ticket, shown) == (["a page", 2], "6x") and panel.values["leverage"] == 6
    assert hear(first) == [] and panel.values["leverage"] == 6  # at 160, on its way for a minute
    (answer,) = hear(first | {"ticket": ["another view", 1]})  # with numbers of its own
    assert answer[:2] == (["another view", 1], "4x")


def test_an_error_in_a_model_does_not_leave_the_page_waiting():
    def model(margin):
        if margin == 3:
            raise ZeroDivisionError
        return Result(sentence=f"{margin:g}.")

    panel = Panel(model, Blank, [Slider("margin", "margin", steps(0, 10, 1), 1)], None)
    panel.widget.log.disabled = True  # the dispatcher logs it
    assert ask(panel, margin={"stop": 3})["margin"]["text"] == "1" and panel.values["margin"] == 1
    panel.widget.log.disabled = False


def test_a_state_asked_for_ahead_is_the_one_that_comes_and_changes_nothing(monkeypatch):
    panel, sent = panels.first_touch(), []
    monkeypatch.setattr(
        panel.widget, "send", lambda content, buffers: sent.append((content["ahead"], buffers, content["scale"]))
    )
    before = panel.widget.get_state(), panel.values, panel.result
    panel.widget._handle_custom_msg({"ahead": "leverage", "stops": [3, 20]}, [])
    assert (panel.widget.get_state(), panel.values, panel.result) == before
    ((states, pictures, scale),) = sent
    assert scale == 1
    for stop, state, picture in zip((3, 20), states, pictures, strict=True):
        assert (
            ask(panel, leverage={"stop": stop}) == state["shown"]
            and panel.widget.sentence == state["sentence"]
            and panel.widget.picture == picture
        )
        assert panel.widget.dates == state["dates"]


def test_states_the_model_refuses_are_not_given_ahead(monkeypatch):
    def model(margin):
        if margin > 5:
            raise ValueError("too much")
        return Result(sentence=f"{margin:g}.")

    panel, sent = Panel(model, Blank, [Slider("margin", "margin", steps(0, 10, 1), 1)], None), []
    monkeypatch.setattr(
        panel.widget, "send", lambda content, buffers: sent.append([state["sentence"] for state in content["ahead"]])
    )
    panel.widget._handle_custom_msg({"ahead": "margin", "stops": [4, 5, 6]}, [])
    assert sent == [["4.", "5."]]


def test_only_a_value_right_on_a_stop_has_a_place_of_its_own():
    """The page stores pictures by stop: 37x would get the picture of the stop nearest to it."""
    panel = panels.first_touch()
    assert (
        ask(panel, leverage={"text": "37"})["leverage"]["exact"] is False
        and ask(panel, leverage={"text": "40"})["leverage"]["exact"] is True
    )


def test_a_dense_screen_gets_a_dense_picture():
    panel = panels.first_touch()
    sizes = []
    for scale in (1, 2, 1):
        ask(panel, scale=scale)
        sizes.append((*Image.open(BytesIO(panel.widget.picture)).size, panel.widget.scale))
    assert sizes == [(700, 420, 1), (1400, 840, 2), (700, 420, 1)]


class Blank(Picture):
    def draw(self):
        pass

    def move(self, result):
        pass


NONSENSE = [
    ("abc", "leverage must be a number from 1x to 500x, got 'abc'"),
    ("0", "leverage must be a number from 1x to 500x, got '0'"),
    ("-5", "leverage must be a number from 1x to 500x, got '-5'"),
    ("501", "leverage must be a number from 1x to 500x, got '501'"),
    ("nan", "leverage must be a number from 1x to 500x, got 'nan'"),
    ("1e400", "leverage must be a number from 1x to 500x, got '1e400'"),
    ("5 %", "leverage must be a number from 1x to 500x, got '5 %'"),
    ("", "leverage must be a number from 1x to 500x, got ''"),
]


@pytest.mark.parametrize("typed, sentence", NONSENSE)
def test_nonsense_gets_a_sentence_and_the_picture_stays(typed, sentence):
    panel = panels.first_touch()
    before = panel.widget.picture, panel.widget.sentence, panel.values
    ask(panel, leverage={"text": typed}, margin={"stop": 9})  # the tenth stop is 10, where it stands
    assert panel.widget.refused == {"leverage": f"{sentence}. The picture still shows 20x."}
    assert (panel.widget.picture, panel.widget.sentence, panel.values) == before
    ask(panel, leverage={"text": "30"})
    assert panel.widget.refused == {} and panel.values["leverage"] == 30


def test_values_that_only_clash_together_get_the_models_sentence():
    def model(margin, account):
        if margin > account:
            raise ValueError(f"margin must be at most {account:g}, got {margin:g}")
        return Result(sentence=f"{margin:g} of {account:g}.")

    controls = [Slider("margin", "margin", steps(0, 10, 1), 1), Slider("account", "account", steps(5, 10, 1), 10)]
    panel = Panel(model, Blank, controls, None)
    ask(panel, account={"text": "5"})
    ask(panel, margin={"text": "7"})
    assert "margin must be at most 5, got 7" in panel.widget.refused["margin"] and panel.values["margin"] == 1
    with pytest.raises(ValueError, match="at most 5, got 7"):
        panel.set(margin=7)


def test_panels_from_code():
    assert panels.bought(leverage=20).values["leverage"] == 20
    for wrong, sentence in (
        ({"leverage": 0}, "leverage must be a number from 1x to 500x, got 0x"),
        ({"leverage": float("nan")}, "leverage must be a number from 1x to 500x, got nan"),
        ({"leverage": "ten"}, "leverage must be a number from 1x to 500x, got 'ten'"),
        ({"speed": 3}, "control must be one of account, margin, leverage, move; got 'speed'"),
    ):
        with pytest.raises(ValueError) as error:
            panels.bought(**wrong)
        assert str(error.value) == sentence
    with pytest.raises(ValueError, match="asset must be 'BTC', 'ETH'"):
        panels.room(asset="DOGGO")
    with pytest.raises(ValueError, match="rounds must be a whole number, got 2.5"):
        panels.rounds(pairs=2.5)


def test_controls():
    assert ladder(1, 25) == (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25)
    assert steps(-0.1, 0.1, 0.05) == (-0.1, -0.05, 0, 0.05, 0.1)
    move = Slider("move", "price move", steps(-0.1, 0.1, 0.05), 0, "%")
    assert move.accept("5") == move.accept("5 %") == move.accept(0.05) == 0.05  # a box in percent reads percent
    assert move.accept("−5") == -0.05
    assert Choice("side", "side", ("long", "short"), "long").accept("short") == "short"


def test_the_three_percentages_by_hand():
    """$300 at 3x is $900; −5 % is −$45: −15 % of the margin, −4.5 % of $1,000."""
    from leverage_lab.chapters.leverage.bought import model as bought

    result = bought(account=1000, margin=300, leverage=3, move=-0.05)
    assert (result.notional, result.pnl) == (pytest.approx(900), pytest.approx(-45))
    assert (result.roe, result.account_change) == (pytest.approx(-0.15), pytest.approx(-0.045))
    plain = result.sentence.replace("\u00a0", " ")
    assert (
        plain == "$300 at 3x is a position of $900. The price falls 5 %: −$45, which is −15 % of the margin "
        "and −4.5 % of the $1,000 account, before fees."
    )


def at(dot):
    return [float(values[0]) for values in dot.point.get_data()]


def test_what_is_drawn_is_what_was_computed():
    """Marks and bars against hand calculation: the picture cannot say something else than the sentence."""
    bought = drawn(panels.bought(account=1000, margin=100, leverage=20, move=-0.005))  # −10 % of the margin
    assert bought.slice.get_width() == pytest.approx(1 / 20)
    assert (bought.lost_bar.get_width(), bought.left_bar.get_width(), bought.gain_bar.get_width()) == pytest.approx(
        (0.05, 0.45, 0)
    )
    payoff = drawn(panels.payoff(side="short", leverage=10, move=0.03))
    assert at(payoff.dot) == pytest.approx([0.03, -0.3])
    x, y = payoff.lines["long"].get_data()
    assert y[abs(x - 0.05).argmin()] == pytest.approx(0.5) and y[0] == pytest.approx(-1)
    same = drawn(panels.same_position(leverage=20, move=-0.02))
    assert at(same.dot) == pytest.approx([-0.02, -100]) and same.line.get_ydata()[0] == pytest.approx(-250)
    fan = drawn(panels.same_margin(leverage=50, move=0.05))
    assert at(fan.dot) == pytest.approx([0.05, 250]) and fan.line.get_ydata()[0] == pytest.approx(-100)
    room = drawn(panels.room(leverage=500))
    assert (len(room.outside.get_xdata()), len(room.inside.get_xdata()), room.band.get_width()) == (
        25,
        5,
        pytest.approx(0.004),
    )
    assert room.ring.get_xdata()[0] == pytest.approx(0.0068)
    inverse = drawn(panels.inverse(leverage=1, move=1))
    assert [at(dot) for dot in inverse.dots] == [pytest.approx([1, 1]), pytest.approx([1, 0.5])]
    rounds = drawn(panels.rounds(leverage=2, move=0.25, pairs=1))  # 100 × 1.5 × 0.5, and 100 × 1.25 × 0.75
    assert list(rounds.path.get_ydata()) == pytest.approx([100, 150, 75]) and list(
        rounds.spot.get_ydata()
    ) == pytest.approx([100, 125, 93.75])


def test_what_leaves_the_picture_is_an_arrow_with_its_value():
    payoff = drawn(panels.payoff(side="short", leverage=50, move=-0.08))
    assert payoff.dot.point.get_marker() == "^" and payoff.dot.value.get_text().replace("\u00a0", " ") == "+400 %"
    assert at(payoff.dot)[1] < 1.6
    inside = drawn(panels.payoff())
    assert inside.dot.point.get_marker() == "o" and inside.dot.value.get_text() == ""


def test_no_percentage_goes_below_what_was_put_in():
    """$10 of $100 at 500x, −0.5 %: −250 % on paper, −100 % of the margin, −10 % of the account."""
    result = panels.bought(move=-0.005).result
    assert (result.roe, result.account_change, result.pnl) == (
        pytest.approx(-1),
        pytest.approx(-0.1),
        pytest.approx(-10),
    )
    assert result.paper == pytest.approx(-25)


SENTENCES = {
    # By hand: 5,000 × 0.005 = 25 on paper, but only 10 were put in; 10 of 100 is 10 %.
    (
        "bought",
        (("move", -0.005),),
    ): (
        "−$25 on paper, but the margin was used up at −0.2 % and the position closed. $10 is lost: −100 % of the "
        "margin, −10 % of the $100 account."
    ),
    # 5,000 / 20 = 250; 5,000 × 0.02 = 100; 100 / 250 = 40 %; 100 / 1,000 = 10 %.
    (
        "same_position",
        (),
    ): (
        "$5,000 at 20x locks $250 of the $1,000. The price falls 2 %: −$100, which is −40 % of the margin and −10 % of "
        "the $1,000 account, before fees."
    ),
    # 100 × 20 = 2,000; 2,000 × 0.02 = 40.
    (
        "same_margin",
        (),
    ): (
        "$100 at 20x is a position of $2,000. The price falls 2 %: −$40, which is −40 % of the margin and −4 % of the "
        "$1,000 account, before fees."
    ),
    # Linear −50 %; inverse 1 − 1/0.5 = −100 %.
    (
        "inverse",
        (("move", -0.5),),
    ): "−50 % of the margin in dollars on the linear contract, −100 % of the margin in coins on the inverse one.",
    # 100 × (1.5 × 0.5)^3 = 42.1875; 100 × (1.05 × 0.95)^3 = 99.2519; 100 / 42.1875 = 2.37037.
    (
        "rounds",
        (("leverage", 10), ("move", 0.05), ("pairs", 3)),
    ): "$100 becomes $42.19 ($99.25 without leverage). To be back at $100 takes +137.04 %.",
    # 10 × 500 / 114,400; 0.68 / 0.2 = 3.4; the five within ±0.2 % are USDT, USDC, USDe, DAI and LEO.
    (
        "room",
        (),
    ): (
        "$10 at 500x buys 0.0437063 BTC at $114,400, a position of $5,000. A move of 0.2 % against you uses up the "
        "margin. In the 24 hours before 4 August 2025 Bitcoin moved +0.68 %, 3.4 times that room; of all 30 assets 25 "
        "moved further than 0.2 %."
    ),
}


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case[0])
def test_sentences_against_hand_calculation(case):
    name, state = case
    assert SENTENCES[case] in panels.ALL[name](**dict(state)).sentence.replace("\u00a0", " ")


def test_the_same_position_costs_the_same_and_the_same_margin_does_not():
    losses = {
        name: [panels.ALL[name](leverage=L, move=-0.005).result.pnl for L in (5, 20, 100)]
        for name in ("same_position", "same_margin")
    }
    assert losses["same_position"] == pytest.approx([-25, -25, -25])
    assert losses["same_margin"] == pytest.approx([-2.5, -10, -50])
