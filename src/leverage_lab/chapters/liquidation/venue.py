"""Who pays when a liquidated position leaves a loss that its margin does not cover?"""

from functools import cache

from matplotlib.patches import Rectangle

from leverage_lab.backstop import Account, Venue
from leverage_lab.chapters.liquidation.shared import SMALL_WORD, WORD
from leverage_lab.leverage import pnl
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, plain, times

# --- who pays -------------------------------------------------------------------------------------

# A small exchange: a coin at $100. Name: (leverage, coins, entry price). Longs and shorts hold 40 coins each.
LONGS = {
    "Ana": (50, 6, 100),
    "Ben": (40, 5, 100),
    "Cem": (30, 5, 100),
    "Dia": (25, 6, 100),
    "Eli": (15, 4, 100),
    "Fay": (10, 6, 100),
    "Gus": (5, 8, 100),
}


SHORTS = {
    "Ida": (20, 5, 100),
    "Jon": (10, 6, 101),
    "Kai": (6, 8, 104),
    "Lea": (4, 6, 100),
    "Max": (2, 8, 110),
    "Noa": (1, 7, 102),
}


BOOKS = {"deep": 4.0, "thin": 0.4, "empty": 0.0}  # coins at each 0.2 % below the mark


VENUE_RATE = 0.01


FALLS = 30  # steps of half a percent


@cache
def _history(book, fund):
    """The venue at every half percent of a fall of 15 %: what was closed and how, and what everyone has."""
    accounts = [
        Account(name, side, float(entry), float(coins), coins * entry / L)
        for side, group in (("long", LONGS), ("short", SHORTS))
        for name, (L, coins, entry) in group.items()
    ]
    venue, states, ends, taken = Venue(accounts, fund), [], {}, {}
    market = adl = 0.0
    for step in range(FALLS + 1):
        mark = 100.0 - step / 2
        levels = [(round(mark * (1 - 0.002 * k), 6), BOOKS[book]) for k in range(1, 26)] if BOOKS[book] else []
        while due := venue.due(mark, VENUE_RATE):
            one = venue.liquidate(due[0], mark, levels)
            levels = list(one.book)
            parts = {how: sum(close.quantity for close in one.closes if close.how == how) for how in ("market", "adl")}
            market, adl = market + parts["market"], adl + parts["adl"]
            ends[due[0]] = "adl" if parts["adl"] else "market"
            for close in one.closes:
                if close.how == "adl":
                    taken[close.name] = taken.get(close.name, 0.0) + close.quantity
        open_now = {one.name: one for one in venue.accounts()}
        worth = {
            name: (one.margin + pnl(one.side, one.quantity, one.entry_price, mark)) for name, one in open_now.items()
        }
        states.append(
            {
                "mark": mark,
                "ends": dict(ends),
                "taken": dict(taken),
                "worth": worth,
                "open": {name: one.quantity for name, one in open_now.items()},
                "lights": {row["name"]: int(row["lights"]) for row in venue.queue("short", mark)},
                "queue": [row["name"] for row in venue.queue("short", mark)],
                "fund": venue.fund,
                "uncovered": venue.uncovered,
                "market": market,
                "adl": adl,
                "total": float(venue.total(mark)),
                "exact": venue.total(mark),
            }  # fmt: skip
        )
    return tuple(states)


def model(move, book, fund):
    """Seven longs, six shorts, a book and a fund, after a fall: who is closed, and who pays."""
    states = _history(book, fund)
    place = min(int(-move * 200 + 1e-9), FALLS)
    now = states[place]
    closed = len(now["ends"])
    nobody = (
        f" Nobody bids: there is no price at which the fund could help, so {'they go' if closed > 1 else 'it goes'} to the shorts at once."
        if closed and not BOOKS[book]
        else ""
    )
    if not closed:
        what = f"0 of {len(LONGS)} longs closed."
    else:
        ways = [f"{plain(now['market'])} coins into the book"] * (now["market"] > 1e-9) + [
            f"{plain(now['adl'])} coins against shorts, by deleveraging"
        ] * (now["adl"] > 1e-9)
        what = f"{closed} of {len(LONGS)} longs closed: {', '.join(ways)}.{nobody}"
    hit = [name for name in SHORTS if now["taken"].get(name, 0) > 1e-9]
    who = f" {len(hit)} of {len(SHORTS)} shorts deleveraged{': ' * bool(hit)}{', '.join(hit)}."
    next_ = f" First in the queue: {', then '.join(now['queue'][:2])}." if now["queue"] else ""
    moved = ", as at the start" if abs(now["fund"] - fund) < 0.005 else f"; it began with {money(fund)}"
    r = Result(
        move=-place / 200,
        book=book,
        start_fund=float(fund),
        **{key: value for key, value in now.items() if key != "exact"},
    )
    r.sentence = (
        f"A coin at {money(now['mark'])} ({percent(r.move, signed=True)}), book {book}. {what}{who}{next_} The fund holds {money(round(now['fund'], 2))}{moved}. "
        f"All money together: {money(now['total'])}, as at the start."
    )
    return r


