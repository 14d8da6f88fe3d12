"""The notebooks' panels with stored states, and a page of them: as in the book, but for everything round them."""

import ast
import json
from base64 import b64decode
from functools import cache
from html import escape
from pathlib import Path

import nbformat
from book import states
from book.scripts import bundle

from leverage_lab.classroom import panels
from leverage_lab.panelkit.stage import FRONT

ROOT = Path(__file__).resolve().parents[1]
DOORS = [{"words": "in your browser", "href": "lab.html"}, {"words": "on Binder", "href": "binder.html"}]


@cache
def instances():
    """Every panel that a notebook shows, as it starts there."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "panels." in cell.source:
                found += _shown(cell.source)
    return found


def _shown(source):
    *before, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        return []
    names = {"panels": panels}
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    shown = last.value
    if isinstance(shown.func, ast.Name):  # predict("1-tenth", panels.bought())
        shown = shown.args[1]
    return [eval(compile(ast.Expression(shown), "cell", "eval"), names)]


def by_name():
    """{name of its files: [panels]}"""
    found = {}
    for panel in instances():
        found.setdefault(states.name_of(panel), []).append(panel)
    return found


def write_page(folder, shown):
    """A page of these panels beside `states/`; {name: what its script is given}."""
    parts, data = [], {}
    for panel in shown:
        told = states.panel_data(panel)
        name, still = told["name"], panel.still()
        start = still.index("base64,") + 7
        (folder / f"{name}.png").write_bytes(b64decode(still[start : still.index('"', start)]))
        parts.append(f'<div class="ll-live" id="{name}"><img src="{name}.png" alt="{escape(panel.sentence)}">')
        parts.append(f"<p>{escape(panel.sentence)}</p></div>")
        data[name] = told
    script = bundle("panels").removesuffix("})();\n") + "window.book = module_panels;\n})();\n"
    start = f"for (const [name, data] of Object.entries({json.dumps(data)}))"
    start += f' book.panel(document.getElementById(name), data, {{ base: "", doors: {json.dumps(DOORS)} }});'
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Panels</title>'
    head += f'<meta name="viewport" content="width=device-width"><style>{(FRONT / "style.css").read_text()}</style>'
    (folder / "book.js").write_text(script + start, encoding="utf-8")
    page = f'{head}<body>{"".join(parts)}<script src="book.js"></script></body></html>'
    (folder / "index.html").write_text(page, encoding="utf-8")
    return data
