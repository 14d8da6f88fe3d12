"""What panels look like: one module a chapter, and the parts they share here."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from leverage_lab.classroom import palette
from leverage_lab.words import percent


class Headline:
    """Large percentages in a row at the top left, a small word under each. Read before everything else."""

    def __init__(self, picture, labels, left=0.02, top=0.985, step=0.3):
        self.texts = []
        for column, label in enumerate(labels):
            x = left + column * step
            picture.figure.text(x, top - 0.105, label, fontsize=palette.SMALL, color=palette.MUTED, va="top")
            text = picture.figure.text(x, top, "", fontsize=palette.BIG, fontweight="bold", va="top")
            self.texts.append(picture.moving(text))

    def show(self, *values):
        """values: fractions, one for each label."""
        for text, value in zip(self.texts, values, strict=True):
            text.set_text(percent(value, signed=True, decimals=1))
            text.set_color(palette.change_colour(value))


class Dot:
    """Where the position stands. Outside the picture it is an arrow at the edge, with its value beside it."""

    def __init__(self, picture, axes, show, marker="o"):
        self.axes, self.show, self.marker = axes, show, marker
        self.point = picture.moving(axes.plot([], [], color=palette.INK, markersize=10, clip_on=False, zorder=5)[0])
        self.value = picture.moving(axes.text(0, 0, "", fontsize=palette.NORMAL, fontweight="bold", color=palette.INK, va="center", zorder=5))

    def move(self, x, y):
        low, high = self.axes.get_ylim()
        left, right = self.axes.get_xlim()
        edge = min(max(y, low + 0.04 * (high - low)), high - 0.04 * (high - low))
        off = edge != y
        self.point.set(data=([x], [edge]), marker=("^" if y > edge else "v") if off else self.marker)
        inward = x > (left + right) / 2
        gap = 0.02 * (right - left)
        self.value.set(text=self.show(y) if off else "", x=x - gap if inward else x + gap, y=edge, ha="right" if inward else "left")


def boxes(picture, axes, **style):
    """Any number of boxes of one look, as one moving artist: they are drawn, and hatched, in one go."""
    return picture.moving(axes.add_patch(PathPatch(Path(np.empty((0, 2))), **{"linewidth": 0} | style)))


def fill(boxes, corners):
    """corners: [(left, low, right, high)], one for each box."""
    points = [[(a, b), (c, b), (c, d), (a, d), (a, b)] for a, b, c, d in corners]
    boxes.set_path(Path(np.reshape(points, (-1, 2)), [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(points)))


def percent_ticks(axis, values):
    """Ticks at these fractions, labelled as signed percent."""
    axis.set_ticks(values, [percent(value, signed=True) for value in values])
