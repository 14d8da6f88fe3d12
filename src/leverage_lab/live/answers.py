"""An exchange's answers about one contract, checked, in the terms of data/.

A part that is missing or implausible is None and named in a sentence; the other parts stand.
Only what stands in the exchange's own answer (`info`) counts: ccxt fills in fees of its own where there are none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from leverage_lab.checks import NOT_NEGATIVE, POSITIVE, Range, number
from leverage_lab.exchanges import ladder_errors
from leverage_lab.live.venues import patiently, said

LEVERAGE = Range(low=1, high=1000)  # anything beyond is a mistake: twice the highest ever offered
INITIAL = Range(low=0, high=1, open_low=True)  # a tier at 1x requires the whole value
MAINTENANCE = Range(low=0, high=1, open_low=True, open_high=True)  # at 1 a position would be liquidated as it opens
STEP = Range(low=0, high=1)
MAKER, TAKER = Range(low=-0.01, high=0.05), Range(low=0, high=0.05)
FUNDING = Range(low=-0.1, high=0.1)  # per interval; caps are at most a few percent
HOURS = Range(low=1, high=24)
RATES = 3  # settled funding rates to keep per contract: a day's, where it is paid every eight hours
HISTORY = 49 * 3600  # seconds of funding to fetch: two settlements even where there is one a day

# What these exchanges tell only with a key.
NOT_PUBLIC = {
    "Binance": ("highest leverage", "fees", "tiers"),
    "OKX": ("fees",),
    "Bybit": ("fees",),
    "Kraken": (
        "fees",
    ),  # its documentation says that the public fee schedules are not what is charged since 22 June 2026
}


@dataclass(frozen=True)
class Tier:
    """One tier in the terms of tiers.csv; None: not in the answer, or (cap) no limit."""

    floor: float
    cap: float | None
    max_leverage: float | None
    initial_rate: float | None
    rate: float
    deduction: float | None = None


@dataclass(frozen=True)
class Answer:
    """What is known of one contract now. unit: of floors and caps; contract_size: None where it does not matter.

    rates: ((seconds since 1970 UTC, rate), …), newest last. problems: sentences on what is missing. None: not answered.
    """

    venue: str
    symbol: str
    asset: str = ""
    max_leverage: float | None = None
    fees: tuple | None = None  # (maker, taker) of the lowest tier, fractions of the value
    tiers: tuple | None = None
    unit: str = ""
    contract_size: float | None = None
    interval_hours: float | None = None
    rates: tuple | None = None
    problems: tuple = ()


class Unsettled(ValueError):
    """A contract without funding for two days: it may be listed still, but nobody can trade it."""


def markets(made):
    """All perpetuals of a client's exchange by its own names; an exception of ccxt where there is no answer."""
    patiently(made, made.load_markets)
    return {market["id"]: market for market in made.markets.values() if market.get("swap")}


def answer(made, venue, symbol, known, now):
    """All that `venue` answers about its contract `symbol`, as an Answer; never raises.

    made: a client; known: what `markets` gave; now: seconds since 1970.
    """
    market = known.get(symbol)
    if market is None:
        return Answer(venue, symbol, problems=(f"{venue} lists no {symbol} (any more): its rows stay as they are",))
    if market.get("active") is False:
        return Answer(
            venue, symbol, problems=(f"{venue} does not trade {symbol} at the moment: its rows stay as they are",)
        )
    found = Answer(venue, symbol, _asset(market))
    parts = {part: read for part, read in PARTS.items() if part not in NOT_PUBLIC.get(venue, ())}
    for part, read in parts.items():
        try:
            found = replace(found, **read(made, venue, market, now))
        except Unsettled as problem:
            return Answer(venue, symbol, problems=(f"{venue}, {symbol}: {problem}: its rows stay as they are",))
        except ValueError as problem:  # our own check, or not a number
            found = replace(found, problems=(*found.problems, f"{venue}, {symbol}, {part}: {problem}"))
        except Exception as problem:  # ccxt's own, or an answer of a shape that its code does not expect
            found = replace(found, problems=(*found.problems, f"{venue}, {symbol}, {part}: {said(problem)}"))
    if found.max_leverage and found.tiers and found.max_leverage != found.tiers[0].max_leverage:
        words = f"{venue}, {symbol}: {found.max_leverage:g}x for the contract, {found.tiers[0].max_leverage:g}x in its "
        words += "first tier: look at it before you commit"
        found = replace(found, problems=(*found.problems, words))
    return found


def _asset(market):
    return {"XBT": "BTC"}.get(market["baseId"].upper(), market["baseId"].upper())


def _number(row, name, allowed, words):
    """One number of an answer, which may be text; ValueError names the field where it is missing or out of range."""
    if name not in row:
        raise ValueError(f"the answer has no field {name!r} ({words})")
    try:
        value = float(row[name])
    except (TypeError, ValueError):
        raise ValueError(f"{words} must be a number, got {row[name]!r}") from None
    return number(words, value, allowed)


