"""Pictures of a page, to be looked at: three views at three widths, light and dark; report.png, that of the README; and ci.png, of a
comment on a pull request, for docs/ci.md.

usage: take_pictures.py DIR
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from chromium import Chromium  # noqa: E402
from draw_comment import draw_comment  # noqa: E402
from framespec_process import FRAMESPEC, TESTEES  # noqa: E402

ONE_BYTE = quote("segmentation/int32/cut_at-1/one_byte")
FILTERS = [word for area in ("segmentation", "length", "coalescing") for word in ("--filter", f"{area}/*")]
VIEWS = {"first": "", "table": "#q=only%3Acut", "check": f"#open={ONE_BYTE}&in=0"}


def main():
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as name, Chromium() as browser:
        page = Path(name) / "naive.html"
        # The article's server, as the README and ci/demo show it.
        subprocess.run([FRAMESPEC, "run", "--dialect", "int32", "--launch", "python3 naive_echo.py {port}", *FILTERS, "--html", page],
                       cwd=TESTEES / "article", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        for view, fragment in VIEWS.items():
            for width in (360, 800, 1400):
                for scheme in ("light", "dark"):
                    browser.look(width, scheme=scheme)
                    browser.open(page, fragment)
                    browser.screenshot(folder / f"{view}-{width}-{scheme}.png")
        browser.look(860, height=920)
        browser.open(page, VIEWS["check"])
        browser.screenshot(folder / "report.png")
        draw_comment(browser, folder / "ci.png")


if __name__ == "__main__":
    main()
