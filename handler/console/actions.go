package console

import (
	"encoding/json"

	"inferenceconnector/schema"
)

// describe is all that the page knows of the actions.
func describe(actions []*schema.Action) ([]byte, error) {
	type parameter struct {
		Name     string         `json:"name"`
		In       schema.Place   `json:"in"`
		Required bool           `json:"required"`
		Schema   map[string]any `json:"schema"`
	}
	type action struct {
		ID          string         `json:"id"`
		Summary     string         `json:"summary"`
		Description string         `json:"description"`
		Method      string         `json:"method"`
		Path        string         `json:"path"`
		Parameters  []parameter    `json:"parameters"`
		Defs        map[string]any `json:"$defs"`
	}
	list := []action{}
	for _, a := range actions {
		described := action{a.ID, a.Summary, a.Description, a.Method, a.Path, []parameter{}, a.Defs}
		for _, p := range a.Parameters {
			if a.OneValue && p.Name == "stream" {
				continue // it would be refused
			}
			described.Parameters = append(described.Parameters, parameter{p.Name, p.In, p.Required, p.Definition})
		}
		list = append(list, described)
	}
	return json.Marshal(map[string]any{"actions": list})
}
