"""The class report: hand-made files, counted by hand."""

import html
import io
import json
import re

import pytest
from PIL import Image

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom import report
from leverage_lab.classroom.exercises import exercise_book

ASKS = {item.id: item.ask for item in ITEMS}
CHAPTERS = {item.id: str(item.chapter) for item in ITEMS}

# Of the question "fees" the right answer is $2.50, of "distance" it is 2.5 %.
MARGIN, RIGHT, SLIPS, UNSURE = "$0.05", "$2.50", "$0.25", "I don't know yet"
CLASS = {
    # before        after        exercises
    "anna": ({"fees": MARGIN}, {"fees": RIGHT}, {"1-position": (3, True), "1-coins": (4, False)}),
    "ben": ({"fees": MARGIN}, {"fees": MARGIN}, {"1-position": (1, True), "1-coins": (2, True)}),
    "carl": ({"fees": UNSURE}, {"fees": RIGHT}, {"1-position": (1, True), "1-coins": (1, False)}),
    "dora": ({"fees": SLIPS}, {"fees": MARGIN}, {"1-position": (2, True)}),
    "emil": ({"fees": MARGIN, "distance": "2.5 %"}, {}, {}),
    "fay": ({}, {"fees": UNSURE, "distance": "1 %"}, {}),
}


def write(folder, names=CLASS):
    for number, name in enumerate(names):
        before, after, exercises = CLASS[name]
        entries = {id: {"tries": tries, "solved": solved} for id, (tries, solved) in exercises.items()}
        place = folder / ("group-1" if number % 2 else "group-2") / f"{name}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(
            json.dumps({"version": 1, "inventory": {"before": before, "after": after}, "exercises": entries}),
            encoding="utf-8",
        )
    return folder


@pytest.fixture
def counts(tmp_path):
    return report.count(report.find(write(tmp_path)))


def row(title, counts, *start):
    (rows,) = (rows for name, _, rows in report.tables(counts) if name.startswith(title))
    item, *rest = start
    start = (report.in_words(ASKS[item]), CHAPTERS[item], *rest)
    return next(found for found in rows if found[: len(start)] == start)[len(start) :]


def test_each_idea_before_and_after_and_of_those_who_answered_twice(counts):
    """fees: five answered before (3 × $0.05, $0.25, unsure), five after (2 × $0.05, 2 × $2.50, unsure),
    four of them both times."""
    assert counts.learners == 6
    assert row("Misconceptions", counts, "fees", "fees are on the margin") == (
        "3 of 5 (60\u00a0%)",
        "2 of 5 (40\u00a0%)",
        "2 → 2 of 4",
    )
    assert row("Misconceptions", counts, "fees", "the decimal point slips") == (
        "1 of 5 (20\u00a0%)",
        "0 of 5 (0\u00a0%)",
        "1 → 0 of 4",
    )
    assert row("Right answers", counts, "fees") == (
        "0 of 5 (0\u00a0%)",
        "2 of 5 (40\u00a0%)",
        "0 → 2 of 4",
        "1 → 1",
        "1 → 1",
    )
    assert row("Right answers", counts, "distance") == (
        "1 of 1 (100\u00a0%)",
        "0 of 1 (0\u00a0%)",
        "–",
        "0 → 0",
        "5 → 5",
    )
    assert row("Right answers", counts, "mirror") == ("0 of 0", "0 of 0", "–", "0 → 0", "6 → 6")


def test_the_picture_is_of_those_who_answered_both_times(counts):
    """Emil's $0.05 has no second answer, Fay's 1 % no first one: neither is in the picture."""
    assert report.held(counts) == [("fees are on the margin", 2, 2), ("the decimal point slips", 1, 0)]
    png, words = report.picture(counts)
    assert Image.open(io.BytesIO(png)).size == (1920, 1080)
    assert (
        words == "This compares the learners who answered a question both times: 0 to 4 of 6. "
        "“fees are on the margin”: 2 before, 2 after; “the decimal point slips”: 1 before, 0 after."
    )


def test_exercises_and_which_are_hardest(counts):
    """1-coins: three tried it, one solved it, 4 + 2 + 1 tries. 1-position: all four solved it, 3 + 1 + 1 + 2 tries."""
    title, _, rows = report.tables(counts)[2]
    assert title.endswith("tried by 3 or more")
    asks = (
        "Ethereum costs $3,550 (4 August 2025). You put in $50 at 20x. How many ETH is the position?",
        "You put in $40 at 75x. How large is the position, in dollars?",
    )
    assert rows == [
        ("1-coins", asks[0], "1", "3", "1 of 3 (33\u00a0%)", "7", "2.3"),
        ("1-position", asks[1], "1", "4", "4 of 4 (100\u00a0%)", "7", "1.8"),
    ]
    every = len(exercise_book.exercises)
    assert (
        f"Exercises solved: 5 in 14 tries; 2 of {every} exercises were tried by at least one learner."
        in report.sentences(counts)
    )


