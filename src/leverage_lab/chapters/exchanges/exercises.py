"""Exercises, bugs and predictions of chapter 5.

Tiers, contract sizes and rates come from the tables; right answers from the money functions, wrong
ones are written out, as a learner would get there.
"""

from leverage_lab import data, dates
from leverage_lab.chapters.exchanges import depth_exercises
from leverage_lab.chapters.missing import all_but
from leverage_lab.exchanges import COURSE, contracts_to_coin, exchange, fact, max_position
from leverage_lab.fees import trading_fee
from leverage_lab.leverage import initial_margin, notional
from leverage_lab.liquidation import Ladder, Rules, maintenance_margin
from leverage_lab.panelkit.practice import Choice, Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.survival import adverse_move
from leverage_lab.words import amount, money, percent, plain, price, times

BTC = data.asset("BTC").price
TIERS = data.load("tiers")
BINANCE = tuple(TIERS[TIERS["ladder_id"] == "binance-btcusdt-2026-09-29"].itertuples(index=False))
STEPS = BINANCE[:7]
LADDER = exchange("Binance").ladder()
TOLD = (
    "Binance's BTCUSDT tiers of 29 September 2026: "
    + ", ".join(f"{times(tier.max_leverage)} up to {money(tier.cap)}" for tier in STEPS[:6])
    + "."
)


def tier_of(value):
    return next(tier for tier in BINANCE if value <= tier.cap)


def highest(value):
    tier = tier_of(value)
    below, above = BINANCE[int(tier.tier) - 2], BINANCE[int(tier.tier)]
    return Task(
        ask=f"{TOLD} What is the highest leverage for a position of {money(value)}?",
        answer=tier.max_leverage,
        unit="x",
        wrong=(
            Wrong(
                BINANCE[0].max_leverage,
                "That is the contract's maximum. It applies to the first tier only, and this position is larger.",
            ),
            Wrong(below.max_leverage, f"That tier ends at {money(below.cap)}: this position is larger."),
            Wrong(
                above.max_leverage,
                f"That tier begins above {money(tier.cap)}: this position is still in the tier before it.",
            ),
            Wrong(1.0, "Some leverage is still allowed at that size."),
        ),
        hints=(
            "Between which two limits of the list is the position?",
            "A position belongs to one tier: the first one that ends at or above its size.",
            f"Which is the first limit that is not below {money(value)}?",
        ),
        steps=(
            f"{money(value)} is more than {money(tier.floor)} and at most {money(tier.cap)}: tier {tier.tier:g},"
            f" **{times(tier.max_leverage)}**"
        ),
    )


def largest(leverage):
    answer = max_position("Binance", "BTC", leverage)
    tier = next(tier for tier in BINANCE if tier.cap == answer)
    above, below = BINANCE[int(tier.tier)], BINANCE[int(tier.tier) - 2]
    return Task(
        ask=f"{TOLD} You want {times(leverage)}. What is the largest position you may hold, in dollars?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(above.cap, f"That tier allows only {times(above.max_leverage)}, less than you want."),
            Wrong(
                below.cap,
                f"Up to there you could have {times(below.max_leverage)}. The next tier still allows what you want,"
                " and it goes further.",
            ),
            Wrong(BINANCE[0].cap, f"That is where {times(BINANCE[0].max_leverage)} ends. You want less."),
            Wrong(
                BINANCE[0].cap * BINANCE[0].max_leverage / leverage,
                "The limits do not shrink in proportion to the leverage. Read them from the list.",
            ),
        ),
        hints=(
            "Which tiers allow at least the leverage you want?",
            "More than you want is allowed too: only the tiers with less are excluded.",
            "Of the tiers that allow it, take the last one: where does it end?",
        ),
        steps=(
            f"{times(tier.max_leverage)} is enough for {times(leverage)}, {times(above.max_leverage)} is not. The last"
            f" tier that is enough ends at **{money(answer)}**"
        ),
    )


