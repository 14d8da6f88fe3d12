"""Exercises, bugs and predictions of chapter 1.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab import data
from leverage_lab.leverage import (
    account_change,
    effective_leverage,
    initial_margin,
    notional,
    pnl,
    price_for_roe,
    price_move,
    quantity,
    roe,
)
from leverage_lab.panelkit.practice import Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.words import amount, money, percent, price, times


def position(margin, leverage):
    answer = notional(quantity(margin, leverage, 100), 100)
    return Task(
        ask=f"You put in {money(margin)} at {times(leverage)}. How large is the position, in dollars?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(margin / leverage, "You divided by the leverage; it multiplies what you put in."),
            Wrong(margin * (leverage - 1), "That is the part which is not yours. The position holds your margin too."),
            Wrong(margin, "That is your margin. The position is that many times larger."),
            Wrong(margin * leverage**2, "You multiplied by the leverage twice."),
            Wrong(margin + leverage, "You added. Leverage multiplies."),
        ),
        hints=(
            "What does leverage multiply?",
            f"At {times(leverage)} the position is {leverage:g} times as large as your margin.",
            "position = margin × leverage",
        ),
        steps=f"position = margin × leverage = {money(margin)} × {leverage:g} = **{money(answer)}**",
    )


def margin_needed(value, leverage):
    answer = initial_margin(value / 100, 100, leverage)
    return Task(
        ask=f"You want a position of {money(value)} at {times(leverage)}. How much margin do you post, in dollars?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * leverage, "You multiplied by the leverage; from position to margin it divides."),
            Wrong(value, "That is the whole position, what you would pay without leverage."),
            Wrong(value - value / leverage, "That is the part which is not yours."),
            Wrong(
                value * leverage / 100,
                f"You took {times(leverage)} for {leverage:g} %. At {times(leverage)} the margin is the position"
                f" divided by {leverage:g}: {percent(1 / leverage)} of it.",
            ),
        ),
        hints=(
            "Is the margin larger or smaller than the position?",
            f"At {times(leverage)} the position is {leverage:g} times the margin. Now go the other way.",
            "margin = position / leverage",
        ),
        steps=f"margin = position / leverage = {money(value)} / {leverage:g} = **{money(answer)}**",
    )


def coins(asset, margin, leverage):
    coin = data.asset(asset)
    answer = quantity(margin, leverage, coin.price)
    return Task(
        ask=(
            f"{coin.name} costs {price(coin.price)} (4 August 2025). You put in {money(margin)} at"
            f" {times(leverage)}. How many {coin.symbol} is the position?"
        ),
        answer=answer,
        unit=coin.symbol,
        wrong=(
            Wrong(margin / coin.price, "That is what the margin alone buys. The leverage is missing."),
            Wrong(coin.price / (margin * leverage), "That is upside down: dollars divided by the price are coins."),
            Wrong(margin * leverage, "That is the position in dollars. How many coins is it?"),
            Wrong(leverage / coin.price, "The margin is missing."),
            Wrong(coin.price / margin, "That is upside down, and the leverage is missing."),
        ),
        hints=(
            "How large is the position, in dollars?",
            "Dollars divided by the price of one coin are coins.",
            "coins = margin × leverage / price",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(margin * leverage)}\n"
            f"coins = {money(margin * leverage)} / {price(coin.price)} = **{amount(answer, coin.symbol)}**"
        ),
    )


def profit(margin, leverage, move):
    answer = pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 + move))
    return Task(
        ask=(
            f"You are long with {money(margin)} at {times(leverage)}. The price rises {percent(move)}. What is the"
            " profit in dollars, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(margin * move, "The leverage is missing: the price moves the whole position, not only your margin."),
            Wrong(margin * leverage**2 * move, "You counted the leverage twice: it is already in the position."),
            Wrong(
                margin * leverage * move * 100,
                f"You used {100 * move:g} for {percent(move)}. As a fraction it is {move:g}.",
            ),
            Wrong(
                margin * (1 + leverage * move), "That is margin plus profit. The question asks for the profit alone."
            ),
        ),
        hints=(
            "How large is the position?",
            "The price moves the whole position, and the leverage is already in it.",
            "profit = position × price move, with the move as a fraction",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(margin * leverage)}\n"
            f"profit = {money(margin * leverage)} × {move:g} = **{money(answer)}**"
        ),
    )


def short_return(leverage, move):
    answer = roe("short", leverage, 100, 100 * (1 + move))
    return Task(
        ask=(
            f"You are short at {times(leverage)}. The price rises {percent(move)}. What is the return on your margin,"
            " in percent (with its sign)?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(leverage * move, "That is a long's return. A short loses when the price rises."),
            Wrong(
                -move, "That is the position's loss. Your margin is smaller than the position, so its return is larger."
            ),
            Wrong(-move / leverage, "You divided by the leverage; it multiplies the return on margin."),
            Wrong(
                -leverage * move / (1 + move),
                "You divided by the new price. The percentage counts from the entry price.",
            ),
        ),
        hints=(
            "Is it a gain or a loss?",
            "The return on margin is the price move, multiplied; for a short the sign changes.",
            "return on margin = −leverage × price move, for a short",
        ),
        steps=f"return on margin = −{leverage:g} × {percent(move)} = **{percent(answer)}**",
    )


def account_share(account, margin, leverage, fall):
    loss = pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 - fall))
    answer = account_change(loss, account)
    return Task(
        ask=(
            f"Your account holds {money(account)}. You go long with {money(margin)} of it at {times(leverage)}. The"
            f" price falls {percent(fall)}. By how many percent does the account change (with its sign)?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(-leverage * fall, "That is the return on the margin. The account is larger than the margin."),
            Wrong(-fall, "That is the move of the price."),
            Wrong(
                -leverage * fall * margin / (account - margin),
                "You divided by what is free. The margin belongs to the account too.",
            ),
            Wrong(
                -leverage * fall / (1 - fall) * margin / account,
                "You counted from the new price instead of the entry price.",
            ),
        ),
        hints=(
            "What is lost, in dollars?",
            "That loss is a part of the whole account, not only of the margin.",
            "change of the account = −margin × leverage × fall / account",
        ),
        steps=(
            f"loss = {money(margin)} × {leverage:g} × {percent(fall)} = {money(-loss)}\n"
            f"change = {money(loss)} / {money(account)} = **{percent(answer)}**"
        ),
    )


def gone(leverage):
    answer = -price_move(100, price_for_roe("long", leverage, 100, -1))
    return Task(
        ask=(
            f"At {times(leverage)}, how far must the price fall until a long's whole margin is used up, in percent"
            " (before fees and maintenance margin)?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(leverage / 100, "You used the leverage as the percentage. More leverage leaves less room, not more."),
            Wrong(
                1.0,
                "The price need not go to zero: the loss is made on the position, which is larger than the margin.",
            ),
            Wrong(1 / (leverage + 1), "That holds when the margin is in coins (section 6). Here it is in dollars."),
            Wrong(1 / (2 * leverage), "That takes half of the margin."),
        ),
        either_sign=True,
        hints=(
            "How large is the loss when the margin is used up?",
            "The loss is then as large as the margin: position × move = margin.",
            "move = margin / position = 1 / leverage",
        ),
        steps=f"position × move = margin, so move = 1 / leverage = 1 / {leverage:g} = **{percent(answer)}**",
    )


def change_leverage(value, before, after, fall):
    answer = -pnl("long", value / 100, 100, 100 * (1 - fall))
    return Task(
        ask=(
            f"You hold a position of {money(value)} at {times(before)} and set its leverage to {times(after)}; the"
            f" position stays {money(value)}. The price falls {percent(fall)}. How many dollars do you lose?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                value * fall * after / before,
                "You scaled the loss with the leverage. The position did not change, so the dollars did not either.",
            ),
            Wrong(value * fall * after, "You multiplied by the leverage. It is already in the position."),
            Wrong(value / after * fall, "You applied the move to the margin. The price moves the whole position."),
            Wrong(value * fall * before, "You multiplied by the old leverage. It is already in the position."),
            Wrong(value / after, "That is the margin now, all of it. Is it used up by this move?"),
        ),
        either_sign=True,
        hints=(
            "What does the price move: the margin or the position?",
            "The position has not changed. Does the leverage still matter for the dollars?",
            "loss = position × move",
        ),
        steps=(
            f"loss = {money(value)} × {percent(fall)} = **{money(answer)}** at {times(before)} and at {times(after)}.\n"
            f"What changed is the margin: {money(value / before)} before, {money(value / after)} now, and so the room:"
            f" {percent(1 / before)} before, {percent(1 / after)} now."
        ),
    )


def inverse_profit(face, entry, now):
    answer = pnl("long", face, entry, now, contract="inverse")
    return Task(
        ask=(
            f"An inverse contract: you are long {money(face)} of BTC from {price(entry)}. Now BTC costs"
            f" {price(now)}. What is the profit in BTC?"
        ),
        answer=answer,
        unit="BTC",
        wrong=(
            Wrong(
                face * (now - entry) / entry**2,
                "You turned the dollars into coins at the entry price. Now they buy fewer coins.",
            ),
            Wrong(face / entry, "That is what the position was worth at the entry."),
            Wrong(face / now, "That is what it is worth now. What was it at the entry?"),
            Wrong(face * (now - entry) / entry, "That is the profit in dollars."),
            Wrong(face * (now - entry), "You used the dollars of face value as if they were coins."),
        ),
        hints=(
            "The contract is a fixed number of dollars. How many coins is that at the entry, and how many now?",
            "The profit is the difference: the coins at the entry minus the coins now.",
            "profit = face value × (1 / entry − 1 / price)",
        ),
        steps=(
            f"at the entry {money(face)} are {amount(face / entry, 'BTC')}, now only {amount(face / now, 'BTC')}:"
            f" the same dollars buy fewer coins.\n"
            f"profit = {amount(face / entry, 'BTC')} − {amount(face / now, 'BTC')} = **{amount(answer, 'BTC')}**"
        ),
    )


def leverage_now(margin, leverage, fall):
    value = margin * leverage * (1 - fall)
    left = margin * (1 - leverage * fall)
    answer = effective_leverage(value / 100, 100, left)
    return Task(
        ask=(
            f"You went long with {money(margin)} at {times(leverage)}. The price has fallen {percent(fall)}. What is"
            " the position's effective leverage now (its value now / what is left of the margin)?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(
                leverage,
                "That was at the entry. The loss has used up some margin, so each dollar that is left carries more.",
            ),
            Wrong(margin * leverage / left, "The position is worth less now too."),
            Wrong(value / margin, "You divided by the margin at the start. How much of it is left?"),
            Wrong(
                leverage * (1 - leverage * fall),
                "Upside down: less margin under the same position means more leverage.",
            ),
        ),
        hints=(
            "How much is the position worth now, and how much margin is left?",
            "The price fall makes the position a little smaller. The loss makes the margin much smaller.",
            "effective leverage = value now / (margin − loss)",
        ),
        steps=(
            f"value now = {money(margin * leverage)} × (1 − {fall:g}) = {money(value)}\n"
            f"margin left = {money(margin)} − {money(margin * leverage * fall)} = {money(left)}\n"
            f"effective leverage = {money(value)} / {money(left)} = **{times(answer)}**"
        ),
    )


def _profit(margin, leverage, move):
    return pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 + move))


twice = Repair(
    id="1-bug-twice",
    ask=(
        "**Find the bug.** While we collected examples for this course, we met several pages that compute a profit"
        " like this function. Repair it in the cell above, then run both cells again."
    ),
    right=_profit,
    cases=((10, 500, 0.002), (100, 20, -0.01), (250, 3, 0.05), (40, 1, 0.1)),
    unit="$",
    wrong=(
        Wrong(
            lambda margin, leverage, move: margin * leverage * move * leverage,
            "Follow the leverage through the lines: how many times is it used?",
        ),
        Wrong(lambda margin, leverage, move: margin * leverage, "The move of the price is missing now."),
        Wrong(
            lambda margin, leverage, move: margin * leverage * leverage,
            "The leverage is still there twice, and the move is missing.",
        ),
        Wrong(
            lambda margin, leverage, move: margin * move, "Now the leverage is in no line. It must be in exactly one."
        ),
        Wrong(
            lambda margin, leverage, move: margin * move / leverage, "Leverage makes the position larger, not smaller."
        ),
        Wrong(
            lambda margin, leverage, move: margin * (1 + leverage * move),
            "That is what you get back. The profit is that without your margin.",
        ),
    ),
    hints=(
        "What is `margin * leverage` called?",
        "The price moves the position. The leverage is already in the position.",
    ),
    steps="`position = margin * leverage` holds the leverage already, so the second line is `return position * move`.",
)

sold = Repair(
    id="1-bug-short",
    ask=(
        "**Find the bug.** A help page of KuCoin (“What is Position PNL”) sells 100 lots (0.1 BTC) at 5,000, sees"
        " 5,100, and prints a profit of +10. This function does the same. Repair it so that it is right for both sides."
    ),
    right=pnl,
    cases=(
        ("short", 0.1, 5000, 5100),
        ("short", 0.4, 6000, 5000),
        ("long", 0.1, 5000, 5100),
        ("long", 2, 10_000, 9_000),
    ),
    unit="$",
    wrong=(
        Wrong(
            lambda side, quantity, entry, price: quantity * (price - entry),
            'A short is treated as a long: `side` is not used, or not compared with exactly the word "short".',
        ),
        Wrong(
            lambda side, quantity, entry, price: quantity * (entry - price),
            "Now the longs are wrong. The formula must look at `side`.",
        ),
        Wrong(lambda side, quantity, entry, price: quantity * abs(price - entry), "A position can lose, too."),
        Wrong(
            lambda side, quantity, entry, price: (-1 if side == "long" else 1) * quantity * (price - entry),
            "You have swapped the two sides: who gains when the price rises?",
        ),
    ),
    hints=(
        "Who gains when the price rises, and who when it falls?",
        "Use +1 for a long and −1 for a short.",
        '`sign = 1 if side == "long" else -1`',
    ),
    steps=(
        'After `sign = 1 if side == "long" else -1` comes `return sign * quantity * (price - entry)`. For the page\'s'
        " example: −1 × 0.1 × (5,100 − 5,000) = **−$10**."
    ),
)

EXERCISES = (
    Exercise(
        "1-position", position, {"margin": (40, 10, 25, 50, 60, 120, 250), "leverage": (75, 20, 50, 125, 200, 500)}
    ),
    Exercise(
        "1-margin", margin_needed, {"value": (5000, 1200, 3000, 8000, 20_000), "leverage": (20, 4, 8, 25, 40, 50, 125)}
    ),
    Exercise(
        "1-coins",
        coins,
        {
            "asset": ("ETH", "BTC", "SOL", "XRP", "DOGE", "LTC", "AVAX", "PEPE", "AAVE"),
            "margin": (50, 20, 30, 80, 150),
            "leverage": (20, 5, 8, 25, 50),
        },
    ),
    Exercise(
        "1-profit",
        profit,
        {"margin": (60, 10, 25, 150, 400), "leverage": (50, 5, 8, 20, 500), "move": (0.004, 0.001, 0.002, 0.003)},
    ),
    Exercise("1-short", short_return, {"leverage": (10, 3, 4, 6, 8), "move": (0.03, 0.02, 0.04, 0.05, 0.06)}),
    Exercise(
        "1-account",
        account_share,
        {
            "account": (1000, 500, 800, 2500),
            "margin": (200, 50, 100, 150),
            "leverage": (10, 4, 5, 8),
            "fall": (0.03, 0.02, 0.04, 0.05),
        },
    ),
    Exercise("1-gone", gone, {"leverage": (25, 3, 4, 5, 8, 15, 20, 30, 40, 50, 60, 75, 80, 125)}),
    Exercise(
        "1-same-position",
        change_leverage,
        {
            "value": (5000, 2000, 3000, 8000),
            "before": (10, 5, 8, 4),
            "after": (50, 20, 40, 25),
            "fall": (0.01, 0.005, 0.015),
        },
    ),
    Exercise(
        "1-inverse",
        inverse_profit,
        {"face": (10_000, 2000, 5000, 20_000), "entry": (50_000, 40_000, 60_000), "now": (62_500, 100_000, 125_000)},
    ),
    Exercise(
        "1-now",
        leverage_now,
        {"margin": (100, 50, 200, 400), "leverage": (10, 4, 5, 8), "fall": (0.05, 0.04, 0.06, 0.08)},
    ),
    twice,
    sold,
)


PREDICTIONS = (
    Prediction(
        "1-tenth",
        "$10 at 500x, long, in an account of $100. The price falls by a tenth of a percent. How much of the account is"
        " lost, in percent?",
        answer=-account_change(pnl("long", quantity(10, 500, 100), 100, 99.9), 100),
        unit="%",
        either_sign=True,
        why="The position is $5,000, and a tenth of a percent of it is $5: half of the margin, 5 % of the account.",
    ),
    Prediction(
        "1-floor",
        "A 20x long and a 20x short, $100 of isolated margin each. The price falls by 8 %. What has the long lost?",
        answer="$100, its margin",
        options=("$160, 20 times 8 % of $100", "$100, its margin", "$8, 8 % of $100"),
        why=(
            "On paper it would be $160, but the margin was used up at −5 %: an isolated position loses no more than its"
            " margin. The short has gained the $160."
        ),
    ),
    Prediction(
        "1-same-position",
        "A position stays at $5,000; you only raise its leverage from 10x to 20x. The price falls by 2 %. The"
        " loss in dollars is …",
        answer="the same",
        options=("twice as large", "the same", "half as large"),
        why=(
            "The price moves the $5,000, and those did not change: $100 both times. What changed is the margin, and"
            " with it the price at which the position ends."
        ),
    ),
    Prediction(
        "1-same-margin",
        "Now the margin stays at $100 and you raise the leverage from 10x to 20x. The price falls by 2 %. The loss in"
        " dollars is …",
        answer="twice as large",
        options=("twice as large", "the same", "half as large"),
        why="$100 at 20x is a position of $2,000 instead of $1,000, so 2 % of it is $40 instead of $20.",
    ),
    Prediction(
        "1-room",
        "At 20x a move of 5 % against you uses up the margin. How many of 30 well-known assets moved further than that"
        " in the 24 hours before 4 August 2025?",
        answer="one or two",
        options=("none", "one or two", "about ten", "more than twenty"),
        why="One did. And the change over a day hides what happened in between.",
    ),
    Prediction(
        "1-inverse",
        "A 1x long on an inverse contract, margin in coins. The price falls by half. How much of the margin is lost, in"
        " percent of the coins?",
        answer=-roe("long", 1, 100, 50, contract="inverse"),
        unit="%",
        either_sign=True,
        why=(
            "The contract is a fixed number of dollars: at half the price it takes twice as many coins to cover it, and"
            " that is all of them. On a linear contract you lose 50 % of the dollars."
        ),
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = ("1-profit",)
