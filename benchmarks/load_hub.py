"""A class at a real JupyterHub on this machine: `make load LEARNERS=20`.

    python benchmarks/load_hub.py [--learners 20] [--seconds 60] [--ahead 1] [--at-once 64] [--out figures.json]

Learners click the class's link one after another, log in, get a server and the course, open a
chapter, run all its cells and move sliders twice a second: first some of them, at the end all.
Then one learner's server is killed, and later the kernel, while the others go on.
The figures hold for this machine, hub, servers, kernels and learners together on its cores.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

SLOW = 250  # ms; the slider's p95 a class should stay below
BETWEEN = 3  # seconds between two clicks on the link: 20 learners come within a minute
STEP = 20  # seconds of each smaller number of learners moving at once


def percentile(values, share):
    """The value that at least `share` of all values do not exceed (nearest rank); None of no values."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


def stairs(learners):
    """How many move at once, step by step: 5, 10, 15 … and at the end all."""
    return [*range(5, learners, 5), learners]


def slow_from(steps):
    """The first number of learners whose p95 is above SLOW, of [(learners, p95)]; None if none is."""
    return next((learners for learners, p95 in steps if p95 is not None and p95 > SLOW), None)


def most_at_once(spans):
    """How many of the spans (start, end) overlap at most."""
    return max((sum(start <= moment < end for start, end in spans) for moment, _ in spans), default=0)


def needed(learners, figures, minutes=2):
    """(cores, GB of memory) for a class: all click within `minutes`, all move sliders at once, a quarter stays free.

    One GB and half a core are the system's and the hub's.
    """
    starting = learners * figures["cpu_start_s"] / (60 * minutes)
    moving = learners * figures["cpu_moving_cores"]
    return math.ceil(0.5 + 1.25 * max(starting, moving)), math.ceil(1 + learners * guarantee(figures) / 1024)


def nodes(learners, figures, cores=4, memory=16):
    """How many Kubernetes nodes of this size; one core and two GB of each are the system's."""
    place = (memory - 2) * 1024 // guarantee(figures)
    return max(math.ceil(learners / place), math.ceil(needed(learners, figures)[0] / (cores - 1)))


def guarantee(figures):
    """MB for a learner with two chapters open, in steps of 64."""
    return 64 * math.ceil((figures["server_mb"] + 2 * figures["kernel_mb"]) / 64)


def limit(figures):
    """MB with seven of the nine chapters open, in steps of 256."""
    return 256 * math.ceil((figures["server_mb"] + 7 * figures["kernel_mb"]) / 256)


def say(text=""):
    print(text, flush=True)


class Class:
    """The learners of one run, and what happened to them."""

    def __init__(self, hub, names, chapter):
        from learner import Learner, first_words

        self.hub, self.first_words = hub, first_words
        self.learners = [Learner(hub, name, chapter) for name in names]
        self.failures = []  # (learner, while doing what, why)

    async def each(self, learners, doing, act):
        """act(learner) for all at once; what fails is named. Returns those that did not."""

        async def one(learner):
            try:
                await act(learner)
            except Exception as error:  # whatever happens to a learner is a result
                self.failures.append((learner.name, doing, self.first_words(error)))
                say(f"  {learner.name} failed: {doing}: {self.first_words(error)}")
                return None
            return learner

        return [learner for learner in await asyncio.gather(*map(one, learners)) if learner]

    async def arrive(self):
        async def act(learner):
            await asyncio.sleep(BETWEEN * self.learners.index(learner))
            await learner.arrive()
            await learner.open()
            await learner.run_all()
            say(
                f"  {learner.name}: server after {learner.since('click', 'server'):.1f} s, "
                f"first panel after {learner.since('click', 'panel'):.1f} s"
            )

        return await self.each(self.learners, "start", act)

    def processor(self, learners):
        """CPU seconds so far: (of these learners' servers and kernels, of hub and proxy, of this program)."""
        own = os.times()
        used = {process.pid: sum(process.cpu_times()[:2]) for process in self.hub.processes() if process.is_running()}
        theirs = sum(used.get(process.pid, 0) for learner in learners for process in self.of(learner))
        everyone = sum(used.get(process.pid, 0) for learner in self.learners for process in self.of(learner))
        return theirs, sum(used.values()) - everyone, own.user + own.system

    def of(self, learner):
        server, kernels = self.hub.of(learner.name)
        return [process for process in (server, *kernels) if process]

    def memory(self, learner):
        """MB: (server's RSS, server's PSS, kernel's RSS, kernel's PSS); PSS is None where the system lacks it."""
        sizes = []
        for process in self.of(learner)[:2]:
            full = process.memory_full_info()
            sizes += [full.rss / 1e6, full.pss / 1e6 if hasattr(full, "pss") else None]
        return sizes


