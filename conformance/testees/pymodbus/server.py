"""Echo testee on pymodbus's Modbus/TCP server, with requests that are opaque to it and answer themselves."""

import argparse
import asyncio
import sys

from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import SimData, SimDevice

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("port", type=int)
parser.add_argument("--dialect", default="modbus-tcp")
options = parser.parse_args()
if options.dialect != "modbus-tcp":
    sys.exit(89)


class Opaque(ModbusPDU):
    def __init__(self, frame):
        super().__init__()
        self.function_code, self.data = frame[0], frame[1:]

    def encode(self):
        return self.data

    async def datastore_update(self, context, device_id):
        return self


class OpaqueDecoder:
    def decode(self, frame):
        return Opaque(frame)


async def run():
    server = ModbusTcpServer(SimDevice(0, [SimData(0, count=1)]), address=("127.0.0.1", options.port))
    server.decoder = OpaqueDecoder()
    await server.serve_forever()


asyncio.run(run())
