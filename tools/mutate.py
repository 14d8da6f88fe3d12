"""Mutation tests of the money modules: `make mutate MODULE=fees`, or all of them.

Changes one spot at a time in a copy of a module (a sign, a comparison, a constant, a branch) and runs the module's own
tests, and those of the audit, until one fails. SPOTS of them are drawn, always the same for the same code. A change
that no test notices is shown with its line: does it matter? Ends with 1 if fewer than nine tenths are noticed.
"""

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    *("leverage", "liquidation", "backstop", "survival", "margin", "fees", "exchanges", "strategies", "orders"),
    *("checks", "examples", "audit"),
)
ENOUGH, LIMIT = 0.9, 300  # share that must be noticed; seconds, after which an endless loop counts as noticed
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.Add,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And, ast.USub: ast.UAdd, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def changes(tree):
    """[(node's number in a walk, what to do with a node)]: every spot that can be changed."""
    found, passed = [], set()
    for number, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.AnnAssign | ast.arguments):  # words, types, allowed ranges
            passed |= {id(part) for part in ast.walk(node)}
        elif id(node) in passed:
            continue
        elif isinstance(node, ast.Compare):
            found.append((number, lambda node: node.ops.__setitem__(0, swapped(node.ops[0]))))
        elif isinstance(node, ast.BinOp | ast.BoolOp | ast.UnaryOp) and type(node.op) in SWAPS:
            found.append((number, lambda node: setattr(node, "op", swapped(node.op))))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
            found.append((number, lambda node: setattr(node, "value", other(node.value))))
        elif isinstance(node, ast.If | ast.IfExp):
            found.append((number, lambda node: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))))
    return found


def swapped(operator):
    return SWAPS[type(operator)]()


def other(value):
    return not value if isinstance(value, bool) else value + 1


def mutant(tree, number, change):
    """(code with one spot changed, what it was, what it is)."""
    tree = copy.deepcopy(tree)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == number)
    before = ast.unparse(node)
    change(node)
    return ast.unparse(ast.fix_missing_locations(tree)), f"line {node.lineno}: {before}", ast.unparse(node)


def noticed(module, code, folder):
    """Does a test fail with this code in the module's place?"""
    (folder / "src" / "leverage_lab" / f"{module}.py").write_text(code, encoding="utf-8")
    tests = dict.fromkeys([f"tests/test_{module}.py", "tests/test_audit.py"])
    env = os.environ | {
        "PYTHONPATH": str(folder / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",  # two mutants may be of one size and one second
        "HYPOTHESIS_PROFILE": "mutate",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # nbval alone takes longer to load than most tests
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not soak", *tests]
    try:
        run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return True
    if run.returncode not in (0, 1, 2):
        sys.exit(f"{run.stdout[-3000:]}{run.stderr[-1000:]}\nThe tests of {module} could not run: see above.")
    return run.returncode != 0


def try_out(module, spots, folders):
    start = time.monotonic()
    tree = ast.parse((ROOT / "src" / "leverage_lab" / f"{module}.py").read_text(encoding="utf-8"))
    if noticed(module, ast.unparse(tree), folders[0]):
        sys.exit(f"A test of {module} fails before anything is changed: make test first.")
    found = changes(tree)
    drawn = random.Random(module).sample(found, min(spots, len(found)))
    free = list(folders)

    def attempt(one):
        folder = free.pop()
        try:
            code, before, after = mutant(tree, *one)
            return noticed(module, code, folder), before, after
        finally:
            free.append(folder)

    with ThreadPoolExecutor(len(folders)) as pool:
        results = list(pool.map(attempt, drawn))
    for folder in folders:
        shutil.copy(ROOT / "src" / "leverage_lab" / f"{module}.py", folder / "src" / "leverage_lab")
    living = [(before, after) for seen, before, after in results if not seen]
    share = 1 - len(living) / len(drawn)
    print(
        f"{module}: {len(drawn)} of {len(found)} spots changed, {share:.0%} noticed, {time.monotonic() - start:.0f} s"
    )
    for before, after in living:
        print(f"  {before}\n    lives as: {after}")
    return share >= ENOUGH


def main(names):
    spots = int(os.environ.get("SPOTS", "40"))
    for name in names:
        if name not in MODULES:
            sys.exit(f"There is no money module {name}. There are: {', '.join(MODULES)}.")
    with tempfile.TemporaryDirectory(prefix="leverage-lab-mutate-") as base:
        folders = [Path(base) / str(number) for number in range(2)]
        for folder in folders:
            for part in ("src", "tests", "data"):
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "browser"))
            for part in ("pyproject.toml", "conftest.py", "README.md"):
                shutil.copy(ROOT / part, folder / part)
        return 0 if all([try_out(name, spots, folders) for name in names]) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:] or MODULES))
    except KeyboardInterrupt:
        sys.exit(130)
