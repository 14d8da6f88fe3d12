"""Slides: what is on them comes from the notebook, in its order, and they fetch nothing.
How they look is tested in browser/."""

import html
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
import slides

DECKS = {chapter.stem: slides.deck(chapter) for chapter in slides.chapters()}
each = pytest.mark.parametrize("name", DECKS)


def parts(deck):
    """The slides as (its HTML, its words)."""
    found = re.findall(r'<section class="slide".*?</section>', deck, flags=re.S)
    return [
        (part, re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", part)).replace("\u00a0", " ")).strip())
        for part in found
    ]


def sources(name):
    return json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


@each
def test_a_deck_fetches_nothing(name):
    """No address of another file or host: pictures are inside, links of the notebook are plain words."""
    assert not re.search(r"https?:|<link|@import|url\(|href=|\.ipynb|glossary\.md", DECKS[name])
    assert set(re.findall(r'src="(.{11})', DECKS[name])) == {"data:image/"}


@each
def test_no_markup_is_left_over(name):
    for _, words in parts(re.sub(r"<pre.*?</pre>", "", DECKS[name], flags=re.S)):
        assert not re.search(r"\*\*|\]\(|&#36;|<span>|\{(title|slides)\}", words), words


@each
def test_every_stored_picture_is_there_with_its_sentence(name):
    """As many as the notebook stores, each with its sentence as alt text and to be read."""
    stored = [
        re.search(r'<img alt="(.+?)" width', "".join(o["data"].get("text/html", "")))
        for c in sources(name)
        for o in c.get("outputs", [])
        if "data" in o
    ]
    stored = [found[1] for found in stored if found]
    shown = [(alt, words) for part, words in parts(DECKS[name]) for alt in re.findall(r'<img alt="(.+?)"', part)]
    assert [alt for alt, _ in shown] == stored and stored
    for alt, words in shown:
        assert html.unescape(alt).replace("\u00a0", " ") in words
    dates = [
        line
        for c in sources(name)
        for o in c.get("outputs", [])
        for line in re.findall(
            r"<img .*<p><small>(.+?)</small>", "".join(o.get("data", {}).get("text/html", "")), flags=re.S
        )
    ]
    assert [html.unescape(line) for line in re.findall('<p class="dates">(.+?)</p>', DECKS[name])] == [
        html.unescape(line) for line in dates
    ]


@each
def test_a_prediction_is_asked_before_its_picture_is_seen(name):
    """The question stands alone on a slide; the next one has the picture, and only then the answer."""
    found = parts(DECKS[name])
    asked = [i for i, (_, words) in enumerate(found) if words.startswith("Predict first")]
    assert len(asked) == sum(
        bool(re.search(r"^predict\(", "".join(cell["source"]), flags=re.M)) for cell in sources(name)
    )
    for i in asked:
        assert "<img" not in found[i][0] and "<img" in found[i + 1][0] and "Answer: " in found[i + 1][1]


@each
def test_a_poll_shows_no_answer_before_its_key(name):
    found = parts(DECKS[name])
    for i, (part, words) in enumerate(found):
        if words.startswith("Which one?"):
            assert "✓" not in part and 'class="right"' not in part
            options, key = (re.findall(r"<li.*?>(.+?)</li>", deck) for deck in (part, found[i + 1][0]))
            assert [option.removesuffix(" ✓") for option in key] == options and sum(
                "✓" in option for option in key
            ) == 1


@pytest.mark.parametrize("name", list(DECKS)[1:])
def test_a_chapters_deck_has_all_its_parts(name):
    found = parts(DECKS[name])
    notebook = (
        "\n".join("".join(cell["source"]) for cell in sources(name) if cell["cell_type"] == "markdown")
        .replace("\u00a0", " ")
        .replace("<span>&#36;</span>", "$")
    )
    words = "\n".join(words for _, words in found)
    headings = re.findall(r"^## (\d+ · .+)$", notebook, flags=re.M)
    assert [
        heading
        for heading in headings
        if f"<h2>{html.escape(heading, quote=False).replace(' %', chr(160) + '%')}</h2>" not in DECKS[name]
    ] == []
    assert found[0][1].startswith(re.match(r"# (.+)", notebook)[1])
    for new in re.findall(r"\[([^\]]+)\]\(glossary\.md#[^)]*\)", notebook.partition("**New words**")[2]):
        assert f"{new} : " in words, f"no slide explains {new}"
    slides, pictures = (12, 1) if name == "08-two-articles" else (30, 4)  # the audit is a card
    assert len(found) > slides and sum("<img" in part for part, _ in found) >= pictures
    assert sum(text.startswith("Which one?") for _, text in found) >= (pictures if pictures > 1 else 0)


@each
def test_no_slide_leans_on_what_is_not_there(name):
    """No heading without words, none that ends in a colon or points to a cell; no misconception alone;
    no shell command before an audience."""
    for part, words in parts(DECKS[name]):
        text = words.removeprefix(" ".join(re.findall(r"<h2>(.*?)</h2>", part)))
        assert not re.search(r":$|\b(?:next|this) cell\b|make app", words), words
        if "<h2>" in part:
            assert len(text.split()) >= 12, f"a heading and next to nothing: {words}"
        if "<ul>" in part and 'class="label"' in part:  # what stands in bold
            for said in re.findall(r"<li>(.*?)</li>", part, flags=re.S):
                assert not re.match(r"(?:<strong>)?“|(It|They|This|That|These) ", html.unescape(said)), said
    assert "make app" not in DECKS[name]


@each
def test_what_a_calculation_prints_says_what_it_is(name):
    for printed in re.findall(r'<pre class="out">(.*?)</pre>', DECKS[name], flags=re.S):
        for line in html.unescape(printed).splitlines():
            assert re.search(r"[a-z]{2}", line.replace("nan", "")) or " = " in line, line


@each
def test_an_answer_is_given_once(name):
    """With its picture; the slide after that only says why."""
    found = parts(DECKS[name])
    for i, (part, words) in enumerate(found):
        if "Answer: " in words and "<img" in part:
            assert 'class="right' not in found[i + 1][0] and "question right" not in found[i + 1][0]


def test_the_command_writes_the_chapters_it_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["slides.py", "--out", str(tmp_path), "2"])
    slides.main()
    (file,) = tmp_path.iterdir()
    assert (
        file.name == "02-liquidation-mechanics.html"
        and file.read_text(encoding="utf-8") == DECKS["02-liquidation-mechanics"]
    )
    assert str(file) in capsys.readouterr().out
