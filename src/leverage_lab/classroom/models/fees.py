"""Models of chapter 4: what a position costs while the price stands still."""

from functools import cache

import numpy as np

from leverage_lab import data
from leverage_lab.claims import LOAN
from leverage_lab.classroom.models import Result
from leverage_lab.exchanges import exchange, fact, of_facts
from leverage_lab.fees import (
    CLOCKS,
    break_even_price,
    funding_over_path,
    funding_payment,
    funding_settlements,
    interest,
    leverage_fee,
    to_coin,
    trading_fee,
    units_charged,
)
from leverage_lab.leverage import notional, quantity
from leverage_lab.liquidation import Rules, crossing_price, maintenance_margin
from leverage_lab.words import amount, money, percent, plain, times

PRICE = 100.0  # it stands still
MARGIN = 100.0  # so that a dollar is a percent of it
SPREAD = 0.0001  # between the best bid and the best offer, in the waterfall
USUAL = 0.0001  # funding for 8 hours: the interest part of Binance's and Bybit's rule (0.03 % a day)
A_DAY = 3  # settlements, every 8 hours


@cache
def fee_rates():
    """Maker and taker rate of the waterfall: OKX perpetuals, lowest tier, as in data/fees.csv."""
    okx = exchange("OKX")
    return {"maker": okx.maker_fee, "taker": okx.taker_fee}


@cache
def okx_dates():
    """When these are from. Spread and funding are examples, and the picture says so."""
    return of_facts([fact("OKX", "maker_fee"), fact("OKX", "taker_fee")], "OKX's fees")


def fee_waterfall(side, leverage, orders, days):
    """Where $100 of margin went while the price stood still."""
    days = int(days)
    coins = quantity(MARGIN, leverage, PRICE)
    value = notional(coins, PRICE)
    fee = trading_fee(value, fee_rates()[orders])
    funding = A_DAY * days * funding_payment(side, coins, PRICE, USUAL)
    costs = {"opening fee": fee, "spread": value * SPREAD if orders == "taker" else 0.0, "funding": funding, "closing fee": fee}
    total = sum(costs.values())
    left = MARGIN - total
    spread = f" the spread {money(costs['spread'])}" if costs["spread"] else " and no spread is paid"
    paid = "cost" if funding >= 0 else "bring"
    if days:
        held = f" {A_DAY * days} settlements of funding in {days} {'day' if days == 1 else 'days'} {paid} {money(abs(funding))}."
    else:
        held = " It is closed before any funding."
    if left > MARGIN:
        end = f" {money(left)} comes back for {money(MARGIN)}, {percent(-total / MARGIN, signed=True)} of the margin, and the price has not moved."
    elif left > 0:
        end = f" {money(left)} of {money(MARGIN)} is left, {percent(-total / MARGIN, signed=True)} of the margin, and the price has not moved."
    else:
        more = "the whole margin:" if left > -0.005 else f"more than the margin of {money(MARGIN)}:"
        end = f" That is {money(total)} in all, {more} this position does not live that long, and loses {percent(1)} of its margin."
    return Result(
        side=side,
        costs=costs,
        left=left,
        total=total,
        change=max(-1.0, -total / MARGIN),
        dates=okx_dates(),
        sentence=(
            f"{money(MARGIN)} at {times(leverage)} is a {side} of {money(value)}. {orders.capitalize()} orders cost {money(fee)} to open and "
            f"{money(fee)} to close,{spread}.{held}{end}"
        ),
    )


@cache
def first_tier():
    """Maintenance as MEXC's help pages have it, with the rate of its first tier (API documentation, undated): what the claims are checked with."""
    mexc = exchange("MEXC")
    return Rules(mexc.maintenance_rate, mexc.maintenance_basis)


@cache
def first_tier_dates():
    return of_facts([fact("MEXC", "maintenance_rate"), fact("MEXC", "maintenance_basis")], "MEXC's maintenance")


def to_pay(fee, spread):
    """How far the quotes must rise until bought at the offer and sold at the bid pays both fees."""
    return break_even_price("long", PRICE, fee, fee) / (PRICE * (1 - spread)) - 1


def to_liquidation(leverage):
    """Distance of a long's liquidation price from its entry; leverage may be an array."""
    coins = quantity(MARGIN, leverage, PRICE)
    return 1 - crossing_price("long", PRICE, coins, MARGIN, first_tier()) / PRICE


def way_to_pay(leverage, fee, spread):
    """How far up to pay the costs, and how far down to liquidation."""
    up, down = to_pay(fee, spread), to_liquidation(leverage)
    share, by_spread = up / down, spread / down
    return Result(
        leverage=leverage,
        up=up,
        down=down,
        spread=spread,
        share=share,
        by_spread=by_spread,
        dates=first_tier_dates(),
        sentence=(
            f"A fee of {percent(fee, decimals=3)} each way and a spread of {percent(spread, decimals=3)}: the price must rise {percent(up, decimals=3)} to pay for the "
            f"round trip, {money(up * MARGIN * leverage)} on a long of {money(MARGIN * leverage)}. At {times(leverage)} liquidation is {percent(down)} below, so the "
            f"costs are {percent(share, decimals=1)} of that way, the spread alone {percent(by_spread, decimals=1)}."
        ),
    )


