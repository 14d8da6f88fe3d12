"""Front ends other than JupyterLab: every card and panel gives its view, and what Colab needs to know."""

import json
import subprocess
import sys
import types
from pathlib import Path

import ipywidgets
import pytest

from leverage_lab.classroom import (
    audit_card,
    before_and_after,
    check,
    inventory,
    my_exchange_shows,
    panels,
    predict,
    present,
    progress,
    record,
)
from leverage_lab.panelkit.page import bundle

VIEW = "application/vnd.jupyter.widget-view+json"
ALL = {
    "panel": lambda: panels.first_touch(),
    "prediction": lambda: predict("0-guess", panels.first_touch()),
    "exercise": lambda: check("0-first"),
    "inventory": lambda: inventory("before"),
    "before and after": before_and_after,
    "audit": audit_card,
    "my exchange shows": my_exchange_shows,
    "progress": progress,
    "record": record,
    "present": present,
}
COLAB = {VIEW: {"colab": {"custom_widget_manager": {"url": "https://example.org/manager.js"}}}}
# In an environment with Colab's own versions: every output of ours, as data and metadata.
ELSEWHERE = """
import json, sys, types
import ipywidgets
assert ipywidgets.__version__.startswith("7.7"), ipywidgets.__version__
import test_front_ends as here
here.pretend(sys.modules.__setitem__)
print(json.dumps({name: make()._repr_mimebundle_() for name, make in here.ALL.items()}))
"""


def pretend(put):
    """As if this kernel were Colab's, as far as anywidget looks."""
    colab = types.ModuleType("google.colab.output")
    colab.enable_custom_widget_manager = lambda: None
    colab._widgets = types.SimpleNamespace(_installed_url=COLAB[VIEW]["colab"]["custom_widget_manager"]["url"])
    put("google.colab.output", colab)


@pytest.mark.parametrize("name", ALL)
def test_every_card_and_panel_tells_colab_where_its_widgets_are(name, monkeypatch):
    pretend(lambda module, value: monkeypatch.setitem(sys.modules, module, value))
    data, metadata = ALL[name]()._repr_mimebundle_()
    assert metadata == COLAB and data[VIEW]["model_id"] and data["text/plain"]


def test_a_widget_that_cannot_show_itself_is_shown():
    """As those of ipywidgets 7, which have no _repr_mimebundle_."""

    class Old(ipywidgets.VBox):
        _repr_mimebundle_ = None

    card = check("0-first").widget
    old = Old([card])
    data, metadata = bundle(old, "text", {"text/markdown": "text"})
    assert (
        data
        == {
            VIEW: {"version_major": 2, "version_minor": 0, "model_id": old.model_id},
            "text/plain": "text",
            "text/markdown": "text",
        }
        and metadata == {}
    )


@pytest.mark.network
def test_with_the_versions_that_colab_has(tmp_path):
    """ipywidgets 7.7.1 and anywidget 0.9.21, as Colab has them (googlecolab/backend-info, August 2026);
    all else as pinned here."""
    root = Path(__file__).resolve().parents[2]
    python = tmp_path / "venv" / ("Scripts/python" if sys.platform == "win32" else "bin/python")
    uv = [sys.executable, root / "tools" / "make_env.py", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv"], check=True)
    theirs = ["ipywidgets==7.7.1", "anywidget==0.9.21"]
    ours = ["numpy", "pandas", "matplotlib", "filelock", "pytest", "ipykernel"]
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *theirs, *ours], check=True)
    env = {
        "PYTHONPATH": f"{root / 'src'}:{root / 'tests' / 'panelkit'}",
        "LEVERAGE_LAB_PROGRESS": str(tmp_path / "progress.json"),
        "PATH": "",
    }
    out = subprocess.run([str(python), "-c", ELSEWHERE], env=env, capture_output=True, text=True, timeout=300)
    assert out.returncode == 0, out.stderr
    found = json.loads(out.stdout.splitlines()[-1])
    assert set(found) == set(ALL)
    for data, metadata in found.values():
        assert metadata == COLAB and data[VIEW]["model_id"] and data["text/plain"]
