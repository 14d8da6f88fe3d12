"""What several panels of this chapter use."""

import numpy as np

from leverage_lab.panelkit import palette

ENTRY = 100_000.0  # a round price of one coin


MAINTENANCE, FEE = 0.005, 0.0006  # rates of the first panel


WORD = {"fontsize": palette.NORMAL, "va": "center"}


SMALL_WORD = {"fontsize": palette.SMALL, "va": "center"}


BACKED = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1}


def apart(wanted, gap, low, high):
    """Places near `wanted` (falling order), at least `gap` apart and within low … high."""
    places = []
    for place in wanted:
        places.append(min(place, places[-1] - gap if places else high))
    for i in range(len(places) - 1, -1, -1):
        places[i] = max(places[i], low if i == len(places) - 1 else places[i + 1] + gap)
    return places


def _uprights(x, low, high):
    return np.stack([np.stack([x, low], axis=1), np.stack([x, high], axis=1)], axis=1)
