"""Numbers in the prose of a notebook, and where they come from.

A number in prose counts as computed if, in its own section (from one `## ` heading to the next),
a cell prints it or starts from it, if the prose writes it out in an equation that is true
("25 × 40 = $1,000"), or if a panel shows it in a state the prose names (STATES of the chapter's
test file). The first and the last section speak of the whole chapter and may quote all of it.
"""

import re
from dataclasses import dataclass

NUMBER = re.compile(r"(?<![\w.,/])([+−-]?)(\$?)(\d[\d,]*(?:\.\d+)?)(\s?%|x\b|\s(?:million|billion)\b)?(?![\w]|[.,]\d)")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NOT_QUANTITIES = (
    r"```.*?```",
    r"`[^`]*`",
    r"\]\([^)]*\)",
    r"<[^>]+>",  # code, link targets, tags
    r"^#+ \d+ ·",
    r"^\s*\d+\. ",
    r"\*\(\d+ of about \d+ minutes\)\*",
    r"\*\*Time\*\* about \d+ minutes",
    r"\b(?:[Cc]hapter|[Ss]ection)s? \d\b(?:(?:,| and| to) \d\b(?![x.,]?\d| %|x))*",
    rf"\b\d{{1,2}}(?: and \d{{1,2}})? (?:{MONTHS})\b(?: \d{{4}})?",
    rf"\b(?:{MONTHS}) \d{{4}}\b",
    r"\b(?:in|of|from|since|until|before|to|and|,) (?:19|20)\d\d\b",
    r"\b\d\d:\d\d\b",
    r"\b\d{4}-\d\d-\d\d\b",
    r"\bCC BY 4\.0\b",
)
ROUGHLY = re.compile(
    r"\b(?:about|nearly|almost|roughly|some|over|under|around|more than|less than|at most|at least)\s+[+−-]?\$?$"
)


@dataclass(frozen=True)
class Quoted:
    """A number as it stands in prose."""

    text: str
    value: float  # a percentage as a fraction
    decimals: int  # digits after the point, of `value`
    digits: int  # digits that count
    unit: str
    rough: bool
    start: int


def clean(text):
    """Prose without what only looks like a quantity; every place keeps its position in the line."""
    text = text.replace("<span>&#36;</span>", "$").replace("\u00a0", " ")
    for pattern in NOT_QUANTITIES:
        text = re.sub(pattern, lambda found: " " * len(found[0]), text, flags=re.M | re.S)
    return text


def numbers(text):
    """All quantities in `text`."""
    found = []
    for match in NUMBER.finditer(text):
        dollar, digits, unit = match[2], match[3], (match[4] or "").strip()
        factor = {"%": 0.01, "million": 1e6, "billion": 1e9}.get(unit, 1)
        decimals = len(digits.partition(".")[2]) + {"%": 2, "million": -6, "billion": -9}.get(unit, 0)
        counting = len(digits.replace(",", "").replace(".", "").strip("0")) or 1
        found.append(
            Quoted(
                match[0].strip(),
                float(digits.replace(",", "")) * factor,
                decimals,
                counting,
                dollar or unit,
                bool(ROUGHLY.search(text[: match.start()])),
                match.start(),
            )
        )
    return found


def values(text):
    """Every number in code or output, without its sign: percentages as fractions, and as they stand."""
    text = text.replace("<span>&#36;</span>", "$").replace("\u00a0", " ")
    found = set()
    for digits, unit in re.findall(r"(\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d+)?)(\s?%|\s(?:million|billion)\b)?", text):
        value = float(re.sub("[,_]", "", digits))
        found |= {value, value * {"%": 0.01, "million": 1e6, "billion": 1e9}.get(unit.strip(), 1)}
    return found


def same(quoted, value):
    """True if `value` is what was quoted, rounded as quoted; one counting digit must be exact unless it says
    "about"."""
    candidates = [value, value / 100] if quoted.unit == "%" else [value]
    for candidate in map(abs, candidates):
        gap = abs(candidate - quoted.value)
        if gap <= 1e-9 * max(1, quoted.value):
            return True
        if quoted.digits > 1 and gap <= 0.5 * 10**-quoted.decimals * (1 + 1e-6):
            return True
        if quoted.rough and gap <= 0.1 * quoted.value:
            return True
    return False


TERM = r"\(?[+−-]?\s?\$?\d[\d,]*(?:\.\d+)?(?:\s?%|x\b)?\)?"
EQUATION = re.compile(rf"({TERM}(?:\s[×/+−]\s{TERM})+)((?:\s=\s{TERM})+)")


def evaluate(term):
    """The value of "25 × $40 / (1 − 0.5 %)": digits and signs only."""
    code = re.sub(r"[$,]|(?<=\d)x\b", "", term).replace("×", "*").replace("−", "-")
    code = re.sub(r"(\d+(?:\.\d+)?)\s?%", r"(\1/100)", code)
    if not re.fullmatch(r"[\d.+\-*/() ]+", code):
        raise ValueError(f"not an equation: {term}")
    return eval(code)  # digits and signs only, as checked


def equations(text):
    """[(text, left side, its value, right sides as Quoted)] of each equation written out in prose."""
    found = EQUATION.finditer(text)
    return [
        (match[0], match[1], evaluate(match[1]), numbers(match[2]))
        for match in found
        if match[1].count("(") == match[1].count(")")
    ]
