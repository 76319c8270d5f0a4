package clients

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
)

// recorder is an endpoint that keeps what arrives and has one answer.
type recorder struct {
	mutex    sync.Mutex
	arrivals []arrival
}

type arrival struct {
	header http.Header
	body   map[string]any
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	a := arrival{header: request.Header}
	if err := json.NewDecoder(request.Body).Decode(&a.body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mutex.Lock()
	r.arrivals = append(r.arrivals, a)
	r.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"id":"1","object":"chat.completion","created":1,"model":"recorder",
		"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"noted"}}],
		"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`)
}

// of returns the one call that arrived for a user.
func (r *recorder) of(t testing.TB, user string) arrival {
	t.Helper()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var found []arrival
	for _, a := range r.arrivals {
		if a.body["user"] == user {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d calls of %s arrived, want 1", len(found), user)
	}
	return found[0]
}
