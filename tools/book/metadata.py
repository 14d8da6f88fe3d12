"""What a search engine or a catalogue of open courses reads of a page: schema.org's words, as JSON-LD."""

import json

from book.project import VERSION

CONTEXT = "https://schema.org/"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"  # of prose and figures
NAME = "Leverage Lab"
ABOUT = (
    "A course of interactive notebooks on leverage in crypto futures: what a position is, at which price it is closed, "
    "what holding it costs. It sells nothing and advises nothing."
)
EVERYWHERE = {
    "educationalLevel": "beginner",
    "inLanguage": "en",
    "isAccessibleForFree": True,
    "license": LICENSE,
    "version": VERSION,
}


def json_ld(chapter, everything):
    """A chapter's page as a schema.org LearningResource, part of the course. chapter: one of `everything`."""
    return {"@context": CONTEXT} | _resource(chapter) | {"isPartOf": _course(everything)}


def course_json_ld(everything):
    """The book's first page: the Course, with its chapters."""
    return {"@context": CONTEXT} | _course(everything) | {"hasPart": list(map(_resource, everything))}


def tag(data):
    """The element that a page has in its head; nothing in it can end the element early."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _resource(chapter):
    return {
        "@type": "LearningResource",
        "name": chapter.title,
        "description": f"Chapter {chapter.number} of {NAME}. After it you can {'; '.join(chapter.aims)}.",
        "learningResourceType": "interactive notebook",
        "position": chapter.number,
        "teaches": chapter.aims,
        "timeRequired": _duration(chapter.minutes),
    } | EVERYWHERE


def _course(everything):
    minutes = sum(chapter.minutes for chapter in everything)
    return {
        "@type": "Course",
        "name": NAME,
        "description": ABOUT,
        "learningResourceType": "course",
        "timeRequired": _duration(minutes),
    } | EVERYWHERE


def _duration(minutes):
    """ISO 8601: PT7H55M."""
    hours, rest = divmod(minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{rest}M' if rest or not hours else ''}"
