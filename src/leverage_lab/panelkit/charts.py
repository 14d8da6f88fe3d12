"""Parts that pictures share: headline, dot, boxes, ticks, labels kept apart; and what a picture of a market needs."""

import math
import unicodedata
from datetime import datetime, timezone

import numpy as np
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from leverage_lab.candles import DAY
from leverage_lab.panelkit import palette
from leverage_lab.words import MINUS, clock, percent


class Headline:
    """Large percentages in a row at the top left, a small word under each: what is read first."""

    def __init__(self, picture, labels, left=0.02, top=0.985, step=0.3):
        self.texts = []
        for column, label in enumerate(labels):
            x = left + column * step
            picture.figure.text(x, top - 0.105, label, va="top", **palette.QUIET)
            self.texts.append(picture.add_text(picture.figure, x, top, **palette.FIGURE))

    def show(self, *values):
        """values: fractions, one for each label."""
        for text, value in zip(self.texts, values, strict=True):
            text.set_text(percent(value, signed=True))  # as in the sentence and on the sliders
            text.set_color(palette.change_colour(value))


class Dot:
    """The position's place on a line. Outside the axes it is an arrow at the edge, with its value beside it."""

    def __init__(self, picture, axes, show, marker="o"):
        self.axes, self.show, self.marker = axes, show, marker
        self.point = picture.add_line(axes, color=palette.INK, markersize=10, clip_on=False, zorder=5)
        self.value = picture.add_text(axes, 0, 0, va="center", zorder=5, bbox=palette.GROUND, **palette.STRONG)

    def move(self, x, y):
        low, high = self.axes.get_ylim()
        left, right = self.axes.get_xlim()
        edge = min(max(y, low + 0.04 * (high - low)), high - 0.04 * (high - low))
        off = edge != y
        self.point.set(data=([x], [edge]), marker=("^" if y > edge else "v") if off else self.marker)
        inward = x > (left + right) / 2
        gap = 0.02 * (right - left)
        self.value.set(
            text=self.show(y) if off else "", x=x - gap if inward else x + gap, y=edge, ha="right" if inward else "left"
        )


def boxes(picture, axes, **style):
    """Any number of boxes of one style, as one moving artist: drawn and hatched together."""
    return picture.moving(axes.add_patch(PathPatch(Path(np.empty((0, 2))), **{"linewidth": 0} | style)))


def fill(boxes, corners):
    """corners: [(left, low, right, high)], one for each box."""
    points = [[(a, b), (c, b), (c, d), (a, d), (a, b)] for a, b, c, d in corners]
    codes = [Path.MOVETO, *3 * [Path.LINETO], Path.CLOSEPOLY] * len(points)
    boxes.set_path(Path(np.reshape(points, (-1, 2)), codes))


def apart(wanted, gap, low=-np.inf, high=np.inf):
    """Places for labels: as near to `wanted` as possible, same order, at least `gap` apart, all within low … high."""
    order = np.argsort(wanted, kind="stable")
    gaps = gap * np.arange(len(order))
    groups = []  # [mean, how many] of labels that touch: without the gaps between them they stand in one place
    for place in np.asarray(wanted, dtype=float)[order] - gaps:
        groups.append([place, 1])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (upper, many), (lower, more) = groups.pop(), groups.pop()
            groups.append([(many * upper + more * lower) / (many + more), many + more])
    placed = np.empty(len(order))
    placed[order] = np.repeat(*zip(*groups)).clip(low, high - gaps[-1]) + gaps
    return placed


def percent_ticks(axis, values):
    """Ticks at these fractions, labelled as signed percent."""
    axis.set_ticks(values, [percent(value, signed=True) for value in values])


# For a market of any length and price

SPANS = [60 * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)]  # between ticks, in seconds
SPANS += [DAY * days for days in (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730)]