def least_margin(value):
    tier = tier_of(value)
    answer = initial_margin(value / BTC, BTC, tier.max_leverage)
    top, below, above = (
        BINANCE[0].max_leverage,
        BINANCE[int(tier.tier) - 2].max_leverage,
        BINANCE[int(tier.tier)].max_leverage,
    )
    return Task(
        ask=f"{TOLD} What is the smallest margin for a position of {money(value)}, in dollars (without fees)?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value / top, f"That is with {times(top)}, which is not allowed for a position of this size."),
            Wrong(value / below, f"That is with {times(below)}. Its tier ends below this size."),
            Wrong(
                value / above,
                f"That is with {times(above)}. This position may still have more leverage, so it needs less margin.",
            ),
            Wrong(value * 0.01, "You used one percent. Which leverage is allowed?"),
            Wrong(
                sum((min(value, t.cap) - t.floor) / t.max_leverage for t in BINANCE if t.floor < value),
                "You gave each slice its own leverage. The margin for opening uses the tier of the whole position.",
            ),
        ),
        hints=(
            "In which tier is the whole position?",
            "The highest leverage of that tier gives the smallest margin.",
            "margin = position / highest leverage of the tier",
        ),
        steps=(
            f"{money(value)} is in the tier of {times(tier.max_leverage)}: margin = {money(value)} /"
            f" {tier.max_leverage:g} = **{money(answer)}**"
        ),
    )


def grow(held, wanted):
    top, tier = BINANCE[0].max_leverage, tier_of(wanted)
    posted, needed = held / top, initial_margin(wanted / BTC, BTC, tier.max_leverage)
    answer = needed - posted
    return Task(
        ask=(
            f"{TOLD} You hold {money(held)} at {times(top)}, with {money(posted)} of margin. You want to increase the"
            f" position to {money(wanted)}. The leverage of the new tier then applies to the whole position. How much"
            " margin must you add, in dollars (price unchanged, without fees)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                (wanted - held) / top,
                f"That is {times(top)} for the part you add. A position of the new size may not have {times(top)}.",
            ),
            Wrong(
                (wanted - held) / tier.max_leverage,
                "That is the new tier's leverage for the part you add. It applies to the part you already hold, too,"
                f" and so far only 1 / {top:g} of that part is posted.",
            ),
            Wrong(needed, "That is all the margin after the increase. A part of it is already posted."),
            Wrong(
                sum((min(wanted, t.cap) - t.floor) / t.max_leverage for t in BINANCE if t.floor < wanted) - posted,
                "You gave each slice its own leverage. The new tier's leverage applies to the whole position.",
            ),
        ),
        hints=(
            f"What is the highest leverage for a position of {money(wanted)}?",
            "Compare the margin that the whole position needs afterwards with the margin you have posted now.",
            f"margin to add = new position / its highest leverage − old position / {top:g}",
        ),
        steps=(
            f"{money(wanted)} is in the tier of {times(tier.max_leverage)}: it needs {money(wanted)} /"
            f" {tier.max_leverage:g} = {money(needed)}\n"
            f"posted: {money(held)} / {top:g} = {money(posted)}\n"
            f"to add: {money(needed)} − {money(posted)} = **{money(answer)}**"
        ),
    )


def missing_for_the_form(missing, maximum, value, leverage):
    known = {
        "size": ("the size of your position", f"the size of your position ({money(value)})"),
        "tiers": ("the tiers of this contract", "the current tiers of this contract"),
        "region": ("the rules where you live", "the rules where you live"),
    }
    answer, said = all_but(missing, known, " and ")
    return Choice(
        ask=(
            f"Today an exchange writes “BTC perpetual, up to {times(maximum)}”. You want to open a long at"
            f" {times(leverage)}. You also know {said}. Which information is missing to say whether"
            f" {times(leverage)} is allowed?"
        ),
        answer=answer,
        wrong=(
            Wrong(
                "the maintenance rate",
                "The maintenance rate decides how far away liquidation is, not which leverage the form accepts.",
            ),
            Wrong("the taker fee", "The fee changes what the trade costs. It has no part in what is allowed."),
            Wrong(
                "how long you will hold it", "That decides how much funding you pay or receive, not what is allowed."
            ),
        ),
        hints=(
            "What can a maximum in large print leave out?",
            "A maximum has a date, a contract, a size and a region.",
            f"The date is today, the contract is named, and you know {said}. What is left?",
        ),
        steps=(
            "A maximum has a date, a contract, a size and a region; for the size there are tiers.\n"
            f"You know the date, the contract, {said}.\nMissing: **{answer}**"
        ),
    )


