"""A link that is cut, or loses a question or its answer: the newest values show when it is back."""

import dataclasses
from urllib.parse import urlsplit

import lab_server
import link
import pytest
from one_panel import opened, prepared, slide
from test_hands import states
from test_jupyterlab import typing

from leverage_lab.classroom import panels

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """One server for the others."""
    with lab_server.serving(prepared(tmp_path_factory.mktemp("lab"))) as lab:
        yield lab


BREAKS = {
    "cut": lambda line: line.cut(),
    "question lost": lambda line: line.lose("there", "back"),
    "answer lost": lambda line: line.lose("back"),
}


@pytest.mark.parametrize(
    "way, seconds",
    [
        ("cut", 10),
        ("question lost", 1),
        ("answer lost", 10),
        *(pytest.param(*case, marks=pytest.mark.soak) for case in (("cut", 1), ("cut", 40), ("question lost", 10))),
    ],
)
def test_what_was_moved_before_during_and_after_a_break_shows_when_the_link_is_back(page, lab, way, seconds):
    pictures = []
    lab_server.listen(page, lambda message: b'"ahead"' in message and pictures.append(message))
    with link.link(urlsplit(lab.url).port) as line:
        panel = opened(page, dataclasses.replace(lab, url=f"http://localhost:{line.port}/"))
        waiting, sentence = panel.locator(".ll-wait"), panel.locator(".ll-sentence")
        slide(panel, 6)
        expect(sentence).to_contain_text("$10 at 7x")
        BREAKS[way](line)
        slide(panel, 11)  # asked, and lost
        panel.get_by_role("slider", name="leverage", exact=True).focus()  # pictures ahead are asked for, too
        page.wait_for_timeout(500 * seconds)
        typing(panel, "margin").fill("7")
        typing(panel, "margin").press("Enter")
        page.wait_for_timeout(500 * seconds)
        if seconds > 5:
            expect(waiting).not_to_be_empty()
        line.mend()
        expect(sentence).to_contain_text("$7 at 15x")
        assert typing(panel, "leverage").input_value() == "15x"  # the twelfth stop
        expect(waiting).to_be_empty()
        typing(panel, "margin").fill("10")
        typing(panel, "margin").press("Enter")
        slide(panel, 4)
        expect(sentence).to_contain_text("$10 at 5x")
        pictures.clear()
        page.wait_for_timeout(5500)
        panel.get_by_role("slider", name="margin", exact=True).focus()
        slide(panel, 20)
        lab_server.wait(page, lambda: pictures, "no pictures are fetched ahead any more")
    right = states(panels.first_touch) | states(lambda: panels.first_touch(margin=7))
    seen = panel.evaluate("panel => panel.seen")
    assert seen and all(right[words] == picture for words, picture in seen if words in right)
    assert panel.locator("img").get_attribute("alt") == sentence.text_content()


def test_the_same_text_can_be_entered_again(page, lab):
    """Whatever has become of it the first time."""
    panel = opened(page, lab)
    box, alert = typing(panel, "leverage"), panel.get_by_role("alert")
    box.fill("600")
    box.press("Enter")
    expect(alert).to_contain_text("got '600'")
    alert.evaluate("alert => { alert.textContent = ''; }")
    box.press("Enter")
    expect(alert).to_contain_text("got '600'")
