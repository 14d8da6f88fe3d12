"""The book in a browser, from a disk: nothing is in a reader's way; search, words, light and dark do what they say."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

try:
    from axe_playwright_python.base import AXE_SCRIPT
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

LIMIT = 400_000  # bytes of a page with all it loads before it is touched
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
AXE = """async () => (await axe.run({resultTypes: ['violations']})).violations
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 150)} ${node.failureSummary}`))"""
LIVE = "count => document.querySelectorAll('.ll-live .leverage-lab, .ll-live.leverage-lab').length >= count"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    import make_book

    folder = tmp_path_factory.mktemp("book ä")
    make_book.build(folder, moving=False)
    return folder


@pytest.fixture
def open_page(browser, book):
    """A page of the book, in a browser of its own; its errors end the test."""
    opened, errors = [], []

    def visit(name, viewport=DESK, **options):
        context = browser.new_context(viewport=viewport, **options)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((book / f"{name}.html").as_uri())
        opened.append(context)
        return page

    yield visit
    for context in opened:
        context.close()
    assert errors == []


def names():
    root = Path(__file__).resolve().parents[2]
    return [
        "index",
        *sorted(path.stem for path in [*root.glob("notebooks/*.ipynb"), *root.glob("docs/*.md")]),
        "glossary",
    ]


def weight(requests):
    return sum(Path(unquote(urlsplit(url).path)).stat().st_size for url in set(requests))


@pytest.mark.parametrize("name", names())
def test_a_page_is_light_fits_and_has_no_barrier(open_page, name):
    """On a phone in light and a desk in the dark, all panels and cards live: axe finds nothing, and nothing scrolls
    sideways."""
    page, asked = open_page("index", PHONE), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("index.html", f"{name}.html"))
    page.wait_for_load_state("networkidle")
    assert all(url.startswith("file:") for url in asked) and weight(asked) < LIMIT
    page.set_viewport_size({"width": 360, "height": 20_000})  # all comes near the screen
    data = page.locator("#ll-live")
    count = len(json.loads(data.text_content())) if data.count() else 0
    page.set_viewport_size({"width": 360, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.wait_for_function(LIVE, arg=count)
    page.evaluate(AXE_SCRIPT)
    for width, scheme in ((360, "light"), (1440, "dark")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(AXE) == [], f"{width}, {scheme}"


def test_search_finds_a_section_and_leads_there(open_page):
    page = open_page("index", PHONE)
    page.keyboard.press("/")
    for typed in ("haircut", "HAIRCUTS", "haircot"):
        page.get_by_label("Search all pages").fill(typed)
        found = page.locator("#search li", has_text="Margin modes").filter(has_text="What is your margin made of?")
        expect(found).to_have_count(1)
    expect(page.locator("#search mark").first).to_have_text(re.compile("haircut", re.I))
    page.get_by_label("Search all pages").fill("haircut collateral")
    expect(page.locator("#search li").first).to_be_visible()
    page.get_by_label("Search all pages").fill("xyzzy")
    expect(page.locator("#search [role=status]")).to_have_text("0 places.")
    for signs in ("%%%", " — ", "$"):
        page.get_by_label("Search all pages").fill(signs)
        said = "Type a word or a number: signs alone cannot be searched for."
        expect(page.locator("#search [role=status]")).to_have_text(said)
        page.get_by_label("Search all pages").fill(" ")
        expect(page.locator("#search [role=status]")).to_have_text("")
    page.get_by_label("Search all pages").fill("What is your margin made of?")
    page.locator("#search li a", has_text="7 · What is your margin made of?").click()
    expect(page).to_have_url(re.compile(r"/03-margin-modes\.html#7-what-is-your-margin-made-of$"))
    expect(page.get_by_role("heading", name="7 · What is your margin made of?")).to_be_in_viewport()


def test_a_search_that_does_not_load_says_so(open_page, book):
    page = open_page("index")
    (book / "search.js").rename(book / "elsewhere.js")
    try:
        page.get_by_role("button", name="Search").click()
        expect(page.locator("#search [role=status]")).to_contain_text("The search could not be loaded.")
    finally:
        (book / "elsewhere.js").rename(book / "search.js")


def test_a_word_explains_itself_to_mouse_keyboard_and_finger(open_page):
    page = open_page("01-leverage-basics")
    said = page.locator("#word-leverage").text_content()
    word, box = page.locator("a.word", has_text=re.compile("^leverage$")).first, page.locator(".meaning")
    word.hover()
    expect(box).to_have_text(said)
    box.hover()  # it can be read at leisure
    page.wait_for_timeout(400)
    expect(box).to_be_visible()
    page.mouse.move(5, 5)
    expect(box).to_have_count(0)
    word.focus()
    expect(box).to_have_text(said)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    phone = open_page("01-leverage-basics", PHONE, has_touch=True)
    word, box = phone.locator("a.word", has_text=re.compile("^leverage$")).first, phone.locator(".meaning")
    word.tap()
    expect(box).to_have_text(said)
    place = box.bounding_box()
    assert place["x"] >= 0 and place["x"] + place["width"] <= 360
    word.tap()
    expect(phone).to_have_url(re.compile(r"/glossary\.html#leverage$"))


def test_on_a_phone_buttons_fit_a_finger_and_a_notice_does_not_cover_the_picture(open_page):
    page = open_page("01-leverage-basics", PHONE, has_touch=True)
    card = page.locator(".ll-live").first
    card.scroll_into_view_if_needed()
    card.get_by_role("button", name="Skip", exact=True).tap()
    again = card.get_by_role("button", name="Ask again")
    expect(again).to_be_visible()
    how = card.get_by_role("button", name="How is this computed?")
    assert all(button.bounding_box()["height"] >= 36 for button in (again, how))
    box = card.get_by_role("textbox", name="leverage", exact=True)
    box.fill("99999")
    box.press("Enter")
    notice = card.locator(".ll-alert")
    expect(notice).to_contain_text("This panel’s stored pictures did not load")  # this book has none
    text, picture = notice.bounding_box(), card.locator(".ll-picture").bounding_box()
    assert text["height"] > 38 and text["y"] + text["height"] <= picture["y"]


def test_light_and_dark_follow_the_system_until_they_are_chosen(open_page):
    ground = "getComputedStyle(document.body).backgroundColor"
    page = open_page("00-start-here", color_scheme="dark")
    dark = page.evaluate(ground)
    page.locator(".ll-panel img").first.wait_for()
    picture = "getComputedStyle(document.querySelector('.ll-panel img')).filter"
    assert "invert" in page.evaluate(picture)
    page.get_by_role("button", name="Light page").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark and page.evaluate(picture) == "none"
    page.locator("[rel=next]").click()
    page.wait_for_function(f"{ground} === 'rgb(255, 255, 255)'")
    page.get_by_role("button", name="Dark page").click()
    page.reload()
    assert page.evaluate(ground) == dark


def test_without_scripts_all_can_be_read(open_page):
    page = open_page("01-leverage-basics", PHONE, java_script_enabled=False)
    expect(page.get_by_role("button", name="Search")).to_be_hidden()
    expect(page.get_by_text("Without JavaScript nothing moves here")).to_be_visible()
    page.get_by_text("Guess first, then open the picture").first.click()
    expect(page.locator(".ll-live img").first).to_be_visible()
    expect(page.locator("#contents")).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    expect(page.get_by_role("link", name="2 · How many coins is that?")).to_be_visible()


def test_what_fails_leaves_what_is_stored(browser, book):
    """One card of a kind nobody knows, one panel without controls: as stored, with a line; the others live."""
    context = browser.new_context(viewport={"width": 1440, "height": 12_000})
    page = context.new_page()
    text = (book / "00-start-here.html").read_text(encoding="utf-8")
    broken = text.replace('"controls":', '"without":', 1).replace('"kind":"exercise"', '"kind":"unheard of"', 1)
    (book / "broken.html").write_text(broken, encoding="utf-8")
    page.goto((book / "broken.html").as_uri())
    first = page.locator(".ll-live").first
    expect(first).to_contain_text("what you see was stored with the page")
    expect(first.locator("img")).to_be_visible()
    expect(first).to_contain_text("$10 at 20x moves $200.")
    exercise = page.locator(".ll-live", has_text="Exercise 0-first")
    expect(exercise).to_contain_text("what you see was stored with the page")
    expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible()
    context.close()


def test_on_paper_there_is_the_text_and_nothing_to_press(open_page):
    page = open_page("08-two-articles")
    page.emulate_media(media="print")
    for hidden in ("header", "#contents", ".doors", ".report", "details.code"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