def order_form(contracts, leverage):
    coins = contracts_to_coin("OKX", "BTC-USDT-SWAP", contracts)
    value = notional(coins, BTC)
    margin = initial_margin(coins, BTC, leverage)

    def position(size, posted):
        return f"a position of {money(size)} with {money(posted)} of margin"

    return Choice(
        ask=(
            "Read this order form: OKX · BTC-USDT-SWAP, one contract is 0.01 BTC · isolated,"
            f" {times(leverage)} · buy, market · amount {plain(contracts)} contracts. The price of BTC is {price(BTC)}."
            " What do you hold when the order is filled at that price?"
        ),
        answer=position(value, margin),
        wrong=(
            Wrong(
                position(value * leverage, value),
                "That applies the leverage to the amount. The amount is already the position; the leverage only"
                " decides how much margin it needs.",
            ),
            Wrong(position(contracts, contracts / leverage), "That counts a contract as one dollar."),
            Wrong(
                position(value / 100, margin / 100),
                "That is with 0.0001 BTC for a contract, as on MEXC. Here a contract is a hundred times as large.",
            ),
            Wrong(position(value, value), "You put up only a part of the position: the position / leverage."),
        ),
        hints=(
            "How many bitcoins are that many contracts?",
            "Contracts and price give the position. Only then does the leverage matter.",
            "position = contracts × contract size × price; margin = position / leverage",
        ),
        steps=(
            f"{plain(contracts)} × 0.01 = {amount(coins, 'BTC')}; × {price(BTC)} = {money(value)}\n"
            f"margin = {money(value)} / {leverage:g} = {money(margin)}\n"
            f"**{position(value, margin)}**"
        ),
    )


def contracts_value(contracts):
    coins = contracts_to_coin("MEXC", "BTC", contracts)
    answer = notional(coins, BTC)
    return Task(
        ask=(
            "On MEXC one contract of BTC_USDT is 0.0001 BTC, on OKX one contract of BTC-USDT-SWAP is 0.01 BTC. BTC is"
            f" at {price(BTC)}. You type {plain(contracts)} into the field for contracts on MEXC. How large is the"
            " position, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                contracts * 0.01 * BTC, "That is the same number of contracts on OKX: each is a hundred times as large."
            ),
            Wrong(contracts * BTC, "That counts one contract as one bitcoin."),
            Wrong(contracts, "That counts one contract as one dollar, as for an inverse contract."),
            Wrong(coins, "That is the number of bitcoins. How many dollars is it?"),
        ),
        hints=(
            "How many bitcoins are that many contracts?",
            "The contract size turns contracts into coins, the price turns coins into dollars.",
            "position = contracts × contract size × price",
        ),
        steps=f"{plain(contracts)} × 0.0001 = {amount(coins, 'BTC')}; × {price(BTC)} = **{money(answer)}**",
    )


def contracts_needed(coins):
    answer = coins / contracts_to_coin("OKX", "BTC-USDT-SWAP", 1)
    return Task(
        ask=(
            f"On OKX one contract of BTC-USDT-SWAP is 0.01 BTC. You want a position of {amount(coins, 'BTC')}. How many"
            " contracts is that?"
        ),
        answer=answer,
        unit="contracts",
        wrong=(
            Wrong(coins / 0.0001, "That is the number on MEXC, where a contract is 0.0001 BTC."),
            Wrong(coins * 0.01, "You multiplied by the contract size. To get from coins to contracts, divide."),
            Wrong(coins, "That counts one contract as one bitcoin."),
            Wrong(coins * BTC, "That is the position in dollars. A contract here is a number of coins."),
        ),
        hints=(
            "How many contracts make one bitcoin?",
            "The smaller the contract, the more of them you need.",
            "contracts = coins / contract size",
        ),
        steps=f"contracts = {amount(coins, 'BTC')} / 0.01 = **{amount(answer, 'contracts')}**",
    )


