"""Stored states of the panels: what the book shows where no kernel computes. web/panels.js shows them.

A panel has `states/<name>.js`, a script that gives the words of all its states to one function, and its pictures,
several below each other in a lossless WebP: neighbours differ in little, so a picture takes 2 to 10 kB instead of 19.
"""

import json
import math
import os
import re
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image

from leverage_lab.panelkit.panel import Panel

from . import asked

STATES = 250  # of a panel, about
MOST = 1_450_000  # bytes of a panel; one with rich pictures has fewer states
SHEET = 10  # pictures: a phone holds 12 MB of pixels to show one of them
AT_START, FROM_TEXT = 3, 1  # how much finer the sweeps from a panel's own start are than those from the text's places
SWEEPS = 0.7  # of the states; the others are a grid over all controls


def name_of(panel):
    """The name of a panel's files: its own; on other prices with theirs."""
    model = panel._model
    market = getattr(model, "keywords", {}).get("market")
    name = getattr(model, "func", model).__module__.rpartition(".")[2]
    return f"{name}-{re.sub(r'[^a-z0-9]+', '-', market.name.lower()).strip('-')}" if market else name


def panel_data(panel):
    """What a page says of a panel before it is touched. Its picture is the page's own."""
    controls = panel.controls.values()
    return {
        "kind": "panel",
        "name": name_of(panel),
        "controls": [control.describe() for control in controls],
        "size": [round(100 * panel.picture.width), round(100 * panel.picture.height)],
        "shown": {control.name: control.place(panel.values[control.name]) for control in controls},
    } | _words(panel)


def _words(panel):
    # Without the age of the figures: that sentence differs from day to day.
    return {
        "sentence": panel.sentence,
        "dates": [panel.result.dates.line(), ""],
        "computed": panel.computed.lines(),
    }


def write(folder, panels, count=STATES):
    """Write about `count` states of each of these panels into folder/states. Returns {name: (states, bytes)}."""
    folder = Path(folder) / "states"
    folder.mkdir(parents=True, exist_ok=True)
    alike = {}
    for panel in panels:
        alike.setdefault(name_of(panel), []).append(panel)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            pool.submit(_write, folder, name, _portable(group[0]), [panel.values for panel in group], count)
            for name, group in alike.items()
        ]
        return {name: job.result() for name, job in zip(alike, jobs)}


def _portable(panel):
    """The same for another process: without what cannot travel, its widget and its way to other prices."""
    return Panel(panel._model, panel.picture, panel.controls.values(), panel._computed, **panel.values)


def _write(folder, name, panel, starts, count):
    """One panel; again with fewer states, if it has become too large."""
    while True:
        found, sheets = _drawn(panel, chosen(name, panel.controls, starts, count))
        script = f"leverageLabStates({json.dumps(name)}, {_script(panel.controls, found)});\n".encode()
        size = len(script) + sum(map(len, sheets))
        if size <= MOST:
            break
        count = int(0.95 * count * MOST / size)
    (folder / f"{name}.js").write_bytes(script)
    for number, sheet in enumerate(sheets):
        (folder / f"{name}-{number}.webp").write_bytes(sheet)
    return len(found), size


def _drawn(panel, states):
    """[(values, words)] of the states that the model does not refuse, and their sheets."""
    drawing, found, pictures, sheets = panel.picture(), [], [], []
    for values in states:
        try:
            panel.set(**values)
        except ValueError:
            continue
        found.append((values, _words(panel)))
        pictures.append(Image.open(BytesIO(drawing.png(panel.result))).convert("RGB"))
        if len(pictures) == SHEET:
            sheets.append(_sheet(pictures))
            pictures.clear()
    return found, sheets + ([_sheet(pictures)] if pictures else [])


def _sheet(pictures):
    width, height = pictures[0].size
    sheet, out = Image.new("RGB", (width, height * len(pictures))), BytesIO()
    for row, picture in enumerate(pictures):
        sheet.paste(picture, (0, row * height))
    sheet.save(out, "webp", lossless=True, method=4, quality=80)  # below 75 it is six times as large, and no faster
    return out.getvalue()


# Which states


