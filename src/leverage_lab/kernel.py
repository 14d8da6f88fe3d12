"""What a kernel of the course says to a cell that was run before the cells above it.

An IPython extension: the set-up has every kernel load it (tools/make_env.py), so it must be light; the
setup cell loads it once more, with other words.
"""

SETUP = "Run the setup cell first: it is the first code cell of this notebook (menu Run → Run All Above Selected Cell)."
ABOVE = "If a cell above makes {name}, run that first (menu Run → Run All Above Selected Cell); if none does, look at the spelling."


def load_ipython_extension(shell, words=SETUP):
    """Add one sentence to the traceback of a name that does not exist."""

    def explain(shell, kind, error, trace, tb_offset=None):
        lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
        lines = [*lines, "", words.format(name=error.name or "this name")]
        shell._showtraceback(kind, error, lines)
        return lines

    shell.set_custom_exc((NameError,), explain)
