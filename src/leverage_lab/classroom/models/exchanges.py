"""Models of chapter 5: thirteen exchanges as the tables have them, and one trade taken through them.

What no source says stays None here, and a picture shows it as "not known". Tiers counted in coins
are turned into dollars at the price of the snapshot of 4 August 2025.
"""

import math
from dataclasses import asdict
from datetime import date
from functools import lru_cache

from leverage_lab import data, dates, survival
from leverage_lab.classroom.models import Result
from leverage_lab.exchanges import COURSE, exchange, exchanges, fact, max_leverage, of_facts
from leverage_lab.fees import trading_fee
from leverage_lab.leverage import price_move, quantity, sign
from leverage_lab.liquidation import EDGE, liquidation_price, position_margin
from leverage_lab.words import money, percent, plain, price, times

OTHERS = exchanges()[len(COURSE) :]
GROUPS = {"eight": COURSE, "others": OTHERS}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_YEAR = 2019  # months are counted from its January


def month_of(text):
    """Months since January 2019: 79 for "2025-08"."""
    year, month = (int(part) for part in text[:7].split("-"))
    return 12 * (year - FIRST_YEAR) + month - 1


LAST_MONTH = month_of(data.newest_month("leverage_history", "ladders", "fees", "exchanges"))
RATE = 0.001  # maintenance rate of the last picture: MEXC's first tier, as its API documentation prints it


@lru_cache(maxsize=None)
def entry_price():
    return data.asset("BTC").price


@lru_cache(maxsize=None)
def funding_a_day():
    """The interest part of funding over a day, as two exchanges print it: the only rate the tables have for more than one."""
    table = data.load("funding")
    return float(table[table.field == "interest_per_day"].value.iloc[0])


@lru_cache(maxsize=None)
def funding_as_of():
    table = data.load("funding")
    return table[table.field == "interest_per_day"].as_of.iloc[0]


@lru_cache(maxsize=None)
def _venue(name):
    """The newest rules of an exchange, read once: a move asks for all eight."""
    return exchange(name)


# --- months


def month_as_of(month):
    """"2025-08" from the number of months since January 2019."""
    return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02}"


def month_in_words(month):
    return f"{MONTHS[month % 12]} {FIRST_YEAR + month // 12}"


def years(as_of):
    """A date as far as it is known, as a year with its fraction: the middle of what is not printed."""
    parts = [int(part) for part in as_of.split("-")]
    year, month, day = (*parts, *(7, 1)[len(parts) - 1 :]) if len(parts) == 1 else (*parts, 15) if len(parts) == 2 else parts
    return year + (date(year, month, day) - date(year, 1, 1)).days / 365.25


# --- the maxima, then and now


@lru_cache(maxsize=None)
def history(name):
    """(dated, undated, elsewhere): [(year, maximum)] of the main contract, its undated maxima, and where another contract had the article's."""
    table = data.load("leverage_history")
    rows = table[(table.exchange == name) & (table.asset == "BTC")]
    main = rows[rows.symbol == rows.symbol.iloc[0]].iloc[::-1]  # oldest first
    said = _venue(name).claimed_max_leverage
    other = table[(table.exchange == name) & (table.symbol != rows.symbol.iloc[0]) & (table.max_leverage == said) & (table.as_of != "")]
    dated = [(years(row.as_of), row.max_leverage) for row in main.itertuples() if row.as_of]
    undated = [row.max_leverage for row in main.itertuples() if not row.as_of]
    return dated, undated[::-1], [(years(row.as_of), row.max_leverage, row.asset) for row in other.itertuples()]


@lru_cache(maxsize=None)
def _maximum(name, month):
    return fact(name, "max_leverage", month_as_of(month))


def maxima(group, month):
    """The newest dated maximum of each exchange on a day, beside the article's."""
    names = GROUPS[group]
    said = {name: _venue(name).claimed_max_leverage for name in names}
    facts = {name: _maximum(name, month) for name in names}
    then = {name: known.value for name, known in facts.items()}
    same = [name for name in names if then[name] is not None and then[name] == said[name]]
    other = [name for name in names if then[name] is not None and said[name] is not None and then[name] != said[name]]
    unknown = [name for name in names if then[name] is None]
    told = ", ".join(f"{name} {times(then[name])}" for name in names if then[name] is not None) or f"none of these {len(names)}"
    head = f"The newest dated maxima at the end of {month_in_words(month)}: {told}."
    if group == "eight":
        rest = f" {len(same)} of the 8 {'is' if len(same) == 1 else 'are'} as in the article, {len(other)} {'is' if len(other) == 1 else 'are'} not, for {len(unknown)} there is no dated source."
    else:
        rest = f" The article names none of these {len(names)}; {len(names) - len(unknown)} of {len(names)} have a dated source."
    return Result(
        group=group, names=names, month=month, said=said, then=then, same=same, other=other, unknown=unknown,
        dates=of_facts(facts.values()), sentence=head + rest,
    )  # fmt: skip


