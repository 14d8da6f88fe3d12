"""Models of chapter 6: size from risk, stop against liquidation, hedge, holding times, many accounts, evidence."""

from functools import cache

import numpy as np

from leverage_lab import data, dates, survival
from leverage_lab.classroom.models import Result
from leverage_lab.exchanges import exchange, fact, of_facts
from leverage_lab.leverage import initial_margin, price_move, quantity
from leverage_lab.liquidation import Rules
from leverage_lab.market import lasting
from leverage_lab.strategies import (
    cost_of_round_trip,
    expectancy,
    fixed_stop,
    hedge_over_path,
    max_leverage_for_stop,
    needed_win_rate,
    size_from_risk,
    stop_check,
    stop_loss,
)
from leverage_lab.words import money, percent, plain, price, times

ENTRY = 100.0  # where only the percentages count, the price starts at 100
TAKER = 0.0005  # a common fee for taking an order from the book, each way
RATE = 0.004  # a common maintenance rate of a first tier
HOLDING = 10_000  # dollars of coins that are hedged
SCALP = 10.0  # dollars of margin of the article's scalp


def share_in_words(value):
    """A share that was counted: one decimal, and no more digits than a count of some thousands carries."""
    return "less than 0.1\u00a0%" if 0 < value < 0.0005 else f"{plain(100 * value, 1, significant=0)}\u00a0%"


# --- size from risk


def sized(account, leverage, risk, stop):
    """A long so large that its stop costs `risk` of the account; leverage only decides what is locked."""
    size = size_from_risk("long", account, risk, ENTRY, ENTRY * (1 - stop), TAKER, TAKER)
    locked = initial_margin(size.quantity, ENTRY, leverage)
    check = stop_check("long", ENTRY, ENTRY * (1 - stop), size.quantity, locked, Rules(RATE, "entry"))
    fits, stopped = locked <= account, check.first == "stop"
    if not fits:
        end = f"At {times(leverage)} that would lock {money(locked)}, more than there is: such a trade does not fit into this account."
    elif stopped:
        end = (
            f"At {times(leverage)} it locks {money(locked)}, {percent(locked / account)} of the account; liquidation is "
            f"{percent(check.liquidation_distance)} away, behind the stop."
        )
    else:
        end = (
            f"At {times(leverage)} it locks {money(locked)}, {percent(locked / account)} of the account, but liquidation is only "
            f"{percent(check.liquidation_distance)} away, before the stop: the stop never fires."
        )
    return Result(
        account=account,
        leverage=leverage,
        risk=risk * account,
        stop=stop,
        notional=size.notional,
        fees=size.fees,
        locked=locked,
        liquidation=check.liquidation_distance,
        fits=fits,
        stopped=stopped,
        sentence=(
            f"{percent(risk)} of {money(account)} is {money(risk * account)}. With the stop {percent(stop)} away that is a position of "
            f"{money(size.notional)}: {money(size.price_loss)} for the price and {money(size.fees)} for both fees. {end}"
        ),
    )


# --- the stop against the liquidation


@cache
def _mexc():
    return exchange("MEXC")


@cache
def _mexc_dates(*names, what, price=False):
    """When these fields are from, and the price of the snapshot."""
    found = [fact("MEXC", name).as_of for name in names] + [*data.TABLES[data.SNAPSHOT].as_of] * price
    return dates.of(found, what=what)


