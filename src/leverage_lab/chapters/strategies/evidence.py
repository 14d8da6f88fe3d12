"""Of a hundred people who trade with leverage, how many lose?"""

from functools import cache

import numpy as np

from leverage_lab import data, dates
from leverage_lab.checks import choice
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, percent, plain

# --- evidence
STUDIES = {
    "CFDs, EU": ("accounts that lose money, CFD", "Retail CFD accounts in several EU states"),
    "CFDs, UK": ("customers who lose money, CFD", "Retail CFD customers in the UK"),
    "CFDs, UK 2016": ("users who lose money, CFD", "CFD users in the UK"),
    "futures, India": (
        "accounts that lose money, Indian futures and options",
        "Individual traders of futures and options in India",
    ),
    "crypto apps": ("crypto app users who probably lost", "Users of crypto apps in 95 countries, without leverage"),
    "day traders": ("day traders who lost", "Day traders of Brazilian equity futures who went on for 300 days"),
}


@cache
def counted(topic):
    """The row of the table of evidence with this topic: low and high in percent, publisher, period and more.

    topic: one of those in STUDIES. Read once: each reading of a shared table leaves a reference in it.
    """
    choice("topic", topic, [known for known, _ in STUDIES.values()])
    return data.load("risk_evidence").set_index("topic").loc[topic]


def model(study, people):
    """Of so many people, how many lost: what authorities and researchers counted."""
    topic, who = STUDIES[study]
    row = counted(topic)
    people = int(people)
    low = row.low / 100
    high = low if row.high != row.high else row.high / 100
    few, more = round(low * people), round(high * people)
    told = (
        f"{percent(low)} to {percent(high)}"
        if high > low
        else (
            f"more than {percent(low)}"
            if row.high != row.high
            else f"about {percent(low)}"
            if row.note == "about"
            else percent(low)
        )
    )
    if row.high != row.high:  # only a lower end was published
        count = f"more than {few}; fewer than {people - few} did not"
    elif more > few:
        count = f"{few} to {more}; {people - more} to {people - few} did not"
    else:
        count = f"{few}; {people - few} did not"
    when = f", {row.period}" if row.period else ""
    return Result(
        people=people,
        topic=topic,
        low=low,
        high=high,
        few=few,
        more=more,
        told=told,
        who=who,
        source=f"{row.publisher}{', ' + row.as_of[:4] if row.as_of else ''}",
        dates=dates.of([] if when or row.as_of else [""], record=True),
        sentence=(
            f"{who}{when}: {told} lost ({row.publisher}{', ' + dates.shown(row.as_of) if row.as_of else ''}). "
            f"Of {people} that is {count}."
        ),
    )


def computed(r):
    """How many of so many people: the published share of them, in whole people."""
    above = r.told.startswith("more")

    def times(share, lost):
        exact = plain(share * r.people)
        return f"{percent(share)} × {r.people} = {exact}" + ("" if exact == str(lost) else f", in whole people {lost}")

    steps = [
        f"published ({r.source}): {r.told} lost",
        f"lost = share × people: {'more than ' * above}{times(r.low, r.few)}",
        *([f"by the highest count: {times(r.high, r.more)}"] if r.more > r.few else []),
        f"did not lose = people − lost: {'fewer than ' * above}{r.people} − {r.few} = {r.people - r.few}",
        *([f"by the highest count: {r.people} − {r.more} = {r.people - r.more}"] if r.more > r.few else []),
    ]
    line = Code(f"round({call(counted, r.topic)}.low / 100 * {r.people})")
    return Computed(tuple(steps), line, (counted,), r.few)


class Evidence(Picture):
    """So many people, one mark each: who lost, and who lost in some of the counts."""

    height = 4.4

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE)
        self.who = self.add_text(self.figure, 0.02, 0.89, "", va="top", **palette.QUIET)
        axes = self.axes = self.figure.add_axes((0.02, 0.09, 0.62, 0.72))
        axes.set(xlim=(-0.6, 9.6), ylim=(9.6, -0.6))
        axes.axis("off")
        key = self.figure.add_axes((0.66, 0.3, 0.32, 0.4))
        key.set(xlim=(0, 1), ylim=(0, 3))
        key.axis("off")
        self.marks = []
        for row, (marker, face, word, ink) in enumerate(
            (
                ("X", palette.LOSS, "lost", palette.LOSS_TEXT),
                ("X", palette.PAPER, "lost, by some counts", palette.LOSS_TEXT),
                ("o", palette.FIRST, "did not lose", palette.FIRST),
            )
        ):
            style = {
                "marker": marker,
                "color": palette.LOSS if marker == "X" else palette.FIRST,
                "markerfacecolor": face,
                "linestyle": "",
                "markersize": 14,
            }
            self.marks.append(self.add_line(axes, **style))
            key.plot([0.06], [2.5 - row], **style)
            key.text(0.15, 2.5 - row, word, va="center", fontsize=palette.NORMAL, color=ink)
        self.source = self.add_text(self.figure, 0.98, 0.012, "", ha="right", **palette.QUIET)

    def move(self, r):
        self.title.set_text(f"{r.told} lost")
        self.who.set_text(r.who)
        self.source.set_text(r.source)
        places = np.arange(r.people)
        for marks, chosen in zip(self.marks, (places[: r.few], places[r.few : r.more], places[r.more :])):
            marks.set_data(chosen % 10, chosen // 10)


evidence = Recipe(
    model,
    Evidence,
    [
        Choice("study", "study", tuple(STUDIES), "CFDs, EU"),
        Slider("people", "people", steps(10, 100, 10), 100, whole=True),
    ],
    computed,
)
