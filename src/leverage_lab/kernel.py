"""Explains errors in a cell in one sentence where Python's own message would not help: an unknown name because the
setup cell has not been run, a bare $16 or 5 %, a ValueError of the course itself.

An IPython extension. Every kernel loads it (tools/make_env.py), so it must be light; the setup cell asks for another
sentence. Without IPython every error stays Python's own.
"""

import re
import sys
from contextlib import suppress
from importlib import import_module
from threading import Thread

SETUP = "Run the setup cell first: it is the first code cell of this notebook (menu Run → Run All Above Selected Cell)."
ABOVE = (
    "If a cell above makes {name}, run that first (menu Run → Run All Above Selected Cell); "
    "if none does, check the spelling."
)
AHEAD = ("leverage_lab.panelkit.canvas", "leverage_lab.panelkit.panel", "pandas")  # drawing, widgets, tables
FULL = "Type %tb into a cell for Python's whole report."

_shell = None
_before = {}  # {name: function} when the running cell started, for the functions it defines
_old = {}  # {name: (function, error)} where the newest cell that defines it failed before it did


def load_ipython_extension(shell):
    """A kernel starts: it explains errors, and imports what the setup cell needs while its reader still reads."""
    explain_errors(shell, SETUP)
    Thread(target=_import_ahead).start()


def _import_ahead():
    for name in AHEAD:
        with suppress(ImportError):  # the setup cell says so
            import_module(name)


def explain_errors(shell, words):
    """Show the course's own errors as their sentence; add one for an unknown name and for a bare $16 or 5 %.

    words: the sentence for an unknown {name}.
    """
    global _shell
    _shell = shell

    def explain(shell, kind, error, trace, tb_offset=None):
        sys.last_type, sys.last_value, sys.last_traceback, sys.last_exc = kind, error, trace, error  # for %tb
        running = trace.tb_frame.f_code.co_name == "run_code"
        if running and _on_purpose(error, trace):
            lines = [_sentence(str(error)), "", f"(Line {trace.tb_next.tb_lineno} of this cell. {FULL})"]
        elif not running and isinstance(error, SyntaxError) and (said := _bare_unit(error.text or "")):
            lines = [said, "", f"(Line {error.lineno} of this cell. {FULL})"]
        elif isinstance(error, NameError):
            lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
            lines = [*lines, "", words.format(name=error.name or "this name")]
        elif not running:
            return shell.showsyntaxerror()
        else:
            return shell.showtraceback((kind, error, trace), running_compiled_code=True)
        shell._showtraceback(kind, error, lines)
        return lines

    shell.set_custom_exc((NameError, ValueError, SyntaxError, KeyboardInterrupt), explain)
    shell.events.register("pre_run_cell", _begins)  # once, however often it is asked for
    shell.events.register("post_run_cell", _ended)


def stopped(function):
    """The error ("a SyntaxError") that stopped the newest cell defining this function (which is then stale); or ""."""
    for old, error in _old.values():
        if old is function:
            return f"{'an' if error[0] in 'AEIO' else 'a'} {error}"
    return ""


def _begins(info):
    names = re.findall(r"^\s*(?:async\s+)?def\s+(\w+)", info.raw_cell or "", re.MULTILINE)
    _before.clear()
    _before.update({name: _shell.user_ns[name] for name in names if name in _shell.user_ns})


def _ended(result):
    error = result.error_before_exec or result.error_in_exec
    for name, function in _before.items():
        _old.pop(name, None)
        if error is not None and _shell.user_ns.get(name) is function:
            _old[name] = function, type(error).__name__
    _before.clear()


def _on_purpose(error, trace):
    """True for an error the course raises itself: a ValueError in its code, or its sentence on an interruption."""
    while trace.tb_next:
        trace = trace.tb_next
    if not f"{trace.tb_frame.f_globals.get('__name__', '')}.".startswith("leverage_lab."):
        return False
    own = type(error) is ValueError or type(error).__module__.startswith("leverage_lab.")
    return bool(str(error)) and (own or isinstance(error, KeyboardInterrupt))


def _sentence(words):
    capital = words.split(maxsplit=1)[0].rstrip(",:").isalpha()  # a file's name stays as it is
    return (words[:1].upper() + words[1:] if capital else words) + ("" if words.endswith((".", "?", "!")) else ".")


def _bare_unit(line):
    """What to write in place of $16, 5 % or 20x in a line that Python cannot read; "" if none of them is there."""
    from leverage_lab.words import read_number

    call = re.search(r"""(check\(\s*["'][\w-]+["']\s*,\s*)([^"']+?)\s*\)\s*$""", line)
    unquoted = re.sub(r"""("[^"]*"|'[^']*'|#.*)""", "", line)
    found = call or re.search(r"()(\$\s?\d[\d.,]*|(?<![\w.])\d[\d.,]*\s?(?:%(?=\s*(?:[),\]]|$))|x\b))", unquoted)
    try:
        value, unit = read_number(found[2]) if found else (0, "")
    except ValueError:
        unit = ""
    if not unit:
        return ""
    if call:
        return f'Python cannot read {call[2]}: a number with a unit needs quotation marks. Write {call[1]}"{call[2]}").'
    return f"Python cannot read {found[2]}: in a calculation, numbers have no unit. Write {value:.10g}."
