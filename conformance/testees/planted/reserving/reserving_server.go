// An int32 echo server with at most one planted defect: it makes a slice of the announced length
// before the bytes are there. Right, its buffer grows with what arrives.
//
// usage: reserving_server PORT --defect none|reserves
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

const payloadMax = 16 << 20

func read(conn net.Conn, size uint32, reserves bool) ([]byte, error) {
	if reserves {
		payload := make([]byte, size)
		_, err := io.ReadFull(conn, payload)
		return payload, err
	}
	var payload bytes.Buffer
	_, err := io.CopyN(&payload, conn, int64(size))
	return payload.Bytes(), err
}

func serve(conn net.Conn, reserves bool) {
	defer closeGently(conn)
	prefix := make([]byte, 4)
	for {
		if _, err := io.ReadFull(conn, prefix); err != nil {
			return
		}
		size := binary.LittleEndian.Uint32(prefix)
		if size > payloadMax {
			return
		}
		payload, err := read(conn, size, reserves)
		if err != nil {
			return
		}
		if _, err := conn.Write(append(append([]byte{}, prefix...), payload...)); err != nil {
			return
		}
	}
}

// A close over unread bytes would be a reset, which destroys the last answers.
func closeGently(conn net.Conn) {
	conn.(*net.TCPConn).CloseWrite()
	conn.SetReadDeadline(time.Now().Add(time.Second))
	io.Copy(io.Discard, conn)
	conn.Close()
}

func main() {
	if len(os.Args) != 4 || os.Args[2] != "--defect" || (os.Args[3] != "none" && os.Args[3] != "reserves") {
		fmt.Fprintln(os.Stderr, "usage: reserving_server PORT --defect none|reserves")
		os.Exit(2)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "reserving_server:", err)
		os.Exit(1)
	}
	for {
		if conn, err := listener.Accept(); err == nil {
			go serve(conn, os.Args[3] == "reserves")
		}
	}
}
