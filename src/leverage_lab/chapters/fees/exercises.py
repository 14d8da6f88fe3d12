"""Exercises, bugs and predictions of chapter 4.

Right answers come from the money functions; wrong ones are written out, as a learner would get there.
"""

import math

from leverage_lab.chapters.fees.funding_years import funding_years
from leverage_lab.chapters.fees.settlements import time_of_day
from leverage_lab.chapters.fees.shared import fee_rates, hours_word
from leverage_lab.chapters.fees.way_to_pay import way_to_pay
from leverage_lab.chapters.missing import all_but
from leverage_lab.fees import (
    CLOCKS,
    break_even_price,
    funding_over_path,
    funding_payment,
    funding_rate,
    funding_settlements,
    interest,
    leverage_fee,
    realised_pnl,
    trading_fee,
)
from leverage_lab.leverage import notional, quantity
from leverage_lab.panelkit.practice import Choice, Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.words import amount, money, percent, plain, price, times


def rate(value):
    """A fee or funding rate, with its thousandths of a percent."""
    return percent(value, decimals=3)


def opening(margin, leverage, fee):
    answer = trading_fee(notional(quantity(margin, leverage, 100), 100), fee)
    return Task(
        ask=(
            f"You open a position with {money(margin)} of margin at {times(leverage)}, using a taker order; the taker"
            f" fee is {rate(fee)}. What is the opening fee, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(margin * fee, "You charged the fee on the margin. It is charged on the position, which is larger."),
            Wrong(2 * answer, "That is the cost of opening and closing together."),
            Wrong(
                margin * leverage * fee * 100, f"You used {100 * fee:g} for {rate(fee)}. As a fraction it is {fee:g}."
            ),
            Wrong(margin * leverage**2 * fee, "You counted the leverage twice: it is already in the position."),
            Wrong(
                margin * fee / leverage,
                "You divided by the leverage. It makes the position larger, and the fee with it.",
            ),
        ),
        either_sign=True,
        hints=(
            "What is the fee charged on: your margin, or something larger?",
            "Multiply the margin by the leverage; the fee is a small share of the result.",
            "fee = margin × leverage × rate, with the rate as a fraction",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(margin * leverage)}\nfee = {money(margin * leverage)}"
            f" × {fee:g} = **{money(answer)}**"
        ),
    )


def both_ways(leverage, fee):
    answer = 2 * trading_fee(leverage, fee)
    return Task(
        ask=(
            f"At {times(leverage)} you open and close with taker orders at {rate(fee)} each, and the price does not"
            " move. What percentage of your margin do the two fees take?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                2 * fee, "That is the share of the position. Your margin is only part of that, so its share is larger."
            ),
            Wrong(leverage * fee, "That is one fee. Closing costs one too."),
            Wrong(
                2 * fee / leverage,
                "You divided by the leverage. The fee is charged on the position, which is larger than the margin.",
            ),
            Wrong(4 * leverage * fee, "Two fees, not four: one to open, one to close."),
        ),
        either_sign=True,
        hints=(
            "What share of the position do the two fees take?",
            "The position is a multiple of the margin. Which multiple?",
            "share of the margin = 2 × rate × leverage",
        ),
        steps=(
            f"share of the position = 2 × {rate(fee)} = {rate(2 * fee)}\nshare of the margin = {leverage:g} ×"
            f" {rate(2 * fee)} = **{percent(answer)}**"
        ),
    )


def two_roles(value, maker, taker):
    answer = trading_fee(value, maker) + trading_fee(value, taker)
    return Task(
        ask=(
            f"You open a position of {money(value)} with an order that waits in the book (maker, {rate(maker)}) and"
            f" close it with one that is filled at once (taker, {rate(taker)}), at the same price. What do you pay in"
            " fees, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                2 * value * taker, "That is the taker rate twice. The opening order waited, so it pays the maker rate."
            ),
            Wrong(
                2 * value * maker,
                "That is the maker rate twice. The closing order was filled at once, so it pays the taker rate.",
            ),
            Wrong(value * taker, "The maker fee is missing: it is lower, not zero."),
            Wrong(value * (taker - maker), "You subtracted. Both are costs here, so add them."),
            Wrong(value * (maker + taker) / 2, "That is the average of the two. You pay both."),
        ),
        either_sign=True,
        hints=(
            "Which of the two orders waited in the book?",
            "Each order pays its own rate on the whole position; then add.",
            "fees = value × maker rate + value × taker rate",
        ),
        steps=(
            f"{money(value)} × {maker:g} + {money(value)} × {taker:g} = {money(value * maker)} + {money(value * taker)}"
            f" = **{money(answer)}**"
        ),
    )


