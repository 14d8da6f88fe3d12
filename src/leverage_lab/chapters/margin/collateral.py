"""A wallet of coins instead of dollars: what closes a position that does not move?"""

from matplotlib.patches import Polygon

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import RULES, WALLET, _bar, _cents, _place, bet, moved_to
from leverage_lab.margin import Account, collateral_liquidation_price, collateral_value
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline, percent_ticks
from leverage_lab.panelkit.controls import Rate, Slider, ladder, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, after_sign, call, literal, money, percent, plain, price

COINS = WALLET  # of a stablecoin, bought at a dollar each; no dollars beside them


def account_of(value):
    """A cross long of `value` dollars in BTC on a wallet without a dollar: coins back it."""
    return Account(0.0, [bet("BTC", "long", value, 10.0, "cross")])


def model(value, haircut, coin, move):
    """The coins at `coin` dollars each, the position `move` away from its entry."""
    account, marks = account_of(value), {"BTC": ENTRY * (1 + move)}
    r = Result(worth=COINS * coin, counted=collateral_value(COINS, coin, haircut))
    r.paper, r.required = account.unrealised(marks), account.requirement(marks)
    r.equity = _cents(r.counted + r.paper)
    r.end = collateral_liquidation_price(account, marks, COINS, haircut)
    r.closed, r.change = r.equity <= r.required, max(r.equity / WALLET - 1, -1.0)  # no more than all of it is yours
    rate = RULES.maintenance
    # Where BTC's move ends the position: counted + value × move = rate × value × (1 + move).
    r.edge = [(rate - collateral_value(COINS, at, haircut) / value) / (1 - rate) for at in (0.0, 2.0)]
    r.dollars = (rate - COINS / value) / (1 - rate)
    end = f"Liquidation at {price(r.end)} a coin" if r.end == r.end else "No price of the coin closes it"
    alone = f"with {money(COINS)} in dollars it would be closed with BTC at {percent(r.dollars, signed=True)}"
    r.sentence = (
        f"{COINS:,.0f} stablecoins at {price(coin)} ({percent(coin - 1, signed=True)}) are worth {money(r.worth)} and"
        f" count for {money(r.counted)}, after a haircut of {percent(haircut)}. A cross long of {money(value)} in"
        f" BTC is at {percent(move, signed=True)}: {money(r.paper, signed=True)} on paper, {money(r.required)}"
        f" required. Equity {money(r.equity)}, {percent(r.change, signed=True)} against $1,000:"
        f" {'closed' if r.closed else 'open'}. {end}, if BTC stays where it is;"
        f" {alone if r.dollars > -1 else 'with dollars no fall of BTC would close it'}."
    )
    return r


def computed(r):
    """The coin's price at which what the coins count for, and the PnL, are down to the requirement."""
    at = (r.required - r.paper) / (COINS * (1 - r.haircut))
    ends = price(at) if at >= 0 else f"{price(at)}: no price of the coin does it"
    steps = (
        f"PnL = position × move = {money(r.value)} × {after_sign(percent(r.move))} = {money(r.paper, signed=True)}",
        f"required = maintenance rate × value now = {percent(RULES.maintenance)} × {money(r.value)}"
        f" × {percent(1 + r.move)} = {money(r.required)}",
        "liquidated where coins × price × (1 − haircut) + PnL = required, so",
        "price of a coin = (required − PnL) / (coins × (1 − haircut))",
        f"= ({money(r.required)} − {after_sign(money(r.paper))}) / ({plain(COINS)} × (1 − {percent(r.haircut)}))"
        f" = {ends}",
        f"a coin is at {price(r.coin)} now: {'closed' if r.closed else 'open'}",
    )
    marks = Code(f'{{"BTC": {literal(moved_to(r.move))}}}')
    line = call(collateral_liquidation_price, call(account_of, r.value), marks, COINS, r.haircut)
    return Computed(steps, line, (collateral_liquidation_price, account_of), r.end)


