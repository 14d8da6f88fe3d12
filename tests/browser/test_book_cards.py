"""The book's cards in a browser, on a page opened from a disk: no server and no kernel."""

import json
import re
from html import escape

import pytest
from book import cards
from book.live import nothing_stored
from book.scripts import bundle
from card_hands import press, words

from leverage_lab.classroom import audit_card, before_and_after, check, inventory, panels, practice, predict, progress
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.classroom.practice_card import Record
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.practice import Repair
from leverage_lab.panelkit.stage import FRONT

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

GUESS = "1-same-position"
KEY = "leverage-lab my-progress"
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("no", "SecurityError"); }});"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A page with a card of each kind; what is stored stands in its place until then."""
    folder = tmp_path_factory.mktemp("book ä")
    with nothing_stored():
        of = {name: cards.card_data(card) for name, card in all_cards().items()}
    live = json.dumps([{"at": at, **data} for at, data in of.items()]).replace("</", "<\\/")
    places = "".join(f'<div class="ll-live" id="{at}"><p>stored: {escape(at)}</p></div>' for at in of)
    script = bundle("mount").removesuffix("})();\n") + "module_mount.mount(); })();\n"
    (folder / "book.js").write_text(script, encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Cards</title><style>{(FRONT / 'style.css').read_text(encoding='utf-8')}</style>"
        f'<body>{places}<script type="application/json" id="ll-live">{live}</script><script src="book.js"></script>',
        encoding="utf-8",
    )
    (folder / "cards").mkdir()
    for id in exercise_book.exercises:
        if id == "1-gone" or (id.startswith("7-") and exercise_book.exercises[id].numbers):
            (folder / "cards" / f"{id}.js").write_text(cards.script(id), encoding="utf-8")
    return folder / "index.html"


def all_cards():
    return {
        "guess": predict(GUESS, panels.first_touch()),
        "gone": check("1-gone"),
        "choice": check("2-missing"),
        "before": inventory("before"),
        "after": inventory("after"),
        "both": before_and_after(),
        "progress": progress(),
        "audit": audit_card(),
        "practice": practice(7),
    }


@pytest.fixture
def open_book(browser, book):
    """Opens the page: with a script that runs before it, in a window of its own or in the one given."""
    windows, problems = [], []

    def opened(first="", **options):
        windows.append(browser.new_context(viewport={"width": 800, "height": 9000}, **options))
        if first:
            windows[-1].add_init_script(first)
        page = windows[-1].new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(book.as_uri())
        return page

    yield opened
    for window in windows:
        window.close()
    assert not problems


def type_in(page, place, text, button):
    page.locator(f"#{place} input[type=text]").fill(text)
    page.locator(f"#{place}").get_by_role("button", name=button, exact=True).click()


def stored(page):
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_a_guess_opens_the_picture_and_comes_back(open_book):
    page = open_book()
    card = page.locator("#guess")
    one = exercise_book.predictions[GUESS]
    expect(card.locator(".ll-veil")).to_be_visible()
    card.get_by_role("button", name="Lock in my guess").click()
    expect(card).to_contain_text("Make a guess first, or skip.")
    wrong = next(option for option in one.options if option != one.answer)
    card.get_by_label(wrong, exact=True).check()
    card.get_by_role("button", name="Lock in my guess").click()
    expect(card.locator(".ll-wrong")).to_contain_text(f"You guessed “{wrong}”. The answer: “{one.answer}”.")
    expect(card.locator(".ll-panel")).to_contain_text(panels.first_touch().sentence)
    expect(card.locator(".ll-veil")).to_have_count(0)
    page.reload()
    expect(card.locator(".ll-wrong")).to_contain_text(f"You guessed “{wrong}”.")
    card.get_by_role("button", name="Ask again").click()
    expect(card.locator(".ll-panel")).to_have_count(0)
    card.get_by_role("button", name="Skip").click()
    expect(card).to_contain_text(f"The answer: “{one.answer}”.")
    assert stored(page)["predictions"] == {GUESS: wrong}


