package schema

import (
	"encoding/json"
	"sync"
)

// A Dialect is whose rules a call follows where clients of one interface differ: what they may send, what
// they expect to be added, and how they number their versions.
type Dialect string

// The dialects, as action files name them.
const (
	Inference   Dialect = ""             // the Azure AI Model Inference API: the action file as it is
	AzureOpenAI Dialect = "azure-openai" // OpenAI's rules, with Azure OpenAI's api-version
	OpenAI      Dialect = "openai"
)

// addDialects notes the dialects of a file: each is a patch of the one before it.
func (a *Action) addDialects(d, shared *Document) {
	patches, _ := d.root["dialects"].(map[string]any)
	var whole any = d.root
	for _, dialect := range []Dialect{AzureOpenAI, OpenAI} {
		patch, ok := patches[string(dialect)]
		if !ok {
			continue
		}
		whole = merge(whole, patch)
		patched := whole
		a.dialects[dialect] = sync.OnceValue(func() *Action {
			return must(newAction(a.ID, dialect, must(json.Marshal(patched)), shared))
		})
	}
}

// merge applies a JSON merge patch (RFC 7396) and leaves the target as it was.
func merge(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := map[string]any{}
	if members, ok := target.(map[string]any); ok {
		for name, member := range members {
			merged[name] = member
		}
	}
	for name, change := range changes {
		if change == nil {
			delete(merged, name)
		} else {
			merged[name] = merge(merged[name], change)
		}
	}
	return merged
}
