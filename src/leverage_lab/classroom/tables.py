"""Tables in a notebook: `show(frame, columns)` for readers, and the dates below every table from data/.

The line with the dates is stored with the table. Once a figure is old, a sentence says so in a live notebook. That one
depends on the day: it is not stored (tools/execute_notebooks.py) and not compared (tests/nbval.cfg).
"""

from html import escape

from leverage_lab import dates, words
from leverage_lab.data import when
from leverage_lab.panelkit.page import markdown

AGE = r'(</small>)<small class="ll-age">.*?</small>'  # finds that sentence below the line
UNKNOWN = "not known"


def below(known):
    """The line of dates, and the sentence on their age if there is one, as HTML."""
    line, age = escape(known.line()), escape(known.age())
    return f"\n<p><small>{line}</small>" + (f'<small class="ll-age"><br>{age}</small>' if age else "") + "</p>"


# --- what readers see of a column


def said(value, unit):
    """A value with its unit: $5,000, 0.2 %, 2x to 10x, 0.00018 BTC. A rule without a unit is a fraction, or words."""
    if value == "":
        return ""
    if unit == "x":
        return " to ".join(words.times(float(part)) for part in str(value).split("-"))
    if unit == "USD":
        return words.money(float(value))
    try:
        return (
            words.percent(float(value), decimals=3)
            if not unit or unit.startswith(("fraction", "price move", "ratio"))
            else f"{words.plain(float(value))}\u00a0{unit}"
        )
    except ValueError:
        return value


def percent(value):
    return words.percent(value, decimals=3)


HEADINGS = {
    "id": "claim", "claim": "what it says", "article_value": "the article’s number", "price_usd": "price",
    "change_24h_percent": "change in 24 hours", "floor": "position above", "cap": "up to", "rate": "maintenance rate",
    "maker": "maker fee", "taker": "taker fee", "as_of": "date of the source", "accrual": "charged for",
    "accrual_unit_hours": "counted in", "clock": "measured by", "charged_on": "interest is charged on",
    "count": "rows of the table", "right_value": "right number", "low": "result", "topic": "question",
    "adl_share": "closed by deleveraging", "ticker": "coin", "window": "where and when", "posted": "margin posted",
    "liquidation": "liquidated at", "move to it": "distance", "counted": "counts as margin", "fee in": "opening fee",
    "fee out": "closing fee", "of margin": "share of the margin", "quantity": "what",
}  # fmt: skip
SHOWN = {  # {column: how a cell of it is shown}; the others as they are
    "price_usd": words.price,
    **dict.fromkeys(
        ("floor", "cap", "deduction", "posted", "liquidation", "fee in", "fee out", "funding"), words.money
    ),
    **dict.fromkeys(("rate", "maker", "taker", "counted"), percent),
    "adl_share": lambda value: words.percent(value, decimals=1),
    "change_24h_percent": lambda value: words.percent(value / 100, signed=True),
    **dict.fromkeys(("move to it", "of margin"), lambda value: words.percent(value / 100)),
    **dict.fromkeys(("as_of", "date"), lambda text: dates.shown(text) if text else "no date"),
    "symbol": lambda text: text or "every contract",
    "region": lambda text: text or "everywhere else",
    "accrual": {"started": "each started one", "completed": "full ones only"}.get,
    "accrual_unit_hours": lambda hours: "days" if hours == 24 else "hours",
    "clock": {"loan": "the loan’s own time", "wall": "the clock on the wall", "": UNKNOWN}.get,
}
WITH_UNIT = ("article_value", "published", "right_value", "low", "value")


def _cell(name, value, unit):
    if value is None or value != value:
        return UNKNOWN
    if name in WITH_UNIT:
        text = said(value, unit)
    elif name in SHOWN:
        text = SHOWN[name](value)
    else:
        text = words.plain(value) if isinstance(value, (int, float)) else str(value)
    return dates.in_words(text) or "–"


class Shown:
    """A table as a notebook shows it: headings in words, money and percent as such, dates below."""

    def __init__(self, frame, columns, first):
        units = frame["unit"] if "unit" in frame.columns else [""] * len(frame)
        self.dates = when(frame)
        self.first = first
        self.head = [first] * (first is not None) + [HEADINGS.get(name, name.replace("_", " ")) for name in columns]
        self.numeric = [False] * (first is not None) + [
            frame[name].dtype.kind in "if" and name != "accrual_unit_hours" or name in WITH_UNIT for name in columns
        ]
        if {"as_of", "source"} <= set(columns):  # a date stands once in a row
            frame = frame.assign(source=frame["source"].map(dates.undated))
        cells = [[_cell(name, value, unit) for value, unit in zip(frame[name], units, strict=True)] for name in columns]
        names = [[_cell(frame.index.name, name, "") for name in frame.index]] * (first is not None)
        self.rows = list(zip(*names, *cells, strict=True))

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, self.numeric, strict=True)
            ).rstrip()
            for row in [self.head, *self.rows]
        ]
        return "\n".join(lines)

    def _repr_html_(self):
        named = [self.first is not None, *[False] * len(self.numeric)]
        head = self._row(self.head, ['th scope="col"'] * len(self.head))
        body = [self._row(cells, ['th scope="row"' if name else "td" for name in named]) for cells in self.rows]
        table = "\n".join(["<table>", f"<thead>{head}</thead>", "<tbody>", *body, "</tbody>", "</table>"])
        return table + (below(self.dates) if self.dates is not None and self.dates.figures else "")

    def _row(self, cells, tags):
        made = [
            f'<{tag} style="text-align: {"right" if right else "left"}; vertical-align: top">'
            f"{markdown(escape(cell))}</{tag.partition(' ')[0]}>"
            for cell, tag, right in zip(cells, tags, self.numeric, strict=False)
        ]
        return f"<tr>{''.join(made)}</tr>"


def show(frame, *columns):
    """A DataFrame as a table to read: these columns of it (by default all), after its index if that has names.

    Headings, units and dates are put into words; what no source gives is "not known". ValueError for an unknown column.
    """
    for name in columns:
        if name not in frame.columns:
            raise ValueError(f"columns must be among {', '.join(map(str, frame.columns))}; got {name!r}")
    numbered = frame.index.name is None and frame.index.dtype.kind in "iu"
    heading = None if numbered else HEADINGS.get(frame.index.name, frame.index.name or "")
    return Shown(frame, columns or [name for name in frame.columns if name != "unit"], heading)


# --- a DataFrame on its own: as pandas shows it


def html(shown):
    """A DataFrame or Series as HTML: as pandas shows it, with its dates below if it is from one of our tables."""
    table = shown._repr_html_() if hasattr(shown, "_repr_html_") else None
    try:
        known = when(shown)
        if known is None or not known.figures or (table is None and shown.ndim > 1):
            return table
        return (table or f"<pre>{escape(repr(shown))}</pre>") + below(known)
    except Exception:  # show a learner's table even if a date is broken
        return table


def register(shell):
    """Show DataFrames so in this IPython; pandas need not be loaded yet."""
    formatter = shell.display_formatter.formatters["text/html"]
    for module in ("pandas", "pandas.core.frame", "pandas.core.series"):  # pandas 3 and before
        for name in ("DataFrame", "Series"):
            formatter.for_type_by_name(module, name, html)
