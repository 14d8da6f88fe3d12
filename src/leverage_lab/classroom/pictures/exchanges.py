"""Pictures of chapter 5. Rows are exchanges; what is not known is drawn as such, never left out."""

import math

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from leverage_lab.classroom import palette
from leverage_lab.classroom.canvas import Picture
from leverage_lab.classroom.models.exchanges import FACTS, FIRST_YEAR, KINDS, LAST_MONTH, closed_line, entry_price, history, month_in_words, stairs
from leverage_lab.classroom.pictures import boxes, fill
from leverage_lab.exchanges import COURSE, exchanges
from leverage_lab.words import money, percent, plain, times

SMALL = {"fontsize": palette.SMALL, "color": palette.MUTED}
BOLD = {"fontsize": palette.NORMAL, "color": palette.INK, "fontweight": "bold"}
SOURCES = f"pages, API answers and public test data, collected until {month_in_words(LAST_MONTH)}"
LAST_YEAR = FIRST_YEAR + (LAST_MONTH + 1) // 12 + 1  # where the lanes of the maxima end


class Titled(Picture):
    """A picture whose title says the point and moves; under it what is shown, at the bottom right the source."""

    under = ""
    source = SOURCES

    def head(self):
        style = {"fontsize": palette.NORMAL + 1, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.moving(self.figure.text(0.02, 1 - 0.1 / self.height, "", **style))
        self.figure.text(0.02, 1 - 0.43 / self.height, self.under, va="top", **SMALL)
        if self.source:
            self.figure.text(0.98, 0.06 / self.height, self.source, ha="right", **SMALL)


def runs(dated):
    """[(year, maximum)] → the first of each run of equal maxima."""
    return [point for place, point in enumerate(dated) if place == 0 or dated[place - 1][1] != point[1]]


class Maxima(Titled):
    """Eight lanes of dated maxima, the article's number and that of the day in two columns, the undated apart."""

    height = 5.2
    under = "highest leverage on BTC, by dated sources · blue: as in the article"
    LANES = 8

    def draw(self):
        self.head()
        axes = self.axes = palette.tidy(self.figure.add_axes((0.375, 0.135, 0.39, 0.65)), grid="x")
        axes.set(xlim=(FIRST_YEAR, LAST_YEAR), ylim=(self.LANES - 0.5, -0.5), yticks=[])
        years = range(FIRST_YEAR, LAST_YEAR + 1, 2)
        axes.set_xticks(years, [str(year) for year in years])
        top = 0.795
        for x, word, ha in ((0.215, "article", "right"), (0.345, "that day", "right"), (0.9, "no date", "center")):
            self.figure.text(x, top, word, ha=ha, **SMALL)
        heights = [0.785 - 0.65 * (lane + 0.5) / self.LANES for lane in range(self.LANES)]
        name = {"fontsize": palette.NORMAL, "color": palette.INK, "va": "center"}
        self.names = [self.figure.text(0.02, y, "", **name) for y in heights]
        self.said = [self.figure.text(0.215, y, "", ha="right", **name | {"color": palette.MUTED}) for y in heights]
        self.then = [self.moving(self.figure.text(0.345, y, "", ha="right", **name | {"fontweight": "bold"})) for y in heights]
        self.undated = [self.figure.text(0.818, y, "", va="center", **SMALL) for y in heights]
        self.no_date = axes.plot([], [], "D", color=palette.MUTED, markersize=7, markerfacecolor="none", clip_on=False)[0]
        self.holds = axes.plot([], [], color=palette.MUTED, linewidth=2)[0]
        self.between = axes.plot([], [], color=palette.MUTED, linewidth=1, linestyle=":")[0]
        self.elsewhere = axes.plot([], [], "s", color=palette.FIRST, markersize=8, markerfacecolor="none", markeredgewidth=1.5)[0]
        self.numbers = [axes.text(2020, 0, "", va="bottom", **SMALL) for _ in range(3 * self.LANES)]
        self.later = self.moving(axes.plot([], [], "o", color=palette.MUTED, markersize=7, markerfacecolor=palette.PAPER)[0])
        self.same = self.moving(axes.plot([], [], "o", color=palette.FIRST, markersize=9)[0])
        self.other = self.moving(axes.plot([], [], "^", color=palette.SECOND, markersize=9, markeredgecolor=palette.SECOND_TEXT)[0])
        self.day = self.moving(axes.plot([], [], color=palette.INK, linewidth=1.5)[0])

    def frame(self, r):
        return r.group

    def reframe(self, r):
        lanes = list(enumerate(r.names))
        holds, between, elsewhere, marks, words = [], [], [], [], []
        for lane, name in lanes:
            dated, undated, other = history(name)
            changes = runs(dated)
            for (x, top), (end, below) in zip(dated, dated[1:]):
                (holds if top == below else between).extend([(x, lane), (end, lane), (np.nan, np.nan)])
            for place, (x, top) in enumerate(changes):
                close = [abs(x - changes[n][0]) < 1.3 for n in (place - 1, place + 1) if 0 <= n < len(changes)]
                after = place and abs(x - changes[place - 1][0]) < 1.3
                words.append((x, lane, times(top), "left" if after else "right" if any(close) else "center"))
            for x, top, coin in other:
                elsewhere.append((x, lane))
                words.append((x, lane, f"{times(top)}, on {coin}", "center"))
            if undated:
                marks.append((LAST_YEAR + 0.0875 * (LAST_YEAR - FIRST_YEAR), lane))
            self.undated[lane].set_text(", ".join(f"{top:g}" for top in undated) + "x" if undated else "")
        for artist, points in ((self.holds, holds), (self.between, between), (self.elsewhere, elsewhere), (self.no_date, marks)):
            artist.set_data([x for x, _ in points], [y for _, y in points])
        for text, word in zip(self.numbers, [*words, *[(2020, 0, "", "left")] * (len(self.numbers) - len(words))]):
            aside = {"left": 0.08, "center": 0, "right": -0.08}[word[3]]
            text.set(x=word[0] + aside, y=word[1] - 0.15, text=word[2], ha=word[3])
        for lane in range(self.LANES):
            name = r.names[lane] if lane < len(r.names) else ""
            self.names[lane].set_text(name)
            self.said[lane].set_text(times(r.said[name]) if name and r.said[name] else "–" if name else "")
            if not name:
                self.undated[lane].set_text("")

    def move(self, r):
        now = 2019 + (r.month + 1) / 12
        places = {"later": [], "same": [], "other": []}
        for lane, name in enumerate(r.names):
            for x, top in history(name)[0]:
                places["later" if x > now else "same" if top == r.said[name] else "other"].append((x, lane))
        for kind, points in places.items():
            getattr(self, kind).set_data([x for x, _ in points], [y for _, y in points])
        self.day.set_data([now, now], [-0.5, self.LANES - 0.5])
        for lane, text in enumerate(self.then):
            name = r.names[lane] if lane < len(r.names) else None
            top = r.then[name] if name else None
            known = "" if name is None else "?" if top is None else times(top)
            mark = " =" if name in r.same else " ≠" if name in r.other else ""
            text.set(text=known + mark, color=palette.FIRST if name in r.same else palette.SECOND_TEXT if name in r.other else palette.INK)
        if r.group == "eight":
            self.title.set_text(f"{month_in_words(r.month)}: {len(r.same)} of 8 maxima as in the article")
        else:
            self.title.set_text(f"{month_in_words(r.month)}: a dated maximum of {len(r.names) - len(r.unknown)} of {len(r.names)}")


SIZES = {1e4: "$10,000", 1e5: "$100,000", 1e6: "$1m", 1e7: "$10m", 1e8: "$100m", 1e9: "$1bn"}
LEFT, RIGHT, LOW, HIGH = 1e4, 1e9, 0.9, 900


def outline(steps, complete):
    """Points of a stair from left to right: (known, unknown), each with x and y."""
    known, unknown = [], []
    for low, high, top in steps:
        low = max(low, LEFT)
        if math.isnan(high):
            unknown = [(low, top), (RIGHT, top)]
        else:
            known += [(low, top), (min(high, RIGHT), top)]
    if known and not unknown and known[-1][0] < RIGHT:
        if complete:
            known.append((known[-1][0], LOW))
        else:
            unknown = [known[-1], (RIGHT, known[-1][1])]
    return known, unknown


class Stairs(Titled):
    """Maximum leverage over the size of the position: one exchange's stairs, all others faint, and the learner's position."""

    height = 4.9
    under = "dashes: other captures · dots: not known · thin: the other exchanges"

    def draw(self):
        self.head()
        axes = self.axes = palette.tidy(self.figure.add_axes((0.075, 0.2, 0.9, 0.62)), grid="both")
        axes.set(xscale="log", yscale="log", xlim=(LEFT, RIGHT), ylim=(LOW, HIGH))
        axes.minorticks_off()
        axes.set_xticks(list(SIZES), list(SIZES.values()), parse_math=False)
        axes.get_xticklabels()[0].set_ha("left"), axes.get_xticklabels()[-1].set_ha("right")
        axes.set_xlabel("size of the position (m: million, bn: billion)", **SMALL)
        axes.set_yticks([1, 5, 20, 50, 125, 500], ["1x", "5x", "20x", "50x", "125x", "500x"])
        for name in exchanges():
            known, _ = outline(*stairs(name)[0][1:])
            axes.plot(*zip(*known) if known else ([], []), color=palette.MUTED, linewidth=0.7, zorder=1)
        self.room = self.moving(axes.add_patch(Polygon([(LEFT, LOW)], facecolor=palette.BORROWED, edgecolor="none", zorder=0)))
        self.others = self.moving(axes.plot([], [], color=palette.SECOND_TEXT, linewidth=2, linestyle="--", zorder=2)[0])
        self.line = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=4, solid_joinstyle="miter", zorder=3)[0])
        self.unknown = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3, linestyle=":", zorder=3)[0])
        self.drop = self.moving(axes.plot([], [], color=palette.INK, linewidth=1, linestyle=":", zorder=4)[0])
        self.point = self.moving(axes.plot([], [], markersize=12, markeredgewidth=2.5, clip_on=False, zorder=5)[0])
        ground = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1.5}
        self.word = self.moving(axes.text(1e4, 1, "", va="center", zorder=6, bbox=ground, **BOLD))

    def move(self, r):
        known, unknown = outline(r.steps, r.complete)
        self.line.set_data(*zip(*known) if known else ([], []))
        self.unknown.set_data(*zip(*unknown) if unknown else ([], []))
        self.room.set_xy([(LEFT, LOW), *known, (known[-1][0], LOW)] if known else [(LEFT, LOW), (LEFT, LOW)])
        dashes = [point for _, steps, complete in r.captures for point in [*outline(steps, complete)[0], (np.nan, np.nan)]]
        self.others.set_data([x for x, _ in dashes], [y for _, y in dashes])
        x, y = r.position, r.leverage
        self.drop.set_data([x, x], [LOW, y])
        self.point.set_data([x], [y])
        word, marker, colour, fill = {
            True: ("allowed", "o", palette.INK, palette.INK),
            False: ("not allowed", "X", palette.LOSS_TEXT, palette.LOSS),
            None: ("not known", "o", palette.INK, palette.PAPER),
        }[r.answer]
        self.point.set(marker=marker, color=colour, markerfacecolor=fill)
        right = x > 1e7
        self.word.set(x=x / 1.25 if right else x * 1.25, y=1.35 if y > 2.5 else 4.5, ha="right" if right else "left", text=f"yours at {times(y)}: {word}", color=colour)
        if r.top is None:
            self.title.set_text(f"{r.name}: {times(r.maximum)} at the most; for {money(r.position)} not known")
        elif r.top == 0:
            self.title.set_text(f"{r.name}: {times(r.maximum)} at the most; {money(r.position)} is past the last tier")
        else:
            self.title.set_text(f"{r.name}: {times(r.maximum)} at the most; for {money(r.position)} it is {times(r.top)}")


