"""Models of chapter 2: where a position is closed, by which price, what follows, and how long it lives."""

from functools import cache

import numpy as np

from leverage_lab import data, survival
from leverage_lab.backstop import Account, Venue
from leverage_lab.classroom.models import Result
from leverage_lab.dates import Dates
from leverage_lab.exchanges import exchange, fact, max_position, of_facts
from leverage_lab.leverage import pnl, price_move, quantity
from leverage_lab.liquidation import Rules, bankruptcy_price, closing_fee, crossing_price, liquidation_price, maintenance_margin
from leverage_lab.market import lasting
from leverage_lab.words import money, percent, plain, price, times

ENTRY = 100_000.0  # a round price of one coin
MARGIN, ACCOUNT = 500.0, 2000.0
MAINTENANCE, FEE = 0.005, 0.0006  # rates of the first panel
OFF, ON = "off", "on"


# --- one line, two switches -----------------------------------------------------------------------


def switched(maintenance, fee):
    """Rules with maintenance and closing fee, both on the value at the price sought, each on or off."""
    return Rules(MAINTENANCE if maintenance == ON else 0.0, "mark", FEE, "mark" if fee == ON else "none")


def closed_early(leverage, move, maintenance, fee):
    """A long of $500 margin: what must remain, and the price at which no more than that is left."""
    rules, now = switched(maintenance, fee), ENTRY * (1 + move)
    coins = quantity(MARGIN, leverage, ENTRY)
    ends = liquidation_price("long", ENTRY, coins, MARGIN, rules)
    closed = now <= ends * (1 + 1e-12)
    at = ends if closed else now
    lost = -pnl("long", coins, ENTRY, at)
    held = maintenance_margin(coins, ends, rules)
    paid = closing_fee("long", ENTRY, coins, MARGIN, ends, rules)
    change = f"{percent(-lost / MARGIN, signed=True)} of the margin, {percent(-lost / ACCOUNT, signed=True)} of the {money(ACCOUNT)} account"
    names = " and ".join(["maintenance"] * (maintenance == ON) + ["closing fee"] * (fee == ON))
    if names:
        line = f"Counting {names}, {money(held + paid)} must remain, and the line stands at {price(ends)}, {percent(price_move(ENTRY, ends), signed=True)}."
    else:
        line = f"Nothing must remain: the line stands at the bankruptcy price, {price(ends)}, {percent(price_move(ENTRY, ends), signed=True)}."
    if closed and names:
        happened = f"The price has fallen {percent(-move)}: closed at the line, where {money(MARGIN - lost)} of the {money(MARGIN)} was still there: {change}."
    elif closed:
        happened = f"The price has fallen {percent(-move)}: closed with nothing left of the {money(MARGIN)}: {change}."
    else:
        word = "stands still" if move == 0 else f"has {'risen' if move > 0 else 'fallen'} {percent(abs(move))}"
        happened = f"The price {word}: {money(MARGIN - lost)} is there, {money(MARGIN - lost - held - paid)} of it room; still open, {change}."
    return Result(
        leverage=leverage, move=move, now=now, ends=ends, bankrupt=bankruptcy_price("long", ENTRY, coins, MARGIN),
        closed=closed, lost=max(lost, 0.0), gained=max(-lost, 0.0), held=held, fee=paid, room=MARGIN - lost - held - paid,
        headline=(move, -lost / MARGIN, -lost / ACCOUNT),
        sentence=f"{money(MARGIN)} at {times(leverage)} is a long of {money(MARGIN * leverage)}. {line} {happened}",
    )  # fmt: skip


# --- what is left of 1 / leverage -----------------------------------------------------------------

COLUMNS = (5, 10, 20, 50, 100, 200, 500)


def way_left(leverage, maintenance, fee):
    """Of the way to bankruptcy, 1 / leverage, what maintenance and closing fee (shares of the value at entry) leave."""
    rate, charge = maintenance, fee
    rules = Rules(rate, "entry", charge, "entry")

    def room(rung):
        end = crossing_price("long", ENTRY, 1.0, ENTRY / rung, rules)
        return max(0.0, -price_move(ENTRY, end))

    way, left = 1 / leverage, room(leverage)
    need = rate + charge
    start = f"At {times(leverage)} bankruptcy is {percent(way)} away, {money(way * 10_000)} on a position of $10,000."
    if not need:
        rest = f"Nothing is held back: {percent(1)} of the way is yours to lose."
    elif left <= 1e-12:
        rest = f"Held back is {percent(need)}, {money(need * 10_000)}: no less than that, so nothing is left, and such a position would be closed as it is opened."
    else:
        rest = f"Held back is {percent(need)}, {money(need * 10_000)}: the position is closed after {percent(left)}, {percent(left / way)} of the way."
    none = f" From {times(1 / need)} on nothing is left." if need and left > 1e-12 else ""
    return Result(
        leverage=leverage, way=way, left=left, held=min(rate, way), fee=min(charge, max(0.0, way - rate)),
        columns={rung: (room(rung) * rung, min(1.0, rate * rung), room(rung)) for rung in COLUMNS},
        sentence=f"{start} {rest}{none}",
    )  # fmt: skip


