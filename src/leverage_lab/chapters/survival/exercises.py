"""Exercises, bugs and predictions of chapter 6.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab.chapters.survival.held import model as _held
from leverage_lab.chapters.survival.many import model as many
from leverage_lab.leverage import (
    compounded,
    gain_to_recover,
)
from leverage_lab.panelkit.practice import Exercise, Prediction, Task, Wrong
from leverage_lab.strategies import (
    best_fraction,
)
from leverage_lab.survival import EARLIER, adverse_move, measured
from leverage_lab.words import amount, money, percent, plain, rounded, times


def up_and_down(leverage, move):
    answer = 100 * compounded([leverage * move, -leverage * move])
    return Task(
        ask=(
            f"You stake all of $100 at {times(leverage)}: the price rises {percent(move)}. You stake all you have now"
            f" at {times(leverage)}: the price falls {percent(move)}. How many dollars are left?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(100.0, "The two percentages are the same, the money they are taken of is not."),
            Wrong(100 * (1 - move**2), "That is without leverage."),
            Wrong(100 * (1 + leverage * move), "That is after the first move."),
            Wrong(100 * (1 - leverage * move), "That is the second move alone."),
            Wrong(100 * (leverage * move) ** 2, "That is the loss. How much is left?"),
        ),
        hints=("What do you have after the first move?", "Then take the second move of that: × (1 − leverage × move)"),
        steps=(
            f"after the rise: $100 × (1 + {leverage:g} × {move:g}) = {money(100 * (1 + leverage * move))}\nafter the"
            f" fall: {money(100 * (1 + leverage * move))} × (1 − {leverage:g} × {move:g}) = **{money(answer)}**"
        ),
    )


def come_back(loss):
    answer = gain_to_recover(loss)
    return Task(
        ask=f"A trade took {percent(loss)} of your account. Which gain on what is left brings you back, in percent?",
        answer=answer,
        unit="%",
        wrong=(
            Wrong(loss, "The same percentage of less money is less money."),
            Wrong(1 - loss, "That is what is left."),
            Wrong(
                loss / (1 + loss),
                "That is the loss which undoes a gain of that size, not the gain which undoes a loss.",
            ),
            Wrong(1 / (1 - loss), "That is what the rest must be multiplied by. How many percent more is it?"),
        ),
        hints=(
            "Say you had $100. How many dollars are left, and how many are missing?",
            "How many percent of what is left is what is missing?",
        ),
        steps=(
            f"Of $100 {money(100 * (1 - loss))} are left and {money(100 * loss)} are missing: {money(100 * loss)} /"
            f" {money(100 * (1 - loss))} = **{percent(answer)}**"
        ),
    )


def half_life(way, hours, times_farther):
    answer = hours * times_farther**2
    return Task(
        ask=(
            f"By the bell curve, half of all positions that are closed {percent(way)} away are gone after {hours:g}"
            f" hours. After how many hours are half of those gone that are closed {percent(way * times_farther)} away?"
        ),
        answer=answer,
        unit="hours",
        wrong=(
            Wrong(
                hours * times_farther,
                "That would be so if prices marched straight ahead. They go back and forth: the way grows with the root"
                " of the time.",
            ),
            Wrong(hours, "A longer way takes longer."),
            Wrong(
                hours * times_farther**0.5,
                "The other way round: the way grows with the root of the time, so the time with the square of the way.",
            ),
            Wrong(hours / times_farther, "A longer way takes longer, not shorter."),
        ),
        hints=(
            (
                f"The way is {times_farther:g} times as long. A random walk needs more than {times_farther:g} times the"
                " time."
            ),
            "The time grows with the square of the way.",
        ),
        steps=f"{hours:g} × {times_farther:g}² = **{amount(answer, 'hours')}**",
    )


def still_here(share, weeks):
    exact = 1000 * (1 - share) ** weeks
    answer = round(exact)
    return Task(
        ask=(
            f"In a week {percent(share)} of all positions of one kind are liquidated. 1,000 traders open one each week,"
            " independently of each other, and stop when one is liquidated. How many traders have never been"
            f" liquidated after {weeks:g} weeks?"
        ),
        answer=answer,
        unit="traders",
        wrong=(
            Wrong(1000 * (1 - share), "That is after one week."),
            Wrong(1000 * share**weeks, "That would be those who are liquidated in every week, if they went on."),
            Wrong(1000 * (1 - share**weeks), "That takes off only those who would have been hit in every single week."),
            Wrong(
                1000 * (1 - share * weeks),
                "That takes the share of the first thousand off in every week. It is a share of those who are left.",
            ),
            Wrong(1000 - exact, "That is how many have been liquidated."),
        ),
        hints=(
            "How many are left after the first week? And of those, after the second?",
            "1,000 × (1 − share), once for each week",
        ),
        steps=(
            f"1,000 × {1 - share:g}^{weeks:g} = {exact:g}, so **{amount(answer, 'traders')}**\n(in truth they fall"
            " together: few in a calm week, many in a wild one)"
        ),
        tolerance=0.01,
    )


def further(low, high, rate):
    answer = adverse_move(low, rate) / adverse_move(high, rate)
    return Task(
        ask=(
            f"Maintenance {percent(rate)} on the entry value, fees left out. How many times as far away is liquidation"
            f" at {times(low)} as at {times(high)}?"
        ),
        answer=answer,
        unit="times",
        wrong=(
            Wrong(
                high / low,
                "That is the ratio of the leverages, and of the bankruptcy prices. The maintenance margin takes the"
                " same piece from both ways.",
            ),
            Wrong(low / high, "Upside down, and without the maintenance margin."),
            Wrong(
                adverse_move(high, rate) / adverse_move(low, rate),
                "Upside down: the lower leverage has the longer way.",
            ),
            Wrong((1 / low + rate) / (1 / high + rate), "You added the maintenance rate. It shortens the way."),
            Wrong(
                adverse_move(low, rate) - adverse_move(high, rate),
                "That is the difference of the two ways. Asked is how many times.",
            ),
        ),
        hints=(
            "way to liquidation = 1 / leverage − maintenance rate, for both",
            "Divide the longer way by the shorter.",
        ),
        steps=(
            f"at {times(low)}: {percent(1 / low)} − {percent(rate)} = {percent(adverse_move(low, rate))}\n"
            f"at {times(high)}: {percent(1 / high)} − {percent(rate)} = {percent(adverse_move(high, rate))}\n"
            f"{percent(adverse_move(low, rate))} / {percent(adverse_move(high, rate))} = **{amount(answer, 'times')}**"
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
            Wrong(2 * answer, "At about twice the best size nothing grows any more."),
            Wrong(10 * chance / loss, "The losses are missing: take (1 − chance) / gain off."),
            Wrong(
                10 * (chance - (1 - chance) * loss / gain),
                "That is the share to lose at a time. Which position loses that much?",
            ),
            Wrong(10 * (chance / gain - (1 - chance) / loss), "You exchanged gain and loss below the lines."),
        ),
        hints=(
            "The best position, as a multiple of the account, is chance / loss − (1 − chance) / gain.",
            "leverage = 10 × (chance / loss − (1 − chance) / gain)",
        ),
        steps=(
            f"{chance:g} / {loss:g} − {1 - chance:g} / {gain:g} = {plain(answer / 10)} times the account; on a tenth of"
            f" it **{times(answer)}**"
        ),
    )


def one_in(chance, days):
    answer = 1 - compounded([-chance] * days)
    return Task(
        ask=(
            f"A strategy has a chance of {percent(chance)} to be liquidated on any day, and days do not depend on each"
            f" other. What is the chance that it happens at least once in {days} days, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                chance * days,
                "You added the chances up. Then it would be above 100 % after enough days; a position that is gone"
                " cannot go again.",
            ),
            Wrong(1 - answer, "That is the chance to live through all the days."),
            Wrong(chance, "That is one day. There are many."),
            Wrong((1 - chance) ** (days - 1) * chance, "That is the chance that it happens on the last day."),
        ),
        hints=(
            "What is the chance to live through one day, and through two?",
            f"1 − (1 − {chance:g}) to the power of {days}",
        ),
        steps=(
            f"to live through all: {1 - chance:g} to the power of {days} = {percent(1 - answer)}\nat least once: 1 −"
            f" {percent(1 - answer)} = **{percent(answer)}**\n(in truth wild days come together, and the chance is"
            " somewhat smaller)"
        ),
    )


_week = _held("long", 10, "1 week", EARLIER)
_lot = many(200, 0.003, 2, 0)


EXERCISES = (
    Exercise("6-back", come_back, {"loss": (0.3, 0.1, 0.2, 0.25, 0.4, 0.6, 0.7, 0.75, 0.8)}),
    Exercise("6-up-down", up_and_down, {"leverage": (8, 3, 4, 5, 10), "move": (0.06, 0.03, 0.04, 0.05)}),
    Exercise(
        "6-half-life", half_life, {"way": (0.01, 0.005, 0.02), "hours": (3, 2, 4, 5, 6), "times_farther": (3, 2, 4, 5)}
    ),
    Exercise("6-still-here", still_here, {"share": (0.2, 0.3, 0.4, 0.1, 0.15), "weeks": (4, 3, 5, 6)}),
    Exercise(
        "6-further", further, {"low": (50, 100, 40, 25, 20), "high": (200, 250, 400, 500), "rate": (0.001, 0.0015)}
    ),
    Exercise("6-one-percent", one_in, {"chance": (0.01, 0.02, 0.005, 0.03), "days": (90, 60, 120, 30)}),
    Exercise("6-best-size", best_size, {"chance": (0.4, 0.45, 0.5), "gain": (0.04, 0.05, 0.06), "loss": (0.02, 0.025)}),
)


PREDICTIONS = (
    Prediction(
        "6-rounds",
        "An account gains 50 % and then loses 50 %. What is left of $100, in dollars?",
        answer=100 * compounded([0.5, -0.5]),
        unit="$",
        why="$100 becomes $150, and half of $150 is $75. The loss is taken of more money than the gain was.",
    ),
    Prediction(
        "6-half",
        "A 100x long is closed by a fall of 0.9 %. Of those opened in 2018 to 2023 half were gone within 4 to 8 hours."
        " Now the market calms down: the price moves half as strongly as then, and the leverage stays 100x. Half of the"
        " positions are then gone …",
        answer="after about four times as long",
        options=(
            "after as long as before: the leverage is the same",
            "after about twice as long",
            "after about four times as long",
        ),
        why=(
            "By the bell curve 2.4 hours become 9.8. Half the volatility is the same as twice the distance, and twice"
            " as far takes four times as long."
        ),
    ),
    Prediction(
        "6-life",
        "The same $50,000 of BTC: at 100x it needs $500 of margin, at 500x only $100. At 100x, about 16 % of longs"
        " opened at a random hour of 2018 to 2023 were closed within the next hour. At 500x?",
        answer=round(measured("long", adverse_move(500, 0.001), 1), 3),  # as many digits as the panel shows
        unit="%",
        why=(
            "The way to liquidation is 0.1 % instead of 0.9 %: a ninth of it, not a fifth. In 2023 to 2026 it was"
            " 74.6 %."
        ),
    ),
    Prediction(
        "6-held",
        "A 10x long on BTC, opened at a random hour of 2018 to 2023 and held for a week. In how many percent of the"
        " cases was it liquidated within that week?",
        answer=round(_week.share, 3),
        unit="%",
        why=(
            "One in four. In the calmer years 2023 to 2026 it was 12.8 %, one in eight: the same 10x, another"
            " volatility."
        ),
    ),
    Prediction(
        "6-many",
        "A stop 0.3 % and a target 0.6 % away, 200x, a tenth of the account as margin, and a price without any"
        " direction. After 100 trades, how many percent of the accounts have lost?",
        answer=float(rounded(_lot.losing, 3)),
        unit="%",
        why=(
            "With the same luck and no fees it would be about two in three, because a loss and a gain of the same"
            " percentage do not cancel. The fees do the rest."
        ),
    ),
)
