"""The card “My exchange shows …”: what is typed, what is answered, and what a box says of bad input."""

import re

import pytest
from card_hands import press, words

from leverage_lab.classroom import my_exchange_shows
from leverage_lab.classroom.shown_card import ROWS, last_digit

BYBIT = {"exchange": "Bybit", "entry": "20,000", "quantity": "1", "leverage": "50x"}


def said(number, what="liquidation price", **position):
    return str(my_exchange_shows(number, what, **position))


def test_a_published_price_is_answered_with_its_sum_and_what_it_proves():
    """Bybit's help page prints 19,700: 20,000 (1 − 1/50 + 0.005). The loss is 300, 0.5 % of 20,000 are left: 100."""
    widget = my_exchange_shows().widget
    press(widget, "Search", **BYBIT, shown="19,700")
    text = words(widget)
    assert "3 rule sets give $19,700. Your exchange's own page must say whether it uses one of them." in text
    assert "maintenance of 0.5 % on the entry value (as Bybit had it, 2020)" in text.replace("\u00a0", " ")
    assert "has lost $300" in text and "Another closing fee, or none, changes nothing" in text
    assert re.search(r"568 rule sets were tried; they give about \d+ % of the numbers near this one", text)


def test_where_nothing_gives_it_the_nearest_say_what_would_have_to_be():
    """Binance, (5000 − 200) / 0.0996 = 48,192.77; for 48,500 the left 50 less 48.5 × 0.4 … are 30.6 too much."""
    text = said("48,500.03", exchange="Binance", coin="btc", entry="50k", quantity="0.1", leverage="25")
    assert "No rule set in the tables gives $48,500.03." in text and "that is $48,192.77" in text
    assert "the margin would have to be $30.60 smaller (funding or fees paid from it)" in text
    assert "gives" not in text.split("Nearest")[1].replace("No margin above 0 gives", "")


def test_a_known_slip_is_named():
    text = said("48,000.00", exchange="Binance", coin="BTC", entry="50000", quantity="0.1", leverage="25")
    assert "it is the bankruptcy price: maintenance margin is left out" in text
    text = said("0.1", "fee of one trade", exchange="Binance", entry="5000", quantity="1", leverage="25")
    assert "it is charged on the margin; a fee is charged on the whole value" in text  # 0.05 % of $200, not of $5,000


def test_what_the_tables_lack_is_said_by_name():
    text = said("48,200.00", exchange="BitMEX", coin="SOL", entry="50000", quantity="0.1", leverage="25")
    assert text.endswith("Not known for BitMEX: taker fee, tiers of SOL (those of its other contracts were tried).")


def test_a_number_that_proves_nothing_is_called_so():
    text = said("8.1", entry="10", quantity="1", leverage="5")
    assert "they give nearly every number near this one, so this proves nothing" in text


BAD = {
    "shown": ("abc", "The number your exchange shows must be a number, such as 48,192.77, got 'abc'."),
    "entry": ("5 %", "The entry price must be a number above 0, such as 50,000, got '5 %'."),
    "quantity": ("−3", "The quantity must be above 0, got -3."),
    "leverage": ("0.5", "The leverage must be at least 1, got 0.5."),
    "maintenance": ("0", "The maintenance shown must be above 0, got 0."),
    "taker": ("50 %", "The taker fee must be from −10 % to 10 %, such as 0.05 %, got '50 %'."),
    "coin": ("<b>", "The coin must be up to 12 letters and digits, such as BTC, got '<b>'."),
}


@pytest.mark.parametrize("box", BAD)
def test_bad_input_is_one_sentence_and_stays_in_its_box(box):
    typed, sentence = BAD[box]
    widget = my_exchange_shows("19,700", **BYBIT).widget
    press(widget, "Search", **{box: typed})
    assert words(widget).strip().endswith(sentence) and widget.held[box] == typed


def test_margin_that_was_added_is_counted_once():
    """Bybit's help centre: 3,000 added to a long of 1 BTC from 40,000 at 50x, shown 36,380.25."""
    example = {"exchange": "Bybit", "entry": "40,000", "quantity": "1", "leverage": "50x", "added": "3,000"}
    assert "One rule set gives $36,380.25." in said("36,380.25", **example)
    both = said("36,380.25", **example, margin="3,821.56")
    assert both.endswith("Give either the margin shown, which includes it, or what was added later, not both.")


