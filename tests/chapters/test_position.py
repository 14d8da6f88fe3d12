"""Your own position: the workbench's numbers against published ones, its derivations, its form and its card."""

import math
import re
from collections import Counter

import pytest
from prose import clean, equations, evaluate

from leverage_lab import audit, data, survival
from leverage_lab.chapters.position import form
from leverage_lab.chapters.position.reading import contract_of, read
from leverage_lab.chapters.position.shared import NAMES, Case
from leverage_lab.classroom import workbench
from leverage_lab.exchanges import COURSE
from leverage_lab.leverage import notional
from leverage_lab.panelkit.page import Card

PATH = data.folder() / "published_examples.csv"


def filled(**boxes):
    """The form with nothing but this in it."""
    return form.start(**{box.name: "" for box in form.BOXES} | boxes)


def case(**boxes):
    return Case(read(filled(**boxes)))


def numbers(case):
    return {row.name: row.number for row in case.rows()}


# --- against published numbers

BARE = {"maintenance_rate": "0 %", "maintenance_basis": "mark", "closing_fee_basis": "none", "maker_fee": "0 %",
        "taker_fee": "0 %", "funding_interval_hours": "8 hours"}  # fmt: skip


def rate(value):
    return f"{100 * value!r} %"


def not_expressed(x):
    """Why the form has no place for an example; "" where it has one."""
    inputs = set(x.inputs)
    if x.kind in ("margin_ratio", "average_entry_price", "margin_interest", "maintenance_deduction", "margin_rate"):
        return f"{x.kind} is not asked for"
    for key in ("tiers", "fills", "maintenance_margin", "fees_paid", "borrowed"):
        if key in inputs:
            return f"no box for {key}"
    if "funding_paid" in inputs and x.kind not in ("liquidation_price", "bankruptcy_price"):
        return "no box for funding_paid"
    if x.kind == "break_even_price" and x.inputs.get("closing_fee_basis", "mark") != "mark":
        return "a break-even with a closing fee that does not follow the price"
    if x.kind == "trading_fee" and x.inputs.get("closing_fee_basis") == "mark":
        return "a closing fee at the mark price"
    if x.kind == "maintenance_margin" and ("closing_fee_rate" in inputs or {"entry_price", "mark_price"} <= inputs):
        return "a maintenance margin with a fee in it, or away from the entry"
    return ""


def typed(x):
    """What somebody types who reads the example."""
    i, boxes = x.inputs, dict(BARE)
    quantity = x.quantity
    entry = i["exit_price"] if x.kind == "trading_fee" and not x.has("entry_price") and x.has("exit_price") else x.entry
    boxes |= {"exchange": form.OWN, "contract": x.contract, "side": x.side, "entry_price": repr(entry)}
    boxes |= {"size": repr(quantity)}
    if "maintenance_rate" in i:
        boxes |= {"maintenance_rate": rate(i["maintenance_rate"])}
        boxes |= {"maintenance_basis": i.get("maintenance_basis", "entry")}
        boxes |= {"maintenance_deduction": repr(i.get("maintenance_deduction", 0.0))}
    if "closing_fee_basis" in i:
        boxes |= {"closing_fee_basis": i["closing_fee_basis"], "closing_fee_rate": rate(i.get("closing_fee_rate", 0.0))}
    fee = i.get("fee_rate", i.get("opening_fee_rate", 0.0))
    boxes |= {"opened_as": "maker", "maker_fee": rate(fee), "taker_fee": "0 %"}
    if x.has("exit_price") or x.kind == "break_even_price":
        boxes |= {"taker_fee": rate(i.get("closing_fee_rate", 0.0))}
    added = i.get("added_margin", 0.0) - i.get("funding_paid", 0.0)
    if "wallet_balance" in i:
        boxes |= {"mode": "cross", "wallet": repr(i["wallet_balance"]), "leverage": "10x"}
        boxes |= {"other_pnl": repr(i.get("other_unrealised_pnl", 0.0))}
        boxes |= {"other_maintenance": repr(i.get("other_maintenance_margin", 0.0))}
    elif "margin" in i:
        boxes |= {"margin": repr(i["margin"]), "added": repr(added)}
    elif "leverage" in i:
        boxes |= {"leverage": repr(i["leverage"]), "added": repr(added)}
    else:  # of no effect: far more than the position can lose
        boxes |= {"margin": repr(100 * notional(quantity, entry, x.contract))}
    if "funding_rate" in i:
        boxes |= {"funding_rate": rate(i["funding_rate"]), "hours": "8 h"}
    if x.kind in ("realised_pnl", "roe", "unrealised_pnl"):
        at = i.get("exit_price", i.get("mark_price"))
        boxes[("target" if x.sign * (at - entry) > 0 else "stop")] = repr(at)
    return boxes


