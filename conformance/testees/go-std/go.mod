module framespec/testees/go-std

go 1.19
