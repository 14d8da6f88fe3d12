"""Colours, one meaning each in every chapter, and the look of every picture.

The marks are Okabe–Ito colours, told apart by colour-blind readers; each has a second signal
(hatch, dash, marker or a word beside it), so colour never carries meaning alone.
"""

INK = "#1b1f24"  # the price, and text
MUTED = "#5d6779"
GRID = "#e4e7ec"
PAPER = "#ffffff"

LOSS = "#D55E00"  # loss, liquidation
GAIN = "#009E73"
FIRST = "#0072B2"  # long, or the first of two
SECOND = "#E69F00"  # short, or the second of two
ROOM = "#56B4E9"  # room left
HELD = "////"  # hatch: what is held back or borrowed

# The same families for text, dark enough on every background (contrast 4.5:1 and more). Lines of SECOND take its too.
LOSS_TEXT = "#a04600"
GAIN_TEXT = "#00734f"
SECOND_TEXT = "#8f6200"

# These two are too light on paper (2.3:1, and a mark needs 3:1): a bar of them has a dark edge.
ROOM_BAR = {"facecolor": ROOM, "edgecolor": FIRST, "linewidth": 1}
SECOND_BAR = {"facecolor": SECOND, "edgecolor": SECOND_TEXT, "linewidth": 1}

BORROWED = "#dcebf5"  # background of the borrowed part
LOST_GROUND = "#fbe9e0"  # background where the margin is used up

MARKS = (INK, MUTED, LOSS, GAIN, FIRST, SECOND, ROOM, LOSS_TEXT, GAIN_TEXT, SECOND_TEXT)
FILLS = (PAPER, GRID, BORROWED, LOST_GROUND)

DPI = 100
SMALL, NORMAL, BIG = 12, 13, 21  # points, at 700 px width

# Styles of text; another colour or place: **STRONG | {"color": LOSS_TEXT}.
TITLE = {"fontsize": NORMAL + 2, "fontweight": "bold", "color": INK, "va": "top"}  # a line at the top
FIGURE = {"fontsize": BIG, "fontweight": "bold", "va": "top"}  # a large number at the top, with a colour of its own
STRONG = {"fontsize": NORMAL, "fontweight": "bold", "color": INK}
PLAIN = {"fontsize": NORMAL, "color": INK}
QUIET = {"fontsize": SMALL, "color": MUTED}  # names of axes, captions, sources

# Styles of boxes.
LOSS_BAR = {"facecolor": LOSS, "edgecolor": PAPER, "hatch": "xx", "linewidth": 0}
BORROWED_BAR = {"facecolor": BORROWED, "edgecolor": FIRST, "hatch": HELD, "linewidth": 0}
GROUND = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}  # bbox of a text that a line would strike through


def tidy(axes, grid="y"):
    """No box, no tick marks, a faint grid below the marks. grid: "x", "y", "both" or ""."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=MUTED, pad=5)
    axes.set_axisbelow(True)
    if grid:
        axes.grid(axis=grid, color=GRID, linewidth=1)
    return axes


def change_colour(value):
    """Text colour of a change: green for a gain, vermilion for a loss, ink for none."""
    return GAIN_TEXT if value > 0 else LOSS_TEXT if value < 0 else INK
