"""The page in a browser: what it shows, how it is worked, and that foreign text stays text."""

import base64
import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.report.recorded import HOSTILE

WIDE, NARROW = 1280, 400


class Page:
    """A page that is open."""

    def __init__(self, browser):
        self.browser = browser

    def __getattr__(self, name):
        return getattr(self.browser, name)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)"
        return self.browser.execute_script(script, selector)

    def run(self, script, *args):
        return self.browser.execute_script(script, *args)

    def wait(self, script):
        """Wait until a script says so."""
        WebDriverWait(self.browser, 10, 0.02).until(lambda _: self.run(f"return {script}"), script)

    def type(self, *keys):
        self.browser.switch_to.active_element.send_keys(*keys)

    def media(self, media="", scheme="light"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def width(self, width):
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def problem(self, number):
        self.run(f"location.hash = '#problem/{number}'")
        self.wait(f"document.querySelector('#problem').dataset.number === '{number}'")

    @property
    def shown(self):
        return self.texts("#shown")[0]


@pytest.fixture
def page(browser, pages):
    """Return `open(name)`; at the end no page may have left an error in the console."""
    opened = Page(browser)

    def load(name, width=WIDE, scheme="light"):
        opened.media(scheme=scheme)
        opened.width(width)
        browser.get("about:blank")
        browser.get(pages(name).as_uri())
        return opened

    yield load
    assert [entry["message"] for entry in browser.get_log("browser")] == []


def test_a_scoring_run_shows_its_figures_with_intervals(page):
    it = page("scored")
    figures = dict(zip(it.texts(".figures dt"), it.texts(".figures .value"), strict=True))
    assert figures["Completed before"] == "28\u00a0%"
    assert figures["Completed after"] == "58\u00a0%"
    assert figures["Regressions"] == "0"
    assert re.fullmatch("95\u00a0%: \\d+ to \\d+\u00a0%", it.texts(".figures .interval")[0])
    assert it.texts(".charts section:first-child .name") == ["easy40 problems", "medium40 problems", "hard40 problems"]


def test_the_curve_ends_at_what_was_completed_and_reads_values_by_keyboard(page):
    it = page("scored")
    assert it.texts(".curve text.strong") == ["58\u00a0%"]
    it.run("document.querySelector('.curve svg').focus()")
    it.find(".curve svg").send_keys(Keys.ARROW_RIGHT * 60)
    assert re.fullmatch("Within \\$0.0\\d+ each: 58\u00a0%.", it.texts(".curve output")[0])
    it.find("input[value=calls]").click()
    assert "Completed by calls per attempt" in it.texts(".charts h2")


def test_the_filter_looks_at_names_tags_and_verdicts(page):
    it = page("scored")
    it.find("#filter").send_keys("gap-0000 greedy")
    names = it.texts("#table tbody a")
    assert len(names) == 2
    assert it.shown == "2 of 120 problems"
    it.find("#filter").send_keys(Keys.ESCAPE)
    assert it.shown == "120 problems"
    Select(it.find("#difficulty")).select_by_visible_text("hard")
    assert it.shown == "40 of 120 problems"
    Select(it.find("#outcome")).select_by_value("gained")
    assert {*it.texts("#table tbody td:nth-child(6)")} == {"✓ AC"}
    assert {*it.texts("#table tbody td:nth-child(3)")} == {"hard"}


def test_a_column_sorts_up_and_down(page):
    it = page("scored")
    button = it.find("#table th:nth-child(8) button")
    button.click()
    first = it.texts("#table tbody td:nth-child(8)")
    button.click()
    second = it.texts("#table tbody td:nth-child(8)")
    assert it.find("#table th:nth-child(8)").get_attribute("aria-sort") == "descending"
    assert it.texts("#table th[aria-sort]") == ["Cost ↓"]
    prices = [[float(text.removeprefix("$")) for text in texts] for texts in (first, second)]
    assert prices[0] == sorted(prices[0], reverse=True)
    assert prices[1] == sorted(prices[1])
    assert prices[0][0] > prices[1][0]


def test_a_problem_opens_by_mouse_with_its_iterations_beside_each_other(page):
    it = page("scored")
    it.find("#table tbody tr:nth-child(7) td:nth-child(3)").click()
    it.wait("!document.querySelector('#problem').hidden")
    assert it.texts(".card h3") == ["Start", "Iteration 1", "Iteration 2"]
    tops = it.run("return [...document.querySelectorAll('.card')].map((it) => it.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    assert it.texts(".card:nth-child(2) > section > .code .del") == ["-            gap = ordered[i] - ordered[i + 1]"]
    assert it.texts(".card:nth-child(2) > section > .code .add") == ["+            gap = ordered[i + 1] - ordered[i]"]
    assert it.texts(".card:nth-child(3) .tiles li") == ["✓ AC"] * 3
    assert "largest_gap([3, 9, 4])" in it.texts(".card:first-child .failing code")
    assert "so every gap is negative" in it.texts(".card:nth-child(2) .prose")[0]
    assert it.texts(".card:nth-child(2) .calls li") == [
        "openai/gpt-4o-mini · 812 + 133 tokens · $0.0011 · 2.4\u00a0s",
        "openai/gpt-4o-mini · 812 + 133 tokens · $0.0014 · 2.4\u00a0s",
    ]
    it.find(".back").click()
    it.wait("document.querySelector('#problem').hidden")
    assert it.find("#overview").is_displayed()


def test_all_is_done_by_keyboard_too(page):
    it = page("scored")
    it.find("body").send_keys("/")
    it.wait("document.activeElement.id === 'filter'")
    it.type("gap-0000")
    it.type(Keys.ARROW_DOWN)
    it.type(Keys.ARROW_DOWN)
    it.type(Keys.ENTER)
    it.wait("document.activeElement.matches('#problem h2')")
    assert it.texts("#problem h2") == ["Largest gap 2"]
    it.type(Keys.ARROW_RIGHT)
    it.wait("document.querySelector('#problem h2')?.textContent === 'Largest gap 3'")
    it.type(Keys.ESCAPE)
    it.wait("document.activeElement.textContent === 'largest-gap-00003'")
    assert it.shown == "9 of 120 problems"
    it.type(Keys.ARROW_UP)
    assert it.run("return document.activeElement.textContent") == "largest-gap-00002"


def test_what_has_the_focus_is_seen(page):
    it = page("scored")
    it.find("body").send_keys(Keys.TAB)
    for _ in range(12):
        it.type(Keys.TAB)
        outline = it.run(
            "const it = getComputedStyle(document.activeElement); return [it.outlineStyle, it.outlineWidth]"
        )
        assert outline == ["solid", "2px"]


@pytest.mark.parametrize("name", ["scored", "samples", "single", "hostile"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_nothing_is_wider_than_the_window(page, name, width):
    it = page(name, width=width)
    overflow = "return document.documentElement.scrollWidth - innerWidth"
    assert it.run(overflow) <= 0
    if name != "single":
        it.problem(5)
        assert it.run(overflow) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_light_and_dark(page, scheme):
    it = page("scored", scheme=scheme)
    it.problem(7)
    assert it.run(CONTRAST) >= 4.5
    it.run("location.hash = ''")
    assert it.run(CONTRAST) >= 4.5
    background = it.run("return getComputedStyle(document.documentElement).backgroundColor")
    assert (int(re.search(r"\d+", background)[0]) < 128) == (scheme == "dark")


CONTRAST = """
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const luminance = (rgb) => rgb.slice(0, 3).map((it) => it / 255)
  .map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4))
  .reduce((sum, it, index) => sum + it * [0.2126, 0.7152, 0.0722][index], 0);
const behind = (node) => {
  for (; node; node = node.parentElement) {
    const colour = parse(getComputedStyle(node).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
};
const texts = [...document.querySelectorAll("body *")].filter((it) =>
  it.checkVisibility() && !it.closest("svg") && [...it.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
return Math.min(...texts.map((it) => {
  const [a, b] = [luminance(parse(getComputedStyle(it).color)), luminance(behind(it))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}));
"""


def test_foreign_text_stays_text(page):
    it = page("hostile")
    assert it.texts("#table tbody a")[1] == HOSTILE["slug"] + "2"
    assert HOSTILE["tag"] in it.texts("#table .tags")
    for number in range(1, 7):
        it.problem(number)
    it.problem(5)
    everything = it.texts("#problem")[0]
    assert HOSTILE["slug"] + "5" in everything
    assert HOSTILE["error"] in everything
    assert HOSTILE["criticism"].replace("\u2028", "\\u2028").replace("\x1b", "\\x1b") in everything
    assert HOSTILE["source"].replace("\u2028", "\\u2028").rstrip("\n") in it.texts("#problem .code span")
    assert it.run("return typeof hacked") == "undefined"
    assert it.run("return document.querySelectorAll('img, b, svg:not(.curve svg), script:not([type])').length") == 1


def test_the_page_can_load_nothing_and_run_nothing_else(page):
    it = page("scored")
    it.run("const it = document.createElement('script'); it.textContent = 'hacked = 1'; document.body.append(it)")
    assert it.run("return typeof hacked") == "undefined"
    script = "fetch('http://127.0.0.1:9/').catch((error) => arguments[0](error.name))"
    assert it.browser.execute_async_script(script) == "TypeError"
    refused = [entry["message"] for entry in it.browser.get_log("browser")]
    assert len([text for text in refused if "Content Security Policy" in text]) == len(refused) >= 2


def test_a_print_has_every_row_and_no_controls(page):
    it = page("scored")
    assert len(it.texts("#table tbody tr")) < 120
    pdf = base64.b64decode(it.print_page())
    assert len(it.texts("#table tbody tr")) == 120
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 3
    it.media("print", "dark")
    assert not it.find("#filter").is_displayed()
    assert it.run("return getComputedStyle(document.documentElement).color") == "rgb(27, 30, 34)"
    it.problem(7)
    assert it.run("return getComputedStyle(document.querySelector('.cards')).display") == "block"


def test_five_thousand_problems_are_made_as_they_are_looked_at(page):
    it = page("large")
    assert it.shown == "5,000 problems"
    assert len(it.texts("#table tbody tr")) == 100
    assert it.run("return document.querySelectorAll('body *:not(script)').length") < 5000
    it.run("scrollTo(0, document.body.scrollHeight)")
    it.wait("document.querySelectorAll('#table tbody tr').length === 200")
    it.find("#filter").send_keys("problem-4987")
    assert it.texts("#table tbody a") == ["problem-4987"]
    it.type(Keys.ARROW_DOWN)
    it.type(Keys.ENTER)
    it.wait("document.querySelector('#problem').dataset.number === '4987'")
    assert it.texts(".card h3")[:1] == ["Start"]


def test_several_programs_of_a_problem_are_counted_and_shown_one_by_one(page):
    it = page("samples")
    assert "pass@3" in it.texts(".figures dt")
    assert re.fullmatch("[✓◐✗] \\d of 3", it.texts("#table tbody td:nth-child(6)")[0])
    it.problem(1)
    programs = it.texts("#problem .attempt > summary")
    assert [text[:14] for text in programs] == ["Program 1 of 3", "Program 2 of 3", "Program 3 of 3"]


def test_a_set_with_extra_tests_has_its_figures_as_the_field_writes_them(page):
    it = page("published")
    figures = dict(zip(it.texts(".figures dt"), it.texts(".figures .value"), strict=True))
    assert figures["Base pass@1"] == "0.833"
    assert figures["Base + plus pass@1"] == "0.667"
    assert figures["Base + plus pass@2"] == "1.000"
    assert "With examples" in figures
    assert "Visible minus hidden" not in figures
    assert it.texts(".charts .numbers")[0].endswith("base 0.833 · pass@2 1.000")
    assert "18\u00a0s of it in 2 programs beyond the limit of time" in it.texts("#spent")[0]


def test_a_single_refinement_is_shown_at_once(page):
    it = page("single")
    figures = dict(zip(it.texts(".figures dt"), it.texts(".figures .value"), strict=True))
    assert (figures["Before"], figures["After"], figures["Calls"], figures["Cost"]) == ("✗ WA", "✓ AC", "4", "$0.0046")
    assert it.texts(".figures .interval")[:2] == ["1 of 3 visible tests passed", "3 of 3 visible tests passed"]
    assert it.texts(".card h3") == ["Start", "Iteration 1", "Iteration 2"]
    assert not it.find("#problems").is_displayed()