def net_return(leverage, move, fee):
    answer = realised_pnl("long", leverage, 1, 1 + move, fee, fee)
    return Task(
        ask=(
            f"You open a long at {times(leverage)}; the taker fee is {rate(fee)} each way. The price rises"
            f" {percent(move)} and you close. What is the return on your margin after both fees, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(leverage * move, "That is before fees."),
            Wrong(leverage * (move - fee), "One fee is missing: you pay to open and again to close."),
            Wrong(leverage * (move + 2 * fee), "You added the fees. They are costs."),
            Wrong(
                move - 2 * fee,
                "That is the gain as a share of the position. Your margin is smaller, so the share is larger.",
            ),
        ),
        hints=(
            "What return does the move alone bring on the margin? (Chapter 1)",
            "As shares of the position: take two fees off the move. What remains is leverage times as much of the"
            " margin.",
            "return ≈ leverage × (move − 2 × fee); the closing fee is charged on a slightly larger value",
        ),
        steps=(
            f"before fees {leverage:g} × {percent(move)} = {percent(leverage * move)} of the margin\nopening fee"
            f" {leverage:g} × {rate(fee)} = {percent(leverage * fee)}, closing fee the same on a value {percent(move)}"
            f" larger\nleft: **{percent(answer)}**"
        ),
    )


def break_even(entry, fee):
    answer = break_even_price("long", entry, fee, fee)
    return Task(
        ask=(
            f"You go long BTC at {price(entry)} and pay {rate(fee)} to open and again to close. Above which price do"
            " you close with a profit? Give it to the dollar."
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(entry, "At that price you have gained nothing, and you have paid two fees."),
            Wrong(entry * (1 + fee), "That pays for one fee. There are two."),
            Wrong(entry * (1 + 4 * fee), "That pays for four fees. There are two: one to open, one to close."),
            Wrong(entry * (1 - 2 * fee), "That is a short's break-even. A long needs a higher price."),
            Wrong(entry * (1 + 200 * fee), f"You used {100 * fee:g} for {rate(fee)}. As a fraction it is {fee:g}."),
        ),
        hints=(
            "What percentage of the position do both fees take?",
            "The price must rise by about that percentage.",
            "break-even ≈ entry × (1 + 2 × fee)",
        ),
        steps=(
            f"both fees together are about 2 × {rate(fee)} = {rate(2 * fee)}, so about {price(entry)} × (1 +"
            f" {2 * fee:g}) = {money(entry * (1 + 2 * fee))}\nto the cent, the closing fee on the closing value:"
            f" {price(entry)} × (1 + {fee:g}) / (1 − {fee:g}) = **{money(answer)}**"
        ),
        tolerance=0.0001,
        to="to the dollar",
    )


def spread_cost(margin, leverage, bid, gap):
    offer = bid + gap
    coins = quantity(margin, leverage, offer)
    answer = coins * gap
    return Task(
        ask=(
            f"The best bid is {price(bid)}, the best offer {price(offer)}. With {money(margin)} at {times(leverage)}"
            " you buy at the offer and sell at once at the bid. How many dollars do you lose, before fees?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(answer / 2, "That is the loss to the middle of the two prices. You sold lower, at the bid."),
            Wrong(
                2 * answer, "You counted the spread twice. Buying at the offer and selling at the bid costs one spread."
            ),
            Wrong(margin / offer * gap, "That is the spread on the margin. You bought the whole position."),
            Wrong(gap, "That is the spread of one coin. How many coins did you buy?"),
        ),
        either_sign=True,
        hints=(
            "How large is the position, and how many coins is that?",
            "Each coin loses the difference between the two prices.",
            "loss = margin × leverage / offer × (offer − bid)",
        ),
        steps=(
            f"coins = {money(margin)} × {leverage:g} / {price(offer)} = {amount(coins, 'BTC')}\n"
            f"loss = {amount(coins, 'BTC')} × {money(gap)} = **{money(answer)}**"
        ),
    )


