"""Recompute published examples with the course's own engine: `python -m leverage_lab.audit FILE.csv`.

Each row of the file is one worked example in the vocabulary that data/VOCABULARY.md explains: kind, contract,
side, inputs, the number as printed, and what it should be. Every number is computed here from
the inputs; the row's own `right_value` is only compared with it. Exit status 0: each one is met.
`--claims` does the same for what the two articles claim.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from leverage_lab.checks import CONTRACTS, SIDES, choice
from leverage_lab.data import TABLES
from leverage_lab.examples import AMOUNTS, EVIDENCE, KINDS, PRICE, Example, checked, compute

COLUMNS = tuple(TABLES["published_examples"].columns)
VERDICTS = ("agrees", "rounded", "wrong")
SIZES = ("quantity", "position_value", "fills")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


# --- reading --------------------------------------------------------------------------------------


def read(path):
    """The rows of a file as dicts of words; ValueError names file, row and column of a damaged header."""
    path, lines = Path(path), []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines.extend(csv.reader(file, strict=True))
    except FileNotFoundError:
        raise ValueError(f"{path.name}: there is no such file") from None
    except csv.Error as error:
        raise ValueError(f"{path.name}, row {len(lines) + 1}: not a readable CSV table ({error})") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = "text must be UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ValueError(f"{path.name}: not a readable CSV table ({reason})") from None
    header = lines[0] if lines else []
    missing, extra = [c for c in COLUMNS if c not in header], [c for c in header if c not in COLUMNS]
    twice = [column for column, count in Counter(header).items() if count > 1]
    if missing or extra or twice:
        wrong = [f"{', '.join(missing)} missing"] if missing else []
        wrong += [f"{', '.join(map(repr, extra))} not known"] if extra else []
        wrong += [f"{', '.join(map(repr, twice))} given twice"] if twice else []
        wrong = wrong if len(missing) < len(COLUMNS) else ["none of them is there; commas must separate them"]
        raise ValueError(f"{path.name}, row 1: the columns must be {', '.join(COLUMNS)}; {'; '.join(wrong)}")
    rows = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if cells]
    if not rows:
        raise ValueError(f"{path.name}: must have at least one row below the header, got none")
    return header, rows


def parse(file, row, header, cells):
    """(Example, the cells by column); ValueError names file, row and column of what cannot be read."""

    def at(column, error):
        return ValueError(f"{file}, row {row}, column {column}: {error}")

    if len(cells) != len(header):
        raise ValueError(f"{file}, row {row}: must have {len(header)} cells, got {len(cells)}")
    cell = dict(zip(header, cells))
    for column, allowed in (
        ("kind", tuple(KINDS)),
        ("contract", CONTRACTS),
        ("side", SIDES),
        ("verdict", VERDICTS),
    ):
        try:
            choice("it", cell[column], allowed)
        except ValueError as error:
            raise at(column, error) from None
    units = KINDS[cell["kind"]][1]
    if cell["unit"] not in units:
        raise at("unit", f"must be {' or '.join(units)} for {cell['kind']}, got {cell['unit']!r}")
    for column in ("published", "right_value"):
        if column == "right_value" and cell[column] == "" and units == PRICE:  # there is no such price
            continue
        if not NUMBER.fullmatch(cell[column]) or math.isinf(float(cell[column])):
            or_empty = ", or empty if there is no such price" if column == "right_value" and units == PRICE else ""
            raise at(column, f"must be a number{or_empty}, got {cell[column]!r}")
    if not re.fullmatch("[0-9]{1,3}", cell["decimals"]):
        raise at("decimals", f"must be a whole number of digits, at least 0, got {cell['decimals']!r}")
    try:
        inputs = _inputs(cell["inputs"])
    except ValueError as error:
        raise at("inputs", error) from None
    return Example(cell["kind"], cell["contract"], cell["side"], inputs), cell


def _inputs(text):
    def once(pairs):
        twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        if twice:
            raise ValueError(f"the key {twice[0]!r} is given twice")
        return dict(pairs)

    try:
        inputs = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise ValueError(f"must be a JSON object ({error.msg} at character {error.pos + 1})") from None
    except RecursionError:
        raise ValueError("must be a JSON object, got one nested too deeply") from None
    if not isinstance(inputs, dict):
        raise ValueError(f"must be a JSON object, got {text[:40]!r}")
    return checked(inputs)


# --- judging --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One row. outcome: agrees, rounded, wrong (in the source) or "cannot compute"; met: right_value is ours."""

    row: int
    id: str
    source: str
    kind: str
    outcome: str
    met: bool
    published: str = ""
    ours: float = math.nan
    right_value: str = ""
    why: str = ""


