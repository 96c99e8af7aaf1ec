"""The guide docs/testing-your-implementation.md, followed to the letter in a fresh folder, with other ports."""

import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "testing-your-implementation.md"
# A comment, which readers do not see, says of a block which file it is, or with which exit code it ends.
BLOCK = re.compile(r"<!-- (file|run): (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)


def sections():
    """The sections of the guide by their headings: of each its marked blocks, as (kind, of what, text)."""
    parts = re.split(r"^## (.*)$", GUIDE.read_text(), flags=re.MULTILINE)
    return {heading: BLOCK.findall(text) for heading, text in zip(parts[1::2], parts[2::2])}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def may_capture():
    """Whether packets of the loopback interface may be captured: a user without that right cannot follow what does so."""
    return subprocess.run(["dumpcap", "-L", "-i", "lo"], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


class Guide(unittest.TestCase):
    def follow(self, *headings):
        """Does what these sections say, in one fresh folder."""
        environment = dict(os.environ, PATH=f"{pathlib.Path(os.environ['FRAMESPEC']).parent}:{os.environ['PATH']}", PYTHONDONTWRITEBYTECODE="1")
        ran = 0
        with tempfile.TemporaryDirectory() as folder:
            for heading in headings:
                for kind, of, text in sections()[heading]:
                    if kind == "file":
                        (pathlib.Path(folder) / of).write_text(text)
                        continue
                    if "tshark -i" in text and not may_capture():
                        continue
                    for port in ("28000", "28001"):
                        text = text.replace(port, str(free_port()))
                    done = subprocess.run(["bash", "-c", text], cwd=folder, env=environment, timeout=500,
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                    self.assertEqual(done.returncode, int(of), f"{heading}:\n{text}\n{done.stdout[-4000:]}")
                    ran += 1
        self.assertGreater(ran, 0)
        return done.stdout

    def test_a_server_and_a_job_in_ci(self):
        self.follow("1. A server", "7. In CI")

    def test_a_client(self):
        self.follow("2. A client")

    def test_a_service(self):
        self.assertRegex(self.follow("3. Any service, from what a client said to it"), r"differ from time to time|PASS")

    def test_a_codec(self):
        self.assertRegex(self.follow("5. A codec in another language"), r"\d{3} cases, cut as each says")

    def test_every_marked_block_is_followed(self):
        with_blocks = {heading for heading, blocks in sections().items() if blocks}
        self.assertEqual(with_blocks, {"1. A server", "2. A client", "3. Any service, from what a client said to it",
                                       "5. A codec in another language", "7. In CI"})


if __name__ == "__main__":
    unittest.main()
