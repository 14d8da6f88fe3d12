"""A table from data/ says when it is from, wherever a notebook shows it.

Below it stands the line "as of …", which is stored with it; and in a live notebook, once a figure is
old, a sentence that says so. That one depends on the day: it is not stored (tools/execute_notebooks.py)
and not compared (tests/nbval.cfg).
"""

from html import escape

from leverage_lab.data import when

AGE = r'(</small>)<small class="ll-age">.*?</small>'  # how that sentence is found again: below the line


def below(dates):
    """The line, and the sentence if there is one, as HTML."""
    line, age = escape(dates.line()), escape(dates.age())
    return f"\n<p><small>{line}</small>" + (f'<small class="ll-age"><br>{age}</small>' if age else "") + "</p>"


def html(shown):
    """A DataFrame or Series as HTML: as pandas shows it, with its dates below if it is from one of our tables."""
    table = shown._repr_html_() if hasattr(shown, "_repr_html_") else None
    try:
        dates = when(shown)
        if dates is None or not dates.figures or (table is None and shown.ndim > 1):
            return table
        return (table or f"<pre>{escape(repr(shown))}</pre>") + below(dates)
    except Exception:  # a learner's table is shown, whatever is wrong with a date
        return table


def register(shell):
    """Show tables so in this IPython; pandas need not be loaded yet."""
    formatter = shell.display_formatter.formatters["text/html"]
    for module in ("pandas", "pandas.core.frame", "pandas.core.series"):  # pandas 3 and before
        for name in ("DataFrame", "Series"):
            formatter.for_type_by_name(module, name, html)
