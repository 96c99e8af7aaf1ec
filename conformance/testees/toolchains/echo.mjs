// What the echo testees on Node.js have in common: their options, and how a connection is kept.
import net from "node:net";
import { parseArgs } from "node:util";

/** `--dialect NAME --max-payload BYTES PORT`; ends with 89 where `dialects` has not that one. */
export function options(dialects, payloadSizeMax) {
  const { values, positionals: [port] } = parseArgs({
    allowPositionals: true,
    options: {
      dialect: { type: "string", default: dialects[0] },
      "max-payload": { type: "string", default: String(payloadSizeMax) },
    },
  });
  if (!dialects.includes(values.dialect)) process.exit(89);
  return { port, dialect: values.dialect, payloadSizeMax: Number(values["max-payload"]) };
}

/** Serves connections side by side, each as `converse` does. */
export function serve(port, converse) {
  net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => {}); // a peer's reset
    converse(socket);
  }).listen({ port, host: "127.0.0.1", backlog: 1024 });
}

/** The same for a codec that is given each piece as it comes: `begin` makes what takes them. What that throws ends the connection. */
export function serveByPieces(port, begin) {
  serve(port, (socket) => {
    const receive = begin(socket);
    socket.on("data", (data) => {
      try {
        receive(data);
      } catch {
        socket.removeAllListeners("data").destroySoon();
      }
      if (socket.writableNeedDrain) socket.pause();
    });
    socket.on("drain", () => socket.resume());
    socket.on("end", () => socket.end());
  });
}
