package schema_test

import (
	"slices"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

func keepsRules(t *testing.T, d document, tables ...map[string]rule) {
	t.Helper()
	for _, table := range tables {
		for name, r := range table {
			for _, complaint := range r.check(d) {
				t.Errorf("%s: %s", name, complaint)
			}
		}
	}
}

// A rule of definitions, and texts in place of others that break it.
type rule struct {
	check  func(document) []string
	spoilt []string // old, new, old, new: each pair breaks the rule by itself
}

// TestRulesAreRules: each one sees what breaks it.
func TestRulesAreRules(t *testing.T) {
	d := schema.Definition{Target: schema.PowerPlatform}
	testRules(t, definitionRules, string(d.Swagger(actions(t))))
	testRules(t, designerRules, string(d.Swagger(actions(t))))
	testRules(t, propertiesRules, string(d.Properties()))
}

func testRules(t *testing.T, rules map[string]rule, good string) {
	for name, r := range rules {
		t.Run(name, func(t *testing.T) {
			for pair := range slices.Chunk(r.spoilt, 2) {
				bad := strings.Replace(good, pair[0], pair[1], 1)
				if bad == good {
					t.Errorf("there is no %s to spoil", pair[0])
				}
				if complaints := r.check(readDocument(t, bad)); len(complaints) == 0 {
					t.Errorf("%s in place of %s goes unseen", pair[1], pair[0])
				}
			}
			if len(r.spoilt) == 0 {
				t.Error("nothing breaks it")
			}
		})
	}
}