def test_every_cell_is_whole_on_the_page_and_on_the_terminal(tmp_path):
    """One learner for each option of each question: every idea is in the tables, the longest among them."""
    most = max(len(item.options) for item in ITEMS)
    for n in range(most):
        chosen = {item.id: item.options[n % len(item.options)].text for item in ITEMS}
        (tmp_path / f"{n}.json").write_text(
            json.dumps(
                {
                    "version": 1,
                    "inventory": {"before": chosen, "after": chosen},
                    "exercises": {"1-coins": {"tries": n + 1, "solved": False}},
                }
            )
        )
    counts = report.count(report.find(tmp_path))
    page, text = html.unescape(report.page(counts)), report.text(counts)
    cells = {cell for _, head, rows in report.tables(counts) for row in [head, *rows] for cell in row}
    assert {option.misconception for item in ITEMS for option in item.options} - {""} <= cells and max(
        map(len, cells)
    ) > 50
    assert not [cell for cell in cells if f">{cell}</t" not in page or cell not in text]
    assert (
        page.count('<th scope="col">')
        == len(re.findall(r"<th\b", page))
        == sum(len(head) for _, head, _ in report.tables(counts))
    )


def test_a_small_class_gets_counts_only(tmp_path):
    counts = report.count(report.find(write(tmp_path, ("anna", "ben", "carl", "dora"))))
    assert "Fewer than 5 learners: a percentage would mean little, so there are counts only." in report.sentences(
        counts
    )
    assert row("Misconceptions", counts, "fees", "fees are on the margin") == ("2 of 4", "2 of 4", "2 → 2 of 4")
    assert not re.search(r"\d\s?%\)", report.text(counts))


def test_nobody_answered_twice(tmp_path):
    counts = report.count(report.find(write(tmp_path, ("emil", "fay"))))
    assert "they show no change" in report.basis(counts)
    assert report.held(counts) == [("fees are on the margin", 1, 0), ("distance collapses at high leverage", 0, 1)]


def test_a_week_later_counts_only_those_who_came_back(tmp_path):
    """fees, four learners: three came back, one of them had not answered before. After and later have Anna and Ben."""
    answers = {
        "anna": {"before": MARGIN, "after": RIGHT, "later": MARGIN},
        "ben": {"before": MARGIN, "after": MARGIN, "later": RIGHT},
        "carl": {"before": UNSURE, "after": RIGHT},
        "emil": {"later": RIGHT},
    }
    for name, stages in answers.items():
        inventory = {stage: {"fees": words} for stage, words in stages.items()}
        (tmp_path / f"{name}.json").write_text(json.dumps({"version": 1, "inventory": inventory}), encoding="utf-8")
    counts = report.count(report.find(tmp_path))
    title, head, _ = report.tables(counts)[0]
    assert head[3:] == ("before", "after", "later", "answered both times", "answered after and later")
    assert row("Misconceptions", counts, "fees", "fees are on the margin") == (
        *("2 of 3", "1 of 3", "1 of 3"),
        *("2 → 1 of 3", "1 → 1 of 2"),
    )
    assert row("Right answers", counts, "fees") == (
        *("0 of 3", "2 of 3", "2 of 3"),
        *("0 → 2 of 3", "1 → 1 of 2"),
        *("1 → 0 → 0", "1 → 1 → 1"),
    )
    assert row("Right answers", counts, "distance") == (
        *("0 of 0", "0 of 0", "0 of 0"),
        *("–", "–"),
        *("0 → 0 → 0", "4 → 4 → 4"),
    )
    assert "at most 3 of 4 answered a question then" in report.text(counts)
    assert "This compares the learners who answered a question both times: 0 to 3 of 4." in report.basis(counts)


def test_a_class_in_which_nobody_came_back_has_no_such_column(counts):
    assert "later" not in report.text(counts) and '<th scope="col">later' not in report.page(counts)


def test_no_misconception_no_picture(tmp_path):
    (tmp_path / "a.json").write_text(
        '{"version": 1, "inventory": {"before": {"fees": "$2.50"}, "after": {"fees": "$2.50"}}}'
    )
    counts = report.count(report.find(tmp_path))
    assert report.picture(counts) is None and "Nothing yet." in report.page(counts)


