"""instructor/log.csv: real runs of the course, by which alone a timing stops being an estimate."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "instructor" / "log.csv"
HEADER = ["date", "chapter", "section", "planned_minutes", "actual_minutes", "learners", "setting", "note"]


def sections(chapter):
    """The numbers of a chapter's sections; None if there is no such chapter."""
    found = list((ROOT / "notebooks").glob(f"{int(chapter):02}-*.ipynb"))
    return set(re.findall(r'^\s*"## (\d+) ·', found[0].read_text(encoding="utf-8"), flags=re.M)) if found else None


def problems(text):
    """What is wrong with a log, a sentence each."""
    header, *rows = csv.reader(io.StringIO(text))
    if header != HEADER:
        return [f"the header must be {','.join(HEADER)}"]
    found = []
    for number, row in enumerate(rows, start=2):
        if len(row) != len(HEADER):
            found.append(f"line {number}: {len(row)} fields, not {len(HEADER)}")
            continue
        entry = dict(zip(HEADER, row))
        try:
            if not date(2026, 1, 1) <= date.fromisoformat(entry["date"]) <= date.today():
                found.append(f"line {number}: date {entry['date']} must be a day from 2026 to today")
        except ValueError:
            found.append(f"line {number}: date must be as 2026-11-22, got {entry['date']!r}")
        for name, low, high in (("planned_minutes", 1, 600), ("actual_minutes", 1, 600), ("learners", 1, 1000)):
            if not (entry[name].isascii() and entry[name].isdigit() and low <= int(entry[name]) <= high):
                found.append(f"line {number}: {name} must be a whole number from {low} to {high}, got {entry[name]!r}")
        if not entry["chapter"].isdigit() or sections(entry["chapter"]) is None:
            found.append(f"line {number}: there is no chapter {entry['chapter']!r}")
        elif entry["section"] and entry["section"] not in sections(entry["chapter"]):
            found.append(f"line {number}: chapter {entry['chapter']} has no section {entry['section']!r}")
        if not entry["setting"].strip():
            found.append(f"line {number}: setting must say where it was, such as room or online")
    return found


def test_the_log_is_well_formed():
    assert problems(LOG.read_text(encoding="utf-8")) == []


GOOD = "2026-11-22,2,1,13,16,12,room,"


@pytest.mark.parametrize(
    "line, problem",
    [
        (GOOD, None),
        ("2026-11-22,2,,55,70,12,online,the whole chapter", None),
        ("22.11.2026,2,1,13,16,12,room,", "date must be as 2026-11-22"),
        ("2099-01-01,2,1,13,16,12,room,", "from 2026 to today"),
        ("2026-11-22,9,1,13,16,12,room,", "no chapter '9'"),
        ("2026-11-22,2,99,13,16,12,room,", "no section '99'"),
        ("2026-11-22,2,1,13,16.5,12,room,", "actual_minutes must be a whole number"),
        ("2026-11-22,2,1,,16,12,room,", "planned_minutes must be"),
        ("2026-11-22,2,1,13,16,0,room,", "learners must be"),
        ("2026-11-22,2,1,13,16,12,,", "setting must say"),
        ("2026-11-22,2,1,13,16,12,room", "7 fields, not 8"),
    ],
)
def test_a_wrong_line_is_found(line, problem):
    found = problems(",".join(HEADER) + "\n" + line + "\n")
    assert found == [] if problem is None else len(found) == 1 and problem in found[0], found


def test_a_wrong_header_is_found():
    assert problems("date,chapter\n") and not problems(",".join(HEADER) + "\n")