def dollar_contracts(contracts, now):
    answer = contracts_to_coin("Kraken", "PI_XBTUSD", contracts, price=now)
    return Task(
        ask=(
            "On Kraken one contract of PI_XBTUSD is one dollar (an inverse contract, chapter 1). The price is"
            f" {price(now)}. How many BTC are {plain(contracts)} contracts?"
        ),
        answer=answer,
        unit="BTC",
        wrong=(
            Wrong(contracts * 0.0001, "That is the size of a contract on MEXC. Here one contract is a dollar."),
            Wrong(contracts * 0.01, "That is the size of a contract on OKX. Here one contract is a dollar."),
            Wrong(contracts, "That is the position in dollars. How many bitcoins is it at this price?"),
            Wrong(now / contracts, "That is upside down: dollars divided by the price give coins."),
            Wrong(
                contracts * now, "You multiplied by the price. The contracts are already dollars; to get coins, divide."
            ),
        ),
        hints=(
            "How many dollars are that many contracts?",
            "The price says how many dollars one coin costs.",
            "coins = dollars / price",
        ),
        steps=(
            f"{plain(contracts)} contracts are {money(contracts)}: {money(contracts)} / {price(now)} ="
            f" **{amount(answer, 'BTC')}**"
        ),
    )


def kept_back(value):
    tier = tier_of(value)
    answer = maintenance_margin(value / BTC, BTC, Rules(LADDER))
    first, before = BINANCE[0], BINANCE[int(tier.tier) - 2]
    return Task(
        ask=(
            f"Binance, tiers of 29 September 2026: a position of {money(value)} is in tier {tier.tier:g}, with a rate"
            f" of {percent(tier.rate)} and a deduction of {money(tier.deduction)}. (Each rate applies to its own slice;"
            " the deduction does that in one step.) How large is the position's maintenance margin, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * tier.rate, "You left out the deduction: that is the tier's rate on the whole position."),
            Wrong(
                value * tier.rate + tier.deduction,
                "You added the deduction. The tier's rate charges too much on the lower slices, so it is subtracted.",
            ),
            Wrong(
                value * first.rate,
                f"That is the rate of the first tier, {percent(first.rate)}. This position is larger.",
            ),
            Wrong(
                value * before.rate - before.deduction, f"That is tier {before.tier:g}. It ends at {money(before.cap)}."
            ),
            Wrong(
                (value - tier.floor) * tier.rate,
                "That is the top slice alone. The slices below it need maintenance margin too.",
            ),
        ),
        hints=(
            "What would the tier's rate on the whole position be? Is that too much or too little?",
            "It is too much: the lower slices have lower rates. The deduction corrects that.",
            "maintenance margin = value × rate − deduction",
        ),
        steps=(
            f"{money(value)} × {tier.rate:g} − {money(tier.deduction)} = {money(value * tier.rate)} −"
            f" {money(tier.deduction)} = **{money(answer)}**"
        ),
    )


WHOLE = Ladder((0.0, 10.0, 50.0, 200.0), (0.004, 0.005, 0.0075, 0.0125), (0.0,) * 4, 400.0, "quantity")


def over_the_edge(edge, more):
    before, after = WHOLE.at(edge)[0], WHOLE.at(edge + more)[0]
    need = [maintenance_margin(coins, BTC, Rules(WHOLE)) for coins in (edge, edge + more)]
    answer = need[1] - need[0]
    return Task(
        ask=(
            f"OKX, tiers of 29 December 2025: the maintenance rate is {percent(before)} up to {edge:g} BTC and"
            f" {percent(after)} above, and the rate of the tier applies to the whole position. You hold {edge:g} BTC at"
            f" {price(BTC)} and add {amount(more, 'BTC')}. By how many dollars does the maintenance margin rise?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(more * BTC * after, "That is for what you added. The new rate now applies to the old part, too."),
            Wrong(
                more * BTC * before,
                "That is the old rate on what you added. The whole position is now in the next tier.",
            ),
            Wrong(need[1], "That is all of the maintenance margin afterwards. By how much did it rise?"),
            Wrong(
                edge * BTC * (after - before),
                "That is the jump for the old part. What you added needs maintenance margin as well.",
            ),
        ),
        hints=(
            "How many coins does the new rate apply to?",
            "Calculate the maintenance margin before and after, each time rate × the whole position.",
            "rise = (all coins × new rate − old coins × old rate) × price",
        ),
        steps=(
            f"before: {edge:g} × {price(BTC)} × {before:g} = {money(need[0])}\n"
            f"after: {edge + more:g} × {price(BTC)} × {after:g} = {money(need[1])}\n"
            f"rise = **{money(answer)}**"
        ),
    )


def _fee_day(name):
    return dates.shown(fact(name, "taker_fee").as_of)


