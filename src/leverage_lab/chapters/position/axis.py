"""The workbench's picture: where the prices of a position stand, one above the other."""

from leverage_lab.chapters.strategies.shared import joined
from leverage_lab.leverage import price_move
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import apart
from leverage_lab.words import percent, price

MARKS = {  # name: colour and width of its line, dash, colour of its words
    "target": (palette.GAIN, 2.5, "-", palette.GAIN_TEXT),
    "break-even": (palette.FIRST, 2, "--", palette.FIRST),
    "entry": (palette.INK, 2.5, "-", palette.INK),
    "stop": (palette.INK, 2, "-.", palette.INK),
    "liquidation": (palette.LOSS, 4, "-", palette.LOSS_TEXT),
    "bankruptcy": (palette.LOSS, 2, ":", palette.LOSS_TEXT),
}


class Axis(Picture):
    """Entry, break-even, stop, target, liquidation and bankruptcy on one axis of prices; none is left out."""

    width, height = 4.4, 4.0

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.98, **palette.TITLE)
        self.under = self.add_text(self.figure, 0.02, 0.885, va="top", **palette.QUIET)
        axes = self.axes = self.figure.add_axes((0.02, 0.02, 0.96, 0.8), xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        self.ground = self.add_bar(axes, 0, 0, 0.13, 0, facecolor=palette.LOST_GROUND, edgecolor="none")
        self.leads = self.add_line(axes, color=palette.MUTED, linewidth=0.8)
        self.lines, self.names = {}, {}
        for name, (colour, width, dash, ink) in MARKS.items():
            self.lines[name] = self.add_line(axes, color=colour, linewidth=width, linestyle=dash)
            bold = "bold" if name in ("entry", "liquidation") else "normal"
            style = palette.QUIET | {"color": ink, "fontweight": bold}
            self.names[name] = self.add_text(axes, 0.19, 0, va="center", **style)

    def move(self, r):
        """r: levels {name: price}, title, bad (is it bad news?), under."""
        self.title.set(text=r.title, color=palette.LOSS_TEXT if r.bad else palette.INK)
        self.under.set_text(r.under)
        low, high = min(r.levels.values()), max(r.levels.values())
        span = high - low or high

        def height(at):
            return 0.06 + 0.88 * (at - low) / span if high > low else 0.5

        heights = {name: height(r.levels[name]) for name in MARKS if name in r.levels}
        labels = apart(list(heights.values()), 0.1, 0.04, 0.96)
        self.leads.set_data(joined(([0.13, 0.18], ends) for ends in zip(heights.values(), labels)))
        places = dict(zip(heights, labels))
        for name in MARKS:
            y = heights.get(name)
            self.lines[name].set_data(([], []) if y is None else ([0, 0.13], [y, y]))
            told = ""
            if y is not None:
                at, entry = r.levels[name], r.levels["entry"]
                away = "" if name == "entry" else f"  {percent(price_move(entry, at), signed=True)}"
                told = f"{name} {price(at)}{away}"
            self.names[name].set(text=told, y=places.get(name, 0))
        broke, up = heights.get("liquidation"), r.levels.get("liquidation", 0) > r.levels["entry"]
        beyond = (0, 0) if broke is None else (broke, 1 - broke) if up else (0, broke)
        self.ground.set(y=beyond[0], height=beyond[1])