def test_an_exercise_knows_its_wrong_answers_and_keeps_the_right_one(open_book):
    page = open_book()
    card = page.locator("#gone")
    expect(card).to_contain_text("Not answered yet: type your answer in the box.")
    type_in(page, "gone", "2 %", "Check")
    expect(card.locator(".ll-wrong")).to_contain_text("Not yet. You answered 2\u00a0%. That takes half of the margin.")
    type_in(page, "gone", "about 4", "Check")
    expect(card.locator(".ll-right")).to_have_text("✓ Right: 4\u00a0%.")
    page.reload()
    expect(card.locator(".ll-right")).to_contain_text("Solved before.")
    assert stored(page)["exercises"] == {"1-gone": {"tries": 2, "solved": True}}
    expect(page.locator("#progress")).to_contain_text(re.compile(r"exercises solved\s*1"))


def test_new_numbers_come_back_after_a_reload(open_book):
    page = open_book()
    card = page.locator("#gone")
    card.get_by_role("button", name="New numbers").click()
    expect(card).to_contain_text("New numbers, same question.")
    leverage = stored(page)["numbers"]["1-gone"]["leverage"]
    assert leverage != 25 and leverage in exercise_book.exercises["1-gone"].numbers["leverage"]
    expect(card).to_contain_text(f"At {leverage}x, how far")
    page.reload()
    expect(card).to_contain_text(f"At {leverage}x, how far")
    type_in(page, "gone", f"{100 / leverage:.6g} %", "Check")
    expect(card.locator(".ll-right")).to_contain_text("Right")
    # of the other exercise no draws are there
    page.locator("#choice").get_by_role("button", name="New numbers").click()
    expect(page.locator("#choice")).to_contain_text("Other numbers could not be loaded.")


def test_progress_goes_to_the_notebooks_and_back(open_book, own_progress, tmp_path):
    page = open_book()
    type_in(page, "gone", "4 %", "Check")
    page.locator("#gone").get_by_role("button", name="New numbers").click()
    expect(page.locator("#gone")).to_contain_text("New numbers, same question.")
    first = page.locator("#before [role=radiogroup]").first
    first.get_by_role("radio").first.check()
    expect(page.locator("#before")).to_contain_text("Stored: 1 of 12 answers. 11 still open.")
    page.locator("#audit").get_by_label("holds: as the article says").check()
    expect(page.locator("#audit")).to_contain_text("Stored. 1 of 37 decided.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my progress").click()
    assert download.value.suggested_filename == "my-progress.json"
    file = tmp_path / "from-the-book.json"
    download.value.save_as(file)
    # in the notebooks
    assert storage.restore(file.read_text(encoding="utf-8")).startswith("Restored.")
    assert repr(check("1-gone")).endswith("Solved before. Answer again if you like, or draw new numbers.")
    leverage = stored(page)["numbers"]["1-gone"]["leverage"]
    assert f"At {leverage}x, how far" in repr(check("1-gone")) and "| claims decided | 1 |" in repr(progress())
    assert json.loads(storage.text()) == stored(page)
    # and back, with what was done there; numbers that the book does not have stay in the file
    check("1-short", -0.3)
    storage.put("numbers", "1-gone", {"leverage": 7})
    storage.put("exercises", "1-bug-twice", {"tries": 1, "solved": True})
    hunts = sum(isinstance(one, Repair) for one in exercise_book.exercises.values())
    expect(page.locator("#progress")).to_contain_text(f"Bug hunts among the exercises still to solve: {hunts}.")
    expected = json.loads(storage.text())
    other = open_book()
    other.locator("#progress input[type=file]").set_input_files(own_progress)
    expect(other.locator("#progress")).to_contain_text("Restored.")
    expect(other.locator("#progress")).to_contain_text(re.compile(r"exercises solved\s*3"))
    expect(other.locator("#progress")).to_contain_text(f"Bug hunts among the exercises still to solve: {hunts - 1}.")
    expect(other.locator("#gone")).to_contain_text("Solved before.")
    expect(other.locator("#gone")).to_contain_text("At 25x, how far")
    assert stored(other) == expected
    other.locator("#progress input[type=file]").set_input_files(
        {"name": "new.json", "mimeType": "application/json", "buffer": b'{"version": 2}'}
    )
    expect(other.locator("#progress")).to_contain_text(
        "This file was not restored: it was made by a newer version of the course: its format is 2, and this version"
        " reads 1. Your progress has not changed."
    )
    assert stored(other) == expected


