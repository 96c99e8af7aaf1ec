#!/usr/bin/env python3
"""Calls `string greet(1: string name)` twice over Thrift's framed transport, and prints what it returns.

What is under test is Apache Thrift's own library, as Debian's python3-thrift has it: its TFramedTransport puts the
answer together. The call is written by hand as the Thrift compiler would generate it. The exit status is 1 where the
library raises an error.
"""

import argparse
import sys

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.Thrift import TException, TMessageType, TType
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TFramedTransport


def greet(protocol, name, sequence):
    protocol.writeMessageBegin("greet", TMessageType.CALL, sequence)
    protocol.writeStructBegin("greet_args")
    protocol.writeFieldBegin("name", TType.STRING, 1)
    protocol.writeString(name)
    protocol.writeFieldEnd()
    protocol.writeFieldStop()
    protocol.writeStructEnd()
    protocol.writeMessageEnd()
    protocol.trans.flush()

    result = None
    name, kind, answered = protocol.readMessageBegin()
    if (name, kind, answered) != ("greet", TMessageType.REPLY, sequence):
        raise TException(f"an answer to something else: {name}, {kind}, {answered}")
    protocol.readStructBegin()
    while True:
        _, field_type, field = protocol.readFieldBegin()
        if field_type == TType.STOP:
            break
        if (field, field_type) == (0, TType.STRING):
            result = protocol.readString()
        else:
            protocol.skip(field_type)
        protocol.readFieldEnd()
    protocol.readStructEnd()
    protocol.readMessageEnd()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    port = parser.parse_args().port
    transport = TFramedTransport(TSocket("127.0.0.1", port))
    transport.open()
    protocol = TBinaryProtocol(transport)
    try:
        for sequence, name in enumerate(("world", "you"), 1):
            print(greet(protocol, name, sequence), flush=True)
    except (TException, OSError, EOFError) as error:
        sys.exit(f"thrift: {type(error).__name__}: {error}")
    finally:
        transport.close()


if __name__ == "__main__":
    main()
