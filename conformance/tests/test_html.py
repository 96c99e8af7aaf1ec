"""The page of HTML: one file, whatever a testee says; what it tells is what the report tells. Browsers: ci/html."""

import base64
import hashlib
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, Run, TESTEES, pasted, python_testee
from html_page import HtmlPage

SPLIT = ("--dialect", "int32", "--filter", "segmentation/*/one_byte", "--filter", "length/*/whole/empty")
NAIVE = python_testee(TESTEES / "planted" / "mutant_server.py", "--defect", "prefix_in_one_recv")
VERDICTS = {"p": "pass", "f": "fail", "s": "nonstrict", "i": "informational", "u": "unimplemented", "q": "inconclusive", "e": "error",
            "x": "not_run"}


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.page_file = self.folder / "run.html"

    def page_of(self, launch, *arguments, code):
        """The run, and its page, which `framespec report` writes too."""
        run = Run("--launch", launch, *arguments, "--html", self.page_file)
        self.assertEqual(run.code, code, run)
        made = self.page_file.read_text(encoding="utf-8")
        events = self.folder / "events.ndjson"
        events.write_text("".join(json.dumps(event) + "\n" for event in run.events))
        self.reported(events, code=code)
        self.assertEqual(self.page_file.read_text(encoding="utf-8"), made)
        return run, HtmlPage(made)

    def reported(self, *arguments, code):
        done = subprocess.run([FRAMESPEC, "report", *arguments, "--html", self.page_file], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, code, done)
        return HtmlPage(self.page_file.read_text(encoding="utf-8"))

    def check_alone(self, page):
        """It asks nobody for anything, and runs nothing but its own script."""
        self.assertEqual(page.unclosed, [])
        self.assertEqual(page.open, [])
        for name, attributes in page.elements:
            for attribute, value in attributes.items():
                self.assertNotIn(attribute, ("src", "style", "srcset", "action"), name)
                self.assertFalse(attribute.startswith("on"), (name, attribute))
                if attribute == "href":
                    self.assertTrue(value.startswith("#"), value)
        self.assertNotIn("link", dict(page.elements))
        scripts = page.named("script")
        self.assertEqual([script.get("id") for script in scripts], ["data", None])
        self.assertIn(scripts[0]["type"], ("application/json", "text/plain"))
        self.assertEqual(page.policy["default-src"], ["'none'"])
        self.assertEqual(page.policy["connect-src"], ["'none'"])
        for directive, text in (("script-src", page.inside["script"][1]), ("style-src", page.inside["style"][0])):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            self.assertEqual(page.policy[directive], [f"'sha256-{digest}'"])
        self.assertNotRegex(page.inside["script"][1] + page.inside["style"][0], r"https?://(?!www\.w3\.org/2000/svg)|innerHTML|url\(|@import")