def share_of_way(leverage, maintenance, fee):
    down = 1 / leverage - maintenance
    answer = 2 * fee / down
    return Task(
        ask=(
            f"A long at {times(leverage)}: the maintenance margin is {percent(maintenance)} of the entry value, the fee"
            f" {rate(fee)} each way, and there is no spread. How large is the rise that pays both fees, as a percentage"
            " of the distance to liquidation?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                2 * fee * leverage,
                "That is a percentage of the distance to the bankruptcy price. Liquidation comes earlier: subtract the"
                " maintenance margin.",
            ),
            Wrong(fee / down, "That counts one fee. You pay two."),
            Wrong(down / (2 * fee), "That is upside down: divide the rise by the distance."),
            Wrong(
                2 * fee / (1 / leverage + maintenance),
                "The maintenance margin makes the distance to liquidation shorter, not longer.",
            ),
        ),
        hints=(
            "How far below the entry is the liquidation price? (Chapter 2)",
            "The distance is 1 / leverage, less the maintenance rate. The rise needed is twice the fee.",
            "share = 2 × fee / (1 / leverage − maintenance rate)",
        ),
        steps=(
            f"distance to liquidation: 1 / {leverage:g} − {percent(maintenance)} = {percent(down)}\nrise that pays the"
            f" fees: 2 × {rate(fee)} = {rate(2 * fee)}\nshare = {rate(2 * fee)} / {percent(down)} ="
            f" **{percent(answer)}**"
        ),
    )


def one_payment(coins, entry, mark, leverage, funding):
    answer = funding_payment("long", coins, mark, funding)
    return Task(
        ask=(
            f"You are long {plain(coins)} BTC, opened at {price(entry)} at {times(leverage)}. At settlement the mark"
            f" price is {price(mark)} and the funding rate {percent(funding, signed=True, decimals=3)}. How much do you"
            " pay, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                coins * entry * funding,
                "You valued the position at the entry price. Funding uses the mark price at settlement.",
            ),
            Wrong(
                coins * mark / leverage * funding,
                "You applied the rate to the margin. It applies to the whole position.",
            ),
            Wrong(coins * mark * funding * leverage, "The leverage is already in the position."),
            Wrong(
                coins * mark * funding * 100,
                f"You used {100 * funding:g} for {rate(funding)}. As a fraction it is {funding:g}.",
            ),
            Wrong(3 * coins * mark * funding, "That is a day with three settlements. The question is about one."),
        ),
        either_sign=True,
        hints=(
            "Which price decides what the position is worth at settlement?",
            "Value the position at the mark price; the payment is a small share of that.",
            "payment = coins × mark price × rate",
        ),
        steps=(
            f"value = {plain(coins)} × {price(mark)} = {money(coins * mark)}\npayment = {money(coins * mark)} ×"
            f" {funding:g} = **{money(answer)}**"
        ),
    )


