"""Fresh numbers through the exchanges' public APIs: an extra (`pip install -e .[live]`), never needed by a notebook.

    venues.py      seven exchanges, their contracts, and a client for each: public endpoints only, no keys
    answers.py     what an exchange answered, checked and brought into the terms of data/
    proposal.py    old beside new, cell by cell; written into data/ only when accepted
    refresh.py     `make refresh`: asks them, shows the proposal
    history.py     a market's candles, kept on disk (`leverage_lab.market.candles` is the way in)

Importing any of these asks nobody anything.
"""