def before_stop(side, leverage, stop, jump):
    """The article's scalp, $10 of margin: what comes first when the price slides or jumps against it."""
    s, entry = (1 if side == "long" else -1), data.asset("BTC").price
    rules, taker = Rules(_mexc().maintenance_rate, "entry"), _mexc().taker_fee
    coins = quantity(SCALP, leverage, entry)

    def at(distance):
        return entry * (1 - s * distance)

    check = stop_check(side, entry, at(stop), coins, SCALP, rules)
    nearer = min(stop, check.liquidation_distance)
    slid = 0.5 * nearer if jump else nearer
    landed = slid + jump
    jumped = jump > 0 and landed >= nearer * (1 - 1e-12)
    path = [entry, at(slid), at(landed)] if jumped else [entry, at(nearer)]
    lost = stop_loss(side, entry, at(stop), coins, SCALP, path, rules, opening_fee_rate=taker, closing_fee_rate=taker, fill="path" if jumped else "stop")
    planned = SCALP * leverage * stop
    way = "falls" if s > 0 else "rises"
    if jumped:
        move = f"The price jumps {percent(jump)} and is {percent(landed)} away"
    elif jump:
        move = f"A jump of {percent(jump)} is too short to reach either, and the price slides on"
    else:
        move = f"The price {way} without a jump"
    if lost.exit.first == "stop":
        end = f"the stop is filled at {price(lost.exit.price)}"
        cost = "fees included"
    else:
        end = "the position is liquidated"
        cost = f"all of the margin and {money(lost.loss - SCALP)} to open"
    return Result(
        side=side,
        levels={"entry": 0.0, "stop": stop, "liquidation": check.liquidation_distance, "bankruptcy": check.bankruptcy_distance},
        prices={"entry": entry, "stop": at(stop), "liquidation": check.liquidation_price, "bankruptcy": at(check.bankruptcy_distance)},
        first=lost.exit.first,
        slid=slid,
        landed=landed if jumped else nearer,
        jumped=jumped,
        out=-s * price_move(entry, lost.exit.price),
        planned=planned,
        dates=_mexc_dates("maintenance_rate", "taker_fee", what="MEXC's rates and the price", price=True),
        lost=lost.loss,
        margin=SCALP,
        sentence=(
            f"{money(SCALP)} at {times(leverage)}, {side} from {price(entry)}: stop {percent(stop)} away, liquidation {percent(check.liquidation_distance)}, "
            f"bankruptcy {percent(check.bankruptcy_distance)}. {move}: {end}. Margin × leverage × stop says {money(planned)}; lost are "
            f"{money(lost.loss)}, {cost}."
        ),
    )


@cache
def _minutes():
    table = data.load("btc_1min_2025-02-03")
    return table.open.to_numpy(), table.low.to_numpy(), table.high.to_numpy()


def stopped_minutes(side, stop, minutes, market=None):
    """Real minutes: a position opened at the first price of each, and whether its stop was touched in time. minutes: bars held."""
    opens, lows, highs = _minutes() if market is None else (market.arrays[name] for name in ("open", "low", "high"))
    worst = lows if side == "long" else highs
    windows = np.lib.stride_tricks.sliding_window_view(worst, minutes)
    places = np.arange(len(windows))
    if market is not None:  # where a bar is missing, nobody knows
        at = market.arrays["at"]
        places = places[at[minutes - 1 :] - at[: len(windows)] == minutes - 1]
        windows = windows[places]
    starts = len(places)
    s = 1 if side == "long" else -1
    levels = opens[places] * (1 - s * stop)
    touched = fixed_stop(side, windows, levels).index >= 0 if starts else np.zeros(0, bool)
    count = int(touched.sum())
    cap = max_leverage_for_stop(side, ENTRY, ENTRY * (1 - s * stop), Rules(_mexc().maintenance_rate, "entry"))
    within = f"within {minutes} minute{'s' * (minutes > 1)}" if market is None else f"within {lasting(minutes * market.step)}"
    if market is None:
        what = f"BTC, 3 February 2025, 00:00 to 03:00 UTC: a {side} opened with each minute's first price"
    else:
        what = f"{market.name}, {market.period}{market.missing}: a {side} opened with the first price of each bar of {lasting(market.step)}"
    told = f"{count:,} of {starts:,} were stopped, {share_in_words(count / starts)}" if starts else "none can be followed: too many bars are missing"
    return Result(
        side=side,
        stop=stop,
        opens=opens,
        places=places,
        touched=touched,
        count=count,
        starts=starts,
        dates=_mexc_dates("maintenance_rate", what="MEXC's maintenance rate"),
        within=within,
        market=market,
        sentence=(
            f"{what}, its stop {percent(stop)} away. "
            f"{within.capitalize()} {told}. Such a stop comes before the liquidation at any leverage below "
            f"{times(cap)} (maintenance {percent(_mexc().maintenance_rate)})."
        ),
    )


# --- the hedge


def _together(leverage, ends, peak, days, funding=0.0001):
    """Coins worth HOLDING and a short of the same coins, closed at each of `ends` after the price had been at `peak`."""
    ends = np.atleast_1d(np.asarray(ends, dtype=float))
    tops = np.maximum(np.maximum(ends, peak), 0)
    path = np.stack([np.ones_like(ends), 1 + tops, 1 + ends], axis=-1) * ENTRY
    rates = np.broadcast_to([0.0, 3 * days * funding], (len(ends), 2))
    return hedge_over_path(
        HOLDING / ENTRY, HOLDING / leverage, path, rules=Rules(RATE, "mark"), opening_fee_rate=TAKER, closing_fee_rate=TAKER, funding_rates=rates
    )


