"""Exercises, bugs and predictions of chapter 2.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

from leverage_lab.backstop import adl_score
from leverage_lab.leverage import initial_margin, pnl, price_move, quantity
from leverage_lab.liquidation import (
    Ladder,
    Rules,
    bankruptcy_price,
    liquidation_price,
    maintenance_margin,
    mark_price,
)
from leverage_lab.panelkit.practice import Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.words import amount, money, percent, price, times, with_article


def still_there(margin, leverage, fall):
    answer = margin + pnl("long", quantity(margin, leverage, 100), 100, 100 * (1 - fall))
    return Task(
        ask=(
            f"A long with {money(margin)} of margin at {times(leverage)} is liquidated when the price has fallen"
            f" {percent(fall)}. How many dollars of the margin were still there at that moment?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(margin * leverage * fall, "That is what was lost. How much is left of the margin?"),
            Wrong(margin * (1 - fall), "The price moves the whole position, not only the margin."),
            Wrong(
                margin * fall,
                "That is the fall of the margin alone. The price moves the whole position; and what is left of the"
                " margin then?",
            ),
            Wrong(margin * leverage * (1 - fall), "That is what the position is still worth. Most of it is not yours."),
            Wrong(margin, "That was there at the entry. The fall has cost some of it."),
        ),
        hints=("First the loss in dollars.", "left = margin − position × fall"),
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
            f" takes a maintenance rate of {percent(rate)} on the value at the mark price. How many dollars must remain"
            " now?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                coins * entry * rate,
                "That is on the value at the entry. This exchange takes the value at the mark price.",
            ),
            Wrong(
                coins * now * rate * 100, f"You took {percent(rate)} for {100 * rate:g}. As a fraction it is {rate:g}."
            ),
            Wrong(coins * now * rate / 10, "The decimal point slipped by one place."),
            Wrong(now * rate, "That is for a whole coin."),
            Wrong(coins * now, "That is the value of the position. Only a small share of it must remain."),
        ),
        hints=("What is the position worth now?", "maintenance margin = value at the mark price × rate"),
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
            Wrong(entry * (1 - 1 / leverage), "That is the bankruptcy price: it lets you use up all of the margin."),
            Wrong(
                entry * (1 - 1 / leverage - rate),
                "The maintenance margin brings the line nearer to the entry, not farther away.",
            ),
            Wrong(entry * (1 + 1 / leverage - rate), "That is a short's line, above the entry."),
            Wrong(
                entry * (1 - (1 - rate) / leverage),
                f"You took {percent(rate)} of the margin. It is taken of the whole position.",
            ),
            Wrong(
                entry * (1 - rate),
                "That is the maintenance margin alone. How much margin do you have to lose before it?",
            ),
            Wrong(
                liquidation_price("long", entry, 1, margin, Rules(rate)),
                "Very near: that takes maintenance on the value at the line. Here it is taken at the entry.",
            ),
            Wrong(
                entry * (1 / leverage - rate), "That is how far the line is from the entry, in dollars. Where is it?"
            ),
        ),
        hints=(
            "How far is bankruptcy, in percent? And how much of that must not be used?",
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
                "A sign slipped: maintenance stands on the other side, so it is 1 − rate.",
            ),
            Wrong(
                entry - margin / coins + rate * entry,
                "Near, but that takes maintenance on the value at the entry. The value falls with the price.",
            ),
            Wrong(entry - margin, "The margin is for all coins of the position: divide it by their number."),
            Wrong((coins * entry + margin) / (coins * (1 + rate)), "That is a short's: above the entry."),
        ),
        hints=(
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
            Wrong(entry * (1 - 1 / leverage + rate), "That is a long's, below the entry. A short is hurt by a rise."),
            Wrong(entry * (1 + 1 / leverage), "That is the short's bankruptcy price."),
            Wrong(
                entry * (1 + 1 / leverage + rate), "Maintenance brings the line nearer to the entry, not farther away."
            ),
            Wrong(entry * (1 - 1 / leverage), "That is a long's bankruptcy price."),
            Wrong(
                liquidation_price("short", entry, 1, margin, Rules(rate)),
                "Very near: that takes maintenance on the value at the line. Here it is taken at the entry.",
            ),
        ),
        hints=(
            "On which side of the entry does a short lose?",
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
            " counted as required (both on the value at the entry): after which fall is a long liquidated, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(1 / leverage, "That is the way to bankruptcy. Something must remain before it."),
            Wrong(1 / leverage - rate, "The closing fee must remain too."),
            Wrong(1 / leverage + rate + fee, "What must remain shortens the way; you made it longer."),
            Wrong(1 / leverage - fee, "The maintenance margin must remain too."),
        ),
        hints=("How far is bankruptcy?", "way to liquidation = 1 / leverage − maintenance rate − fee rate"),
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
            f"The maintenance rate is {percent(rate)} of the value at the entry, no fee. From which leverage on is"
            " nothing left between entry and liquidation?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(
                rate * 100, f"{percent(rate)} is a share, and the leverage at which the margin is that share is wanted."
            ),
            Wrong(100 / (rate * 100) / 2, "At that leverage half of the way is still left."),
            Wrong(1 / rate**0.5, "No root is needed: set 1 / leverage equal to the rate."),
            Wrong(1 / rate + 1, "One too many: at 1 / rate the margin is exactly what must remain."),
        ),
        hints=("At which leverage is the margin just what must remain?", "1 / leverage = rate"),
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
            f"Tiers of an exchange: {TOLD}; each rate counts for its own slice only. How many dollars must remain on a"
            f" position of {money(value)}?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                whole, "That takes the highest rate for the whole position. Here each rate counts for its own slice."
            ),
            Wrong(value * 0.004, "That takes the first rate for everything. A larger position reaches further tiers."),
            Wrong(
                300_000 * 0.004 + (value - 300_000) * (0.0065 if value <= 800_000 else 0.005),
                "The slice above the first tier has another rate.",
            ),
            Wrong((value - 300_000) * (0.005 if value <= 800_000 else 0.0065), "The first slice must be counted too."),
        ),
        hints=(
            "Cut the position into slices at the edges of the tiers.",
            "Each slice times its own rate, then the sum.",
        ),
        steps=f"{shown} = **{money(answer)}**",
    )


def by_the_mark(a, b, c, line):
    index, last, below = line + a, line + b, a + c
    answer = mark_price(index, last, -below) - line
    return Task(
        ask=(
            f"The index stands at {money(index)}, the last trade on your exchange was at {money(last)}, and over the"
            f" last minutes its order book stood {money(below)} below the index on average. The mark is the median of"
            f" three (funding left out). Your long's liquidation price is {money(line)}. How many dollars does the mark"
            " stand above it (minus, if below)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(-c, "That is price 2 alone, the index and the average basis. It is one of three."),
            Wrong(a, "That is the index alone. It is one of three."),
            Wrong((a + b - c) / 3, "That is the mean of the three. The median is the one in the middle."),
            Wrong(answer + line, "That is the mark itself. How far above the line is it?"),
            Wrong(-below, "That is the average basis. Add it to the index: it makes price 2."),
        ),
        hints=(
            "Three prices: the index; the index with the average basis; the last trade.",
            "Put the three in order. The one in the middle is the mark.",
        ),
        steps=(
            f"price 1: {money(index)}\nprice 2: {money(index)} − {money(below)} = {money(index - below)}\n"
            f"last trade: {money(last)}\nin the middle: {money(answer + line)}\n"
            f"above the line: {money(answer + line)} − {money(line)} = **{money(answer)}**"
        ),
    )


def lives_through(fall, rate):
    answer = 1 / (fall + rate)
    return Task(
        ask=(
            f"The price falls {percent(fall)} and then recovers. Maintenance is {percent(rate)} of the value at the"
            " entry, no fee. Which leverage would just have been liquidated at the bottom (to two decimals)?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(
                1 / fall,
                "That leverage just goes bankrupt at the bottom. It is liquidated before, because of the maintenance"
                " margin.",
            ),
            Wrong(1 / (fall - rate), "What must remain shortens the way, so less leverage lives, not more."),
            Wrong(100 * fall, "A fall in percent is no leverage: 1 / leverage is the way to bankruptcy."),
            Wrong(1 / (1 - fall), "You divided by what is left of the price."),
        ),
        hints=("At which leverage is the way to liquidation exactly this fall?", "1 / leverage − rate = fall"),
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
            f" the falling market the exchange sells it at {price(sold)}. How many dollars are missing, so that the"
            " insurance fund must pay them (fees left out)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(under, "That is for one coin."),
            Wrong(entry - sold, "That is the whole loss on one coin. The margin pays the first part of it."),
            Wrong(coins * (entry - sold), "That is the whole loss. The trader's margin pays the first part of it."),
            Wrong(coins * (entry - broke), "That is the trader's margin. How much more was lost?"),
            Wrong(coins * sold, "That is what the sale brought in."),
        ),
        hints=("What is the bankruptcy price?", "missing = coins × (bankruptcy price − price of the sale)"),
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
            f"A short from {price(entry)} at {times(leverage)}; the mark is now {price(mark)}. Its bankruptcy price is"
            f" {price(round(broke, 2))}. Rank by gain × effective leverage, with gain = fall of the price / entry and"
            " effective leverage = mark / (bankruptcy price − mark). How many points has it?"
        ),
        answer=answer,
        unit="points",
        wrong=(
            Wrong(fall, "That is the gain alone. It is multiplied by the effective leverage."),
            Wrong(
                fall * leverage,
                "You took the leverage of the beginning. The margin has grown since, so the effective leverage is"
                " lower.",
            ),
            Wrong(effective, "That is the effective leverage alone."),
            Wrong(fall / effective, "Dividing is for positions in loss. This one gains."),
        ),
        hints=(
            "Two numbers: the gain as a fraction, and the effective leverage.",
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
        " with maintenance of 0.4 %. This function does the same. Mend it so that a long's price comes out right."
    ),
    right=lambda entry, leverage, rate: _line("long", entry, leverage, rate),
    cases=((50_000, 25, 0.004), (100, 10, 0.005), (60_000, 3, 0.02)),
    unit="$",
    wrong=(
        Wrong(
            lambda entry, leverage, rate: entry * (1 + 1 / leverage - rate),
            "A long whose price rises is gaining. Look at the two signs.",
        ),
        Wrong(
            lambda entry, leverage, rate: entry * (1 - 1 / leverage - rate),
            "Now it is below the bankruptcy price. Only one of the two signs is right yet.",
        ),
        Wrong(
            lambda entry, leverage, rate: entry * (1 - 1 / leverage),
            "That is the bankruptcy price: the maintenance margin is gone.",
        ),
        Wrong(
            lambda entry, leverage, rate: entry * (1 + 1 / leverage + rate),
            "Above the entry a long is not closed at all.",
        ),
    ),
    hints=(
        "On which side of the entry must a long's liquidation price lie?",
        "Bankruptcy first: entry × (1 − 1/leverage). Then which way does maintenance push the line?",
    ),
    steps=(
        "Both signs are exchanged: `return entry * (1 - 1 / leverage + rate)`. For the page's example 50,000 × (1 −"
        " 0.04 + 0.004) = **$48,200**."
    ),
)


def _short_on_mark(entry, margin, coins, rate, fee):
    return liquidation_price("short", entry, coins, margin, Rules(rate, "mark", fee, "mark"))


short_sign = Repair(
    id="2-bug-short-sign",
    ask=(
        "**Find the bug.** A worked line in the test suite of freqtrade, an open trading program, gives 13.476 for a 3x"
        " short from 10, with maintenance of 1 % and a closing fee of 0.06 %, both on the value at the mark. This"
        " function does the same. Mend it."
    ),
    right=_short_on_mark,
    cases=((10, 3.3333, 1, 0.01, 0.0006), (100, 10, 1, 0.005, 0.0), (60_000, 600, 0.1, 0.004, 0.0005)),
    unit="$",
    wrong=(
        Wrong(
            lambda entry, margin, coins, rate, fee: (margin + coins * entry) / (coins * (1 - rate - fee)),
            "The price comes out beyond the bankruptcy price. Write the equation down for a short and bring p to one"
            " side.",
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
        "**Find the bug.** The leverage article names 0.2 % as the way to liquidation at 500x, “with fees and"
        " maintenance margin” (claim L16). This function gives its number, whatever the rates. Mend it, with both rates"
        " on the value at the entry."
    ),
    right=_distance,
    cases=((500, 0.001, 0.0002), (10, 0.005, 0.0006), (20, 0.004, 0.0), (125, 0.0, 0.0005)),
    unit="%",
    wrong=(
        Wrong(
            lambda leverage, rate, fee: 1 / leverage,
            "That is the way to bankruptcy: the rates are asked for and never used.",
        ),
        Wrong(lambda leverage, rate, fee: 1 / leverage - rate, "The closing fee is still not used."),
        Wrong(lambda leverage, rate, fee: 1 / leverage - fee, "The maintenance rate is still not used."),
        Wrong(
            lambda leverage, rate, fee: 1 / leverage + rate + fee, "What must remain makes the way shorter, not longer."
        ),
        Wrong(
            lambda leverage, rate, fee: (1 - rate - fee) / leverage, "The rates are of the position, not of the margin."
        ),
        Wrong(
            lambda leverage, rate, fee: 1 / leverage - rate + fee, "The fee must remain too: it makes the way shorter."
        ),
    ),
    hints=(
        "Which of the arguments does the function use?",
        "Of the margin, 1 / leverage of the position, how much must remain?",
    ),
    steps="`return 1 / leverage - rate - fee`. At 500x with 0.1 % and 0.02 %: 0.2 % − 0.12 % = **0.08 %**.",
)

EXERCISES = (
    Exercise(
        "2-still-there",
        still_there,
        {"margin": (200, 80, 100, 250, 500), "leverage": (20, 10, 15, 16, 18), "fall": (0.045, 0.04, 0.035, 0.042)},
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
        "A 20x long from $100,000. The exchange wants 0.5 % of the position's value to remain. After which fall is it"
        " closed, in percent?",
        answer=-price_move(100_000, liquidation_price("long", 100_000, 0.1, 500, Rules(0.005))),
        unit="%",
        either_sign=True,
        why=(
            "5 % would use up the margin. It is closed where half a percent of the position is still there, after"
            " 4.52 %."
        ),
    ),
    Prediction(
        "2-five-hundred",
        "At 500x a move of 0.2 % uses up the margin. The exchange wants 0.1 % of the position to remain, which sounds"
        " like little. Of the whole way to bankruptcy, which share is left until liquidation, in percent of that way?",
        answer=(1 / 500 - 0.001) * 500,
        unit="%",
        why=(
            "Until bankruptcy the price may fall 0.2 %, until liquidation 0.1 %: half of the way. A tenth of a percent"
            " of the position is half of a margin that is only two tenths."
        ),
    ),
    Prediction(
        "2-bigger",
        "The same 20x long on the same exchange, once with $10,000 and once with $20 million. Which is closed first in"
        " a falling market?",
        answer="the $20 million",
        options=("the $10,000", "the $20 million", "both at the same price"),
        why=(
            "The small one is closed after −4.62 %, the large one after −3.73 %: larger positions must keep a larger"
            " share."
        ),
    ),
    Prediction(
        "2-never-seen",
        "10 October 2025, 21:10 UTC, as the next picture replays it. You go long Bitcoin at 10x; your line is "
        "$103,491.71. The lowest spot trade on your chart that evening was $107,000. Can you have been closed?",
        answer="yes, by a price that my chart does not show",
        options=(
            "no, no trade reached the line",
            "yes, by a price that my chart does not show",
            "only by an error of the exchange",
        ),
        why="What counts is the mark price, and Binance's own went down to $102,497.49. Spot at Gemini fell less.",
    ),
    Prediction(
        "2-median",
        "The index is $100, and the order book of your exchange has stood there for minutes. One large sale makes the"
        " last trade $70. The mark is the median of three: index, index plus average basis, last trade. How far does it"
        " fall?",
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
            "it loses most of its margin but lives",
            "it is closed by force",
        ),
        why=(
            "At worst the price stood 51.48 % lower, and a 2x long that must keep half a percent of its value ends at"
            " −49.75 %."
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
