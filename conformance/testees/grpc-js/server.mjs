// Echo testee on the StreamDecoder of @grpc/grpc-js; what it returns are whole messages with their prefix.
import grpc from "./node_modules/@grpc/grpc-js/build/src/stream-decoder.js";
import { options, serveByPieces } from "./echo.mjs";

const { port, payloadSizeMax } = options(["grpc"], 4194304);

serveByPieces(port, (socket) => {
  const decoder = new grpc.StreamDecoder(payloadSizeMax);
  return (data) => {
    for (const message of decoder.write(data)) socket.write(message);
  };
});