class OneRun(InAFolder):
    def test_tells_what_the_report_tells(self):
        run, page = self.page_of(NAIVE, *SPLIT, code=1)
        self.check_alone(page)
        data = page.data
        (column,) = data["columns"]
        plans = run.plans()
        self.assertEqual([data["ids"][number] for number in column["check"]], [plan["id"] for plan in plans])
        self.assertEqual([VERDICTS[letter] for letter in column["verdict"]], [plan["verdict"] for plan in plans])
        self.assertEqual([data["cases"][data["case_of"][number]]["key"] for number in column["check"]], [plan["case"] for plan in plans])
        self.assertEqual(column["us"], [plan["duration_us"] for plan in plans])
        failing = {str(number) for number, plan in enumerate(plans) if plan["verdict"] == "fail"}
        self.assertEqual(set(column["detail"]), failing)
        for number in failing:
            plan, detail = plans[int(number)], column["detail"][number]
            self.assertEqual((detail["expected"], detail["came"]), (plan["failure"]["expected"], plan["failure"]["came"]))
            self.assertEqual(column["again"] + plan["id"], plan["command"])
        self.assertIn("SEG-1", data["rules"])

    def test_a_failing_check_has_its_bytes(self):
        run, page = self.page_of(NAIVE, *SPLIT, code=1)
        (column,) = page.data["columns"]
        (number,) = [number for number, plan in enumerate(run.plans()) if plan["id"] == "segmentation/int32/cut_at-1/one_byte"]
        detail = column["detail"][str(number)]
        self.assertEqual(detail["parts"]["main"], [[0, 0, 4], [2, 4, 5]])
        self.assertEqual(detail["back"]["main"]["wanted"], "0100000078")
        self.assertEqual(detail["back"]["main"]["differs"], 0)
        replay = self.folder / "saved.replay.ndjson"
        replay.write_text(detail["replay"])
        played = pasted(f"{FRAMESPEC} replay {replay} --launch {json.dumps(NAIVE)}")
        self.assertEqual(played.returncode, 1, played)

    def test_is_read_without_a_script(self):
        run, page = self.page_of(NAIVE, *SPLIT, code=1)
        text = page.text
        self.assertIn(f"✗ FAIL {run.report['exit']['reason']}", text)
        (finding,) = run.report["dialects"][0]["findings"]
        for part in (finding["title"], f"int32 · {finding['case']}", "only when cut: 7 of 8 segmentations", "Usually",
                     "checks delivered with proof", "Areas", "segmentation", "Not tested", "(--thorough runs all)", "mutant_server.py"):
            self.assertIn(part, text)
        (opened,) = [link["href"] for link in page.named("a") if link["href"].startswith("#open=")]
        self.assertEqual(opened, f"#open={finding['example']}&in=0")

    def test_of_a_run_that_passes(self):
        _, page = self.page_of(python_testee(TESTEES / "planted" / "mutant_server.py", "--defect", "none"), *SPLIT, code=0)
        self.check_alone(page)
        self.assertIn("✓ PASS all that is required passed", page.text)
        self.assertIn("Nothing was found.", page.text)
        self.assertEqual(page.data["columns"][0]["detail"], {})

    def test_of_a_testee_that_does_not_start(self):
        run, page = self.page_of("exit 1 # {port}", *SPLIT, code=3)
        self.check_alone(page)
        self.assertIn(run.report["exit"]["reason"], page.text)
        self.assertIn("? stopped", page.text)

    def test_what_comes_back_otherwise_is_marked(self):
        _, page = self.page_of(python_testee(TESTEES / "planted" / "mutant_server.py", "--defect", "nul_stripped"), "--dialect", "int32", "--filter",
                               "segmentation/*/whole/payload_bytes*", code=1)
        (column,) = page.data["columns"]
        backs = [detail["back"]["main"] for detail in column["detail"].values() if "back" in detail]
        self.assertTrue(backs)
        for back in backs:
            self.assertEqual(back["differs"], 0)


class Hostile(InAFolder):
    SAID = "</script><script>alert(1)</script><!-- \u2028 \u202e ' \" & \x01"

    def test_what_is_said_is_only_text(self):
        suite = self.folder / "own.json"
        suite.write_text(json.dumps({"area": "own", "title": "t", "cases": [
            {"name": "one", "title": self.SAID, "why": self.SAID, "rules": ["SEG-2"], "steps": [{"send": [{"frame": ""}]}, {"expect": "frames"}]}]}))
        server = self.folder / "loud.py"
        server.write_text(f"""import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    connection, _ = listener.accept()
    while (head := connection.recv(4, socket.MSG_WAITALL)) not in (b"", bytes(4)):
        connection.sendall(head + connection.recv(int.from_bytes(head, "little"), socket.MSG_WAITALL))
    if head:
        print({self.SAID!r}, flush=True)
    connection.close()
""", encoding="utf-8")
        launch = f"exec python3 {server} {{port}} # </script><b>"
        _, page = self.page_of(launch, "--dialect", "int32", "--suites", suite, code=1)
        self.check_alone(page)
        made = self.page_file.read_text(encoding="utf-8")
        self.assertEqual(len(re.findall(r"<script", made)), 2)
        self.assertNotIn("\u2028", made)
        self.assertNotIn("\u202e", made)
        outputs = [detail.get("output", "") for detail in page.data["columns"][0]["detail"].values()]
        self.assertTrue(any("</script>" in output for output in outputs), outputs)
        self.assertIn("</script><script>alert(1)</script>", page.text)


