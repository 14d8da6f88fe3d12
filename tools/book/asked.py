"""The states of panels that the text asks for: "Move *price move* to +0.2 %", "Choose XRP at 20x".

A small reader of the bullets below a panel. It knows the panel's controls, a few verbs and prepositions; a number
counts only after such a preposition, in a clause that begins with an instruction. Each bullet goes on where the one
before it ended. What it cannot read stands in BY_HAND.
"""

import re
from functools import cache
from typing import NamedTuple

from chapters import chapters

from leverage_lab.words import read_number

# Panel, how its bullet begins ("": the text asks for it elsewhere), moves from the start.
BY_HAND = (
    # Past a point that the reader of the book finds for himself:
    ("closed_early", "Pull *price move* down", {"maintenance": "on", "fee": "on", "move": -0.05}),
    ("venue", "Set *order book* to deep", {"book": "deep", "move": -0.15}),
    ("venue", "Set it to thin", {"book": "thin", "move": -0.02}),
    ("venue", "Raise *fund* to $40", {"book": "thin", "fund": 40, "move": -0.15}),
    ("stairs", "Set *position* to $20,000", {"position": 20_000}),
    ("stairs", "Set *position* to $20,000", {"position": 400_000}),
    ("stairs", "Set *position* to $20,000", {"position": 20_000_000}),
    # The other one of two:
    ("payoff", "Change *side*", {"side": "short"}),
    ("one_trade", "Change *sorted by*", {"by": "name"}),
    # Several controls with one number:
    ("three_positions", "*Reset*, then −12 % for all three", {"btc": -0.12, "eth": -0.12, "sol": -0.12}),
    ("three_positions", "*Reset*, then −12 % for all three", {"btc": -0.17, "eth": -0.17, "sol": -0.17}),
    ("plane", "Now move both together", {"btc": -0.16, "eth": -0.16}),
    ("plane", "Now move both together", {"btc": -0.17, "eth": -0.17}),
    ("plane", "Choose *short* for ETH", {"side": "short", "eth": 0}),
    ("plane", "Choose *short* for ETH", {"side": "short", "btc": -0.3, "eth": -0.3}),
    ("plane", "Choose *short* for ETH", {"side": "short", "btc": -0.2, "eth": 0.2}),
    ("fall_together", "Choose BTC, ADA and BCH", {"first": "BTC", "second": "ADA", "third": "BCH"}),
    # A control or a number without its usual words:
    ("crash", "Choose 2021", {"crash": "2021", "leverage": 3}),
    ("crash", "Choose 2021", {"crash": "2021", "leverage": 4}),
    ("adding", "Raise *added* to $600", {"added": 600, "move": -0.35}),
    ("mark_or_last", "Choose ATOM and 3x", {"coin": "ATOM", "leverage": 3}),
    ("mark_or_last", "Choose ATOM and 3x", {"coin": "ATOM", "leverage": 1.4}),
    ("settlements", "Go back to 8 hours", {"held": 24}),
    ("standing_still", "Go back to 50x", {"rate": 0.00375}),
    ("hedged_coins", "With 10x, a peak", {"peak": 0.2, "move": -0.5}),
    ("hedged_evening", "Choose *BTC*", {"coin": "BTC", "opened": 0, "held": 50}),
    ("hedged_evening", "Choose *BTC*", {"coin": "BTC", "opened": 0, "held": 47}),
    # Not in a bullet:
    ("first_touch", "", {"leverage": 100}),
    ("first_touch", "", {"leverage": 37}),
    ("first_touch", "", {"margin": 12.5}),
    ("room", "", {"leverage": 40}),
    ("same_position", "", {"leverage": 100, "move": -0.01}),
    ("inverse", "", {"side": "short", "move": 1}),
    ("crash", "", {"crash": "2020", "hour": 23, "leverage": 10}),
    ("way_left", "", {"leverage": 5}),
    ("two_modes", "", {"move": -0.49}),
    ("two_modes", "", {"move": 0.15}),
    ("standing_still", "", {"rate": -0.0003}),
    ("maxima", "", {"month": 80}),
    ("maxima", "", {"group": "others"}),
    ("ends", "", {"leverage": 100}),
    ("lifetime", "", {"kind": "clusters"}),
    ("lifetime", "", {"kind": "clusters", "volatility": 0.55}),
    ("held", "", {"leverage": 20, "time": "1 day"}),
    ("held", "", {"leverage": 25, "time": "1 day"}),
    ("held", "", {"leverage": 25, "time": "1 day", "years": "2023 to 2026"}),
    ("held", "", {"leverage": 6, "time": "1 day"}),
    ("held", "", {"leverage": 6, "time": "1 day", "years": "2023 to 2026"}),
    ("rounds", "", {"leverage": 10, "move": 0.05, "pairs": 5}),
    ("many", "", {"edge": 0.12}),
    ("many", "", {"edge": 0.16, "leverage": 42}),
    ("one_trade", "", {"leverage": 500}),
    ("coins_as_margin", "", {"move": -0.5}),
    ("coins_as_margin", "", {"move": 3}),
)

