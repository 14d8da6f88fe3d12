"""What was the highest leverage of each exchange in a month, and what did the article say?"""

from itertools import zip_longest

from leverage_lab.chapters.exchanges.shared import (
    CLOSE,
    FIRST_YEAR,
    LAST_MONTH,
    Titled,
    _venue,
    fact_on,
    history,
    month,
    month_as_of,
    month_in_words,
)  # fmt: skip
from leverage_lab.exchanges import COURSE, exchange, exchanges, max_leverage, of_facts
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Choice
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, plural, times

GROUPS = {"eight": COURSE, "others": exchanges()[len(COURSE) :]}
LANES = len(COURSE)
LAST_YEAR = FIRST_YEAR + (LAST_MONTH + 1) // 12 + 1
END = LAST_YEAR + 0.6  # of the lanes: the last numbers have room beside their marks


def model(group, month):
    """The newest dated maximum of each exchange on a day, beside the article's."""
    names = GROUPS[group]
    said = {name: _venue(name).claimed_max_leverage for name in names}
    facts = {name: fact_on(name, "max_leverage", month_as_of(month)) for name in names}
    then = {name: known.value for name, known in facts.items()}
    same = [name for name in names if then[name] is not None and then[name] == said[name]]
    other = [name for name in names if then[name] is not None and said[name] is not None and then[name] != said[name]]
    unknown = [name for name in names if then[name] is None]
    told = ", ".join(f"{name} {times(top)}" for name, top in then.items() if top is not None)
    told = f"The newest dated maxima at the end of {month_in_words(month)}: {told or f'none of these {len(names)}'}."
    if group == "eight":
        agree = plural(len(same), "of the 8 agrees", "of the 8 agree")
        told += f" {agree} with the article, {plural(len(other), 'does', 'do')} not"
        told += f", for {len(unknown)} there is no dated source." if unknown else "."
    else:
        dated = f"{len(names) - len(unknown)} of {len(names)} have a dated source"
        told += f" The article names none of these {len(names)}; {dated}."
    return Result(
        group=group, names=names, month=month, said=said, then=then, same=same, other=other, unknown=unknown,
        dates=of_facts(facts.values()), sentence=told,
    )  # fmt: skip


def computed(r):
    """Maxima counted that are the article's; of exchanges that it does not name, those that are known."""

    def of(names):
        return ", ".join(f"{name} {times(r.then[name])}" if r.then[name] else name for name in names) or "none"

    then = call(max_leverage, Code("name"), as_of=month_as_of(r.month))
    there = [name for name in r.names if name not in r.unknown]
    unknown = f"no dated source: {of(r.unknown)}"
    if r.group == "eight":
        steps = (
            f"newest dated maximum of each exchange, {month_in_words(r.month)}, compared with the article's",
            f"equal: {of(r.same)}",
            f"not equal: {of(r.other)}",
            unknown,
            f"equal: {len(r.same)} of {len(r.names)}",
        )
        line = f"sum({then} == exchange(name).claimed_max_leverage for name in exchanges()[:{LANES}])"
        return Computed(steps, line, (max_leverage, exchange, exchanges), len(r.same))
    steps = (
        f"newest dated maximum, {month_in_words(r.month)}: {of(there)}",
        unknown,
        f"known: {len(there)} of {len(r.names)}",
    )
    line = f"sum({then} is not None for name in exchanges()[{LANES}:])"
    return Computed(steps, line, (max_leverage, exchanges), len(there))


