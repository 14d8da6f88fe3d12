"""Every aim is met by a section, an exercise and, if it is one of the twelve beliefs, a question."""

import copy
import dataclasses

import alignment
import pytest
from chapters import ROOT, chapters

CHAPTERS = chapters()


@pytest.fixture
def table():
    return copy.deepcopy(alignment.served())


def test_every_aim_is_served(table):
    assert alignment.problems(CHAPTERS, table) == []


def test_the_committed_page_is_what_the_sources_give(table):
    page = (ROOT / "instructor" / alignment.NAME).read_text(encoding="utf-8")
    assert page == alignment.page(CHAPTERS, table), "make key writes it anew"


def broken(table, key, **cells):
    return table | {key: table[key] | cells}


@pytest.mark.parametrize(
    "key, cells, sentence",
    [
        (
            (4, 5),
            {"exercises": []},
            "Chapter 4, aim 5 (find the wrong line in a published fee calculation) is met by no exercise.",
        ),
        ((4, 5), {"sections": []}, "calculation) is met by no section."),
        ((4, 5), {"sections": ["9"]}, "calculation): there is no section 9."),
        ((4, 5), {"exercises": []}, "Exercise 4-bug-percent of chapter 4 serves no aim."),
        ((4, 5), {"exercises": ["4-bug-percent", "4-rate"]}, "calculation): 4-rate is in none of its sections."),
        ((4, 5), {"exercises": ["4-bug-percent", "4-gone-away"]}, "4-gone-away is in none of its sections."),
        ((8, 2), {"exercises": ["audit()"]}, "audit() is in none of its sections."),
        ((4, 1), {"questions": []}, "The question fees serves no aim of chapter 4."),
        ((4, 1), {"questions": ["fees", "modes"]}, "There is no question modes in chapter 4, or it is named twice."),
        ((4, 2), {"questions": ["fees"]}, "There is no question fees in chapter 4, or it is named twice."),
    ],
)
def test_what_serves_nothing_is_named(table, key, cells, sentence):
    found = alignment.problems(CHAPTERS, broken(table, key, **cells))
    assert [problem for problem in found if sentence in problem], found


def test_a_new_aim_and_a_forgotten_row_are_named(table):
    head = CHAPTERS[4].sections[0]
    cell = copy.deepcopy(head.cells[0])
    cell.source = cell.source.replace("calculation.", "calculation;\n- fly.")
    new = dataclasses.replace(
        CHAPTERS[4], sections=(dataclasses.replace(head, cells=(cell,)), *CHAPTERS[4].sections[1:])
    )
    assert alignment.problems([*CHAPTERS[:4], new, *CHAPTERS[5:]], table) == [
        "Chapter 4, aim 6 (fly) is met by no section."
    ]
    assert alignment.problems(CHAPTERS, table | {(4, 7): table[4, 5]})[0] == "There is no aim 7 in chapter 4."
