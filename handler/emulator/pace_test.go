package emulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/handler/emulator"
)

// In a bubble, time passes only while everyone waits, so paces compare exactly.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		none := serveInBubble(t, emulator.Config{EventDelay: -1})
		usual := serveInBubble(t, emulator.Config{})
		stated := serveInBubble(t, emulator.Config{EventDelay: 20 * time.Millisecond})

		checkAnswer(t, none, "slow")

		silence, stream := pace(t, none, "echo")
		equal(t, "echo's silence", silence, time.Duration(0))
		equal(t, "echo without a delay", stream, time.Duration(0))

		_, usualStream := pace(t, usual, "echo")
		_, statedStream := pace(t, stated, "echo")
		equal(t, "the default is the stated delay", usualStream, statedStream)

		slowSilence, slowStream := pace(t, none, "slow")
		if slowSilence <= usualStream || slowStream <= usualStream {
			t.Errorf("slow was silent for %v and then took %v, echo took %v", slowSilence, slowStream, usualStream)
		}
		_, again := pace(t, usual, "slow")
		equal(t, "slow goes by its own pace", again, slowStream)
	})
}

// pace is how long a stream let its reader wait for the first byte, and from
// there to the last.
func pace(t testing.TB, e endpoint, name string) (silence, stream time.Duration) {
	t.Helper()
	start := time.Now()
	response := e.chat(t, request(name, `,"stream":true`))
	first := time.Now()
	readAll(t, response)
	return first.Sub(start), time.Since(first)
}