async def moving(group, learners, duration):
    """All these learners move sliders at once; the figures of that time."""
    import psutil

    start, before = time.perf_counter(), group.processor(learners)
    psutil.cpu_percent()
    await group.each(learners, f"moves of {len(learners)} at once", lambda learner: learner.move(duration))
    passed, after = time.perf_counter() - start, group.processor(learners)
    theirs, hubs, ours = (late - early for late, early in zip(after, before, strict=True))
    waits, answers = (
        [time for learner in learners for when, time in getattr(learner, kind) if when >= start]
        for kind in ("waits", "answers")
    )
    return {
        "learners": len(learners),
        "moves": len(waits),
        "from_store": round(sum(wait < 1 for wait in waits) / len(waits), 2) if waits else None,
        "wait_p50": percentile(waits, 0.5),
        "wait_p95": percentile(waits, 0.95),
        "answer_p50": percentile(answers, 0.5),
        "answer_p95": percentile(answers, 0.95),
        "cores_per_learner": theirs / passed / len(learners),
        "cores_hub_and_proxy": hubs / passed,
        "cores_of_this_program": ours / passed,
        "machine_busy": psutil.cpu_percent() / 100,
    }


async def faults(group, learners, duration):
    """Kill the first learner's server, then the kernel in mid-answer, while the others move: what the others felt."""
    import hub as hubs

    victim, *others = learners
    enough, start = asyncio.Event(), time.perf_counter()
    moves = asyncio.create_task(
        group.each(others, "moves beside a killed server", lambda learner: learner.move(duration, enough))
    )

    async def hit(learner):
        kept = hubs.progress(group.hub, learner.name)
        await learner.move(2)
        hubs.kill(group.hub.of(learner.name)[0])
        killed = time.perf_counter()
        await learner.kernel.until_lost()
        await learner.come_again()
        say(
            f"  {learner.name}: server killed; started from the hub's page, "
            f"the chapter runs again after {time.perf_counter() - killed:.1f} s"
        )
        if hubs.progress(group.hub, learner.name) != kept:
            raise AssertionError("my-progress.json is not what it was before the server was killed")

        process = group.hub.of(learner.name)[1][0]
        process.suspend()  # so that the answer is surely not there yet
        control = learner.panels[0].sliders()[0]
        learner.panels[0].move(control, 0)
        await asyncio.sleep(0.2)
        hubs.kill(process)
        killed = time.perf_counter()
        learner.kernel.states.clear()
        await learner.kernel.until(lambda: "restarting" in learner.kernel.states, "word that the kernel has died")
        told = time.perf_counter() - killed
        await learner.restart()
        say(
            f"  {learner.name}: kernel killed in mid-answer; told after {told:.1f} s, restarted, "
            f"the chapter runs again after {time.perf_counter() - killed:.1f} s"
        )
        if hubs.progress(group.hub, learner.name) != kept:
            raise AssertionError("my-progress.json is not what it was before the kernel was killed")

    await group.each([victim], "recovery", hit)
    enough.set()
    fine = await moves
    waits = [time for learner in others for when, time in learner.waits if when >= start]
    return {
        "others": len(others),
        "others_fine": len(fine),
        "moves": len(waits),
        "wait_p50": percentile(waits, 0.5),
        "wait_p95": percentile(waits, 0.95),
    }


