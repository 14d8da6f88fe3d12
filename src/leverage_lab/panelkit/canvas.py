"""Pictures that are drawn once and then moved.

A `Picture` knows no widget. Its static part is cached as a background; a move redraws only the artists that move
(raster.py paints most of them). Figures are made without pyplot, so none is registered and none can leak.
"""

from __future__ import annotations

import math

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from leverage_lab.panelkit import palette
from leverage_lab.panelkit.raster import is_plain_boxes, pack, paint_boxes, paint_text, quick_text


class Picture:
    """Base of all pictures. A subclass writes `draw` (static part, once) and `move` (each change).

    Artists that change in `move` are made by the add_… methods, or registered with `self.moving(artist)`. Where the
    static part depends on the numbers (axis limits, say), `frame` returns what it depends on and `reframe` changes it:
    the background is then drawn again, which costs more.
    """

    width, height = 7.0, 4.0  # inches; 700 × 400 px on the page

    def __init__(self, scale=1):
        self.scale = scale
        # A little more than the height: 4.6 in of 200 dots are 919.999…, which matplotlib 3.10 cuts to 919.
        size = self.width, math.nextafter(self.height, math.inf)
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
        """Change the static part; called when `frame` returns something new."""

    def moving(self, artist):
        """Register an artist that changes in `move`; returns it."""
        artist.set_animated(True)
        if isinstance(artist, Text):
            artist.set_parse_math(False)  # "$10 of $100" is money, not a formula
        self._movers.append(artist)
        return artist

    def add_chart(self, left, bottom, width, height, grid="y"):
        """Axes in this part of the figure, in the course's look (palette.tidy)."""
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
            with quick_text():
                self.canvas.draw()
            self._background = np.array(self.canvas.buffer_rgba())
        page = np.asarray(self.canvas.buffer_rgba())
        page[...] = self._background
        self.move(result)
        for artist in sorted(self._movers, key=lambda artist: artist.get_zorder()):
            if isinstance(artist, Text):
                paint_text(artist, page, self.figure.dpi)
            elif is_plain_boxes(artist):
                paint_boxes(artist, page, self.figure.dpi)
            # An empty line would take as long as a short one.
            elif not isinstance(artist, Line2D) or len(artist.get_xdata()):
                artist.draw(self.canvas.get_renderer())
        return page

    def png(self, result):
        """The picture of `result` as a PNG."""
        return pack(self.pixels(result))
