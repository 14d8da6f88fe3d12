"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex


def write_whole(file, text):
    """First under another name, then in place of the old one: whoever reads `file` finds the old text or the new.

    OSError where it cannot be written; the old file is then as it was.
    """
    file = Path(file)
    part = file.with_name(f"{file.name}.{token_hex(4)}.part")
    try:
        with open(part, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())  # else a machine that loses its power may keep the name and not the content
        os.replace(part, file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