# --- tiers ----------------------------------------------------------------------------------------

LADDERS = ("Binance", "OKX", "Bitget", "KuCoin")
SIZES = np.geomspace(1e4, 1.3e8, 300)


@cache
def _tiers(name):
    """(Rules with the exchange's own ladder, rules with its first rate for every size, its tiers), maintenance on the value at the price."""
    ladder = exchange(name).ladder("BTC")
    return Rules(ladder), Rules(ladder.rates[0]), ladder


@cache
def tier_line(name, leverage):
    """The fall that liquidates a long (a fraction below 0) for each of SIZES; nan where this leverage is not allowed."""
    rules, _, ladder = _tiers(name)
    allowed = largest(name, leverage)
    sizes = np.minimum(SIZES, allowed)
    coins = sizes / ENTRY
    ends = crossing_price("long", ENTRY, coins, sizes / leverage, rules)
    return np.where(SIZES <= allowed, np.minimum(price_move(ENTRY, ends), 0.0), np.nan)


@cache
def largest(name, leverage):
    """The largest position this leverage is allowed for, in dollars, with a coin at $100,000."""
    ladder = exchange(name).ladder("BTC")
    unit = ENTRY if ladder.measure == "quantity" else 1.0
    return min(max_position(name, "BTC", leverage, price=ENTRY) or ladder.cap * unit, ladder.cap * unit)


def tiers(exchange, leverage, position):
    """The same long, ten dollars or ten million: a larger one must keep a larger share."""
    rules, first, ladder = _tiers(exchange)
    allowed, coins, margin = largest(exchange, leverage), position / ENTRY, position / leverage
    plainly = liquidation_price("long", ENTRY, coins, margin, first)
    r = Result(
        exchange=exchange, leverage=leverage, position=position, allowed=allowed, way=1 / leverage, ladder=ladder,
        plainly=price_move(ENTRY, plainly), ok=position <= allowed, as_of=fact(exchange, "maintenance_rate").as_of,
        dates=of_facts([fact(exchange, "maintenance_rate")], f"{exchange}'s tiers"),
    )  # fmt: skip
    if not r.ok:
        r.move = np.nan
        r.sentence = f"{exchange} allows {times(leverage)} on BTC up to {money(allowed)}; a position of {money(position)} must take less leverage."
        return r
    ends = liquidation_price("long", ENTRY, coins, margin, rules)
    need = maintenance_margin(coins, ENTRY, rules)
    r.move, r.tier = price_move(ENTRY, ends), ladder.tier(coins if ladder.measure == "quantity" else position)
    r.share = need / position
    same = "" if r.tier == 1 else f" At the first tier's {percent(ladder.rates[0])} it would be {percent(r.plainly, signed=True)}."
    r.sentence = (
        f"{money(position)} at {times(leverage)} on {exchange} is in tier {r.tier} of {len(ladder.rates)}: {money(need)} must remain, {percent(r.share)} of the position. "
        f"It is closed after {percent(r.move, signed=True)}.{same}"
    )
    return r


# --- mark against last ----------------------------------------------------------------------------


@cache
def minutes():
    """The minutes of 3 February 2025 as moves since the first open: arrays open, high, low, close; and that open."""
    table = data.load("btc_1min_2025-02-03")
    start = float(table["open"].iloc[0])
    return {name: table[name].to_numpy(float) / start - 1 for name in ("open", "high", "low", "close")}, start


