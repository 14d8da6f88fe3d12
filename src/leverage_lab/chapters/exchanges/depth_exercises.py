"""The exercise and the prediction on depth. Right answers come from `orders.py`, wrong ones are written out."""

from leverage_lab.chapters.exchanges.depth import model as order
from leverage_lab.orders import WITHIN, slippage
from leverage_lab.panelkit.practice import Exercise, Prediction, Task, Wrong
from leverage_lab.words import money, percent


def slipped(value, depth, spread):
    answer = value * slippage(value, spread, depth)
    last, half = WITHIN * value / depth, spread / 2
    return Task(
        ask=(
            f"A book offers {money(depth)} within 1 % of its best price, the same amount at every price; the spread is "
            f"{percent(spread)}. Your market order is {money(value)}. How many dollars is the slippage, measured from "
            "the mid price?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * (half + last), "That is the distance of the last coin. The first coins were cheaper."),
            Wrong(value * last / 2, "Half of the spread is missing: the best price is not the mid price."),
            Wrong(value * (spread + last / 2), "From the mid price to the best price is half of the spread."),
            Wrong(value * half, "That is the spread alone. An order of this size uses up the best prices."),
            Wrong(value * last, "That is the last coin's distance, without the spread. Take the average coin."),
        ),
        hints=(
            "How far from the best price is your last coin, and how far is the average coin?",
            f"1 % of distance holds {money(depth)}. Your order needs its share of that 1 %, and on average half of it.",
            "slippage = order × (spread / 2 + 1 % × order / (2 × depth))",
        ),
        steps=(
            f"last coin: 1 % × {money(value)} / {money(depth)} = {percent(last, decimals=4)} beyond the best price, on "
            f"average half of it, {percent(last / 2, decimals=4)}\nhalf of the spread: {percent(half, decimals=4)}\n"
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
    ),
)

_order = order(250_000, 2_000_000, 0.0002, 0.0005)

PREDICTIONS = (
    Prediction(
        "5-depth",
        "A market order of $250,000. The fee is 0.05 %. The spread is 0.02 %, and within 1 % of the best price others "
        "offer $2,000,000, eight times your order. Beside the fee, what does the book cost you?",
        answer="more than the fee",
        options=("almost nothing", "about half of the fee", "more than the fee"),
        why=(
            f"{money(250_000 * _order.slip)} of slippage beside {money(250_000 * 0.0005)} of fee, in this model. The "
            f"two are equal at {money(_order.equal)}. Twice the size pays twice the fee, but almost four times the "
            "slippage."
        ),
    ),
)