def in_and_out(name, leverage):
    venue = exchange(name)
    answer = 2 * trading_fee(1, venue.taker_fee) * leverage
    return Task(
        ask=(
            f"{name} charges takers {percent(venue.taker_fee, decimals=3)} and makers"
            f" {percent(venue.maker_fee, decimals=3)} (lowest tier, {_fee_day(name)}). You open and close at"
            f" {times(leverage)} as a taker, and the price does not move. What share of the margin do you lose, in"
            " percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(venue.taker_fee * leverage, "That is the opening fee. Closing costs the same again."),
            Wrong(
                2 * venue.taker_fee, "That is the share of the position. The margin is smaller, so the share is larger."
            ),
            Wrong(
                2 * venue.taker_fee / leverage,
                "You divided by the leverage. The fee is charged on the position, and that is larger than the margin.",
            ),
            Wrong(
                (venue.taker_fee + venue.maker_fee) * leverage,
                "One of the two was charged at the maker's rate. Both of your orders were filled at once.",
            ),
        ),
        either_sign=True,
        hints=(
            "What is the fee charged on, and how many times is it paid?",
            "The position is the leverage times the margin, so each fee is the leverage times larger on the margin.",
            "share of the margin = 2 × fee × leverage",
        ),
        steps=f"2 × {percent(venue.taker_fee, decimals=3)} × {leverage:g} = **{percent(answer)}**",
    )


def dearer(pair, margin, leverage):
    one, other = (exchange(name) for name in pair)
    value = margin * leverage
    low, high = trading_fee(value, one.taker_fee), trading_fee(value, other.taker_fee)
    answer = 2 * (high - low)
    return Task(
        ask=(
            f"Taker fees in the lowest tier: {one.name} {percent(one.taker_fee, decimals=3)} ({_fee_day(one.name)}),"
            f" {other.name} {percent(other.taker_fee, decimals=3)} ({_fee_day(other.name)}). You open and close a"
            f" position with {money(margin)} of margin at {times(leverage)}, and the price does not move. How many"
            f" dollars more does that cost on {other.name}?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(answer / 2, "That is one fee. You pay for opening and for closing."),
            Wrong(
                2 * margin * (other.taker_fee - one.taker_fee),
                "You charged the fee on the margin. It is charged on the position.",
            ),
            Wrong(2 * high, f"That is the whole fee on {other.name}. How much more is it than on {one.name}?"),
            Wrong(2 * low, f"That is the whole fee on {one.name}."),
        ),
        either_sign=True,
        hints=(
            "How large is the position?",
            "The exchanges differ only in the rate, and the fee is paid twice.",
            "difference = position × difference of the rates × 2",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(value)}\n"
            f"opening and closing: {one.name} {money(2 * low)}, {other.name} {money(2 * high)}\n"
            f"difference = **{money(answer)}**"
        ),
    )


def a_day(value, eight, hourly):
    answer = value * (24 * hourly - 3 * eight)
    return Task(
        ask=(
            f"Two exchanges show a funding rate: the first {percent(eight, decimals=4)} every 8 hours, the second"
            f" {percent(hourly, decimals=4)} every hour. You hold a long position of {money(value)} for 24 hours; the"
            " rates and the price do not change. How many dollars more does the second exchange cost?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                value * (eight - hourly),
                "You compared two rates for different times: the first is for 8 hours, the second for one.",
            ),
            Wrong(value * 24 * hourly, "That is all the funding on the second. How much more is it than on the first?"),
            Wrong(value * 3 * eight, "That is all the funding on the first. How much more is the second?"),
            Wrong(value * (8 * hourly - eight), "That is for 8 hours. The position is held for 24."),
            Wrong(
                value * 24 * (hourly - eight / 24), "On the first exchange funding is paid three times a day, not once."
            ),
        ),
        either_sign=True,
        hints=(
            "How often is each rate paid in 24 hours?",
            "Bring both rates to the same time: the first is paid 3 times a day, the second 24 times.",
            "difference = position × (24 × hourly rate − 3 × rate for 8 hours)",
        ),
        steps=(
            f"first: 3 × {percent(eight, decimals=4)} × {money(value)} = {money(3 * eight * value)}\n"
            f"second: 24 × {percent(hourly, decimals=4)} × {money(value)} = {money(24 * hourly * value)}\n"
            f"difference = **{money(answer)}**"
        ),
    )


