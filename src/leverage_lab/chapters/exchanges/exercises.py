"""Exercises, bugs and predictions of chapter 5.

Tiers, contract sizes and rates come from the tables; right answers from the money functions, wrong
ones are written out, as a learner would get there.
"""

from leverage_lab import data
from leverage_lab.exchanges import COURSE, contracts_to_coin, exchange, max_position
from leverage_lab.fees import trading_fee
from leverage_lab.leverage import initial_margin, notional
from leverage_lab.liquidation import Ladder, Rules, maintenance_margin
from leverage_lab.panelkit.practice import Exercise, Prediction, Repair, Task, Wrong
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
        ask=f"{TOLD} Which is the highest leverage for a position of {money(value)}?",
        answer=tier.max_leverage,
        unit="x",
        wrong=(
            Wrong(
                BINANCE[0].max_leverage,
                "That is the contract's maximum. It holds for the first tier only, and this position has left it.",
            ),
            Wrong(below.max_leverage, f"That tier ends at {money(below.cap)}: this position is larger."),
            Wrong(
                above.max_leverage,
                f"That tier begins above {money(tier.cap)}: this position is still in the one before.",
            ),
            Wrong(1.0, "Some leverage is still allowed at that size."),
        ),
        hints=(
            "The position belongs to one tier: the first one that ends at or above it.",
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
        ask=f"{TOLD} You want {times(leverage)}. How large may the position be at the most, in dollars?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(above.cap, f"That tier allows {times(above.max_leverage)} only, less than you want."),
            Wrong(
                below.cap,
                f"There you could have {times(below.max_leverage)}. The next tier still allows what you want, and"
                " reaches further.",
            ),
            Wrong(BINANCE[0].cap, f"That is where {times(BINANCE[0].max_leverage)} ends. You want less."),
            Wrong(
                BINANCE[0].cap * BINANCE[0].max_leverage / leverage,
                "The limits do not shrink in proportion to the leverage. They stand in the list.",
            ),
        ),
        hints=("Which tiers allow at least what you want?", "Of those take the last one: where does it end?"),
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
        ask=f"{TOLD} How much margin does a position of {money(value)} need at the least, in dollars (fees left out)?",
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value / top, f"That is with {times(top)}, which a position of this size is not allowed."),
            Wrong(value / below, f"That is with {times(below)}. Its tier ends below this size."),
            Wrong(value / above, f"That is with {times(above)}. This position may still have more, so it needs less."),
            Wrong(value * 0.01, "You took one percent. Which leverage is allowed?"),
            Wrong(
                sum((min(value, t.cap) - t.floor) / t.max_leverage for t in BINANCE if t.floor < value),
                "You gave each slice its own leverage. For the margin at the opening, the tier of the whole position"
                " counts.",
            ),
        ),
        hints=(
            "Find the tier first: which leverage is allowed for the whole position?",
            "margin = position / that leverage",
        ),
        steps=(
            f"{money(value)} lies in the tier of {times(tier.max_leverage)}: margin = {money(value)} /"
            f" {tier.max_leverage:g} = **{money(answer)}**"
        ),
    )


def contracts_value(contracts):
    coins = contracts_to_coin("MEXC", "BTC", contracts)
    answer = notional(coins, BTC)
    return Task(
        ask=(
            "On MEXC one contract of BTC_USDT is 0.0001 BTC, on OKX one contract of BTC-USDT-SWAP is 0.01 BTC. BTC"
            f" stands at {price(BTC)}. You type {plain(contracts)} into the field for contracts on MEXC. How large is"
            " the position, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                contracts * 0.01 * BTC, "That is the same number of contracts on OKX: each is a hundred times as large."
            ),
            Wrong(contracts * BTC, "That takes one contract for one bitcoin."),
            Wrong(contracts, "That takes one contract for one dollar, as on an inverse contract."),
            Wrong(coins, "That is the number of bitcoins. How many dollars are they?"),
        ),
        hints=("How many bitcoins are that many contracts?", "position = contracts × size of one contract × price"),
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
            Wrong(coins * 0.01, "You multiplied by the size of a contract; from coins to contracts it divides."),
            Wrong(coins, "That takes one contract for one bitcoin."),
            Wrong(coins * BTC, "That is the position in dollars. A contract here is a number of coins."),
        ),
        hints=("How many contracts make one bitcoin?", "contracts = coins / size of one contract"),
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
            Wrong(now / contracts, "Upside down: dollars divided by the price gives coins."),
            Wrong(
                contracts * now, "You multiplied by the price. The contracts are dollars already; to get coins, divide."
            ),
        ),
        hints=("How many dollars are that many contracts?", "coins = dollars / price"),
        steps=(
            f"{plain(contracts)} contracts are {money(contracts)}; {money(contracts)} / {price(now)} ="
            f" **{amount(answer, 'BTC')}**"
        ),
    )