def drawn_as(bars, at, every):
    """Bars as candles of `every` steps: (where each begins, open, low, high, close). at: each bar's place, in steps."""
    group = at // every
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    lasts = np.append(starts[1:], len(at)) - 1
    return (
        group[starts] * every,
        bars["open"][starts],
        np.minimum.reduceat(bars["low"], starts),
        np.maximum.reduceat(bars["high"], starts),
        bars["close"][lasts],
    )


def view(start, *values):
    """Lowest and highest of these arrays with a margin; a flat market gets one too, a share of `start`."""
    low, high = float(min(np.min(row) for row in values)), float(max(np.max(row) for row in values))
    room = max(0.07 * (high - low), 2e-4 * start)
    return low - room, high + room


def round_ticks(low, high, most=5):
    """(up to `most` round numbers within, clear of both ends; their step: 1, 2 or 5 times a power of ten)."""
    low, high = low + 0.04 * (high - low), high - 0.01 * (high - low)
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    steps = (power, 2 * power, 5 * power, 10 * power, 20 * power)
    step = next(step for step in steps if math.floor(high / step) - math.ceil(low / step) < most)
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)], step


def price_labels(ticks, step):
    """Dollars, with just the decimals that tell the ticks apart."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [f"{MINUS if tick < 0 else ''}${abs(tick):,.{decimals}f}" for tick in ticks]


def time_ticks(market, most=6):
    """(places in steps, labels) of up to `most` round times: 14:30, or 21 Nov where a day begins or there are many."""
    first, last = market.times[0], market.times[-1]
    span = next((span for span in SPANS if (last - first) // span < most and span >= market.step), SPANS[-1])
    times = [time for time in range(-(-first // span) * span, last + 1, span) if time <= last - 0.03 * (last - first)]
    return [(time - first) / market.step for time in times], [_tick(time, span, market.one_day) for time in times]


def _tick(time, span, one_day):
    day = datetime.fromtimestamp(time, timezone.utc)
    if span >= 90 * DAY:
        return f"{day:%b %Y}"
    return clock(time) if one_day or time % DAY and span < DAY else f"{day.day} {day:%b}"


def wide(picture, words, size=palette.SMALL):
    """The width of words in a picture, as a share of its width."""
    width, _, _ = picture.canvas.get_renderer().get_text_width_height_descent(words, FontProperties(size=size), False)
    return width / picture.figure.bbox.width


def drawable(words):
    """Words as the pictures' font can show them: USDⓈ-M becomes USDS-M, a letter without a glyph a question mark."""
    font = get_font(findfont(FontProperties()))
    letters = unicodedata.normalize("NFKC", words)
    known = "".join(letter if font.get_char_index(ord(letter)) else "?" for letter in letters)
    return known.replace("$", r"\$")  # money, not a formula


def left_of(picture, labels, least):
    """Where axes must begin to leave room for these labels."""
    return max(least, max((wide(picture, label) for label in labels), default=0) + 0.025)


def source_line(picture, market):
    """Market, days and source, in one line."""
    first, last = (datetime.fromtimestamp(time, timezone.utc) for time in (market.times[0], market.times[-1]))
    if market.one_day:
        days = f"{first.day} {first:%B %Y}"
    else:
        year = f" {first:%Y}" if first.year != last.year else ""
        days = f"{first.day} {first:%b}{year} to {last.day} {last:%b %Y}"
    name, source = drawable(market.name), drawable(market.source)
    line = f"{name}, {days}, UTC; {source}" if source else f"{name}, {days}, UTC"
    while wide(picture, line) > 0.95:  # too long: without the source, and with less and less of the name
        line, name = f"{name}, {days}, UTC", name.removesuffix("…")[:-1] + "…"
    return line


def broken(x, y, every=1):
    """A line through the points from left to right, with a gap where two are farther apart than `every`."""
    order = np.argsort(x, kind="stable")
    gaps = np.flatnonzero(np.diff(x[order]) > every) + 1
    return np.insert(x[order].astype(float), gaps, np.nan), np.insert(y[order], gaps, np.nan)
