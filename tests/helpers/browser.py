"""The page in a real browser: Chromium from the distribution's packages, driven by Playwright."""

import contextlib
import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH: apt-get install chromium")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


@contextlib.contextmanager
def opened(file, fragment="", **options):
    """A playwright.sync_api.Page that shows a file. ``options`` are those of Browser.new_context.

    Its ``requests`` are the addresses that it asked for, its ``errors`` what its scripts raised.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_context(**{"viewport": WIDE, **options}).new_page()
        page.requests, page.errors = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{file.as_uri()}{fragment}")
        page.wait_for_selector("[aria-busy=true]", state="detached")  # a page unpacks itself first
        yield page
        browser.close()
