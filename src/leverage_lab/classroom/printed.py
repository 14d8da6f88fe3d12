"""A page of one's own: one HTML file that needs nothing else, to be shown, printed or handed on."""

from html import escape

STYLE = """body {font: 18px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff}
body {max-width: 1280px; margin: 24px auto; padding: 0 16px}
img {width: 100%; height: auto} table {border-collapse: collapse; margin-bottom: 24px}
th, td {text-align: left; padding: 4px 16px 4px 0; border-top: 1px solid #e4e7ec; vertical-align: top}"""


def page(title, parts, style=""):
    """The whole page. parts: HTML, one below the other; style: rules besides those of all such pages."""
    head = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    head += '<meta name="viewport" content="width=device-width">'
    head += f"<title>{escape(title)}</title><style>{STYLE}\n{style}</style></head>"
    return f"{head}<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>\n"


def paragraph(text):
    return f"<p>{escape(text)}</p>"


def table(head, rows):
    """Rows of plain text below their headings."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
