"""A progress file from before the chapters were cut anew: what moved is found under its new id, and nothing is lost."""

import json
from pathlib import Path

import pytest

from leverage_lab.chapters.moved import KINDS, MOVED, upgrade
from leverage_lab.classroom import check, progress, report
from leverage_lab.classroom.exercises import CHAPTERS, asked, exercise_book
from leverage_lab.panelkit import storage

# Every exercise solved (each second one at the second try), every third with numbers drawn, every prediction guessed
# right, both inventories and all claims: written by the course as it was before.
FILE = Path(__file__).with_name("progress_before_chapters_moved.json")
BEFORE = json.loads(FILE.read_text(encoding="utf-8"))
NOW = {"exercises": set(exercise_book.exercises), "predictions": set(exercise_book.predictions)}
ALL_MOVED = {kind: NOW[kind] - set(ids) | set(ids.values()) for kind, ids in MOVED.items()}  # as after the last move


def test_the_file_has_all_that_there_was_and_the_table_speaks_of_it():
    assert {section: len(BEFORE[section]) for section in ("exercises", "predictions", "claims", "inventory")} == {
        "exercises": 90, "predictions": 43, "claims": 37, "inventory": 2,
    }  # fmt: skip
    for kind, ids in MOVED.items():
        assert set(ids) <= set(BEFORE[kind]) and not set(ids.values()) & set(BEFORE[kind])
        assert len(set(ids.values())) == len(ids)
        assert all(old.partition("-")[2] == new.partition("-")[2] for old, new in ids.items())


def test_no_id_is_in_the_course_under_both_names():
    """Else the work on a new exercise would be taken for that on an old one."""
    for kind, ids in MOVED.items():
        assert not [old for old, new in ids.items() if {old, new} <= NOW[kind]]


def test_everything_is_mapped_or_kept_with_its_value():
    after = upgrade(ALL_MOVED)(BEFORE)
    for section, entries in BEFORE.items():
        ids = MOVED.get(KINDS.get(section), {})
        if isinstance(entries, dict):
            assert after[section] == {ids.get(id, id): entry for id, entry in entries.items()}
            assert len(after[section]) == len(entries)
        else:
            assert after[section] == entries
    assert after["exercises"]["7-bug-hedge"] == BEFORE["exercises"]["6-bug-hedge"]
    assert after["predictions"]["6-half"] == BEFORE["predictions"]["2-half"]
    assert after["numbers"].keys() & {"7-size", "6-size"} == ({"7-size"} if "6-size" in BEFORE["numbers"] else set())


def test_what_has_not_moved_yet_keeps_its_id():
    assert upgrade({kind: set(BEFORE[kind]) for kind in MOVED})(BEFORE) == BEFORE
    both = {kind: set(BEFORE[kind]) | set(ids.values()) for kind, ids in MOVED.items()}
    assert upgrade(both)(BEFORE) == BEFORE


@pytest.mark.parametrize(
    "old, new, stays",
    [
        ({"tries": 4, "solved": True}, {"tries": 1, "solved": False}, "old"),
        ({"tries": 4, "solved": False}, {"tries": 9, "solved": True}, "new"),
        ({"tries": 1, "solved": True}, {"tries": 9, "solved": True}, "new"),
        ({"tries": 2, "solved": False}, {"tries": 5, "solved": False}, "new"),
        ({"tries": 2, "solved": False}, {"tries": 0, "solved": False}, "old"),
        ({"tries": 2, "solved": False}, "damaged", "old"),
        (None, {"tries": 1, "solved": False}, "new"),
        ([], None, "new"),
    ],
)
def test_of_two_entries_the_better_one_stays(old, new, stays):
    content = {"version": 1, "exercises": {"6-size": old, "7-size": new}, "predictions": {"2-half": 1, "6-half": 2}}
    after = upgrade(ALL_MOVED)(content)
    assert after["exercises"] == {"7-size": old if stays == "old" else new}
    assert after["predictions"] == {"6-half": 2}  # the newer guess


@pytest.mark.parametrize("section", [5, None, [], "x"])
def test_a_damaged_section_is_left_as_it_is(section):
    content = {"version": 1, "exercises": section, "predictions": section}
    assert upgrade(ALL_MOVED)(content) == content


@pytest.fixture
def as_after_the_move(monkeypatch):
    monkeypatch.setattr(storage, "upgrades", [upgrade(ALL_MOVED)])


@pytest.mark.parametrize("way", ["in its place", "restored"])
def test_an_old_file_is_read_and_restored_and_nothing_solved_is_lost(own_progress, as_after_the_move, way):
    if way == "restored":
        assert storage.restore(FILE.read_text(encoding="utf-8")).startswith("Restored.")
    else:
        own_progress.write_bytes(FILE.read_bytes())
    assert storage.get("exercises", "7-win-rate") == BEFORE["exercises"]["6-win-rate"]
    assert storage.get("exercises", "6-win-rate") is None and storage.get("predictions", "7-win-rate") is not None
    assert storage.put("exercises", "1-gone", {"tries": 1, "solved": True}) == ""  # and from then on the file has it
    stored = json.loads(own_progress.read_text(encoding="utf-8"))
    solved = {MOVED["exercises"].get(id, id) for id in BEFORE["exercises"]}
    assert {id for id, entry in stored["exercises"].items() if entry["solved"]} == solved


def test_the_course_of_today_finds_all_of_it_solved(own_progress):
    """Whatever has moved by now: of what is in the course and was in it before, all is solved and guessed."""
    own_progress.write_bytes(FILE.read_bytes())
    for kind, ids in MOVED.items():
        then = {id if id in NOW[kind] else ids.get(id, id) for id in BEFORE[kind]}
        assert then & NOW[kind] <= set(storage.load()[0][kind])
    in_both = {id if id in NOW["exercises"] else MOVED["exercises"].get(id, id) for id in BEFORE["exercises"]}
    in_both &= NOW["exercises"]
    for id in in_both:
        assert "✓ Solved before." in repr(check(id)), id
    in_notebooks = {one.id for chapter in CHAPTERS for one in asked(chapter)}
    assert f"| exercises solved | {len(in_both & in_notebooks)} | {len(in_notebooks)} |" in progress().text
    guesses = storage.load()[0]["predictions"]
    known = {id for id, prediction in exercise_book.predictions.items() if prediction.knows(guesses.get(id))}
    assert f"| predictions made | {len(known)} | {len(NOW['predictions'])} |" in progress().text
    assert known >= {
        id for id in NOW["predictions"] & set(BEFORE["predictions"]) if not exercise_book.predictions[id].options
    }


def test_the_class_report_reads_both(tmp_path, monkeypatch):
    """One learner with a file from before, one from after: two have tried what moved."""
    renamed = upgrade(ALL_MOVED)(BEFORE)
    renamed["exercises"] |= {"7-size": {"tries": 3, "solved": False}}
    (tmp_path / "old.json").write_bytes(FILE.read_bytes())
    (tmp_path / "new.json").write_text(json.dumps(renamed), encoding="utf-8")
    monkeypatch.setattr(storage, "upgrades", [upgrade(ALL_MOVED)])
    monkeypatch.setattr(report.exercise_book, "exercises", dict.fromkeys(ALL_MOVED["exercises"]))
    counts = report.count(report.find(tmp_path))
    assert counts.remarks == () and counts.learners == 2
    effort = counts.efforts.loc["7-size"]
    tries = BEFORE["exercises"]["6-size"]["tries"]
    assert (effort.tried, effort.solved, effort.tries) == (2, 1, tries + 3) and "6-size" not in counts.efforts.index
