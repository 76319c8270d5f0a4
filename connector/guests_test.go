package connector

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// One guest cannot have all the calls in progress, and what they leave is free again.
func TestAGuestHasAShare(t *testing.T) {
	var g guests
	c := &Connection{Name: "brought", RenewalPeriod: time.Minute}
	var leave func()
	for i := range maxGuestInFlight {
		var err error
		if leave, err = g.enter("one", c); err != nil {
			t.Fatalf("call %d: %v", i+1, err)
		}
	}
	if _, err := g.enter("one", c); AsError(err).Code != Overloaded {
		t.Errorf("got %v, want %s", err, Overloaded)
	}
	if _, err := g.enter("another", c); err != nil {
		t.Errorf("another guest: got %v", err)
	}
	leave()
	if _, err := g.enter("one", c); err != nil {
		t.Errorf("after a call is over: got %v", err)
	}
}

// There are only so many guests at a time; those whose window is free make room, those in the middle of a call do not.
func TestGuestsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g guests
		c := &Connection{Name: "brought", RenewalPeriod: time.Minute}
		var leaving []func()
		for i := range maxGuests {
			leave, err := g.enter(fmt.Sprint(i), c)
			if err != nil {
				t.Fatal(err)
			}
			leaving = append(leaving, leave)
		}
		for _, leave := range leaving[1:] {
			leave()
		}
		time.Sleep(time.Minute - time.Nanosecond)
		if _, err := g.enter("late", c); AsError(err).Code != Overloaded {
			t.Errorf("got %v, want %s", err, Overloaded)
		}
		time.Sleep(time.Nanosecond)
		if _, err := g.enter("late", c); err != nil {
			t.Errorf("a minute later: got %v", err)
		}
		if got := len(g.known); got != 2 {
			t.Errorf("got %d guests, want the new one and the one in the middle of a call", got)
		}
	})
}
