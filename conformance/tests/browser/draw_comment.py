"""ci.png, the picture of docs/ci.md: the comment.md of framespec-ci, as a page shows its Markdown. The server is the one of
docs/testing-your-implementation.md; the baseline is its right twin."""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from framespec_process import FRAMESPEC, HERE

GUIDE = HERE.parents[1] / "docs" / "testing-your-implementation.md"
SOME = ["--dialect", "int32be", "--filter", "segmentation/*/one_*", "--filter", "segmentation/*/empty_*"]
STYLE = """body { margin: 0; padding: 24px; font: 15px/1.5 sans-serif; color: #1f2328; background: #fff }
table { border-collapse: collapse; margin: 16px 0 } td, th { border: 1px solid #d1d9e0; padding: 6px 12px; text-align: left }
code { font: 13px monospace; background: #eff1f3; padding: 2px 4px; overflow-wrap: anywhere } td:last-child { min-width: 30em }"""


def comment(folder):
    """The Markdown of a job that fails, compared with one that passed."""
    (server,) = re.findall(r"<!-- file: my_server.py -->\n```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    run = ["run", "--launch", "python3 my_server.py {port}", *SOME]
    for text, before in ((server.replace("self.request.recv(4)", "read_exactly(self.request, 4)"), ["--reports", "baseline"]),
                         (server, ["--baseline", "baseline/events.ndjson"])):
        (folder / "my_server.py").write_text(text)
        subprocess.run([Path(FRAMESPEC).with_name("framespec-ci"), *before, *run], cwd=folder, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (folder / "framespec-reports" / "comment.md").read_text()


def draw_comment(browser, picture):
    with tempfile.TemporaryDirectory(prefix=f"framespec-comment-{os.getpid()}-") as name:
        page = Path(name) / "comment.html"
        # What follows the comparison is folded on GitHub, too: here it is open.
        text = json.dumps(comment(Path(name)).replace("<details>", "<details open>")).replace("</", "<\\/")
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body><script src={os.environ['FRAMESPEC_MARKED']}></script>"
                        f"<script>document.body.innerHTML = marked.parse({text}); document.body.dataset.ready = 'yes'</script>")
        browser.look(1100, height=700)
        browser.open(page)
        browser.look(1100, height=browser.value("document.documentElement.getBoundingClientRect().height | 0"))
        browser.screenshot(picture)
