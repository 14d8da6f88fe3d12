"""Three longs on one wallet: what does each fall cost, isolated and cross?"""

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import (
    MODES,
    NAME,
    RULES,
    WALLET,
    _bar,
    _cents,
    _change,
    _gone,
    _place,
    bet,
    ending,
    formula,
    moved_to,
    opened,
)
from leverage_lab.margin import liquidate, walk
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline
from leverage_lab.panelkit.controls import Slider, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import after_sign, call, literal, money, percent, times

COINS, LOCKED = ("BTC", "ETH", "SOL"), 200.0
CLOSED = ("none closed", "one closed", "two closed", "all three closed")


def three_longs(leverage, mode):
    """The account: a wallet of $1,000, and $200 × leverage of each coin."""
    return opened(WALLET, *(bet(coin, "long", LOCKED * leverage, leverage, mode) for coin in COINS))


def model(leverage, btc, eth, sol):
    """Three longs with $200 each of a wallet of $1,000, each coin with a move of its own."""
    moves = dict(zip(COINS, (btc, eth, sol)))
    now = {coin: ENTRY * (1 + move) for coin, move in moves.items()}
    r = Result(leverage=leverage, moves=moves, change={}, closed={}, pnl={}, lost={})
    for mode in MODES:
        before = three_longs(leverage, mode)
        after, events = liquidate(before, now)
        r.change[mode] = _cents(after.equity(now) - WALLET)
        r.closed[mode] = [event.symbol for event in events]
        r.pnl = {coin: before.holding(coin, "long").unrealised(now[coin]) for coin in COINS}
    r.own = {coin: -LOCKED if coin in r.closed["isolated"] else r.pnl[coin] for coin in COINS}
    r.required = before.requirement(now)
    paper = _cents(sum(r.pnl.values()))
    said = ", ".join(f"{coin} {percent(move, signed=True)}" for coin, move in moves.items())
    gone = {mode: CLOSED[len(r.closed[mode])] for mode in MODES}
    which = f" ({' and '.join(sorted(r.closed['isolated']))})" if 0 < len(r.closed["isolated"]) < 3 else ""
    r.sentence = (
        f"Three longs of {money(LOCKED * leverage)} each, {money(LOCKED)} at {times(leverage)}; {said}:"
        f" {money(paper, signed=True)} on paper together. Isolated: {gone['isolated']}{which},"
        f" {_change(r.change['isolated'], WALLET)}. Cross: {gone['cross']}, {_change(r.change['cross'], WALLET)}."
    )
    return r


def computed(r):
    """What each position has won or lost, isolated; and the equity of all together, cross."""
    value, paper, rate = LOCKED * r.leverage, sum(r.pnl.values()), RULES.maintenance
    each = ", ".join(
        f"{coin} {money(r.pnl[coin], signed=True)} ({percent(r.moves[coin], signed=True)})" for coin in COINS
    )
    shut = f"closed, {money(-WALLET)}" if r.closed["cross"] else f"open, {money(_cents(paper), signed=True)}"
    steps = (
        f"PnL = {money(value)} × move: {each}",
        f"isolated: {formula()}",
        f"= {ending('long', LOCKED, value / ENTRY)}; a closed position loses its {money(LOCKED)}",
        f"isolated: {' + '.join(after_sign(money(own)) for own in r.own.values())} = {money(r.change['isolated'])}",
        f"cross: required = {percent(rate)} × {money(r.required / rate)}, the value of all = {money(r.required)}",
        f"equity = {money(WALLET)} + {after_sign(money(_cents(paper)))}"
        f" = {money(_cents(WALLET + paper))}: {shut} (the line of Python)",
    )
    prices = ", ".join(f'"{coin}": [{literal(moved_to(move))}]' for coin, move in r.moves.items())
    line = f"float(walk({call(three_longs, r.leverage, 'cross')}, {{{prices}}}).equity[-1]) - {literal(WALLET)}"
    return Computed(steps, line, (walk, three_longs), -WALLET if r.closed["cross"] else paper)


