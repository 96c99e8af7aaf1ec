// Echo testee on Node.js itself: readable.read(size) of a net.Socket gathers, Buffer reads the length.
import net from "node:net";
import { parseArgs } from "node:util";

const LENGTHS = {
  int32: [4, "Int32LE"],
  int32be: [4, "Int32BE"],
  uint16be: [2, "UInt16BE"],
  "erlang-packet-1": [1, "UInt8"],
};

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "int32be" },
    "max-payload": { type: "string", default: "16777216" },
  },
});
if (!(options.dialect in LENGTHS)) process.exit(89);
const payloadSizeMax = Number(options["max-payload"]);

const [width, kind] = LENGTHS[options.dialect];

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  let prefix = null;
  const echo = () => {
    while (!socket.writableNeedDrain) {
      prefix ??= socket.read(width);
      if (prefix === null || prefix.length < width) return;
      const size = prefix[`read${kind}`]();
      if (size < 0 || size > payloadSizeMax) return socket.off("readable", echo).destroySoon();
      const payload = size === 0 ? Buffer.alloc(0) : socket.read(size);
      if (payload === null || payload.length < size) return;
      socket.write(Buffer.concat([prefix, payload]));
      prefix = null;
    }
  };
  socket.on("readable", echo);
  socket.on("drain", echo);
  socket.on("end", () => socket.end());
  socket.on("error", () => {}); // a peer's reset
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
