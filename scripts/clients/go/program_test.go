package clients

import (
	"bufio"
	"cmp"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
)

const (
	callerKey   = "orders-0123456789abcdef0123456789"
	endpointKey = "endpoint-0123456789abcdef0123456789"
)

var handler = cmp.Or(os.Getenv("HANDLER"), "../../../bin/handler")

// connector is the real program, serving the connections of ../connections.json: to an emulator that asks
// for a key, and to a recorder.
type connector struct {
	url      string
	recorder *recorder
}

func startConnector(t testing.TB) connector {
	t.Helper()
	r := &recorder{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	emulator := start(t, []string{}, "emulator", "--listen", "127.0.0.1:0", "--key", endpointKey)
	url := start(t, []string{
		"CONNECTOR_LISTEN=127.0.0.1:0", "CONNECTOR_CONNECTIONS_FILE=../connections.json",
		"CONNECTOR_MAX_ATTEMPTS=1", // an endpoint's own 429 and 503 are looked at, not waited for
		"EMULATOR=" + emulator, "RECORDER=" + server.URL, "ENDPOINT_KEY=" + endpointKey, "CALLER_KEY=" + callerKey,
	}, "serve")
	return connector{url, r}
}

// The program says where it listens in a sentence, or in its log.
var listens = regexp.MustCompile(`listens on http://([^/\s]+)|"msg":"listening".*"address":"([^"]+)"`)

// start returns the address of a program that ends with the test, and well: the race detector would tell
// with its exit code.
func start(t testing.TB, environment []string, words ...string) (url string) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.Command(handler, words...)
	program.Env, program.Stdout, program.Stderr = environment, writer, writer
	err = program.Start()
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := program.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := program.Wait(); err != nil {
			t.Errorf("handler %s: %v", words[0], err)
		}
	})
	said := ""
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		said += lines.Text() + "\n"
		if address := listens.FindStringSubmatch(said); address != nil {
			go io.Copy(io.Discard, reader)
			return "http://" + address[1] + address[2]
		}
	}
	t.Fatalf("handler %s does not listen: %s", words[0], said)
	return ""
}