def chosen(name, controls, starts, count):
    """The values of the states to store: sweeps of each control from each start and from each place the text asks for,
    then a grid. Every start and every such place is among them, also where that is more than `count`."""
    places, ends = [], []  # ends: where a bullet leaves the reader, to go on from
    for start in starts:
        for passed in asked.states(name, controls, start).values():
            passed = [values for values in (_accepted(controls, values) for values in passed) if values]
            places += passed
            ends += passed[-1:]
    starts = [_accepted(controls, start) for start in starts]
    stops = [_stops(control) for control in controls.values()]
    if math.prod(map(len, stops)) <= 1.2 * count:
        found = dict.fromkeys(product(*stops))
    else:
        steps = range(max(map(len, stops)), 1, -1)
        found = _finest(steps, SWEEPS * count, lambda step: _sweeps(stops, starts, ends, step))
        found = _finest(steps, count, lambda step: found | _grid(stops, starts[0], step)) or found
    return [dict(zip(controls, values)) for values in found | dict.fromkeys(starts + places)]


def _finest(steps, count, states):
    """The states with as many stops as fit the count; with the fewest if none do."""
    for step in steps:
        found = states(step)
        if len(found) <= count:
            return found
    return found


def _accepted(controls, values):
    """The values as a model takes them, None if a control does not."""
    try:
        return tuple(control.accept(values[name]) for name, control in controls.items())
    except ValueError:
        return None


def _stops(control):
    return [control.accept(stop) for stop in getattr(control, "stops", None) or control.options]


def _sweeps(stops, starts, ends, step):
    found = {}
    for part, places in ((AT_START, starts), (FROM_TEXT, ends)):
        for place in dict.fromkeys(places):
            for at, all_stops in enumerate(stops):
                for stop in _thinned(all_stops, part * step, place[at]):
                    found[(*place[:at], stop, *place[at + 1 :])] = None
    return found


def _grid(stops, start, step):
    return dict.fromkeys(product(*(_thinned(all_stops, step, at) for all_stops, at in zip(stops, start))))


def _thinned(stops, count, own):
    """At most `count` stops, evenly and with both ends, and this one; of words all."""
    if isinstance(own, str):
        return stops
    some = stops if len(stops) <= count else [stops[round(i * (len(stops) - 1) / (count - 1))] for i in range(count)]
    return sorted({*some, own})


# The script


def _script(controls, found):
    """The states as JSON: how each control's text is read, then each state's places and words; equal strings once."""
    strings, read, rows = {}, [], []

    def known(text):
        return strings.setdefault(text, len(strings))

    for control in controls.values():
        read.append(_reading(control) if hasattr(control, "stops") else {})
    for values, words in found:
        at = [_place(control, values[name], entry) for (name, control), entry in zip(controls.items(), read)]
        rows.append([at, [known(text) for text in (words["sentence"], words["dates"][0], *words["computed"])]])
    told = {"sheet": SHEET, "controls": read, "strings": list(strings), "states": rows}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _reading(slider):
    """How a slider's typed text is read: numbers of its stops as one types them, and what is said to another."""
    told = {"sign": slider.unit, "more": [], "range": _refusal(slider, "?")}
    if "number" in told["range"]:  # not a month: its words are read as they stand
        told["numbers"] = [_typed(slider, stop) for stop in slider.stops]
    if slider.whole and "numbers" in told and slider.stops[0] < slider.stops[-1]:
        told["whole"] = _refusal(slider, str(slider.stops[0] + 0.5))
    return told


def _refusal(slider, text):
    try:
        slider.accept(text)
    except ValueError as problem:
        return str(problem).rpartition(", got ")[0]
    raise AssertionError(f"{slider.label} takes {text!r}")


def _typed(slider, value):
    return round(100 * value if slider.unit == "%" else value, 9)


def _place(control, value, entry):
    """The number of an option or stop; values between two stops are numbered after them, in `more`."""
    if not hasattr(control, "stops"):
        return control.options.index(value)
    place = control.place(value)
    if place["exact"]:
        return place["stop"]
    if (found := [place["text"], place["stop"], _typed(control, value)]) not in entry["more"]:
        entry["more"].append(found)
    return len(control.stops) + entry["more"].index(found)
