"""`make refresh`: asks the exchanges, shows what is new beside data/, and writes nothing there until told to.

    python -m leverage_lab.live.refresh                       # ask, and show the proposal
    python -m leverage_lab.live.refresh --exchange OKX Bybit  # ask only these
    python -m leverage_lab.live.refresh --accept              # put what was shown last into data/; asks nobody
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

from leverage_lab import data
from leverage_lab.live.answers import NOT_PUBLIC, answer, markets
from leverage_lab.live.proposal import accept, propose
from leverage_lab.live.venues import ASKED, OVERRIDE, VENUES, client, said, venue

PLACE = Path("dist") / "refresh"


def ask(names, now, step=lambda: None):
    """(answers, sentences about exchanges that gave none), all exchanges at once, each at its own pace.

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
    except Exception as problem:  # ccxt's, or what an answer of another shape makes of its code
        for _ in contracts:
            step()
        return [], f"{name} is left out: {problem if isinstance(problem, ValueError) else said(problem)}"
    answers = []
    for symbol in contracts:
        answers.append(answer(made, name, symbol, known, now))
        step()
    return answers, ""


def refresh(names, folder, place, now):
    """Ask `names`, compare with the tables in `folder`, save the proposal in `place`: (Proposal, answers).

    Where nobody answers nothing is saved: what was proposed before stands.
    """
    client(names[0])  # where the extra is missing: one sentence, before anything begins
    from tqdm import tqdm

    with tqdm(total=sum(len(VENUES[name].contracts) for name in names), unit="contract", desc="asking", file=sys.stderr) as bar:
        answers, problems = ask(names, now, bar.update)
    as_of = f"{datetime.fromtimestamp(now, timezone.utc):%Y-%m-%d}"
    problems += [one.closed for one in VENUES.values() if one.closed]
    proposal = propose(answers, folder, as_of, problems, os.environ.get(OVERRIDE, ""))
    proposal.silent = [f"{name}: {', '.join(NOT_PUBLIC[name])} (it wants a key)" for name in names if name in NOT_PUBLIC]
    if answers:
        proposal.save(place)
    return proposal, answers


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="refresh", description="Compare data/ with what the exchanges' public APIs say now.")
    parser.add_argument("--exchange", nargs="+", metavar="NAME", help="ask only these")
    parser.add_argument("--accept", action="store_true", help="write the proposal that was shown last into the tables")
    parser.add_argument("--data", type=Path, default=data.folder(), help="the folder of the tables (data/ of the checkout)")
    parser.add_argument("--place", type=Path, default=PLACE, help="where the proposal is kept (dist/refresh)")
    given = parser.parse_args(arguments)
    try:
        if given.accept and given.exchange:
            raise ValueError("what was shown last is accepted as a whole: ask only these exchanges first, then accept")
        if given.accept:
            as_of, written = accept(given.place, given.data, invented=given.data != data.folder())
            print(f"Written, figures of {as_of}: {', '.join(f'{name}.csv' for name in written)}." if written else "Nothing to write: the tables are as proposed.")
            return 0
        names = [venue(name).name for word in given.exchange or () for name in word.split(",") if name]
        names = names or list(ASKED)
        proposal, answers = refresh(names, given.data, given.place, time.time())
    except (ValueError, ModuleNotFoundError, OSError) as problem:
        print(f"refresh: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("refresh: stopped; nothing has been touched", file=sys.stderr)
        return 130
    if not answers:
        print("refresh: nobody answered (is there a network?); nothing has been touched", *proposal.problems, sep="\n- ", file=sys.stderr)
        return 1
    print(proposal.text())
    print(f"To read it again: {given.place / 'proposal.md'}. Nothing in {given.data.name}/ has been touched.")
    print("To write all of it: make refresh ACCEPT=1" if proposal.tables else "There is nothing to write: the tables are as the exchanges say.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
