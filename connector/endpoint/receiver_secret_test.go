package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// Parts of signed that give it away.
var signedParts = []string{"workflows", "0a1b", "paths/invoke", "api-version", "sp=", "s1gN", "sig=", "at-ure"}

// everything formats a value in all ways that a program has, and whatever it wraps.
func everything(t testing.TB, value any) string {
	t.Helper()
	var all bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&all, verb+"\n", value)
	}
	text, _ := json.Marshal(value)
	all.Write(text)
	slog.New(slog.NewJSONHandler(&all, nil)).Info("here", "value", value)
	slog.New(slog.NewTextHandler(&all, nil)).Info("here", "value", value)
	if err, ok := value.(error); ok {
		if inner := errors.Unwrap(err); inner != nil {
			all.WriteString(everything(t, inner))
		}
	}
	return all.String()
}

func wantNoAddress(t testing.TB, value any) {
	t.Helper()
	text := everything(t, value)
	for _, part := range signedParts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(part)) || strings.Contains(text, fmt.Sprintf("%x", part)) {
			t.Errorf("got %q in %s", part, text)
		}
	}
}

// However a delivery fails, nothing of the address but the host is told, not even by what the other side sends back.
func TestReceiverKeepsItsAddress(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		dump, _ := httputil.DumpRequest(r, true)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = conn.Write(dump)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"refused in its own words": func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.RequestURI, http.StatusForbidden) },
		"redirect to itself":       func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.RequestURI, http.StatusFound) },
		"request as an answer":     echo,
		"hangs up":                 abort,
		"silent":                   hang,
		"asks to wait": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", r.RequestURI)
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				handler(w, r)
			}))
			defer server.Close()
			failsSilently(t, server.URL)
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		failsSilently(t, "http://"+listener.Addr().String())
	})
	t.Run("no TLS there", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(echo))
		defer server.Close()
		failsSilently(t, strings.Replace(server.URL, "http:", "https:", 1))
	})
	t.Run("no such host", func(t *testing.T) { failsSilently(t, "https://host.invalid") })
}

// failsSilently delivers to an address where that fails, in too little time for a second attempt.
func failsSilently(t testing.TB, root string) {
	t.Helper()
	c := ReceiverConfig{URL: connector.NewSecret(root + signed), Egress: Egress{TrustLoopback: true}}
	r := newReceiver(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err := r.Deliver(ctx, "1", []byte(`{}`))
	failure := wantCode(t, err, connector.DeliveryFailed)
	if !strings.Contains(err.Error(), r.Host()) || strings.Contains(failure.Message, r.Host()) {
		t.Errorf("got %v, want the host in the cause alone", err)
	}
	for _, value := range []any{err, failure, string(failure.JSON()), c, &c, r, *r, []any{r}, struct{ R *Receiver }{r}} {
		wantNoAddress(t, value)
	}
}

// Nor do complaints about an address.
func TestReceiverComplaintsKeepTheAddress(t *testing.T) {
	for _, url := range []string{
		signed, "http://flows.example.com" + signed, "https://flows.example.com:s1gN" + signed, "https://s1gN:at-ure@flows.example.com",
		"https://flows.example.com/%zz" + signed, "sig=s1gN", "https://10.0.0.1" + signed, "https://flows.example.com/ " + signed, "https://[::1" + signed,
	} {
		_, err := NewReceiver(ReceiverConfig{URL: connector.NewSecret(url)})
		if err == nil {
			t.Errorf("%s is accepted", url)
			continue
		}
		wantNoAddress(t, errors.New(strings.ReplaceAll(err.Error(), exampleReceiver, "")))
	}
}