class Rows(Titled):
    """Eight rows, a name at the left of each and a word at the right."""

    height = 4.9
    refused = "not offered: {}"
    box = (0.145, 0.17, 0.595, 0.62)

    def rows(self):
        axes = self.axes = palette.tidy(self.figure.add_axes(self.box), grid="x")
        axes.set(ylim=(len(COURSE) - 0.5, -0.5), yticks=[])
        left, bottom, width, high = self.box
        self.heights = [bottom + high - high * (row + 0.5) / len(COURSE) for row in range(len(COURSE))]
        self.names = [self.figure.text(0.02, y, "", va="center", fontsize=palette.NORMAL, color=palette.INK) for y in self.heights]
        self.values = [self.moving(self.figure.text(0.98, y, "", va="center", ha="right", **BOLD)) for y in self.heights]
        self.blank = boxes(self, axes, facecolor=palette.PAPER, edgecolor=palette.MUTED, hatch=palette.HELD)

    def order(self, r):
        """The exchanges from top to bottom: their names are drawn again only when it changes."""
        return tuple(t.name for t in r.trades)

    def frame(self, r):
        return self.order(r)

    def reframe(self, r):
        for text, name in zip(self.names, self.order(r)):
            text.set_text(name)

    def fill(self, boxes, ends):
        """ends: {row: (from, to)}."""
        half = 0.31
        fill(boxes, [(a, row - half, b, row + half) for row, (a, b) in ends.items() if b > a])

    def label(self, row, t, missing, known):
        """The number of the row, or a word where there is none."""
        word = known if not missing else self.refused.format(t.why) if t.offered is False else "not known"
        self.values[row].set(text=word, color=palette.MUTED if missing else palette.INK)


