package endpoint

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/connector"
)

// Whatever is asked and over whichever protocol, nobody is asked elsewhere: the key would travel along (S4).
func TestNothingFollowsRedirects(t *testing.T) {
	var elsewhere atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer target.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		redirect := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", target.URL)
			w.Header().Set("Refresh", "0; url="+target.URL)
			w.Header().Set("Alt-Svc", `h2="`+strings.TrimPrefix(target.URL, "http://")+`"`)
			w.WriteHeader(status)
		}
		for _, e := range []*Endpoint{serve(t, Config{Key: secret}, redirect), serve2(t, Config{Key: secret}, redirect)} {
			info := &connector.Request{Action: getInfo, Record: &connector.Record{}}
			for _, r := range []*connector.Request{chat(t, plainChat), chat(t, streamedChat), info} {
				if failure := e.fails(t, r, connector.UpstreamRedirect); failure.Status() != 424 {
					t.Errorf("got %d, want 424", failure.Status())
				}
			}
			if got, sound, err := e.Probe(t.Context()); got != status || sound || err != nil {
				t.Errorf("got %d, %t, %v of a probe, want %d, not sound", got, sound, err, status)
			}
		}
	}
	if got := elsewhere.Load(); got > 0 {
		t.Errorf("got %d requests elsewhere", got)
	}
}
