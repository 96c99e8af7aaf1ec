// Echo testee on frame-stream.
import net from "node:net";
import { parseArgs } from "node:util";
import frame from "frame-stream";

const SIZES = { int32be: 4, uint16be: 2, "erlang-packet-1": 1 };

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "int32be" },
    "max-payload": { type: "string", default: "16777216" },
  },
});
if (!(options.dialect in SIZES)) process.exit(89);
const payloadSizeMax = Number(options["max-payload"]);

const lengthSize = SIZES[options.dialect];

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  const decoder = frame.decode({ lengthSize, maxSize: payloadSizeMax });
  decoder.on("error", () => socket.destroySoon());
  socket.on("error", () => {}); // a peer's reset
  socket.pipe(decoder).pipe(frame.encode({ lengthSize })).pipe(socket);
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
