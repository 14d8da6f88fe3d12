"""What can one long lose, isolated and cross?"""

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import (
    MODES,
    NAME,
    _bar,
    _cents,
    _change,
    _ends,
    _gone,
    _moved,
    _place,
    bet,
    ends_of,
    in_both_modes,
    moved_to,
    opened,
)
from leverage_lab.margin import liquidate, walk
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline
from leverage_lab.panelkit.controls import Slider, ladder, leverage, margin, move
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, literal, money, percent, times


# --- one position, two modes ----------------------------------------------------------------------
def model(account, margin, leverage, move):
    """One wallet, one long: what isolated and what cross loses at a price."""
    now = {"X": ENTRY * (1 + move)}
    r = Result(account=account, margin=margin, leverage=leverage, move=move, change={}, closed={}, end={})
    for mode in MODES:
        before = opened(account, bet("X", "long", margin * leverage, leverage, mode))
        after, events = liquidate(before, now)
        r.change[mode] = _cents(after.equity(now) - account)
        r.closed[mode] = bool(events)
        r.end[mode] = ends_of(before)["X", "long"]
    r.paper = _cents(before.unrealised(now))
    told = [
        f"{mode.capitalize()}: {'closed' if r.closed[mode] else 'still open'}, {_change(r.change[mode], account)}"
        f" (liquidation {_ends(r.end[mode])})."
        for mode in MODES
    ]
    r.sentence = (
        f"{money(margin)} at {times(leverage)} is a position of {money(margin * leverage)} on a wallet of"
        f" {money(account)}. {_moved('The price', move)}: {money(r.paper, signed=True)} on paper. {' '.join(told)}"
    )
    return r


def computed(r):
    """Where both end, and what both have lost at this price."""
    value, moves = r.margin * r.leverage, dict.fromkeys(MODES, r.move)
    steps = in_both_modes("long", r.margin, r.leverage, r.account, r.closed, moves)
    account = call(opened, r.account, call(bet, "X", "long", value, r.leverage, "cross"))
    line = f'float(walk({account}, {{"X": [{literal(moved_to(r.move))}]}}).equity[-1]) - {literal(r.account)}'
    return Computed(steps, line, (walk, opened, bet), -r.account if r.closed["cross"] else value * r.move)


class TwoModes(Picture):
    """The wallet as a bar, twice: behind a wall in isolated mode, as one piece in cross mode."""

    height = 4.3
    FULL, DEEP = 0.82, 0.24  # width of the wallet (a gain has the rest), height of a bar
    ROWS = {"isolated": 0.62, "cross": 0.11}
    INSIDE = {"isolated": "behind the wall: not touched", "cross": "all of it backs the position"}

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, isolated", "wallet, cross"))
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.76))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        self.bars, self.words, self.inside = {}, {}, {}
        for mode, y in self.ROWS.items():
            axes.text(0, y + self.DEEP + 0.02, mode, va="bottom", **palette.STRONG | {"color": NAME[mode]})
            _bar(self, axes, "free" if mode == "isolated" else "cross", y, self.DEEP, 0, self.FULL, moving=False)
            self.bars[mode] = {kind: _bar(self, axes, kind, y, self.DEEP) for kind in ("isolated", "lost", "gain")}
            self.inside[mode] = self.add_text(
                axes,
                self.FULL - 0.015,
                y + self.DEEP / 2,
                self.INSIDE[mode],
                ha="right",
                va="center",
                bbox=palette.GROUND,
                **palette.PLAIN,
            )
            above, below = (y + self.DEEP + 0.02, "bottom"), (y - 0.03, "top")
            self.words[mode] = [
                self.add_text(axes, x, level, "", fontsize=palette.NORMAL, va=va, ha=ha)
                for x, (level, va), ha in (
                    (0.165, above, "left"),
                    (self.FULL, above, "right"),
                    (0, below, "left"),
                    (self.FULL, below, "right"),
                )
            ]
        self.wall = self.add_line(axes, color=palette.INK, linewidth=5, solid_capstyle="butt")
        self.set_aside = self.add_line(axes, color=palette.INK, linewidth=2, linestyle=":")

    def move(self, r):
        self.headline.show(r.move, *(r.change[mode] / r.account for mode in self.ROWS))
        unit = self.FULL / r.account
        locked = r.margin * unit
        for mode, bars in self.bars.items():
            change = r.change[mode] * unit
            _place(bars["isolated"], 0, locked if mode == "isolated" else 0)
            _place(bars["lost"], 0, -change)
            _place(bars["gain"], self.FULL, min(change, 1 - self.FULL))
            used = max(locked if mode == "isolated" else 0, -change)
            self.inside[mode].set_visible(used < self.FULL - (0.38 if mode == "isolated" else 0.48))
            state, where, left, right = self.words[mode]
            state.set(
                text="closed" if r.closed[mode] else "open", color=palette.LOSS_TEXT if r.closed[mode] else palette.INK
            )
            end = r.end[mode]
            where.set_text(
                f"liquidation at {percent(end, signed=True)}" if end > -1 + 1e-9 else "no liquidation before 0"
            )
            left.set(text=_gone(r.change[mode]), color=palette.change_colour(r.change[mode]))
            right.set_text(f"now {money(r.account + r.change[mode])}")
        low, high = self.ROWS["isolated"], self.ROWS["isolated"] + self.DEEP
        self.wall.set_data([locked, locked], [low - 0.02, high + 0.02])
        low, high = self.ROWS["cross"], self.ROWS["cross"] + self.DEEP
        self.set_aside.set_data([locked, locked], [low, high])


two_modes = Recipe(
    model,
    TwoModes,
    [
        Slider("account", "wallet", ladder(750, 5000), 1000, "$"),
        margin(500, 100),
        leverage(1, 100, 20),
        move(-0.95, 0.2, 0.01, -0.15),
    ],
    computed,
)
