"""The project's own promises: README commands and file names, pins, links, words, the wheel."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import make_env
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(
    page
    for folder in (".", "docs", "notebooks", "data", "instructor", "deploy", "benchmarks")
    for page in ROOT.glob(f"{folder}/*.md")
)


def tracked():
    """The files of the project, as git knows them (those not yet added included)."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def texts():
    """{name: text} of every text file; of notebooks only what people wrote and read, not pictures."""
    found = {}
    for path in tracked():
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            outputs = [
                str(v)
                for c in cells
                for o in c.get("outputs", [])
                for k, v in o.get("data", {}).items()
                if "image" not in k
            ]
            found[path.name] = "\n".join([*(c.source for c in cells), *outputs])
        elif path.suffix not in (".png", ".ico"):
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_named_in_pages_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.M))
    named = set(re.findall(r"(?:^|`|=1 )make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.M))
    assert named <= targets, named - targets


def test_the_readme_has_the_two_commands_and_they_are_what_ci_runs():
    assert re.search(r"^make lab\b", README, flags=re.M) and re.search(r"^make test\b", README, flags=re.M)
    assert re.search(
        r"^LEVERAGE_LAB_BROWSER=required LEVERAGE_LAB_LIVE=required make test$",
        (ROOT / ".ci" / "run").read_text(),
        flags=re.M,
    )
    assert "run: make test" in (ROOT / ".github" / "workflows" / "test.yml").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_in_pages_exist(page):
    text = page.read_text(encoding="utf-8")
    links = [
        target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if not target.startswith("http")
    ]
    for target in filter(None, links):
        assert (page.parent / target).exists(), target
    for name in re.findall(r"`((?:src|tests|tools|benchmarks|data|notebooks)/[\w./-]+\.\w+)`", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"(?:-r|-f|`py) (?!/)([\w/.-]+\.(?:txt|yml|py))", text):
        assert (ROOT / name).exists(), name


def test_the_panel_shown_to_contributors_is_the_file():
    (shown,) = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.S)
    file = ROOT / "src" / "leverage_lab" / "chapters" / "start" / "first_touch.py"
    assert shown == file.read_text(encoding="utf-8")


def test_the_chapter_table_is_true():
    rows = re.findall(r"^\| \[([\w-]+)\]\((\S+)\) \| (.+?) \| (\d+) \|$", README, flags=re.M)
    assert [name for name, *_ in rows] == [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]
    for _, target, question, minutes in rows:
        prose = "\n".join(
            c.source for c in nbformat.read(ROOT / target, as_version=4).cells if c.cell_type == "markdown"
        )
        assert (
            prose.replace("<span>&#36;</span>", "$").replace("\u00a0", " ").startswith(f"# {question}")
            and f"about {minutes} minutes" in prose
        )
    hours, minutes = divmod(sum(int(minutes) for *_, minutes in rows), 60)
    assert f"{hours} hours{f' and {minutes} minutes' if minutes else ''} in all, calculated" in README


def test_the_python_range_is_said_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11" and "Python 3.11 or newer (up to 3.14)" in README
    assert "OLDEST, LATEST = (3, 11), (3, 14)" in (ROOT / "tools" / "make_env.py").read_text()


def test_one_list_of_pins_which_binder_uses_too():
    """environment.yml repeats no version: it reads requirements.txt and installs the checkout; nothing for tests."""
    environment = (ROOT / "environment.yml").read_text()
    assert re.findall(r"^\s+- (.+)$", environment.partition("- pip:\n")[2], flags=re.M) == [
        "-r requirements.txt",
        "-e .",
    ]
    assert not re.search(r"==", environment)
    pins, tests, browser = (
        set(re.findall(r"^([\w.-]+)==", (ROOT / f"requirements{more}.txt").read_text(), flags=re.M))
        for more in ("", "-test", "-browser")
    )
    assert {"jupyterlab", "ipywidgets", "pandas", "matplotlib"} <= pins
    assert {"nbval", "pytest", "pytest-xdist", "hypothesis"} <= tests
    assert not pins & tests and not (pins | tests) & browser


def test_the_tests_run_with_the_pins():
    """In .venv what is installed is what is pinned; elsewhere (newest versions) there is nothing to compare."""
    from importlib.metadata import version

    if Path(sys.prefix).name != ".venv":
        pytest.skip("not in the pinned environment")
    lists = "".join((ROOT / name).read_text() for name in make_env.PINNED)
    pins = re.findall(r"^([\w.-]+)==(\S+)$", lists, flags=re.M)
    assert len(pins) > 50 and "pytest==" in lists
    assert {name: version(name) for name, _ in pins} == dict(pins)


def test_links_lead_only_to_allowed_hosts():
    allowed = {
        line
        for line in (ROOT / "tests" / "allowed_links.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }
    for name, text in texts().items():
        if name.startswith("tests/") or name in ("LICENSE", "tools/make_env.py"):
            continue
        for host in re.findall(r"https?://([\w.-]+)", text):
            assert host in allowed or host in ("127.0.0.1", "localhost"), f"{name}: {host}"


def test_no_table_names_an_imitation_of_an_exchange():
    """Copies and look-alikes of exchanges are described in words; with or without https:// their address stands
    nowhere."""
    brands = "mexc|mxc|binance|okx|okex|bybit|bitget|kucoin|kraken|coinbase|bitmex|deribit|gateio|hyperliquid|dydx"
    address = re.compile(rf"\b[\w.-]*(?:{brands})[\w-]*(?:\.[\w-]+)*\.(?!(?:py|js|ts|csv|json|md)\b)[a-z]{{2,}}\b")
    assert address.findall("see b-mexc.co, x.bybit.global/a, test_okx.py") == ["b-mexc.co", "x.bybit.global"]
    allowed = set((ROOT / "tests" / "allowed_links.txt").read_text().splitlines())
    for name, text in texts().items():
        if name.endswith((".csv", ".md")):
            found = set(address.findall(text)) - allowed
            assert not found, f"{name}: {found}"


def test_no_pin_file_holds_an_address():
    for name in (
        "requirements.txt",
        "requirements-test.txt",
        "requirements-app.txt",
        "requirements-live.txt",
        "requirements-browser.txt",
        "requirements-site.txt",
        "environment.yml",
    ):
        assert not re.search(r"://|index-url|find-links", (ROOT / name).read_text())


def test_data_and_notebooks_are_in_the_wheel_and_no_progress(tmp_path):
    """Whoever installs the package without the checkout has tables and notebooks too; of a learner's own, nothing."""
    copy = tmp_path / "copy"
    for path in tracked():
        if path.is_relative_to(ROOT / "src") or path.parent in (ROOT, ROOT / "data", ROOT / "notebooks"):
            (copy / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy / path.relative_to(ROOT))
    (copy / "notebooks" / "my-progress.json").write_text("{}")
    build = subprocess.run(
        [sys.executable, "-m", "uv", "build", "--wheel", "--offline", "--quiet", "-o", str(tmp_path), str(copy)],
        capture_output=True,
        text=True,
    )
    if build.returncode:
        pytest.skip("no wheel can be built here without network: " + build.stderr.strip().splitlines()[-1])
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert {"leverage_lab/tables/README.md", "leverage_lab/tables/article_claims.csv"} <= set(names)
    notebooks = {f"leverage_lab/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("[!m]*.*")}
    assert notebooks and {name for name in names if "/notebooks/" in name} == notebooks


def test_the_money_floor_does_not_know_the_classroom():
    for path in (ROOT / "src" / "leverage_lab").glob("*.py"):
        assert not re.search(
            r"ipywidgets|matplotlib|classroom\b(?!:)", re.sub(r'""".*?"""', "", path.read_text(), flags=re.S)
        ), path.name


def test_chapters_do_not_know_widgets():
    files = list((ROOT / "src" / "leverage_lab" / "chapters").glob("*/*.py"))
    assert len(files) > 50
    for path in files:
        assert not re.search("ipywidgets|anywidget", path.read_text()), path


def test_code_that_may_not_be_in_the_package():
    """No pyplot, interact, Output, threads or prints behind a panel."""
    for path in (ROOT / "src").rglob("*.py"):
        found = re.findall(
            r"pyplot|\binteract\(|widgets\.Output|import threading|^\s*print\(", path.read_text(), flags=re.M
        )
        allowed = {
            "canvas.py": ["pyplot"],
            "__main__.py": ["print("],
            "audit.py": ["print("],
            "report.py": ["print("],
            "refresh.py": ["print("],
            "market.py": ["print("],
            "candle_files.py": ["print("],
        }.get(
            path.name, []
        )  # a canvas made without it; four commands; candles that are not those asked for; how a file was read
        assert not [word for word in found if word.strip() not in allowed], path


def test_the_readme_counts_right():
    from leverage_lab.data import load

    for count, words in (
        (len(load("published_examples")), "examples of exchanges"),
        (len(load("article_claims")), "claims of the two articles"),
    ):
        assert f"{count} {words}" in README, words


def test_the_vocabulary_has_every_kind_and_key():
    from leverage_lab import examples

    page = (ROOT / "data" / "VOCABULARY.md").read_text(encoding="utf-8")
    kinds, keys = (set(re.findall(r"^\| (\w+) \|", part, flags=re.M)) for part in page.split("## Keys"))
    assert kinds == {"kind", *examples.KINDS} and keys == {"key", *examples.KEYS}


def test_public_functions_say_what_they_are():
    import importlib
    import inspect

    for path in (ROOT / "src" / "leverage_lab").glob("*.py"):
        name = path.stem
        module = importlib.import_module(f"leverage_lab.{name}")
        assert module.__doc__
        for key, thing in vars(module).items():
            if (
                not key.startswith("_")
                and getattr(thing, "__module__", "") == module.__name__
                and inspect.isroutine(thing)
            ):
                assert thing.__doc__, f"{name}.{key} has no docstring"


# Lines at most, formatted.
HOUSE = {"money": 3450, "panelkit": 1950}


def test_the_house_does_not_grow():
    package = ROOT / "src" / "leverage_lab"

    def lines(file):
        return len(file.read_text(encoding="utf-8").splitlines())

    money = ("leverage", "liquidation", "margin", "backstop", "fees", "survival", "exchanges", "strategies", "orders")
    money += ("checks",)
    assert sum(lines(package / f"{name}.py") for name in money) <= HOUSE["money"]
    assert sum(map(lines, (package / "panelkit").glob("*.py"))) <= HOUSE["panelkit"]
    panels = [
        file for file in (package / "chapters").glob("*/*.py") if file.stem not in ("__init__", "exercises", "shared")
    ]
    assert {file.stem: lines(file) for file in panels if lines(file) > 160} == {}
