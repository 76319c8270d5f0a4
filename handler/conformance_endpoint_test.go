package main_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// An endpointDouble is all model endpoints of the cases: base paths tell them apart. It answers by script
// and remembers what arrived.
type endpointDouble struct {
	address, closed string

	mu      sync.Mutex
	script  *message
	seen    []*message
	playing int
}

func newEndpointDouble(t *testing.T) *endpointDouble {
	t.Helper()
	d := &endpointDouble{}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	d.address = server.Listener.Addr().String()
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.closed = unused.Addr().String()
	if err := unused.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// expand writes addresses and dates into a text of a case.
func (d *endpointDouble) expand(text string) string {
	text = date.ReplaceAllStringFunc(text, func(short string) string {
		seconds, _ := strconv.Atoi(date.FindStringSubmatch(short)[1]) // the expression lets only digits through
		return time.Now().UTC().Add(time.Duration(seconds) * time.Second).Format(http.TimeFormat)
	})
	return strings.NewReplacer("${endpoint}", d.address, "${closed}", d.closed).Replace(text)
}

var date = regexp.MustCompile(`\$\{now\+(\d+)\}`)

// play makes script the answer to all that arrives from now on. With nil nothing is expected.
func (d *endpointDouble) play(script *message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.script, d.seen = script, nil
}

// arrived returns the requests since play, once all of them are over. A call that is answered must leave
// none behind at the endpoint.
func (d *endpointDouble) arrived(t *testing.T) []*message {
	t.Helper()
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		d.mu.Lock()
		playing, seen := d.playing, d.seen
		d.mu.Unlock()
		if playing == 0 {
			return seen
		}
		if time.Since(start) > patience {
			t.Fatal("the call is answered, but its request to the endpoint still runs")
		}
	}
}

// ServeHTTP implements http.Handler.
func (d *endpointDouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer d.begin()()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	script := d.note(r, body)
	switch {
	case script == nil:
		w.WriteHeader(http.StatusNotImplemented)
	case script.line == "":
		writeRaw(w, script.steps)
	default:
		status, _ := strconv.Atoi(script.line)
		header := w.Header()
		header["Date"], header["Content-Type"] = nil, nil // nothing that the script does not have
		for name, values := range script.header {
			header[name] = values
		}
		w.WriteHeader(status)
		writeSteps(w, r, script.steps)
	}
}

func (d *endpointDouble) begin() (end func()) {
	add := func(n int) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.playing += n
	}
	add(1)
	return func() { add(-1) }
}

// note remembers a request. What HTTP keeps out of the headers is added where it is not as it should be.
func (d *endpointDouble) note(r *http.Request, body []byte) (script *message) {
	header := r.Header.Clone()
	header.Del("Content-Length")
	if r.Host != d.address {
		header.Set("Host", r.Host)
	}
	if len(r.TransferEncoding) > 0 {
		header["Transfer-Encoding"] = r.TransferEncoding
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, newMessage(r.Method+" "+r.RequestURI, header, body))
	return d.script
}

func writeSteps(w http.ResponseWriter, r *http.Request, steps []step) {
	control := http.NewResponseController(w)
	for _, s := range steps {
		if s.directive != "" {
			_ = control.Flush() // whoever reads may have left already
		}
		switch s.directive {
		case "":
			_, _ = w.Write(s.data)
		case "pause":
			time.Sleep(moment)
		case "hang":
			<-r.Context().Done()
		case "cut":
			panic(http.ErrAbortHandler)
		}
	}
}

// writeRaw writes what need not be HTTP, and closes the connection.
func writeRaw(w http.ResponseWriter, steps []step) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer connection.Close()
	for _, s := range steps {
		switch s.directive {
		case "":
			_, _ = connection.Write(s.data)
		case "pause":
			time.Sleep(moment)
		case "hang":
			_, _ = io.Copy(io.Discard, connection) // until the other side closes it
		case "cut":
			return
		}
	}
}

// moment is long enough for what was written to be read on its own.
const moment = 20 * time.Millisecond