def how_often(opened, held):
    answer = funding_settlements(opened, held)
    closed = opened + held
    day = " the next day" if closed >= 24 else ""
    return Task(
        ask=(
            f"Funding is settled at 0:00, 8:00 and 16:00. You open at {time_of_day(opened)} and close {plain(held)}"
            f" hours later, at {time_of_day(closed % 24)}{day}. At how many settlements do you hold the position?"
        ),
        answer=answer,
        unit="settlements",
        wrong=(
            Wrong(
                held / 8,
                "You divided the time by 8. What counts is how many settlement times fall between opening and closing.",
            ),
            Wrong(
                float(held // 8),
                "You counted full periods of 8 hours from your opening. The exchange's clock counts, not yours.",
            ),
            Wrong(float(held), "That is the number of hours."),
            Wrong(answer + 1, "One too many. A settlement before you open or after you close does not concern you."),
        ),
        hints=(
            "Does the time that you hold count, or the moments at which you hold?",
            "Write down the settlement times after you open, one by one, until you close.",
            "Count how often 0:00, 8:00 or 16:00 falls between the two.",
        ),
        steps=(
            "Settlements while you hold: "
            + ", ".join(time_of_day(k * 8) for k in range(20) if opened < k * 8 <= closed)
            + f". That is **{amount(answer, 'settlements')}**."
        ),
    )


def funding_share(leverage, funding, days):
    answer = funding_over_path("long", leverage, [1.0] * (3 * days), funding).sum()
    return Task(
        ask=(
            f"You hold a long at {times(leverage)} for {days} days. The price stands still, and funding is"
            f" {rate(funding)} at each of three settlements a day. What percentage of the margin does that cost?"
        ),
        answer=float(answer),
        unit="%",
        wrong=(
            Wrong(
                3 * days * funding,
                "That is the share of the position. As a share of the margin it is leverage times as much.",
            ),
            Wrong(leverage * days * funding, "You counted one settlement a day. There are three."),
            Wrong(leverage * 3 * funding, "That is the cost of one day."),
            Wrong(
                3 * days * funding / leverage, "You divided by the leverage. The position is larger than the margin."
            ),
        ),
        either_sign=True,
        hints=(
            "How many settlements are there in all?",
            "Together they take settlements × rate of the position. What is that of the margin?",
            "share of the margin = 3 × days × rate × leverage",
        ),
        steps=(
            f"{3 * days} settlements × {rate(funding)} = {percent(3 * days * funding)} of the position\n× {leverage:g}"
            f" = **{percent(float(answer))}** of the margin"
        ),
    )


def until_gone(leverage, maintenance, funding):
    exact, whole = (1 / leverage - maintenance) / funding, 1 / leverage / funding
    answer = math.ceil(exact - 1e-9)
    return Task(
        ask=(
            f"A long at {times(leverage)} is isolated, and nothing is free in the wallet. The price stands still, and"
            f" the maintenance margin is {percent(maintenance)} of the position. Each settlement takes {rate(funding)}"
            " of the position out of the margin. After how many settlements is it liquidated?"
        ),
        answer=float(answer),
        unit="settlements",
        wrong=(
            Wrong(
                exact,
                "Almost, but a settlement cannot be split. After the last whole one below that number the position is"
                " still open; count the next.",
            ),
            *(
                Wrong(count, "That uses up the whole margin. Liquidation comes earlier, at the maintenance margin.")
                for count in (float(math.ceil(whole - 1e-9)), whole, float(math.floor(whole)))
            ),
            Wrong(
                float(answer - 1),
                "After that many, slightly more than the maintenance margin is left. Count the next one.",
            ),
            Wrong(answer / 3, "That is in days. How many settlements is it, at three a day?"),
            Wrong(
                float(math.ceil((1 - maintenance * leverage) / funding - 1e-9)),
                "You applied the rate to the margin. It applies to the position.",
            ),
        ),
        hints=(
            "How much of the margin can you pay before only the maintenance margin is left? (Chapter 2)",
            "As shares of the position, the margin is 1 / leverage and the maintenance margin is its rate. Take the"
            " difference.",
            "settlements = (1 / leverage − maintenance rate) / funding rate, rounded up",
        ),
        steps=(
            f"margin − maintenance = 1 / {leverage:g} − {percent(maintenance)} = {percent(1 / leverage - maintenance)}"
            f" of the position\n{percent(1 / leverage - maintenance)} / {rate(funding)} = {plain(exact)}, rounded up to"
            f" **{amount(answer, 'settlements')}**"
        ),
    )


def started_hours(borrowed, daily, minutes):
    hours = minutes / 60
    answer = interest(borrowed, daily, 24, hours, **CLOCKS["started hour"])
    units = math.ceil(hours)
    return Task(
        ask=(
            f"You borrow {money(borrowed)} at {rate(daily)} a day for {minutes // 60} h {minutes % 60:02} min. Interest"
            " is charged for every started hour since you borrowed. How much is it, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(borrowed * daily * hours / 24, "That charges the exact time. A started hour counts as a whole one."),
            Wrong(borrowed * daily * math.floor(hours) / 24, "You left out the last, started hour. It counts."),
            Wrong(borrowed * daily, "That is a whole day. This loan counts hours."),
            Wrong(
                borrowed * daily * units, "You used the daily rate for each hour. An hour costs a twenty-fourth of it."
            ),
        ),
        either_sign=True,
        hints=(
            "How many hours are charged, if a started hour counts as a whole one?",
            "An hour costs a twenty-fourth of the daily rate.",
            "interest = borrowed × daily rate / 24 × hours charged",
        ),
        steps=f"charged: {units} hours\ninterest = {money(borrowed)} × {daily:g} / 24 × {units} = **{money(answer)}**",
    )


def on_the_borrowed(own, leverage, daily, days):
    answer = leverage_fee(own, leverage, daily, days, basis="borrowed")
    return Task(
        ask=(
            f"In a spot margin trade you use {money(own)} of your own at {times(leverage)}. The rest is lent to you at"
            f" {rate(daily)} a day, for {days} days. How much interest do you pay on the loan, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(own * leverage * daily * days, "That charges the whole position. Your own part is not lent."),
            Wrong(answer / 10, f"A factor of ten is lost in the percent: {rate(daily)} is {daily:g}."),
            Wrong(own * daily * days, "That charges your own money. The rest is what is lent."),
            Wrong(answer / days, "That is the interest of one day."),
        ),
        either_sign=True,
        hints=(
            "How much of the position is not your own money?",
            "The loan is own money × (leverage − 1). What does it cost a day?",
            "interest = own × (leverage − 1) × daily rate × days",
        ),
        steps=(
            f"lent: {money(own)} × ({leverage:g} − 1) = {money(own * (leverage - 1))}\n"
            f"interest = {money(own * (leverage - 1))} × {daily:g} × {days} = **{money(answer)}**"
        ),
    )


def rate_of(premium, interest):
    answer = funding_rate(premium, interest)
    above = "above" if premium > 0 else "below"
    lower = "less" if premium > 0 else "plus"
    return Task(
        ask=(
            f"Over the last 8 hours a contract traded {rate(abs(premium))} {above} the coin on average: a premium of"
            f" {percent(premium, signed=True, decimals=3)}. Interest is {rate(interest)}; the bracket, interest −"
            " premium, is limited to ±0.05 %, and no cap is reached. What is the funding rate, in percent and with its"
            " sign?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(
                premium + interest,
                "You added the two. Add to the premium the bracket, interest minus premium, limited to ±0.05 %.",
            ),
            Wrong(
                interest + math.copysign(0.0005, premium),
                "You limited the premium. The rule limits the bracket, interest minus premium; the premium itself"
                " counts in full.",
            ),
            Wrong(
                premium + math.copysign(0.0005, premium),
                "The 0.05 % goes the other way: it brings the rate closer to the interest.",
            ),
            Wrong(
                premium - math.copysign(0.0005, premium) + interest,
                "You added the interest once more. It is already in the bracket, interest minus premium.",
            ),
            Wrong(premium, "That is the premium. The bracket brings the rate 0.05 % closer to the interest."),
            Wrong(interest, "That would be right if premium and interest were within 0.05 % of each other."),
        ),
        hints=(
            "Is interest minus premium between −0.05 % and +0.05 %?",
            "If not, it is limited to 0.05 %, with its sign: it moves the rate from the premium towards the interest.",
            "rate = premium + (interest − premium), with the bracket limited to ±0.05 %",
        ),
        steps=(
            f"interest − premium = {percent(interest - premium, signed=True, decimals=3)}, limited to"
            f" {percent(math.copysign(0.0005, interest - premium), signed=True)}\nrate = the premium {lower}"
            f" 0.05 % = **{percent(answer)}**"
        ),
    )


