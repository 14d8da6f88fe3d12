"""The book's scripts as one file: the front ends of panels and cards, and what stands in for a kernel (web/).

A page opened from a disk may load no module, so the modules become one plain script.
"""

import re
from pathlib import Path

from leverage_lab.panelkit.stage import FRONT

WEB = Path(__file__).parent / "web"
IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{[^}]*\})) from "\./(\w+)\.js";\n', flags=re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", flags=re.M)
FRONT_END = "export default { render };\n"


def bundle(*names):
    """These modules, each after those it imports, as the text of one script."""
    made = {}
    for name in names:
        _add(name, made)
    return "(() => {\n" + "\n".join(made.values()) + "\n})();\n"


def _add(name, made):
    if name in made:
        return
    file = next(path for folder in (FRONT, WEB) if (path := folder / f"{name}.js").exists())
    text = file.read_text(encoding="utf-8")
    for *_, other in IMPORT.findall(text):
        _add(other, made)
    gives = ["render"] if FRONT_END in text else EXPORT.findall(text)
    text = IMPORT.sub(lambda found: f"const {found[1] or found[2]} = module_{found[3]};\n", text)
    text = EXPORT.sub("", text.replace(FRONT_END, ""))
    made[name] = f"const module_{name} = (() => {{\n{text}\nreturn {{ {', '.join(gives)} }};\n}})();"
