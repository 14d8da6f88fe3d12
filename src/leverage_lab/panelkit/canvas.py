"""Pictures that are drawn once and then moved.

A `Picture` knows no widget. Its static part is kept as a background; a move redraws only the
artists that move. Text and boxes are painted here, in a tenth of matplotlib's time. Figures are
made without pyplot, so none is registered and none can leak.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from io import BytesIO

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text
from PIL import Image

from leverage_lab.panelkit import palette

QUICK_TEXT = {"text.hinting": "no_hinting"}  # a third less time for text, the larger part of a move


class Picture:
    """Base of all pictures. A subclass writes `draw` (static part, once) and `move` (each change).

    Artists that change in `move` are made through `self.moving(artist)`. Where the static part
    depends on the numbers (other axis limits), `frame` returns what it depends on and `reframe`
    changes it: the background is then drawn again, which costs more.
    """

    width, height = 7.0, 4.0  # inches; 700 × 400 px on the page

    def __init__(self, scale=1):
        self.scale = scale
        size = (
            self.width,
            math.nextafter(self.height, math.inf),
        )  # 4.6 in of 200 dots are 919.999…, and matplotlib 3.10 cuts that to 919
        self.figure = Figure(figsize=size, dpi=palette.DPI * scale, facecolor=palette.PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        self._movers = []
        self._background = self._frame = None
        self.draw()

    def draw(self):
        raise NotImplementedError

    def move(self, result):
        raise NotImplementedError

    def frame(self, result):
        """What the static part depends on; None if on nothing."""

    def reframe(self, result):
        """Change the static part; called when `frame` gives something new."""

    def moving(self, artist):
        """Register an artist that changes in `move`; returns it."""
        artist.set_animated(True)
        if isinstance(artist, Text):
            artist.set_parse_math(False)  # "$10 of $100" is money, not a formula
        self._movers.append(artist)
        return artist

    def add_chart(self, left, bottom, width, height, grid="y"):
        """Axes in this part of the figure, in the house's look (palette.tidy)."""
        return palette.tidy(self.figure.add_axes((left, bottom, width, height)), grid)

    def add_line(self, axes, *style, **more):
        """A line that moves; empty at first."""
        return self.moving(axes.plot([], [], *style, **more)[0])

    def add_text(self, place, x, y, text="", **style):
        """Text that moves, on axes or on the figure."""
        return self.moving(place.text(x, y, text, **style))

    def add_bar(self, axes, x, y, width, height, **style):
        """An upright box that moves."""
        return self.moving(axes.add_patch(Rectangle((x, y), width, height, **style)))

    def pixels(self, result):
        """The picture of `result` as an array, height × width × 4, 8 bits."""
        frame = self.frame(result)
        if self._background is None or frame != self._frame:
            self.reframe(result)
            self._frame = frame
            with rc_context(QUICK_TEXT):
                self.canvas.draw()
            self._background = np.array(self.canvas.buffer_rgba())
        page = np.asarray(self.canvas.buffer_rgba())
        page[...] = self._background
        self.move(result)
        for artist in sorted(self._movers, key=lambda artist: artist.get_zorder()):
            if isinstance(artist, Text):
                _stamp(artist, page, self.figure.dpi)
            elif _is_boxes(artist):
                _fill(artist, page, self.figure.dpi)
            elif not (
                isinstance(artist, Line2D) and not len(artist.get_xdata())
            ):  # an empty line takes as long as a short one
                artist.draw(self.canvas.get_renderer())
        return page

    def png(self, result):
        """The picture of `result` as a PNG."""
        return pack(self.pixels(result))


def _stamp(text, page, dpi):
    """Draw one line of text from stored letters: matplotlib would lay it out anew at each move."""
    style = text.get_fontsize(), text.get_fontweight(), dpi
    letters = [_letter(letter, *style) for letter in text.get_text()]
    if not letters or not text.get_visible():
        return
    x, y = text.get_transform().transform(text.get_position()).tolist()
    width, (rise, drop) = sum(advance for _, advance, _ in letters), letters[0][2]
    x -= {"left": 0, "center": width / 2, "right": width}[text.get_horizontalalignment()]
    y -= {"top": rise, "center": (rise - drop) / 2, "bottom": -drop, "baseline": 0}[text.get_verticalalignment()]
    if patch := text.get_bbox_patch():  # a plain ground
        pad = patch.get_boxstyle().pad * text.get_fontsize() * dpi / 72
        _paint(
            page,
            x - pad,
            y - drop - pad,
            x + width + pad,
            y + rise + pad,
            _tile(patch.get_facecolor(), "none", None, dpi),
        )
    base, places = round(page.shape[0] - y), []
    for (cover, down, right), advance, _ in letters:
        places.append((cover, base + down, round(x) + right))
        x += advance
    # All letters on a line of their own, and that onto the page at once.
    top, left = min(top for _, top, _ in places), min(left for _, _, left in places)
    line = np.zeros(
        (
            max(at + cover.shape[0] for cover, at, _ in places) - top,
            max(at + cover.shape[1] for cover, _, at in places) - left,
        ),
        np.float32,
    )
    for cover, down, right in places:
        part = line[down - top : down - top + cover.shape[0], right - left : right - left + cover.shape[1]]
        np.maximum(part, cover, out=part)
    part = page[max(top, 0) : top + line.shape[0], max(left, 0) : left + line.shape[1], :3]
    line = line[max(-top, 0) :, max(-left, 0) :][: part.shape[0], : part.shape[1]]
    for place, level in enumerate(to_rgb(text.get_color())):  # numpy is five times as fast on one channel at a time
        channel = part[:, :, place]
        channel[...] = channel + (np.float32(255 * level) - channel) * line + np.float32(0.5)