def kept_back(value):
    tier = tier_of(value)
    answer = maintenance_margin(value / BTC, BTC, Rules(LADDER))
    first, before = BINANCE[0], BINANCE[int(tier.tier) - 2]
    return Task(
        ask=(
            f"Binance, tiers of 29 September 2026: a position of {money(value)} lies in tier {tier.tier:g}, rate"
            f" {percent(tier.rate)}, deduction {money(tier.deduction)} (each rate counts for its own slice; the"
            " deduction does the reckoning). How large is its maintenance margin, in dollars?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(value * tier.rate, "You left the deduction out: that is the tier's rate for the whole position."),
            Wrong(
                value * tier.rate + tier.deduction,
                "You added the deduction. It is what the lower slices have too much, so it is subtracted.",
            ),
            Wrong(
                value * first.rate,
                f"That is the rate of the first tier, {percent(first.rate)}. This position has left it.",
            ),
            Wrong(
                value * before.rate - before.deduction, f"That is tier {before.tier:g}. It ends at {money(before.cap)}."
            ),
            Wrong((value - tier.floor) * tier.rate, "That is the topmost slice alone. The slices below it count too."),
        ),
        hints=("maintenance = value × rate, less something", "maintenance = value × rate − deduction"),
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
            f"OKX, tiers of 29 December 2025: up to {edge:g} BTC a maintenance rate of {percent(before)}, above it"
            f" {percent(after)}, and the rate of the tier counts for the whole position. You hold {edge:g} BTC at"
            f" {price(BTC)} and add {amount(more, 'BTC')}. By how many dollars does the maintenance margin rise?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                more * BTC * after, "That is the maintenance of what you added. The old part now has the new rate, too."
            ),
            Wrong(
                more * BTC * before,
                "That is the old rate on what you added. With it the position is in the next tier, all of it.",
            ),
            Wrong(need[1], "That is the whole of it after the step. By how much did it rise?"),
            Wrong(
                edge * BTC * (after - before),
                "That is the jump of the old part. What you added needs maintenance as well.",
            ),
        ),
        hints=(
            "How much is it before, and how much after, each time rate × the whole position?",
            "rise = (all coins × new rate − old coins × old rate) × price",
        ),
        steps=(
            f"before: {edge:g} × {price(BTC)} × {before:g} = {money(need[0])}\n"
            f"after: {edge + more:g} × {price(BTC)} × {after:g} = {money(need[1])}\n"
            f"rise = **{money(answer)}**"
        ),
    )


def in_and_out(name, leverage):
    venue = exchange(name)
    answer = 2 * trading_fee(1, venue.taker_fee) * leverage
    return Task(
        ask=(
            f"{name} charges takers {percent(venue.taker_fee, decimals=3)} and makers"
            f" {percent(venue.maker_fee, decimals=3)} (lowest tier, as the table has it). You open and close at"
            f" {times(leverage)} as a taker, the price unchanged. Which share of the margin is gone, in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(venue.taker_fee * leverage, "That is the way in. The way out costs the same again."),
            Wrong(
                2 * venue.taker_fee, "That is the share of the position. The margin is smaller, so its share is larger."
            ),
            Wrong(
                2 * venue.taker_fee / leverage,
                "You divided by the leverage. The fee is on the position, and that is larger than the margin.",
            ),
            Wrong(
                (venue.taker_fee + venue.maker_fee) * leverage,
                "One of the two was charged at the maker's rate. Both of your orders were filled at once.",
            ),
        ),
        either_sign=True,
        hints=("The fee is a share of the position, twice.", "share of the margin = 2 × fee × leverage"),
        steps=f"2 × {percent(venue.taker_fee, decimals=3)} × {leverage:g} = **{percent(answer)}**",
    )


def dearer(pair, margin, leverage):
    one, other = (exchange(name) for name in pair)
    value = margin * leverage
    low, high = trading_fee(value, one.taker_fee), trading_fee(value, other.taker_fee)
    answer = 2 * (high - low)
    return Task(
        ask=(
            f"Taker fees: {one.name} {percent(one.taker_fee, decimals=3)}, {other.name}"
            f" {percent(other.taker_fee, decimals=3)} (lowest tiers, as the table has them). You take {money(margin)}"
            f" at {times(leverage)} in and out again, the price unchanged. How many dollars more is that on"
            f" {other.name}?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(answer / 2, "That is one way. You pay going in and going out."),
            Wrong(
                2 * margin * (other.taker_fee - one.taker_fee), "You took the fee on the margin. It is on the position."
            ),
            Wrong(2 * high, f"That is the whole fee on {other.name}. How much more is it than on {one.name}?"),
            Wrong(2 * low, f"That is the whole fee on {one.name}."),
        ),
        either_sign=True,
        hints=("How large is the position?", "difference = position × difference of the rates × 2"),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(value)}\n"
            f"{one.name} {money(2 * low)}, {other.name} {money(2 * high)}, both ways\n"
            f"difference = **{money(answer)}**"
        ),
    )