PARTS = (("fee in", "xx", palette.LOSS, palette.PAPER), ("fee out", "\\\\\\", palette.LOSS, palette.PAPER), ("funding", "", palette.LOST_GROUND, palette.LOSS))


class Costs(Rows):
    """What is gone of the margin, exchange by exchange, while the price stands still."""

    under = "of the margin:"
    SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)

    def draw(self):
        self.head()
        self.rows()
        for place, (word, hatch, face, edge) in enumerate(PARTS):
            x, y = 0.2 + 0.16 * place, 1 - 0.6 / self.height
            self.figure.add_artist(Rectangle((x, y), 0.035, 0.032, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0 if hatch else 1))
            self.figure.text(x + 0.045, 1 - 0.43 / self.height, word, va="top", **SMALL)
        self.bars = [boxes(self, self.axes, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0 if hatch else 1) for _, hatch, face, edge in PARTS]
        self.axes.set_xlabel("share of the margin", **SMALL)

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
            missing = t.gone is None
            self.label(row, t, missing, "" if missing else f"{money(t.gone * r.margin)}  {percent(t.gone)}" if t.used_up is None else f"all, by day {plain(t.used_up, 1, 1)}")
            x = 0.0
            for part, among in zip(() if missing else (t.fee, t.fee, t.funding), ends):
                among[row] = (min(x, scale), min(x + part / r.margin, scale))
                x += part / r.margin
        for bars, among in zip(self.bars, ends):
            self.fill(bars, among)
        self.fill(self.blank, {row: (0, scale) for row, t in enumerate(r.trades) if t.gone is None and t.offered is not False})
        low, high = r.low, r.high
        if not r.known:
            self.title.set_text("No exchange of the eight is known to allow it")
        elif high.gone - low.gone < 1e-9:
            self.title.set_text(f"{money(low.gone * r.margin)} of {money(r.margin)} gone, price unchanged")
        else:
            self.title.set_text(f"{money(low.gone * r.margin)} to {money(high.gone * r.margin)} of {money(r.margin)} gone, price unchanged")


