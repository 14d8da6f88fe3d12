"""Why is a position closed before its whole margin is lost?"""

from leverage_lab.chapters.liquidation.shared import ENTRY, FEE, MAINTENANCE
from leverage_lab.leverage import pnl, price_move, quantity
from leverage_lab.liquidation import Rules, bankruptcy_price, closing_fee, liquidation_price, maintenance_margin
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline, apart
from leverage_lab.panelkit.controls import Choice, Slider, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, price, times

MARGIN, ACCOUNT = 500.0, 2000.0
OFF, ON = "off", "on"
# Finer near the entry, so that every leverage has steps on its way down.
FALLS = (*steps(-0.3, -0.1, 0.025), *steps(-0.095, -0.03, 0.005), *steps(-0.0275, -0.01, 0.0025))
FALLS += (*steps(-0.009, 0.002, 0.001), 0.005, 0.01)


def switched(maintenance, fee):
    """Rules with maintenance and closing fee, both on the value at the price sought, each on or off."""
    return Rules(MAINTENANCE if maintenance == ON else 0.0, "mark", FEE, "mark" if fee == ON else "none")


def model(leverage, move, maintenance, fee):
    """A long of $500 margin: what is required, and the price at which no more than that is left."""
    rules, now = switched(maintenance, fee), ENTRY * (1 + move)
    coins = quantity(MARGIN, leverage, ENTRY)
    ends = liquidation_price("long", ENTRY, coins, MARGIN, rules)
    closed = now <= ends * (1 + 1e-12)
    at = ends if closed else now
    lost = -pnl("long", coins, ENTRY, at)
    held = maintenance_margin(coins, ends, rules)
    paid = closing_fee("long", ENTRY, coins, MARGIN, ends, rules)
    change = (
        f"That is {percent(-lost / MARGIN, signed=True)} of the margin, {percent(-lost / ACCOUNT, signed=True)} of the"
        f" {money(ACCOUNT)} account"
    )
    names = " and ".join(["maintenance margin"] * (maintenance == ON) + ["closing fee"] * (fee == ON))
    must = f"The exchange requires {money(held + paid)} for {names}" if names else "Nothing is required"
    line = f"{must}, so the liquidation price is {'' if names else 'the bankruptcy price, '}{price(ends)},"
    line += f" {percent(price_move(ENTRY, ends), signed=True)}."
    if closed:
        there = f"with {money(MARGIN - lost) if names else 'nothing'} of the {money(MARGIN)} left"
        happened = f"The price has fallen {percent(-move)}: the position is closed at the liquidation price, {there}."
    else:
        word = "has not moved" if move == 0 else f"has {'risen' if move > 0 else 'fallen'} {percent(abs(move))}"
        happened = (
            f"The price {word}: the position is open. {money(MARGIN - lost)} is left, of which"
            f" {money(MARGIN - lost - held - paid)} can still be lost."
        )
    return Result(
        now=now, ends=ends, bankrupt=bankruptcy_price("long", ENTRY, coins, MARGIN), closed=closed,
        lost=max(lost, 0.0), gained=max(-lost, 0.0), held=held, paid=paid, room=MARGIN - lost - held - paid,
        headline=(move, -lost / MARGIN, -lost / ACCOUNT),
        sentence=(
            f"{money(MARGIN)} at {times(leverage)} is a long of {money(MARGIN * leverage)}. {line} {happened} {change}."
        ),
    )  # fmt: skip


def computed(r):
    """The liquidation price: the price at which only as much of the margin is left as is required."""
    coins, rate, fee = quantity(MARGIN, r.leverage, ENTRY), MAINTENANCE * (r.maintenance == ON), FEE * (r.fee == ON)
    filled = f"{money(MARGIN)} × {plain(r.leverage)} / {price(ENTRY)}"
    steps = (
        f"quantity = margin × leverage / entry = {filled} = {plain(coins, 6)} coins",
        "liquidation price = (entry − margin / quantity) / (1 − maintenance rate − closing fee)",
        f"= ({price(ENTRY)} − {money(MARGIN)} / {plain(coins, 6)}) / (1 − {percent(rate)} − {percent(fee)})",
        f"= {price(r.ends)}, {percent(price_move(ENTRY, r.ends), signed=True)} from the entry",
    )
    of = call(quantity, MARGIN, r.leverage, ENTRY)
    line = call(liquidation_price, "long", ENTRY, of, MARGIN, call(Rules, rate, "mark", fee, "mark"))
    return Computed(steps, line, (liquidation_price, quantity, Rules), float(r.ends))


