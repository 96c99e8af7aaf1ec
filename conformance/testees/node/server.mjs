// Echo testee on Node.js itself: readable.read(size) of a net.Socket gathers, Buffer reads the length.
import { options, serve } from "../toolchains/echo.mjs";

const LENGTHS = {
  int32be: [4, "Int32BE"],
  int32: [4, "Int32LE"],
  uint16be: [2, "UInt16BE"],
  "erlang-packet-1": [1, "UInt8"],
};
const { port, dialect, payloadSizeMax } = options(Object.keys(LENGTHS), 16777216);
const [width, kind] = LENGTHS[dialect];

serve(port, (socket) => {
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
});
