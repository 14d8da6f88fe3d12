"""The record: a hand-made progress file, counted by hand; and the reminder, read by a library that did not write it."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from html import unescape
from importlib.metadata import version
from pathlib import Path

import pytest
from card_hands import press, words

from leverage_lab.classroom import record
from leverage_lab.classroom.reminder import reminder
from leverage_lab.panelkit import storage

ROOT = Path(__file__).resolve().parents[2]
# The audit: L01 holds, L16 is wrong, L20 holds with a condition. A fall of 1 % takes 20 % of the margin at 20x.
DONE = {
    "predictions": {"0-guess": 20, "1-tenth": "of no such prediction"},
    "exercises": {
        "0-first": {"tries": 1, "solved": True},
        "1-position": {"tries": 1, "solved": True},
        "1-coins": {"tries": 3, "solved": True},
        "1-margin": {"tries": 1, "solved": False},
        "2-room": {"tries": "damaged"},
    },
    "inventory": {
        "before": {"account": "100 %", "fees": "$5", "distance": "I don't know yet"},
        "after": {"account": "5 %", "fees": "$5", "distance": "2.5 %"},
    },
    "claims": {"L01": "holds", "L16": "holds", "L20": "holds"},
}
NOTHING = (
    "There is no record yet: my-progress.json holds no guess, no answer to an exercise or to the twelve questions, and "
    "no verdict on a claim."
)


@pytest.fixture
def page(own_progress):
    return own_progress.with_name("my-record.html")


def keep(file, **sections):
    file.write_text(json.dumps({"version": 1, **sections}), encoding="utf-8")


def table(html, number):
    """The rows of a table on the page, without its head."""
    rows = re.findall(r"<tr>(.*?)</tr>", re.findall(r"<tbody>(.*?)</tbody>", html, flags=re.S)[number], flags=re.S)
    return [[unescape(cell).replace("\u00a0", " ") for cell in re.findall(r"<td.*?>(.*?)</td>", row)] for row in rows]


def test_what_was_done_is_counted(own_progress, page, monkeypatch):
    monkeypatch.setenv("LEVERAGE_LAB_TODAY", "2026-12-24")
    keep(own_progress, **DONE)
    card = record()
    said, written = repr(card).replace("\u00a0", " "), page.read_text(encoding="utf-8")
    *chapters, whole = table(written, 0)
    assert [row[0] for row in chapters] == list("01234567")
    assert chapters[0] == ["0", "1 of 1", "1", "1 of 1", "1"]
    assert chapters[1][3:] == ["2 of 11", "1"]  # in one try: not the one with three
    assert chapters[2][3:] == ["0 of 11", "0"]
    assert whole[0] == "all" and whole[3].startswith("3 of ") and whole[4] == "2"
    assert "3 of 37 claims of the two articles decided, 1 of them as the course's audit has it and 1 nearly so" in said
    assert "Before: 0 of 12 right, 9 not answered. After: 2 of 12 right, 9 not answered." in said
    assert table(written, 1) == [
        [
            "You put $50 of a $1,000 account into an isolated position, and its return is −100 %. "
            "What has the account lost?"
        ],
        ["100 % ✗ “return on margin is return on the account”", "5 % ✓"],
        ["A fee of 0.05 % is charged on opening. You put in $100 at 50x. What do you pay to open?"],
        ["$5 ✗ “opening already pays for closing”", "$5 ✗ “opening already pays for closing”"],
        ["At 10x the margin is used up by a move of 10 %. At 20x it is 5 %. At 40x it is …"],
        ["I don't know yet", "2.5 % ✓"],
    ]
    assert f"24 December 2026 · version {version('leverage-lab')} of the course" in written
    assert (
        "Made by the learner on their own machine. Nobody has examined it" in written and "Nobody has examined" in said
    )
    assert "Stored as `my-record.html`" in said and "Download the record" not in said


def test_the_third_set_stands_beside_the_first_two(own_progress, page):
    keep(own_progress, **DONE)
    own = json.loads(own_progress.read_text())
    own["inventory"]["later"] = {"account": "50 %"}
    keep(own_progress, **own)
    record()
    written = page.read_text(encoding="utf-8")
    assert re.findall(r'<th scope="col">(\w+)</th>', written)[-3:] == ["before", "after", "later"]
    assert table(written, 1)[1][1:] == ["5 % ✓", "50 % ✗ “dollars read as percent”"]


def test_the_page_needs_nothing_else(own_progress, page):
    keep(own_progress, **DONE)
    record()
    written = page.read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>") and not re.search(r"https?:|<script|<link|@import|url\(", written)


@pytest.mark.parametrize(
    "content, sentence",
    [
        (None, NOTHING),
        ('{"version": 1, "numbers": {"1-coins": {}}}', NOTHING),
        ('{"version": 1, "exercises": {"1-coins": 3}, "predictions": [1], "inventory": {"before": 5}}', NOTHING),
        (
            '{"version": 1, "exerc',
            "There is no record: progress.json is not used (it is damaged, or not a progress file): it is kept as "
            "progress.aside-1.json, and a new file is started.",
        ),
        (
            '{"version": 2}',
            "There is no record: progress.json is not used (it was made by a newer version of the course",
        ),
    ],
)
def test_without_progress_one_sentence_says_so_and_nothing_is_written(own_progress, page, content, sentence):
    if content is not None:
        own_progress.write_text(content)
    card = record()
    assert repr(card).startswith(sentence) and words(card.widget).strip() == repr(card)
    sent = []
    card._card.send = sent.append
    press(card._card, "Download the record")
    assert NOTHING in words(card._card) and not sent and not page.exists()


def test_a_name_only_if_given_and_no_markup(own_progress, page):
    keep(own_progress, **DONE)
    record(name=" Zoë  <b>O'Neil</b> & Co ")
    assert "<p>Zoë &lt;b&gt;O&#x27;Neil&lt;/b&gt; &amp; Co · " in page.read_text(encoding="utf-8")
    record()
    assert "Zoë" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, 5, ["Anna"], "bell\x07", True])
def test_no_name_gets_one_sentence(own_progress, page, name):
    keep(own_progress, **DONE)
    assert repr(record(name)).startswith("The name must be text of 1 to 80 characters, or left out; got ")
    assert not page.exists()


def test_a_place_that_cannot_be_written_is_said(own_progress, page):
    keep(own_progress, **DONE)
    page.mkdir()
    assert "`my-record.html` could not be written (" in repr(record())


def test_the_buttons(own_progress, page):
    """Make counts again; the downloads are what is written, and a date."""
    card, sent = record("Anna"), []
    widget = card.widget
    widget.send = sent.append
    storage.put("predictions", "0-guess", 20)
    press(widget, "Make the record")
    assert "1 of 1" in words(widget) and "Stored as" in words(widget) and "no record" not in words(widget) and not sent
    press(widget, "Download the record")
    press(widget, "Remind me in a week")
    assert [(one["name"], one["type"]) for one in sent] == [
        ("my-record.html", "text/html"),
        ("my-reminder.ics", "text/calendar"),
    ]
    assert sent[0]["text"] == page.read_text(encoding="utf-8") and "Anna" in sent[0]["text"]
    assert "my-reminder.ics is in your browser's download folder" in words(widget).replace("`", "")


NIGHT = datetime(2026, 12, 27, 23, 30, tzinfo=timezone(timedelta(hours=-5)))  # the 28th in UTC


def test_the_lines_of_the_reminder():
    """CRLF at each end, at most 75 octets between them (RFC 5545, 3.1); the day is the learner's own."""
    text = reminder(NIGHT)
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(0 < len(line.encode()) <= 75 for line in text.split("\r\n")[:-1])
    assert "\r\nDTSTART;VALUE=DATE:20270103\r\n" in text and "\r\nDTSTAMP:20261228T043000Z\r\n" in text
    assert re.findall("UID:.*", text) != re.findall("UID:.*", reminder(NIGHT))