class ThreePositions(Picture):
    """Three positions on one wallet: three rooms with walls, or one room for all."""

    height = 4.3
    FULL, DEEP = 0.82, 0.24
    ROWS = {"isolated": 0.62, "cross": 0.11}

    def draw(self):
        self.headline = Headline(self, ("wallet, isolated", "wallet, cross"))
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.76))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        unit, self.states = self.FULL / WALLET, {}
        for mode, y in self.ROWS.items():
            axes.text(0, y + self.DEEP + 0.02, mode, va="bottom", **palette.STRONG | {"color": NAME[mode]})
            _bar(self, axes, "free" if mode == "isolated" else "cross", y, self.DEEP, 0, self.FULL, moving=False)
            for n, coin in enumerate(COINS):
                x = (n + 0.5) * LOCKED * unit
                if mode == "isolated":
                    _bar(self, axes, "isolated", y, self.DEEP, n * LOCKED * unit, LOCKED * unit, moving=False)
                self.states[mode, coin] = self.add_text(
                    axes, x, y - 0.03, "", ha="center", va="top", fontsize=palette.NORMAL
                )
        quiet = {"ha": "right", "va": "top", "fontsize": palette.NORMAL, "color": palette.MUTED}
        axes.text(self.FULL, self.ROWS["isolated"] - 0.03, f"free {money(WALLET - 3 * LOCKED)}", **quiet)
        self.asked = self.add_text(axes, self.FULL, self.ROWS["cross"] - 0.03, "", **quiet)
        y = self.ROWS["isolated"]
        self.lost = {coin: _bar(self, axes, "lost", y, self.DEEP) for coin in COINS}
        self.gain = _bar(self, axes, "gain", y, self.DEEP)
        wall = {"color": palette.INK, "linewidth": 4, "solid_capstyle": "butt"}
        for n in range(1, 4):
            self.add_line(axes, **wall).set_data([n * LOCKED * unit] * 2, [y - 0.02, y + self.DEEP + 0.02])
        y = self.ROWS["cross"]
        self.all_lost, self.all_gain = _bar(self, axes, "lost", y, self.DEEP), _bar(self, axes, "gain", y, self.DEEP)
        self.required = _bar(self, axes, "required", y, self.DEEP)
        self.totals = {
            mode: self.add_text(axes, self.FULL, y + self.DEEP + 0.02, "", **quiet | {"va": "bottom"})
            for mode, y in self.ROWS.items()
        }

    def move(self, r):
        self.headline.show(*(r.change[mode] / WALLET for mode in self.ROWS))
        unit = self.FULL / WALLET
        for n, coin in enumerate(COINS):
            _place(self.lost[coin], n * LOCKED * unit, -r.own[coin] * unit)
            for mode in self.ROWS:
                closed = coin in r.closed[mode]
                self.states[mode, coin].set(
                    text=f"{coin} {'closed' if closed else 'open'}", color=palette.LOSS_TEXT if closed else palette.INK
                )
        gained = sum(max(own, 0) for own in r.own.values()) * unit
        _place(self.gain, self.FULL, min(gained, 1 - self.FULL))
        change = r.change["cross"] * unit
        _place(self.all_lost, 0, -change)
        _place(self.all_gain, self.FULL, min(change, 1 - self.FULL))
        _place(self.required, self.FULL - r.required * unit, r.required * unit)
        self.required.set_visible(not r.closed["cross"])
        self.asked.set_text("" if r.closed["cross"] else f"required {money(r.required)}")
        for mode, text in self.totals.items():
            text.set(
                text=f"{_gone(r.change[mode])}, now {money(WALLET + r.change[mode])}",
                color=palette.change_colour(r.change[mode]),
            )


three_positions = Recipe(
    model,
    ThreePositions,
    [
        leverage(2, 50, 10),
        *(
            Slider(coin.lower(), f"{coin} move", steps(-0.6, 0.2, 0.01), start, "%")
            for coin, start in zip(COINS, (0, 0, -0.3))
        ),
    ],
    computed,
)
