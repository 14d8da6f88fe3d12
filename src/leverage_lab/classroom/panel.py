"""A panel: model → picture, moved by controls.

    Panel(model, picture, [control, …])

The model computes, the picture draws, the controls are moved; this module joins them. One Image
widget shows the picture, one sentence below it says the numbers. The panel's MIME bundle holds the
live widget and, for readers without a kernel, the picture with its sentence.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape

import ipywidgets as widgets

from leverage_lab.classroom.canvas import still
from leverage_lab.classroom.page import Line, box

class Panel:
    """Joins a model, a Picture class and controls. `start` replaces start values by name."""

    def __init__(self, model, picture, controls, **start):
        self.model, self.picture, self.controls = model, picture, {control.name: control for control in controls}
        self._widget = None
        self._start = self._accepted({name: control.start for name, control in self.controls.items()} | start)
        self.values = dict(self._start)
        self.result = self.model(**self.values)

    @property
    def sentence(self):
        return self.result.sentence

    def set(self, **values):
        """Move controls from code: panel.set(leverage=20). ValueError with one sentence on bad input."""
        values = self.values | self._accepted(values)
        result = self.model(**values)
        self.values, self.result = values, result
        if self._widget:
            for name, put in self._puts.items():
                put(values[name])
            self._show()
        return self

    def reset(self):
        """Back to the start."""
        return self.set(**self._start)

    def _accepted(self, values):
        for name in values:
            if name not in self.controls:
                raise ValueError(f"control must be one of {', '.join(self.controls)}; got {name!r}")
        return {name: self.controls[name].accept(value) for name, value in values.items()}

    # The live widget

    @property
    def widget(self):
        """The live form, made when it is first asked for."""
        if self._widget is None:
            self._drawing = self.picture()
            self._image = widgets.Image(format="png", layout={"width": "100%", "max_width": f"{self._drawing.width * 100:.0f}px"})
            self._words, self._message = Line("status"), Line("alert")
            built = [control.build(self._changed) for control in self.controls.values()]
            self._puts = {name: put for name, (_, put) in zip(self.controls, built)}
            for name, put in self._puts.items():
                put(self.values[name])
            reset = widgets.Button(description="Reset", tooltip="back to the start values", layout={"width": "6em"})
            reset.on_click(lambda _: self.reset())
            self._show()
            *rows, last = (widget for widget, _ in built)
            last.layout.flex = "1 1 20em"
            rows.append(widgets.HBox([last, reset], layout={"flex_flow": "row wrap"}))
            self._widget = box([*rows, self._message, self._image, self._words])
        return self._widget

    def _changed(self, name, value, error=None):
        """A control was moved: show the new state, or say in a sentence why not and keep the old."""
        if error is None:
            values = self.values | {name: value}
            try:
                self.result = self.model(**values)
            except ValueError as problem:
                error = str(problem)
            else:
                self.values = values
        if error is None:
            self._show()
        else:
            kept = self.controls[name].show(self.values[name])
            self._message.say(f"<b>{escape(error)}.</b> The picture still shows {escape(kept)}.")

    def _show(self):
        self._message.say()
        self._words.say(escape(self.sentence))
        self._image.value = self._drawing.png(self.result)

    # The saved form

    def still(self, question=""):
        """PNG and size in CSS pixels of the picture with its sentence, and a question above if there is one."""
        return still(self.picture, self.result, self.sentence, question)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, self.sentence, *self.still())


def bundle(widget, text, png=None, size=None):
    """What a notebook stores of a panel or card: the live widget, its text, and a picture if there is one."""
    data, metadata = {"text/plain": text}, {}
    data.update({key: view for key, view in widget._repr_mimebundle_().items() if key != "text/plain"})
    if png:
        data["image/png"] = b64encode(png).decode()
        metadata["image/png"] = {"width": size[0], "height": size[1], "alt": text}
    return data, metadata
