"""Exercises, bugs and predictions of chapter 7.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab.chapters.strategies import order_exercises
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
            Wrong(lose, "That is what you may lose. At its stop a position loses only a small part of its value."),
            Wrong(lose * stop, "You multiplied by the stop distance. Which position loses that many dollars over it?"),
            Wrong(account * stop, "You applied the stop distance to the account. The risk is missing."),
            Wrong(account / stop, "That position loses the whole account at the stop. The risk is missing."),
            Wrong(account * risk * 100, "The stop distance is missing: a nearer stop allows a larger position."),
        ),
        hints=(
            "How many dollars may you lose?",
            "position × stop distance = those dollars",
            "position = account × risk / stop distance",
        ),
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
            f" {percent(fee)} of the value when you open it and again when you close it. How large may the position be,"
            " in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(risked / stop, "The fees are missing: with them the stop costs more than you planned."),
            Wrong(risked / (stop + fee), "One fee is missing: you pay when you open and again when you close."),
            Wrong(
                risked / (stop - 2 * fee), "You subtracted the fees from the distance. They come on top of the loss."
            ),
            Wrong(risked / (2 * fee), "That counts the fees alone. The price moves against you, too."),
            Wrong(risked * one, "You multiplied. Divide the dollars by what each dollar of the position loses."),
        ),
        hints=(
            "What does each dollar of the position lose: to the price, for opening, for closing?",
            "Each loses stop + fee + fee × (1 − stop): the second fee is charged on the lower price.",
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
            Wrong(value * stop * after, "You multiplied by the leverage. It is already in the position."),
            Wrong(
                value * stop / after, "You applied the stop distance to the margin. The price moves the whole position."
            ),
            Wrong(
                value * stop / before,
                "You applied the stop distance to the margin. The price moves the whole position.",
            ),
            Wrong(value * stop * before / after, "You shrank the loss with the margin. The position did not change."),
            Wrong(value / after, "That is the margin. The stop closes the position before it is used up."),
        ),
        either_sign=True,
        hints=(
            "Does the price move the margin or the position?",
            "Has the position changed? Has the distance to the stop?",
            "loss = position × stop distance",
        ),
        steps=(
            f"loss = {money(value)} × {percent(stop)} = **{money(answer)}**, at any leverage whose liquidation is"
            f" farther away than the stop. Margin: {money(value / before)} before, {money(value / after)} now."
        ),
    )


def highest(stop, rate):
    answer = max_leverage_for_stop("long", 100, 100 * (1 - stop), Rules(rate, "entry"))
    return Task(
        ask=(
            f"A long's stop is {percent(stop)} below the entry. Maintenance is {percent(rate)} of the entry value. At"
            " which leverage is the liquidation price exactly at the stop? (With any lower leverage the stop comes"
            " first.)"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(1 / stop, "That puts the bankruptcy price at the stop. The liquidation comes before it."),
            Wrong(
                1 / (stop - rate),
                "You subtracted the maintenance rate. It brings the liquidation nearer, so add it to the distance.",
            ),
            Wrong(1 / rate, "The stop is missing: at that leverage the position is liquidated at once."),
            Wrong(stop / rate, "That is a ratio of two distances, not a leverage."),
        ),
        hints=(
            "How far away is the liquidation price at a given leverage (chapter 2)?",
            "It is 1 / leverage − maintenance rate away. Here that equals the stop's distance.",
            "leverage = 1 / (stop + maintenance rate)",
        ),
        steps=f"1 / leverage = {stop:g} + {rate:g} = {stop + rate:g}, so leverage = **{times(answer)}**",
    )


def jumped_over(value, leverage, stop, jump):
    rules, coins = Rules(0.004, "entry"), value / 100
    answer = stop_loss("long", 100, 100 * (1 - stop), coins, value / leverage, [100, 100 * (1 - jump)], rules).loss
    return Task(
        ask=(
            f"A long of {money(value)} at {times(leverage)}, stop {percent(stop)} below the entry, liquidation"
            f" {percent(1 / leverage - 0.004)} below. The exchange is down for an hour, and the first price after"
            f" that is {percent(jump)} below the entry; there are no trades in between. How many dollars do you lose,"
            " before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                value * stop,
                "That was the plan. Nobody bought at the stop's price: it is filled at the first price after the jump.",
            ),
            Wrong(
                value * (jump - stop),
                "That is only what the jump added to the planned loss. Count the whole distance from the entry.",
            ),
            Wrong(value / leverage, "That is the margin. The price has not reached the liquidation price."),
            Wrong(value * jump * leverage, "You multiplied by the leverage. It is already in the position."),
        ),
        either_sign=True,
        hints=(
            "At which price can a sell order be filled after the jump?",
            "At the first one there is. Has the price reached the liquidation price by then?",
            "loss = position × distance after the jump, if the liquidation is farther away",
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
            f" {percent(rise)}. What are coins and short worth together now, in dollars, before fees and funding?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * (1 + rise), "That is what the coins alone would be worth. The short has lost some of them."),
            Wrong(
                value,
                "That would be right if the short were as large as all the coins. Here a part of them is not hedged.",
            ),
            Wrong((value - face) * (1 + rise), "The hedged part is missing: it keeps its dollars."),
            Wrong(
                value - face + face * (1 + rise),
                "You swapped the two parts: the hedged one keeps its dollars, the other rises.",
            ),
            Wrong(face, "That is the hedged part alone."),
        ),
        hints=(
            "How many dollars of the coins are hedged, and how many are not?",
            "The hedged part keeps its dollars, whatever the price; the other part rises with the coin.",
            "hedged + (coins − hedged) × (1 + rise)",
        ),
        steps=(
            f"hedged, so worth {money(face)} whatever the price; the other {money(value - face)} becomes"
            f" {money((value - face) * (1 + rise))}\ntogether **{money(answer)}**"
        ),
    )


def parted(value, spot, future):
    answer = value * -spot + pnl("short", value / 100, 100, 100 * (1 - future))
    return Task(
        ask=(
            f"A hedge: coins worth {money(value)} and a short of the same size, opened when spot and perpetual have"
            f" the same price. In a crash spot falls by {percent(spot)} and the perpetual by {percent(future)}. How"
            " much have both together gained (or lost, with a minus) at these prices, in dollars, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(0, "A hedge cancels what two prices do together. These two have moved apart."),
            Wrong(value * future, "That is the short alone. The coins fell, too."),
            Wrong(-value * spot, "Those are the coins alone. The short gained."),
            Wrong(value * (spot + future), "You added both falls. The coins lose, the short gains."),
            Wrong(
                value * (spot - future),
                "Check the sign: a short gains when its price falls, and its price fell farther.",
            ),
        ),
        hints=(
            "What do the coins lose, and what does the short gain?",
            "The coins follow spot, the short follows the perpetual; their falls have opposite signs for you.",
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
            f" {percent(cost)} of the value together. What percentage of your trades must you win to break even?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(stop / (stop + target), "That is without costs."),
            Wrong(
                target / (stop + target),
                "You swapped stop and target. A near stop is hit often, a far target rarely.",
            ),
            Wrong((stop + fee) / (stop + target), "That counts one fee. You pay for opening and for closing."),
            Wrong(cost / (stop + target), "Those are only the extra wins that pay for the fees."),
            Wrong((stop - cost) / (stop + target), "You subtracted the costs. They require more wins, not fewer."),
            Wrong(1 - answer, "That is the share you may lose."),
        ),
        hints=(
            "What does a win bring after costs, and what does a loss take?",
            "share × (target − cost) = (1 − share) × (stop + cost)",
            "share = (stop + cost) / (stop + target)",
        ),
        steps=(
            f"share = ({percent(stop)} + {percent(cost)}) / ({percent(stop)} + {percent(target)}) ="
            f" **{percent(answer)}**"
        ),
    )


def one_trade(margin, leverage, fee, fall):
    value, cost = margin * leverage, margin * leverage * fee
    rules = Rules(0.005, "entry")
    room = 1 - liquidation_price("long", 100, value / 100, margin, rules) / 100
    closed = fall > room
    lost = margin if closed else value * fall
    other = value * fall if closed else margin
    answer = lost + cost
    return Task(
        ask=(
            f"A long with {money(margin)} of isolated margin at {times(leverage)}. Maintenance margin is 0.5 % of the"
            f" value at the entry, and opening costs {percent(fee)} of the position, paid out of the wallet beside the"
            f" margin. The price falls by {percent(fall)} and stays there. How many dollars are you down, the fee"
            " included?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                other + cost,
                f"A fall of {percent(room)} closes it: isolated, the price can take the margin and no more."
                if closed
                else f"It is still open: it would be closed by a fall of {percent(room)}.",
            ),
            Wrong(
                lost,
                "The fee is missing, or you took it on the margin. It is charged on the position, on top of what the"
                " price takes.",
            ),
            Wrong(lost - cost, "The fee comes on top of the loss."),
            Wrong(margin * fall + cost, "The price moves the whole position, not only the margin."),
        ),
        either_sign=True,
        hints=(
            "How large is the position? And which fall closes it?",
            "The price takes no more than the margin. The fee is a share of the position.",
            "the smaller of position × fall and margin, plus position × fee",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(value)} (chapter 1)\nclosed by a fall of"
            f" {percent(room)} (chapter 2), so at {percent(fall)} it is {'closed' if closed else 'open'}\n"
            f"the price has taken {money(lost)}{', the margin' if closed else ''} (chapter 3)\nthe fee takes"
            f" {money(cost)} (chapter 4)\n{money(lost)} + {money(cost)} = **{money(answer)}**"
        ),
    )


def _lost(margin, leverage, stop, rate):
    """All of the margin if the liquidation is no farther than the stop; else what the price takes at the stop."""
    check = stop_check("long", 100, 100 * (1 - stop), quantity(margin, leverage, 100), margin, Rules(rate, "entry"))
    return margin if check.first == "liquidation" else margin * leverage * stop


only_five = Repair(
    id="7-bug-only-five",
    ask=(
        "**Find the bug.** “You risk only $5”, says the leverage article about $10 at 500x with a stop 0.1 % away"
        " (claim L04), and the function above calculates it like that. It is right only if the stop fires. Fix it for"
        " a maintenance `rate` on the entry value: if the liquidation is nearer than the stop, the whole margin is"
        " lost. If both are at the same price, nobody knows which is first; count that tie against you, as the whole"
        " margin. No fees."
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
            "The function ignores the liquidation: compare the stop with its distance.",
        ),
        Wrong(
            lambda margin, leverage, stop, rate: margin if stop >= 1 / leverage else margin * leverage * stop,
            "You compared with the bankruptcy price. The liquidation is nearer, by the rate.",
        ),
        Wrong(
            lambda margin, leverage, stop, rate: margin * leverage * stop if stop >= 1 / leverage - rate else margin,
            "You swapped the two cases: a stop that is near enough fires.",
        ),
        Wrong(
            lambda margin, leverage, stop, rate: margin if stop > 1 / leverage - rate else margin * leverage * stop,
            "That counts the tie for you. Nobody knows which is first there, so count it against you: use `>=`.",
        ),
        Wrong(lambda margin, leverage, stop, rate: margin, "Now the stop never fires, even if it is near enough."),
        Wrong(
            lambda margin, leverage, stop, rate: margin * leverage * (stop + rate),
            "The rate is not a fee. It decides how far away the liquidation is.",
        ),
    ),
    hints=(
        "What must be true for the stop to fire at all?",
        "The liquidation is 1 / leverage − rate away. Compare that with the stop.",
        "`if stop >= 1 / leverage - rate: return margin` before the last line",
    ),
    steps=(
        "Put `if stop >= 1 / leverage - rate: return margin` before the return. For the article's trade 1 / 500 − 0.001"
        " is 0.001, the stop's own distance: you lose **$10**, not $5."
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
        " at least `end`. Fix it: from a rise of (1 + 1/leverage) / (1 + rate) − 1 on, the short is liquidated and"
        " loses its margin, value / leverage, and the coins are alone. No fees."
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
            "After the short is liquidated, the coins still follow the price: their gain or loss is missing.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end - value / leverage if end >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "A liquidated position does not come back. The peak decides, not the end.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end if peak >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "The margin that the short lost is missing.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: value * end - value / leverage if peak >= 1 / leverage else 0.0,
            "After a rise of 1 / leverage the margin is used up. The liquidation comes earlier, because of the rate.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end - value / leverage if peak >= 1 / leverage - rate else 0.0
            ),
            "That is for maintenance on the entry value. Here it grows with the price.",
        ),
        Wrong(
            lambda value, leverage, rate, peak, end: (
                value * end - value if peak >= (1 + 1 / leverage) / (1 + rate) - 1 else 0.0
            ),
            "Isolated, the short loses its margin, value / leverage, not the whole value.",
        ),
    ),
    hints=(
        "What happens to the short on the way to `peak`, whatever comes after?",
        "Once the rise has reached (1 + 1/leverage) / (1 + rate) − 1, the short has lost value / leverage for good.",
        "`short = -value / leverage if peak >= limit else -value * end`",
    ),
    steps=(
        "With `limit = (1 + 1 / leverage) / (1 + rate) - 1` the short is `-value / leverage if peak >= limit else"
        " -value * end`. $10,000 at 10x, up 20 % and back: **−$1,000**."
    ),
    also=(2,),
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
        also=(4,),
    ),
    Exercise(
        "7-stop-cost",
        stop_cost,
        {"value": (4000, 1500, 2500, 6000), "stop": (0.015, 0.01, 0.012), "before": (5, 4, 8), "after": (20, 25, 40)},
        also=(1,),
    ),
    Exercise(
        "7-highest", highest, {"stop": (0.015, 0.01, 0.02, 0.025, 0.03), "rate": (0.005, 0.004, 0.0065)}, also=(2,)
    ),
    Exercise(
        "7-jump",
        jumped_over,
        {
            "value": (3000, 2000, 5000, 8000),
            "leverage": (10, 8, 12, 15),
            "stop": (0.01, 0.015),
            "jump": (0.04, 0.035, 0.05),
        },
        also=(2,),
    ),
    *order_exercises.EXERCISES,
    Exercise(
        "7-coin-margin",
        coins_left,
        {"value": (8000, 5000, 10_000, 20_000), "share": (0.25, 0.4, 0.6, 0.75), "rise": (1, 0.5, 2, 3)},
        also=(1,),
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
        also=(4,),
    ),
    Exercise(
        "7-one-trade",
        one_trade,
        {
            "margin": (200, 150, 120, 300),
            "leverage": (50, 25, 40),
            "fee": (0.0006, 0.0005, 0.00055),
            "fall": (0.03, 0.045, 0.012),
        },
        also=(1, 2, 3, 4),
    ),
    only_five,
    never,
)

_minute = stopped_minutes("long", 0.001, 1)

PREDICTIONS = (
    Prediction(
        "7-too-late",
        "An account of $1,000, a trade that may cost 1 % of it, a stop 2 % below the entry, maintenance 0.4 %. You"
        " raise the leverage from 5x and change nothing else. From which leverage on does the liquidation come before"
        " the stop?",
        answer="about 42x",
        options=("about 20x", "about 42x", "about 50x", "at no leverage"),
        why=(
            "The liquidation is 1 / leverage − 0.4 % away. At 41x that is 2.04 %, behind the stop; at 42x it is 1.98 %,"
            " before it. (50x forgets the maintenance margin.)"
        ),
    ),
    Prediction(
        "7-first",
        "$10 at 500x, stop 0.1 % below the entry, maintenance 0.1 %. The price slides down slowly, without any jump."
        " Which loss must you plan for?",
        answer="all of the margin",
        options=("$5, as the article says", "$7, because of the fees", "all of the margin"),
        why=(
            "Liquidation is 0.2 % − 0.1 % = 0.1 % away, at the stop's own price. Nobody knows which of the two comes"
            " first there, so the course counts the tie against you. The opening fee comes on top. And even without"
            " the tie, the fees turn the $5 into $7."
        ),
    ),
    *order_exercises.PREDICTIONS,
    Prediction(
        "7-minutes",
        "Three hours of real minutes, 3 February 2025: 181 of them. You open a long at the first price of each, with a"
        " stop 0.1 % below. How many are stopped before their first minute is over?",
        answer="more than a hundred",
        options=("about ten", "about fifty", "more than a hundred"),
        why=(
            f"{_minute.count} of {_minute.starts}. The spread alone was wider than the stop: a buyer and a seller"
            " taking turns were enough to hit it."
        ),
    ),
    Prediction(
        "7-hedge",
        "$10,000 of coins and a short of the same size at 10x. The price rises by 20 % and comes all the way back."
        " Coins and short together have …",
        answer="lost about $1,000",
        options=("neither gained nor lost", "lost about $1,000", "gained about $1,000"),
        why=(
            "On the way up the short was liquidated and its margin was lost. When the price fell again there was no"
            " short left to gain."
        ),
    ),
    Prediction(
        "7-evening",
        "10 October 2025: $10,000 of ATOM coins and a short of the same size on Binance's perpetual, opened at 20:30"
        " UTC. At 21:21 spot is 10 % down, the perpetual 73 %. Together they have …",
        answer="gained about $6,300",
        options=("neither gained nor lost: it is a hedge", "gained about $6,300", "lost about $950"),
        why=(
            "The coins lost 10 %, the short gained 73 %. A hedge cancels what two prices do together, and these two"
            " moved apart. A hedge opened at 21:21 had lost about as much by 21:34."
        ),
    ),
    Prediction(
        "7-win-rate",
        "Stop 0.1 % away, target 0.1 % away, fees of 0.02 % for opening and 0.02 % for closing. What percentage of your"
        " trades must you win to break even?",
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
        why="The European authority published this in 2018, when it limited the leverage.",
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = ("7-evening", "7-stop-cost")
