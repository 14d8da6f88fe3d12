"""How long a reader of the static site waits and how much is downloaded, with the site served here, in Chromium.

Run by `make bench-site`. numpy, pandas and matplotlib are not in it (only Pyodide's network has them): what they add
to the seconds and megabytes is not measured.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import lab_server
import site_server
from site_server import pyodide_runtime


def weight(site):
    """Megabytes that were sent."""
    paths = [
        site.folder.parents[len(Path(site_server.PLACE, site_server.make_site.lab()).parts) - 1]
        / unquote(path.partition("?")[0]).lstrip("/")
        for path in site.served
    ]
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def visit(page, site):
    """Open the notebook of what works here and run it: {what: seconds since the beginning}."""
    begun, seen = time.perf_counter(), {}

    def note(what):
        seen[what] = time.perf_counter() - begun

    page.goto(site.notebook("scratch.ipynb"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    note("the notebook is there")
    site_server.started(page)
    note("the kernel is idle")
    site_server.run_all(page)
    page.locator(".jp-OutputArea-output .widget-slider").wait_for()
    note("the first widget is there")
    page.locator(".jp-OutputArea-output .ll-panel .ll-sentence").wait_for()
    note("the front end of a panel is there")
    site_server.outputs(page).filter(has_text="in the file").wait_for()
    note("all cells are run")
    return seen


def moves(page, count=20):
    """Milliseconds from a key on a slider to the kernel's answer in the page."""
    handle, took = page.locator(".widget-slider .noUi-handle"), []
    for step in range(1, count + 1):
        begun = time.perf_counter()
        handle.press("ArrowRight")
        page.get_by_text(f"the kernel has {20 + step}").wait_for()
        took.append(1000 * (time.perf_counter() - begun))
    return took


def main():
    try:
        with (
            tempfile.TemporaryDirectory() as work,
            lab_server.chromium() as browser,
            site_server.running(Path(work)) as site,
        ):
            files = [path for path in site.folder.rglob("*") if path.is_file()]
            print(
                f"The site: {len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB, "
                f"without {', '.join(sorted(site.missing))}."
            )
            heard = []
            page = site.page(browser, heard)
            for visited in ("first visit", "again, in the same browser"):
                site.served.clear()
                seen = visit(page, site)
                print(f"\n{visited}: {len(site.served)} requests, {weight(site):.0f} MB sent, {len(heard)} outside")
                for what, seconds in seen.items():
                    print(f"  {seconds:5.1f} s  {what}")
                took = moves(page)
                print(
                    f"  {statistics.median(took):5.0f} ms from a key on a slider to the kernel's answer on the screen "
                    f"(median of {len(took)})"
                )
                page.close()
                page = page.context.new_page()
    except (lab_server.NoBrowser, pyodide_runtime.NoRuntime) as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
