"""Which facts about the eight exchanges were known in a month, and how old were they?"""

from leverage_lab.chapters.exchanges.shared import (
    LAST_MONTH,
    Titled,
    fact_on,
    month,
    month_as_of,
    month_in_words,
    years,
)
from leverage_lab.exchanges import COURSE, of_facts
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, percent, plural

# --- what is known, and how old it is
FACTS = {
    "max_leverage": "maximum leverage",
    "maintenance_rate": "maintenance rate",
    "maintenance_basis": "maintenance on what",
    "trigger_price": "price that liquidates",
    "taker_fee": "trading fees",
    "funding_interval_hours": "funding interval",
    "partial_liquidation": "closing in parts",
    "liquidation_fee_rate": "liquidation fee",
    "adl_rank": "deleveraging order",
}


KINDS = ("fresh", "older", "undated", "not known")


def facts_in(month):
    """The nine facts of the eight exchanges as known at the end of a month: {(exchange, field): Fact}."""
    day = None if month == LAST_MONTH else month_as_of(month)
    return {(name, field): fact_on(name, field, day) for name in COURSE for field in FACTS}


def kind(fact, month, age):
    """One of KINDS: a Fact on the 28th of a month, fresh if it is at most `age` years old."""
    if fact.value is None:
        return "not known"
    if not fact.as_of:
        return "undated"
    return "fresh" if years(f"{month_as_of(month)}-28") - years(fact.as_of) <= age else "older"


def model(month, age):
    """Nine facts of eight exchanges on a day: dated within `age` years, older, undated, or not known."""
    facts = facts_in(month)
    grid = {place: kind(known, month, age) for place, known in facts.items()}
    counts = {kind: list(grid.values()).count(kind) for kind in KINDS}
    return Result(
        month=month, age=age, grid=grid, counts=counts, dates=of_facts(facts.values()),
        sentence=(
            f"{month_in_words(month)}, {len(grid)} facts about eight exchanges: {counts['fresh']} are dated and at"
            f" most {plural(age, 'year')} old, {plural(counts['older'], 'is', 'are')} older, {counts['undated']} have"
            f" no date, {counts['not known']} are not known."
        ),
    )  # fmt: skip


def computed(r):
    """Facts counted by the date of their source."""
    fresh, older, undated, unknown = r.counts.values()
    span, when = plural(r.age, "year"), month_in_words(r.month)
    every = f"kind(fact, {r.month}, {r.age}) for fact in {call(facts_in, r.month)}.values()"
    return Computed(
        steps=(
            f"facts = exchanges × facts of each = {len(COURSE)} × {len(FACTS)} = {len(r.grid)}",
            f"age = {when} − date of the source; at most {span}: {fresh} facts",
            f"dated, but older than {span}: {older}; without a date: {undated}; not known: {unknown}",
            f"{fresh} + {older} + {undated} + {unknown} = {len(r.grid)}",
            f"dated and at most {span} old: {fresh} / {len(r.grid)} = {percent(fresh / len(r.grid), decimals=1)}",
        ),
        python=f'[{every}].count("fresh")',
        uses=(kind, facts_in),
        number=fresh,
    )


MARKS = {
    "fresh": ("s", {"color": palette.FIRST, "markersize": 17}, "dated, young enough"),
    "older": ("s", {"color": palette.ROOM, "markeredgecolor": palette.FIRST, "markersize": 10}, "dated, older"),
    "undated": (
        "D",
        {"color": palette.FIRST, "markersize": 11, "markerfacecolor": palette.PAPER, "markeredgewidth": 2},
        "no date",
    ),
    "not known": ("x", {"color": palette.LOSS, "markersize": 12, "markeredgewidth": 3}, "not known"),
}


class Known(Titled):
    """Nine facts of eight exchanges: how old, undated, or not known."""

    height = 5.0

    def draw(self):
        self.head()
        axes = self.axes = self.add_chart(0.28, 0.02, 0.69, 0.735, grid="")
        axes.set(xlim=(-0.5, len(COURSE) - 0.5), ylim=(len(FACTS) - 0.5, -0.5))
        axes.set_xticks([])
        axes.set_yticks(range(len(FACTS)), list(FACTS.values()), color=palette.INK)
        for place, name in enumerate(COURSE):  # by turns a line higher, so that long names have room
            axes.text(
                place,
                -0.55 - 0.55 * (place % 2),
                name,
                ha="center",
                va="bottom",
                fontsize=palette.SMALL,
                color=palette.INK,
            )
        self.cells = {}
        for place, kind in enumerate(KINDS):
            marker, style, word = MARKS[kind]
            self.cells[kind] = self.add_line(axes, marker, linestyle="none", **style)
            x = 0.035 + (0, 0.3, 0.53, 0.69)[place]
            y = 1 - 0.53 / self.height
            key = axes.plot([x], [y], marker, transform=self.figure.transFigure, clip_on=False, **style)[0]
            key.set_markersize(min(style["markersize"], 11))
            self.figure.text(x + 0.022, y, word, va="center", **palette.QUIET)

    source = ""

    def move(self, r):
        for kind, cells in self.cells.items():
            places = [
                (COURSE.index(name), list(FACTS).index(field))
                for (name, field), found in r.grid.items()
                if found == kind
            ]
            cells.set_data([x for x, _ in places], [y for _, y in places])
        span = plural(r.age, "year")
        self.title.set_text(
            f"{month_in_words(r.month)}: {r.counts['fresh']} of {len(r.grid)} facts dated and at most {span} old"
        )


known = Recipe(model, Known, [month(LAST_MONTH), Slider("age", "years old", steps(1, 8, 1), 1, whole=True)], computed)
