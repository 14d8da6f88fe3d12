"""Compares fetched figures with the tables, cell by cell, and makes the new rows.

    texts = read(folder)                       # the tables as they are
    found = compare(answers, texts, as_of)     # what is new, and the tables with it
    found.page()                               # to read: old → new, jumps marked
    write(found.tables, texts, folder)

A new figure is a new row above the old ones: dates stand side by side, no row is lost. What is as it was gives
no row, unless the newest one is undated or older than 180 days: then it is confirmed with the new date.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from leverage_lab import dates
from leverage_lab.data import TABLES
from leverage_lab.files import write_atomically
from leverage_lab.live.schema import check
from leverage_lab.live.venues import VENUES
from leverage_lab.words import plural

# Tiers before their ladders: a reader finds either the old ladders, or new ones with all their tiers.
WRITTEN = ("tiers", "ladders", "leverage_history", "fees", "exchanges", "funding")
UNUSUAL = 0.005  # funding rates beyond are marked: half a percent per interval
JUMP = 2  # a figure that has more than doubled or halved is marked
CELLS = ("cap", "max_leverage", "initial_rate", "rate", "deduction")


@dataclass(frozen=True)
class Change:
    """One cell, old → new, as they stand in the tables; old "" and new "": there was none, there is none now."""

    venue: str
    symbol: str
    what: str
    old: str
    old_as_of: str
    new: str
    large: bool = False  # more than a cell: whole tiers added or removed, another unit

    @property
    def jump(self):
        """True where it is large, or a figure that was there more than doubled or halved, or went to or from 0."""
        if self.large:
            return True
        try:
            old, new = abs(float(self.old)), abs(float(self.new))
        except ValueError:
            return False
        return bool(self.old) and old != new and (min(old, new) == 0 or max(old, new) / min(old, new) > JUMP)


@dataclass
class Comparison:
    """What is new. tables: {name: its whole new text} of those that change."""

    as_of: str
    asked: str = ""  # the address asked in place of the exchanges, if one was
    changes: list = field(default_factory=list)
    confirmed: list = field(default_factory=list)  # Changes with new == old: only the date is new
    rates: list = field(default_factory=list)  # observed funding rates: always new, so not a change
    unchanged: int = 0
    problems: list = field(default_factory=list)
    silent: list = field(default_factory=list)  # what exchanges tell only with a key
    ladders: list = field(default_factory=list)  # (title, Tiers) of each ladder to be written
    tables: dict = field(default_factory=dict)

    def page(self):
        """All of it to read, in Markdown."""
        jumps = sum(change.jump for change in self.changes)
        lines = [f"# Figures of {self.as_of}, beside those in data/", ""]
        if self.asked:
            lines += [f"**Not the exchanges' figures: {self.asked} was asked in their place.**", ""]
        lines += [
            f"{plural(len(self.changes), 'change')}, {jumps} of them large (marked **!**: by more than a factor of "
            f"{JUMP}, whole tiers, another unit). As before: {self.unchanged}."
        ]
        if self.confirmed:
            lines += [
                f"Confirmed with a new date, because the newest row had none or an old one: {len(self.confirmed)}."
            ]
        if self.rates:
            lines += [f"Funding rates observed: {len(self.rates)}."]
        for venue in dict.fromkeys(change.venue for change in self.changes):
            lines += ["", f"## {venue}", "", "| | contract | what | old | as of | new |", "|---|---|---|---|---|---|"]
            for change in (change for change in self.changes if change.venue == venue):
                mark = "**!**" if change.jump else ""
                lines.append(
                    f"| {mark} | {change.symbol} | {change.what} | {change.old or '–'} "
                    f"| {change.old_as_of or ('undated' if change.old else '–')} | {change.new or '–'} |"
                )
        if self.confirmed:
            lines += ["", "## Confirmed", ""]
            lines += [
                f"- {row.venue}, {row.symbol}, {row.what}: {row.new} (was of {row.old_as_of or 'no date'})"
                for row in self.confirmed
            ]
        for title, sentences in (("To look at, or left as it is", self.problems), ("Not public", self.silent)):
            if sentences:
                lines += ["", f"## {title}", "", *(f"- {sentence}" for sentence in sentences)]
        if self.rates:
            lines += ["", "## Funding rates", ""]
            for venue, symbol in dict.fromkeys((row.venue, row.symbol) for row in self.rates):
                own = [row for row in self.rates if (row.venue, row.symbol) == (venue, symbol)]
                lines.append(
                    f"- {venue}, {symbol}: "
                    + "; ".join(
                        f"{row.new} ({row.what})" + (" **!**" if abs(float(row.new)) > UNUSUAL else "") for row in own
                    )
                )
        for title, tiers in self.ladders:
            lines += [
                "",
                f"## Tiers as written: {title}",
                "",
                "| from | to | leverage | initial rate | maintenance rate | deduction |",
                "|---|---|---|---|---|---|",
            ]
            lines += [
                f"| {' | '.join(cell(getattr(tier, key)) or '–' for key in ('floor', *CELLS))} |" for tier in tiers
            ]
        return "\n".join(lines) + "\n"


# --- comparing


def read(folder):
    """{name: text} of the tables that are written; ValueError where one is damaged."""
    files = {name: Path(folder) / f"{name}.csv" for name in WRITTEN}
    for file in files.values():
        check(file)
    return {name: file.read_text(encoding="utf-8-sig") for name, file in files.items()}


def compare(answers, texts, as_of, problems=(), asked=""):
    """The Comparison of `answers` (of answers.py) with the tables in `texts`; as_of: the day, 2026-11-22.

    asked: the address asked in place of the exchanges, if any. An exchange whose rows do not fit the tables
    is left out with a sentence.
    """
    now, found = dict(texts), Comparison(as_of, asked, problems=list(problems))
    for venue in dict.fromkeys(answer.venue for answer in answers):
        own = [answer for answer in answers if answer.venue == venue]
        found.problems += [problem for answer in own for problem in answer.problems]
        attempt = TableUpdate(venue, now, as_of, asked)
        for place, answer in enumerate(own):
            attempt.add(answer, main=place == 0)
        new = attempt.written()
        try:
            _check(new)
        except ValueError as problem:
            found.problems.append(f"{venue} is left out, its rows do not fit: {problem}")
            continue
        now |= new
        for name in ("changes", "confirmed", "rates"):
            getattr(found, name).extend(getattr(attempt, name))
        found.problems += attempt.remarks
        found.ladders += attempt.ladders
        found.unchanged += attempt.unchanged
    found.tables = {name: text for name, text in now.items() if text != texts[name]}
    return found


def _check(tables):
    with TemporaryDirectory() as folder:
        for name, text in tables.items():
            file = Path(folder) / f"{name}.csv"
            file.write_text(text, encoding="utf-8", newline="")
            check(file)


def write(tables, texts, folder):
    """Write the new `tables` into `folder`, each atomically; ValueError, before that, if one is not as in `texts`."""
    files = {name: Path(folder) / f"{name}.csv" for name in WRITTEN if name in tables}
    for name, file in files.items():
        if file.read_text(encoding="utf-8-sig") != texts[name]:
            raise ValueError(f"{file.name} was changed while the exchanges were asked: nothing is written")
    for name, file in files.items():
        write_atomically(file, tables[name])


class TableUpdate:
    """The tables updated with the answers of one exchange, and what was new."""

    def __init__(self, venue, texts, as_of, asked):
        self.venue, self.as_of = VENUES[venue], as_of
        self.source, self.link = (
            (f"invented, asked of {asked} on {as_of}", "")
            if asked
            else (f"{self.venue.source}, asked on {as_of}", self.venue.link)
        )
        self.rows = {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}
        self.before = {name: _text(rows) for name, rows in self.rows.items()}
        self.changes, self.confirmed, self.rates, self.remarks, self.ladders, self.unchanged = [], [], [], [], [], 0

    def written(self):
        """{name: new text} of the tables that have another text now."""
        new = {name: _text(rows) for name, rows in self.rows.items()}
        return {name: text for name, text in new.items() if text != self.before[name]}

    def add(self, found, main):
        """Enter the answer about one contract. main: the BTC contract, whose funding and fees stand for all."""
        if found.max_leverage is not None:
            self._one(
                "leverage_history",
                {"symbol": found.symbol},
                {"asset": found.asset},
                "max_leverage",
                found.max_leverage,
                found.symbol,
                "highest leverage",
            )
        if found.tiers is not None:
            self._ladder(found)
        if found.fees is not None and main:
            self._fees(found)
        if found.interval_hours is not None:
            self._interval(found, main)
        if found.rates is not None:
            self._observed(found)

    def _dated(self, table, more):
        blank = dict.fromkeys(TABLES[table].columns, "")
        seen = {"exchange": self.venue.name, "as_of": self.as_of, "source": self.source, "link": self.link}
        if "read" in blank:
            seen["read"] = self.as_of
        return blank | seen | more

    def _find(self, table, **same):
        """(place of the first row of this exchange with these cells, that row), or (None, None)."""
        for place, row in enumerate(self.rows[table]):
            if row["exchange"] == self.venue.name and all(row[key] == value for key, value in same.items()):
                return place, row
        return None, None

    def _below(self, table, **same):
        """The place below the last row of this exchange with these cells; of this exchange; of the table."""
        rows = self.rows[table]
        for wanted in (same, {}):
            fitting = [
                place
                for place, row in enumerate(rows)
                if row["exchange"] == self.venue.name and all(row[key] == value for key, value in wanted.items())
            ]
            if fitting:
                return fitting[-1] + 1
        return len(rows)

    def _note(self, symbol, what, old, row, new):
        """Count a figure as changed, confirmed or unchanged; True where a row is to be written."""
        change = Change(self.venue.name, symbol, what, old, row["as_of"] if row else "", new)
        if old != new:
            self.changes.append(change)
        elif self._old(row):
            self.confirmed.append(change)
        else:
            self.unchanged += 1
            return False
        return True

    def _old(self, row):
        return bool(dates.of([row["as_of"]]).age(date.fromisoformat(self.as_of)))

    def _one(self, table, same, below, column, value, symbol, what, more=()):
        """A table with one figure a row: the newest row stands first."""
        place, row = self._find(table, **same)
        if self._note(symbol, what, _same(row[column], value) if row else "", row, cell(value)):
            new = self._dated(table, {**same, **below, column: cell(value), **dict(more)})
            self.rows[table].insert(self._below(table, **below) if place is None else place, new)
            if place is None and below.get("asset"):
                self._new_beside(symbol, below["asset"])

    def _new_beside(self, symbol, asset):
        """Note a contract that is new in the tables, below another of the same coin, which goes on being shown."""
        first = next(
            row["symbol"]
            for row in self.rows["leverage_history"]
            if row["exchange"] == self.venue.name and row["asset"] == asset
        )
        if first != symbol:
            self.remarks.append(
                f"{self.venue.name}, {symbol} is new beside {first}: "
                f"wherever the course speaks of {asset} it goes on showing {first}"
            )

    def _interval(self, found, main):
        if main:
            place, _ = self._find("funding", kind="rule", field="interval_hours", symbol=found.symbol)
            if place is not None:  # it has a row of its own too
                self._one(
                    "funding",
                    {"kind": "rule", "field": "interval_hours", "symbol": found.symbol},
                    {"kind": "rule"},
                    "value",
                    found.interval_hours,
                    found.symbol,
                    "hours between settlements, rule",
                )
            self._one(
                "exchanges",
                {"field": "funding_interval_hours"},
                {},
                "value",
                found.interval_hours,
                found.symbol,
                "hours between settlements",
            )
            return
        own = {"kind": "rule", "field": "interval_hours", "symbol": found.symbol}
        place, _ = self._find("funding", **own)
        _, general = self._find("exchanges", field="funding_interval_hours")
        if place is None and general and _same(general["value"], found.interval_hours) == cell(found.interval_hours):
            self.unchanged += 1  # the same as the exchange's other contracts
            return
        self._one(
            "funding", own, {"kind": "rule"}, "value", found.interval_hours, found.symbol, "hours between settlements"
        )

    def _observed(self, found):
        """Settled rates: each is a row of its own, once. The older first, so that the newest ends on top."""
        for seconds, rate in found.rates:
            at = datetime.fromtimestamp(60 * round(seconds / 60), timezone.utc)
            key = {
                "kind": "observation",
                "symbol": found.symbol,
                "field": "rate",
                "as_of": f"{at:%Y-%m-%d}",
                "note": f"{at:%H:%M} UTC",
            }
            place, row = self._find("funding", **key)
            if row and _same(row["value"], rate) == cell(rate):
                self.unchanged += 1
                continue
            self.rates.append(
                Change(
                    self.venue.name,
                    found.symbol,
                    f"{key['as_of']} {key['note']}",
                    row["value"] if row else "",
                    row["as_of"] if row else "",
                    cell(rate),
                )
            )
            first, _ = self._find("funding", kind="observation", symbol=found.symbol)
            new = self._dated("funding", {**key, "value": cell(rate)})
            self.rows["funding"].insert(len(self.rows["funding"]) if first is None else first, new)

    def _fees(self, found):
        """The lowest tier as the exchange sends it; never just confirmed, as one new row would hide the other tiers."""
        place, row = self._find("fees", product="perpetual", region="")
        cells = dict(zip(("maker", "taker"), found.fees))
        before = len(self.changes)
        for name, value in cells.items():
            change = Change(
                self.venue.name,
                found.symbol,
                f"{name} fee",
                _same(row[name], value) if row else "",
                row["as_of"] if row else "",
                cell(value),
            )
            if change.old != change.new:
                self.changes.append(change)
            else:
                self.unchanged += 1
        if len(self.changes) == before:
            return
        new = self._dated(
            "fees",
            {"product": "perpetual", "market": found.symbol, "tier": "base"}
            | {name: cell(value) for name, value in cells.items()},
        )
        self.rows["fees"].insert(self._below("fees") if place is None else place, new)
        self.remarks.append(
            f"{self.venue.name}: its other fee tiers are older, and are no longer listed beside the new lowest one"
        )

    def _ladder(self, found):
        _, row = self._find("ladders", symbol=found.symbol)
        had = [tier for tier in self.rows["tiers"] if row and tier["ladder_id"] == row["ladder_id"]]
        if not row or row["unit"] != found.unit:
            old = f"{plural(len(had), 'tier')} in {row['unit']}" if row else ""
            changed = [
                Change(
                    self.venue.name,
                    found.symbol,
                    "tiers",
                    old,
                    row["as_of"] if row else "",
                    f"{plural(len(found.tiers), 'tier')} in {found.unit}",
                    large=bool(row),
                )
            ]
        else:
            changed = self._cells(found, had, row["as_of"])
        if (
            row
            and found.contract_size
            and _same(row["contract_size"], found.contract_size) != cell(found.contract_size)
        ):
            changed.insert(
                0,
                Change(
                    self.venue.name,
                    found.symbol,
                    "size of a contract",
                    row["contract_size"],
                    row["as_of"],
                    cell(found.contract_size),
                ),
            )
        self.changes += changed
        if not changed:
            if not self._old(row):
                self.unchanged += 1
                return
            self.confirmed.append(
                Change(
                    self.venue.name, found.symbol, "tiers", row["ladder_id"], row["as_of"], f"{len(found.tiers)} tiers"
                )
            )
        self._new_ladder(found)

    def _cells(self, found, had, as_of):
        """Changes of tiers, cell by cell; whole tiers that came or went in one line."""
        changed = []
        for number, (old, new) in enumerate(zip(had, found.tiers), start=1):
            for name in CELLS:
                shown, before = cell(getattr(new, name)), _same(old[name], getattr(new, name))
                if before != shown and (
                    before or name not in ("initial_rate", "deduction")
                ):  # those two are often not published
                    changed.append(
                        Change(
                            self.venue.name,
                            found.symbol,
                            f"tier {number}, {name.replace('_', ' ')}" + (f" ({found.unit})" if name == "cap" else ""),
                            before,
                            as_of,
                            shown,
                        )
                    )
        least, most = sorted((len(had), len(found.tiers)))
        if least < most:
            what, count = (
                f"tier {most}" if most == least + 1 else f"tiers {least + 1} to {most}",
                plural(most - least, "tier"),
            )
            came = len(found.tiers) == most
            changed.append(
                Change(
                    self.venue.name, found.symbol, what, "" if came else count, as_of, count if came else "", large=True
                )
            )
        return changed

    def _new_ladder(self, found):
        name = f"{self.venue.name}-{found.symbol}-{self.as_of}".lower()
        _, row = self._find("ladders", symbol=found.symbol)
        _, other = self._find("ladders", contract="linear")
        like = row or other or {}
        ladder = self._dated(
            "ladders",
            {
                "ladder_id": name, "symbol": found.symbol, "asset": found.asset, "contract": "linear",
                "unit": found.unit, "contract_size": cell(found.contract_size),
                "reading": like.get("reading", ""), "complete": "yes",
                "note": f"reading as in {like['ladder_id']}" if like.get("reading") else "",
            },
        )  # fmt: skip
        while any(
            known["ladder_id"] == ladder["ladder_id"] for known in self.rows["ladders"]
        ):  # fetched twice on one day
            ladder["ladder_id"] += "-again"
        name = ladder["ladder_id"]
        self.ladders.append(
            (
                f"{self.venue.name}, {found.symbol}, in {found.unit}"
                + (f", {ladder['note']}" if ladder["note"] else ""),
                found.tiers,
            )
        )
        place, row = self._find("ladders", symbol=found.symbol)
        self.rows["ladders"].insert(self._below("ladders", asset=found.asset) if place is None else place, ladder)
        ids = [tier["ladder_id"] for tier in self.rows["tiers"]]
        at = ids.index(row["ladder_id"]) if row and row["ladder_id"] in ids else len(ids)
        self.rows["tiers"][at:at] = [
            {
                "ladder_id": name,
                "tier": str(number),
                "floor": cell(tier.floor),
                **{key: cell(getattr(tier, key)) for key in CELLS},
            }
            for number, tier in enumerate(found.tiers, start=1)
        ]


def cell(value):
    """A number as it stands in the tables: no exponent, no digits that are only noise; "" for None."""
    if value is None:
        return ""
    text = f"{value:.12f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.12g}"
    return f"{value:.0f}" if "e" in text else "0" if text in ("-0", "") else text


def _same(old, value):
    """The old cell as it is; the new one's text where both are the same number (0.10 and 0.1)."""
    try:
        return cell(value) if value is not None and float(old) == float(cell(value)) else old
    except ValueError:
        return old


def _text(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
