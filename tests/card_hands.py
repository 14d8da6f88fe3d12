"""A learner's hands on a card, without a browser: what its page would send and show."""

import itertools
import re
from html import unescape

TICKETS = itertools.count()


def card_of(widget):
    """The card itself; a prediction's stands above its panel."""
    return getattr(widget, "children", [widget])[0]


def is_open(widget):
    """True if a prediction shows its panel."""
    return len(widget.children) == 2


def press(widget, name, ticket=None, **held):
    """Press a button by its words, or choose in a list or among circles by its name; held: what stands in the boxes."""
    card = card_of(widget)
    buttons = {
        button["words"]: button["name"]
        for part in card.parts
        for button in part.get("parts", [part])
        if "words" in button
    }
    question = {"press": buttons.get(name, name), "held": card.held | held, "ticket": ticket or f"test-{next(TICKETS)}"}
    card._handle_custom_msg(question, [])


def options(widget, name):
    """[(value, words)] of circles."""
    (part,) = (part for part in card_of(widget).parts if part["name"] == name)
    return [tuple(option) for option in part["options"]]


def words(widget):
    """All that is said and seen, with single spaces."""
    card = card_of(widget)
    seen = [
        text if isinstance(text, str) else " ".join(text) for name, text in card.says.items() if name not in card.hidden
    ]
    text = re.sub(r"<(?!/?(b|code)>)[^>]+>", " ", " ".join(seen))
    return re.sub(r"\s+", " ", unescape(re.sub(r"</?(b|code)>", "", text)))
