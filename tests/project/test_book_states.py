"""Which states of a panel the book stores."""

import importlib

import pytest
import stored_panels
from book import asked, states

from leverage_lab.classroom import panels

# Bullets that say how to use a control, or tell what is seen; none moves one to a place.
NO_STATE = ("drag the slider", "press Tab", "type a number", "What did it save to spread")
GROUPS = stored_panels.by_name()
every_panel = pytest.mark.parametrize("name", GROUPS)


def stored(name):
    panel, *_ = group = GROUPS[name]
    return states.chosen(name, panel.controls, [each.values for each in group], states.STATES)


@every_panel
def test_starts_both_ends_and_the_places_of_the_text_are_stored(name):
    found = stored(name)
    for panel in GROUPS[name]:
        assert panel.values in found
        for control in panel.controls.values():
            stops = [control.accept(stop) for stop in getattr(control, "stops", None) or control.options]
            for stop in (stops[0], stops[-1]):
                assert panel.values | {control.name: stop} in found
    assert len(found) <= states.STATES + 60 and len(found) == len({tuple(each.values()) for each in found})
    assert stored(name) == found


def test_every_bullet_that_asks_for_a_state_has_one():
    unread = []
    for bullet in asked.bullets():
        panel = GROUPS[bullet.panel][0]
        if not asked.states(bullet.panel, panel.controls, panel.values)[bullet]:
            unread.append(bullet.text)
    assert [text for text in unread if not text.startswith(NO_STATE)] == []
    assert len(unread) == len(NO_STATE)
    assert len(asked.bullets()) > 100


@pytest.mark.parametrize("chapter", range(9))
def test_states_that_the_chapters_tests_found_in_the_text_are_stored(chapter):
    for name, moves in importlib.import_module(f"test_chapter_{chapter:02}").STATES:
        found = stored(name)
        starts = [panels.ALL[name]().values, *(panel.values for panel in GROUPS[name])]
        assert any(start | moves in found for start in starts), (name, moves)


def test_every_bullet_read_by_hand_is_still_there():
    for name, begin, moves in asked.BY_HAND:
        found = [bullet for bullet in asked.bullets() if bullet.panel == name and bullet.text.startswith(begin)]
        assert len(found) == 1 or not begin, (name, begin)
        panels.ALL[name]().set(**moves)


READ = {  # as a reader would, with the picture of the panel in front
    "Press *Reset*, then set *leverage* to 10x and *price move* to −0.2 %.": {"leverage": 10, "move": -0.002},
    "Go on to −0.5 %. On paper you would lose $25.": {"move": -0.005},
    "Raise *margin* from $5 to $50: the loss at 2 % is $1,000.": {"margin": 50},
    "Type 37 into the leverage box.": {},
}


def test_the_reader_of_bullets(monkeypatch):
    panel = panels.bought()
    for text, moves in READ.items():
        monkeypatch.setattr(asked, "bullets", lambda: [asked.Bullet("bought", text)])
        ((_, passed), _) = asked.states("bought", panel.controls, panel.values).items()
        assert (passed[-1] if passed else panel.values) == panel.values | moves, text


def test_files_of_a_panel(tmp_path, monkeypatch):
    """Few, not too large, the same each time; nothing in them that changes from day to day."""
    panel = GROUPS["way_to_pay"][0]
    some = stored("way_to_pay")[:25]
    count, files = states.files_of("way_to_pay", panel, some)
    assert count == 25 and sorted(files) == [f"way_to_pay{end}" for end in ("-0.webp", "-1.webp", "-2.webp", ".js")]
    assert files == states.files_of("way_to_pay", panel, some)[1]
    assert (age := panel.result.dates.age()) and age not in files["way_to_pay.js"].decode()
    monkeypatch.setattr(states, "STATES", 60)
    before, size = states._write(tmp_path, "way_to_pay", panel, [panel.values])
    monkeypatch.setattr(states, "MOST", size - 10_000)
    count, size = states._write(tmp_path, "way_to_pay", panel, [panel.values])
    assert size <= states.MOST and 20 < count < before


def test_a_panel_on_other_prices_has_files_of_its_own():
    assert [name for name in GROUPS if "-" in name] == [
        "crash-btc-usd-at-bitstamp",
        "stopped_minutes-btc-usd-at-bitstamp",
    ]
