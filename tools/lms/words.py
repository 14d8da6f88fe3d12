"""The words of a question: what the formats can hold, and the same as HTML."""

import re
import unicodedata
from decimal import Decimal
from html import escape

# Beside plain ASCII. Whatever else an exercise brings is refused until somebody has looked at it in these formats.
SIGNS = set("\u00a0·×−±≈²…“”")
# A stray sign of Markdown, or what Moodle and Canvas read as a formula (TeX), a file or a link.
MARKUP = re.compile(r"\$\$|\\|@@|\[\[|\*|`|<[a-zA-Z/!]")
PICTURE = re.compile(r"!\[|<img")
# What a question says of the place where it stands in the course.
PLACE = re.compile(
    r"\b(panel|slider|cell|notebook|picture|chart|article|section|claim)s?\b|\bthe tables?\b|\bchapters? \d"
    r"|\b(this|the) (chapter|model)\b|\b(above|below) function|function (above|below)|\bdid we\b",
    re.IGNORECASE,
)


def without_place(text):
    """(Chapter 1) and the like mean nothing outside the course, and nothing is lost."""
    return re.sub(r" \((section|chapter) \d\)|, (section|chapter) \d(?=\))", "", text, flags=re.IGNORECASE)


def leans(text):
    """The words with which a text leans on the page it stands on in the course, or None."""
    return found[0] if (found := PLACE.search(text)) else None


def refused(text):
    """Why a text cannot be exported, or None."""
    if not text.strip():
        return "has no words"
    if PICTURE.search(text):
        return "has a picture, and these files hold words alone"
    bare = re.sub(r"\*\*(.+?)\*\*|`([^`]+)`", r"\1\2", text)
    if found := MARKUP.search(bare):
        return f"has the sign {found[0]}, which would be read as markup"
    odd = next((c for c in text if not (c.isascii() and c.isprintable()) and c != "\n" and c not in SIGNS), None)
    return odd and f"has the sign U+{ord(odd):04X} ({unicodedata.name(odd, 'no name')}), which not every system shows"


def html(text):
    """Bold, code and line ends as HTML; all else as it reads."""
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text).replace("\n", "<br/>")


def number(value):
    """A number as every format reads it: 12 digits, a point, no exponent."""
    return format(Decimal(f"{value:.12g}"), "f")
