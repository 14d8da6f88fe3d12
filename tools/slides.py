"""A deck of slides for each chapter, built from its notebook: one self-contained HTML file.

    python tools/slides.py [--out dist/slides] [chapter …]

Run by `make slides`. What becomes a slide is read off the notebook's structure: a section's heading with
its first words; a prediction's question alone, then the picture with its sentence; a short calculation;
what stands in bold; the section's first exercise as a poll, then its key; summary and new words. Keys:
arrows, Page Up and Down, Home, End. Print it: one slide a page.
"""

import argparse
import re
from html import escape
from pathlib import Path

import mistune
from answer_key import poll, start
from chapters import ROOT, asked, chapters

from leverage_lab.classroom.exercises import exercise_book

WORDS, LISTED = 60, 90  # a slide has no more running text, no longer list
ENOUGH = 15  # words of running text; with fewer the next paragraph is taken, too
# Words that point to something that is not on the slide.
POINTS = r"(?i)\b(next|this) cells?\b|\bhere (it is|they are|are)\b|^guess|\bbelow\b|:$"
BACK = r"(It|They|That|This|These|Those|Both|There) "  # a sentence that begins so leans on the one before
LINK = r"^(\**)(?:So|And|But|Then),? (\w)"  # and this word ties it to that
LINES = 6  # of a calculation
SUMMARY = "What you know now"
PICTURE = (
    r'<img alt="(?P<words>.+?)" width="700" src="(?P<png>data:image/png;base64,[\w+/=]+)">'
    r"(\n<p>.*?</p>\n<p><small>(?P<dates>.+?)</small></p>)?"
)
render = mistune.create_markdown(escape=True)


def html(text):
    """Markdown to HTML; words that are links in the notebook are only words here, a number and its % stay together."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace(" %", "\u00a0%")
    return render(text).strip()


def inline(text):
    return html(text).removeprefix("<p>").removesuffix("</p>")


def slide(*parts):
    return f'<section class="slide" tabindex="-1">{"".join(parts)}</section>'


def label(text):
    return f'<p class="label">{inline(text)}</p>'


def paragraphs(section):
    """Running text: no heading, list, table, quotation or section clock."""
    for cell in section.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"\n\s*\n", cell.source):
                if not re.match(r"#|- |\d+\. |\||>|\*\(|\*\*Time", part):
                    yield part.replace("\n", " ").strip()


def sentences(text):
    """Cut after a full stop, also one inside of quotation marks or bold."""
    return re.split(r"(?:(?<=[.?!])|(?<=[.?!]”)|(?<=[.?!]\*\*)|(?<=[.?!]”\*\*)) (?=[A-Z“*$\d\[])", text)


def few(parts, words):
    """The first of them, as long as a slide has room."""
    taken = []
    for part in parts:
        if taken and sum(len(one.split()) for one in [*taken, part]) > words:
            break
        taken.append(part)
    return taken


def standing(text):
    """A paragraph's sentences before the first that points elsewhere: what follows is about that, too."""
    for sentence in sentences(text):
        if re.search(POINTS, sentence):
            return
        yield sentence


def opening(section):
    """The section's heading and its first sentences that make sense by themselves; else its list."""
    words = []
    for paragraph in paragraphs(section):
        if len(" ".join(words).split()) < ENOUGH:
            words += standing(paragraph)
    told = html(" ".join(few(words, WORDS)))
    if not words:
        text = "\n".join(cell.source for cell in section.cells if cell.cell_type == "markdown")
        told = html(
            "\n".join(f"- {item}" for item in few(re.findall(r"^(?:- |\d+\. )(.+)$", text, flags=re.M), LISTED))
        )
    return slide(f"<h2>{inline(section.heading)}</h2>", told)


def question(heading, asks, options):
    choices = "".join(f"<li>{inline(option)}</li>" for option in options)
    return slide(
        label(heading),
        f'<p class="question">{inline(asks)}</p>',
        f'<ol class="options">{choices}</ol>' if options else "",
    )


def picture(heading, cell, words=""):
    """The stored picture with its sentence, its dates and how it is computed; "" if the cell has none."""
    stored = "".join(str(output.get("data", {}).get("text/html", "")) for output in cell.outputs)
    if not (found := re.search(PICTURE, stored)):
        return ""
    dates = f'<p class="dates">{found["dates"]}</p>' if found["dates"] else ""
    image = f'<img alt="{found["words"]}" src="{found["png"]}">'
    how = re.search(r"<details>.*?</details>", stored, flags=re.DOTALL)
    said = f"{html(words) if words else ''}<p>{found['words']}</p>{dates}{how[0] if how else ''}"
    return slide(label(heading), f'<div class="shown">{image}<div>{said}</div></div>')