def answer(x, one):
    """The workbench's number for what the example asks."""
    exit_ = one.at_target if one.terms.target is not None else one.at_stop if one.terms.stop is not None else None
    return {
        "position_value": lambda: one.value, "initial_margin": lambda: one.opening_margin,
        "maintenance_margin": lambda: one.maintenance_margin, "bankruptcy_price": lambda: one.bankruptcy_price,
        "liquidation_price": lambda: one.liquidation_price, "unrealised_pnl": lambda: exit_,
        "realised_pnl": lambda: exit_, "roe": lambda: exit_ / one.opening_margin,
        "trading_fee": lambda: one.opening_fee + one.reserve, "order_cost": lambda: one.cost_to_open,
        "break_even_price": lambda: one.break_even_price, "funding_payment": lambda: one.holding_cost,
    }[x.kind]()  # fmt: skip


REFUSED = {  # {id: what the form says}
    "GE0324": "liquidated at entry",  # maintenance of 20 % at 100x: meant is 0.2 %
    "GE0326": "liquidated at entry",
    "GE0355": "funding rate must be from −10\u00a0% to 10\u00a0%, got '75.0 %'",
}
EXPRESSED = {
    "position_value": 4, "initial_margin": 32, "maintenance_margin": 11, "liquidation_price": 70,
    "bankruptcy_price": 16, "trading_fee": 13, "order_cost": 3, "break_even_price": 1, "funding_payment": 3,
    "unrealised_pnl": 26, "realised_pnl": 11, "roe": 13,
}  # fmt: skip


def test_the_published_examples_typed_into_the_form():
    """203 of the 270 have a place in the form: the printed number comes out where it is right, the right one where not.

    Both by the audit's rules for a print. Three are refused with a sentence; the others ask for something else.
    """
    header, rows = audit.read(PATH)
    done, refused = Counter(), {}
    for number, cells in rows:
        x, cell = audit.parse(PATH.name, number, header, cells)
        if not_expressed(x):
            continue
        try:
            ours = answer(x, case(**typed(x)))
        except ValueError as problem:
            refused[cell["id"]] = str(problem)
            continue
        agrees = audit.judge(x, ours, cell) != "wrong"
        assert agrees == (cell["verdict"] != "wrong"), (cell["id"], ours, cell["published"])
        assert audit.met(ours, cell, x.inputs.get("tick", 0.0)), (cell["id"], ours, cell["right_value"])
        done[x.kind] += 1
    assert done == EXPRESSED and sum(EXPRESSED.values()) == 203
    assert refused.keys() == REFUSED.keys()
    assert all(refused[id].startswith(said) for id, said in REFUSED.items())


# --- by hand


def test_a_long_at_binance_by_hand():
    """$500 at 20x are $10,000: 10,000 / 114,400 = 0.0874126 BTC. First tier 0.4 %, on the mark value, no fee.

    Liquidation: (10,000 − 500) / (0.0874126 × 0.996) = 109,116.47. Taker 0.05 %: $5 in, 10,600 × 0.05 % = $5.30 out;
    three days are nine settlements of $1.
    """
    found = numbers(Case(read(form.start())))
    assert found["position value"] == pytest.approx(10_000)
    assert found["liquidation price"] == pytest.approx(9_500 / (10_000 / 114_400) / 0.996)
    assert found["bankruptcy price"] == pytest.approx(114_400 * 0.95)
    assert found["cost to open"] == pytest.approx(505)
    assert found["cost of holding"] == pytest.approx(9)
    assert found["at the target"] == pytest.approx(600 - 5 - 5.30 - 9)
    assert found["at the stop"] == pytest.approx(-300 - 5 - 4.85 - 9)
    # (q p − 10,000) = 5 + 9 + 0.05 % q p
    assert found["break-even price"] == pytest.approx(10_014 / 0.9995 / (10_000 / 114_400))
    assert found["largest position"] == 100_000_000  # the tier that ends at 20x, in data/tiers.csv


def test_a_cross_short_by_hand():
    """2 coins at $100, wallet $90, others −$10 and $4: 90 − 10 − 4 + 2 (100 − p) = 1 % × 2 p, p = 276 / 2.02."""
    one = case(**BARE | {"exchange": form.OWN, "side": "short", "entry_price": "100", "size": "2", "leverage": "4x",
               "mode": "cross", "wallet": "90", "other_pnl": "-10", "other_maintenance": "4",
               "maintenance_rate": "1 %", "funding_rate": "0.01 %", "hours": "1"})  # fmt: skip
    assert one.holding_cost == pytest.approx(-3 * 0.02)  # a short receives a positive rate, on $200, every eight hours
    assert one.liquidation_price == pytest.approx(276 / 2.02)
    assert one.bankruptcy_price == pytest.approx(140)  # 80 / 2 above the entry
    assert one.opening_margin == 50


