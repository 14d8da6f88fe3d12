"""Models of chapter 3: the same positions in isolated and in cross mode.

Every number comes from an `Account`; a close counts as the default of `liquidate` has it: what is left of the
margin, or of the cross wallet, goes to the exchange's fund.
"""

from functools import cache, lru_cache

import numpy as np

from leverage_lab import data
from leverage_lab.classroom.models import Result
from leverage_lab.liquidation import Rules
from leverage_lab.margin import Account, Holding, liquidate, walk
from leverage_lab.words import money, percent, times

ENTRY = 100.0  # where only the percentages count, the price starts at 100
WALLET = 1000.0
RULES = Rules(0.005)  # maintenance margin: 0.5 % of the value now
MODES = ("isolated", "cross")


def bet(symbol, side, value, leverage, mode, added=0.0):
    """A position of `value` dollars opened at 100."""
    return Holding(symbol, side, ENTRY, value / ENTRY, leverage, RULES, mode=mode, added_margin=added)


@lru_cache(maxsize=100)  # a move of the price opens the same ones again
def opened(wallet, *bets):
    """An account with these positions, all opened at 100."""
    account = Account(wallet)
    for held in bets:
        account = account.open(held, {held.symbol: ENTRY} | {h.symbol: ENTRY for h in account.positions})
    return account


def _cents(value):
    """Without the last bits of a float: 0 where gains and losses cancel."""
    return round(value, 9) + 0.0


def _moved(name, move):
    return f"{name} stands still" if move == 0 else f"{name} {'rises' if move > 0 else 'falls'} {percent(abs(move))}"


def _end(price):
    """Where a position ends, as a move since the entry; nan where no price does it, −1 where only a worthless coin does."""
    return price / ENTRY - 1


@lru_cache(maxsize=100)
def ends_of(account):
    """Where each position ends, {(symbol, side): move}, all coins at the entry."""
    return {key: _end(price) for key, price in account.liquidation_prices({held.symbol: ENTRY for held in account.positions}).items()}


def _ends(move):
    """"−9.55 %", or words where no fall of the coin reaches it."""
    return f"at {percent(move, signed=True)}" if move > -1 + 1e-9 else "at no price" if move != move else "only if the coin becomes worthless"


def _change(value, wallet):
    return f"{money(value, signed=True)}, {percent(value / wallet, signed=True)} of the wallet"


# --- one position, two modes ----------------------------------------------------------------------


def two_modes(account, margin, leverage, move):
    """One wallet, one long: what isolated and what cross loses at a price."""
    now = {"X": ENTRY * (1 + move)}
    r = Result(account=account, margin=margin, leverage=leverage, move=move, change={}, closed={}, end={})
    for mode in MODES:
        before = opened(account, bet("X", "long", margin * leverage, leverage, mode))
        after, events = liquidate(before, now)
        r.change[mode] = _cents(after.equity(now) - account)
        r.closed[mode] = bool(events)
        r.end[mode] = ends_of(before)["X", "long"]
    r.paper = _cents(before.unrealised(now))
    told = [
        f"{mode.capitalize()}: {'closed' if r.closed[mode] else 'still open'}, {_change(r.change[mode], account)} (it ends {_ends(r.end[mode])})."
        for mode in MODES
    ]
    r.sentence = (
        f"{money(margin)} at {times(leverage)} is a position of {money(margin * leverage)} on a wallet of {money(account)}. "
        f"{_moved('The price', move)}: {money(r.paper, signed=True)} on paper. {' '.join(told)}"
    )
    return r


# --- three positions on one wallet ----------------------------------------------------------------

COINS = ("BTC", "ETH", "SOL")
LOCKED = 200.0


def three_positions(leverage, btc, eth, sol):
    """Three longs with $200 each of a wallet of $1,000, each coin with a move of its own."""
    moves = dict(zip(COINS, (btc, eth, sol)))
    now = {coin: ENTRY * (1 + move) for coin, move in moves.items()}
    r = Result(leverage=leverage, moves=moves, change={}, closed={}, pnl={}, lost={})
    for mode in MODES:
        before = opened(WALLET, *(bet(coin, "long", LOCKED * leverage, leverage, mode) for coin in COINS))
        after, events = liquidate(before, now)
        r.change[mode] = _cents(after.equity(now) - WALLET)
        r.closed[mode] = [event.symbol for event in events]
        r.pnl = {coin: before.holding(coin, "long").unrealised(now[coin]) for coin in COINS}
    r.own = {coin: -LOCKED if coin in r.closed["isolated"] else r.pnl[coin] for coin in COINS}
    r.required = before.requirement(now)
    paper = _cents(sum(r.pnl.values()))
    said = ", ".join(f"{coin} {percent(move, signed=True)}" for coin, move in moves.items())
    gone = {mode: ("none closed", *("one closed", "two closed", "all three closed"))[len(r.closed[mode])] for mode in MODES}
    which = f" ({' and '.join(sorted(r.closed['isolated']))})" if 0 < len(r.closed["isolated"]) < 3 else ""
    r.sentence = (
        f"Three longs of {money(LOCKED * leverage)} each, {money(LOCKED)} at {times(leverage)}; {said}: {money(paper, signed=True)} on paper together. "
        f"Isolated: {gone['isolated']}{which}, {_change(r.change['isolated'], WALLET)}. Cross: {gone['cross']}, {_change(r.change['cross'], WALLET)}."
    )
    return r


