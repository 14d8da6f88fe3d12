"""What panels look like: one module a chapter, and the parts they share here."""

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


def percent_ticks(axis, values):
    """Ticks at these fractions, labelled as signed percent."""
    axis.set_ticks(values, [percent(value, signed=True) for value in values])
