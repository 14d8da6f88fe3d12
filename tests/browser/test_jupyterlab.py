"""The course as a learner has it: notebooks opened, run and used in JupyterLab."""

import re

import lab_server
import pytest

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

STATE = re.compile(rb'"execution_state": ?"(busy|idle)"')
COMPLAINT = re.compile(rb'"msg_type": ?"error"|"name": ?"stderr"')  # how a kernel sends a traceback or a warning
ALLOWED = re.compile(
    r'"text": ?"\d\.\d\ds - |'  # the debugger's remark on frozen modules, when a kernel is restarted
    # As it opens a notebook, JupyterLab asks the kernel for widgets, before any cell has imported them.
    r'"text": ?"No such comm(: [0-9a-f-]{36}| target registered: jupyter\.widget\.control)\\n"'
)


class Notebook:
    """An open notebook, with everything that went wrong in it so far."""

    def __init__(self, browser, lab, name, script="", width=1280, density=1, simple=False):
        self.problems, self.busy = [], False
        self.page = browser.new_page(viewport={"width": width, "height": 900}, device_scale_factor=density)
        self.page.add_init_script(script)
        self.page.on("console", self._read)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        lab_server.listen(self.page, self._hear)
        self.cells = lab_server.open_notebook(self.page, lab, name, simple)

    def _read(self, message):
        if message.type == "error":
            self.problems.append(f"{message.text} {message.location}")

    def _hear(self, message):
        if state := STATE.search(message):
            self.busy = state[1] == b"busy"
        # An exception behind a slider reaches no cell: JupyterLab shows it in its log only.
        if COMPLAINT.search(message):
            text = message[message.find(b"{") :].decode(errors="replace")
            self.problems += [] if ALLOWED.search(text) else [text]

    def run(self):
        lab_server.run_all(self.page, self.cells)
        return self

    def settle(self):
        """Wait until the kernel is done with all that was clicked and typed."""
        lab_server.wait(self.page, lambda: not self.busy, "the kernel is still busy")

    def output(self, start):
        """The output of the code cell that starts with `start`."""
        (index,) = (i for i, cell in enumerate(self.cells) if "".join(cell["source"]).startswith(start))
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")


@pytest.fixture(scope="module")
def opened(browser, lab):
    """Chapter 1, opened and not run; trusted, for in others JupyterLab does not even try a stored widget."""
    lab_server.trust(lab, "01-leverage-basics.ipynb")
    notebook = Notebook(browser, lab, "01-leverage-basics.ipynb")
    yield notebook
    notebook.page.close()


@pytest.fixture(scope="module")
def start(browser, lab):
    """Chapter 0, all cells run."""
    notebook = Notebook(browser, lab, "00-start-here.ipynb").run()
    yield notebook
    notebook.page.close()


@pytest.fixture(scope="module")
def basics(browser, lab):
    """Chapter 1, all cells run."""
    notebook = Notebook(browser, lab, "01-leverage-basics.ipynb").run()
    yield notebook
    notebook.page.close()


def complaints(notebook):
    """What went wrong in a notebook since this was last asked: the console's errors, tracebacks,
    money set as a formula."""
    notebook.settle()
    # "$10 at 20x is $200" makes a formula of "10 at 20x is". Formulas meant as such are $$ displayed $$.
    formulas = notebook.page.locator("mjx-container:not([display=true])")
    formulas = formulas.evaluate_all("all => all.map(formula => 'formula in: ' + formula.parentElement.textContent)")
    problems, notebook.problems = notebook.problems + formulas, []
    return problems


@pytest.fixture(autouse=True)
def no_problems(request):
    """During any test here: no complaint."""
    yield
    for name in {"opened", "start", "basics"} & set(request.fixturenames):
        if problems := complaints(request.getfixturevalue(name)):
            pytest.fail("\n".join(problems), pytrace=False)


def picture(output):
    """Address and content of a live panel's picture, once the browser can draw it."""
    return output.locator("img").evaluate("""async img => {
            await img.decode();
            const bytes = new Uint8Array(await (await fetch(img.src)).arrayBuffer());
            return [img.src, bytes.join()];
        }""")


def test_pictures_show_with_alt_text_before_anything_is_run(opened):
    stored = [
        i
        for i, cell in enumerate(opened.cells)
        if any(
            "<img alt=" in "".join(output.get("data", {}).get("text/html", "")) for output in cell.get("outputs", [])
        )
    ]
    assert stored
    opened.page.wait_for_function(
        """stored => {
            const cells = document.querySelectorAll('.jp-Notebook .jp-Cell');
            return stored.every(i => {
                const image = cells[i].querySelector('.jp-OutputArea img');
                return image?.naturalWidth > 0 && image.alt.length > 40;
            });
        }""",
        arg=stored,
    )
    opened.page.wait_for_load_state("networkidle")  # what formulas need is fetched late
    text = opened.page.locator(".jp-Notebook").evaluate("notebook => notebook.textContent")  # on screen or not
    for words in "model not found", "Loading widget", "Error displaying widget":
        assert words.lower() not in text.lower()


