"""A JupyterLab of its own and a Chromium to look at it: for the browser tests and tools/screenshots.py.

The server is started as `make lab` starts it, but works on a copy of the notebooks, with settings, runtime files and
progress in a folder of the caller's: nobody's JupyterLab is touched, and nobody's settings change what is seen.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import make_env

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=AutofillServerCommunication",
]
SLOW = 120  # seconds; a loaded machine is no failure


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    folder: Path  # with a copy of the notebooks, progress.json and server.log
    pid: int

    def page(self, notebook, simple=False):
        """The address of a notebook, in a fresh window; `simple`: this one document and nothing beside it."""
        return f"{self.url}{'doc' if simple else 'lab'}/tree/notebooks/{notebook}?reset&token={self.token}"


@contextmanager
def running(folder):
    """JupyterLab on a copy of the notebooks in `folder`; ends with all its kernels."""
    prepare(folder)
    with serving(folder) as lab:
        yield lab


def prepare(folder):
    """The copy, and a learner's settings."""
    folder = Path(folder)
    shutil.copytree(NOTEBOOKS, folder / "notebooks", ignore=shutil.ignore_patterns("my-progress*", ".*"))
    for name, values in json.loads(make_env.OVERRIDES).items():
        file = folder / "settings" / f"{name.replace(':', '/')}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text(make_env.KERNELS, encoding="utf-8")
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_server_config.py").write_text(make_env.SERVERS, encoding="utf-8")


@contextmanager
def serving(folder, port=0):
    """JupyterLab on a prepared folder, by the command of `make lab`."""
    folder = Path(folder)
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",  # trust is kept here: a fresh checkout is not trusted
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "LEVERAGE_LAB_PROGRESS": "progress.json",
    }
    env = os.environ | {name: str(folder / place) for name, place in own.items()} | make_env.SERVER
    command = make_env.lab_command(sys.executable, port, browser=False)
    with open(folder / "server.log", "a", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            info = _address(process, folder)
            yield Lab(info["url"], info["token"], folder, process.pid)
        finally:
            process.terminate()  # it stops its kernels, then itself
            try:
                process.wait(SLOW)
            except subprocess.TimeoutExpired:
                process.kill()  # kernels end when they find their parent gone
                process.wait()


def _address(process, folder):
    """What the server says of itself once it listens: port and token are its own choice."""
    end = time.monotonic() + SLOW
    while time.monotonic() < end and process.poll() is None:
        for file in (folder / "runtime").glob("jpserver-*.json"):
            try:
                info = json.loads(file.read_text(encoding="utf-8"))
                socket.create_connection(("localhost", info["port"]), 1).close()
                return info
            except (ValueError, OSError):
                pass  # half written, or not listening yet
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start:\n" + (folder / "server.log").read_text(encoding="utf-8")[-2000:])


class NoBrowser(Exception):
    """One sentence: what is missing to look at a page."""


@contextmanager
def chromium():
    """A headless Chromium, driven by Playwright. NoBrowser if one of the two is missing."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowser("Playwright is not installed: `make browser` adds it.") from None
    wanted = os.environ.get("CHROMIUM")
    program = next(filter(None, map(shutil.which, [wanted] if wanted else BROWSERS)), None)
    if program is None:
        looked = wanted or ", ".join(BROWSERS)
        raise NoBrowser(f"No browser found ({looked}): install Chromium, or name its program in the variable CHROMIUM.")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *QUIET])
        except Error as error:
            raise NoBrowser(f"{program} does not start: {error.message.splitlines()[0]}") from None
        try:
            yield browser
        finally:
            browser.close()


def trust(lab, notebook):
    """Sign a notebook, as JupyterLab does when its reader has run and saved it."""
    file = lab.folder / "notebooks" / notebook
    NotebookNotary(data_dir=str(lab.folder / "data")).sign(nbformat.read(file, as_version=4))


def listen(page, hear):
    """Call hear(message) with every message that comes from a kernel, as bytes.
    To be called before the page is opened."""

    def received(frame):
        hear(frame.encode() if isinstance(frame, str) else frame)

    page.on("websocket", lambda socket: socket.on("framereceived", received))


def open_notebook(page, lab, notebook, simple=False):
    """Go to `notebook`, wait until its cells are there and its kernel answers. Nothing is run. Returns the cells."""
    cells = json.loads((lab.folder / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    page.set_default_timeout(1000 * SLOW)
    answers = []
    listen(page, lambda message: b"kernel_info_reply" in message and answers.append(message))
    page.goto(lab.page(notebook, simple))
    page.wait_for_function(
        "count => document.querySelectorAll('.jp-Notebook .jp-Cell').length === count", arg=len(cells)
    )
    # Before it does, Run All clears the outputs or asks for a kernel; and the page says "idle" too early.
    wait(page, lambda: answers, f"the kernel of {notebook} does not answer")
    return cells


def wait(page, done, problem):
    """Let the page go on until done() is true."""
    end = time.monotonic() + SLOW
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(problem)
        page.wait_for_timeout(50)


def run_all(page, cells):
    """Run → Run All Cells, and wait until every cell is done and every panel and card is live."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        """live => {
            const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
            return live.every(i => cells[i].querySelector('.leverage-lab'))
                && !cells.some(cell => cell.querySelector('.jp-InputPrompt')?.textContent.includes('*'));
        }""",
        arg=[index for index, cell in enumerate(cells) if is_live(cell)],
    )


def darken(page, theme="JupyterLab Dark"):
    """Switch to JupyterLab's dark theme; the server keeps it for the pages that follow, so `lighten` belongs to it."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for item in ("Theme", theme):  # a menu in a menu has no role
        page.locator(".lm-Menu-item").get_by_text(item, exact=True).click()
    light = str(theme == "JupyterLab Light").lower()
    page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")


def lighten(page):
    darken(page, "JupyterLab Light")


def calling(cells, *calls):
    """How many cells have a line that begins with one of the calls."""
    begins = re.compile("^(" + "|".join(map(re.escape, calls)) + ")", flags=re.MULTILINE)
    return sum(bool(begins.search("".join(cell["source"]))) for cell in cells if cell["cell_type"] == "code")


def skip_all(page, cells):
    """Skip all predictions, so that each panel shows; a page draws its cards some time after their cells have run."""
    predictions, panels = calling(cells, "predict("), calling(cells, "predict(", "panels.")
    page.wait_for_function(
        "count => document.querySelectorAll('.jp-Notebook .ll-prediction').length >= count", arg=predictions
    )
    page.wait_for_timeout(1000)  # the last of them are still being laid out
    skip = page.locator(".jp-Notebook").get_by_role("button", name="Skip", exact=True)
    while left := skip.count():
        skip.first.click()
        skip.nth(left - 1).wait_for(state="detached")
    page.wait_for_function(  # a panel is drawn some time after its card has opened
        "count => document.querySelectorAll('.jp-Notebook .ll-panel .ll-how').length >= count", arg=panels
    )


def is_live(cell):
    """True for a cell that makes a panel or a card."""
    return cell["cell_type"] == "code" and "".join(cell["source"]).startswith(
        (
            "panels.",
            "predict(",
            "check(",
            "inventory(",
            "audit_card(",
            "before_and_after(",
            "progress(",
            "my_exchange_shows(",
        )
    )