def a_year(funding, hours):
    a_day = 24 // hours
    answer = float(funding_over_path("long", 1, [1.0] * (365 * a_day), funding).sum())
    return Task(
        ask=(
            f"A funding rate of {rate(funding)} every {hours_word(hours).removeprefix('1 ')} looks small. Suppose that"
            " neither rate nor price changes for a year of 365 days. What percentage of the position does a long pay?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(365 * funding, f"That counts one settlement a day. There are {a_day}."),
            Wrong(30 * a_day * funding, "That is a month of 30 days."),
            Wrong(a_day * funding, "That is one day."),
            Wrong(52 * a_day * funding, "You counted one day of each week. Funding is paid on all seven."),
        ),
        either_sign=True,
        hints=(
            "How many settlements are there in a day?",
            "And in a year? Each of them takes the rate once.",
            "share of the position = rate × settlements a day × 365",
        ),
        steps=(
            f"{a_day} settlements a day × 365 = {365 * a_day:,}\n{365 * a_day:,} × {rate(funding)} ="
            f" **{percent(answer)}** of the position"
        ),
    )


def missing_for_a_day(missing, coins, mark, funding, hours):
    known = {
        "coins": ("how many coins you hold", f"you hold {amount(coins, 'BTC')}"),
        "mark": ("the mark price", f"the mark price is {money(mark)}"),
        "rate": ("the funding rate", f"the funding rate is {rate(funding)}"),
        "hours": ("how often funding is settled", f"funding is settled every {hours_word(hours)}"),
    }
    answer, said = all_but(missing, known)
    return Choice(
        ask=(
            f"You are long in a Bitcoin perpetual and want to know what a day of holding it costs. You know three"
            f" things: {said}. You assume that these do not change during the day. Which information is missing?"
        ),
        answer=answer,
        wrong=(
            Wrong("your leverage", "Funding is charged on the whole position, however much margin you put up for it."),
            Wrong("your entry price", "Funding uses the mark price at the settlement, not the price that you paid."),
            Wrong("the taker fee", "The taker fee is the cost of opening and closing. Holding costs funding."),
            Wrong(
                "the interest on the money lent to you",
                "A future's leverage is not lent to you, so it costs no interest. Holding costs funding.",
            ),
        ),
        hints=(
            "What do you pay while you hold a perpetual, and at which moments?",
            "Each settlement charges a share of the position's value at that moment.",
            "cost of a day = coins × mark price × funding rate × settlements in a day",
        ),
        steps=(
            "cost of a day = coins × mark price × funding rate × settlements in a day\nThat needs the number of"
            f" coins, the mark price, the rate and the hours between two settlements.\nYou have three; the"
            f" fourth is **{answer}**"
        ),
    )