class Ends(Rows):
    """Where each exchange liquidates, on the way from the entry to the bankruptcy price."""

    under = "blue: room to liquidation · hatched: kept for maintenance and closing"
    refused = "{}"
    box = (0.145, 0.175, 0.49, 0.575)

    def draw(self):
        self.head()
        self.rows()
        axes = self.axes
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [percent(part) for part in (0, 0.25, 0.5, 0.75, 1)])
        self.axes.set_xlabel("of the way from the entry to the bankruptcy price", **SMALL)
        axes.axvline(0, color=palette.MUTED, linewidth=1.5)
        axes.axvline(1, color=palette.LOSS, linewidth=2, linestyle=":", clip_on=False)
        top = self.box[1] + self.box[3] + 0.03
        self.figure.text(self.box[0], top, f"entry {money(entry_price())}", ha="left", **SMALL)
        self.broke = self.moving(self.figure.text(self.box[0] + self.box[2] + 0.005, top, "", ha="right", fontsize=palette.SMALL, color=palette.LOSS_TEXT))
        self.figure.text(0.98, top, "liquidation", ha="right", fontsize=palette.SMALL, color=palette.LOSS_TEXT)
        self.rooms = boxes(self, axes, **palette.ROOM_BAR)
        self.kept = boxes(self, axes, facecolor=palette.PAPER, edgecolor=palette.LOSS, hatch=palette.HELD)
        self.marks = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=4, solid_capstyle="butt")[0])

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
        self.fill(self.blank, {row: (0, 1) for row, t in enumerate(r.trades) if t.distance is None and t.offered is not False})
        self.marks.set_data([x for x, _ in marks], [y for _, y in marks])
        if not r.known:
            self.title.set_text("No exchange of the eight is known to allow it")
        elif r.near is r.far:
            self.title.set_text(f"One exchange only: liquidated at {percent(r.near.distance, signed=True)}")
        else:
            self.title.set_text(f"Liquidated between {percent(r.near.distance, signed=True)} and {percent(r.far.distance, signed=True)}")


