// go run counting_reader.go WHERE CONNECTIONS: the sister of counting_reader.cc in Go, with the same output. IPv4.
//
// Every Read of a connection is one receive call, in a goroutine of its own.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
)

func main() {
	connections, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	tallies := make([]map[int]int, connections)
	var all sync.WaitGroup
	for index := range tallies {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		tallies[index] = map[int]int{}
		all.Add(1)
		go func(tally map[int]int) {
			defer all.Done()
			piece := make([]byte, 65536)
			for {
				size, err := connection.Read(piece)
				if err != nil {
					return
				}
				tally[size]++
			}
		}(tallies[index])
	}
	fmt.Println("accepted")
	all.Wait()
	reads, bytes := map[int]int{}, 0
	for _, tally := range tallies {
		for size, count := range tally {
			reads[size] += count
			bytes += size * count
		}
	}
	for size, count := range reads {
		fmt.Println("read", size, count)
	}
	fmt.Println("bytes", bytes)
	fmt.Println("end fin")
}