# --- up to which size


@lru_cache(maxsize=None)
def stairs(name):
    """The captures of an exchange's BTC tiers as stairs, the first the one used: [(when, steps, complete)].

    steps: [(from dollars, to dollars, maximum leverage)]; the last end is inf where nothing ends it, nan where no source says.
    """
    ladders, tiers = data.load("ladders"), data.load("tiers")
    rows = ladders[(ladders.exchange == name) & (ladders.asset == "BTC")]
    found = []
    for row in rows.itertuples():
        if not row.symbol.startswith(rows.symbol.iloc[0]):
            continue
        of = tiers[(tiers.ladder_id == row.ladder_id) & tiers.max_leverage.notna()]
        unit = entry_price() if row.unit == row.asset else 1.0
        steps = [(float(t.floor * unit), float(t.cap * unit), float(t.max_leverage)) for t in of.itertuples()]
        if not steps:
            continue
        if not math.isnan(row.rate_per_coin):
            steps = _slope(float(of.iloc[0].initial_rate), float(row.rate_per_coin))
        elif row.complete == "yes" and math.isnan(steps[-1][1]):
            steps[-1] = (*steps[-1][:1], math.inf, steps[-1][2])
        found.append((row.as_of or "undated", steps, row.complete == "yes"))
    if not found:
        found.append(("no tiers", [(0.0, math.nan, max_leverage(name))], False))
    return found


def _slope(rate, per_coin):
    """Where the rate rises with every coin (Deribit): fine steps up to a billion dollars."""
    edges = [0.0, *(10 ** (4 + i / 20) for i in range(101))]
    return [(low, high, 1 / (rate + per_coin * high / entry_price())) for low, high in zip(edges, edges[1:])]


def allowed(name, value):
    """Maximum leverage for a position of this value; 0: no position that large; None: no source says."""
    _, steps, complete = stairs(name)[0]
    for low, high, top in steps:
        if math.isnan(high):
            return None
        if value <= high * (1 + EDGE):
            return top
    return 0.0 if complete else None


@lru_cache(maxsize=None)
def _as_of(name, *names):
    """When these fields of an exchange are from, those that are known."""
    known = [fact(name, field) for field in names]
    return tuple(one.as_of for one in known if one.value is not None)


@lru_cache(maxsize=None)
def size_as_of(name):
    """When the figures are from by which `may` answers: the maximum, and the tiers if there are any."""
    when = stairs(name)[0][0]
    tiers = {"no tiers": (), "undated": ("",)}.get(when, (when,))
    return (*_as_of(name, "max_leverage"), *tiers)


@lru_cache(maxsize=None)
def all_sizes_dates():
    return dates.of([text for name in exchanges() for text in size_as_of(name)])


def may(name, value, leverage):
    """True, False or None (not known): does the exchange allow this leverage for this value?"""
    top = allowed(name, value)
    if top is None:
        return None if leverage <= max_leverage(name) else False
    return leverage <= top


