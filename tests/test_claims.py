"""The verdicts on the articles' claims: against hand calculation and the dated tables, and never a constant."""

import pytest

from leverage_lab import claims
from leverage_lab.audit import main
from leverage_lab.data import load

FOUND = {verdict.id: verdict for verdict in claims.verdicts()}

# Worked out by hand from the claim and the dated facts: verdict, and what its sentence must say.
EXPECTED = {
    "L01": ("holds", ["$5,000"]),  # 10 × 500
    "L02": (
        "holds with a condition",
        ["100 %", "(2 September 2025); that leaves 79.98 %, $8 of $10"],
    ),  # 10 − 1.00 − 1.002 in fees = 7.998
    "L03": (
        "holds with a condition",
        ["After a fall of 0.2 %", "after only 0.1 %", "$114.40"],
    ),  # 1/500 − 0.001 = 0.001; × 114,400
    "L04": ("wrong", ["$5;", "fees the loss is $7,", "if that comes first, $10 is lost"]),  # 5 + 1 + 0.999
    # 1/20 − 0.004; 4.6 % lies ln(4.6/4) / ln(5/4) = 0.6263 of the way from the rows of 4 % to 5 %, within 24 h:
    # 0.21574 + 0.6263 × (0.15102 − 0.21574) = 17.5 %, and 0.11825 + 0.6263 × (0.07355 − 0.11825) = 9 %
    "L05": ("advice", ["4.6 %", "17.5 % and 9 %"]),
    "L06": ("holds", ["500x"]),
    "L07": ("outdated", ["14 August 2025", "150x"]),
    "L08": ("outdated", ["22 August 2023", "100x"]),
    "L09": ("wrong", ["150x"]),
    "L10": ("outdated", ["25 September 2025", "150x"]),
    "L11": ("outdated", ["18 May 2025", "125x (26 December 2025"]),
    "L12": ("holds with a condition", ["50x", "10x in the EEA"]),
    "L13": ("holds with a condition", ["10x in the EEA (9 March 2026", "50x (1 October 2026"]),
    "L14": ("holds with a condition", ["150x", "BitMEX 250x"]),
    "L15": ("holds with a condition", ["30 %", "50 %"]),  # 150/500, 250/500
    "L16": ("wrong", ["0.1 %", "0.08 %"]),  # 0.002 − 0.001 − 0.0002
    "L17": ("holds with a condition", ["10 %", "1 %"]),  # 0.01 % and 0.001 % of 0.1 %
    "L18": (
        "holds with a condition",
        ["0.686", "0.289", "BitMEX, MEXC and Hyperliquid", "KuCoin and OKX do the same"],
    ),  # (5/95) × 90/6.9; (20/110) × 90/(440/3 − 90)
    "L19": ("holds with a condition", ["24,239", "27.65 %"]),
    "L20": (
        "holds with a condition",
        ["$10 of margin is lost", "$1 at MEXC", "funding", "automatically"],
    ),  # 5,000 × 0.02 %
    "L21": ("holds", ["$100 is lost"]),
    "L22": (
        "holds with a condition",
        ["$48.05", "0.9 %", "$11,554.40", "no rise liquidates it"],
    ),  # 0.0002 × 2.1 × 114,400; 1/100 − 0.001; 0.101 × 114,400
    "L23": ("holds with a condition", ["0.05 %", "0.1 %"]),
    "L24": ("advice", ["2x", "10x"]),
    "L25": ("advice", ["10x", "25x"]),
    "L26": ("holds with a condition", ["13 exchanges", "500x", "Aster", "1,001x on BTC (15 December 2025"]),
    "F01": ("wrong", ["$1,144,000", "$100,000"]),
    "F02": ("holds", ["$100,000"]),
    "F03": ("wrong", ["$30, 10 times"]),
    "F04": ("wrong", ["$90, 10 times"]),
    "F05": ("outdated", ["7 November 2019"]),
    "F06": ("wrong", ["$45, 10 times"]),
    "F07": ("wrong", ["0.0018 BTC, 10 times"]),
    "F08": ("wrong", ["$27", "$30"]),  # on 90,000 and on 100,000
    "F09": ("wrong", ["$81", "$90"]),
    "F10": (
        "wrong",
        ["leverage of a future is not lent", "a negative balance may be (OKX", "$10 each time", "$30 a day"],
    ),  # 0.01 % of 100,000, three times
    "F11": ("holds with a condition", ["0.02 %", "0.15 %"]),
}


def words(sentence):
    return sentence.replace("\u00a0", " ")


@pytest.mark.parametrize("claim", EXPECTED)
def test_the_verdict_and_its_numbers(claim):
    verdict, numbers = EXPECTED[claim]
    assert FOUND[claim].verdict == verdict
    for number in numbers:
        assert number in words(FOUND[claim].sentence), FOUND[claim].sentence


def test_every_claim_has_one_sentence_with_a_number():
    assert list(FOUND) == list(load("article_claims").id) == list(EXPECTED)
    for verdict in FOUND.values():
        assert verdict.verdict in claims.VERDICTS
        assert any(character.isdigit() for character in verdict.sentence) and verdict.sentence.endswith(".")
        assert " nan" not in verdict.sentence and len(verdict.sentence) < 320


# Had the article said the right number, the same check would have said so; and the other way round.
OTHERWISE = [
    ("L01", 500, "wrong"), ("L02", 0.5, "wrong"), ("L03", 0.001, "holds"), ("L03", 0.0005, "wrong"),
    ("L04", 8, "wrong"), ("L06", 400, "outdated"), ("L06", 300, "wrong"), ("L07", 150, "holds"), ("L07", 200, "wrong"),
    ("L09", 150, "holds"), ("L12", 2, "outdated"), ("L12", 10, "holds with a condition"), ("L13", 20, "outdated"),
    ("L13", 50, "holds"), ("L20", 500, "holds with a condition"), ("L26", 1001, "wrong"), ("L14", 100, "wrong"),
    ("L14", 260, "holds"), ("L15", 0.3, "wrong"), ("L15", 0.6, "holds"), ("L16", 0.001, "holds"), ("L21", 100, "holds"),
    ("F02", 10_000, "wrong"), ("F03", 30, "holds"), ("F04", 90, "holds"), ("F06", 45, "holds"),
    ("F07", 0.0018, "holds"),
]  # fmt: skip


@pytest.mark.parametrize("claim, said, verdict", OTHERWISE)
def test_a_verdict_is_computed(claim, said, verdict):
    assert claims.CHECKS[claim](said)[0] == verdict


def test_a_rule_that_changes_changes_the_verdict(monkeypatch):
    """Without maintenance the 0.2 % would be right; the check must notice."""
    monkeypatch.setattr(claims, "_rules", lambda basis=None: claims.Rules(0.0))
    assert claims.CHECKS["L03"](0.002)[0] == "holds" and claims.CHECKS["L16"](0.002)[0] == "holds"


def test_the_command(capsys):
    assert main(["--claims"]) == 0
    told = words(capsys.readouterr().out)
    assert told.rstrip().endswith("37 claims: 4 holds, 14 holds with a condition, 5 outdated, 11 wrong, 3 advice.")
    assert "F03  wrong: 0.03 % a day on $100,000 costs this each day" in told
    assert claims.check("F03") == FOUND["F03"]