percent_slip = Repair(
    id="4-bug-percent",
    ask=(
        "**Find the bug.** An article on the “leverage fee” (9 November 2024) charges 0.03 % a day on $100,000 and"
        " prints $3. This function gives the same; the rate goes in as the number before the percent sign. Fix it."
    ),
    right=lambda trade_amount, rate_percent: leverage_fee(trade_amount, 1, rate_percent / 100, 1),
    cases=((100_000, 0.03), (90_000, 0.03), (2500, 0.2), (40_000, 0.0475)),
    unit="$",
    wrong=(
        Wrong(
            lambda trade_amount, rate_percent: trade_amount * rate_percent / 1000,
            "That is still the article's result. What does “percent” mean: out of how many?",
        ),
        Wrong(lambda trade_amount, rate_percent: trade_amount * rate_percent, "Now you ignore the percent sign."),
        Wrong(
            lambda trade_amount, rate_percent: trade_amount * rate_percent / 10_000,
            "Now it is even smaller. Percent is out of a hundred.",
        ),
        Wrong(
            lambda trade_amount, rate_percent: trade_amount * rate_percent / 10,
            "Out of ten is too much. Percent is out of a hundred.",
        ),
    ),
    hints=(
        "What is 1 % of $100,000? And 0.03 of that?",
        "Percent means out of a hundred. Which number in the function says something else?",
        "`return trade_amount * rate_percent / 100`",
    ),
    steps=(
        "Percent is out of 100: `return trade_amount * rate_percent / 100`. 1 % of $100,000 is $1,000, and 0.03 of that"
        " is **$30**."
    ),
)

clamp = Repair(
    id="4-bug-clamp",
    ask=(
        "**Find the bug.** The function limits the premium, as the page of MEXC says. By the rule of Bybit, Gate and"
        " OKX the rate is premium + (interest − premium), with the bracket limited to ±0.05 %. With"
        " interest of 0.01 %, a premium of 0.02 % gives 0.01 %, and one of 0.3 % gives 0.25 %. Fix it."
    ),
    right=lambda premium, interest: funding_rate(premium, interest),
    cases=((0.0002, 0.0001), (0.003, 0.0001), (-0.003, 0.0001), (-0.0003, 0.0), (0.0006, 0.0002), (0.001, 0.0001)),
    unit="%",
    wrong=(
        Wrong(
            lambda premium, interest: interest + max(-0.0005, min(0.0005, premium)),
            "The premium is still limited. Then no rate could be above 0.06 %, and in 2020 and 2021 many were. Limit"
            " the bracket, interest − premium.",
        ),
        Wrong(
            lambda premium, interest: premium + (interest - premium),
            "The premium cancels out, so the rate would always be the interest. Limit the bracket. (As a fraction, 0.05"
            " % is 0.0005.)",
        ),
        Wrong(
            lambda premium, interest: interest + premium,
            "You added the two. The rule adds the bracket, interest − premium, to the premium, limited to ±0.05 %.",
        ),
        Wrong(
            lambda premium, interest: premium + min(0.0005, interest - premium),
            "The upper limit is right now. The bracket can also be below −0.05 %, when the premium is high.",
        ),
        Wrong(
            lambda premium, interest: premium + max(-0.0005, interest - premium),
            "The lower limit is right now. The upper one is missing; it matters when the premium is far below zero.",
        ),
        Wrong(
            lambda premium, interest: max(-0.0005, min(0.0005, premium + interest)),
            "You limited the rate. The rule limits only the bracket; the rate can become large.",
        ),
        Wrong(
            lambda premium, interest: max(-0.0005, min(0.0005, interest - premium)),
            "The premium in front is missing now.",
        ),
        Wrong(
            lambda premium, interest: premium - max(-0.0005, min(0.0005, interest - premium)),
            "Add, do not subtract: the bracket leads from the premium back to the interest.",
        ),
    ),
    hints=(
        "`min(0.0005, interest - premium)` is never more than 0.05 %.",
        "And `max(-0.0005, …)` of that is never less than −0.05 %.",
        "`return premium + max(-0.0005, min(0.0005, interest - premium))`",
    ),
    steps=(
        "`return premium + max(-0.0005, min(0.0005, interest - premium))`. At 0.02 % the bracket is −0.01 % and counts"
        " in full: **0.01 %**. At 0.3 % it is −0.29 %, limited to −0.05 %: **0.25 %**."
    ),
)

