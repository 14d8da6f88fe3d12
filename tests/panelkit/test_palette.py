"""Colours: enough contrast in every picture, and no two marks that a colour-blind reader takes for one.

What is measured is what is drawn: the artists of every panel, in several states, against the pixels around them.
"""

import itertools
from collections import Counter

import numpy as np
import pytest
from matplotlib.collections import Collection
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb, to_rgba
from matplotlib.contour import ContourSet
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from soak import few

from leverage_lab.classroom import panels
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.stage import FRONT

# WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio and #dfn-relative-luminance


def linear(rgb):
    rgb = np.asarray(rgb, dtype=float)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Of colours, or of arrays of them (… × 3, levels from 0 to 1)."""
    one, other = (linear(rgb) @ [0.2126, 0.7152, 0.0722] for rgb in (one, other))
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


# On a dark page style.css has invert(.92) hue-rotate(180deg): https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement
INVERT = 0.92
HUE = np.array([[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]])  # cos −1, sin 0


def dark(rgb):
    """A colour of a picture on a dark page."""
    rgb = np.asarray(rgb, dtype=float)
    return np.clip((rgb * (1 - INVERT) + (1 - rgb) * INVERT) @ HUE.T, 0, 1)


def least_contrast(one, other):
    """The smaller of the two, on a light and on a dark page."""
    return np.minimum(contrast(one, other), contrast(dark(one), dark(other)))


# Machado, Oliveira & Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 15 (6), the tables for severity 1.0; for linear RGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


def lab(rgb, eyes="all cones"):
    """CIE L*a*b* (D65) of a colour, as these eyes see it."""
    seen = np.clip(np.array(EYES[eyes]) @ linear(rgb), 0, 1)
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ seen
        / [0.9505, 1, 1.089]
    )
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one, other):
    """The smallest difference (CIE76) of two colours that any of the eyes sees, on a light and on a dark page."""
    pages = ((one, other), (dark(one), dark(other)))
    return min(np.linalg.norm(lab(one, eyes) - lab(other, eyes)) for one, other in pages for eyes in EYES)


def test_dark_pictures_are_tested_as_the_page_shows_them():
    style = (FRONT / "style.css").read_text(encoding="utf-8")
    assert style.count("--ll-dark: invert(.92) hue-rotate(180deg)") == style.count("--ll-dark: invert") == 2
    assert to_hex(dark((1, 1, 1))) == "#141414" and to_hex(dark((0, 0, 0))) == "#ebebeb"  # 0.08 and 0.92 of 255


def test_the_measures_themselves():
    """Against published values: black on white is 21; #777777 on white is 4.48; white stays white for all eyes."""
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(to_rgb("#777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.005)
    for eyes in EYES:
        assert lab((1, 1, 1), eyes) == pytest.approx([100, 0, 0], abs=0.05)
        assert lab((0.5, 0.5, 0.5), eyes) == pytest.approx([53.4, 0, 0], abs=0.05)
    red, green = (0.7, 0.1, 0), (0.3, 0.35, 0)
    assert np.linalg.norm(lab(red) - lab(green)) > 60 and apart(red, green) < 15  # the test can fail


# What is in a picture


def states(panel):
    """The start, and each control at both ends."""
    return [{}] + [
        {name: end} for name, control in panel.controls.items() for end in (control.corners()[0], control.corners()[-1])
    ]


def render(drawing):
    """The picture as matplotlib draws it, in the order of `Picture.pixels`: levels from 0 to 1."""
    drawing.canvas.draw()
    for artist in sorted(drawing._movers, key=lambda artist: artist.get_zorder()):
        if artist.get_visible():
            (artist.axes or drawing.figure).draw_artist(artist)
    return np.asarray(drawing.canvas.buffer_rgba())[:, :, :3] / 255


def texts(drawing):
    unseen = set()  # ticks beyond the ends of an axis keep their words
    for axis in (axis for axes in drawing.figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        unseen |= {tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high}
    return [
        text
        for text in drawing.figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in unseen
    ]


def marks(drawing):
    """All lines, bars and markers with something in them; not the page,
    the axes' own parts and the grounds of texts."""
    own = {drawing.figure.patch} | {text.get_bbox_patch() for text in drawing.figure.findobj(Text)}
    for axes in drawing.figure.axes:
        own |= {axes.patch, *axes.spines.values()}
        for tick in [*axes.xaxis.get_major_ticks(), *axes.yaxis.get_major_ticks()]:
            own |= {tick.gridline, tick.tick1line, tick.tick2line}
    found = drawing.figure.findobj(lambda artist: isinstance(artist, (Line2D, Patch, Collection)))
    return [
        artist
        for artist in found
        if artist not in own and artist.get_visible() and inks(artist) and not is_empty(artist)
    ]


def is_empty(artist):
    if isinstance(artist, Line2D):
        return not np.isfinite(np.array(artist.get_data(), dtype=float)).all(axis=0).any()
    if isinstance(artist, Rectangle):
        return not (artist.get_width() and artist.get_height())
    return not any(
        len(path) for path in (artist.get_paths() if isinstance(artist, Collection) else [artist.get_path()])
    )


def inks(artist):
    """The colours a mark is made of, as they look on paper; first that of its face or line."""
    if isinstance(artist, Line2D):
        found = [artist.get_color()] if artist.get_linestyle() != "None" and artist.get_linewidth() else []
        found += [effect._gc["foreground"] for effect in artist.get_path_effects()]  # outlines
        if artist.get_marker() not in ("None", "", None):
            found += [artist.get_markerfacecolor(), artist.get_markeredgecolor()][
                : 1 + (artist.get_markeredgewidth() > 0)
            ]
    else:
        lined = np.max(artist.get_linewidth(), initial=0) > 0 or artist.get_hatch()
        found = [
            *np.reshape(artist.get_facecolor(), (-1, 4)),
            *np.reshape(artist.get_edgecolor(), (-1, 4))[: None if lined else 0],
        ]
    rgba = np.array([to_rgba(colour) for colour in found]).reshape(-1, 4)
    return list(dict.fromkeys(tuple(1 - alpha * (1 - np.array(rgb))) for *rgb, alpha in rgba if alpha))


FAINT = [to_rgb(fill) for fill in palette.FILLS] + [tuple(1 - 0.35 * (1 - np.array(to_rgb(palette.ROOM))))]


def is_ground(artist):
    """Faint on purpose, for alone it has no meaning: paper laid over something,
    lines of a grid that are drawn one by one, and
    grounds, which a dark line bounds or a word names (the margin used up; what an exchange does not offer;
    room behind a line)."""
    return all(any(np.allclose(ink, faint, atol=0.01) for faint in FAINT) for ink in inks(artist))


def named(drawing, artist):
    """For a message: what it is, and what the picture calls it."""
    names = [
        name
        for name, value in vars(drawing).items()
        if value is artist or name != "_movers" and isinstance(value, (list, tuple)) and artist in value
    ]
    return f"{type(artist).__name__} {' '.join(names)} of {', '.join(map(to_hex, inks(artist)))}"


# What may be wrong with it


def weak_texts(drawing, shown):
    """Less than 4.5:1 against what is behind the text; or a bar drawn over it.
    A line that crosses a word may be nearer."""
    seen = texts(drawing)
    for text in seen:
        text.set_alpha(0)  # its ground stays
    behind = render(drawing)
    height, renderer = len(behind), drawing.canvas.get_renderer()
    for text in seen:
        text.set_alpha(None)
        box = text.get_window_extent(renderer)
        place = (
            slice(max(0, int(height - box.y1)), int(height - box.y0) + 1),
            slice(max(0, int(box.x0)), int(box.x1) + 1),
        )
        ground = behind[place].reshape(-1, 3)
        near = least_contrast(to_rgb(text.get_color()), ground) < 4.5
        if near.mean() > 0.2:
            yield f"{text.get_text()!r}, {text.get_color()} on {Counter(map(to_hex, ground[near])).most_common(2)}"
        inked = (abs(shown[place] / 255 - behind[place]) > 0.2).any(axis=2)
        parts = np.array_split(inked, max(1, inked.shape[1] // 40), axis=1)
        if not all(part.any() for part in parts):
            yield f"{text.get_text()!r} is covered"


def around(drawing, artist, shown):
    """What is at the edge of a mark and under it."""
    artist.set_visible(False)
    without = render(drawing)
    artist.set_visible(True)
    near = (shown != without).any(axis=2)
    for axis, step in itertools.product((0, 1), (2, -2)):
        near = near | np.roll(near, step, axis)
    return without[near]


def weak_marks(drawing):
    """Less than 3:1 of a mark's strongest colour (an edge and a hatch count) against the page, where it touches it."""
    shown, all_marks = None, marks(drawing)
    grounds = [
        FAINT[0],
        *(ink for mark in all_marks if not isinstance(mark, Line2D) for ink in inks(mark) if ink in FAINT),
    ]
    for mark in all_marks:
        # A map in steps of one colour says more by its lines, which have names.
        if (
            is_ground(mark)
            or isinstance(mark, ContourSet)
            or max(least_contrast(ink, grounds).min() for ink in inks(mark)) >= 3
        ):
            continue
        shown = render(drawing) if shown is None else shown
        page = around(drawing, mark, shown)
        page = page[contrast(page, (1, 1, 1)) < 1.3]
        weak = np.max([least_contrast(ink, page) for ink in inks(mark)], axis=0, initial=1) < 3
        if weak.sum() > max(0.1 * len(weak), 6):
            yield f"{named(drawing, mark)} on {Counter(map(to_hex, page[weak])).most_common(2)}"


APART = 15  # six times what is just seen between two fields side by side (2.3), for marks are small and stand apart


def signals(artist):
    """All that tells a mark from others but its colour."""
    if isinstance(artist, Line2D):
        return (
            "line",
            str(artist._dash_pattern),
            artist.get_marker(),
            to_hex(artist.get_markerfacecolor(), True) in ("#00000000", "#ffffffff"),
        )
    return type(artist).__name__, artist.get_hatch(), len(inks(artist)) > 1


def same_marks(drawing):
    """Two marks of one picture in colours that some eyes cannot tell apart, with no second signal."""
    seen = {
        (mark.axes, inks(mark)[0], signals(mark)): mark
        for mark in marks(drawing)
        if not is_ground(mark) and not isinstance(mark, ContourSet)
    }
    for ((axes, ink, look), mark), ((others, colour, other_look), other) in itertools.combinations(seen.items(), 2):
        if axes is others and ink != colour and look == other_look and apart(ink, colour) < APART:
            yield f"{named(drawing, mark)} and {named(drawing, other)}: {apart(ink, colour):.0f}"


# The pictures


@pytest.mark.parametrize("name", panels.ALL)
def test_what_is_drawn_can_be_seen_and_told_apart(name):
    panel = panels.ALL[name]()
    drawing = panel.picture()
    problems = {}
    for state in few(states(panel), 6):
        panel.reset().set(**state)
        shown = drawing.pixels(panel.result).copy()[:, :, :3]
        for problem in (*weak_texts(drawing, shown), *weak_marks(drawing), *same_marks(drawing)):
            problems.setdefault(problem, state)
    assert not problems


def test_every_colour_of_text_is_dark_enough_on_every_ground():
    for ink in (palette.INK, palette.MUTED, palette.LOSS_TEXT, palette.GAIN_TEXT):
        assert min(least_contrast(to_rgb(ink), to_rgb(fill)) for fill in palette.FILLS) >= 4.5, ink
    for ink in (palette.FIRST, palette.SECOND_TEXT):  # not on grounds
        assert least_contrast(to_rgb(ink), to_rgb(palette.PAPER)) >= 4.5, ink


def test_the_map_of_chapter_6_goes_one_way_for_all_eyes():
    """Its shades grow darker with the share, whatever the eyes: the only marks that are told apart by their shade."""
    for eyes in EYES:
        light = [
            lab(colour[:3], eyes)[0]
            for colour in LinearSegmentedColormap.from_list("", [palette.PAPER, palette.LOSS], N=20)(range(20))
        ]
        assert (np.diff(light) < -1).all(), eyes


# What may be wrong, made wrong


class Wrong(Picture):
    """One thing that is wrong, on an empty page."""

    def draw(self):
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.axis("off")
        self.axes.set(xlim=(0, 1), ylim=(0, 1))
        self.put(self.axes)

    def move(self, result):
        pass


@pytest.mark.parametrize(
    "problem, put",
    [
        ("'pale'", lambda self, axes: axes.text(0.1, 0.5, "pale", color=palette.SECOND)),
        (
            "'dim'",
            lambda self, axes: (
                axes.add_patch(Rectangle((0, 0), 1, 1, color=palette.FIRST)),
                axes.text(0.1, 0.5, "dim", color=palette.INK),
            ),
        ),
        (
            "is covered",
            lambda self, axes: (
                axes.text(0.1, 0.5, "under a bar"),
                self.moving(axes.add_patch(Rectangle((0, 0), 1, 1, color=palette.BORROWED))),
            ),
        ),
        (
            "Rectangle bar of #56b4e9 on",
            lambda self, axes: setattr(
                self, "bar", axes.add_patch(Rectangle((0.1, 0.1), 0.5, 0.5, color=palette.ROOM))
            ),
        ),
        ("Line2D", lambda self, axes: axes.plot([0, 1], [0, 1], color=palette.SECOND)),
        ("PolyCollection", lambda self, axes: axes.fill_between([0, 1], [0.5, 0.6], color=palette.SECOND)),
        (
            "and Line2D",
            lambda self, axes: [
                axes.plot([0, 1], [y, y], color=colour)
                for y, colour in ((0.2, palette.LOSS), (0.5, palette.SECOND_TEXT))
            ],
        ),
    ],
)
def test_what_is_wrong_is_found(problem, put):
    drawing = type("", (Wrong,), {"put": put})()
    shown = drawing.pixels(None).copy()[:, :, :3]
    found = [*weak_texts(drawing, shown), *weak_marks(drawing), *same_marks(drawing)]
    assert len(found) == 1 and problem in found[0], found


def test_what_is_right_is_not_found_wrong():
    def put(self, axes):
        axes.text(0.1, 0.9, "dark enough")
        axes.add_patch(Rectangle((0.1, 0.1), 0.3, 0.3, **palette.ROOM_BAR))
        axes.add_patch(Rectangle((0.5, 0.1), 0.3, 0.3, **palette.SECOND_BAR))
        for y, colour, dash in ((0.5, palette.LOSS, "-"), (0.6, palette.SECOND_TEXT, "--")):
            axes.plot([0, 1], [y, y], color=colour, linestyle=dash)

    drawing = type("", (Wrong,), {"put": put})()
    shown = drawing.pixels(None).copy()[:, :, :3]
    assert [*weak_texts(drawing, shown), *weak_marks(drawing), *same_marks(drawing)] == []
