"""`make refresh`: asks the exchanges, shows what is new beside data/ and writes it there, for git to show and revert.

python -m leverage_lab.live.refresh                       # all exchanges
python -m leverage_lab.live.refresh --exchange OKX Bybit  # only these
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

from leverage_lab import data
from leverage_lab.files import write_atomically
from leverage_lab.live.answers import NOT_PUBLIC, answer, markets
from leverage_lab.live.compare import WRITTEN, compare, read, write
from leverage_lab.live.venues import ASKED, OVERRIDE, VENUES, client, said, venue

PAGE = Path("dist") / "refresh" / "page.md"


def ask(names, now, step=lambda: None):
    """(answers, sentences about exchanges that gave none); all exchanges in parallel, each at its own rate.

    names: exchanges; now: seconds since 1970; step(): called once for each contract that is done.
    """
    with ThreadPoolExecutor(len(names)) as pool:
        asked = list(pool.map(lambda name: _one(name, now, step), names))
    return [found for answers, _ in asked for found in answers], [problem for _, problem in asked if problem]


def _one(name, now, step):
    contracts = VENUES[name].contracts
    try:
        made = client(name)
        known = markets(made)
        if not known:
            raise ValueError("its answer has no perpetuals")
    except Exception as problem:  # ccxt's own, or an answer of a shape that its code does not expect
        for _ in contracts:
            step()
        return [], f"{name} is left out: {problem if isinstance(problem, ValueError) else said(problem)}"
    answers = []
    for symbol in contracts:
        answers.append(answer(made, name, symbol, known, now))
        step()
    return answers, ""


def refresh(names, texts, now):
    """Ask `names` and compare with the tables in `texts`: (Comparison, answers)."""
    client(names[0])  # if the extra is missing: one sentence before anything else
    from tqdm import tqdm

    with tqdm(
        total=sum(len(VENUES[name].contracts) for name in names), unit="contract", desc="asking", file=sys.stderr
    ) as bar:
        answers, problems = ask(names, now, bar.update)
    problems += [one.closed for one in VENUES.values() if one.closed]
    found = compare(
        answers, texts, f"{datetime.fromtimestamp(now, timezone.utc):%Y-%m-%d}", problems, os.environ.get(OVERRIDE, "")
    )
    found.silent = [f"{name}: {', '.join(NOT_PUBLIC[name])} (it needs a key)" for name in names if name in NOT_PUBLIC]
    return found, answers


def committed(folder):
    """ValueError unless every table in `folder` is committed: only then can git show and revert what is written."""

    def git(*words):
        return subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True
        ).stdout.splitlines()

    try:
        known, changed = git("ls-files"), git("status", "--porcelain", "--", ".")
    except (OSError, subprocess.CalledProcessError):
        known, changed = [], []
    if not {f"{name}.csv" for name in WRITTEN} <= set(known):
        raise ValueError(
            f"{folder.name}/ is not kept by git, which shows and takes back what is written: "
            "make refresh is for a clone of the repository"
        )
    if changed:
        raise ValueError(
            f"{folder.name}/ has changes that are not committed ({changed[0][3:]}): "
            f"commit them, or take them back with git checkout {folder.name}"
        )


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="refresh", description="Bring what the exchanges' public APIs say now into data/, above the old rows."
    )
    parser.add_argument("--exchange", nargs="+", metavar="NAME", help="ask only these")
    parser.add_argument(
        "--data", type=Path, default=data.folder(), help="the folder of the tables (data/ of the checkout)"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help=f"where the page that is shown is kept ({PAGE})")
    given = parser.parse_args(arguments)
    folder = given.data.resolve()
    invented = (
        bool(os.environ.get(OVERRIDE)) and folder == data.folder().resolve()
    )  # a test server: never into the course's tables
    try:
        names = [venue(name).name for word in given.exchange or () for name in word.split(",") if name]
        if not invented:
            committed(folder)
        texts = read(folder)
        found, answers = refresh(names or ASKED, texts, time.time())
    except (ValueError, ModuleNotFoundError, OSError) as problem:
        print(f"refresh: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("refresh: stopped; nothing has been touched", file=sys.stderr)
        return 130
    if not answers:
        print(
            "refresh: nobody answered (is there a network?); nothing has been touched",
            *found.problems,
            sep="\n- ",
            file=sys.stderr,
        )
        return 1
    print(found.page())
    try:
        given.page.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(given.page, found.page())
        if found.tables and not invented:
            write(found.tables, texts, folder)
    except ValueError as problem:
        print(f"refresh: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(
            f"refresh: {problem}; git diff {folder.name} shows what has been written, "
            f"git checkout {folder.name} takes it back",
            file=sys.stderr,
        )
        return 2
    if invented:
        print(f"Nothing is written: these are not the exchanges' figures. To read it again: {given.page}")
    elif found.tables:
        print(f"Written into {', '.join(f'{name}.csv' for name in found.tables)}; to read it again: {given.page}")
        print(f"git diff {folder.name} shows it, git checkout {folder.name} takes it back.")
    else:
        print("There is nothing to write: the tables are as the exchanges say.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
