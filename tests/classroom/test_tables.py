"""A table as readers see it: headings in words, money and percent as such, dates in one form."""

import re
from pathlib import Path

import nbformat
import pandas
import pytest

from leverage_lab import data
from leverage_lab.classroom import show

BOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def test_a_table_of_prices():
    shown = show(data.load("price_snapshot_2025-08-04").head(3))
    assert repr(shown).splitlines()[0].split("  ")[0] == "asset"
    assert [re.split(r"  +", line) for line in repr(shown).splitlines()] == [
        ["asset", "symbol", "price", "change in 24 hours"],
        ["Bitcoin", "BTC", "$114,400", "+0.68\u00a0%"],
        ["Ethereum", "ETH", "$3,550", "+2.48\u00a0%"],
        ["XRP", "XRP", "$3.001", "+4.99\u00a0%"],
    ]
    html = shown._repr_html_()
    assert html.endswith("</table>\n<p><small>Prices: 4 August 2025.</small></p>")
    assert (
        '<td style="text-align: left; vertical-align: top">Bitcoin</td>' in html and "$" not in html
    )  # no two that make a formula
    assert '<td style="text-align: right; vertical-align: top"><span>&#36;</span>114,400</td>' in html


def test_a_value_has_the_unit_of_its_row():
    claims = data.load("article_claims").set_index("id")
    rows = [re.split(r"  +", line) for line in repr(show(claims, "article_value")).splitlines()[1:]]
    said = dict(row for row in rows if len(row) == 2)
    assert (said["L01"], said["L02"], said["L03"], said["L06"], said["L24"], said["F06"], said["F07"], said["L20"]) == (
        "$5,000", "100\u00a0%", "0.2\u00a0%", "500x", "2x to 10x", "$4.50", "0.00018\u00a0BTC", "–",
    )  # fmt: skip


def test_what_no_source_gives_is_said_in_words_and_a_date_stands_once():
    frame = pandas.DataFrame(
        {
            "taker": [0.0005, float("nan")],
            "as_of": ["2025-09-02", ""],
            "source": ["MEXC Learn, 2025-09-02", "a copy, undated"],
        }
    )
    assert [re.split(r"  +", line.strip()) for line in repr(show(frame)).splitlines()[1:]] == [
        ["0.05\u00a0%", "2 September 2025", "MEXC Learn"],
        ["not known", "no date", "a copy"],
    ]
    assert "MEXC Learn, 2 September 2025" in repr(show(frame, "source"))  # no column with dates beside it


def test_rows_have_headings_of_their_own_and_markup_stays_text():
    frame = pandas.DataFrame({"a_b": ["<b>"], "n": [1.5]}, index=pandas.Index(["MEXC"], name="exchange"))
    assert '<th scope="col" style="text-align: left; vertical-align: top">exchange</th>' in show(frame)._repr_html_()
    assert '<th scope="row" style="text-align: left; vertical-align: top">MEXC</th>' in show(frame)._repr_html_()
    assert "&lt;b&gt;" in show(frame)._repr_html_() and "a b" in repr(show(frame))
    with pytest.raises(ValueError, match="columns must be among a_b, n; got 'c'"):
        show(frame, "c")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_no_notebook_shows_a_table_or_numbers_as_a_program_would(path):
    """No DataFrame, column name, date in figures, tuple, dictionary or bare number: every output says what it is."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert "dataframe" not in data.get("text/html", "") and "Series" not in data.get("text/html", ""), (
                cell.source
            )
            text = output.get("text", "") or data.get("text/plain", "")
            assert not re.search(
                r"\b[a-z]+_[a-z_]+\b|\bNaN\b|20\d\d-\d\d",
                re.sub(r"`.*?`|\w+\(.*?\)|https?:\S+|my-\S+|nautilus_trader", "", text),
            ), (cell.source, text)
            assert not re.match(r"[\[({]", text), (cell.source, text)
            if output.output_type == "stream":
                for line in output.text.splitlines():
                    assert re.search(r"[A-Za-z]{2}", re.sub(r"BTC|ETH|nan", "", line)) or " = " in line, (
                        f"numbers without a word: {line}"
                    )
