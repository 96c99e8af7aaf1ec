// Echo on libp2p's go-msgio: a 4-byte big-endian length, or a varint.
// Usage: server --dialect NAME --max-payload BYTES PORT
package main

import (
	"io"
	"net"
	"os"
	"strconv"

	"github.com/libp2p/go-msgio"
)

func echo(connection net.Conn, reader msgio.ReadCloser, writer msgio.WriteCloser) {
	defer connection.Close()
	for {
		message, err := reader.ReadMsg()
		if err != nil {
			return
		}
		err = writer.WriteMsg(message)
		reader.ReleaseMsg(message)
		if err != nil {
			return
		}
	}
}

func main() {
	maximum, _ := strconv.Atoi(os.Args[4])
	readers := map[string]func(io.Reader) msgio.ReadCloser{
		"uint32be": func(from io.Reader) msgio.ReadCloser { return msgio.NewReaderSize(from, maximum) },
		"libp2p":   func(from io.Reader) msgio.ReadCloser { return msgio.NewVarintReaderSize(from, maximum) },
	}
	writers := map[string]func(io.Writer) msgio.WriteCloser{"uint32be": msgio.NewWriter, "libp2p": msgio.NewVarintWriter}
	reader, known := readers[os.Args[2]]
	if !known {
		os.Exit(89)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[5])
	for err == nil {
		var connection net.Conn
		if connection, err = listener.Accept(); err == nil {
			go echo(connection, reader(connection), writers[os.Args[2]](connection))
		}
	}
	panic(err)
}
