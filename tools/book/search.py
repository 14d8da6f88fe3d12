"""Full-text search with no server: one script, loaded when somebody first searches, so it works from a disk too.

lunr, as MkDocs ships it: an index of its own kind is built in the reader's browser.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from book.project import ROOT

MKDOCS = "mkdocs==1.6.1"  # for its copy of lunr 2.3.9, so that npm is not needed
LUNR = "mkdocs/contrib/search/templates/search/lunr.js"


def library():
    """The text of lunr.js."""
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, ROOT / "tools" / "make_env.py", "uv", "pip", "install", "--quiet", "--no-deps"]
        ran = subprocess.run([*fetch, "--target", folder, MKDOCS], stderr=subprocess.PIPE, text=True)
        if ran.returncode:
            sys.exit(f"{ran.stderr[-2000:]}\nThe book's search could not be fetched: the lines above say why.")
        return Path(folder, LUNR).read_text(encoding="utf-8")


def script(pages):
    """lunr, and each section of the pages as [file and place, page, heading, text]."""
    sections = [
        [page.file + (f"#{section.id}" if section.id else ""), page.short, section.heading or page.title, section.text]
        for page in pages
        for section in page.sections
        if section.text or section.heading
    ]
    data = json.dumps(sections, ensure_ascii=False, separators=(",", ":"))
    return f"{library()}\nglobalThis.bookSections = {data};\n"