def how_far(name, position, leverage):
    """One exchange's stairs with a position on them, and how the others stand to it."""
    top, answer = allowed(name, position), may(name, position, leverage)
    verdicts = {other: may(other, position, leverage) for other in exchanges()}
    yes, no, unknown = ([other for other, verdict in verdicts.items() if verdict is kind] for kind in (True, False, None))
    when, steps, complete = stairs(name)[0]
    first = steps[0]
    of = {"undated": "undated tiers", "no tiers": "no tiers known"}.get(when, f"tiers of {dates.in_words(when)}")
    if top is None:
        head = f"{name} ({of}): {times(max_leverage(name))} is its maximum; whether that holds for {money(position)} no source says."
    elif top == 0:
        head = f"{name} ({of}): its maximum is {times(max_leverage(name))}; a position of {money(position)} is larger than its last tier, which ends at {money(steps[-1][1])}."
    else:
        head = f"{name} ({of}): its maximum is {times(max_leverage(name))}; for a position of {money(position)} it is {times(top)}."
    return Result(
        name=name, position=position, leverage=leverage, top=top, answer=answer, when=when, steps=steps, complete=complete,
        captures=stairs(name)[1:], maximum=max_leverage(name), first_end=first[1], counts=(len(yes), len(no), len(unknown)), dates=all_sizes_dates(),
        sentence=(
            f"{head} Of {len(verdicts)} exchanges {f'{len(yes)} allow' if len(yes) > 1 else '1 allows' if yes else 'none allows'} {times(leverage)} at that size{_named(yes)}, "
            f"{len(no)} {'does' if len(no) == 1 else 'do'} not, for {len(unknown)} it is not known{_named(unknown)}."
        ),
    )  # fmt: skip


def _named(names):
    return f" ({', '.join(names)})" if names else ""


# --- one trade through all of them


def trade(name, side, margin, leverage, days=0):
    """The trade at one exchange: what the tables let us compute; the rest is None, with a word in `why`.

    gone: share of the margin that fees and funding take, 1 at the most. used_up: the day on which that is all of it, None
    if it does not come to that; the position is liquidated sooner, for something must remain. funding: what is paid until then.
    """
    value = margin * leverage
    coins = quantity(margin, leverage, entry_price())
    venue = _venue(name)
    offered = may(name, value, leverage)
    if offered is False:
        top = allowed(name, value)
        why = f"at most {times(top)}" if top else f"at most {times(venue.max_leverage)}" if top is None else "too large"
        return Result(name=name, offered=False, why=why, fee=None, funding=None, gone=None, used_up=None, distance=None, end=None, needed=None)
    fee = None if venue.taker_fee is None else trading_fee(value, venue.taker_fee)
    funding = sign(side) * value * funding_a_day() * days
    gone, used_up = None if fee is None else (2 * fee + funding) / margin, None
    if gone is not None and gone >= 1 - 1e-12:
        gone, used_up = 1.0, max(0.0, margin - 2 * fee) / (value * funding_a_day())
        funding = min(funding, max(0.0, margin - 2 * fee))
    end, needed = _end(venue, side, coins, leverage)
    distance = None if end is None else price_move(entry_price(), end)
    return Result(
        name=name, offered=offered, why="not known" if None in (fee, end) else "", fee=fee, funding=funding, gone=gone, used_up=used_up,
        distance=distance, end=end, needed=needed,
    )  # fmt: skip


@lru_cache(maxsize=None)
def _rules(name):
    """The rules of the BTC contract in dollars; None where a part is not known."""
    try:
        return exchange(name).rules("BTC")
    except ValueError:
        return None


def _end(venue, side, coins, leverage):
    """(liquidation price, margin with the reserve some exchanges ask for); (None, None) where a rule or the tier is not known."""
    rules = _rules(venue.name)
    if rules is None:
        return None, None
    try:
        needed = position_margin(side, entry_price(), coins, leverage, rules)
        return liquidation_price(side, entry_price(), coins, needed, rules), needed
    except ValueError:  # larger than the tiers that are known
        return None, None


def trades_dates(trades, cost=False, ends=False, funding=False):
    """When the figures are from that these trades rest on: whether they are offered, what they cost, where they end."""
    found = [funding_as_of()] * funding + [*data.TABLES[data.SNAPSHOT].as_of] * ends
    for t in trades:
        fields = ["taker_fee"] * (cost and t.fee is not None)
        if ends and t.end is not None:
            fields += ["maintenance_rate", "maintenance_basis", "closing_fee_basis"]
            fields += ["taker_fee"] * (not cost and _venue(t.name).closing_fee_basis != "none")
        found += [*size_as_of(t.name), *_as_of(t.name, *fields)]
    return dates.of(found)


SORTS = ("cost", "name")


