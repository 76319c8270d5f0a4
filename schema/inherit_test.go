package schema_test

import (
	"slices"
	"testing"

	"inferenceconnector/schema"
)

// TestAsAnotherAction: an action that is as another one says only what differs.
func TestAsAnotherAction(t *testing.T) {
	chat, whole, reply := action(t, chatID), action(t, "GetChatCompletionsFromJson"), action(t, "GetChatReply")
	for _, a := range []*schema.Action{whole, reply} {
		if a.Sent.ID != chat.ID || a.Sent.Path != "/chat/completions" || !a.OneValue {
			t.Errorf("%s is sent as %s to %s, in one piece: %v", a.ID, a.Sent.ID, a.Sent.Path, a.OneValue)
		}
		if a.In(schema.OpenAI) != nil || a.In(schema.AzureOpenAI) != nil {
			t.Errorf("%s has dialects, which null takes away", a.ID)
		}
		if p := a.Parameter(schema.Query, "api-version"); p == nil || p.Required {
			t.Errorf("%s needs an api-version: %+v", a.ID, p)
		}
	}
	if chat.Sent != chat || chat.OneValue || chat.In(schema.OpenAI).Sent != chat.In(schema.OpenAI) {
		t.Error("an action by itself is sent as another one")
	}
	for _, place := range []schema.Place{schema.Header, schema.Body} {
		if got, want := parameterNames(whole, place), parameterNames(chat, place); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", place, got, want)
		}
	}
	if reply.Has(schema.Header) {
		t.Error("GetChatReply has headers, which null takes away")
	}
	if violations := whole.CheckBody(parse(t, `{"messages":[{"role":"user"}]}`)); len(violations) != 1 {
		t.Errorf("got %+v, want the violation of a message without content", violations)
	}
}

func parameterNames(a *schema.Action, place schema.Place) (names []string) {
	for _, p := range a.Parameters {
		if p.In == place {
			names = append(names, p.Name)
		}
	}
	return names
}
