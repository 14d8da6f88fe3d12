"""Panels of the book, in Chromium: what they show without a kernel is what the kernel would show."""

import hashlib
import random
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
import stored_panels
from book import states
from PIL import Image
from soak import SOAK

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

TRIED = 50 if SOAK else 20  # states of each panel
# Moves the real controls to each of these states; gives those where words or pixels never became the model's.
DRIVE = """async ([name, states]) => {
    const panel = document.getElementById(name), wrong = [];
    const rows = [...panel.querySelectorAll('.ll-hands > .ll-row')];
    const put = (input, value, event) => {
        input.value = value;
        input.dispatchEvent(new Event(event, {bubbles: true}));
    };
    const move = (row, [kind, value]) => {
        if (kind === 'stop') put(row.querySelector('[type=range]'), value, 'input');
        else if (kind === 'text') put(row.querySelector('.ll-box'), value, 'change');
        else [...row.querySelectorAll('[type=radio]')].find(radio => radio.value === value).click();
    };
    const pixels = async () => {
        const canvas = panel.querySelector('canvas');
        if (!canvas) return '';
        const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        return [...sum].map(byte => byte.toString(16).padStart(2, '0')).join('');
    };
    for (const {moves, sentence, picture, date} of states) {
        moves.forEach((to, i) => move(rows[i], to));
        const until = performance.now() + 10000;
        let got;
        do {
            await new Promise(done => setTimeout(done));
            got = [panel.querySelector('.ll-sentence').textContent, panel.querySelector('.ll-dates p').textContent];
            got.push(got[0] === sentence && await pixels(), panel.querySelector('.ll-stored').hidden);
        } while ((got[0] !== sentence || got[2] !== picture) && performance.now() < until);
        if (got.join() !== [sentence, date, picture, true].join()) wrong.push([moves, got, sentence]);
        if (wrong.length > 2) break;
    }
    return wrong;
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """(address, folder, {panel: some of its stored states, from the model}) of a page with every panel."""
    folder = tmp_path_factory.mktemp("book")
    groups = stored_panels.by_name()
    (folder / "states").mkdir()
    with ProcessPoolExecutor(2) as pool:
        tried = dict(zip(groups, pool.map(partial(some_states, folder / "states"), groups)))
    stored_panels.write_page(folder, [group[0] for group in groups.values()])
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/", folder, tried
        server.shutdown()


@pytest.fixture
def opened(page, book):
    page.goto(book[0])
    return page


def some_states(folder, name):
    """Some states that the book stores, written as it does; what the model says of them, and how one moves there."""
    panel, *_ = group = stored_panels.by_name()[name]
    chosen = states.chosen(name, panel.controls, [each.values for each in group], states.STATES)
    wanted, told, drawing = [panel.values], [], panel.picture()
    for values in random.Random(name).sample(chosen, len(chosen)):
        try:
            panel.set(**values)
        except ValueError:
            continue  # the model refuses it
        pixels = Image.open(BytesIO(drawing.png(panel.result))).convert("RGBA").tobytes()
        moves = [move(control, values[control.name]) for control in panel.controls.values()]
        told.append(
            {
                "moves": moves,
                "sentence": panel.sentence,
                "date": panel.result.dates.line(),
                "picture": hashlib.sha256(pixels).hexdigest(),
            }
        )
        wanted.append(values)
        if len(told) == TRIED:
            break
    for file, content in states.files_of(name, panel, wanted)[1].items():
        (folder / file).write_bytes(content)
    return told


def move(control, value):
    if not hasattr(control, "stops"):
        return ["option" if len(control.options) <= 4 else "text", value]
    if value in control.stops:
        return ["stop", control.stops.index(value)]
    return ["text", control.show(value)]


def test_every_stored_state_is_the_models(opened, book):
    wrong = {name: opened.evaluate(DRIVE, [name, states]) for name, states in book[2].items()}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert all(len(states) == TRIED for states in book[2].values())


def slide(panel, control, stop):
    range = panel.get_by_role("slider", name=control, exact=True)
    range.evaluate(
        "(range, stop) => { range.value = stop; range.dispatchEvent(new Event('input', {bubbles: true})); }", stop
    )


def enter(panel, control, text):
    box = panel.get_by_role("textbox", name=control, exact=True)
    box.fill(text)
    box.press("Enter")


def words(panel):
    return panel.locator(".ll-sentence").text_content()


def test_nothing_is_loaded_before_a_panel_is_touched(page, book):
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(book[0])
    panel = page.locator("#bought")
    assert words(panel) == stored_panels.by_name()["bought"][0].sentence
    page.wait_for_timeout(300)
    assert not [file for file in asked if file.endswith((".js", ".webp")) and file != "book.js"]
    assert panel.locator("img").get_attribute("src") == "bought.png"
    panel.get_by_role("slider", name="leverage", exact=True).focus()
    page.wait_for_timeout(500)
    files = [file.name for file in (book[1] / "states").glob("bought*")]
    assert sorted(file for file in asked if file in files) == sorted(files)
    assert not [file for file in asked if file.startswith("room") and file != "room.png"]


def test_a_combination_that_is_not_stored_shows_the_nearest_and_says_which(opened):
    """Controls stay where the hand put them; the line goes when the controls are back on something stored."""
    panel = opened.locator("#first_touch")
    start = words(panel)
    enter(panel, "margin", "$123")
    enter(panel, "leverage", "33")
    line = panel.locator(".ll-stored")
    expect(line).to_be_visible()
    assert panel.get_by_role("textbox", name="margin").input_value() == "$123"
    assert panel.get_by_role("textbox", name="leverage").input_value() == "33x"
    shown = dict(part.rsplit(" ", 1) for part in line.text_content().split(".")[0][len("Stored here: ") :].split(", "))
    values = {name: float(text.strip("$x")) for name, text in shown.items()}
    right = stored_panels.by_name()["first_touch"][0].set(**values)
    try:
        assert words(panel) == right.sentence == panel.locator("canvas").get_attribute("aria-label")
    finally:
        right.reset()
    assert [(door.text_content(), door.get_attribute("href")) for door in line.locator("a").all()] == [
        (door["words"], door["href"]) for door in stored_panels.DOORS
    ]
    panel.get_by_role("button", name="Reset").click()
    expect(line).to_be_hidden()
    assert words(panel) == start and panel.get_by_role("textbox", name="leverage").input_value() == "20x"


TYPED = (
    *("500", "500x", " 12.5 x", "x20", "1,0", "0", "501", "-5", "many", "5 %", "it's", "37.25"),
    *("$5", "1,000", "0,05"),
)


def test_typed_numbers_are_read_as_the_kernel_reads_them(opened):
    """Plain numbers: what is shown, and what is said to one that cannot be taken."""
    panel = opened.locator("#first_touch")
    model = stored_panels.by_name()["first_touch"][0]
    for name in ("leverage", "margin"):
        for text in TYPED:
            enter(panel, name, "10")
            expect(panel.locator(".ll-alert")).to_have_text("")
            enter(panel, name, text)
            try:
                value, refused = model.controls[name].accept(text), ""
            except ValueError as problem:
                value, refused = 10, f"{problem}. The picture still shows"
            expect(panel.locator(".ll-alert")).to_contain_text(refused)
            if not refused:
                shown = panel.get_by_role("textbox", name=name, exact=True).input_value()
                assert model.controls[name].accept(shown) == value, text
    panel = opened.locator("#maxima")
    enter(panel, "month", "2025-07")
    expect(panel.get_by_role("textbox", name="month")).to_have_value("2025-07")
    enter(panel, "month", "37")
    expect(panel.locator(".ll-alert")).to_contain_text("month must be a month from 2019-01 to ")


DAMAGED = {
    "no words": ("**/states/first_touch.js*", lambda whole: None),
    "words cut off": ("**/states/first_touch.js*", lambda whole: whole[: len(whole) // 2]),
    "no picture": ("**/states/first_touch-*.webp*", lambda whole: None),
    "pictures cut off": ("**/states/first_touch-*.webp*", lambda whole: whole[: len(whole) // 2]),
    "no picture in it": ("**/states/first_touch-*.webp*", lambda whole: b"<html>Please sign in</html>"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_what_does_not_load_is_said_and_tried_again(page, book, what):
    where, damage = DAMAGED[what]

    def answer(route):
        left = damage((book[1] / "states" / route.request.url.rpartition("/")[2].partition("?")[0]).read_bytes())
        route.fulfill(body=left) if left else route.fulfill(status=404)

    page.route(where, answer)
    page.goto(book[0])
    panel = page.locator("#first_touch")
    start = words(panel)
    slide(panel, "leverage", 0)
    expect(panel.locator(".ll-alert")).to_contain_text("did not load: the picture stays as it was")
    assert words(panel) == start and panel.locator("img").get_attribute("src") == "first_touch.png"
    assert panel.get_by_role("slider", name="leverage", exact=True).get_attribute("aria-valuetext") == "20x"
    page.unroute(where)
    slide(panel, "leverage", 0)
    expect(panel.locator("canvas")).to_be_visible()
    expect(panel.locator(".ll-alert")).to_have_text("")


def test_opened_from_a_disk_it_moves_too(page, book):
    page.goto((book[1] / "index.html").as_uri())
    panel = page.locator("#bought")
    panel.get_by_role("button", name="Reset").click()
    expect(panel.locator("canvas")).to_be_visible()
    panel.get_by_role("button", name="How is this computed?").click()
    expect(panel.locator(".ll-computed li").first).to_have_text(stored_panels.by_name()["bought"][0].computed.steps[0])