class Maxima(Titled):
    """Eight lanes of dated maxima, grey what came after; two columns of numbers, the undated apart."""

    height = 5.6
    under = "● the article's, □ elsewhere · ▲ another · ○ after that month (grey) · ◇ no date"

    def draw(self):
        self.head()
        axes = self.axes = self.add_chart(0.375, 0.125, 0.42, 0.67, grid="x")
        axes.set(xlim=(FIRST_YEAR, END), ylim=(LANES - 0.5, -0.5), yticks=[])
        ticks = range(FIRST_YEAR, LAST_YEAR + 1, 2)
        axes.set_xticks(ticks, [str(year) for year in ticks])
        for x, word, ha in ((0.215, "article", "right"), (0.345, "that day", "right"), (0.9, "no date", "center")):
            self.figure.text(x, 0.805, word, ha=ha, **palette.QUIET)
        rows = [0.795 - 0.67 * (lane + 0.5) / LANES for lane in range(LANES)]
        plain, bold = palette.PLAIN | {"va": "center"}, palette.STRONG | {"va": "center"}
        self.names = [self.figure.text(0.02, y, "", **plain) for y in rows]
        self.said = [self.figure.text(0.215, y, "", ha="right", **plain | {"color": palette.MUTED}) for y in rows]
        self.then = [self.add_text(self.figure, 0.345, y, "", ha="right", **bold) for y in rows]
        self.undated = [self.figure.text(0.818, y, "", va="center", **palette.QUIET) for y in rows]
        apart = {"markerfacecolor": "none", "linestyle": "none"}
        self.no_date = axes.plot([], [], "D", color=palette.MUTED, markersize=7, clip_on=False, **apart)[0]
        self.holds = axes.plot([], [], color=palette.MUTED, linewidth=2)[0]
        self.elsewhere = axes.plot([], [], "s", color=palette.FIRST, markersize=8, markeredgewidth=1.5, **apart)[0]
        self.numbers = [axes.text(FIRST_YEAR, 0, "", **palette.QUIET) for _ in range(3 * LANES)]
        self.later = self.add_line(axes, "o", color=palette.MUTED, markersize=7, markerfacecolor=palette.PAPER)
        self.same = self.add_line(axes, "o", color=palette.FIRST, markersize=8)
        self.other = self.add_line(axes, "^", color=palette.SECOND, markersize=8, markeredgecolor=palette.SECOND_TEXT)
        self.ahead = self.add_bar(axes, 0, -0.5, 0, LANES, color=palette.MUTED, alpha=0.155, linewidth=0)  # as GRID

    def frame(self, r):
        return r.group

    def reframe(self, r):
        holds, elsewhere, words, no_date = [], [], [], []
        self.lanes = [*r.names, *[None] * (LANES - len(r.names))]
        for lane, name in enumerate(self.lanes):
            runs, undated, others = history(name) if name else ([], [], [])
            for begin, end, top, shift in runs:
                holds += [(begin, lane + shift), (end, lane + shift), (None, None)]
                ha, va = ("right", "top") if shift > 0 else ("left" if shift else "center", "bottom")
                words.append((begin, lane + shift + (0.05 if shift > 0 else -0.1), times(top), ha, va))
            for x, where in others:
                ha = "left" if any(0 < x - begin < CLOSE for begin, *_ in runs) else "right"
                words.append((x + (0.25 if ha == "left" else -0.25), lane + 0.14, where, ha, "center"))
                elsewhere.append((x, lane + 0.12))
            no_date += [(END + 0.1, lane)] * (len(undated) > 0)
            self.undated[lane].set_text(", ".join(f"{top:g}" for top in undated) + "x" if undated else "")
            self.names[lane].set_text(name or "")
            self.said[lane].set_text("" if name is None else times(r.said[name]) if r.said[name] else "–")
        for artist, points in ((self.holds, holds), (self.elsewhere, elsewhere), (self.no_date, no_date)):
            artist.set_data([x for x, _ in points], [y for _, y in points])
        for text, word in zip_longest(self.numbers, words, fillvalue=(FIRST_YEAR, 0, "", "left", "top")):
            text.set(**dict(zip(("x", "y", "text", "ha", "va"), word, strict=True)))

    def move(self, r):
        now = FIRST_YEAR + (r.month + 1) / 12
        places = {"later": [], "same": [], "other": []}
        for lane, name in enumerate(r.names):
            for begin, end, top, shift in history(name)[0]:
                for x in (begin, end) if end - begin > 0.3 else (begin,):
                    places["later" if x > now else "same" if top == r.said[name] else "other"].append((x, lane + shift))
        for kind, points in places.items():
            getattr(self, kind).set_data([x for x, _ in points], [y for _, y in points])
        self.ahead.set(x=now, width=END - now)
        for text, name in zip(self.then, self.lanes, strict=True):
            known = "" if name is None else "?" if r.then[name] is None else times(r.then[name])
            mark = " =" if name in r.same else " ≠" if name in r.other else ""
            color = {" =": palette.FIRST, " ≠": palette.SECOND_TEXT}.get(mark, palette.INK)
            text.set(text=known + mark, color=color)
        told = f"{len(r.same)} of 8 maxima agree with the article"
        if r.group != "eight":
            told = f"a dated maximum of {len(r.names) - len(r.unknown)} of {len(r.names)}"
        self.title.set_text(f"{month_in_words(r.month)}: {told}")


maxima = Recipe(model, Maxima, [Choice("group", "exchanges", tuple(GROUPS), "eight"), month(79)], computed)
