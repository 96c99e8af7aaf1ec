#!/usr/bin/env python3
"""Row 4: the remote command without framing, client side.

Sends every line of standard input as a command and prints what one receive brings. A reply over
1024 bytes is cut there, and its rest is printed as if it were the reply to the next command.

Defects kept: one recv(1024) is taken for one whole reply; a command without output is waited on
for ever; a UTF-8 character cut at byte 1024 ends the program.
"""

import socket

from endpoint import RECEIVE_SIZE, arguments, typed_lines


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((where.host, where.port))
        for line in typed_lines():
            connection.send(line.encode("utf-8"))
            print(connection.recv(RECEIVE_SIZE).decode("utf-8"), end="", flush=True)


if __name__ == "__main__":
    main()
