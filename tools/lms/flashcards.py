"""The glossary as an Anki deck, through genanki. One direction: an explanation gives its word away too often."""

import re
import tempfile
from pathlib import Path

import genanki

from .packed import packed, unpacked
from .words import html

# Chosen once, by chance. Anki knows deck, kind of card and cards by these: a learner who imports again keeps progress.
DECK, CARD = 1_862_735_113, 1_539_274_806
THEN = 1_767_225_600.0  # 1 January 2026: the file is the same bytes each time
MODEL = genanki.Model(
    CARD,
    "Leverage Lab: word and explanation",
    fields=[{"name": "Word"}, {"name": "Explanation"}],
    templates=[
        {
            "name": "Word to explanation",
            "qfmt": "<h1>{{Word}}</h1>",
            "afmt": "{{FrontSide}}<hr id=answer>{{Explanation}}",
        }
    ],
    css=".card { font: 20px/1.5 sans-serif; max-width: 36em; margin: 0 auto; padding: 1em; }\nh1 { font-size: 1.4em; }",
)


def words(glossary):
    """[(word, explanation as Markdown without links, [chapters])] of the glossary's text."""
    found = []
    for part in re.split(r"^## ", glossary, flags=re.MULTILINE)[1:]:
        word, _, body = part.partition("\n")
        text, _, where = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", body.strip()).rpartition(" *(Chapter")
        found.append((word.strip(), text, re.findall(r"\d", where)))
    return found


def deck(glossary):
    """The .apkg's bytes."""
    cards = genanki.Deck(DECK, "Leverage Lab: glossary")
    for word, text, where in words(glossary):
        explained = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html(text))
        cards.add_note(
            genanki.Note(
                MODEL,
                [html(word), explained],
                guid=genanki.guid_for("leverage-lab", word),
                tags=[f"chapter-{chapter}" for chapter in where],
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "deck.apkg")
        genanki.Package(cards).write_to_file(path, timestamp=THEN)
        return packed(unpacked(path.read_bytes()))