class VenueTable(Picture):
    """A small exchange: longs and their margin, shorts with their rank lights, the fund, and the sum of all."""

    height = 5.2

    def draw(self):
        self.title = self.add_text(
            self.figure, 0.02, 0.98, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"
        )
        axes = self.axes = self.figure.add_axes((0.02, 0.02, 0.96, 0.89))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        axes.text(0, 0.965, "longs", color=palette.FIRST, fontweight="bold", **WORD)
        axes.text(0.19, 0.965, "left of the margin", color=palette.MUTED, **SMALL_WORD)
        axes.text(0.52, 0.965, "shorts", color=palette.SECOND_TEXT, fontweight="bold", **WORD)
        axes.text(0.7, 0.965, "rank", color=palette.MUTED, **SMALL_WORD)
        axes.text(0.83, 0.965, "coins still held", color=palette.MUTED, **SMALL_WORD)
        self.longs, self.shorts = {}, {}
        for place, (name, (leverage, _, _)) in enumerate(LONGS.items()):
            y = 0.885 - 0.085 * place
            axes.text(0, y, f"{name} {times(leverage)}", color=palette.INK, **SMALL_WORD)
            axes.add_patch(
                Rectangle((0.19, y - 0.027), 0.16, 0.054, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1)
            )
            bar = self.add_bar(axes, 0.19, y - 0.027, 0, 0.054, **palette.ROOM_BAR)
            word = self.add_text(axes, 0.36, y, "", **SMALL_WORD)
            self.longs[name] = bar, word, 0.16
        for place, (name, (leverage, coins, _)) in enumerate(SHORTS.items()):
            y = 0.885 - 0.085 * place
            axes.text(0.52, y, f"{name} {times(leverage)}", color=palette.INK, **SMALL_WORD)
            lights = [self.add_line(axes, "s", color=palette.SECOND, markersize=9, markeredgecolor=palette.SECOND_TEXT)]
            for light in range(5):
                axes.plot(
                    [0.706 + 0.022 * light],
                    [y],
                    "s",
                    markersize=9,
                    markerfacecolor=palette.GRID,
                    markeredgecolor=palette.MUTED,
                )
            lights[0].set_ydata([])
            axes.add_patch(
                Rectangle((0.83, y - 0.027), 0.11, 0.054, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1)
            )
            bar = self.add_bar(axes, 0.83, y - 0.027, 0, 0.054, **palette.SECOND_BAR)
            word = self.add_text(axes, 0.95, y, "", color=palette.INK, **SMALL_WORD)
            self.shorts[name] = lights[0], bar, word, y, coins
        axes.plot([0, 1], [0.295, 0.295], color=palette.GRID, linewidth=1.5)
        axes.text(0, 0.225, "insurance fund", color=palette.INK, **WORD)
        axes.add_patch(
            Rectangle((0.27, 0.195), 0.46, 0.06, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1)
        )
        self.fund = self.add_bar(axes, 0.27, 0.195, 0, 0.06, facecolor=palette.GAIN, linewidth=0)
        self.fund_start = self.add_line(axes, color=palette.INK, linewidth=2)
        self.fund_word = self.add_text(axes, 0.75, 0.225, "", color=palette.INK, fontweight="bold", **WORD)
        axes.text(0, 0.125, "closed so far", color=palette.INK, **WORD)
        self.by_book = self.add_bar(axes, 0.27, 0.095, 0, 0.06, facecolor=palette.MUTED, linewidth=0)
        self.by_adl = self.add_bar(
            axes, 0.27, 0.095, 0, 0.06, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0
        )
        self.closed_word = self.add_text(axes, 0.28, 0.125, "", color=palette.INK, **WORD)
        axes.text(0, 0.03, "all money together", color=palette.INK, **WORD)
        self.total = self.add_text(axes, 0.27, 0.03, "", color=palette.INK, fontweight="bold", **WORD)

    def move(self, r):
        hit = sum(r.open.get(name, 0.0) < coins - 1e-9 for name, (_, coins, _) in SHORTS.items())
        self.title.set_text(
            f"{percent(r.move, signed=True)}: {len(r.ends)} of {len(LONGS)} longs closed, {hit} of {len(SHORTS)} shorts deleveraged"
        )
        for name, (bar, word, wide) in self.longs.items():
            leverage, coins, entry = LONGS[name]
            if name in r.ends:
                bar.set(width=0, visible=False)
                word.set(text="closed" if r.ends[name] == "market" else "by ADL", color=palette.LOSS_TEXT)
            else:
                share = r.worth[name] / (coins * entry / leverage)
                bar.set(width=wide * share, visible=True)
                word.set(text=percent(share, decimals=0), color=palette.INK)
        for name, (light, bar, word, y, coins) in self.shorts.items():
            held, count = r.open.get(name, 0.0), r.lights.get(name, 0)
            light.set_data([0.706 + 0.022 * k for k in range(count)], [y] * count)
            bar.set(width=0.11 * held / coins, visible=held > 0)
            word.set_text(plain(held, 1) if held else "out")
        full = 45
        self.fund.set_width(0.46 * min(r.fund / full, 1))
        self.fund_start.set_data([0.27 + 0.46 * r.start_fund / full] * 2, [0.185, 0.265])
        self.fund_word.set_text(money(round(r.fund, 2)))
        scale = 0.46 / 40
        self.by_book.set_width(scale * r.market)
        self.by_adl.set(x=0.27 + scale * r.market, width=scale * r.adl)
        where = 0.27 + scale * (r.market + r.adl) + 0.015
        parts = [f"book {plain(r.market, 1)}"] * (r.market > 1e-9) + [f"ADL {plain(r.adl, 1)}"] * (r.adl > 1e-9)
        self.closed_word.set(text=", ".join(parts) + " coins" if parts else "none", x=where)
        self.total.set_text(f"{money(r.total)}, as at the start")


venue = Recipe(
    model,
    VenueTable,
    [
        Slider("move", "price move", steps(-0.15, 0, 0.005), -0.02, "%"),
        Choice("book", "order book", tuple(BOOKS), "deep"),
        Slider("fund", "fund", (0, 2, 5, 10, 15, 20, 30, 40), 10, "$"),
    ],
)
