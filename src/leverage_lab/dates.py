"""How old figures are: a line "as of …" that never changes, and a sentence that says so once they are old.

    of(["2025-03-27", "2026-09", ""]).line()    # As of 2025-03-27 to 2026-09; 1 of 3 undated.
    of(["2025-03-27"]).age()                    # "" for 180 days, then how old it is

The line needs no clock, so it may be stored. The sentence depends on the day it is read.
"""

from __future__ import annotations

import calendar
import os
from dataclasses import dataclass
from datetime import date, datetime, timezone

STALE_DAYS = 180  # half a year: most of the maxima in the tables were changed more than once within two


@dataclass(frozen=True)
class Dates:
    """When some figures are from: oldest and newest date as far as known, how many figures, how many of them undated.

    record: what was counted or said at a time, which does not go stale. whole: the dates of a whole table, of which
    only a part may be shown. what: which figures are meant, where others stand beside them.
    """

    oldest: str = ""
    newest: str = ""
    figures: int = 0
    undated: int = 0
    record: bool = False
    whole: bool = False
    what: str = ""

    def line(self):
        """One line, "As of 2025-03 to 2026-09; 2 of 8 undated."; "" where there is no figure."""
        if not self.figures:
            return ""
        kind = f"from a {'record' if self.record else 'table'} " if self.whole else "a record, " if self.record else ""
        when = "an unknown date" if not self.oldest else self.oldest if self.oldest == self.newest else f"{self.oldest} to {self.newest}"
        some = f"; {self.undated} of {self.figures} undated" if self.oldest and self.undated else ""
        text = f"{self.what}{': ' if self.what else ''}{kind}as of {when}{some}."
        return text[0].upper() + text[1:]

    def age(self, today=None):
        """A sentence if a figure is older than STALE_DAYS or undated, else "". today: a date, by default today's (UTC)."""
        if self.record or not self.figures:
            return ""
        found = []
        days = ((today or now()) - last_day(self.oldest)).days if self.oldest else 0
        if days > STALE_DAYS:
            start, end = ("That was", "ago") if self.oldest == self.newest else (f"The oldest, {self.oldest}, is", "old")
            found.append(f"{start} {'at least ' if len(self.oldest) < 10 else ''}{days:,} days {end}")
        if self.undated:
            found.append("how old it is, no source says" if not self.oldest else "what is undated may be older")
        if not found:
            return ""
        text = "; ".join(found)
        return f"{text[0].upper()}{text[1:]}. Such figures change: look at the exchange itself before you rely on one."


def of(texts, record=False, whole=False, what=""):
    """The Dates of figures: texts are 2025, 2025-08 or 2025-08-14; whatever is empty or no text is undated."""
    texts = [text if isinstance(text, str) else "" for text in texts]
    known = sorted(filter(None, texts), key=lambda text: (last_day(text), text))
    ends = (known[0], known[-1]) if known else ("", "")
    return Dates(*ends, len(texts), len(texts) - len(known), record, whole, what)


def last_day(text):
    """The last day that is meant by 2025, 2025-08 or 2025-08-14.

    So no more age is claimed than is certain, and "2025" means what it means to `exchanges.exchange`: the end of it.
    """
    year, month, day = (*map(int, text.split("-")), None, None)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def now():
    """Today in UTC; tests set another day in LEVERAGE_LAB_TODAY."""
    faked = os.environ.get("LEVERAGE_LAB_TODAY")
    return date.fromisoformat(faked) if faked else datetime.now(timezone.utc).date()
