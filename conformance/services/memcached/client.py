#!/usr/bin/env python3
"""Says to the memcached on PORT what its recording holds, by pymemcache. What goes together goes in one send."""

import sys

from pymemcache.client.base import Client

client = Client(("127.0.0.1", int(sys.argv[1])), default_noreply=False)
client.flush_all()
client.set("greeting", b"hello\r\n world")
client.set("unasked", b"no reply", noreply=True)
client.get("greeting")
client.set_many({"one": b"1", "two": b"2" * 200, "three": b""})
client.get_many(["one", "two", "three", "unasked", "nothing"])
client.incr("one", 41)
client.append("greeting", b"!")
client.get("greeting")
client.delete("greeting")
client.close()
