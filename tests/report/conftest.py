"""One headless Chromium for all tests of the page."""

import json
import shutil

import pytest

from coderefine.record.store import Store
from coderefine.report.collect import Report, collect
from coderefine.report.render import render
from coderefine.runs import listing
from tests.conftest import REQUIRED
from tests.report import recorded


@pytest.fixture(scope="session")
def browser():
    """A driver; where this machine has no Chromium, skip, or fail if CODEREFINE_REQUIRE names it."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        if "chromium" in REQUIRED:
            pytest.fail("CODEREFINE_REQUIRE names chromium, but there is no chromium with its chromedriver")
        pytest.skip("there is no chromium with its chromedriver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    # Root, as in a container, has no sandbox of Chromium's; what is shown is this project's own page.
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield opened
    opened.quit()


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Return `page(name)`: the place of a page; each is made once."""
    folder, made = tmp_path_factory.mktemp("pages"), {}

    def page(name):
        if name not in made:
            made[name] = folder / f"{name}.html"
            made[name].write_text("".join(MAKERS[name](folder / name)), encoding="utf-8")
        return made[name]

    return page


def made(home, run):
    """The page of a recorded run."""
    with Store.open(home) as store:
        return list(render(collect(store, listing.find(store, run))))


def large(home):
    """A page of 5,000 problems, each like one of 60."""
    with Store.open(home) as store:
        found = collect(store, recorded.scoring_run(home, 60))
        lines, details = found.head["problems"], list(found.details)
    numbers = range(5000)
    head = found.head | {"problems": [lines[n % 60] | {"slug": f"problem-{n + 1:04}"} for n in numbers]}
    return render(Report(json.loads(json.dumps(head)), (details[n % 60] for n in numbers)))


MAKERS = {
    "published": lambda home: made(home, recorded.published_run(home)),
    "scored": lambda home: made(home, recorded.scoring_run(home, 120)),
    "samples": lambda home: made(home, recorded.scoring_run(home, 12, samples=3)),
    "single": lambda home: made(home, recorded.single_run(home)),
    "hostile": lambda home: made(home, recorded.scoring_run(home, 6, **recorded.HOSTILE)),
    "large": large,
}