class Compared(InAFolder):
    def events(self, name, launch, *arguments):
        path = self.folder / f"{name}.ndjson"
        subprocess.run([FRAMESPEC, "run", "--launch", launch, *arguments, "--events", path], stdin=subprocess.DEVNULL, capture_output=True,
                       timeout=DEADLINE_S, check=False)
        return path

    def test_changed_since_an_earlier_run(self):
        right = self.events("right", python_testee(TESTEES / "planted" / "mutant_server.py", "--defect", "none"), *SPLIT)
        naive = self.events("naive", NAIVE, *SPLIT)
        page = self.reported(naive, "--against", right, code=1)
        self.check_alone(page)
        (column,) = page.data["columns"]
        failing = {str(number) for number, letter in enumerate(column["verdict"]) if letter == "f"}
        self.assertEqual({number for number, change in column["changed"].items() if change == "f"}, failing)
        self.assertRegex(page.text, r"Changed since \S*right\.ndjson")
        self.assertIn(f"newly failing: {len(failing)} checks in 1 case", page.text)
        page = self.reported(right, "--against", naive, code=0)
        self.assertIn("newly passing: ", page.text)
        self.assertTrue(page.data["columns"][0]["changed"])

    def matrix(self, *arguments, code):
        done = subprocess.run([FRAMESPEC, "matrix", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S,
                              check=False)
        self.assertEqual(done.returncode, code, done)
        return done

    def test_several_side_by_side(self):
        right = python_testee(TESTEES / "planted" / "mutant_server.py", "--defect", "none")
        filters = [word for word in SPLIT[2:] if word != "--filter"]
        matrix = self.folder / "testees.json"
        matrix.write_text(json.dumps({"format": "framespec-matrix/1", "testees": [
            {"name": name, "implementation": f"the <{name}> one", "launch": launch, "dialects": ["int32"], "filters": filters}
            for name, launch in (("right", right), ("naive", NAIVE))]}))
        runs = self.folder / "runs"
        tables = self.matrix(matrix, "--events", runs, "--html", self.page_file, code=1).stdout
        made = self.page_file.read_text(encoding="utf-8")
        page = HtmlPage(made)
        self.check_alone(page)
        data = page.data
        self.assertEqual([(column["name"], column["dialect"]) for column in data["columns"]], [("right", "int32"), ("naive", "int32")])
        self.assertEqual([("f" in column["verdict"]) for column in data["columns"]], [False, True])
        # One id is one row of all columns.
        self.assertEqual(len(set(data["ids"])), len(data["ids"]))
        self.assertLessEqual(set(data["columns"][0]["check"]), set(range(len(data["ids"]))))
        for part in ("2 testees", "the <right> one", "✓ PASS", "✗ FAIL"):
            self.assertIn(part, page.text)
        self.assertIn("&amp;in=1\"", made)

        again = self.matrix(matrix, "--from", runs, "--html", self.page_file, code=1)
        self.assertEqual(self.page_file.read_text(encoding="utf-8"), made)
        self.assertEqual(again.stdout, tables)
        for option in ("--html", "--json"):
            taken = self.matrix(matrix, "--from", runs, option, runs / "right.ndjson", code=2)
            self.assertIn(f"{option} and --from (the events of right) name the same file", taken.stderr)
        self.assertIn("--html and the list name the same file", self.matrix(matrix, "--from", runs, "--html", matrix, code=2).stderr)
        (runs / "swapped").mkdir()
        (runs / "naive.ndjson").rename(runs / "swapped" / "right.ndjson")
        swapped = self.matrix(matrix, "--from", runs / "swapped", "--html", self.page_file, code=2)
        self.assertRegex(swapped.stderr, "testee right: its events are of the server '.*prefix_in_one_recv.*', and the list has the server '.*none.*'")
        (runs / "swapped" / "right.ndjson").rename(runs / "naive.ndjson")
        earlier = self.folder / "earlier"
        earlier.mkdir()
        (runs / "right.ndjson").rename(earlier / "naive.ndjson")
        self.matrix(matrix, "--from", runs, "--html", self.page_file, "--against", earlier, code=1)
        page = HtmlPage(self.page_file.read_text(encoding="utf-8"))
        (column,) = page.data["columns"]
        self.assertIn("f", column["changed"].values())
        self.assertIn("1 more testee not run: right", page.text)

    def test_wrong_matrices_are_told(self):
        matrix = self.folder / "testees.json"
        matrix.write_text(json.dumps({"format": "framespec-matrix/1", "testees": [
            {"name": "one", "implementation": "x", "launch": "touch ran {port}", "dialects": ["int32"]}]}))
        same = ("--json", self.page_file, "--html", self.page_file)
        for arguments, said in ((same, "--json and --html name the same file"), (("--from", self.folder), "no events of any testee"),
                                (("--from", self.folder, "--events", self.folder), "--events excludes --from"),
                                (("--against", self.folder), "--against requires --html"),
                                (("--html", self.page_file, "--against", self.folder), "--against"),
                                (("--html", self.folder), "--html")):
            self.assertIn(said, self.matrix(matrix, *arguments, code=2).stderr)
        self.assertFalse((self.folder / "ran").exists())

    def test_places_are_checked_first(self):
        for option, place in (("--html", self.folder / "no" / "page.html"), ("--html", self.folder)):
            done = subprocess.run([FRAMESPEC, "run", "--launch", "touch ran {port}", "--dialect", "int32", option, place], cwd=self.folder,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn("--html", done.stderr)
        self.assertFalse((self.folder / "ran").exists())


if __name__ == "__main__":
    unittest.main()