def test_arrow_keys_move_picture_and_sentence(start):
    panel = start.output("panels.first_touch()")
    enter(panel, "30")
    status, handle = panel.locator(".ll-sentence"), panel.get_by_role("slider", name="leverage", exact=True)
    handle.focus()
    sentences, pictures = [status.text_content()], [picture(panel)]
    for _ in range(5):
        handle.press("ArrowRight")
        expect(status).not_to_have_text(sentences[-1])
        expect(panel.locator("img")).not_to_have_attribute("src", pictures[-1][0])
        sentences.append(status.text_content())
        pictures.append(picture(panel))
    assert len(set(sentences)) == 6
    assert len({content for _, content in pictures}) == 6


@pytest.mark.parametrize("typed", ["abc", "0"])
def test_nonsense_in_a_box_gets_a_sentence(start, typed):
    panel = start.output("panels.first_touch()")
    box, alert, status = typing(panel, "leverage"), panel.get_by_role("alert"), panel.locator(".ll-sentence")
    enter(panel, "25")
    before, sentence = picture(panel), status.text_content()
    box.fill(typed)
    box.press("Enter")
    expect(alert).to_contain_text(f"leverage must be a number from 1x to 500x, got '{typed}'")
    expect(alert).to_contain_text("still shows 25x")
    assert picture(panel) == before
    expect(status).to_have_text(sentence)
    enter(panel, "37")
    expect(alert).to_be_empty()
    expect(status).to_contain_text("37x")
    expect(box).to_have_value("37x")
    panel.get_by_role("button", name="Reset").click()
    expect(status).to_contain_text("20x")
    expect(box).to_have_value("20x")


def typing(panel, control):
    """The box of a control."""
    return panel.get_by_role("textbox", name=control, exact=True)


def enter(panel, leverage):
    """Type a leverage other than the present one, and wait for the picture: it comes last."""
    image, box = panel.locator("img"), typing(panel, "leverage")
    before = image.get_attribute("src")
    box.fill(leverage)
    box.press("Enter")
    expect(image).not_to_have_attribute("src", before)


def test_a_guess_opens_the_panel(start):
    card = start.output('predict("0-guess"')
    expect(card).to_contain_text("The picture opens when you have guessed.")
    expect(card.locator("img")).to_have_count(0)
    card.get_by_label("my guess").fill("0.10")
    card.get_by_role("button", name="Lock in my guess").click()
    expect(card).to_contain_text("You guessed $0.10; it is $")
    assert picture(card)
    expect(card).not_to_contain_text("The picture opens when you have guessed.")


def test_a_chosen_guess_opens_the_panel(basics):
    card = basics.output('predict("1-floor"')
    expect(card.locator("img")).to_have_count(0)
    guess = card.locator(".ll-options label").last
    words = guess.text_content().strip()
    guess.click()
    card.get_by_role("button", name="Lock in my guess").click()
    expect(card).to_contain_text(f"✗ You guessed “{words}”. The answer: “$100, its margin”. ")
    assert picture(card)


def test_skip_opens_the_panel(basics):
    card = basics.output('predict("1-tenth"')
    expect(card.locator("img")).to_have_count(0)
    card.get_by_role("button", name="Skip").click()
    expect(typing(card, "leverage")).to_have_value("500x")
    assert picture(card)
    expect(card).not_to_contain_text("You guessed")
    expect(card.locator(".ll-status")).to_have_text(re.compile(r"^The answer: 5\s%\. The position is"))


def test_an_exercise_knows_wrong_answers_and_draws_new_numbers(start):
    card = start.output('check("0-first"')
    box = card.get_by_label("answer")
    first = margin, leverage, fall = numbers(card)
    box.fill(f"{margin * fall:g}")
    box.press("Enter")
    expect(card).to_contain_text("That is without leverage")
    box.fill(f"{margin * leverage * fall:g}")
    card.get_by_role("button", name="Check").click()
    expect(card).to_contain_text("Right: ")

    card.get_by_role("button", name="New numbers").click()
    expect(card).to_contain_text("New numbers, same question.")
    expect(card).not_to_contain_text("Right: ")
    margin, leverage, fall = numbers(card)
    assert (margin, leverage, fall) != first
    card.get_by_role("button", name="Hint").click()
    expect(card).to_contain_text("Hint 1 of 3: ")
    expect(card).to_contain_text("New numbers, same question.")  # a hint takes nothing away
    box.fill(f"{margin * leverage * fall:g}")
    box.press("Enter")
    expect(card).to_contain_text("Right: ")


def numbers(card):
    """Margin, leverage and fall (a fraction) in the question as it stands."""
    found = re.search(r"\$(\d+) at (\d+)x, and the price falls by ([\d.]+)\s%", card.text_content())
    margin, leverage, percent = map(float, found.groups())
    return margin, leverage, percent / 100
