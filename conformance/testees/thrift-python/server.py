"""Echo testee on Apache Thrift's TFramedTransport for Python, in its own TThreadedServer."""

import argparse
import sys

from thrift.protocol import TBinaryProtocol
from thrift.server import TServer
from thrift.transport import TSocket, TTransport

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("port", type=int)
parser.add_argument("--dialect", default="thrift-framed")
parser.add_argument("--max-payload", type=int, default=16384000)
options = parser.parse_args()
if options.dialect not in ("thrift-framed", "int32be"):
    sys.exit(89)


class Echo:
    """Where a service has the processor that the compiler made; this one takes each frame as it is."""

    def process(self, received, answer):
        received.trans.readFrame()
        answer.trans.write(received.trans.cstringio_buf.getvalue())
        answer.trans.flush()


listener = TSocket.TServerSocket("127.0.0.1", options.port)
listener.setBacklog(1024)
TServer.TThreadedServer(Echo(), listener, TTransport.TFramedTransportFactory(options.max_payload),
                        TBinaryProtocol.TBinaryProtocolFactory(), daemon=True).serve()
