// Echo testee on frame-stream.
import frame from "frame-stream";
import { options, serve } from "./echo.mjs";

const SIZES = { uint32be: 4, uint16be: 2, "erlang-packet-1": 1 };
const { port, dialect, payloadSizeMax } = options(Object.keys(SIZES), 16777216);
const lengthSize = SIZES[dialect];

serve(port, (socket) => {
  const decoder = frame.decode({ lengthSize, maxSize: payloadSizeMax });
  decoder.on("error", () => socket.destroySoon());
  socket.pipe(decoder).pipe(frame.encode({ lengthSize })).pipe(socket);
});
