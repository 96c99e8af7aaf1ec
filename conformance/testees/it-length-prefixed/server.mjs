// Echo testee on it-length-prefixed, the framing of libp2p.
import net from "node:net";
import { parseArgs } from "node:util";
import { once } from "node:events";
import { decode, encode } from "it-length-prefixed";

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "varint" },
    "max-payload": { type: "string", default: "16777216" },
  },
});
if (!["varint", "protobuf-delimited"].includes(options.dialect)) process.exit(89);
const payloadSizeMax = Number(options["max-payload"]);

const limit = { maxDataLength: payloadSizeMax };

async function echo(socket) {
  for await (const frame of decode(socket.iterator({ destroyOnReturn: false }), limit)) {
    if (!socket.write(encode.single(frame, limit).subarray())) await once(socket, "drain");
  }
  socket.end();
}

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on("error", () => {}); // a peer's reset
  echo(socket).catch(() => socket.destroySoon());
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
