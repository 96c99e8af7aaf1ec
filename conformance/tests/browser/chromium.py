"""Debian's Chromium, headless, through its own protocol (DevTools): no driver, no package of Python."""

import base64
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM", "chromium")
DEADLINE_S = 120  # of one answer, on a machine that is busy with others


class PageError(AssertionError):
    """What a script of the page, or of the test, has thrown."""


class Chromium:
    """One browser with one page. What it is told goes through a pipe, so that there is no port."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix=f"framespec-browser-{os.getpid()}-")
        to_browser, self.to = os.pipe()
        self.come, from_browser = os.pipe()

        # Chromium reads descriptor 3 and writes 4; what is dropped first may stand there.
        def lay_pipe():
            reader, writer = os.dup(to_browser), os.dup(from_browser)
            high = [os.dup2(each, 60 + number) for number, each in enumerate((reader, writer))]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=lay_pipe)
        os.close(to_browser)
        os.close(from_browser)
        os.set_blocking(self.come, False)
        self.number = 0
        self.rest = b""
        self.events = []
        self.session = None
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.tell(f"{domain}.enable")

    def close(self):
        try:
            self.tell("Browser.close")
        except (OSError, AssertionError):
            self.process.kill()
        os.close(self.to)
        os.close(self.come)
        self.process.wait(timeout=DEADLINE_S)
        # Its children may still write there.
        self.profile._ignore_cleanup_errors = True
        self.profile.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def message(self):
        """The next one; AssertionError: none comes."""
        deadline = time.monotonic() + DEADLINE_S
        while b"\0" not in self.rest:
            try:
                piece = os.read(self.come, 1 << 20)
            except BlockingIOError:
                assert time.monotonic() < deadline, "Chromium does not answer"
                time.sleep(0.001)
                continue
            assert piece, "Chromium has ended"
            self.rest += piece
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def tell(self, method, **parameters):
        self.number += 1
        told = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            told["sessionId"] = self.session
        left = json.dumps(told).encode() + b"\0"
        while left:
            left = left[os.write(self.to, left):]
        while True:
            message = self.message()
            if message.get("id") == self.number:
                assert "error" not in message, (method, message)
                return message["result"]
            if "method" in message:
                self.events.append(message)

    def wait_for(self, method):
        """The parameters of the next event of that name, also of one that has come already."""
        while True:
            for place, event in enumerate(self.events):
                if event["method"] == method:
                    del self.events[:place + 1]
                    return event["params"]
            message = self.message()
            if "method" in message:
                self.events.append(message)

    def value(self, expression):
        """What the expression comes to in the page; a promise is waited for."""
        done = self.tell("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise PageError(f"{expression}: {json.dumps(done['exceptionDetails'])[:2000]}")
        return done["result"].get("value")

    def until(self, expression):
        """Waits until the expression is true; its value."""
        deadline = time.monotonic() + DEADLINE_S
        while not (value := self.value(expression)):
            if time.monotonic() > deadline:
                raise PageError(f"never true: {expression}")
            time.sleep(0.01)
        return value

    def open(self, path, fragment="", ready="document.body?.dataset.ready === 'yes'"):
        """The page of a file, once `ready` is true of it; what happened before is forgotten."""
        self.tell("Page.navigate", url="about:blank")
        self.events.clear()
        self.tell("Page.navigate", url=f"{Path(path).resolve().as_uri()}{fragment}")
        self.until(ready)

    def follow(self, fragment):
        """Another address of the same page."""
        self.value(f"new Promise((done) => {{ addEventListener('hashchange', () => done(1), {{once: true}}); location.hash = {json.dumps(fragment)}; }})")

    def key(self, key):
        """Presses a key, and lets it go; what the browser itself does on it happens too."""
        codes = {"Enter": 13, "Escape": 27}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        given = {"key": key, "windowsVirtualKeyCode": codes.get(key, 0)}
        self.tell("Input.dispatchKeyEvent", type="keyDown", text=text, **given)
        self.tell("Input.dispatchKeyEvent", type="keyUp", **given)

    def look(self, width, height=900, scheme="light"):
        """How wide it is, and whether it is light or dark."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, file):
        Path(file).write_bytes(base64.b64decode(self.tell("Page.captureScreenshot", format="png")["data"]))

    def violations(self, axe):
        """What the linter of accessibility in that file finds on the page."""
        self.value(Path(axe).read_text(encoding="utf-8") + "; 1")
        return self.value("axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations.map("
                          "(each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html).join(' ')}`))")

    def problems(self):
        """What the page has written to the console, thrown, or been refused; and the requests that are not its own."""
        self.value("1")
        found = []
        for event in self.events:
            parameters = event["params"]
            if event["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
                found.append(json.dumps(parameters)[:500])
            if event["method"] == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if parameters.get("type") != "Document" or not url.startswith("file:"):
                    found.append(f"a request: {url}")
        return found
