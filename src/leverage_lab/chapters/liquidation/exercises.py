"""Exercises, bugs and predictions of chapter 2.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab.backstop import adl_score
from leverage_lab.chapters.missing import all_but
from leverage_lab.leverage import initial_margin, pnl, price_move, quantity
from leverage_lab.liquidation import (
    Ladder,
    Rules,
    bankruptcy_price,
    liquidation_price,
    maintenance_margin,
    mark_price,
)
from leverage_lab.panelkit.practice import Choice, Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.words import amount, money, percent, price, times, with_article


def still_there(margin, leverage, fall):
    answer = margin + pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 - fall))
    return Task(
        ask=(
            f"A long with {money(margin)} of margin at {times(leverage)} is liquidated when the price has fallen"
            f" {percent(fall)}. How many dollars of the margin were left at that moment?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(margin * leverage * fall, "That is what was lost. How much of the margin is left?"),
            Wrong(margin * (1 - fall), "The price moves the whole position, not only the margin."),
            Wrong(
                margin * fall,
                "You applied the fall to the margin alone. The price moves the whole position. How much of the"
                " margin is left then?",
            ),
            Wrong(
                margin * leverage * (1 - fall),
                "That is what the position is still worth. Most of that is not your money.",
            ),
            Wrong(margin, "That is what you posted. The fall has cost part of it."),
        ),
        hints=(
            "How large is the position in dollars?",
            "The loss in dollars is the fall times the whole position. It is taken from the margin.",
            "left = margin − margin × leverage × fall",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(margin * leverage)}\n"
            f"lost = {money(margin * leverage)} × {fall:g} = {money(margin * leverage * fall)}\n"
            f"left = {money(margin)} − {money(margin * leverage * fall)} = **{money(answer)}**"
        ),
    )


def maintenance(coins, entry, now, rate):
    answer = maintenance_margin(coins, now, Rules(rate))
    return Task(
        ask=(
            f"A long of {coins:g} BTC was opened at {price(entry)}; the mark price is now {price(now)}. The exchange"
            f" applies a maintenance rate of {percent(rate)} to the value at the mark price. How many dollars of"
            " maintenance margin are required now?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                coins * entry * rate,
                "That is based on the value at the entry. This exchange uses the value at the mark price.",
            ),
            Wrong(
                coins * now * rate * 100, f"You took {percent(rate)} for {100 * rate:g}. As a fraction it is {rate:g}."
            ),
            Wrong(coins * now * rate / 10, "The decimal point slipped by one place."),
            Wrong(now * rate, "That is for one whole coin."),
            Wrong(coins * now, "That is the value of the position. Only a small share of it is required."),
        ),
        hints=(
            "What is the position worth now?",
            "The value now is the number of coins times the mark price. A small share of it is required.",
            "maintenance margin = coins × mark price × rate",
        ),
        steps=(
            f"value = {coins:g} × {price(now)} = {money(coins * now)}\nmaintenance = {money(coins * now)} × {rate:g} ="
            f" **{money(answer)}**"
        ),
    )


def line_on_entry(entry, leverage, rate):
    margin = initial_margin(1, entry, leverage)
    answer = liquidation_price("long", entry, 1, margin, Rules(rate, "entry"))
    return Task(
        ask=(
            f"{with_article(times(leverage)).capitalize()} long from {price(entry)}. Maintenance: {percent(rate)} of"
            " the value at the entry; no closing fee. What is the liquidation price, to the dollar?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(entry * (1 - 1 / leverage), "That is the bankruptcy price, where the whole margin is used up."),
            Wrong(
                entry * (1 - 1 / leverage - rate),
                "Maintenance margin moves the liquidation price towards the entry, not away from it.",
            ),
            Wrong(entry * (1 + 1 / leverage - rate), "That is a short's liquidation price, above the entry."),
            Wrong(
                entry * (1 - (1 - rate) / leverage),
                f"You applied {percent(rate)} to the margin. The rate applies to the whole position.",
            ),
            Wrong(
                entry * (1 - rate),
                "That is the maintenance margin alone. How far can the price fall before only that is left?",
            ),
            Wrong(
                liquidation_price("long", entry, 1, margin, Rules(rate)),
                "Very near: that bases maintenance on the value at the liquidation price. Here the value at the entry"
                " counts.",
            ),
            Wrong(
                entry * (1 / leverage - rate), "That is the distance from the entry, in dollars. At what price is that?"
            ),
        ),
        hints=(
            "How far away is bankruptcy, in percent? And how much of that can you not use?",
            "distance to liquidation = 1 / leverage − maintenance rate",
            "liquidation price of a long = entry × (1 − 1 / leverage + rate)",
        ),
        steps=(
            f"{price(entry)} × (1 − 1/{leverage:g} + {rate:g}) = {price(entry)} × {1 - 1 / leverage + rate:.6g} ="
            f" **{money(answer)}**"
        ),
        tolerance=0.00002,
        to="to the dollar",
    )


def line_on_mark(coins, entry, leverage, rate):
    margin = initial_margin(coins, entry, leverage)
    answer = liquidation_price("long", entry, coins, margin, Rules(rate))
    return Task(
        ask=(
            f"A long of {coins:g} BTC from {price(entry)}, margin {money(margin)}. Maintenance: {percent(rate)} of the"
            " value at the mark price; no closing fee. Solve margin + PnL(p) = maintenance(p) for p. What is the"
            " liquidation price, to the dollar?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(entry - margin / coins, "That is the bankruptcy price: the right side of the equation is missing."),
            Wrong(
                (coins * entry - margin) / (coins * (1 + rate)),
                "Check the sign: maintenance comes from the other side of the equation, so it is 1 − rate.",
            ),
            Wrong(
                entry - margin / coins + rate * entry,
                "Near, but that bases maintenance on the value at the entry. The value falls with the price.",
            ),
            Wrong(entry - margin, "The margin is for all coins of the position: divide it by the number of coins."),
            Wrong(
                (coins * entry + margin) / (coins * (1 + rate)), "That is a short's liquidation price, above the entry."
            ),
        ),
        hints=(
            "What is PnL(p), and what is maintenance(p), for this position?",
            "margin + coins × (p − entry) = rate × coins × p. Bring everything with p to one side.",
            "p = (coins × entry − margin) / (coins × (1 − rate))",
        ),
        steps=(
            f"p = ({coins:g} × {entry:,.0f} − {margin:,.0f}) / ({coins:g} × (1 − {rate:g}))\n"
            f"= {coins * entry - margin:,.6g} / {coins * (1 - rate):.6g} = **{money(answer)}**"
        ),
        tolerance=0.0001,
        to="to the dollar",
    )


def short_line(entry, leverage, rate):
    margin = initial_margin(1, entry, leverage)
    answer = liquidation_price("short", entry, 1, margin, Rules(rate, "entry"))
    return Task(
        ask=(
            f"{with_article(times(leverage)).capitalize()} short from {price(entry)}. Maintenance: {percent(rate)} of"
            " the value at the entry; no closing fee. What is its liquidation price, to the dollar?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                entry * (1 - 1 / leverage + rate),
                "That is a long's, below the entry. A short loses when the price rises.",
            ),
            Wrong(entry * (1 + 1 / leverage), "That is the short's bankruptcy price."),
            Wrong(
                entry * (1 + 1 / leverage + rate),
                "Maintenance margin moves the liquidation price towards the entry, not away from it.",
            ),
            Wrong(entry * (1 - 1 / leverage), "That is a long's bankruptcy price."),
            Wrong(
                liquidation_price("short", entry, 1, margin, Rules(rate)),
                "Very near: that bases maintenance on the value at the liquidation price. Here the value at the entry"
                " counts.",
            ),
        ),
        hints=(
            "On which side of the entry does a short lose?",
            "Bankruptcy is 1 / leverage above the entry. Maintenance margin moves the liquidation price back down.",
            "liquidation price of a short = entry × (1 + 1 / leverage − rate)",
        ),
        steps=(
            f"{price(entry)} × (1 + 1/{leverage:g} − {rate:g}) = {price(entry)} × {1 + 1 / leverage - rate:.6g} ="
            f" **{money(answer)}**"
        ),
        tolerance=0.00002,
        to="to the dollar",
    )


def room_left(leverage, rate, fee):
    rules = Rules(rate, "entry", fee, "entry")
    answer = -price_move(100, liquidation_price("long", 100, 1, 100 / leverage, rules))
    return Task(
        ask=(
            f"At {times(leverage)}, with a maintenance rate of {percent(rate)} and a closing fee of {percent(fee)}"
            " (both based on the value at the entry, both required): after how large a fall is a long liquidated, in"
            " percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                1 / leverage,
                "That is the distance to bankruptcy. Some margin is required, so liquidation comes before it.",
            ),
            Wrong(1 / leverage - rate, "The closing fee is required too."),
            Wrong(1 / leverage + rate + fee, "What is required shortens the distance; you made it longer."),
            Wrong(1 / leverage - fee, "The maintenance margin is required too."),
        ),
        hints=(
            "How far away is bankruptcy?",
            "Whatever is required, maintenance margin and closing fee, shortens that distance.",
            "distance to liquidation = 1 / leverage − maintenance rate − fee rate",
        ),
        steps=(
            f"1/{leverage:g} − {percent(rate)} − {percent(fee)} = {percent(1 / leverage)} − {percent(rate + fee)} ="
            f" **{percent(answer)}**"
        ),
        either_sign=True,
    )


def no_room(rate):
    answer = 1 / rate
    return Task(
        ask=(
            f"The maintenance rate is {percent(rate)} of the value at the entry, and no fee is required. From what"
            " leverage on is there no distance left between entry and liquidation?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(
                rate * 100,
                f"{percent(rate)} is a share. At what leverage is the margin exactly that share of the position?",
            ),
            Wrong(100 / (rate * 100) / 2, "At that leverage half of the distance is still left."),
            Wrong(1 / rate**0.5, "No square root is needed: set 1 / leverage equal to the rate."),
            Wrong(1 / rate + 1, "One too many: at 1 / rate the margin is exactly what is required."),
        ),
        hints=(
            "At what leverage is the margin exactly what is required?",
            "The margin is 1 / leverage of the position; what is required is the maintenance rate of the position.",
            "1 / leverage = rate",
        ),
        steps=f"1 / leverage = {rate:g}, so leverage = 1 / {rate:g} = **{times(answer)}**",
    )


STEPS = ((0, 0.004), (300_000, 0.005), (800_000, 0.0065))
SLICES = Ladder(tuple(low for low, _ in STEPS), tuple(rate for _, rate in STEPS))
WHOLE = Ladder(SLICES.floors, SLICES.rates, (0.0, 0.0, 0.0))
TOLD = "0.4 % up to $300,000, 0.5 % from there to $800,000, 0.65 % above"


def tier_by_slices(value):
    answer = maintenance_margin(value / 100_000, 100_000, Rules(SLICES))
    whole = maintenance_margin(value / 100_000, 100_000, Rules(WHOLE))
    parts = [(300_000, 0.004), (min(value, 800_000) - 300_000, 0.005), (max(0, value - 800_000), 0.0065)]
    shown = " + ".join(f"{money(part)} × {percent(rate)}" for part, rate in parts if part)
    return Task(
        ask=(
            f"An exchange has these tiers: {TOLD}; each rate applies to its own slice only. How many dollars of"
            f" maintenance margin are required for a position of {money(value)}?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                whole, "That applies the highest rate to the whole position. Here each rate applies to its own slice."
            ),
            Wrong(value * 0.004, "That applies the first rate to everything. A larger position reaches further tiers."),
            Wrong(
                300_000 * 0.004 + (value - 300_000) * (0.0065 if value <= 800_000 else 0.005),
                "The slice above the first tier has another rate.",
            ),
            Wrong((value - 300_000) * (0.005 if value <= 800_000 else 0.0065), "The first slice must be counted too."),
        ),
        hints=(
            "Which tiers does the position reach?",
            "Cut the position into slices where one tier ends and the next begins.",
            "maintenance margin = the sum of slice × its own rate",
        ),
        steps=f"{shown} = **{money(answer)}**",
    )


def missing_for_liquidation(missing, coins, entry, leverage, rate):
    known = {
        "rate": ("the maintenance rate for this size of position", f"the maintenance rate is {percent(rate)}"),
        "entry": ("the entry price", f"the entry price is {money(entry)}"),
        "leverage": ("the leverage", f"the leverage is {times(leverage)}"),
    }
    answer, said = all_but(missing, known)
    return Choice(
        ask=(
            f"You want to calculate the liquidation price of a long of {amount(coins, 'BTC')} with isolated margin. The"
            " exchange bases maintenance margin on the value at the entry and requires no closing fee. You know:"
            f" {said}. Which information is missing?"
        ),
        answer=answer,
        wrong=(
            Wrong("the mark price now", "It tells you how far away the liquidation price is, not where it is."),
            Wrong("the balance of your account", "With isolated margin, only the margin of this position counts."),
            Wrong("the fee that you paid for opening", "That fee is paid already. It is no part of what is required."),
        ),
        hints=(
            "What decides the distance to bankruptcy, and what shortens it?",
            "distance to liquidation = 1 / leverage − maintenance rate",
            "liquidation price = entry × (1 − 1 / leverage + maintenance rate)",
        ),
        steps=(
            "liquidation price = entry × (1 − 1 / leverage + maintenance rate)\nThat needs the entry price, the"
            f" leverage and the maintenance rate.\nYou have two of them; the third is **{answer}**"
        ),
    )


def screen(slip, coins, entry, leverage, fall):
    position, bankrupt, rate = coins * entry, entry * (1 - 1 / leverage), 0.005
    margin, mark, lost = position / leverage, entry * (1 - fall), position * fall
    right = {
        "margin": (money(margin), f"{coins:g} × {money(entry)} / {leverage:g} = {money(margin)}"),
        "unrealised PnL": (money(-lost), f"{coins:g} × ({money(mark)} − {money(entry)}) = {money(-lost)}"),
        "return on margin": (percent(-lost / margin), f"{money(-lost)} / {money(margin)} = {percent(-lost / margin)}"),
        "liquidation price": (
            money(bankrupt + rate * entry),
            f"{money(entry)} × (1 − 1/{leverage:g} + {rate:g}) = {money(bankrupt + rate * entry)}",
        ),
    }
    off = {
        "unrealised PnL": money(-margin * fall),
        "return on margin": percent(-fall),
        "liquidation price": money(bankrupt - rate * entry),
    }[slip]
    shown = {name: value for name, (value, _) in right.items()} | {slip: off}
    return Choice(
        ask=(
            f"The screen of an exchange shows your position: long {amount(coins, 'BTC')}, isolated, {times(leverage)};"
            f" entry price {money(entry)}; mark price {money(mark)};"
            f" {'; '.join(f'{name} {value}' for name, value in shown.items())}. Maintenance is {percent(rate)} of the"
            " value at the entry, fees are left out. One of the last four numbers does not fit the others. Which?"
        ),
        answer=f"the {slip}, {off}",
        wrong=tuple(
            Wrong(f"the {name}, {value}", f"It fits: {sum_}.") for name, (value, sum_) in right.items() if name != slip
        ),
        hints=(
            "Calculate each of the four from the size, the entry price, the mark price and the leverage.",
            "The price moves the whole position, and a long's liquidation price is above its bankruptcy price.",
            "margin = position / leverage; PnL = coins × (mark price − entry price); return = PnL / margin;"
            " liquidation price = entry × (1 − 1 / leverage + rate)",
        ),
        steps=(
            "\n".join(f"{name}: {sum_}" for name, (_, sum_) in right.items())
            + f"\nthe screen shows something else for **the {slip}, {off}**"
        ),
    )


def by_the_mark(a, b, c, line):
    index, last, below = line + a, line + b, a + c
    answer = mark_price(index, last, -below) - line
    return Task(
        ask=(
            f"The index price is {money(index)}, the last trade on your exchange was at {money(last)}, and over the"
            f" last minutes its order book was {money(below)} below the index on average. The mark price is the median"
            f" of three (funding left out). Your long's liquidation price is {money(line)}. How many dollars is the"
            " mark price above it (negative if below)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(-c, "That uses price 2 alone, the index plus the average basis. It is one of three."),
            Wrong(a, "That is the index. Price 2 lies below it: which of the three is in the middle?"),
            Wrong((a + b - c) / 3, "That uses the mean of the three. The median is the one in the middle."),
            Wrong(answer + line, "That is the mark price itself. How far above the liquidation price is it?"),
            Wrong(-below, "That is the average basis. Add it to the index to get price 2."),
        ),
        hints=(
            "What are the three prices?",
            "Price 1 is the index, price 2 the index plus the average basis (negative here), price 3 the last trade.",
            "mark price = the middle one of the three; then subtract the liquidation price",
        ),
        steps=(
            f"price 1: {money(index)}\nprice 2: {money(index)} − {money(below)} = {money(index - below)}\n"
            f"last trade: {money(last)}\nin the middle: {money(answer + line)}\n"
            f"above the liquidation price: {money(answer + line)} − {money(line)} = **{money(answer)}**"
        ),
    )


def lives_through(fall, rate):
    answer = 1 / (fall + rate)
    return Task(
        ask=(
            f"The price falls {percent(fall)} and then recovers. Maintenance is {percent(rate)} of the value at the"
            " entry, and no fee is required. What is the lowest leverage that would have been liquidated at the bottom"
            " (to two decimals)?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(
                1 / fall,
                "That leverage is bankrupt exactly at the bottom. Because of the maintenance margin, it is liquidated"
                " before.",
            ),
            Wrong(
                1 / (fall - rate),
                "What is required shortens the distance, so it takes less leverage to be liquidated, not more.",
            ),
            Wrong(100 * fall, "A fall in percent is not a leverage: 1 / leverage is the distance to bankruptcy."),
            Wrong(1 / (1 - fall), "You divided by what is left of the price."),
        ),
        hints=(
            "At what leverage is the distance to liquidation exactly this fall?",
            "distance to liquidation = 1 / leverage − maintenance rate",
            "1 / leverage = fall + rate",
        ),
        steps=(
            f"1 / leverage = {fall:g} + {rate:g} = {fall + rate:g}, so leverage = 1 / {fall + rate:g} ="
            f" **{times(answer)}**"
        ),
        to="to two decimals",
    )


def fund_pays(entry, leverage, coins, under):
    broke = bankruptcy_price("long", entry, coins, initial_margin(coins, entry, leverage))
    sold = broke - under
    answer = coins * under
    return Task(
        ask=(
            f"{with_article(times(leverage)).capitalize()} long of {coins:g} BTC from {price(entry)} is liquidated; in"
            f" the falling market the exchange sells it at {price(sold)}. How many dollars must the insurance fund"
            " pay (fees left out)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(under, "That is for one whole coin."),
            Wrong(entry - sold, "That is the whole loss on one coin. The margin pays the first part of it."),
            Wrong(coins * (entry - sold), "That is the whole loss. The trader's margin pays the first part of it."),
            Wrong(coins * (entry - broke), "That is the trader's margin. How much more was lost?"),
            Wrong(coins * sold, "That is what the sale brought in."),
        ),
        hints=(
            "At what price is the trader's margin used up?",
            "The margin covers the loss down to the bankruptcy price, entry × (1 − 1 / leverage). The fund pays the"
            " rest.",
            "missing = coins × (bankruptcy price − price of the sale)",
        ),
        steps=(
            f"bankruptcy price = {price(entry)} × (1 − 1/{leverage:g}) = {price(broke)}\n"
            f"missing = {coins:g} × ({price(broke)} − {price(sold)}) = **{money(answer)}**"
        ),
        either_sign=True,
    )


def rank(entry, leverage, fall):
    mark = entry * (1 - fall)
    broke = bankruptcy_price("short", entry, 1, initial_margin(1, entry, leverage))
    answer = adl_score("short", entry, mark, broke)
    effective = mark / (broke - mark)
    return Task(
        ask=(
            f"A short was opened at {price(entry)} with {times(leverage)}; the mark price is now {price(mark)}. Its"
            f" bankruptcy price is {price(round(broke, 2))}. The queue ranks by gain × effective leverage, with gain ="
            " fall of the price / entry and effective leverage = mark price / (bankruptcy price − mark price). What is"
            " its score, in points?"
        ),
        answer=answer,
        unit="points",
        wrong=(
            Wrong(fall, "That is the gain alone. It is multiplied by the effective leverage."),
            Wrong(
                fall * leverage,
                "You used the leverage at the entry. The short has gained since, so its effective leverage is lower.",
            ),
            Wrong(effective, "That is the effective leverage alone."),
            Wrong(fall / effective, "You divide only when the position has a loss. This one has a gain."),
        ),
        hints=(
            "Which two numbers make the score?",
            "gain = fall of the price / entry, as a fraction; effective leverage = mark price / (bankruptcy price −"
            " mark price)",
            "points = gain × effective leverage",
        ),
        steps=(
            f"gain = {fall:g}\neffective leverage = {mark:,.6g} / ({broke:,.6g} − {mark:,.6g}) = {effective:.5g}\n"
            f"{fall:g} × {effective:.5g} = **{amount(answer, 'points')}**"
        ),
    )


# --- bugs -----------------------------------------------------------------------------------------


def _line(side, entry, leverage, rate):
    return liquidation_price(side, entry, 1, initial_margin(1, entry, leverage), Rules(rate, "entry"))


swapped = Repair(
    id="2-bug-swapped",
    ask=(
        "**Find the bug.** A copy of a MEXC article puts the liquidation price of a 25x long from 50,000 at 51,800,"
        " with maintenance of 0.4 %. This function does the same. Fix it so that a long's price comes out right."
    ),
    right=lambda entry, leverage, rate: _line("long", entry, leverage, rate),
    cases=((50_000, 25, 0.004), (100, 10, 0.005), (60_000, 3, 0.02)),
    unit="$",
    wrong=(
        Wrong(
            lambda entry, leverage, rate: entry * (1 + 1 / leverage - rate),
            "A long gains when the price rises. Look at the two signs.",
        ),
        Wrong(
            lambda entry, leverage, rate: entry * (1 - 1 / leverage - rate),
            "Now it is below the bankruptcy price. Only one of the two signs is right so far.",
        ),
        Wrong(
            lambda entry, leverage, rate: entry * (1 - 1 / leverage),
            "That is the bankruptcy price: the maintenance margin is no longer in it.",
        ),
        Wrong(
            lambda entry, leverage, rate: entry * (1 + 1 / leverage + rate),
            "That is above the entry, where a long has a gain.",
        ),
    ),
    hints=(
        "On which side of the entry must a long's liquidation price lie?",
        "Bankruptcy first: entry × (1 − 1 / leverage). In which direction does maintenance margin move that price?",
        "The liquidation price is between the bankruptcy price and the entry.",
    ),
    steps=(
        "Both signs are the wrong way round: `return entry * (1 - 1 / leverage + rate)`. For the page's example 50,000"
        " × (1 − 0.04 + 0.004) = **$48,200**."
    ),
)


def _short_on_mark(entry, margin, coins, rate, fee):
    return liquidation_price("short", entry, coins, margin, Rules(rate, "mark", fee, "mark"))


short_sign = Repair(
    id="2-bug-short-sign",
    ask=(
        "**Find the bug.** A worked line in the test suite of freqtrade, an open trading program, gives 13.476 for a 3x"
        " short from 10, with maintenance of 1 % and a closing fee of 0.06 %, both on the value at the mark. This"
        " function does the same. Repair it."
    ),
    right=_short_on_mark,
    cases=((10, 3.3333, 1, 0.01, 0.0006), (100, 10, 1, 0.005, 0.0), (60_000, 600, 0.1, 0.004, 0.0005)),
    unit="$",
    wrong=(
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) / (coins * (1 - rate - fee)),
            "The price comes out beyond the bankruptcy price. Write the equation for a short, and bring p to one side.",
        ),
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) / coins,
            "That is the bankruptcy price: nothing must remain.",
        ),
        Wrong(
            lambda entry, margin, coins, rate, fee: (coins * entry - margin) / (coins * (1 - rate - fee)),
            "That is a long's.",
        ),
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) / (coins * (1 + rate)),
            "The closing fee is missing now.",
        ),
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) / (coins * (1 + rate - fee)),
            "The fee must remain too: it has the sign of the maintenance.",
        ),
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) / (coins * (1 - rate + fee)),
            "One of the two signs is right now. Both must remain: they have the same sign.",
        ),
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) * (1 - rate - fee) / coins,
            "Very near: that takes what must remain on the value at the bankruptcy price. Divide instead.",
        ),
    ),
    hints=(
        "Short: margin + coins × (entry − p) = (rate + fee) × coins × p.",
        "All terms with p on one side: margin + coins × entry = coins × p × (1 + …)",
    ),
    steps=(
        "For a short the requirement grows with the price, so `return (margin + coins * entry) / (coins * (1 + rate +"
        " fee))`. For the example: 13.3333 / 1.0106 = **$13.19**."
    ),
)


def _distance(leverage, rate, fee):
    return -price_move(100, liquidation_price("long", 100, 1, 100 / leverage, Rules(rate, "entry", fee, "entry")))


all_of_it = Repair(
    id="2-bug-all-of-it",
    ask=(
        "**Find the bug.** The leverage article gives 0.2 % as the distance to liquidation at 500x, “with fees and"
        " maintenance margin” (claim L16). This function returns its number, whatever the rates. Fix it, with both"
        " rates based on the value at the entry."
    ),
    right=_distance,
    cases=((500, 0.001, 0.0002), (10, 0.005, 0.0006), (20, 0.004, 0.0), (125, 0.0, 0.0005)),
    unit="%",
    wrong=(
        Wrong(
            lambda leverage, rate, fee: 1 / leverage,
            "That is the distance to bankruptcy: the function takes both rates and never uses them.",
        ),
        Wrong(lambda leverage, rate, fee: 1 / leverage - rate, "The closing fee is still not used."),
        Wrong(lambda leverage, rate, fee: 1 / leverage - fee, "The maintenance rate is still not used."),
        Wrong(
            lambda leverage, rate, fee: 1 / leverage + rate + fee,
            "What is required makes the distance shorter, not longer.",
        ),
        Wrong(
            lambda leverage, rate, fee: (1 - rate - fee) / leverage,
            "The rates apply to the position, not to the margin.",
        ),
        Wrong(
            lambda leverage, rate, fee: 1 / leverage - rate + fee,
            "The fee is required too: it makes the distance shorter.",
        ),
    ),
    hints=(
        "Which of the arguments does the function use?",
        "The margin is 1 / leverage of the position. How much of it is required, and so cannot be lost?",
        "distance to liquidation = 1 / leverage − what is required",
    ),
    steps="`return 1 / leverage - rate - fee`. At 500x with 0.1 % and 0.02 %: 0.2 % − 0.12 % = **0.08 %**.",
)

EXERCISES = (
    Exercise(
        "2-still-there",
        still_there,
        {"margin": (200, 80, 100, 250, 500), "leverage": (20, 10, 15, 16, 18), "fall": (0.045, 0.04, 0.035, 0.042)},
        also=(1,),
    ),
    Exercise(
        "2-maintenance",
        maintenance,
        {
            "coins": (0.2, 0.1, 0.05, 0.3, 0.4),
            "entry": (60_000, 65_000, 70_000),
            "now": (56_000, 52_000, 54_000, 50_000),
            "rate": (0.005, 0.004, 0.0065, 0.01),
        },
    ),
    Exercise(
        "2-line",
        line_on_entry,
        {
            "entry": (40_000, 50_000, 80_000, 120_000),
            "leverage": (20, 8, 10, 12, 25, 30),
            "rate": (0.004, 0.005, 0.0065),
        },
    ),
    Exercise(
        "2-equation",
        line_on_mark,
        {
            "coins": (0.1, 0.05, 0.2, 0.4),
            "entry": (60_000, 50_000, 80_000),
            "leverage": (10, 5, 8, 16, 20),
            "rate": (0.01, 0.005, 0.02),
        },
    ),
    Exercise(
        "2-short-line",
        short_line,
        {"entry": (50_000, 40_000, 60_000, 3000), "leverage": (10, 5, 8, 20, 25), "rate": (0.005, 0.004, 0.01)},
    ),
    Exercise(
        "2-room",
        room_left,
        {
            "leverage": (200, 25, 40, 50, 100, 125),
            "rate": (0.002, 0.003, 0.0025, 0.0035),
            "fee": (0.0005, 0.0002, 0.0006),
        },
    ),
    Exercise("2-no-room", no_room, {"rate": (0.005, 0.004, 0.002, 0.0025, 0.008, 0.01, 0.0125, 0.0065, 0.016, 0.02)}),
    Exercise(
        "2-tier",
        tier_by_slices,
        {"value": (700_000, 400_000, 500_000, 600_000, 1_000_000, 1_200_000, 1_500_000, 2_000_000, 2_500_000)},
    ),
    Exercise(
        "2-missing",
        missing_for_liquidation,
        {
            "missing": ("rate", "leverage", "entry"),
            "coins": (0.5, 20, 0.2, 3),
            "entry": (60_000, 80_000, 45_000),
            "leverage": (20, 10, 25),
            "rate": (0.005, 0.004, 0.01),
        },
        also=(1,),
    ),
    Exercise(
        "2-screen",
        screen,
        {
            "slip": ("liquidation price", "unrealised PnL", "return on margin"),
            "coins": (0.2, 0.1, 0.5, 2),
            "entry": (60_000, 50_000, 80_000),
            "leverage": (20, 10, 25),
            "fall": (0.025, 0.01, 0.02, 0.03),
        },
        also=(1,),
    ),
    Exercise(
        "2-mark",
        by_the_mark,
        {
            "a": (360, 240, 450, 600),
            "b": (150, 90, 210),
            "c": (120, 60, 180, 300, 900),
            "line": (58_000, 92_000, 76_000),
        },
    ),
    Exercise("2-crash", lives_through, {"fall": (0.3, 0.15, 0.2, 0.25, 0.4, 0.5), "rate": (0.005, 0.01, 0.02, 0.0125)}),
    Exercise(
        "2-fund",
        fund_pays,
        {
            "entry": (50_000, 40_000, 80_000),
            "leverage": (20, 10, 25, 40),
            "coins": (0.5, 2, 3, 0.2),
            "under": (300, 150, 250, 400),
        },
        also=(1,),
    ),
    Exercise(
        "2-rank", rank, {"entry": (100, 50, 200, 400), "leverage": (5, 2, 4, 8, 10), "fall": (0.1, 0.05, 0.15, 0.2)}
    ),
    swapped,
    short_sign,
    all_of_it,
)

PREDICTIONS = (
    Prediction(
        "2-twenty",
        "A 20x long from $100,000. The exchange requires 0.5 % of the position's value as maintenance margin. After how"
        " large a fall is it liquidated, in percent?",
        answer=-price_move(100_000, liquidation_price("long", 100_000, 0.1, 500, Rules(0.005))),
        unit="%",
        either_sign=True,
        why=(
            "A fall of 5 % would use up the margin. The position is closed while half a percent of its value is still"
            " there, after 4.52 %."
        ),
    ),
    Prediction(
        "2-five-hundred",
        "At 500x a fall of 0.2 % uses up the margin. The exchange requires 0.1 % of the position, which sounds like"
        " little. How much of the distance to bankruptcy is left before liquidation, in percent of that distance?",
        answer=(1 / 500 - 0.001) * 500,
        unit="%",
        why=(
            "The price can fall 0.2 % before bankruptcy, but only 0.1 % before liquidation: half of the distance. The"
            " margin is only 0.2 % of the position, so 0.1 % of the position is half of the margin."
        ),
    ),
    Prediction(
        "2-bigger",
        "The same 20x long on the same exchange, once with $10,000 and once with $20 million. Which is closed first in"
        " a falling market?",
        answer="the $20 million",
        options=("the $10,000", "the $20 million", "both at the same price"),
        why=(
            "The small one is closed at −4.62 %, the large one at −3.73 %: a larger position must keep a larger share"
            " as maintenance margin."
        ),
    ),
    Prediction(
        "2-mark-below",
        "10 October 2025, 21:10 UTC, as the next picture replays it: Bitcoin is at about $114,000. In the next 80"
        " minutes the lowest trade on your chart, spot at Gemini, is at $107,000. How far below that does the mark"
        " price of Binance's perpetual go?",
        answer="about $4,500 below it",
        options=("not below it at all", "about $45 below it", "about $450 below it", "about $4,500 below it"),
        why=(
            "The mark price went down to $102,497.49. So a 10x long from 21:10, with its liquidation price at"
            " $103,491.71, was closed at a price that your chart never showed."
        ),
    ),
    Prediction(
        "2-median",
        "For minutes, the index and the order book of your exchange have been at $100. Then one large sale makes the"
        " last trade $70. The mark price is the median of three: index, index plus average basis, last trade. How far"
        " does it fall?",
        answer="not at all",
        options=("by 30 %", "by 10 %, a third of that", "not at all"),
        why=(
            "The median of $100, $100 and $70 is $100: one price that is off cannot move it. "
            "The mean would be $90, and would close a 10x long."
        ),
    ),
    Prediction(
        "2-two-times",
        "12 March 2020, midnight: you go long Bitcoin at 2x. Within the next two days …",
        answer="it is closed by force",
        options=(
            "it loses about a quarter of its margin at worst",
            "it loses most of its margin but stays open",
            "it is closed by force",
        ),
        why=(
            "At worst the price was 51.48 % lower, and a 2x long that must keep half a percent of its value is closed"
            " at −49.75 %."
        ),
    ),
    Prediction(
        "2-who-pays",
        "Prices fall, hardly anybody bids, longs are bankrupt and the insurance fund is empty. Who takes over their"
        " positions?",
        answer="traders on the other side, who are winning",
        options=(
            "the exchange, from its own money",
            "nobody: they wait for bids",
            "traders on the other side, who are winning",
        ),
        why="That is auto-deleveraging: shorts in profit are closed against the bankrupt longs, the best ranked first.",
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = ("2-crash", "2-equation", "2-maintenance", "2-no-room", "2-rank", "2-tier")
