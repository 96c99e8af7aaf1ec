// Echo testee on parseFrame of amqplib, called as its Connection does.
import { parseFrame } from "./node_modules/amqplib/lib/frame.js";
import { options, serveByPieces } from "./echo.mjs";

const { port, payloadSizeMax } = options(["amqp091"], 131064);

serveByPieces(port, (socket) => {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    for (let frame; (frame = parseFrame(rest, payloadSizeMax)); rest = frame.rest) {
      socket.write(rest.subarray(0, rest.length - frame.rest.length));
    }
  };
});