BAD = {
    "half.json": ('{"version": 1, "inventory"', "half.json is left out: it is damaged, or not a progress file."),
    "list.json": ("[1, 2]", "list.json is left out: it is not a progress file of this course."),
    "other.json": ('{"name": "x"}', "other.json is left out: it is not a progress file of this course."),
    "true.json": ('{"version": true}', "true.json is left out: it is not a progress file of this course."),
    "deep.json": ("[" * 100_000, "deep.json is left out: it is damaged, or not a progress file."),
    "bytes.json": (b"\xff\xfe\x00", "bytes.json is left out: it is damaged, or not a progress file."),
    "newer.json": (
        '{"version": 2}',
        "newer.json is left out: it was made by a newer version of the course: its format is 2, and this "
        "version reads 1.",
    ),
    "large.json": (" " * 1_000_001, "large.json is left out: it is too large to be a progress file."),
    "inventory.json": (
        '{"version": 1, "inventory": [1]}',
        "inventory.json is counted without its part “inventory”, which cannot be read.",
    ),
    "stage.json": (
        '{"version": 1, "inventory": {"after": 3}}',
        "stage.json is counted without its part “after”, which cannot be read.",
    ),
    "later.json": (
        '{"version": 1, "inventory": {"later": "x"}}',
        "later.json is counted without its part “later”, which cannot be read.",
    ),
    "answer.json": (
        '{"version": 1, "inventory": {"before": {"fees": ["$5"]}}}',
        "answer.json is counted without an answer to “fees” (before), which cannot be read.",
    ),
    "tries.json": (
        '{"version": 1, "exercises": {"1-coins": {"tries": "3", "solved": true}}}',
        "tries.json is counted without exercise 1-coins, which cannot be read.",
    ),
    "entry.json": (
        '{"version": 1, "exercises": {"1-coins": 3}}',
        "entry.json is counted without exercise 1-coins, which cannot be read.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_changes_nothing_else(name, tmp_path):
    content, sentence = BAD[name]
    before = report.count(report.find(write(tmp_path)))
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    counts = report.count(report.find(tmp_path))
    assert counts.remarks == (sentence,)
    assert counts.learners == before.learners + ("counted without" in sentence)
    assert counts.ideas.equals(before.ideas) and counts.efforts.equals(before.efforts)


def test_the_same_content_twice_is_counted_once(tmp_path, counts):
    anna = next(tmp_path.rglob("anna.json")).read_text()
    (tmp_path / "copy of anna.json").write_text(json.dumps(json.loads(anna), indent=3))
    again = report.count(report.find(tmp_path))
    assert again.learners == 6 and again.ideas.equals(counts.ideas)
    assert again.remarks == ("1 file has the same content as another and is not counted again.",)


def test_hidden_copies_are_not_read(tmp_path, counts):
    """JupyterLab keeps an older copy of an opened file in .ipynb_checkpoints."""
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "anna-checkpoint.json").write_text(
        '{"version": 1, "inventory": {"before": {"fees": "$5"}}}'
    )
    again = report.count(report.find(tmp_path))
    assert again.learners == counts.learners and again.remarks == () and report.text(again) == report.text(counts)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"version": 1, "inventory": {"before": {"fees": "$5"}}}')
    assert report.count(report.find(tmp_path)).remarks == ()


def test_the_command_writes_a_page_that_fetches_nothing_and_names_nobody(tmp_path, capsys):
    out = tmp_path / "new folder" / "report.html"
    (write(tmp_path / "class") / "Greta.json").write_text("{")
    assert report.main([str(tmp_path / "class"), "--out", str(out)]) == 0
    said, page = capsys.readouterr().out, out.read_text(encoding="utf-8")
    assert "Greta.json is left out" in said and f"The page for the projector: {out}" in said
    assert not re.search(
        r"(?i)greta|anna|\bben\b|carl|dora|emil|\bfay\b", page.replace("Anna holds $5,000 of BTC at 5x, Ben holds", "")
    )  # of a question
    assert not re.search(r"https?:|<script|<link|@import|url\(", page)
    assert re.search(r'<img alt="This compares .{80,}" src="data:image/png;base64,', page)
    for cell in ("fees are on the margin", "2 → 2 of 4", "3 of 5 (60\u00a0%)"):
        assert cell in page and cell in said


@pytest.mark.parametrize(
    "content, sentence",
    [
        (None, "No report: the folder must exist, got "),
        ({}, "No report: the folder must hold progress files (*.json), got none in "),
        (
            {"a.json": "{"},
            "No report: no file could be read:\na.json is left out: it is damaged, or not a progress file.",
        ),
    ],
)
def test_no_report_gets_one_sentence(content, sentence, tmp_path, capsys):
    folder = tmp_path / "class"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text)
    out = tmp_path / "report.html"
    assert report.main([str(folder), "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith(sentence) and not out.exists()


def test_a_page_that_cannot_be_written_gets_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert report.main([str(write(tmp_path / "class")), "--out", str(tmp_path / "file" / "report.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err
