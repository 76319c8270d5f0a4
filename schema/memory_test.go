package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// What passed is remembered, what failed is not, and callers cannot fill the memory.
func TestRememberedValuesChangeNoVerdict(t *testing.T) {
	info := action(t, "GetModelInfo")
	for range 3 {
		for value, valid := range map[string]bool{"2024-05-01-preview": true, "2025-04-01": true, "yesterday": false, "": false} {
			violations := info.CheckValues(schema.Query, map[string]string{"api-version": value})
			if got := violations == nil; got != valid {
				t.Errorf("api-version %q: valid is %t", value, got)
			}
		}
		if info.CheckValues(schema.Query, map[string]string{}) == nil {
			t.Error("a missing api-version is let through")
		}
		if info.CheckValues(schema.Query, map[string]string{"api-version": "2025-04-01", "model": strings.Repeat("m", 257)}) == nil {
			t.Error("a name that is too long is let through")
		}
	}
	for i := range 2000 {
		model := fmt.Sprintf("model-%d", i)
		if violations := info.CheckValues(schema.Query, map[string]string{"api-version": "2025-04-01", "model": model}); violations != nil {
			t.Fatalf("%s: %v", model, violations)
		}
	}
}
