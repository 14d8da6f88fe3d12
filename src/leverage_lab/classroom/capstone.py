"""The cards at the end of the course: the articles' claims to be decided, and the inventory before and after."""

from __future__ import annotations

import ipywidgets as widgets

from leverage_lab.classroom import storage
from leverage_lab.classroom.cards import answered, button
from leverage_lab.classroom.page import Line, box, html, markdown, table
from leverage_lab.classroom.panel import bundle
from leverage_lab.classroom.tables import said
from leverage_lab.claims import VERDICTS


class BeforeAndAfter:
    """The inventory's two sets of answers side by side. A right answer is shown only where the second one has been given."""

    HEAD = ("before", "after", "the answer")

    def __init__(self, items):
        self.items = items

    def __repr__(self):
        return self._markdown().replace("**", "")

    def _said(self):
        """What there is to say above the table, and the table's blocks."""
        before, after = (answered(self.items, stage) for stage in ("before", "after"))
        missing = [stage for stage, answers in (("before", before), ("after", after)) if not answers]
        if len(missing) == 2:
            return "Neither set of answers is stored yet: `inventory(\"before\")` asks in chapter 0, `inventory(\"after\")` at the end of chapter 6.", []
        lines, blocks = [], []
        for stage, answers in (("Before", before), ("After", after)):
            right = sum(answers.get(item.id) == item.right for item in self.items)
            if answers and after:
                lines.append(f"{stage}: {right} of {len(self.items)} right" + (f", {len(self.items) - len(answers)} not answered" if len(answers) < len(self.items) else "") + ".")
        if missing:
            lines.append(f"No answers are stored as “{missing[0]}”, so there is nothing to compare with yet.")
        left = [self._behind(item, after) for item in self.items if self._behind(item, after)]
        if after:
            lines.append("Ideas still to look at: " + "; ".join(left) + "." if left else "None of the listed misconceptions is among your answers.")
            lines.append("A right answer here is not yet a habit in front of a moving price.")
        for item in self.items:
            if item.id not in before and item.id not in after:
                continue
            chapter = f"(chapter\u00a0{item.chapter})"
            shown = f"{item.right} {chapter}" if item.id in after else f"answer it again first {chapter}"
            blocks.append((item.ask, self._cell(item, before, bool(after)), self._cell(item, after, True), shown))
        return " ".join(lines), blocks

    @staticmethod
    def _behind(item, answers):
        return next((option.misconception for option in item.options if option.text == answers.get(item.id)), "")

    def _cell(self, item, answers, judged):
        if item.id not in answers:
            return "–"
        idea = self._behind(item, answers)
        mark = "" if not judged else f" ✗ “{idea}”" if idea else " ✓" if answers[item.id] == item.right else ""
        return answers[item.id] + mark

    def _markdown(self):
        words, blocks = self._said()
        return "\n".join([words, "", *(f"- **{ask}**\n    - before: {before}\n    - after: {after}\n    - {answer}" for ask, before, after, answer in blocks)]).rstrip()

    @property
    def widget(self):
        self._words = Line("status")
        self._compare()
        return box([button("Compare", self._compare), self._words], card=True)

    def _compare(self, _=None):
        words, blocks = self._said()
        self._words.say(html(words) + (table(self.HEAD, blocks) if blocks else ""))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})


MEANING = {
    "holds": "as it is said",
    "holds with a condition": "right, but something is left out",
    "outdated": "was right, on dates that are known",
    "wrong": "a number says otherwise",
    "advice": "an opinion, with numbers to judge it by",
}


def decided(claims):
    """The stored verdicts {claim id: verdict}, in the order of the claims; what is damaged is left out."""
    stored = storage.load()[0].get("claims", {})
    return {claim.id: stored[claim.id] for claim in claims if isinstance(stored.get(claim.id), str) and stored[claim.id] in VERDICTS}


class AuditCard:
    """The articles' claims, one at a time: each verdict is stored at once, then stands beside the audit's.

    claims: rows of data/article_claims.csv; audit: a function that gives the audit's verdicts.
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
        return "\n".join([f"Your verdict on each claim: {verdicts}.", "", *(f"- **{claim.id}** {self.tell(claim)}" for claim in self.claims)])

    @property
    def widget(self):
        self._claim, self._count, self._beside = Line("status"), Line("status"), Line("status")
        mine = decided(self.claims)
        first = next((claim.id for claim in self.claims if claim.id not in mine), self.claims[0].id)
        self._choice = widgets.Dropdown(options=self._options(mine), value=first, description="claim", layout={"width": "15.5em"})
        self._verdict = widgets.RadioButtons(options=[(f"{word}: {meaning}", word) for word, meaning in MEANING.items()], value=None, layout={"width": "auto"})
        self._choice.observe(lambda _: self._show(), "value")
        self._verdict.observe(self._decide, "value")
        steps = [self._choice, button("Previous", lambda _: self._step(-1)), button("Next", lambda _: self._step(1))]
        self._show()
        rows = [widgets.HBox(steps, layout={"flex_flow": "row wrap"}), self._claim, self._verdict, self._count]
        return box([*rows, button("Compare with the audit", self._compare), self._beside], card=True)

    def _options(self, mine):
        return [(f"{claim.id} ✓" if claim.id in mine else claim.id, claim.id) for claim in self.claims]

    def _step(self, by):
        ids = [claim.id for claim in self.claims]
        self._choice.value = ids[(ids.index(self._choice.value) + by) % len(ids)]

    def _show(self):
        """The chosen claim, and what was said of it before."""
        claim = next(claim for claim in self.claims if claim.id == self._choice.value)
        mine = decided(self.claims)
        self._quiet = True
        self._verdict.value = mine.get(claim.id)
        self._quiet = False
        self._claim.say(html(f"The {claim.article} article says:\n**{self.tell(claim)}**"))
        self._count.say(html(f"{len(mine)} of {len(self.claims)} decided."))

    def _decide(self, change):
        if self._quiet or change["new"] is None:
            return
        problem = storage.put("claims", self._choice.value, change["new"])
        mine = decided(self.claims)
        self._quiet, chosen = True, self._choice.value
        self._choice.options = self._options(mine)
        self._choice.value = chosen
        self._show()
        self._quiet = False
        self._beside.say()  # it was a comparison with what was decided then
        self._count.say(html(problem or f"Stored. {len(mine)} of {len(self.claims)} decided."))

    def _compare(self, _=None):
        words, blocks = self.compared()
        self._beside.say(html(words) + (table(self.HEAD, blocks, ("20%", "20%", "60%")) if blocks else ""))

    def compared(self):
        """What the comparison says, and its rows: only of claims that are decided."""
        mine = decided(self.claims)
        if not mine:
            return "Nothing is decided yet: one claim is enough to begin with.", []
        audit = {verdict.id: verdict for verdict in self.audit()}
        same = sum(audit[id].verdict == word for id, word in mine.items())
        close = sum({audit[id].verdict, word} == {"holds", "holds with a condition"} for id, word in mine.items())
        words = f"{len(mine)} of {len(self.claims)} decided, {same} as the audit does."
        if close:
            words += f" In {close} the question is only whether to name a condition, and that can be argued either way."
        if same + close < len(mine):
            words += " Where you differ, read the sentence and check it: the audit may be wrong, too."
        blocks = [(f"{claim.id} · {self.tell(claim)}", mine[claim.id], audit[claim.id].verdict, audit[claim.id].sentence) for claim in self.claims if claim.id in mine]
        return words, blocks

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})
