// Echo testee on the PacketParser of mysql2, and its Packet to answer with.
import net from "node:net";
import { parseArgs } from "node:util";
import PacketParser from "./node_modules/mysql2/lib/packet_parser.js";
import Packet from "./node_modules/mysql2/lib/packets/packet.js";

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "mysql" },
    "max-payload": { type: "string", default: "16777215" },
  },
});
if (options.dialect !== "mysql") process.exit(89);

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  const parser = new PacketParser((packet) => {
    const bytes = Buffer.concat([Buffer.alloc(4), packet.buffer.subarray(packet.offset, packet.end)]);
    const answer = new Packet(packet.sequenceId, bytes, 0, bytes.length);
    answer.writeHeader(packet.sequenceId);
    socket.write(answer.buffer);
  });
  socket.on("data", (data) => {
    try {
      parser.execute(data);
    } catch {
      socket.removeAllListeners("data").destroySoon();
    }
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => socket.end());
  socket.on("error", () => {}); // a peer's reset
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
