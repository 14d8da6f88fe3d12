"""How far does the price have to go until each exchange liquidates the same trade?"""

import numpy as np

from leverage_lab.chapters.exchanges.shared import Rows, _left_out, entry_price, rules_of, trades, trades_dates
from leverage_lab.checks import sign
from leverage_lab.leverage import pnl, quantity
from leverage_lab.liquidation import closing_fee, maintenance_margin
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.charts import boxes
from leverage_lab.panelkit.controls import leverage, margin, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import amount, call, money, percent, price


def model(side, margin, leverage):
    """The liquidation prices of the same trade, as a share of the distance from the entry to the bankruptcy price."""
    found = trades(side, margin, leverage)
    known = [t for t in found if t.distance is not None]
    broke = -sign(side) / leverage
    head = (
        f"A {side} of {money(margin * leverage)} with {money(margin)} of margin, opened at {price(entry_price())}: the"
        f" margin is used up at {percent(broke, signed=True)}"
    )
    near, far = (pick(known, key=lambda t: abs(t.distance), default=None) for pick in (min, max))
    if not known:
        told = f"{head}; none of the eight is known to allow it."
    elif near is far:
        told = f"{head}; liquidation comes at {percent(near.distance, signed=True)} ({near.name}, {money(near.end)})."
    else:
        told = (
            f"{head}; liquidation comes between {percent(near.distance, signed=True)} ({near.name}, {money(near.end)})"
            f" and {percent(far.distance, signed=True)} ({far.name}, {money(far.end)})."
        )
    return Result(
        trades=found, shares={t.name: t.distance / broke for t in known}, side=side, margin=margin, leverage=leverage,
        bankruptcy=entry_price() * (1 + broke), room=1 / leverage, known=known, near=near, far=far,
        dates=trades_dates(found, ends=True),
        sentence=told + _left_out(found, "distance"),
    )  # fmt: skip


def computed(r):
    """The exchange that liquidates first: there margin + PnL has fallen to what it requires."""
    every = f"for t in {call(trades, r.side, r.margin, r.leverage)} if t.distance is not None"
    python, first = f"min((abs(t.distance) {every}), default=None)", r.near
    rule = "liquidation price: where margin + PnL = maintenance margin + closing fee"
    if first is None:
        return Computed((rule, "none of the eight is known to allow this trade: no price"), python, (trades,), None)
    rules, entry, end = rules_of(first.name), entry_price(), first.end
    coins = quantity(r.margin, r.leverage, entry)
    loss = -pnl(r.side, coins, entry, end)
    valued = entry if rules.maintenance_basis == "entry" else end
    keep = maintenance_margin(coins, valued, rules)
    fee = closing_fee(r.side, entry, coins, first.needed, end, rules)
    rate = percent(keep / (coins * valued), decimals=4)
    was, now, reserve = price(entry), price(end), " with the reserve for closing" * (first.needed > r.margin)
    return Computed(
        steps=(
            f"{rule}; first at {first.name}",
            f"quantity = position / entry = {money(r.margin * r.leverage)} / {was} = {amount(coins, 'BTC')}",
            f"loss at {now} = quantity × distance = {amount(coins, 'BTC')} × {price(abs(entry - end))} = {money(loss)}",
            f"margin{reserve} − loss = {money(first.needed)} − {money(loss)} = {money(first.needed - loss)}",
            f"maintenance margin + closing fee = {rate} × {money(coins * valued)} + {money(fee)} = {money(keep + fee)}",
            f"price move = {now} / {was} − 1 = {percent(first.distance, signed=True)}",
        ),
        python=python,
        uses=(trades,),
        number=abs(float(first.distance)),
    )


class Ends(Rows):
    """Where each exchange liquidates, between the entry and the bankruptcy price."""

    under = "blue: distance to liquidation · hatched: kept for maintenance and closing"
    refused = "{}"
    box = (0.145, 0.175, 0.49, 0.575)

    def draw(self):
        self.head()
        self.rows()
        axes = self.axes
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [percent(part) for part in (0, 0.25, 0.5, 0.75, 1)])
        self.axes.set_xlabel("share of the distance from the entry to the bankruptcy price", **palette.QUIET)
        axes.axvline(0, color=palette.MUTED, linewidth=1.5)
        axes.axvline(1, color=palette.LOSS, linewidth=2, linestyle=":", clip_on=False)
        top = self.box[1] + self.box[3] + 0.03
        self.figure.text(self.box[0], top, f"entry {money(entry_price())}", ha="left", **palette.QUIET)
        self.broke = self.add_text(
            self.figure,
            self.box[0] + self.box[2] + 0.005,
            top,
            "",
            ha="right",
            fontsize=palette.SMALL,
            color=palette.LOSS_TEXT,
        )
        self.figure.text(0.98, top, "liquidation", ha="right", fontsize=palette.SMALL, color=palette.LOSS_TEXT)
        self.rooms = boxes(self, axes, **palette.ROOM_BAR)
        self.kept = boxes(self, axes, facecolor=palette.PAPER, edgecolor=palette.LOSS, hatch=palette.HELD)
        self.marks = self.add_line(axes, color=palette.LOSS, linewidth=4, solid_capstyle="butt")

    def move(self, r):
        self.broke.set_text(f"bankruptcy {money(r.bankruptcy)}")
        marks, shares = [], {}
        for row, t in enumerate(r.trades):
            missing = t.distance is None
            self.label(row, t, missing, "" if missing else f"{percent(t.distance, signed=True)}  {money(t.end)}")
            if not missing:
                share = shares[row] = r.shares[t.name]
                marks += [(share, row - 0.36), (share, row + 0.36), (np.nan, np.nan)]
        self.fill(self.rooms, {row: (0, share) for row, share in shares.items()})
        self.fill(self.kept, {row: (share, 1) for row, share in shares.items()})
        self.fill(
            self.blank, {row: (0, 1) for row, t in enumerate(r.trades) if t.distance is None and t.offered is not False}
        )
        self.marks.set_data([x for x, _ in marks], [y for _, y in marks])
        if not r.known:
            self.title.set_text("No exchange of the eight is known to allow it")
        elif r.near is r.far:
            self.title.set_text(f"One exchange only: liquidated at {percent(r.near.distance, signed=True)}")
        else:
            self.title.set_text(
                f"Liquidated between {percent(r.near.distance, signed=True)} and {percent(r.far.distance, signed=True)}"
            )


ends = Recipe(model, Ends, [side(), margin(100_000, 100), leverage(2, 500, 50)], computed)