READ = """
import sys, icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
assert calendar["VERSION"] == "2.0" and calendar["PRODID"] and not calendar.errors
(event,) = calendar.walk("VEVENT")
(alarm,) = event.walk("VALARM")
assert not event.errors and not alarm.errors
print(event["DTSTART"].dt.isoformat(), event["DTSTAMP"].dt.isoformat(), len(str(event["UID"])))
print(alarm["TRIGGER"].dt)
print(event["SUMMARY"])
print(event["DESCRIPTION"])
"""


@pytest.mark.network
def test_a_calendar_reads_the_reminder():
    """icalendar, which did not write it."""
    uv = [sys.executable, ROOT / "tools" / "make_env.py", "uv"]
    run = [*uv, "run", "--quiet", "--no-project", "--isolated", "--with", "icalendar==7.3.0", "python", "-c", READ]
    out = subprocess.run(run, input=reminder(NIGHT).encode(), capture_output=True, timeout=300, env=os.environ)
    assert out.returncode == 0, out.stderr.decode()
    dates, trigger, summary, description = out.stdout.decode().splitlines()
    assert dates == "2027-01-03 2026-12-28T04:30:00+00:00 36" and trigger == "9:00:00"
    assert summary == "Leverage Lab: the twelve questions once more"
    assert description.startswith(
        "Open chapter 8 (08-two-articles), section 6, and answer the twelve questions once more"
    )
    assert description.endswith("without looking back. It takes about six minutes. Then press Compare in section 4: "
                                "your new answers are shown beside the first two sets.")  # fmt: skip