def met(ours, cell, tick=0.0):
    """Is `right_value` ours: to 1e-9, or to its last printed digit (and a thousandth), or to a tick?

    Empty: no such price; that is met by nan, and by 0, which only a worthless coin reaches.
    """
    if cell["right_value"] == "" or math.isnan(ours):
        return cell["right_value"] == "" and (math.isnan(ours) or ours == 0)
    right = float(cell["right_value"])
    digit = min(0.5 * 10.0 ** -_decimals(cell["right_value"]), 1e-3 * abs(right))
    return abs(ours - right) <= max(1e-9 * abs(right), digit, tick, 1e-12 if right == 0 else 0.0)


def _decimals(text):
    mantissa, _, exponent = text.lower().partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or 0), -300)


def judge(example, ours, cell):
    """The verdict on the printed number, by the rules of the vocabulary: agrees, rounded or wrong."""
    if math.isnan(ours):
        return "wrong"
    published, unit = float(cell["published"]), 10.0 ** -int(cell["decimals"])
    distance, noise = abs(published - ours), 1e-12 * abs(ours)
    if distance <= max(unit / 2, example.inputs.get("tick", 0.0)) + noise:
        return "agrees"
    if distance < 2 * unit - noise and distance <= 0.01 * abs(ours) + noise:
        return "rounded"
    units = example.inputs.get("rounding_units", {})
    if units:
        moved = []
        for steps in product((-1, 0, 1), repeat=len(units)):
            shift = {name: step * size for step, (name, size) in zip(steps, units.items())}
            try:
                moved.append(compute(replace(example, shift=shift)))
            except ValueError:  # a unit so large that the moved example makes no sense
                continue
        moved = [value for value in moved if not math.isnan(value)]
        if min(moved) - unit / 2 - noise <= published <= max(moved) + unit / 2 + noise:
            return "rounded"
    return "wrong"


def explain(example, ours, cell):
    """What was done wrong, if one of the usual mistakes gives the printed number; else an empty sentence."""
    published, half = float(cell["published"]), 0.5 * 10.0 ** -int(cell["decimals"])
    for sentence, mistaken in _mistakes(example, ours):
        try:
            value = mistaken()
        except (ValueError, ArithmeticError):
            continue
        if not math.isnan(value) and abs(value - published) <= half + 1e-12 * abs(value):
            return sentence
    return ""


