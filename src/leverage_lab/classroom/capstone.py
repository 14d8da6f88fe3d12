"""The cards at the end of the course: the articles' claims to be decided, and the inventory before, after and later."""

from __future__ import annotations

from html import escape
from textwrap import shorten

from leverage_lab.chapters.inventory import STAGES
from leverage_lab.claims import VERDICTS
from leverage_lab.classroom.inventory_card import answered
from leverage_lab.classroom.tables import said
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.page import MARKS, Card, bundle, button, html, markdown, marked, menu, radios, row, words


class BeforeAndAfter:
    """The inventory's sets of answers side by side. A right answer shows only once a question was answered again."""

    def __init__(self, items):
        self.items = items

    def __repr__(self):
        return self._markdown().replace("**", "")

    def compared(self):
        """The sentences above the table, the sets it has, and its blocks: question, answers, the right one."""
        given = {stage: answered(self.items, stage) for stage in STAGES}
        latest = given["after"] | given["later"]
        stages = [stage for stage in STAGES if given[stage] or stage != "later"]
        if not any(given.values()):
            return (
                (
                    'No answers are stored yet: chapter 0 asks the questions with `inventory("before")`, '
                    'chapter 8 with `inventory("after")`.'
                ),
                stages,
                [],
            )
        lines = [self._count(stage, given[stage]) for stage in stages if given[stage] and latest]
        if sum(map(bool, given.values())) == 1:
            missing = next(stage for stage in STAGES if not given[stage])
            lines.append(f"No answers are stored as “{missing}”, so there is nothing to compare with yet.")
        if latest:
            left = list(filter(None, (self._behind(item, latest) for item in self.items)))
            lines.append(
                "Ideas to look at again: " + "; ".join(left) + "."
                if left
                else "None of the listed misconceptions is among your answers."
            )
            lines.append("Knowing it here is one thing; acting on it while the price moves is another.")
        blocks = []
        for item in self.items:
            if not any(item.id in answers for answers in given.values()):
                continue
            cells = (self._cell(item, given[stage], stage != "before" or bool(latest)) for stage in stages)
            chapter = f"(chapter\u00a0{item.chapter})"
            shown = f"{item.right} {chapter}" if item.id in latest else f"answer it again first {chapter}"
            blocks.append((item.ask, *cells, shown))
        return " ".join(lines), stages, blocks

    def _count(self, stage, answers):
        right = sum(answers.get(item.id) == item.right for item in self.items)
        still = len(self.items) - len(answers)
        return f"{stage.capitalize()}: {right} of {len(self.items)} right{f', {still} not answered' if still else ''}."

    @staticmethod
    def _behind(item, answers):
        return next((option.misconception for option in item.options if option.text == answers.get(item.id)), "")

    def _cell(self, item, answers, judged):
        if item.id not in answers:
            return "–"
        idea = self._behind(item, answers)
        mark = (
            ""
            if not judged
            else (
                f" {MARKS['wrong']} “{idea}”"
                if idea
                else f" {MARKS['right']}"
                if answers[item.id] == item.right
                else ""
            )
        )
        return answers[item.id] + mark

    def _markdown(self):
        words, stages, blocks = self.compared()
        lines = [words, ""]
        for ask, *cells, answer in blocks:
            lines.append(f"- **{ask}**")
            lines += [f"    - {stage}: {cell}" for stage, cell in zip(stages, cells)]
            lines.append(f"    - {answer}")
        return "\n".join(lines).rstrip()

    @property
    def widget(self):
        self._card = Card(
            "before and after",
            [row("hands", button("compare", "Compare")), words("both", status=True)],
            lambda *_: self._compare(),
        )
        self._compare()
        return self._card

    def _compare(self):
        said, stages, blocks = self.compared()
        self._card.say(both=html(said) + (table([*stages, "the answer"], blocks) if blocks else ""))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})


MEANING = {
    "holds": "as the article says",
    "holds with a condition": "right, but something is left out",
    "outdated": "was right, at a date that is known",
    "wrong": "a number says otherwise",
    "advice": "an opinion, with numbers to judge it by",
}


def decided(claims):
    """The stored verdicts {claim id: verdict}, in the order of the claims; what is damaged is left out."""
    stored = storage.load()[0].get("claims", {})
    return {
        claim.id: stored[claim.id]
        for claim in claims
        if isinstance(stored.get(claim.id), str) and stored[claim.id] in VERDICTS
    }


