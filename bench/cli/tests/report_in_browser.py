"""The page of framespec-bench report in a browser: nothing leaves it, and all can read it and its plots.

usage: FRAMESPEC_AXE=AXE.MIN.JS report_in_browser.py FRAMESPEC-BENCH [PICTURES]

PICTURES: a folder for pictures of the page at three widths, light and dark.
"""

import os
import sys
import tempfile
import unittest
from pathlib import Path

from made_report import write_made_report

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "conformance" / "tests" / "browser"))
from chromium import Chromium  # noqa: E402

PROGRAM = sys.argv[1]
AXE = Path(os.environ["FRAMESPEC_AXE"])  # axe.min.js
SCHEMES = ("light", "dark")
WIDTHS = (360, 800, 1400)
DRAWN = "document.readyState === 'complete' && document.querySelector('svg.plot') !== null"

# How far the colour of something is from its ground, as WCAG 2 counts (1 to 21).
CONTRAST = """
window.contrastOf = (colour, ground) => {
  const shine = (text) => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255);
    const [r, g, b] = parts.map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [shine(colour), shine(ground)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
};
"""
FAINT = """
[...document.querySelectorAll('svg.plot')].flatMap((plot) => {
  const ground = getComputedStyle(plot).backgroundColor;
  const texts = [...plot.querySelectorAll('text')].map((each) => [each.textContent, getComputedStyle(each).fill, 4.5]);
  const marks = [...plot.querySelectorAll('path.mark')].map((each) => [each.getAttribute('class'), getComputedStyle(each).stroke, 3]);
  return [...texts, ...marks].filter(([, colour, least]) => contrastOf(colour, ground) < least).map((each) => each.join(' '));
})
"""
# Texts of a plot as they are drawn: those that reach out of it, or into each other.
ASTRAY = """
[...document.querySelectorAll('svg.plot')].flatMap((plot) => {
  const frame = plot.getBoundingClientRect();
  const boxes = [...plot.querySelectorAll('text')].map((each) => [each.textContent, each.getBoundingClientRect()]);
  const apart = (a, b, by) => a.right <= b.left + by || b.right <= a.left + by || a.bottom <= b.top + by || b.bottom <= a.top + by;
  const out = boxes.filter(([, box]) => box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom);
  // The box of a letter has some air above and below.
  const over = boxes.flatMap(([one, a], i) => boxes.slice(0, i).filter(([, b]) => !apart(a, b, 3)).map(([other]) => `${one} over ${other}`));
  return [...out.map(([text]) => `${text} out of the plot`), ...over];
})
"""
SMALLEST_LETTERS_PX = """
Math.min(...[...document.querySelectorAll('svg.plot text')].map(
  (each) => parseFloat(getComputedStyle(each).fontSize) * Math.hypot(each.getScreenCTM().a, each.getScreenCTM().b)))
"""


def views(browser, page):
    """The page at each width, light and dark: (WIDTH, SCHEME)."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            browser.look(width, scheme=scheme)
            browser.open(page, ready=DRAWN)
            yield width, scheme


def take_pictures(browser, page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for width, scheme in views(browser, page):
        browser.look(width, height=browser.value("document.documentElement.scrollHeight"), scheme=scheme)
        browser.screenshot(folder / f"bench-{width}-{scheme}.png")


class ReportInABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        write_made_report(PROGRAM, Path(cls.temporary.name))
        cls.page = Path(cls.temporary.name) / "r.html"
        cls.browser = Chromium()
        cls.addClassCleanup(cls.browser.close)
        if len(sys.argv) > 2:
            take_pictures(cls.browser, cls.page, Path(sys.argv[2]))

    def views(self):
        return views(self.browser, self.page)

    def test_it_asks_for_nothing_and_nothing_is_wrong(self):
        for view in self.views():
            self.assertEqual(self.browser.problems(), [], view)

    def test_a_linter_of_accessibility_finds_nothing(self):
        for view in self.views():
            self.assertEqual(self.browser.violations(AXE), [], view)

    def test_nothing_is_wider_than_the_screen(self):
        for view in self.views():
            self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), view[0], view)

    def test_texts_and_marks_of_plots_stand_out(self):
        for view in self.views():
            for drawn in ("text", "path.mark"):
                self.assertGreater(self.browser.value(f"document.querySelectorAll('svg.plot {drawn}').length"), 20, drawn)
            self.browser.value(CONTRAST + "1")
            self.assertEqual(self.browser.value(FAINT), [], view)

    def test_texts_of_plots_are_within_them_apart_and_large_enough(self):
        for view in self.views():
            self.assertEqual(self.browser.value(ASTRAY), [], view)
            self.assertGreaterEqual(self.browser.value(SMALLEST_LETTERS_PX), 10, view)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