def _mistakes(x, ours):
    """(sentence, the number it gives): each a small change of the inputs, computed by the same engine."""
    other_side = "short" if x.side == "long" else "long"
    other_contract = "inverse" if x.contract == "linear" else "linear"
    L, rate = x.inputs.get("leverage"), x.inputs.get("maintenance_rate")

    def given(**changes):
        inputs = {key: value for key, value in {**x.inputs, **changes}.items() if value is not None}
        return lambda: compute(replace(x, inputs=inputs))

    yield f"It is the number of a {other_side}.", lambda: compute(replace(x, side=other_side))
    yield f"It is computed as for {other_contract} contracts.", lambda: compute(replace(x, contract=other_contract))
    if x.kind == "liquidation_price":
        yield (
            "It is the bankruptcy price: maintenance margin is left out.",
            lambda: compute(replace(x, kind="bankruptcy_price")),
        )
        basis = "mark" if x.inputs.get("maintenance_basis") == "entry" else "entry"
        yield f"It computes maintenance on the {basis} value.", given(maintenance_basis=basis)
        a = (rate or 0) + x.inputs.get("closing_fee_rate", 0)
        yield (
            "It divides by the value with the signs of maintenance and fee reversed.",
            lambda: ours * (x.sign - a) / (x.sign + a),
        )
    if x.kind == "bankruptcy_price":
        yield "It is 0, but there is no such price.", lambda: 0.0 if math.isnan(ours) else math.nan
    if L:
        yield "Leverage is counted twice.", given(leverage=L * L)
        yield "Leverage is left out.", given(leverage=1.0)
        if rate is not None:
            yield "It uses the initial margin rate as the maintenance rate.", given(maintenance_rate=1 / L)
            yield "It divides the maintenance rate by the leverage.", given(maintenance_rate=rate / L)
    for key in (
        "closing_fee_rate",
        "opening_fee_rate",
        "added_margin",
        "funding_paid",
        "maintenance_deduction",
        "fees_paid",
    ):
        if x.has(key):
            basis = {"closing_fee_basis": None} if key == "closing_fee_rate" else {}
            yield f"It leaves out the {key.replace('_', ' ')}.", given(**{key: None}, **basis)
    if x.has("fills"):
        yield (
            "It averages in a reduction, which does not change the average entry price.",
            lambda: _plain_average(x.inputs["fills"], x.contract),
        )
    yield "It has the wrong sign.", lambda: -ours
    yield "It is the number of a position twice as large.", lambda: 2 * ours
    for factor, words in (
        (10, "ten times too large"),
        (0.1, "ten times too small"),
        (100, "a hundred times too large"),
        (0.01, "a hundred times too small"),
    ):
        yield f"It is {words}.", lambda factor=factor: factor * ours


def beyond_entry(example, ours):
    """A remark on a liquidation price on the wrong side of the entry: it could not be opened; else empty."""
    entry = example.inputs.get("entry_price")
    if example.kind != "liquidation_price" or entry is None or not example.sign * (ours - entry) > 1e-12 * entry:
        return ""
    where = "above" if example.side == "long" else "below"
    told = f"A {example.side} whose liquidation price is {where} its entry price is liquidated at once."
    rate = example.inputs.get("maintenance_rate")
    if rate:
        meant = compute(replace(example, inputs={**example.inputs, "maintenance_rate": rate / 100}))
        if example.sign * (meant - entry) < 0:
            told += f" Does it mean a maintenance rate of {rate:.15g} %? As a fraction that is {rate / 100:.15g}."
    return told


def _plain_average(fills, contract):
    held, value = sum(q for _, q in fills), sum(q * p if contract == "linear" else q / p for p, q in fills)
    return value / held if contract == "linear" else held / value


def examine(file, row, header, cells):
    """The Finding for one row."""
    named = dict(zip(header, cells))
    start = {"row": row, "id": named.get("id", ""), "source": named.get("source", ""), "kind": named.get("kind", "")}
    try:
        example, cell = parse(file, row, header, cells)
        ours = compute(example)
    except ValueError as error:
        message = str(error) if str(error).startswith(f"{file}, row") else f"{file}, row {row}, column inputs: {error}"
        return Finding(**start, outcome="cannot compute", met=False, why=message)
    used = example.used & set(example.inputs)
    outcome = judge(example, ours, cell)
    why = []
    if outcome == "wrong":
        why = [cell["error"].strip(), explain(example, ours, cell)]
    if outcome != cell["verdict"]:
        why.append(f"The file's own verdict is {cell['verdict']!r}.")
    why.append(beyond_entry(example, ours))
    spare = [key for key in example.inputs if key not in used and key not in EVIDENCE]
    if spare:
        why.append(f"These inputs have no effect on {example.kind}: {', '.join(spare)}.")
    if (
        KINDS[example.kind][1] == PRICE
        and any(example.inputs[key] for key in used & set(AMOUNTS))
        and not example.has(*SIZES)
    ):
        why.append("No quantity is given, so 1 is used.")
    if int(cell["decimals"]) != _decimals(cell["published"]):
        why.append(
            f"The column decimals says {cell['decimals']}, but the published number has {_decimals(cell['published'])}."
        )
    return Finding(
        **start, outcome=outcome, met=met(ours, cell, example.inputs.get("tick", 0.0)), published=cell["published"],
        ours=ours, right_value=cell["right_value"], why=" ".join(filter(None, why)),
    )  # fmt: skip


