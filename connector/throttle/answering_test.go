package throttle_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
)

// answering returns the address of something that answers every script with the same reply.
func answering(t testing.TB, reply string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(connection, reply)
		}
	}()
	return listener.Addr().String()
}

func answer(connection net.Conn, reply string) {
	defer connection.Close()
	for lines := bufio.NewScanner(connection); lines.Scan(); {
		switch strings.ToLower(lines.Text()) {
		case "hello":
			_, _ = io.WriteString(connection, "-ERR unknown command\r\n")
		case "evalsha":
			_, _ = io.WriteString(connection, reply)
		}
	}
}
