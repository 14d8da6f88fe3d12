"""QTI 1.2, which Canvas imports, through text2qti: a quiz for each chapter.

One of each exercise's draws is picked by chance. With options throughout: Canvas has no sentence for one wrong number.
"""

import re

from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from .packed import packed, unpacked
from .questions import folder
from .words import html


def qti12(entries, chapter):
    """The zip's bytes."""
    parts = [f"Quiz title: Leverage Lab {folder(chapter)}"]
    for entry in entries:
        asked = list(map(question, entry.polled))
        group = ["GROUP\npick: 1\npoints per question: 1", *asked, "END_GROUP"] if entry.drawn else asked
        parts += group
    config = Config()
    quiz = Quiz("\n\n".join(parts) + "\n", config=config, source_name=folder(chapter))
    return packed(unpacked(QTI(quiz).zip_bytes()))


def question(one):
    lines = [f"Title: {one.name}", f"1. {words(one.ask)}", f"... {words(one.solution)}"]
    for letter, answer in zip("abcdef", one.answers):
        lines += [f"{'*' if answer.right else ''}{letter}) {words(answer.text)}", f"... {words(answer.why)}"]
    return "\n".join(lines)


def words(text):
    """HTML in one line, with the signs that Markdown or text2qti would read as entities."""
    parts = re.split(r"(<[^>]+>|&\w+;)", html(text))
    return "".join(
        part if number % 2 else re.sub(r"[^\w ,%]", lambda sign: f"&#{ord(sign[0])};", part)
        for number, part in enumerate(parts)
    )