# --- one path, two modes --------------------------------------------------------------------------

PATHS = ("falls and comes back", "falls and goes on", "3 February 2025", "12–13 March 2020", "19 May 2021")
MADE = PATHS[:2]


@cache
def path(name):
    """(time, move since the start, unit of time). The first two are drawn by hand, the others are trades of BTC/USD."""
    if name in MADE:
        knots = {"falls and comes back": (0, -0.03, -0.12, -0.05, 0.04), "falls and goes on": (0, -0.03, -0.12, -0.2, -0.55)}[name]
        time = np.linspace(0, 100, 201)
        wobble = 0.006 * np.sin(time * 0.9) * np.sin(np.pi * time / 100)
        return time, np.interp(time, (0, 20, 45, 65, 100), knots) + wobble, "steps"
    if name == PATHS[2]:
        bars, unit, width = data.load("btc_1min_2025-02-03"), "minutes", 1
    else:
        bars, unit, width = data.load("btc_1h_crash_windows"), "hours", 1
        bars = bars[bars.time_utc.str.startswith("2020" if "2020" in name else "2021")]
    # Within a bar: against its body first (a rising bar's low before its high, a falling bar's high before its low).
    rising = (bars.close >= bars.open).to_numpy()
    first, second = np.where(rising, bars.low, bars.high), np.where(rising, bars.high, bars.low)
    prices = np.column_stack([bars.open, first, second, bars.close]).ravel()
    time = (np.arange(len(bars))[:, None] + np.array([0, 0.3, 0.7, 1])).ravel() * width
    return time, prices / prices[0] - 1, unit


def one_path(side, margin, leverage, name):
    """The same position walks the same path in both modes, on a wallet of $1,000."""
    time, moves, unit = path(name)
    prices = ENTRY * (1 + moves)
    r = Result(side=side, margin=margin, leverage=leverage, name=name, time=time, moves=moves, unit=unit, line={}, closed={}, end={}, change={})
    for mode in MODES:
        account = opened(WALLET, bet("X", side, margin * leverage, leverage, mode))
        walked = walk(account, {"X": prices})
        r.line[mode] = walked.equity
        r.closed[mode] = walked.events[0].step if walked.events else None
        r.change[mode] = _cents(float(walked.equity[-1]) - WALLET)
        r.end[mode] = ends_of(account)["X", side]
    low, high = moves.min(), moves.max()
    told = [f"{mode.capitalize()} (ends {_ends(r.end[mode])}): {_fate(r, mode)}" for mode in MODES]
    r.sentence = (
        f"{times(leverage)} {side}, {money(margin)} of a wallet of {money(WALLET)}, {_where(name)}: between {percent(low, signed=True)} and "
        f"{percent(high, signed=True)} on the way, {percent(moves[-1], signed=True)} at the end. {' '.join(told)}"
    )
    return r


def _where(name):
    return f"a path drawn by hand that {name}" if name in MADE else f"BTC on {name}, as traded"


def _fate(r, mode):
    if r.closed[mode] is None:
        return f"open to the end, {_change(r.change[mode], WALLET)} ({money(r.line[mode].min() - WALLET, signed=True)} at the worst)."
    return f"closed at {percent(r.moves[r.closed[mode]], signed=True)}, {_change(r.change[mode], WALLET)}."


# --- adding margin --------------------------------------------------------------------------------


def adding(margin, leverage, added, move):
    """An isolated long before and after money was added, and the same in cross mode."""
    value, now = margin * leverage, {"X": ENTRY * (1 + move)}
    rows = {
        "as opened": opened(WALLET, bet("X", "long", value, leverage, "isolated")),
        "with more margin": opened(WALLET, bet("X", "long", value, leverage, "isolated", added)),
        "cross": opened(WALLET, bet("X", "long", value, leverage, "cross")),
    }
    r = Result(margin=margin, leverage=leverage, added=added, move=move, end={}, change={}, closed={}, stake={})
    for name, account in rows.items():
        after, events = liquidate(account, now)
        r.end[name] = ends_of(account)["X", "long"]
        r.change[name] = _cents(after.equity(now) - WALLET)
        r.closed[name] = bool(events)
        r.stake[name] = WALLET if name == "cross" else account.positions[0].margin
    first, more = r.end["as opened"], r.end["with more margin"]
    room = f" ({percent(first - more)} of the price more room)" if added and more > -1 + 1e-9 else ""
    told = {name: ("closed" if r.closed[name] else "open") + f", {_change(r.change[name], WALLET)}" for name in rows}
    r.sentence = (
        f"{money(margin)} at {times(leverage)} is closed {_ends(first)}; with {money(added)} more {_ends(more)}{room}. {_moved('The price', move)}. "
        f"As opened: {told['as opened']}. With {money(added)} more: {told['with more margin']}; {money(r.stake['with more margin'])} is at stake. "
        f"Cross: {told['cross']}."
    )
    return r