def calculation(heading, cell):
    """A short cell that calculates, with its output; "" for others."""
    plain = not any({"text/html", "text/markdown"} & set(output.get("data", {})) for output in cell.outputs)
    printed = "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs
    ).strip()
    lines = max(len(cell.source.strip().splitlines()), len(printed.splitlines()))
    if (
        not plain
        or not printed
        or lines > LINES
        or not re.search(r" [*/+-] ", cell.source)
        or re.search(r"^from|panels\.", cell.source, flags=re.M)
    ):
        return ""
    return slide(
        label(heading), f"<pre>{escape(cell.source.strip())}</pre>", f'<pre class="out">{escape(printed)}</pre>'
    )


def in_bold(section):
    """Sentences in which the notebook sets words in bold; of one that leans on another, just these words.

    No quotations: the slide does not show who says it.
    """
    bold = []
    for sentence in (
        re.sub(LINK, lambda found: found[1] + found[2].upper(), one)
        for part in paragraphs(section)
        for one in sentences(part)
    ):
        found = [words for words in re.findall(r"\*\*(.+?)\*\*", sentence) if len(words.split()) > 3]
        if found and not sentence.lstrip("*").startswith("“"):
            bold += (
                [f"**{words[0].upper()}{words[1:].rstrip('.')}.**" for words in found]
                if re.match(BACK, sentence)
                else [sentence]
            )
    return (
        slide(label(section.heading), html("\n".join(f"- {sentence}" for sentence in few(bold, LISTED))))
        if bold
        else ""
    )


def listed(heading, items):
    """A list, split over as many slides as it needs."""
    made = []
    while items:
        taken = few(items, LISTED)
        items = items[len(taken) :]
        made.append(slide(f"<h2>{heading}</h2>", html("\n".join(f"- {item}" for item in taken))))
    return made


def body(section):
    """The slides of one section."""
    made, polled, reckoned = [opening(section)], False, False
    for cell in section.cells:
        if cell.cell_type == "markdown":
            if formula := re.findall(r"^> (.+)$", cell.source, flags=re.M):
                made.append(
                    slide(label(section.heading), *(f'<p class="question">{inline(line)}</p>' for line in formula))
                )
            continue
        kind, id, _ = asked(cell) or ("", "", "")
        if kind == "predict":
            prediction = exercise_book.predictions[id]
            made.append(question("Predict first", prediction.ask, prediction.options))
            made.append(picture(section.heading, cell, f"Answer: **{prediction.show(prediction.answer)}**"))
            made.append(slide(label(prediction.ask), f'<p class="question">{inline(prediction.why)}</p>'))
        elif kind == "check" and not polled and (asks := poll("check", id)):
            polled, (ask, options, right, _, _) = True, asks
            made.append(question("Which one?", ask, options))
            shown = "".join(
                f'<li class="right">{inline(option)} ✓</li>' if option == right else f"<li>{inline(option)}</li>"
                for option in options
            )
            made.append(
                slide(label(ask), f'<ol class="options">{shown}</ol>', html(start(id).steps.replace("\n", "  \n")))
            )
        elif not kind:
            made.append(picture(section.heading, cell))
            sums = "" if reckoned else calculation(section.heading, cell)
            reckoned = reckoned or bool(sums)
            made.append(sums)
    return [*made, in_bold(section)]


def closing(section):
    """Summary, then the new words with the first sentence the glossary has of each."""
    text = "\n\n".join(cell.source for cell in section.cells if cell.cell_type == "markdown")
    glossary = dict(
        re.findall(r"^## (.+)\n(.+)$", (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8"), flags=re.M)
    )
    new = re.search(r"\*\*New words\*\*.*", text)
    words = [word for word in re.findall(r"\[([^\]]+)\]\(glossary\.md#", new[0])] if new else []
    told = [
        f"**{word}**: "
        + next(s for s in sentences(glossary[word]) if len(s.split()) > 3 and not s.startswith("Also: "))
        for word in words
    ]
    return [*listed(SUMMARY, re.findall(r"^- (.+)$", text, flags=re.M)), *listed("New words", told)]


def deck(chapter):
    """One chapter as an HTML page."""
    aims = "\n".join(f"- {aim}" for aim in chapter.aims)
    made = [slide(f"<h1>{inline(chapter.title)}</h1>", html(f"After this chapter you can\n\n{aims}"))]
    for section in chapter.sections[1:]:
        made += closing(section) if section.heading == SUMMARY else body(section)
    fields = {"title": escape(chapter.title), "slides": "\n".join(filter(None, made))}
    page = (ROOT / "tools" / "slides.html").read_text(encoding="utf-8")
    return re.sub(r"\{(title|slides)\}", lambda found: fields[found[1]], page)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*", type=int, help="numbers (default: all)")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "slides")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for chapter in chapters():
        if chapter.number in (options.chapters or [chapter.number]):
            page = deck(chapter)
            file = options.out / f"{chapter.stem}.html"
            file.write_text(page, encoding="utf-8")
            print(f"{file}: {page.count('<section ')} slides, {len(page) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
