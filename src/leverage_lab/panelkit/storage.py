"""A learner's progress: a JSON file beside the notebooks.

Nothing leaves the machine. Writes are atomic and locked against other kernels. A file that cannot be read is renamed,
never overwritten. What cannot be written stays in the kernel's memory and is written as soon as that works again.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from leverage_lab.files import write_atomically

VERSION = 1
NAME = "my-progress.json"
PATIENCE = 5  # seconds to wait for another kernel's write, which takes a few milliseconds

KEPT = "It lasts until the kernel stops; progress() lets you download it."

_unwritten = {}  # {file: sections} that could not be written so far
_listeners = []  # called after each change
upgrades = []  # functions of a file's content, for what the course has renamed since it was written


def path():
    """Where the file is: LEVERAGE_LAB_PROGRESS, else my-progress.json in the notebook's folder."""
    return Path(os.environ.get("LEVERAGE_LAB_PROGRESS") or NAME).absolute()


def load():
    """All sections as {section: {key: value}}, and a sentence if something was wrong with the file."""
    sections, problem = _read()
    for section, entries in _unwritten.get(path(), {}).items():
        sections.setdefault(section, {}).update(entries)
    return sections, problem


def get(section, key):
    """What was stored, or None."""
    return load()[0].get(section, {}).get(key)


def put(section, key, value):
    """Store one value; returns a sentence if something went wrong, else "". Never raises."""
    return change(section, key, lambda before: value)


def change(section, key, becomes):
    """Store becomes(the stored value, or None), under the lock; returns as `put` does."""
    problem = _change(section, key, becomes)
    for listener in _listeners:
        listener()
    return problem


def on_change(listener):
    """Call listener() after each change from now on, in place of the one before (the newest table of progress)."""
    _listeners[:] = [listener]


def _change(section, key, becomes):
    file = path()
    with _locked(file):
        sections, problem = load()
        value = becomes(sections.get(section, {}).get(key))
        _unwritten.setdefault(file, {}).setdefault(section, {})[key] = value
        if problem and file.exists():
            return f"{problem} {KEPT}"
        try:
            write_atomically(file, _text(load()[0]))
        except OSError as error:
            return f"Your progress could not be stored ({error.strerror}: {file.name}). {KEPT}"
        del _unwritten[file]
    return problem


def text():
    """The file as it would be written now, for a download."""
    return _text(load()[0])


def restore(content):
    """Replace the progress by the text of a progress file; the old one is renamed. Returns a sentence."""
    try:
        sections = _parse(content)
    except ValueError as error:
        return f"This file was not restored: {error}. Your progress has not changed."
    file = path()
    try:
        with _locked(file):
            aside = _set_aside(file) if file.exists() else None
            write_atomically(file, _text(sections))
    except OSError as error:
        return f"The file could not be stored ({error.strerror}: {file.name}). Your progress has not changed."
    _unwritten.pop(file, None)
    kept = f" What was here before is kept as {aside.name}." if aside else ""
    return f"Restored.{kept} Run the notebook's cells again so that its cards show it."


def _read():
    """The file's sections, and a sentence if something is wrong with it; a file that cannot be parsed is renamed."""
    file = path()
    try:
        return _parse(file.read_text(encoding="utf-8")), ""
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        return {}, f"Your progress could not be read ({error.strerror}: {file.name})."
    except ValueError as error:
        try:
            aside = _set_aside(file)
        except OSError:
            return {}, f"{file.name} is not used ({error}) and could not be moved aside."
        return {}, f"{file.name} is not used ({error}): it is kept as {aside.name}, and a new file is started."


def _parse(content):
    """The sections in the text of a progress file; ValueError with the reason if it is not one."""
    return {name: part for name, part in opened(content).items() if isinstance(part, dict)}


def opened(content):
    """The whole content of a progress file's text; ValueError with the reason if it is not one."""
    try:
        stored = json.loads(content.removeprefix("\ufeff"), parse_constant=lambda name: None)  # NaN and the like
    except (ValueError, RecursionError):
        raise ValueError("it is damaged, or not a progress file") from None
    version = stored.get("version") if isinstance(stored, dict) else None
    if type(version) not in (int, float) or version % 1 or version < VERSION:
        raise ValueError("it is not a progress file of this course")
    if version > VERSION:
        newer = f"it was made by a newer version of the course: its format is {int(version)}"
        raise ValueError(f"{newer}, and this version reads {VERSION}")
    for upgrade in upgrades:
        stored = upgrade(stored)
    return stored


def _text(sections):
    return json.dumps({"version": VERSION, **sections}, indent=1)  # ASCII: half a sign cannot be written as UTF-8


def _set_aside(file):
    number = 1
    while (aside := file.with_name(f"{file.stem}.aside-{number}{file.suffix}")).exists():
        number += 1
    return file.rename(aside)


@contextmanager
def _locked(file):
    """Hold a lock on `file` against this machine's other kernels; it ends with the process that holds it."""
    if sys.platform == "emscripten":  # Python in a browser has no such locks, and filelock would wait for ever
        yield
        return
    from filelock import FileLock

    name = sha256(os.fsencode(file)).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"leverage-lab-{name}.lock", timeout=PATIENCE)
    with suppress(OSError, NotImplementedError):  # no locks here: better two writers at once than none
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