# --- highest leverage


def _highest(made, venue, market, now):
    info = market["info"]
    if venue == "Kraken":
        return {
            "max_leverage": _of_initial(
                [_number(level, "initialMargin", INITIAL, "initial margin rate") for level in _levels(info)][0]
            )
        }
    if venue == "MEXC" and float(info.get("countryConfigContractMaxLeverage") or 0):
        raise ValueError(f"capped at {info['countryConfigContractMaxLeverage']}x for the country it is asked from")
    row, field = (
        (info["leverageFilter"], "maxLeverage")
        if venue == "Bybit"
        else (info, {"OKX": "lever", "Bitget": "maxLever"}.get(venue, "maxLeverage"))
    )
    return {"max_leverage": _number(row, field, LEVERAGE, "highest leverage")}


def _of_initial(rate):
    """Leverage from an initial margin rate: 1 / rate, to two decimals as exchanges print it."""
    return number("highest leverage", round(1 / rate, 2), LEVERAGE)


# --- fees


def _fees(made, venue, market, now):
    info = market["info"]
    kind = info.get("feeRateMode", "NORMAL"), info.get("feeRateType", "BASE")  # MEXC's
    if kind != ("NORMAL", "BASE"):
        raise ValueError(f"not one lasting rate for all, but {' and '.join(kind)}")
    return {
        "fees": (_number(info, "makerFeeRate", MAKER, "maker fee"), _number(info, "takerFeeRate", TAKER, "taker fee"))
    }


# --- tiers


def _tiers(made, venue, market, now):
    info, size = market["info"], market["contractSize"]
    if venue == "MEXC":
        rows, unit = _mexc(info), _asset(market)
    elif venue == "Kraken":
        rows, unit = _kraken(info), market["quote"]
    else:
        given = patiently(made, lambda: made.fetch_market_leverage_tiers(market["symbol"]))
        given = [row["info"] for row in given]
        for row in given:
            _about(row, market)
        rows, unit = [_row(venue, row) for row in given], _asset(market) if venue == "OKX" else market["settle"]
    if not rows:
        raise ValueError("the answer has no tiers")
    counted = unit == _asset(market)  # counted in contracts, as OKX and MEXC do
    if counted:
        size = number("contract size", size, POSITIVE)
    rows = _joined(rows)
    if counted:
        rows = [
            replace(tier, floor=round(tier.floor * size, 12), cap=tier.cap and round(tier.cap * size, 12))
            for tier in rows
        ]
    _sensible(rows)
    return {"tiers": tuple(rows), "unit": unit, "contract_size": size if counted else None}


def _about(row, market):
    """ValueError where a row is about another contract, if it says which; ccxt takes it for the one asked about."""
    names = {row[key] for key in ("symbol", "instId", "uly") if row.get(key)}
    own = {market["id"], market["info"].get("uly")}
    if names - own:
        raise ValueError(f"asked about {market['id']}, the answer is about {', '.join(sorted(names - own))}")


FIELDS = {  # floor, cap, highest leverage, initial rate, maintenance rate, deduction
    "OKX": ("minSz", "maxSz", "maxLever", "imr", "mmr", None),
    "Bybit": (None, "riskLimitValue", "maxLeverage", "initialMargin", "maintenanceMargin", "mmDeduction"),
    "Bitget": ("startUnit", "endUnit", "leverage", None, "keepMarginRate", None),
    "KuCoin": ("minRiskLimit", "maxRiskLimit", "maxLeverage", "initialMargin", "maintainMargin", None),
}


def _row(venue, row):
    floor, cap, leverage, initial, rate, deduction = FIELDS[venue]
    return Tier(
        _number(row, floor, NOT_NEGATIVE, "floor") if floor else None,
        _number(row, cap, POSITIVE, "cap"),
        _number(row, leverage, LEVERAGE, "highest leverage"),
        _number(row, initial, INITIAL, "initial margin rate") if initial else None,
        _number(row, rate, MAINTENANCE, "maintenance rate"),
        (_number(row, deduction, NOT_NEGATIVE, "deduction") if row.get(deduction) else 0.0) if deduction else None,
    )


