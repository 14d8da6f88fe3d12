"""The browser and the JupyterLab of the browser tests."""

import os

import lab_server
import pytest

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so
else:
    expect.set_options(timeout=1000 * lab_server.SLOW)


# Not for the whole session: Playwright keeps an event loop running, and other tests may want one of their own.
@pytest.fixture(scope="module")
def browser():
    try:
        with lab_server.chromium() as chromium:
            yield chromium
    except lab_server.NoBrowser as missing:
        if os.environ.get("LEVERAGE_LAB_BROWSER") == "required":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    with lab_server.running(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()