# --- a long and a short of the same coin ----------------------------------------------------------

LEG = 2000.0


def hedged(leverage, move, back):
    """$2,000 long and $2,000 short of one coin: the price goes to `move` and comes back by the share `back`."""
    out = np.linspace(0, move, 61)
    moves = np.concatenate([out, np.linspace(move, move * (1 - back), 61)[1:]])
    prices = ENTRY * (1 + moves)
    r = Result(leverage=leverage, move=move, back=back, moves=moves, line={}, change={}, closed={}, range={})
    for mode in MODES:
        account = opened(WALLET, bet("X", "long", LEG, leverage, mode), bet("X", "short", LEG, leverage, mode))
        walked = walk(account, {"X": prices})
        r.line[mode] = walked.equity - WALLET
        r.change[mode] = _cents(float(walked.equity[-1]) - WALLET)
        r.closed[mode] = [event.side for event in walked.events]
        r.range[mode] = ends_of(account)["X", "long"], ends_of(account)["X", "short"]
        if mode == "cross":
            r.required = account.requirement({"X": prices[-1]})
    closed = r.closed["isolated"]  # never both: the price does not come back further than to the entry
    at = percent(r.range["isolated"][0 if move < 0 else 1], signed=True)
    told = f"the {closed[0]} is closed at {at}, its {money(LEG / leverage)} lost" if closed else "both legs stay open"
    r.sentence = (
        f"{money(LEG)} long and {money(LEG)} short of one coin at {times(leverage)}. {_moved('The price', move)} and comes back {percent(back)} of the way, to {percent(moves[-1], signed=True)}. "
        f"Isolated: {told}; at the end {_change(r.change['isolated'], WALLET)}. "
        f"Cross: both open, {_change(r.change['cross'], WALLET)}; {money(r.required)} is required of the {money(WALLET)}."
    )
    return r


# --- two coins: a line, not a number --------------------------------------------------------------

EACH, AT = 3000.0, 20.0


def plane(side, account, btc, eth):
    """A cross account with $3,000 long BTC and $3,000 of ETH: where in the plane of both moves it is closed."""
    book = opened(account, bet("BTC", "long", EACH, AT, "cross"), bet("ETH", side, EACH, AT, "cross"))
    marks = {"BTC": ENTRY * (1 + btc), "ETH": ENTRY * (1 + eth)}
    have, need = book.cross_equity(marks), book.requirement(marks)
    r = Result(side=side, account=account, btc=btc, eth=eth, equity=have, required=need, dead=bool(have <= need))
    r.edge = edge(side, account)
    r.stated = {} if r.dead else {symbol: _end(price) for (symbol, _), price in book.liquidation_prices(marks).items()}
    r.first = {symbol: end for (symbol, _), end in ends_of(book).items()}
    start = f"On a wallet of {money(account)}: {money(EACH)} long BTC, {money(EACH)} {side} ETH, cross. BTC {percent(btc, signed=True)}, ETH {percent(eth, signed=True)} since the entry: "
    if r.dead:
        r.change = -account
        r.sentence = start + f"closed, all {money(account)} lost. The liquidation prices shown at the entry were {_shown('BTC', r.first)} and {_shown('ETH', r.first)}."
        return r
    r.change = _cents(have - account)
    r.sentence = start + (
        f"equity {money(have)}, required {money(need)}. Shown now as liquidation price: {_shown('BTC', r.stated)}, if ETH stays where it is, "
        f"and {_shown('ETH', r.stated)}, if BTC stays where it is; at the entry it was {_shown('BTC', r.first)} and {_shown('ETH', r.first)}."
    )
    return r


def _shown(symbol, ends):
    end = ends[symbol]
    return f"{symbol} at no price" if end != end else f"{symbol} at 0" if end <= -1 + 1e-9 else f"{symbol} {percent(end, signed=True)}"


@cache
def edge(side, account):
    """BTC moves at which the account is closed, over ETH moves of −100 % and +100 %: two ends of a straight line."""
    book = opened(account, bet("BTC", "long", EACH, AT, "cross"), bet("ETH", side, EACH, AT, "cross"))
    btc = np.array([ENTRY, 2 * ENTRY])
    ends = []
    for eth in (1e-9, 2 * ENTRY):
        marks = {"BTC": btc, "ETH": np.full(2, eth)}
        gap = book.cross_equity(marks) - book.requirement(marks)
        ends.append(float(-gap[0] / (gap[1] - gap[0])))
    return tuple(ends)
