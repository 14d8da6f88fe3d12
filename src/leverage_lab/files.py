"""Atomic file writes."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex


def write_atomically(file, text):
    """Write to a temporary file, then rename it over `file`: a reader finds the old text or the new, never a part.

    OSError where it cannot be written; the old file is then unchanged.
    """
    file = Path(file)
    part = file.with_name(f"{file.name}.{token_hex(4)}.part")
    try:
        with open(part, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())  # else a power loss may keep the name and lose the content
        os.replace(part, file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
