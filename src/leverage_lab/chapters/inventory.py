"""The concept inventory: twelve questions asked before and after the course, and once more a week later.

Each wrong option stands for a way of thinking that is common and costs money; it carries its name,
so that the answers of each time can be counted by misconception. The right option carries none.
"""

from dataclasses import dataclass

STAGES = ("before", "after", "later")  # later: about a week after the course


@dataclass(frozen=True)
class Option:
    """An answer, and the misconception it stands for ("" for the right one)."""

    text: str
    misconception: str = ""


@dataclass(frozen=True)
class Item:
    """One question. `chapter`: where the course answers it."""

    id: str
    chapter: int
    ask: str
    options: tuple

    @property
    def right(self):
        return next(option.text for option in self.options if not option.misconception)


ITEMS = (
    Item(
        "ten-percent",
        2,
        "A 10x long on BTC, isolated margin. At which fall of the price is it closed by force?",
        (
            Option("At 10 %, when the margin is used up", "10x ends at exactly −10 %"),
            Option("Somewhat before 10 %: some margin must remain"),
            Option("Somewhat after 10 %, because the exchange waits for a recovery", "the exchange waits"),
            Option("At any fall the exchange chooses, as its terms of use allow it to", "liquidation is arbitrary"),
        ),
    ),
    Item(
        "what-is-risk",
        1,
        "Isolated margin: Anna holds $5,000 of BTC at 5x, Ben holds $5,000 of BTC at 50x. The price falls by 1 %. Who"
        " loses more dollars?",
        (
            Option("Ben, ten times as many", "leverage alone is the risk"),
            Option("Anna, because she has put in more", "more margin means more loss"),
            Option("Both the same; but Ben is much nearer to being closed"),
            Option("Both the same, so the leverage makes no difference at all", "leverage never matters, only size"),
        ),
    ),
    Item(
        "account",
        1,
        "You put $50 of a $1,000 account into an isolated position, and its return is −100 %. What has the account"
        " lost?",
        (
            Option("5 %"),
            Option("100 %", "return on margin is return on the account"),
            Option("50 %", "dollars read as percent"),
            Option("It depends on the leverage", "the loss of an isolated position depends on leverage"),
        ),
    ),
    Item(
        "up-down",
        6,
        "An account gains 50 % and then loses 50 %. Compared with the start it …",
        (
            Option("is unchanged", "percentages add up"),
            Option("has gained 25 %", "gains weigh more than losses"),
            Option("has lost 50 %", "only the last move counts"),
            Option("has lost 25 %"),
        ),
    ),
    Item(
        "which-price",
        2,
        "Your long had its liquidation price at 59,000 and was liquidated, but on your exchange's chart of trades the"
        " price never went below 59,200. How can that be?",
        (
            Option("It cannot; the exchange must have made an error", "the chart's last price liquidates"),
            Option(
                "The exchange moved its own last price for a moment and took the chart's mark away",
                "the exchange hunts positions",
            ),
            Option("Positions are measured at another price, the mark price"),
            Option("The chart shows prices in another currency", "a display problem"),
        ),
    ),
    Item(
        "stop",
        7,
        "A 100x long has a stop order 0.8 % below the entry. Which statement is right?",
        (
            Option(
                "No more than 0.8 % of the position can be lost: the stop always comes first",
                "the stop always fires first",
            ),
            Option("The position may be liquidated first, or the stop fill at a worse price"),
            Option("The stop works only with cross margin", "stops depend on the margin mode"),
            Option("With a stop there is no liquidation price any more", "a stop removes liquidation"),
        ),
    ),
    Item(
        "modes",
        3,
        "A wallet of $1,000 and one position with $100 of margin; nothing is added to it, and the exchange claims no"
        " more than the wallet. The price jumps far against it. How much can be lost at most, apart from fees and"
        " funding?",
        (
            Option("$100, isolated or cross", "isolated and cross lose the same"),
            Option("$100 isolated, $1,000 cross"),
            Option("$1,000, isolated or cross", "the mode makes no difference"),
            Option("$10 isolated, $100 cross", "the margin is only partly at risk"),
        ),
    ),
    Item(
        "fees",
        4,
        "A fee of 0.05 % is charged on opening. You put in $100 at 50x. What do you pay to open?",
        (
            Option("$0.05", "fees are on the margin"),
            Option("$5", "opening already pays for closing"),
            Option("$2.50"),
            Option("$0.25", "the decimal point slips"),
        ),
    ),
    Item(
        "mirror",
        1,
        "Margin in coins (an inverse contract), 1x. Compare a long and a short.",
        (
            Option(
                "They are mirror images: each loses everything at a 100 % move against it",
                "long and short are mirror images",
            ),
            Option("Neither can lose everything at 1x", "1x has no end"),
            Option("The short can lose everything, the long cannot", "the risk of a short is always larger"),
            Option("The long loses all its coins when the price halves; the short never does"),
        ),
    ),
    Item(
        "survived",
        6,
        "A 50x position was held over a week and closed with a gain. What does that say about its risk?",
        (
            Option("It was safe: otherwise it would have been closed", "a survived path means a safe position"),
            Option("Little: on other paths it may have been closed"),
            Option("50x is safe for a week", "one path proves the rule"),
            Option("The trader read the market well and would do so again", "outcome is skill"),
        ),
    ),
    Item(
        "bigger",
        5,
        "An exchange offers 125x. Does that hold for a position of $20 million too?",
        (
            Option("Yes, the maximum is the contract's", "a bigger position keeps its rate"),
            Option("Yes, against a higher fee for opening and for closing", "size is only a question of fees"),
            Option("No: the larger the position, the lower its maximum"),
            Option("No: positions of that size are forbidden", "size is forbidden"),
        ),
    ),
    Item(
        "distance",
        1,
        "At 10x the margin is used up by a move of 10 %. At 20x it is 5 %. At 40x it is …",
        (
            Option("0 %, as it falls by 5 points with each step", "distance falls in a straight line"),
            Option("2.5 %"),
            Option("3.3 %", "distance shrinks by thirds"),
            Option("1 %", "distance collapses at high leverage"),
        ),
    ),
)
