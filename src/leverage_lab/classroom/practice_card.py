"""A round of practice: exercises with new numbers, one after the other, chosen from what was hard."""

from __future__ import annotations

from dataclasses import replace

from ipywidgets import VBox

from leverage_lab.panelkit import cards, storage
from leverage_lab.panelkit.cards import ExerciseCard, tried
from leverage_lab.panelkit.page import Card, bundle, button, html, markdown, row, words
from leverage_lab.panelkit.practice import Repair, Verdict
from leverage_lab.words import plural

ROUND = 10  # exercises at most
MANY = 3  # tries
ROUNDS = "practice round"  # {chapter, or "all": {"ids": [...], "why": [...], "at": index}}, as long as one is under way


def chapter_of(id):
    return id.partition("-")[0]


class Record:
    """What the progress file knows of each exercise: of a round if it was tried in one, else of the notebooks."""

    def __init__(self):
        self.sections, _ = storage.load()

    def of(self, id, places=("practice ", "")):
        """(tries, solved, hints shown) of the first of these places where it was tried, else of the last."""
        for place in places:
            hints = self.sections.get(f"{place}hints", {}).get(id)
            entry = tried(self.sections.get(f"{place}exercises", {}).get(id))
            if entry["tries"]:
                break
        return entry["tries"], entry["solved"], hints if type(hints) is int else 0

    def begun(self):
        """The chapters in which something was guessed or tried."""
        kept = ("predictions", "exercises", "hints", "practice exercises")
        return {chapter_of(id) for section in kept for id in self.sections.get(section, {})}

    def why(self, id):
        """(rank, reason): the lowest rank is chosen first."""
        tries, solved, hints = self.of(id)
        looked = f"you looked at {plural(hints, 'hint')}"
        if tries and not solved:
            return -10 - tries, f"it is still open after {plural(tries, 'try', 'tries')}"
        if tries >= MANY:
            return -tries - hints, f"it took you {tries} tries" + (f", and {looked}" if hints else "")
        if hints:
            return -hints, looked if tries else f"{looked} and have not answered it yet"
        if not tries:
            return (1 if chapter_of(id) in self.begun() else 3), "you have not tried it yet"
        return 2, "you solved it without trouble: this time the numbers are new"


class RoundCard(ExerciseCard):
    """An exercise of a round: there is no cell to put an answer into."""

    def _judge(self, answer):
        problem = super()._judge(answer)
        if self.verdict.kind == "missing":
            do = "choose one" if self._lines() else "type your answer in the box"
            self.verdict = Verdict("missing", f"Not answered yet: {do}.")
        return problem