BULLET = re.compile(r"^ *[-*] (.*(?:\n +\S.*)*)", flags=re.M)
PANEL = re.compile(r"\bpanels\.(\w+)\(")
CLAUSE = re.compile(r"(?<=[.;:!?])\s+|,?\s+(?=then\b)")
VERBS = "press|set|move|raise|lower|choose|switch|type|drag|pull|bring|change|go|back|at|with|now|to"
ORDER = re.compile(rf"(?:and )?(?:then )?(?:\*|(?:{VERBS})\b)", flags=re.I)
NUMBER = r"\d{4}-\d\d|[+−-]?\$?\d+(?:,\d{3})*(?:\.\d+)?(?: million\b| ?%|x\b)?"


class Bullet(NamedTuple):
    """One that asks for something: it begins with an instruction, or a sentence of it does."""

    panel: str
    text: str


@cache
def bullets():
    """All of them, below a panel and up to the next one or the end of the section."""
    found = []
    for chapter in chapters():
        for section in chapter.sections:
            panel = None
            for cell in section.cells:
                if cell.cell_type == "code":
                    panel = (PANEL.findall(cell.source) or [panel])[-1]
                elif panel:
                    found += [Bullet(panel, plain(text)) for text in BULLET.findall(cell.source)]
    return [bullet for bullet in found if any(map(ORDER.match, CLAUSE.split(bullet.text)))]


def plain(text):
    text = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", text.replace("**", ""))


def states(panel, controls, start):
    """{bullet: [values after each of its moves]} from one start of a panel; controls: {name: control}."""
    values, hand, found = dict(start), None, {}
    for bullet in [*bullets(), Bullet(panel, "")]:
        if bullet.panel != panel:
            continue
        passed = found.setdefault(bullet, [])
        given = [moves for name, begin, moves in BY_HAND if name == panel and _begins(bullet.text, begin)]
        passed += [values := start | moves for moves in given if moves.keys() <= controls.keys()]
        if given:
            continue
        alone = dict(start)  # somebody who begins with this bullet
        for clause in CLAUSE.split(bullet.text):
            for name, value in _moves(clause, controls, hand) if ORDER.match(clause) else ():
                hand = name or hand
                if name and value is None:
                    continue
                values, alone = (held | {name: value} if name else dict(start) for held in (values, alone))
                passed += [values, alone]
    return found


def _begins(text, begin):
    return text.startswith(begin) if begin else not text


def _moves(clause, controls, hand):
    """[(control, its new value)]; the value is None where a control is only named, both are None for Reset."""
    found, options = [], _options(controls)
    words = "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True)) or "(?!)"
    token = re.compile(
        rf"\*(?P<name>[^*]+)\*(?: (?:of )?(?:(?P<next>{words})\b|(?P<size>{NUMBER})))?"
        rf"|\b(?:to|from|at|with|and|choose|type)\s+(?:(?P<option>{words})\b|(?P<number>{NUMBER}))",
        flags=re.I,
    )
    for match in token.finditer(clause):
        if match["name"] == "Reset":
            found.append((None, None))
            continue
        if match["name"] and (named := _named(match["name"], controls)):
            hand, word, number = named, match["next"], match["size"]
            found.append((hand, None))
        else:
            word, number = match["name"] or match["option"], match["number"]
        if number and match[0].startswith("and") and not number.endswith("x"):
            continue  # between 3 and 7
        ordered = [hand, *(name for name in controls if name != hand)] if hand else list(controls)
        for name in ordered:
            value = _option(controls[name], word) if word else number and _number(controls[name], number, name == hand)
            if value is not None:
                hand = name
                found.append((name, value))
                break
    return found


def _named(word, controls):
    """The control whose label this is, or begins so: *opened at* for "opened at (hour)"."""
    labels = {control.label.casefold(): name for name, control in controls.items()}
    begun = [name for label, name in labels.items() if label.startswith(word.casefold())]
    return labels.get(word.casefold()) or (begun[0] if len(begun) == 1 else None)


def _options(controls):
    return {option for control in controls.values() for option in getattr(control, "options", ())}


def _option(control, word):
    """The option that is called so, or begins so: *ATOM* for "ATOM, 10 Oct 2025"."""
    options = getattr(control, "options", ())
    begun = [option for option in options if option.startswith(f"{word},")]
    return word if word in options else begun[0] if len(begun) == 1 else None


def _number(control, text, in_hand):
    """The number as this slider takes it, None if its unit is another or it lies outside."""
    if not hasattr(control, "stops"):
        return None
    if not re.fullmatch(r"\d{4}-\d\d", text):
        unit = read_number(text)[1]
        if unit != control.unit and (unit or not in_hand):
            return None
    try:
        return control.accept(text)
    except ValueError:
        return None
