package throttle_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector/throttle/redistest"
)

// ran counts how often a server ran a command.
func ran(t testing.TB, c *redis.Client, command string) int {
	t.Helper()
	text, err := c.Info(t.Context(), "commandstats").Result()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`cmdstat_` + command + `:calls=(\d+),.*?rejected_calls=(\d+)`).FindStringSubmatch(text)
	if found == nil {
		return 0
	}
	total := 0
	for _, number := range found[1:] { // what is refused is a round trip, too
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}

// R7: one script and one round trip for a decision.
func TestOneRoundTripForEach(t *testing.T) {
	s := redistest.Start(t)
	r, c := processes(t, s, 1)[0], raw(t, s)
	do(t, c, "CONFIG RESETSTAT")
	const decisions = 50
	for i := range decisions {
		ask(t, r, fmt.Sprint(i%5), limit{100, time.Minute})
	}
	for command, want := range map[string]int{"evalsha": decisions, "eval": 0, "hello": 0, "auth": 0, "script": 0, "ping": 0, "time": decisions, "pexpire": decisions} {
		if got := ran(t, c, command); got != want {
			t.Errorf("got %d times %s for %d decisions, want %d", got, command, decisions, want)
		}
	}
}

// No round trip for a window known to be full, and one as soon as a slot may be free.
func TestNothingIsAskedAboutAFullWindow(t *testing.T) {
	s := redistest.Start(t)
	r, c, l := processes(t, s, 1)[0], raw(t, s), limit{2, 2 * time.Second}
	for range 3 {
		ask(t, r, "a", l)
	}
	do(t, c, "CONFIG RESETSTAT")
	d, last := ask(t, r, "a", l), time.Now()
	for range 1000 {
		next := ask(t, r, "a", l)
		if now := time.Now(); next.Wait > d.Wait || next.Wait == 0 || now.Add(next.Wait).Before(last.Add(d.Wait-time.Millisecond)) {
			t.Fatalf("got a wait of %v, %v after one of %v", next.Wait, now.Sub(last), d.Wait)
		}
	}
	if got := ran(t, c, "evalsha"); got != 0 {
		t.Errorf("got %d questions about a window that is full, want none", got)
	}
	ask(t, r, "b", l)
	if got := ran(t, c, "evalsha"); got != 1 {
		t.Errorf("got %d questions about another window, want 1", got)
	}
	time.Sleep(ask(t, r, "a", l).Wait)
	if d := ask(t, r, "a", l); d.Wait > 0 {
		t.Errorf("got %+v, want to be admitted after the wait", d)
	}
}

// Others' calls fill a window too: a refusal that is over says nothing about the next slot.
func TestSlotOfAnotherProcessIsAskedFor(t *testing.T) {
	s := redistest.Start(t)
	all, l := processes(t, s, 2), limit{1, 500 * time.Millisecond}
	ask(t, all[0], "a", l)
	for i := range 4 {
		wait := ask(t, all[1], "a", l).Wait
		ask(t, all[0], "a", l)
		time.Sleep(wait)
		first, second := ask(t, all[i%2], "a", l), ask(t, all[1-i%2], "a", l)
		if first.Wait > 0 || second.Wait == 0 {
			t.Fatalf("got %+v and %+v, want the first of the two admitted", first, second)
		}
	}
}
