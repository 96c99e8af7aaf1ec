// Echo testee on parseFrame of amqplib, called as its Connection does.
import net from "node:net";
import { parseArgs } from "node:util";
import { parseFrame } from "./node_modules/amqplib/lib/frame.js";

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "amqp091" },
    "max-payload": { type: "string", default: "131064" },
  },
});
if (options.dialect !== "amqp091") process.exit(89);
const payloadSizeMax = Number(options["max-payload"]);

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  socket.on("data", (data) => {
    try {
      rest = Buffer.concat([rest, data]);
      for (let frame; (frame = parseFrame(rest, payloadSizeMax)); rest = frame.rest) {
        socket.write(rest.subarray(0, rest.length - frame.rest.length));
      }
    } catch {
      socket.removeAllListeners("data").destroySoon();
    }
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => socket.end());
  socket.on("error", () => {}); // a peer's reset
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