def same_room(leverage, rate, other):
    answer = 1 / (adverse_move(leverage, rate) + other)
    return Task(
        ask=(
            "Two exchanges charge maintenance margin on the entry value. On the first the rate is"
            f" {percent(rate)}, and you use {times(leverage)}. On the second the rate is {percent(other)}. At which"
            " leverage is the distance to liquidation the same there (without fees)?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(leverage, "At the same leverage the higher rate leaves a shorter distance."),
            Wrong(
                1 / adverse_move(leverage, rate),
                "That leaves out the maintenance margin of the second exchange: it liquidates before the margin is"
                " used up.",
            ),
            Wrong(
                leverage * rate / other,
                "The distance is a difference, 1 / leverage − rate. It does not scale with the rates.",
            ),
            Wrong(
                1 / adverse_move(leverage, other - rate),
                "That is the wrong way round: with the higher rate the leverage must be lower, not higher.",
            ),
        ),
        hints=(
            "How far away is liquidation on the first exchange?",
            "distance = 1 / leverage − maintenance rate, on both exchanges. On the second, the leverage is unknown.",
            "leverage = 1 / (distance + rate of the second exchange)",
        ),
        steps=(
            f"distance on the first: 1 / {leverage:g} − {percent(rate)} ="
            f" {percent(adverse_move(leverage, rate), decimals=3)}\nleverage on the second: 1 /"
            f" ({percent(adverse_move(leverage, rate), decimals=3)} + {percent(other)}) = **{times(answer)}**"
        ),
    )


def _tiered(rate, deduction, last=266_300):
    """The function of the copied table with another middle tier, or another deduction of the last."""

    def maintenance(value):
        if value <= 1_000_000:
            return value * 0.01 - 1_300
        return value * rate - deduction if value <= 10_000_000 else value * 0.05 - last

    return maintenance


copied = Repair(
    id="5-bug-copy",
    ask=(
        "**Find the bug.** Somebody copied Binance's BTCUSDT tiers of 2021 into a public note. The function has three"
        " of the ten tiers with the note's rates and deductions, and one of these numbers was copied wrongly. Fix it:"
        " the maintenance margin must not jump at $1,000,000 or at $10,000,000."
    ),
    right=_tiered(0.025, 16_300),
    cases=((500_000,), (1_000_000,), (2_000_000,), (6_000_000,), (10_000_000,), (15_000_000,)),
    unit="$",
    wrong=(
        Wrong(_tiered(0.02, 16_300), "At $1,000,000 the first tier ends with $8,700. What does the second begin with?"),
        Wrong(
            _tiered(0.02, 11_300),
            "There is no jump at $1,000,000 now, but there is one at $10,000,000: the third tier does not fit this"
            " deduction.",
        ),
        Wrong(
            _tiered(0.02, 11_300, 316_300),
            "Nothing jumps any more, but you changed two numbers, and only one was wrong. Leave both deductions as"
            " they were: which other number of the second tier fixes both edges?",
        ),
        Wrong(
            _tiered(0.02, 0),
            "Without its deduction the second tier begins with $20,000, and the first ends with $8,700.",
        ),
        Wrong(_tiered(0.025, 0), "The rate is right. Without the deduction it applies to the whole position."),
        Wrong(_tiered(0.01, 1_300), "Now the second tier is the same as the first, and the third begins with a jump."),
    ),
    hints=(
        (
            "Put $1,000,000 into the first tier and into the second: the two must agree. Then $10,000,000 into the"
            " second and the third."
        ),
        "Two numbers of the second tier can be wrong, its rate or its deduction. Only one of them fixes both edges.",
        (
            "At $10,000,000 the third tier has 500,000 − 266,300 = 233,700. With a deduction of 16,300, which rate"
            " gives that?"
        ),
    ),
    steps=(
        "At $10,000,000 the third tier begins with 0.05 × 10,000,000 − 266,300 = **$233,700**. With its deduction of"
        " 16,300 the second tier needs a rate of (233,700 + 16,300) / 10,000,000 = 0.025. At $1,000,000 it then"
        " begins with 25,000 − 16,300 = $8,700, where the first one ends. The note has 0.02."
    ),
)