class PracticeCard:
    """A round of practice as a card: what is next, and why; below it the exercise.

    What is done in a round is kept apart from the notebooks' exercises: their first attempts stay what they were.
    book: the course's exercises. chapter: only this one's, or None for all.
    """

    def __init__(self, book, chapter=None):
        self.book = replace(book, kept="practice ", numbers={}, seen={})
        self.chapter, self.key = chapter, chapter or "all"

    def __repr__(self):
        return self._lead().replace("**", "")

    def _lead(self):
        ids = [id for id in self._ids() if not self._is_hunt(id)]
        whose = f" of chapter {self.chapter}" if self.chapter else ""
        return (
            f"**Practice.** {plural(min(ROUND, len(ids)), 'exercise')}{whose} with new numbers, one after the other."
            " They are chosen from what was hard for you, then from what you have not tried yet."
        )

    def _ids(self):
        return [id for id in self.book.exercises if self.chapter in (None, chapter_of(id))]

    def _is_hunt(self, id):
        return isinstance(self.book.exercises[id], Repair)

    def _chosen(self):
        """[(id, why)] of a new round. Of bug hunts only open ones, in chapters where another one is solved."""
        record, ids = Record(), self._ids()
        hunted = {chapter_of(id) for id in ids if self._is_hunt(id) and record.of(id, ("",))[1]}
        fit = [id for id in ids if not self._is_hunt(id) or (chapter_of(id) in hunted and not record.of(id, ("",))[1])]
        self.book.rng.shuffle(fit)  # so that equals come in another order each time
        chosen = sorted(((*record.why(id), id) for id in fit), key=lambda one: one[0])[:ROUND]
        self.book.rng.shuffle(chosen)
        return [(id, why) for _, why, id in chosen]

    def _stored(self):
        """The round under way, or None; a damaged one, or one of another version of the course, counts as none."""
        known = storage.get(ROUNDS, self.key)
        ids, why, at = (known.get(part) for part in ("ids", "why", "at")) if isinstance(known, dict) else (None,) * 3
        whole = isinstance(ids, list) and isinstance(why, list) and len(why) == len(ids)
        if whole and type(at) is int and 0 <= at < len(ids) and all(id in self._ids() for id in ids):
            return {"ids": ids, "why": [str(one) for one in why], "at": at}
        return None

    @property
    def widget(self):
        rows = {
            "begin": [button("new", "Start")],
            "resume": [button("resume", "Continue"), button("new", "New round")],
            "under way": [button("next", "Next exercise")],
            "end": [button("new", "Another round")],
        }
        self._rows = list(rows)
        self._card = Card(
            f"practice {self.key}",
            [words("lead", status=True), *(row(name, *buttons) for name, buttons in rows.items())],
            self._pressed,
        )
        self._outer = VBox([self._card]).add_class("leverage-lab")
        self._round = self._stored()
        if self._round:
            at, count = self._round["at"], len(self._round["ids"])
            self._show("resume", f"{self._lead()} Your round is at exercise {at + 1} of {count}.")
        else:
            nothing = (
                ""
                if Record().begun()
                else " None of your work is stored yet, so this round is drawn from all exercises."
            )
            self._show("begin", self._lead() + nothing)
        return self._outer

    def _show(self, row, lead, *below):
        """Words, one row of buttons, and the exercise."""
        former = self._outer.children[1:]
        self._card.say(lead=html(lead))
        self._card.hidden = [name for name in self._rows if name != row]
        self._outer.children = [self._card, *below]
        for widget in former:
            widget.layout.close()
            widget.close()

    def _pressed(self, name, _):
        if name == "new":
            ids, why = zip(*self._chosen())
            self._round = {"ids": list(ids), "why": list(why), "at": 0}
        elif name == "next":
            self._round["at"] += 1
        over = self._round["at"] >= len(self._round["ids"])
        problem = storage.put(ROUNDS, self.key, None if over else self._round)
        if over:
            self._show("end", f"{self._counted()} {problem}")
        else:
            self._ask(name != "resume", problem)

    def _ask(self, anew, problem):
        """Show the exercise that is next; anew: with new numbers, and nothing done yet."""
        at, ids = self._round["at"], self._round["ids"]
        id, why = ids[at], self._round["why"][at]
        where = f"Exercise {at + 1} of {len(ids)}, from chapter {chapter_of(id)}. It is here because {why}."
        below = []
        if self._is_hunt(id):
            where += f' It is a bug hunt: fix the function in the chapter\'s notebook, at `check("{id}", …)`.'
        else:
            if anew:
                storage.put("practice exercises", id, None)
                storage.put("practice hints", id, None)
                problem = cards.redraw(self.book, id) or problem
            else:
                cards.recall(self.book, id)
            below = [RoundCard(self.book, id).widget]
        self._show("under way", f"**Practice.** {where} {problem}", *below)

    def _counted(self):
        """What came of the round."""
        record, ids = Record(), self._round["ids"]
        done = {id: record.of(id, ("",) if self._is_hunt(id) else ("practice ",)) for id in ids}
        solved = [id for id in ids if done[id][1]]
        at_once = sum(one == (1, True, 0) for one in done.values())
        left = ", ".join(f"`{id}`" for id in ids if id not in solved)
        without = f", {at_once} on the first try and without a hint" if solved else ""
        still = f" Still open: {left}." if left else ""
        return f"**The round is over.** You solved {len(solved)} of {len(ids)}{without}.{still}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._lead())})
