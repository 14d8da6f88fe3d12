"""Exercises, bugs and predictions of chapter 6.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab.chapters.strategies.held import model as _held
from leverage_lab.chapters.strategies.many import model as many
from leverage_lab.chapters.strategies.stopped_minutes import model as stopped_minutes
from leverage_lab.fees import realised_pnl
from leverage_lab.leverage import compounded, pnl, price_move, quantity
from leverage_lab.liquidation import Rules, liquidation_price
from leverage_lab.panelkit.practice import Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.strategies import (
    expectancy,
    margin_for_rise,
    max_leverage_for_stop,
    needed_win_rate,
    size_from_risk,
    stop_check,
    stop_loss,
)
from leverage_lab.survival import EARLIER
from leverage_lab.words import money, percent, rounded, times


def size(account, risk, stop):
    answer = size_from_risk("long", account, risk, 100, 100 * (1 - stop)).notional
    lose = account * risk
    return Task(
        ask=(
            f"Your account holds {money(account)} and a trade may cost {percent(risk)} of it. The stop is {percent(stop)} below the entry. "
            "How large may the position be, in dollars, before fees?"
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
        steps=f"loss = {money(account)} × {percent(risk)} = {money(lose)}\nposition = {money(lose)} / {percent(stop)} = **{money(answer)}**",
    )


def size_with_fees(risked, stop, fee):
    answer = size_from_risk("long", risked * 100, 0.01, 100, 100 * (1 - stop), fee, fee).notional
    one = stop + fee + fee * (1 - stop)
    return Task(
        ask=(
            f"A trade may cost {money(risked)} at its stop, {percent(stop)} below the entry of a long, fees included: {percent(fee)} of the value when it is "
            "opened and again when it is closed. How large may the position be, in dollars?"
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
            f"A long of {money(value)} has a stop {percent(stop)} below the entry, at {times(before)}. You change to {times(after)}; the position stays as large, and the stop "
            "is still before the liquidation. How many dollars does the stop cost now, before fees?"
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
        steps=f"loss = {money(value)} × {percent(stop)} = **{money(answer)}**, at any leverage whose liquidation is farther away. Locked: {money(value / before)} before, {money(value / after)} now.",
    )


def highest(stop, rate):
    answer = max_leverage_for_stop("long", 100, 100 * (1 - stop), Rules(rate, "entry"))
    return Task(
        ask=(
            f"A long's stop is {percent(stop)} below the entry. Maintenance is {percent(rate)} of the entry value. At which leverage is the liquidation exactly at the stop "
            "(any leverage below it will do)?"
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


def room_behind(leverage, rate, stop):
    entry = 100
    check = stop_check("long", entry, entry * (1 - stop), 1, entry / leverage, Rules(rate, "entry"))
    answer = check.room
    return Task(
        ask=(
            f"A long at {times(leverage)}, maintenance {percent(rate)} of the entry value, stop {percent(stop)} below the entry. How much room is there between stop and "
            "liquidation, in percent of the entry price?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(1 / leverage - stop, "That is the room to the bankruptcy price. The maintenance is missing."),
            Wrong(
                1 / leverage - rate,
                "That is the distance of the liquidation from the entry. How much is left behind the stop?",
            ),
            Wrong(1 / leverage - stop + rate, "You added the maintenance. It brings the liquidation nearer."),
            Wrong(1 / leverage, "That is the distance of the bankruptcy price from the entry."),
        ),
        hints=("How far away is the liquidation?", "room = 1 / leverage − maintenance rate − stop distance"),
        steps=f"liquidation: {percent(1 / leverage)} − {percent(rate)} = {percent(1 / leverage - rate)} away\nroom = {percent(1 / leverage - rate)} − {percent(stop)} = **{percent(answer)}**",
    )


def stop_with_fees(margin, leverage, stop, fee):
    answer = -realised_pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 - stop), fee, fee)
    value = margin * leverage
    return Task(
        ask=(
            f"{money(margin)} at {times(leverage)}, stop {percent(stop)} below the entry, taker fee {percent(fee)} of the value each way. The stop is filled at its price. "
            "How many dollars are lost, fees included?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * stop, "That is what the price takes, as the article reckons. The two fees are missing."),
            Wrong(value * (stop + fee), "One fee is missing: it is paid when opening and when closing."),
            Wrong(
                margin * (leverage * stop + 2 * fee),
                "You took the fees on the margin. They are taken of the whole position.",
            ),
            Wrong(value * 2 * fee, "Those are the fees alone."),
            Wrong(value * (stop - 2 * fee), "You took the fees off the loss. They are added."),
            Wrong(margin, "That is the whole margin. The stop is filled before it is used up."),
        ),
        either_sign=True,
        hints=(
            "How large is the position, and what part of it goes at the stop?",
            "loss = position × (stop + fee + fee × (1 − stop))",
        ),
        steps=(
            f"position = {money(value)}; price {money(value * stop)}, opening fee {money(value * fee)}, closing fee {money(value * (1 - stop) * fee)}\n"
            f"together **{money(answer)}**"
        ),
    )


def jumped_over(value, leverage, stop, jump):
    rules, coins = Rules(0.004, "entry"), value / 100
    answer = stop_loss("long", 100, 100 * (1 - stop), coins, value / leverage, [100, 100 * (1 - jump)], rules).loss
    return Task(
        ask=(
            f"A long of {money(value)} at {times(leverage)}, stop {percent(stop)} below the entry, liquidation {percent(1 / leverage - 0.004)} below. The exchange is down for an hour, and the first price "
            f"after it is {percent(jump)} below the entry; nobody trades in between. How many dollars are lost, before fees?"
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
        steps=f"The first price is {percent(jump)} below, still above the liquidation: {money(value)} × {percent(jump)} = **{money(answer)}**",
    )


def margin_for(value, rise, rate):
    answer = margin_for_rise(rise, value / 100, 100, Rules(rate, "mark"))
    return Task(
        ask=(
            f"You hold coins worth {money(value)} and sell as many on a future. Maintenance is {percent(rate)} of the value at the mark price. Which margin does the short need so that "
            f"its liquidation is exactly {percent(rise)} above the entry, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * rise, "That covers the loss, but nothing is left for the maintenance margin."),
            Wrong(
                value * (rise + rate),
                "You took the maintenance of the value at the entry. After the rise the value is larger.",
            ),
            Wrong(
                value * (1 + rise) * rate, "That is the maintenance margin alone. The loss of the short comes first."
            ),
            Wrong(value, "That is the whole value: a 1x short, which lives much longer."),
            Wrong(value * (rise - (1 + rise) * rate), "You took the maintenance off. It is needed on top."),
        ),
        hints=("What has the short lost there, and what must remain?", "margin = value × (rise + (1 + rise) × rate)"),
        steps=(
            f"loss {money(value)} × {percent(rise)} = {money(value * rise)}; maintenance {money(value * (1 + rise))} × {percent(rate)} = {money(value * (1 + rise) * rate)}\n"
            f"margin = **{money(answer)}**"
        ),
    )


def short_ends(leverage, rate):
    answer = price_move(100, liquidation_price("short", 100, 1, 100 / leverage, Rules(rate, "mark")))
    return Task(
        ask=f"The short of a hedge stands at {times(leverage)}, maintenance {percent(rate)} of the value at the mark price. After which rise of the price is it liquidated, in percent (to two decimals)?",
        answer=answer,
        unit="%",
        wrong=(
            Wrong(1 / leverage, "There the whole margin is used up. The liquidation comes before."),
            Wrong(
                1 / leverage - rate,
                "That is with maintenance on the entry value. At the higher price the maintenance is larger, too.",
            ),
            Wrong(1 / leverage + rate, "You added the maintenance. It brings the liquidation nearer."),
            Wrong((1 - 1 / leverage) / (1 - rate) - 1, "That is the long's price. The short is liquidated by a rise."),
        ),
        hints=(
            "Equity 1/L − rise must be as large as the maintenance, rate × (1 + rise).",
            "rise = (1 + 1/L) / (1 + rate) − 1",
        ),
        steps=f"rise = (1 + {1 / leverage:g}) / (1 + {rate:g}) − 1 = **{percent(answer)}**",
        to="to two decimals",
    )


def received(value, rate, days):
    answer = value * rate * 3 * days
    return Task(
        ask=f"A hedge: coins worth {money(value)} and a short of as many. Funding is {percent(rate)} every 8 hours, longs pay shorts, the price stands still. How many dollars does the short receive in {days} days?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * rate * days, "That is one payment a day. Every 8 hours makes three."),
            Wrong(value * rate * 8 * days, "You took the 8 hours for eight payments. A day has three times 8 hours."),
            Wrong(value * rate * 24 * days, "That is a payment every hour."),
            Wrong(value * rate, "That is one payment."),
            Wrong(value * (1 + rate * 3 * days), "That is value and funding together."),
        ),
        hints=("How many payments are there in a day?", "funding = value × rate × 3 × days"),
        steps=f"{money(value)} × {percent(rate)} = {money(value * rate)} a payment; 3 × {days} = {3 * days} payments: **{money(answer)}**",
    )


def one_in(chance, days):
    answer = 1 - compounded([-chance] * days)
    return Task(
        ask=f"A strategy has a chance of {percent(chance)} to be liquidated on any day, and days do not depend on each other. What is the chance that it happens at least once in {days} days, in percent?",
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                chance * days,
                "You added the chances up. Then it would be above 100 % after enough days; a position that is gone cannot go again.",
            ),
            Wrong(1 - answer, "That is the chance to live through all the days."),
            Wrong(chance, "That is one day. There are many."),
            Wrong((1 - chance) ** (days - 1) * chance, "That is the chance that it happens on the last day."),
        ),
        hints=(
            "What is the chance to live through one day, and through two?",
            f"1 − (1 − {chance:g}) to the power of {days}",
        ),
        steps=f"to live through all: {1 - chance:g} to the power of {days} = {percent(1 - answer)}\nat least once: 1 − {percent(1 - answer)} = **{percent(answer)}**\n(in truth wild days come together, and the chance is somewhat smaller)",
    )


def win_share(stop, target, fee):
    cost = 2 * fee
    answer = needed_win_rate(target, stop, cost)
    return Task(
        ask=f"A scalp has its stop {percent(stop)} and its target {percent(target)} away; opening and closing cost {percent(cost)} of the value together. Which share of the trades must be won to break even, in percent?",
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
        steps=f"share = ({percent(stop)} + {percent(cost)}) / ({percent(stop)} + {percent(target)}) = **{percent(answer)}**",
    )


def on_average(rate, gain, loss, cost):
    answer = expectancy(rate, gain, loss, cost)
    return Task(
        ask=f"You win {percent(rate)} of your trades: {money(gain)} for a win, {money(loss)} lost otherwise, and {money(cost)} of fees for each. What does a trade bring on average, in dollars (with its sign)?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(answer + cost, "That is before the fees."),
            Wrong(rate * gain - cost, "The losses are missing."),
            Wrong(gain - loss - cost, "You counted wins and losses as equally frequent, and both in full."),
            Wrong(rate * (gain - cost) - (1 - rate) * loss, "A lost trade pays its fees too."),
        ),
        hints=(
            "Of 100 trades, how many bring the gain and how many the loss?",
            "win rate × gain − (1 − win rate) × loss − cost",
        ),
        steps=f"{rate:g} × {money(gain)} − {1 - rate:g} × {money(loss)} − {money(cost)} = **{money(answer)}**",
    )


def streak(risk, losses):
    answer = 1 - compounded([-risk] * losses)
    return Task(
        ask=f"Each trade risks {percent(risk)} of what is in the account then. {losses} trades in a row are lost. How much of the account is gone, in percent?",
        answer=answer,
        unit="%",
        wrong=(
            Wrong(risk * losses, "You added up. Each loss is taken of less money than the one before."),
            Wrong(1 - answer, "That is what is left."),
            Wrong(risk, "That is one loss."),
            Wrong((1 + risk) ** losses - 1, "You let the account grow. Each loss multiplies it by less than 1."),
        ),
        either_sign=True,
        hints=("What is left after one loss, and after two?", f"left = (1 − {risk:g}) to the power of {losses}"),
        steps=f"left: {1 - risk:g} to the power of {losses} = {percent(1 - answer)}\ngone: **{percent(answer)}**",
    )


def _lost(margin, leverage, stop, rate):
    """All of the margin where the liquidation is nearer than the stop, or in a tie; else what the price takes at the stop."""
    check = stop_check("long", 100, 100 * (1 - stop), quantity(margin, leverage, 100), margin, Rules(rate, "entry"))
    return margin if check.first == "liquidation" else margin * leverage * stop


only_five = Repair(
    id="6-bug-only-five",
    ask=(
        "**Find the bug.** “You risk only $5”, says the leverage article of $10 at 500x with a stop 0.1 % away (claim L04), and the function above reckons as it does. "
        "It is right only if the stop fires. Mend it for a maintenance `rate` on the entry value: where the liquidation is nearer than the stop, the whole margin is lost. "
        "Where both are at one price nobody knows; count that tie against you, as the whole margin. No fees."
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
    steps="Put `if stop >= 1 / leverage - rate: return margin` before the return. For the article's trade 1 / 500 − 0.001 is 0.001, the stop's own distance: **$10** are lost, not $5.",
)


def _together(value, leverage, rate, peak, end):
    """Coins and a short of the same size, without fees: what is left after the price was at `peak` and is at `end`."""
    gone = price_move(100, liquidation_price("short", 100, value / 100, value / leverage, Rules(rate, "mark")))
    return value * end - value / leverage if max(peak, end) >= gone else 0.0


never = Repair(
    id="6-bug-hedge",
    ask=(
        "**Find the bug.** The leverage article says that a short future at high leverage removes direction with little capital (claim L22), and the function above says so too: "
        "always 0. `peak` is the highest rise before the end, at least `end`. Mend it: from a rise of (1 + 1/leverage) / (1 + rate) − 1 on, the short is gone with its margin, "
        "value / leverage, and the coins are alone. No fees."
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
        "With `limit = (1 + 1 / leverage) / (1 + rate) - 1` the short is `-value / leverage if peak >= limit else -value * end`. "
        "$10,000 at 10x, up 20 % and back: **−$1,000**."
    ),
)

EXERCISES = (
    Exercise(
        "6-size",
        size,
        {"account": (2000, 500, 1000, 5000, 8000), "risk": (0.005, 0.015, 0.02), "stop": (0.025, 0.04, 0.03, 0.06)},
    ),
    Exercise(
        "6-size-fees",
        size_with_fees,
        {"risked": (20, 10, 50, 80), "stop": (0.01, 0.008, 0.012, 0.015), "fee": (0.0005, 0.0004, 0.0006)},
    ),
    Exercise(
        "6-stop-cost",
        stop_cost,
        {"value": (4000, 1500, 2500, 6000), "stop": (0.015, 0.01, 0.012), "before": (5, 4, 8), "after": (20, 25, 40)},
    ),
    Exercise("6-highest", highest, {"stop": (0.015, 0.01, 0.02, 0.025, 0.03), "rate": (0.005, 0.004, 0.0065)}),
    Exercise(
        "6-room",
        room_behind,
        {"leverage": (25, 10, 20, 40, 8), "rate": (0.005, 0.004, 0.0065), "stop": (0.012, 0.01, 0.015)},
    ),
    Exercise(
        "6-stop-fees",
        stop_with_fees,
        {
            "margin": (20, 10, 40, 50),
            "leverage": (100, 50, 200, 125),
            "stop": (0.002, 0.003, 0.0025),
            "fee": (0.0004, 0.0005, 0.0006),
        },
    ),
    Exercise(
        "6-jump",
        jumped_over,
        {
            "value": (3000, 2000, 5000, 8000),
            "leverage": (10, 8, 12, 15),
            "stop": (0.01, 0.015),
            "jump": (0.04, 0.035, 0.05),
        },
    ),
    Exercise(
        "6-margin-for-rise",
        margin_for,
        {"value": (6000, 10_000, 25_000, 4000), "rise": (0.2, 0.1, 0.3, 0.5), "rate": (0.03, 0.02, 0.025)},
    ),
    Exercise("6-short-ends", short_ends, {"leverage": (5, 4, 8, 10, 3), "rate": (0.01, 0.02, 0.015, 0.025)}),
    Exercise(
        "6-funding",
        received,
        {"value": (10_000, 4000, 6000, 25_000), "rate": (0.0001, 0.0002, 0.00005), "days": (10, 20, 14, 60)},
    ),
    Exercise("6-one-percent", one_in, {"chance": (0.01, 0.02, 0.005, 0.03), "days": (90, 60, 120, 30)}),
    Exercise(
        "6-win-rate",
        win_share,
        {"stop": (0.002, 0.001, 0.0015, 0.003), "target": (0.003, 0.0025, 0.004), "fee": (0.0002, 0.0004, 0.0003)},
    ),
    Exercise(
        "6-expectancy",
        on_average,
        {"rate": (0.4, 0.45, 0.35, 0.55), "gain": (30, 25, 40), "loss": (20, 15, 24), "cost": (2, 3, 4)},
    ),
    Exercise("6-streak", streak, {"risk": (0.1, 0.05, 0.08, 0.15, 0.2), "losses": (6, 8, 10, 7)}),
    only_five,
    never,
)

_week, _minute = _held("long", 10, "1 week", EARLIER), stopped_minutes("long", 0.001, 1)
_lot = many(200, 0.003, 2, 0)

PREDICTIONS = (
    Prediction(
        "6-size",
        "An account of $1,000, 1 % at risk, a stop 2 % away. You change the leverage from 5x to 20x and keep the risk. The position becomes …",
        answer="no larger",
        options=("four times as large", "no larger", "a quarter as large"),
        why="The size follows from the risk and the stop. Leverage decides only how much of the account is locked: a quarter of what it was.",
    ),
    Prediction(
        "6-first",
        "$10 at 500x, stop 0.1 % below the entry, maintenance 0.1 %. The price slides down slowly, without any jump. What is lost?",
        answer="all of the margin",
        options=("$5, as the article says", "$7, because of the fees", "all of the margin"),
        why="Liquidation is 0.2 % − 0.1 % = 0.1 % away, at the stop's own price. Nobody knows which of the two is first there, so the course counts the tie against you. The fee for opening was paid besides. And without the tie the fees alone make the $5 to $7.",
    ),
    Prediction(
        "6-minutes",
        "Real minutes: three hours of 3 February 2025, 181 of them. A long is opened at the first price of each, with a stop 0.1 % below. How many are stopped before their first minute is over?",
        answer="more than a hundred",
        options=("about ten", "about fifty", "more than a hundred"),
        why=f"{_minute.count} of {_minute.starts}. The spread alone was wider than that stop: it is hit by being there.",
    ),
    Prediction(
        "6-hedge",
        "$10,000 of coins and a short of as many at 10x. The price rises by 20 % and comes all the way back. Coins and short together have …",
        answer="lost about $1,000",
        options=("neither gained nor lost", "lost about $1,000", "gained about $1,000"),
        why="On the way up the short was liquidated, and its margin was gone. When the price fell again there was no short to gain.",
    ),
    Prediction(
        "6-held",
        "A 10x long on BTC, opened at a random hour of 2018 to 2023 and held for a week. In how many percent of the cases was it liquidated within that week?",
        answer=round(_week.share, 3),
        unit="%",
        why="One in four. In the calmer years 2023 to 2026 it was 12.8 %, one in eight: the same 10x, another volatility.",
    ),
    Prediction(
        "6-win-rate",
        "Stop 0.1 % away, target 0.1 % away, fees of 0.02 % for opening and 0.02 % for closing. How many percent of the trades must be won to break even?",
        answer=needed_win_rate(0.001, 0.001, 0.0004),
        unit="%",
        why="A win brings 0.06 %, a loss takes 0.14 %: (0.1 + 0.04) / (0.1 + 0.1).",
    ),
    Prediction(
        "6-many",
        "A stop 0.3 % and a target 0.6 % away, 200x, a tenth of the account as margin, and a price without any direction. After 100 trades, how many percent of the accounts have lost?",
        answer=float(rounded(_lot.losing, 3)),
        unit="%",
        why="With the same luck and no fees it would be about two in three, because a loss and a gain of the same percentage do not cancel. The fees do the rest.",
    ),
    Prediction(
        "6-evidence",
        "Authorities of several EU states counted retail accounts that traded CFDs, contracts with leverage on prices. How many of 100 lost money?",
        answer="74 to 89",
        options=("about 50, as with a coin", "about 60", "74 to 89", "nearly all"),
        why="That is what the European authority published when it limited the leverage, in 2018.",
    ),
)
