"""A real headless Chromium, and what it saw of a page: console, requests."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

PROGRAMS = ("chromium", "chromedriver")
# The sandbox does not work as root; the rest keeps the browser from asking its maker for anything.
_FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
    --disable-background-networking --disable-component-update --disable-dev-shm-usage""".split()

_VISIBLE = """
    return [...document.querySelectorAll(arguments[0])]
        .filter((element) => element.checkVisibility() && element.innerText)
        .map((element) => element.innerText.split("\\n")[0].replaceAll("\\t", " "))
"""


class Browser:
    """One browser, one page at a time."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    @classmethod
    @contextmanager
    def start(cls, profile: Path) -> "Iterator[Browser]":
        """profile: a new empty folder."""
        browser, driver = map(shutil.which, PROGRAMS)
        options = ChromeOptions()
        options.binary_location = str(browser)
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # With the driver's path given, selenium looks for none on the network.
        chrome = Chrome(options, ChromeService(str(driver)))
        try:
            yield cls(chrome)
        finally:
            # A driver may be gone before it has answered that it goes (SeleniumHQ/selenium, issue 5730).
            with suppress(ConnectionError):
                chrome.quit()

    def open(self, page: Path) -> None:
        """Forgets what it saw of the last page."""
        self.driver.get("about:blank")
        self.requests()
        self.console()
        self.driver.get(page.as_uri())

    def console(self) -> list[str]:
        """What was written to the console since the last call."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last call, the page's own too."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def all(self, selector: str) -> list[WebElement]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def visible(self, selector: str) -> list[str]:
        """The first lines of what is to be seen of the elements; asked for at once, as they may be many."""
        return list(self.run(_VISIBLE, selector))