async def run(hub, options):
    from bench_browser import additions

    names = [f"learner-{number:02d}" for number in range(1, options.learners + 1)]
    group, noise = Class(hub, names, options.chapter), [additions()]
    try:
        say(f"{options.learners} learners click the link, one every {BETWEEN} s ...")
        there = await group.arrive()
        figures = {"started": len(there)}
        if there:
            figures |= start_figures(group, there)
            noise.append(additions())
            figures["steps"] = []
            for number in stairs(len(there)):
                say(f"{number} move sliders at once ...")
                figures["steps"].append(
                    await moving(
                        group, there[:number], options.seconds if number == len(there) else min(STEP, options.seconds)
                    )
                )
            noise.append(additions())
            figures |= end_figures(group, there, figures["steps"][-1])
            say("a server and a kernel are killed, the others go on ...")
            figures["faults"] = await faults(group, there, options.limit)
            noise.append(additions())
        return figures | {
            "failures": [list(failure) for failure in group.failures],
            "additions_ms": [round(min(noise)), round(max(noise))],
        }
    finally:
        await asyncio.gather(*(learner.leave() for learner in group.learners), return_exceptions=True)


def start_figures(group, there):
    spans = [(learner.times["click"], learner.times["server"]) for learner in there]
    used = [sum(sum(process.cpu_times()[:2]) for process in group.of(learner)) for learner in there]
    reached = {
        "login_to_server_s": [learner.since("click", "server") for learner in there],
        "login_to_panel_s": [learner.since("click", "panel") for learner in there],
        "server_to_panel_s": [learner.since("server", "panel") for learner in there],
        "run_to_panel_s": [learner.since("run", "panel") for learner in there],
    }
    shares = {name: [percentile(times, 0.5), percentile(times, 0.95)] for name, times in reached.items()}
    return shares | {
        "starting_at_once": most_at_once(spans),
        "asked_to_come_again": sum(learner.asked_again for learner in there),
        "cpu_start_s": statistics.median(used),
    }


def end_figures(group, there, last):
    sizes = [group.memory(learner) for learner in there]
    server_rss, server_pss, kernel_rss, kernel_pss = (
        [size for size in column if size is not None] for column in zip(*sizes, strict=True)
    )
    figures = {
        "server_mb": max(server_rss),
        "kernel_mb": max(kernel_rss),
        "cpu_moving_cores": last["cores_per_learner"],
    }
    if server_pss:
        figures |= {"server_pss_mb": statistics.median(server_pss), "kernel_pss_mb": statistics.median(kernel_pss)}
    return figures


def report(figures, options, left):
    """The figures as a person reads them."""
    ahead = "" if options.ahead else "not "
    say(
        f"\n{options.learners} learners, {options.chapter}, pictures {ahead}fetched ahead; "
        f"this machine: {os.cpu_count()} cores, {platform.system()}"
    )
    low, high = figures["additions_ms"]
    say(f"10 million additions in Python meanwhile: {low} to {high} ms")
    say(f"{'failures':<34}{len(figures['failures'])}")
    for failure in figures["failures"]:
        say("    " + ": ".join(failure))
    if figures["started"]:
        for words, name in (
            ("login to server", "login_to_server_s"),
            ("login to first panel", "login_to_panel_s"),
            ("server up to first panel", "server_to_panel_s"),
            ("Run All to first panel", "run_to_panel_s"),
        ):
            say(f"{words:<34}p50 {figures[name][0]:.1f} s, p95 {figures[name][1]:.1f} s")
        come_again = f"of whom {options.at_once} may start; asked to come again {figures['asked_to_come_again']} times"
        say(f"{'waiting for a server at once':<34}{figures['starting_at_once']} at most, {come_again}")
        say(
            f"{'processor time of a start':<34}{figures['cpu_start_s']:.1f} s "
            "(server and kernel, until all panels are there)"
        )
        say(
            f"{'memory of a learner':<34}server {figures['server_mb']:.0f} MB + "
            f"kernel {figures['kernel_mb']:.0f} MB (the largest)"
        )
        if "server_pss_mb" in figures:
            say(
                f"{'  with shared pages divided':<34}{figures['server_pss_mb']:.0f} MB + "
                f"{figures['kernel_pss_mb']:.0f} MB (median)"
            )
        titles = (
            ("moves", 8),
            ("in store", 10),
            ("wait p50", 10),
            ("p95", 8),
            ("answer p50", 12),
            ("p95", 8),
            ("cores each", 12),
        )
        rest = ("hub, proxy", 12), ("learners", 10), ("machine", 9)
        say("\nmoving at once" + "".join(title.rjust(width) for title, width in titles + rest))
        for step in figures["steps"]:
            say(
                f"{step['learners']:>14}{step['moves']:>8}{step['from_store'] or 0:>10.0%}"
                f"{shown(step['wait_p50']):>10}{shown(step['wait_p95']):>8}"
                f"{shown(step['answer_p50']):>12}{shown(step['answer_p95']):>8}{step['cores_per_learner']:>12.3f}{step['cores_hub_and_proxy']:>12.2f}"
                f"{step['cores_of_this_program']:>10.2f}{step['machine_busy']:>9.0%}"
            )
        slow = slow_from([(step["learners"], step["wait_p95"]) for step in figures["steps"]])
        most = figures["steps"][-1]["learners"]
        where = f"at {slow} learners moving at once" if slow else f"at none of these numbers, up to {most}"
        say(f"a slider's p95 passes {SLOW} ms {where}, on this machine with all on it")
        if "faults" in figures:
            felt = figures["faults"]
            fine = f"{felt['others_fine']} of {felt['others']} others without a failure"
            say(
                f"beside the killed server: {fine}; "
                f"their wait p50 {shown(felt['wait_p50'])}, p95 {shown(felt['wait_p95'])} ms"
            )
    say(
        "left at the end: "
        + (f"{len(left)} processes, which had to be killed: {'; '.join(left)}" if left else "no process")
    )