def test_a_round_of_practice_goes_on_in_the_notebooks(open_book, own_progress):
    hard = {"7-size": {"tries": 5, "solved": False}, "7-jump": {"tries": 1, "solved": True}}
    own_progress.write_text(json.dumps({"version": 1, "exercises": hard, "hints": {"7-highest": 2}}), encoding="utf-8")
    why = {id: Record().why(id)[1] for id in exercise_book.exercises}
    assert why["7-size"] == "it is still open after 5 tries"
    page = open_book()
    page.locator("#progress input[type=file]").set_input_files(own_progress)
    card = page.locator("#practice")
    card.get_by_role("button", name="Start").click()
    for number in range(1, 11):
        expect(card).to_contain_text(f"Exercise {number} of 10, from chapter 7.")
        round = stored(page)["practice round"]["7"]
        id = round["ids"][number - 1]
        expect(card).to_contain_text(f"It is here because {why[id]}.")
        if number == 4:  # later
            page.reload()
            expect(card).to_contain_text("Your round is at exercise 4 of 10.")
            card.get_by_role("button", name="Continue").click()
        if not exercise_book.exercises[id].numbers:
            expect(card).to_contain_text("It is a bug hunt: fix the function in the chapter's notebook")
        else:
            numbers = stored(page)["practice numbers"][id]
            assert numbers != exercise_book.exercises[id].start()
            task = exercise_book.exercises[id].make(**numbers)
            asked = card.locator(".ll-ask .ll-line").filter(has_text=f"Exercise {id}.")
            assert squeezed(asked.inner_text()) == squeezed(f"Exercise {id}. {task.ask}".replace("**", ""))
            if number == 1:
                type_in(page, "practice", task.show(task.answer), "Check")
                expect(card.locator(".ll-right")).to_contain_text("Right")
                first = id
                assert storage.restore(json.dumps(stored(page))).startswith("Restored.")
                there = practice(7)
                assert "Your round is at exercise 1 of 10." in words(there.widget)
                press(there.widget, "Continue")
                assert "Right" in words(there._outer.children[1]) or "Solved before" in words(there._outer.children[1])
        card.get_by_role("button", name="Next exercise").click()
    expect(card).to_contain_text("The round is over. You solved 1 of 10, 1 on the first try and without a hint.")
    assert stored(page)["practice round"] == {"7": None} and stored(page)["exercises"] == hard
    assert stored(page)["practice exercises"][first] == {"tries": 1, "solved": True}


