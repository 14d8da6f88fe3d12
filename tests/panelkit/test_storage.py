"""A learner's progress is never lost: damaged and newer files, full disks, two kernels at once, kills in mid-write."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from card_hands import press, words

from leverage_lab.classroom import check, panels, predict, progress, redraw
from leverage_lab.panelkit import storage

WRITER = """
import sys
from leverage_lab.panelkit import storage
name, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    assert storage.put("exercises", f"{name}-{number}", {"tries": 1, "solved": True}) == ""
    storage.change("predictions", "shared", lambda before: (before or 0) + 1)
"""


def start(*arguments, code=WRITER):
    """A Python process that writes to the progress file of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def aside(own_progress):
    return sorted(path.read_text() for path in own_progress.parent.glob("progress.aside-*.json"))


@pytest.mark.parametrize(
    "content", ("{half", "", "[]", '{"cells": []}', '{"version": "1"}', "[" * 100_000), ids=lambda text: text[:12]
)
def test_a_damaged_file_is_kept_aside(own_progress, content):
    own_progress.write_text(content)
    assert "kept as progress.aside-1.json" in storage.put("exercises", "1-gone", {"tries": 1, "solved": True})
    assert storage.get("exercises", "1-gone") == {"tries": 1, "solved": True}
    assert aside(own_progress) == [content]


def test_a_newer_file_is_kept_aside_and_said_to_be_newer(own_progress):
    own_progress.write_text('{"version": 99, "exercises": {}}')
    problem = storage.put("exercises", "1-gone", {"tries": 1, "solved": True})
    assert (
        "newer version of the course: its format is 99, and this version reads 1" in problem
        and len(aside(own_progress)) == 1
    )
    own_progress.write_text('{"version": 100}')
    assert "kept as progress.aside-2.json" in progress().text
    assert aside(own_progress) == ['{"version": 100}', '{"version": 99, "exercises": {}}']


@pytest.mark.parametrize(
    "entry",
    (5, "solved", [], None, {"tries": "two"}, {"tries": -3, "solved": "yes"}, {"tries": True}, {"tries": 1e300}),
)
def test_entries_of_a_wrong_type_count_as_nothing_and_never_raise(own_progress, entry):
    content = {
        "version": 1,
        "exercises": {"1-gone": entry},
        "predictions": {"0-guess": entry, "no-such": 5},
        "inventory": entry,
        "claims": {"L01": entry},
    }
    own_progress.write_text(json.dumps(content))
    assert (
        "| exercises solved | 0 |" in progress().text
        and ("| predictions made | 1 |" if entry == 5 else "| predictions made | 0 |") in progress().text
    )
    card = predict("0-guess", panels.first_touch())
    assert card.widget and repr(card)
    check("1-gone", 0.04)
    assert storage.get("exercises", "1-gone") == {"tries": 1, "solved": True}


def test_work_on_exercises_that_are_gone_is_kept_and_not_counted(own_progress):
    """A file from before chapters were cut: the table counts what is there now, and new work leaves the rest alone."""
    old = {"exercises": {"4-wall": {"tries": 2, "solved": True}, "3-two": {"tries": 1, "solved": True}}}
    own_progress.write_text(json.dumps({"version": 1, **old, "predictions": {"4-one-hour": 3}}), encoding="utf-8")
    assert "| exercises solved | 1 |" in repr(progress()) and "| predictions made | 0 |" in repr(progress())
    storage.put("exercises", "2-line", {"tries": 1, "solved": True})
    stored = json.loads(own_progress.read_text(encoding="utf-8"))
    assert stored["exercises"].keys() == {"4-wall", "3-two", "2-line"} and stored["predictions"] == {"4-one-hour": 3}


def test_what_others_stored_is_not_lost(own_progress):
    storage.put("predictions", "a", 1)
    storage.put("exercises", "b", {"tries": 1, "solved": False})
    assert storage.get("predictions", "a") == 1 and not list(own_progress.parent.glob("*.part"))


def test_two_kernels_write_at_once_and_nothing_is_lost(own_progress):
    writers = [start(name, 100) for name in "ab"]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
    sections, problem = storage.load()
    assert not problem and len(sections["exercises"]) == 200 and sections["predictions"]["shared"] == 200


def test_a_kernel_killed_while_it_writes_leaves_a_whole_file_and_no_lock(own_progress):
    for attempt in range(5):
        writer = start(attempt, 10_000)
        end = time.monotonic() + 60
        while not storage.get("exercises", f"{attempt}-3") and time.monotonic() < end:
            time.sleep(0.01)
        writer.send_signal(signal.SIGKILL) if hasattr(signal, "SIGKILL") else writer.kill()
        writer.communicate()
        sections, problem = storage.load()
        assert not problem and all(f"{earlier}-3" in sections["exercises"] for earlier in range(attempt + 1))
        assert storage.put("exercises", "mine", attempt) == ""
    assert not aside(own_progress)


