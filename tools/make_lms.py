"""The questions for a learning management system, and the glossary for Anki, in dist/lms.

    python tools/make_lms.py [--out dist/lms]

GIFT and Moodle XML hold each exercise as it is asked, with five draws of its numbers, and the polls; QTI 1.2 and 2.1
hold the same with options. A question that a format cannot hold stops it, before anything is written. Run by
`make lms`, which brings text2qti and genanki along.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from chapters import ROOT
from lms.flashcards import deck, words
from lms.gift import gift
from lms.moodle import moodle
from lms.qti12 import qti12
from lms.qti21 import qti21
from lms.questions import Refused, entries, folder, refuse

from leverage_lab.chapters.inventory import ITEMS


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "lms")
    out = parser.parse_args().out
    found, left_out = entries()
    try:
        refuse(found)
    except Refused as problem:
        sys.exit(f"Nothing was written. These questions do not fit the formats:\n{problem}")
    glossary = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    files = {
        "README.md": readme(found, left_out, len(words(glossary))).encode(),
        "questions.gift": gift(found).encode(),
        "questions.xml": moodle(found),
        "glossary.apkg": deck(glossary),
    }
    for chapter in sorted({entry.chapter for entry in found}):
        here = [entry for entry in found if entry.chapter == chapter]
        stem = folder(chapter).lower().replace(" ", "-")
        files |= {f"qti-1.2/{stem}.zip": qti12(here, chapter), f"qti-2.1/{stem}.zip": qti21(here, chapter)}
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
        print(f"{out / name}: {len(content) / 1000:,.0f} kB")


def readme(found, left_out, cards):
    drawn = [entry for entry in found if entry.drawn]
    why = {}
    for id, reason in left_out.items():
        why.setdefault(reason.split(" (")[0].split(":")[0], []).append(id)
    counts = Counter("typed" if entry.asked[0].typed else "chosen" for entry in drawn)
    return (
        (Path(__file__).parent / "lms" / "README.template")
        .read_text(encoding="utf-8")
        .format(
            polls=len(found),
            typed=counts["typed"],
            chosen=counts["chosen"],
            draws=len(drawn[0].asked),
            gift=len(found) + sum(len(entry.asked) for entry in drawn),
            qti=sum(len(entry.polled) for entry in found),
            cards=cards,
            items=len(ITEMS),
            left_out="\n".join(f"- {len(ids)}: {reason} ({', '.join(ids)})." for reason, ids in why.items()),
        )
    )


if __name__ == "__main__":
    main()
