// Echo testee on the StreamDecoder of @grpc/grpc-js; what it returns are whole messages with their prefix.
import net from "node:net";
import { parseArgs } from "node:util";
import grpc from "./node_modules/@grpc/grpc-js/build/src/stream-decoder.js";

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "grpc" },
    "max-payload": { type: "string", default: "4194304" },
  },
});
if (options.dialect !== "grpc") process.exit(89);
const payloadSizeMax = Number(options["max-payload"]);

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  const decoder = new grpc.StreamDecoder(payloadSizeMax);
  socket.on("data", (data) => {
    try {
      for (const message of decoder.write(data)) socket.write(message);
    } catch {
      socket.removeAllListeners("data").destroySoon();
    }
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => socket.end());
  socket.on("error", () => {}); // a peer's reset
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
