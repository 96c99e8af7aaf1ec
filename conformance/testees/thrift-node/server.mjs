// Echo testee on Apache Thrift's TFramedTransport for Node.js, called as thrift's own server does.
import net from "node:net";
import { parseArgs } from "node:util";
import thrift from "thrift";

const { values: options, positionals: [port] } = parseArgs({
  allowPositionals: true,
  options: {
    dialect: { type: "string", default: "thrift-framed" },
    "max-payload": { type: "string", default: "16384000" },
  },
});
if (!["thrift-framed", "int32be"].includes(options.dialect)) process.exit(89);
const payloadSizeMax = Number(options["max-payload"]);

net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  const answer = new thrift.TFramedTransport(undefined, (frame) => socket.write(frame));
  const receive = thrift.TFramedTransport.receiver((frame) => {
    answer.write(frame.borrow().buf);
    answer.flush();
  }, undefined, payloadSizeMax);
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
  socket.on("error", () => {}); // a peer's reset
}).listen({ port, host: "127.0.0.1", backlog: 1024 });
