"""The load test's own arithmetic, by hand; and a class of two at a real hub."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


load_hub = tool("load_hub")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.95, None),
        ([7], 0.5, 7),
        ([4, 1, 3, 2], 0.5, 2),  # two of four are not above 2
        (range(1, 21), 0.95, 19),  # nineteen of twenty
        (range(1, 21), 0.951, 20),
        ([1, 2, 3], 0, 1),
        ([1, 2, 3], 1, 3),
    ],
)
def test_percentile_by_nearest_rank(values, share, expected):
    assert load_hub.percentile(list(values), share) == expected


@pytest.mark.parametrize(
    ("learners", "steps"), [(1, [1]), (5, [5]), (6, [5, 6]), (20, [5, 10, 15, 20]), (22, [5, 10, 15, 20, 22])]
)
def test_the_staircase_ends_with_all(learners, steps):
    assert load_hub.stairs(learners) == steps


def test_the_number_at_which_it_gets_slow():
    assert load_hub.slow_from([(5, 80), (10, 250), (15, 251), (20, 900)]) == 15  # 250 is not above 250
    assert load_hub.slow_from([(5, 80), (10, 120)]) is None
    assert load_hub.slow_from([(5, None)]) is None


def test_most_spans_at_once():
    assert load_hub.most_at_once([(0, 4), (1, 2), (2, 5), (3, 6)]) == 3  # at 3: the first and the last two
    assert load_hub.most_at_once([(0, 1), (1, 2)]) == 1
    assert load_hub.most_at_once([]) == 0


def test_what_a_class_needs_by_hand():
    figures = {"server_mb": 150, "kernel_mb": 190, "cpu_start_s": 6, "cpu_moving_cores": 0.04}
    assert load_hub.guarantee(figures) == 576  # 150 + 2 x 190 = 530, up to 9 x 64
    assert load_hub.limit(figures) == 1536  # 150 + 7 x 190 = 1480, up to 6 x 256
    # 20 starts of 6 s within 2 minutes keep one core busy, moving 0.8: 0.5 + 1.25 x 1 = 1.75;
    # 1 + 20 x 0.5625 = 12.25 GB
    assert load_hub.needed(20, figures) == (2, 13)
    # moving counts where it is more: 0.5 + 1.25 x 20 x 0.2 = 5.5
    assert load_hub.needed(20, figures | {"cpu_moving_cores": 0.2}) == (6, 13)
    # 14 GB of a node hold 24 learners of 576 MB: 20 need one, 50 need three
    assert [load_hub.nodes(learners, figures) for learners in (20, 50)] == [1, 3]
    # 50 moving at 0.2 cores: 0.5 + 1.25 x 10 = 13 cores, three of each node
    assert load_hub.nodes(50, figures | {"cpu_moving_cores": 0.2}) == 5


def test_moves_are_waited_for_as_in_the_page(monkeypatch):
    """Held and answered by hand: a move in store waits for nothing, one made while a question is open until it or a
    newer one is shown."""
    pytest.importorskip("jupyter_server")
    learner = tool("learner")

    class Kernel:
        def __init__(self):
            slider = {"name": "a", "label": "a", "stops": ["0", "1", "2", "3", "4"]}
            state = {
                "controls": [slider],
                "shown": {"a": {"text": "0", "stop": 0, "exact": True}},
                "ahead": True,
                "ticket": [],
            }
            self.comms, self.hear, self.lost, self.told = {"c": state}, {}, False, []

        def tell(self, comm, data):
            self.told.append(data["content"])

        def answer(self, stop):
            shown = {"a": {"text": str(stop), "stop": stop, "exact": True}}
            self.comms["c"].update(shown=shown, ticket=self.told[-1]["ticket"])
            self.hear["c"]({"method": "update"})

    clock = iter(range(100))
    monkeypatch.setattr(learner.time, "perf_counter", lambda: next(clock))
    kernel, waits, answers = Kernel(), [], []
    panel = learner.Panel(kernel, "c", waits, answers)
    panel.move(panel.sliders()[0], 1)  # at 0; asked at 1
    panel.move(panel.sliders()[0], 2)  # at 2, while the question is open
    panel.move(panel.sliders()[0], 3)  # at 3, instead of it
    assert [told["moves"] for told in kernel.told] == [{"a": {"stop": 1}}]
    kernel.answer(1)  # at 4 the answer, at 5 the first is seen, at 6 the newest is asked
    assert [told["moves"] for told in kernel.told] == [{"a": {"stop": 1}}, {"a": {"stop": 3}}]
    assert waits == [(0, 5000)] and answers == [(1, 3000)]
    kernel.answer(3)  # at 7 the answer, at 8 both are seen
    assert waits[1:] == [(2, 6000), (3, 5000)] and answers[1:] == [(6, 1000)]
    assert kernel.told[2:] == [{"ahead": "a", "stops": [4, 2]}]  # 1 and 0 are stored; a hand's breadth around 3
    kernel.hear["c"](
        {
            "method": "custom",
            "content": {
                "ahead": [{"shown": {"a": {"text": str(stop), "stop": stop, "exact": True}}} for stop in (4, 2)]
            },
        }
    )
    assert len(kernel.told) == 3  # nothing is left to fetch
    monkeypatch.setattr(learner.asyncio, "get_running_loop", lambda: type("Loop", (), {"call_later": lambda *_: None}))
    panel.move(panel.sliders()[0], 2)  # at 9, and at 10 it is seen: from store, without a question
    assert waits[3:] == [(9, 1000)] and len(kernel.told) == 3


def test_a_hub_may_do_without_fetching_ahead(monkeypatch):
    """The environment says it for every panel that is made after."""
    from leverage_lab.classroom import panels

    monkeypatch.delenv("LEVERAGE_LAB_AHEAD", raising=False)
    assert panels.first_touch().widget.ahead is True
    monkeypatch.setenv("LEVERAGE_LAB_AHEAD", "0")
    assert panels.first_touch().widget.ahead is False


def test_without_npm_one_sentence_says_so(monkeypatch, tmp_path):
    hub = tool("hub")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        hub.NoHub,
        match=r"^JupyterHub's proxy comes from npm, and npm was not found: install Node.js 20 or newer \(it brings "
        r"npm\)\.$",
    ):
        hub.proxy(tmp_path)


@pytest.mark.parametrize("wrong", ["0", "201", "ten", "-3", "2.5"])
def test_a_wrong_number_is_named_with_its_range(wrong):
    with pytest.raises(
        load_hub.argparse.ArgumentTypeError, match=f"must be a whole number from 1 to 200, got '{wrong}'"
    ):
        load_hub.whole(1, 200)(wrong)


@pytest.mark.network
def test_a_class_of_two_at_a_real_hub(tmp_path):
    """No failure, every figure, a killed server and kernel survived, no process left."""
    out = tmp_path / "figures.json"
    command = ["make", "load", "LEARNERS=2", "SECONDS=3", f"OUT={out}", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    figures = json.loads(out.read_text())
    assert figures["started"] == 2 and figures["failures"] == []
    step = figures["steps"][-1]
    assert step["learners"] == 2 and step["moves"] == 12  # two learners, two a second, three seconds
    assert 0 < step["answer_p50"] <= step["answer_p95"] and step["cores_per_learner"] > 0
    assert figures["server_mb"] > 50 and figures["kernel_mb"] > 50
    assert figures["faults"]["others"] == figures["faults"]["others_fine"] == 1 and figures["faults"]["moves"] > 0
    assert "left at the end: no process" in done.stdout