VALUE = 10_000.0
INTERVALS = {"8 hours": 8, "4 hours": 4, "1 hour": 1}


def clock(hours):
    """7.5 is 7:30, 31.5 is 7:30 on the next day."""
    minutes = round(hours * 60)
    day = "" if minutes < 24 * 60 else " the next day"
    return f"{minutes // 60 % 24}:{minutes % 60:02}{day}"


def hours_word(hours):
    return "half an hour" if hours == 0.5 else "1 hour" if hours == 1 else f"{plain(hours)} hours"


def settlements(opened, held, interval):
    """Which funding times fall into the time a position is held."""
    every = INTERVALS[interval]
    rate = USUAL * every / 8
    count = funding_settlements(opened, held, every)
    once = funding_payment("long", VALUE / PRICE, PRICE, rate)
    ticks = np.arange(0, 49, every)
    met = ticks[(ticks > opened + 1e-9) & (ticks <= opened + held + 1e-9)]
    by_time = VALUE * USUAL * held / 8
    moments = "no moment of settlement lies" if count == 0 else f"{count} moment{'s' * (count > 1)} of settlement {'lies' if count == 1 else 'lie'}"
    return Result(
        opened=opened,
        held=held,
        ticks=ticks,
        met=met,
        count=count,
        paid=count * once,
        by_time=by_time,
        sentence=(
            f"A long of {money(VALUE)}, opened at {clock(opened)}, closed at {clock(opened + held)}: {moments} in {'this ' + hours_word(held).removeprefix('1 ').replace('half an', 'half') if held <= 1 else f'these {hours_word(held)}'}, so it pays "
            f"{money(count * once)} (at {percent(USUAL)} for 8 hours, settled every {interval if every > 1 else 'hour'}). By the minute it would be {money(by_time)}."
        ),
    )


DAYS = 30
STILL_RULES = Rules(0.004, "mark")


def standing_still(side, leverage, rate):
    """The price stands still, funding is paid out of the margin, and the liquidation price moves."""
    coins = quantity(MARGIN, leverage, PRICE)
    payments = funding_over_path(side, coins, np.full(DAYS * A_DAY, PRICE), rate)
    margins = MARGIN - np.concatenate([[0.0], np.cumsum(payments)])
    need = maintenance_margin(coins, PRICE, STILL_RULES)
    dead = np.flatnonzero(margins <= need * (1 + 1e-9))
    end = int(dead[0]) if len(dead) else None
    last = end if end is not None else len(margins) - 1
    prices = crossing_price(side, PRICE, coins, margins[: last + 1], STILL_RULES)
    moves = np.maximum(prices, 0) / PRICE - 1  # below a price of 0 there is nothing
    once, left = payments[0], margins[last]
    what = "nothing is paid" if once == 0 else f"it {'pays' if once > 0 else 'receives'} {money(abs(once))} every 8 hours"
    begin = (
        f"{money(MARGIN)} at {times(leverage)}, {side}, {money(coins * PRICE)}; at a rate of {percent(rate, signed=True, decimals=3)} {what}. "
        f"Liquidation is {percent(abs(moves[0]))} away at the start."
    )
    if end is not None:
        days = end / A_DAY
        then = f"After {end} settlements, {money(MARGIN - left)} in all, on day {plain(days, decimals=1)}, it has reached the price, which stood still: liquidated, with {money(left)} of the margin left where {money(need)} must remain."
    elif once > 0:
        then = f"After {DAYS} days it is {percent(abs(moves[-1]))} away and {money(left)} of the margin is left."
    else:
        then = f"After {DAYS} days the margin is {money(left)}" + (f" and liquidation {percent(abs(moves[-1]))} away." if once else ", and liquidation where it was.")
    return Result(
        side=side,
        leverage=leverage,
        moves=moves,
        days=np.arange(last + 1) / A_DAY,
        end=None if end is None else end / A_DAY,
        left=left,
        margins=margins,
        start=abs(moves[0]),
        sentence=f"{begin} {then}",
    )


OWN, TIMES, DAILY = float(LOAN["margin"]), LOAN["leverage"], LOAN["rate"]  # the fee article's case
CHARGED = {"loan": "borrowed", "whole": "whole"}
LONGEST = 6  # hours on the axis


def lent(basis, leverage=TIMES):
    """What interest is taken on: the borrowed part, or the whole position."""
    return OWN * (leverage if basis == "whole" else leverage - 1)