class ClosedEarly(Picture):
    """The price between entry and bankruptcy, and beside it, on the same scale, the margin."""

    height = 4.7

    def draw(self):
        self.headline = Headline(self, ("price", "return on margin", "account"))
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.74))
        axes.set(xlim=(0, 1), ylim=(-1.13, 0.13))
        axes.axis("off")
        axes.axhspan(-1.13, -1, 0, 0.51, facecolor=palette.LOST_GROUND, edgecolor="none")
        axes.plot([0, 0.51], [0, 0], color=palette.MUTED, linewidth=1.5)
        word = palette.PLAIN | {"va": "center"}
        quiet, loss = (word | {"color": colour} for colour in (palette.MUTED, palette.LOSS_TEXT))
        axes.text(0.51, 0.05, f"entry {price(ENTRY)}", ha="right", parse_math=False, **quiet)
        axes.plot([0, 0.51], [-1, -1], color=palette.LOSS, linewidth=2, linestyle=":")
        self.bankrupt = self.add_text(axes, 0.51, -1.065, "", ha="right", **loss)
        hatched = {"facecolor": palette.PAPER, "edgecolor": palette.LOSS, "hatch": palette.HELD}
        self.band = self.add_bar(axes, 0, -1, 0.51, 0, linewidth=0, **hatched)
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.ends = self.add_text(axes, 0.51, 0, "", ha="right", fontweight="bold", **loss)
        self.path = self.add_line(axes, color=palette.INK, linewidth=3.5)
        self.after = self.add_line(axes, color=palette.INK, linewidth=1.5, linestyle=":")
        self.dot = self.add_line(axes, color=palette.INK, marker="o", markersize=11)
        self.now = self.add_text(axes, 0.05, 0, "", va="center", **palette.STRONG)
        # The margin: the same height as the distance from entry to bankruptcy.
        self.lost = self.add_bar(axes, 0.55, 0, 0.12, 0, **palette.LOSS_BAR)
        self.room = self.add_bar(axes, 0.55, 0, 0.12, 0, **palette.ROOM_BAR)
        self.held = self.add_bar(axes, 0.55, -1, 0.12, 0, linewidth=1.5, **hatched)
        self.fee = self.add_bar(axes, 0.55, -1, 0.12, 0, facecolor=palette.MUTED, linewidth=0)
        self.shut = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        axes.text(0.55, 0.05, f"margin {money(MARGIN)}", parse_math=False, **quiet)
        self.words = [self.add_text(axes, 0.695, 0, "", **word) for _ in range(4)]

    def move(self, r):
        self.headline.show(*r.headline)
        lost, fee, need = min(r.lost / MARGIN, 1), r.paid / MARGIN, (r.held + r.paid) / MARGIN
        line, now = need - 1, min(max(r.move * r.leverage, -1.11), 0.1)  # one margin is the height 1
        self.bankrupt.set_text(f"bankruptcy {price(r.bankrupt)}")
        self.band.set_height(need)
        self.line.set_data([0, 0.51], [line, line])
        self.ends.set(text=f"liquidation {price(r.ends)}", y=line + 0.055)
        stop = max(now, line) if r.closed else now
        self.path.set_data([0.03, 0.03], [0, stop])
        self.after.set_data([0.03, 0.03], [stop, now])
        self.dot.set(data=([0.03], [now]), marker="o" if -1.11 < now < 0.1 else "v" if now < 0 else "^")
        # Its price stands beside the dot, but clear of the words at the lines.
        y = now if now > -0.1 or now < line - 0.1 else max(now, line + 0.16)
        self.now.set(text=price(round(r.now)), y=-1.065 if y < -0.93 else 0.05 if y > -0.09 else y)
        self.lost.set(y=-lost, height=lost)
        self.room.set(y=line, height=max(0.0, -lost - line), visible=-lost > line)
        self.held.set(y=fee - 1, height=need - fee)
        self.fee.set_height(fee)
        self.shut.set_data([0.535, 0.685] if r.closed else [], [line, line] if r.closed else [])
        room = 0.0 if r.closed else max(r.room, 0.0)
        parts = [  # from the bottom up: where, what, colour
            (fee / 2 - 1, f"closing fee {money(r.paid)}" if fee else "", palette.MUTED),
            ((need + fee) / 2 - 1, f"maintenance {money(r.held)}" if r.held else "", palette.LOSS_TEXT),
            ((line - lost) / 2, f"can be lost {money(room)}", palette.INK),
            (-lost / 2, f"lost {money(r.lost)}" if lost > 0.001 else "", palette.LOSS_TEXT),
            (-0.02, f"gained {money(r.gained)}" if r.gained else "", palette.GAIN_TEXT),
        ]
        parts = [part for part in parts if part[1]]
        places = apart([y for y, _, _ in parts], 0.1, -1.06, -0.05)
        for text, (_, words, colour), y in zip(self.words, parts, places, strict=False):
            text.set(text=words, color=colour, y=y)
        for text in self.words[len(parts) :]:
            text.set_text("")


closed_early = Recipe(
    model,
    ClosedEarly,
    [
        leverage(2, 150, 20),
        Slider("move", "price move", FALLS, -0.03, "%"),
        Choice("maintenance", "maintenance", (OFF, ON), OFF),
        Choice("fee", "closing fee", (OFF, ON), OFF),
    ],
    computed,
)