def a_day(value, eight, hourly):
    answer = value * (24 * hourly - 3 * eight)
    return Task(
        ask=(
            f"Two exchanges show a funding rate: one {percent(eight, decimals=4)} every 8 hours, the other"
            f" {percent(hourly, decimals=4)} every hour. You are long with a position of {money(value)} for 24 hours,"
            " the rates and the price stay as they are. How many dollars more does the second cost?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                value * (eight - hourly),
                "You compared two numbers for different times: one is for 8 hours, the other for one.",
            ),
            Wrong(value * 24 * hourly, "That is the second one. How much more is it than the first?"),
            Wrong(value * 3 * eight, "That is the first one. How much more is the second?"),
            Wrong(value * (8 * hourly - eight), "That is for 8 hours. The position is held for 24."),
            Wrong(value * 24 * (hourly - eight / 24), "The first is paid three times a day, not once."),
        ),
        either_sign=True,
        hints=("How often is each paid in 24 hours?", "3 times the one, 24 times the other."),
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
            f"Two exchanges, both with maintenance on the entry value. At one the rate is {percent(rate)} and you hold"
            f" {times(leverage)}. At the other the rate is {percent(other)}. At which leverage is liquidation as far"
            " away there (fees left out)?"
        ),
        answer=answer,
        unit="x",
        wrong=(
            Wrong(leverage, "At the same leverage the higher rate leaves less room."),
            Wrong(
                1 / adverse_move(leverage, rate),
                "That leaves the second exchange's maintenance out: its liquidation comes before the margin is"
                " used up.",
            ),
            Wrong(
                leverage * rate / other,
                "The room is a difference, 1 / leverage − rate: it does not scale with the rates.",
            ),
            Wrong(
                1 / adverse_move(leverage, other - rate),
                "The wrong way round: with the higher rate the leverage must be lower, not higher.",
            ),
        ),
        hints=(
            "room = 1 / leverage − maintenance rate. How large is it at the first exchange?",
            "leverage = 1 / (room + rate of the second exchange)",
        ),
        steps=(
            f"room at the first: 1 / {leverage:g} − {percent(rate)} ="
            f" {percent(adverse_move(leverage, rate), decimals=3)}\nat the second: 1 /"
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
        "**Find the bug.** Somebody copied Binance's BTCUSDT tiers of 2021 into a public note. Three of the ten tiers"
        " are in the function, with their rates and deductions as the note has them, and one of these numbers went"
        " wrong on the way. Mend it: the maintenance margin must not jump at $1,000,000, nor at $10,000,000."
    ),
    right=_tiered(0.025, 16_300),
    cases=((500_000,), (1_000_000,), (2_000_000,), (6_000_000,), (10_000_000,), (15_000_000,)),
    unit="$",
    wrong=(
        Wrong(_tiered(0.02, 16_300), "At $1,000,000 the first tier ends at $8,700. What does the second begin with?"),
        Wrong(
            _tiered(0.02, 11_300),
            "Now there is no jump at $1,000,000, but at $10,000,000 there is one: the third tier does not fit this"
            " deduction.",
        ),
        Wrong(
            _tiered(0.02, 11_300, 316_300),
            "Nothing jumps any more, but you changed two numbers, and only one went wrong. Leave both deductions as"
            " they were: which other number of the second tier mends both edges?",
        ),
        Wrong(
            _tiered(0.02, 0), "Without its deduction the second tier begins with $20,000, and the first ends at $8,700."
        ),
        Wrong(_tiered(0.025, 0), "The rate is right. Without the deduction it counts for the whole position."),
        Wrong(_tiered(0.01, 1_300), "Now there is no second tier, and the third begins with a jump."),
    ),
    hints=(
        (
            "Put $1,000,000 into the first tier and into the second: the two must agree. Then $10,000,000 into the"
            " second and the third."
        ),
        "Two numbers of the second tier can be wrong, its rate or its deduction. Only one of them mends both edges.",
        (
            "At $10,000,000 the third tier has 500,000 − 266,300 = 233,700. With a deduction of 16,300, which rate"
            " gives that?"
        ),
    ),
    steps=(
        "At $10,000,000 the third tier begins with 0.05 × 10,000,000 − 266,300 = **$233,700**. With the deduction"
        " 16,300 the second one must have the rate (233,700 + 16,300) / 10,000,000 = 0.025, and at $1,000,000 it then"
        " begins with 25,000 − 16,300 = $8,700, as the first one ends. The note has 0.02."
    ),
)

