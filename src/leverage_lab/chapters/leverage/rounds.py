"""Up by a move, then down by the same move, everything staked each time: what is left?"""

from leverage_lab.chapters.leverage.shared import AT_MOST_THE_MARGIN, ENTRY, moved_to
from leverage_lab.leverage import compounded, gain_to_recover, roe
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
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
        back = "From $0 no gain leads back."
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
    """What is left of $100 after rounds of the same move up and down."""

    height = 4.2

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.FIGURE)
        self.figure.text(0.02, 0.865, "left of $100, all of it staked every time", va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.1, 0.16, 0.7, 0.6)
        axes.set(xlim=(0, 20), ylim=(0, 200), xticks=range(0, 21, 4))
        axes.set_yticks([0, 50, 100, 150, 200], ["$0", "$50", "$100", "$150", "$200"])
        axes.set_xlabel("moves so far, up and down by turns", **palette.QUIET)
        axes.axhline(100, color=palette.MUTED, linewidth=1)
        self.spot = self.add_line(axes, color=palette.MUTED, linewidth=2, linestyle="--")
        self.path = self.add_line(axes, color=palette.FIRST, linewidth=3, marker="o", markersize=5)
        name = {"va": "center", "bbox": palette.GROUND}
        self.spot_name = self.add_text(axes, 0, 0, **palette.PLAIN | name | {"color": palette.MUTED})
        self.path_name = self.add_text(axes, 0, 0, **palette.STRONG | name | {"color": palette.FIRST})

    def move(self, r):
        self.path.set_data(range(len(r.values)), r.values)
        self.spot.set_data(range(len(r.spot)), r.spot)
        end, own, other = len(r.values) - 1 + 0.4, r.values[-1], r.spot[-1]
        apart = 9 if abs(own - other) < 18 else 0
        self.path_name.set(x=end, y=own - apart, text=f"{times(r.leverage)}: {money(own)}")
        self.spot_name.set(x=end, y=other + apart, text="" if r.leverage == 1 else f"1x: {money(other)}")
        self.title.set_text(f"{money(own)} left")
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
