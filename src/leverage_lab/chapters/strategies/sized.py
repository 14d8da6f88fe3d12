"""How large may a position be if its stop may cost this share of the account?"""

from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.strategies.shared import RATE, TAKER, Figures
from leverage_lab.leverage import initial_margin
from leverage_lab.liquidation import Rules
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Rate, Slider, ladder, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.strategies import size_from_risk, stop_check
from leverage_lab.words import call, money, percent, plain, times


# --- size from risk
def model(account, leverage, risk, stop):
    """A long so large that its stop costs `risk` of the account; leverage only decides how much margin it needs."""
    size = size_from_risk("long", account, risk, ENTRY, ENTRY * (1 - stop), TAKER, TAKER)
    locked = initial_margin(size.quantity, ENTRY, leverage)
    check = stop_check("long", ENTRY, ENTRY * (1 - stop), size.quantity, locked, Rules(RATE, "entry"))
    fits, stopped = locked <= account, check.first == "stop"
    if not fits:
        end = (
            f"At {times(leverage)} it would need {money(locked)} of margin, more than there is: this trade does not fit"
            " into this account."
        )
    elif stopped:
        end = (
            f"At {times(leverage)} it needs {money(locked)} of margin, {percent(locked / account)} of the account;"
            f" liquidation is {percent(check.liquidation_distance)} away, behind the stop."
        )
    else:
        end = (
            f"At {times(leverage)} it needs {money(locked)} of margin, {percent(locked / account)} of the account, but"
            f" liquidation is only {percent(check.liquidation_distance)} away, before the stop: the stop never fires."
        )
    return Result(
        risk=risk * account, notional=size.notional, fees=size.fees, locked=locked,
        liquidation=check.liquidation_distance, fits=fits, stopped=stopped,
        sentence=(
            f"{percent(risk)} of {money(account)} is {money(risk * account)}. With the stop {percent(stop)} away,"
            f" that allows a position of {money(size.notional)}: {money(size.price_loss)} for the price move and"
            f" {money(size.fees)} for both fees. {end}"
        ),
    )  # fmt: skip


def computed(r):
    """The position: what may be lost, divided by what each of its dollars loses at the stop."""
    share, fee, stop = round(r.risk / r.account, 12), percent(TAKER), percent(r.stop, decimals=4)
    each = percent(r.risk / r.notional, decimals=6)
    return Computed(
        steps=(
            "position = risk × account / loss of each of its dollars at the stop",
            f"risk × account = {percent(share, decimals=4)} × {money(r.account)} = {money(r.risk)}",
            "loss of each dollar = stop distance + fee to open + fee to close × (1 − stop distance)",
            f"= {stop} + {fee} + {fee} × (1 − {stop}) = {each}",
            f"position = {money(r.risk)} / {each} = {money(r.notional)}",
            f"margin = position / leverage = {money(r.notional)} / {plain(r.leverage, 4)} = {money(r.locked)}"
            + ("" if r.fits else ", more than there is"),
        ),
        python=call(size_from_risk, "long", r.account, share, ENTRY, ENTRY * (1 - r.stop), TAKER, TAKER) + ".notional",
        uses=(size_from_risk,),
        number=float(r.notional),
    )


class Sized(Picture):
    """The account as one bar with the margin and what is at risk; below, how far stop and liquidation are."""

    height = 4.4

    def draw(self):
        self.figures = Figures(self, ("at risk", "position", "margin"))
        axes = self.axes = self.figure.add_axes((0.02, 0.42, 0.96, 0.36))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        axes.text(0, 0.98, "your account", va="top", **palette.QUIET)
        self.account = self.add_text(axes, 1, 0.98, "", ha="right", va="top", **palette.STRONG)
        axes.add_patch(Rectangle((0, 0.48), 1, 0.3, **palette.ROOM_BAR))
        self.locked = self.add_bar(
            axes, 0, 0.48, 0, 0.3, facecolor=palette.FIRST, edgecolor=palette.BORROWED, hatch=palette.HELD, linewidth=0
        )
        self.lost = self.add_bar(axes, 0, 0.3, 0, 0.14, **palette.LOSS_BAR)
        self.cost = self.add_text(axes, 0, 0.24, "", va="top", fontsize=palette.SMALL, color=palette.LOSS_TEXT)
        self.free = self.add_text(axes, 1, 0.24, "", ha="right", va="top", **palette.QUIET)
        ruler = self.ruler = self.add_chart(0.06, 0.14, 0.9, 0.2, grid="x")
        ruler.set(xscale="log", xlim=(0.004, 1.1), ylim=(0, 1), yticks=[])
        ruler.xaxis.set_minor_locator(NullLocator())
        ruler.set_xticks(
            [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
            [percent(-x) for x in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)],
        )
        ruler.set_xlabel("distance from the entry (to the right the price falls)", labelpad=2, **palette.QUIET)
        self.stop = self.add_line(ruler, color=palette.INK, linewidth=2.5, linestyle="-.")
        self.end = self.add_line(ruler, color=palette.LOSS, linewidth=4)
        above = palette.STRONG | {"va": "bottom"}
        self.stop_name = self.add_text(ruler, 0, 1.05, "stop", **above)
        self.end_name = self.add_text(ruler, 0, 1.05, "liquidation", **above | {"color": palette.LOSS_TEXT})

    def move(self, r):
        self.figures.show(
            (money(r.risk), palette.LOSS_TEXT),
            (money(r.notional), palette.INK),
            (money(r.locked) if r.fits else "too much", palette.FIRST if r.fits else palette.LOSS_TEXT),
        )
        self.account.set_text(money(r.account))
        self.locked.set_width(min(r.locked / r.account, 1))
        self.lost.set_width(r.risk / r.account)
        self.cost.set_text("what the stop costs" if r.stopped else "planned; the stop never fires")
        self.free.set_text(f"free: {money(r.account - r.locked)}" if r.fits else "nothing is free")
        self.stop.set_data([r.stop, r.stop], [0, 1])
        self.end.set_data([r.liquidation, r.liquidation], [0, 1])
        # The nearer one's name stands to the left of its line, the other's to the right.
        low, high = (self.stop_name, self.end_name) if r.stopped else (self.end_name, self.stop_name)
        near, far = sorted((r.stop, r.liquidation))
        left = near > 0.012  # room for a word at the left edge
        low.set(x=near * (0.97 if left else 1), ha="right" if left else "left")
        right = far < 0.25
        high.set(x=far * (1.03 if right else 1), ha="left" if right else "right")
        if not left and far < near * 3.2:
            high.set(x=near * 3.2, ha="left")


sized = Recipe(
    model,
    Sized,
    [
        Slider("account", "account", ladder(100, 10_000), 1000, "$"),
        leverage(1, 100, 5),
        Rate("risk", "risk a trade", steps(0.005, 0.05, 0.005), 0.01, "%"),
        Rate(
            "stop",
            "stop distance",
            (0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1),
            0.02,
            "%",
        ),
    ],
    computed,
)
