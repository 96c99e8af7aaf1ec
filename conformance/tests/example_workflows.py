"""Writes the workflows that docs/ci.md shows, and the action that they use, as a repository: for actionlint.

usage: example_workflows.py DIR
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = re.compile(r"<!-- workflow: (\w+) -->\n```yaml\n(.*?)```", re.DOTALL)
HEAD = "on: push\njobs:\n  framespec:\n    runs-on: ubuntu-24.04\n    steps:\n"


def example_workflows():
    """By their names in the page: text of whole workflows."""
    found = dict(WORKFLOW.findall((ROOT / "docs" / "ci.md").read_text()))
    return {name: text if name == "whole" else HEAD + text for name, text in found.items()}


def main():
    folder = Path(sys.argv[1])
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    # What marks the root of a repository.
    (folder / ".git").mkdir()
    shutil.copy(ROOT / "action.yml", folder)
    for name, text in example_workflows().items():
        # An action is known by its inputs only where it is at hand.
        (workflows / f"{name}.yml").write_text(re.sub(r"uses: OWNER/framespec@\S+", "uses: ./", text))


if __name__ == "__main__":
    main()
