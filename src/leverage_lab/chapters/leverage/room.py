"""How many coins is that, and how often is one day's move enough to use up the margin?"""

from leverage_lab import data
from leverage_lab.leverage import notional, quantity
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import percent_ticks
from leverage_lab.panelkit.controls import Choice, leverage, margin
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import amount, literal, money, percent, plain, price, times

STABLECOINS = ("USDT", "USDC", "USDe", "DAI")  # of the snapshot


def model(asset, margin, leverage):
    """How much of a coin that is, and how often a day's move was larger than the room."""
    coin = data.asset(asset)
    coins = quantity(margin, leverage, coin.price)
    width = 1 / leverage
    changes = {symbol: a.change_24h for symbol, a in data.assets().items()}
    further = [symbol for symbol, change in changes.items() if abs(change) > width * (1 + 1e-12)]
    stable = [symbol for symbol in STABLECOINS if symbol not in further]
    if len(stable) > (len(changes) - len(further)) / 2:  # then the number says more about dollars than about prices
        stayed = (
            f" Of the {len(changes) - len(further)} that did not, {len(stable)} are stablecoins ({', '.join(stable)}),"
            " made to stay at a dollar."
        )
    else:
        stayed = ""
    if coin.change_24h:
        own = (
            f"{coin.name} moved {percent(coin.change_24h, signed=True)}, {plain(abs(coin.change_24h) / width)} times"
            " that room"
        )
    else:
        own = f"{coin.name} did not move"
    return Result(
        asset=coin,
        coins=coins,
        room=width,
        changes=changes,
        further=further,
        dates=data.whole(data.SNAPSHOT, "Prices"),
        sentence=(
            f"{money(margin)} at {times(leverage)} buys {amount(coins, coin.symbol)} at {price(coin.price)}, a position"
            f" of {money(notional(coins, coin.price))}. A move of {percent(width)} against you uses up the margin. In"
            f" the 24 hours before 4 August 2025 {own}; of all {len(changes)} assets {len(further)} moved further than"
            f" {percent(width)}.{stayed}"
        ),
    )


def computed(r):
    """The coins, the room, and how many assets moved further than that."""
    count, all_of_them = len(r.further), len(r.changes)
    steps = (
        f"coins = margin × leverage / price = {money(r.margin)} × {plain(r.leverage)} / {price(r.asset.price)}"
        f" = {amount(r.coins, r.asset.symbol)}",
        f"room = 1 / leverage = 1 / {plain(r.leverage)} = {percent(r.room)}",
        f"counted: assets whose price changed by more than {percent(r.room)} in the 24 hours, up or down",
        f"= {count} of {all_of_them}; {count} / {all_of_them} = {percent(count / all_of_them)}",
    )
    line = f"sum(abs(a.change_24h) > 1 / {literal(r.leverage)} for a in assets().values())"
    return Computed(steps, line, (data.assets,), count)


class Room(Picture):
    """A day's moves of 30 assets against the room that a leverage leaves."""

    height = 4.2

    def draw(self):
        self.count = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE | {"fontsize": palette.NORMAL + 1})
        below = "change in 24 hours of 30 assets, one mark each"
        self.figure.text(0.02, 0.895, below, va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.03, 0.15, 0.94, 0.63, grid="x")
        axes.set(xlim=(-0.11, 0.11), ylim=(-0.5, 8.2), yticks=[])
        percent_ticks(axes.xaxis, [-0.1, -0.05, 0, 0.05, 0.1])
        self.figure.text(0.98, 0.012, "a published price list", ha="right", **palette.QUIET)  # the sentence has its day
        self.band = self.moving(axes.axvspan(-0.1, 0.1, facecolor=palette.ROOM, alpha=0.35, edgecolor="none"))
        self.edges = [self.moving(axes.axvline(x, color=palette.LOSS, linewidth=2)) for x in (-0.1, 0.1)]
        self.leader = self.add_line(axes, color=palette.INK, linewidth=1)
        self.inside = self.add_line(axes, "o", color=palette.FIRST, markersize=9)
        self.outside = self.add_line(axes, "^", color=palette.LOSS, markersize=10)
        self.ring = self.add_line(
            axes, "o", markersize=18, markerfacecolor="none", markeredgecolor=palette.INK, markeredgewidth=2
        )
        self.name = self.add_text(axes, 0, 5.6, bbox=palette.GROUND, **palette.STRONG)
        self.words = self.add_text(axes, 0, 8.3, ha="center", va="bottom", **palette.PLAIN)  # above its band

    def move(self, r):
        width = min(r.room, 0.2)
        self.band.set(x=-width, width=2 * width)
        for edge, x in zip(self.edges, (-width, width)):
            edge.set_xdata([x, x])
        self.count.set_text(f"{len(r.further)} of {len(r.changes)} moved further than {percent(r.room)}")
        places = _stacked(r.changes)
        inside = [symbol for symbol in places if symbol not in r.further]
        for marks, symbols in ((self.inside, inside), (self.outside, r.further)):
            marks.set_data([places[symbol][0] for symbol in symbols], [places[symbol][1] for symbol in symbols])
        x, y = places[r.asset.symbol]
        self.ring.set_data([x], [y])
        self.leader.set_data([x, x], [y + 0.5, 6.3])
        right = x > 0.06 or x < width < x + 0.045  # not across the edge of the room
        self.name.set(x=x + (-0.002 if right else 0.002), ha="right" if right else "left")
        self.name.set_text(f"{r.asset.symbol} {percent(r.asset.change_24h, signed=True)}")
        self.words.set_text(f"room ±{percent(r.room)}")


def _stacked(changes):
    """Where each asset's mark stands: its change, and its place in the pile of those within ½ % of it."""
    piles, places = {}, {}
    for symbol, change in sorted(changes.items(), key=lambda item: item[1]):
        pile = piles.setdefault(round(change / 0.005), [])
        places[symbol] = (change, len(pile))
        pile.append(symbol)
    return places


room = Recipe(
    model,
    Room,
    [Choice("asset", "asset", tuple(data.assets()), "BTC"), margin(1000, 10), leverage(1, 500, 500)],
    computed,
)
