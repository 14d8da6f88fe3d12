"""Fresh numbers through the exchanges' public APIs: an extra (`pip install -e .[live]`), never needed by a notebook.

    venues.py      seven exchanges, their contracts, and a client for each: public endpoints only, no keys
    answers.py     what an exchange answered, checked and brought into the terms of data/
    compare.py     old beside new, cell by cell, and the rows that it gives
    refresh.py     `make refresh`: asks them, shows what is new and writes it into data/, for git to show and take back
    schema.py      whether a table is as data/schema.json says
    history.py     a market's candles, kept on disk (`leverage_lab.market.candles` is the way in)

Importing any of these asks nobody anything.
"""
