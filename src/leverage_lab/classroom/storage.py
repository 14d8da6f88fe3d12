"""What a learner has guessed, answered and stored: a JSON file beside the notebooks.

Nothing leaves the machine. The file is written whole or not at all; one that cannot be read is
kept aside under another name, never overwritten.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

VERSION = 1
NAME = "my-progress.json"


def path():
    """Where it is kept: LEVERAGE_LAB_PROGRESS, else my-progress.json in the notebook's folder."""
    return Path(os.environ.get("LEVERAGE_LAB_PROGRESS") or NAME)


def load():
    """All sections as {section: {key: value}}, and a sentence if something was wrong with the file."""
    file = path()
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(stored, dict) or stored.get("version") != VERSION:
            raise ValueError
        sections = {name: part for name, part in stored.items() if isinstance(part, dict)}
        return sections, ""
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        return {}, f"Your progress could not be read ({error.strerror}: {file.name})."
    except ValueError:
        aside = _free_name(file)
        try:
            file.rename(aside)
        except OSError:
            return {}, f"{file.name} is damaged or from another version and could not be moved aside; nothing is stored."
        return {}, f"{file.name} was damaged or from another version: it is kept as {aside.name}, and a new one begins."


def get(section, key):
    """What was stored, or None."""
    return load()[0].get(section, {}).get(key)


def put(section, key, value):
    """Store one value; returns a sentence if that failed, else "". Never raises."""
    sections, problem = load()
    if problem and path().exists():
        return problem
    sections.setdefault(section, {})[key] = value
    file = path()
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        part.write_text(json.dumps({"version": VERSION, **sections}, indent=1, ensure_ascii=False), encoding="utf-8")
        os.replace(part, file)
    except OSError as error:
        part.unlink(missing_ok=True)
        return f"Your progress could not be stored ({error.strerror}: {file.name}); it lasts until the kernel stops."
    return problem


def _free_name(file):
    number = 1
    while (aside := file.with_name(f"{file.stem}.aside-{number}{file.suffix}")).exists():
        number += 1
    return aside
