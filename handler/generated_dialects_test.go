package main_test

import (
	"maps"
	"path/filepath"
	"testing"

	"inferenceconnector/schema"
)

// definitionsOf returns what the references in the definitions of an action mean, in its dialect.
func definitionsOf(t *testing.T, action *schema.Action) map[string]any {
	t.Helper()
	var file rules
	decodeFile(t, filepath.Join("..", "schema", "actions", action.Sent.ID+".json"), &file)
	patches, _ := file["dialects"].(map[string]any)
	for _, dialect := range []schema.Dialect{schema.AzureOpenAI, schema.OpenAI} {
		if patch, ok := patches[string(dialect)].(map[string]any); ok && action.Dialect != schema.Inference {
			file = patched(file, patch)
		}
		if dialect == action.Dialect {
			break
		}
	}
	definitions, _ := file["$defs"].(map[string]any)
	return definitions
}

// patched applies a JSON merge patch, as dialects are (RFC 7396).
func patched(target, patch map[string]any) map[string]any {
	result := maps.Clone(target)
	if result == nil {
		result = map[string]any{}
	}
	for name, change := range patch {
		switch change := change.(type) {
		case nil:
			delete(result, name)
		case map[string]any:
			below, _ := result[name].(map[string]any)
			result[name] = patched(below, change)
		default:
			result[name] = change
		}
	}
	return result
}