def clock_lines(minute, basis):
    """Cost over the hours held, for each clock: {name: (hours, dollars)}. Staircases for three, a line for the exact time."""
    hours = np.linspace(1 / 3600, LONGEST, 2161)
    found = {}
    for name, (settings, wall) in LOAN_CLOCKS.items():
        offset = {"clock_offset_hours": minute / 60} if wall else {}
        found[name] = (hours, interest(lent(basis), DAILY, 24, hours, **CLOCKS[settings], **offset))
    return found


# Shown: name → (its setting, on the wall clock?). The pages and their dates stand in data/margin_interest.csv.
LOAN_CLOCKS = {
    "exact": ("exact", False),
    "own started": ("started hour", False),
    "wall started": ("started hour", True),
    "wall completed": ("completed hour", True),
}


def interest_in_words(value):
    """To the tenth of a cent: an hour costs $1.125, and two of them cost twice as much."""
    text = plain(value, decimals=3)
    return money(value) if len(text.partition(".")[2]) < 3 else f"${text}"


def loan_clocks(minute, held, basis):
    """The same loan under five clocks."""
    hours = held / 60
    sums = {}
    for name, (settings, wall) in {**LOAN_CLOCKS, "day": ("started day", False)}.items():
        offset = {"clock_offset_hours": minute / 60} if wall else {}
        units = units_charged(hours, **CLOCKS[settings], **offset) * CLOCKS[settings]["unit_hours"]
        sums[name] = (units, interest(lent(basis), DAILY, 24, hours, **CLOCKS[settings], **offset))
    told = "; ".join(
        f"{words} {interest_in_words(sums[name][1])} ({hours_word(sums[name][0])})"
        for name, words in (
            ("own started", "every started hour"),
            ("wall started", "every started hour of the wall clock"),
            ("wall completed", "only full hours passed on the wall clock"),
            ("day", "every started day"),
        )
    )
    return Result(
        minute=minute,
        hours=hours,
        basis=basis,
        sums=sums,
        sentence=(
            f"{money(lent(basis))} at {percent(DAILY)} a day, lent at 13:{int(minute):02} for {int(held) // 60} h {int(held) % 60:02} min. "
            f"By the second {interest_in_words(sums['exact'][1])}. Charged: {told}."
        ),
    )


@cache
def printed():
    """What the fee article prints, by claim: {id: number}."""
    claims = data.load("article_claims").set_index("id")["article_value"]
    return {id: float(claims[id]) for id in ("F02", "F03", "F04", "F06", "F07")}


@cache
def article_dates():
    return data.whole("article_claims", "The article")


COIN = 25_000.0


def fee_article(leverage, days, split, basis):
    """The fee article's calculation, step by step, beside what it prints."""
    days = int(days)
    whole = leverage_fee(OWN, leverage, DAILY, days, split, CHARGED[basis])
    steps = [
        lent(basis, leverage),
        leverage_fee(OWN, leverage, DAILY, 1, 1, CHARGED[basis]),
        leverage_fee(OWN, leverage, DAILY, days, 1, CHARGED[basis]),
        whole,
        to_coin(whole, COIN),
    ]
    same = (leverage, days, split, basis) == (TIMES, LOAN["days"], LOAN["split"], "whole")
    if same:
        end = f"The article prints {money(printed()['F06'])} and {amount(printed()['F07'], 'BTC')}."
    else:
        end = f"The crosses belong to the article's own case, {times(TIMES)}, {LOAN['days']} days and a split of {percent(LOAN['split'])}."
    return Result(
        steps=steps,
        dates=article_dates(),
        days=days,
        split=split,
        same=same,
        sentence=(
            f"{money(OWN)} at {times(leverage)}: {money(steps[0])} is charged {percent(DAILY)} a day, {money(steps[1])}; in {days} {'day' if days == 1 else 'days'} "
            f"{money(steps[2])}; with a split of {percent(split)} {money(whole)}, or {amount(steps[4], 'BTC')} at {money(COIN)}. {end}"
        ),
    )


def holding_cost(side, leverage, rate, days):
    """What holding the article's $100,000 costs: as printed, as computed, as a loan, as a future."""
    days = int(days)
    value = OWN * TIMES
    own = value / leverage
    daily_printed = printed()["F03"]
    loan = interest(value - own, DAILY, 24, 24 * days, **CLOCKS["started hour"])
    funding = A_DAY * days * funding_payment(side, value / PRICE, PRICE, rate)
    bars = [daily_printed * days, value * DAILY * days, loan, funding]
    does = "pays" if funding > 0 else "receives" if funding < 0 else "pays nothing,"
    return Result(
        bars=bars,
        dates=article_dates(),
        days=days,
        side=side,
        sentence=(
            f"{money(value)} held for {days} {'day' if days == 1 else 'days'} at {times(leverage)}, {money(own)} of it your own. By the article's printing {money(bars[0])}, "
            f"by its formula {money(bars[1])}; a spot loan of {money(value - own)} costs {money(loan)}. A future borrows nothing: the {side} {does} {money(abs(funding))} of funding, "
            f"{percent(-funding / own, signed=True)} of the margin."
        ),
    )
