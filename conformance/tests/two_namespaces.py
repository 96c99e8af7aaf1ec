#!/usr/bin/env python3
"""Runs a server in one network namespace and a command in another, with a wire between them.

usage: unshare --net two_namespaces.py DROPPED SERVER [ARGUMENT...] -- COMMAND [ARGUMENT...]

To be started in a fresh network namespace, which is the command's. The server's, a second one, is at 192.0.2.2.
The command runs without the capability of number DROPPED (-1: with all). Exit status: the command's, or 125 where
this machine allows no such thing.
"""

import subprocess
import sys

from capabilities import dropping

IN_ITS_OWN = ("echo there; read -r _; ip link set lo up; ip addr add 192.0.2.2/24 dev there; "
              'ip link set there up; exec "$@"')


def lay_wire(server_pid):
    for command in ("link set lo up", f"link add here type veth peer name there netns {server_pid}",
                    "addr add 192.0.2.1/24 dev here", "link set here up"):
        subprocess.run(["ip", *command.split()], check=True)


def main(dropped, *words):
    split = words.index("--")
    with subprocess.Popen(["unshare", "--net", "--", "/bin/sh", "-c", IN_ITS_OWN, "sh", *words[:split]],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout.readline() != "there\n":
                return 125
            lay_wire(server.pid)
            server.stdin.write("\n")
            server.stdin.flush()
            if not server.stdout.readline().startswith("listening"):
                return 125
            return subprocess.run(words[split + 1:], check=False, preexec_fn=dropping(int(dropped))).returncode
        except (OSError, subprocess.CalledProcessError) as problem:
            print(problem, file=sys.stderr)
            return 125
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
