"""Mutation tests of the money modules: `make mutate`, or `make mutate MODULE=fees`.

mutmut changes one thing at a time in a copy of a module (a sign, a bound, a default, a word) and
runs the tests beside the module's name, and those of the audit; a change that no test notices has
survived. mutmut leaves out what stands outside functions: constants and fields are changed here,
with mutmut's own changes, one process each; decorated functions are first rewritten as it takes them.

Prints one line a module and writes the survivors to mutants/MODULE.diff. Those that tests/mutants.md
lists with a reason are accepted. Ends with 1 if less than 90 % of a module's mutants are killed, or
if one survives that is not listed. Needs fork: Linux or macOS.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from difflib import unified_diff
from multiprocessing.pool import ThreadPool
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    *("leverage", "liquidation", "margin", "fees", "backstop", "survival", "strategies", "checks"),
    *("exchanges", "examples", "audit"),
)
OUT, LIST = ROOT / "mutants", ROOT / "tests" / "mutants.md"
PROCESSES = 2
ENOUGH = 0.9
STATUS = {0: "survived", 33: "untested", 24: "timeout", -24: "timeout", 1: "killed", 3: "killed"}  # of pytest in mutmut

FAST_FIRST = """
def pytest_collection_modifyitems(items):
    import json
    from pathlib import Path

    if Path("mutmut-stats.json").exists():
        seconds = json.loads(Path("mutmut-stats.json").read_text())["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0))
"""


def copy(module, folder):
    """A copy of what the module's tests need."""
    leave = shutil.ignore_patterns("__pycache__", "browser", "test_*.py")
    for name in ("src", "tests", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, folder / name)
    tests = [name for name in (f"tests/test_{module}.py", "tests/test_audit.py") if (ROOT / name).exists()]
    for name in tests:
        shutil.copy(ROOT / name, folder / name)
    with (folder / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(FAST_FIRST)
    return tests


def without_decorators(text):
    """Decorators as lines after their functions, `f = property(f)`: the same to Python, plain functions to mutmut."""
    lines, tree = text.splitlines(), ast.parse(text)
    for node in [*tree.body, *(part for cls in tree.body if isinstance(cls, ast.ClassDef) for part in cls.body)]:
        names = [ast.unparse(d) for d in getattr(node, "decorator_list", [])]
        if isinstance(node, ast.FunctionDef) and len(names) == 1 and names[0] not in ("staticmethod", "classmethod"):
            lines[node.decorator_list[0].lineno - 1] = ""
            lines[node.end_lineno - 1] += f"\n{' ' * node.col_offset}{node.name} = {names[0]}({node.name})"
    return "\n".join(lines) + "\n"


def environment(folder, base):
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return dict(
        env,
        PYTHONPYCACHEPREFIX=str(base / "bytecode"),  # compiled once, deleted with the copies
        PYTHONPATH=str(folder / "src"),
        HYPOTHESIS_PROFILE="mutate",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",  # nbval alone takes longer to load than most tests
    )


def failing(module, text, base):
    """Tests that fail without any mutant: broken ones, and those that need more than a copy or read the code itself."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    folder = base / "asleep" / module
    tests = copy(module, folder)
    path = folder / "src" / "leverage_lab" / f"{module}.py"
    path.write_text(mutate_file_contents(path.name, text).code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", *tests]
    run = subprocess.run(command, cwd=folder, env=environment(folder, base), capture_output=True, text=True)
    return re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", run.stdout, flags=re.M)


def inside_functions(module, folder, tests, left_out, base):
    """[(status, where, diff)] by mutmut."""
    path = f"src/leverage_lab/{module}.py"
    (folder / "setup.cfg").write_text(
        f"[mutmut]\nsource_paths=src\nonly_mutate={path}\nalso_copy=\n    data\n    conftest.py\n"
        "process_isolation=forkserver\n"  # no cache that a run without mutants has filled
        "pytest_add_cli_args_test_selection=\n    " + "\n    ".join(tests) + "\ntimeout_multiplier=4\n"
        "pytest_add_cli_args=\n    " + "\n    ".join(["-p", "no:cacheprovider", *left_out]) + "\n"
    )
    (folder / "mutants" / "src").mkdir(parents=True)  # Python would remember that PYTHONPATH leads nowhere
    run = subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(PROCESSES)],
        cwd=folder, env=environment(folder / "mutants", base), capture_output=True, text=True,
    )  # fmt: skip
    if run.returncode:
        said = re.sub("^[\u2800-\u28ff] .*\n", "", run.stdout + run.stderr, flags=re.M)  # without spinners
        sys.exit(f"{said[-6000:]}\nmutmut could not run on {module}: see above.")
    os.chdir(folder)
    from mutmut.configuration import reset_config
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    reset_config()
    data = SourceFileMutationData(path=Path(path))
    data.load()
    found = []
    for key, code in data.exit_code_by_key.items():
        where = re.sub(r"__mutmut_\d+$", "", key.removeprefix("leverage_lab."))
        where = re.sub(r"\.x[ǁ_]", ".", where).replace("ǁ", ".")
        found.append((STATUS.get(code, f"odd ({code})"), where, changed(get_diff_for_mutant(key, path=path))))
    os.chdir(ROOT)
    return found


def outside_functions(module, text, left_out, base):
    """The same for constants and fields, which are made when the module is imported."""
    import libcst
    from mutmut.mutation.file_mutation import create_mutations, deep_replace

    tree, mutations, *_ = create_mutations(f"{module}.py", text)
    mutations = [m for m in mutations if not isinstance(m.contained_by_top_level_function, libcst.FunctionDef)]
    stats = base / module / "mutants" / "mutmut-stats.json"
    limit = 60 + 10 * sum(json.loads(stats.read_text())["duration_by_test"].values())

    def attempt(mutation):
        mutant = deep_replace(tree, mutation.original_node, mutation.mutated_node).code
        with tempfile.TemporaryDirectory(dir=base) as name:
            own = Path(name)
            tests = copy(module, own)
            shutil.copy(stats, own)
            (own / "src" / "leverage_lab" / f"{module}.py").write_text(mutant, encoding="utf-8")
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests, *left_out]
            try:
                run = subprocess.run(command, cwd=own, env=environment(own, base), capture_output=True, timeout=limit)
            except subprocess.TimeoutExpired:
                return "timeout", module, ""
        diff = "\n".join(unified_diff(text.splitlines(), mutant.splitlines(), lineterm="", n=0))
        return (
            {0: "survived", 1: "killed", 2: "killed"}.get(run.returncode, f"odd ({run.returncode})"),
            module,
            changed(diff),
        )

    with ThreadPool(PROCESSES) as pool:
        return pool.map(attempt, mutations, chunksize=1)


def changed(diff):
    """The changed lines of a diff, which identify a mutant wherever its line moves."""
    return "\n".join(line for line in diff.splitlines() if re.match(r"[-+](?![-+]{2} )", line))


def is_text(diff):
    """Only what stands between quotes has changed."""
    lines = [re.sub(r"""(["']).*?\1""", "''", line[1:]) for line in diff.splitlines()]
    return bool(lines) and lines[: len(lines) // 2] == lines[len(lines) // 2 :]


def accepted():
    """{(where, changed lines)} of the blocks in tests/mutants.md: the place first, then the diff."""
    text = LIST.read_text(encoding="utf-8") if LIST.exists() else ""
    return {tuple(block.strip("\n").split("\n", 1)) for block in re.findall(r"```diff\n(.*?)```", text, flags=re.S)}


def test(module, known, base):
    start = time.monotonic()
    print(f"{module:<12}", end="", flush=True)
    folder = base / module
    tests = copy(module, folder)
    path = folder / "src" / "leverage_lab" / f"{module}.py"
    text = without_decorators(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    red = failing(module, text, base)
    left_out = [f"--deselect={name}" for name in red]
    found = inside_functions(module, folder, tests, left_out, base) + outside_functions(module, text, left_out, base)
    count = Counter(status for status, *_ in found)
    killed = count["killed"] + count["timeout"]
    living = [(where, diff) for status, where, diff in found if status not in ("killed", "timeout")]
    new = [mutant for mutant in living if mutant not in known]
    stale = sorted(known & {mutant for mutant in known if mutant[0].split(".")[0] == module} - set(living))
    words = sum(is_text(diff) for _, _, diff in found)
    odd = len(living) - count["survived"] - count["untested"]
    print(
        f"{len(found):>8}{count['killed']:>8}{count['timeout']:>9}{count['survived']:>10}{count['untested']:>10}{odd:>5}{words:>6}"
        f"{killed / len(found):>9.1%}{len(new):>8}{time.monotonic() - start:>7.0f} s"
    )
    OUT.mkdir(exist_ok=True)
    (OUT / f"{module}.diff").write_text("".join(f"{where}\n{diff}\n\n" for where, diff in new), encoding="utf-8")
    for name in red:
        print(f"  left out, for it fails in the copy with no mutant awake: {name}")
    for where, diff in stale:
        print(f"  in tests/mutants.md, but killed or gone: {where}\n{diff}")
    return killed >= ENOUGH * len(found) and not new


def main(names):
    for name in names:
        for path in (f"src/leverage_lab/{name}.py", f"tests/test_{name}.py"):
            if not (ROOT / path).exists():
                sys.exit(f"There is no {path}. The money modules: {', '.join(MODULES)}.")
    print(
        f"{'module':<12}{'mutants':>8}{'killed':>8}{'timeout':>9}{'survived':>10}{'untested':>10}{'odd':>5}{'text':>6}{'killed':>9}{'new':>8}{'time':>7}"
    )
    known = accepted()
    with tempfile.TemporaryDirectory(prefix="leverage-lab-mutate-") as base:
        fine = [test(name, known, Path(base)) for name in names]
    print(f"Survivors that {LIST.relative_to(ROOT)} does not list (new) are in {OUT.name}/MODULE.diff.")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:] or MODULES))
    except KeyboardInterrupt:
        sys.exit(130)