def test_an_inverse_long_by_hand():
    """$10,000 at $50,000 are 0.2 coins, 0.02 of margin: 0.02 + 0.2 − 10,000 / p = 0.5 % × 10,000 / p."""
    boxes = BARE | {"exchange": form.OWN, "contract": "inverse", "entry_price": "50k", "size": "$10,000"}
    one = case(**boxes | {"leverage": "10", "maintenance_rate": "0.5"})
    assert one.liquidation_price == pytest.approx(10_050 / 0.22)
    assert one.opening_margin == pytest.approx(0.02)
    assert case(**boxes | {"size": "0.2 coins", "margin": "0.02"}).leverage == pytest.approx(10)


def test_a_stop_beyond_the_liquidation_is_not_reached():
    """At 500x with 0.1 % on the entry value the liquidation is 0.1 % away: $10 of margin and the fee are lost."""
    own = BARE | {"exchange": form.OWN, "entry_price": "100", "margin": "10", "leverage": "500", "taker_fee": "0.02"}
    own |= {"maintenance_rate": "0.1", "maintenance_basis": "entry"}
    for stop, first, lost in (("0.2 %", "liquidation", -11), ("0.05 %", "stop", -2.5 - 1 - 5000 * 0.9995 * 0.0002)):
        one = case(**own | {"stop": stop})
        assert one.first == first and one.at_stop == pytest.approx(lost)
    assert case(**own | {"stop": "99.9"}).first == "liquidation"  # a tie counts against the trader


# --- what is told

STATES = [
    {"exchange": name, "contract": contract, "side": side, "mode": mode, "wallet": wallet, "opened_as": order}
    for name in COURSE for contract in form.listed(name) for side in ("long", "short")
    for mode, wallet, order in (("isolated", "", "taker"), ("cross", "2000", "maker"))
]  # fmt: skip
FILL = {"maintenance_rate": "1", "maintenance_basis": "mark", "closing_fee_basis": "bankruptcy", "maker_fee": "0.01",
        "taker_fee": "0.06", "funding_interval_hours": "8"}  # fmt: skip


def told(state):
    """A position of this state, of a size that every contract allows, with and without rules of one's own."""
    inverse = contract_of(form.start(**state))[2] == "inverse"
    size = {"margin": "0.001" if inverse else "100", "leverage": "2", "entry_price": "50000"}
    if state["wallet"] and inverse:
        state = state | {"wallet": "0.01"}
    for rules in ({}, FILL):
        yield Case(read(form.start(**{"margin": "", "leverage": ""} | state | size | rules)))


def test_every_contract_of_every_exchange_is_told():
    """Each row has a value and says how it comes about; nothing is asked for that was given; equations are true."""
    true = 0
    for state in STATES:
        for given, one in enumerate(told(state)):
            rows = one.rows()
            assert all(row.value and row.steps for row in rows), state
            assert bool(one.missing()) == any(row.value == "not known" and "Fill in" in row.steps[0] for row in rows)
            assert not (given and one.missing())
            assert not re.search(
                r"\bnan\b|\binf\b|None|\d{9,}\.|--", " ".join([one.sentence(), *(s for r in rows for s in r.steps)])
            )
            for row in rows:
                for step in row.steps:
                    for text, _, value, rights in equations(clean(step)):
                        true += 1
                        for right in rights:
                            close = math.isclose(right.value, abs(value), rel_tol=2e-3, abs_tol=0.006)
                            assert close, (state, row.name, step, text, value)
    assert true > 500


def test_the_formula_with_its_numbers_gives_the_price():
    """As printed: ($10,000 − $500) / (0.0874126 BTC × (1 − 0.4 %)) is the liquidation price, to the digits printed."""
    seen = 0
    for state in STATES:
        for one in told(state):
            for row in one.rows()[3:5]:
                for step in (step for step in row.steps if step.startswith("price = ")):
                    *_, filled, found = (
                        re.sub(r"(?<=\d)\u00a0(?!%)\S+?(?=[\s)]|$)", "", step).replace("\u00a0", " ").split(" = ")
                    )
                    assert evaluate(filled) == pytest.approx(evaluate(found), rel=2e-4), (state, step)
                    seen += 1
    assert seen > 200


