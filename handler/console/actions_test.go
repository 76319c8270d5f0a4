package console_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"inferenceconnector/handler/console"
	"inferenceconnector/schema"
)

func TestThePageKnowsTheActionsAsTheirFilesSay(t *testing.T) {
	_, text := get(t, serve(t), http.MethodGet, console.Path+"/actions.json")
	var got struct {
		Actions []struct {
			ID, Summary, Method, Path string
			Parameters                []struct {
				Name, In string
				Required bool
				Schema   map[string]any
			}
			Defs map[string]any `json:"$defs"`
		}
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	actions := loadActions(t)
	if len(got.Actions) != len(actions) {
		t.Fatalf("got %d actions, want %d", len(got.Actions), len(actions))
	}
	for i, want := range actions {
		a := got.Actions[i]
		parameters := slices.DeleteFunc(slices.Clone(want.Parameters), func(p *schema.Parameter) bool {
			return want.OneValue && p.Name == "stream" // it has no form there: it would be refused
		})
		if a.ID != want.ID || a.Summary != want.Summary || a.Method != want.Method || a.Path != want.Path || len(a.Parameters) != len(parameters) {
			t.Errorf("got %+v, want %+v", a, want)
			continue
		}
		for j, p := range parameters {
			if g := a.Parameters[j]; g.Name != p.Name || g.In != string(p.In) || g.Required != p.Required || g.Schema["description"] != p.Description {
				t.Errorf("%s: got %+v, want %+v", a.ID, g, p)
			}
		}
	}
	if message, _ := got.Actions[0].Defs["message"].(map[string]any); message["properties"] == nil {
		t.Errorf("%s: what a message is is missing", got.Actions[0].ID)
	}
}
