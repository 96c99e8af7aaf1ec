"""The page of HTML in a browser: links restore what was shown, keys do all, nothing leaves the page, and all can read it."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from chromium import Chromium  # noqa: E402
from framespec_process import DEADLINE_S, FRAMESPEC, TESTEES, python_testee  # noqa: E402
from made_runs import write_made_run  # noqa: E402

AXE = Path(os.environ["FRAMESPEC_AXE"])  # axe.min.js
MUTANT = TESTEES / "planted" / "mutant_server.py"
FILTERS = ("--filter", "segmentation/*/one_byte", "--filter", "segmentation/*/one_frame", "--filter", "length/*/empty")
ONE_BYTE = "segmentation/int32/cut_at-1/one_byte"
SCHEMES = ("light", "dark")
WIDTHS = (360, 800, 1400)


def run(*arguments):
    done = subprocess.run([FRAMESPEC, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S,
                          check=False)
    assert done.returncode in (0, 1), done


class InABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()) if hasattr(cls, "enterClassContext") else tempfile.mkdtemp())
        cls.events = cls.folder / "naive.ndjson"
        run("run", "--dialect", "int32", *FILTERS, "--launch", python_testee(MUTANT, "--defect", "prefix_in_one_recv"), "--events", cls.events)
        earlier = cls.folder / "right.ndjson"
        run("run", "--dialect", "int32", *FILTERS, "--launch", python_testee(MUTANT, "--defect", "none"), "--events", earlier)
        cls.page = cls.folder / "naive.html"
        run("report", cls.events, "--against", earlier, "--html", cls.page)
        cls.browser = Chromium()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.look(1400)
        self.browser.open(self.page)

    def tearDown(self):
        self.assertEqual(self.browser.problems(), [])

    def texts(self, selector):
        return self.browser.value(f"[...document.querySelectorAll({json.dumps(selector)})].map((each) => each.textContent)")

    def text(self, selector):
        return self.browser.value(f"document.querySelector({json.dumps(selector)})?.innerText ?? null")

    def rows(self):
        return self.texts("#rows .name")

    def fragment(self):
        return self.browser.value("location.hash")

    def is_open(self):
        return self.browser.value("document.body.classList.contains('is-open')")

    def go(self, key):
        """Presses a key that leads to another address, and waits until that is shown."""
        self.browser.value("window.isShown = false; addEventListener('hashchange', () => { window.isShown = true; }, {once: true}); 1")
        self.press(key)
        self.browser.until("window.isShown")

    def press(self, *keys):
        for key in keys:
            self.browser.key(key)


class Address(InABrowser):
    def test_a_link_restores_the_filter_and_the_check(self):
        self.browser.open(self.page, f"#q=fails&open={quote(ONE_BYTE)}&in=0")
        self.assertTrue(self.is_open())
        self.assertIn(ONE_BYTE, self.text("#check"))
        self.go("Escape")
        self.assertFalse(self.is_open())
        self.assertEqual(self.fragment(), "#q=fails")
        self.assertEqual(self.browser.value("document.getElementById('filter').value"), "fails")
        self.assertEqual(self.browser.value("document.activeElement.className"), "cell fail")

    def test_back_and_forward_are_those_of_the_browser(self):
        self.browser.follow("#q=only%3Acut")
        self.browser.follow(f"#q=only%3Acut&open={quote(ONE_BYTE)}&in=0")
        self.assertTrue(self.is_open())
        self.browser.value("history.back()")
        self.browser.until("!document.body.classList.contains('is-open')")
        self.assertEqual(self.browser.value("document.getElementById('filter').value"), "only:cut")
        self.browser.value("history.forward()")
        self.browser.until("document.body.classList.contains('is-open')")

    def test_a_finding_on_the_first_screen_opens(self):
        self.browser.value("document.querySelector('.finding a').click()")
        self.browser.until("document.body.classList.contains('is-open')")
        self.assertIn("every cut inside the prefix fails (1-3), and no other single cut", self.text("#check"))

    def test_what_is_not_there_is_said(self):
        for fragment in ("#open=no/such/check/here&in=0", "#open=x&in=99", "#from=7000", "#q=%E0%A4%A", "#in=-3&from=x"):
            self.browser.follow(fragment)
            self.assertEqual(self.is_open(), "open" in fragment)
        self.browser.follow("#open=no/such/check/here&in=0")
        self.assertIn("no such check", self.text("#check"))


class Filters(InABrowser):
    def found(self, query):
        self.browser.follow(f"#q={quote(query)}")
        return self.text("#found"), self.rows()

    def test_words_mean_what_they_say(self):
        data = [json.loads(line) for line in self.events.read_text().splitlines()]
        last = {(event["role"], event["id"]): event for event in data if event["event"] == "verdict"}
        failing = [event for event in last.values() if event["verdict"] == "fail"]
        cases = {event["case"] for event in last.values()}
        self.assertTrue(failing)
        said, rows = self.found("fails")
        self.assertEqual(said, f"{len(failing)} checks in {len(set(rows))} cases")
        self.assertEqual(set(rows), {event["case"] for event in failing})
        self.assertEqual(self.found("only:cut"), (said, rows))
        self.assertEqual(self.found("changed")[0], said)
        self.assertEqual(self.found("only:whole")[1], [])
        self.assertEqual(set(self.found("area:segmentation")[1]), {case for case in cases if case.startswith("segmentation/")})
        self.assertEqual(set(self.found("-area:segmentation")[1]), {case for case in cases if not case.startswith("segmentation/")})
        self.assertEqual(self.found("fails one_byte")[1], ["segmentation/one_byte"])
        self.assertEqual(set(self.found("rule:PFX fails -one_byte")[1]), {
            event["case"] for event in data if event["event"] == "case" and event["case"] in rows and event["case"] != "segmentation/one_byte"
            and any(rule.startswith("PFX-") for rule in event["rules"])})
        self.assertEqual(self.found("testee:mutant_server")[0], self.found("")[0])
        self.assertEqual(self.found("testee:netty")[1], [])
        self.assertIn("not understood: colour:red", self.found("colour:red fails")[0])

    def test_a_row_for_each_rule_has_its_sentence(self):
        self.browser.follow("#by=rule&q=fails")
        self.assertIn("SEG-1", self.rows())
        self.assertIn("For one byte stream the frames, the error's kind and its offset are the same", self.text("#rows"))

    def test_a_cell_says_more_than_its_colour(self):
        self.found("one_byte")
        cell = self.browser.value("(() => { const cell = document.querySelector('a.cell'); return [cell.textContent, cell.getAttribute('aria-label')]; })()")
        self.assertRegex(cell[0], r"^✗ 7/\d+ ✂ Δ$")
        self.assertRegex(cell[1], r"7 of \d+ fail, only when cut, 7 changed$")


class Keys(InABrowser):
    def test_the_table_without_a_mouse(self):
        self.press("/")
        self.assertEqual(self.browser.value("document.activeElement.id"), "filter")
        for letter in "fails":
            self.press(letter)
        self.assertEqual(self.fragment(), "#q=fails")
        self.press("Enter")
        self.assertEqual(self.browser.value("document.activeElement.className"), "cell fail")
        first = self.browser.value("document.activeElement.getAttribute('aria-label')")
        self.press("j")
        self.assertNotEqual(self.browser.value("document.activeElement.getAttribute('aria-label')"), first)
        self.press("k")
        self.assertEqual(self.browser.value("document.activeElement.getAttribute('aria-label')"), first)
        self.go("Enter")
        self.assertTrue(self.is_open())
        before = self.fragment()
        self.go("n")
        self.assertNotEqual(self.fragment(), before)
        self.assertTrue(self.text("#check h1").startswith("✗"))
        self.go("p")
        self.assertEqual(self.fragment(), before)
        self.go("Escape")
        self.assertFalse(self.is_open())
        self.assertEqual(self.browser.value("document.activeElement.getAttribute('aria-label')"), first)
        self.go("r")
        self.assertIn("by=rule", self.fragment())

    def test_help_names_every_key(self):
        self.press("?")
        self.assertTrue(self.browser.value("document.getElementById('help').open"))
        named = set(" ".join(self.texts("#help kbd")).split())
        self.assertLessEqual({"?", "/", "j", "k", "l", "h", "Enter", "Esc", "n", "p", "c", "r", "]", "[", "fails", "only:cut", "changed"}, named)
        self.press("Escape")
        self.browser.until("!document.getElementById('help').open")

    def test_the_command_is_copied(self):
        self.browser.value("document.execCommand = () => { window.copied = document.activeElement.value; return true; };"
                           "Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(new Error('no'))}});")
        self.browser.follow(f"#open={quote(ONE_BYTE)}&in=0")
        self.press("c")
        self.browser.until("document.getElementById('copy').textContent === 'Copied'")
        self.assertIn(f"--filter {ONE_BYTE}", self.browser.value("window.copied"))


class Check(InABrowser):
    def test_the_bytes_as_a_ruler(self):
        self.browser.follow(f"#open={quote(ONE_BYTE)}&in=0")
        ruler = self.browser.value("document.querySelector('.steps .ruler').textContent")
        self.assertRegex(ruler, r"^01prefix┃1✓ cut at 1: proven, .*00 00 00….*78payload “x”$")
        self.assertEqual(self.texts("mark"), ["01", "⟨ends here⟩"])
        self.assertIn("fails at 1-3; passes at 4", self.text("figcaption"))
        self.assertEqual(self.browser.value("document.querySelectorAll('svg.cuts rect.fail').length"), 3)

    def test_the_replay_is_saved(self):
        self.browser.follow(f"#open={quote(ONE_BYTE)}&in=0")
        self.browser.tell("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.folder), eventsEnabled=True)
        self.browser.value("[...document.querySelectorAll('button')].find((each) => each.textContent === 'Save replay').click()")
        saved = self.folder / f"{ONE_BYTE.replace('/', '_')}.replay.ndjson"
        while self.browser.wait_for("Browser.downloadProgress")["state"] != "completed":
            pass
        self.assertEqual(json.loads(saved.read_text().splitlines()[0])["id"], ONE_BYTE)
        done = subprocess.run([FRAMESPEC, "replay", saved, "--launch", python_testee(MUTANT, "--defect", "prefix_in_one_recv")],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 1, done)


class Large(InABrowser):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls.folder / "made.ndjson"
        write_made_run(made, cls.events, 1500, 4, lambda case, cut: case % 3 == 0 and cut == 2)
        cls.page = cls.folder / "made.html"
        run("report", made, "--html", cls.page)

    def test_some_hundred_rows_whatever_the_size(self):
        self.assertEqual(self.text("#found"), "6000 checks in 1500 cases")
        self.assertLessEqual(self.browser.value("document.querySelectorAll('tr, li').length"), 300)
        seen = self.rows()
        while self.browser.value("document.getElementById('page-behind') !== null"):
            self.go("]")
            self.assertLessEqual(self.browser.value("document.querySelectorAll('tr').length"), 130)
            seen += self.rows()
        self.assertEqual(len(set(seen)), 1500)


class Hostile(InABrowser):
    SAID = "<img src=x onerror=alert(1)></script><script>alert(2)</script><b id=hostile>"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [json.loads(line) for line in cls.events.read_text().splitlines()]
        for event in lines:
            for holder in (event, event.get("failure", {})):
                for name in ("title", "why", "remedy", "reason", "expected", "came", "testee_output"):
                    if isinstance(holder.get(name), str):
                        holder[name] = cls.SAID + "\u202e"
            if event["event"] == "started":
                event["testee"]["value"] = cls.SAID
        hostile = cls.folder / "hostile.ndjson"
        hostile.write_text("".join(json.dumps(event) + "\n" for event in lines))
        cls.page = cls.folder / "hostile.html"
        run("report", hostile, "--html", cls.page)

    def test_nothing_of_it_is_markup_or_script(self):
        for fragment in ("", "#by=rule", f"#open={quote(ONE_BYTE)}&in=0", f"#q={quote(self.SAID)}"):
            self.browser.open(self.page, fragment)
            self.assertIn(self.SAID, self.browser.value("document.body.textContent + document.getElementById('filter').value"))
            self.assertEqual(self.browser.value("document.querySelectorAll('#hostile, img').length"), 0)
            self.assertNotIn("\u202e", self.browser.value("document.body.textContent"))
            self.assertNotIn("Page.javascriptDialogOpening", [event["method"] for event in self.browser.events])


class Several(InABrowser):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        matrix = cls.folder / "testees.json"
        matrix.write_text(json.dumps({"format": "framespec-matrix/1", "testees": [
            {"name": name, "implementation": f"the {name} one", "launch": python_testee(MUTANT, "--defect", defect), "dialects": ["int32"]}
            for name, defect in (("right", "none"), ("naive", "prefix_in_one_recv"))]}))
        cls.page = cls.folder / "matrix.html"
        run("matrix", matrix, "--from", cls.folder, "--html", cls.page)

    def test_where_they_differ(self):
        self.assertEqual(self.texts("thead th"), ["case", "right", "naive"])
        self.browser.follow("#q=differs+area%3Asegmentation")
        self.assertEqual(set(self.rows()), {"segmentation/one_byte", "segmentation/one_frame"})
        self.assertEqual([cell[0] for cell in self.texts("#rows a.cell")], ["✓", "✗"] * 2)
        self.browser.follow("#q=testee%3Aright+fails")
        self.assertEqual(self.rows(), [])
        self.browser.follow("#q=testee%3Anaive+one_byte")
        self.assertEqual(self.texts("thead th"), ["case", "naive"])
        # One that is shown alone differs from nobody.
        self.browser.follow("#q=testee%3Anaive+differs")
        self.assertEqual(self.rows(), [])

    def test_keys_lead_from_column_to_column(self):
        self.browser.follow("#q=one_byte")
        self.press("j", "l")
        self.assertIn(", naive: 7 of", self.browser.value("document.activeElement.getAttribute('aria-label')"))
        self.press("h")
        self.assertIn(", right: ", self.browser.value("document.activeElement.getAttribute('aria-label')"))
        self.go("Enter")
        self.assertIn("✗ naive", self.text("#check"))
        self.assertIn("in=0", self.fragment())


class Readable(InABrowser):
    VIEWS = ("", "#q=fails", "#by=rule", f"#open={quote(ONE_BYTE)}&in=0")

    def test_a_linter_of_accessibility_finds_nothing(self):
        for scheme in SCHEMES:
            for fragment in self.VIEWS:
                for width in (360, 1400):
                    self.browser.look(width, scheme=scheme)
                    self.browser.open(self.page, fragment)
                    self.assertEqual(self.browser.violations(AXE), [], (scheme, fragment, width))

    def test_nothing_is_wider_than_the_screen(self):
        for width in WIDTHS:
            for fragment in self.VIEWS:
                self.browser.look(width)
                self.browser.open(self.page, fragment)
                self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), width, (width, fragment))

    def test_without_a_script(self):
        self.browser.tell("Emulation.setScriptExecutionDisabled", value=True)
        self.addCleanup(self.browser.tell, "Emulation.setScriptExecutionDisabled", value=False)
        self.browser.events.clear()
        self.browser.tell("Page.navigate", url=self.page.as_uri())
        self.browser.wait_for("Page.loadEventFired")
        root = self.browser.tell("DOM.getDocument")["root"]["nodeId"]
        summary = self.browser.tell("DOM.querySelector", nodeId=root, selector="#summary .finding")["nodeId"]
        self.assertIn("segmentation/one_byte", self.browser.tell("DOM.getOuterHTML", nodeId=summary)["outerHTML"])


if __name__ == "__main__":
    unittest.main()