class Collateral(Picture):
    """What the coins count for as a bar; below it the plane of both prices: coin across, BTC upward."""

    height = 5.9
    LEFT, RIGHT, LOW, HIGH = 0.38, 1.06, -0.22, 0.12

    def draw(self):
        self.headline = Headline(self, ("stablecoin", "BTC", "equity against $1,000"))
        bar = self.figure.add_axes((0.02, 0.69, 0.96, 0.13))
        bar.set(xlim=(0, 1.05 * WALLET), ylim=(0, 1))
        bar.axis("off")
        self.parts = {kind: _bar(self, bar, kind, 0.5, 0.45) for kind in ("cross", "lost", "required", "free")}
        self.told = self.add_text(bar, 0, 0.16, va="center", **palette.PLAIN)
        self.figure.text(0.02, 0.645, "move of BTC", va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.1, 0.105, 0.86, 0.49, grid="both")
        axes.set(xlim=(self.LEFT, self.RIGHT), ylim=(self.LOW, self.HIGH))
        percent_ticks(axes.yaxis, [-0.2, -0.1, 0, 0.1])
        axes.set_xticks([0.4, 0.6, 0.8, 1.0], ["$0.40", "$0.60", "$0.80", "$1.00"])
        axes.set_xlabel("price of the stablecoin", **palette.QUIET)
        ground = Polygon([[0, 0]], facecolor=palette.LOST_GROUND, edgecolor="none", zorder=0)
        self.ground = self.moving(axes.add_patch(ground))
        self.edge = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.dollars = self.add_line(axes, color=palette.INK, linewidth=2, linestyle="--")
        self.guide = self.add_line(axes, color=palette.INK, linewidth=1.8, linestyle=":")
        self.end = self.add_line(axes, "s", color=palette.LOSS, markersize=8)
        self.dot = self.add_line(axes, color=palette.INK, markersize=12, zorder=5)
        self.words = {
            name: self.add_text(axes, 0.4, 0, va="center", zorder=4, **style)
            for name, style in (
                ("closed", palette.STRONG | {"color": palette.LOSS_TEXT}),
                ("dollars", palette.QUIET | {"ha": "right", "bbox": palette.GROUND}),
                ("end", palette.QUIET | {"color": palette.INK, "bbox": palette.GROUND}),
            )
        }

    def move(self, r):
        self.headline.show(r.coin - 1, r.move, r.change)
        lost, haircut = max(0.0, min(-r.paper, r.counted)), r.worth - r.counted
        sizes = {"cross": r.counted - lost, "lost": lost, "required": haircut, "free": WALLET - r.worth}
        start = 0.0
        for kind, patch in self.parts.items():
            _place(patch, start, sizes[kind])
            start += max(0.0, sizes[kind])
        result = f"{'gain' if r.paper > 0 else 'loss'} {money(abs(r.paper))}, equity {money(r.equity)}"
        fallen = f" · fallen {money(WALLET - r.worth)}" if r.worth < WALLET else ""
        self.told.set_text(f"counts {money(r.counted)}: {result} · haircut {money(haircut)}{fallen}")
        slope = (r.edge[1] - r.edge[0]) / 2
        left, right = (r.edge[0] + slope * x for x in (self.LEFT, self.RIGHT))
        self.edge.set_data([self.LEFT, self.RIGHT], [left, right])
        self.ground.set_xy([[self.LEFT, -9], [self.LEFT, left], [self.RIGHT, right], [self.RIGHT, -9]])
        self.dollars.set_data([self.LEFT, self.RIGHT], [r.dollars] * 2)
        self.dot.set(
            data=([r.coin], [r.move]), marker="X" if r.closed else "o", color=palette.LOSS if r.closed else palette.INK
        )
        seen = self.LEFT < r.end < self.RIGHT
        self.guide.set_data(*([r.coin, r.end], [r.move, r.move]) if seen else ([], []))
        self.end.set_data(([r.end], [r.move]) if seen else ([], []))
        self._name(r, seen, left)

    def _name(self, r, seen, left):
        beyond = r.end == r.end and r.end > self.RIGHT - 0.2
        self.words["end"].set(text=f"closed at {price(r.end)}" if seen else "", ha="right" if beyond else "left")
        self.words["end"].set(x=r.end - 0.015 if beyond else r.end + 0.015, y=r.move + 0.018)
        self.words["dollars"].set(
            text=f"dollars: {percent(r.dollars, signed=True)}" if r.dollars > self.LOW + 0.02 else ""
        )
        self.words["dollars"].set(x=self.RIGHT - 0.01, y=r.dollars - 0.016)
        self.words["closed"].set(
            text="closed" if left > self.LOW + 0.04 else "", x=self.LEFT + 0.01, y=self.LOW + 0.018
        )


collateral = Recipe(
    model,
    Collateral,
    [
        Slider("value", "position", ladder(1000, 9000), 8000, "$"),
        Rate("haircut", "haircut", steps(0, 0.4, 0.025), 0.1, "%"),
        Slider("coin", "stablecoin", steps(0.4, 1.04, 0.01), 1.0, "$"),
        Slider("move", "BTC move", steps(-0.2, 0.1, 0.01), -0.07, "%"),
    ],
    computed,
)
