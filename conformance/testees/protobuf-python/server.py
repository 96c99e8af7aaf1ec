"""Echo testee on protobuf's proto.parse_length_prefixed and serialize_length_prefixed."""

import argparse
import socketserver
import sys

from google.protobuf import proto

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("port", type=int)
parser.add_argument("--dialect", default="protobuf-delimited")
parser.add_argument("--max-payload", type=int, help="has no effect: the codec has no limit")
options = parser.parse_args()
if options.dialect not in ("protobuf-delimited", "varint"):
    sys.exit(89)


class Opaque:
    """A message of any bytes: what the codec asks of one."""

    payload = b""

    def ParseFromString(self, payload):
        self.payload = payload
        return len(payload)

    def SerializeToString(self, deterministic=None):
        return self.payload


class Echo(socketserver.StreamRequestHandler):
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle(self):
        while (message := proto.parse_length_prefixed(Opaque, self.rfile)) is not None:
            proto.serialize_length_prefixed(message, self.wfile)
            self.wfile.flush()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024


Server(("127.0.0.1", options.port), Echo).serve_forever()
