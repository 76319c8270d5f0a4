package main_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// definedAnswers are the answers that the connector definition promises, as JSON Schemas that allow nothing else,
// named by operation and status.
type definedAnswers struct {
	officialFile
	names map[string]string // of the operations, by method and path

	mu   sync.Mutex // hosts are tried side by side
	used map[waiver]bool
}

// defined is the definition as all the cases of this process hold it against answers.
var defined = sync.OnceValues(func() (*definedAnswers, error) {
	actions, err := schema.Load()
	if err != nil {
		return nil, err
	}
	var document struct {
		Paths       map[string]map[string]officialOperation
		Definitions map[string]any
	}
	text := schema.Definition{Target: schema.PowerPlatform}.Swagger(actions)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for path, methods := range document.Paths {
		for method, operation := range methods {
			names[strings.ToUpper(method)+" "+path] = operation.OperationID
			for status, response := range operation.Responses {
				document.Definitions[operation.OperationID+"-"+status] = response.Schema
			}
		}
	}
	text, err = json.Marshal(map[string]any{"definitions": nullable(closed(document.Definitions))})
	if err != nil {
		return nil, err
	}
	answers := &definedAnswers{
		officialFile: officialFile{"the definition", document.Paths, jsonschema.NewCompiler()}, names: names, used: map[waiver]bool{},
	}
	answers.compiler.Draft = jsonschema.Draft7
	return answers, answers.compiler.AddResource("openapi:///", bytes.NewReader(text))
})

// closed lets no object have members that its schema does not name.
func closed(definition any) any {
	switch node := definition.(type) {
	case []any:
		for i := range node {
			node[i] = closed(node[i])
		}
	case map[string]any:
		for name := range node {
			node[name] = closed(node[name])
		}
		if _, isContainer := node["properties"].(map[string]any); isContainer && node["type"] == "object" {
			node["additionalProperties"] = false
		}
	}
	return definition
}

// statuses are those that every operation says it answers.
var statuses = strings.Fields("200 400 401 404 413 422 424 429 500 502 503 504")

// notDefined are statuses that no designer brings about: the platform makes a request that is well-formed.
var notDefined = []string{"405", "408", "414", "415", "431", "499"}

// checkDefined checks that an answer to a call of an action is one that the definition promises.
func checkDefined(t *testing.T, side side, request, answer *message) {
	t.Helper()
	answers, err := defined()
	if err != nil {
		t.Fatal(err)
	}
	action := actionOf(request.line)
	id := answers.names[action]
	if id == "" || answer.isStream() || len(answer.body()) == 0 || answer.header.Get("X-Ms-Request-Id") == "" {
		return // of another form, or of a platform's own
	}
	status := answer.line
	if !slices.Contains(statuses, status) {
		if side == ours && !slices.Contains(notDefined, status) {
			t.Errorf("%s answers %s, which its definition does not say", id, status)
		}
		status = "400" // which has the form of every error
	}
	answers.mu.Lock()
	defer answers.mu.Unlock()
	for _, b := range answers.breaches(t, id+"-"+status, answer.body()) {
		b.definition = strings.TrimPrefix(b.definition, id+"-")
		answers.judge(t, side, b, answer.body())
	}
}

// side is whose answer a case shows.
func (e *exchange) side() side {
	if e.endpointReply.message != nil {
		return relayed
	}
	return ours
}

// actionOf is the method and path of a request, without the connection it names.
func actionOf(line string) string {
	method, target, _ := strings.Cut(line, " ")
	address, err := url.ParseRequestURI(target)
	if err != nil {
		return ""
	}
	segments := strings.FieldsFunc(address.Path, func(r rune) bool { return r == '/' })
	if len(segments) > 2 && segments[0] == "connections" {
		segments = segments[2:]
	}
	return method + " /" + strings.Join(segments, "/")
}

func (d *definedAnswers) judge(t *testing.T, side side, b breach, text []byte) {
	t.Helper()
	i := slices.IndexFunc(definedWaivers, func(w waiver) bool { return w.side == side && w.breach == b })
	if i < 0 {
		t.Errorf("%s: %+v in %.500s", side, b, text)
		return
	}
	d.used[definedWaivers[i]] = true
}

// checkDefinedWaivers fails for waivers that nothing needs any more.
func checkDefinedWaivers(t *testing.T) {
	t.Helper()
	answers, err := defined()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		return // some of the cases need some of them
	}
	for _, w := range definedWaivers {
		if !answers.used[w] {
			t.Errorf("nothing needs the waiver of %s: %+v", w.side, w.breach)
		}
	}
}

// TestDefinitionSaysEveryStatus: what there is an error for, an author can branch on.
func TestDefinitionSaysEveryStatus(t *testing.T) {
	for _, f := range connector.Failures {
		if status := strconv.Itoa(f.Status); slices.Contains(statuses, status) == slices.Contains(notDefined, status) {
			t.Errorf("%s is answered with %s: say it in schema/definition.json, or here why no designer meets it", f.Code, status)
		}
	}
}
