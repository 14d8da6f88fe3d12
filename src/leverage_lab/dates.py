"""How old figures are: a line with their dates that never changes, and a sentence that says so once they are old.

    of(["2025-03-27", "2026-09", ""]).line()    # Figures: 27 March 2025 to September 2026; 1 of 3 without a date.
    of(["2025-03-27"]).age()                    # "" for 180 days, then how old it is

The line needs no clock, so it may be stored. The sentence depends on the day it is read.
"""

from __future__ import annotations

import calendar
import os
import re
from dataclasses import dataclass
from datetime import date, datetime, timezone

from leverage_lab.checks import short
from leverage_lab.words import sentence

STALE_DAYS = 180  # half a year: most of the maxima in the tables were changed more than once within two


@dataclass(frozen=True)
class Dates:
    """The dates of some figures: oldest and newest known, how many figures, how many of them undated.

    record: counted or said at a time, so it does not go stale. whole: the dates of a whole table, of which only a part
    may be shown. what: the kind of figures.
    """

    oldest: str = ""
    newest: str = ""
    figures: int = 0
    undated: int = 0
    record: bool = False
    whole: bool = False
    what: str = ""

    def line(self):
        """One line, "Fees: March 2025 to September 2026; 2 of 8 without a date."; "" where there is no figure."""
        if not self.figures:
            return ""
        if not self.oldest:
            when = "the source has no date" if self.figures == 1 else "the sources have no date"
            return f"{self.what}: {when}." if self.what else sentence(when)
        first, last = shown(self.oldest), shown(self.newest)
        when = first if first == last else f"between {first} and {last}" if self.whole else f"{first} to {last}"
        some = f"; {self.undated} of {self.figures} without a date" if self.undated else ""
        return f"{self.what or 'Figures'}: {when}{some}."

    def age(self, today=None):
        """A sentence if a figure is older than STALE_DAYS or undated, else "". today: a date, else that of UTC."""
        if self.record or not self.figures:
            return ""
        days = ((today or now()) - last_day(self.oldest)).days if self.oldest else 0
        if days > STALE_DAYS:
            start, end = ("That was", "ago") if self.oldest == self.newest else ("The oldest is", "old")
            told = f"{start} {'at least ' if len(self.oldest) < 10 else ''}{days:,} days {end}"
            told += ", and figures without a date may be older" if self.undated else ""
        elif self.undated:
            told = "Figures without a date may be old"
        else:
            return ""
        return f"{told}: check with the exchange before you rely on it."


def of(texts, record=False, whole=False, what=""):
    """The Dates of figures: texts are 2025, 2025-08 or 2025-08-14; whatever is empty or no text is undated."""
    texts = [text if isinstance(text, str) else "" for text in texts]
    known = sorted(filter(None, texts), key=lambda text: (last_day(text), text))
    ends = (known[0], known[-1]) if known else ("", "")
    return Dates(*ends, len(texts), len(texts) - len(known), record, whole, what)


def shown(text):
    """A date as a reader knows it: 4 August 2025, August 2025 or 2025."""
    year, *rest = text.split("-")
    return " ".join(
        [*(str(int(day)) for day in rest[1:]), *(calendar.month_name[int(month)] for month in rest[:1]), year]
    )


def in_words(text):
    """`text` with each date such as 2025-08-04 or 2025-08 as a reader knows it."""
    return re.sub(r"\b20\d\d-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?\b(?!-)", lambda found: shown(found[0]), text)


def undated(source):
    """A source's name without the date (or the word undated) at its end, for where that stands beside it."""
    return re.sub(r", (undated|20\d\d(-\d\d){0,2})(?=;|$)", "", source)


def as_known(name, text):
    """`text` if it is a date as far as it is known: 2025, 2025-08 or 2025-08-14; ValueError if not."""
    if isinstance(text, str) and re.fullmatch(r"\d{4}(-\d{2}){0,2}", text, flags=re.ASCII):
        try:
            date.fromisoformat(text + "-01-01"[len(text) - 4 :])
            return text
        except ValueError:
            pass
    raise ValueError(f"{name} must be a date such as '2025', '2025-08' or '2025-08-14', got {short(text)}")


def last_day(text):
    """The last day of 2025, 2025-08 or 2025-08-14.

    So no more age is claimed than is certain, and "2025" means what it means to `exchanges.exchange`: the end of it.
    """
    year, month, day = (*map(int, text.split("-")), None, None)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def now():
    """Today in UTC; tests set another day in LEVERAGE_LAB_TODAY."""
    faked = os.environ.get("LEVERAGE_LAB_TODAY")
    return date.fromisoformat(faked) if faked else datetime.now(timezone.utc).date()
