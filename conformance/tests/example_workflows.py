"""Writes the workflows that the guides show, and the action that they use, as a repository: for actionlint.

usage: example_workflows.py DIR
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = re.compile(r"<!-- workflow: (\w+) -->\n```yaml\n(.*?)```", re.DOTALL)
HEAD = "on: push\njobs:\n  framespec:\n    runs-on: ubuntu-24.04\n    steps:\n"


def example_workflows(page):
    """By their names in that page of docs/: text of whole workflows."""
    found = dict(WORKFLOW.findall((ROOT / "docs" / page).read_text()))
    return {name: HEAD + text if name == "steps" else text for name, text in found.items()}


def main():
    folder = Path(sys.argv[1])
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    # What marks the root of a repository.
    (folder / ".git").mkdir()
    shutil.copy(ROOT / "action.yml", folder)
    for name, text in (example_workflows("ci.md") | example_workflows("tracking-your-benchmarks.md")).items():
        # An action is known by its inputs only where it is at hand.
        (workflows / f"{name}.yml").write_text(re.sub(r"uses: OWNER/framespec@\S+", "uses: ./", text))


if __name__ == "__main__":
    main()
