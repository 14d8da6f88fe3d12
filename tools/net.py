"""Every panel at both ends and the start of every control: its sentence, and a hash of its picture.

    python tools/net.py before.json                 writes them
    python tools/net.py before.json --compare       says what differs now, and ends with 1 if anything does

For whoever changes code that must not change what a learner sees. About six seconds.
"""

import hashlib
import json
import sys
from pathlib import Path

from leverage_lab.classroom import panels


def states(names=tuple(panels.ALL)):
    """{"panel|control|value": [sentence, hash of the picture]}; what a panel refuses counts as its sentence."""
    found = {}
    for name in names:
        panel = panels.ALL[name]()
        picture = panel.picture()
        for control in panel.controls.values():
            for value in control.corners():
                try:
                    result = panel.model(**panel.values | {control.name: control.accept(value)})
                    state = [result.sentence, hashlib.sha256(picture.pixels(result).tobytes()).hexdigest()]
                except ValueError as problem:
                    state = [f"refused: {problem}", ""]
                found[f"{name}|{control.name}|{value}"] = state
    return found


def differences(before, now):
    """One line for each state added, removed or changed, and a last line that counts them."""
    lines, sentences, pictures = [], 0, 0
    for key in sorted(before.keys() | now.keys()):
        (said, drew), (says, draws) = before.get(key, ("no such state", "")), now.get(key, ("no such state", ""))
        sentences += said != says
        pictures += drew != draws
        if said != says:
            lines.append(f"{key}\n  - {said}\n  + {says}")
        elif drew != draws:
            lines.append(f"{key}: another picture")
    return [*lines, f"{len(now)} states: {sentences} sentences and {pictures} pictures differ"]


def main(file, compare=False):
    now, file = states(), Path(file)
    if not compare:
        file.write_text(json.dumps(now, ensure_ascii=False, indent=0), encoding="utf-8")
        print(f"{len(now)} states written to {file}")
        return 0
    lines = differences(json.loads(file.read_text(encoding="utf-8")), now)
    print("\n".join(lines))
    return len(lines) > 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--compare" in sys.argv[2:]))
