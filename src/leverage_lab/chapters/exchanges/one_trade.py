"""What does the same trade cost on each of the eight exchanges while the price stands still?"""

from matplotlib.patches import Rectangle

from leverage_lab.chapters.exchanges.shared import Rows, _left_out, funding_a_day, trades, trades_dates
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.charts import boxes
from leverage_lab.panelkit.controls import Choice, Slider, leverage, margin, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, literal, money, percent, plain, plural, times

SORTS = ("cost", "name")


def model(margin, leverage, days, by):
    """What the trade costs at the eight exchanges while the price stands still, as a share of the margin."""
    found = trades("long", margin, leverage, days)
    key = (
        (lambda t: t.name.lower())
        if by == "name"
        else (lambda t: (t.gone is None, t.offered is False, t.gone or 0, -(t.used_up or 0)))
    )
    known = [t for t in found if t.gone is not None and t.offered]
    value = margin * leverage
    held = f"held {plural(days, 'day')}" if days else "opened and closed at once"
    head = f"Long, {money(margin)} at {times(leverage)}, a position of {money(value)}, {held}"
    low, high = (pick(known, key=lambda t: t.gone, default=None) for pick in (min, max))
    spent = [t for t in known if t.used_up is not None]
    if not known:
        told = f"{head}: none of the eight is known to allow it."
    else:
        least, most = (f"{money(t.gone * margin)} ({_alike(known, t, 'gone')}, {percent(t.gone)}" for t in (low, high))
        told = f"{least} of the margin)" if high.gone - low.gone < 1e-9 else f"from {least} of the margin) to {most})"
        told = f"{head}, price unchanged: {told}"
    if spent and len(spent) == len(known):
        told += "."
    elif known:
        told += f", including {money(next(t for t in known if t.used_up is None).funding)} of funding." if days else "."
    if spent:
        last = max(spent, key=lambda t: t.used_up)
        told += (
            f" Where costs use up all of the margin, they do so by day {plain(last.used_up, 1, 1)} at the latest; the"
            " position is liquidated before that, because maintenance margin must remain, and no more than the margin"
            " can be lost."
        )
    return Result(
        trades=sorted(found, key=key), margin=margin, leverage=leverage, days=days, value=value, by=by, known=known,
        low=low, high=high, dates=trades_dates(found, cost=True, funding=days > 0),
        sentence=told + _left_out(found, "gone"),
    )  # fmt: skip


def _alike(among, one, field):
    """The names of all that share a value: none stands for the others."""
    *names, last = (t.name for t in among if abs(getattr(t, field) - getattr(one, field)) < 1e-9)
    return f"{', '.join(names)} and {last}" if names else last


def computed(r):
    """The cheapest exchange: its fee twice, and funding."""
    every = f"for t in {call(trades, 'long', r.margin, r.leverage, r.days)} if t.offered and t.gone is not None"
    python, low = f"min((t.gone * {literal(r.margin)} {every}), default=None)", r.low
    rule = "cost = opening fee + closing fee + funding, at most the margin"
    if low is None:
        return Computed((rule, "none of the eight is known to allow this trade: no cost"), python, (trades,), None)
    fee, funding, value = money(low.fee), r.value * funding_a_day() * r.days, money(r.value)
    total, high = 2 * low.fee + funding, f"{money(r.high.gone * r.margin)} at {_alike(r.known, r.high, 'gone')}"
    return Computed(
        steps=(
            f"{rule}; cheapest: {_alike(r.known, low, 'gone')}",
            f"position = margin × leverage = {money(r.margin)} × {plain(r.leverage)} = {value}",
            f"fee = position × taker fee = {value} × {percent(low.fee / r.value, decimals=3)} = {fee}",
            f"funding = position × rate for a day × days = {value} × {percent(funding_a_day())} × {r.days}"
            f" = {money(funding)}",
            f"cost = {fee} + {fee} + {money(funding)} = {money(total)}"
            + (f", more than the margin: {money(r.margin)}" if low.used_up is not None else ""),
            f"the same for {len(r.known)} of the 8; most: {high}",
        ),
        python=python,
        uses=(trades,),
        number=float(low.gone * r.margin),
    )


PARTS = {
    "opening fee": {"hatch": "xx", "facecolor": palette.LOSS, "edgecolor": palette.PAPER, "linewidth": 0},
    "closing fee": {"hatch": "\\\\\\", "facecolor": palette.LOSS, "edgecolor": palette.PAPER, "linewidth": 0},
    "funding": {"facecolor": palette.LOST_GROUND, "edgecolor": palette.LOSS, "linewidth": 1},
}


class Costs(Rows):
    """What is gone of the margin, exchange by exchange, while the price stands still."""

    under = "of the margin:"
    SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)

    def draw(self):
        self.head()
        self.rows()
        for place, (word, style) in enumerate(PARTS.items()):
            x, y = 0.2 + 0.22 * place, 1 - 0.6 / self.height
            self.figure.add_artist(Rectangle((x, y), 0.035, 0.032, **style))
            self.figure.text(x + 0.045, 1 - 0.43 / self.height, word, va="top", **palette.QUIET)
        self.bars = [boxes(self, self.axes, **style) for style in PARTS.values()]
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
        if not r.known:
            self.title.set_text("No exchange of the eight is known to allow it")
        else:
            costs = dict.fromkeys(money(t.gone * r.margin) for t in (r.low, r.high))
            self.title.set_text(f"{' to '.join(costs)} of {money(r.margin)} gone, price unchanged")


one_trade = Recipe(
    model,
    Costs,
    [
        margin(100_000, 100),
        leverage(2, 500, 50),
        Slider("days", "days held", steps(0, 30, 1), 1, whole=True),
        Choice("by", "sorted by", SORTS, "name"),
    ],
    computed,
)
