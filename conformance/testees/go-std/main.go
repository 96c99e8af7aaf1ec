// Echo on Go's standard library: encoding/binary and io.CopyN behind a bufio.Reader.
// Usage: server --dialect NAME --max-payload BYTES PORT
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"strconv"
)

type length struct {
	read  func(*bufio.Reader) (uint64, error)
	write func([]byte, uint64) []byte
}

func fixed[T uint16 | uint32 | uint64](order binary.ByteOrder, put func([]byte, T) []byte) length {
	return length{
		func(from *bufio.Reader) (uint64, error) {
			var size T
			err := binary.Read(from, order, &size)
			return uint64(size), err
		},
		func(frame []byte, size uint64) []byte { return put(frame, T(size)) },
	}
}

var lengths = map[string]length{
	"int32":    fixed(binary.LittleEndian, binary.LittleEndian.AppendUint32),
	"int64":    fixed(binary.LittleEndian, binary.LittleEndian.AppendUint64),
	"int32be":  fixed(binary.BigEndian, binary.BigEndian.AppendUint32),
	"int64be":  fixed(binary.BigEndian, binary.BigEndian.AppendUint64),
	"uint16be": fixed(binary.BigEndian, binary.BigEndian.AppendUint16),
	"varint":   {func(from *bufio.Reader) (uint64, error) { return binary.ReadUvarint(from) }, binary.AppendUvarint},
}

func echo(connection net.Conn, dialect length, maximum uint64) {
	defer connection.Close()
	for from := bufio.NewReader(connection); ; {
		size, err := dialect.read(from)
		if err != nil || size > maximum {
			return
		}
		frame := bytes.NewBuffer(dialect.write(nil, size))
		if _, err := io.CopyN(frame, from, int64(size)); err != nil {
			return
		}
		if _, err := connection.Write(frame.Bytes()); err != nil {
			return
		}
	}
}

func main() {
	dialect, known := lengths[os.Args[2]]
	if !known {
		os.Exit(89)
	}
	maximum, _ := strconv.ParseUint(os.Args[4], 10, 63)
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[5])
	for err == nil {
		var connection net.Conn
		if connection, err = listener.Accept(); err == nil {
			go echo(connection, dialect, maximum)
		}
	}
	panic(err)
}