@pytest.mark.parametrize("name", ["leverage", "entry"])
def test_what_is_missing_is_asked_for(name):
    text = said("19,700", **BYBIT | {name: ""})
    what = "the leverage or the margin" if name == "leverage" else "the entry price"
    assert text.endswith(f"Also give {what}: the liquidation price depends on it.")


def test_numbers_beyond_floats_and_fees_of_nothing_get_their_sentence():
    assert said("1e300", entry="1", quantity="1e300", margin="1e-300", contract="inverse").endswith("to compute with.")
    text = said("7", "fee of one trade", exchange="MEXC", entry="5000", quantity="1")  # its maker fee is 0
    assert "For $7 the fee would have to be 0.14\u00a0%." in text


def test_a_word_that_is_none_is_a_message_and_no_error():
    assert str(my_exchange_shows("1", exchange="FTX")).startswith("Exchange must be 'not said', 'MEXC', 'Binance'")
    assert "got 'foo'" in str(my_exchange_shows("1", foo=3)) and "got 'up'" in str(my_exchange_shows("1", side="up"))


def test_cross_asks_for_the_wallet_and_shows_its_boxes():
    """Binance's documented position: 13,200.71 of wallet under 20 BTC from 6,563.665, shown 5,930.78."""
    widget = my_exchange_shows("5930.78", exchange="Binance", entry="6563.665", quantity="20").widget
    assert set(widget.hidden) == {"cross", "prices"}
    press(widget, "mode", mode="cross")
    assert set(widget.hidden) == {"isolated", "prices"} and set(widget.hidden) < set(ROWS)
    press(widget, "Search")
    assert words(widget).strip().endswith("Also give the wallet: the liquidation price depends on it.")
    press(widget, "Search", wallet="13200.70726908")
    assert "0.5\u00a0% of $118,615.67 − $50" in widget.says["found"]


def test_what_stands_beside_the_price_is_an_input_of_its_own():
    """BitMEX, in ccxt's source: 1,963 − (13.125928 − 0.435787) / 0.02 = 1,328.49; and HyperionX's printed one,
    whose owner types the taker fee of 0.08 %."""
    position = {"entry": "1963", "quantity": "0.02", "margin": "13.125928"}
    assert "No rule set in the tables gives $1,328.50." in said("1328.50", exchange="BitMEX", **position)
    text = said("1328.49", exchange="BitMEX", **position, maintenance="0.435787")
    assert (
        "One rule set gives $1,328.49." in text and "the $0.436 left is the maintenance margin that is shown." in text
    )
    text = said("1300.00", exchange="BitMEX", **position, maintenance="0.435787")
    assert "Nearest: the maintenance margin that is shown, the same at every price; that is $1,328.49." in text
    for typed in ("0.08 %", "0.08"):
        text = said("34,356.26", entry="42704", quantity="0.117", margin="1000", taker=typed).replace("\u00a0", " ")
        assert "0.5 % on the value at the mark price, your taker fee of 0.08 % on the value at the mark price" in text


def test_boxes_that_say_nothing_of_the_number_are_hidden():
    widget = my_exchange_shows().widget
    for what, hidden in {
        "liquidation price": {"cross", "prices"},
        "maintenance margin": {"cross", "prices", "maintenance"},
        "unrealised PnL": {"cross", "maintenance", "taker"},
        "margin": {"cross", "prices", "screen"},
    }.items():
        press(widget, "what", what=what)
        assert set(widget.hidden) == hidden


def test_the_stored_form_has_position_and_answer():
    data, _ = my_exchange_shows("19,700", **BYBIT)._repr_mimebundle_()
    assert "3 rule sets give <span>&#36;</span>19,700" in data["text/markdown"]
    assert "(Bybit, linear, isolated, long, entry price 20,000, quantity 1, leverage 50x)" in data["text/plain"]


@pytest.mark.parametrize(
    "text, value, unit",
    [
        ("48,192.77", 48192.77, 0.01),
        ("19,700", 19700, 1),
        ("48.2k", 48200, 100),
        ("0.3232", 0.3232, 1e-4),
        ("0,05", 0.05, 0.01),
    ],
)
def test_the_last_digit_typed(text, value, unit):
    assert last_digit(text, value) == pytest.approx(unit, rel=1e-12)
