#!/usr/bin/env python3
"""framespec-bench report: its page and its plots are parsed, and looked at.

usage: report_test.py FRAMESPEC-BENCH
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

import jsonschema

PROGRAM = sys.argv[1]
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "comparison.schema.json"
SVG = "{http://www.w3.org/2000/svg}"
QUOTED = 'parse<a> & "b"'


def bench(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, **options)


def write_runs(folder):
    """Files of 20 runs: from the eleventh on one benchmark is a tenth slower; the last has sizes too."""
    files = []
    for day in range(1, 21):
        times = {"parse/int32": 110 if day > 10 else 100, QUOTED: 50}
        latencies = {}
        if day == 20:
            for server, factor in (("ours", 1), ("theirs", 3)):
                name = f"echo/connections:16/{server}/iterations:1/manual_time"
                times[name] = 5000 * factor
                latencies[name] = {"p50": 1e4 * factor, "p90": 2e4 * factor, "p99": 1e5 * factor, "p999": 5e6 * factor, "max": 6e6 * factor}
            for width, factor in (("int32", 1), ("int64", 2)):
                times |= {f"segments/{width}_in_{size}B/frames": 1000 * factor * size for size in (1, 16, 256, 4096)}
        rows = [{"name": name, "run_name": name, "run_type": "iteration", "repetition_index": index, "iterations": 10,
                 "real_time": time + index / 10, "cpu_time": time + index / 10, "time_unit": "ns", **latencies.get(name, {})}
                for name, time in times.items() for index in range(3)]
        context = {"date": f"2026-10-{day:02}T12:00:00+00:00", "host_name": "there", "num_cpus": 2, "executable": "./p",
                   "commit": f"{day:02}".ljust(40, "0")}
        files.append(folder / f"{day}.json")
        files[-1].write_text(json.dumps({"context": context, "benchmarks": rows}), encoding="utf-8")
    return files


# As compare --json writes it; that it does is held by command_line_test.py.
COMPARISON = {
    "format": "framespec-comparison/1", "a": "main", "b": "mine <x>", "effect": 0.02,
    "benchmarks": [
        {"name": "quick", "verdict": "same",
         "time": {"verdict": "same", "change": 0.001, "interval": [-0.004, 0.006], "a_against_itself": 0.002, "could_have_seen": None,
                  "rounds": 12, "is_confirmation": False}},
        {"name": QUOTED, "verdict": "worse",
         "time": {"verdict": "worse", "change": 0.05, "interval": [0.04, 0.06], "a_against_itself": -0.001, "could_have_seen": 0.01,
                  "rounds": 12, "is_confirmation": True},
         "instructions": {"not_covered": "its work is system calls"}}],
    "only_a": ["old"], "only_b": [], "failures": []}


def write_trials(file):
    """Of selftest: 20 comparisons of the same, one a false alarm, and slowdowns by the cache, of which the larger ones are found, and one by the layout."""
    lines = [{"format": "framespec-trials/2", "processor": "a processor", "processor_count": 2}]

    def add(number, verdict, **more):
        lines.append({"condition": "busy", "gate": "time", "slowdown": 0.0, "number": number, "verdict": verdict, "change": 0.01,
                      "a_against_itself": 0.0, "seconds": 3.0} | more)
    for number in range(20):
        add(number, "better" if number == 7 else "same", repetitions={"cpu_time_p": 0.04 if number < 5 else 0.5, "real_time_p": 0.5})
        for slowdown in (0.01, 0.02, 0.05, 0.1):
            seen = {"could_have_seen": 0.04} if slowdown >= 0.05 else {}
            add(number, "worse" if number < slowdown * 400 else "inconclusive", injection="cache", slowdown=slowdown, **seen)
        add(number, "worse" if number < 19 else "same", injection="layout", slowdown=0.05, seconds=5.0, change=0.07)
    file.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.history, cls.saved = cls.folder / "bench.db", cls.folder / "comparison.json"
        jsonschema.validate(COMPARISON, json.loads(SCHEMA.read_text(encoding="utf-8")))
        cls.saved.write_text(json.dumps(COMPARISON), encoding="utf-8")
        cls.trials = cls.folder / "trials.ndjson"
        write_trials(cls.trials)
        for arguments in (("import", cls.history, *write_runs(cls.folder)),
                          ("report", cls.saved, cls.history, cls.trials, "--html", cls.folder / "r.html", "--markdown", cls.folder / "r.md")):
            ended = bench(*arguments)
            assert ended.returncode == 0, ended
        cls.text = (cls.folder / "r.html").read_text(encoding="utf-8")
        cls.page = xml.fromstring(cls.text)
        cls.figures = list(cls.page.iter("figure"))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def figure(self, title):
        found = [figure for figure in self.figures if (figure.findtext(f"{SVG}svg/{SVG}title") or "").startswith(title)]
        self.assertEqual(len(found), 1, title)
        return found[0].find(f"{SVG}svg")

    def test_the_page_fetches_nothing_and_runs_nothing(self):
        tags = {element.tag.removeprefix(SVG) for element in self.page.iter()}
        self.assertFalse(tags & {"script", "link", "img", "iframe", "object", "image", "use", "a", "foreignObject"}, tags)
        for element in self.page.iter():
            for name in element.attrib:
                self.assertFalse(name.startswith("on") or name.endswith(("href", "src")), (element.tag, name))
        # Names of formats are no addresses that are fetched.
        rest = self.text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        self.assertNotRegex(rest, r"https?://|url\(|@import|javascript:")
        self.assertIn("prefers-color-scheme: dark", self.text)

    def test_what_is_asked_about_stands_on_it(self):
        text = " ".join(self.page.itertext())
        for part in ("mine <x> against main", "1 worse, 1 same", QUOTED, "5.0 % slower (4.0 to 6.0)", "not even a doubling", "only on A: old",
                     "10.0 % slower from 110000000000 on (run 11): 100 ns became 110 ns", "circular binary segmentation"):
            self.assertIn(part, text)

    def test_every_plot_has_a_title_and_its_marks_within(self):
        self.assertEqual(len(self.figures), 6)
        for figure in self.figures:
            svg = figure.find(f"{SVG}svg")
            width, height = float(svg.get("width")), float(svg.get("height"))
            self.assertTrue(svg.findtext(f"{SVG}title"))
            self.assertTrue(figure.findtext("figcaption"))
            marks = [path for path in svg.iter(f"{SVG}path") if "mark" in path.get("class", "")]
            self.assertTrue(marks)
            for mark in marks:
                x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", mark.get("d")).groups())
                self.assertTrue(0 < x < width and 0 < y < height, mark.get("d"))
                self.assertTrue(mark.findtext(f"{SVG}title"))
            for text in svg.iter(f"{SVG}text"):
                if text.get("transform") is None:
                    self.assertTrue(0 <= float(text.get("x")) <= width and 0 < float(text.get("y")) <= height, text.text)

    def test_texts_of_a_plot_are_not_written_over_each_other(self):
        for figure in self.figures:
            boxes = []
            for text in figure.iter(f"{SVG}text"):
                if text.get("transform") is not None:
                    continue
                x, y, width = float(text.get("x")), float(text.get("y")), 6 * len(text.text)
                left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor")]
                boxes.append((left, left + width, y - 10, y, text.text))
            for i, one in enumerate(boxes):
                for other in boxes[:i]:
                    apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
                    self.assertTrue(apart, (one, other))

    def test_trials_are_counted_and_drawn_as_a_curve(self):
        rows = [[cell.text or "" for cell in row] for row in self.page.iter("tr")]
        self.assertIn(["beside two busy processes", "time", "20", "1", "21.6 %", "0", "3.0 s", "25 %", "0 %"], rows)
        self.assertIn(["more loads that miss the first cache", "5 %", "time", "beside two busy processes", "20 of 20", "86.1 %", "0", "0",
                       "1 %", "4.0 %", "3.0 s"], rows)
        self.assertIn(["more loads that miss the first cache", "1 %", "time", "beside two busy processes", "4 of 20", "7.14 %", "16", "0",
                       "1 %", "not even a doubling", "3.0 s"], rows)
        self.assertIn(["5 %", "1 to 7 %", "beside two busy processes", "39 of 40", "88.7 %", "0", "0", "4.0 s"], rows)
        text = " ".join(self.page.itertext())
        # 1 of 20 refutes nothing; 4 and 8 of 20 were not promised.
        self.assertNotIn("What the trials refute", text)
        curve = self.figure("Slowdowns found by time, beside two busy processes")
        points = [path.get("d") for path in curve.iter(f"{SVG}path") if "mark" in path.get("class", "") and "look0" in path.get("class")]
        heights = [float(re.match(r"M[\d.]+ ([\d.]+)", point)[1]) for point in points[:4]]
        self.assertEqual(heights, sorted(heights, reverse=True))
        self.assertLess(heights[3], heights[0])

    def test_the_history_steps_up_where_it_became_slower(self):
        svg = self.figure("parse/int32")
        levels = [line for line in svg.iter(f"{SVG}line") if line.get("class") == "level"]
        heights = [float(line.get("y1")) for line in levels]
        self.assertEqual(len(levels), 2)
        self.assertLess(heights[1], heights[0])
        self.assertEqual(levels[0].get("x2"), levels[1].get("x1"))
        points = [path for path in svg.iter(f"{SVG}path") if path.get("class") == "mark look0"]
        self.assertEqual(len(points), 20)
        self.assertEqual([line.get("class") for line in self.figure(QUOTED).iter(f"{SVG}line")].count("level"), 1)

    def test_the_forest_plot_has_the_worst_first_and_to_the_right(self):
        svg = self.figure("Change of time")
        marks = {path.get("class").split()[-1]: path.get("d") for path in svg.iter(f"{SVG}path") if "mark" in path.get("class")}
        place = {key: tuple(map(float, re.match(r"M([\d.]+) ([\d.]+)", path).groups())) for key, path in marks.items()}
        self.assertGreater(place["worse"][0], place["same"][0])
        self.assertLess(place["worse"][1], place["same"][1])

    def test_growth_has_its_exponent(self):
        svg = self.figure("segments/…_in_N/frames")
        names = [text.text for text in svg.iter(f"{SVG}text") if ": N^" in text.text]
        self.assertEqual(sorted(names), ["int32: N^1.00", "int64: N^1.00"])
        cells = [[cell.text for cell in row] for row in self.page.iter("tr")]
        self.assertIn(["int32", "1 us at 1 B", "4.1 ms at 4 KiB", "1.00", "1.00 to 1.00"], cells)

    def test_an_interval_of_few_samples_is_not_called_surer_than_it_is(self):
        captions = [caption.text for caption in self.page.iter("figcaption") if "edian" in caption.text]
        self.assertTrue(captions)
        for caption in captions:
            self.assertIn("(99 %; of fewer than 8 samples, from the least to the largest)", caption)

    def test_latencies_are_curves_against_percentiles(self):
        svg = self.figure("echo/connections:16: latency against percentile")
        places = {look: [tuple(map(float, re.match(r"M([\d.]+) ([\d.]+)", path.get("d")).groups())) for path in svg.iter(f"{SVG}path")
                         if path.get("class") == f"mark {look}"][:4] for look in ("look0", "look1")}
        for ours, theirs in zip(places["look0"], places["look1"]):
            self.assertEqual(ours[0], theirs[0])
            self.assertGreater(ours[1], theirs[1])
        gaps = [right[0] - left[0] for left, right in zip(places["look0"][1:], places["look0"][2:])]
        self.assertAlmostEqual(gaps[0], gaps[1], delta=0.2)
        texts = [text.text for text in svg.iter(f"{SVG}text")]
        for text in ("ours", "theirs", "50 %", "90 %", "99 %", "99.9 %"):
            self.assertIn(text, texts)
        cells = [[cell.text for cell in row] for row in self.page.iter("tr")]
        self.assertIn(["theirs", "30 us", "60 us", "300 us", "15 ms", "18 ms"], cells)

    def test_markdown_has_its_plots_beside_it(self):
        text = (self.folder / "r.md").read_text(encoding="utf-8")
        names = re.findall(r"!\[[^\]]+\]\(<(.*?)>\)", text)
        self.assertEqual(names, [f"r-{number}.svg" for number in range(1, 7)])
        for name in names:
            root = xml.parse(self.folder / name).getroot()
            self.assertEqual(root.tag, f"{SVG}svg")
            self.assertIn("prefers-color-scheme: dark", root.findtext(f"{SVG}style"))
        self.assertIn("| parse&lt;a> &amp; \"b\" | worse |", text)

    def test_a_filter_leaves_the_rest_out(self):
        out = self.folder / "filtered.html"
        self.assertEqual(bench("report", self.history, "--filter", "int32$", "--html", out).returncode, 0)
        self.assertEqual([svg.findtext(f"{SVG}title").split(":")[0] for svg in xml.parse(out).iter(f"{SVG}svg")], ["parse/int32"])

    def test_what_cannot_be_done_is_told(self):
        other = self.folder / "other.json"
        other.write_text("{}", encoding="utf-8")
        for code, arguments in ((2, (self.history,)), (2, ("--html", "x")), (2, (self.history, "--html", "x", "--filter", "(")),
                                (3, ("/nonexistent", "--html", "x")), (3, (other, "--html", "x")),
                                (3, (self.history, "--html", "/nonexistent/x")), (3, (self.history, "--markdown", "/nonexistent/x.md"))):
            with self.subTest(arguments):
                ended = bench("report", *arguments, cwd=self.folder)
                self.assertEqual(ended.returncode, code, ended)
                self.assertTrue(ended.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