coined = Repair(
    id="5-bug-contracts",
    ask=(
        "**Find the bug.** A help page of the exchange MCS wants the maintenance margin of 10,000 contracts of one"
        " dollar each, entry price 5,000, rate 0.35 %. It computes 5,000 / 2,000 × 0.35 % = 0.00875 BTC. The function"
        " does the same. Mend it so that it holds for any number of contracts, at any price."
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
            "Upside down: dollars divided by the price gives coins.",
        ),
        Wrong(
            lambda contracts, price, rate: contracts * rate,
            "That is the maintenance margin in dollars. This contract is settled in coins.",
        ),
        Wrong(
            lambda contracts, price, rate: contracts * price * rate,
            "A contract is one dollar here, not one coin: the price divides.",
        ),
        Wrong(
            lambda contracts, price, rate: contracts / price,
            "That is the position in coins. How much of it is held back?",
        ),
    ),
    hints=(
        "How many dollars are that many contracts, and how many coins are those dollars?",
        "coins = contracts / price, each contract being one dollar",
        "maintenance = coins × rate",
    ),
    steps=(
        "10,000 contracts are $10,000, at 5,000 that is 2 BTC; 2 × 0.35 % = **0.007 BTC**. The second line is `coins ="
        " contracts / price`."
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
        "5-contracts", contracts_value, {"contracts": (500, 20, 50, 80, 120, 200, 250, 400, 800, 1000, 1500, 2500)}
    ),
    Exercise(
        "5-how-many", contracts_needed, {"coins": (0.35, 0.05, 0.08, 0.12, 0.2, 0.25, 0.4, 0.6, 0.75, 1.5, 2.5, 4)}
    ),
    Exercise(
        "5-dollars",
        dollar_contracts,
        {"contracts": (5000, 200, 800, 1500, 2500, 12_000, 30_000), "now": (100_000, 40_000, 50_000, 80_000, 125_000)},
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
    ),
    Exercise("5-edge", over_the_edge, {"edge": (10, 50, 200), "more": (1, 2, 3, 4, 5)}),
    Exercise(
        "5-in-and-out",
        in_and_out,
        {"name": ("Binance", "OKX", "Bybit", "Bitget", "KuCoin", "Kraken"), "leverage": (40, 10, 15, 20, 25, 30, 50)},
    ),
    Exercise(
        "5-dearer",
        dearer,
        {
            "pair": (("Binance", "Bitget"), ("OKX", "KuCoin"), ("Binance", "Bybit"), ("Kraken", "KuCoin")),
            "margin": (200, 50, 80, 120, 300, 500),
            "leverage": (50, 10, 20, 25, 40),
        },
    ),
    Exercise(
        "5-day",
        a_day,
        {
            "value": (20_000, 5000, 8000, 12_000, 50_000),
            "eight": (0.0001, 0.00008, 0.00012),
            "hourly": (0.00003, 0.00004, 0.00005),
        },
    ),
    Exercise(
        "5-same-room",
        same_room,
        {"leverage": (100, 25, 30, 40, 50, 60, 75, 80), "rate": (0.001, 0.002), "other": (0.004, 0.005, 0.006)},
    ),
    copied,
    coined,
)

PREDICTIONS = (
    Prediction(
        "5-list",
        "A list of maximum leverages names eight exchanges. For each you have the newest dated source there is by the"
        " end of November 2026. How many of the eight are as in the list?",
        answer="two",
        options=("none", "two", "five", "all eight"),
        why="MEXC's and Kraken's are. The other six stand at another number.",
    ),
    Prediction(
        "5-size",
        "The newest tiers of Binance known here (29 September 2026) begin with 150x on BTCUSDT. How large may a"
        " position be at the most to be held at 150x, in dollars?",
        answer=max_position("Binance", "BTC", 150),
        unit="$",
        why="At 150x that is $2,000 of margin. Then the stairs go down: 100x, 75x, 50x, 25x.",
    ),
    Prediction(
        "5-cost",
        "$100 at 50x on BTC, opened and closed at once, as a taker, with the price unchanged. The exchange with the"
        " highest known taker fee among the eight takes how many of your $100?",
        answer=2 * trading_fee(5000, max(exchange(name).taker_fee or 0 for name in COURSE)),
        unit="$",
        why="0.06 % of $5,000, in and out: $6. At four of the others it is $5 or $5.50, at one $2.",
    ),
    Prediction(
        "5-known",
        "Nine plain facts (maximum, maintenance, fees and so on) about eight exchanges are 72 facts. For how many of"
        " them did we find a source with a date not older than two years?",
        answer="about 50 of 72",
        options=("about 65 of 72", "about 50 of 72", "about 35 of 72", "about 20 of 72"),
        why=(
            "Exactly 50 are that young. Another 3 are dated and older, 8 have no date, and 11 were looked for and not"
            " found."
        ),
    ),
)
