"""The course as a book on the web: static pages made of the stored notebooks, read with no Python and no server.

    make book [OUT=folder]

Works from any folder of a server and from a disk. The notebooks themselves are copied beside their pages.
"""

import argparse
import shutil
import time
from pathlib import Path

from book import cards, live, pages, scripts, search, states

from leverage_lab.panelkit.panel import Panel
from leverage_lab.panelkit.stage import FRONT

ROOT = Path(__file__).resolve().parents[1]
WEB = scripts.WEB


def build(out, lab="", moving=True):
    """The book in folder `out`; returns its pages. lab: see book.project.doors; moving: store the states of panels."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    books, panels = sorted((ROOT / "notebooks").glob("*.ipynb")), []

    def live_data(thing):
        panel = getattr(thing, "panel", thing)
        if isinstance(panel, Panel):
            panels.append(panel)
        return (states.panel_data if isinstance(thing, Panel) else cards.card_data)(thing)

    with live.clean():
        maker = pages.Maker(out, live_data, lab)
        made = [*map(maker.notebook, books), maker.words(), *map(maker.paper, sorted(pages.DOCS.glob("*.md")))]
        made = [maker.front(made), *made]
        for page in made:
            maker.write(page, made)
        if moving:
            states.write(out, panels)
        cards.write(out)
    for book in books:
        shutil.copy(book, out)
    css = [FRONT / "style.css", WEB / "book.css"]
    (out / "book.css").write_text("\n".join(file.read_text(encoding="utf-8") for file in css), encoding="utf-8")
    (out / "book.js").write_text(scripts.bundle("page"), encoding="utf-8")
    (out / "search.js").write_text(search.script(made), encoding="utf-8")
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "book")
    parser.add_argument("--still", action="store_true", help="store no states of panels: a quick look")
    options = parser.parse_args()
    out = options.out.resolve()
    begun = time.monotonic()
    made = build(out, moving=not options.still)
    files = [path for path in out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    shown = out.relative_to(ROOT) if out.is_relative_to(ROOT) else out
    took = time.monotonic() - begun
    print(f"{shown}: {len(made)} pages, {len(files)} files, {size:.1f} MB, in {took:.0f} s. Open {shown}/index.html.")


if __name__ == "__main__":
    main()
