"""What was the highest leverage of each exchange in a month, and what did the article say?"""

from functools import lru_cache

import numpy as np

from leverage_lab import data
from leverage_lab.chapters.exchanges.shared import (
    FIRST_YEAR,
    LAST_MONTH,
    SMALL,
    Titled,
    _venue,
    month,
    month_as_of,
    month_in_words,
    years,
)
from leverage_lab.exchanges import COURSE, exchanges, fact, of_facts
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Choice
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import times

OTHERS = exchanges()[len(COURSE) :]


GROUPS = {"eight": COURSE, "others": OTHERS}


# --- the maxima, then and now
@lru_cache(maxsize=None)
def history(name):
    """(dated, undated, elsewhere): [(year, maximum)] of the main contract, its undated maxima, and where another contract had the article's."""
    table = data.load("leverage_history")
    rows = table[(table.exchange == name) & (table.asset == "BTC")]
    main = rows[rows.symbol == rows.symbol.iloc[0]].iloc[::-1]  # oldest first
    said = _venue(name).claimed_max_leverage
    other = table[
        (table.exchange == name)
        & (table.symbol != rows.symbol.iloc[0])
        & (table.max_leverage == said)
        & (table.as_of != "")
    ]
    dated = [(years(row.as_of), row.max_leverage) for row in main.itertuples() if row.as_of]
    undated = [row.max_leverage for row in main.itertuples() if not row.as_of]
    return dated, undated[::-1], [(years(row.as_of), row.max_leverage, row.asset) for row in other.itertuples()]


@lru_cache(maxsize=None)
def _maximum(name, month):
    return fact(name, "max_leverage", month_as_of(month))


def model(group, month):
    """The newest dated maximum of each exchange on a day, beside the article's."""
    names = GROUPS[group]
    said = {name: _venue(name).claimed_max_leverage for name in names}
    facts = {name: _maximum(name, month) for name in names}
    then = {name: known.value for name, known in facts.items()}
    same = [name for name in names if then[name] is not None and then[name] == said[name]]
    other = [name for name in names if then[name] is not None and said[name] is not None and then[name] != said[name]]
    unknown = [name for name in names if then[name] is None]
    told = (
        ", ".join(f"{name} {times(then[name])}" for name in names if then[name] is not None)
        or f"none of these {len(names)}"
    )
    head = f"The newest dated maxima at the end of {month_in_words(month)}: {told}."
    if group == "eight":
        rest = f" {len(same)} of the 8 {'is' if len(same) == 1 else 'are'} as in the article, {len(other)} {'is' if len(other) == 1 else 'are'} not, for {len(unknown)} there is no dated source."
    else:
        rest = f" The article names none of these {len(names)}; {len(names) - len(unknown)} of {len(names)} have a dated source."
    return Result(
        group=group, names=names, month=month, said=said, then=then, same=same, other=other, unknown=unknown,
        dates=of_facts(facts.values()), sentence=head + rest,
    )  # fmt: skip


LAST_YEAR = FIRST_YEAR + (LAST_MONTH + 1) // 12 + 1  # where the lanes of the maxima end


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
        axes = self.axes = self.add_chart(0.375, 0.135, 0.39, 0.65, grid="x")
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
        self.then = [
            self.add_text(self.figure, 0.345, y, "", ha="right", **name | {"fontweight": "bold"}) for y in heights
        ]
        self.undated = [self.figure.text(0.818, y, "", va="center", **SMALL) for y in heights]
        self.no_date = axes.plot([], [], "D", color=palette.MUTED, markersize=7, markerfacecolor="none", clip_on=False)[
            0
        ]
        self.holds = axes.plot([], [], color=palette.MUTED, linewidth=2)[0]
        self.between = axes.plot([], [], color=palette.MUTED, linewidth=1, linestyle=":")[0]
        self.elsewhere = axes.plot(
            [], [], "s", color=palette.FIRST, markersize=8, markerfacecolor="none", markeredgewidth=1.5
        )[0]
        self.numbers = [axes.text(2020, 0, "", va="bottom", **SMALL) for _ in range(3 * self.LANES)]
        self.later = self.add_line(axes, "o", color=palette.MUTED, markersize=7, markerfacecolor=palette.PAPER)
        self.same = self.add_line(axes, "o", color=palette.FIRST, markersize=9)
        self.other = self.add_line(axes, "^", color=palette.SECOND, markersize=9, markeredgecolor=palette.SECOND_TEXT)
        self.day = self.add_line(axes, color=palette.INK, linewidth=1.5)

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
        for artist, points in (
            (self.holds, holds),
            (self.between, between),
            (self.elsewhere, elsewhere),
            (self.no_date, marks),
        ):
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
            text.set(
                text=known + mark,
                color=palette.FIRST if name in r.same else palette.SECOND_TEXT if name in r.other else palette.INK,
            )
        if r.group == "eight":
            self.title.set_text(f"{month_in_words(r.month)}: {len(r.same)} of 8 maxima as in the article")
        else:
            self.title.set_text(
                f"{month_in_words(r.month)}: a dated maximum of {len(r.names) - len(r.unknown)} of {len(r.names)}"
            )


maxima = Recipe(model, Maxima, [Choice("group", "exchanges", tuple(GROUPS), "eight"), month(79)])
