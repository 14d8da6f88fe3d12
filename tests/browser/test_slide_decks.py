"""Slides as they are shown: every one fits, can be read from the back row, and comes from its one file."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
# Of the slide that shows: what stands out of it or under the bar at the bottom, and text smaller than 24 px.
LOOK = """() => {
    const slide = document.querySelector('.slide.now'), edge = slide.getBoundingClientRect(), found = [];
    const bar = document.querySelector('nav').getBoundingClientRect();
    for (const part of slide.querySelectorAll('*')) {
        if (!part.checkVisibility()) continue; // how it is computed, still closed
        const box = part.getBoundingClientRect();
        const sideways = box.left < edge.left || box.right > edge.right;
        const out = sideways || box.top < edge.top || box.bottom > bar.top + 1;
        if (out) found.push(['out', part.outerHTML.slice(0, 80)]);
        const text = [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        const size = parseFloat(getComputedStyle(part).fontSize), wide = part.scrollWidth > part.clientWidth + 1;
        if (text && size < 24) found.push(['small', part.outerHTML.slice(0, 80)]);
        if (wide && part.clientWidth) found.push(['wide', part.outerHTML.slice(0, 80)]);
        const picture = part.tagName === 'IMG';
        if (picture && !(part.naturalWidth >= 1400 && box.width > 600)) found.push(['picture', part.alt]);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """All decks, made as `make slides` does."""
    import slides

    folder = tmp_path_factory.mktemp("slides ä")
    for chapter in slides.chapters():
        (folder / f"{chapter.stem}.html").write_text(slides.deck(chapter), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_fits_and_is_large_enough(browser, decks, name):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    requests, problems = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((decks / f"{name}.html").as_uri())
    count, explained = page.locator(".slide").count(), 0
    for number in range(1, count + 1):
        assert page.locator("#place").text_content() == f"{number} / {count}"
        assert page.locator(".slide:visible").count() == 1
        assert page.evaluate(LOOK) == [], f"slide {number}"
        if page.locator(".slide.now summary").count():
            explained += 1
            page.locator(".slide.now summary").click()
            assert page.locator(".slide.now details li").first.is_visible()
            assert page.evaluate(LOOK) == [], f"slide {number}, opened"
            page.locator(".slide.now summary").click()
        page.keyboard.press("ArrowRight")
    assert [url[:80] for url in requests if not url.startswith("data:")] == [(decks / f"{name}.html").as_uri()[:80]]
    assert problems == [] and explained >= 1
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count  # one slide a page
    page.close()


def test_keys_buttons_and_addresses(browser, decks):
    page = browser.new_page(viewport={"width": 1024, "height": 768})
    page.goto((decks / f"{NAMES[1]}.html").as_uri() + "#3")
    place, count = page.locator("#place"), page.locator(".slide").count()
    for key, number in {
        "PageDown": 4,
        "ArrowDown": 5,
        "ArrowUp": 4,
        "PageUp": 3,
        "ArrowLeft": 2,
        "End": count,
        "ArrowRight": count,
        "Home": 1,
        "Space": 2,
    }.items():
        page.keyboard.press(key)
        assert place.text_content() == f"{number} / {count}", key
        assert page.evaluate("document.activeElement.classList.contains('now')")  # a screen reader is there
    page.get_by_role("button", name="Next").click()
    page.keyboard.press("Enter")  # the button has the focus
    assert place.text_content() == f"4 / {count}" and page.url.endswith("#4")
    page.get_by_role("button", name="Back").press(" ")
    assert place.text_content() == f"3 / {count}"
    page.close()


def test_text_grows_with_the_window(browser, decks):
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto((decks / f"{NAMES[1]}.html").as_uri() + "#2")
    assert page.locator(".slide.now p").first.evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize)"
    ) == pytest.approx(39)
    assert page.locator(".slide.now").bounding_box() == pytest.approx(
        {"x": 0, "y": 0, "width": 1920, "height": 1080}, abs=1
    )
    page.close()
