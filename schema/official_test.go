package schema_test

import (
	"slices"
	"testing"
)

// stale are the published examples that break the interface's own rules, and where.
var stale = map[string][]string{
	// Written before the part was named input_audio; no version of the interface defines audio_input.
	"2024-05-01-preview_AudioModality": {"/messages/1/content/0/type", "/messages/3/content/0/type"},
}

func TestOfficialExamples(t *testing.T) {
	examples := official(t)
	for name := range stale {
		if examples[name] == "" {
			t.Errorf("no example %s", name)
		}
	}
	for name, body := range examples {
		t.Run(name, func(t *testing.T) {
			d := parse(t, body)
			if got := pointers(action(t, chatID).CheckBody(d)); !slices.Equal(got, stale[name]) {
				t.Errorf("got violations at %q, want %q", got, stale[name])
			}
			if !equal(decode(t, joined(d)), decode(t, body)) {
				t.Errorf("got %s, want the value of %s", joined(d), body)
			}
		})
	}
}
