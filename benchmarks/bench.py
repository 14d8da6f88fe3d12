"""How long a move takes, against the usual way to do it, in one run: `make bench`.

The peer is what `interact` does on every move of a slider: a new pyplot figure with the same
axes, three lines and a marker, saved as PNG by matplotlib. Ratios are what counts; the
milliseconds depend on the machine and on what else it is doing.
"""

import collections
import gc
import itertools
import re
import resource
import statistics
import subprocess
import sys
import time
from io import BytesIO

import matplotlib

matplotlib.use("Agg")
import bench_money
import matplotlib.pyplot as plt
import numpy as np

from leverage_lab.classroom import panels

MOVES = 200


def peer(step):
    figure, axes = plt.subplots(figsize=(7, 4))
    x = np.linspace(-0.1, 0.1, 401)
    for slope in (5, 20, step % 100 + 1):
        axes.plot(x, np.clip(slope * x, -1, 1.5))
    axes.plot([0.02], [0.4], "o")
    axes.set_title(f"{step}x")
    figure.savefig(BytesIO(), format="png", dpi=100)
    plt.close(figure)


def walk(panel):
    """Endless moves that change something each time: the corners of all controls, one after another."""
    for name, control in itertools.cycle(panel.controls.items()):
        for value in control.corners():
            if value != panel.values[name]:
                yield {name: value}


def timed(action, rounds):
    times = []
    for step in range(rounds):
        start = time.perf_counter()
        action(step)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def child(*arguments):
    """What a fresh Python prints, on its two outputs."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)


def import_time(module):
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    return 1000 * min(float(child("-c", code).stdout) for _ in range(5))


def import_shares(module):
    """{package: milliseconds of its own}, of the quickest of three imports."""
    runs = []
    for _ in range(3):
        shares = collections.Counter()
        for own, package in re.findall(
            r"import time: +(\d+) \| +\d+ \| +([^.\n]+)", child("-X", "importtime", "-c", f"import {module}").stderr
        ):
            shares[package] += int(own) / 1000
        runs.append(shares)
    return min(runs, key=lambda shares: shares.total())


# A kernel with all panels of one chapter drawn, and what it took to get there.
CHAPTER = """
import importlib, resource, sys
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
steps = {}
for name in ("ipykernel.ipkernel", "pandas", "matplotlib.figure", "ipywidgets", "leverage_lab.classroom"):
    importlib.import_module(name)
    steps[name.split(".")[0]] = resident()
from leverage_lab.classroom import panels
kept = [recipe() for recipe in panels.ALL.values() if recipe.model.__module__.split(".")[-2] == sys.argv[1]]
for panel in kept:
    panel.widget
on_the_way = ", ".join(f"after {name} {size:.0f}" for name, size in steps.items())
print(f"{sys.argv[1]}, {len(kept)} panels: {resident():.0f} MB;", on_the_way)
"""


def main():
    bench_money.main()
    peer(0)
    base, base_p95 = timed(peer, 40)
    print(f"{'one move (model, drawing, PNG, widgets)':<42}{'median':>9}{'p95':>9}{'faster':>9}{'bytes':>9}")
    print(f"{'peer: a new pyplot figure each time':<42}{base:>7.1f} ms{base_p95:>6.1f} ms")
    for name, recipe in panels.ALL.items():
        panel = recipe()
        panel.widget
        moves = walk(panel)
        median, p95 = timed(lambda step: panel.set(**next(moves)), MOVES)
        size = len(panel.widget.picture)
        print(f"{name:<42}{median:>7.1f} ms{p95:>6.1f} ms{base / median:>8.1f}x{size:>9,}")

    if sys.platform == "linux":
        memory()
    for module in ("leverage_lab.leverage", "leverage_lab.liquidation", "leverage_lab.classroom"):
        print(
            f"import {module}: {import_time(module):.0f} ms (the peer, import matplotlib.pyplot: "
            f"{import_time('matplotlib.pyplot'):.0f} ms)"
        )
    shares = import_shares("leverage_lab.classroom")
    print(
        "of that, each package by itself:",
        ", ".join(f"{package} {own:.0f} ms" for package, own in shares.most_common(8)),
    )


def memory():
    """1,000 moves over all panels, twice: what the second time leaves behind. Then a kernel for each chapter."""

    def round_of_all():
        for recipe in panels.ALL.values():
            panel = recipe()
            drawing, moves = panel.picture(), walk(panel)
            for _ in range(1000 // len(panels.ALL) + 1):
                panel.set(**next(moves))
                drawing.png(panel.result)
        gc.collect()
        return resident()

    before, after = round_of_all(), round_of_all()
    print(
        f"\n1,000 more moves over all panels: {after - before:+.1f} MB of memory, {len(plt.get_fignums())} figures "
        "open in pyplot"
    )
    for chapter in dict.fromkeys(recipe.model.__module__.split(".")[-2] for recipe in panels.ALL.values()):
        print(child("-c", CHAPTER, chapter).stdout, end="")


if __name__ == "__main__":
    main()
