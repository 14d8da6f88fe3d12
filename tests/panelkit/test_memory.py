"""What a session keeps: objects are counted, not bytes or seconds, so that a busy machine cannot fail it."""

import gc
import itertools
import tracemalloc

import pytest
from ipywidgets.widgets import widget
from matplotlib import figure
from soak import SOAK

from leverage_lab.classroom import check, panels, predict, progress
from leverage_lab.panelkit import page, raster


def ends(panel):
    """The ends of all controls, one after another, over and over."""
    return itertools.cycle(
        [
            {name: value}
            for name, control in panel.controls.items()
            for value in (control.corners()[0], control.corners()[-1])
        ]
    )


def moved(panel, drawing, moves):
    for state in moves:
        panel.set(**state)
        drawing.png(panel.result)


def figures():
    gc.collect()
    return sum(isinstance(thing, figure.Figure) for thing in gc.get_objects())


def test_many_moves_leave_no_figure_behind():
    """Over all panels: while it is there, a picture has one figure; after it, none."""
    before = figures()
    for recipe in panels.ALL.values():
        panel = recipe()
        drawing = panel.picture()
        moved(panel, drawing, itertools.islice(ends(panel), 25 if SOAK else 4))
    assert figures() <= before + 1  # the last drawing is still held here
    del panel, drawing
    assert figures() == before


@pytest.fixture
def only_new():
    """What was there before the test is neither counted nor looked through."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", panels.ALL)
def test_moves_keep_no_objects(name, only_new):
    """No more objects after a second round over the ends of all controls than after the first:
    one line a move would be 50 each."""
    panel = panels.ALL[name]()
    drawing = panel.picture()
    moves = ends(panel)
    counts = []
    for _ in range(2):  # letters, hatchings and tables are stored in the first round
        moved(panel, drawing, itertools.islice(moves, 4 * len(panel.controls)))
        gc.collect()
        counts.append(len(gc.get_objects()))
    assert counts[1] <= counts[0] + 20


def test_stored_letters_and_hatchings_have_a_bound():
    for store in (raster._letter, raster._tile):
        assert store.cache_info().maxsize is not None


def test_a_picture_keeps_one_page_besides_its_own():
    """The background is replaced when it is drawn again, never added to:
    200 changes of scale take no more memory than one."""
    panel = panels.one_trade()
    drawing = panel.picture()
    page = drawing.pixels(panel.result).nbytes
    states = itertools.cycle([{"leverage": 2}, {"leverage": 500}, {"by": "cost"}, {"by": "name"}])
    moved(panel, drawing, itertools.islice(states, 8))
    tracemalloc.start()
    moved(panel, drawing, itertools.islice(states, 4))
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    moved(panel, drawing, itertools.islice(states, 8))
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < page / 2


class Shell:
    """Says which cell is running, as JupyterLab does to a kernel."""

    def __init__(self, cell, run):
        self.parent = {"metadata": {"cellId": cell}, "header": {"msg_id": run}}

    def get_parent(self):
        return self.parent


def open_after(monkeypatch, cell, run, *shown):
    """How many widget models are open once this cell has shown these."""
    monkeypatch.setattr(page, "get_ipython", lambda: Shell(cell, run))
    for one in shown:
        one._repr_mimebundle_()
    return len(widget._instances)


def test_a_cell_that_is_run_again_closes_what_it_showed_before(monkeypatch, own_progress):
    """A notebook that is saved with its widgets would else grow with every Run All."""
    monkeypatch.setattr(page, "_shown", {})

    def run_all(run):
        predicted = predict("0-guess", panels.first_touch())
        many = open_after(monkeypatch, "b", run, predicted)
        predicted._pressed("skip", {})  # its panel comes into the page later
        return [
            open_after(monkeypatch, "a", run, panels.bought(), panels.room()),
            many,
            open_after(monkeypatch, "c", run, check("0-first"), progress()),
        ]

    run_all("first")
    second, third = run_all("second"), run_all("third")
    assert second == third


def test_a_panel_shown_in_two_cells_stays_open_when_one_of_them_is_run_again(monkeypatch):
    monkeypatch.setattr(page, "_shown", {})
    shared, alone = panels.bought(), panels.room()
    open_after(monkeypatch, "a", "1", shared, alone)
    open_after(monkeypatch, "b", "2", shared)
    kept, closed = shared.widget, alone.widget
    open_after(monkeypatch, "a", "3", panels.payoff())
    assert kept.comm is not None and shared.widget is kept
    assert closed.comm is None and alone.widget is not closed  # shown again, it is live again
    assert alone.set(leverage=20).widget.sentence == alone.sentence