def hedge_lines(leverage, moves, peak, days):
    """Spot, short and both together in dollars over the price move at the end: what the picture draws."""
    result = _together(leverage, moves, peak, days)
    return result.spot_pnl[:, -1], (result.total - result.spot_pnl)[:, -1], result.total[:, -1]


def hedged(leverage, move, peak, days):
    """$10,000 of coins and a short future of the same size: what the price does to both."""
    days = int(days)
    held = _together(leverage, move, peak, days)
    spot, future, total, funding, fees = (float(values[0, -1]) for values in (held.spot_pnl, held.future_pnl, held.total, held.funding_paid, held.fees))
    end = float(price_move(ENTRY, np.ravel(held.liquidation_price)[0]))
    gone = bool(np.ravel(held.liquidated_at)[0] >= 0)
    margin = HOLDING / leverage
    top = max(move, peak, 0)
    way = f"The price has been {percent(top, signed=True)} away and ends at {percent(move, signed=True)}" if top > max(move, 0) else f"The price ends at {percent(move, signed=True)}"
    if gone:
        of_it = f"the short was liquidated at {percent(end, signed=True)} and its {money(margin)} is gone, fees {money(-fees, signed=True)}"
    else:
        of_it = (
            f"the price brings {money(future, signed=True)}, fees {money(-fees, signed=True)}, funding {money(-funding, signed=True)} in {days} days; "
            f"liquidation at {percent(end, signed=True)}"
        )
    return Result(
        leverage=leverage,
        move=move,
        peak=top,
        days=days,
        gone=gone,
        liquidation=end,
        spot=spot,
        short=total - spot,
        total=total,
        margin=margin,
        sentence=(
            f"{money(HOLDING)} of coins and a short of as many at {times(leverage)}, {money(margin)} of margin. {way}: coins {money(spot, signed=True)}, "
            f"short {money(total - spot, signed=True)} ({of_it}). Together {money(total, signed=True)}."
        ),
    )


# --- holding times

HOURS = {"1 hour": 1, "4 hours": 4, "8 hours": 8, "1 day": 24, "3 days": 72, "1 week": 168, "30 days": 720, "90 days": 2160}


def reached(side, leverage, hours):
    """Share of measured starting hours in which such a position was liquidated (numbers or arrays)."""
    moves = survival.measured_moves()
    return survival.measured(side, np.clip(survival.adverse_move(leverage, RATE), moves[0], moves[-1]), hours)


@cache
def reached_grid(side, leverages):
    """The same as an array: a row for each leverage, a column for each time."""
    return np.stack([reached(side, np.array(leverages), hours) for hours in HOURS.values()], axis=-1)


def held(side, leverage, time):
    """How many of such positions were liquidated within a time, measured."""
    known = reached(side, leverage, np.array(list(HOURS.values()))).tolist()
    share = known[list(HOURS).index(time)]
    after, by = survival.median_between(tuple(HOURS.values()), known)
    names = {hours: name for name, hours in HOURS.items()}
    half = "Not half of them were gone within 90 days" if by == np.inf else f"Half were gone within {names[by]}"
    day = known[3]
    other = "" if time == "1 day" else f", {share_in_words(day)} within 1 day"
    return Result(
        side=side,
        leverage=leverage,
        time=time,
        share=share,
        half=by,
        day=day,
        dates=data.whole(survival.MEASURED, "Measured hours"),
        sentence=(
            f"A {side} on BTC at {times(leverage)} is liquidated after a move of {percent(survival.adverse_move(leverage, RATE))} (maintenance {percent(RATE)}). "
            f"Opened at each of 39,955 measured hours, {share_in_words(share)} were gone within {time}{other}. {half}."
        ),
    )


# --- the arithmetic of a scalp


def needed(fee, stop, target):
    """Share of trades that must be won, for any stop distance (numbers or arrays)."""
    cost = cost_of_round_trip(1, fee, fee).of_value
    return needed_win_rate(target * stop, stop, cost)


def win_rate(fee, stop, target):
    """The win rate a scalp needs, against the one that a price without direction gives."""
    fair, need = needed(0.0, stop, target), float(needed(fee, stop, target))
    cost = cost_of_round_trip(1, fee, fee).of_value
    points = plain(100 * (need - fair), 1, significant=1) if need == need else ""
    if need == need:
        words = f"To end where it began, {share_in_words(need)} must be won: {points} points more, for the fees alone."
    else:
        words = f"No share of wins is enough, it would be over {percent(1)}: the fees are larger than the gain."
    return Result(
        fee=fee,
        stop=stop,
        target=target,
        fair=fair,
        need=need,
        points=points,
        sentence=(
            f"A stop {percent(stop)} away, a target {percent(target * stop)} away, fees of {percent(2 * fee)} for opening and closing, "
            f"{percent(cost / stop, decimals=1)} of the risk. A price without direction reaches the target first in {share_in_words(fair)} of the trades. {words}"
        ),
    )