FEES = (0.0005, 0.0002, 0.0004, 0.0006, 0.00055)

EXERCISES = (
    Exercise("4-open", opening, {"margin": (120, 40, 50, 200, 500), "leverage": (40, 5, 8, 20, 25, 100), "fee": FEES}),
    Exercise("4-both", both_ways, {"leverage": (20, 5, 10, 25, 30, 40, 75, 100), "fee": FEES}),
    Exercise(
        "4-roles",
        two_roles,
        {
            "value": (8000, 2000, 5000, 12_000, 30_000),
            "maker": (0.0002, 0.0001, 0.00015),
            "taker": (0.0005, 0.00055, 0.0006),
        },
    ),
    Exercise(
        "4-net",
        net_return,
        {"leverage": (100, 10, 20, 25, 50, 200), "move": (0.005, 0.003, 0.004, 0.008), "fee": FEES},
        also=(1,),
    ),
    Exercise(
        "4-even",
        break_even,
        {"entry": (60_000, 25_000, 40_000, 82_000, 114_400), "fee": (0.0005, 0.00055, 0.0006, 0.00075)},
    ),
    Exercise(
        "4-spread",
        spread_cost,
        {
            "margin": (50, 20, 80, 150),
            "leverage": (100, 20, 50, 200),
            "bid": (60_000, 40_000, 90_000),
            "gap": (6, 5, 8, 12, 20),
        },
    ),
    Exercise(
        "4-way",
        share_of_way,
        {"leverage": (50, 25, 40, 75, 100), "maintenance": (0.005, 0.004, 0.0033), "fee": FEES},
        also=(2,),
    ),
    Exercise(
        "4-payment",
        one_payment,
        {
            "coins": (0.2, 0.5, 1.5, 3),
            "entry": (60_000, 58_000),
            "mark": (63_000, 55_000, 66_000),
            "leverage": (20, 5, 10, 50),
            "funding": (0.0001, 0.00015, 0.0003),
        },
    ),
    Exercise("4-often", how_often, {"opened": (7, 5.5, 6.5, 14, 15.5, 23), "held": (10, 11, 13, 18, 20, 26, 34)}),
    Exercise(
        "4-share",
        funding_share,
        {"leverage": (20, 10, 25, 40, 50), "funding": (0.0001, 0.00015, 0.0002, 0.0003), "days": (7, 4, 5, 10)},
    ),
    Exercise(
        "4-gone",
        until_gone,
        {
            "leverage": (100, 20, 25, 40, 50, 75),
            "maintenance": (0.005, 0.004, 0.0033),
            "funding": (0.0007, 0.0003, 0.0011, 0.0013, 0.0017),
        },
        also=(2,),
    ),
    Exercise(
        "4-rate",
        rate_of,
        {"premium": (0.002, -0.002, 0.0013, 0.0025, -0.0015, 0.004), "interest": (0.0001, 0.0002)},
    ),
    Exercise("4-yearly", a_year, {"funding": (0.0002, 0.0001, 0.0003, 0.00015), "hours": (8, 4, 1)}),
    Exercise(
        "4-hours",
        started_hours,
        {
            "borrowed": (9000, 4500, 18_000, 30_000),
            "daily": (0.0004, 0.0002, 0.0003, 0.0005),
            "minutes": (140, 65, 95, 200, 250),
        },
    ),
    Exercise(
        "4-lent",
        on_the_borrowed,
        {
            "own": (2000, 500, 1500, 4000, 6000),
            "leverage": (4, 3, 5, 8, 10),
            "daily": (0.0003, 0.0002, 0.0005),
            "days": (4, 2, 3, 6),
        },
    ),
    Exercise(
        "4-missing",
        missing_for_a_day,
        {
            "missing": ("hours", "coins", "mark", "rate"),
            "coins": (0.5, 0.2, 1.5, 2),
            "mark": (60_000, 45_000, 90_000),
            "funding": (0.0001, 0.0002, 0.00015),
            "hours": (8, 4),
        },
        also=(1, 2),
    ),
    percent_slip,
    clamp,
)