FULL = """
import resource, signal
from leverage_lab.classroom import progress
from leverage_lab.panelkit import storage
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
assert storage.put("predictions", "first", 1) == ""
resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))  # as a full disk: writing ends in mid-file
words = storage.put("predictions", "second", "x" * 500)
assert "could not be stored" in words and "lasts until the kernel stops" in words, words
assert storage.path().read_text().count("first") == 1 and not list(storage.path().parent.glob("*.part"))
assert storage.get("predictions", "second") == "x" * 500 and "second" in storage.text()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert storage.put("predictions", "third", 3) == ""
print(storage.path().read_text())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_full_disk_leaves_the_old_file_and_is_made_good_later(own_progress):
    printed, errors = start(code=FULL).communicate(timeout=60)
    assert not errors
    assert json.loads(printed)["predictions"] == {"first": 1, "second": "x" * 500, "third": 3}


def test_a_folder_that_can_only_be_read_keeps_answers_in_memory(own_progress, monkeypatch):
    storage.put("predictions", "0-guess", 3)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refuse)
        assert "Permission denied" in storage.put("predictions", "1-guess", 4)
    assert storage.load()[0]["predictions"] == {"0-guess": 3, "1-guess": 4}
    assert json.loads(own_progress.read_text())["predictions"] == {"0-guess": 3}
    assert storage.put("predictions", "2-guess", 5) == ""
    assert json.loads(own_progress.read_text())["predictions"] == {"0-guess": 3, "1-guess": 4, "2-guess": 5}


def test_without_any_lock_it_still_writes(own_progress, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/no/such/folder")
    assert storage.put("predictions", "0-guess", 3) == "" and storage.get("predictions", "0-guess") == 3


# Taking it along


def test_a_download_is_restored_elsewhere(own_progress, monkeypatch):
    storage.put("predictions", "0-guess", 3)
    check("1-gone", 0.04)
    taken = storage.text()
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(own_progress.with_name("elsewhere.json")))
    assert storage.load() == ({}, "")
    assert storage.restore(taken).startswith("Restored. Run")
    assert storage.text() == taken and "| exercises solved | 1 |" in progress().text


def test_restoring_keeps_what_was_there_aside(own_progress):
    storage.put("predictions", "0-guess", 3)
    before = own_progress.read_text()
    assert "kept as progress.aside-1.json" in storage.restore('{"version": 1, "predictions": {"0-guess": 9}}')
    assert storage.get("predictions", "0-guess") == 9 and aside(own_progress) == [before]


@pytest.mark.parametrize(
    "content, words",
    [
        ("", "damaged, or not a progress file"),
        ('{"nbformat": 4, "cells": []}', "not a progress file of this course"),
        ('{"version": 2}', "newer version of the course: its format is 2, and this version reads 1"),
        ('{"version": true}', "not a progress file"),
    ],
)
def test_a_file_that_is_none_changes_nothing(own_progress, content, words):
    storage.put("predictions", "0-guess", 3)
    before = own_progress.read_text()
    said = storage.restore(content)
    assert words in said and "Your progress has not changed" in said
    assert own_progress.read_text() == before and not aside(own_progress)


def test_the_card_answers_both_buttons(own_progress, monkeypatch):
    widget = progress().widget
    sent = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append(content))
    storage.put("predictions", "0-guess", 3)
    press(widget, "Download my progress")
    assert sent[0]["name"] == "my-progress.json" and json.loads(sent[0]["text"])["predictions"] == {"0-guess": 3}
    assert "my-progress.json is in your browser's download folder." in words(widget)
    press(widget, "Restore from a file …", restore='{"version": 1, "predictions": {}}')
    assert "Restored." in words(widget) and "predictions made 0" in words(widget)
    assert "restore" not in widget.held  # the file does not go to and fro with each question


def test_after_a_restore_the_cards_know_it(own_progress):
    """In the same kernel: what was drawn and solved here before is forgotten, what the file says holds."""
    redraw("1-gone"), check("1-position", "3,000")
    with_numbers, asked = storage.text(), repr(check("1-gone"))
    assert storage.restore('{"version": 1, "exercises": {"1-gone": {"tries": 3, "solved": true}}}').startswith(
        "Restored."
    )
    assert "✓ Solved before." in repr(check("1-gone")) and repr(check("1-gone"))[:80] != asked[:80]
    assert "Not answered yet" in repr(check("1-position"))
    storage.restore(with_numbers)
    assert repr(check("1-gone")) == asked and "✓ Solved before." in repr(check("1-position"))


def test_a_file_from_before_numbers_were_kept_is_read(own_progress):
    own_progress.write_text(
        '{"version": 1, "exercises": {"1-gone": {"tries": 2, "solved": true}}, "predictions": {"1-tenth": 0.2}}'
    )
    assert "✓ Solved before." in repr(check("1-gone")) and "You guessed 20" in words(
        predict("1-tenth", panels.bought()).widget
    )


def test_in_a_browser_no_lock_is_waited_for(own_progress):
    code = """
import sys
from leverage_lab.panelkit import storage
sys.platform, sys.modules["filelock"] = "emscripten", None
assert storage.put("predictions", "0-guess", 3) == "" and storage.put("predictions", "1-guess", 4) == ""
"""
    _, errors = start(code=code).communicate(timeout=60)
    assert not errors
    assert json.loads(own_progress.read_text())["predictions"] == {"0-guess": 3, "1-guess": 4}


def test_a_file_saved_by_a_windows_editor_is_read(own_progress):
    own_progress.write_text('{"version": 1, "predictions": {"0-guess": 9}}', encoding="utf-8-sig")
    assert storage.get("predictions", "0-guess") == 9 and not aside(own_progress)
