"""Exercises and predictions that moved to another chapter and got a new id; how a file from before is read."""

from leverage_lab.panelkit.cards import tried

TO_USING_LEVERAGE = (
    "size", "size-fees", "stop-cost", "highest", "jump", "coin-margin", "evening", "win-rate", "bug-only-five",
    "bug-hedge",
)  # fmt: skip
MOVED = {  # {kind: {id before: id now}}
    "exercises": {f"6-{name}": f"7-{name}" for name in TO_USING_LEVERAGE}
    | {"1-back": "6-back", "1-up-down": "6-up-down", "2-half-life": "6-half-life", "2-still-here": "6-still-here"}
    | {"5-further": "6-further"},
    "predictions": {
        f"6-{name}": f"7-{name}" for name in ("first", "minutes", "hedge", "evening", "win-rate", "evidence")
    }
    | {"2-half": "6-half", "1-rounds": "6-rounds"},
}
KINDS = {"exercises": "exercises", "numbers": "exercises", "hints": "exercises", "predictions": "predictions"}


def upgrade(known, moved=MOVED):
    """A function from a progress file's content to the same with the ids of today. known: {kind: ids in the course}.

    What has no new id keeps its own. Where both ids hold something, the better one stays: solved, else the newer.
    """
    ids = {
        kind: {old: new for old, new in table.items() if new in known[kind] and old not in known[kind]}
        for kind, table in moved.items()
    }

    def upgraded(stored):
        stored = dict(stored)
        for section, kind in KINDS.items():
            if isinstance(stored.get(section), dict):
                stored[section] = _moved(stored[section], ids[kind], section == "exercises")
        return stored

    return upgraded


def _moved(entries, ids, are_exercises):
    kept = {id: entry for id, entry in entries.items() if id not in ids}
    for old, new in ids.items():
        if old in entries and (new not in kept or (are_exercises and _rank(entries[old]) > _rank(kept[new]))):
            kept[new] = entries[old]
    return kept


def _rank(entry):
    entry = tried(entry)
    return entry["solved"], entry["tries"] > 0
