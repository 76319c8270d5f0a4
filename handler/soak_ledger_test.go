//go:build soak && linux

package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A ledger holds what the caller, the endpoint and the log saw of each call, by the id that the caller gave it.
type ledger struct {
	mu       sync.Mutex
	accounts map[string]*account
	outcomes map[string]int
	mistakes []string
}

// An account is what is known of one call.
type account struct {
	caller          caller
	answers, status int // the caller's side
	code            string
	lines, logged   int // the log's
	attempts        int
	arrived, served int           // the endpoint's: requests, and whole answers
	held            time.Duration // a request at most
}

func newLedger() *ledger {
	return &ledger{accounts: map[string]*account{}, outcomes: map[string]int{}}
}

// open begins the account of a call, and returns the call's id.
func (l *ledger) open(c caller) (id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id = fmt.Sprintf("%s-%d", c.kind, len(l.accounts))
	l.accounts[id] = &account{caller: c}
	return id
}

func (l *ledger) note(id string, change func(*account)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a, known := l.accounts[id]; known {
		change(a)
	} else {
		l.mistakes = append(l.mistakes, fmt.Sprintf("nobody made the call %q", id))
	}
}

func (l *ledger) mistake(format string, values ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mistakes = append(l.mistakes, fmt.Sprintf(format, values...))
}

func (l *ledger) answered(id string, status int, code string) {
	l.note(id, func(a *account) {
		a.answers++
		a.status, a.code = status, code
		l.outcomes[strings.TrimSpace(fmt.Sprint(status, " ", code))]++
	})
}

// gone notes that a caller left before its answer was whole.
func (l *ledger) gone() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outcomes["left"]++
}

// saw tells which outcomes did not come about.
func (l *ledger) saw(t *testing.T, outcomes ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, outcome := range outcomes {
		if l.outcomes[outcome] == 0 {
			t.Errorf("no call ended with %s", outcome)
		}
	}
}

// logged takes a line of the program's log.
func (l *ledger) logged(text []byte) {
	var line struct {
		Msg              string
		ID               string `json:"client_request_id"`
		Status, Attempts int
	}
	if err := json.Unmarshal(text, &line); err != nil {
		l.mistake("a line of the log is no JSON: %q", text)
	}
	switch line.Msg {
	case "call":
		l.note(line.ID, func(a *account) {
			a.lines++
			a.logged, a.attempts = line.Status, line.Attempts
		})
	case "listening":
	default:
		l.mistake("the log says %q", text)
	}
}

// complete reports whether the log has told of every call that was answered.
func (l *ledger) complete() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.accounts {
		if a.lines < a.answers {
			return false
		}
	}
	return true
}

// check tells whose books do not agree.
func (l *ledger) check(t *testing.T) {
	t.Helper()
	waitUntil(t, "every call is logged", l.complete)
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, a := range l.accounts {
		if wrong := a.wrong(); wrong != "" {
			l.mistakes = append(l.mistakes, id+": "+wrong)
		}
	}
	for _, mistake := range l.mistakes[:min(len(l.mistakes), 20)] {
		t.Error(mistake)
	}
	if n := len(l.mistakes); n > 20 {
		t.Errorf("%d mistakes in all", n)
	}
	t.Logf("%d calls", len(l.accounts))
	for _, outcome := range slices.Sorted(maps.Keys(l.outcomes)) {
		t.Logf("%6d %s", l.outcomes[outcome], outcome)
	}
}

// heldAfter is when the endpoint hears that a caller left: the promise is a second (R12), the rest is for a busy
// machine. The time budgets of calls are longer.
const heldAfter = 3 * time.Second

// wrong says what is wrong with an account, "" when all agree.
func (a *account) wrong() string {
	switch {
	case a.caller.leaves && (a.answers > 1 || a.lines > 1):
		return fmt.Sprintf("%d answers and %d lines of the log for a caller who left", a.answers, a.lines)
	case !a.caller.leaves && a.answers != 1:
		return fmt.Sprintf("%d answers", a.answers)
	case !a.caller.leaves && a.lines != 1:
		return fmt.Sprintf("%d lines of the log", a.lines)
	case a.answers == 1 && a.status != a.logged:
		return fmt.Sprintf("the caller got %d, the log says %d", a.status, a.logged)
	case a.answers == 1 && !slices.Contains(a.caller.may, a.status):
		return fmt.Sprintf("the caller got %d %s", a.status, a.code)
	case a.arrived > a.attempts:
		return fmt.Sprintf("%d requests for %d attempts", a.arrived, a.attempts)
	case a.attempts > 3:
		return fmt.Sprintf("%d attempts", a.attempts)
	case a.caller.leaves && a.held > heldAfter:
		return fmt.Sprintf("the caller left, and the endpoint was kept for %v", a.held)
	case a.served > 1:
		return fmt.Sprintf("the endpoint answered %d times", a.served)
	case a.answers == 1 && a.status == 200 && a.code == "" && a.served != 1:
		return "the caller has an answer that the endpoint did not give"
	}
	return ""
}
