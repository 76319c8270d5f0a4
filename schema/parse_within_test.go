package schema_test

import (
	"errors"
	"runtime"
	"testing"

	"inferenceconnector/schema"
)

// What is told of a body is about what stays of it, so that nobody's body takes much more than was counted.
func TestWhatADocumentTakesIsTold(t *testing.T) {
	bodies := map[string]string{
		"one member each": message(list(`{"a":1}`, 49_000)),
		"escaped names":   message(list(`{"\u0061":1}`, 49_000)),
		"escaped texts":   message(list(`"\n"`, 99_000)),
		"nested lists":    message(list(`[1]`, 49_000)),
	}
	for name, test := range hostile {
		bodies[name] = test.body()
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			text, told := []byte(body), int64(0)
			before := heap()
			d, err := schema.ParseWithin(text, func(bytes int64) error {
				told += bytes
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			took := heap() - before
			runtime.KeepAlive(d)
			runtime.KeepAlive(text)
			if limit := told + told/4 + 64<<10; took > limit {
				t.Errorf("it takes %d bytes, of which %d are told", took, told)
			}
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestADocumentForWhichThereIsNoRoom(t *testing.T) {
	full := errors.New("full")
	for name, body := range map[string]string{
		"values": message(list(`{"a":1}`, 1000)), "names": with(`"more":` + object(1000)), "escapes": message(`"` + text(10_000) + `\n"`),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := schema.ParseWithin([]byte(body), func(int64) error { return full })
			if d != nil || err != full {
				t.Errorf("got %v and %v, want what was said", d, err)
			}
		})
	}
	if _, err := schema.ParseWithin([]byte(`{"a":[1,2,3]}`), func(int64) error { return full }); err != nil {
		t.Errorf("got %v for a small text, which is not counted", err)
	}
}
