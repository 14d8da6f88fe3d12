"""Front ends other than JupyterLab: every card and panel gives its view, and what Colab needs to know."""

import sys
import types

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
