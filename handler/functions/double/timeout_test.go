package double_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

func TestTimeOutEndsTheNeighbours(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]script{
		"hangs":           {Hangs: true, Once: true},
		"answers nothing": {Empty: true, Once: true},
		"answers null":    {Text: "null", Once: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, address := serveEvents(t, func(o *double.Options) {
				o.Timeout, o.Settings["FLAG"] = 2*time.Second, filepath.Join(t.TempDir(), "flag")
			})
			neighbour := make(chan int)
			go func() {
				r := request(t, http.MethodPost, address+"/api/orders/7?code=k", nil, strings.NewReader(`{"hangs":true,"once":true}`))
				reply, err := http.DefaultTransport.RoundTrip(r)
				if err != nil {
					t.Error(err)
				}
				neighbour <- reply.StatusCode
			}()
			lastSeenOf(t, host, 1)
			time.Sleep(time.Second) // the neighbour's own time ends later than the process
			result := deliver(t, host, do)
			if status := <-neighbour; status != http.StatusInternalServerError {
				t.Errorf("the neighbour got %d, want 500", status)
			}
			if result.Failed || result.Tries < 2 || count(host, "ready") != 2 {
				t.Errorf("got %+v by %d processes, want success by the second", result, count(host, "ready"))
			}
			if err := host.Stop(); err != nil {
				t.Errorf("got %v, want that the handler never ended by itself", err)
			}
		})
	}
}

func TestForwardedTimeOut(t *testing.T) {
	t.Parallel()
	host, address := serve(t, double.Options{Old: true, Timeout: 300 * time.Millisecond})
	reply, err := http.Get(address + "/api/hang")
	if err != nil || reply.StatusCode != http.StatusInternalServerError {
		t.Fatalf("got %v (%v), want 500", reply, err)
	}
	ask(t, http.MethodGet, address+"/api/x", nil, nil)
	if got := count(host, "ready"); got != 2 {
		t.Errorf("got %d processes, want 2", got)
	}
}

// The app's own times are in host.json.
func TestTimesOfTheApp(t *testing.T) {
	t.Parallel()
	slow := strings.Replace(hostJSON, `"2.0"`, `"2.0","functionTimeout":"00:00:01"`, 1)
	_, address := serveFiles(t, with(usual(), map[string]string{"host.json": slow}), double.Options{Old: true})
	if reply, err := http.Get(address + "/api/hang"); err != nil || reply.StatusCode != http.StatusInternalServerError {
		t.Errorf("got %v (%v), want 500", reply, err)
	}
	late := strings.Replace(hostJSON, `"customHandler":{`, `"customHandler":{"initializationTimeout":"00:00:01",`, 1)
	_, err := start(t, folder(t, with(usual(), map[string]string{"host.json": late})), double.Options{Settings: map[string]string{"LISTENS_AFTER": "1h"}})
	if err == nil || !strings.Contains(err.Error(), "within 1s") {
		t.Errorf("got %v, want that it did not answer", err)
	}
}