def shown(number):
    return "-" if number is None else f"{number:.0f}"


def whole(low, high):
    def read(text):
        if not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}, got {text!r}")
        return int(text)

    return read


def main():
    import hub as hubs

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--learners", type=whole(1, 200), default=20)
    parser.add_argument("--seconds", type=whole(3, 600), default=60, help="of all moving sliders at once")
    parser.add_argument("--ahead", type=whole(0, 1), default=1, help="may pages fetch pictures ahead?")
    parser.add_argument(
        "--at-once", type=whole(1, 200), default=hubs.AT_ONCE, help="servers that may start at the same time"
    )
    parser.add_argument("--chapter", default="01-leverage-basics")
    parser.add_argument("--out", help="a JSON file for the figures")
    options = parser.parse_args()
    if not (Path(__file__).resolve().parents[1] / "notebooks" / f"{options.chapter}.ipynb").is_file():
        parser.error(f"argument --chapter: there is no notebooks/{options.chapter}.ipynb")
    # Whatever happens, the run ends: a slow start, the steps, recovery, and some.
    options.limit = 240 + 30 * options.learners + (STEP + 10) * len(stairs(options.learners)) + options.seconds
    sys.exit(hold(options))


def hold(options):
    import hub as hubs

    figures, problem, hub = None, "", None
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    with tempfile.TemporaryDirectory(prefix="leverage-lab-load-", ignore_cleanup_errors=True) as folder:
        try:
            say("Starting JupyterHub and its proxy on loopback ...")
            with hubs.running(folder, bool(options.ahead), options.at_once) as hub:
                figures = asyncio.run(asyncio.wait_for(run(hub, options), options.limit))
        except hubs.NoHub as missing:
            problem = str(missing)
        except TimeoutError:
            problem = f"Stopped: not done within {options.limit} s."
        except KeyboardInterrupt:
            problem = "Stopped."
    if figures:
        report(figures, options, hub.left)
        if options.out:
            versions = {name: version(name) for name in ("jupyterhub", "jupyterlab", "nbgitpuller")}
            machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
            chosen = {
                "learners": options.learners,
                "seconds": options.seconds,
                "ahead": options.ahead,
                "at_once": options.at_once,
                "chapter": options.chapter,
            }
            text = json.dumps(rounded({"run": chosen, "machine": machine, "versions": versions} | figures), indent=1)
            Path(options.out).write_text(text + "\n", encoding="utf-8")
    elif hub:
        say("left at the end: " + ("; ".join(hub.left) or "no process"))
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem or figures["failures"] or hub.left else 0


def rounded(thing):
    """Three digits are more than a busy machine repeats."""
    if isinstance(thing, dict):
        return {name: rounded(value) for name, value in thing.items()}
    if isinstance(thing, list):
        return [rounded(value) for value in thing]
    return float(f"{thing:.3g}") if isinstance(thing, float) else thing


if __name__ == "__main__":
    main()