def _is_boxes(artist):
    """A rectangle, or boxes in one path (`pictures.boxes`), without an edge and not to be seen through."""
    return (
        type(artist) in (Rectangle, PathPatch)
        and artist.get_facecolor()[3] == 1
        and not (artist.get_linewidth() and artist.get_edgecolor()[3])
    )


def _fill(boxes, page, dpi):
    """Paint upright boxes, plain or hatched: matplotlib would make the hatching anew at each move."""
    if not boxes.get_visible():
        return
    corners = boxes.get_transform().transform(boxes.get_path().vertices).reshape(-1, 5, 2)
    if boxes.get_clip_on():
        corners = corners.clip(boxes.axes.bbox.min, boxes.axes.bbox.max)
    tile = _tile(boxes.get_facecolor(), boxes.get_edgecolor(), boxes.get_hatch(), dpi)
    for (left, low), (right, high) in zip(corners.min(axis=1).tolist(), corners.max(axis=1).tolist()):
        _paint(page, left, low, right, high, tile)


def _paint(page, left, low, right, high, tile):
    """A box filled with a tile, which repeats from the corner of the page as matplotlib has it."""
    top, bottom, left, right = (
        max(0, math.floor(edge + 0.5)) for edge in (page.shape[0] - high, page.shape[0] - low, left, right)
    )
    part = page.view(np.uint32)[top:bottom, left:right, 0]
    rows, columns = (np.arange(start, start + count) % len(tile) for start, count in zip((top, left), part.shape))
    part[...] = tile[rows][:, columns]


@lru_cache(maxsize=100)
def _tile(face, edge, hatch, dpi):
    """The square that a hatching repeats, or one of a single colour; one number for each pixel."""
    figure = Figure(figsize=(1, 1), dpi=dpi)
    figure.add_artist(Rectangle((0, 0), 1, 1, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba()).view(np.uint32)[:, :, 0]


@lru_cache(maxsize=2000)
def _letter(letter, size, weight, dpi):
    """One letter: its ink (a share for each pixel, from where on), how far the next one stands, rise and drop of the line."""
    font = FontProperties(size=size, weight=weight)
    unit = int(np.ceil(size * dpi / 72))
    renderer = RendererAgg(4 * unit, 4 * unit, dpi)
    with rc_context(QUICK_TEXT):
        renderer.draw_text(renderer.new_gc(), unit, 3 * unit, letter, font, 0)
        measure = renderer.get_text_width_height_descent
        advance = measure(f"|{letter}|", font, False)[0] - measure("||", font, False)[0]
        _, height, drop = measure("lp", font, False)
    cover = np.asarray(renderer.buffer_rgba())[:, :, 3] / np.float32(255)
    rows, columns = (np.flatnonzero(cover.any(axis=axis)) for axis in (1, 0))
    if not len(rows):  # a space
        return (cover[:0, :0], 0, 0), advance, (height - drop, drop)
    ink = cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    return (ink, int(rows[0]) - 3 * unit, int(columns[0]) - unit), advance, (height - drop, drop)


def pack(pixels, compress_level=1):
    """A PNG of the course's own colours: a third of the bytes of RGB, and packed in 2 ms instead of 10."""
    height, width = pixels.shape[:2]
    image = Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(pixels), "raw", "RGBX", 0, 1).convert("RGB")
    out = BytesIO()
    image.quantize(palette=_swatches(), dither=Image.Dither.NONE).save(out, "png", compress_level=compress_level)
    return out.getvalue()


@cache
def _swatches():
    """Every colour of the palette with its shades towards white, which is what edges are made of."""
    colours = [_shade(fill, 1) for fill in palette.FILLS]
    colours += [_shade(mark, part / 20) for mark in palette.MARKS for part in range(21)]
    swatches = Image.new("P", (1, 1))
    swatches.putpalette([level for colour in dict.fromkeys(colours) for level in colour])
    return swatches


def _shade(colour, part):
    return tuple(round(255 + part * (255 * level - 255)) for level in to_rgb(colour))
