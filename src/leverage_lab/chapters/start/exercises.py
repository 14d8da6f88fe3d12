"""The one exercise and the one prediction of chapter 0: how to use them."""

from leverage_lab.leverage import pnl, quantity
from leverage_lab.panelkit.practice import Exercise, Prediction, Task, Wrong
from leverage_lab.words import money, percent, times


def first(margin, leverage, fall):
    answer = -pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 - fall))
    return Task(
        ask=f"{money(margin)} at {times(leverage)}, and the price falls by {percent(fall)}. How many dollars are lost?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(margin * fall, "That is without leverage: the price moves the whole position, not only your margin."),
            Wrong(margin * leverage, "That is the whole position. How much of it is lost?"),
            Wrong(margin * leverage * fall * 10, "The percentage slipped by one digit: 1 % of $100 is $1."),
            Wrong(margin - margin * leverage * fall, "That is what is left of the margin."),
            Wrong(margin * leverage * fall / 10, "The percentage slipped by one digit: 1 % of $100 is $1."),
        ),
        hints=(
            "How large is the position, in dollars?",
            "The price moves the whole position: take the percentage of that.",
            "loss = margin × leverage × fall",
        ),
        either_sign=True,
        steps=(
            f"{money(margin)} × {leverage:g} = {money(margin * leverage)}, and {percent(fall)} of that is"
            f" **{money(answer)}**"
        ),
    )


EXERCISES = (
    Exercise(
        "0-first",
        first,
        {"margin": (10, 25, 40, 80, 200), "leverage": (30, 5, 8, 20, 40), "fall": (0.01, 0.005, 0.015, 0.02)},
    ),
)

PREDICTIONS = (
    Prediction(
        "0-guess",
        "You put in $50 and take 40x. The price falls by 1 %. How many dollars do you lose?",
        answer=-pnl("long", quantity(50, 40, 100), 100, 99),
        unit="$",
        either_sign=True,
        why="40 times $50 is a position of $2,000, and 1 % of that is $20: two fifths of your $50.",
    ),
)

FOR_PRACTICE = ()
