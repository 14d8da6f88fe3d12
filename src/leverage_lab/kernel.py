"""What a kernel of the course says to a cell that failed: one sentence where Python's own words would not help.

An IPython extension: the set-up has every kernel load it (tools/make_env.py), so it must be light; the
setup cell loads it once more, with other words. Without IPython every error stays Python's own.
"""

import re
import sys

SETUP = "Run the setup cell first: it is the first code cell of this notebook (menu Run → Run All Above Selected Cell)."
ABOVE = "If a cell above makes {name}, run that first (menu Run → Run All Above Selected Cell); if none does, look at the spelling."
WHOLE = "Type %tb into a cell for Python's whole report."

_shell = None
_before = {}  # {name: the function of that name} as the running cell began, for the functions it makes
_old = {}  # {name: (that function, the error)} of each whose newest cell stopped before it had made a new one


def load_ipython_extension(shell, words=SETUP):
    """Give errors that the course raises on purpose as their sentence, and a sentence to unknown names and to a bare $16 or 5 %."""
    global _shell
    _shell = shell

    def explain(shell, kind, error, trace, tb_offset=None):
        sys.last_type, sys.last_value, sys.last_traceback, sys.last_exc = kind, error, trace, error  # for %tb
        running = trace.tb_frame.f_code.co_name == "run_code"
        if running and _on_purpose(error, trace):
            lines = [_sentence(str(error)), "", f"(Line {trace.tb_next.tb_lineno} of this cell. {WHOLE})"]
        elif not running and isinstance(error, SyntaxError) and (said := _bare_unit(error.text or "")):
            lines = [said, "", f"(Line {error.lineno} of this cell. {WHOLE})"]
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
    """The error ("a SyntaxError") with which the newest cell that was to make this function stopped, so that it is the one from before; else ""."""
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
    """True for a sentence of the course's own: a ValueError raised in its code, or what it says of an interruption."""
    while trace.tb_next:
        trace = trace.tb_next
    ours = f"{trace.tb_frame.f_globals.get('__name__', '')}.".startswith("leverage_lab.")
    return (
        ours
        and (
            type(error) is ValueError
            or type(error).__module__.startswith("leverage_lab.")
            or isinstance(error, KeyboardInterrupt)
        )
        and bool(str(error))
    )


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
    return f"Python cannot read {found[2]}: in a calculation a number stands without a unit. Write {value:.10g}."