def through_all(margin, leverage, days, by):
    """What the trade costs at the eight exchanges while the price stands still, as a share of the margin."""
    trades = [trade(name, "long", margin, leverage, days) for name in COURSE]
    key = (lambda t: t.name.lower()) if by == "name" else (lambda t: (t.gone is None, t.offered is False, t.gone or 0, -(t.used_up or 0)))
    known = [t for t in trades if t.gone is not None]
    value = margin * leverage
    day = "1 day" if days == 1 else f"{plain(days)} days"
    head = f"Long, {money(margin)} at {times(leverage)}, a position of {money(value)}, in and out at once" if days == 0 else (
        f"Long, {money(margin)} at {times(leverage)}, a position of {money(value)}, held {day}"
    )
    low, high = (pick(known, key=lambda t: t.gone, default=None) for pick in (min, max))
    spent = [t for t in known if t.used_up is not None]
    if not known:
        told = f"{head}: none of the eight is known to allow it."
    elif high.gone - low.gone < 1e-9:
        told = f"{head}, price unchanged: {money(low.gone * margin)} ({_alike(known, low, 'gone')}, {percent(low.gone)} of the margin)"
    else:
        told = (
            f"{head}, price unchanged: from {money(low.gone * margin)} ({_alike(known, low, 'gone')}, {percent(low.gone)} of the margin) to "
            f"{money(high.gone * margin)} ({_alike(known, high, 'gone')}, {percent(high.gone)})"
        )
    if spent and len(spent) == len(known):
        told += "."
    elif known:
        told += f", of that funding {money(next(t for t in known if t.used_up is None).funding)}."
    if spent:
        last = max(spent, key=lambda t: t.used_up)
        told += f" Where all of the margin is gone, it is gone by day {plain(last.used_up, 1, 1)} at the latest; the position is liquidated before that, for something must remain, and no more than the margin can be lost."
    return Result(
        trades=sorted(trades, key=key), margin=margin, leverage=leverage, days=days, value=value, by=by, known=known, low=low, high=high,
        dates=trades_dates(trades, cost=True, funding=days > 0),
        sentence=told + _left_out(trades, "gone"),
    )  # fmt: skip


def _alike(trades, one, field):
    """The names of all that share a value: none stands for the others."""
    *names, last = (t.name for t in trades if abs(getattr(t, field) - getattr(one, field)) < 1e-9)
    return f"{', '.join(names)} and {last}" if names else last


def _left_out(trades, field):
    """Who is not in the comparison, and why."""
    absent = [t.name for t in trades if t.offered is False]
    unknown = [t.name for t in trades if t.offered is not False and getattr(t, field) is None]
    unknown += [f"{t.name} (whether for that size)" for t in trades if t.offered is None and getattr(t, field) is not None]
    return f" Not offered: {', '.join(absent) or 'none'}. Not known: {', '.join(unknown) or 'none'}."


def table(side, margin, leverage, days):
    """The trade as a DataFrame, one exchange a row; a cell that no source fills is empty (nan)."""
    import pandas as pd

    rows, trades = {}, [trade(name, side, margin, leverage, days) for name in COURSE]
    for t in trades:
        rows[t.name] = {
            "put down": t.needed, "liquidation": t.end, "move to it": t.distance and 100 * t.distance, "fee in": t.fee, "fee out": t.fee,
            "funding": t.funding, "of margin": t.gone and 100 * t.gone, "remark": t.why or "",
        }  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index").astype({key: float for key in list(rows["MEXC"])[:-1]})
    frame.index.name = "exchange"
    frame.attrs["as_of"] = asdict(trades_dates(trades, cost=True, ends=True, funding=True))
    return frame


def where_it_ends(side, margin, leverage):
    """The liquidation prices of the same trade, as a share of the way from the entry to the bankruptcy price."""
    trades = [trade(name, side, margin, leverage) for name in COURSE]
    known = [t for t in trades if t.distance is not None]
    broke = -sign(side) / leverage
    head = f"A {side} of {money(margin * leverage)} on {money(margin)} from {price(entry_price())}: the margin is used up at {percent(broke, signed=True)}"
    near, far = (pick(known, key=lambda t: abs(t.distance), default=None) for pick in (min, max))
    if not known:
        told = f"{head}; none of the eight is known to allow it."
    elif near is far:
        told = f"{head}; liquidation comes at {percent(near.distance, signed=True)} ({near.name}, {money(near.end)})."
    else:
        told = (
            f"{head}; liquidation comes between {percent(near.distance, signed=True)} ({near.name}, {money(near.end)}) and "
            f"{percent(far.distance, signed=True)} ({far.name}, {money(far.end)})."
        )
    return Result(
        trades=trades, shares={t.name: t.distance / broke for t in known}, side=side, margin=margin, leverage=leverage,
        bankruptcy=entry_price() * (1 + broke), room=1 / leverage, known=known, near=near, far=far,
        dates=trades_dates(trades, ends=True),
        sentence=told + _left_out(trades, "distance"),
    )  # fmt: skip


