"""Echo testee on Twisted's IntNStringReceiver classes."""

import argparse
import sys

from twisted.internet import interfaces, protocol, reactor
from twisted.protocols import basic
from zope.interface import implementer

RECEIVERS = {"int32be": basic.Int32StringReceiver, "twisted-int32string": basic.Int32StringReceiver,
             "uint16be": basic.Int16StringReceiver, "twisted-int16string": basic.Int16StringReceiver,
             "erlang-packet-1": basic.Int8StringReceiver}

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("port", type=int)
parser.add_argument("--dialect", default="int32be")
parser.add_argument("--max-payload", type=int, default=16 << 20)
options = parser.parse_args()
if options.dialect not in RECEIVERS:
    sys.exit(89)


@implementer(interfaces.IHalfCloseableProtocol)
class Echo(RECEIVERS[options.dialect]):
    MAX_LENGTH = options.max_payload

    def connectionMade(self):
        self.transport.registerProducer(self, True)  # a peer that does not read stops being read

    def stringReceived(self, string):
        self.sendString(string)

    def readConnectionLost(self):
        self.transport.loseConnection()  # once what was written has left

    def writeConnectionLost(self):
        pass


reactor.listenTCP(options.port, protocol.Factory.forProtocol(Echo), backlog=1024, interface="127.0.0.1")
reactor.run()