@pytest.mark.parametrize(
    "first, why", [(FORBIDDEN, "it does not allow it"), (FULL, "its storage is full")], ids=["forbidden", "full"]
)
def test_a_browser_that_keeps_nothing_loses_nothing_until_one_leaves(open_book, first, why):
    page = open_book(first)
    type_in(page, "gone", "4 %", "Check")
    expect(page.locator("#gone")).to_contain_text(
        f"Your progress could not be kept in this browser ({why}): download it before you leave."
    )
    expect(page.locator("#gone .ll-right")).to_contain_text("Right")
    expect(page.locator("#progress")).to_contain_text(re.compile(r"exercises solved\s*1"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my progress").click()
    assert json.loads(download.value.path().read_text())["exercises"] == {"1-gone": {"tries": 1, "solved": True}}


def test_what_is_damaged_is_put_aside_and_two_tabs_lose_nothing(open_book, book):
    page = open_book()
    page.goto(book.with_name("book.js").as_uri())  # in the page itself a card drawn late would read it too early
    page.evaluate(f"localStorage.setItem('{KEY}', '{{half')")
    page.goto(book.as_uri())
    expect(page.locator("#progress")).to_contain_text("What this browser had stored is not used (it is damaged")
    type_in(page, "gone", "4 %", "Check")
    assert page.evaluate(f"localStorage.getItem('{KEY}.aside-1')") == "{half"
    other = page.context.new_page()
    other.goto(book.as_uri())
    other.locator("#before [role=radiogroup]").first.get_by_role("radio").first.check()
    expect(other.locator("#before")).to_contain_text("Stored: 1 of 12")
    expect(page.locator("#progress")).to_contain_text(re.compile(r"inventory answered, before\s*1"))
    type_in(page, "gone", "5 %", "Check")
    kept = stored(page)
    assert kept["exercises"]["1-gone"]["tries"] == 2 and len(kept["inventory"]["before"]) == 1


def test_what_is_aside_can_be_taken_along_and_is_deleted_by_two_presses_only(open_book, book):
    page = open_book()
    card = page.locator("#progress")
    kept = card.get_by_role("list", name=re.compile("^Kept aside in this browser"))
    expect(card.get_by_role("button", name="Download my progress")).to_be_visible()
    expect(kept).to_have_count(0)
    type_in(page, "gone", "4 %", "Check")
    before = page.evaluate(f"localStorage.getItem('{KEY}')")
    restored = {"name": "x.json", "mimeType": "application/json", "buffer": b'{"version": 1}'}
    card.locator("input[type=file]").set_input_files(restored)
    expect(card).to_contain_text("What was here before is kept in this browser as “my-progress.aside-1.json”.")
    expect(kept.get_by_role("listitem")).to_have_count(1)
    page.evaluate(f"localStorage.setItem('{KEY}', '{{half')")
    for _ in range(2):  # it is still there when nothing speaks of it any more
        page.reload()
        expect(kept.get_by_role("listitem")).to_contain_text(["my-progress.aside-1.json", "it is damaged"])
    for name, content in (("my-progress.aside-1.json", before), ("my-progress.aside-2.json", "{half")):
        with page.expect_download() as download:
            kept.get_by_role("button", name=f"Download {name}").click()
        assert download.value.suggested_filename == name
        assert download.value.path().read_text(encoding="utf-8") == content
    # by keyboard: the same key twice loses nothing
    kept.get_by_role("button", name="Delete … my-progress.aside-1.json").focus()
    page.keyboard.press("Enter")
    expect(kept.get_by_role("button", name="Keep it: my-progress.aside-1.json")).to_be_focused()
    page.keyboard.press("Enter")
    expect(kept.get_by_role("button", name="Delete … my-progress.aside-1.json")).to_be_focused()
    assert page.evaluate(f"localStorage.getItem('{KEY}.aside-1')") == before
    other = page.context.new_page()
    other.goto(book.as_uri())
    for name in ("my-progress.aside-1.json", "my-progress.aside-2.json"):
        kept.get_by_role("button", name=f"Delete … {name}").click()
        kept.get_by_role("button", name=f"Delete for good: {name}").click()
        said = card.get_by_role("status").filter(has_text=f"{name} is deleted.")
        expect(said).to_be_focused()
    expect(kept).to_have_count(0)
    expect(card.get_by_text("Kept aside")).to_be_hidden()
    expect(other.locator("#progress").get_by_role("button", name="Download my progress")).to_be_visible()
    expect(other.locator("#progress .ll-aside li")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_file_that_does_not_fit_changes_nothing(open_book):
    page = open_book()
    type_in(page, "gone", "4 %", "Check")
    before = page.evaluate(f"localStorage.getItem('{KEY}')")
    page.evaluate("""() => {
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, text) {
            if (text.includes("a file")) throw new DOMException("full", "QuotaExceededError");
            set.call(this, key, text);
        };
    }""")
    large = {"name": "x.json", "mimeType": "application/json", "buffer": b'{"version": 1, "hints": {"a file": 1}}'}
    page.locator("#progress input[type=file]").set_input_files(large)
    expect(page.locator("#progress")).to_contain_text(
        "The file could not be stored (its storage is full). Your progress has not changed."
    )
    assert page.evaluate("Object.keys(localStorage)") == [KEY]
    assert page.evaluate(f"localStorage.getItem('{KEY}')") == before


def test_without_scripts_or_with_damaged_data_what_is_stored_stands(open_book, book):
    page = open_book(java_script_enabled=False)
    expect(page.locator("#gone")).to_have_text("stored: gone")
    damaged = book.with_name("damaged.html")
    text = book.read_text(encoding="utf-8").replace('"first":', '"last":')
    damaged.write_text(text, encoding="utf-8")
    page = open_book()
    page.goto(damaged.as_uri())
    broken = "This does not move here: what you see was stored with the page."
    expect(page.locator("#gone p")).to_have_text(["stored: gone", broken])
    expect(page.locator("#before [role=radiogroup]")).to_have_count(12)
