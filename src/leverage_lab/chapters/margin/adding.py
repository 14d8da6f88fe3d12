"""What does adding margin to a losing position change, and what does it put at stake?"""

from leverage_lab.chapters.margin.shared import (
    ENTRY,
    RULES,
    WALLET,
    _bar,
    _cents,
    _change,
    _ends,
    _moved,
    _place,
    bet,
    ending,
    ends_of,
    formula,
    opened,
    quantity_step,
)
from leverage_lab.leverage import quantity
from leverage_lab.liquidation import Rules, liquidation_price
from leverage_lab.margin import liquidate
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline
from leverage_lab.panelkit.controls import Slider, leverage, margin, move, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, times


# --- adding margin --------------------------------------------------------------------------------
def model(margin, leverage, added, move):
    """An isolated long before and after money was added, and the same in cross mode."""
    value, now = margin * leverage, {"X": ENTRY * (1 + move)}
    rows = {
        "as opened": opened(WALLET, bet("X", "long", value, leverage, "isolated")),
        "with more margin": opened(WALLET, bet("X", "long", value, leverage, "isolated", added)),
        "cross": opened(WALLET, bet("X", "long", value, leverage, "cross")),
    }
    r = Result(margin=margin, leverage=leverage, added=added, move=move, end={}, change={}, closed={}, stake={})
    for name, account in rows.items():
        after, events = liquidate(account, now)
        r.end[name] = ends_of(account)["X", "long"]
        r.change[name] = _cents(after.equity(now) - WALLET)
        r.closed[name] = bool(events)
        r.stake[name] = WALLET if name == "cross" else account.positions[0].margin
    first, more = r.end["as opened"], r.end["with more margin"]
    room = f" (more room by {percent(first - more)} of the price)" if added and more > -1 + 1e-9 else ""
    told = {name: ("closed" if r.closed[name] else "open") + f", {_change(r.change[name], WALLET)}" for name in rows}
    r.sentence = (
        f"{money(margin)} at {times(leverage)} is closed {_ends(first)}; with {money(added)} more {_ends(more)}{room}."
        f" {_moved('The price', move)}. As opened: {told['as opened']}. With {money(added)} more:"
        f" {told['with more margin']}; {money(r.stake['with more margin'])} is at stake. Cross: {told['cross']}."
    )
    return r


def computed(r):
    """The liquidation price: once more for each amount of money behind the position."""
    coins, more = r.margin * r.leverage / ENTRY, r.margin + r.added
    steps = (
        quantity_step(r.margin, r.leverage),
        formula(),
        f"as opened: {ending('long', r.margin, coins)}",
        f"with {money(r.added)} more: {ending('long', more, coins)}",
        f"cross, the whole wallet: {ending('long', WALLET, coins)}",
        f"at stake: {money(r.margin)} + {money(r.added)} = {money(more)}",
    )
    bought = call(quantity, r.margin, r.leverage, ENTRY)
    line = call(liquidation_price, "long", ENTRY, bought, more, call(Rules, RULES.maintenance))
    return Computed(steps, line, (liquidation_price, quantity, Rules), ENTRY * (1 + r.end["with more margin"]))


class Adding(Picture):
    """How far the price may fall: as opened, with money added, and in cross mode; the price cuts across all three."""

    height = 4.5
    ROWS = {"as opened": 0.72, "with more margin": 0.38, "cross": 0.04}
    DEEP, LOW, LEFT, RIGHT = 0.19, -0.64, 0.02, 0.7

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, as opened", "wallet, with more"))
        axes = self.axes = self.figure.add_axes((0.02, 0.135, 0.96, 0.63))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        for fall in (0, -0.2, -0.4, -0.6):
            axes.plot([self._x(fall)] * 2, [0, 0.96], color=palette.GRID, linewidth=1, zorder=0)
            axes.text(self._x(fall), -0.02, percent(fall), ha="center", va="top", **palette.QUIET)
        axes.text(self._x(-0.32), -0.11, "move of the price since the entry", ha="center", va="top", **palette.QUIET)
        self.bars, self.ends, self.words = {}, {}, {}
        for name, y in self.ROWS.items():
            colour = palette.SECOND_TEXT if name == "cross" else palette.FIRST
            axes.text(0.74, y + 0.19, name, va="center", **palette.STRONG | {"color": colour})
            self.bars[name] = {
                kind: _bar(self, axes, kind, y, self.DEEP) for kind in ("isolated", "cross", "free", "lost")
            }
            self.bars[name]["free"].set(**palette.ROOM_BAR)
            self.ends[name] = self.add_line(axes, color=palette.LOSS, linewidth=4, solid_capstyle="butt")
            self.words[name] = [
                self.add_text(axes, 0.74, y + level, "", va="center", fontsize=size)
                for level, size in ((0.1, palette.NORMAL), (0.01, palette.SMALL))
            ]
        self.now = self.add_line(axes, color=palette.INK, linewidth=2.5)
        self.mark = self.add_text(axes, 0, 0.98, "", va="bottom", **palette.PLAIN)

    def _x(self, move):
        return self.LEFT + (self.RIGHT - self.LEFT) * max(move, self.LOW) / self.LOW

    def move(self, r):
        self.headline.show(r.move, *(r.change[name] / WALLET for name in ("as opened", "with more margin")))
        first = self._x(r.end["as opened"])
        for name, y in self.ROWS.items():
            end = r.end[name] if r.end[name] == r.end[name] else -1.0
            x, zero, now = self._x(end), self._x(0), self._x(r.move)
            bars = self.bars[name]
            _place(bars["isolated"], zero, 0 if name == "cross" else min(first, x) - zero)
            _place(bars["cross"], zero, x - zero if name == "cross" else 0)
            spare = max(first, now)  # what is lost has no edge under it
            _place(bars["free"], spare, x - spare if name == "with more margin" else 0)
            _place(bars["lost"], zero, min(now, x) - zero)
            inside = end > self.LOW
            self.ends[name].set_data([x, x] if inside else [], [y - 0.03, y + self.DEEP + 0.03] if inside else [])
            state, stake = self.words[name]
            closed = r.closed[name]
            state.set(
                text=f"{'closed' if closed else 'open'}, {money(r.change[name], signed=True)}",
                color=palette.LOSS_TEXT if closed else palette.INK,
            )
            stake.set(text=f"{money(r.stake[name])} at stake", color=palette.MUTED)
        self.now.set_data([self._x(r.move)] * 2, [0, 0.97])
        self.mark.set(
            text=f"price {percent(r.move, signed=True)}", x=self._x(r.move), ha="left" if r.move > -0.3 else "right"
        )


adding = Recipe(
    model,
    Adding,
    [
        margin(400, 100),
        leverage(2, 50, 20),
        Slider("added", "added", steps(0, 600, 20), 100, "$"),
        move(-0.6, 0, 0.01, -0.08),
    ],
    computed,
)
