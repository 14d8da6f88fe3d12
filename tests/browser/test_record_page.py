"""The record's page in a browser: on a phone, and on paper."""

import json
import re

import pytest

from leverage_lab.chapters.inventory import ITEMS, STAGES
from leverage_lab.classroom import record

pytestmark = pytest.mark.browser


def test_the_longest_record_prints_on_two_pages_and_fits_a_phone(browser, own_progress):
    """All answers given, the longest ones; A4."""
    longest = {item.id: max((o.text for o in item.options), key=len) for item in ITEMS}
    own_progress.write_text(json.dumps({"version": 1, "inventory": dict.fromkeys(STAGES, longest)}), encoding="utf-8")
    record(name="N" * 80)
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(own_progress.with_name("my-record.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert len(re.findall(rb"/Type */Page\b", page.pdf(prefer_css_page_size=True))) == 2
    page.close()
