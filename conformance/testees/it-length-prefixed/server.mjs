// Echo testee on it-length-prefixed, the framing of libp2p.
import { once } from "node:events";
import { decode, encode } from "it-length-prefixed";
import { options, serve } from "./echo.mjs";

const { port, payloadSizeMax } = options(["libp2p"], 16777216);
const limit = { maxDataLength: payloadSizeMax };

async function echo(socket) {
  for await (const frame of decode(socket.iterator({ destroyOnReturn: false }), limit)) {
    if (!socket.write(encode.single(frame, limit).subarray())) await once(socket, "drain");
  }
  socket.end();
}

serve(port, (socket) => echo(socket).catch(() => socket.destroySoon()));
