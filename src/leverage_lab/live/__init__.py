"""Fresh numbers from the exchanges' public APIs: an extra (`pip install -e .[live]`), never needed by a notebook.

    venues.py      seven exchanges, their contracts, and a client for each: public endpoints only, no keys
    answers.py     an exchange's answers, checked and translated into the terms of data/
    compare.py     fetched figures compared with the tables, cell by cell, and the new rows
    refresh.py     `make refresh`: asks, shows what is new and writes it into data/, for git to show and revert
    schema.py      checks a table against data/schema.json
    history.py     a market's candles, cached on disk (the entry point is `leverage_lab.market.candles`)

Importing any of these makes no request.
"""