class AuditCard:
    """The articles' claims, one at a time: each verdict is stored at once, and compared with the audit's on request.

    claims: rows of data/article_claims.csv; audit: a function that returns the audit's verdicts.
    """

    HEAD = ("you", "the audit", "why")

    def __init__(self, claims, audit):
        self.claims, self.audit = claims, audit

    def __repr__(self):
        return self._markdown().replace("**", "")

    @staticmethod
    def tell(claim):
        """One claim with the article's number."""
        return f"{claim.claim}: {said(claim.article_value, claim.unit)}" if claim.article_value else claim.claim

    def _markdown(self):
        verdicts = "; ".join(f"**{word}** ({meaning})" for word, meaning in MEANING.items())
        return "\n".join(
            [
                f"Your verdict on each claim: {verdicts}.",
                "",
                *(f"- **{claim.id}** {self.tell(claim)}" for claim in self.claims),
            ]
        )

    @property
    def widget(self):
        ids = [claim.id for claim in self.claims]
        verdicts = [(word, f"{word}: {meaning}") for word, meaning in MEANING.items()]
        steps = [
            menu("chosen", "claim", ids),
            button("previous", "Previous"),
            button("next", "Next"),
            button("open", "Next open claim"),
        ]
        self._card = Card(
            "audit",
            [
                row("steps", *steps),
                words("claim", status=True),
                radios("verdict", "your verdict", verdicts, pressing=True),
                words("count", status=True),
                row("hands", button("compare", "Compare with the audit")),
                words("beside", status=True),
            ],
            self._pressed,
        )
        self._show(self._next_open(ids[-1]))
        return self._card

    def _pressed(self, name, held):
        if name == "compare":
            said, blocks = self.compared()
            self._card.say(beside=html(said) + (table(self.HEAD, blocks, ("20%", "20%", "60%")) if blocks else ""))
        elif name == "verdict":
            self._decide(held["shown"], held["verdict"])
        else:
            ids = [claim.id for claim in self.claims]
            at = ids.index(held["shown"])
            self._show(
                {"chosen": held["chosen"], "previous": ids[at - 1], "next": ids[(at + 1) % len(ids)]}.get(name)
                or self._next_open(ids[at])
            )

    def _next_open(self, id):
        """The next undecided claim after this one, wrapping around; the first claim if all are decided."""
        ids, mine = [claim.id for claim in self.claims], decided(self.claims)
        at = ids.index(id) + 1
        return next((one for one in ids[at:] + ids[:at] if one not in mine), ids[0])

    def _show(self, id):
        """Show a claim with the stored verdict."""
        claim = next(claim for claim in self.claims if claim.id == id)
        mine = decided(self.claims)
        self._card.held = {"chosen": id, "shown": id, "verdict": mine.get(id, "")}
        self._card.say(
            chosen=[
                f"{one.id} {'●' if one.id in mine else '○'} {shorten(self.tell(one), 36, placeholder=' …')}"
                for one in self.claims
            ],
            claim=html(f"The {claim.article} article says:\n**{self.tell(claim)}**"),
            count=html(f"{len(mine)} of {len(self.claims)} decided."),
        )

    def _decide(self, id, word):
        problem = storage.put("claims", id, word)
        self._show(id)
        self._card.say(
            beside="", count=html(problem or f"Stored. {len(decided(self.claims))} of {len(self.claims)} decided.")
        )  # beside: it compared earlier verdicts

    def counted(self):
        """How many claims are decided, how many of them as the audit does, and how many but for a condition."""
        mine = decided(self.claims)
        looks = [self._beside(mine[verdict.id], verdict.verdict)[0] for verdict in self.audit() if verdict.id in mine]
        return len(mine), looks.count("right"), looks.count("close")

    def compared(self):
        """The comparison's sentence and rows, for decided claims only."""
        mine = decided(self.claims)
        if not mine:
            return "Nothing is decided yet: one claim is enough to begin with.", []
        audit = {verdict.id: verdict for verdict in self.audit()}
        beside = {id: self._beside(word, audit[id].verdict) for id, word in mine.items()}
        _, same, close = self.counted()
        said = f"{len(mine)} of {len(self.claims)} decided, {same} of them like the audit."
        if close:
            said += f" In {close} you differ only on whether a condition must be named, and that is a matter of taste."
        if same + close < len(mine):
            said += " Where you differ, read the sentence and check it: the audit may be wrong, too."
        blocks = [
            (
                f"{claim.id} · {marked(*beside[claim.id])} · {self.tell(claim)}",
                mine[claim.id],
                audit[claim.id].verdict,
                audit[claim.id].sentence,
            )
            for claim in self.claims
            if claim.id in mine
        ]
        return said, blocks

    @staticmethod
    def _beside(yours, ours):
        """(look, word) of a verdict beside the audit's."""
        if yours == ours:
            return "right", "same"
        return ("close", "nearly") if {yours, ours} == {"holds", "holds with a condition"} else ("wrong", "differs")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})


def table(head, blocks, widths=()):
    """A table: a row of headings, then for each block a row across all columns and one with a cell per heading."""
    widths = "".join(f'<col style="width: {width}">' for width in widths)
    widths = f"<colgroup>{widths}</colgroup>" if widths else ""
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join(
        f'<tr><td colspan="{len(head)}">{escape(over)}</td></tr><tr>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for over, *cells in blocks
    )
    made = f"<table>{widths}<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    return made.replace(" %", "\u00a0%")
