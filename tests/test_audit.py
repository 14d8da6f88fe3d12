"""The audit command: what it says of rows, of wrong numbers, of damaged files, and with which status it ends."""

import csv
import json
import math
import random
import subprocess
import sys

import pytest

from leverage_lab import audit, data
from leverage_lab.audit import beyond_entry
from leverage_lab.examples import EVIDENCE, KINDS, NUMBERS, WORDS, Example, compute

UNITS = {
    "position_value": "quote",
    "liquidation_price": "price",
    "bankruptcy_price": "price",
    "roe": "ratio",
    "break_even_price": "price",
    "average_entry_price": "price",
}


def row(kind, published, right_value, inputs, contract="linear", side="long", **cells):
    """One row as a dict; decimals are those of `published`, the verdict is "agrees", unless `cells` says otherwise."""
    decimals = len(str(published).partition(".")[2])
    text = inputs if isinstance(inputs, str) else json.dumps(inputs)
    start = {
        "id": "T1",
        "source": "a test",
        "address": "",
        "quality": "B",
        "unit": UNITS.get(kind, "quote"),
        "verdict": "agrees",
        "error": "",
    }
    start |= {"kind": kind, "contract": contract, "side": side, "inputs": text}
    return start | {"published": str(published), "decimals": str(decimals), "right_value": str(right_value)} | cells


def worth(value, published, right_value=None, **cells):
    """A row whose answer is just `value`: for the rules of verdicts."""
    extra = {key: cells.pop(key) for key in ("tick",) if key in cells}
    return row(
        "position_value",
        published,
        value if right_value is None else right_value,
        {"position_value": value} | extra,
        **cells,
    )


def write(path, *rows, header=audit.COLUMNS, **how):
    with path.open("w", newline="", encoding=how.pop("encoding", "utf-8")) as file:
        out = csv.DictWriter(file, header, **how)
        out.writeheader()
        out.writerows(rows)
    return str(path)


def found(tmp_path, *rows):
    return audit.audit(write(tmp_path / "t.csv", *rows))


# Printed by exchanges and test suites: kind, contract, side, inputs, printed, digits, right, verdict.
PRINTED = [
    ("Bybit help centre", "bankruptcy_price", "inverse", "long", {"entry_price": 6400, "leverage": 25}, "6154",
        "6153.84615384615", "agrees"),
    ("MEXC copy", "liquidation_price", "linear", "long",
        {"entry_price": 50000, "quantity": 0.1, "leverage": 25, "maintenance_rate": 0.004,
            "maintenance_basis": "entry"}, "51800", "48200", "wrong"),
    ("freqtrade tests", "liquidation_price", "linear", "short",
        {"entry_price": 10, "quantity": 0.6, "leverage": 5, "maintenance_rate": 0.01, "maintenance_deduction": 0.01,
            "maintenance_basis": "mark"}, "11.897689768976898", "11.8976897689769", "agrees"),
    ("freqtrade tests", "liquidation_price", "linear", "long",
        {"entry_price": 10, "quantity": 1, "leverage": 3, "maintenance_rate": 0.01, "maintenance_basis": "entry"},
            "6.7666666", "6.76666666666667", "rounded"),
    ("Hyperliquid", "liquidation_price", "linear", "long",
        {"entry_price": 2545.5, "quantity": 0.0329, "margin": 20.909894, "maintenance_rate": 0.01,
            "maintenance_basis": "mark", "rounding_units": {"margin": 1e-06}}, "1929.23322895", "1929.23324429707",
            "rounded"),
    ("OKX API", "liquidation_price", "inverse", "long",
        {"entry_price": 2566.31, "quantity": 10, "leverage": 10, "maintenance_rate": 0.008, "maintenance_basis": "mark",
            "closing_fee_rate": 0.0005, "closing_fee_basis": "mark", "tick": 0.01}, "2352.8496681818233",
            "2352.83966818182", "agrees"),
    ("KuCoin support", "unrealised_pnl", "linear", "short", {"entry_price": 5000, "mark_price": 5100, "quantity": 0.1},
        "10", "-10", "wrong"),
    ("OctoBot tests", "average_entry_price", "linear", "long", {"fills": [[10, 100], [20, -10]]}, "8.888888888888889",
        "10", "wrong"),
    ("jesse tests", "liquidation_price", "linear", "short",
        {"entry_price": 10, "leverage": 2, "maintenance_rate": 0.004, "maintenance_basis": "entry"}, "14.94", "14.96",
            "wrong"),
    ("OctoBot tests", "bankruptcy_price", "inverse", "short", {"entry_price": 100, "leverage": 1}, "0", "", "wrong"),
    ("Binance, in a test", "margin_interest", "linear", "long",
        {"borrowed": 1000, "interest_rate": 1e-05, "interest_period_hours": 1, "hours_held": 0.5833333333333334,
            "accrual": "started", "accrual_unit_hours": 1, "accrual_clock_offset_hours": 0.9166666666666666}, "0.02",
            "0.02", "agrees"),
]  # fmt: skip


def printed():
    return [
        row(kind, number, right, inputs, contract, side, id=f"P{n}", source=source, verdict=verdict)
        for n, (source, kind, contract, side, inputs, number, right, verdict) in enumerate(PRINTED)
    ]


