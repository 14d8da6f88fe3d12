"""Candles of a market: the course's own, a learner's CSV, or an exchange's (with the extra `live`).

    bundled("minutes")                                            3 February 2025, always there
    from_csv("mine.csv")                                          a file of your own
    candles("BTC/USDT", exchange="OKX", since="yesterday")        fetched, and cached on disk

Panels of chapters 2 and 7 take all three: `panel.use(candles)`. All times are UTC. Where an exchange cannot be
asked, `candles` prints one sentence that says why, and gives what there is.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from leverage_lab.candle_files import from_csv
from leverage_lab.candles import DAY, MOST, OLDEST, STEPS, Candles, as_utc, bundled, sentence, utc_time
from leverage_lab.checks import choice

__all__ = ["Candles", "bundled", "candles", "from_csv"]


def candles(symbol, exchange, since="yesterday", until=None, step="1m"):
    """Candles of a perpetual at one of seven exchanges (Coinbase has closed its own), with its mark price where public.

    symbol: "BTC/USDT" (the perpetual settled in USDT) or the contract as the exchange writes it. since, until:
    "yesterday", "today", a date, "2026-11-21 14:00" or a datetime, all UTC; by default until now. step: "1m", "5m",
    "15m" or "1h". Only bars that have ended; at most 20,160. Finished days are cached on disk. Where the exchange
    cannot be asked: a sentence, and what is cached or bundled.
    """
    from leverage_lab.live import history
    from leverage_lab.live.venues import venue

    asked = venue(exchange)
    span = _span(since, until, choice("step", step, tuple(STEPS)), history.now())
    try:
        found, said = history.fetch(asked.name, symbol, *span, step)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "stopped; the complete days received so far are kept, and the same call will ask for the rest"
        ) from None
    except (ModuleNotFoundError, history.Unavailable) as why:
        found = bundled()
        said = f"{sentence(str(why))} Shown instead: the course's own candles, {found.name}, {found.period}."
    if said:
        print(said)
    return found


def _span(since, until, step, now):
    """(start, end) in seconds, in whole steps, of the bars from `since` on that have ended by `until` and by now."""
    start, end = _point("since", since, now), now if until is None else _point("until", until, now)
    if start >= now:
        raise ValueError(f"since must be before now, {utc_time(now):%Y-%m-%d %H:%M} UTC, got {_shown(since)}")
    if end <= start:
        raise ValueError(f"until must be later than since, {_shown(since)}, got {_shown(until)}")
    size = STEPS[step]
    start, end = -(-start // size) * size, min(end, now) // size * size
    if end - start < 2 * size:
        raise ValueError(
            f"at least 2 bars of {step} must have ended between since and until, got since {_shown(since)}"
            + (f" and until {_shown(until)}" if until else "")
        )
    if end - start > MOST * size:
        raise ValueError(
            f"at most {MOST:,} bars are fetched at once (14 days of minutes, 840 days of hours), "
            f"got {(end - start) // size:,}: choose a later since or a longer step"
        )
    return start, end


def _point(name, value, now):
    midnight = now // DAY * DAY
    known = {"today": midnight, "yesterday": midnight - DAY}
    if isinstance(value, str) and value.strip().lower() in known:
        return known[value.strip().lower()]
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(re.sub(r"\s*UTC$", "", value.strip()))
        elif isinstance(value, date) and not isinstance(value, datetime):
            moment = datetime(value.year, value.month, value.day)
        else:
            moment = value
        seconds = math.floor(as_utc(moment).timestamp())
    except (TypeError, ValueError, AttributeError, OverflowError):
        raise ValueError(
            f"{name} must be 'yesterday', 'today', a date such as '2026-11-21' or a time such as "
            f"'2026-11-21 14:00' (UTC), got {value!r}"
        ) from None
    if seconds < OLDEST:
        raise ValueError(f"{name} must be after 2009, got {_shown(value)}")
    return seconds


def _shown(value):
    return repr(value) if isinstance(value, str) else str(value)