TRADES, ACCOUNTS, STAKE, START = 100, 400, 0.1, 1000.0


@cache
def _luck():
    """One seeded random number for each trade of each account: the same luck in every state of the panel."""
    return np.random.default_rng(2025).random((ACCOUNTS, TRADES))


def many(leverage, stop, target, edge):
    """400 accounts, 100 trades each: a tenth of the account as margin, a stop and a target, and an edge: how much more often than without direction the target comes first."""
    fee = _mexc().taker_fee
    room = survival.adverse_move(leverage, _mexc().maintenance_rate)
    liquidated = room <= stop * (1 + 1e-12)
    distance = min(room, stop)
    aim = target * stop
    fair = distance / (distance + aim)
    chance = min(fair * (1 + edge), 1.0)
    gain = leverage * (aim - fee - fee * (1 + aim))
    loss = 1 + leverage * fee if liquidated else leverage * (stop + fee + fee * (1 - stop))
    loss = min(loss, 1 + leverage * fee)
    mean = chance * gain - (1 - chance) * loss if gain <= 0 else expectancy(chance, gain, loss)
    steps = np.where(_luck() < chance, 1 + STAKE * gain, 1 - STAKE * loss)
    values = np.concatenate([np.full((ACCOUNTS, 1), START), START * np.cumprod(steps, axis=1)], axis=1)
    ends = np.sort(values[:, -1])
    losing = float((ends < START * (1 - 1e-9)).mean())
    median = float(np.median(ends))
    out = f"no stop but liquidation {percent(room)} away" if liquidated else f"a stop {percent(stop)} away"
    return Result(
        leverage=leverage,
        chance=chance,
        expectancy=mean,
        values=values,
        losing=losing,
        median=median,
        best=float(ends[-1]),
        worst=float(ends[0]),
        dates=_mexc_dates("maintenance_rate", "taker_fee", what="MEXC's rates"),
        liquidated=liquidated,
        sentence=(
            f"{times(leverage)} with {out}, a target {percent(aim)} away, {percent(chance, decimals=1)} won. On average a trade brings {percent(mean, signed=True)} of its margin after fees. "
            f"After {TRADES} trades {share_in_words(losing)} of {ACCOUNTS} accounts are below {money(START)}; the median has {money(median)}, the worst {money(ends[0])}, the best {money(ends[-1])}."
        ),
    )


# --- evidence

STUDIES = {
    "CFDs, EU": ("accounts that lose money, CFD", "Retail CFD accounts in several EU states"),
    "CFDs, UK": ("customers who lose money, CFD", "Retail CFD customers in the UK"),
    "CFDs, UK 2016": ("users who lose money, CFD", "CFD users in the UK"),
    "crypto apps": ("crypto app users who probably lost", "Users of crypto apps in 95 countries, without leverage"),
    "day traders": ("day traders who lost", "Day traders of Brazilian equity futures who went on for 300 days"),
}


@cache
def counted(topic):
    """The row of the table, read once: each reading of a shared table leaves a reference in it."""
    return data.load("risk_evidence").set_index("topic").loc[topic]


def evidence(study, people):
    """Of so many people, how many lost: what authorities and researchers counted."""
    topic, who = STUDIES[study]
    row = counted(topic)
    people = int(people)
    low = row.low / 100
    high = low if row.high != row.high else row.high / 100
    few, more = round(low * people), round(high * people)
    told = f"{percent(low)} to {percent(high)}" if high > low else f"more than {percent(low)}" if row.high != row.high else f"about {percent(low)}" if row.note == "about" else percent(low)
    if row.high != row.high:  # only a lower end was published
        count = f"more than {few}; fewer than {people - few} did not"
    elif more > few:
        count = f"{few} to {more}; {people - more} to {people - few} did not"
    else:
        count = f"{few}; {people - few} did not"
    when = f", {row.period}" if row.period else ""
    return Result(
        people=people,
        few=few,
        more=more,
        told=told,
        who=who,
        source=f"{row.publisher}{', ' + row.as_of[:4] if row.as_of else ''}",
        dates=dates.of([] if when or row.as_of else [""], record=True),
        sentence=(
            f"{who}{when}: {told} lost ({row.publisher}{', ' + dates.shown(row.as_of) if row.as_of else ''}). "
            f"Of {people} that is {count}."
        ),
    )
