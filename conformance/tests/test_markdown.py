"""Markdown of anybody's words, as a reader of GitHub's Markdown shows it: what a testee sent and how it was launched, as it is, and nothing of it
a link, an image, markup, or a name that would be told."""

import html.parser
import os
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, mutant

ONE = "--dialect", "int32", "--filter", "segmentation/*/one_byte"
HOSTILE = ("@octocat", "#1 GH-1", "[l](javascript:x)", "![i](http://t/i.png)", "https://e.example", "www.e.example", "**b** _i_ ~~s~~", "<b>h</b>",
           "<!-- c", "</details>", "&lt;&#64;", "a|b", "a\\|b", "\\", "`a`", "``", "a ` b | c", "$x$", ":tada:", "- x", " a ")
EXTENSIONS = [word for name in ("table", "autolink", "strikethrough", "tagfilter") for word in ("--extension", name)]
# Answers with these bytes where its prefix comes cut.
SERVER = r"""
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer = listener.accept()[0]
    while prefix := peer.recv(4):
        if len(prefix) < 4:
            peer.sendall(bytes.fromhex(sys.argv[2]))
            break
        peer.sendall(prefix + peer.recv(int.from_bytes(prefix, "little")))
    peer.close()
"""


class Rendered(html.parser.HTMLParser):
    """Rows of cells of its tables as text, and the names of all its elements."""

    def __init__(self, markdown):
        super().__init__()
        done = subprocess.run(["cmark-gfm", "--unsafe", *EXTENSIONS],
                              input=markdown, capture_output=True, text=True, timeout=DEADLINE_S, check=True)
        self.names, self.rows, self.in_cell, self.in_code = set(), [], False, 0
        self.bare = []    # outside of code, where GitHub looks for names, numbers and pictures of a face
        self.feed(done.stdout)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True
        self.in_code += tag == "code"

    def handle_endtag(self, tag):
        self.in_cell = self.in_cell and tag not in ("td", "th")
        self.in_code -= tag == "code"

    def handle_data(self, data):
        if self.in_cell:
            self.rows[-1][-1] += data
        if not self.in_code:
            self.bare.append(data)


class Markdown(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix=f"framespec-markdown-{os.getpid()}-")))

    def run_of(self, launch):
        """Its summary for GitHub; its events stay."""
        summary, events = self.folder / "summary.md", self.folder / "events.ndjson"
        summary.unlink(missing_ok=True)
        done = subprocess.run([FRAMESPEC, "run", "--launch", launch, *ONE, "--github", "--events", events], stdin=subprocess.DEVNULL,
                              env=os.environ | {"GITHUB_STEP_SUMMARY": str(summary)}, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 1, done)
        return summary.read_text()

    def shown(self, markdown, column):
        """The first row's; all of the page is harmless."""
        page = Rendered(markdown)
        self.assertLessEqual(page.names, {"h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code"}, markdown)
        self.assertNotRegex("".join(page.bare), r"[@#$`<]|:\w+:", markdown)
        heads = [number for number, row in enumerate(page.rows) if row and column in row]
        return page.rows[heads[0] + 1][page.rows[heads[0]].index(column)]

    def test_how_it_was_launched(self):
        words = " ".join(shlex.quote(text) for text in HOSTILE)
        launch = f"{mutant('prefix_in_one_recv')} # {words}"
        self.assertIn(launch, shlex.split(self.shown(self.run_of(launch), "again")))
        earlier = self.folder / "@octocat | `right`.ndjson"
        subprocess.run([FRAMESPEC, "run", "--launch", mutant("none"), *ONE, "--events", earlier], stdin=subprocess.DEVNULL, capture_output=True,
                       timeout=DEADLINE_S, check=True)
        done = subprocess.run([FRAMESPEC, "report", self.folder / "events.ndjson", "--against", earlier, "--markdown", "-"], capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(launch, shlex.split(self.shown(done.stdout, "again")))

    def test_what_it_sent(self):
        server = self.folder / "server.py"
        server.write_text(SERVER)
        for text in HOSTILE:
            with self.subTest(text):
                answer = len(text).to_bytes(4, "little") + text.encode()
                self.assertIn(f'"{text}"', self.shown(self.run_of(f"python3 {server} {{port}} {answer.hex()}"), "came"))


if __name__ == "__main__":
    unittest.main()
