// Echo testee on the Parser of pg-protocol: of the messages that are opaque to it, CopyData.
import net from "node:net";
import { parseArgs } from "node:util";
import { serialize } from "pg-protocol";
import { Parser } from "pg-protocol/dist/parser.js";

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "postgresql-copy-data" },
    "max-payload": { type: "string", default: "16777216" },
  },
});
if (!options.dialect.includes("postgresql-copy-data")) process.exit(89);

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  const parser = new Parser();
  socket.on("data", (data) => {
    try {
      parser.parse(data, (message) => {
        if (message.name !== "copyData") throw message;
        socket.write(serialize.copyData(message.chunk));
      });
    } catch {
      socket.removeAllListeners("data").destroySoon();
    }
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => socket.end());
  socket.on("error", () => {}); // a peer's reset
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
