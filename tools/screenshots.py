"""Screenshots of the notebooks as a learner sees them in JupyterLab, for a person to look at.

    python tools/screenshots.py [notebook …] [--static | --open] [--dark] [--width 1280] [--width 700] [--density 2]
        [--out screenshots]

Each notebook becomes slices of at most 1400 px, from top to bottom, such as
screenshots/01-leverage-basics-live-1280-03.png. They show it after Run All; with --open also every
picture behind a prediction; with --static as it is stored, before anything is run.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import lab_server

SLICE = 1400
BARS = 200  # height of JupyterLab's own rows above the notebook, with some to spare


def shoot(browser, lab, notebook, form, dark, width, density, out):
    """Save all slices of one notebook; returns how many."""
    page = browser.new_page(viewport={"width": width, "height": SLICE + BARS}, device_scale_factor=density)
    cells = lab_server.open_notebook(page, lab, notebook, simple=True)
    if form != "static":
        lab_server.run_all(page, cells)
    if form == "open":
        lab_server.skip_all(page, cells)
    if dark:
        lab_server.darken(page)
    page.add_style_tag(
        content=".jp-Cell {content-visibility: visible !important}"
    )  # else cells out of sight have a guessed height
    page.wait_for_function("() => [...document.querySelectorAll('.jp-Notebook img')].every(image => image.complete)")
    name = f"{Path(notebook).stem}-{form}{'-dark' * dark}-{width}"
    for old in out.glob(f"{name}-*.png"):
        old.unlink()
    scroller = page.locator(".jp-WindowedPanel-outer")
    area = scroller.bounding_box()
    cuts = slices(page)
    for number, (top, bottom) in enumerate(zip(cuts, cuts[1:]), start=1):
        scrolled = scroller.evaluate("(element, top) => { element.scrollTop = top; return element.scrollTop; }", top)
        clip = {"x": area["x"], "y": area["y"] + top - scrolled, "width": area["width"], "height": bottom - top}
        page.screenshot(path=out / f"{name}-{number:02}.png", clip=clip)
    page.close()
    return len(cuts) - 1


def slices(page):
    """Where to cut: above a cell if one begins in the slice, so that panels stay whole."""
    tops = page.locator(".jp-WindowedPanel-outer").evaluate("""scroller => {
            const zero = scroller.getBoundingClientRect().top - scroller.scrollTop;
            const cells = [...scroller.querySelectorAll('.jp-Cell')].map(cell => cell.getBoundingClientRect());
            return [...cells.map(cell => cell.top - zero), cells.at(-1).bottom - zero + 10];
        }""")
    cuts = [0]
    while cuts[-1] < tops[-1]:
        cuts.append(max((top for top in tops if cuts[-1] < top <= cuts[-1] + SLICE), default=cuts[-1] + SLICE))
    return cuts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", help="names in notebooks/ (default: all)")
    parser.add_argument(
        "--width", type=int, action="append", help="of the window, may be given again (default: 1280 and 700)"
    )
    parser.add_argument("--density", type=int, default=1, help="pixels of the screen to one of the page (default: 1)")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--dark", action="store_true", help="in JupyterLab's dark theme")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--static", dest="form", action="store_const", const="static", default="live", help="as stored, not run"
    )
    form.add_argument(
        "--open", dest="form", action="store_const", const="open", help="run, and every prediction skipped"
    )
    options = parser.parse_args()
    names = [f"{Path(name).name.removesuffix('.ipynb')}.ipynb" for name in options.notebooks] or sorted(
        path.name for path in lab_server.NOTEBOOKS.glob("*.ipynb")
    )
    if missing := [name for name in names if not (lab_server.NOTEBOOKS / name).is_file()]:
        parser.error(f"there is no {missing[0]} in {lab_server.NOTEBOOKS.name}/")
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        with lab_server.chromium() as browser:
            for name in names:
                for width in options.width or (1280, 700):
                    # each from the beginning: no kernel and no answers left from the one before
                    with tempfile.TemporaryDirectory() as folder, lab_server.running(folder) as lab:
                        count = shoot(
                            browser, lab, name, options.form, options.dark, width, options.density, options.out
                        )
                    print(f"{name} at {width} px, {options.form}: {count} slices in {options.out}")
    except lab_server.NoBrowser as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
