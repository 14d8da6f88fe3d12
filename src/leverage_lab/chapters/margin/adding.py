"""What does adding margin to a losing position change, and what does it put at stake?"""

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import (
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
from leverage_lab.panelkit.charts import percent_ticks
from leverage_lab.panelkit.controls import Slider, leverage, margin, move, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, times


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
    DEEP = 0.22

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE | {"fontsize": palette.NORMAL + 1})
        axes = self.axes = self.add_chart(0.05, 0.14, 0.65, 0.68, grid="x")
        axes.set(ylim=(0, 1), yticks=[])
        axes.set_xlabel("move of the price since the entry", **palette.QUIET)
        self.bars, self.ends, self.places, self.words = {}, {}, {}, {}
        for name, y in self.ROWS.items():
            kinds = ("cross",) if name == "cross" else ("isolated", "free")
            self.bars[name] = {kind: _bar(self, axes, kind, y, self.DEEP) for kind in kinds}
            self.ends[name] = self.add_line(axes, color=palette.LOSS, linewidth=4, solid_capstyle="butt")
        self.bars["with more margin"]["free"].set(**palette.ROOM_BAR)
        self.now = self.add_line(axes, color=palette.INK, linewidth=2.5)
        self.shut = self.add_line(axes, "X", color=palette.LOSS, markeredgecolor=palette.INK, markersize=12, zorder=5)
        self.mark = self.add_text(axes, 0, 1.01, "", va="bottom", ha="center", **palette.PLAIN)
        middle = {"va": "center", "transform": axes.get_yaxis_transform()}
        for name, y in self.ROWS.items():
            colour = palette.SECOND_TEXT if name == "cross" else palette.FIRST
            axes.text(1.05, y + 0.2, name, **middle, **palette.STRONG | {"color": colour})
            beside = palette.PLAIN | {"va": "center", "bbox": palette.GROUND}
            self.places[name] = self.add_text(axes, 0, y + self.DEEP / 2, "", **beside)
            self.words[name] = [
                self.add_text(axes, 1.05, y + level, "", **middle | style)
                for level, style in ((0.11, palette.PLAIN), (0.02, palette.QUIET))
            ]

    def frame(self, r):
        """The largest fall shown: room for both prices of the isolated position and their names, and for the move."""
        ends = [-1.3 * r.end[name] for name in ("as opened", "with more margin") if r.end[name] > -0.61]
        return next(fall for fall in (0.1, 0.2, 0.4, 0.8) if max(*ends, -1.1 * r.move) <= fall)

    def reframe(self, r):
        fall = self.frame(r)
        self.axes.set_xlim(-fall, 0)
        percent_ticks(self.axes.xaxis, [-fall, -0.75 * fall, -0.5 * fall, -0.25 * fall, 0])

    def move(self, r):
        first, more, least = r.end["as opened"], r.end["with more margin"], self.axes.get_xlim()[0]
        bought = f"buys {percent(first - more)} more room" if more > -1 + 1e-9 else "means no liquidation before 0"
        stake = f"{money(r.stake['with more margin'])} is at stake"
        self.title.set_text(f"{money(r.added)} more {bought}; {stake}" if r.added else f"Nothing added; {stake}")
        shut = []
        for name, y in self.ROWS.items():
            end, closed, middle = r.end[name], r.closed[name], y + self.DEEP / 2
            inside = end > least
            shown = end if inside else least
            for kind, left, right in (("isolated", max(first, shown), 0), ("free", shown, first), ("cross", shown, 0)):
                if kind in self.bars[name]:
                    _place(self.bars[name][kind], left, right - left)
            self.ends[name].set_data([end, end] if inside else [], [y - 0.03, y + self.DEEP + 0.03] if inside else [])
            text = percent(end, signed=True) if end > -1 + 1e-9 else "no liquidation"
            left = shown > 0.8 * least  # there is place for its name
            self.places[name].set(text=text if inside else f"← {text}", ha="right" if left else "left")
            self.places[name].set_x(shown + (0.03 if left else -0.03) * least)
            shut += [(end, middle)] if closed and inside else []
            state, stake = self.words[name]
            colour = palette.LOSS_TEXT if closed else palette.INK
            state.set(text=f"{'closed' if closed else 'open'}, {money(r.change[name], signed=True)}", color=colour)
            stake.set_text(f"{money(r.stake[name])} at stake")
        self.shut.set_data([x for x, _ in shut], [y for _, y in shut])
        self.now.set_data([r.move, r.move], [0, 1])
        self.mark.set(text=f"price {percent(r.move, signed=True)}", x=r.move)


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
