package endpoint

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// repeated reads as first, then part again and again, and counts what was taken of it.
type repeated struct {
	first, part string
	rest        string
	taken       int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	if r.taken == 0 {
		r.rest = r.first
	}
	if r.rest == "" {
		r.rest = r.part
	}
	n = copy(p, r.rest)
	r.rest = r.rest[n:]
	r.taken += n
	return n, nil
}

// ofSize returns an event whose data is that many bytes long.
func ofSize(size int) string {
	return "data: {\"a\":\"" + strings.Repeat("x", size-len(`{"a":""}`)) + "\"}\n\n"
}

// An event of 1 MiB is relayed, however it is written; a byte more breaks the stream (R21).
func TestEventSize(t *testing.T) {
	lines := func(size int) string { // the same in two lines, whose break becomes a blank
		whole := ofSize(size)
		at := strings.Index(whole, ":\"") + 1
		return whole[:at] + "\ndata: " + whole[at:]
	}
	for name, test := range map[string]struct {
		body string
		good bool
	}{
		"1 MiB":               {ofSize(1 << 20), true},
		"1 MiB with CRLF":     {strings.ReplaceAll(ofSize(1<<20), "\n", "\r\n"), true},
		"1 MiB without blank": {strings.Replace(ofSize(1<<20), ": ", ":", 1), true},
		"1 MiB in two lines":  {lines(1<<20 - 1), true},
		"more":                {ofSize(1<<20 + 1), false},
		"more, with CRLF":     {strings.ReplaceAll(ofSize(1<<20+1), "\n", "\r\n"), false},
		"more, without blank": {strings.Replace(ofSize(1<<20+1), ": ", ":", 1), false},
		"more, in two lines":  {lines(1 << 20), false},
		"more by far":         {ofSize(3 << 20), false},
		"more, in a comment":  {": " + strings.Repeat("x", 1<<20+10) + "\n\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, r := relayed(t, strings.NewReader(event1+test.body+event1+done))
			if test.good {
				if strings.Count(got, "\n") != 8 || len(got) != len(event1+event1+done)+len("data: \n\n")+1<<20 && !strings.Contains(test.body, "data:{") {
					t.Errorf("got %d bytes: %.100q", len(got), got)
				}
				return
			}
			before, message := broke(t, r, got, connector.UpstreamStreamBroken)
			if before != event1 || !strings.Contains(message, "an event is longer than 1 MiB") {
				t.Errorf("got %.100q and %q", before, message)
			}
		})
	}
}

// An endpoint that never comes to the end of an event is cut off, before it fills the memory.
func TestEndlessEvent(t *testing.T) {
	for name, body := range map[string]*repeated{
		"a line":              {part: "x"},
		"a line of data":      {first: "data: ", part: "x"},
		"lines of data":       {part: "data: x\n"},
		"empty lines of data": {part: "data:\n"},
		"a comment":           {first: ":", part: "x"},
		"CRs":                 {part: "\r"},
		"NULs":                {part: "\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			r, before := chat(t, streamedChat), allocated()
			response, err := relay(t, Config{}, r, io.MultiReader(strings.NewReader(event1), body))
			if err != nil {
				t.Fatal(err)
			}
			broke(t, r, text(t, response), connector.UpstreamStreamBroken)
			if limit := maxLine * len("data:\n"); body.taken > limit+readBuffer { // an empty line of data counts as one byte
				t.Errorf("got %d bytes taken, want at most %d", body.taken, limit)
			}
			if used := allocated() - before; used > 16<<20 {
				t.Errorf("got %d bytes allocated", used)
			}
		})
	}
}

// A long stream needs no more memory than a short one, whether its reader keeps up or not.
func TestMemoryOfStream(t *testing.T) {
	body := &repeated{part: ofSize(1000)}
	response, err := relay(t, Config{}, chat(t, streamedChat), body)
	if err != nil {
		t.Fatal(err)
	}
	before := kept()
	for range 10_000 {
		if n, err := response.Body.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Fatalf("got %d, %v", n, err)
		}
	}
	if body.taken > 64<<10 {
		t.Errorf("got %d bytes taken for a reader of 10,000", body.taken)
	}
	if _, err := io.CopyN(io.Discard, response.Body, 64<<20); err != nil {
		t.Error(err)
	}
	if more := kept() - before; more > 256<<10 {
		t.Errorf("got %d bytes kept after 64 MiB", more)
	}
	runtime.KeepAlive(response)
}

// allocated returns how many bytes were allocated since the process began.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// kept returns how many bytes are in use.
func kept() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
