module framespec/testees/go-msgio

go 1.19

require github.com/libp2p/go-msgio v0.3.0

require (
	github.com/libp2p/go-buffer-pool v0.0.2 // indirect
	github.com/multiformats/go-varint v0.0.6 // indirect
)
