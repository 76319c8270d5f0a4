package functions_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// eventsModel serves a model, and returns its address.
func eventsModel(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	return server.URL
}

func TestTimerOfThePackage(t *testing.T) {
	m := newModel(t)
	host, _ := startApp(t, "events", m.URL, false)
	result, err := host.Tick(t.Context(), "morning", false)
	want := fmt.Sprintf(`"GetChatCompletions" on "default" gave %d bytes in`, len(reply))
	if err != nil || result.Failed || len(result.Logs) != 1 || !strings.HasPrefix(result.Logs[0], want) {
		t.Fatalf("got %+v (%v), want the log %s", result, err, want)
	}
	got := m.requests()
	if len(got) != 2 || !strings.Contains(got[0], "Capital of Peru?") || !strings.HasPrefix(got[1], "POST /hook?sig="+hookKey) ||
		!strings.Contains(got[1], "Idempotency-Key: ") || !strings.Contains(got[1], "morning/") || !strings.HasSuffix(got[1], reply) {
		t.Errorf("got the requests %q, want a chat and its delivery", got)
	}
	result, err = host.Tick(t.Context(), "morning", true)
	if err != nil || result.Failed || len(result.Logs) != 1 || !strings.HasPrefix(result.Logs[0], `"morning" did not run`) || len(m.requests()) != 2 {
		t.Errorf("late: got %+v (%v) and %d requests, want that it did not run", result, err, len(m.requests()))
	}
	keepSecret(t, texts(host), hookKey, modelKey)
}

func TestQueueOfThePackage(t *testing.T) {
	var failures atomic.Int64
	url := eventsModel(t, func(w http.ResponseWriter, r *http.Request) {
		if failures.Add(-1) >= 0 {
			saying(http.StatusInternalServerError, `{"error":{"code":"OutOfCheese","message":"No."}}`)(w, r)
			return
		}
		saying(http.StatusOK, reply)(w, r)
	})
	host, _ := startApp(t, "events", url, false)
	own := strings.Replace(envelope, `{`, `{"id":"order 7",`, 1)
	for _, c := range []struct {
		name, message string
		failures      int64
		tries         int
		poisoned      bool
	}{
		{"good", own, 0, 1, false},
		{"good at last", own, 2, 3, false},
		{"never good", own, 5, 5, true},
		{"no envelope", `{"id":5}`, 0, 5, true},
		{"no JSON", "hello", 0, 5, true},
		{"not its action", `{"action":"ListModels"}`, 0, 5, true},
		{"not its connection", strings.Replace(envelope, `{`, `{"connection":"other",`, 1), 0, 5, true},
	} {
		failures.Store(c.failures)
		results, poison := len(host.Queue("results")), len(host.Queue("requests-poison"))
		got, err := host.Deliver(t.Context(), "worker", []byte(c.message))
		if err != nil || got.Tries != c.tries || got.Poisoned != c.poisoned {
			t.Errorf("%s: got %+v (%v), want %d tries, poisoned %t", c.name, got, err, c.tries, c.poisoned)
		}
		if results, poison = len(host.Queue("results"))-results, len(host.Queue("requests-poison"))-poison; (poison == 1) != c.poisoned || (results == 1) == c.poisoned {
			t.Errorf("%s: got %d results and %d poisoned", c.name, results, poison)
		}
	}
	want := `{"id":"order 7","action":"GetChatCompletions","output":` + reply + `}`
	if got := host.Queue("results"); len(got) != 2 || string(got[0]) != want || string(got[1]) != want {
		t.Errorf("got the results %s, want two of %s", got, want)
	}
}

// unforwarded returns the folder of an app whose host forwards nothing.
func unforwarded(t *testing.T, name string) (root string) {
	t.Helper()
	root = unpacked(t, name)
	for _, mode := range []string{"Forwarding", "Proxying"} {
		replace(t, root, "host.json", `"enable`+mode+`HttpRequest": true`, `"enable`+mode+`HttpRequest": false`)
	}
	return root
}

// All of the surface is there where nothing is forwarded.
func TestCallsReachTheirFunctionsWhenTold(t *testing.T) {
	host, address := startAt(t, unforwarded(t, "events"), newModel(t).URL, false)
	for _, c := range []struct {
		method, path, body, function string
		status                       int
		code                         string
	}{
		{"POST", chat, message, "GetChatCompletions", 200, ""},
		{"GET", "/info?api-version=2024-05-01-preview", "", "GetModelInfo", 200, ""},
		{"GET", "/models", "", "ListModels", 200, ""},
		{"POST", "/connections/default" + chat, message, "Rest", 200, ""},
		{"POST", "/v1/chat/completions", message, "Rest", 200, ""},
		{"GET", "/healthz", "", "Rest", 200, ""},
		{"GET", "/", "", "Rest", 200, ""},
		{"GET", chat, "", "Rest", 405, "MethodNotAllowed"},
		{"POST", chat, "{", "GetChatCompletions", 400, "InvalidJson"},
		{"POST", "/connections/other" + chat, message, "Rest", 404, "NotFound"},
		{"POST", "/worker", queued(quoted(quoted(envelope))), "Rest", 404, "NotFound"},
	} {
		got := send(t, newRequest(t, c.method, address+c.path, c.body, "api-key: "+ordersKey))
		if got.status != c.status || got.code != c.code {
			t.Errorf("%s %s: got %+v, want %d %s", c.method, c.path, got, c.status, c.code)
		}
		if names := host.Invoked(); names[len(names)-1] != c.function {
			t.Errorf("%s %s: taken by %s, want %s", c.method, c.path, names[len(names)-1], c.function)
		}
	}
	told := slices.ContainsFunc(texts(host), func(line string) bool {
		return strings.HasPrefix(line, "GetChatCompletions answered 400 InvalidJson in ")
	})
	if !told {
		t.Errorf("got the log %q, want what was answered", texts(host))
	}
	keepSecret(t, texts(host), ordersKey, modelKey)
}

// A caller who gets the whole of a stream gets it as it is.
func TestStreamThatIsTold(t *testing.T) {
	m := newModel(t)
	_, address := startAt(t, unforwarded(t, "keys"), m.URL, false)
	all := event("Li", "") + event("ma.", "") + event("", `"stop"`) + "data: [DONE]\n\n"
	go func() {
		m.events <- all
		close(m.events)
	}()
	if got := send(t, newRequest(t, "POST", address+chat, streamed, "api-key: "+ordersKey)); got.status != http.StatusOK || got.text != all {
		t.Errorf("got %+v, want %q", got, all)
	}
}

func TestFunctionsKeyWhenTold(t *testing.T) {
	_, address := startAt(t, unforwarded(t, "platform"), newModel(t).URL, false)
	for headers, want := range map[string]int{"x-functions-key: " + functionKey: http.StatusOK, "api-key: " + ordersKey: http.StatusUnauthorized} {
		if got := send(t, newRequest(t, "POST", address+"/connections/other"+chat, message, headers)); got.status != want {
			t.Errorf("%s: got %+v, want %d", headers, got, want)
		}
	}
}
