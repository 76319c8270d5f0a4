package endpoint

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// A managed online endpoint has its deployments named in a header, if the caller chose one; no other family has.
func TestModelInHeader(t *testing.T) {
	for _, family := range Families() {
		for name, test := range map[string]struct {
			routed bool
			model  string
			want   []string
		}{
			"chosen":         {true, "blue", []string{"blue"}},
			"only mentioned": {false, "blue", nil},
			"none":           {true, "", nil},
		} {
			if family == "azure-openai" && test.model == "" {
				continue // its path names one in any case
			}
			r := chat(t, plainChat)
			r.Model, r.Routed = test.model, test.routed
			want := test.want
			if family != "managed-online" {
				want = nil
			}
			if got := sent(t, Config{Family: family}, r).Header["Azureml-Model-Deployment"]; !slices.Equal(got, want) {
				t.Errorf("%s, %s: got %q, want %q", family, name, got, want)
			}
		}
	}
	r := infoRequest()
	r.Routed = true
	if got := sent(t, Config{Family: "managed-online"}, r).Header.Get("Azureml-Model-Deployment"); got != "m" {
		t.Errorf("of /info: got %q, want m", got)
	}
}

// A name that cannot stand in a header is refused before anything is sent, and where it only stands in the
// body it is not.
func TestModelThatFitsNoHeader(t *testing.T) {
	var calls int
	e := serve(t, Config{Family: "managed-online"}, func(w http.ResponseWriter, r *http.Request) {
		calls++
		answer(`{}`)(w, r)
	})
	for _, model := range []string{"a\r\nApi-Key: b", "a\x00", "\t", "a\x7f", "modèle", "日本", "\xff"} {
		r := chat(t, plainChat)
		r.Model, r.Routed = model, true
		_, err := e.Prepare(t.Context(), r)
		if failure := wantCode(t, err, connector.UnknownModel); failure.Target != "model" || !strings.Contains(failure.Message, "ASCII") {
			t.Errorf("%q: got %s: %s", model, failure.Target, failure.Message)
		}
	}
	for _, model := range []string{".", "..", "a/b", "a b", "~!@#$%^&*()"} {
		r := chat(t, plainChat)
		r.Model, r.Routed = model, true
		text(t, e.must(t, r))
	}
	if calls != 5 {
		t.Errorf("got %d calls, want 5", calls)
	}
	mentioned := chat(t, plainChat)
	mentioned.Model = "modèle"
	if got, want := sent(t, Config{Family: "managed-online"}, mentioned).body, `{"model":"modèle","messages":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
