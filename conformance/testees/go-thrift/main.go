// Echo on Apache Thrift's TFramedTransport in Go, inside its own TSimpleServer.
// Usage: server --dialect thrift-framed --max-payload BYTES PORT
package main

import (
	"context"
	"io"
	"os"
	"strconv"

	"github.com/apache/thrift/lib/go/thrift"
)

type echo struct{}

// Process takes one frame as bytes, where generated code would take it as a call.
func (echo) Process(ctx context.Context, in, out thrift.TProtocol) (bool, thrift.TException) {
	framed := in.Transport().(*thrift.TFramedTransport)
	first, err := framed.ReadByte()
	if err != nil {
		return false, thrift.WrapTException(err)
	}
	payload := make([]byte, 1+framed.RemainingBytes())
	payload[0] = first
	if _, err = io.ReadFull(framed, payload[1:]); err == nil {
		_, err = out.Transport().Write(payload)
	}
	if err == nil {
		err = out.Flush(ctx)
	}
	return err == nil, thrift.WrapTException(err)
}
func (echo) ProcessorMap() map[string]thrift.TProcessorFunction  { return nil }
func (echo) AddToProcessorMap(string, thrift.TProcessorFunction) {}

func main() {
	if os.Args[2] != "thrift-framed" {
		os.Exit(89)
	}
	maximum, _ := strconv.ParseInt(os.Args[4], 10, 32)
	configuration := &thrift.TConfiguration{MaxFrameSize: int32(maximum), MaxMessageSize: int32(maximum)}
	socket, err := thrift.NewTServerSocket("127.0.0.1:" + os.Args[5])
	if err != nil {
		panic(err)
	}
	frames := thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), configuration)
	panic(thrift.NewTSimpleServer4(echo{}, socket, frames, thrift.NewTBinaryProtocolFactoryConf(configuration)).Serve())
}
