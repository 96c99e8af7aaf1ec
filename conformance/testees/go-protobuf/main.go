// Echo on protodelim, the Go protobuf module's reader and writer of delimited messages.
// Usage: server --dialect protobuf-delimited --max-payload BYTES PORT
package main

import (
	"bufio"
	"net"
	"os"
	"strconv"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/runtime/protoiface"
	"google.golang.org/protobuf/types/known/emptypb"
)

// raw is a message that keeps its bytes as they are, as the payloads sent are no messages.
type raw struct {
	protoreflect.Message
	bytes []byte
}

func (r *raw) ProtoReflect() protoreflect.Message   { return r }
func (r *raw) Interface() protoreflect.ProtoMessage { return r }
func (r *raw) Reset()                               { r.bytes = nil }
func (r *raw) ProtoMethods() *protoiface.Methods {
	return &protoiface.Methods{
		Unmarshal: func(in protoiface.UnmarshalInput) (protoiface.UnmarshalOutput, error) {
			r.bytes = append([]byte(nil), in.Buf...)
			return protoiface.UnmarshalOutput{Flags: protoiface.UnmarshalInitialized}, nil
		},
		Marshal: func(in protoiface.MarshalInput) (protoiface.MarshalOutput, error) {
			return protoiface.MarshalOutput{Buf: append(in.Buf, r.bytes...)}, nil
		},
	}
}

func echo(connection net.Conn, options protodelim.UnmarshalOptions) {
	defer connection.Close()
	message := &raw{Message: (&emptypb.Empty{}).ProtoReflect()}
	for reader := bufio.NewReader(connection); options.UnmarshalFrom(reader, message) == nil; {
		if _, err := protodelim.MarshalTo(connection, message); err != nil {
			return
		}
	}
}

func main() {
	if os.Args[2] != "protobuf-delimited" {
		os.Exit(89)
	}
	maximum, _ := strconv.ParseInt(os.Args[4], 10, 64)
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[5])
	for err == nil {
		var connection net.Conn
		if connection, err = listener.Accept(); err == nil {
			go echo(connection, protodelim.UnmarshalOptions{MaxSize: maximum})
		}
	}
	panic(err)
}
