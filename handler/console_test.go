package main

import (
	"testing"

	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

// The page is for a machine of one's own, unless packaging put it in.
func TestWhereTheConsoleIsServed(t *testing.T) {
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	was := consoleOn
	t.Cleanup(func() { consoleOn = was })
	for on, hosts := range map[string]map[settings.Host]bool{
		was:          {settings.Standalone: true, settings.Functions: false, settings.Lambda: false},
		"every host": {settings.Standalone: true, settings.Functions: true, settings.Lambda: true},
	} {
		consoleOn = on
		for host, want := range hosts {
			page, err := newConsole(host, actions)
			if got := page != nil; got != want || err != nil {
				t.Errorf("on %s, served on %s: got %t (%v), want %t", host, on, got, err, want)
			}
		}
	}
}
