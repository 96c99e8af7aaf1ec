// Echo testee on the PacketParser of mysql2, and its Packet to answer with.
import PacketParser from "./node_modules/mysql2/lib/packet_parser.js";
import Packet from "./node_modules/mysql2/lib/packets/packet.js";
import { options, serveByPieces } from "./echo.mjs";

const { port } = options(["mysql"], 16777215);

serveByPieces(port, (socket) => {
  const parser = new PacketParser((packet) => {
    const bytes = Buffer.concat([Buffer.alloc(4), packet.buffer.subarray(packet.offset, packet.end)]);
    const answer = new Packet(packet.sequenceId, bytes, 0, bytes.length);
    answer.writeHeader(packet.sequenceId);
    socket.write(answer.buffer);
  });
  return (data) => parser.execute(data);
});
