// Echo testee on the Parser of pg-protocol: of the messages that are opaque to it, CopyData.
import { serialize } from "pg-protocol";
import { Parser } from "pg-protocol/dist/parser.js";
import { options, serveByPieces } from "./echo.mjs";

const { port } = options(["postgresql-copy-data"], 16777216);

serveByPieces(port, (socket) => {
  const parser = new Parser();
  return (data) => parser.parse(data, (message) => {
    if (message.name !== "copyData") throw message;
    socket.write(serialize.copyData(message.chunk));
  });
});
