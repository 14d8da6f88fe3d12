"""How much of the distance to bankruptcy do maintenance margin and closing fee leave?"""

from matplotlib.collections import LineCollection

from leverage_lab.chapters.liquidation.shared import ENTRY
from leverage_lab.leverage import price_move
from leverage_lab.liquidation import Rules, crossing_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import boxes, fill
from leverage_lab.panelkit.controls import Rate, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, literal, money, percent, plain, times

COLUMNS = (5, 10, 20, 50, 100, 200, 500)


def model(leverage, maintenance, fee):
    """Of the distance to bankruptcy, 1 / leverage, what maintenance and closing fee (of the value at entry) leave."""
    rate, charge = maintenance, fee
    rules = Rules(rate, "entry", charge, "entry")

    def room(rung):
        end = crossing_price("long", ENTRY, 1.0, ENTRY / rung, rules)
        return max(0.0, -price_move(ENTRY, end))

    way, left = 1 / leverage, room(leverage)
    need = rate + charge
    start = f"At {times(leverage)} bankruptcy is {percent(way)} away, {money(way * 10_000)} on a position of $10,000."
    if not need:
        rest = f"Nothing is required: {percent(1)} of that distance is left."
    elif left <= 1e-12:
        rest = (
            f"The exchange requires {percent(need)}, {money(need * 10_000)}, so nothing is left: such a position would"
            " be closed as soon as it is opened."
        )
    else:
        rest = (
            f"The exchange requires {percent(need)}, {money(need * 10_000)}: the position is closed after"
            f" {percent(left)}, {percent(left / way)} of that distance."
        )
    none = f" From {times(1 / need)} on, nothing is left." if need and left > 1e-12 else ""
    return Result(
        way=way, left=left, held=min(rate, way),
        columns={rung: (room(rung) * rung, min(1.0, rate * rung), room(rung)) for rung in COLUMNS},
        sentence=f"{start} {rest}{none}",
    )  # fmt: skip


def computed(r):
    """Of the distance to bankruptcy, the share that is left."""
    need = r.maintenance + r.fee
    way, held, left = (percent(part, decimals=4) for part in (r.way, need, r.way - need))
    if r.left > 1e-12:
        end = f"share of the distance = left / distance = {left} / {way} = {percent(r.left / r.way)}"
    else:
        end = "not above 0: nothing is left, such a position would be closed as soon as it is opened"
    steps = (
        f"distance to bankruptcy = 1 / leverage = 1 / {plain(r.leverage)} = {way}",
        f"required = maintenance rate + closing fee = {percent(r.maintenance)} + {percent(r.fee)} = {held}",
        f"left = distance − required = {way} − {held} = {left}",
        end,
    )
    rules = call(Rules, r.maintenance, "entry", r.fee, "entry")
    end = call(crossing_price, "long", ENTRY, 1, ENTRY / r.leverage, rules)
    line = f"max(0, -{call(price_move, ENTRY, end)} * {literal(r.leverage)})"
    return Computed(steps, line, (crossing_price, price_move, Rules), float(r.left / r.way))


class WayLeft(Picture):
    """Of the distance to bankruptcy, the part that is left before liquidation: one column for each leverage."""

    height = 4.3

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE)
        under = "each column: the distance from entry to bankruptcy, on its own scale"
        self.figure.text(0.02, 0.885, under, va="top", **palette.QUIET)
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.77))
        axes.set(xlim=(-0.62, 7.85), ylim=(-1.32, 0.12))
        axes.axis("off")
        axes.text(-0.6, 0.04, "entry", va="bottom", **palette.QUIET)
        axes.plot([-0.6, 7.8], [0, 0], color=palette.MUTED, linewidth=1.5)
        axes.plot([-0.6, 7.8], [-1, -1], color=palette.LOSS, linewidth=2, linestyle=":")
        # One artist for all columns of a kind; the last column is the learner's own.
        self.places = [*((place, 0.46) for place in range(len(COLUMNS))), (7.3, 0.5)]
        self.rooms = boxes(self, axes, **palette.ROOM_BAR)
        self.helds = boxes(self, axes, facecolor=palette.PAPER, edgecolor=palette.LOSS, hatch=palette.HELD, linewidth=1)
        self.fees = boxes(self, axes, facecolor=palette.MUTED)
        self.lines = self.moving(axes.add_collection(LineCollection([], colors=palette.LOSS, linewidths=3)))
        under = {"ha": "center", "va": "top"}
        end = palette.QUIET | {"color": palette.LOSS_TEXT} | under
        own = {"color": palette.FIRST, "ha": "center"}
        for (x, _), rung in zip(self.places, COLUMNS, strict=False):
            axes.text(x, -1.06, f"−{percent(1 / rung)}", **end)
            axes.text(x, -1.19, times(rung), **palette.STRONG | under)
        self.words = [
            self.add_text(axes, x, 0, ha="center", va="center", fontsize=11, color=palette.INK, bbox=palette.GROUND)
            for x, _ in self.places
        ]
        self.own_end = self.add_text(axes, 7.3, -1.06, **end)
        self.own_name = self.add_text(axes, 7.3, -1.19, **palette.STRONG | under | own)
        axes.text(7.3, 0.04, "yours", fontsize=palette.SMALL, fontweight="bold", va="bottom", **own)

    def move(self, r):
        left = r.left / r.way
        parts = [*r.columns.values(), (left, r.held / r.way, r.left)]
        rooms, helds, fees, lines = [], [], [], []
        for (x, half), (room, held, distance), word in zip(self.places, parts, self.words):
            fee = -1 + max(0.0, 1 - room - held)
            for group, low, high in ((rooms, -room, 0), (helds, fee, fee + held), (fees, -1, fee)):
                if high - low > 1e-9:
                    group.append((x - half, low, x + half, high))
            lines.append([(x - half, -room), (x + half, -room)])
            word.set(
                text=f"−{percent(distance)}" if room > 1e-9 else "none", y=-room / 2 if room > 0.14 else -room - 0.1
            )
        for kind, among in ((self.rooms, rooms), (self.helds, helds), (self.fees, fees)):
            fill(kind, among)
        self.lines.set_segments(lines)
        self.own_end.set_text(f"−{percent(r.way)}")
        self.own_name.set_text(times(r.leverage))
        self.title.set_text(
            f"{times(r.leverage)}: {percent(left)} of the distance is left"
            if left > 1e-9
            else f"{times(r.leverage)}: nothing of the distance is left"
        )


way_left = Recipe(
    model,
    WayLeft,
    [
        leverage(2, 500, 500),
        Rate("maintenance", "maintenance", steps(0, 0.01, 0.0005), 0.001, "%"),
        Rate("fee", "closing fee", steps(0, 0.001, 0.0001), 0, "%"),
    ],
    computed,
)
