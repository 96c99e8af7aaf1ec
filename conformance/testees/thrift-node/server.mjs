// Echo testee on Apache Thrift's TFramedTransport for Node.js, called as thrift's own server does.
import thrift from "thrift";
import { options, serveByPieces } from "./echo.mjs";

const { port, payloadSizeMax } = options(["thrift-framed", "int32be"], 16384000);

serveByPieces(port, (socket) => {
  const answer = new thrift.TFramedTransport(undefined, (frame) => socket.write(frame));
  return thrift.TFramedTransport.receiver((frame) => {
    answer.write(frame.borrow().buf);
    answer.flush();
  }, undefined, payloadSizeMax);
});
