"""Exercises, bugs and predictions of chapter 6.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab.chapters.strategies.stopped_minutes import model as stopped_minutes
from leverage_lab.leverage import pnl, price_move, quantity
from leverage_lab.liquidation import Rules, equity, liquidation_price
from leverage_lab.panelkit.practice import Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.strategies import (
    max_leverage_for_stop,
    needed_win_rate,
    size_from_risk,
    stop_check,
    stop_loss,
)
from leverage_lab.words import money, percent, times


def size(account, risk, stop):
    answer = size_from_risk("long", account, risk, 100, 100 * (1 - stop)).notional
    lose = account * risk
    return Task(
        ask=(
            f"Your account holds {money(account)} and a trade may cost {percent(risk)} of it. The stop is"
            f" {percent(stop)} below the entry. How large may the position be, in dollars, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(lose, "That is what may be lost. A position loses only the stop's part of itself."),
            Wrong(
                lose * stop, "You multiplied by the stop distance. Which position loses that much over such a distance?"
            ),
            Wrong(account * stop, "You took the stop distance of the account. The risk is missing."),
            Wrong(account / stop, "That position loses the whole account at the stop. The risk is missing."),
            Wrong(account * risk * 100, "The stop distance is missing: a nearer stop allows a larger position."),
        ),
        hints=("How many dollars may be lost?", "position × stop distance = the loss"),
        steps=(
            f"loss = {money(account)} × {percent(risk)} = {money(lose)}\nposition = {money(lose)} / {percent(stop)} ="
            f" **{money(answer)}**"
        ),
    )


def size_with_fees(risked, stop, fee):
    answer = size_from_risk("long", risked * 100, 0.01, 100, 100 * (1 - stop), fee, fee).notional
    one = stop + fee + fee * (1 - stop)
    return Task(
        ask=(
            f"A trade may cost {money(risked)} at its stop, {percent(stop)} below the entry of a long, fees included:"
            f" {percent(fee)} of the value when it is opened and again when it is closed. How large may the position"
            " be, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(risked / stop, "The fees are missing: with them the stop costs more than was planned."),
            Wrong(risked / (stop + fee), "One fee is missing: it is paid when opening and when closing."),
            Wrong(risked / (stop - 2 * fee), "You took the fees off the distance. They come on top of the loss."),
            Wrong(risked / (2 * fee), "That counts the fees alone. The price moves too."),
            Wrong(risked * one, "You multiplied. The loss of each dollar of position goes below the line."),
        ),
        hints=(
            "What does each dollar of position lose: by the price, by opening, by closing?",
            "position = dollars at risk / (stop + fee + fee × (1 − stop))",
        ),
        steps=(
            f"each dollar loses {stop:g} + {fee:g} + {fee:g} × {1 - stop:g} = {one:.6g}\n"
            f"position = {money(risked)} / {one:.6g} = **{money(answer)}**"
        ),
    )


def stop_cost(value, stop, before, after):
    answer = -pnl("long", value / 100, 100, 100 * (1 - stop))
    return Task(
        ask=(
            f"A long of {money(value)} has a stop {percent(stop)} below the entry, at {times(before)}. You change to"
            f" {times(after)}; the position stays as large, and the stop is still before the liquidation. How many"
            " dollars does the stop cost now, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * stop * after / before, "You scaled the loss with the leverage. The position did not change."),
            Wrong(value * stop * after, "You multiplied by the leverage: it is already in the position."),
            Wrong(value * stop / after, "You took the stop distance on the margin. The price moves the position."),
            Wrong(value * stop / before, "You took the stop distance on the margin. The price moves the position."),
            Wrong(value * stop * before / after, "You shrank the loss with the margin. The position did not change."),
            Wrong(value / after, "That is the margin. The stop comes before it is used up."),
        ),
        either_sign=True,
        hints=("What does the price act on?", "loss = position × stop distance"),
        steps=(
            f"loss = {money(value)} × {percent(stop)} = **{money(answer)}**, at any leverage whose liquidation is"
            f" farther away. Locked: {money(value / before)} before, {money(value / after)} now."
        ),
    )


def highest(stop, rate):
    answer = max_leverage_for_stop("long", 100, 100 * (1 - stop), Rules(rate, "entry"))
    return Task(
        ask=(
            f"A long's stop is {percent(stop)} below the entry. Maintenance is {percent(rate)} of the entry value. At"
            " which leverage is the liquidation exactly at the stop (any leverage below it will do)?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(1 / stop, "That puts the bankruptcy price at the stop. The liquidation comes before it."),
            Wrong(
                1 / (stop - rate),
                "You took the maintenance off. It shortens the way, so it is added to the stop's distance.",
            ),
            Wrong(1 / rate, "The stop is missing: that leverage is liquidated at once."),
            Wrong(stop / rate, "That is a ratio of two distances, not a leverage."),
        ),
        hints=("Liquidation is 1 / leverage − maintenance rate away.", "leverage = 1 / (stop + maintenance rate)"),
        steps=f"1 / leverage = {stop:g} + {rate:g} = {stop + rate:g}, so leverage = **{times(answer)}**",
    )


def jumped_over(value, leverage, stop, jump):
    rules, coins = Rules(0.004, "entry"), value / 100
    answer = stop_loss("long", 100, 100 * (1 - stop), coins, value / leverage, [100, 100 * (1 - jump)], rules).loss
    return Task(
        ask=(
            f"A long of {money(value)} at {times(leverage)}, stop {percent(stop)} below the entry, liquidation"
            f" {percent(1 / leverage - 0.004)} below. The exchange is down for an hour, and the first price after it is"
            f" {percent(jump)} below the entry; nobody trades in between. How many dollars are lost, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                value * stop,
                "That is the plan. No one bought at the stop's price; it is filled at the first price after the jump.",
            ),
            Wrong(value * (jump - stop), "That is what the jump added to the plan. The whole way counts."),
            Wrong(value / leverage, "That is the margin. The price has not reached the liquidation."),
            Wrong(value * jump * leverage, "You multiplied by the leverage: it is already in the position."),
        ),
        either_sign=True,
        hints=(
            "At which price can a sell order be filled after the jump?",
            "loss = position × the distance after the jump, as long as the liquidation is farther",
        ),
        steps=(
            f"The first price is {percent(jump)} below, still above the liquidation: {money(value)} × {percent(jump)} ="
            f" **{money(answer)}**"
        ),
    )


def coins_left(value, share, rise):
    face, coins, now = value * share, value / 100, 100 * (1 + rise)
    answer = now * equity("short", 100, face, coins, now, "inverse")
    return Task(
        ask=(
            f"Coins worth {money(value)} are the margin of an inverse short of {money(face)}. The price rises by"
            f" {percent(rise)}. What are coins and short worth together then, in dollars, before fees and funding?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * (1 + rise), "That is what the coins alone would be worth. The short has lost some of them."),
            Wrong(value, "That is a short as large as all the coins. Here a part of them is not hedged, and rises."),
            Wrong((value - face) * (1 + rise), "The hedged part is missing: it keeps its dollars."),
            Wrong(
                value - face + face * (1 + rise),
                "You exchanged the two parts: the hedged one keeps its dollars, the other rises.",
            ),
            Wrong(face, "That is the hedged part alone."),
        ),
        hints=(
            "How many dollars of the coins are hedged, and how many are not?",
            "hedged + (coins − hedged) × (1 + rise)",
        ),
        steps=(
            f"hedged, and so the same at any price: {money(face)}; the other {money(value - face)} become"
            f" {money((value - face) * (1 + rise))}\ntogether **{money(answer)}**"
        ),
    )


def parted(value, spot, future):
    answer = value * -spot + pnl("short", value / 100, 100, 100 * (1 - future))
    return Task(
        ask=(
            f"A hedge: coins worth {money(value)} and a short of as many, opened where spot and perpetual have one"
            f" price. In a crash spot falls by {percent(spot)} and the perpetual by {percent(future)}. What have both"
            " gained or lost together in that minute, in dollars (with its sign), before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(0, "A hedge cancels what two prices do together. These two have parted."),
            Wrong(value * future, "That is the short alone. The coins fell, too."),
            Wrong(-value * spot, "Those are the coins alone. The short gained."),
            Wrong(value * (spot + future), "You added both falls: the coins lose, the short gains."),
            Wrong(value * (spot - future), "The sign: a short gains from a fall, and its price fell farther."),
        ),
        hints=(
            "What do the coins lose, and what does the short gain?",
            "value × (fall of the perpetual − fall of spot)",
        ),
        steps=f"coins {money(-value * spot)}, short {money(value * future, signed=True)}: together **{money(answer)}**",
    )


def win_share(stop, target, fee):
    cost = 2 * fee
    answer = needed_win_rate(target, stop, cost)
    return Task(
        ask=(
            f"A scalp has its stop {percent(stop)} and its target {percent(target)} away; opening and closing cost"
            f" {percent(cost)} of the value together. Which share of the trades must be won to break even, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(stop / (stop + target), "That is without costs."),
            Wrong(
                target / (stop + target),
                "You exchanged stop and target. A near stop is hit often, a far target seldom.",
            ),
            Wrong((stop + fee) / (stop + target), "That is one fee. Opening and closing both cost."),
            Wrong(cost / (stop + target), "Those are the wins for the fees alone."),
            Wrong((stop - cost) / (stop + target), "You took the costs off. They ask for more wins."),
            Wrong(1 - answer, "That is the share that may be lost."),
        ),
        hints=(
            "Won: target − cost. Lost: stop + cost. At which share do both even out?",
            "share = (stop + cost) / (stop + target)",
        ),
        steps=(
            f"share = ({percent(stop)} + {percent(cost)}) / ({percent(stop)} + {percent(target)}) ="
            f" **{percent(answer)}**"
        ),
    )


def _lost(margin, leverage, stop, rate):
    """All of the margin if the liquidation is no farther than the stop; else what the price takes at the stop."""
    check = stop_check("long", 100, 100 * (1 - stop), quantity(margin, leverage, 100), margin, Rules(rate, "entry"))
    return margin if check.first == "liquidation" else margin * leverage * stop


only_five = Repair(
    id="7-bug-only-five",
    ask=(
        "**Find the bug.** “You risk only $5”, says the leverage article of $10 at 500x with a stop 0.1 % away (claim"
        " L04), and the function above reckons as it does. It is right only if the stop fires. Mend it for a"
        " maintenance `rate` on the entry value: where the liquidation is nearer than the stop, the whole margin is"
        " lost. Where both are at one price nobody knows; count that tie against you, as the whole margin. No fees."
    ),
    right=_lost,
    cases=(
        (10, 500, 0.001, 0.001),
        (10, 500, 0.0005, 0.001),
        (100, 20, 0.01, 0.004),
        (100, 20, 0.048, 0.004),
        (50, 100, 0.02, 0.005),
        (200, 10, 0.05, 0.01),
    ),
    unit="$",
    wrong=(
        Wrong(
            lambda margin, leverage, stop, rate: margin * leverage * stop,
            "The liquidation is not asked for: compare the stop with its distance.",
        ),
        Wrong(
            lambda margin, leverage, stop, rate: margin if stop >= 1 / leverage else margin * leverage * stop,
            "You compared with the bankruptcy price. The liquidation is nearer, by the rate.",
        ),
        Wrong(
            lambda margin, leverage, stop, rate: margin * leverage * stop if stop >= 1 / leverage - rate else margin,
            "The two cases are exchanged: a stop that is near enough fires.",
        ),
        Wrong(
            lambda margin, leverage, stop, rate: margin if stop > 1 / leverage - rate else margin * leverage * stop,
            "That counts the tie for you. Nobody knows which is first at one price, so count it against you: use `>=`.",
        ),
        Wrong(lambda margin, leverage, stop, rate: margin, "Now the stop never fires, even where it is near enough."),
        Wrong(
            lambda margin, leverage, stop, rate: margin * leverage * (stop + rate),
            "The rate is no fee. It decides how far the liquidation is.",
        ),
    ),
    hints=(
        "How far away is the liquidation? 1 / leverage − rate.",
        "`if stop >= 1 / leverage - rate: return margin` before the last line",
    ),
    steps=(
        "Put `if stop >= 1 / leverage - rate: return margin` before the return. For the article's trade 1 / 500 − 0.001"
        " is 0.001, the stop's own distance: **$10** are lost, not $5."
    ),
)


def _together(value, leverage, rate, peak, end):
    """Coins and a short of the same size, without fees: what is left after the price was at `peak` and is at `end`."""
    gone = price_move(100, liquidation_price("short", 100, value / 100, value / leverage, Rules(rate, "mark")))
    return value * end - value / leverage if max(peak, end) >= gone else 0.0


never = Repair(
    id="7-bug-hedge",
    ask=(
        "**Find the bug.** The leverage article says that a short future at high leverage removes direction with little"
        " capital (claim L22), and the function above says so too: always 0. `peak` is the highest rise before the end,"
        " at least `end`. Mend it: from a rise of (1 + 1/leverage) / (1 + rate) − 1 on, the short is gone with its"
        " margin, value / leverage, and the coins are alone. No fees."
    ),
    right=_together,
    cases=(
        (10_000, 10, 0.004, 0.2, 0.0),
        (10_000, 10, 0.004, 0.05, -0.3),
        (10_000, 10, 0.004, 0.2, -0.3),
        (5000, 2, 0.01, 0.6, 0.6),
        (5000, 2, 0.01, 0.4, 0.4),
        (10_000, 100, 0.004, 0.0, -0.1),
        (10_000, 10, 0.02, 0.079, -0.2),
        (10_000, 10, 0.02, 0.09, 0.0),
    ),
    unit="$",
    wrong=(
        Wrong(
            lambda value, leverage, rate, peak, end: value * end - value * end,
            "The short may have been liquidated on the way: `peak` is not used.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                -value / leverage if peak >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "Once the short is gone the coins still follow the price: their gain or loss is missing.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end - value / leverage if end >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "A liquidated position does not come back. It is the peak that counts, not the end.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end if peak >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "The lost margin of the short is missing.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: value * end - value / leverage if peak >= 1 / leverage else 0.0,
            "After a rise of 1 / leverage the margin is used up. The liquidation comes before, because of the rate.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end - value / leverage if peak >= 1 / leverage - rate else 0.0
            ),
            "That is with maintenance on the entry value. At the higher price it is larger, too.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end - value if peak >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "Isolated, the short loses its margin, value / leverage, not the whole value.",
        ),
    ),
    hints=(
        "What does the short lose once its liquidation has been reached, whatever comes after?",
        "`short = -value / leverage if peak >= limit else -value * end`",
    ),
    steps=(
        "With `limit = (1 + 1 / leverage) / (1 + rate) - 1` the short is `-value / leverage if peak >= limit else"
        " -value * end`. $10,000 at 10x, up 20 % and back: **−$1,000**."
    ),
)

EXERCISES = (
    Exercise(
        "7-size",
        size,
        {"account": (2000, 500, 1000, 5000, 8000), "risk": (0.005, 0.015, 0.02), "stop": (0.025, 0.04, 0.03, 0.06)},
    ),
    Exercise(
        "7-size-fees",
        size_with_fees,
        {"risked": (20, 10, 50, 80), "stop": (0.01, 0.008, 0.012, 0.015), "fee": (0.0005, 0.0004, 0.0006)},
    ),
    Exercise(
        "7-stop-cost",
        stop_cost,
        {"value": (4000, 1500, 2500, 6000), "stop": (0.015, 0.01, 0.012), "before": (5, 4, 8), "after": (20, 25, 40)},
    ),
    Exercise("7-highest", highest, {"stop": (0.015, 0.01, 0.02, 0.025, 0.03), "rate": (0.005, 0.004, 0.0065)}),
    Exercise(
        "7-jump",
        jumped_over,
        {
            "value": (3000, 2000, 5000, 8000),
            "leverage": (10, 8, 12, 15),
            "stop": (0.01, 0.015),
            "jump": (0.04, 0.035, 0.05),
        },
    ),
    Exercise(
        "7-coin-margin",
        coins_left,
        {"value": (8000, 5000, 10_000, 20_000), "share": (0.25, 0.4, 0.6, 0.75), "rise": (1, 0.5, 2, 3)},
    ),
    Exercise(
        "7-evening",
        parted,
        {"value": (10_000, 4000, 6000, 25_000), "spot": (0.08, 0.05, 0.1, 0.12), "future": (0.3, 0.45, 0.6, 0.7)},
    ),
    Exercise(
        "7-win-rate",
        win_share,
        {"stop": (0.002, 0.001, 0.0015, 0.003), "target": (0.003, 0.0025, 0.004), "fee": (0.0002, 0.0004, 0.0003)},
    ),
    only_five,
    never,
)

_minute = stopped_minutes("long", 0.001, 1)

PREDICTIONS = (
    Prediction(
        "7-first",
        "$10 at 500x, stop 0.1 % below the entry, maintenance 0.1 %. The price slides down slowly, without any jump."
        " What is lost?",
        answer="all of the margin",
        options=("$5, as the article says", "$7, because of the fees", "all of the margin"),
        why=(
            "Liquidation is 0.2 % − 0.1 % = 0.1 % away, at the stop's own price. Nobody knows which of the two is first"
            " there, so the course counts the tie against you. The fee for opening was paid besides. And without the"
            " tie the fees alone make the $5 to $7."
        ),
    ),
    Prediction(
        "7-minutes",
        "Real minutes: three hours of 3 February 2025, 181 of them. A long is opened at the first price of each, with a"
        " stop 0.1 % below. How many are stopped before their first minute is over?",
        answer="more than a hundred",
        options=("about ten", "about fifty", "more than a hundred"),
        why=(
            f"{_minute.count} of {_minute.starts}. The spread alone was wider than that stop: it is hit by being there."
        ),
    ),
    Prediction(
        "7-hedge",
        "$10,000 of coins and a short of as many at 10x. The price rises by 20 % and comes all the way back. Coins and"
        " short together have …",
        answer="lost about $1,000",
        options=("neither gained nor lost", "lost about $1,000", "gained about $1,000"),
        why=(
            "On the way up the short was liquidated, and its margin was gone. When the price fell again there was no"
            " short to gain."
        ),
    ),
    Prediction(
        "7-evening",
        "10 October 2025: coins of ATOM worth $10,000 and a short of as many on Binance's perpetual, opened at 20:30"
        " UTC. At 21:21 spot is 10 % down, the perpetual 73 %. Together they have …",
        answer="gained about $6,300",
        options=("neither gained nor lost: it is a hedge", "gained about $6,300", "lost about $950"),
        why=(
            "The coins lost 10 %, the short gained 73 %. A hedge cancels what two prices do together, and these two"
            " parted. Whoever opened it at 21:21 lost as much by 21:34."
        ),
    ),
    Prediction(
        "7-win-rate",
        "Stop 0.1 % away, target 0.1 % away, fees of 0.02 % for opening and 0.02 % for closing. How many percent of the"
        " trades must be won to break even?",
        answer=needed_win_rate(0.001, 0.001, 0.0004),
        unit="%",
        why="A win brings 0.06 %, a loss takes 0.14 %: (0.1 + 0.04) / (0.1 + 0.1).",
    ),
    Prediction(
        "7-evidence",
        "Authorities of several EU states counted retail accounts that traded CFDs, contracts with leverage on prices."
        " How many of 100 lost money?",
        answer="74 to 89",
        options=("about 50, as with a coin", "about 60", "74 to 89", "nearly all"),
        why="That is what the European authority published when it limited the leverage, in 2018.",
    ),
)