# --- the command ------------------------------------------------------------------------------------


def test_all_met_ends_with_0_and_prints_the_table(tmp_path, capsys):
    assert audit.main([write(tmp_path / "t.csv", *printed())]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert said.err == "" and lines[-1] == "11 of 11 rows met."
    assert lines[0].split() == ["kind", "rows", "agree", "rounded", "wrong", "cannot", "compute", "not", "met"]
    counts = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in lines[1:8] if line}
    assert counts == {
        "bankruptcy_price": [2, 1, 0, 1, 0, 0],
        "liquidation_price": [6, 2, 2, 2, 0, 0],
        "unrealised_pnl": [1, 0, 0, 1, 0, 0],
        "average_entry_price": [1, 0, 0, 1, 0, 0],
        "margin_interest": [1, 1, 0, 0, 0, 0],
        "all": [11, 4, 2, 5, 0, 0],
    }
    assert "Noted:" not in lines and "Not met:" not in lines
    assert "  P1 MEXC copy, liquidation_price: printed 51800, right 48200. It is the number of a short." in lines
    assert (
        "  P9 OctoBot tests, bankruptcy_price: printed 0, right no such price. It is 0, but there is no such price."
        in lines
    )


def test_one_row_not_met_ends_with_1(tmp_path, capsys):
    rows = printed()
    rows[0]["right_value"] = str(6153.84615384615 * (1 + 1e-6))
    assert audit.main([write(tmp_path / "t.csv", *rows)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-4:] == [
        "Not met:",
        f"  P0 (row 2): the file says {rows[0]['right_value']}, we get 6153.84615384615",
        "",
        "10 of 11 rows met.",
    ]


def test_a_row_that_cannot_be_computed_ends_with_1_and_the_others_count(tmp_path, capsys):
    rows = [*printed(), row("order_cost", 1, 1, {"leverage": 5}, id="X1"), row("moon_price", 1, 1, {}, id="X2")]
    assert audit.main([write(tmp_path / "t.csv", *rows)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (
        "  X1 (row 13): t.csv, row 13, column inputs: order_cost needs entry_price or mark_price, which is not among "
        "the inputs" in lines
    )
    assert any(
        line.startswith("  X2 (row 14): t.csv, row 14, column kind: it must be 'position_value', ") for line in lines
    )
    assert next(line for line in lines if line.startswith("(unknown kind)")).split()[2:] == [
        "1",
        "0",
        "0",
        "0",
        "1",
        "1",
    ]
    assert next(line for line in lines if line.startswith("all")).split()[1:] == ["13", "4", "2", "5", "2", "2"]
    assert lines[-1] == "11 of 13 rows met."


def test_a_damaged_file_ends_with_2_and_one_sentence(tmp_path, capsys):
    assert audit.main([str(tmp_path / "none.csv")]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err == "none.csv: there is no such file\n"
    with pytest.raises(SystemExit) as stop:
        audit.main([])
    assert stop.value.code == 2 and "give one FILE.csv, or --claims" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        audit.main(["a.csv", "--claims"])


def test_as_a_command_in_a_terminal_that_knows_only_ascii(tmp_path):
    good = write(tmp_path / "t.csv", *(one | {"source": "Börse 交易所"} for one in printed()))
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(
        [sys.executable, "-m", "leverage_lab.audit", good],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert (run.returncode, run.stdout.splitlines()[-1], run.stderr) == (0, "11 of 11 rows met.", "")


def test_the_published_examples_are_all_met(capsys):
    path = data.folder() / "published_examples.csv"
    findings = audit.audit(path)
    with path.open(newline="", encoding="utf-8") as file:
        marked = [(line["id"], line["verdict"]) for line in csv.DictReader(file)]
    assert len(findings) == 270 and [f.id for f in findings if not f.met] == []
    assert [(f.id, f.outcome) for f in findings] == marked
    assert [sum(f.outcome == word for f in findings) for word in audit.OUTCOMES] == [231, 22, 17, 0]
    assert audit.main([str(path)]) == 0 and capsys.readouterr().out.splitlines()[-1] == "270 of 270 rows met."


# --- met or not ---------------------------------------------------------------------------------------

MET = [
    # To 1e-9, not further; a cell with all digits.
    (1e6, "1000000.00099990", True),
    (1e6, "1000000.00100010", False),
    (1e6, "999999.99900010", True),
    (1e6, "999999.99899990", False),
    (-1e6, "-1000000.00099990", True),
    (-1e6, "-1000000.00100010", False),
    (-1e6, "1000000.0", False),
    # To its last printed digit: 2/3 is 0.6667, not 0.666; at half a digit still.
    (2 / 3, "0.6667", True),
    (2 / 3, "0.666", False),
    (0.0625, "0.062", False),  # half of 0.001 would do, but not a thousandth of the number itself
    (625.5, "625", True),
    (626.0, "625", False),
    (6.25e-5, "6.25e-05", True),
    (6.2541e-5, "6.25e-05", True),  # half of 1e-7 is 5e-8; 4.1e-8 is less, and less than a thousandth
    (6.2563e-5, "6.25e-05", False),
    (6.2510e-5, "6.2500e-05", False),
    # A digit never excuses more than a thousandth: 8.1 for 8.14.
    (8.14, "8.1", False),
    (8.105, "8.1", True),
    (0.4, "0", False),
    (1e-8, "0", False),
    (-1e-13, "0", True),
]


@pytest.mark.parametrize("ours, right_value, expected", MET)
def test_met_to_1e_9_or_the_last_printed_digit(ours, right_value, expected):
    assert audit.met(ours, {"right_value": right_value}) is expected


@pytest.mark.parametrize("share", [1e-6, -1e-6, 1e-3, 0.5])
def test_a_changed_right_value_is_not_met(tmp_path, share):
    rows = [one for one in printed() if one["right_value"] and "tick" not in one["inputs"]]
    for one in rows:
        one["right_value"] = f"{float(one['right_value']) * (1 + share):.15g}"
    assert [f.id for f in found(tmp_path, *rows) if f.met] == []


def test_met_within_a_tick_where_there_is_one(tmp_path):
    rows = [worth(100, "100", right, tick=0.5) for right in ("100.4999999", "100.5000001", "99.5000001", "99.4999999")]
    assert [f.met for f in found(tmp_path, *rows)] == [True, False, True, False]


def test_met_where_there_is_no_such_price(tmp_path):
    nowhere, somewhere = {"entry_price": 100, "leverage": 1}, {"entry_price": 100, "leverage": 2}
    rows = [
        row("bankruptcy_price", "0", right, inputs, "inverse", "short")
        for inputs, right in ((nowhere, ""), (nowhere, "0"), (nowhere, "200"), (somewhere, ""), (somewhere, "200"))
    ]
    findings = found(tmp_path, *rows)
    assert [f.met for f in findings] == [True, False, False, False, True]
    assert all(math.isnan(f.ours) and f.outcome == "wrong" for f in findings[:3])
    # A linear long at 1x is bankrupt only if the coin is worthless: 0, or no price.
    rows = [row("bankruptcy_price", "0", right, nowhere) for right in ("", "0", "1")]
    assert [f.met for f in found(tmp_path, *rows)] == [True, True, False]
    assert "the file says no such price, we get 200" in "\n".join(audit.report(findings))
    assert "the file says 200, we get no such price" in "\n".join(audit.report(findings))


def test_nothing_left_is_met_by_the_noise_of_floats(tmp_path):
    # 0.3 − 0.1 − 0.2 is −5.6e-17 in floats.
    inputs = {"entry_price": 1, "exit_price": 1.3, "quantity": 1, "fees_paid": 0.1, "funding_paid": 0.2}
    (finding,) = found(tmp_path, row("realised_pnl", "0", "0", inputs))
    assert finding.met and finding.outcome == "agrees"


# --- verdicts ----------------------------------------------------------------------------------------

VERDICTS = [
    # agrees: half a unit of the last printed digit, the half itself included.
    (462.665, "462.66", {}, "agrees"),
    (462.665, "462.67", {}, "agrees"),
    (462.66500001, "462.66", {}, "rounded"),
    (0.005, "0.00", {}, "agrees"),
    (100.5, "100", {}, "agrees"),
    (100.5, "101", {}, "agrees"),
    # rounded: less than two units …
    (462.67999, "462.66", {}, "rounded"),
    (462.68, "462.66", {}, "wrong"),
    (14.96, "14.94", {}, "wrong"),
    # … and at most 1 %: 100 to 101, 1.00 to 1.01, not 99.9 to 101; 0.25 is no 0.4.
    (100, "101", {}, "rounded"),
    (1.0, "1.01", {}, "rounded"),
    (99.9, "101", {}, "wrong"),
    (0.25, "0.4", {}, "wrong"),
    # A tick counts as agreement, itself included; a coarser digit still does.
    (100, "100.5", {"tick": 0.5}, "agrees"),
    (100, "100.6", {"tick": 0.5}, "wrong"),
    (100, "99.5", {"tick": 0.5}, "agrees"),
    (100.4, "100", {"tick": 0.1}, "agrees"),
    (100.3, "100.0", {"tick": 0.1}, "wrong"),
]


@pytest.mark.parametrize("ours, published, inputs, verdict", VERDICTS)
def test_verdicts_at_their_boundaries(tmp_path, ours, published, inputs, verdict):
    (finding,) = found(tmp_path, worth(ours, published, verdict=verdict, **inputs))
    assert (finding.outcome, finding.met) == (verdict, True)
    assert "own verdict" not in finding.why


def test_two_units_apart_is_never_rounding_whatever_the_float(tmp_path):
    # k/100 against (k + 2)/100: the difference of the floats is now a little below 0.02, now a little above.
    rows = [worth((k + 2) / 100, f"{k / 100:.2f}") for k in range(1000, 1300)]
    assert {f.outcome for f in found(tmp_path, *rows)} == {"wrong"}
    assert len({(k + 2) / 100 - k / 100 < 0.02 for k in range(1000, 1300)}) == 2
    # One hundredth apart, from half a unit on: all of them rounding.
    rows = [worth((k + 1) / 100, f"{k / 100:.2f}") for k in range(1000, 1300)]
    assert {f.outcome for f in found(tmp_path, *rows)} == {"rounded"}


# 100 at 5x: margin 20, bankruptcy at 80, fee 1 % of it: 20.8. With 81 it is 20.81, with 79 20.79.
ROUNDED_BANKRUPTCY = {
    "entry_price": 100,
    "quantity": 1,
    "leverage": 5,
    "closing_fee_rate": 0.01,
    "closing_fee_basis": "bankruptcy",
    "rounding_units": {"bankruptcy_price": 1},
}


@pytest.mark.parametrize(
    "published, units, verdict",
    [
        ("20.810", {"bankruptcy_price": 1}, "rounded"),
        ("20.790", {"bankruptcy_price": 1}, "rounded"),
        ("20.8104", {"bankruptcy_price": 1}, "wrong"),
        ("20.8100", {"bankruptcy_price": 1}, "rounded"),
        ("20.811", {"bankruptcy_price": 1}, "wrong"),
        ("20.789", {"bankruptcy_price": 1}, "wrong"),
        ("20.811", {"bankruptcy_price": 1.05}, "rounded"),  # 20.8105 and half a thousandth: the end itself
        ("20.789", {"bankruptcy_price": 1.05}, "rounded"),
        ("20.812", {"bankruptcy_price": 1.15}, "rounded"),
        ("20.788", {"bankruptcy_price": 1.15}, "rounded"),
        ("20.813", {"bankruptcy_price": 1.25}, "rounded"),
        ("20.787", {"bankruptcy_price": 1.25}, "rounded"),
        ("20.805", {"bankruptcy_price": 1}, "rounded"),  # inside the range, not only at its ends
        ("20.810", {}, "wrong"),
        ("20.820", {"bankruptcy_price": 1}, "wrong"),
        ("20.820", {"bankruptcy_price": 1, "margin": 0.01}, "rounded"),  # both moved at once
        ("20.780", {"bankruptcy_price": 1, "margin": 0.01}, "rounded"),
        ("20.800", {"bankruptcy_price": 1}, "agrees"),
    ],
)
def test_a_rounded_intermediate_result_widens_the_range(tmp_path, published, units, verdict):
    inputs = ROUNDED_BANKRUPTCY | {"rounding_units": units}
    (finding,) = found(tmp_path, row("order_cost", published, "20.8", inputs, verdict=verdict))
    assert (finding.outcome, finding.met, finding.why.count("own verdict")) == (verdict, True, 0)


def test_a_rounding_unit_as_large_as_the_number_is_no_crash(tmp_path):
    # Margin 5 moved by 10 is −5, of which there is no return; moved up 15: 10 / 15 to 10 / 5 is the range.
    inputs = {"entry_price": 100, "mark_price": 110, "quantity": 1, "margin": 5, "rounding_units": {"margin": 10}}
    rows = [row("roe", published, "2", inputs) for published in ("1.00", "0.67", "0.66")]
    assert [f.outcome for f in found(tmp_path, *rows)] == ["rounded", "rounded", "wrong"]
    # A 1x inverse short of 1 coin, margin rounded to 0.5: bankruptcy at 200 or never.
    inputs = {"entry_price": 100, "quantity": 100, "margin": 0.8, "rounding_units": {"margin": 0.3}}
    (finding,) = found(tmp_path, row("bankruptcy_price", "200", "500", inputs, "inverse", "short"))
    assert finding.outcome == "rounded"


def test_the_files_own_verdict_is_named_where_ours_differs(tmp_path):
    (finding,) = found(tmp_path, worth(100, "100", verdict="wrong", error="too much"))
    assert (finding.outcome, finding.met, finding.why) == ("agrees", True, "The file's own verdict is 'wrong'.")
    (finding,) = found(tmp_path, worth(100, "133", verdict="agrees", error="too much"))
    assert (finding.outcome, finding.met, finding.why) == (
        "wrong",
        True,
        "too much The file's own verdict is 'agrees'.",
    )


def test_what_has_no_effect_is_noted(tmp_path):
    spare = {"entry_price": 100, "quantity": 2, "leverage": 7, "hours_held": 3, "tick": 0.1, "inferred": ["leverage"]}
    (finding,) = found(tmp_path, row("position_value", "200", "200", spare))
    assert finding.met and finding.why == "These inputs have no effect on position_value: leverage, hours_held."
    lines = audit.report([finding])
    assert (
        lines[lines.index("Noted:") + 1]
        == "  T1 a test, position_value: printed 200, right 200. These inputs have no effect on position_value: "
        "leverage, hours_held."
    )
    # The search for a mistake, which tries other kinds and keys, does not hide it.
    liquidation = {
        "entry_price": 100,
        "leverage": 10,
        "maintenance_margin": 1,
        "maintenance_rate": 0.5,
        "maintenance_basis": "entry",
        "fees_paid": 3,
    }
    (finding,) = found(tmp_path, row("liquidation_price", "77", "91", liquidation, verdict="wrong"))
    assert (
        finding.why
        == "These inputs have no effect on liquidation_price: maintenance_rate, maintenance_basis, fees_paid. "
        "No quantity is given, so 1 is used."
    )


def test_digits_that_differ_from_the_published_number_are_noted(tmp_path):
    (finding,) = found(tmp_path, worth(100, "100.00", decimals="1"))
    assert finding.met and finding.why == "The column decimals says 1, but the published number has 2."


# --- what was done wrong ------------------------------------------------------------------------------

MOVE = {"entry_price": 100, "mark_price": 110, "quantity": 1}
LONG = {"entry_price": 100, "quantity": 1, "leverage": 10, "maintenance_rate": 0.01, "maintenance_basis": "entry"}  # 91
SHORT = {
    "entry_price": 10,
    "quantity": 1,
    "leverage": 3,
    "maintenance_rate": 0.01,
    "maintenance_basis": "mark",
    "closing_fee_rate": 0.0006,
    "closing_fee_basis": "mark",
}
ORDER = {
    "entry_price": 8000,
    "quantity": 1,
    "leverage": 50,
    "closing_fee_rate": 0.00075,
    "closing_fee_basis": "bankruptcy",
    "opening_fee_rate": 0.00075,
}  # 171.88
TRADE = {
    "entry_price": 100,
    "exit_price": 110,
    "quantity": 1,
    "opening_fee_rate": 0.003,
    "closing_fee_rate": 0.01,
    "fees_paid": 0.7,
    "funding_paid": 0.4,
}  # 7.5
MAINTENANCE = {
    "entry_price": 1000,
    "quantity": 1,
    "leverage": 40,
    "maintenance_rate": 0.005,
    "maintenance_basis": "entry",
}  # 5
MISTAKES = [
    # Wrong numbers by hand, one for each sentence.
    ("unrealised_pnl", MOVE, "-10", "It is the number of a short."),
    ("liquidation_price", LONG, "109", "It is the number of a short."),
    # 1000/100 − 1000/110
    ("unrealised_pnl", MOVE | {"quantity": 1000}, "0.9091", "It is computed as for inverse contracts."),
    ("liquidation_price", LONG, "90", "It is the bankruptcy price: maintenance margin is left out."),
    ("liquidation_price", LONG, "90.91", "It computes maintenance on the mark value."),  # 90 / 0.99
    ("liquidation_price", LONG | {"maintenance_basis": "mark"}, "91.00", "It computes maintenance on the entry value."),
    # 90 / 1.01
    ("liquidation_price", LONG | {"maintenance_basis": "mark"}, "89.1089", "It divides by the value with the signs of "
        "maintenance and fee reversed."),
    ("initial_margin", {"entry_price": 1000, "quantity": 1, "leverage": 20}, "2.5", "Leverage is counted twice."),
    ("initial_margin", {"entry_price": 1000, "quantity": 1, "leverage": 20}, "1000", "Leverage is left out."),
    ("maintenance_margin", MAINTENANCE, "25", "It uses the initial margin rate as the maintenance rate."),
    ("maintenance_margin", MAINTENANCE, "0.125", "It divides the maintenance rate by the leverage."),
    ("order_cost", ORDER, "166.00", "It leaves out the closing fee rate."),
    ("order_cost", ORDER, "165.88", "It leaves out the opening fee rate."),
    ("realised_pnl", TRADE, "8.6", "It leaves out the closing fee rate."),  # 10 − 0.3 − 0.7 − 0.4
    ("realised_pnl", TRADE, "7.9", "It leaves out the funding paid."),
    ("realised_pnl", TRADE, "8.2", "It leaves out the fees paid."),
    ("bankruptcy_price", {"entry_price": 100, "quantity": 1, "margin": 20, "added_margin": 7}, "80",
        "It leaves out the added margin."),
    ("maintenance_margin", MAINTENANCE | {"maintenance_deduction": 3}, "5", "It leaves out the maintenance deduction."),
    ("average_entry_price", {"fills": [[10, 100], [20, -10]]}, "8.89", "It averages in a reduction, which does not "
        "change the average entry price."),
    ("funding_payment", {"position_value": 300, "funding_rate": 0.01}, "-3", "It is the number of a short."),
    ("trading_fee", {"position_value": 300, "fee_rate": 0.01}, "-3", "It has the wrong sign."),
    ("position_value", {"position_value": 50}, "100", "It is the number of a position twice as large."),
    ("position_value", {"position_value": 50}, "500", "It is ten times too large."),
    ("position_value", {"position_value": 50}, "5", "It is ten times too small."),
    ("position_value", {"position_value": 50}, "5000", "It is a hundred times too large."),
    ("position_value", {"position_value": 50}, "0.5", "It is a hundred times too small."),
    ("position_value", {"position_value": 50}, "77", ""),
]  # fmt: skip


@pytest.mark.parametrize("kind, inputs, published, sentence", MISTAKES)
def test_the_usual_mistakes_are_recognised(tmp_path, kind, inputs, published, sentence):
    (finding,) = found(tmp_path, row(kind, published, "1", inputs, verdict="wrong"))
    assert (
        finding.outcome,
        finding.why.removesuffix(" These inputs have no effect on maintenance_margin: leverage."),
    ) == (
        "wrong",
        sentence,
    )


def test_mistakes_of_other_sides_and_contracts(tmp_path):
    rows = [
        row("liquidation_price", "13.476180850346978", "1", SHORT, side="short"),  # (10/3 + 10) / (1 − 0.0106)
        row("unrealised_pnl", "10000", "1", MOVE | {"quantity": 1000}, "inverse"),
        row("unrealised_pnl", "-0.9091", "1", MOVE | {"quantity": 1000}, "inverse"),
        row(
            "average_entry_price", "72.73", "1", {"fills": [[100, 1000], [200, -400]]}, "inverse"
        ),  # 600 / (10 − 2) = 75
        row("average_entry_price", "75.00", "1", {"fills": [[100, 1000], [200, -400]]}, "inverse"),
    ]
    assert [f.why.removesuffix(" The file's own verdict is 'agrees'.") for f in found(tmp_path, *rows)] == [
        "It divides by the value with the signs of maintenance and fee reversed.",
        "It is computed as for linear contracts.",
        "It is the number of a short.",
        "The file's own verdict is 'agrees'.",
        "It averages in a reduction, which does not change the average entry price.",
    ]


def test_a_mistake_must_give_the_printed_digits(tmp_path):
    # The short's price is 109: half a unit of 109.0 reaches 109.05, not 109.06.
    inputs = LONG | {"entry_price": 100.05, "quantity": 2}  # short: 100.05 × 1.09 = 109.0545
    rows = [
        row("liquidation_price", published, "1", inputs, verdict="wrong")
        for published in ("109.1", "109.05", "109.06", "109.0545", "109.0546")
    ]
    assert [bool(f.why) for f in found(tmp_path, *rows)] == [True, True, False, True, False]


def test_the_files_own_words_come_first(tmp_path):
    (finding,) = found(tmp_path, row("unrealised_pnl", "-10", "10", MOVE, verdict="wrong", error=" Sign error. "))
    assert finding.why == "Sign error. It is the number of a short."


# --- damaged files ---------------------------------------------------------------------------------------

GOOD = worth(100, "100")


def damaged(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as said:
        audit.audit(tmp_path / "t.csv")
    return str(said.value)


def test_damaged_headers_and_files(tmp_path, capsys):
    columns = ", ".join(audit.COLUMNS)
    line = ",".join(audit.COLUMNS)
    assert (
        damaged(tmp_path, "")
        == f"t.csv, row 1: the columns must be {columns}; none of them is there; commas must separate them"
    )
    assert damaged(tmp_path, line.replace(",", ";") + "\n1;2\n") == damaged(tmp_path, "")
    assert damaged(tmp_path, line + "\n") == "t.csv: must have at least one row below the header, got none"
    assert damaged(tmp_path, line + "\n\n\n") == "t.csv: must have at least one row below the header, got none"
    assert (
        damaged(tmp_path, line.replace("side,", "") + "\nx\n")
        == f"t.csv, row 1: the columns must be {columns}; side missing"
    )
    assert damaged(tmp_path, line + ",note\nx\n") == f"t.csv, row 1: the columns must be {columns}; 'note' not known"
    assert damaged(tmp_path, line + ",side\nx\n") == f"t.csv, row 1: the columns must be {columns}; 'side' given twice"
    assert damaged(tmp_path, line.replace("side", "Side") + "\nx\n").endswith("; side missing; 'Side' not known")
    assert (
        damaged(tmp_path, line + '\n"never closed\n')
        == "t.csv, row 2: not a readable CSV table (unexpected end of data)"
    )
    assert damaged(tmp_path, line + '\na\n"b"c\n').startswith("t.csv, row 3: not a readable CSV table (")
    for binary in (b"\xff\xfe\x00\x89PNG", "id,source".encode("utf-16")):
        (tmp_path / "t.csv").write_bytes(binary)
        assert audit.main([str(tmp_path / "t.csv")]) == 2
        assert capsys.readouterr().err == "t.csv: not a readable CSV table (text must be UTF-8)\n"
    assert audit.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path.name}: not a readable CSV table (Is a directory)\n"


KIND_WORDS = "'position_value', 'initial_margin', 'maintenance_margin'"
CELLS = [
    ({"kind": "pnl"}, "kind: it must be " + KIND_WORDS),
    ({"kind": ""}, "kind: it must be " + KIND_WORDS),
    ({"contract": "quanto"}, "contract: it must be 'linear' or 'inverse', got 'quanto'"),
    ({"side": "Long"}, "side: it must be 'long' or 'short', got 'Long'"),
    ({"verdict": "right"}, "verdict: it must be 'agrees', 'rounded' or 'wrong', got 'right'"),
    ({"unit": "price"}, "unit: must be quote or base for position_value, got 'price'"),
    ({"unit": "percent"}, "unit: must be quote or base for position_value, got 'percent'"),
    ({"kind": "roe", "unit": "quote"}, "unit: must be ratio for roe, got 'quote'"),
    ({"kind": "break_even_price", "unit": "quote"}, "unit: must be price for break_even_price, got 'quote'"),
    ({"published": "about 5"}, "published: must be a number, got 'about 5'"),
    ({"published": ""}, "published: must be a number, got ''"),
    ({"published": "1,000"}, "published: must be a number, got '1,000'"),
    ({"published": "1_000"}, "published: must be a number, got '1_000'"),
    ({"published": "5 %"}, "published: must be a number, got '5 %'"),
    ({"published": "nan"}, "published: must be a number, got 'nan'"),
    ({"published": "inf"}, "published: must be a number, got 'inf'"),
    ({"published": "1e999"}, "published: must be a number, got '1e999'"),
    ({"published": "٣"}, "published: must be a number, got '٣'"),
    ({"right_value": "NaN"}, "right_value: must be a number, got 'NaN'"),
    ({"right_value": ""}, "right_value: must be a number, got ''"),
    ({"right_value": "none", "kind": "bankruptcy_price", "unit": "price"}, "right_value: must be a number, or empty "
        "if there is no such price, got 'none'"),
    ({"decimals": "two"}, "decimals: must be a whole number of digits, at least 0, got 'two'"),
    ({"decimals": "1.5"}, "decimals: must be a whole number of digits, at least 0, got '1.5'"),
    ({"decimals": "-1"}, "decimals: must be a whole number of digits, at least 0, got '-1'"),
    ({"decimals": "²"}, "decimals: must be a whole number of digits, at least 0, got '²'"),
    ({"inputs": ""}, "inputs: must be a JSON object (Expecting value at character 1)"),
    ({"inputs": "[1]"}, "inputs: must be a JSON object, got '[1]'"),
    ({"inputs": "{'a': 1}"}, "inputs: must be a JSON object (Expecting property name enclosed in double quotes at "
        "character 2)"),
    ({"inputs": '{"quantity": 1'}, "inputs: must be a JSON object (Expecting ',' delimiter at character 15)"),
    ({"inputs": '{"quantity": 1, "quantity": 2}'}, "inputs: the key 'quantity' is given twice"),
    ({"inputs": '{"rounding_units": {"margin": 1, "margin": 2}}'}, "inputs: the key 'margin' is given twice"),
    ({"inputs": '{"quantity": NaN}'}, "inputs: quantity must be above 0, got nan"),
    ({"inputs": '{"added_margin": -Infinity}'}, "inputs: added_margin must be a finite number, got -inf"),
    ({"inputs": '{"added_margin": 1e999}'}, "inputs: added_margin must be a finite number, got inf"),
    ({"inputs": '{"qty": 1}'}, "inputs: 'qty' is not a key of the vocabulary: entry_price, exit_price, mark_price, "
        "quantity, "),
    ({"inputs": '{"quantity": "1"}'}, "inputs: quantity must be a number, above 0, got '1'"),
    ({"inputs": '{"quantity": 1}'}, "inputs: position_value needs entry_price or mark_price, which is not among "
        "the inputs"),
    ({"inputs": "[" * 200_000 + "]" * 200_000}, "inputs: must be a JSON object, got one nested too deeply"),
    ({"inputs": '{"quantity": 1' + "0" * 400 + "}"}, "inputs: quantity must be a finite number, got one of 401 digits"),
]  # fmt: skip


@pytest.mark.parametrize("cells, sentence", CELLS, ids=[f"{list(cells)[0]}{n}" for n, (cells, _) in enumerate(CELLS)])
def test_damaged_cells_name_file_row_and_column(tmp_path, cells, sentence):
    csv.field_size_limit(10**6)
    try:
        before, after = found(tmp_path, GOOD, GOOD | cells)
    finally:
        csv.field_size_limit(2**17)
    assert before.met and before.why == ""
    assert (after.row, after.outcome, after.met, after.id) == (3, "cannot compute", False, "T1")
    assert after.why.startswith(f"t.csv, row 3, column {sentence}")


def test_too_many_or_too_few_cells(tmp_path):
    path = write(tmp_path / "t.csv", GOOD)
    with open(path, "a", encoding="utf-8") as file:
        file.write("a,b\n\n" + ",".join("abcdefghijklmno") + "\n")
    findings = audit.audit(path)
    assert [f.why for f in findings] == [
        "",
        "t.csv, row 3: must have 14 cells, got 2",
        "t.csv, row 5: must have 14 cells, got 15",
    ]
    assert [f.met for f in findings] == [True, False, False]


def test_byte_order_mark_windows_lines_and_columns_in_another_order(tmp_path):
    header = list(reversed(audit.COLUMNS))
    for name, how in (
        ("mark", {"encoding": "utf-8-sig"}),
        ("lines", {"lineterminator": "\r\n"}),
        ("order", {"header": header}),
        ("quotes", {"quoting": csv.QUOTE_ALL}),
    ):
        findings = audit.audit(write(tmp_path / f"{name}.csv", *printed(), **how))
        assert [f.met for f in findings] == [True] * len(PRINTED), name
        assert [f.id for f in findings] == [f"P{n}" for n in range(len(PRINTED))]


# --- anything at all ------------------------------------------------------------------------------------


def test_random_rows_never_raise(tmp_path):
    rng, header = random.Random("anything"), list(audit.COLUMNS)
    strange = [
        0,
        1,
        -1,
        1e-300,
        1e300,
        5e-324,
        10**400,
        0.5,
        1e9,
        "x",
        None,
        True,
        [1],
        [[1, 2]],
        {},
        math.nan,
        math.inf,
    ]
    keys = [*NUMBERS, *WORDS, "fills", "tiers", "inferred", "rounding_units"]
    lists = {
        "fills": [[[5, 1], [6, 2]], [[5, 1], [6, -1]], [[5, 1e-300], [1e300, 1]]],
        "tiers": [
            [[0, 100, 0.01, 0], [100, None, 0.02, None]],
            [[0, 100, 0.01, 0], [100, None, 0.02, 0]],
            [[0, 10, 0.5, 1]],
        ],
        "inferred": [[], ["margin"], ["x"]],
        "rounding_units": [{"margin": 1e-3}, {"margin": 1e3, "bankruptcy_price": 1e3, "unrealised_pnl": 1e3}, {"x": 1}],
    }

    def value(key):
        if rng.random() < (0.02 if wild else 0):
            return rng.choice(strange)
        if key in WORDS:
            return rng.choice(WORDS[key])
        if key in lists:
            return rng.choice(lists[key][: 3 if wild else 2])
        if "rate" in key:
            return rng.uniform(0, 0.1)
        if key in ("leverage", "accrual_unit_hours", "interest_period_hours"):
            return rng.choice((1, 4, 24))
        return 10 ** rng.uniform(0, 3)

    outcomes = dict.fromkeys(audit.OUTCOMES, 0)
    for n in range(2500):
        wild = n % 2
        kind = rng.choice(list(KINDS))
        chosen = rng.sample(keys, rng.randint(0, len(keys)))
        inputs = {key: value(key) for key in chosen}
        one = row(
            kind,
            rng.choice(("0", "1", "-7.25", "123.4")),
            "1",
            json.dumps(inputs),
            rng.choice(("linear", "inverse")),
            rng.choice(("long", "short")),
        )
        one |= {"unit": KINDS[kind][1][0]}
        finding = audit.examine("t.csv", 2, header, [one[column] for column in header])
        outcomes[finding.outcome] += 1
        if finding.outcome == "cannot compute":
            assert finding.why.startswith("t.csv, row 2, column inputs: ") and not finding.met
        else:
            assert math.isfinite(finding.ours) or (math.isnan(finding.ours) and KINDS[kind][1] == ("price",))
    assert outcomes["wrong"] > 300 and outcomes["cannot compute"] > 1000  # both halves were tried


def test_evidence_keys_are_those_of_the_print():
    assert EVIDENCE == ("tick", "inferred", "rounding_units")


def test_rows_met_only_by_rounding_are_named(tmp_path, capsys):
    # 6153.846… is "6154" only to its last digit; 100 is 100.4 only within the tick; 48,200 is exact.
    rows = [
        row("bankruptcy_price", "6154", "6154", {"entry_price": 6400, "leverage": 25}, "inverse", id="A"),
        worth(100, "100", "100.4", tick=0.5, id="B"),
        worth(48200, "48200", id="C"),
    ]
    assert audit.main([write(tmp_path / "t.csv", *rows)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "3 of 3 rows met. Met only to the last printed digit or a tick: A, B."


WRONG_SIDE = [
    # 50,000 − 2,500 + 12,500: a rate of 25 %; with 0.25 %: 50,000 − 2,500 + 125 = 47,625
    ("long", {"leverage": 20, "maintenance_rate": 0.25}, 60_000, "above",
     " Does it mean a maintenance rate of 0.25 %? As a fraction that is 0.0025."),
    ("short", {"leverage": 20, "maintenance_rate": 0.25}, 40_000, "below",
     " Does it mean a maintenance rate of 0.25 %? As a fraction that is 0.0025."),
    # 100 of margin, 200 of funding paid: 50,000 + 100 + 125; a smaller rate does not mend that
    ("long", {"margin": 100, "funding_paid": 200, "maintenance_rate": 0.0025}, 50_225, "above", ""),
]  # fmt: skip


@pytest.mark.parametrize("side, inputs, price, where, meant", WRONG_SIDE)
def test_a_liquidation_price_on_the_wrong_side_of_the_entry_is_remarked_on(side, inputs, price, where, meant):
    example = Example(
        "liquidation_price",
        "linear",
        side,
        {"entry_price": 50_000, "quantity": 1, "maintenance_basis": "entry", **inputs},
    )
    assert compute(example) == pytest.approx(price)
    assert (
        beyond_entry(example, price)
        == f"A {side} whose liquidation price is {where} its entry price is liquidated at once.{meant}"
    )


def test_the_right_side_of_the_entry_and_other_kinds_get_no_such_remark():
    inputs = {
        "entry_price": 50_000,
        "quantity": 1,
        "leverage": 20,
        "maintenance_rate": 0.0025,
        "maintenance_basis": "entry",
    }
    for kind, side, price in (
        ("liquidation_price", "long", 47_625),
        ("liquidation_price", "short", 52_375),
        ("bankruptcy_price", "short", 40_000),
    ):
        assert beyond_entry(Example(kind, "linear", side, inputs), price) == ""
    assert beyond_entry(Example("liquidation_price", "linear", "short", inputs), math.nan) == ""


def test_of_the_published_examples_two_test_suites_take_a_rate_for_percent():
    """OctoBot's long at 47.6 and short at 32.4: each on the wrong side of 40, each with 0.2 as maintenance rate."""
    remarked = [f for f in audit.audit(data.folder() / "published_examples.csv") if "liquidated at once" in f.why]
    assert [(f.id, f.published) for f in remarked] == [("GE0324", "47.60"), ("GE0326", "32.40")]
    assert all(f.met and "mean a maintenance rate of 0.2 %?" in f.why for f in remarked)
