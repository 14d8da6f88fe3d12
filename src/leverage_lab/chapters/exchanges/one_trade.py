"""What does the same trade cost on each of the eight exchanges while the price stands still?"""

from matplotlib.patches import Rectangle

from leverage_lab.chapters.exchanges.shared import Rows, _left_out, trade, trades_dates
from leverage_lab.exchanges import COURSE
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.charts import boxes
from leverage_lab.panelkit.controls import Choice, Slider, leverage, margin, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, plain, times

SORTS = ("cost", "name")


def model(margin, leverage, days, by):
    """What the trade costs at the eight exchanges while the price stands still, as a share of the margin."""
    trades = [trade(name, "long", margin, leverage, days) for name in COURSE]
    key = (
        (lambda t: t.name.lower())
        if by == "name"
        else (lambda t: (t.gone is None, t.offered is False, t.gone or 0, -(t.used_up or 0)))
    )
    known = [t for t in trades if t.gone is not None and t.offered]
    value = margin * leverage
    day = "1 day" if days == 1 else f"{plain(days)} days"
    head = (
        f"Long, {money(margin)} at {times(leverage)}, a position of {money(value)}, in and out at once"
        if days == 0
        else (f"Long, {money(margin)} at {times(leverage)}, a position of {money(value)}, held {day}")
    )
    low, high = (pick(known, key=lambda t: t.gone, default=None) for pick in (min, max))
    spent = [t for t in known if t.used_up is not None]
    if not known:
        told = f"{head}: none of the eight is known to allow it."
    elif high.gone - low.gone < 1e-9:
        told = (
            f"{head}, price unchanged: {money(low.gone * margin)} ({_alike(known, low, 'gone')}, {percent(low.gone)} of"
            " the margin)"
        )
    else:
        told = (
            f"{head}, price unchanged: from {money(low.gone * margin)} ({_alike(known, low, 'gone')},"
            f" {percent(low.gone)} of the margin) to {money(high.gone * margin)} ({_alike(known, high, 'gone')},"
            f" {percent(high.gone)})"
        )
    if spent and len(spent) == len(known):
        told += "."
    elif known:
        told += f", of that funding {money(next(t for t in known if t.used_up is None).funding)}."
    if spent:
        last = max(spent, key=lambda t: t.used_up)
        told += (
            f" Where all of the margin is gone, it is gone by day {plain(last.used_up, 1, 1)} at the latest; the"
            " position is liquidated before that, for something must remain, and no more than the margin can be lost."
        )
    return Result(
        trades=sorted(trades, key=key), margin=margin, leverage=leverage, days=days, value=value, by=by, known=known,
        low=low, high=high, dates=trades_dates(trades, cost=True, funding=days > 0),
        sentence=told + _left_out(trades, "gone"),
    )  # fmt: skip


def _alike(trades, one, field):
    """The names of all that share a value: none stands for the others."""
    *names, last = (t.name for t in trades if abs(getattr(t, field) - getattr(one, field)) < 1e-9)
    return f"{', '.join(names)} and {last}" if names else last


PARTS = (
    ("fee in", "xx", palette.LOSS, palette.PAPER),
    ("fee out", "\\\\\\", palette.LOSS, palette.PAPER),
    ("funding", "", palette.LOST_GROUND, palette.LOSS),
)


class Costs(Rows):
    """What is gone of the margin, exchange by exchange, while the price stands still."""

    under = "of the margin:"
    SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)

    def draw(self):
        self.head()
        self.rows()
        for place, (word, hatch, face, edge) in enumerate(PARTS):
            x, y = 0.2 + 0.16 * place, 1 - 0.6 / self.height
            self.figure.add_artist(
                Rectangle(
                    (x, y), 0.035, 0.032, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0 if hatch else 1
                )
            )
            self.figure.text(x + 0.045, 1 - 0.43 / self.height, word, va="top", **palette.QUIET)
        self.bars = [
            boxes(self, self.axes, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0 if hatch else 1)
            for _, hatch, face, edge in PARTS
        ]
        self.axes.set_xlabel("share of the margin", **palette.QUIET)

    def _scale(self, r):
        most = max([t.gone for t in r.known], default=0)
        return next((scale for scale in self.SCALES if most <= scale), 1.0)

    def frame(self, r):
        return self._scale(r), self.order(r)

    def reframe(self, r):
        super().reframe(r)
        scale = self._scale(r)
        self.axes.set_xlim(0, scale)
        self.axes.set_xticks([0, scale / 2, scale], [percent(part) for part in (0, scale / 2, scale)])

    def move(self, r):
        scale = self._scale(r)
        ends = [{}, {}, {}]
        for row, t in enumerate(r.trades):
            cost = "" if t.gone is None else f"{money(t.gone * r.margin)}  {percent(t.gone)}"
            if t.used_up is not None:
                cost = f"all, by day {plain(t.used_up, 1, 1)}"
            self.label(row, t, t.gone is None, cost if t.offered else f"{money((t.gone or 0) * r.margin)} if offered")
            x = 0.0
            for part, among in zip((t.fee, t.fee, t.funding) if t.gone is not None and t.offered else (), ends):
                among[row] = (min(x, scale), min(x + part / r.margin, scale))
                x += part / r.margin
        for bars, among in zip(self.bars, ends):
            self.fill(bars, among)
        unsure = {row: (0, scale if t.gone is None else t.gone) for row, t in enumerate(r.trades) if t.offered is None}
        self.fill(
            self.blank, {row: (0, scale) for row, t in enumerate(r.trades) if t.gone is None and t.offered} | unsure
        )
        low, high = r.low, r.high
        if not r.known:
            self.title.set_text("No exchange of the eight is known to allow it")
        elif high.gone - low.gone < 1e-9:
            self.title.set_text(f"{money(low.gone * r.margin)} of {money(r.margin)} gone, price unchanged")
        else:
            self.title.set_text(
                f"{money(low.gone * r.margin)} to {money(high.gone * r.margin)} of {money(r.margin)} gone, price"
                " unchanged"
            )


one_trade = Recipe(
    model,
    Costs,
    [
        margin(100_000, 100),
        leverage(2, 500, 50),
        Slider("days", "days held", steps(0, 30, 1), 1, whole=True),
        Choice("by", "sorted by", SORTS, "name"),
    ],
)
