"""Reads a recording."""

import json


def head_of(text):
    return json.loads(text.splitlines()[0])


def turns_of(text):
    """What was said: ("send" or "answer", bytes), and ("finish", b"")."""
    turns = []
    for line in text.splitlines()[1:]:
        step = json.loads(line)
        assert step["on"] == "main", step
        turns.append((step.get("do") or step["expect"], bytes.fromhex(step.get("bytes", ""))))
    return turns
