"""What several tests do with a panel: draw its picture, read its words."""

import itertools

import numpy as np
from matplotlib.text import Text


def plain(text):
    return text.replace("\u00a0", " ")


def drawn(panel):
    """The panel's picture, drawn as the panel stands."""
    drawing = panel.picture()
    drawing.pixels(panel.result)
    return drawing


def texts(drawing):
    """[(words, extent)] of all texts that are seen in a drawing."""
    renderer = drawing.canvas.get_renderer()
    found = drawing.figure.findobj(Text)
    return [(t, t.get_window_extent(renderer)) for t in found if t.get_visible() and t.get_text().strip()]


def assert_readable(drawing, result, told):
    """There is ink; no text is cut at an edge, none on top of another, none under 11 pt. told: for the message."""
    box = drawing.figure.bbox
    red, green, blue = np.moveaxis(drawing.pixels(result)[:, :, :3] < 128, 2, 0)  # numpy is slow on the short axis
    assert (red | green | blue).mean() > 0.002, f"{told}: an empty picture"
    seen = texts(drawing)
    for text, extent in seen:
        inside = (
            extent.x0 >= box.x0 - 1 and extent.x1 <= box.x1 + 1 and extent.y0 >= box.y0 - 1 and extent.y1 <= box.y1 + 1
        )
        assert inside, f"{told}: {text.get_text()!r} leaves the picture ({extent})"
        assert text.get_fontsize() >= 11, f"{told}: {text.get_text()!r} is smaller than 11 pt"
    for (a, one), (b, other) in itertools.combinations(seen, 2):
        wide = min(one.x1, other.x1) - max(one.x0, other.x0)
        high = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert wide < 2 or high < 4, f"{told}: {a.get_text()!r} stands on {b.get_text()!r}"
