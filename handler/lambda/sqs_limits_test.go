package lambda_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Records run beside one another, eight at most.
func TestRecordsAtOnce(t *testing.T) {
	var now, most atomic.Int64
	var meeting sync.WaitGroup // the first eight wait for one another at the endpoint
	meeting.Add(8)
	e := newEndpoint(t, nil)
	e.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if e.calls.Add(1) <= 8 {
			meeting.Done()
			meeting.Wait()
			time.Sleep(100 * time.Millisecond) // for one more to come, if it may
		}
		now.Add(-1)
		answering(http.StatusOK, completion)(w, r)
	})
	f := start(t, queued(e.URL, `"requests":`+chats))
	wantPayload(t, f, batch("requests", slices.Repeat([]string{asking("a")}, 40)...), failedOnes())
	if most.Load() != 8 || e.calls.Load() != 40 {
		t.Errorf("%d at once and %d in all, want 8 and 40", most.Load(), e.calls.Load())
	}
}

// What did not begin in time comes again, and what did not end.
func TestBatchesThatTakeTooLong(t *testing.T) {
	e := newEndpoint(t, nil)
	e.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.calls.Add(1)
		if question(r.Body) == "slow" {
			hanging(w, r)
			return
		}
		answering(http.StatusOK, completion)(w, r)
	})
	f := start(t, queued(e.URL, `"requests":`+chats+`,"requests.fifo":`+chats), timeout(2*time.Second))
	slow := slices.Repeat([]string{asking("slow")}, 8)
	wantPayload(t, f, batch("requests", append(slow, asking("a"), asking("b"))...), failedOnes("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"))
	f.output.calls(t, 8)
	if n, log := e.calls.Load(), f.output.holding(t, 2, "no time left for a record"); n != 8 || strings.Count(log, `"msg":"call"`) != 8 {
		t.Errorf("the endpoint was asked %d times, want 8, and the log says\n%s", n, log)
	}
	wantPayload(t, f, batch("requests", asking("slow"), asking("a"), asking("b")), failedOnes("m0"))
	wantPayload(t, f, batch("requests.fifo", asking("a"), asking("slow"), asking("b")), failedOnes("m1", "m2"))
}

// A panic fails one record, wherever it happens, and is logged.
func TestPanicsInBatches(t *testing.T) {
	f := startProgram(t, "batch")
	good := `{"action":"ListModels"}`
	for range 2 {
		wantPayload(t, f, batch("requests", asking("a"), good, asking("b")), failedOnes("m0", "m2"))
		wantPayload(t, f, batch("explosive", good, good), failedOnes("m0", "m1")) // as its receiver panics
	}
	f.output.holding(t, 4, "msg=panic")
}