coined = Repair(
    id="5-bug-contracts",
    ask=(
        "**Find the bug.** A help page of the exchange MCS calculates the maintenance margin of 10,000 contracts of one"
        " dollar each, with an entry price of 5,000 and a rate of 0.35 %. It writes 5,000 / 2,000 × 0.35 % = 0.00875"
        " BTC. The function does the same. Fix it so that it is right for any number of contracts and any price."
    ),
    right=lambda contracts, price, rate: maintenance_margin(contracts, price, Rules(rate, "entry"), "inverse"),
    cases=((10_000, 5000, 0.0035), (100, 50_000, 0.01), (250_000, 114_400, 0.02), (1, 20_000, 0.005)),
    unit="BTC",
    wrong=(
        Wrong(
            lambda contracts, price, rate: price / 2000 * rate,
            "Where are the contracts? The number 2,000 belongs to another example.",
        ),
        Wrong(
            lambda contracts, price, rate: price / contracts * rate,
            "That is upside down: dollars divided by the price give coins.",
        ),
        Wrong(
            lambda contracts, price, rate: contracts * rate,
            "That is the maintenance margin in dollars. This contract is settled in coins.",
        ),
        Wrong(
            lambda contracts, price, rate: contracts * price * rate,
            "A contract is one dollar here, not one coin: divide by the price.",
        ),
        Wrong(
            lambda contracts, price, rate: contracts / price,
            "That is the position in coins. How much of it is maintenance margin?",
        ),
    ),
    hints=(
        "How many dollars are that many contracts, and how many coins are those dollars?",
        "coins = contracts / price, because each contract is one dollar",
        "maintenance margin = coins × rate",
    ),
    steps=(
        "10,000 contracts are $10,000; at a price of 5,000 that is 2 BTC, and 2 × 0.35 % = **0.007 BTC**. The second"
        " line must be `coins = contracts / price`."
    ),
)

EXERCISES = (
    Exercise(
        "5-highest",
        highest,
        {
            "value": (
                2_000_000,
                500_000,
                750_000,
                1_200_000,
                2_500_000,
                5_000_000,
                8_000_000,
                11_000_000,
                20_000_000,
                40_000_000,
                60_000_000,
                80_000_000,
                95_000_000,
            )
        },
    ),
    Exercise("5-largest", largest, {"leverage": (60, 22, 24, 30, 35, 40, 45, 55, 65, 70, 80, 90, 95)}),
    Exercise(
        "5-margin",
        least_margin,
        {
            "value": (
                20_000_000,
                500_000,
                700_000,
                1_200_000,
                2_000_000,
                2_500_000,
                4_000_000,
                5_000_000,
                8_000_000,
                15_000_000,
                30_000_000,
                50_000_000,
            )
        },
    ),
    Exercise(
        "5-grow",
        grow,
        {
            "held": (240_000, 150_000, 180_000, 210_000, 270_000, 300_000),
            "wanted": (1_500_000, 450_000, 600_000, 900_000, 2_400_000, 3_000_000, 6_000_000, 9_000_000, 20_000_000),
        },
        also=(1,),
    ),
    Exercise(
        "5-missing",
        missing_for_the_form,
        {
            "missing": ("size", "region", "tiers"),
            "maximum": (125, 100, 150),
            "value": (2_000_000, 500_000, 5_000_000),
            "leverage": (75, 50, 60),
        },
    ),
    Exercise(
        "5-form",
        order_form,
        {"contracts": (20, 5, 8, 12, 50, 200), "leverage": (50, 10, 20, 25, 40)},
        also=(1,),
    ),
    Exercise(
        "5-contracts", contracts_value, {"contracts": (500, 20, 50, 80, 120, 200, 250, 400, 800, 1000, 1500, 2500)}
    ),
    Exercise(
        "5-how-many", contracts_needed, {"coins": (0.35, 0.05, 0.08, 0.12, 0.2, 0.25, 0.4, 0.6, 0.75, 1.5, 2.5, 4)}
    ),
    Exercise(
        "5-dollars",
        dollar_contracts,
        {"contracts": (5000, 200, 800, 1500, 2500, 12_000, 30_000), "now": (100_000, 40_000, 50_000, 80_000, 125_000)},
        also=(1,),
    ),
    Exercise(
        "5-kept-back",
        kept_back,
        {
            "value": (
                2_000_000,
                500_000,
                700_000,
                1_500_000,
                2_500_000,
                5_000_000,
                8_000_000,
                10_000_000,
                20_000_000,
                40_000_000,
                60_000_000,
            )
        },
        also=(2,),
    ),
    Exercise("5-edge", over_the_edge, {"edge": (10, 50, 200), "more": (1, 2, 3, 4, 5)}, also=(2,)),
    Exercise(
        "5-in-and-out",
        in_and_out,
        {"name": ("Binance", "OKX", "Bybit", "Bitget", "KuCoin", "Kraken"), "leverage": (40, 10, 15, 20, 25, 30, 50)},
        also=(4,),
    ),
    Exercise(
        "5-dearer",
        dearer,
        {
            "pair": (("Binance", "Bitget"), ("OKX", "KuCoin"), ("Binance", "Bybit"), ("Kraken", "KuCoin")),
            "margin": (200, 50, 80, 120, 300, 500),
            "leverage": (50, 10, 20, 25, 40),
        },
        also=(4,),
    ),
    Exercise(
        "5-day",
        a_day,
        {
            "value": (20_000, 5000, 8000, 12_000, 50_000),
            "eight": (0.0001, 0.00008, 0.00012),
            "hourly": (0.00003, 0.00004, 0.00005),
        },
        also=(4,),
    ),
    Exercise(
        "5-same-room",
        same_room,
        {"leverage": (100, 25, 30, 40, 50, 60, 75, 80), "rate": (0.001, 0.002), "other": (0.004, 0.005, 0.006)},
        also=(2,),
    ),
    *depth_exercises.EXERCISES,
    copied,
    coined,
)

