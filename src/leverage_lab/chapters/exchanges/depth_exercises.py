"""The exercise and the prediction on depth. Right answers come from `orders.py`, wrong ones are written out."""

from leverage_lab.orders import WITHIN, size_at_slippage, slippage
from leverage_lab.panelkit.practice import Exercise, Prediction, Task, Wrong
from leverage_lab.words import money, percent


def slipped(value, depth, spread):
    answer = value * slippage(value, spread, depth)
    last, half = WITHIN * value / depth, spread / 2
    return Task(
        ask=(
            f"In a simple model an order book offers {money(depth)} within 1 % of its best price, the same amount at"
            f" every price. The spread is {percent(spread)}, your market order is {money(value)}. How many dollars of"
            " slippage do you pay, measured from the mid price?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * (half + last), "That is how far away your last coin is. The first coins were cheaper."),
            Wrong(value * last / 2, "Half of the spread is missing: the best price is not the mid price."),
            Wrong(value * (spread + last / 2), "The distance from the mid price to the best price is half the spread."),
            Wrong(value * half, "That is half the spread alone. An order of this size uses up the best prices."),
            Wrong(
                value * last,
                "That is how far your last coin is from the best price. Use the average coin, and the mid price.",
            ),
        ),
        hints=(
            "How far from the best price is your last coin? And your average coin?",
            f"Within 1 % there is {money(depth)}. Your order uses its share of that 1 %, and on average half of it.",
            "slippage = order × (spread / 2 + 1 % × order / (2 × depth))",
        ),
        steps=(
            f"last coin: 1 % × {money(value)} / {money(depth)} = {percent(last, decimals=4)} beyond the best price\n"
            f"average coin: half of that, {percent(last / 2, decimals=4)}; half the spread:"
            f" {percent(half, decimals=4)}\n"
            f"{money(value)} × {percent(half + last / 2, decimals=4)} = **{money(answer)}**"
        ),
    )


EXERCISES = (
    Exercise(
        "5-slippage",
        slipped,
        {
            "value": (200_000, 80_000, 500_000, 300_000),
            "depth": (4_000_000, 1_000_000, 2_500_000),
            "spread": (0.0002, 0.0004, 0.0006),
        },
        also=(4,),
    ),
)

PREDICTIONS = (
    Prediction(
        "5-depth",
        "A market order of $250,000 pays a fee of 0.05 %, $125. The spread is 0.02 %, and $2,000,000 is on offer within"
        " 1 % of the best price, eight times as much as you buy. How much slippage comes on top?",
        answer="more than the fee",
        options=("almost nothing", "about half the fee", "more than the fee"),
        why=(
            f"In this model the slippage is {money(250_000 * slippage(250_000, 0.0002, 2e6))}. Twice the order pays"
            " twice the fee, but almost four times the slippage. At"
            f" {money(size_at_slippage(0.0005, 0.0002, 2e6))} the two are equal."
        ),
    ),
)
