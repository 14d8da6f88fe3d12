"""Exercises and the prediction on orders. Right answers come from `orders.py`, wrong ones are written out."""

import numpy as np

from leverage_lab.chapters.strategies.orders import model as run
from leverage_lab.leverage import pnl
from leverage_lab.orders import limit_order, reduced, stop_order, trailing_stop
from leverage_lab.panelkit.practice import Exercise, Prediction, Task, Wrong
from leverage_lab.words import money, percent, plain, price

TRIGGER, LIMIT, TARGET, BEST = 98, 97.8, 101.5, 101


def _rows(*bars):
    """Open, high, low and close of some minutes as four rows."""
    return np.array(bars, dtype=float).T


def closed(low, mark, bounce, trail):
    after, back = low + 0.1, mark + 0.1
    last = _rows((100, BEST, 99.5, 100), (100, 100, low, after), (after, bounce, after, after))
    marks = _rows((100, 100.5, 99.6, 100), (100, 100, mark, back), (back, back, back, back))
    ends = {
        "A": stop_order("long", TRIGGER, last),
        "B": stop_order("long", TRIGGER, last, limit=LIMIT),
        "C": stop_order("long", TRIGGER, last, marks),
        "D": trailing_stop("long", trail, last),
        "E": limit_order("long", TARGET, last),
    }
    names = [name for name, end in ends.items() if end.filled >= 0]
    answer, follows = len(names), BEST * (1 - trail)
    wrong = {
        5: f"E, the limit order, waits for {price(TARGET)}. The highest price was {price(BEST)}.",
        0: f"A watches the last price, which fell to {price(low)}, and accepts any price. It closes.",
        answer
        - 1: f"One order is missing. Check B's limit, C by the mark price, and D from the best price, {price(BEST)}.",
        answer + 1: "One too many. A triggered order is not yet filled, and C watches only the mark price.",
    }
    return Task(
        ask=(
            "Five order forms, each the only order that closes a long from $100: **A** stop-market, trigger price "
            f"{price(TRIGGER)}, by last price. **B** stop-limit, trigger price {price(TRIGGER)}, limit {price(LIMIT)}, "
            f"by last price. **C** stop-market, trigger price {price(TRIGGER)}, by mark price. **D** trailing stop, "
            f"{percent(trail)} below the best last price. **E** limit, {price(TARGET)}. The last price rises to "
            f"{price(BEST)}, falls to {price(low)} within one minute, jumping over all prices between $98.20 and "
            f"{price(low)}, and then rises to {price(bounce)} at most. The lowest mark price is {price(mark)}. How "
            "many of the five orders have closed the long?"
        ),
        answer=answer,
        unit="orders",
        wrong=tuple(Wrong(count, why) for count, why in wrong.items() if count != answer),
        hints=(
            "Ask two questions of each order: was it triggered, and was there then a price that it accepts?",
            f"B accepts {price(LIMIT)} or more, C watches the mark price, and D's trigger price rises with the price.",
            f"D's trigger price is {price(BEST)} × (1 − {percent(trail)}) = {price(follows)}.",
        ),
        steps=(
            f"A: {price(low)} is below {price(TRIGGER)}, closed. B: triggered, then filled only above {price(LIMIT)}: "
            f"the price came back to {price(bounce)}, {'closed' if 'B' in names else 'not filled'}. C: the mark price "
            f"was {price(mark)}, {'closed' if 'C' in names else 'not triggered'}. D: {price(BEST)} × (1 − "
            f"{percent(trail)}) = {price(follows)}, {'closed' if 'D' in names else 'not reached'}. E: {price(TARGET)} "
            f"was never reached. Together **{answer}\u00a0order{'s' * (answer > 1)}**."
        ),
    )


def where(coins, trigger, last):
    end = stop_order("long", trigger, _rows((100, 100, last, last)), _rows((100, 100, trigger, trigger)))
    amount = round(1.4 * coins)  # on the form: more than there is
    answer = -pnl("long", reduced(coins, amount)[0], 100, end.price)
    return Task(
        ask=(
            f"Order form: “Sell {amount} coins, stop-market, trigger price {price(trigger)}, trigger by mark price, "
            f"reduce-only”. Your position is a long of {coins} coins from $100. The mark price falls to"
            f" {price(trigger)}. At that moment the last price, and all that buyers offer, is {price(last)}. How many"
            " dollars does the long lose, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                coins * (100 - trigger),
                "That is the loss at the trigger price. The trigger only sends the order; buyers set the price.",
            ),
            Wrong(coins * (trigger - last), "That is only what the gap between mark and last price added."),
            Wrong(coins * last, "That is what the sale brings. Compare it with what the coins cost."),
            Wrong(
                coins * (100 - (trigger + last) / 2),
                "There is no middle between the two: one price sends the order, the other fills it.",
            ),
            Wrong(amount * (100 - last), f"Reduce-only: the order sells what there is to close, {coins} coins."),
            Wrong(100 - last, "That is the loss of one coin."),
        ),
        either_sign=True,
        hints=(
            "Which price sends the order, which price fills it, and how many coins are there to close?",
            "The mark price triggers. A market order is then filled at what buyers offer now.",
            "loss = coins × (entry price − price at which the order is filled)",
        ),
        steps=(
            f"reduce-only: {coins} coins; triggered by the mark at {price(trigger)}, filled at {price(last)}\n"
            f"{coins} × ($100 − {price(last)}) = **{money(answer)}**, {money(answer - coins * (100 - trigger))} more"
            " than at the trigger price"
        ),
    )


EXERCISES = (
    Exercise(
        "7-order-closed",
        closed,
        {"low": (96.5, 97.2), "mark": (98.4, 97.9), "bounce": (97.4, 98.1), "trail": (0.03, 0.05, 0.02)},
        also=(2,),
    ),
    Exercise(
        "7-order-where",
        where,
        {"coins": (50, 20, 80), "trigger": (98, 97, 97.5), "last": (96.2, 95.5, 94.8)},
        also=(2,),
    ),
)

_run = run("BTC, 10 Oct 2025", "long", 0, 0.0075, 0.001, "last")
_stop, _limited = _run.ended["stop-market"], _run.ended["stop-limit"]

PREDICTIONS = (
    Prediction(
        "7-order-left",
        "10 October 2025: a long of $10,000 on BTC, opened at 20:30 UTC. A stop-limit order should close it: trigger"
        " price 0.75 % below the entry, limit another 0.1 % lower. Within the hour the price falls by more than 8 %."
        " What is the state of the long at 22:30?",
        answer="still open",
        options=("closed near the trigger price", "closed near the lowest price", "still open"),
        why=(
            f"The order was triggered at {_run.market.moment(_limited.sent)}, in a minute that fell through its limit"
            f" too. No later price was good enough for it. The long was {money(-_limited.gain)} down"
            f" ({plain(-100 * _limited.gain / 10_000, 1)}\u00a0%) at the end, and much more in between. A stop-market"
            f" order closed it in that minute, with a loss of {money(-_stop.gain)} at most."
        ),
    ),
)
