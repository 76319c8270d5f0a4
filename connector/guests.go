package connector

import (
	"fmt"
	"sync"
	"time"
)

// Whoever brings an endpoint may be anyone. So that one guest does not shut out the others, each has a part of
// the calls in progress; so that many do not fill the memory, there are only so many at a time.
const (
	maxGuests        = 10_000
	maxGuestInFlight = maxInFlight / 4
)

// guests are those who bring endpoints to a connection, by the window they share. The zero guests is ready; it
// is safe for concurrent use.
type guests struct {
	mu    sync.Mutex
	known map[string]*guest
}

type guest struct {
	inFlight int
	last     time.Time // when a call of theirs began
}

// enter counts a call in. Whoever gets leave calls it once, when the call is over.
func (g *guests) enter(window string, connection *Connection) (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.known[window]
	if one == nil {
		if len(g.known) >= maxGuests {
			g.forget(connection.RenewalPeriod)
		}
		if len(g.known) >= maxGuests {
			return nil, guestOverload("Connection '%s' has too many endpoints brought to it; try again in a second.", connection)
		}
		if g.known == nil {
			g.known = map[string]*guest{}
		}
		one = &guest{}
		g.known[window] = one
	}
	if one.inFlight >= maxGuestInFlight {
		return nil, guestOverload("Connection '%s' has too many calls to this endpoint in progress; try again in a second.", connection)
	}
	one.inFlight++
	one.last = time.Now()
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		one.inFlight--
	}, nil
}

// forget drops the guests whose windows are all free.
func (g *guests) forget(period time.Duration) {
	for window, one := range g.known {
		if one.inFlight == 0 && time.Since(one.last) >= period {
			delete(g.known, window)
		}
	}
}

func guestOverload(format string, connection *Connection) error {
	return &Error{Code: Overloaded, Message: fmt.Sprintf(format, connection.Name), RetryAfter: time.Second}
}
