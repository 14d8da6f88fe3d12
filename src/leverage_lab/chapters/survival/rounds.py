"""Up by a move, then down by the same move, everything staked each time: what is left?"""

from leverage_lab.chapters.leverage.shared import AT_MOST_THE_MARGIN, ENTRY, moved_to
from leverage_lab.leverage import compounded, gain_to_recover, roe
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import apart
from leverage_lab.panelkit.controls import Slider, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, times


def model(leverage, move, pairs):
    """All of $100 staked again and again: up by `move`, then down by `move`."""
    pairs = int(pairs)
    steps = [roe("long", leverage, ENTRY, ENTRY * (1 + (move if i % 2 == 0 else -move))) for i in range(2 * pairs)]
    returns = [max(-1.0, step) for step in steps]
    values = [100 * compounded(returns[:n]) for n in range(len(returns) + 1)]
    spot = [100 * compounded(([move, -move] * pairs)[:n]) for n in range(len(returns) + 1)]
    left, kept = values[-1], spot[-1]
    times_word = "once" if pairs == 1 else f"{pairs} times"
    if left <= 0:
        back = "No gain leads back from $0."
    elif left < 100 * (1 - 1e-12):
        back = f"To be back at $100 takes {percent(gain_to_recover(1 - left / 100), signed=True)}."
    else:
        back = "Nothing moved, nothing is lost."
    return Result(
        values=values,
        spot=spot,
        sentence=(
            f"{percent(move, signed=True)}, then {percent(-move)}, {times_word}, all of it staked at {times(leverage)}"
            f" each time: $100 becomes {money(left)} ({money(kept)} without leverage). {back}"
        ),
    )


def computed(r):
    """What is left: the factor of a rise times that of a fall, once for every round."""
    rise, fall = r.leverage * r.move, 1 - r.leverage * r.move
    shown = f"{plain(r.leverage)} × {percent(r.move)}"
    steps = [
        f"a rise multiplies it by 1 + leverage × move = 1 + {shown} = {plain(1 + rise, 6)}",
        f"a fall multiplies it by 1 − leverage × move = 1 − {shown} = {plain(fall, 6)}",
        f"left = $100 × (rise × fall)^rounds = $100 × ({plain(1 + rise, 6)} × {plain(max(fall, 0), 6)})^{r.pairs}",
        f"= {money(r.values[-1])}",
    ]
    if fall < 0:
        steps.insert(2, f"{AT_MOST_THE_MARGIN}: the fall leaves 0")
    up, down = (call(roe, "long", r.leverage, ENTRY, moved_to(move)) for move in (r.move, -r.move))
    line = f"100 * compounded([{up}, max({down}, -1)] * {r.pairs})"
    return Computed(tuple(steps), line, (compounded, roe), float(r.values[-1]))


class Rounds(Picture):
    """What is left of $100 after rounds of the same move up and down, beside the price that makes them."""

    height = 4.2
    TICKS = ((0, 50, 100, 150, 200), (0, 100, 200, 300, 400), (0, 100, 400, 800, 1200))  # a rise at 20x makes $1,100

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE)
        self.figure.text(0.02, 0.885, "all of it staked on every move", va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.1, 0.16, 0.65, 0.64)
        axes.set_xlabel("moves so far, up and down in turn", **palette.QUIET)
        axes.axhline(100, color=palette.MUTED, linewidth=1)
        marked = {"marker": "o", "markersize": 5, "clip_on": False}
        self.spot = self.add_line(axes, color=palette.MUTED, linewidth=2, linestyle="--", **marked)
        self.path = self.add_line(axes, color=palette.FIRST, linewidth=3, **marked)
        self.spot_name = self.add_text(axes, 0, 0, va="center", **palette.PLAIN | {"color": palette.MUTED})
        self.path_name = self.add_text(axes, 0, 0, va="center", **palette.STRONG | {"color": palette.FIRST})

    def frame(self, r):
        return len(r.values) - 1, next(ticks for ticks in self.TICKS if max(r.values) <= ticks[-1] * (1 + 1e-9))

    def reframe(self, r):
        moves, ticks = self.frame(r)
        self.axes.set(xlim=(0, moves), ylim=(0, ticks[-1]), xticks=(0, moves // 2, moves))
        self.axes.set_yticks(ticks, [money(value) for value in ticks])

    def move(self, r):
        moves, top = len(r.values) - 1, self.axes.get_ylim()[1]
        self.path.set_data(range(moves + 1), r.values)
        self.spot.set_data(range(moves + 1), r.spot)
        own, other = r.values[-1], r.spot[-1]
        gap = 0.09 * top if r.leverage > 1 else 0
        for text, y in zip((self.path_name, self.spot_name), apart([own, other], gap, 0, top)):
            text.set(x=1.03 * moves, y=y)
        self.path_name.set_text(f"{times(r.leverage)}: {money(own)}")
        self.spot_name.set_text(f"price: {money(other)}" if gap else "")
        rounds = "one round" if r.pairs == 1 else f"{r.pairs} rounds"
        self.title.set_text(f"{money(own)} of $100 left after {rounds} at {times(r.leverage)}")
        self.title.set_color(palette.change_colour(round(own - 100, 9)))


rounds = Recipe(
    model,
    Rounds,
    [
        leverage(1, 20, 1),
        Slider("move", "price move", steps(0, 0.5, 0.01), 0.5, "%"),
        Slider("pairs", "rounds", steps(1, 10, 1), 1, whole=True),
    ],
    computed,
)