PREDICTIONS = (
    Prediction(
        "5-list",
        "An article lists the maximum leverage of eight exchanges. Take the newest dated source for each of them, up to"
        " the end of November 2026. How many of the article's eight numbers do these sources confirm?",
        answer="two",
        options=("none", "two", "five", "all eight"),
        why="MEXC's and Kraken's. For the other six the newest number is a different one.",
    ),
    Prediction(
        "5-hundred",
        "Binance (tiers of 29 September 2026) allows 150x on BTCUSDT for a position of $300,000. Your position is a"
        " hundred times as large, $30,000,000. What is the highest leverage for it?",
        answer=max(t.max_leverage for t in BINANCE if t.cap >= 30_000_000),
        unit="x",
        why=(
            "A hundred times the size, a sixth of the leverage. The margin goes from $2,000 to $1,200,000, which is"
            " six hundred times as much."
        ),
    ),
    Prediction(
        "5-cost",
        "$100 of margin at 50x on BTC. You open the position and close it at once, as a taker, and the price does not"
        " move. How many of your $100 does the most expensive of the eight exchanges take?",
        answer=2 * trading_fee(5000, max(exchange(name).taker_fee or 0 for name in COURSE)),
        unit="$",
        why="Two of them take 0.06 % of $5,000, twice. Four take $5 or $5.50, and one takes $2.",
    ),
    Prediction(
        "5-nearer",
        "MEXC offers up to 500x on BTC, Kraken up to 50x. You open the same long on both: $100 of margin at 20x, from"
        " the same price. Which of the two liquidates first when the price falls?",
        answer="Kraken, with the lower maximum",
        options=("MEXC, with the higher maximum", "Kraken, with the lower maximum", "both at the same price"),
        why=(
            "Kraken liquidates after a fall of 4.04 %, MEXC after 4.9 %. The leverage is the same; what differs is the"
            " maintenance margin: 1 % of the position on Kraken, 0.1 % on MEXC."
        ),
    ),
    *depth_exercises.PREDICTIONS,
    Prediction(
        "5-known",
        "Nine plain facts (maximum, maintenance, fees and so on) about eight exchanges are 72 facts. For how many of"
        " them did we find a source whose date is not older than two years?",
        answer="about 50 of 72",
        options=("about 65 of 72", "about 50 of 72", "about 35 of 72", "about 20 of 72"),
        why=("Exactly 50. Another 3 have an older date, 8 have no date, and for 11 we looked and found nothing."),
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = (
    "5-contracts",
    "5-dearer",
    "5-dollars",
    "5-highest",
    "5-how-many",
    "5-in-and-out",
    "5-largest",
    "5-margin",
)
