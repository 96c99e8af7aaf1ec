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

from made_report import COMPARISON, QUOTED, write_made_report

PROGRAM = sys.argv[1]
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "comparison.schema.json"
SVG = "{http://www.w3.org/2000/svg}"


def bench(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, **options)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.history = cls.folder / "bench.db"
        jsonschema.validate(COMPARISON, json.loads(SCHEMA.read_text(encoding="utf-8")))
        write_made_report(PROGRAM, cls.folder)
        cls.text = (cls.folder / "r.html").read_text(encoding="utf-8")
        cls.page = xml.fromstring(cls.text)
        cls.figures = list(cls.page.iter("figure"))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def figure(self, title):
        found = [figure for figure in self.figures if (figure.findtext(f"div/{SVG}svg/{SVG}title") or "").startswith(title)]
        self.assertEqual(len(found), 1, title)
        return found[0].find(f"div/{SVG}svg")

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
            svg = figure.find(f"div/{SVG}svg")
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
        self.assertIn(["beside two busy processes", "time", "20", "1", "21.6 %", "0", "3.0 s (3.0)", "25 %", "0 %"], rows)
        self.assertIn(["more loads that miss the first cache", "5 %", "time", "beside two busy processes", "20 of 20", "86.1 %", "0", "0",
                       "5 %", "3.0 s (3.0)"], rows)
        self.assertIn(["more loads that miss the first cache", "1 %", "time", "beside two busy processes", "4 of 20", "7.14 %", "16", "0",
                       "1 %", "3.0 s (3.0)"], rows)
        self.assertIn(["5 %", "5 to 7 %", "beside two busy processes", "39 of 40", "88.7 %", "0", "0", "4.0 s (5.0)"], rows)
        text = " ".join(self.page.itertext())
        self.assertIn("less than twice as large, 39 of 40 were found, 88.7 % at least (95 %)", text)
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
