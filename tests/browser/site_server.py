"""The static site, built with its Python in it and served from a subfolder:
for its tests and benchmarks/bench_site.py."""

import functools
import json
import re
import socketserver
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lab_server
import nbformat

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import make_site
import pyodide_runtime

from leverage_lab.chapters.start.first_touch import first_touch

PLACE = "courses/lever age"  # the site is somewhere below a host's root
SLOW = 1000 * lab_server.SLOW  # ms

# What can be had without numpy: ipywidgets, and our own front ends with a kernel behind them.
SLIDER = """import ipywidgets
slider = ipywidgets.IntSlider(description="plain", value=20)
said = ipywidgets.Label("not moved")
slider.observe(lambda change: setattr(said, "value", f"the kernel has {change['new']}"), "value")
ipywidgets.VBox([slider, said])"""
CARD = """from leverage_lab.panelkit.page import Card, button, entry, words
def pressed(part, held):
    card.say(said=f"<b>you typed {held['box']}</b>")
parts = [entry("box", "a guess", "go"), button("go", "Lock in"), words("said", status=True)]
card = Card("try", parts, pressed, held={"box": ""})
card"""
STAGE = """import json
from base64 import b64decode
from leverage_lab.panelkit.stage import Stage
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
control, states = json.loads(STATES)
def asked(question):
    stage.show(**states[question["moves"]["leverage"]["stop"]], picture=DOT, ticket=question["ticket"])
stage = Stage(asked, lambda question: None, ahead=False, controls=[control], size=[100, 50], **states[0], picture=DOT)
stage"""
STORE = """from leverage_lab.panelkit import storage
print("stored:", storage.put("predictions", "0-guess", 3) or storage.get("predictions", "0-guess"))"""
BOOK = """<!DOCTYPE html><title>The book</title><a href="lab/index.html">Run</a>
<a href="lab/index.html?path=04-fees.ipynb">Fees</a>"""
LOOK = """print("in the file:", open("my-progress.json").read())"""


def states():
    """One slider of `first_touch` and what the page shows at each of its stops, worked out here:
    its model wants numpy."""
    panel = first_touch(margin=10)
    control = panel.controls["leverage"]
    shown = [
        {"shown": {"leverage": control.place(stop)}, "sentence": panel.model(margin=10, leverage=stop).sentence}
        for stop in control.stops
    ]
    return f"STATES = {json.dumps([control.describe(), shown])!r}"


def scratch():
    """A notebook of what works without the packages that cannot be had here."""
    install = f"%pip install -q {' '.join(make_site.bundled())}\n%pip install -q --no-deps {make_site.NAME}"
    cells = [nbformat.v4.new_code_cell(source) for source in (install, SLIDER, CARD, states(), STAGE, STORE, LOOK)]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": make_site.KERNEL})


@dataclass
class Site:
    """A site that is being served."""

    url: str  # of its front door
    folder: Path  # of this version
    missing: set  # packages it has to ask Pyodide's own network for
    served: list = field(default_factory=list)  # paths asked of our server
    elsewhere: list = field(default_factory=list)  # first lines of requests to anywhere else
    proxy: str = ""

    def page(self, browser, heard):
        """A fresh browser's page; heard: a list for the addresses outside that it asks for. None is reached."""
        context = browser.new_context(
            viewport={"width": 1280, "height": 1600}, proxy={"server": self.proxy, "bypass": "127.0.0.1"}
        )
        context.set_default_timeout(SLOW)
        context.on(
            "request", lambda request: re.match(r"https?://(?!127\.0\.0\.1)", request.url) and heard.append(request.url)
        )
        return context.new_page()

    def notebook(self, name):
        return f"{self.url}{make_site.lab()}/lab/index.html?path={name}"


def cdn():
    """Where the kernel's own settings look for Pyodide and its packages."""
    return f"https://cdn.jsdelivr.net/pyodide/v{pyodide_runtime.version()}/full/"


@contextmanager
def running(work):
    """Fetch the runtime, build the site in `work` and serve it. NoRuntime if Pyodide cannot be had."""
    (work / "runtime").mkdir()
    (work / "compiled").mkdir()
    try:
        wheels = pyodide_runtime.compiled(work / "compiled")
    except pyodide_runtime.NoRuntime:
        wheels = {}
    runtime, missing = pyodide_runtime.fetch(work / "runtime", cdn(), wheels)
    nbformat.write(scratch(), work / "scratch.ipynb")
    out = work / "www" / PLACE
    out.mkdir(parents=True)
    (work / "book").mkdir()
    (work / "book" / "index.html").write_text(BOOK, encoding="utf-8")
    folder = make_site.build(out, runtime, [work / "scratch.ipynb"], work / "book")
    site = Site("", folder, missing)

    class Files(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            site.served.append(self.path)
            super().do_GET()

        def log_message(self, *_):
            pass

    class Elsewhere(socketserver.StreamRequestHandler):
        """Stands for the rest of the world: notes who asks for what, and has nothing."""

        def handle(self):
            site.elsewhere.append(self.rfile.readline().decode(errors="replace").strip())
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=work / "www")),
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Elsewhere),
    ]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    site.url, site.proxy = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    site.url += f"/{PLACE.replace(' ', '%20')}/"
    try:
        yield site
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def started(page):
    """Wait until the notebook is there and its kernel is idle; the circle beside its name is open before that."""
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.locator(".jp-StatusBar-Widget, #jp-main-statusbar").get_by_text("Python (Pyodide) | Idle").first.wait_for()


def run_cell(page, index):
    """Run one cell and wait until it is done."""
    cell = page.locator(".jp-Notebook .jp-Cell").nth(index)
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).wait_for()


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def outputs(page):
    """Locator of all outputs."""
    return page.locator(".jp-OutputArea-output")