PREDICTIONS = (
    Prediction(
        "4-still-price",
        "You open a position with $100 at 50x. Opening costs 0.05 %, closing costs 0.05 %, and the price is the same"
        " both times. What percentage of your margin do the two fees take?",
        answer=2 * trading_fee(50, fee_rates()["taker"]),
        unit="%",
        either_sign=True,
        why=(
            "Twice 0.05 % is 0.1 % of a position that is 50 times your margin. The picture adds the spread, another"
            " half percent."
        ),
    ),
    Prediction(
        "4-spread-way",
        "Now at 500x, with a maintenance rate of 0.1 %: the spread between the best bid and the best offer is only"
        " 0.01 % of the price. What percentage of the distance to liquidation does it take?",
        answer=way_to_pay.model(500, 0.0005, 0.0001).by_spread,
        unit="%",
        either_sign=True,
        why=(
            "At 500x the liquidation price is only 0.1 % away (MEXC's first tier in our table), and 0.01 % is a tenth"
            " of that."
        ),
    ),
    Prediction(
        "4-moment",
        "An exchange settles funding at 8:00 and at 16:00, and not in between. One long is open for one hour, from 7:30"
        " to 8:30. Another is open for seven hours, from 8:30 to 15:30. Who pays more funding?",
        answer="the one that was open for one hour",
        options=("the one that was open for one hour", "the one that was open for seven hours", "both the same"),
        why=(
            "The first was open at 8:00 and pays for the whole period. The second was not open at any settlement and"
            " pays nothing."
        ),
    ),
    Prediction(
        "4-which-day",
        "A 50x long has an isolated margin of $100 and nothing else in the wallet. The price does not move at all. The"
        " maintenance margin is 0.4 % of the position, and longs pay 0.03 % every 8 hours. When is it liquidated?",
        answer="on day 18",
        options=("on day 18", "on day 22", "on day 54", "never: without a price move there is no loss"),
        why=(
            "Each settlement takes $1.50, three times a day. After 54 of them $19 is left, less than the maintenance"
            " margin of $20. Day 22 would use up the whole margin."
        ),
    ),
    Prediction(
        "4-premium",
        "A perpetual trades 0.02 % above the coin. Interest is 0.01 % for 8 hours. What is the funding rate?",
        answer="0.01 %: the interest alone",
        options=("0.03 %: the two together", "0.02 %: the premium", "0.01 %: the interest alone"),
        why=(
            "While premium and interest are within 0.05 % of each other, the rate is the interest. So it is often"
            " exactly 0.01 %: on Binance on one day in four from September 2019 to February 2026."
        ),
    ),
    Prediction(
        "4-year",
        "You held a long in Bitcoin's perpetual on Binance for all of 2021, and it was always worth the same. What"
        " percentage of the position did funding take in that year?",
        answer=round(float(funding_years.model("long", 1, 15, "a year").share), 3),
        unit="%",
        either_sign=True,
        why="The rates of 365 days add up to 30.6 %: $3,061 on a position of $10,000. In 2025 it was 5.1 %.",
    ),
    Prediction(
        "4-holding",
        "You are short $100,000 at 10x, as a future, for three days. The funding rate is +0.01 % every 8 hours. What"
        " does holding the position do?",
        answer="It brings $90",
        options=("It costs $81, as a loan does", "It costs $90", "It brings $90"),
        why=(
            "A future's leverage is not lent, so it costs no interest. When the rate is positive, longs pay shorts:"
            " nine settlements of $10."
        ),
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = ("4-both", "4-hours", "4-lent", "4-open", "4-payment", "4-roles", "4-share", "4-spread")
