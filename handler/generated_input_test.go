package main_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/schema"
)

// A shape is an action as one kind of client asks for it.
type shape struct {
	action *schema.Action
	walk   *walk
}

// path is where clients of the shape's dialect ask for the action.
func (s shape) path() string {
	return map[schema.Dialect]string{
		schema.Inference: "", schema.AzureOpenAI: "/openai/deployments/sample", schema.OpenAI: "/v1",
	}[s.action.Dialect] + s.action.Path
}

// TestGeneratedInput sends, for every parameter of every action in every dialect, what its definition forbids. Each
// is a clear error, and the endpoint does not hear of it.
func TestGeneratedInput(t *testing.T) {
	double := newEndpointDouble(t)
	connection := openTo(t, "default", "http://"+double.address+"/models", "", "")
	// Any model may be named: what is wrong with a name is for its definition to say.
	connection.Endpoint, connection.Deployments, connection.OneModel = connection.Deployments[0].Endpoint, nil, true
	surface := generatedSurface{serveSurface(t, double, &callers.List{}, connection), readOfficial(t)[0], new(int), map[string]bool{}}
	for _, a := range loadActions(t) {
		for _, dialect := range []schema.Dialect{schema.Inference, schema.AzureOpenAI, schema.OpenAI} {
			action := a.In(dialect)
			if action == nil {
				continue
			}
			s := shape{action, &walk{definitions: definitionsOf(t, action), huge: dialect == schema.Inference}}
			for _, p := range action.Parameters {
				t.Run(action.ID+" "+string(dialect)+" "+p.Name, func(t *testing.T) { surface.testParameter(t, s, p) })
			}
		}
	}
	t.Logf("%d cases at %d places", *surface.cases, len(surface.places))
}

type generatedSurface struct {
	suite
	official officialFile // that knows what an error is
	cases    *int
	places   map[string]bool // that some case was about
}

func (g generatedSurface) testParameter(t *testing.T, s shape, p *schema.Parameter) {
	before := *g.cases
	if p.In == schema.Body {
		for _, c := range s.walk.parameter(s.action, p) {
			g.places[schema.Violation{Path: c.place}.Place()] = true
			g.testBody(t, s, c)
		}
	} else {
		for _, c := range valueCases(p) {
			g.testValue(t, s, p, c)
		}
	}
	if *g.cases-before < 3 {
		t.Errorf("%d cases", *g.cases-before)
	}
}

func (g generatedSurface) testValue(t *testing.T, s shape, p *schema.Parameter, c generatedValue) {
	t.Helper()
	e := g.refused(t, c.name, s.valueRequest(p, c.values), http.StatusBadRequest).Error
	if e.Target != p.Name || !strings.Contains(e.Message, p.Name) {
		t.Errorf("%s: got target %q and message %q, want both to name %s", c.name, e.Target, e.Message, p.Name)
	}
}

func (g generatedSurface) testBody(t *testing.T, s shape, c generatedCase) {
	t.Helper()
	m := jsonRequest(s.action.Method, s.path(), url.Values{"api-version": {"2024-05-01-preview"}}, []byte(c.body()))
	switch c.want {
	case "good":
		sent := g.accepted(t, c.name, m)
		if len(c.place) == 1 && strings.Contains(string(sent), "null") {
			t.Errorf("%s: got %.500s at the endpoint, want no null", c.name, sent)
		}
	case "JSON":
		if e := g.refused(t, c.name, m, http.StatusBadRequest).Error; e.Code != connector.InvalidJSON || !strings.Contains(e.Message, "at byte ") {
			t.Errorf("%s: got %s, %q, want %s and the place", c.name, e.Code, e.Message, connector.InvalidJSON)
		}
	default:
		g.refused(t, c.name, m, http.StatusUnprocessableEntity).check(t, c)
	}
}

// check expects an error about the place of a case, for readers of error and for readers of detail.
func (r refusal) check(t *testing.T, c generatedCase) {
	t.Helper()
	e, wrong := r.Error, schema.Violation{Path: c.place}
	if e.Target != wrong.Pointer() || !strings.HasPrefix(e.Message, wrong.Place()+" ") {
		t.Errorf("%s: got target %q and message %q, want both to name %s", c.name, e.Target, e.Message, wrong.Pointer())
	}
	if len(r.Detail) == 0 {
		t.Errorf("%s: got no detail", c.name)
		return
	}
	d := r.Detail[0]
	if !slices.Equal(d.Loc, append([]string{"body"}, c.place...)) || d.Msg == "" || !strings.HasPrefix(e.Message, d.Msg) || d.Type == "" {
		t.Errorf("%s: got detail %+v, want what the error says: %+v", c.name, d, e)
	}
}
