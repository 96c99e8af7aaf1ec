"""The services of this folder: for each a folder with service.json (service.schema.json says what is in it), its
recording, and in files/ what it is configured with."""

import json
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Service:
    name: str
    title: str
    package: str
    start: list
    client: list
    prepare: list = field(default_factory=list)
    client_input: str = ""
    options: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    explained: list = field(default_factory=list)
    files: dict = field(default_factory=dict)  # their texts, by path

    @property
    def folder(self):
        return HERE / self.name

    @property
    def recording(self):
        return self.folder / "recording.ndjson"

    def client_of(self, port):
        """The client's command, for a service on this port."""
        return [word.replace("{port}", str(port)).replace("{folder}", str(self.folder)) for word in self.client]


def names():
    return sorted(path.parent.name for path in HERE.glob("*/service.json"))


def read(name):
    members = json.loads((HERE / name / "service.json").read_text())
    files = HERE / name / "files"
    texts = {str(path.relative_to(files)): path.read_text() for path in sorted(files.rglob("*")) if path.is_file()}
    return Service(name=name, files=texts, **members)