def mean_of_last(values, count):
    """Each value's mean with those before it, `count` in all (fewer at the beginning)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(ends - count, 0)
    return (sums[ends] - sums[begins]) / (ends - begins)


def _clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def mark_or_last(leverage, own=0.0, averaged=3, market=None):
    """A long from the first price on. By default from 00:00 on 3 February 2025: the mark is a mean of closes, your chart moves a
    little more or less. On a market of your own: its mark, if it has one, and your chart is that market.
    """
    moves, start = minutes() if market is None else _moves(market)
    marks = market and market.mark
    mark = {name: row / start - 1 for name, row in zip(("open", "high", "low", "close"), market.arrays["mark"])} if marks else None
    level = mark["close"] if marks else mean_of_last(moves["close"], averaged)
    lowest = mark["low"] if marks else level
    chart = {name: row * (1 + own) for name, row in moves.items()}
    line = price_move(1, liquidation_price("long", 1, 1, 1 / leverage, Rules(MAINTENANCE)))
    by_mark, by_chart = np.flatnonzero(lowest <= line), np.flatnonzero(chart["low"] <= line)
    closed = int(by_mark[0]) if len(by_mark) else None
    touched = int(by_chart[0]) if len(by_chart) else None
    at = _clock if market is None else market.moment
    between = lambda n, m: _minutes(m - n) if market is None else lasting(market.times[m] - market.times[n])  # noqa: E731
    where = f"{price(start * (1 + line))} ({percent(line, signed=True)})"
    shown = (lambda value: money(round(value))) if market is None else price
    low, low_mark = shown(start * (1 + chart["low"].min())), shown(start * (1 + lowest.min()))
    if closed is not None and touched is None:
        end = f"Closed at {at(closed)} by the mark, at a price your chart never showed."
    elif closed is None and touched is not None:
        end = f"Your chart went through the line at {at(touched)}, the mark did not: the position stays open."
    elif closed is None:
        end = "Neither reached the line: the position stays open."
    elif touched < closed:
        end = f"Closed at {at(closed)} by the mark, {between(touched, closed)} after your chart first crossed the line."
    elif touched > closed:
        end = f"Closed at {at(closed)} by the mark, {between(closed, touched)} before your chart showed that price."
    else:
        end = f"Closed at {at(closed)}, when both crossed the line."
    if market is None:
        same = "as far as" if own == 0 else f"{percent(abs(own))} {'further than' if own > 0 else 'less than'}"
        sentence = (
            f"{times(leverage)} long from {money(start)}, liquidation at {where}. The mark is the mean of the last {_minutes(averaged, 'close')}; "
            f"your exchange's trades move {same} the others. Your chart's lowest trade was {low}, the lowest mark {low_mark}. {end}"
        )
    else:
        rule = f"the exchange's own mark price ({market.source})" if marks else f"not in these candles: the mean of the last {_minutes(averaged, 'close')} ({lasting(averaged * market.step)}) stands for it"
        sentence = (
            f"{market.name}, {market.period}{market.missing}: {times(leverage)} long from {price(start)}, liquidation at {where}. The mark is {rule}. "
            f"The lowest trade was {low}, the lowest mark {low_mark}. {end}"
        )
    return Result(
        leverage=leverage, start=start, line=line, mark=level, own_mark=mark, chart=chart, closed=closed, touched=touched, by_chart=touched is not None,
        market=market, sentence=sentence, dates=data.whole("btc_1min_2025-02-03", "Minutes") if market is None else Dates(),
    )  # fmt: skip


def _moves(market):
    """The bars of a market as moves since its first price, and that price."""
    start = market.open[0]
    return {name: market.arrays[name] / start - 1 for name in ("open", "high", "low", "close")}, start


def _minutes(count, word="minute"):
    return f"{count} {word}{'' if count == 1 else 's'}"


# --- two crashes by the hour ----------------------------------------------------------------------

CRASHES = {"2020": ("March 2020", "2020-03-12", "2020-03-13"), "2021": ("May 2021", "2021-05-19")}
RUNGS = (2, 3, 5, 10, 25)


@cache
def hours(crash):
    """The hours of a crash: arrays open, high, low, close in dollars, and the times as printed."""
    table = data.load("btc_1h_crash_windows")
    table = table[table["time_utc"].str[:10].isin(CRASHES[crash][1:])]
    return {name: table[name].to_numpy(float) for name in ("open", "high", "low", "close")}, tuple(table["time_utc"])


def crash(side, leverage, hour, crash=None, market=None):
    """Open at the start of an hour (a bar): which leverages are alive at the end, and when did the others go."""
    bars, names = hours(crash) if market is None else ({name: market.arrays[name] for name in ("open", "high", "low", "close")}, None)
    start = bars["open"][hour]
    moves = {name: row / start - 1 for name, row in bars.items()}

    def end(rung):
        line = price_move(1, liquidation_price(side, 1, 1, 1 / rung, Rules(MAINTENANCE)))
        hit = moves["low"] <= line if side == "long" else moves["high"] >= line
        hit[:hour] = False
        return line, (int(np.flatnonzero(hit)[0]) if hit.any() else None)

    line, gone = end(leverage)
    extreme, against = ("lowest", moves["low"][hour:].min()) if side == "long" else ("highest", moves["high"][hour:].max())
    last = moves["close"][-1]
    if market is None:
        at = lambda n, zone="": f"{names[n][11:]}{zone} on {int(names[n][8:10])} {CRASHES[crash][0]}"  # noqa: E731
        bar, held = "hour", f"{gone - hour + 1} hour{'' if gone == hour else 's'}" if gone is not None else ""
        opened = f"from {at(hour, ' UTC')}, at {price(start)}"
    else:
        at = market.moment
        bar, held = "bar", lasting(market.times[gone] + market.step - market.times[hour]) if gone is not None else ""
        opened = f"on {market.name}, {market.period}{market.missing}: opened at {at(hour)} at {price(start)}"
    if gone is None:
        word = f" and did not reach that. It lives: at the end it stands at {percent(leverage * last * (1 if side == 'long' else -1), signed=True)} of its margin."
    else:
        word = f". It is closed in the {bar} from {at(gone)}, after {held}."
    return Result(
        crash=crash, side=side, leverage=leverage, hour=hour, bars=bars, line=line, gone=gone, names=names, market=market, held=held,
        rungs={rung: end(rung) for rung in RUNGS},
        sentence=(
            f"{times(leverage)} {side} {opened}, liquidation at {percent(line, signed=True)}. "
            f"The {extreme} trade from then on was {percent(against, signed=True)}{word}{'' if market is None or market.mark is None else ' Reckoned by trades, not by the mark: mark_or_last goes by that.'}"
        ),
    )  # fmt: skip


# --- who pays -------------------------------------------------------------------------------------

# A small exchange: a coin at $100. Name: (leverage, coins, entry price). Longs and shorts hold 40 coins each.
LONGS = {"Ana": (50, 6, 100), "Ben": (40, 5, 100), "Cem": (30, 5, 100), "Dia": (25, 6, 100), "Eli": (15, 4, 100), "Fay": (10, 6, 100), "Gus": (5, 8, 100)}
SHORTS = {"Ida": (20, 5, 100), "Jon": (10, 6, 101), "Kai": (6, 8, 104), "Lea": (4, 6, 100), "Max": (2, 8, 110), "Noa": (1, 7, 102)}
BOOKS = {"deep": 4.0, "thin": 0.4, "empty": 0.0}  # coins at each 0.2 % below the mark
VENUE_RATE = 0.01
FALLS = 30  # steps of half a percent


@cache
def _history(book, fund):
    """The venue at every half percent of a fall of 15 %: what was closed and how, and what everyone has."""
    accounts = [Account(name, side, float(entry), float(coins), coins * entry / L) for side, group in (("long", LONGS), ("short", SHORTS)) for name, (L, coins, entry) in group.items()]
    venue, states, ends, taken = Venue(accounts, fund), [], {}, {}
    market = adl = 0.0
    for step in range(FALLS + 1):
        mark = 100.0 - step / 2
        levels = [(round(mark * (1 - 0.002 * k), 6), BOOKS[book]) for k in range(1, 26)] if BOOKS[book] else []
        while due := venue.due(mark, VENUE_RATE):
            one = venue.liquidate(due[0], mark, levels)
            levels = list(one.book)
            parts = {how: sum(close.quantity for close in one.closes if close.how == how) for how in ("market", "adl")}
            market, adl = market + parts["market"], adl + parts["adl"]
            ends[due[0]] = "adl" if parts["adl"] else "market"
            for close in one.closes:
                if close.how == "adl":
                    taken[close.name] = taken.get(close.name, 0.0) + close.quantity
        open_now = {one.name: one for one in venue.accounts()}
        worth = {name: (one.margin + pnl(one.side, one.quantity, one.entry_price, mark)) for name, one in open_now.items()}
        states.append(
            {
                "mark": mark, "ends": dict(ends), "taken": dict(taken), "worth": worth, "open": {name: one.quantity for name, one in open_now.items()},
                "lights": {row["name"]: int(row["lights"]) for row in venue.queue("short", mark)}, "queue": [row["name"] for row in venue.queue("short", mark)],
                "fund": venue.fund, "uncovered": venue.uncovered, "market": market, "adl": adl, "total": float(venue.total(mark)), "exact": venue.total(mark),
            }  # fmt: skip
        )
    return tuple(states)


def venue(move, book, fund):
    """Seven longs, six shorts, a book and a fund, after a fall: who is closed, and who pays."""
    states = _history(book, fund)
    place = min(int(-move * 200 + 1e-9), FALLS)
    now = states[place]
    closed = len(now["ends"])
    nobody = f" Nobody bids: there is no price at which the fund could help, so {'they go' if closed > 1 else 'it goes'} to the shorts at once." if closed and not BOOKS[book] else ""
    if not closed:
        what = f"0 of {len(LONGS)} longs closed."
    else:
        ways = [f"{plain(now['market'])} coins into the book"] * (now["market"] > 1e-9) + [f"{plain(now['adl'])} coins against shorts, by deleveraging"] * (now["adl"] > 1e-9)
        what = f"{closed} of {len(LONGS)} longs closed: {', '.join(ways)}.{nobody}"
    hit = [name for name in SHORTS if now["taken"].get(name, 0) > 1e-9]
    who = f" {len(hit)} of {len(SHORTS)} shorts deleveraged{': ' * bool(hit)}{', '.join(hit)}."
    next_ = f" First in the queue: {', then '.join(now['queue'][:2])}." if now["queue"] else ""
    moved = ", as at the start" if abs(now["fund"] - fund) < 0.005 else f"; it began with {money(fund)}"
    r = Result(move=-place / 200, book=book, start_fund=float(fund), **{key: value for key, value in now.items() if key != "exact"})
    r.sentence = (
        f"A coin at {money(now['mark'])} ({percent(r.move, signed=True)}), book {book}. {what}{who}{next_} The fund holds {money(round(now['fund'], 2))}{moved}. "
        f"All money together: {money(now['total'])}, as at the start."
    )
    return r


# --- how long a position lives --------------------------------------------------------------------

LIFE_MAINTENANCE = 0.001
PATHS = 1500
TIMES = np.geomspace(0.5, 2160, 45)
SIMULATED = {"bell": "gaussian", "fat tails": "fat tails", "clusters": "clusters"}


@cache
def volatility():
    """The measured table's own volatility, so that only the shape differs."""
    return survival.measured_volatility()