def _mexc(info):
    """Sizes in contracts: own tiers of the contract, or the rule by which one tier follows from the other."""
    if info.get("riskLimitType", "BY_VOLUME") != "BY_VOLUME":
        raise ValueError(f"tiers must be counted BY_VOLUME, got {info['riskLimitType']!r}")
    own = info.get("riskLimitCustom")
    if info.get("riskLimitMode", "CUSTOM" if own else "") == "CUSTOM":
        return [
            Tier(
                None,
                _number(row, "maxVol", POSITIVE, "cap"),
                _number(row, "maxLeverage", LEVERAGE, "highest leverage"),
                _number(row, "imr", INITIAL, "initial margin rate"),
                _number(row, "mmr", MAINTENANCE, "maintenance rate"),
            )
            for row in own or []
        ]  # fmt: skip
    base, more = (_number(info, name, NOT_NEGATIVE, "size of a tier") for name in ("riskBaseVol", "riskIncrVol"))
    rate, initial = (
        _number(info, "maintenanceMarginRate", MAINTENANCE, "maintenance rate"),
        _number(info, "initialMarginRate", INITIAL, "initial margin rate"),
    )
    rate_more, initial_more = (
        _number(info, name, STEP, "step of a margin rate") for name in ("riskIncrMmr", "riskIncrImr")
    )
    count = round(_number(info, "riskLevelLimit", Range(low=1, high=200), "number of tiers")) if more else 1
    rows = []
    for step in range(count):
        first = round(initial + step * initial_more, 12)
        leverage = _number(info, "maxLeverage", LEVERAGE, "highest leverage") if step == 0 else _of_initial(first)
        rows.append(Tier(None, base + step * more, leverage, first, round(rate + step * rate_more, 12)))
    return rows


def _levels(info):
    levels = info.get("marginLevels")
    if not levels:
        raise ValueError("the answer has no field 'marginLevels' (margin by size)")
    return levels


def _kraken(info):
    rows = []
    for level in _levels(info):
        initial = _number(level, "initialMargin", INITIAL, "initial margin rate")
        floor = _number(level, "numNonContractUnits", NOT_NEGATIVE, "floor")
        rows.append(
            Tier(
                floor,
                None,
                _of_initial(initial),
                initial,
                _number(level, "maintenanceMargin", MAINTENANCE, "maintenance rate"),
            )
        )
    return [replace(row, cap=after.floor) for row, after in zip(rows, rows[1:])] + rows[-1:]


def _joined(rows):
    """Each tier begins where the one before ends, also where a floor is printed one step above it."""
    joined, end = [], 0.0
    for row in rows:
        begins = end if row.floor is None or 0 <= row.floor - end <= 1 else row.floor
        joined.append(replace(row, floor=begins))
        end = row.cap
    return joined


def _sensible(rows):
    """ValueError where these cannot be the tiers of one contract."""
    flaws = ladder_errors(
        [
            {
                "ladder_id": "",
                "tier": place,
                **{key: getattr(row, key) for key in ("floor", "cap", "rate", "deduction")},
            }
            for place, row in enumerate(rows, start=1)
        ]
    )
    if flaws:
        raise ValueError(f"tier {flaws[0].tier} of the answer: {flaws[0].text}")
    for place, row in enumerate(rows, start=1):
        if row.rate > 1 / row.max_leverage:  # percent in place of fractions, or liquidated as it opens
            raise ValueError(
                f"tier {place} of the answer requires {row.rate:g} at {row.max_leverage:g}x: more than the whole margin"
            )
        if row.initial_rate and not 0.5 <= row.initial_rate * row.max_leverage <= 2:
            raise ValueError(
                f"tier {place} of the answer asks for {row.initial_rate:g} at {row.max_leverage:g}x: "
                "one of them is wrong"
            )
    for place, (row, after) in enumerate(zip(rows, rows[1:]), start=2):
        if after.max_leverage > row.max_leverage:
            raise ValueError(
                f"tier {place} of the answer allows {after.max_leverage:g}x, "
                f"more than the {row.max_leverage:g}x of the smaller tier before it"
            )


# --- funding


def _funding(made, venue, market, now):
    """The newest settled rates, and from their times how often there is one."""
    since = 1000 * round(now - HISTORY)
    history = patiently(made, lambda: made.fetch_funding_rate_history(market["symbol"], since, 100))
    by_time = {}
    for row in history:
        _about(row["info"], market)
        by_time[_number(row, "timestamp", POSITIVE, "time of a rate") / 1000] = _number(
            row, "fundingRate", FUNDING, "funding rate"
        )
    settled = sorted((at, rate) for at, rate in by_time.items() if at <= now)
    if len(settled) < 2:
        raise Unsettled("fewer than two settled funding rates of the last two days")
    last = settled[-3:]
    gaps = [round((after[0] - before[0]) / 3600) for before, after in zip(last, last[1:])]
    if len(set(gaps)) > 1:
        raise ValueError(f"the last settlements lie {gaps[0]} and {gaps[1]} hours apart")
    interval = number("hours between settlements", float(gaps[-1]), HOURS)
    return {"interval_hours": interval, "rates": tuple(settled[-RATES:])}


PARTS = {"funding": _funding, "highest leverage": _highest, "fees": _fees, "tiers": _tiers}