def test_how_long_such_positions_lived_is_told_in_words():
    """By the table of starting hours: after 3 days more than half of them are open, after 7 days fewer."""
    rows = {row.name: row for row in Case(read(form.start())).rows()}
    move = 1 - 109_116.47 / 114_400
    open_after = {hours: 1 - survival.measured("long", move, hours) for hours in (24, 72, 168)}
    assert open_after[72] > 0.5 > open_after[168]
    lived = rows["stayed open, 2018 to 2023"].value.replace("\u00a0", " ")
    assert lived == "82.6 % open after a day; half were gone between 3 days and 7 days"
    assert open_after[24] == pytest.approx(0.826, abs=5e-4)


def test_no_number_is_shown_as_python_shows_it():
    for venue in form.VENUES:
        for row in Case(read(filled(exchange=venue, entry_price="100", size="1", leverage="10"))).rows():
            assert not re.search(r"\(\d+\.\d*, |np\.|\bnan\b|\bNone\b|\[", " ".join([row.value, *row.steps])), (
                venue,
                row,
            )


def test_rules_of_tables_have_their_date():
    rows = {row.name: row.steps for row in Case(read(form.start())).rows()}
    for name, when in (("liquidation price", "29 September 2026"), ("cost of holding", "15 September 2026")):
        assert any(step.startswith("Binance, ") and when in step for step in rows[name])
    okx = Case(read(filled(exchange="OKX", entry_price="100", size="1", leverage="10"))).rows()
    (steps,) = (row.steps for row in okx if row.name == "liquidation price")
    assert any(step.startswith("OKX, maintenance basis") and step.endswith("no date") for step in steps)


@pytest.mark.parametrize("exchange", ["Coinbase", form.OWN])
def test_what_is_not_known_is_asked_for_by_name_and_never_assumed(exchange):
    boxes = filled(
        exchange=exchange, entry_price="100", size="1", leverage="10", stop="95", funding_rate="0.01", hours="1"
    )
    one = Case(read(boxes))
    known = {"maintenance_basis", "funding_interval_hours"} if exchange == "Coinbase" else set()
    assert one.missing() == [NAMES[name] for name in NAMES if name not in known | {"maker_fee"}]
    found = {name for name, number in numbers(one).items() if number is not None}
    assert found == {"position value"} | ({"cost of holding"} if exchange == "Coinbase" else set())
    shown = repr(workbench(exchange=exchange))
    assert "liquidation price: not known" in shown
    for name in list(NAMES)[:3]:  # one after the other is filled in, and no longer asked for
        boxes[name] = FILL[name]
        assert NAMES[name] not in Case(read(boxes)).missing()
    assert Case(read(boxes | {"taker_fee": "0.1", "funding_interval_hours": "8"})).missing() == []


# --- the form


def test_numbers_are_read_as_people_type_them():
    for text in ("114.4k", "$114,400", "114400 USDT", "114'400", "114400.0"):
        assert read(filled(entry_price=text, margin="500", leverage="20")).entry_price == 114_400
    for size in ("0.1", "0.1 BTC", "$11,440", "11440 USDT"):
        assert read(filled(entry_price="114400", size=size, leverage="20:1")).size == pytest.approx(0.1)
    got = read(filled(entry_price="100", size="1", leverage="x20", stop="5 %", target="110", funding_rate="0.01",
                      hours="2 days", taker_fee="5 bps", maker_fee="−0.01 %"))  # fmt: skip
    assert (got.stop, got.target, got.hours, got.leverage) == (pytest.approx(95), 110, 48, 20)
    assert (got.funding_rate, got.taker_fee, got.maker_fee) == pytest.approx((0.0001, 0.0005, -0.0001))
    assert read(filled(entry_price="100", size="1", leverage="2", side="short", stop="5 %")).stop == pytest.approx(105)
    assert read(filled(entry_price="100", size="1", leverage="2", wallet="nonsense")).wallet is None  # not in use


