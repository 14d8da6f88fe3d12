"""The card of the concept inventory."""

from __future__ import annotations

from leverage_lab.panelkit import storage
from leverage_lab.panelkit.page import Card, bundle, html, markdown, radios, words
from leverage_lab.words import plural

DONT_KNOW = "I don't know yet"


def answered(items, stage):
    """The stored answers {item id: words}; what is damaged or of another version of the questions is left out."""
    stored = storage.get("inventory", stage)
    stored = stored if isinstance(stored, dict) else {}
    known = {item.id: [*(option.text for option in item.options), DONT_KNOW] for item in items}
    return {id: words for id, words in stored.items() if words in known.get(id, ())}


class InventoryCard:
    """The concept inventory: all items, each answer stored under `stage` the moment it is chosen, and not judged."""

    THEN = {
        "before": "At the end of the course you will see them next to your new ones.",
        "after": "Below you can compare them with your first ones.",
        "later": "Compare shows them beside the first two sets.",
    }

    def __init__(self, items, stage):
        self.items, self.stage = items, stage

    def __repr__(self):
        return self._markdown().replace("**", "")

    def _markdown(self):
        blocks = []
        for number, item in enumerate(self.items, start=1):
            options = "\n".join(f"    - {option.text}" for option in item.options)
            blocks.append(f"{number}. **{item.ask}**\n{options}")
        return "\n".join(blocks)

    @property
    def widget(self):
        stored = answered(self.items, self.stage)
        questions = []
        for number, item in enumerate(self.items, start=1):
            options = [*(option.text for option in item.options), DONT_KNOW]
            questions.append(radios(item.id, html(f"**{number}. {item.ask}**"), options, pressing=True))
        self._card = Card(
            f"inventory {self.stage}",
            [words("lead"), *questions, words("said", status=True)],
            self._pressed,
            says={"lead": html(self._lead(stored))},
            held={item.id: stored.get(item.id, "") for item in self.items},
        )
        return self._card

    def _lead(self, stored):
        lead = "Each answer is stored as soon as you choose it; you can change it later."
        if not stored:
            return lead
        return f"{lead} {plural(len(stored), 'answer is', 'answers are')} already stored."

    def _pressed(self, name, held):
        problem = storage.put("inventory", self.stage, answered(self.items, self.stage) | {name: held[name]})
        stored = answered(self.items, self.stage)
        open_items = len(self.items) - len(stored)
        rest = f" {open_items} still open." if open_items else ""
        said = f"Stored: {len(stored)} of {len(self.items)} answers.{rest} {self.THEN[self.stage]}"
        self._card.say(said=html(problem or said))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.widget, repr(self), {"text/markdown": markdown(self._markdown())})