@cache
def paths(model):
    """1,500 simulated price paths of 90 days (seeded), once for each kind."""
    return survival.simulate(PATHS, survival.measured_hours(), volatility(), model=SIMULATED[model])


def span(hours):
    """Hours in words."""
    if hours < 1:
        return f"{plain(60 * hours, 1)} minutes"
    if hours == 1:
        return "1 hour"
    return f"{plain(hours, 1)} hours" if hours < 48 else f"{plain(hours / 24, 1)} days"


def lifetime(side, leverage, simulated):
    """How many of many such positions are still open, over time: measured, by the bell curve, simulated."""
    move = survival.adverse_move(leverage, LIFE_MAINTENANCE)
    at = survival.measured_hours()
    measured = (1 - survival.measured(side, move, np.array(at))).tolist()
    walked = [1 - survival.share_reached(paths(simulated), side, move, hour) for hour in at]
    curve = 1 - survival.chance_reached(side, move, TIMES, volatility())
    half = survival.median_hours(side, move, volatility())
    after, by = survival.median_between(at, [1 - share for share in measured])
    if by < np.inf:
        half_gone = f"half are gone {f'within {span(by)}' if after == 0 else f'between {span(after)} and {span(by)}'}"
    else:
        half_gone = f"fewer than half are gone after {span(after)}"
    day = at.index(24)
    return Result(
        side=side, leverage=leverage, distance=move, at=at, measured=measured, walked=walked, curve=curve, half=half, simulated=simulated,
        dates=data.whole(survival.MEASURED, "Measured hours"),
        sentence=(
            f"{times(leverage)} {side}, closed at {percent(move)}. Measured from 39,955 starting hours, {percent(measured[0], decimals=1)} are still open after 1 hour, "
            f"{percent(measured[day], decimals=1)} after a day; {half_gone}. The bell curve says {span(half)}; "
            f"of {PATHS:,} simulated paths ({simulated}) {percent(walked[day], decimals=1)} are open after a day."
        ),
    )  # fmt: skip
