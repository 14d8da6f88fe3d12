"""Exercises, bugs and predictions of chapter 6.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

import math

from leverage_lab import dates
from leverage_lab.chapters.missing import all_but
from leverage_lab.chapters.survival.held import model as _held
from leverage_lab.chapters.survival.many import model as _many
from leverage_lab.chapters.survival.shorter import RATE
from leverage_lab.chapters.survival.shorter import model as _shorter
from leverage_lab.exchanges import fact
from leverage_lab.leverage import compounded, gain_to_recover
from leverage_lab.panelkit.practice import Choice, Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.strategies import best_fraction
from leverage_lab.survival import EARLIER, adverse_move, measured
from leverage_lab.words import amount, money, percent, plain, rounded, times

# --- distance and volatility ------------------------------------------------------------------------


def half_life(distance, hours, farther):
    answer = hours * farther**2
    return Task(
        ask=(
            f"By the bell curve, half of all positions with a distance of {percent(distance)} are gone after"
            f" {hours:g} hours. After how many hours are half of those with a distance of"
            f" {percent(distance * farther)} gone?"
        ),
        answer=answer,
        unit="hours",
        wrong=(
            Wrong(
                hours * farther,
                "That would be right if prices moved straight ahead. They go back and forth, so the distance grows only"
                " with the square root of the time.",
            ),
            Wrong(hours, "A larger distance takes longer."),
            Wrong(hours * farther**0.5, "The other way round: the time grows with the square of the distance."),
            Wrong(hours / farther, "A larger distance takes longer, not less time."),
        ),
        hints=(
            f"The distance is {farther:g} times as large. Does a price that goes back and forth need {farther:g} times"
            " as long, or more?",
            "The time grows with the square of the distance.",
            f"{hours:g} hours × {farther:g}²",
        ),
        steps=f"{hours:g} × {farther:g}² = **{amount(answer, 'hours')}**",
    )


def missing_for_half_life(missing, leverage, rate, volatility):
    known = {
        "volatility": ("the volatility of the price", f"the yearly volatility is {percent(volatility)}"),
        "leverage": ("the leverage", f"the leverage is {times(leverage)}"),
        "rate": ("the maintenance rate", f"the maintenance rate is {percent(rate)} of the entry value"),
    }
    answer, said = all_but(missing, known, " and ")
    return Choice(
        ask=(
            "You want to know after how many hours half of all longs like yours are gone, by the bell curve. You know"
            f" that {said}. Which information is missing?"
        ),
        answer=answer,
        wrong=(
            Wrong(
                "the entry price", "The distance is a percentage of the entry price. The price itself does not matter."
            ),
            Wrong(
                "the margin in dollars",
                "Ten times the margin at the same leverage is ten times the position: the distance stays the same.",
            ),
            Wrong(
                "the maximum leverage of the exchange",
                "A maximum is what an exchange allows. Your distance comes from the leverage that you use.",
            ),
        ),
        hints=(
            "Which two things set the clock?",
            "The half-life depends on the distance and the volatility. What do you need for the distance?",
            "distance = 1 / leverage − maintenance rate; half-life = (distance / (0.67449 × volatility of an hour))²",
        ),
        steps=(
            "distance = 1 / leverage − maintenance rate, and the half-life needs the distance and the volatility.\n"
            f"That makes three numbers. You have two of them; the third is **{answer}**"
        ),
    )


def same_clock(leverage, rate, before, after):
    distance = adverse_move(leverage, rate)
    near = distance * after / before
    answer = 1 / (near + rate)
    return Task(
        ask=(
            f"You open longs at {times(leverage)} while the yearly volatility is {percent(before)}. It falls to"
            f" {percent(after)}. At which leverage does a new long have the half-life that yours had before?"
            f" Maintenance is {percent(rate)} of the entry value. Use the rule of the squares."
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(
                leverage * before / after,
                "That changes 1 / leverage in proportion. It is the distance that changes in proportion, and the"
                " distance is 1 / leverage − maintenance.",
            ),
            Wrong(1 / near, "The distance is right. But 1 / leverage is the distance plus the maintenance rate."),
            Wrong(
                1 / (distance * (after / before) ** 2 + rate),
                "You squared. Distance and volatility both count with their square, so for the same half-life one"
                " changes in proportion to the other.",
            ),
            Wrong(leverage, "At the same leverage the half-life is now longer."),
            Wrong(leverage * after / before, "In a calmer market the same half-life comes with a higher leverage."),
        ),
        hints=(
            "How does the distance have to change so that the half-life stays the same?",
            "distance / volatility must stay the same; then turn the new distance into a leverage.",
            "leverage = 1 / ((1 / old leverage − rate) × new volatility / old volatility + rate)",
        ),
        steps=(
            f"distance before: 1 / {leverage:g} − {percent(rate)} = {percent(distance, decimals=3)}\nnow:"
            f" {percent(distance, decimals=3)} × {percent(after)} / {percent(before)} ="
            f" {percent(near, decimals=3)}\nleverage = 1 / ({percent(near, decimals=3)} + {percent(rate)}) ="
            f" **{times(answer)}**"
        ),
    )


def on_two_exchanges(name, leverage):
    here, there = (fact(each, "maintenance_rate") for each in (name, "Kraken"))
    low, high = here.value, there.value
    days = [dates.shown(one.as_of) or "not known" for one in (here, there)]
    far, near = adverse_move(leverage, low), adverse_move(leverage, high)
    answer = (far / near) ** 2
    return Task(
        ask=(
            f"The first tier's maintenance rate is {percent(low)} at {name} and {percent(high)} at Kraken. You open the"
            f" same long at {times(leverage)} on both. By the rule of the squares, how many times as long is its"
            f" half-life at {name} as at Kraken? (Maintenance on the entry value, fees left out. Day of the rates:"
            f" {name} {days[0]}, Kraken {days[1]}.)"
        ),
        answer=answer,
        unit="times",
        wrong=(
            Wrong(
                far / near,
                "That is how many times as far away liquidation is. The time grows with the square of the distance.",
            ),
            Wrong(1.0, "The same leverage is not the same distance: the maintenance rates differ."),
            Wrong(1 / answer, "Upside down: the lower maintenance rate leaves the larger distance."),
            Wrong(high / low, "That is the ratio of the two maintenance rates. First calculate the two distances."),
            Wrong(
                ((1 / leverage + low) / (1 / leverage + high)) ** 2,
                "You added the maintenance rate. It makes the distance smaller.",
            ),
        ),
        hints=(
            "How far away is liquidation on each of the two?",
            "distance = 1 / leverage − maintenance rate; the time grows with the square of the distance.",
            f"((1 / {leverage:g} − {percent(low)}) / (1 / {leverage:g} − {percent(high)}))²",
        ),
        steps=(
            f"{name}: {percent(1 / leverage)} − {percent(low)} = {percent(far)}\n"
            f"Kraken: {percent(1 / leverage)} − {percent(high)} = {percent(near)}\n"
            f"({percent(far)} / {percent(near)})² = **{amount(answer, 'times')}**"
        ),
    )


def further(low, high, rate):
    answer = adverse_move(low, rate) / adverse_move(high, rate)
    return Task(
        ask=(
            f"Maintenance is {percent(rate)} of the entry value; fees are left out. How many times as far away is"
            f" liquidation at {times(low)} as at {times(high)}?"
        ),
        answer=answer,
        unit="times",
        wrong=(
            Wrong(
                high / low,
                "That is the ratio of the leverages, and of the distances to bankruptcy. The maintenance rate takes the"
                " same piece from both distances.",
            ),
            Wrong(low / high, "Upside down, and without the maintenance margin."),
            Wrong(
                adverse_move(high, rate) / adverse_move(low, rate),
                "Upside down: the lower leverage has the larger distance.",
            ),
            Wrong((1 / low + rate) / (1 / high + rate), "You added the maintenance rate. It shortens the distance."),
            Wrong(
                adverse_move(low, rate) - adverse_move(high, rate),
                "That is the difference of the two distances. The question is how many times.",
            ),
        ),
        hints=(
            "How far away is liquidation at each of the two leverages?",
            "distance = 1 / leverage − maintenance rate",
            f"(1 / {low:g} − {percent(rate)}) / (1 / {high:g} − {percent(rate)})",
        ),
        steps=(
            f"at {times(low)}: {percent(1 / low)} − {percent(rate)} = {percent(adverse_move(low, rate))}\n"
            f"at {times(high)}: {percent(1 / high)} − {percent(rate)} = {percent(adverse_move(high, rate))}\n"
            f"{percent(adverse_move(low, rate))} / {percent(adverse_move(high, rate))} = **{amount(answer, 'times')}**"
        ),
    )


# --- many people, many days -------------------------------------------------------------------------


def lost_together(leverage, value, days):
    share, margin = round(float(measured("long", adverse_move(leverage, RATE), 24 * days)), 3), value / leverage
    answer = 1000 * share * margin
    when = "a day" if days == 1 else "a week" if days == 7 else f"{days} days"
    return Task(
        ask=(
            f"1,000 traders each open an isolated BTC long of {money(value)} at {times(leverage)}, at random hours of"
            f" 2018 to 2023. Within {when} {percent(share)} of such positions were liquidated. How many dollars of"
            " margin have the traders who were liquidated lost, all together? (Fees are left out.)"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                1000 * share * value,
                "That is the value of their positions. An isolated position loses at most its margin.",
            ),
            Wrong(1000 * margin, "That is the margin of all 1,000. How many of them were liquidated?"),
            Wrong(1000 * (1 - share) * margin, "That is the margin of those who are still open."),
            Wrong(share * margin, "That is the average loss of one trader. There are 1,000."),
            Wrong(1000 * share * value * leverage, "You multiplied by the leverage. The margin is the smaller amount."),
        ),
        hints=(
            "How much can one of them lose, and how many were liquidated?",
            "margin of one = position / leverage; liquidated = 1,000 × share",
            f"1,000 × {percent(share)} × {money(value)} / {leverage:g}",
        ),
        steps=(
            f"margin of one: {money(value)} / {leverage:g} = {money(margin)}\nliquidated: 1,000 × {percent(share)} ="
            f" {plain(1000 * share)}\n{plain(1000 * share)} × {money(margin)} = **{money(answer)}**"
        ),
        either_sign=True,
    )


def still_here(share, weeks):
    exact = 1000 * (1 - share) ** weeks
    answer = round(exact)
    return Task(
        ask=(
            f"In a week {percent(share)} of all positions of one kind are liquidated. 1,000 traders each open one every"
            " week, independently of each other, and stop for good when they are liquidated. How many of them have"
            f" never been liquidated after {weeks:g} weeks?"
        ),
        answer=answer,
        unit="traders",
        wrong=(
            Wrong(1000 * (1 - share), "That is how many are left after one week."),
            Wrong(1000 * share**weeks, "That is how many would be liquidated in every single week, if nobody stopped."),
            Wrong(
                1000 * (1 - share**weeks),
                "That leaves out only those who would have been liquidated in every single week.",
            ),
            Wrong(
                1000 * (1 - share * weeks),
                "That takes the share from the first 1,000 every week. It is a share of those who are left.",
            ),
            Wrong(1000 - exact, "That is how many have been liquidated."),
        ),
        hints=(
            "How many are left after the first week? And how many of those after the second?",
            "Every week the same share of those who are left survives.",
            "1,000 × (1 − share) to the power of the number of weeks",
        ),
        steps=(
            f"1,000 × {1 - share:g}^{weeks:g} = {exact:g}, so **{amount(answer, 'traders')}**\n(in reality"
            " liquidations come together: few in a calm week, many in a wild one)"
        ),
        tolerance=0.01,
    )


def one_in(chance, days):
    answer = 1 - compounded([-chance] * days)
    return Task(
        ask=(
            f"A strategy has a chance of {percent(chance)} of being liquidated on any day, whatever happened on the"
            f" days before. What is the chance that it is liquidated at least once in {days} days, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                chance * days,
                "You added the chances. After enough days that would be more than 100 %: days on which it would have"
                " been liquidated for the second time are counted too.",
            ),
            Wrong(1 - answer, "That is the chance of surviving all the days."),
            Wrong(chance, "That is the chance for one day. There are many."),
            Wrong(
                (1 - chance) ** (days - 1) * chance, "That is the chance that it happens on the last day, not before."
            ),
        ),
        hints=(
            "What is the chance of surviving one day? And two days?",
            "Multiply the chances of surviving, one for each day. The rest is the answer.",
            f"1 − (1 − {chance:g}) to the power of {days}",
        ),
        steps=(
            f"surviving all days: {1 - chance:g} to the power of {days} = {percent(1 - answer)}\nat least once: 1 −"
            f" {percent(1 - answer)} = **{percent(answer)}**\n(in reality wild days come together, and the chance is"
            " somewhat smaller)"
        ),
    )


# --- percentages multiply ---------------------------------------------------------------------------


def up_and_down(leverage, move):
    answer = 100 * compounded([leverage * move, -leverage * move])
    return Task(
        ask=(
            f"You stake all of your $100 at {times(leverage)}, and the price rises {percent(move)}. Then you stake all"
            f" you have at {times(leverage)} again, and the price falls {percent(move)}. How many dollars do you have"
            " now?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(100.0, "The two percentages are equal. But the second is taken from more money than the first."),
            Wrong(100 * (1 - move**2), "That is without leverage."),
            Wrong(100 * (1 + leverage * move), "That is after the first move."),
            Wrong(100 * (1 - leverage * move), "That is the second move alone."),
            Wrong(100 * (leverage * move) ** 2, "That is the loss. How much do you have now?"),
        ),
        hints=(
            "How much do you have after the first move?",
            "The second move acts on that amount, and no longer on $100.",
            "$100 × (1 + leverage × move) × (1 − leverage × move)",
        ),
        steps=(
            f"after the rise: $100 × (1 + {leverage:g} × {move:g}) = {money(100 * (1 + leverage * move))}\nafter the"
            f" fall: {money(100 * (1 + leverage * move))} × (1 − {leverage:g} × {move:g}) = **{money(answer)}**"
        ),
    )


def come_back(loss):
    answer = gain_to_recover(loss)
    return Task(
        ask=(
            f"A trade cost you {percent(loss)} of your account. Which gain on the rest brings you back to where you"
            " were, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(loss, "The same percentage of less money is less money."),
            Wrong(1 - loss, "That is what is left of the account."),
            Wrong(
                loss / (1 + loss),
                "That is the loss that undoes a gain of this size, not the gain that undoes a loss.",
            ),
            Wrong(1 / (1 - loss), "That is the factor by which the rest must grow. How many percent more is that?"),
        ),
        hints=(
            "Suppose you had $100. How many dollars are left, and how many are missing?",
            "What is missing must be gained on what is left.",
            "loss / (1 − loss)",
        ),
        steps=(
            f"Of $100 {money(100 * (1 - loss))} are left and {money(100 * loss)} are missing: {money(100 * loss)} /"
            f" {money(100 * (1 - loss))} = **{percent(answer)}**"
        ),
    )


def best_size(chance, gain, loss):
    answer = 10 * best_fraction(chance, gain, loss)
    return Task(
        ask=(
            f"You win {percent(chance)} of your trades. A win brings {percent(gain)} of the position, a loss takes"
            f" {percent(loss)}, costs included. The margin of each trade is a tenth of the account. At which leverage"
            " does a typical account grow most in the long run?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(answer / 10, "That is the position as a multiple of the account. The margin is only a tenth of it."),
            Wrong(2 * answer, "At about twice the best size a typical account no longer grows."),
            Wrong(10 * chance / loss, "The losing trades are missing: subtract (1 − chance) / gain."),
            Wrong(
                10 * (chance - (1 - chance) * loss / gain),
                "That is ten times the share of the account to risk in a trade. Which position loses that share?",
            ),
            Wrong(
                10 * (chance / gain - (1 - chance) / loss),
                "You exchanged gain and loss: the chance to win is divided by the loss.",
            ),
        ),
        hints=(
            "How large is the best position, as a multiple of the account? And which leverage makes it, if the margin"
            " is a tenth?",
            "best position / account = chance / loss − (1 − chance) / gain",
            "leverage = 10 × (chance / loss − (1 − chance) / gain)",
        ),
        steps=(
            f"{chance:g} / {loss:g} − {1 - chance:g} / {gain:g} = {plain(answer / 10)} times the account; with a tenth"
            f" of it as margin **{times(answer)}**"
        ),
    )


def missing_for_growth(chance, gain, loss):
    mean = chance * gain - (1 - chance) * loss
    return Choice(
        ask=(
            f"A strategy wins {percent(chance)} of its trades. A win brings {percent(gain)} of the position, a loss"
            f" takes {percent(loss)}, costs included. You want to know whether a typical account that trades it grows."
            " Which information is missing?"
        ),
        answer="how large each position is, compared with the account",
        wrong=(
            Wrong(
                "the average result of a trade",
                f"You can calculate it: {percent(mean, signed=True)} of the position. An average gain is not enough.",
            ),
            Wrong(
                "the number of trades",
                "More trades take it further in the same direction. They do not change the direction.",
            ),
            Wrong(
                "the leverage",
                "Not by itself: at 20x a margin of a twentieth of the account makes a position of the account's size.",
            ),
        ),
        hints=(
            "With the same wins and losses, one account grows and another shrinks. What can differ between them?",
            "A typical account grows by p ln(1 + f w) + (1 − p) ln(1 − f l) a trade. Which letter do you not know?",
            "f is the position as a multiple of the account.",
        ),
        steps=(
            f"growth = p ln(1 + f w) + (1 − p) ln(1 − f l), with p = {percent(chance)}, w = {percent(gain)}, l ="
            f" {percent(loss)}.\nOnly f is unknown: **how large each position is, compared with the account**"
        ),
    )


# --- find the bug -----------------------------------------------------------------------------------


def _scaled(hours, distance, volatility, new_distance, new_volatility):
    return hours * (new_distance / distance * volatility / new_volatility) ** 2


square = Repair(
    id="6-bug-square",
    ask=(
        "**Find the bug.** The function above takes a half-life in hours, at one distance and one yearly volatility. It"
        " should give the half-life at another distance and volatility, by the rule of the squares. Fix it."
    ),
    right=_scaled,
    cases=(
        (3, 0.01, 0.8, 0.02, 0.8),
        (3, 0.01, 0.8, 0.01, 0.4),
        (10, 0.02, 0.6, 0.01, 0.3),
        (5, 0.02, 0.5, 0.03, 1.0),
        (8, 0.05, 0.4, 0.04, 0.6),
    ),
    unit="hours",
    wrong=(
        Wrong(
            lambda hours, distance, volatility, new_distance, new_volatility: (
                hours * new_distance / distance * volatility / new_volatility
            ),
            "The distance is twice as large here. How many times as long should it take?",
        ),
        Wrong(
            lambda hours, distance, volatility, new_distance, new_volatility: (
                hours * (new_distance / distance) ** 2 * volatility / new_volatility
            ),
            "The distance is squared now. The volatility must be squared too.",
        ),
        Wrong(
            lambda hours, distance, volatility, new_distance, new_volatility: (
                hours * new_distance / distance * (volatility / new_volatility) ** 2
            ),
            "The volatility is squared now. The distance must be squared too.",
        ),
        Wrong(
            lambda hours, distance, volatility, new_distance, new_volatility: (
                hours * (new_distance / distance * new_volatility / volatility) ** 2
            ),
            "The volatility is upside down: in a calmer market it takes longer.",
        ),
        Wrong(
            lambda hours, distance, volatility, new_distance, new_volatility: (
                hours * (new_distance / distance * volatility / new_volatility) ** 0.5
            ),
            "That is the square root. The time grows with the square of the distance.",
        ),
    ),
    hints=(
        "Twice the distance, the same volatility: how many times as long should it take?",
        "The whole ratio, distance and volatility together, must be squared.",
        "`return hours * (new_distance / distance * volatility / new_volatility) ** 2`",
    ),
    steps=(
        "The half-life grows with the square of the distance and shrinks with the square of the volatility:\n\n"
        "`return hours * (new_distance / distance * volatility / new_volatility) ** 2`\n\nFor example, 3 hours at a"
        " distance of 1 % become 3 × (2 % / 1 %)² = **12 hours** at 2 %, or at half the volatility."
    ),
)


def _left(start, leverage, moves):
    return start * math.prod(max(0.0, 1 + leverage * move) for move in moves)


added = Repair(
    id="6-bug-added",
    ask=(
        "**Find the bug.** You stake all you have on every move of the price, as in the picture, and begin with `start`"
        " dollars. The function above should return what is left. An account that has lost everything stays at 0. Fix"
        " it."
    ),
    right=_left,
    cases=(
        (100, 1, (0.5, -0.5)),
        (100, 10, (0.05, -0.05)),
        (100, 5, (0.06, -0.04, 0.02)),
        (200, 20, (-0.06, 0.1)),
        (100, 10, (-0.12, -0.12)),
        (100, 10, (-0.12, 0.05, -0.12)),
    ),
    unit="$",
    wrong=(
        Wrong(
            lambda start, leverage, moves: start * (1 + leverage * sum(moves)),
            "On which amount does the second move act?",
        ),
        Wrong(
            lambda start, leverage, moves: max(0.0, start * (1 + leverage * sum(moves))),
            "It no longer falls below 0, but the percentages are still added.",
        ),
        Wrong(
            lambda start, leverage, moves: start * math.prod(1 + leverage * move for move in moves),
            "It multiplies now. But a move of −12 % at 10x cannot take more than everything, and two such losses are no"
            " gain.",
        ),
        Wrong(
            lambda start, leverage, moves: max(0.0, start * math.prod(1 + leverage * move for move in moves)),
            "The account must stop at 0 after each move, not only at the end: two losses of 120 % multiply to a gain.",
        ),
        Wrong(
            lambda start, leverage, moves: start * math.prod(1 + move for move in moves),
            "The leverage is missing.",
        ),
    ),
    hints=(
        "What does the function give for +50 % and −50 %, and what did the picture show?",
        "Go through the moves one by one, and multiply what is there by 1 + leverage × move.",
        "In the loop: `start *= max(0, 1 + leverage * move)`",
    ),
    steps=(
        "Each move multiplies what is there, and nothing comes back from 0:\n\n"
        "`for move in moves:`\n\n`    start *= max(0, 1 + leverage * move)`\n\n`return start`\n\n"
        "For example, 100 × 1.5 × 0.5 = **$75**, where the sum says $100."
    ),
)


EXERCISES = (
    Exercise(
        "6-half-life",
        half_life,
        {"distance": (0.01, 0.005, 0.02), "hours": (3, 2, 4, 5, 6), "farther": (3, 2, 4, 5)},
    ),
    Exercise(
        "6-missing",
        missing_for_half_life,
        {
            "missing": ("volatility", "rate", "leverage"),
            "leverage": (25, 10, 40, 50),
            "rate": (0.004, 0.005, 0.01),
            "volatility": (0.55, 0.4, 0.8),
        },
        also=(2, 5),
    ),
    Exercise(
        "6-same-clock",
        same_clock,
        {
            "leverage": (40, 20, 25, 50),
            "rate": (0.004, 0.005),
            "before": (0.8, 0.9, 0.75),
            "after": (0.4, 0.6, 0.5),
        },
        also=(2,),
    ),
    Exercise(
        "6-exchange",
        on_two_exchanges,
        {"name": ("Binance", "MEXC", "Bybit"), "leverage": (50, 40, 25, 20)},
        also=(2, 5),
    ),
    Exercise(
        "6-further",
        further,
        {"low": (50, 100, 40, 25, 20), "high": (200, 250, 400, 500), "rate": (0.001, 0.0015)},
        also=(2,),
    ),
    Exercise(
        "6-lost-together",
        lost_together,
        {"leverage": (50, 20, 25, 100), "value": (5000, 2000, 8000), "days": (7, 1, 3, 30)},
        also=(1,),
    ),
    Exercise("6-still-here", still_here, {"share": (0.2, 0.3, 0.4, 0.1, 0.15), "weeks": (4, 3, 5, 6)}),
    Exercise("6-one-percent", one_in, {"chance": (0.01, 0.02, 0.005, 0.03), "days": (90, 60, 120, 30)}),
    Exercise("6-up-down", up_and_down, {"leverage": (8, 3, 4, 5, 10), "move": (0.06, 0.03, 0.04, 0.05)}, also=(1,)),
    Exercise("6-back", come_back, {"loss": (0.3, 0.1, 0.2, 0.25, 0.4, 0.6, 0.7, 0.75, 0.8)}),
    Exercise("6-best-size", best_size, {"chance": (0.4, 0.45, 0.5), "gain": (0.04, 0.05, 0.06), "loss": (0.02, 0.025)}),
    Exercise(
        "6-missing-size",
        missing_for_growth,
        {"chance": (0.4, 0.45, 0.5), "gain": (0.04, 0.05, 0.06), "loss": (0.02, 0.025)},
        also=(1,),
    ),
    square,
    added,
)


_week = _held("long", 10, "1 week", EARLIER)
_less = _shorter(50_000, 20, "8 hours").shares[EARLIER]
_lot, _edge = (_many(200, 0.003, 2, edge) for edge in (0, 0.16))


PREDICTIONS = (
    Prediction(
        "6-half",
        "A 100x long is liquidated after a fall of 0.9 %. Of those opened in 2018 to 2023 half were gone within 4 to 8"
        " hours. Now suppose that the market is calmer: the price moves half as strongly as then, and the leverage is"
        " still 100x. Half of the positions are gone …",
        answer="after about four times as long",
        options=(
            "after the same time, because the leverage is the same",
            "after about twice as long",
            "after about four times as long",
        ),
        why=(
            "By the bell curve 2.4 hours become 9.8. Half the volatility has the same effect as twice the distance, and"
            " twice as far takes four times as long."
        ),
    ),
    Prediction(
        "6-held",
        "A 10x long on BTC, opened at a random hour of 2018 to 2023 and held for a week. What share of such positions"
        " was liquidated within that week, in percent?",
        answer=round(_week.share, 3),
        unit="%",
        why=(
            "One in four. In the calmer years 2023 to 2026 it was 12.8 %, one in eight: the same 10x, another"
            " volatility."
        ),
    ),
    Prediction(
        "6-five-times",
        "The same $50,000 of BTC: at 100x it needs $500 of margin, at 20x five times as much. Of 100x longs opened at a"
        " random hour of 2018 to 2023, about 53 % were liquidated within 8 hours. What share of the 20x longs was it,"
        " in percent?",
        answer=float(rounded(_less, 3)),
        unit="%",
        why=(
            "Five times the margin, and a tenth of the liquidations. Liquidation is 4.9 % away instead of 0.9 %, and"
            " such a fall within 8 hours is rare. In 2023 to 2026 it was 1.9 %."
        ),
    ),
    Prediction(
        "6-rounds",
        "An account gains 50 % and then loses 50 %. What is left of $100, in dollars?",
        answer=100 * compounded([0.5, -0.5]),
        unit="$",
        why="$100 becomes $150, and half of $150 is $75. The loss is taken from more money than the gain was.",
    ),
    Prediction(
        "6-many",
        "A stop 0.3 % and a target 0.6 % away, 200x, a tenth of the account as margin, and a price without any"
        " direction. After 100 trades, what share of the accounts has lost money, in percent?",
        answer=float(rounded(_lot.losing, 3)),
        unit="%",
        why=(
            "Without fees, and with the same luck, it would be about two in three, because a loss and a gain of the"
            " same percentage do not cancel. The fees do the rest."
        ),
    ),
    Prediction(
        "6-edge",
        "Now with an edge: the target comes first in 38.7 % of the trades instead of 33.3 %, so that after fees the"
        " average trade gains 1.6 % of its margin. Still 200x. After 100 trades, what share of the accounts has lost"
        " money, in percent?",
        answer=float(rounded(_edge.losing, 3)),
        unit="%",
        why=(
            "The average trade gains, and most accounts lose. A few accounts gain very much and pull the average up;"
            " in the others, losses and gains of the same percentage do not cancel."
        ),
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = ("6-back", "6-further", "6-still-here")
