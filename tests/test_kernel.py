"""Cells run out of order, in a real kernel with the settings that the set-up writes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """run(code): what a kernel with the set-up's configuration answers: {"shown": printed text, "ename", "evalue",
    "traceback", "status"}."""
    config = tmp_path_factory.mktemp("ipython")
    import make_env

    make_env.settings(str(config))
    profile = config / "profile_default"
    profile.mkdir()
    (config / "etc" / "ipython" / "ipython_kernel_config.py").rename(profile / "ipython_kernel_config.py")
    env = os.environ | {"IPYTHONDIR": str(config)}
    manager, client = start_new_kernel(env=env, stderr=subprocess.DEVNULL)

    def run(code):
        got = {"shown": "", "ename": "", "traceback": []}

        def hear(message):
            content = message["content"]
            got["shown"] += content.get("text", "") + content.get("data", {}).get("text/plain", "")
            got.update({key: content[key] for key in ("ename", "evalue", "traceback") if key in content})

        reply = client.execute_interactive(code, timeout=60, output_hook=hear)
        return got | {"status": reply["content"]["status"]}

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def said(run):
    """said(code): the last line of what a kernel shows of an error."""
    return lambda code: (run(code)["traceback"] or [""])[-1]


def test_what_the_setup_cell_needs_is_imported_before_it_is_asked_for(run):
    heavy = {"numpy", "matplotlib.figure", "matplotlib.backends.backend_agg", "ipywidgets", "anywidget", "pandas"}
    seen = f"import sys; print({heavy} <= sys.modules.keys(), 'leverage_lab.classroom' in sys.modules)"
    end = time.monotonic() + 60
    while run(seen)["shown"] != "True False\n" and time.monotonic() < end:
        time.sleep(0.1)
    assert run(seen)["shown"] == "True False\n"


def test_before_the_setup_cell_and_after_it(said):
    assert said("panels.first_touch()").startswith("Run the setup cell first")
    assert said("1 / 0").endswith("division by zero")
    assert said("from leverage_lab.classroom import panels") == ""
    assert said("panels.first_touch(); position * 2").startswith("If a cell above makes position, run that first")


WHOLE = "Type %tb into a cell for Python's whole report.)"


@pytest.mark.parametrize(
    "code, line, sentence",
    [
        ("from leverage_lab.leverage import pnl\n\npnl('up', 1, 2, 3)", 3, "Side must be 'long' or 'short', got 'up'."),
        (
            "import leverage_lab.market as m\nm.from_csv('no-such.csv')",
            2,
            "There is no file 'no-such.csv' (looked for in ",
        ),
        ("from leverage_lab.market import candles\ncandles('BTC/USDT', 'Nowhere')", 2, "Exchange must be 'MEXC', "),
        (
            "from leverage_lab.classroom import panels\npanels.bought(leverage=0)",
            2,
            "Leverage must be a number from 1x to ",
        ),
    ],
)
def test_an_error_raised_on_purpose_is_its_sentence_and_still_an_error(run, code, line, sentence):
    got = run(code)
    assert got["status"] == "error" and got["ename"] == "ValueError"  # so Run All and nbval stop here
    assert got["traceback"][0].startswith(sentence) and got["traceback"][1:] == [
        "",
        f"(Line {line} of this cell. {WHOLE}",
    ]
    whole = "\n".join(run("%tb")["traceback"])
    assert "Traceback (most recent call last)" in whole and "leverage_lab/" in whole.replace("\\", "/")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "time,open\n",
        "time,open,high,low,close\n1,2,3\n",
        "time,open,high,low,close\nx,1,2,1,1\ny,1,2,1,1\n",
        "\0",
        "time;open;high;low;close\n2026-01-01;1,500;2,500;1,000;1,500\n2026-01-02;1,500;2,500;1,000;1,500",
    ],
)
def test_a_damaged_file_is_one_sentence(run, tmp_path, body):
    (tmp_path / "mine.csv").write_text(body, encoding="utf-8")
    got = run(f"from leverage_lab.market import from_csv\nfrom_csv({str(tmp_path / 'mine.csv')!r})")
    assert (
        got["ename"] == "ValueError"
        and len(got["traceback"]) == 3
        and got["traceback"][0].startswith("mine.csv")
        and "\n" not in got["traceback"][0]
    )


def test_other_errors_keep_their_traceback(run):
    for code, kind in (
        ("float('x')", "ValueError"),
        ("1 / 0", "ZeroDivisionError"),
        ("from leverage_lab.leverage import pnl\npnl(1)", "TypeError"),
        ("for", "SyntaxError"),
        ("print('$16'", "SyntaxError"),
    ):
        got = run(code)
        assert got["ename"] == kind and WHOLE not in got["traceback"][-1] and kind in "".join(got["traceback"]), code


@pytest.mark.parametrize(
    "code, sentence",
    [
        (
            'check("1-position", $16)',
            'Python cannot read $16: a number with a unit needs quotation marks. Write check("1-position", "$16").',
        ),
        (
            'check("1-gone", 5 %)',
            'Python cannot read 5 %: a number with a unit needs quotation marks. Write check("1-gone", "5 %").',
        ),
        (
            "check('1-gone', 1%)",
            "Python cannot read 1%: a number with a unit needs quotation marks. Write check('1-gone', \"1%\").",
        ),
        (
            'check("4-often", 3 settlements)',
            (
                'Python cannot read 3 settlements: a number with a unit needs quotation marks. Write check("4-often",'
                ' "3 settlements").'
            ),
        ),
        ("margin = $16", "Python cannot read $16: in a calculation, numbers have no unit. Write 16."),
        ("fall = 5 %", "Python cannot read 5 %: in a calculation, numbers have no unit. Write 0.05."),
        ("lever = 20x", "Python cannot read 20x: in a calculation, numbers have no unit. Write 20."),
    ],
)
def test_a_number_with_its_unit_bare_in_a_cell(run, code, sentence):
    got = run("a = 1\n" + code)
    assert got["ename"] == "SyntaxError" and got["status"] == "error"
    assert got["traceback"] == [sentence, "", f"(Line 2 of this cell. {WHOLE}"]


GOOD = "def mine(margin, leverage, move):\n    return margin * leverage * move"
JUDGE = "check('1-bug-twice', mine)"


def test_a_function_from_before_is_not_judged(run):
    run("from leverage_lab.classroom import check")
    run(GOOD)
    assert "Right in all" in run(JUDGE)["shown"]
    for cell, error in (
        (GOOD.replace("):", ")"), "a SyntaxError"),
        (GOOD.replace("    return", "return"), "an IndentationError"),
        ("nothing_of_this_name\n" + GOOD, "a NameError"),
    ):
        run(cell)
        shown = run(JUDGE)["shown"]
        assert (
            f"The cell above stopped with {error}, so this is still your earlier function: fix that cell and run "
            "it, then this one." in shown
        )
        assert "Right" not in shown
        run("2 + 2")  # another cell in between
        assert error in run(JUDGE)["shown"]
        run("1 / 0")  # an error elsewhere
        run(GOOD)
        assert "Right in all" in run(JUDGE)["shown"]
    run("1 / 0")
    assert "Right in all" in run(JUDGE)["shown"]  # that cell had nothing to do with it
    run(GOOD.replace("move\n", "") + "\nnothing_of_this_name")  # made anew, and then the cell stopped
    assert "Right in all" in run(JUDGE)["shown"]


def test_without_ipython_errors_and_functions_are_pythons_own():
    code = (
        "from leverage_lab import kernel; assert kernel.stopped(print) == ''; from leverage_lab.leverage import "
        "pnl; pnl('up', 1, 2, 3)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stderr.startswith("Traceback") and told.stderr.rstrip().endswith(
        "ValueError: side must be 'long' or 'short', got 'up'"
    )


def test_the_extension_is_light():
    code = (
        "import sys, leverage_lab.kernel; print(len([name for name in sys.modules if name.startswith(('numpy', "
        "'pandas', 'IPython', 'leverage_lab.'))]))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "1"
    )
