"""A panel: model → picture, moved by controls.

    Panel(model, picture, [control, …], computed)

The model computes, the picture draws, the controls are moved; this module joins them. A panel whose numbers come from
a market can be shown on another one: `market` then gives its controls, and the model takes a keyword of that name.
The page shows all of it through one widget (stage.py). The MIME bundle holds the live widget and, for readers without
a kernel, the picture with its sentence.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from functools import partial
from html import escape

from leverage_lab.candles import Candles
from leverage_lab.panelkit.page import bundle, is_closed, markdown
from leverage_lab.panelkit.raster import pack
from leverage_lab.panelkit.stage import Stage

WIDEST = 3000  # bars in a picture


class Panel:
    """Joins a model, a Picture class and controls. `start` replaces start values by name.

    computed: a function of the result that gives a Computed. market: controls for Candles, as a function of them,
    where the model takes a keyword `market`.
    """

    def __init__(self, model, picture, controls, computed, market=None, **start):
        self._model, self.picture, self.controls = model, picture, {control.name: control for control in controls}
        self._computed = computed
        self._controls_for = market
        self._stage, self._open = None, False  # open: the page shows how it is computed
        self._start = self._accepted({name: control.start for name, control in self.controls.items()} | start)
        self.values = dict(self._start)
        self.result = self.model(**self.values)

    def model(self, **values):
        """The result for these control values. It holds them too, except where the model has set a name itself."""
        result = self._model(**values)
        vars(result).update(values | vars(result))
        return result

    @property
    def sentence(self):
        return self.result.sentence

    @property
    def computed(self):
        """How the main number of the moment comes about."""
        return self._computed(self.result)

    def set(self, **values):
        """Move controls from code: panel.set(leverage=20). ValueError with one sentence on bad input."""
        self._take(self._accepted(values))
        if self._stage:
            self._stage.show(**self._state())
        return self

    def reset(self):
        """Back to the start."""
        return self.set(**self._start)

    def use(self, candles):
        """A new panel of this kind on other prices: panel.use(from_csv("mine.csv")). This one stays as it is."""
        if self._controls_for is None:
            raise ValueError(f"this panel shows no market; those that do are {', '.join(Recipe.with_market)}")
        if not isinstance(candles, Candles):
            raise ValueError(
                "use takes Candles, as candles(…), from_csv(…) and bundled(…) of leverage_lab.market give them, "
                f"got {candles!r:.40}"
            )
        bars = len(candles) + candles.gaps
        if bars > WIDEST:
            raise ValueError(
                f"a picture shows at most {WIDEST:,} bars, five on a pixel of its width, got {bars:,}: "
                "choose less time (two days of minutes fit) or longer bars"
            )
        controls, values = self._controls_for(candles), {}
        for control in controls:
            with suppress(KeyError, ValueError):  # a control that does not exist or fit here begins at its start
                values[control.name] = control.accept(self.values[control.name])
        model = partial(self._model, market=candles)
        return Panel(model, self.picture, controls, self._computed, self._controls_for, **values)

    def _accepted(self, values):
        for name in values:
            if name not in self.controls:
                raise ValueError(f"control must be one of {', '.join(self.controls)}; got {name!r}")
        return {name: self.controls[name].accept(value) for name, value in values.items()}

    def _take(self, values):
        """Move to accepted values, unless the model refuses them."""
        values = self.values | values
        self.result = self.model(**values)
        self.values = values

    # The live widget

    @property
    def widget(self):
        """The live form, made when it is first asked for."""
        if self._stage is None or is_closed(self._stage):
            self._drawing = self.picture()
            size = [round(100 * self._drawing.width), round(100 * self._drawing.height)]
            controls = [control.describe() for control in self.controls.values()]
            self._stage = Stage(self._answer, self._answer_ahead, controls=controls, size=size, **self._state())
        return self._stage

    def _state(self, refused=None):
        """What the page shows now; refused: {control: why a typed value was not taken}."""
        picture = {"picture": self._drawing.png(self.result), "scale": self._drawing.scale}
        return self._words(self.values, self.result) | picture | {"refused": refused or {}}

    def _words(self, values, result):
        shown = {name: control.place(values[name]) for name, control in self.controls.items()}
        said = {"sentence": result.sentence, "dates": [result.dates.line(), result.dates.age()]}
        return {"shown": shown, "computed": self._computed(result).lines() if self._open else []} | said

    def _answer(self, question):
        """The page has moved controls: show the new state, or say in a sentence why not and stay."""
        refused, self._open = {}, question.get("open", False)
        try:
            if question["scale"] != self._drawing.scale:
                self._drawing = self.picture(question["scale"])
            if question.get("reset"):
                self._take(self._start)
            for name, move in question["moves"].items():
                try:
                    self._take({name: self.controls[name].read(move)})
                except ValueError as problem:
                    refused[name] = f"{problem}. The picture still shows {self.controls[name].show(self.values[name])}."
        finally:  # always answer: a page without an answer would wait for ever
            self._stage.show(**self._state(refused), ticket=question["ticket"])

    def _answer_ahead(self, question):
        """The page prefetches states with one control at other stops; those the model refuses are left out."""
        name, states, pictures, self._open = question["ahead"], [], [], question.get("open", False)
        for stop in question["stops"]:
            values = self.values | {name: self.controls[name].read({"stop": stop})}
            with suppress(ValueError):
                result = self.model(**values)
                states.append(self._words(values, result))
                pictures.append(self._drawing.png(result))
        self._stage.send({"ahead": states, "scale": self._drawing.scale}, pictures)

    # The saved form

    def still(self):
        """The picture at double density with its sentence below it, as HTML."""
        png = b64encode(pack(self.picture(scale=2).pixels(self.result), compress_level=6)).decode()
        # Not as image/png: JupyterLab and others show that without alt text. This works in an untrusted notebook too.
        size = f'width="{100 * self.picture.width:.0f}"'
        shown = f'<img alt="{escape(self.sentence)}" {size} src="data:image/png;base64,{png}">'
        shown += f"\n<p>{markdown(escape(self.sentence))}</p>"
        line = self.result.dates.line()  # not the age of the figures: that sentence would differ from day to day
        shown += f"\n<p><small>{escape(line)}</small></p>" if line else ""
        return shown + markdown(self.computed.html())

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, self.sentence, {"text/html": self.still()})


class Recipe:
    """A panel that can be made any number of times: `recipe()`, or `recipe(leverage=20)` to start elsewhere.

    computed, market: as for Panel; the names of the panels that take one are listed in `with_market`.
    """

    with_market = []

    def __init__(self, model, picture, controls, computed, market=None):
        self.model = model
        self._parts = model, picture, controls, computed, market
        if market:
            self.with_market.append(model.__module__.rpartition(".")[2])  # a panel's file has its name

    def __call__(self, **start):
        return Panel(*self._parts, **start)