BAD = {
    "entry price must be given, a price such as $114,400, got nothing": {"entry_price": ""},
    "entry price must be a number such as $114,400, got 'abc'": {"entry_price": "abc"},
    "entry price must be above 0, got -5": {"entry_price": "-5"},
    "leverage must be at least 1, got 0.5": {"leverage": "0.5"},
    "leverage must be a number such as 20x, got '20 %'": {"leverage": "20 %"},
    "two of size, margin and leverage must be given, got size": {"leverage": ""},
    "two of size, margin and leverage must be given, got all three: leave one of them empty; it is computed from the"
    " others": {"margin": "5"},
    "stop must be below the entry price $100 of a long, got $105": {"stop": "105"},
    "target must be above the entry price $100 of a long, got $95": {"target": "95"},
    "taker fee must be from −10\u00a0% to 10\u00a0%, got '50'": {"taker_fee": "50"},
    "maintenance rate must be from 0\u00a0% to 99\u00a0%, got '$4'": {"maintenance_rate": "$4"},
    "wallet must be given in cross mode (all the money in it), got nothing": {"mode": "cross"},
    "maintenance deduction must be given with a maintenance rate, got the deduction alone": {
        "maintenance_deduction": "5"
    },
    "size must be a number such as 0.1 BTC or $5,000, got '3 ETH'": {"size": "3 ETH"},
    "wallet, all of it must be an amount of BTC, because this contract pays in BTC, got '$5'": {
        "exchange": "Kraken", "contract": "PI_XBTUSD", "mode": "cross", "wallet": "$5"},
}  # fmt: skip


@pytest.mark.parametrize("said", BAD)
def test_bad_input_gets_one_sentence(said):
    with pytest.raises(ValueError) as refused:
        case(**{"exchange": "Binance", "entry_price": "100", "size": "1", "leverage": "10"} | BAD[said])
    assert str(refused.value) == said


def test_what_the_tables_do_not_allow_is_said():
    with pytest.raises(ValueError, match="^value must be from 0 to 1,800,000,000"):
        Case(read(form.start(margin="$100m"))).rows()
    rows = {
        row.name: row for row in Case(read(form.start(contract="DOGEUSDT", entry_price="0.2", leverage=100))).rows()
    }
    assert rows["largest position"].value == "not offered" and "from 1 to 75" in rows["largest position"].steps[0]
    said = "Binance allows 100x up to $800,000, and this position is larger."  # data/tiers.csv
    assert Case(read(form.start(margin="$10,000", leverage=100, stop="0.1 %"))).remarks() == [said]
    assert Case(read(form.start(margin="$8,000", leverage=100, stop="0.1 %"))).remarks() == []
    with pytest.raises(ValueError, match="^exchange must be 'MEXC', .* or 'rules of your own', got 'Mt. Gox'"):
        workbench(exchange="Mt. Gox")


# --- the card


@pytest.fixture
def bench():
    made = workbench()
    return made, made.widget


def press(card, name="compute", **boxes):
    ticket = f"t{len(card._tickets)}"
    card._hear(None, {"press": name, "held": card.held | boxes, "ticket": ticket}, None)


def test_a_refused_input_stays_and_so_does_the_picture(bench):
    made, card = bench
    before = card.says
    press(card, leverage="0.5", stop="2 %")
    assert isinstance(card, Card) and card.held["leverage"] == "0.5" and card.held["stop"] == "2 %"
    assert "Leverage must be at least 1, got 0.5." in card.says["verdict"]
    assert (card.says["picture"], card.says["numbers"]) == (before["picture"], before["numbers"])
    press(card, leverage="10")
    assert card.says["verdict"] == "" and card.says["picture"] != before["picture"]
    assert "(10x)" in made.sentence and "($112,112" not in made.sentence and "$112,112 (−2" in made.sentence


def test_only_what_counts_is_shown(bench):
    _, card = bench
    assert {"wallet", "maintenance_rate", "contract Bybit"} <= set(card.hidden)
    assert not {"contract Binance", "added"} & set(card.hidden)
    press(card, mode="cross", wallet="$2,000")
    assert "added" in card.hidden and "wallet" not in card.hidden
    press(card, "rules")
    assert "maintenance_rate" not in card.hidden
    press(card, "rules")
    assert "maintenance_rate" in card.hidden
    press(card, "exchange", exchange="Coinbase", mode="isolated")
    assert "contract Binance" in card.hidden and "maintenance_rate" not in card.hidden
    assert "fill in maintenance rate, closing fee basis, taker fee." in card.says["verdict"]
    press(card, "reset")
    assert card.held == form.start()


def test_the_stored_form_has_picture_sentence_and_derivations():
    made = workbench(exchange="Bybit")
    stored, _ = made._repr_mimebundle_()
    shown = stored["text/html"]
    assert shown.count("<details>") == len(made.shown.rows) and f'alt="{made.sentence}"' in shown
    assert "days old" not in shown and "days old" in made._says()["numbers"]  # the age changes every day
    assert stored["text/plain"].startswith(made.sentence) and "liquidation price: $" in stored["text/plain"]
    without_alt = re.sub(r'alt="[^"]*"', "", shown)
    assert "$" not in without_alt  # no renderer reads a formula
