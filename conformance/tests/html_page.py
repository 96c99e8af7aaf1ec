"""Reads a page that framespec has written, as a browser would."""

import base64
import html.parser
import json
import zlib


class HtmlPage(html.parser.HTMLParser):
    """Its elements, the text on its first screen, its style and scripts, and its data."""

    VOID = {"meta", "br", "rect"}  # rect ends itself

    def __init__(self, text):
        super().__init__()
        self.elements = []  # (name, attributes)
        self.open = []
        self.texts = []     # outside of scripts and styles
        self.inside = {"script": [], "style": []}
        self.unclosed = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        # The end of an item or a cell is never left out in what we write.
        if not self.open or self.open.pop() != tag:
            self.unclosed.append((tag, self.getpos()))

    def handle_data(self, data):
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]][-1] += data
        else:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def policy(self):
        (policy,) = [meta["content"] for meta in self.named("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
        return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}

    @property
    def data(self):
        (attributes,) = [script for script in self.named("script") if script.get("id") == "data"]
        text = self.inside["script"][0]
        if attributes.get("data-packed") == "deflate":
            text = zlib.decompress(base64.b64decode(text)).decode("ascii")
        return json.loads(text)