# --- what is known, and how old it is

FACTS = {
    "max_leverage": "maximum leverage",
    "maintenance_rate": "maintenance rate",
    "maintenance_basis": "maintenance on what",
    "trigger_price": "price that liquidates",
    "taker_fee": "trading fees",
    "funding_interval_hours": "funding interval",
    "partial_liquidation": "closing in parts",
    "liquidation_fee_rate": "liquidation fee",
    "adl_rank": "deleveraging order",
}
KINDS = ("fresh", "older", "undated", "not known")


@lru_cache(maxsize=None)
def _fact(name, field, as_of):
    known = fact(name, field, as_of)
    return known.value is not None, known.as_of


def what_is_known(month, age):
    """Nine facts of eight exchanges on a day: dated within `age` years, older, undated, or not known."""
    today = years(f"{month_as_of(month)}-28")
    grid, found = {}, []
    for name in COURSE:
        for field in FACTS:
            there, when = _fact(name, field, None if month == LAST_MONTH else month_as_of(month))
            found += [when] * there
            grid[name, field] = "not known" if not there else "undated" if not when else "fresh" if today - years(when) <= age else "older"
    counts = {kind: list(grid.values()).count(kind) for kind in KINDS}
    span = "1 year" if age == 1 else f"{age} years"
    return Result(
        month=month, age=age, grid=grid, counts=counts, dates=dates.of(found),
        sentence=(
            f"{month_in_words(month)}, {len(grid)} facts about eight exchanges: {counts['fresh']} are dated and at most {span} old, "
            f"{counts['older']} {'is' if counts['older'] == 1 else 'are'} older, {counts['undated']} have no date, {counts['not known']} are not known."
        ),
    )  # fmt: skip


# --- what a higher maximum buys

HOURS = {"1 hour": 1, "8 hours": 8, "1 day": 24, "1 week": 168}


@lru_cache(maxsize=None)
def closed_line(hours):
    """[(leverage, share of longs that were reached)] for every measured move that a leverage of 5x to 500x leaves, maintenance at RATE."""
    moves = [move for move in survival.measured_moves() if 5 <= 1 / (move + RATE) <= 500]
    return [(1 / (move + RATE), survival.measured("long", move, hours)) for move in moves]


@lru_cache(maxsize=None)
def _maintenance():
    """Where RATE is from."""
    return fact("MEXC", "maintenance_rate")


def closed_share(leverage, hours):
    """Share of longs reached, between two measured moves in proportion to the logarithm of the move: (share, exactly measured)."""
    move = survival.adverse_move(leverage, RATE)
    moves = survival.measured_moves()
    above = next((other for other in moves if other >= move * (1 - 1e-9)), moves[-1])
    if abs(above - move) < 1e-9:
        return survival.measured("long", above, hours), True
    below = moves[moves.index(above) - 1]
    part = math.log(move / below) / math.log(above / below)
    low, high = (survival.measured("long", m, hours) for m in (below, above))
    return low + part * (high - low), False


def what_it_buys(position, leverage, time):
    """The same position at another leverage: less to put down, a shorter way to liquidation, a shorter life."""
    share, exact = closed_share(leverage, HOURS[time])
    needed, before = position / leverage, position / 100
    move = survival.adverse_move(leverage, RATE)
    told = "fewer than 0.1\u00a0%" if share < 0.001 else f"{'' if exact else 'about '}{percent(share, decimals=1)}"
    if leverage == 100:
        beside = "the leverage the others are set beside"
    elif leverage > 100:
        beside = f"{money(before - needed)} less than at 100x"
    else:
        beside = f"{money(needed - before)} more than at 100x"
    return Result(
        position=position, leverage=leverage, time=time, hours=HOURS[time], margin=needed, move=move, share=share, exact=exact,
        dates=of_facts([_maintenance()], "MEXC's maintenance rate"),
        sentence=(
            f"{money(position)} of BTC at {times(leverage)}: {money(needed)} of margin, {beside}. Liquidation is {percent(move)} away (maintenance "
            f"{percent(RATE)}). Of longs opened at 39,955 starting hours of 2018 to 2023, {told} "
            f"saw the price fall that far within {time}."
        ),
    )  # fmt: skip
