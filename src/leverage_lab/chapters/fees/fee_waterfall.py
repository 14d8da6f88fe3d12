"""Where did $100 of margin go while the price stood still?"""

from functools import cache

from matplotlib.patches import Rectangle

from leverage_lab.chapters.fees.shared import A_DAY, MARGIN, PRICE, USUAL, after_sign, bill, days
from leverage_lab.checks import sign
from leverage_lab.exchanges import exchange, fact, of_facts
from leverage_lab.fees import funding_payment, trading_fee
from leverage_lab.leverage import notional, quantity
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline
from leverage_lab.panelkit.controls import Choice, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, literal, money, percent, plain, plural, times

SPREAD = 0.0001  # between the best bid and the best offer, in the waterfall


@cache
def fee_rates():
    """Maker and taker rate of the waterfall: OKX perpetuals, lowest tier, as in data/fees.csv."""
    okx = exchange("OKX")
    return {"maker": okx.maker_fee, "taker": okx.taker_fee}


@cache
def okx_dates():
    """When these are from. Spread and funding are examples, and the picture says so."""
    return of_facts([fact("OKX", "maker_fee"), fact("OKX", "taker_fee")], "OKX's fees")


def model(side, leverage, orders, days):
    """Where $100 of margin went while the price stood still."""
    days = int(days)
    coins = quantity(MARGIN, leverage, PRICE)
    value = notional(coins, PRICE)
    fee = trading_fee(value, fee_rates()[orders])
    funding = A_DAY * days * funding_payment(side, coins, PRICE, USUAL)
    costs = {
        "opening fee": fee,
        "spread": value * SPREAD if orders == "taker" else 0.0,
        "funding": funding,
        "closing fee": fee,
    }
    total = sum(costs.values())
    left = MARGIN - total
    spread = f" the spread {money(costs['spread'])}" if costs["spread"] else " and no spread is paid"
    paid = "cost" if funding >= 0 else "bring"
    if days:
        held = f" {A_DAY * days} settlements of funding in {plural(days, 'day')} {paid} {money(abs(funding))}."
    else:
        held = " It is closed before any funding."
    if left > 0:
        back = f"comes back for {money(MARGIN)}" if left > MARGIN else f"of {money(MARGIN)} is left"
        change = percent(-total / MARGIN, signed=True)
        end = f" {money(left)} {back}, {change} of the margin, and the price has not moved."
    else:
        more = "the whole margin:" if left > -0.005 else f"more than the margin of {money(MARGIN)}:"
        end = (
            f" That is {money(total)} in all, {more} this position does not live that long, and loses {percent(1)} of"
            " its margin."
        )
    return Result(
        side=side, costs=costs, left=left, total=total, change=max(-1.0, -total / MARGIN), dates=okx_dates(),
        sentence=(
            f"{money(MARGIN)} at {times(leverage)} is a {side} of {money(value)}. {orders.capitalize()} orders cost"
            f" {money(fee)} to open and {money(fee)} to close,{spread}.{held}{end}"
        ),
    )  # fmt: skip


def computed(r):
    """The margin, less one cost after the other."""
    value, rate, settled = MARGIN * r.leverage, fee_rates()[r.orders], A_DAY * int(r.days)
    fee, spread, funding, _ = r.costs.values()
    paid = f"{money(value)} × {percent(SPREAD)}" if spread else "none with maker orders"
    more = "" if r.left > 0 else ": nothing, for a position loses at most its margin"
    payment = call(funding_payment, r.side, value / PRICE, PRICE, USUAL)
    crossed = f" - {literal(value)} * {SPREAD}" if spread else ""
    return Computed(
        steps=(
            f"position = margin × leverage = {money(MARGIN)} × {plain(r.leverage)} = {money(value)}",
            f"fee = position × rate = {money(value)} × {percent(rate)} = {money(fee)}, paid twice",
            f"spread = {paid} = {money(spread)}",
            f"funding of a {r.side} = {money(sign(r.side) * value)} × {percent(USUAL)} × {settled} = {bill(funding)}",
            "left = margin − 2 × fee − spread − funding",
            f"= {money(MARGIN)} − 2 × {money(fee)} − {money(spread)} − {after_sign(money(funding))}"
            f" = {money(r.left)}{more}",
        ),
        python=f"max(0, 100 - 2 * {call(trading_fee, value, rate)}{crossed} - {settled} * {payment})",
        uses=(trading_fee, funding_payment),
        number=max(0.0, float(r.left)),
    )


class Waterfall(Picture):
    """The margin at the left, what each cost takes off, and what is left at the right."""

    height = 4.6
    COSTS = ("opening fee", "spread", "funding", "closing fee")

    def draw(self):
        self.headline = Headline(self, ("price", "return on margin"))
        self.figure.text(
            0.98,
            0.02,
            f"fees: OKX, lowest tier, {okx_dates().newest or 'no date'}; spread {percent(SPREAD)}, funding"
            f" {percent(USUAL)}: examples",
            ha="right",
            **palette.QUIET,
        )
        axes = self.axes = self.add_chart(0.075, 0.155, 0.915, 0.62)
        axes.set(xlim=(-0.5, 5.5), ylim=(0, 172))
        axes.set_yticks([0, 50, 100, 150], ["$0", "$50", "$100", "$150"])
        axes.set_xticks(range(6), ["margin", *self.COSTS, "left"])
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        axes.add_patch(Rectangle((-0.36, 0), 0.72, MARGIN, color=palette.FIRST, linewidth=0))
        axes.text(0, MARGIN + 3, money(MARGIN), ha="center", va="bottom", **palette.STRONG)
        self.joints = [self.add_line(axes, color=palette.MUTED, linewidth=1, linestyle=":") for _ in range(5)]
        self.bars = [self.add_bar(axes, x - 0.36, 0, 0.72, 0, **palette.LOSS_BAR) for x in range(1, 5)]
        self.gain = self.add_bar(axes, 2.64, 0, 0.72, 0, color=palette.GAIN, linewidth=0)
        self.left = self.add_bar(axes, 4.64, 0, 0.72, 0, color=palette.FIRST, linewidth=0)
        self.values = [self.add_text(axes, x, 0, "", ha="center", va="bottom", **palette.STRONG) for x in range(1, 6)]

    def move(self, r):
        self.headline.show(0.0, r.change)
        level = MARGIN
        self.gain.set_height(0)
        for place, name in enumerate(self.COSTS):
            cost = r.costs[name]
            after = max(0.0, level - cost)
            low, high = min(level, after), max(level, after)
            self.joints[place].set_data([place + 0.36, place + (0.64 if cost else 1.36)], [level, level])
            self.bars[place].set(y=low, height=high - low if cost >= 0 else 0)
            if cost < 0:
                self.gain.set(y=low, height=high - low)
            self.values[place].set(
                text=money(-cost, signed=True) if cost else "$0", y=high + 3, color=palette.change_colour(-cost)
            )
            level = after
        self.joints[4].set_data([4.36, 4.64], [level, level])
        self.left.set_height(level)
        self.values[4].set(
            text=money(max(r.left, 0.0)), y=level + 3, color=palette.INK if r.left > 0 else palette.LOSS_TEXT
        )


fee_waterfall = Recipe(
    model,
    Waterfall,
    [side(), leverage(1, 500, 50), Choice("orders", "orders", ("taker", "maker"), "taker"), days(7, 0)],
    computed,
)