MARKS = {
    "fresh": ("s", {"color": palette.FIRST, "markersize": 17}, "dated, young enough"),
    "older": ("s", {"color": palette.ROOM, "markeredgecolor": palette.FIRST, "markersize": 10}, "dated, older"),
    "undated": ("D", {"color": palette.FIRST, "markersize": 11, "markerfacecolor": palette.PAPER, "markeredgewidth": 2}, "no date"),
    "not known": ("x", {"color": palette.LOSS, "markersize": 12, "markeredgewidth": 3}, "not known"),
}


class Known(Titled):
    """Nine facts of eight exchanges: how old, undated, or not known."""

    height = 5.0

    def draw(self):
        self.head()
        axes = self.axes = palette.tidy(self.figure.add_axes((0.27, 0.02, 0.69, 0.735)), grid="")
        axes.set(xlim=(-0.5, len(COURSE) - 0.5), ylim=(len(FACTS) - 0.5, -0.5))
        axes.set_xticks([])
        axes.set_yticks(range(len(FACTS)), list(FACTS.values()), color=palette.INK)
        for place, name in enumerate(COURSE):  # by turns a line higher, so that long names have room
            axes.text(place, -0.55 - 0.55 * (place % 2), name, ha="center", va="bottom", fontsize=palette.SMALL, color=palette.INK)
        self.cells = {}
        for place, kind in enumerate(KINDS):
            marker, style, word = MARKS[kind]
            self.cells[kind] = self.moving(axes.plot([], [], marker, linestyle="none", **style)[0])
            x = 0.035 + (0, 0.3, 0.53, 0.69)[place]
            y = 1 - 0.53 / self.height
            key = axes.plot([x], [y], marker, transform=self.figure.transFigure, clip_on=False, **style)[0]
            key.set_markersize(min(style["markersize"], 11))
            self.figure.text(x + 0.022, y, word, va="center", **SMALL)

    source = ""

    def move(self, r):
        for kind, cells in self.cells.items():
            places = [(COURSE.index(name), list(FACTS).index(field)) for (name, field), found in r.grid.items() if found == kind]
            cells.set_data([x for x, _ in places], [y for _, y in places])
        span = "1 year" if r.age == 1 else f"{r.age} years"
        self.title.set_text(f"{month_in_words(r.month)}: {r.counts['fresh']} of {len(r.grid)} facts dated and at most {span} old")


class Shorter(Picture):
    """Share of longs that liquidation has reached, over the leverage; what was put down above it."""

    height = 4.6

    def draw(self):
        self.figure.text(0.98, 0.013, "hourly BTC/USD of Bitstamp, 2018 to 2023 (CryptoDataDownload)", ha="right", **SMALL)
        self.big = []
        for x, word in ((0.02, "to put down"), (0.36, "to liquidation"), (0.68, "")):
            self.big.append(self.moving(self.figure.text(x, 0.985, "", fontsize=palette.BIG, fontweight="bold", color=palette.INK, va="top")))
            label = self.figure.text(x, 0.885, word, va="top", **SMALL)
        self.within = self.moving(label)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.095, 0.21, 0.88, 0.56)), grid="both")
        axes.set(xscale="log", xlim=(4.6, 545), ylim=(0, 1))
        axes.minorticks_off()
        axes.set_xticks([5, 10, 20, 50, 100, 200, 500], ["5x", "10x", "20x", "50x", "100x", "200x", "500x"])
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [percent(part) for part in (0, 0.25, 0.5, 0.75, 1)])
        axes.text(4.9, 0.965, "share of longs reached by liquidation", va="top", **SMALL)
        axes.set_xlabel("leverage", **SMALL)
        axes.axvline(100, color=palette.MUTED, linewidth=1.5, linestyle="--")
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=2.5, marker="o", markersize=6)[0])
        self.drop = self.moving(axes.plot([], [], color=palette.INK, linewidth=1, linestyle=":")[0])
        self.dot = self.moving(axes.plot([], [], "o", color=palette.INK, markersize=12, clip_on=False, zorder=5)[0])

    def move(self, r):
        points = closed_line(r.hours)
        self.line.set_data([x for x, _ in points], [y for _, y in points])
        self.drop.set_data([r.leverage, r.leverage], [0, r.share])
        self.dot.set_data([r.leverage], [r.share])
        for text, word in zip(self.big, (money(r.margin), percent(r.move), percent(r.share, decimals=1) if r.share >= 0.001 else "below 0.1\u00a0%")):
            text.set_text(word)
        self.big[2].set_color(palette.LOSS_TEXT)
        self.within.set_text(f"closed within {r.time}")
