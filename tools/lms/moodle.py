"""Moodle XML, which holds hints too: https://docs.moodle.org/en/Moodle_XML_format."""

import xml.etree.ElementTree as ET

from .gift import category_path
from .questions import folder
from .words import html, number

NO_UNITS = "3"  # Moodle then tells a student who types one, and takes no mark for it
PENALTY = "0.3333333"  # Moodle's own: what another try costs, where a quiz allows several


def moodle(entries):
    """The file as bytes: categories as in GIFT."""
    quiz = ET.Element("quiz")
    for chapter in sorted({entry.chapter for entry in entries}):
        here = [entry for entry in entries if entry.chapter == chapter]
        category(quiz, f"{folder(chapter)}/Polls")
        for entry in here:
            question(quiz, entry.polled[0], "poll ")
        for entry in (entry for entry in here if entry.drawn):
            category(quiz, f"{folder(chapter)}/{entry.id}")
            for one in entry.asked:
                question(quiz, one)
    ET.indent(quiz)
    return ET.tostring(quiz, encoding="utf-8", xml_declaration=True) + b"\n"


def category(quiz, path):
    add(ET.SubElement(quiz, "question", type="category"), "category", category_path(path))


def question(quiz, one, kind=""):
    node = ET.SubElement(quiz, "question", type="numerical" if one.typed else "multichoice")
    add(node, "name", one.name)
    add(node, "questiontext", html(one.ask), "html")
    add(node, "generalfeedback", html(one.solution), "html")
    for tag, value in {"defaultgrade": "1", "penalty": PENALTY, "hidden": "0", "idnumber": kind + one.name}.items():
        ET.SubElement(node, tag).text = value
    for answer in one.answers:
        fraction = "100" if answer.right else "0"
        if one.typed:
            found = add(node, "answer", number(answer.value), "moodle_auto_format", fraction=fraction)
            ET.SubElement(found, "tolerance").text = number(answer.tolerance)
        else:
            found = add(node, "answer", html(answer.text), "html", fraction=fraction)
        add(found, "feedback", html(answer.why), "html")
    settings = {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": NO_UNITS, "unitsleft": "0"}
    if not one.typed:
        settings = {"single": "true", "shuffleanswers": "true", "answernumbering": "abc"}
    for tag, value in settings.items():
        ET.SubElement(node, tag).text = value
    for hint in one.hints:
        add(node, "hint", html(hint), "html")


def add(node, tag, text, format=None, **attributes):
    found = ET.SubElement(node, tag, **({"format": format} if format else {}), **attributes)
    ET.SubElement(found, "text").text = text
    return found
