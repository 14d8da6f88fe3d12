"""GIFT, Moodle's text format: https://docs.moodle.org/en/GIFT_format."""

import re

from .questions import folder
from .words import html, number


def gift(entries):
    """One file: a category for the polls of each chapter, and one for the draws of each exercise."""
    parts = []
    for chapter in sorted({entry.chapter for entry in entries}):
        here = [entry for entry in entries if entry.chapter == chapter]
        parts += [category(f"{folder(chapter)}/Polls"), *(question(entry.polled[0]) for entry in here)]
        for entry in (entry for entry in here if entry.drawn):
            parts += [category(f"{folder(chapter)}/{entry.id}"), *map(question, entry.asked)]
    return "\n\n".join(parts) + "\n"


def category(path):
    return f"$CATEGORY: {category_path(path)}"


def category_path(path):
    return f"$course$/top/Leverage Lab/{path}"


def question(one):
    answers = "\n".join(map(typed if one.typed else chosen, one.answers))
    sign = "#" if one.typed else ""
    return f"::{plain(one.name)}::[html]{words(one.ask)} {{{sign}\n{answers}\n####{words(one.solution)}\n}}"


def typed(answer):
    share = "" if answer.right else "%0%"  # a wrong number needs a share of the mark, to have its own sentence
    return f"={share}{number(answer.value)}:{number(answer.tolerance)}#{words(answer.why)}"


def chosen(answer):
    return f"{'=' if answer.right else '~'}{words(answer.text)}#{words(answer.why)}"


def words(text):
    return plain(html(text))


def plain(text):
    r"""GIFT's own signs with a \ before them."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text)
