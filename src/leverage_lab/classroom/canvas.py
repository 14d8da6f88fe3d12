"""Pictures that are drawn once and then moved.

A `Picture` knows no widget. Its static part is kept as a background; a move redraws only the
artists that move. Figures are made without pyplot, so none is registered and none can leak.
"""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from PIL import Image

from leverage_lab.classroom import palette

QUICK_TEXT = {"text.hinting": "no_hinting"}  # a third less time for text, the larger part of a move


class Picture:
    """Base of all pictures. A subclass writes `draw` (static part, once) and `move` (each change).

    Artists that change in `move` are made through `self.moving(artist)`. Where the static part
    depends on the numbers (other axis limits), `frame` returns what it depends on and `reframe`
    changes it: the background is then drawn again, which costs more.
    """

    width, height = 7.0, 4.0  # inches; 700 × 400 px on the page

    def __init__(self, scale=1):
        self.figure = Figure(figsize=(self.width, self.height), dpi=palette.DPI * scale, facecolor=palette.PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        self._movers = []
        self._background = None
        self._frame = None
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

    def pixels(self, result):
        """The picture of `result` as an array, height × width × 4, 8 bits."""
        frame = self.frame(result)
        with rc_context(QUICK_TEXT):
            if self._background is None or frame != self._frame:
                self.reframe(result)
                self._frame = frame
                self.canvas.draw()
                self._background = self.canvas.copy_from_bbox(self.figure.bbox)
            self.canvas.restore_region(self._background)
            self.move(result)
            for artist in sorted(self._movers, key=lambda artist: artist.get_zorder()):
                if isinstance(artist, Text) and artist.get_bbox_patch() is None:
                    _stamp(artist, self.canvas.get_renderer())
                else:
                    (artist.axes or self.figure).draw_artist(artist)
        return np.asarray(self.canvas.buffer_rgba())

    def png(self, result):
        """The picture of `result` as a PNG."""
        return pack(self.pixels(result))


def _stamp(text, renderer):
    """Draw one line of text from stored letters: a tenth of matplotlib's time, which lays it out anew each move."""
    letters = [_letter(letter, text.get_fontproperties().get_size_in_points(), text.get_fontweight(), renderer.dpi) for letter in text.get_text()]
    if not letters or not text.get_visible():
        return
    x, y = text.get_transform().transform(text.get_position())
    width, (rise, drop) = sum(advance for _, advance, _ in letters), letters[0][2]
    x -= {"left": 0, "center": width / 2, "right": width}[text.get_horizontalalignment()]
    y -= {"top": rise, "center": (rise - drop) / 2, "bottom": -drop, "baseline": 0}[text.get_verticalalignment()]
    page = np.asarray(renderer.buffer_rgba())
    ink = np.array(to_rgb(text.get_color())) * 255
    base = round(page.shape[0] - y)
    for (cover, down, right), advance, _ in letters:
        top, start = base + down, round(x) + right
        part = page[max(top, 0) : top + cover.shape[0], max(start, 0) : start + cover.shape[1], :3]
        shade = cover[max(-top, 0) :, max(-start, 0) :][: part.shape[0], : part.shape[1], None]
        part[...] = part + (ink - part) * shade + 0.5
        x += advance


@lru_cache(maxsize=2000)
def _letter(letter, size, weight, dpi):
    """One letter: its ink (a share for each pixel, from where on), how far the next one stands, rise and drop of the line."""
    font = FontProperties(size=size, weight=weight)
    unit = int(np.ceil(size * dpi / 72))
    renderer = RendererAgg(4 * unit, 4 * unit, dpi)
    renderer.draw_text(renderer.new_gc(), unit, 3 * unit, letter, font, 0)
    measure = renderer.get_text_width_height_descent
    advance = measure(f"|{letter}|", font, False)[0] - measure("||", font, False)[0]
    _, height, drop = measure("lp", font, False)
    cover = np.asarray(renderer.buffer_rgba())[:, :, 3] / np.float32(255)
    rows, columns = (np.flatnonzero(cover.any(axis=axis)) for axis in (1, 0))
    if not len(rows):  # a space
        return (cover[:0, :0], 0, 0), advance, (height - drop, drop)
    ink = cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return (ink, int(rows[0]) - 3 * unit, int(columns[0]) - unit), advance, (height - drop, drop)


def still(picture, result, sentence, question=""):
    """The saved form: the picture at double density, its sentence below it, a question above if there is one.

    picture: a Picture class. Returns PNG bytes and the size in CSS pixels (width, height).
    """
    strips = [picture(scale=2).pixels(result), _caption(sentence, picture.width, palette.NORMAL, palette.INK)]
    if question:
        strips.insert(0, _caption(question, picture.width, palette.SMALL, palette.MUTED))
    image = np.vstack(strips)
    return pack(image, compress_level=6), (image.shape[1] // 2, image.shape[0] // 2)


def _caption(words, width, size, colour):
    """A strip of text as wide as the picture and as high as it needs."""
    figure = Figure(figsize=(width, 4), dpi=2 * palette.DPI, facecolor=palette.PAPER)
    canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    margin = 0.02
    lines = _wrap(words, renderer, figure, size, (1 - 2 * margin) * figure.bbox.width)
    style = {"fontsize": size, "color": colour, "va": "top", "linespacing": 1.35, "parse_math": False}
    text = figure.text(margin, 0.97, "\n".join(lines), **style)
    with rc_context(QUICK_TEXT):
        canvas.draw()
    below = figure.bbox.height - text.get_window_extent(renderer).y0 + 0.03 * figure.bbox.height
    return np.asarray(canvas.buffer_rgba())[: 2 * int(np.ceil(below / 2))]


def _wrap(paragraph, renderer, figure, size, room):
    """Break a paragraph into lines that fit. Breaks at plain spaces only, never at no-break ones."""
    probe = figure.text(0, 0, "", fontsize=size, parse_math=False)
    lines, line = [], ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        probe.set_text(longer)
        if line and probe.get_window_extent(renderer).width > room:
            lines.append(line)
            line = word
        else:
            line = longer
    probe.remove()
    return [*lines, line]


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