def audit(path):
    """The findings for every row of a file; ValueError if it has not the columns it must have."""
    header, rows = read(path)
    return [examine(Path(path).name, row, header, cells) for row, cells in rows]


# --- telling --------------------------------------------------------------------------------------

OUTCOMES = ("agrees", "rounded", "wrong", "cannot compute")


def shown(value):
    """A number to 15 digits; nan is "no such price"."""
    return "no such price" if math.isnan(value) else f"{value:.15g}"


def report(findings):
    """The table and what is wrong, as lines of text."""
    kinds = [kind for kind in KINDS if any(f.kind == kind for f in findings)]
    others = len([f for f in findings if f.kind not in KINDS])
    lines = [f"{'kind':<23}{'rows':>6}{'agree':>8}{'rounded':>9}{'wrong':>7}{'cannot compute':>16}{'not met':>9}"]

    def line(name, group):
        count = Counter(f.outcome for f in group)
        unmet = sum(not f.met for f in group)
        a, r, w, c = (count[outcome] for outcome in OUTCOMES)
        return f"{name:<23}{len(group):>6}{a:>8}{r:>9}{w:>7}{c:>16}{unmet:>9}"

    lines += [line(kind, [f for f in findings if f.kind == kind]) for kind in kinds]
    if others:
        lines.append(line("(unknown kind)", [f for f in findings if f.kind not in KINDS]))
    lines.append(line("all", findings))
    for title, chosen in (
        ("Wrong in the source:", [f for f in findings if f.outcome == "wrong"]),
        ("Noted:", [f for f in findings if f.outcome in ("agrees", "rounded") and f.why]),
    ):
        if chosen:
            lines += ["", title]
            lines += [
                f"  {f.id} {f.source}, {f.kind}: printed {f.published}, right {shown(f.ours)}. {f.why}".rstrip()
                for f in chosen
            ]
    unmet = [f for f in findings if not f.met]
    if unmet:
        lines += ["", "Not met:"]
        for f in unmet:
            said = (
                f.why
                if f.outcome == "cannot compute"
                else f"the file says {f.right_value or 'no such price'}, we get {shown(f.ours)}"
            )
            lines.append(f"  {f.id} (row {f.row}): {said}")
    loose = [
        f.id for f in findings if f.met and f.right_value and abs(f.ours - float(f.right_value)) > 1e-9 * abs(f.ours)
    ]
    also = f" Met only to the last printed digit or a tick: {', '.join(loose)}." if loose else ""
    lines += ["", f"{len(findings) - len(unmet)} of {len(findings)} rows met.{also}"]
    return lines


def main(arguments=None):
    """Run the command. 0: every row is met; 1: not every one; 2: the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m leverage_lab.audit", description=__doc__.split("\n\n")[0])
    parser.add_argument("file", nargs="?", help="a CSV of worked examples (data/VOCABULARY.md has the vocabulary)")
    parser.add_argument("--claims", action="store_true", help="check the claims of the two articles instead")
    chosen = parser.parse_args(arguments)
    if chosen.claims == bool(chosen.file):
        parser.error("give one FILE.csv, or --claims")
    if chosen.claims:
        from leverage_lab import claims

        print(*claims.report(), sep="\n")
        return 0
    try:
        findings = audit(chosen.file)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(*report(findings), sep="\n")
    return 0 if all(f.met for f in findings) else 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a name of a source that the terminal has no letters for
    sys.exit(main())
